/* feed: the visits of a dentist as an iCalendar object (RFC 5545): lines end with CRLF and are
 * folded at 75 octets, never inside a character; times are UTC, so no zone has to be described. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"

enum { LINE_OCTETS = 75, FEED_MOST = 4 << 20 };

/* "20261124T130000Z" */
static const char *stamp(Arena *mem, int64_t at)
{
	Clock c = time_clock(at, "UTC");

	return arena_printf(mem, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour,
		c.minute, c.second);
}

/* TEXT of RFC 5545 §3.3.11: backslash, semicolon, comma and line ends are escaped; other control
 * characters have no place in it. */
static const char *escaped(Arena *mem, const char *text)
{
	Buf buf;

	buf_init(&buf, mem, 4000);
	for (; *text; text++) {
		if (*text == '\\' || *text == ';' || *text == ',') {
			buf_putc(&buf, '\\');
			buf_putc(&buf, *text);
		} else if (*text == '\n') {
			buf_puts(&buf, "\\n");
		} else if ((unsigned char)*text >= 0x20 && *text != 0x7F) {
			buf_putc(&buf, *text);
		}
	}
	return buf_text(&buf);
}

static bool inside_character(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* One content line, folded: a continuation begins with a space that counts. */
static void line(Buf *buf, const char *name, const char *value)
{
	const char *text = arena_printf(buf->mem, "%s:%s", name, value);
	size_t len = strlen(text), room = LINE_OCTETS;

	while (len > room) {
		size_t n = room;

		while (n > 1 && inside_character(text[n]))
			n--;
		buf_add(buf, text, n);
		buf_puts(buf, "\r\n ");
		text += n;
		len -= n;
		room = LINE_OCTETS - 1;
	}
	buf_add(buf, text, len);
	buf_puts(buf, "\r\n");
}

static const char *status_of(const SqlDoorFeedVisits *visit)
{
	if (!strcmp(visit->presence, "cancelled") || !strcmp(visit->presence, "no_show"))
		return "CANCELLED";
	if (!strcmp(visit->presence, "scheduled") && strcmp(visit->confirmation, "confirmed") != 0)
		return "TENTATIVE";
	return "CONFIRMED";
}

static const char *title_of(Arena *mem, const FeedIn *in, const SqlDoorFeedVisits *visit)
{
	if (!in->names)
		return "Paciente";
	return visit->visit_type
		       ? arena_printf(mem, "%s: %s", visit->patient_name, visit->visit_type)
		       : visit->patient_name;
}

static void put_visit(Buf *buf, const FeedIn *in, const SqlDoorFeedVisits *visit)
{
	Arena *mem = buf->mem;
	bool cancelled = !strcmp(status_of(visit), "CANCELLED");

	line(buf, "BEGIN", "VEVENT");
	line(buf, "UID", arena_printf(mem, "visit-%" PRId64 "@%s", visit->id, in->host));
	line(buf, "DTSTAMP", stamp(mem, visit->updated_at));
	line(buf, "LAST-MODIFIED", stamp(mem, visit->updated_at));
	line(buf, "SEQUENCE", arena_printf(mem, "%d", visit->version));
	line(buf, "DTSTART", stamp(mem, visit->starts_at));
	line(buf, "DTEND", stamp(mem, visit->ends_at));
	line(buf, "SUMMARY", escaped(mem, title_of(mem, in, visit)));
	line(buf, "STATUS", status_of(visit));
	line(buf, "TRANSP", cancelled ? "TRANSPARENT" : "OPAQUE");
	line(buf, "LOCATION",
		escaped(mem, visit->address
				     ? arena_printf(mem, "%s, %s", visit->branch, visit->address)
				     : visit->branch));
	line(buf, "END", "VEVENT");
}

const char *feed_text(Arena *mem, const FeedIn *in)
{
	Buf buf;

	buf_init(&buf, mem, FEED_MOST);
	line(&buf, "BEGIN", "VCALENDAR");
	line(&buf, "VERSION", "2.0");
	line(&buf, "PRODID", "-//Siso//Agenda//PT-BR");
	line(&buf, "CALSCALE", "GREGORIAN");
	line(&buf, "METHOD", "PUBLISH");
	line(&buf, "NAME", escaped(mem, arena_printf(mem, "Agenda de %s", in->dentist)));
	line(&buf, "X-WR-CALNAME", escaped(mem, arena_printf(mem, "Agenda de %s", in->dentist)));
	line(&buf, "REFRESH-INTERVAL;VALUE=DURATION", "PT15M");
	for (size_t i = 0; i < in->visit_count; i++)
		put_visit(&buf, in, &in->visit[i]);
	line(&buf, "END", "VCALENDAR");
	return buf_text(&buf);
}

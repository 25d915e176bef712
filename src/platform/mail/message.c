/* message: see message.h. Bodies are quoted-printable (RFC 2045), names and subjects encoded words
 * in base64 (RFC 2047). Letters that programs write say so (RFC 3834), so that no holiday answer
 * comes back. */
#include "platform/mail/message.h"

#include <sodium.h>

#include "core/clock.h"

enum {
	MESSAGE_MAX = 8 << 20,
	LINE_BYTES = 76,
	WORD_BYTES = 42, /* of UTF-8 in one encoded word: 56 of base64 */
	WORD_FRAME = 12  /* "=?UTF-8?B?" and "?=" */
};

/* ---- headers ---- */

static bool is_plain(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || (unsigned char)*text > '~')
			return false;
	return true;
}

/* Control characters, line breaks above all, would begin another header. */
static char *one_line(Arena *mem, const char *text)
{
	char *copy = arena_dup(mem, text);

	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			*c = ' ';
	return copy;
}

/* Bytes of the next encoded word: at most most, no character cut in two; between words of the text
 * where that can be, because some readers put a space between encoded words of a name. */
static size_t word_size(const char *text, size_t left, size_t most)
{
	size_t size = left < most ? left : most;

	if (size == left)
		return size;
	for (size_t i = size; i > size / 2; i--)
		if (text[i] == ' ')
			return i;
	while (size > 1 && ((unsigned char)text[size] & 0xc0) == 0x80)
		size--;
	return size;
}

static const char *encoded_words(Arena *mem, const char *text, size_t column)
{
	size_t left = strlen(text), room = (LINE_BYTES - WORD_FRAME - column) / 4 * 3;
	bool first = true;
	Buf buf;

	buf_init(&buf, mem, MESSAGE_MAX);
	while (left > 0) {
		char base64[sodium_base64_ENCODED_LEN(WORD_BYTES, sodium_base64_VARIANT_ORIGINAL)];
		size_t size = word_size(text, left, first && room < WORD_BYTES ? room : WORD_BYTES);

		sodium_bin2base64(base64, sizeof base64, (const unsigned char *)text, size,
			sodium_base64_VARIANT_ORIGINAL);
		buf_printf(&buf, "%s=?UTF-8?B?%s?=", first ? "" : "\r\n ", base64);
		text += size;
		left -= size;
		first = false;
	}
	return buf_text(&buf);
}

static bool needs_quotes(const char *text)
{
	return text[strcspn(text, "()<>[]:;@\\,.\"")] != '\0';
}

static const char *quoted(Arena *mem, const char *text)
{
	Buf buf;

	buf_init(&buf, mem, MESSAGE_MAX);
	buf_putc(&buf, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_putc(&buf, '\\');
		buf_putc(&buf, *text);
	}
	buf_putc(&buf, '"');
	return buf_text(&buf);
}

const char *message_words(Arena *mem, const char *text, size_t column, bool phrase)
{
	const char *line = one_line(mem, text);

	/* what looks like an encoded word would be decoded by the reader */
	if (!is_plain(line) || strstr(line, "=?"))
		return encoded_words(mem, line, column);
	if (phrase && needs_quotes(line))
		line = quoted(mem, line);
	return column + strlen(line) > LINE_BYTES ? encoded_words(mem, one_line(mem, text), column)
						  : line;
}

static void put_address(Buf *buf, const char *header, const char *name, const char *email)
{
	if (str_is_empty(name))
		buf_printf(buf, "%s: %s\r\n", header, email);
	else
		buf_printf(buf, "%s: %s\r\n <%s>\r\n", header,
			message_words(buf->mem, name, strlen(header) + 2, /* phrase= */ true),
			email);
}

static void put_date(Buf *buf, int64_t at)
{
	static const char *const day[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
	static const char *const month[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug",
		"Sep", "Oct", "Nov", "Dec" };
	Clock clock = time_clock(at, "UTC");

	buf_printf(buf, "Date: %s, %d %s %d %02d:%02d:%02d +0000\r\n", day[clock.weekday - 1],
		clock.day, month[clock.month - 1], clock.year, clock.hour, clock.minute,
		clock.second);
}

/* ---- bodies ---- */

/* One line of text, in quoted-printable lines of at most 76. */
static void put_line(Buf *buf, Str line)
{
	size_t column = 0;

	for (size_t i = 0; i < line.len; i++) {
		unsigned char c = (unsigned char)line.ptr[i];
		bool last = i + 1 == line.len;
		bool plain =
			(c > ' ' && c <= '~' && c != '=') || ((c == ' ' || c == '\t') && !last);
		size_t size = plain ? 1 : 3;

		if (column + size > LINE_BYTES - 1) {
			buf_puts(buf, "=\r\n");
			column = 0;
		}
		/* a dot alone ends the letter in SMTP; nobody shall rely on the transport's
		 * stuffing */
		if (plain && !(c == '.' && column == 0))
			buf_putc(buf, (char)c);
		else
			buf_printf(buf, "=%02X", c);
		column += plain && !(c == '.' && column == 0) ? 1 : 3;
	}
	buf_puts(buf, "\r\n");
}

static void put_part(Buf *buf, const char *type, const char *text)
{
	Str rest = str_of(text), line;

	buf_printf(buf,
		"Content-Type: %s; charset=UTF-8\r\nContent-Transfer-Encoding: "
		"quoted-printable\r\n\r\n",
		type);
	while (str_cut(&rest, '\n', &line)) {
		if (line.len > 0 && line.ptr[line.len - 1] == '\r')
			line.len--;
		put_line(buf, line);
	}
}

static void put_body(Buf *buf, const Letter *letter, const char *boundary)
{
	if (!letter->html) {
		put_part(buf, "text/plain", letter->text);
		return;
	}
	buf_printf(buf, "Content-Type: multipart/alternative;\r\n boundary=\"%s\"\r\n\r\n--%s\r\n",
		boundary, boundary);
	put_part(buf, "text/plain", letter->text);
	buf_printf(buf, "\r\n--%s\r\n", boundary);
	put_part(buf, "text/html", letter->html);
	buf_printf(buf, "\r\n--%s--\r\n", boundary);
}

Str message_build(Arena *mem, const Letter *letter, const Envelope *envelope)
{
	const char *domain = strchr(envelope->from, '@');
	Buf buf;

	buf_init(&buf, mem, MESSAGE_MAX);
	put_date(&buf, envelope->at);
	put_address(&buf, "From", letter->from_name, envelope->from);
	put_address(&buf, "To", letter->to_name, letter->to);
	if (!str_is_empty(letter->reply_to))
		put_address(&buf, "Reply-To", NULL, letter->reply_to);
	buf_printf(&buf, "Subject: %s\r\n",
		message_words(mem, letter->subject, strlen("Subject: "), /* phrase= */ false));
	buf_printf(&buf, "Message-ID: <%s%s>\r\n", envelope->message_id, domain ? domain : "@siso");
	buf_puts(&buf, "MIME-Version: 1.0\r\nAuto-Submitted: auto-generated\r\n");
	/* "=_" cannot stand in quoted-printable text */
	put_body(&buf, letter, arena_printf(mem, "=_%s", envelope->message_id));
	return (Str){ buf_text(&buf), buf.len };
}

/* One line is built on the stack and leaves in one write(2), so lines of many threads never mix. */
#include "core/log.h"

#include <stdatomic.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/str.h"

enum { LINE_MAX_BYTES = 8 << 10 };

/* The line is full as soon as one piece did not fit; the field that broke it is taken back. */
typedef struct Line {
	char bytes[LINE_MAX_BYTES];
	size_t len;
	bool full;
} Line;

static const char *const level_names[] = { "debug", "info", "warn", "error" };
static _Atomic int least_level = LOG_INFO;

static void add(Line *line, const char *bytes, size_t size)
{
	if (line->full || size > sizeof line->bytes - 2 - line->len) { /* "}\n" must fit */
		line->full = true;
		return;
	}
	memcpy(line->bytes + line->len, bytes, size);
	line->len += size;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7F && c != '"' && c != '\\';
}

static void add_odd(Line *line, unsigned char c, bool clean)
{
	char escape[8];

	if (c == '"' || c == '\\')
		add(line, (char[]){ '\\', (char)c }, 2);
	else if (c < 0x20 || c == 0x7F)
		add(line, escape, (size_t)snprintf(escape, sizeof escape, "\\u%04x", c));
	else
		add(line, clean ? (const char *)&c : "?", 1);
}

static void add_text(Line *line, const char *text)
{
	const char *run = text;
	bool clean;

	add(line, "\"", 1);
	while (is_plain((unsigned char)*text))
		text++;
	add(line, run, (size_t)(text - run));
	/* what is left has something in it that JSON must be told */
	clean = !*text || str_is_clean_utf8(str_of(text));
	for (; *text; text++)
		if (is_plain((unsigned char)*text))
			add(line, text, 1);
		else
			add_odd(line, (unsigned char)*text, clean);
	add(line, "\"", 1);
}

static void add_number(Line *line, int64_t value)
{
	char digits[24];
	size_t at = sizeof digits;
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do
		digits[--at] = (char)('0' + left % 10);
	while (left /= 10);
	if (value < 0)
		digits[--at] = '-';
	add(line, digits + at, sizeof digits - at);
}

static void add_field(Line *line, const LogField *field)
{
	size_t before = line->len;

	add(line, ",", 1);
	add_text(line, field->name);
	add(line, ":", 1);
	if (field->text)
		add_text(line, field->text);
	else
		add_number(line, field->number);
	if (line->full)
		line->len = before;
}

static void add_start(Line *line, LogLevel level)
{
	struct timespec now;
	Clock c;
	int size;

	clock_gettime(CLOCK_REALTIME, &now);
	c = time_clock(now.tv_sec, NULL);
	size = snprintf(line->bytes, sizeof line->bytes,
		"{\"at\":\"%04d-%02d-%02dT%02d:%02d:%02d.%03dZ\",\"level\":\"%s\"", c.year, c.month,
		c.day, c.hour, c.minute, c.second, (int)(now.tv_nsec / 1000000),
		level_names[level]);
	line->len = (size_t)size;
}

void log_write(LogLevel level, const char *message, const LogField *field, size_t field_count)
{
	Line line;
	ssize_t sent;

	if ((int)level < atomic_load_explicit(&least_level, memory_order_relaxed))
		return;
	line.full = false;
	add_start(&line, level);
	add_field(&line, &(LogField){ "message", message ? message : "", 0 });
	for (size_t i = 0; i < field_count; i++)
		add_field(&line, &field[i]);
	line.bytes[line.len++] = '}';
	line.bytes[line.len++] = '\n';
	sent = write(STDERR_FILENO, line.bytes, line.len);
	(void)sent; /* a closed standard error has nobody to tell */
}

void log_set_level(LogLevel least)
{
	atomic_store_explicit(&least_level, least, memory_order_relaxed);
}

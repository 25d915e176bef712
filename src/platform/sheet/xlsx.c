/* The rows of one sheet. A cell's text is made to look as a person here would type it; formulas
 * give their last result, errors their name (#N/D is written #N/A in files). */
#include "platform/sheet/xlsx.h"

#include <locale.h>
#include <math.h>

#include "core/clock.h"
#include "platform/sheet/xlsx_book.h"

enum { ROW_LAST = 1048576, DAY_MINUTES = 1440, SERIAL_LAST = 2958465, DAYS_1904 = 1462 };

typedef enum CellType { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_TRUTH } CellType;

typedef struct SheetReader {
	SheetSink *sink;
	XlsxBook *book;
	XlsxPart *part;
	locale_t plain; /* numbers with a dot, whatever the process's locale is */
	bool in_row, in_cell, in_value, in_phonetic;
	size_t column;
	CellType type;
	XlsxFormat format;
	size_t len;
	char *text;
} SheetReader;

/* ---- what a number means ---- */

static const char *number_text_of(Arena *mem, double value)
{
	char *text = value == floor(value) && fabs(value) < 1e15
			     ? arena_printf(mem, "%.0f", value == 0 ? 0.0 : value)
			     : arena_printf(mem, "%.15g", value);

	for (char *at = text; *at; at++)
		if (*at == '.')
			*at = ',';
	return text;
}

/* Day 60 is 29 February 1900, which Lotus 1-2-3 believed in and Excel kept. */
static int32_t date_of_serial(const XlsxBook *book, int64_t day)
{
	if (book->from_1904)
		day += DAYS_1904;
	return date_of(1899, 12, 30) + (int32_t)(day < 60 ? day + 1 : day);
}

static const char *when_text(SheetReader *reader, double value)
{
	Arena *mem = reader->sink->mem;
	int64_t day = (int64_t)floor(value);
	int minutes = (int)floor((value - (double)day) * DAY_MINUTES + 0.5 / 60);
	const char *date;

	if (minutes == DAY_MINUTES) { /* 23:59:59.9 by the arithmetic of doubles */
		minutes = 0;
		day++;
	}
	if (reader->format == FORMAT_HOUR)
		return arena_printf(
			mem, "%02" PRId64 ":%02d", day * 24 + minutes / 60, minutes % 60);
	date = date_text(mem, date_of_serial(reader->book, day));
	if (reader->format == FORMAT_DATE || !minutes)
		return date;
	return arena_printf(mem, "%s %02d:%02d", date, minutes / 60, minutes % 60);
}

/* Digits, sign, dot, exponent: no hexadecimal, no "inf". */
static bool read_number(const SheetReader *reader, const char *text, double *ret)
{
	char *end;

	if (!*text || strspn(text, "0123456789+-.eE") != strlen(text))
		return false;
	*ret = strtod_l(text, &end, reader->plain);
	return !*end && isfinite(*ret);
}

static const char *text_of_number(SheetReader *reader, const char *text)
{
	double value;

	if (!read_number(reader, text, &value))
		return text;
	if (reader->format != FORMAT_PLAIN && value >= 0 && value <= SERIAL_LAST)
		return when_text(reader, value);
	return number_text_of(reader->sink->mem, value);
}

/* ---- what a text means ---- */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

/* Excel writes control characters as _x000D_, and an underscore that looks like one as _x005F_.
 * Line ends stay, other control characters are dropped; false: this is no such escape. */
static bool escape_at(const char *p, size_t left, char *ret)
{
	int code = 0;

	if (left < 7 || p[0] != '_' || p[1] != 'x' || p[6] != '_')
		return false;
	for (int i = 2; i < 6; i++) {
		if (hex_digit(p[i]) < 0)
			return false;
		code = code << 4 | hex_digit(p[i]);
	}
	if (code > 0x1F && code != '_')
		return false;
	*ret = code == '_' || code == '\n' || code == '\t' ? (char)code : '\0';
	return true;
}

static Str unescape(Arena *mem, Str s)
{
	char *out, c;
	size_t n = 0;

	if (!memmem(s.ptr, s.len, "_x", 2))
		return s;
	out = arena_alloc(mem, s.len + 1);
	for (size_t i = 0; i < s.len; i++) {
		if (!escape_at(s.ptr + i, s.len - i, &c)) {
			out[n++] = s.ptr[i];
			continue;
		}
		if (c)
			out[n++] = c;
		i += 6;
	}
	return (Str){ out, n };
}

/* ---- cells ---- */

static CellType cell_type(const char *name)
{
	if (!name || !strcmp(name, "n"))
		return CELL_NUMBER;
	if (!strcmp(name, "s"))
		return CELL_SHARED;
	return strcmp(name, "b") ? CELL_TEXT : CELL_TRUTH;
}

/* "BC12" -> 54, counted from 0; without a reference the cell follows the one before. */
static size_t column_of(const char *reference, size_t next)
{
	size_t column = 0;

	if (!reference || *reference < 'A' || *reference > 'Z')
		return next;
	for (int i = 0; i < 3 && reference[i] >= 'A' && reference[i] <= 'Z'; i++)
		column = column * 26 + (size_t)(reference[i] - 'A' + 1);
	return column - 1;
}

static void begin_cell(SheetReader *reader, const char **attribute)
{
	int64_t style = -1;

	reader->in_cell = true;
	reader->column = column_of(xlsx_attribute(attribute, "r"), reader->column);
	reader->type = cell_type(xlsx_attribute(attribute, "t"));
	reader->len = 0;
	(void)str_int64(str_of(xlsx_attribute(attribute, "s")), &style);
	reader->format = style >= 0 && (size_t)style < reader->book->style_count
				 ? (XlsxFormat)reader->book->style[style]
				 : FORMAT_PLAIN;
}

static Err end_cell(SheetReader *reader)
{
	Str text = { reader->text, reader->len };
	int64_t index = -1;

	reader->in_cell = false;
	reader->text[reader->len] = '\0';
	switch (reader->type) {
	case CELL_NUMBER:
		text = str_of(text_of_number(reader, reader->text));
		break;
	case CELL_SHARED:
		(void)str_int64(str_trim(text), &index);
		text = unescape(reader->sink->mem, xlsx_string(&reader->book->strings, index));
		break;
	case CELL_TRUTH:
		text = str_of(!strcmp(reader->text, "1") ? "sim" : text.len ? "não" : "");
		break;
	case CELL_TEXT:
		text = unescape(reader->sink->mem, text);
	}
	return sink_cell(reader->sink, reader->column++, text);
}

static void begin_row(SheetReader *reader, const char **attribute)
{
	int64_t number = 0;

	(void)str_int64(str_of(xlsx_attribute(attribute, "r")), &number);
	if (number <= reader->sink->number || number > ROW_LAST)
		number = reader->sink->number + 1;
	reader->sink->number = number;
	reader->in_row = true;
	reader->column = 0;
}

static Err sheet_start(void *arg, const char *name, const char **attribute)
{
	SheetReader *reader = arg;

	if (!strcmp(name, "row") && !reader->in_row)
		begin_row(reader, attribute);
	else if (!strcmp(name, "c") && reader->in_row && !reader->in_cell)
		begin_cell(reader, attribute);
	else if (!strcmp(name, "rPh"))
		reader->in_phonetic = true;
	else if (!strcmp(name, "v") || !strcmp(name, "t"))
		reader->in_value = reader->in_cell && !reader->in_phonetic;
	return OK;
}

static Err sheet_end(void *arg, const char *name)
{
	SheetReader *reader = arg;

	if (!strcmp(name, "v") || !strcmp(name, "t")) {
		reader->in_value = false;
	} else if (!strcmp(name, "rPh")) {
		reader->in_phonetic = false;
	} else if (!strcmp(name, "c") && reader->in_cell) {
		return end_cell(reader);
	} else if (!strcmp(name, "row") && reader->in_row && !reader->in_cell) {
		reader->in_row = false;
		TRY(sink_row(reader->sink));
		reader->part->done = reader->sink->done;
	}
	return OK;
}

static Err sheet_text(void *arg, Str text)
{
	SheetReader *reader = arg;

	if (!reader->in_value)
		return OK;
	if (text.len > SHEET_CELL_BYTES - reader->len)
		return err_tell(reader->sink->cx, ERR_TOO_LARGE,
			arena_printf(reader->sink->cx->mem,
				"A linha %" PRId64 " tem texto demais numa célula.",
				reader->sink->number),
			"xlsx cell passes the limit");
	memcpy(reader->text + reader->len, text.ptr, text.len);
	reader->len += text.len;
	return OK;
}

static Err read_sheet(XlsxBook *book, SheetSink *sink, const char *path, locale_t plain)
{
	SheetReader reader = { .sink = sink, .book = book, .plain = plain };
	XlsxPart part = {
		.start = sheet_start, .end = sheet_end, .text = sheet_text, .arg = &reader
	};
	Err err;

	reader.part = &part;
	reader.text = arena_alloc(sink->cx->mem, SHEET_CELL_BYTES + 1);
	err = xlsx_zip_parse(&book->zip, path, &part);
	if (err == ERR_NOT_FOUND)
		return err_tell(sink->cx, ERR_INVALID, SHEET_DAMAGED, "xlsx: a sheet is missing");
	return err;
}

static Err read_book(XlsxBook *book, SheetSink *sink)
{
	locale_t plain;
	const char *path;
	Err err;

	TRY(xlsx_book_find(book, sink->options.name, &path));
	TRY(xlsx_book_load(book));
	plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
	if (!plain)
		abort();
	err = read_sheet(book, sink, path, plain);
	freelocale(plain);
	return err;
}

Err xlsx_read(SheetSink *sink, int fd, off_t size)
{
	XlsxBook *book = NEW(sink->cx->mem, XlsxBook);
	Err err = xlsx_book_open(book, sink->cx, fd, size);

	if (err == OK)
		err = read_book(book, sink);
	xlsx_book_close(book);
	return err;
}

Err xlsx_names(Ctx *cx, int fd, off_t size, Strs *ret)
{
	XlsxBook *book = NEW(cx->mem, XlsxBook);
	Err err = xlsx_book_open(book, cx, fd, size);
	const char **name = NEW_ARRAY(cx->mem, const char *, book->tab_count + 1);

	for (size_t i = 0; i < book->tab_count; i++)
		name[i] = book->tab[i].name;
	if (err == OK)
		*ret = (Strs){ name, book->tab_count };
	xlsx_book_close(book);
	return err;
}

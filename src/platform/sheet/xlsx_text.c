/* Shared strings and cell styles. Strings can be many: they live behind each other in one growing
 * block of the heap, not in the arena, and go with the workbook. */
#include "platform/sheet/xlsx_book.h"

#include "platform/sheet/sheet_sink.h"

/* ---- shared strings ---- */

typedef struct StringReader {
	XlsxBook *book;
	bool in_text;     /* inside <t> */
	bool in_phonetic; /* inside <rPh>: how to say it, in Japanese */
} StringReader;

static void *grow(void *old, size_t size)
{
	void *memory = realloc(old, size);

	if (!memory)
		abort();
	return memory;
}

static bool add_bytes(XlsxStrings *strings, Str text)
{
	if (text.len > SHEET_TEXT_MAX - strings->len)
		return false;
	if (strings->len + text.len > strings->room) {
		strings->room = (strings->len + text.len) * 2 + 4096;
		strings->bytes = grow(strings->bytes, strings->room);
	}
	memcpy(strings->bytes + strings->len, text.ptr, text.len);
	strings->len += text.len;
	return true;
}

static bool add_end(XlsxStrings *strings)
{
	if (strings->count == XLSX_STRINGS_MAX)
		return false;
	if (strings->count == strings->room_count) {
		strings->room_count = strings->count * 2 + 1024;
		strings->end = grow(strings->end, strings->room_count * sizeof *strings->end);
	}
	strings->end[strings->count++] = (uint32_t)strings->len;
	return true;
}

static Err too_much_text(XlsxBook *book)
{
	return err_tell(book->cx, ERR_TOO_LARGE,
		"A planilha tem texto demais. Divida-a em partes menores.",
		"xlsx: shared strings pass the limit");
}

static Err string_start(void *arg, const char *name, const char **attribute)
{
	StringReader *reader = arg;

	(void)attribute;
	if (!strcmp(name, "t"))
		reader->in_text = !reader->in_phonetic;
	else if (!strcmp(name, "rPh"))
		reader->in_phonetic = true;
	return OK;
}

static Err string_end(void *arg, const char *name)
{
	StringReader *reader = arg;

	if (!strcmp(name, "t"))
		reader->in_text = false;
	else if (!strcmp(name, "rPh"))
		reader->in_phonetic = false;
	else if (!strcmp(name, "si") && !add_end(&reader->book->strings))
		return too_much_text(reader->book);
	return OK;
}

static Err string_text(void *arg, Str text)
{
	StringReader *reader = arg;

	if (!reader->in_text || add_bytes(&reader->book->strings, text))
		return OK;
	return too_much_text(reader->book);
}

Err xlsx_load_strings(XlsxBook *book, const char *path)
{
	StringReader reader = { .book = book };
	XlsxPart part = {
		.start = string_start, .end = string_end, .text = string_text, .arg = &reader
	};

	return xlsx_zip_parse(&book->zip, path, &part);
}

void xlsx_free_strings(XlsxStrings *strings)
{
	free(strings->bytes);
	free(strings->end);
	*strings = (XlsxStrings){ 0 };
}

Str xlsx_string(const XlsxStrings *strings, int64_t i)
{
	size_t start;

	if (i < 0 || (uint64_t)i >= strings->count || !strings->len)
		return (Str){ "", 0 };
	start = i ? strings->end[i - 1] : 0;
	return (Str){ strings->bytes + start, strings->end[i] - start };
}

/* ---- styles ---- */

enum { CODES_MAX = 2000 };

typedef struct StyleReader {
	XlsxBook *book;
	bool in_cells; /* inside <cellXfs>; <cellStyleXfs> are templates */
	struct {
		int64_t id;
		XlsxFormat format;
	} code[CODES_MAX];
	size_t code_count;
} StyleReader;

XlsxFormat xlsx_format_of(const char *code)
{
	bool date = false, hour = false, month = false;

	/* only the part for positive numbers counts */
	for (; *code && *code != ';'; code++) {
		if (*code == '"') { /* literal text */
			code = strchr(code + 1, '"');
			if (!code)
				break;
		} else if (*code == '[') { /* colour, language, condition; but [h] is hours */
			size_t inside = strspn(code + 1, "hmsHMS");

			if (inside && code[1 + inside] == ']')
				hour = true;
			code = strchr(code, ']');
			if (!code)
				break;
		} else if ((*code == '\\' || *code == '_' || *code == '*') && code[1]) {
			code++; /* the next character is shown as it is */
		} else if (strchr("dDyY", *code)) {
			date = true;
		} else if (strchr("hHsS", *code)) {
			hour = true;
		} else if (*code == 'm' || *code == 'M') {
			month = true;
		}
	}
	if (month && !hour)
		date = true;
	return date && hour ? FORMAT_MOMENT
	       : date       ? FORMAT_DATE
	       : hour       ? FORMAT_HOUR
			    : FORMAT_PLAIN;
}

/* Formats that Excel has without a code in the file. */
static XlsxFormat builtin_format(int64_t id)
{
	if ((id >= 14 && id <= 17) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58))
		return FORMAT_DATE;
	if ((id >= 18 && id <= 21) || (id >= 45 && id <= 47))
		return FORMAT_HOUR;
	return id == 22 ? FORMAT_MOMENT : FORMAT_PLAIN;
}

static XlsxFormat format_of_id(const StyleReader *reader, int64_t id)
{
	for (size_t i = 0; i < reader->code_count; i++)
		if (reader->code[i].id == id)
			return reader->code[i].format;
	return builtin_format(id);
}

static Err style_start(void *arg, const char *name, const char **attribute)
{
	StyleReader *reader = arg;
	XlsxBook *book = reader->book;
	const char *code = xlsx_attribute(attribute, "formatCode");
	int64_t id = 0;

	if (!strcmp(name, "cellXfs"))
		reader->in_cells = true;
	(void)str_int64(str_of(xlsx_attribute(attribute, "numFmtId")), &id);
	if (!strcmp(name, "numFmt") && code && reader->code_count < CODES_MAX) {
		reader->code[reader->code_count].id = id;
		reader->code[reader->code_count++].format = xlsx_format_of(code);
	}
	if (!strcmp(name, "xf") && reader->in_cells && book->style_count < XLSX_STYLES_MAX)
		book->style[book->style_count++] = (unsigned char)format_of_id(reader, id);
	return OK;
}

static Err style_end(void *arg, const char *name)
{
	StyleReader *reader = arg;

	if (!strcmp(name, "cellXfs"))
		reader->in_cells = false;
	return OK;
}

Err xlsx_load_styles(XlsxBook *book, const char *path)
{
	StyleReader *reader = NEW(book->cx->mem, StyleReader);
	XlsxPart part = { .start = style_start, .end = style_end, .arg = reader };

	reader->book = book;
	book->style = arena_alloc(book->cx->mem, XLSX_STYLES_MAX);
	return xlsx_zip_parse(&book->zip, path, &part);
}

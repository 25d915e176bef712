/* An archive from a stranger: entries are counted before libzip reads their list, unpacked bytes
 * are counted as they come (what the headers promise is not believed), document types and with them
 * all entities are refused, and so are deep nesting and tokens without end (expat would hold them
 * in memory and scan them again with each chunk). */
#include "platform/sheet/xlsx_zip.h"

#include <unistd.h>

#include "platform/sheet/sheet_sink.h"

enum {
	CHUNK = 32 << 10,
	ENTRIES_MAX = 2000,
	DEPTH_MAX = 64,
	TOKEN_MAX = 1 << 20,
	END_RECORD = 22,
	TAIL_MAX = END_RECORD + 65535
};

typedef struct Parse {
	XlsxZip *zip;
	XlsxPart *part;
	XML_Parser xml;
	Err err;
	int depth;
	int64_t fed, last_event;
} Parse;

static Err damaged(Ctx *cx, const char *why)
{
	return err_tell(cx, ERR_INVALID, SHEET_DAMAGED, "xlsx: %s", why);
}

/* Every end-of-directory record in the file's tail must be modest: libzip would read the whole list
 * of entries into memory. A ZIP64 archive is never a spreadsheet of a clinic. */
static bool is_modest(const unsigned char *tail, size_t size)
{
	bool found = false;

	for (size_t i = 0; i + 4 <= size; i++) {
		if (memcmp(tail + i, "PK", 2))
			continue;
		if (tail[i + 2] == 6 && tail[i + 3] == 7)
			return false;
		if (tail[i + 2] != 5 || tail[i + 3] != 6 || i + END_RECORD > size)
			continue;
		if ((tail[i + 10] | tail[i + 11] << 8) > ENTRIES_MAX)
			return false;
		found = true;
	}
	return found;
}

static bool check_entries(Ctx *cx, int fd, off_t size)
{
	size_t want = size < TAIL_MAX ? (size_t)size : TAIL_MAX, got = 0;
	unsigned char *tail = arena_alloc(cx->mem, want + 1);

	while (got < want) {
		ssize_t n = pread(fd, tail + got, want - got, size - (off_t)(want - got));

		if (n <= 0)
			return false;
		got += (size_t)n;
	}
	return is_modest(tail, want);
}

Err xlsx_zip_open(XlsxZip *zip, Ctx *cx, int fd, off_t size)
{
	int own = dup(fd), code = 0;

	*zip = (XlsxZip){ .cx = cx };
	if (own < 0)
		return err_set(cx, ERR_UNAVAILABLE, "could not open the file again");
	if (check_entries(cx, fd, size))
		zip->zip = zip_fdopen(own, 0, &code);
	if (!zip->zip) { /* libzip closes the descriptor only when it succeeds */
		close(own);
		return damaged(cx, "no zip archive");
	}
	return OK;
}

void xlsx_zip_close(XlsxZip *zip)
{
	if (zip->zip)
		zip_discard(zip->zip);
}

/* ---- XML ---- */

static const char *local_name(const char *name)
{
	const char *colon = strrchr(name, ':');

	return colon ? colon + 1 : name;
}

const char *xlsx_attribute(const char **attribute, const char *name)
{
	for (; attribute[0]; attribute += 2)
		if (!strcmp(local_name(attribute[0]), name))
			return attribute[1];
	return NULL;
}

static void stop(Parse *parse, Err err)
{
	if (parse->err == OK)
		parse->err = err;
	if (err != OK || parse->part->done)
		XML_StopParser(parse->xml, XML_FALSE);
}

/* XML_StopParser lets the current token's other events come; they are not wanted any more. */
static bool is_over(const Parse *parse)
{
	return parse->err != OK || parse->part->done;
}

static void XMLCALL on_start(void *data, const char *name, const char **attribute)
{
	Parse *parse = data;

	parse->last_event = parse->fed;
	if (is_over(parse))
		return;
	if (++parse->depth > DEPTH_MAX)
		stop(parse, damaged(parse->zip->cx, "nested too deep"));
	else
		stop(parse, parse->part->start(parse->part->arg, local_name(name), attribute));
}

static void XMLCALL on_end(void *data, const char *name)
{
	Parse *parse = data;

	parse->last_event = parse->fed;
	parse->depth--;
	if (!is_over(parse))
		stop(parse, parse->part->end(parse->part->arg, local_name(name)));
}

static void XMLCALL on_text(void *data, const char *text, int size)
{
	Parse *parse = data;

	parse->last_event = parse->fed;
	if (!is_over(parse) && parse->part->text)
		stop(parse, parse->part->text(parse->part->arg, (Str){ text, (size_t)size }));
}

static void XMLCALL on_doctype(
	void *data, const char *name, const char *system_id, const char *public_id, int internal)
{
	Parse *parse = data;

	(void)name, (void)system_id, (void)public_id, (void)internal;
	stop(parse, damaged(parse->zip->cx, "has a document type"));
}

static Err feed(Parse *parse, const char *bytes, int64_t size)
{
	Ctx *cx = parse->zip->cx;
	enum XML_Status status;

	parse->zip->unpacked += size;
	parse->fed += size;
	if (parse->zip->unpacked > SHEET_XML_MAX)
		return err_tell(cx, ERR_TOO_LARGE,
			"A planilha é grande demais depois de descompactada. Divida-a em partes.",
			"xlsx unpacks to more than %d bytes", SHEET_XML_MAX);
	status = XML_Parse(parse->xml, bytes, (int)size, size == 0);
	if (is_over(parse))
		return parse->err;
	if (status != XML_STATUS_OK)
		return damaged(cx, XML_ErrorString(XML_GetErrorCode(parse->xml)));
	if (parse->fed - parse->last_event > TOKEN_MAX)
		return damaged(cx, "a token without end");
	return OK;
}

static Err parse_entry(Parse *parse, zip_file_t *file, char *chunk)
{
	int64_t size;

	do {
		size = zip_fread(file, chunk, CHUNK);
		if (size < 0)
			return damaged(parse->zip->cx, "a part cannot be unpacked");
		TRY(feed(parse, chunk, size));
	} while (size && !parse->part->done);
	return OK;
}

/* Excel writes deflate or stores. Other methods of libzip may ask for memory as a stranger likes.
 */
static zip_file_t *open_entry(zip_t *zip, const char *path)
{
	zip_stat_t stat;

	if (zip_stat(zip, path, ZIP_FL_NOCASE, &stat) || !(stat.valid & ZIP_STAT_COMP_METHOD) ||
		(stat.comp_method != ZIP_CM_STORE && stat.comp_method != ZIP_CM_DEFLATE))
		return NULL;
	return zip_fopen_index(zip, stat.index, 0);
}

Err xlsx_zip_parse(XlsxZip *zip, const char *path, XlsxPart *part)
{
	Parse parse = { .zip = zip, .part = part };
	zip_file_t *file = open_entry(zip->zip, path);
	Err err;

	part->done = false;
	if (!file)
		return err_set(zip->cx, ERR_NOT_FOUND, "xlsx has no such part");
	parse.xml = XML_ParserCreate(NULL);
	if (!parse.xml)
		abort();
	XML_SetUserData(parse.xml, &parse);
	XML_SetElementHandler(parse.xml, on_start, on_end);
	XML_SetCharacterDataHandler(parse.xml, on_text);
	XML_SetStartDoctypeDeclHandler(parse.xml, on_doctype);
	err = parse_entry(&parse, file, arena_alloc(zip->cx->mem, CHUNK));
	XML_ParserFree(parse.xml);
	zip_fclose(file);
	return err;
}

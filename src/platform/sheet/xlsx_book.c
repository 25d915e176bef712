/* From the archive's root to the sheets: relationships lead from part to part (ECMA-376 part 2). */
#include "platform/sheet/xlsx_book.h"

#include "platform/sheet/sheet_sink.h"

/* ---- relationships ---- */

typedef struct Links {
	XlsxBook *book;
	const char *folder; /* of the part that links: "xl/" */
} Links;

/* Path in the archive of a target seen from folder; "." and ".." are resolved, and never climb out.
 */
static const char *resolve(Arena *mem, const char *folder, const char *target)
{
	char *path = target[0] == '/' ? arena_dup(mem, "") : arena_dup(mem, folder);
	Str rest = str_of(target), piece;

	while (str_cut(&rest, '/', &piece)) {
		if (!piece.len || str_is(piece, "."))
			continue;
		if (str_is(piece, "..")) {
			char *slash;

			if (*path)
				path[strlen(path) - 1] = '\0';
			slash = strrchr(path, '/');
			if (slash)
				slash[1] = '\0';
			else
				*path = '\0';
			continue;
		}
		path = arena_printf(
			mem, "%s%.*s%s", path, (int)piece.len, piece.ptr, rest.ptr ? "/" : "");
	}
	return path;
}

static Err link_start(void *arg, const char *name, const char **attribute)
{
	Links *links = arg;
	XlsxBook *book = links->book;
	Arena *mem = book->cx->mem;
	const char *id = xlsx_attribute(attribute, "Id"), *type, *target, *word;

	type = xlsx_attribute(attribute, "Type");
	target = xlsx_attribute(attribute, "Target");
	if (strcmp(name, "Relationship") || !id || !type || !target)
		return OK;
	if (strlen(target) > 200 || strlen(id) > 200 || book->link_count == COUNT(book->link))
		return err_tell(book->cx, ERR_TOO_LARGE, SHEET_DAMAGED, "xlsx: links too many");
	word = strrchr(type, '/');
	book->link[book->link_count++] =
		(XlsxLink){ arena_dup(mem, id), arena_printf(mem, "%.40s", word ? word + 1 : type),
			resolve(mem, links->folder, target) };
	return OK;
}

static Err ignore_end(void *arg, const char *name)
{
	(void)arg, (void)name;
	return OK;
}

/* The links of the part at path ("" is the archive itself) take the place of those before. */
static Err read_links(XlsxBook *book, const char *path)
{
	const char *slash = strrchr(path, '/');
	int length = slash ? (int)(slash + 1 - path) : 0;
	char *folder = arena_printf(book->cx->mem, "%.*s", length, path);
	Links links = { book, folder };
	XlsxPart part = { .start = link_start, .end = ignore_end, .arg = &links };

	book->link_count = 0;
	return xlsx_zip_parse(&book->zip,
		arena_printf(book->cx->mem, "%s_rels/%s.rels", folder, path + length), &part);
}

const char *xlsx_book_part(const XlsxBook *book, const char *type)
{
	for (size_t i = 0; i < book->link_count; i++)
		if (!strcmp(book->link[i].type, type))
			return book->link[i].path;
	return NULL;
}

/* ---- the workbook ---- */

static bool is_on(const char *value)
{
	return value && (!strcmp(value, "1") || !strcmp(value, "true"));
}

static Err book_start(void *arg, const char *name, const char **attribute)
{
	XlsxBook *book = arg;
	Arena *mem = book->cx->mem;
	const char *title = xlsx_attribute(attribute, "name");
	const char *id = xlsx_attribute(attribute, "id");
	const char *state = xlsx_attribute(attribute, "state");

	if (!strcmp(name, "workbookPr"))
		book->from_1904 = is_on(xlsx_attribute(attribute, "date1904"));
	if (strcmp(name, "sheet") || !title || !id)
		return OK;
	if (book->tab_count == XLSX_SHEETS_MAX || strlen(title) > 1000 || strlen(id) > 200)
		return err_tell(book->cx, ERR_TOO_LARGE,
			"O arquivo tem abas demais. Deixe só a que vai importar.",
			"xlsx: sheets too many");
	book->tab[book->tab_count++] = (XlsxTab){ arena_dup(mem, title), arena_dup(mem, id),
		state && strcmp(state, "visible") };
	return OK;
}

static Err no_workbook(Ctx *cx)
{
	return err_tell(cx, ERR_INVALID,
		"O arquivo não é uma planilha do Excel. Salve como XLSX ou CSV e tente de novo.",
		"zip archive without a workbook");
}

static Err read_book(XlsxBook *book)
{
	XlsxPart part = { .start = book_start, .end = ignore_end, .arg = book };
	const char *path;
	Err err = read_links(book, "");

	if (err == ERR_NOT_FOUND)
		return no_workbook(book->cx);
	TRY(err);
	path = xlsx_book_part(book, "officeDocument");
	if (!path)
		return no_workbook(book->cx);
	err = xlsx_zip_parse(&book->zip, path, &part);
	if (err == ERR_NOT_FOUND)
		return no_workbook(book->cx);
	TRY(err);
	err = read_links(book, path);
	return err == ERR_NOT_FOUND || !book->tab_count ? no_workbook(book->cx) : err;
}

Err xlsx_book_open(XlsxBook *book, Ctx *cx, int fd, off_t size)
{
	*book = (XlsxBook){ .cx = cx };
	TRY(xlsx_zip_open(&book->zip, cx, fd, size));
	return read_book(book);
}

void xlsx_book_close(XlsxBook *book)
{
	xlsx_free_strings(&book->strings);
	xlsx_zip_close(&book->zip);
}

/* A part that the workbook says it has but has not is damage only when cells need it. */
static Err load(XlsxBook *book, const char *type, Err (*read)(XlsxBook *, const char *))
{
	const char *path = xlsx_book_part(book, type);
	Err err = path ? read(book, path) : OK;

	return err == ERR_NOT_FOUND ? OK : err;
}

Err xlsx_book_load(XlsxBook *book)
{
	TRY(load(book, "sharedStrings", xlsx_load_strings));
	return load(book, "styles", xlsx_load_styles);
}

static const char *sheet_path(const XlsxBook *book, const char *id)
{
	for (size_t i = 0; i < book->link_count; i++)
		if (!strcmp(book->link[i].id, id) && !strcmp(book->link[i].type, "worksheet"))
			return book->link[i].path;
	return NULL;
}

Err xlsx_book_find(XlsxBook *book, const char *name, const char **ret_path)
{
	for (size_t i = 0; i < book->tab_count; i++) {
		const XlsxTab *tab = &book->tab[i];
		const char *path = sheet_path(book, tab->id);

		if (!path || (name ? strcmp(tab->name, name) != 0 : tab->hidden))
			continue;
		*ret_path = path;
		return OK;
	}
	return err_tell(book->cx, ERR_NOT_FOUND,
		name ? "O arquivo não tem uma aba com esse nome."
		     : "O arquivo não tem nenhuma aba visível com dados.",
		"xlsx: no such sheet");
}

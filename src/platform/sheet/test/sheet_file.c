#include "sheet_file.h"

#include <fcntl.h>
#include <ftw.h>
#include <unistd.h>
#include <zip.h>

#include "test.h"

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define LINK "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELS                                                                                       \
	"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
	(void)info, (void)type, (void)walk;
	return remove(path);
}

static void remove_folder(void *path)
{
	nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *file_path(Ctx *cx, const char *name)
{
	char *folder = test_scratch(cx->mem, "siso-sheet-XXXXXX");

	CHECK(mkdtemp(folder) != NULL);
	arena_defer(cx->mem, remove_folder, folder);
	return arena_printf(cx->mem, "%s/%s", folder, name);
}

const char *file_of(Ctx *cx, const void *bytes, size_t size)
{
	const char *path = file_path(cx, "sheet");
	FILE *file = fopen(path, "wxe");

	CHECK(file && fwrite(bytes, 1, size, file) == size && fclose(file) == 0);
	return path;
}

const char *zip_of(Ctx *cx, const Part *part, size_t count)
{
	const char *path = file_path(cx, "book.xlsx");
	zip_t *zip = zip_open(path, ZIP_CREATE | ZIP_EXCL, NULL);

	CHECK(zip != NULL);
	for (size_t i = 0; i < count; i++)
		CHECK(zip_file_add(zip, part[i].path,
			      zip_source_buffer(zip, part[i].text, strlen(part[i].text), 0),
			      0) >= 0);
	CHECK(zip_close(zip) == 0);
	return path;
}

const char *book_of(Ctx *cx, const char *rows, const char *strings, const char *styles)
{
	Part part[6] = {
		{ "_rels/.rels",
			RELS "<Relationship Id=\"r1\" Type=\"" LINK
			     "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>" },
		{ "xl/workbook.xml", "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" LINK
				     "\"><sheets><sheet name=\"Leads\" sheetId=\"1\" "
				     "r:id=\"r1\"/></sheets></workbook>" },
		{ "xl/_rels/workbook.xml.rels",
			RELS "<Relationship Id=\"r1\" Type=\"" LINK
			     "/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
			     "<Relationship Id=\"r2\" Type=\"" LINK
			     "/sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
			     "<Relationship Id=\"r3\" Type=\"" LINK
			     "/styles\" Target=\"./styles.xml\"/></Relationships>" },
		{ "xl/worksheets/sheet1.xml", arena_printf(cx->mem,
						      "<worksheet xmlns=\"" MAIN "\"><sheetData>%s"
						      "</sheetData></worksheet>",
						      rows) },
	};
	size_t count = 4;

	if (strings)
		part[count++] = (Part){ "xl/sharedStrings.xml",
			arena_printf(cx->mem, "<sst xmlns=\"" MAIN "\">%s</sst>", strings) };
	if (styles)
		part[count++] = (Part){ "xl/styles.xml",
			arena_printf(cx->mem, "<styleSheet xmlns=\"" MAIN "\">%s</styleSheet>",
				styles) };
	return zip_of(cx, part, count);
}

static Err add_row(Ctx *cx, const SheetRow *row, void *arg)
{
	Buf *buf = arg;

	(void)cx;
	buf_printf(buf, "%s%" PRId64 ":", buf->len ? ";" : "", row->number);
	for (size_t i = 0; i < row->cell.count; i++)
		buf_printf(buf, "%s%s", i ? "|" : "", row->cell.v[i]);
	return OK;
}

const char *rows_of(Ctx *cx, const char *path, const SheetOptions *options)
{
	Buf buf;
	Err err;

	buf_init(&buf, cx->mem, 1 << 20);
	cx->err.sentence = NULL;
	err = sheet_read(cx, path, options, add_row, &buf);
	if (err != OK)
		return arena_printf(
			cx->mem, "!%s", cx->err.sentence ? cx->err.sentence : err_sentence(err));
	return buf_text(&buf);
}

const char *csv_rows(Ctx *cx, const char *text)
{
	return rows_of(cx, file_of(cx, text, strlen(text)), NULL);
}

Str bytes_of(Ctx *cx, const char *path)
{
	FILE *file = fopen(path, "rbe");
	char *bytes = arena_alloc(cx->mem, 1 << 20);
	size_t size;

	CHECK(file != NULL);
	if (!file)
		return (Str){ "", 0 };
	size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return (Str){ bytes, size };
}

/* Any bytes as an XLSX file, twice: as they are, and as the text of a part of a sound archive (the
 * first byte chooses which), so that the fuzzer need not learn to write archives. */
#include <sys/mman.h>
#include <unistd.h>
#include <zip.h>

#include "platform/sheet/sheet.h"

#define RELS(target, type)                                                                         \
	"<Relationships><Relationship Id=\"r1\" Type=\"x/" type "\" Target=\"" target "\"/>"       \
	"<Relationship Id=\"r2\" Type=\"x/sharedStrings\" Target=\"strings.xml\"/>"                \
	"<Relationship Id=\"r3\" Type=\"x/styles\" Target=\"styles.xml\"/></Relationships>"

static const struct {
	const char *path, *text;
} parts[] = {
	{ "_rels/.rels", RELS("xl/workbook.xml", "officeDocument") },
	{ "xl/workbook.xml",
		"<workbook><sheets><sheet name=\"A\" id=\"r1\"/></sheets></workbook>" },
	{ "xl/_rels/workbook.xml.rels", RELS("sheet.xml", "worksheet") },
	{ "xl/sheet.xml", "<s><row r=\"3\"><c r=\"B3\" t=\"s\" s=\"1\"><v>0</v></c><c "
			  "s=\"1\"><v>3.5</v></c></row></s>" },
	{ "xl/strings.xml", "<sst><si><t>a</t></si></sst>" },
	{ "xl/styles.xml",
		"<s><numFmts><numFmt numFmtId=\"164\" formatCode=\"d\"/></numFmts><cellXfs>"
		"<xf numFmtId=\"0\"/><xf numFmtId=\"164\"/></cellXfs></s>" },
};

static Err check_row(Ctx *cx, const SheetRow *row, void *arg)
{
	int64_t *last = arg;

	(void)cx;
	if (row->number <= *last || row->cell.count > SHEET_COLUMNS_MAX)
		abort();
	*last = row->number;
	for (size_t i = 0; i < row->cell.count; i++)
		if (!str_is_clean_utf8(str_of(row->cell.v[i])))
			abort();
	return OK;
}

static void read_it(const void *bytes, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .zone = "UTC" };
	int fd = memfd_create("xlsx", MFD_CLOEXEC);
	const char *path = arena_printf(mem, "/proc/self/fd/%d", fd);
	int64_t last = 0;
	Strs names;
	Err err;

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		abort();
	err = sheet_read(&cx, path, NULL, check_row, &last);
	if (err != OK && err != ERR_INVALID && err != ERR_TOO_LARGE && err != ERR_NOT_FOUND)
		abort();
	if (err != OK && !cx.err.sentence)
		abort();
	err = sheet_names(&cx, path, &names);
	(void)err;
	close(fd);
	arena_free(mem);
}

/* The sound archive with one part replaced. Stored, not packed: it is faster. */
static void read_in_archive(size_t chosen, const uint8_t *bytes, size_t size)
{
	zip_source_t *whole = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_t *zip = whole ? zip_open_from_source(whole, ZIP_TRUNCATE, NULL) : NULL;
	static uint8_t out[1 << 20];
	zip_int64_t got;

	if (!zip)
		abort();
	zip_source_keep(whole);
	for (size_t i = 0; i < COUNT(parts); i++) {
		const void *text = i == chosen ? (const void *)bytes : parts[i].text;
		zip_int64_t at = zip_file_add(zip, parts[i].path,
			zip_source_buffer(zip, text, i == chosen ? size : strlen(parts[i].text), 0),
			0);

		if (at < 0 || zip_set_file_compression(zip, (zip_uint64_t)at, ZIP_CM_STORE, 0))
			abort();
	}
	if (zip_close(zip) || zip_source_open(whole))
		abort();
	got = zip_source_read(whole, out, sizeof out);
	zip_source_close(whole);
	zip_source_free(whole);
	if (got > 0)
		read_it(out, (size_t)got);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (!size)
		return 0;
	if (bytes[0] == 'P')
		read_it(bytes, size);
	else
		read_in_archive(bytes[0] % COUNT(parts), bytes + 1, size - 1);
	return 0;
}

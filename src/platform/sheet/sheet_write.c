/* CSV for Brazilian Excel: UTF-8 with a byte order mark, semicolons, CRLF, decimal comma. XLSX by
 * libxlsxwriter in its constant-memory mode: each row goes to a temporary file beside the target.
 */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <unistd.h>
#include <xlsxwriter.h>
#include <zip.h>

#include "core/clock.h"
#include "core/money.h"
#include "platform/sheet/sheet.h"

enum { WIDTH_USUAL = 18, BUFFER_BYTES = 64 << 10 };

struct SheetWriter {
	Ctx *cx;
	Arena *mem; /* of the row; reset after it */
	const char *path;
	const SheetColumn *column;
	size_t count;
	int64_t rows;       /* written, titles too */
	FILE *csv;          /* NULL: XLSX or closed */
	lxw_workbook *book; /* NULL: CSV or closed */
	lxw_worksheet *sheet;
	lxw_format *format[SHEET_BOOL + 1];
	bool unfinished; /* the file is ours and not complete */
};

/* ---- where ---- */

static void remove_file(void *path)
{
	unlink(path);
}

static void remove_dir(void *path)
{
	rmdir(path);
}

Err sheet_new_path(Ctx *cx, SheetFormat format, const char **ret)
{
	const char *folder = getenv("TMPDIR");
	char *dir = arena_printf(
		cx->mem, "%s/siso-sheet.XXXXXX", str_is_empty(folder) ? P_tmpdir : folder);
	char *path;

	if (!mkdtemp(dir))
		return err_set(cx, ERR_UNAVAILABLE, "no temporary folder for a spreadsheet");
	path = arena_printf(cx->mem, "%s/sheet.%s", dir, format == SHEET_XLSX ? "xlsx" : "csv");
	arena_defer(cx->mem, remove_dir, dir);
	arena_defer(cx->mem, remove_file, path); /* first this one: the newest goes first */
	*ret = path;
	return OK;
}

const char *sheet_type(SheetFormat format)
{
	return format == SHEET_XLSX
		       ? "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		       : "text/csv; charset=utf-8";
}

/* ---- CSV ---- */

static void put_csv_text(SheetWriter *writer, const char *text)
{
	bool formula = *text && strchr("=+-@\t\r", *text);

	if (!formula && !strpbrk(text, "\";\r\n") && *text != ' ' && *text != '\'') {
		fputs(text, writer->csv);
		return;
	}
	fputs(formula ? "\"'" : "\"", writer->csv);
	for (; *text; text++) {
		if (*text == '"')
			putc('"', writer->csv);
		putc(*text, writer->csv);
	}
	putc('"', writer->csv);
}

static void put_csv_cell(SheetWriter *writer, SheetKind kind, const SheetCell *cell)
{
	int64_t n = cell->number;

	switch (kind) {
	case SHEET_TEXT:
		put_csv_text(writer, cell->text ? cell->text : "");
		break;
	case SHEET_NUMBER:
		fprintf(writer->csv, "%" PRId64, n);
		break;
	case SHEET_MONEY:
		fprintf(writer->csv, "%s%" PRIu64 ",%02d", n < 0 ? "-" : "",
			(n < 0 ? 0 - (uint64_t)n : (uint64_t)n) / 100,
			(int)((n < 0 ? 0 - (uint64_t)n : (uint64_t)n) % 100));
		break;
	case SHEET_DATE:
		fputs(date_text(writer->mem, (int32_t)n), writer->csv);
		break;
	case SHEET_TIME:
		fputs(time_text(writer->mem, n, writer->cx->zone), writer->csv);
		break;
	case SHEET_BOOL:
		fputs(n ? "sim" : "não", writer->csv);
	}
}

static void put_csv_row(SheetWriter *writer, const SheetCell *cell)
{
	for (size_t i = 0; i < writer->count; i++) {
		if (i)
			putc(';', writer->csv);
		if (!cell[i].empty)
			put_csv_cell(writer, writer->column[i].kind, &cell[i]);
	}
	fputs("\r\n", writer->csv);
}

static void put_csv_titles(SheetWriter *writer)
{
	fputs("\xEF\xBB\xBF", writer->csv);
	for (size_t i = 0; i < writer->count; i++) {
		if (i)
			putc(';', writer->csv);
		put_csv_text(writer, writer->column[i].title);
	}
	fputs("\r\n", writer->csv);
}

static bool open_csv(SheetWriter *writer)
{
	writer->csv = fopen(writer->path, "wxe");
	if (!writer->csv)
		return false;
	writer->unfinished = true;
	setvbuf(writer->csv, NULL, _IOFBF, BUFFER_BYTES);
	put_csv_titles(writer);
	return true;
}

/* ---- XLSX ---- */

static double serial_of_date(int32_t date)
{
	return date - date_of(1899, 12, 30);
}

static double serial_of_time(int64_t at, const char *zone)
{
	Clock c = time_clock(at, zone);
	int second = c.hour * 3600 + c.minute * 60 + c.second;

	return serial_of_date(date_of(c.year, c.month, c.day)) + second / 86400.0;
}

/* Excel's limit is in UTF-16 units; a character takes at most two. The text is cut, never refused.
 */
static const char *cut_text(Arena *mem, const char *text)
{
	size_t units = 0, i = 0;

	for (; text[i]; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c & 0xC0) != 0x80)
			units += c >= 0xF0 ? 2 : 1;
		if (units > SHEET_CELL_MAX)
			return arena_copy(mem, text, i);
	}
	return text;
}

static lxw_error put_xlsx_cell(SheetWriter *writer, size_t i, const SheetCell *cell)
{
	SheetKind kind = writer->column[i].kind;
	lxw_row_t row = (lxw_row_t)writer->rows;
	lxw_col_t column = (lxw_col_t)i;
	double number = (double)cell->number;

	switch (kind) {
	case SHEET_TEXT:
		return worksheet_write_string(writer->sheet, row, column,
			cut_text(writer->mem, cell->text ? cell->text : ""), NULL);
	case SHEET_BOOL:
		return worksheet_write_string(
			writer->sheet, row, column, cell->number ? "sim" : "não", NULL);
	case SHEET_MONEY:
		number /= 100;
		break;
	case SHEET_DATE:
		number = serial_of_date((int32_t)cell->number);
		break;
	case SHEET_TIME:
		number = serial_of_time(cell->number, writer->cx->zone);
		break;
	case SHEET_NUMBER:
		break;
	}
	return worksheet_write_number(writer->sheet, row, column, number, writer->format[kind]);
}

static bool put_xlsx_row(SheetWriter *writer, const SheetCell *cell)
{
	for (size_t i = 0; i < writer->count; i++)
		if (!cell[i].empty && put_xlsx_cell(writer, i, &cell[i]) != LXW_NO_ERROR)
			return false;
	return true;
}

static bool put_xlsx_titles(SheetWriter *writer)
{
	lxw_format *bold = workbook_add_format(writer->book);
	bool good = true;

	format_set_bold(bold);
	for (size_t i = 0; i < writer->count; i++) {
		int width = writer->column[i].width ? writer->column[i].width : WIDTH_USUAL;
		lxw_col_t column = (lxw_col_t)i;

		worksheet_set_column(writer->sheet, column, column, width, NULL);
		good = good && worksheet_write_string(writer->sheet, 0, column,
				       writer->column[i].title, bold) == LXW_NO_ERROR;
	}
	worksheet_freeze_panes(writer->sheet, 1, 0);
	return good;
}

static void make_formats(SheetWriter *writer)
{
	static const char *const codes[] = { [SHEET_MONEY] = "\"R$\" #,##0.00",
		[SHEET_DATE] = "dd/mm/yyyy",
		[SHEET_TIME] = "dd/mm/yyyy hh:mm" };

	for (size_t i = 0; i < COUNT(codes); i++) {
		if (!codes[i])
			continue;
		writer->format[i] = workbook_add_format(writer->book);
		format_set_num_format(writer->format[i], codes[i]);
	}
}

/* Excel allows 31 characters without []:*?/\ and no apostrophe at an end. */
static const char *tab_name(Arena *mem, const char *name)
{
	char *tab = arena_dup(mem, name);
	size_t units = 0;

	for (size_t i = 0; tab[i]; i++) {
		if (strchr("[]:*?/\\'", tab[i]))
			tab[i] = ' ';
		if (((unsigned char)tab[i] & 0xC0) != 0x80 && ++units > 31) {
			tab[i] = '\0';
			break;
		}
	}
	return *tab ? tab : "Planilha";
}

static bool open_xlsx(SheetWriter *writer, const char *name)
{
	/* the file is claimed first: libxlsxwriter writes it at the end, over whatever stands there
	 */
	int fd = open(writer->path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	char *folder = dirname(arena_dup(writer->cx->mem, writer->path));
	lxw_workbook_options options = { .constant_memory = LXW_TRUE, .tmpdir = folder };

	if (fd < 0)
		return false;
	close(fd);
	writer->unfinished = true;
	writer->book = workbook_new_opt(writer->path, &options);
	if (!writer->book)
		return false;
	writer->sheet = workbook_add_worksheet(writer->book, tab_name(writer->cx->mem, name));
	if (!writer->sheet)
		return false;
	make_formats(writer);
	return put_xlsx_titles(writer);
}

/* libxlsxwriter does not look whether its temporary files could be written, so a full disk would
 * end in a workbook that lacks rows. Are all of the rows' bytes in the finished archive, to the
 * last tag? */
static bool is_whole(const char *path, int64_t row_bytes)
{
	static const char last[] = "</worksheet>";
	char piece[4096], end[sizeof last] = "";
	zip_t *zip = zip_open(path, ZIP_RDONLY, NULL);
	zip_file_t *file = zip ? zip_fopen(zip, "xl/worksheets/sheet1.xml", 0) : NULL;
	int64_t size = 0, got = -1;

	while (file && (got = zip_fread(file, piece, sizeof piece)) > 0) {
		size_t n = (size_t)got, keep = sizeof last - 1;

		if (n < keep) {
			memmove(end, end + n, keep - n);
			memcpy(end + keep - n, piece, n);
		} else {
			memcpy(end, piece + n - keep, keep);
		}
		size += got;
	}
	if (file)
		zip_fclose(file);
	if (zip)
		zip_discard(zip);
	return got == 0 && size >= row_bytes && !strcmp(end, last);
}

static bool close_xlsx(SheetWriter *writer)
{
	FILE *rows = writer->sheet->optimize_tmpfile;
	bool good = !ferror(rows) && fflush(rows) == 0;
	int64_t row_bytes = ftello(rows);

	good = workbook_close(writer->book) == LXW_NO_ERROR && good;
	writer->book = NULL;
	return good && is_whole(writer->path, row_bytes);
}

/* ---- the writer ---- */

/* Also when cx->mem ends before sheet_close: then the file is half a file and goes. */
static void abandon(void *object)
{
	SheetWriter *writer = object;

	if (writer->csv)
		fclose(writer->csv);
	if (writer->book)
		lxw_workbook_free(writer->book);
	if (writer->unfinished)
		unlink(writer->path);
	writer->unfinished = false;
	writer->csv = NULL;
	writer->book = NULL;
	arena_free(writer->mem);
	writer->mem = NULL;
}

static Err cannot_write(SheetWriter *writer)
{
	int why = errno;

	abandon(writer);
	return err_set(writer->cx, ERR_UNAVAILABLE, "could not write a spreadsheet: errno %d", why);
}

Err sheet_open(Ctx *cx, const char *path, SheetFormat format, const char *name,
	const SheetColumn *column, size_t count, SheetWriter **ret)
{
	SheetWriter *writer = NEW(cx->mem, SheetWriter);

	*writer = (SheetWriter){ .cx = cx,
		.mem = arena_new(ARENA_LIMIT),
		.path = arena_dup(cx->mem, path),
		.column = column,
		.count = count,
		.rows = 1 };
	arena_defer(cx->mem, abandon, writer);
	errno = 0;
	if (!(format == SHEET_CSV ? open_csv(writer) : open_xlsx(writer, name)))
		return cannot_write(writer);
	*ret = writer;
	return OK;
}

Err sheet_row(SheetWriter *writer, const SheetCell *cell)
{
	if (writer->book && writer->rows >= LXW_ROW_MAX)
		return err_tell(writer->cx, ERR_TOO_LARGE,
			"São linhas demais para um arquivo XLSX. Exporte como CSV.",
			"xlsx has no room for row %" PRId64, writer->rows);
	if (writer->csv)
		put_csv_row(writer, cell);
	else if (!writer->book || !put_xlsx_row(writer, cell))
		return cannot_write(writer);
	writer->rows++;
	arena_reset(writer->mem);
	return OK;
}

Err sheet_close(SheetWriter *writer)
{
	bool good = false;

	errno = 0;
	if (writer->csv) {
		good = !ferror(writer->csv);
		good = fclose(writer->csv) == 0 && good;
		writer->csv = NULL;
	} else if (writer->book) {
		good = close_xlsx(writer);
	}
	if (!good)
		return cannot_write(writer);
	writer->unfinished = false;
	return OK;
}

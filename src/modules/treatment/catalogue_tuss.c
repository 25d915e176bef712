/* The TUSS table (ANS table 22) from a spreadsheet: looked at first, then taken over. */
#include "modules/treatment/catalogue.h"
#include "modules/treatment/catalogue.sql.h"

#include <ctype.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/search.h"
#include "platform/sheet/sheet.h"
#include "platform/storage/storage.h"

typedef struct Reading {
	TussSheet *sheet;
	size_t room;
	bool titles; /* the first row was seen */
} Reading;

static void complain(Ctx *cx, TussSheet *sheet, int64_t row, const char *sentence)
{
	sheet->bad_count++;
	if (sheet->error_count < TUSS_ERRORS_MAX)
		sheet->error[sheet->error_count++] =
			(TussError){ row, arena_dup(cx->mem, sentence) };
}

/* The eight digits of a cell like "81000030", "81.00.003-0" or "22-81000030"; false: none. */
static bool code_of(const char *cell, char ret[9])
{
	size_t n = 0;

	for (const char *at = cell ? cell : ""; *at; at++) {
		if (isdigit((unsigned char)*at)) {
			if (n == 8)
				return false;
			ret[n++] = *at;
		} else if (!strchr(".- /", *at)) {
			return false;
		}
	}
	ret[n] = 0;
	return n == 8;
}

static void add(Ctx *cx, Reading *reading, const SheetRow *row, const char *code, const char *name)
{
	TussSheet *sheet = reading->sheet;

	if (str_is_empty(name)) {
		complain(cx, sheet, row->number, "Falta o nome do procedimento.");
		return;
	}
	if (str_utf8_length(str_of(name)) > 300) {
		complain(cx, sheet, row->number, "O nome passa de 300 letras.");
		return;
	}
	if (sheet->row_count == reading->room) {
		TussRow *more = NEW_ARRAY(cx->mem, TussRow, reading->room * 2);

		memcpy(more, sheet->row, sheet->row_count * sizeof *more);
		sheet->row = more;
		reading->room *= 2;
	}
	sheet->row[sheet->row_count++] =
		(TussRow){ arena_dup(cx->mem, code), arena_dup(cx->mem, name) };
}

/* The code is the first cell that looks like one, the name the first other one with letters. */
static Err take_row(Ctx *cx, const SheetRow *row, void *arg)
{
	Reading *reading = arg;
	const char *name = NULL;
	char code[9] = "";
	bool found = false;

	for (size_t i = 0; i < row->cell.count; i++) {
		const char *cell = row->cell.v[i];

		if (!found && code_of(cell, code))
			found = true;
		else if (!name && !str_is_empty(cell) &&
			 strspn(cell, "0123456789./- :") < strlen(cell))
			name = cell;
	}
	if (found)
		add(cx, reading, row, code, name);
	else if (reading->titles)
		complain(cx, reading->sheet, row->number, "Falta o código de 8 números.");
	reading->titles = true;
	return OK;
}

Err tuss_read(Ctx *cx, const char *path, TussSheet *ret)
{
	Reading reading = { .sheet = ret, .room = 512 };

	*ret = (TussSheet){ .row = NEW_ARRAY(cx->mem, TussRow, 512),
		.error = NEW_ARRAY(cx->mem, TussError, TUSS_ERRORS_MAX) };
	return sheet_read(
		cx, path, &(SheetOptions){ .rows_max = TUSS_ROWS_MAX }, take_row, &reading);
}

Err tuss_upload(Ctx *cx, const char *path, int64_t *ret_id)
{
	SqlTussInsertImport row;
	StoredFile file;
	TussSheet sheet;

	TRY(tuss_read(cx, path, &sheet));
	if (!sheet.row_count)
		return err_tell(cx, ERR_INVALID,
			"Não há código TUSS nesta planilha. Ela precisa de uma coluna com o código "
			"de 8 "
			"números e outra com o nome.",
			"no TUSS code in the sheet");
	TRY(storage_put_file(cx, path, STORAGE_SHEET | STORAGE_DOCUMENT, &file));
	TRY(sql_tuss_insert_import(cx, file.hash, (int32_t)sheet.row_count,
		(int32_t)sheet.bad_count, cx->user.v ? &cx->user.v : NULL, &row));
	*ret_id = row.id;
	return OK;
}

Err tuss_look(Ctx *cx, int64_t import, TussSheet *ret)
{
	SqlTussImportById row;
	int file;

	TRY(sql_tuss_import_by_id(cx, import, &row));
	if (!row.taken_at_null)
		return err_tell(cx, ERR_CONFLICT, "Esta planilha já foi importada.",
			"import %" PRId64 " is taken", import);
	TRY(storage_open(cx, row.file_hash, &file));
	return tuss_read(cx, arena_printf(cx->mem, "/proc/self/fd/%d", file), ret);
}

Err tuss_take(Ctx *cx, int64_t import, size_t *ret_count)
{
	const char **code, **name, **search;
	size_t n = 0;
	TussSheet sheet;
	int64_t rows;

	TRY(tuss_look(cx, import, &sheet));
	code = NEW_ARRAY(cx->mem, const char *, sheet.row_count + 1);
	name = NEW_ARRAY(cx->mem, const char *, sheet.row_count + 1);
	search = NEW_ARRAY(cx->mem, const char *, sheet.row_count + 1);
	for (size_t i = 0; i < sheet.row_count; i++) {
		bool again = false;

		/* One statement may not write a row twice: of repeated codes the last one counts.
		 */
		for (size_t j = i + 1; j < sheet.row_count && !again; j++)
			again = !strcmp(sheet.row[i].code, sheet.row[j].code);
		if (again)
			continue;
		code[n] = sheet.row[i].code;
		name[n] = sheet.row[i].name;
		search[n] = search_text(cx->mem, sheet.row[i].name, &code[n], 1);
		n++;
	}
	TRY(sql_tuss_put(cx, (Strs){ code, n }, (Strs){ name, n }, (Strs){ search, n }, &rows));
	TRY(sql_tuss_take_import(cx, import, &rows));
	*ret_count = n;
	return audit_add_change(cx,
		&(Change){
			.action = "tuss.import", .subject = "tuss_import", .subject_id = import });
}

Err tuss_search(Ctx *cx, const char *question, int n, TussRow **ret, size_t *ret_count)
{
	const char *word[SEARCH_WORDS];
	SqlTussFind *row;

	*ret = NULL;
	*ret_count = 0;
	search_patterns(cx->mem, question ? question : "", word);
	if (!word[0])
		return OK;
	TRY(sql_tuss_find(cx, word[0], word[1], word[2], n, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, TussRow, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (TussRow){ row[i].code, row[i].name };
	return OK;
}

Err tuss_count(Ctx *cx, int64_t *ret)
{
	SqlTussTotal row;

	TRY(sql_tuss_total(cx, &row));
	*ret = row.n;
	return OK;
}

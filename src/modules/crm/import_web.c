/* Imports: upload, progress, what became of the rows, taking it back. The mapping is
 * import_map_web.c. */
#include <sys/stat.h>

#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "modules/crm/leads_view.h"
#include "platform/sheet/sheet_answer.h"
#include "platform/storage/storage.h"

enum { ERRORS_SHOWN = 50, ERRORS_MAX = SHEET_ROWS_MAX };

static Err import_asked(Req *q, SqlImportRow *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return sql_crm_import(q->cx, id, ret);
}

static Err to_import(Req *q, int64_t id)
{
	return redirect(q, "/leads/import/%" PRId64, id);
}

/* GET /leads/import: send a spreadsheet; those that were sent. */
Err crm_imports(Req *q)
{
	ImportListView view = { .q = q };
	SqlImportRow *row;

	TRY(sql_crm_imports(q->cx, &row, &view.import_count));
	view.import = row;
	crm_imports_page(&q->html, &view);
	return send_html(q, 200);
}

/* ---- upload ---- */

typedef struct Look {
	const char *cell[IMPORT_COLUMNS_MAX]; /* of the first row */
	size_t cell_count;
	int64_t rows;
	Ctx *cx;
} Look;

static Err look(Ctx *cx, const SheetRow *row, void *arg)
{
	Look *l = arg;

	(void)cx;
	if (!l->rows++)
		for (size_t i = 0; i < row->cell.count && i < IMPORT_COLUMNS_MAX; i++)
			l->cell[l->cell_count++] = arena_dup(l->cx->mem, row->cell.v[i]);
	return OK;
}

/* What its first row says the columns are. */
static Err guess_mapping(Ctx *cx, const Look *l, const char **ret_mapping, bool *ret_headings)
{
	const char *target[IMPORT_COLUMNS_MAX] = { 0 };
	ImportTarget *known;
	SqlCrmFields *field;
	size_t field_count, known_count, found = 0;
	bool digits = false;

	TRY(sql_crm_fields(cx, &field, &field_count));
	known = import_targets(cx, field, field_count, &known_count);
	for (size_t i = 0; i < l->cell_count; i++) {
		target[i] = import_guess(cx, l->cell[i], known, known_count, target, i);
		found += target[i] != NULL;
		digits = digits || strpbrk(l->cell[i], "0123456789@");
	}
	*ret_headings = found || !digits;
	*ret_mapping = import_mapping_json(cx, target, l->cell_count);
	return OK;
}

static Err check_room(Req *q)
{
	struct stat stat_of_file;

	if (stat(q->body_file, &stat_of_file))
		return err_set(q->cx, ERR_UNAVAILABLE, "the upload is gone");
	return company_spend(q->cx, LIMIT_STORAGE, stat_of_file.st_size);
}

/* PUT /leads/import: the file. 303 to its mapping; 402 no room in the plan; 413 too large; 422 no
 * spreadsheet, or an empty one. */
Err crm_upload_import(Req *q)
{
	Look *l = NEW(q->cx->mem, Look);
	ImportOptions option = { .twins = "skip" };
	SqlCrmInsertImport made;
	const char *mapping;
	StoredFile file;

	l->cx = q->cx;
	TRY(check_room(q));
	TRY(sheet_read(q->cx, q->body_file, NULL, look, l));
	TRY(guess_mapping(q->cx, l, &mapping, &option.headings));
	l->rows -= option.headings;
	if (l->rows <= 0)
		return err_tell(q->cx, ERR_INVALID, "A planilha não tem nenhuma linha com dados.",
			"upload has no rows");
	TRY(storage_put_file(q->cx, q->body_file, STORAGE_SHEET, &file));
	TRY(sql_crm_insert_import(q->cx, file.hash,
		*q->file_name ? q->file_name
			      : arena_printf(q->cx->mem, "Planilha de %s",
					time_text(q->cx->mem, q->cx->now, q->cx->zone)),
		mapping, import_options_json(q->cx, &option), (int32_t)l->rows, q->cx->user.v,
		&made));
	return to_import(q, made.id);
}

/* ---- one import ---- */

/* GET /leads/import/:id: the mapping, the progress, or what became of it. */
Err crm_show_import(Req *q)
{
	ImportView view = { .q = q };
	SqlCrmImportErrors *error;
	SqlImportRow import;

	TRY(import_asked(q, &import));
	if (!strcmp(import.state, "mapping"))
		return crm_map_import(q, &import);
	view.import = &import;
	TRY(sql_crm_import_errors(q->cx, import.id, 0, ERRORS_SHOWN, &error, &view.error_count));
	view.error = error;
	crm_import_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET /leads/import/:id/progress: asked each second while it runs; at the end the page is loaded
 * anew. */
Err crm_import_state(Req *q)
{
	ImportView view = { .q = q };
	SqlImportRow import;

	TRY(import_asked(q, &import));
	if (strcmp(import.state, "waiting") != 0 && strcmp(import.state, "running") != 0)
		return to_import(q, import.id);
	view.import = &import;
	crm_import_progress(&q->html, &view);
	return send_html(q, 200);
}

/* POST /leads/import/:id/resume: one that stopped goes on behind its last row. */
Err crm_resume_import(Req *q)
{
	SqlImportRow import;
	int64_t rows;

	TRY(import_asked(q, &import));
	TRY(sql_crm_resume_import(q->cx, import.id, &rows));
	if (!rows)
		return err_tell(q->cx, ERR_CONFLICT, "Esta importação não está parada.",
			"import %" PRId64 " is not failed", import.id);
	TRY(job_add(q->cx, "crm.import",
		arena_printf(q->cx->mem, "{\"id\":%" PRId64 "}", import.id), NULL));
	return to_import(q, import.id);
}

/* POST /leads/import/:id/discard: before it began. */
Err crm_discard_import(Req *q)
{
	SqlImportRow import;
	int64_t rows;

	TRY(import_asked(q, &import));
	TRY(sql_crm_drop_import(q->cx, import.id, &rows));
	if (rows && import.file)
		TRY(storage_drop(q->cx, import.file));
	answer_toast(q, "Importação descartada", NULL);
	return redirect(q, "/leads/import");
}

/* POST /leads/import/:id/undo: its leads that nobody has touched since are taken back. */
Err crm_undo_import(Req *q)
{
	SqlCrmStartRemoving on;
	SqlCrmStopRemoving off;
	SqlImportRow import;
	int64_t id, ended, removed, tasks;

	TRY(import_asked(q, &import));
	id = import.id;
	TRY(sql_crm_undone_import(q->cx, id, &ended));
	if (!ended)
		return err_tell(q->cx, ERR_CONFLICT,
			"Esta importação ainda roda ou já foi desfeita.",
			"import %" PRId64 " has not ended", id);
	TRY(sql_crm_start_removing(q->cx, &on));
	TRY(sql_crm_remove_imported(q->cx, id, &removed));
	TRY(sql_crm_remove_imported_tasks(q->cx, id, &tasks));
	TRY(sql_crm_stop_removing(q->cx, &off));
	TRY(audit_add_change(q->cx, &(Change){ .action = "lead.import.undo",
					    .subject = "lead.import",
					    .subject_id = id,
					    .diff = arena_printf(q->cx->mem,
						    "{\"leads\":[%" PRId64 ",0]}", removed) }));
	answer_toast(q,
		removed == 1 ? "1 lead retirado"
			     : arena_printf(q->cx->mem, "%s leads retirados",
				       number_text(q->cx->mem, removed)),
		NULL);
	return to_import(q, id);
}

/* ---- the rows that were wrong, to be mended and sent again ---- */

typedef struct Mend {
	const SqlCrmImportErrors *error;
	size_t error_count, at;
	size_t column_count;
	SheetWriter *writer;
	bool headings;
	int64_t given;
} Mend;

static Err mend_row(Ctx *cx, const SheetRow *row, void *arg)
{
	SheetCell cell[IMPORT_COLUMNS_MAX + 2];
	Mend *m = arg;

	(void)cx;
	while (m->at < m->error_count && m->error[m->at].line < row->number)
		m->at++;
	if (m->at >= m->error_count || m->error[m->at].line != row->number)
		return OK;
	for (size_t i = 0; i < m->column_count; i++) {
		const char *text = i < row->cell.count ? row->cell.v[i] : "";

		cell[i] = (SheetCell){ .text = text, .empty = !*text };
	}
	cell[m->column_count] = (SheetCell){ .number = row->number };
	cell[m->column_count + 1] = (SheetCell){ .text = m->error[m->at].sentence };
	return sheet_row(m->writer, cell);
}

static Err write_errors(Req *q, const SqlImportRow *import, const char *path)
{
	SheetColumn column[IMPORT_COLUMNS_MAX + 2];
	Look *l = NEW(q->cx->mem, Look);
	Mend m = { 0 };
	SqlCrmImportErrors *error;
	const char *sheet;

	l->cx = q->cx;
	TRY(sql_crm_import_errors(q->cx, import->id, 0, ERRORS_MAX, &error, &m.error_count));
	m.error = error;
	TRY(import_path(q->cx, import->file, &sheet));
	TRY(sheet_read(q->cx, sheet, &(SheetOptions){ .stop_after = 1 }, look, l));
	m.column_count = l->cell_count;
	for (size_t i = 0; i < l->cell_count; i++)
		column[i] = (SheetColumn){ .title = l->cell[i], .kind = SHEET_TEXT };
	column[m.column_count] =
		(SheetColumn){ .title = "Linha da planilha", .kind = SHEET_NUMBER };
	column[m.column_count + 1] =
		(SheetColumn){ .title = "O que corrigir", .kind = SHEET_TEXT, .width = 60 };
	TRY(sheet_open(q->cx, path, SHEET_CSV, "Erros", column, m.column_count + 2, &m.writer));
	TRY(import_path(q->cx, import->file, &sheet));
	TRY(sheet_read(q->cx, sheet, NULL, mend_row, &m));
	return sheet_close(m.writer);
}

/* GET /leads/import/:id/errors: CSV of the rows that did not come in, as they were, and why. 404
 * when the file was forgotten (after a month). */
Err crm_import_errors_sheet(Req *q)
{
	SqlImportRow import;
	const char *path;

	TRY(import_asked(q, &import));
	TRY(sheet_new_path(q->cx, SHEET_CSV, &path));
	TRY(write_errors(q, &import, path));
	return send_sheet(q, path, SHEET_CSV,
		arena_printf(q->cx->mem, "linhas-com-erro-%" PRId64, import.id));
}

/* GET /leads/import/model: a spreadsheet with the headings that need no mapping. */
Err crm_import_model(Req *q)
{
	SheetColumn *column;
	SqlCrmFields *field;
	ImportTarget *target;
	SheetWriter *writer;
	size_t field_count, count;
	const char *path;

	TRY(sql_crm_fields(q->cx, &field, &field_count));
	target = import_targets(q->cx, field, field_count, &count);
	column = NEW_ARRAY(q->cx->mem, SheetColumn, count);
	for (size_t i = 0; i < count; i++)
		column[i] = (SheetColumn){ .title = target[i].title, .kind = SHEET_TEXT };
	TRY(sheet_new_path(q->cx, SHEET_XLSX, &path));
	TRY(sheet_open(q->cx, path, SHEET_XLSX, "Leads", column, count, &writer));
	TRY(sheet_close(writer));
	return send_sheet(q, path, SHEET_XLSX, "modelo-de-leads");
}

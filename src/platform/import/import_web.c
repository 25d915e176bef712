/* Imports: upload, progress, what became of the rows, taking it back. The mapping is
 * import_map_web.c. */
#include <sys/stat.h>

#include "core/clock.h"
#include "platform/import/import_rooms.h"
#include "platform/queue/job.h"
#include "platform/sheet/sheet_answer.h"
#include "platform/storage/storage.h"

enum { ERRORS_MAX = SHEET_ROWS_MAX };

Url import_url(Arena *mem, const ImportKind *kind, int64_t id, const char *tail)
{
	return url_printf(mem, *tail ? "/%s/import/%" PRId64 "/%s" : "/%s/import/%" PRId64,
		kind->area, id, tail);
}

bool import_is_running(const Import *import)
{
	return !strcmp(import->state, "waiting") || !strcmp(import->state, "running") ||
	       !strcmp(import->state, "undoing");
}

static const ImportKind *kind_of(const Req *q)
{
	return q->route->arg;
}

Err import_asked(Req *q, Import *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return kind_of(q)->table->get(q->cx, id, ret);
}

static Err to_import(Req *q, int64_t id)
{
	return redirect_path(q, import_url(q->cx->mem, kind_of(q), id, "").text);
}

/* GET …/import: send a spreadsheet; those that were sent. */
Err import_list(Req *q)
{
	ImportListView view = { .q = q, .kind = kind_of(q) };
	Import *import;

	TRY(view.kind->table->list(q->cx, &import, &view.import_count));
	view.import = import;
	import_list_page(&q->html, &view);
	return send_html(q, 200);
}

/* ---- the file ---- */

Err import_path(Ctx *cx, const Import *import, const char **ret)
{
	int fd;

	if (!import->file)
		return err_tell(cx, ERR_NOT_FOUND,
			"O arquivo desta importação já foi descartado. Envie a planilha de novo.",
			"the file of an import is gone");
	TRY(storage_open(cx, import->file, &fd));
	*ret = arena_printf(cx->mem, "/proc/self/fd/%d", fd);
	return OK;
}

SheetRow import_keep_row(Arena *mem, const SheetRow *row)
{
	const char **cell = NEW_ARRAY(mem, const char *, row->cell.count + 1);

	for (size_t i = 0; i < row->cell.count; i++)
		cell[i] = arena_dup(mem, row->cell.v[i]);
	return (SheetRow){ row->number, { cell, row->cell.count } };
}

static Err each_row(Ctx *cx, const SheetRow *row, void *arg)
{
	ImportHead *head = arg;

	(void)cx;
	head->rows++;
	if (head->row_count == COUNT(head->row))
		return OK;
	head->row[head->row_count++] = import_keep_row(head->cx->mem, row);
	if (row->cell.count > head->column_count)
		head->column_count =
			row->cell.count < IMPORT_COLUMNS_MAX ? row->cell.count : IMPORT_COLUMNS_MAX;
	return OK;
}

Err import_read_head(Ctx *cx, const char *path, bool whole, ImportHead *ret)
{
	const SheetOptions options = { .stop_after = whole ? 0 : IMPORT_PREVIEW + 1 };

	*ret = (ImportHead){ .cx = cx };
	return sheet_read(cx, path, &options, each_row, ret);
}

/* ---- upload ---- */

/* What its first row says the columns are. */
static Err guess_columns(Ctx *cx, const ImportKind *kind, const ImportHead *head, Import *import)
{
	const char **target = NEW_ARRAY(cx->mem, const char *, head->column_count + 1);
	Strs first = head->row[0].cell;
	bool found = false, digits = false;
	ImportMap map;

	TRY(import_map(cx, kind, import, &map));
	for (size_t i = 0; i < head->column_count; i++) {
		const char *heading = i < first.count ? first.v[i] : "";

		target[i] = import_guess(cx, &map, heading, (Strs){ target, i });
		found = found || *target[i];
		digits = digits || strpbrk(heading, "0123456789@");
	}
	import->target = (Strs){ target, head->column_count };
	import->headings = found || !digits;
	return OK;
}

/* PUT …/import: the file. 303 to its mapping; 402 no room in the plan; 413 too large; 422 no
 * spreadsheet, or an empty one. */
Err import_upload(Req *q)
{
	const ImportKind *kind = kind_of(q);
	Import import = { .options = "{\"twins\":\"skip\"}", .user_id = q->cx->user.v };
	ImportHead *head = NEW(q->cx->mem, ImportHead);
	struct stat stat_of_file;
	StoredFile file;
	int64_t id;

	if (stat(q->body_file, &stat_of_file))
		return err_set(q->cx, ERR_UNAVAILABLE, "the upload is gone");
	TRY(kind->spend(q->cx, stat_of_file.st_size));
	TRY(import_read_head(q->cx, q->body_file, /* whole= */ true, head));
	TRY(guess_columns(q->cx, kind, head, &import));
	import.row_count = (int32_t)(head->rows - import.headings);
	if (import.row_count <= 0)
		return err_tell(q->cx, ERR_INVALID, "A planilha não tem nenhuma linha com dados.",
			"upload has no rows");
	TRY(storage_put_file(q->cx, q->body_file, STORAGE_SHEET, &file));
	import.file = file.hash;
	import.file_name = *q->file_name ? q->file_name
					 : arena_printf(q->cx->mem, "Planilha de %s",
						   time_text(q->cx->mem, q->cx->now, q->cx->zone));
	TRY(kind->table->add(q->cx, &import, &id));
	return to_import(q, id);
}

/* ---- one import ---- */

/* GET …/import/:id: the mapping, the progress, or what became of it. */
Err import_show(Req *q)
{
	ImportView view = { .q = q, .kind = kind_of(q) };
	ImportError *error;
	Import import;

	TRY(import_asked(q, &import));
	if (!strcmp(import.state, "mapping"))
		return import_show_map(q, &import);
	view.import = &import;
	TRY(view.kind->table->errors(
		q->cx, import.id, IMPORT_ERRORS_SHOWN, &error, &view.error_count));
	view.error = error;
	import_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET …/import/:id/progress: asked each second while it runs; at the end the page is loaded anew.
 */
Err import_progress(Req *q)
{
	ImportView view = { .q = q, .kind = kind_of(q) };
	Import import;

	TRY(import_asked(q, &import));
	if (!import_is_running(&import))
		return to_import(q, import.id);
	view.import = &import;
	import_progress_part(&q->html, &view);
	return send_html(q, 200);
}

/* POST …/import/:id/resume: one that stopped goes on behind its last row. */
Err import_resume(Req *q)
{
	const Strs failed = { (const char *const[]){ "failed" }, 1 };
	Import import;
	int64_t rows;

	TRY(import_asked(q, &import));
	TRY(kind_of(q)->table->turn(q->cx, import.id, failed, "waiting", &rows));
	if (!rows)
		return err_tell(q->cx, ERR_CONFLICT, "Esta importação não está parada.",
			"import %" PRId64 " is not failed", import.id);
	TRY(import_add_job(q->cx, kind_of(q)->job, import.id));
	return to_import(q, import.id);
}

/* POST …/import/:id/discard: before it began. */
Err import_discard(Req *q)
{
	Import import;
	int64_t rows;

	TRY(import_asked(q, &import));
	TRY(kind_of(q)->table->drop(q->cx, import.id, &rows));
	if (rows && import.file)
		TRY(storage_drop(q->cx, import.file));
	answer_toast(q, "Importação descartada", NULL);
	return redirect(q, "/%s/import", kind_of(q)->area);
}

/* POST …/import/:id/undo: what nobody has touched since is taken back. */
Err import_undo(Req *q)
{
	const Strs over = { (const char *const[]){ "done", "failed" }, 2 };
	const ImportKind *kind = kind_of(q);
	const char *toast = NULL;
	Import import;
	int64_t rows;

	TRY(import_asked(q, &import));
	TRY(kind->table->turn(q->cx, import.id, over, kind->undo_state, &rows));
	if (!rows)
		return err_tell(q->cx, ERR_CONFLICT,
			"Esta importação ainda roda ou já foi desfeita.",
			"import %" PRId64 " has not ended", import.id);
	TRY(kind->undo(q->cx, &import, &toast));
	if (toast)
		answer_toast(q, toast, NULL);
	return to_import(q, import.id);
}

/* ---- the rows that were wrong, to be mended and sent again ---- */

typedef struct Mend {
	const ImportError *error;
	size_t error_count, at;
	size_t column_count;
	SheetWriter *writer;
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

static Err write_errors(Req *q, const Import *import, const char *path)
{
	SheetColumn column[IMPORT_COLUMNS_MAX + 2];
	ImportHead *head = NEW(q->cx->mem, ImportHead);
	ImportError *error;
	const char *sheet;
	Mend m = { 0 };

	TRY(kind_of(q)->table->errors(q->cx, import->id, ERRORS_MAX, &error, &m.error_count));
	m.error = error;
	TRY(import_path(q->cx, import, &sheet));
	TRY(import_read_head(q->cx, sheet, /* whole= */ false, head));
	m.column_count = head->column_count;
	for (size_t i = 0; i < m.column_count; i++)
		column[i] =
			(SheetColumn){ .title = i < head->row[0].cell.count ? head->row[0].cell.v[i]
									    : "" };
	column[m.column_count] =
		(SheetColumn){ .title = "Linha da planilha", .kind = SHEET_NUMBER };
	column[m.column_count + 1] = (SheetColumn){ .title = "O que corrigir", .width = 60 };
	TRY(sheet_open(q->cx, path, SHEET_CSV, "Erros", column, m.column_count + 2, &m.writer));
	TRY(import_path(q->cx, import, &sheet));
	TRY(sheet_read(q->cx, sheet, NULL, mend_row, &m));
	return sheet_close(m.writer);
}

/* GET …/import/:id/errors: CSV of the rows that did not come in, as they were, and why. 404 when
 * the file was let go of (after a month). */
Err import_errors(Req *q)
{
	Import import;
	const char *path;

	TRY(import_asked(q, &import));
	TRY(sheet_new_path(q->cx, SHEET_CSV, &path));
	TRY(write_errors(q, &import, path));
	return send_sheet(q, path, SHEET_CSV,
		arena_printf(q->cx->mem, "linhas-com-erro-%" PRId64, import.id));
}

/* GET …/import/model: a spreadsheet with the headings that need no mapping. */
Err import_model(Req *q)
{
	const ImportKind *kind = kind_of(q);
	SheetColumn *column;
	ImportTarget *target;
	SheetWriter *writer;
	const char *path;
	size_t count;

	TRY(kind->targets(q->cx, &target, &count));
	column = NEW_ARRAY(q->cx->mem, SheetColumn, count);
	for (size_t i = 0; i < count; i++)
		column[i] = (SheetColumn){ .title = target[i].title };
	TRY(sheet_new_path(q->cx, SHEET_XLSX, &path));
	TRY(sheet_open(q->cx, path, SHEET_XLSX, kind->home, column, count, &writer));
	TRY(sheet_close(writer));
	return send_sheet(q, path, SHEET_XLSX, kind->model);
}

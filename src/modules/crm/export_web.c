/* Spreadsheets of leads: at once while they are small, by a job with a notice when not. */
#include "core/money.h"
#include "modules/audit/audit.h"
#include "modules/crm/leads_rooms.h"
#include "modules/crm/crm_web.h"
#include "modules/notice/notice.h"
#include "platform/sheet/sheet_answer.h"
#include "platform/storage/storage.h"

typedef struct ExportForm {
	const char *format, *query;
	Int64s id;
	bool all;
} ExportForm;

static const Field export_fields[] = {
	CHOICE_FIELD(ExportForm, format, "Formato", "csv xlsx", true),
	FIELD(ExportForm, query, FIELD_TEXT, "Filtro", 0, LEADS_QUERY_MAX, false),
	FIELD(ExportForm, id, FIELD_IDS, "Leads", 0, BULK_NOW_MAX, false),
	FIELD(ExportForm, all, FIELD_BOOL, "Todos", 0, 0, false),
};

static SheetFormat format_of(const char *name)
{
	return name && !strcmp(name, "xlsx") ? SHEET_XLSX : SHEET_CSV;
}

/* The file as the answer. */
static Err send_now(Req *q, const ExportAsk *ask)
{
	const char *path;
	int64_t count;

	TRY(export_write(q->cx, ask, EXPORT_NOW_MAX, &path, &count));
	/* who took leads out of the house is a question of the law (LGPD) */
	audit_note_read(q->cx, "lead.export", count);
	return send_sheet(q, path, ask->format, export_name(q->cx, q->cx->now));
}

static Err filter_of(Ctx *cx, const char *query, LeadFilter *ret)
{
	bool odd;

	TRY(lead_filter_parse(cx, query ? query : "", ret, &odd));
	ret->after = 0;
	return odd ? err_tell(cx, ERR_INVALID, "Um filtro não foi entendido. Abra a lista de novo.",
			     "export: odd filter")
		   : OK;
}

/* GET /leads/export?format=csv|xlsx&filters: the spreadsheet of at most 2 000 leads. 422: a filter
 * that is none. 413: more, for which a job must be asked (POST). */
Err crm_export(Req *q)
{
	ExportAsk ask = { .format = format_of(req_query(q, "format")) };
	int64_t total, value;

	TRY(filter_of(q->cx, q->query, &ask.filter));
	TRY(crm_count_leads(q->cx, &ask.filter, &total, &value));
	if (total > EXPORT_NOW_MAX)
		return err_tell(q->cx, ERR_TOO_LARGE,
			"São muitos leads para baixar na hora. Peça a planilha no menu Exportar da "
			"lista: você recebe um aviso quando ela estiver pronta.",
			"%" PRId64 " leads to export", total);
	return send_now(q, &ask);
}

static Err export_later(Req *q, const ExportForm *in, int64_t total)
{
	const char *query = in->query ? in->query : "";
	SqlCrmInsertBatch batch;

	TRY(sql_crm_insert_batch(
		q->cx, "export", query, in->format, (int32_t)total, q->cx->user.v, &batch));
	TRY(job_add(q->cx, "crm.export", arena_printf(q->cx->mem, "{\"id\":%" PRId64 "}", batch.id),
		NULL));
	TRY(audit_add_change(q->cx, &(Change){ .action = "lead.export",
					    .subject = "lead.export",
					    .subject_id = batch.id,
					    .diff = arena_printf(q->cx->mem,
						    "{\"leads\":[null,%" PRId64 "]}", total) }));
	answer_toast(q,
		arena_printf(q->cx->mem,
			"Preparando a planilha de %s leads. Você recebe um aviso quando ela "
			"estiver pronta.",
			number_text(q->cx->mem, total)),
		NULL);
	return redirect_path(q, arena_printf(q->cx->mem, "/leads?%s", query));
}

/* POST /leads/export: format, and id… or all of query. The file; 303 to the list when a job makes
 * it. */
Err crm_ask_export(Req *q)
{
	ExportAsk ask = { 0 };
	int64_t total, value;
	ExportForm in;

	if (!form_read(q, export_fields, COUNT(export_fields), &in))
		return ERR_INVALID;
	ask.format = format_of(in.format);
	if (!in.all && !in.id.count)
		return err_tell(q->cx, ERR_INVALID, "Marque pelo menos um lead.", "no leads");
	if (!in.all) {
		ask.ids = in.id;
		return send_now(q, &ask);
	}
	TRY(filter_of(q->cx, in.query, &ask.filter));
	TRY(crm_count_leads(q->cx, &ask.filter, &total, &value));
	return total > EXPORT_NOW_MAX ? export_later(q, &in, total) : send_now(q, &ask);
}

/* GET /leads/exports/:id: what the job made, for the person who asked. 404: another's, or forgotten
 * (after a week). */
Err crm_send_export(Req *q)
{
	SqlCrmBatchFile row;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(sql_crm_batch_file(q->cx, id, q->cx->user.v, &row));
	return send_file(q, storage_uri(q->cx, row.file), sheet_type(format_of(row.action)),
		arena_printf(q->cx->mem, "%s.%s", export_name(q->cx, row.created_at), row.action),
		/* inline_view= */ false);
}

/* ---- jobs ---- */

/* The job of a large spreadsheet. */
Err export_run(Ctx *cx, const char *data)
{
	ExportAsk ask = { 0 };
	SqlCrmLockBatch batch;
	StoredFile file;
	const char *path;
	int64_t id, count, rows;

	TRY(job_id(cx, data, "id", &id));
	TRY(sql_crm_lock_batch(cx, id, &batch));
	if (strcmp(batch.state, "waiting") != 0)
		return OK;
	cx->user = (UserId){ batch.user_id }; /* "my leads" are theirs */
	TRY(filter_of(cx, batch.query, &ask.filter));
	ask.filter.sort = NULL; /* page by page from the newest: no sorting of all for each page */
	ask.format = format_of(batch.action);
	TRY(export_write(cx, &ask, INT32_MAX, &path, &count));
	TRY(storage_put_file(cx, path, STORAGE_SHEET, &file));
	TRY(sql_crm_end_batch(cx, id, "done", file.hash, (int32_t)count, &rows));
	return notice_add(cx, batch.user_id, "Planilha de leads pronta",
		arena_printf(
			cx->mem, "%s leads. Disponível por 7 dias.", number_text(cx->mem, count)),
		arena_printf(cx->mem, "/leads/exports/%" PRId64, id), "download",
		arena_printf(cx->mem, "crm-batch-%" PRId64, id));
}

/* Daily: let go of spreadsheets that have done their work. */
Err sheets_sweep(Ctx *cx, const char *data)
{
	SqlCrmOldFiles *old;
	size_t count;
	int64_t rows;

	(void)data;
	TRY(sql_crm_old_files(cx, &old, &count));
	for (size_t i = 0; i < count; i++) {
		TRY(storage_drop(cx, old[i].file));
		if (!strcmp(old[i].kind, "batch"))
			TRY(sql_crm_forget_batch_file(cx, old[i].id, &rows));
		else
			TRY(sql_crm_forget_import_file(cx, old[i].id, &rows));
	}
	return OK;
}

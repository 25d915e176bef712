/* The ticked leads of the list, or all of its filter: changed at once, or by a job when they are
 * many. */
#include "core/money.h"
#include "modules/crm/leads_view.h"
#include "modules/notice/notice.h"
#include "platform/web/form_json.h"

typedef struct BulkForm {
	Int64s id;
	bool all;
	const char *query, *action, *tag;
} BulkForm;

static const Field bulk_fields[] = {
	FIELD(BulkForm, id, FIELD_IDS, "Leads", 0, BULK_NOW_MAX, false),
	FIELD(BulkForm, all, FIELD_BOOL, "Todos", 0, 0, false),
	FIELD(BulkForm, query, FIELD_TEXT, "Filtro", 0, LEADS_QUERY_MAX, false),
	FIELD(BulkForm, action, FIELD_TEXT, "O que fazer", 1, 200, true),
	FIELD(BulkForm, tag, FIELD_TEXT, "Etiqueta", 0, 60, false),
};

static Err back_to_list(Req *q, const char *query)
{
	return redirect_path(q, arena_printf(q->cx->mem, "/leads?%s", query ? query : ""));
}

static const char *leads_text(Ctx *cx, int64_t n)
{
	return arena_printf(cx->mem, "%s %s", number_text(cx->mem, n), n == 1 ? "lead" : "leads");
}

/* "9 leads mudados, 3 já estavam assim" */
static const char *changed_text(Ctx *cx, int64_t changed, int64_t all)
{
	if (!changed)
		return "Nenhum lead precisou mudar";
	return changed == all
		       ? arena_printf(cx->mem, "%s %s", leads_text(cx, changed),
				 changed == 1 ? "mudado" : "mudados")
		       : arena_printf(cx->mem, "%s %s, %s já %s assim", leads_text(cx, changed),
				 changed == 1 ? "mudado" : "mudados",
				 number_text(cx->mem, all - changed),
				 all - changed == 1 ? "estava" : "estavam");
}

static Err filter_of(Ctx *cx, const char *query, LeadFilter *ret)
{
	bool odd;

	TRY(lead_filter_parse(cx, query ? query : "", ret, &odd));
	ret->sort = NULL; /* by id: a job can go on where it was */
	ret->after = 0;
	return odd ? err_tell(cx, ERR_INVALID, "Um filtro não foi entendido. Abra a lista de novo.",
			     "bulk change: odd filter")
		   : OK;
}

static Err ids_of(Ctx *cx, const LeadFilter *filter, Int64s *ret)
{
	LeadFilter page = *filter;
	size_t count;
	int64_t *id, next;
	Lead *lead;

	page.limit = BULK_NOW_MAX;
	TRY(crm_list_leads(cx, &page, &lead, &count, &next));
	id = NEW_ARRAY(cx->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++)
		id[i] = lead[i].id;
	*ret = (Int64s){ id, count };
	return OK;
}

static Err change_now(Req *q, const BulkForm *in, const BulkAction *action, Int64s ids)
{
	int64_t changed = 0;
	bool did;

	for (size_t i = 0; i < ids.count; i++) {
		TRY(bulk_change(q->cx, action, ids.v[i], &did));
		changed += did;
	}
	answer_toast(q, changed_text(q->cx, changed, (int64_t)ids.count), NULL);
	return back_to_list(q, in->query);
}

static Err change_later(Req *q, const BulkForm *in, const char *action, int64_t total)
{
	SqlCrmInsertBatch batch;

	TRY(sql_crm_insert_batch(q->cx, "change", in->query ? in->query : "", action,
		(int32_t)total, q->cx->user.v, &batch));
	TRY(job_add(q->cx, "crm.bulk", arena_printf(q->cx->mem, "{\"id\":%" PRId64 "}", batch.id),
		NULL));
	answer_toast(q,
		arena_printf(q->cx->mem, "Mudando %s. Você recebe um aviso no fim.",
			leads_text(q->cx, total)),
		NULL);
	return back_to_list(q, in->query);
}

/* POST /leads/bulk: id… or all of query; action "owner 5", "stage 3", "lose 2", "tag" with its
 * text. 303 back to the list; 422 without leads or with an action that is none. */
Err crm_bulk(Req *q)
{
	int64_t total, value;
	const char *text;
	BulkAction action;
	LeadFilter filter;
	BulkForm in;

	if (!form_read(q, bulk_fields, COUNT(bulk_fields), &in))
		return ERR_INVALID;
	text = strcmp(in.action, "tag") != 0
		       ? in.action
		       : arena_printf(q->cx->mem, "tag %s", in.tag ? in.tag : "");
	TRY(bulk_parse(q->cx, text, &action));
	if (!in.all && !in.id.count)
		return err_tell(q->cx, ERR_INVALID, "Marque pelo menos um lead.", "no leads");
	if (!in.all)
		return change_now(q, &in, &action, in.id);
	TRY(filter_of(q->cx, in.query, &filter));
	TRY(crm_count_leads(q->cx, &filter, &total, &value));
	if (total > BULK_NOW_MAX)
		return change_later(q, &in, text, total);
	TRY(ids_of(q->cx, &filter, &in.id));
	return change_now(q, &in, &action, in.id);
}

/* ---- the job ---- */

static Err tell_end(Ctx *cx, int64_t id, const SqlCrmLockBatch *batch, int64_t changed)
{
	int64_t rows;

	TRY(sql_crm_end_batch(cx, id, "done", NULL, (int32_t)changed, &rows));
	return notice_add(cx, batch->user_id, "Mudança em massa concluída",
		changed_text(
			cx, changed, batch->lead_count > changed ? batch->lead_count : changed),
		"/leads", "list-checks", arena_printf(cx->mem, "crm-batch-%" PRId64, id));
}

/* Some leads in one transaction; *ret_next is 0 behind the last of them. */
static Err change_some(
	Ctx *cx, int64_t id, const BulkAction *action, const LeadFilter *filter, int64_t *ret_next)
{
	int64_t changed = 0, last, rows;
	size_t count;
	Lead *lead;
	bool did;

	TRY(crm_list_leads(cx, filter, &lead, &count, ret_next));
	for (size_t i = 0; i < count; i++) {
		TRY(bulk_change(cx, action, lead[i].id, &did));
		changed += did;
	}
	last = count ? lead[count - 1].id : 0;
	TRY(sql_crm_step_batch(cx, id, last, (int32_t)changed, &rows));
	return rows ? OK : err_set(cx, ERR_STALE, "batch %" PRId64 " was ended", id);
}

static void free_arena(void *mem)
{
	arena_free(mem);
}

/* The job of a change: from the newest lead to the oldest, a few in each transaction, so that
 * nobody waits long for a lead and a job that is run again goes on where it was. */
Err bulk_run(Ctx *cx, const char *data)
{
	Ctx part = *cx; /* what one transaction needs goes with it: leads may be many */
	SqlCrmLockBatch batch;
	BulkAction action;
	LeadFilter filter;
	int64_t id, next;

	TRY(job_id(cx, data, "id", &id));
	part.mem = arena_new(ARENA_LIMIT);
	arena_defer(cx->mem, free_arena, part.mem);
	do {
		Err err;

		TRY(sql_crm_lock_batch(cx, id, &batch));
		if (strcmp(batch.state, "waiting") != 0)
			return OK;
		cx->user = part.user = (UserId){ batch.user_id };
		TRY(bulk_parse(cx, batch.action, &action));
		TRY(filter_of(cx, batch.query, &filter));
		filter.after = batch.after_id;
		filter.limit = BATCH_LEADS;
		err = change_some(&part, id, &action, &filter, &next);
		if (err != OK) {
			cx->err = part.err;
			return err;
		}
		if (!next)
			break; /* what waits for the commit lives in part.mem */
		TRY(job_step(cx));
		arena_reset(part.mem);
	} while (true);
	TRY(sql_crm_lock_batch(cx, id, &batch));
	return tell_end(cx, id, &batch, batch.done_count);
}

/* Configurações of the automations: the rules of a stage, in order; the form of one; its last runs.
 */
#include "modules/crm/automation_view.h"

enum { RUNS_SHOWN = 30 };

/* ---- the rules of a stage ---- */

static const Stage *stage_or_first(const RuleChoices *choice, int64_t id)
{
	const Stage *stage = rule_stage(choice, id);

	if (stage || !choice->pipeline_count || !choice->pipeline[0].stage_count)
		return stage;
	return &choice->pipeline[0].stage[0];
}

/* GET /settings/automations?stage= */
Err crm_list_rules(Req *q)
{
	RulesView view = { .q = q };
	SqlRuleCounts *count;
	SqlRuleList *rule;
	RuleLine *line;
	RuleForm form;

	TRY(rule_choices(q->cx, &view.choice));
	view.stage = stage_or_first(&view.choice, req_query_int(q, "stage", 0));
	if (!view.stage)
		return err_tell(q->cx, ERR_NOT_FOUND,
			"A clínica ainda não tem um funil. Crie um em Configurações, Funis.",
			"no stage");
	TRY(sql_rule_counts_send(q->cx));
	TRY(sql_rule_list_send(q->cx, view.stage->id));
	TRY(sql_rule_counts_read(q->cx, &count, &view.count_count));
	TRY(sql_rule_list_read(q->cx, &rule, &view.line_count));
	line = NEW_ARRAY(q->cx->mem, RuleLine, view.line_count + 1);
	for (size_t i = 0; i < view.line_count; i++) {
		TRY(rule_form_of(q->cx, rule[i].action, rule[i].after_days, rule[i].params, &form));
		line[i] = (RuleLine){ &rule[i], rule_words(q->cx, &form, &view.choice) };
	}
	view.count = count;
	view.line = line;
	crm_rules_page(&q->html, &view);
	return send_html(q, 200);
}

/* ---- one rule ---- */

static Err page_of(Req *q, RuleView *view, int status)
{
	SqlRuleRuns *run;

	if (view->rule) {
		TRY(sql_rule_runs(q->cx, view->rule->id, RUNS_SHOWN, &run, &view->run_count));
		view->run = run;
	}
	crm_rule_page(&q->html, view);
	return send_html(q, status);
}

static Err stage_asked(Req *q, int64_t id, RuleView *ret)
{
	TRY(rule_choices(q->cx, &ret->choice));
	ret->stage = rule_stage(&ret->choice, id);
	if (!ret->stage)
		return err_set(q->cx, ERR_NOT_FOUND, "no stage %" PRId64, id);
	return OK;
}

static const RuleForm fresh = { .timing = "enter",
	.action = "task",
	.after_days = 3,
	.due = 1,
	.due_unit = "hours",
	.task_type = "call",
	.mode = "turns" };

/* GET /settings/automations/new?stage= */
Err crm_blank_rule(Req *q)
{
	RuleView view = { .q = q, .in = &fresh };

	TRY(stage_asked(q, req_query_int(q, "stage", 0), &view));
	return page_of(q, &view, 200);
}

static Err rule_asked(Req *q, SqlRuleRow *row, RuleForm *form, RuleView *view)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(sql_rule_by_id(q->cx, id, row));
	TRY(rule_form_of(q->cx, row->action, row->after_days, row->params, form));
	view->rule = row;
	view->in = form;
	return stage_asked(q, row->stage_id, view);
}

/* GET /settings/automations/:id. 404: it is gone, or its stage was archived. */
Err crm_edit_rule(Req *q)
{
	RuleView view = { .q = q };
	SqlRuleRow row;
	RuleForm form;

	TRY(rule_asked(q, &row, &form, &view));
	return page_of(q, &view, 200);
}

static Err read_rule(Req *q, const RuleView *view, RuleForm *in)
{
	if (!form_read(q, rule_fields, rule_field_count, in))
		return ERR_INVALID;
	TRY(rule_check(q->cx, in, view->stage->id, &view->choice));
	if (!strcmp(in->timing, "enter"))
		in->after_days = 0;
	return OK;
}

/* Those who have been there for longer already are told of in the toast: the rule is theirs too. */
static Err tell_waiting(Req *q, const RuleForm *in, int64_t stage, const char *saved)
{
	SqlRuleWaiting waiting = { 0 };

	if (in->after_days)
		TRY(sql_rule_waiting(q->cx, stage, q->cx->now - in->after_days * 86400, &waiting));
	answer_toast(q,
		waiting.n ? arena_printf(q->cx->mem,
				    "%s. Vale já para %" PRId64 " %s há mais tempo na etapa.",
				    saved, waiting.n, waiting.n == 1 ? "lead" : "leads")
			  : saved,
		NULL);
	return OK;
}

static Err back(Req *q, const char *action, int64_t rule, int64_t stage)
{
	TRY(audit_add_change(
		q->cx, &(Change){ .action = action, .subject = "rule", .subject_id = rule }));
	return redirect(q, "/settings/automations?stage=%" PRId64, stage);
}

/* POST /settings/automations?stage=. 303 to the list; 422 with what is wrong; 409: the stage is
 * full. */
Err crm_create_rule(Req *q)
{
	RuleView view = { .q = q, .in = &fresh };
	RuleForm in;
	SqlRuleInsert row;
	SqlRuleList *old;
	size_t count;
	Err err;

	TRY(stage_asked(q, req_query_int(q, "stage", 0), &view));
	err = read_rule(q, &view, &in);
	if (err == ERR_INVALID)
		return page_of(q, &view, 422);
	TRY(err);
	TRY(sql_rule_list(q->cx, view.stage->id, &old, &count));
	if (count >= RULES_OF_STAGE)
		return err_tell(q->cx, ERR_CONFLICT,
			"Esta etapa já tem 20 automações, o máximo. Exclua uma antes.",
			"stage %" PRId64 " is full", view.stage->id);
	TRY(sql_rule_insert(q->cx, view.stage->id, (int32_t)in.after_days, in.action,
		rule_params(q->cx, &in), &row));
	TRY(tell_waiting(q, &in, view.stage->id, "Automação criada"));
	return back(q, "rule.create", row.id, view.stage->id);
}

/* POST /settings/automations/:id. 303 to the list; 422 with what is wrong. */
Err crm_update_rule(Req *q)
{
	RuleView view = { .q = q };
	SqlRuleRow row;
	RuleForm stored, in;
	int64_t rows;
	Err err;

	TRY(rule_asked(q, &row, &stored, &view));
	err = read_rule(q, &view, &in);
	if (err == ERR_INVALID)
		return page_of(q, &view, 422);
	TRY(err);
	TRY(sql_rule_update(
		q->cx, row.id, (int32_t)in.after_days, in.action, rule_params(q->cx, &in), &rows));
	TRY(tell_waiting(q, &in, row.stage_id, "Automação salva"));
	return back(q, "rule.update", row.id, row.stage_id);
}

static Err set_active(Req *q, bool active)
{
	SqlRuleRow row;
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_rule_by_id(q->cx, id, &row));
	TRY(sql_rule_activate(q->cx, id, active, &rows));
	answer_toast(q, active ? "Automação ativada" : "Automação pausada", NULL);
	return back(q, "rule.update", id, row.stage_id);
}

/* POST /settings/automations/:id/activate */
Err crm_activate_rule(Req *q)
{
	return set_active(q, true);
}

/* POST /settings/automations/:id/pause */
Err crm_pause_rule(Req *q)
{
	return set_active(q, false);
}

/* POST /settings/automations/:id/remove: with the list of its runs; what it did stays on the
 * timelines. */
Err crm_remove_rule(Req *q)
{
	SqlRuleRow row;
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_rule_by_id(q->cx, id, &row));
	TRY(sql_rule_forget_runs(q->cx, id, &rows));
	TRY(sql_rule_delete(q->cx, id, &rows));
	answer_toast(q, "Automação excluída", NULL);
	return back(q, "rule.delete", id, row.stage_id);
}

/* ---- order ---- */

/* PATCH /settings/automations/order?stage=: ids in their new order. */
Err crm_order_rules(Req *q)
{
	int64_t rows;
	Int64s ids;

	TRY(order_read(q, &ids));
	TRY(sql_rule_order(q->cx, req_query_int(q, "stage", 0), ids, &rows));
	TRY(order_is_whole(q->cx, ids, rows));
	return send_nothing(q);
}

static Err shift(Req *q, int by)
{
	size_t count, at = 0;
	int64_t id, rows, ids[50];
	SqlRuleList *rule;
	SqlRuleRow row;

	TRY(req_id(q, "id", &id));
	TRY(sql_rule_by_id(q->cx, id, &row));
	TRY(sql_rule_list(q->cx, row.stage_id, &rule, &count));
	for (size_t i = 0; i < count && i < COUNT(ids); i++) {
		ids[i] = rule[i].id;
		if (ids[i] == id)
			at = i;
	}
	if (order_shift(ids, count, at, by))
		TRY(sql_rule_order(q->cx, row.stage_id, (Int64s){ ids, count }, &rows));
	answer_toast(q, "Ordem mudada", NULL);
	return redirect(q, "/settings/automations?stage=%" PRId64, row.stage_id);
}

/* POST /settings/automations/:id/up */
Err crm_rule_up(Req *q)
{
	return shift(q, -1);
}

/* POST /settings/automations/:id/down */
Err crm_rule_down(Req *q)
{
	return shift(q, 1);
}

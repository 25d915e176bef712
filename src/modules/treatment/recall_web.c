/* Retornos: the list to work through, one recall, patients to win back, the rules. */
#include "modules/treatment/recall_view.h"

enum { AHEAD_DAYS = 30, LOST_MONTHS = 12 };

static bool is_one_of(const char *list)
{
	return !strcmp(list, "due") || !strcmp(list, "scheduled") || !strcmp(list, "declined") ||
	       !strcmp(list, "lost");
}

static Err fill_list(Req *q, RecallsView *view)
{
	LostPatient *lost;
	Recall *recall;

	if (!strcmp(view->list, "lost")) {
		TRY(recall_list_lost(q->cx, view->months, &lost, &view->lost_count));
		view->lost = lost;
		return OK;
	}
	if (!strcmp(view->list, "due"))
		TRY(recall_list_due(q->cx, view->today + AHEAD_DAYS, view->rule_id, &recall,
			&view->recall_count));
	else
		TRY(recall_list_state(q->cx, view->list, &recall, &view->recall_count));
	view->recall = recall;
	return OK;
}

/* GET /recalls?list=&rule=&months= */
static Err list(Req *q)
{
	const char *asked = req_query(q, "list");
	int64_t months = req_query_int(q, "months", LOST_MONTHS);
	RecallsView view = { .q = q,
		.list = asked && is_one_of(asked) ? asked : "due",
		.rule_id = req_query_int(q, "rule", 0),
		.months = months >= 3 && months <= 60 ? (int)months : LOST_MONTHS,
		.today = date_today(q->cx->now, q->cx->zone) };
	RecallRule *rule;

	TRY(fill_list(q, &view));
	TRY(recall_count(q->cx, &view.counts));
	TRY(recall_list_rules(q->cx, &rule, &view.rule_count));
	view.rule = rule;
	recall_page(&q->html, &view);
	return send_html(q, 200);
}

static Err show_one(Req *q, int64_t id, int status)
{
	RecallView view = { .q = q };
	RecallAttempt *attempt;
	Recall recall;

	TRY(recall_get(q->cx, id, &recall));
	TRY(recall_list_attempts(q->cx, id, &attempt, &view.attempt_count));
	view.recall = &recall;
	view.attempt = attempt;
	recall_one(&q->html, &view);
	return send_html(q, status);
}

/* GET /recalls/:id */
static Err show(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return show_one(q, id, 200);
}

static Err done(Req *q, Err err, int64_t id, const char *toast)
{
	if (err == ERR_INVALID)
		return show_one(q, id, 422);
	TRY(err);
	answer_toast(q, toast, NULL);
	return redirect(q, "/recalls");
}

/* POST /recalls/:id/attempts. 303 to the list; 422 with the form. */
static Err attempt(Req *q)
{
	AttemptForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	return done(q,
		form_read(q, attempt_fields, attempt_field_count, &in) ? recall_try(q->cx, id, &in)
								       : ERR_INVALID,
		id, "Contato registrado");
}

/* POST /recalls/:id. 303 to the list; 422 with the form. */
static Err move(Req *q)
{
	RecallForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	return done(q,
		form_read(q, recall_fields, recall_field_count, &in) ? recall_move(q->cx, id, &in)
								     : ERR_INVALID,
		id, "Retorno salvo");
}

typedef struct CancelForm {
	const char *note;
} CancelForm;

static const Field cancel_fields[] = {
	FIELD(CancelForm, note, FIELD_TEXT, "Motivo", 1, 300, true),
};

/* POST /recalls/:id/cancel. 303 to the list; 422 with the form. */
static Err cancel(Req *q)
{
	CancelForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	return done(q,
		form_read(q, cancel_fields, COUNT(cancel_fields), &in)
			? recall_cancel(q->cx, id, in.note)
			: ERR_INVALID,
		id, "Retorno cancelado");
}

/* POST /patients/:id/reactivation. 303 to the recall. */
static Err reactivate(Req *q)
{
	int64_t id, recall;

	TRY(req_id(q, "id", &id));
	TRY(recall_reactivate(q->cx, (PatientId){ id }, &recall));
	return redirect(q, "/recalls/%" PRId64, recall);
}

static Err page_rules(Req *q, int64_t open, int status)
{
	RecallRulesView view = { .q = q, .open = open };
	RecallRule *rule;

	TRY(recall_list_rules(q->cx, &rule, &view.rule_count));
	view.rule = rule;
	recall_rules_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/recalls?open= */
static Err rules(Req *q)
{
	return page_rules(q, req_query_int(q, "open", -1), 200);
}

static Err save_rule(Req *q, int64_t id)
{
	RecallRuleForm in;
	Err err = ERR_INVALID;

	if (form_read(q, recall_rule_fields, recall_rule_field_count, &in))
		err = recall_save_rule(q->cx, id, &in);
	if (err == ERR_INVALID)
		return page_rules(q, id, 422);
	TRY(err);
	answer_toast(q, "Regra salva", NULL);
	return redirect(q, "/settings/recalls");
}

/* POST /settings/recalls */
static Err create_rule(Req *q)
{
	return save_rule(q, 0);
}

/* POST /settings/recalls/:id */
static Err update_rule(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return save_rule(q, id);
}

static const Route routes[] = {
	{ GET, "/recalls", list, "treatment.recall" },
	{ GET, "/recalls/:id", show, "treatment.recall" },
	{ POST, "/recalls/:id", move, "treatment.recall" },
	{ POST, "/recalls/:id/attempts", attempt, "treatment.recall" },
	{ POST, "/recalls/:id/cancel", cancel, "treatment.recall" },
	{ POST, "/patients/:id/reactivation", reactivate, "treatment.recall" },
	{ GET, "/settings/recalls", rules, "treatment.admin" },
	{ POST, "/settings/recalls", create_rule, "treatment.admin" },
	{ POST, "/settings/recalls/:id", update_rule, "treatment.admin" },
};

const RouteList recall_routes = { routes, COUNT(routes), &plan_routes };

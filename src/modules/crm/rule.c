/* Automations of a stage: what happens by itself when a lead enters it or has stayed for some days;
 * and so how a lead is made or moved, which both enter a stage. A rule runs once for each stay of a
 * lead (the key of crm.rule_run). What came of it is noted there, and what it did stands on the
 * lead's timeline. Rules that send a lead round and round are cut: a rule that comes again in one
 * transaction, a chain of RULES_IN_A_ROW, and a rule that ran RUNS_A_MONTH times for one lead
 * within 30 days (a circle of rules of days). */
#include "modules/account/account.h"
#include "modules/crm/automation.sql.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"
#include "modules/notice/notice.h"
#include "modules/webhook/webhook.h"
#include "platform/db/db.h"
#include "platform/web/form_json.h"

enum { RULES_IN_A_ROW = 6, RUNS_A_MONTH = 10, RULES_A_TICK = 50, USERS_MAX = 50 };

typedef struct Rule {
	int64_t id;
	const char *action, *params;
} Rule;

/* What an action has done. */
typedef struct Outcome {
	bool skipped; /* there was nothing to do */
	int64_t user; /* whom an assignment chose */
} Outcome;

static const char *param_text(const json_t *params, const char *name, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(params, name));

	return str_is_empty(text) ? otherwise : text;
}

static int64_t param_int(const json_t *params, const char *name)
{
	return json_integer_value(json_object_get(params, name));
}

static Err make_task(
	Ctx *cx, const Rule *rule, const Lead *lead, const json_t *params, Outcome *outcome)
{
	int64_t task, hours = param_int(params, "due_hours"), user = param_int(params, "user");

	(void)rule;
	(void)outcome;
	return crm_add_task(cx,
		&(TaskForm){ .type = param_text(params, "type", "call"),
			.title = param_text(params, "title", "Entrar em contato"),
			.due_at = cx->now + (hours ? hours : 1) * 3600,
			.lead_id = lead->id,
			.assignee_id = user ? user : lead->owner_id,
			.remind_min = param_int(params, "remind_min") },
		&task);
}

static Err choose(Ctx *cx, const Rule *rule, const json_t *params, Int64s users, int64_t *ret,
	bool *ret_found)
{
	SqlRuleNextByTurns turn = { 0 };
	SqlRuleNextByLoad least = { 0 };

	if (!strcmp(param_text(params, "mode", "turns"), "load")) {
		TRY(sql_rule_next_by_load(cx, users, &least, ret_found));
		*ret = least.user_id;
	} else {
		TRY(sql_rule_next_by_turns(cx, rule->id, users, &turn, ret_found));
		*ret = turn.user_id;
	}
	return OK;
}

static Err assign(
	Ctx *cx, const Rule *rule, const Lead *lead, const json_t *params, Outcome *outcome)
{
	const json_t *list = json_object_get(params, "users");
	int64_t users[USERS_MAX];
	size_t count = 0;
	bool found;

	outcome->skipped = lead->owner_id && !json_is_true(json_object_get(params, "always"));
	if (outcome->skipped)
		return OK;
	for (size_t i = 0; i < json_array_size(list) && count < USERS_MAX; i++)
		users[count++] = json_integer_value(json_array_get(list, i));
	TRY(choose(cx, rule, params, (Int64s){ users, count }, &outcome->user, &found));
	if (!found)
		return err_set(cx, ERR_NOT_FOUND, "nobody of rule %" PRId64 " is left", rule->id);
	return crm_set_owner(cx, (LeadId){ lead->id }, outcome->user);
}

static Err notify(
	Ctx *cx, const Rule *rule, const Lead *lead, const json_t *params, Outcome *outcome)
{
	int64_t user = param_int(params, "user") ? param_int(params, "user") : lead->owner_id;
	const char *text = param_text(params, "text", "Um lead precisa de você");
	Member member;

	(void)rule;
	(void)outcome;
	if (!user)
		return lead_tell_team(cx, (LeadId){ lead->id }, text, lead->name, "zap");
	TRY(account_get_member(cx, user, &member));
	if (!member.active)
		return err_set(cx, ERR_NOT_FOUND, "user %" PRId64 " has left", user);
	return notice_add(cx, user, text, lead->name,
		arena_printf(cx->mem, "/leads/%" PRId64, lead->id), "zap", NULL);
}

static Err deliver(
	Ctx *cx, const Rule *rule, const Lead *lead, const json_t *params, Outcome *outcome)
{
	Json json;

	(void)rule;
	(void)outcome;
	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_out(&json, lead_out, lead_out_count, lead);
	return webhook_deliver(cx, param_int(params, "webhook"), "lead.rule", json_done(&json));
}

static Err move(Ctx *cx, const Rule *rule, const Lead *lead, const json_t *params, Outcome *outcome)
{
	int64_t stage = param_int(params, "stage");

	(void)rule;
	outcome->skipped = stage == lead->stage_id;
	return outcome->skipped ? OK
				: crm_move_lead(cx, (LeadId){ lead->id }, stage, /* before= */ 0);
}

static const struct {
	const char *action, *title;
	Err (*run)(Ctx *cx, const Rule *rule, const Lead *lead, const json_t *params,
		Outcome *outcome);
} actions[] = {
	{ "task", "Automação criou uma tarefa", make_task },
	{ "assign", "Automação escolheu o responsável", assign },
	{ "notify", "Automação avisou a equipe", notify },
	{ "move", "Automação moveu o lead", move },
	{ "webhook", "Automação avisou outro sistema", deliver },
};

static Err run(Ctx *cx, LeadId id, const Rule *rule, Outcome *outcome)
{
	json_t *params;
	Lead lead;

	TRY(json_parse(cx, str_of(rule->params), &params));
	TRY(crm_get_lead(cx, id, &lead));
	for (size_t i = 0; i < COUNT(actions); i++) {
		if (strcmp(actions[i].action, rule->action) != 0)
			continue;
		TRY(actions[i].run(cx, rule, &lead, params, outcome));
		return outcome->skipped ? OK : lead_event(cx, id, "rule", actions[i].title, NULL);
	}
	return err_set(cx, ERR_BUG, "unknown action of a rule: %s", rule->action);
}

static Err note(
	Ctx *cx, LeadId id, int64_t stay, const Rule *rule, const char *result, int64_t user)
{
	int64_t rows;

	return sql_rule_note_run(cx, rule->id, id.v, stay, result, db_id_or_null(&user), &rows);
}

static Err is_loop(Ctx *cx, LeadId id, const Rule *rule, bool *ret)
{
	SqlCrmRulesRunNow chain;
	SqlRuleRan ran;

	TRY(sql_crm_rules_run_now_send(cx, id.v));
	TRY(sql_rule_ran_send(cx, rule->id, id.v));
	TRY(sql_crm_rules_run_now_read(cx, &chain));
	TRY(sql_rule_ran_read(cx, &ran));
	*ret = chain.n >= RULES_IN_A_ROW || ran.now_count || ran.month_count >= RUNS_A_MONTH;
	return OK;
}

/* The action behind a savepoint: a rule that points at something gone is noted, not fatal. */
static Err run_claimed(Ctx *cx, LeadId id, int64_t stay, const Rule *rule)
{
	size_t bad_count = cx->bad_count;
	Outcome outcome = { 0 };
	Err err;

	TRY(db_savepoint(cx));
	err = db_settle(cx, run(cx, id, rule, &outcome));
	if (err == ERR_UNAVAILABLE || err == ERR_BUG)
		return err;
	if (err == OK) {
		if (!outcome.skipped && !outcome.user)
			return OK;
		return note(cx, id, stay, rule, outcome.skipped ? "skipped" : "done", outcome.user);
	}
	cx->bad_count = bad_count;
	cx->err.log = cx->err.sentence = NULL;
	TRY(note(cx, id, stay, rule, "failed", 0));
	return lead_event(
		cx, id, "rule", "Automação não pôde ser feita: confira a regra da etapa", NULL);
}

static Err run_once(Ctx *cx, LeadId id, int64_t stay, const Rule *rule)
{
	int64_t rows;
	bool loop;

	TRY(is_loop(cx, id, rule, &loop));
	TRY(sql_crm_claim_rule(cx, rule->id, id.v, stay, loop ? "loop" : "done", &rows));
	if (loop) {
		TRY(note(cx, id, stay, rule, "loop", 0));
		return lead_event(
			cx, id, "rule", "Automação interrompida: as regras se repetiam", NULL);
	}
	return rows ? run_claimed(cx, id, stay, rule) : OK;
}

Err rule_on_enter(Ctx *cx, LeadId id, int64_t stage, int64_t stay)
{
	SqlCrmStageRules *rule;
	size_t count;

	TRY(sql_crm_stage_rules(cx, stage, 0, &rule, &count));
	for (size_t i = 0; i < count; i++)
		TRY(run_once(cx, id, stay, &(Rule){ rule[i].id, rule[i].action, rule[i].params }));
	return OK;
}

/* ---- the two ways into a stage ---- */

Err crm_add_lead(Ctx *cx, const LeadForm *in, LeadOrigin origin, LeadId *ret)
{
	int64_t stage, stay;
	LeadId id;

	TRY(lead_insert(cx, in, origin, &id, &stage, &stay));
	TRY(rule_on_enter(cx, id, stage, stay));
	TRY(lead_tell(cx, id, "lead.created"));
	*ret = id;
	return OK;
}

Err crm_move_lead(Ctx *cx, LeadId id, int64_t stage, int64_t before)
{
	bool entered;

	TRY(lead_put(cx, id, stage, before, &entered));
	if (!entered)
		return OK;
	TRY(rule_on_enter(cx, id, stage, cx->now));
	return lead_tell(cx, id, "lead.moved");
}

/* ---- rules of days ---- */

/* A few leads a transaction, so that nobody who works on one of them waits; as long as there are
 * more, the next few follow at once. */
Err rule_tick(Ctx *cx, const char *data)
{
	SqlCrmRulesDue *due;
	size_t count;

	(void)data;
	TRY(sql_crm_rules_due(cx, cx->now, RULES_A_TICK, &due, &count));
	for (size_t i = 0; i < count; i++)
		TRY(run_once(cx, (LeadId){ due[i].lead_id }, due[i].stay,
			&(Rule){ due[i].rule_id, due[i].action, due[i].params }));
	return count < RULES_A_TICK ? OK : job_add(cx, "crm.rules", "{}", NULL);
}

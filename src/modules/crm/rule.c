/* Automations of a stage: what happens by itself when a lead enters it or has stayed for some days.
 * A rule runs once for each stay of a lead (the key of crm.rule_run); a chain of rules that moves a lead
 * round and round is cut after RULES_IN_A_ROW in one transaction, and the timeline says so. */
#include "modules/account/account.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"
#include "modules/notice/notice.h"
#include "modules/webhook/webhook.h"
#include "platform/db/db.h"
#include "platform/web/form_json.h"

enum { RULES_IN_A_ROW = 6, RULES_A_TICK = 200, USERS_MAX = 50 };

static const char *param_text(const json_t *params, const char *name, const char *otherwise)
{
	const char *text = json_string_value(json_object_get(params, name));

	return str_is_empty(text) ? otherwise : text;
}

static int64_t param_int(const json_t *params, const char *name)
{
	return json_integer_value(json_object_get(params, name));
}

static Err make_task(Ctx *cx, const Lead *lead, const json_t *params)
{
	int64_t task, hours = param_int(params, "due_hours");

	return crm_add_task(cx,
		&(TaskForm){ .type = param_text(params, "type", "call"),
			.title = param_text(params, "title", "Entrar em contato"),
			.due_at = cx->now + (hours ? hours : 1) * 3600, .lead_id = lead->id,
			.assignee_id = lead->owner_id, .remind_min = param_int(params, "remind_min") },
		&task);
}

static Err assign(Ctx *cx, const Lead *lead, const json_t *params)
{
	const json_t *list = json_object_get(params, "users");
	int64_t users[USERS_MAX];
	size_t count = 0;
	SqlCrmNextOwner next;
	bool found;

	for (size_t i = 0; i < json_array_size(list) && count < USERS_MAX; i++)
		users[count++] = json_integer_value(json_array_get(list, i));
	if (lead->owner_id && !json_is_true(json_object_get(params, "always")))
		return OK;
	TRY(sql_crm_next_owner(cx, (Int64s){ users, count },
		!strcmp(param_text(params, "mode", "turns"), "load"), &next, &found));
	return found ? crm_set_owner(cx, (LeadId){ lead->id }, next.user_id) : OK;
}

static Err notify(Ctx *cx, const Lead *lead, const json_t *params)
{
	int64_t user = param_int(params, "user") ? param_int(params, "user") : lead->owner_id;

	if (!user)
		return OK;
	return notice_add(cx, user, param_text(params, "text", "Um lead precisa de você"), lead->name,
		arena_printf(cx->mem, "/leads/%" PRId64, lead->id), "zap", NULL);
}

static Err deliver(Ctx *cx, const Lead *lead, const json_t *params)
{
	Json json;
	Err err;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_out(&json, lead_out, lead_out_count, lead);
	err = webhook_deliver(cx, param_int(params, "webhook"), "lead.rule", json_done(&json));
	return err == ERR_NOT_FOUND ? OK : err; /* the webhook was removed meanwhile */
}

static const struct {
	const char *action, *title;
	Err (*run)(Ctx *cx, const Lead *lead, const json_t *params);
} actions[] = {
	{ "task", "Automação criou uma tarefa", make_task },
	{ "assign", "Automação escolheu o responsável", assign },
	{ "notify", "Automação avisou a equipe", notify },
	{ "webhook", "Automação avisou outro sistema", deliver },
};

static Err run(Ctx *cx, LeadId id, const char *action, const char *text)
{
	json_t *params;
	Lead lead;

	TRY(json_parse(cx, str_of(text), &params));
	TRY(crm_get_lead(cx, id, &lead));
	if (!strcmp(action, "move")) {
		TRY(lead_event(cx, id, "rule", "Automação moveu o lead", NULL));
		return crm_move_lead(cx, id, param_int(params, "stage"), /* before= */ 0);
	}
	for (size_t i = 0; i < COUNT(actions); i++) {
		if (strcmp(actions[i].action, action) != 0)
			continue;
		TRY(lead_event(cx, id, "rule", actions[i].title, NULL));
		return actions[i].run(cx, &lead, params);
	}
	return err_set(cx, ERR_BUG, "unknown action of a rule: %s", action);
}

/* Claim the run and do it; a rule that points at something gone is noted, not fatal. */
static Err run_once(
	Ctx *cx, LeadId id, int64_t stay, int64_t rule, const char *action, const char *params)
{
	SqlCrmRulesRunNow before;
	int64_t rows;
	bool loop;
	Err err;

	TRY(sql_crm_rules_run_now(cx, id.v, &before));
	loop = before.n >= RULES_IN_A_ROW;
	TRY(sql_crm_claim_rule(cx, rule, id.v, stay, loop ? "loop" : "done", &rows));
	if (!rows)
		return OK;
	if (loop)
		return lead_event(cx, id, "rule", "Automação interrompida: as regras se repetiam", NULL);
	TRY(db_savepoint(cx));
	err = run(cx, id, action, params);
	if (err == OK)
		return db_release(cx);
	if (err == ERR_UNAVAILABLE || err == ERR_BUG)
		return err;
	TRY(db_undo(cx));
	cx->bad_count = 0;
	return lead_event(cx, id, "rule", "Automação não pôde ser feita: confira a regra da etapa", NULL);
}

Err rule_on_enter(Ctx *cx, LeadId id, int64_t stage, int64_t stay)
{
	SqlCrmStageRules *rule;
	size_t count;

	TRY(sql_crm_stage_rules(cx, stage, 0, &rule, &count));
	for (size_t i = 0; i < count; i++)
		TRY(run_once(cx, id, stay, rule[i].id, rule[i].action, rule[i].params));
	return OK;
}

Err rule_tick(Ctx *cx, const char *data)
{
	SqlCrmRulesDue *due;
	size_t count;

	(void)data;
	TRY(sql_crm_rules_due(cx, cx->now, RULES_A_TICK, &due, &count));
	for (size_t i = 0; i < count; i++)
		TRY(run_once(cx, (LeadId){ due[i].lead_id }, due[i].stay, due[i].rule_id, due[i].action,
			due[i].params));
	return OK;
}

Err task_remind(Ctx *cx, const char *data)
{
	SqlCrmReminders *task;
	size_t count;

	(void)data;
	TRY(sql_crm_reminders(cx, cx->now, &task, &count));
	for (size_t i = 0; i < count; i++)
		TRY(notice_add(cx, task[i].assignee_id,
			arena_printf(cx->mem, "Lembrete: %s", task[i].title), NULL,
			task[i].lead_id ? arena_printf(cx->mem, "/leads/%" PRId64, task[i].lead_id)
					: "/tasks",
			"clock",
			arena_printf(cx->mem, "task-%" PRId64 "-%" PRId64, task[i].id,
				task[i].due_at)));
	return OK;
}

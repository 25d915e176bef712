/* Automations: each action, days, circles, what is gone, two workers, and whose turn it is. */
#include "test.h"

#include <pthread.h>

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/crm/automation_view.h"
#include "modules/crm/crm_web.h"
#include "crm_fixture.h"
#include "test_db.h"

static Pipeline start(Ctx *cx)
{
	cx->user = (UserId){ 0 };
	CHECK(crm_start_company(cx) == OK);
	account_set_perms(crm_module.perm, crm_module.perm_count);
	return pipeline_of(cx);
}

static int64_t rule(Ctx *cx, int64_t stage, int days, const char *action, const char *params)
{
	SqlRuleInsert row = { 0 };

	CHECK(sql_rule_insert(cx, stage, days, action, params, &row) == OK);
	return row.id;
}

static LeadId lead(Ctx *cx, const char *name, int64_t owner)
{
	LeadId id = { 0 };

	CHECK(crm_add_lead(cx,
		      &(LeadForm){ .name = name, .owner_id = owner, .expected_on = DATE_NONE },
		      LEAD_BY_HAND, &id) == OK);
	return id;
}

static Lead get(Ctx *cx, LeadId id)
{
	Lead found = { 0 };

	CHECK(crm_get_lead(cx, id, &found) == OK);
	return found;
}

/* What came of the runs of a rule: "done done loop", oldest lead first. */
static const char *results(Ctx *cx, int64_t id)
{
	SqlRuleRuns *run;
	size_t count;
	Buf buf;

	buf_init(&buf, cx->mem, 2000);
	CHECK(sql_rule_runs(cx, id, 100, &run, &count) == OK);
	for (size_t i = count; i-- > 0;)
		buf_printf(&buf, "%s%s", buf.len ? " " : "", run[i].result);
	return buf_text(&buf);
}

TEST(a_task_is_made_for_the_owner_of_the_lead)
{
	Pipeline p = start(cx);
	int64_t ana = member(cx, "ana", "manager"), bia = member(cx, "bia", "reception");
	Task *task;
	size_t count;
	LeadId id;

	rule(cx, p.stage[0].id, 0, "task",
		"{\"title\":\"Ligar "
		"já\",\"type\":\"whatsapp\",\"due_hours\":48,\"remind_min\":10}");
	rule(cx, p.stage[0].id, 0, "task",
		arena_printf(cx->mem,
			"{\"title\":\"Conferir\",\"due_hours\":1,\"user\":%" PRId64 "}", bia));
	id = lead(cx, "Marta", ana);
	CHECK(crm_list_lead_tasks(cx, id, &task, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(task[0].title, "Conferir");
	CHECK_INT(task[0].assignee_id, bia);
	CHECK_TEXT(task[1].title, "Ligar já");
	CHECK_TEXT(task[1].type, "whatsapp");
	CHECK_INT(task[1].due_at, cx->now + 48 * 3600);
	CHECK_INT(task[1].remind_min, 10);
	CHECK_INT(task[1].assignee_id, ana);
	CHECK_INT(events_titled(cx, id, "Automação criou uma tarefa"), 2);
}

TEST(an_owner_is_chosen_only_where_there_is_none_or_always)
{
	Pipeline p = start(cx);
	int64_t ana = member(cx, "ana", "manager"), bia = member(cx, "bia", "reception");
	int64_t shy = rule(cx, p.stage[0].id, 0, "assign",
		arena_printf(cx->mem, "{\"users\":[%" PRId64 "]}", bia));
	LeadId id = lead(cx, "Com dona", ana), free = lead(cx, "Sem dona", 0);

	CHECK_INT(get(cx, id).owner_id, ana);
	CHECK_INT(events_titled(cx, id, "Automação escolheu o responsável"), 0);
	CHECK_INT(get(cx, free).owner_id, bia);
	CHECK_INT(events_titled(cx, free, "Automação escolheu o responsável"), 1);
	CHECK_TEXT(results(cx, shy), "skipped done");
	rule(cx, p.stage[1].id, 0, "assign",
		arena_printf(cx->mem, "{\"users\":[%" PRId64 "],\"always\":true}", bia));
	CHECK(crm_move_lead(cx, id, p.stage[1].id, 0) == OK);
	CHECK_INT(get(cx, id).owner_id, bia);
}

TEST(a_notice_goes_to_the_owner_to_a_person_or_to_the_team)
{
	Pipeline p = start(cx);
	int64_t ana = member(cx, "ana", "manager"), bia = member(cx, "bia", "reception");
	int64_t caio = member(cx, "caio", "dentist");

	rule(cx, p.stage[0].id, 0, "notify", "{\"text\":\"Chegou\"}");
	lead(cx, "Da Bia", bia);
	CHECK_INT(unread(cx, bia), 1);
	CHECK_INT(unread(cx, ana), 0);
	lead(cx, "De ninguém", 0);
	CHECK_INT(unread(cx, bia), 2);
	CHECK_INT(unread(cx, ana), 1);
	CHECK_INT(unread(cx, caio), 0);
	rule(cx, p.stage[0].id, 0, "notify",
		arena_printf(cx->mem, "{\"text\":\"Para o dentista\",\"user\":%" PRId64 "}", caio));
	lead(cx, "Outra", bia);
	CHECK_INT(unread(cx, caio), 1);
}

TEST(a_lead_is_moved_and_the_rules_of_that_stage_run_too)
{
	Pipeline p = start(cx);
	Task *task;
	size_t count;
	LeadId id;

	rule(cx, p.stage[0].id, 0, "move",
		arena_printf(cx->mem, "{\"stage\":%" PRId64 "}", p.stage[2].id));
	rule(cx, p.stage[2].id, 0, "task", "{\"title\":\"Marcar\",\"due_hours\":1}");
	id = lead(cx, "Marta", 0);
	CHECK_TEXT(get(cx, id).stage, "Avaliação");
	CHECK(crm_list_lead_tasks(cx, id, &task, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(events_titled(cx, id, "Automação moveu o lead"), 1);
}

TEST(another_system_is_sent_the_lead)
{
	Pipeline p = start(cx);
	int64_t hook = ask(cx,
		"insert into webhook.endpoint (company_id, title, url, secret) values (1, 'ERP', "
		"'https://erp.example/siso', 'sealed-secret') returning id");
	int64_t id = rule(cx, p.stage[1].id, 0, "webhook",
		arena_printf(cx->mem, "{\"webhook\":%" PRId64 "}", hook));
	LeadId marta = lead(cx, "Marta", 0);

	CHECK(crm_move_lead(cx, marta, p.stage[1].id, 0) == OK);
	CHECK_TEXT(results(cx, id), "done");
	CHECK_INT(ask(cx,
			  "select count(*) from webhook.delivery where endpoint_id = %" PRId64
			  " and event = 'lead.rule' and body like '%%Marta%%'",
			  hook),
		1);
}

/* As if the lead had entered its stage so many days ago. */
static void stay(Ctx *cx, LeadId id, int days)
{
	ask(cx,
		"update crm.lead set stage_since = to_timestamp(%" PRId64
		") - make_interval(days => %d) - interval '1.7 seconds' where id = %" PRId64,
		cx->now, days, id.v);
}

TEST(a_rule_of_days_runs_once_when_the_days_are_over)
{
	Pipeline p = start(cx);
	int64_t id = rule(cx, p.stage[0].id, 3, "task", "{\"title\":\"Retomar\",\"due_hours\":1}");
	LeadId old = lead(cx, "Antiga", 0), fresh = lead(cx, "Nova", 0);
	int64_t rows;
	Task *task;
	size_t count;

	stay(cx, old, 4);
	stay(cx, fresh, 2);
	for (int i = 0; i < 3; i++)
		CHECK(rule_tick(cx, "{}") == OK);
	CHECK_TEXT(results(cx, id), "done");
	CHECK(crm_list_lead_tasks(cx, old, &task, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(crm_list_lead_tasks(cx, fresh, &task, &count) == OK);
	CHECK_INT(count, 0);
	ask(cx,
		"update crm.lead set status = 'lost', ended_at = now(), loss_reason_id = (select "
		"min(id) "
		"from crm.loss_reason) where id = %" PRId64,
		fresh.v);
	stay(cx, fresh, 9);
	CHECK(rule_tick(cx, "{}") == OK);
	CHECK_TEXT(results(cx, id), "done"); /* what is lost is left in peace */
	CHECK(sql_rule_activate(cx, id, false, &rows) == OK);
	stay(cx, old, 9); /* a new stay, but the rule sleeps */
	CHECK(rule_tick(cx, "{}") == OK);
	CHECK_TEXT(results(cx, id), "done");
}

static int64_t run_count(Ctx *cx, int64_t id)
{
	return ask(cx, "select count(*) from crm.rule_run where rule_id = %" PRId64, id);
}

TEST(many_leads_are_worked_off_a_few_at_a_time)
{
	Pipeline p = start(cx);
	int64_t id = rule(cx, p.stage[0].id, 3, "notify", "{\"text\":\"Parado\"}");
	int64_t queued;

	ask(cx,
		"insert into crm.lead (company_id, pipeline_id, stage_id, name, stage_since) "
		"select 1, %" PRId64 ", %" PRId64 ", 'Lead ' || n, to_timestamp(%" PRId64
		") - interval '5 days 0.5 seconds' from generate_series(1, 120) n",
		p.id, p.stage[0].id, cx->now);
	queued = ask(cx, "select count(*) from siso.outbox where name = 'crm.rules'");
	CHECK(rule_tick(cx, "{}") == OK);
	CHECK_INT(run_count(cx, id), 50);
	CHECK_INT(ask(cx, "select count(*) from siso.outbox where name = 'crm.rules'"), queued + 1);
	CHECK(rule_tick(cx, "{}") == OK);
	CHECK_INT(run_count(cx, id), 100);
	CHECK(rule_tick(cx, "{}") == OK);
	CHECK_INT(run_count(cx, id), 120);
	CHECK_INT(ask(cx, "select count(*) from siso.outbox where name = 'crm.rules'"), queued + 2);
}

TEST(rules_that_send_a_lead_in_a_circle_are_cut)
{
	Pipeline p = start(cx);
	LeadId id = lead(cx, "Tonta", 0);
	int64_t there, back;

	there = rule(cx, p.stage[1].id, 0, "move",
		arena_printf(cx->mem, "{\"stage\":%" PRId64 "}", p.stage[2].id));
	back = rule(cx, p.stage[2].id, 0, "move",
		arena_printf(cx->mem, "{\"stage\":%" PRId64 "}", p.stage[1].id));
	CHECK(crm_move_lead(cx, id, p.stage[1].id, 0) == OK);
	CHECK_TEXT(get(cx, id).stage, "Em conversa");
	CHECK_INT(events_titled(cx, id, "Automação interrompida: as regras se repetiam"), 1);
	CHECK_TEXT(results(cx, there), "loop");
	CHECK_TEXT(results(cx, back), "done");
}

TEST(a_circle_over_days_is_cut_too)
{
	Pipeline p = start(cx);
	LeadId id = lead(cx, "Vai e volta", 0);
	int64_t there = rule(cx, p.stage[0].id, 1, "move",
		arena_printf(cx->mem, "{\"stage\":%" PRId64 "}", p.stage[1].id));

	ask(cx,
		"insert into crm.rule_run (company_id, rule_id, lead_id, stay, at, result) select "
		"1, %" PRId64 ", %" PRId64
		", now() - make_interval(days => n), now() - make_interval(days => n), 'done' "
		"from generate_series(2, 11) n",
		there, id.v);
	stay(cx, id, 2);
	CHECK(rule_tick(cx, "{}") == OK);
	CHECK_TEXT(get(cx, id).stage, "Novo contato");
	CHECK_INT(events_titled(cx, id, "Automação interrompida: as regras se repetiam"), 1);
}

TEST(a_rule_that_points_at_something_gone_is_noted_and_harms_nothing)
{
	static const char *const failed = "Automação não pôde ser feita: confira a regra da etapa";
	Pipeline p = start(cx);
	int64_t gone[4];
	LeadId id;

	gone[0] = rule(cx, p.stage[0].id, 0, "move", "{\"stage\":987654321}");
	gone[1] = rule(cx, p.stage[0].id, 0, "assign", "{\"users\":[987654321]}");
	gone[2] = rule(cx, p.stage[0].id, 0, "webhook", "{\"webhook\":987654321}");
	gone[3] = rule(cx, p.stage[0].id, 0, "notify", "{\"text\":\"Oi\",\"user\":987654321}");
	rule(cx, p.stage[0].id, 0, "task", "{\"title\":\"Mesmo assim\",\"due_hours\":1}");
	id = lead(cx, "Firme", 0);
	for (size_t i = 0; i < COUNT(gone); i++)
		CHECK_TEXT(results(cx, gone[i]), "failed");
	CHECK_INT(events_titled(cx, id, failed), 4);
	CHECK_INT(events_titled(cx, id, "Automação criou uma tarefa"), 1);
	CHECK_INT(cx->bad_count, 0);
	CHECK(!cx->err.sentence);
}

TEST(by_turns_everybody_gets_as_many_of_twelve)
{
	Pipeline p = start(cx);
	int64_t who[3] = { member(cx, "ana", "manager"), member(cx, "bia", "reception"),
		member(cx, "caio", "reception") };
	LeadId ids[12];
	int count[3] = { 0 };

	/* old leads that enter later, and one that has many of other days: turns are the rule's own
	 */
	for (int i = 0; i < 12; i++)
		ids[i] = lead(cx, arena_printf(cx->mem, "Lead %d", i), 0);
	for (int i = 0; i < 5; i++)
		lead(cx, "Da Ana", who[0]);
	rule(cx, p.stage[1].id, 0, "assign",
		arena_printf(cx->mem,
			"{\"mode\":\"turns\",\"users\":[%" PRId64 ",%" PRId64 ",%" PRId64 "]}",
			who[0], who[1], who[2]));
	for (int i = 11; i >= 0; i--) {
		CHECK(crm_move_lead(cx, ids[i], p.stage[1].id, 0) == OK);
		for (int j = 0; j < 3; j++)
			count[j] += get(cx, ids[i]).owner_id == who[j];
	}
	for (int j = 0; j < 3; j++)
		CHECK_INT(count[j], 4);
}

TEST(by_load_the_least_loaded_is_picked_and_who_left_is_not)
{
	Pipeline p = start(cx);
	int64_t ana = member(cx, "ana", "manager"), bia = member(cx, "bia", "reception");
	int64_t caio = member(cx, "caio", "reception");

	for (int i = 0; i < 3; i++)
		lead(cx, "Da Ana", ana);
	lead(cx, "Da Bia", bia);
	ask(cx, "update account.member set active = false where user_id = %" PRId64, caio);
	rule(cx, p.stage[0].id, 0, "assign",
		arena_printf(cx->mem,
			"{\"mode\":\"load\",\"users\":[%" PRId64 ",%" PRId64 ",%" PRId64 "]}", ana,
			bia, caio));
	CHECK_INT(get(cx, lead(cx, "1", 0)).owner_id, bia);
	CHECK_INT(get(cx, lead(cx, "2", 0)).owner_id, bia);
	CHECK_INT(get(cx, lead(cx, "3", 0)).owner_id, ana); /* three each: the first of the list */
	CHECK_INT(get(cx, lead(cx, "4", 0)).owner_id, bia);
}

/* ---- two workers ---- */

typedef struct Worker {
	const char *conninfo;
	int64_t company, now;
	Err err;
} Worker;

static void *work(void *arg)
{
	Worker *worker = arg;
	Arena *mem = arena_new(16 << 20);
	Db *db = db_open(&(DbConfig){ worker->conninfo, "siso test worker" });
	Ctx cx = { .mem = mem,
		.db = db,
		.company = { worker->company },
		.now = worker->now,
		.zone = "America/Sao_Paulo" };

	db_begin(&cx, /* read_only= */ false, 20000);
	worker->err = rule_tick(&cx, "{}");
	if (worker->err == OK)
		worker->err = db_commit(&cx);
	else
		db_rollback(&cx);
	db_close(db);
	arena_free(mem);
	return NULL;
}

/* A company of its own, because what two connections see must be committed. */
static int64_t new_company(Ctx *cx)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));
	PGresult *r = PQexec(conn,
		"insert into company.company (id, name) overriding system value "
		"select max(id) + 1000, 'Duas filas' from company.company returning id");
	int64_t id = 0;

	CHECK(str_int64(str_of(PQgetvalue(r, 0, 0)), &id));
	PQclear(r);
	PQfinish(conn);
	return id;
}

TEST(two_workers_at_once_do_each_run_once)
{
	int64_t company = new_company(cx), id;
	Worker worker[2];
	pthread_t thread[2];
	Pipeline p;

	db_rollback(cx);
	cx->company = (CompanyId){ company };
	db_begin(cx, /* read_only= */ false, 0);
	p = start(cx);
	id = rule(cx, p.stage[0].id, 3, "task", "{\"title\":\"Uma vez\",\"due_hours\":1}");
	for (int i = 0; i < 30; i++)
		stay(cx, lead(cx, "Lead", 0), 5);
	CHECK(db_commit(cx) == OK);
	for (int i = 0; i < 2; i++) {
		worker[i] = (Worker){ test_conninfo(cx, "siso_app"), company, cx->now, ERR_BUG };
		CHECK(pthread_create(&thread[i], NULL, work, &worker[i]) == 0);
	}
	for (int i = 0; i < 2; i++) {
		pthread_join(thread[i], NULL);
		CHECK_INT(worker[i].err, OK);
	}
	db_begin(cx, /* read_only= */ false, 0);
	CHECK_INT(run_count(cx, id), 30);
	CHECK_INT(ask(cx, "select count(*) from crm.task where title = 'Uma vez'"), 30);
}

/* ---- the form ---- */

static RuleForm form(const char *action)
{
	return (RuleForm){ .timing = "enter", .action = action };
}

TEST(a_rule_goes_into_json_and_comes_back_and_is_said_in_words)
{
	Pipeline p = start(cx);
	int64_t ana = member(cx, "ana", "manager");
	RuleForm in = form("task"), back;
	RuleChoices choice;

	CHECK(rule_choices(cx, &choice) == OK);
	in.task_title = "Ligar";
	in.due = 3;
	in.due_unit = "days";
	in.task_user = ana;
	CHECK(rule_check(cx, &in, p.stage[0].id, &choice) == OK);
	CHECK(rule_form_of(cx, "task", 0, rule_params(cx, &in), &back) == OK);
	CHECK_TEXT(back.task_title, "Ligar");
	CHECK_INT(back.due, 3);
	CHECK_TEXT(back.due_unit, "days");
	CHECK_TEXT(rule_words(cx, &back, &choice).title, "Criar tarefa: Ligar");
	CHECK_TEXT(rule_words(cx, &back, &choice).detail, "Ligação em 3 dias, para ana");
	in = form("assign");
	in.users = (Int64s){ &ana, 1 };
	in.mode = "load";
	CHECK(rule_form_of(cx, "assign", 5, rule_params(cx, &in), &back) == OK);
	CHECK_TEXT(back.timing, "after");
	CHECK_INT(back.users.v[0], ana);
	CHECK_TEXT(rule_words(cx, &back, &choice).detail, "Quem tem menos leads abertos: ana");
	in = form("move");
	in.move_stage = 987654321;
	CHECK(rule_words(cx, &in, &choice).broken);
}

TEST(a_form_says_what_its_action_lacks)
{
	Pipeline p = start(cx);
	RuleForm in = form("task");
	RuleChoices choice;

	CHECK(rule_choices(cx, &choice) == OK);
	CHECK(rule_check(cx, &in, p.stage[0].id, &choice) == ERR_INVALID);
	CHECK(bad_find(cx, "task_title") && bad_find(cx, "due"));
	in = form("move");
	in.move_stage = p.stage[0].id;
	CHECK(rule_check(cx, &in, p.stage[0].id, &choice) == ERR_INVALID); /* to itself */
	in = form("assign");
	CHECK(rule_check(cx, &in, p.stage[0].id, &choice) == ERR_INVALID);
	in.users = (Int64s){ (int64_t[]){ 987654321 }, 1 };
	CHECK(rule_check(cx, &in, p.stage[0].id, &choice) == ERR_INVALID);
	in = form("webhook");
	CHECK(rule_check(cx, &in, p.stage[0].id, &choice) == ERR_INVALID);
	in = form("notify");
	in.timing = "after";
	CHECK(rule_check(cx, &in, p.stage[0].id, &choice) == ERR_INVALID);
	CHECK(bad_find(cx, "notify_text") && bad_find(cx, "after_days"));
}

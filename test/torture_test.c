/* Every service that writes, with its first query failing, then its second, and so on until it gets
 * through: an error comes back (or the commit refuses), nothing is half saved, the sanitizers stay
 * silent, and the connection serves the next one. Memory needs no such run: an arena that gets none
 * ends the process, and PostgreSQL rolls back what was open. */
#include "modules/account/account_rooms.h"
#include "modules/crm/crm.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"
#include "modules/webhook/webhook_rooms.h"
#include "platform/auth/key.h"
#include "platform/db/db_conn.h"
#include "platform/queue/job.h"
#include "test.h"
#include "test_db.h"

enum { QUERIES_MAX = 60 };

/* What the services work on; committed before. */
static struct {
	LeadId lead, twin;
	int64_t stage, task;
	int64_t serial;
} world;

static LeadForm lead_form(Ctx *cx, const char *name)
{
	return (LeadForm){ .name = name,
		.phone = arena_printf(cx->mem, "+55119%08" PRId64, ++world.serial),
		.value_cents = 1000,
		.source = "Indicação",
		.expected_on = DATE_NONE };
}

static Err add_lead(Ctx *cx)
{
	LeadForm in = lead_form(cx, "Tortura");
	LeadId id;

	return crm_add_lead(cx, &in, LEAD_BY_HAND, &id);
}

static Err save_lead(Ctx *cx)
{
	LeadForm in = lead_form(cx, "Outro nome");
	Lead lead;

	TRY(crm_get_lead(cx, world.lead, &lead));
	in.version = lead.version;
	return crm_save_lead(cx, world.lead, &in);
}

static Err move_lead(Ctx *cx)
{
	return crm_move_lead(cx, world.lead, world.stage, 0);
}

static Err merge_leads(Ctx *cx)
{
	return crm_merge_leads(cx, world.lead, world.twin);
}

static Err convert_lead(Ctx *cx)
{
	PatientId patient;

	return crm_convert_lead(cx, world.lead, 0, &patient);
}

static Err tag_lead(Ctx *cx)
{
	static const char *tag[] = { "urgente" };

	return crm_add_tags(cx, world.lead, (Strs){ tag, 1 });
}

static Err note(Ctx *cx)
{
	return crm_add_activity(cx, world.lead, ACTIVITY_NOTE, "Uma nota");
}

static Err add_task(Ctx *cx)
{
	int64_t id;

	return crm_add_task(cx,
		&(TaskForm){ .type = "call",
			.title = "Ligar",
			.priority = "normal",
			.due_at = cx->now,
			.lead_id = world.lead.v },
		&id);
}

static Err finish_task(Ctx *cx)
{
	return crm_finish_task(cx, world.task);
}

static Err add_webhook(Ctx *cx)
{
	int64_t id;

	return webhook_add(cx,
		&(EndpointForm){ .title = "Outro", .url = "https://exemplo.com/a", .active = true },
		&id);
}

static Err add_role(Ctx *cx)
{
	const char *name;

	return role_create(cx, "Estágio", "assistant", &name);
}

static Err add_job(Ctx *cx)
{
	return job_add(cx, "mail.send", "{}", NULL);
}

static const struct {
	const char *name;
	Err (*run)(Ctx *cx);
} services[] = {
	{ "add lead", add_lead },
	{ "save lead", save_lead },
	{ "move lead", move_lead },
	{ "merge leads", merge_leads },
	{ "convert lead", convert_lead },
	{ "tag lead", tag_lead },
	{ "note", note },
	{ "add task", add_task },
	{ "finish task", finish_task },
	{ "add webhook", add_webhook },
	{ "add role", add_role },
	{ "add job", add_job },
};

/* How much there is of everything that these services write, and in which version. */
static const char *fingerprint(Ctx *cx)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));
	PGresult *r = PQexec(conn,
		"select concat_ws(' ', (select count(*) || '/' || sum(version) || '/' || sum(rank) "
		"from crm.lead where company_id = 777), "
		"(select count(*) from crm.move), (select count(*) || '/' || sum(version) from "
		"crm.task), "
		"(select sum(lead_count) || '/' || sum(value_cents) from crm.stage_total), "
		"(select count(*) from crm.source), (select count(*) from patient.patient), "
		"(select count(*) from audit.change), (select count(*) from audit.event), "
		"(select count(*) from webhook.endpoint), (select count(*) from account.role), "
		"(select count(*) from siso.outbox))");
	const char *text;

	if (PQntuples(r) != 1)
		test_fail(__FILE__, __LINE__, "no fingerprint: %s", PQerrorMessage(conn));
	text = arena_dup(cx->mem, PQgetvalue(r, 0, 0));
	PQclear(r);
	PQfinish(conn);
	return text;
}

/* A company of its own: what is committed here must not meet other tests. */
static void make_company(Ctx *cx)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));
	PGresult *r = PQexec(conn, "insert into company.company (id, name) overriding system value "
				   "values (777, 'Tortura') "
				   "on conflict do nothing; "
				   "insert into company.domain (company_id, host, main) values "
				   "(777, 'tortura.test', true) "
				   "on conflict do nothing");

	if (PQresultStatus(r) != PGRES_COMMAND_OK)
		test_fail(__FILE__, __LINE__, "no company: %s", PQerrorMessage(conn));
	PQclear(r);
	PQfinish(conn);
	db_rollback(cx);
	cx->company = (CompanyId){ 777 };
	db_begin(cx, /* read_only= */ false, 0);
}

static void make_world(Ctx *cx)
{
	LeadForm one = lead_form(cx, "Um"), two = lead_form(cx, "Dois");
	Pipeline *pipeline;
	size_t count;

	CHECK(auth_set_secret("torture-torture-torture-torture-torture", NULL));
	CHECK(crm_list_pipelines(cx, &pipeline, &count) == OK);
	if (!count) {
		CHECK(crm_start_company(cx) == OK);
		CHECK(crm_list_pipelines(cx, &pipeline, &count) == OK);
	}
	CHECK(crm_add_lead(cx, &one, LEAD_BY_HAND, &world.lead) == OK);
	CHECK(crm_add_lead(cx, &two, LEAD_BY_HAND, &world.twin) == OK);
	world.stage = pipeline[0].stage[1].id;
	CHECK(crm_add_task(cx,
		      &(TaskForm){ .type = "call",
			      .title = "Todo dia",
			      .priority = "normal",
			      .rrule = "FREQ=DAILY",
			      .due_at = cx->now,
			      .lead_id = world.lead.v },
		      &world.task) == OK);
	CHECK(db_commit(cx) == OK);
}

/* True: the query that was to fail was never reached. */
static bool run_once(Ctx *cx, size_t service, int failing, bool lose)
{
	const char *name = services[service].name;
	bool reached;
	Err err;

	db_begin(cx, /* read_only= */ false, 0);
	cx->db->fail_in = failing;
	cx->db->fail_lost = lose;
	err = services[service].run(cx);
	reached = !cx->db->fail_in;
	cx->db->fail_in = 0;
	if (!reached) {
		if (err != OK)
			test_fail(__FILE__, __LINE__, "%s: %s", name, cx->err.log);
	} else if (err == OK && db_commit(cx) == OK) {
		test_fail(__FILE__, __LINE__, "%s: query %d failed and nobody noticed", name,
			failing);
	}
	db_rollback(cx);
	return !reached;
}

static void torture(Ctx *cx, bool lose)
{
	const char *before;

	make_company(cx);
	make_world(cx);
	before = fingerprint(cx);
	for (size_t i = 0; i < COUNT(services); i++) {
		int failing = 1;

		while (!run_once(cx, i, failing, lose) && failing < QUERIES_MAX)
			failing++;
		CHECK(failing > 1 && failing < QUERIES_MAX);
		CHECK_TEXT(fingerprint(cx), before);
	}
}

TEST(a_service_whose_nth_query_fails_saves_nothing)
{
	torture(cx, /* lose= */ false);
}

TEST(a_service_whose_connection_dies_at_its_nth_query_saves_nothing)
{
	torture(cx, /* lose= */ true);
}

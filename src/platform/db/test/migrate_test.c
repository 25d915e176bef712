/* Migrations, each test in a database of its own name. */
#include <pthread.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/random.h"
#include "db_fixture.h"
#include "platform/db/migrate.h"
#include "test.h"

static const char *database; /* of the running test */

static const char *owner(Ctx *cx)
{
	return fixture_conninfo(cx, "siso_owner", database);
}

static void drop_database(void *arg)
{
	Ctx *cx = arg;
	PGconn *admin = PQconnectdb(fixture_conninfo(cx, "postgres", "postgres"));

	PQclear(PQexec(admin, "set client_min_messages = warning"));
	PQclear(PQexec(
		admin, arena_printf(cx->mem, "drop database if exists %s with (force)", database)));
	PQfinish(admin);
}

static void fresh_database(Ctx *cx)
{
	database = "siso_migrate_test";
	/* the fixture's own database and roles, once */
	fixture_open(cx);
	drop_database(cx);
	CHECK(migrate_prepare(cx, fixture_conninfo(cx, "postgres", "postgres"), database) == OK);
	arena_defer(cx->mem, drop_database, cx);
}

static Migration make(Ctx *cx, int number, const char *what, const char *text)
{
	return (Migration){ .number = number,
		.name = arena_printf(cx->mem, "%04d_%s", number, what),
		.file = arena_printf(cx->mem, "src/x/migrations/%04d_%s.sql", number, what),
		.sha256 = crypto_sha256_hex(cx->mem, text, strlen(text)),
		.text = text };
}

/* First value of a query by the owner, or NULL. */
static const char *ask(Ctx *cx, const char *text)
{
	PGconn *conn = PQconnectdb(owner(cx));
	PGresult *r = PQexec(conn, text);
	const char *value = PQntuples(r) ? arena_dup(cx->mem, PQgetvalue(r, 0, 0)) : NULL;

	PQclear(r);
	PQfinish(conn);
	return value;
}

TEST(migrations_run_once_in_their_order)
{
	Migration list[] = { make(cx, 1, "a", "create schema a; create table a.t (n int)"),
		make(cx, 2, "b", "insert into a.t values (1)"),
		make(cx, 7, "c", "insert into a.t values (2)") };
	size_t pending;

	fresh_database(cx);
	CHECK(migrate_pending(cx, owner(cx), list, 3, &pending) == OK);
	CHECK_INT(pending, 3);
	CHECK(migrate_run(cx, owner(cx), list, 2, NULL) == OK);
	CHECK(migrate_run(cx, owner(cx), list, 3, NULL) == OK);
	CHECK(migrate_run(cx, owner(cx), list, 3, NULL) == OK);
	CHECK(migrate_pending(cx, owner(cx), list, 3, &pending) == OK);
	CHECK_INT(pending, 0);
	CHECK_TEXT(ask(cx, "select string_agg(n::text, ',') from a.t"), "1,2");
	CHECK_TEXT(ask(cx, "select string_agg(name, ',' order by number) from siso.migration"),
		"0001_a,0002_b,0007_c");
}

TEST(an_edited_migration_is_refused_by_its_file)
{
	Migration list[] = { make(cx, 1, "a", "create schema a") };
	size_t pending;

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 1, NULL) == OK);
	list[0] = make(cx, 1, "a", "create schema b");
	CHECK(migrate_run(cx, owner(cx), list, 1, NULL) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.log,
		"src/x/migrations/0001_a.sql was edited after it ran: put it back and "
		"write a new migration");
	CHECK(migrate_pending(cx, owner(cx), list, 1, &pending) == ERR_CONFLICT);
	list[0] = make(cx, 1, "renamed", "create schema a");
	CHECK(migrate_run(cx, owner(cx), list, 1, NULL) == ERR_CONFLICT);
}

TEST(a_database_of_a_newer_program_is_refused)
{
	Migration list[] = { make(cx, 1, "a", "create schema a"),
		make(cx, 2, "b", "create schema b") };

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 2, NULL) == OK);
	CHECK(migrate_run(cx, owner(cx), list, 1, NULL) == ERR_CONFLICT);
	CHECK(strstr(cx->err.log, "0002_b") != NULL);
}

TEST(a_failing_migration_leaves_nothing_and_says_where)
{
	Migration list[] = { make(cx, 1, "a", "create schema a"),
		make(cx, 2, "b",
			"create table a.t (n int);\n-- ação\ncreate table a.u (\n  n "
			"nosuchtype);\n"),
		make(cx, 3, "c", "create schema c") };

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 3, NULL) == ERR_BUG);
	CHECK_TEXT(cx->err.log, "src/x/migrations/0002_b.sql:4: type \"nosuchtype\" does not exist "
				"(SQLSTATE 42704)");
	CHECK_TEXT(
		ask(cx, "select to_regclass('a.t') is null and to_regnamespace('c') is null"), "t");
	list[1] = make(cx, 2, "b", "create table a.t (n int)");
	CHECK(migrate_run(cx, owner(cx), list, 3, NULL) == OK);
}

TEST(a_migration_may_not_end_its_own_transaction)
{
	Migration list[] = { make(cx, 1, "a", "create schema a; commit") };

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 1, NULL) == ERR_BUG);
	CHECK(strstr(cx->err.log, "may not commit") != NULL);
}

TEST(an_index_can_be_made_concurrently)
{
	Migration list[] = { make(cx, 1, "a", "create schema a; create table a.t (n int)"),
		make(cx, 2, "b",
			"-- 0002 index: a; quoted ; word\n-- no transaction\n"
			"drop index concurrently if exists a.t_n; /* ; */\n"
			"create index concurrently t_n on a.t (n) where n::text <> ';';\n"
			"do $x$ begin perform ';'; end $x$;\n\n") };

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 2, NULL) == OK);
	CHECK_TEXT(ask(cx, "select indisvalid from pg_index where indexrelid = 'a.t_n'::regclass"),
		"t");
	CHECK_TEXT(ask(cx, "select count(*) from siso.migration"), "2");
}

TEST(an_error_behind_no_transaction_says_its_line)
{
	Migration list[] = { make(
		cx, 1, "a", "-- no transaction\ncreate schema a;\n\nselect nothing;\n") };

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 1, NULL) == ERR_BUG);
	CHECK(str_starts(cx->err.log, "src/x/migrations/0001_a.sql:4: column \"nothing\""));
}

typedef struct Watched {
	int reports, waits;
} Watched;

static void count_reports(
	void *arg, const Migration *migration, size_t done, size_t count, bool waiting)
{
	Watched *watched = arg;

	CHECK_INT(migration->number, 2);
	CHECK_INT(done, 1);
	CHECK_INT(count, 2);
	watched->reports += !waiting;
	watched->waits += waiting;
}

static void *let_go(void *conn)
{
	sleep(3);
	PQclear(PQexec(conn, "commit"));
	return NULL;
}

TEST(a_migration_waits_for_a_busy_table_without_blocking_it)
{
	Migration list[] = { make(cx, 1, "a", "create schema a; create table a.t (n int)"),
		make(cx, 2, "b", "alter table a.t add column m int") };
	Watched watched = { 0 };
	pthread_t thread;
	PGconn *conn;

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 1, NULL) == OK);
	conn = PQconnectdb(owner(cx));
	PQclear(PQexec(conn, "begin; lock table a.t"));
	pthread_create(&thread, NULL, let_go, conn);
	CHECK(migrate_run(cx, owner(cx), list, 2, &(MigrateWatch){ count_reports, &watched }) ==
		OK);
	pthread_join(thread, NULL);
	PQfinish(conn);
	CHECK_INT(watched.reports, 1);
	CHECK(watched.waits >= 1);
}

typedef struct Racer {
	pthread_t thread;
	Ctx cx;
	const char *conninfo;
	const Migration *list;
	Err err;
} Racer;

static void *race(void *arg)
{
	Racer *racer = arg;

	racer->err = migrate_run(&racer->cx, racer->conninfo, racer->list, 3, NULL);
	return NULL;
}

TEST(programs_that_start_together_migrate_once)
{
	Migration list[] = {
		make(cx, 1, "a", "create schema a; create table a.t (n int); select pg_sleep(0.3)"),
		make(cx, 2, "b", "-- no transaction\ncreate index concurrently t_n on a.t (n)"),
		make(cx, 3, "c", "insert into a.t values (1)")
	};
	Racer racer[4] = { 0 };

	fresh_database(cx);
	for (size_t i = 0; i < COUNT(racer); i++) {
		racer[i].cx.mem = arena_new(ARENA_LIMIT);
		racer[i].conninfo = owner(cx);
		racer[i].list = list;
		pthread_create(&racer[i].thread, NULL, race, &racer[i]);
	}
	for (size_t i = 0; i < COUNT(racer); i++) {
		pthread_join(racer[i].thread, NULL);
		if (racer[i].err != OK)
			test_fail(__FILE__, __LINE__, "%s", racer[i].cx.err.log);
		arena_free(racer[i].cx.mem);
	}
	CHECK_TEXT(ask(cx, "select count(*) from a.t"), "1");
}

TEST(roles_and_database_can_be_made_again)
{
	fresh_database(cx);
	CHECK(migrate_prepare(cx, fixture_conninfo(cx, "postgres", "postgres"), database) == OK);
	CHECK_TEXT(ask(cx, "select count(*) from pg_roles where rolname like 'siso\\_%' and"
			   " (rolsuper or rolbypassrls or rolcreaterole or rolcreatedb or "
			   "rolreplication)"),
		"0");
	CHECK_TEXT(ask(cx, "select pg_get_userbyid(datdba) from pg_database where datname = "
			   "current_database()"),
		"siso_owner");
	/* siso_app is refused what only a superuser may do */
	CHECK(migrate_prepare(cx, fixture_conninfo(cx, "siso_app", "postgres"), database) ==
		ERR_BUG);
	CHECK(migrate_run(cx, "host=/nonexistent", NULL, 0, NULL) == ERR_UNAVAILABLE);
}

TEST(the_wall_refuses_tables_that_it_could_not_guard)
{
	static const struct {
		const char *sql, *why;
	} cases[] = {
		{ "create table a.x (id bigint primary key); call siso.tenant_wall('a.x')",
			"a.x has no \"company_id bigint not null\"" },
		{ "create table a.x (company_id int not null, id int, primary key (company_id, "
		  "id));"
		  " call siso.tenant_wall('a.x')",
			"a.x has no \"company_id bigint not null\"" },
		{ "create table a.x (company_id bigint not null, id bigint primary key); call "
		  "siso.tenant_wall('a.x')",
			"primary key of a.x does not start with company_id" },
		{ "create table a.x (company_id bigint not null, id bigint, y bigint, primary key "
		  "(company_id, id));"
		  " alter table a.x add constraint x_y foreign key (y) references a.y (id);"
		  " call siso.tenant_wall('a.x')",
			"foreign key x_y of a.x does not start with company_id" },
	};

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), migrations, 1, NULL) == OK);
	for (size_t i = 0; i < COUNT(cases); i++) {
		Migration list[] = { migrations[0],
			make(cx, 2, "a",
				"create schema a; create table a.y (company_id bigint not null,"
				" id bigint unique, primary key (company_id, id))"),
			make(cx, 3, "x", cases[i].sql) };

		CHECK(migrate_run(cx, owner(cx), list, 3, NULL) == ERR_BUG);
		CHECK(strstr(cx->err.log, cases[i].why) != NULL);
	}
}

TEST(the_owner_validates_a_foreign_key_over_all_companies)
{
	Migration list[] = { migrations[0],
		make(cx, 2, "a",
			"create schema a; create table a.y (company_id bigint not null, id bigint, "
			"primary key (company_id, id));"
			" call siso.tenant_wall('a.y');"
			" create table a.x (company_id bigint not null, id bigint, y bigint, "
			"primary key (company_id, id));"
			" call siso.tenant_wall('a.x'); insert into a.x values (2, 1, 77)"),
		make(cx, 3, "b",
			"alter table a.x add constraint x_y foreign key (company_id, y) references "
			"a.y not valid"),
		make(cx, 4, "c",
			"set app.company_id = 1; alter table a.x validate constraint x_y") };

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 4, NULL) == ERR_BUG);
	CHECK(strstr(cx->err.log, "SQLSTATE 23503") != NULL);
}

TEST(no_table_behind_the_wall_is_forgotten_by_the_backup)
{
	Migration list[] = { migrations[0], migrations[1],
		make(cx, 3, "a",
			"create schema a; create table a.secret (id bigint primary key);"
			" alter table a.secret enable row level security, force row level security;"
			" create policy owner_all on a.secret to siso_owner using (true);"
			" insert into a.secret values (1)") };
	PGconn *conn;
	PGresult *r;

	fresh_database(cx);
	CHECK(migrate_run(cx, owner(cx), list, 3, NULL) == OK);
	conn = PQconnectdb(fixture_conninfo(cx, "siso_backup", database));
	r = PQexec(conn, "select count(*) from a.secret");
	CHECK_TEXT(PQntuples(r) ? PQgetvalue(r, 0, 0) : "refused", "1");
	PQclear(r);
	r = PQexec(conn, "delete from a.secret");
	CHECK_TEXT(PQresultErrorField(r, PG_DIAG_SQLSTATE), "25006");
	PQclear(r);
	PQfinish(conn);
}

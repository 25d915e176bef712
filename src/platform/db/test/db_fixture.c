#include "db_fixture.h"

#include "platform/db/migrate.h"
#include "test.h"

static bool made;

const char *fixture_conninfo(Ctx *cx, const char *role, const char *database)
{
	const char *folder = getenv("SISO_TEST_SOCKET");

	if (str_is_empty(folder)) {
		printf("SISO_TEST_SOCKET is not set: run script/test\n0 passed, 1 failed, 0 "
		       "skipped\n");
		fflush(stdout);
		_Exit(1);
	}
	return arena_printf(cx->mem, "host=%s dbname=%s user=%s", folder, database, role);
}

static void close_db(void *db)
{
	db_close(db);
}

static void close_other(void *other)
{
	Ctx *cx = other;
	Arena *mem = cx->mem;

	db_close(cx->db);
	arena_free(mem);
}

static void ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

const char *fixture_sql(Ctx *cx, const char *format, ...)
{
	PGconn *conn = PQconnectdb(fixture_conninfo(cx, "postgres", FIXTURE_DATABASE));
	const char *value = NULL;
	va_list args;
	PGresult *r;

	PQsetNoticeProcessor(conn, ignore_notice, NULL);
	va_start(args, format);
	r = PQexec(conn, arena_vprintf(cx->mem, format, args));
	va_end(args);
	if (PQresultStatus(r) == PGRES_FATAL_ERROR)
		test_fail(__FILE__, __LINE__, "%s", PQresultErrorMessage(r));
	else if (PQntuples(r))
		value = arena_dup(cx->mem, PQgetvalue(r, 0, 0));
	PQclear(r);
	PQfinish(conn);
	return value;
}

/* The migration of the wall stands on its own: run its file's text by the real runner. */
static void make_database(Ctx *cx)
{
	PGconn *admin = PQconnectdb(fixture_conninfo(cx, "postgres", "postgres"));

	PQsetNoticeProcessor(admin, ignore_notice, NULL);
	PQclear(PQexec(admin, "drop database if exists " FIXTURE_DATABASE " with (force)"));
	PQfinish(admin);
	if (migrate_prepare(cx, fixture_conninfo(cx, "postgres", "postgres"), FIXTURE_DATABASE) !=
			OK ||
		migrate_run(cx, fixture_conninfo(cx, "siso_owner", FIXTURE_DATABASE), migrations, 2,
			NULL) != OK)
		test_fail(__FILE__, __LINE__, "%s", cx->err.log);
	fixture_sql(cx,
		"set role siso_owner;"
		" create schema db_test; grant usage on schema db_test to siso_app;"
		" create table db_test.thing (company_id bigint not null, id bigint generated "
		"always as identity,"
		"  name text not null check (length(name) < 40), cents bigint check (cents >= 0),"
		"  primary key (company_id, id), constraint thing_name_once unique (company_id, "
		"name));"
		" call siso.tenant_wall('db_test.thing');"
		" create table db_test.part (company_id bigint not null, id bigint generated "
		"always as identity,"
		"  thing_id bigint not null, primary key (company_id, id),"
		"  constraint part_of_thing foreign key (company_id, thing_id) references "
		"db_test.thing);"
		" call siso.tenant_wall('db_test.part');"
		" create table db_test.slot (company_id bigint not null, id bigint generated "
		"always as identity,"
		"  during tstzrange not null, primary key (company_id, id));"
		" set search_path = ext, pg_catalog;"
		" alter table db_test.slot add constraint slot_free"
		"  exclude using gist (company_id with =, during with &&);"
		" call siso.tenant_wall('db_test.slot');"
		" create table db_test.later (company_id bigint not null, id bigint generated "
		"always as identity,"
		"  name text not null, primary key (company_id, id),"
		"  constraint later_name_once unique (company_id, name) deferrable initially "
		"deferred);"
		" call siso.tenant_wall('db_test.later')");
	made = true;
}

void fixture_open(Ctx *cx)
{
	if (!made)
		make_database(cx);
	fixture_sql(cx, "truncate db_test.thing, db_test.part, db_test.slot, db_test.later restart "
			"identity cascade");
	cx->db = db_open(
		&(DbConfig){ fixture_conninfo(cx, "siso_app", FIXTURE_DATABASE), "siso test" });
	arena_defer(cx->mem, close_db, cx->db);
}

Ctx *fixture_other(Ctx *cx)
{
	Ctx *other = NEW(cx->mem, Ctx);

	*other = *cx;
	other->mem = arena_new(ARENA_LIMIT);
	other->query_count = 0;
	other->db = db_open(
		&(DbConfig){ fixture_conninfo(cx, "siso_app", FIXTURE_DATABASE), "siso other" });
	arena_defer(cx->mem, close_other, other);
	return other;
}

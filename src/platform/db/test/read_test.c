/* Transactions that only read: each round trip one of PostgreSQL's, and the query that goes along.
 */
#include "db_fixture.h"
#include "platform/db/db_conn.h"
#include "platform/db/db_test.sql.h"
#include "test.h"

TEST(a_reader_leaves_no_transaction_open_between_its_round_trips)
{
	SqlTSetting setting;
	SqlTPid pid;
	SqlTAdd row;

	fixture_open(cx);
	db_begin(cx, true, 1234);
	for (int trip = 0; trip < 3; trip++) {
		CHECK(sql_t_pid(cx, &pid) == OK);
		CHECK_TEXT(
			fixture_sql(cx, "select state from pg_stat_activity where pid = %" PRId64,
				pid.pid),
			"idle");
		/* and each knows for whom, for how long, and that it may not write */
		CHECK(sql_t_setting(cx, "app.company_id", &setting) == OK);
		CHECK_TEXT(setting.value, arena_printf(cx->mem, "%" PRId64, cx->company.v));
		CHECK(sql_t_setting(cx, "statement_timeout", &setting) == OK);
		CHECK_TEXT(setting.value, "1234ms");
		CHECK(sql_t_setting(cx, "transaction_read_only", &setting) == OK);
		CHECK_TEXT(setting.value, "on");
	}
	CHECK(sql_t_add(cx, "x", NULL, &row) == ERR_BUG);
	CHECK(db_commit(cx) == ERR_BUG);
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "0");
}

TEST(what_one_reader_set_does_not_reach_the_next_nor_a_writer)
{
	SqlTSetting setting;
	CompanyId own;

	fixture_open(cx);
	own = cx->company;
	db_begin(cx, true, 1234);
	CHECK(sql_t_setting(cx, "app.company_id", &setting) == OK);
	CHECK(db_commit(cx) == OK);
	cx->company = (CompanyId){ 0 };
	db_begin(cx, true, 0);
	CHECK(sql_t_setting(cx, "app.company_id", &setting) == OK);
	CHECK(!setting.value || !*setting.value);
	CHECK(db_commit(cx) == OK);
	cx->company = own;
	db_begin(cx, false, 0);
	CHECK(sql_t_setting(cx, "transaction_read_only", &setting) == OK);
	CHECK_TEXT(setting.value, "off");
	db_rollback(cx);
}

TEST(a_savepoint_makes_a_reader_one_whole)
{
	SqlTNow first, second;
	SqlTWrong wrong;
	SqlTAdd row;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_now(cx, &first) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_wrong(cx, &wrong) == ERR_BUG);
	CHECK(db_undo(cx) == OK);
	CHECK(sql_t_now(cx, &second) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_add(cx, "x", NULL, &row) == ERR_BUG);
	CHECK(db_undo(cx) == OK);
	CHECK(sql_t_now(cx, &first) == OK);
	CHECK_INT(first.at, second.at);
	CHECK(db_commit(cx) == OK);
	db_begin(cx, true, 0);
	CHECK(sql_t_now(cx, &first) == OK);
	CHECK(db_commit(cx) == OK);
}

/* What the chrome of a page does. */
static void note_pid(Ctx *cx)
{
	cx->query_count = 0;
	db_begin(cx, true, 0);
	db_note_along(cx);
	CHECK(sql_t_pid_send(cx) == OK);
	CHECK(db_has_along(cx, "t_pid"));
	CHECK_INT(cx->query_count, 0);
}

TEST(a_query_that_goes_along_costs_no_round_trip)
{
	SqlTSetting setting;
	SqlTNow now;
	SqlTPid pid;

	fixture_open(cx);
	for (int i = 0; i < 3; i++) {
		cx->query_count = 0;
		note_pid(cx);
		CHECK(sql_t_now_send(cx) == OK);
		CHECK(sql_t_setting_send(cx, "app.company_id") == OK);
		CHECK(sql_t_now_read(cx, &now) == OK);
		CHECK(sql_t_setting_read(cx, &setting) == OK);
		CHECK(sql_t_pid_read(cx, &pid) == OK);
		CHECK(pid.pid > 0);
		CHECK(!db_has_along(cx, "t_pid"));
		CHECK(!cx->db->unsynced); /* nor begins one that asks nothing */
		CHECK(db_commit(cx) == OK);
		CHECK_INT(cx->query_count, 1);
	}
	/* several, read in any order */
	note_pid(cx);
	db_note_along(cx);
	CHECK(sql_t_setting_send(cx, "app.company_id") == OK);
	db_note_along(cx);
	CHECK(sql_t_pid_send(cx) == ERR_BUG);
	CHECK(sql_t_now(cx, &now) == OK);
	CHECK(sql_t_setting_read(cx, &setting) == OK);
	CHECK_TEXT(setting.value, arena_printf(cx->mem, "%" PRId64, cx->company.v));
	CHECK(sql_t_pid_read(cx, &pid) == OK);
	CHECK_INT(cx->query_count, 1);
	CHECK(db_commit(cx) == OK);
	/* read before what it went along with, and alone */
	note_pid(cx);
	CHECK(sql_t_now_send(cx) == OK);
	CHECK(sql_t_pid_read(cx, &pid) == OK);
	CHECK(sql_t_now_read(cx, &now) == OK);
	CHECK(db_commit(cx) == OK);
	note_pid(cx);
	CHECK(sql_t_pid_read(cx, &pid) == OK);
	CHECK(pid.pid > 0);
	CHECK(db_commit(cx) == OK);
}

TEST(a_query_that_went_along_may_stay_unread_or_unsent)
{
	SqlTNow now;

	fixture_open(cx);
	for (int i = 0; i < 3; i++) {
		cx->query_count = 0;
		note_pid(cx);
		CHECK(db_commit(cx) == OK);
		CHECK_INT(cx->query_count, 0);
		note_pid(cx);
		CHECK(sql_t_now(cx, &now) == OK);
		if (i)
			CHECK(db_commit(cx) == OK);
		else
			db_rollback(cx);
		db_begin(cx, true, 0);
		CHECK(!db_has_along(cx, "t_pid"));
		CHECK(sql_t_now(cx, &now) == OK);
		CHECK(db_commit(cx) == OK);
	}
}

TEST(a_query_that_went_along_survives_an_undo_and_a_lost_connection)
{
	Ctx *other;
	SqlTNow now;
	SqlTPid pid, again;

	fixture_open(cx);
	db_begin(cx, true, 0);
	db_note_along(cx);
	CHECK(sql_t_pid_send(cx) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_now_send(cx) == OK);
	CHECK(db_undo(cx) == OK);
	CHECK(sql_t_pid_read(cx, &pid) == OK);
	CHECK(db_commit(cx) == OK);
	other = fixture_other(cx);
	note_pid(other);
	CHECK(sql_t_now_send(other) == OK);
	CHECK(conn_sync(other->db) && PQflush(other->db->conn) == 0);
	fixture_sql(cx, "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
			"where usename = 'siso_app' and pid <> pg_backend_pid()");
	CHECK(sql_t_now_read(other, &now) == OK);
	CHECK(sql_t_pid_read(other, &again) == OK);
	CHECK(again.pid > 0 && again.pid != pid.pid);
	CHECK(db_commit(other) == OK);
}

TEST(a_query_that_went_along_and_failed_fails_the_transaction)
{
	SqlTNow now;
	SqlTWrong wrong;

	fixture_open(cx);
	db_begin(cx, true, 0);
	db_note_along(cx);
	CHECK(sql_t_wrong_send(cx) == OK);
	CHECK(sql_t_now(cx, &now) == ERR_BUG);
	CHECK(sql_t_wrong_read(cx, &wrong) == ERR_BUG);
	CHECK_TEXT(cx->err.log, "query t_wrong: SQLSTATE 42703");
	CHECK(db_commit(cx) == ERR_BUG);
	/* only before the first query, and only one */
	db_begin(cx, true, 0);
	CHECK(sql_t_now(cx, &now) == OK);
	db_note_along(cx);
	CHECK(sql_t_pid_send(cx) == ERR_BUG);
	CHECK(db_commit(cx) == OK);
}

/* Transactions: what they cost, what they see, how they fail. */
#include "core/clock.h"
#include "db_fixture.h"
#include "platform/db/db_conn.h"
#include "platform/db/db_test.sql.h"
#include "test.h"

static void commit_one(Ctx *cx, const char *name, int64_t *ret_id)
{
	SqlTAdd row;

	db_begin(cx, false, 0);
	CHECK(sql_t_add(cx, name, NULL, &row) == OK);
	CHECK(db_commit(cx) == OK);
	if (ret_id)
		*ret_id = row.id;
}

TEST(a_page_with_one_query_is_one_round_trip)
{
	bool found;
	SqlTFind row;

	fixture_open(cx);
	for (int i = 0; i < 3; i++) {
		cx->query_count = 0;
		db_begin(cx, true, 0);
		CHECK(sql_t_find(cx, "nobody", &row, &found) == OK);
		CHECK(!found);
		CHECK(db_commit(cx) == OK);
		CHECK_INT(cx->query_count, 1);
	}
}

TEST(a_request_without_a_query_costs_nothing)
{
	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(db_commit(cx) == OK);
	db_begin(cx, false, 0);
	db_rollback(cx);
	CHECK_INT(cx->query_count, 0);
	CHECK(cx->db->conn == NULL);
}

TEST(several_queries_sent_together_are_one_round_trip)
{
	SqlTList *list;
	size_t count;
	bool found;
	SqlTFind row;
	SqlTNow now;

	fixture_open(cx);
	commit_one(cx, "a", NULL);
	cx->query_count = 0;
	db_begin(cx, true, 0);
	CHECK(sql_t_list_send(cx) == OK);
	CHECK(sql_t_find_send(cx, "a") == OK);
	CHECK(sql_t_now_send(cx) == OK);
	CHECK(sql_t_list_read(cx, &list, &count) == OK);
	CHECK(sql_t_find_read(cx, &row, &found) == OK);
	CHECK(sql_t_now_read(cx, &now) == OK);
	CHECK(db_commit(cx) == OK);
	CHECK_INT(cx->query_count, 1);
	CHECK_INT(count, 1);
	CHECK(found);
	CHECK_TEXT(list[0].name, "a");
}

TEST(a_write_is_committed_before_commit_returns)
{
	fixture_open(cx);
	commit_one(cx, "kept", NULL);
	CHECK_INT(cx->query_count, 2);
	CHECK_TEXT(fixture_sql(cx, "select name from db_test.thing"), "kept");
}

TEST(what_is_rolled_back_is_gone)
{
	SqlTAdd row;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_add(cx, "dropped", NULL, &row) == OK);
	db_rollback(cx);
	db_begin(cx, true, 0);
	CHECK(db_is_up(cx->db));
	db_rollback(cx);
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "0");
}

TEST(a_forgotten_transaction_does_not_reach_into_the_next)
{
	SqlTAdd row;
	SqlTSetting setting;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_add(cx, "forgotten", NULL, &row) == OK);
	cx->company.v = 2;
	db_begin(cx, true, 0);
	CHECK(sql_t_setting(cx, "app.company_id", &setting) == OK);
	CHECK_TEXT(setting.value, "2");
	CHECK(db_commit(cx) == OK);
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "0");
}

TEST(rows_of_another_company_are_not_there)
{
	SqlTEvery *list;
	size_t count;
	SqlTGet row;
	int64_t id;

	fixture_open(cx);
	commit_one(cx, "of the first", &id);
	cx->company.v = 2;
	db_begin(cx, true, 0);
	CHECK(sql_t_get(cx, id, &row) == ERR_NOT_FOUND);
	/* without a word about the company in the query */
	CHECK(sql_t_every(cx, &list, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(db_commit(cx) == OK);
}

TEST(a_row_for_another_company_is_refused)
{
	int64_t rows;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_add_for(cx, 2, "smuggled", &rows) == ERR_BUG);
	CHECK_TEXT(cx->err.log, "query t_add_for: SQLSTATE 42501");
	db_rollback(cx);
}

TEST(without_a_company_every_table_is_an_error)
{
	SqlTEvery *list;
	size_t count;
	SqlTSetting setting;

	fixture_open(cx);
	for (int i = 0; i < 2; i++) {
		cx->company.v = 0;
		db_begin(cx, true, 0);
		CHECK(sql_t_every(cx, &list, &count) == ERR_BUG);
		db_rollback(cx);
		db_begin(cx, true, 0);
		CHECK(sql_t_setting(cx, "app.company_id", &setting) == OK);
		CHECK(str_is_empty(setting.value));
		CHECK(db_commit(cx) == OK);
		/* and again on a connection that had a company before */
		cx->company.v = 1;
		db_begin(cx, true, 0);
		CHECK(sql_t_every(cx, &list, &count) == OK);
		CHECK(db_commit(cx) == OK);
	}
}

TEST(a_get_cannot_write)
{
	SqlTAdd row;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_add(cx, "x", NULL, &row) == ERR_BUG);
	CHECK_TEXT(cx->err.log, "query t_add: SQLSTATE 25006");
	CHECK(db_commit(cx) == ERR_BUG);
}

TEST(a_name_taken_is_a_conflict_that_names_the_constraint)
{
	SqlTAdd row;

	fixture_open(cx);
	commit_one(cx, "Ana Secreta", NULL);
	db_begin(cx, false, 0);
	CHECK(sql_t_add(cx, "Ana Secreta", NULL, &row) == ERR_CONFLICT);
	CHECK_TEXT(db_constraint(cx), "thing_name_once");
	CHECK_TEXT(cx->err.log, "query t_add: SQLSTATE 23505, constraint thing_name_once");
	CHECK(!strstr(cx->err.log, "Ana"));
	db_rollback(cx);
	commit_one(cx, "another", NULL);
	CHECK_TEXT(db_constraint(cx), "");
}

TEST(overlapping_times_are_a_conflict)
{
	int64_t rows;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_books(cx, 1000, 2000, &rows) == OK);
	CHECK_INT(rows, 1);
	CHECK(sql_t_books(cx, 2000, 3000, &rows) == OK);
	CHECK(sql_t_books(cx, 1999, 2001, &rows) == ERR_CONFLICT);
	CHECK_TEXT(db_constraint(cx), "slot_free");
	db_rollback(cx);
}

TEST(a_foreign_key_to_nothing_is_not_found_and_a_row_in_use_is_a_conflict)
{
	int64_t rows, id;

	fixture_open(cx);
	commit_one(cx, "whole", &id);
	db_begin(cx, false, 0);
	CHECK(sql_t_part_add(cx, id + 1, &rows) == ERR_NOT_FOUND);
	CHECK_TEXT(db_constraint(cx), "part_of_thing");
	db_rollback(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_part_add(cx, id, &rows) == OK);
	CHECK(sql_t_remove(cx, id, &rows) == ERR_CONFLICT);
	CHECK_TEXT(db_constraint(cx), "part_of_thing");
	db_rollback(cx);
}

TEST(a_rule_that_is_checked_at_commit_fails_the_commit)
{
	int64_t rows;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_later(cx, "twice", &rows) == OK);
	CHECK(sql_t_later(cx, "twice", &rows) == OK);
	CHECK(db_commit(cx) == ERR_CONFLICT);
	CHECK_TEXT(db_constraint(cx), "later_name_once");
	commit_one(cx, "goes on", NULL);
}

TEST(a_failed_query_fails_the_transaction_and_not_the_next_one)
{
	SqlTAdd row;
	SqlTWrong wrong;
	int64_t rows;

	fixture_open(cx);
	for (int i = 0; i < 3; i++) {
		db_begin(cx, false, 0);
		CHECK(sql_t_add(cx, "before", NULL, &row) == OK);
		CHECK(sql_t_wrong(cx, &wrong) == ERR_BUG);
		CHECK_TEXT(cx->err.log, "query t_wrong: SQLSTATE 42703");
		/* the first reason stays */
		CHECK(sql_t_add(cx, "after", NULL, &row) == ERR_BUG);
		CHECK(sql_t_rename(cx, 1, "x", &rows) == ERR_BUG);
		CHECK_TEXT(cx->err.log, "query t_wrong: SQLSTATE 42703");
		CHECK(db_commit(cx) == ERR_BUG);
		db_begin(cx, false, 0);
		CHECK(sql_t_check(cx, -1, &rows) == ERR_BUG);
		db_rollback(cx);
	}
	commit_one(cx, "only", NULL);
	CHECK_TEXT(fixture_sql(cx, "select string_agg(name, ',') from db_test.thing"), "only");
}

TEST(an_error_in_the_middle_of_a_round_trip_skips_the_rest_of_it)
{
	SqlTAdd a, c;
	SqlTWrong wrong;
	SqlTNow now;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_add_send(cx, "a", NULL) == OK);
	CHECK(sql_t_wrong_send(cx) == OK);
	CHECK(sql_t_add_send(cx, "c", NULL) == OK);
	CHECK(sql_t_now_send(cx) == OK);
	CHECK(sql_t_add_read(cx, &a) == OK);
	CHECK(sql_t_wrong_read(cx, &wrong) == ERR_BUG);
	CHECK(sql_t_add_read(cx, &c) == ERR_BUG);
	CHECK(sql_t_now_read(cx, &now) == ERR_BUG);
	CHECK(db_commit(cx) == ERR_BUG);
	/* what was skipped had not been prepared: it must be now */
	db_begin(cx, true, 0);
	CHECK(sql_t_now(cx, &now) == OK);
	CHECK(db_commit(cx) == OK);
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "0");
}

TEST(an_unread_query_that_failed_fails_the_commit)
{
	SqlTAdd row;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_add(cx, "a", NULL, &row) == OK);
	CHECK(sql_t_wrong_send(cx) == OK);
	CHECK(db_commit(cx) == ERR_BUG);
	CHECK_TEXT(cx->err.log, "query t_wrong: SQLSTATE 42703");
	db_begin(cx, false, 0);
	CHECK(sql_t_add_send(cx, "b", NULL) == OK);
	CHECK(db_commit(cx) == OK);
	CHECK_TEXT(fixture_sql(cx, "select string_agg(name, ',') from db_test.thing"), "b");
}

TEST(unread_answers_of_one_request_do_not_reach_the_next)
{
	SqlTSetting setting;
	SqlTWrong wrong;
	SqlTList *list;
	size_t count;

	fixture_open(cx);
	for (int i = 0; i < 4; i++) {
		db_begin(cx, true, 0);
		CHECK(sql_t_setting_send(cx, "app.company_id") == OK);
		CHECK(sql_t_wrong_send(cx) == OK);
		if (i % 2)
			CHECK(sql_t_setting_read(cx, &setting) == OK);
		CHECK(sql_t_list_send(cx) == OK);
		if (i < 2)
			CHECK(db_commit(cx) == OK);
		else
			db_rollback(cx);
		db_begin(cx, true, 0);
		CHECK(sql_t_list(cx, &list, &count) == OK);
		CHECK(sql_t_wrong(cx, &wrong) == ERR_BUG);
		db_rollback(cx);
	}
}

TEST(answers_are_read_in_the_order_of_sending)
{
	SqlTNow now;
	SqlTPid pid;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_now_read(cx, &now) == ERR_BUG);
	CHECK(sql_t_now_send(cx) == OK);
	CHECK(sql_t_pid_read(cx, &pid) == ERR_BUG);
	CHECK(sql_t_now_read(cx, &now) == OK);
	db_rollback(cx);
	CHECK(sql_t_now(cx, &now) == ERR_BUG);
	CHECK_TEXT(cx->err.log, "query t_now outside a transaction");
}

TEST(a_statement_that_takes_too_long_is_unavailable)
{
	SqlTSleep row;
	SqlTSetting setting;
	int64_t from = time_now_us();

	fixture_open(cx);
	db_begin(cx, true, 100);
	CHECK(sql_t_sleep(cx, 20, &row) == ERR_UNAVAILABLE);
	CHECK_TEXT(cx->err.log, "query t_sleep: SQLSTATE 57014");
	CHECK(time_now_us() - from < 5000000);
	db_rollback(cx);
	/* and the next request has the usual time again */
	db_begin(cx, true, 0);
	CHECK(sql_t_setting(cx, "statement_timeout", &setting) == OK);
	CHECK_TEXT(setting.value, "5s");
	CHECK(sql_t_sleep(cx, 0.3, &row) == OK);
	CHECK(db_commit(cx) == OK);
}

TEST(waiting_too_long_for_a_lock_is_unavailable)
{
	Ctx *other;
	SqlTLock row;

	fixture_open(cx);
	commit_one(cx, "a", NULL);
	other = fixture_other(cx);
	db_begin(other, false, 0);
	CHECK(sql_t_lock(other, &row) == OK);
	fixture_sql(
		cx, "alter role siso_app in database " FIXTURE_DATABASE " set lock_timeout = 200");
	conn_close(cx->db);
	db_begin(cx, false, 0);
	CHECK(sql_t_lock(cx, &row) == ERR_UNAVAILABLE);
	CHECK_TEXT(cx->err.log, "query t_lock: SQLSTATE 55P03");
	db_rollback(cx);
	db_rollback(other);
	fixture_sql(cx, "alter role siso_app in database " FIXTURE_DATABASE " reset lock_timeout");
	db_begin(cx, false, 0);
	CHECK(sql_t_lock(cx, &row) == OK);
	db_rollback(cx);
}

TEST(a_deadlock_is_unavailable_to_one_of_the_two)
{
	Ctx *other;
	int64_t a, b, rows;
	Err mine, theirs;

	fixture_open(cx);
	commit_one(cx, "a", &a);
	commit_one(cx, "b", &b);
	other = fixture_other(cx);
	db_begin(cx, false, 0);
	db_begin(other, false, 0);
	CHECK(sql_t_rename(cx, a, "a1", &rows) == OK);
	CHECK(sql_t_rename(other, b, "b2", &rows) == OK);
	CHECK(sql_t_rename_send(cx, b, "b1") == OK);
	CHECK(conn_sync(cx->db));
	CHECK(PQflush(cx->db->conn) == 0);
	theirs = sql_t_rename(other, a, "a2", &rows);
	if (theirs != OK)
		db_rollback(other);
	mine = sql_t_rename_read(cx, &rows);
	CHECK((mine == OK) != (theirs == OK));
	CHECK((mine == OK ? theirs : mine) == ERR_UNAVAILABLE);
	db_rollback(cx);
	db_rollback(other);
}

TEST(a_part_that_failed_can_be_undone_alone)
{
	SqlTAdd row;
	int64_t rows;

	fixture_open(cx);
	commit_one(cx, "taken", NULL);
	db_begin(cx, false, 0);
	CHECK(sql_t_add(cx, "first", NULL, &row) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_add(cx, "inner", NULL, &row) == OK);
	CHECK(sql_t_add(cx, "taken", NULL, &row) == ERR_CONFLICT);
	CHECK(db_savepoint(cx) == ERR_CONFLICT);
	CHECK(db_undo(cx) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_add(cx, "second", NULL, &row) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_rename(cx, row.id, "renamed", &rows) == OK);
	CHECK(db_undo(cx) == OK);
	CHECK(db_release(cx) == OK);
	CHECK(db_release(cx) == ERR_BUG);
	CHECK(db_undo(cx) == ERR_BUG);
	CHECK(db_commit(cx) == OK);
	CHECK_TEXT(fixture_sql(cx, "select string_agg(name, ',' order by name) from db_test.thing"),
		"first,second,taken");
}

TEST(a_part_is_settled_by_how_it_ended)
{
	SqlTAdd row;

	fixture_open(cx);
	commit_one(cx, "taken", NULL);
	db_begin(cx, false, 0);
	CHECK(db_savepoint(cx) == OK);
	CHECK(db_settle(cx, sql_t_add(cx, "kept", NULL, &row)) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_add(cx, "gone", NULL, &row) == OK);
	CHECK(db_settle(cx, ERR_STALE) == ERR_STALE);
	CHECK(db_savepoint(cx) == OK);
	CHECK(db_settle_unique(cx, sql_t_add(cx, "taken", NULL, &row), "name", "Já existe.") ==
		ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "name"), "Já existe.");
	CHECK(db_commit(cx) == OK);
	CHECK_TEXT(fixture_sql(cx, "select string_agg(name, ',' order by name) from db_test.thing"),
		"kept,taken");
}

TEST(a_savepoint_may_be_the_first_word)
{
	SqlTAdd row;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_add(cx, "x", NULL, &row) == OK);
	CHECK_INT(cx->query_count, 1);
	CHECK(db_release(cx) == OK);
	CHECK(db_commit(cx) == OK);
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "1");
}

static void note(void *arg)
{
	char *text = arg;

	text[strlen(text)] = '!';
}

TEST(what_waits_for_the_commit_runs_only_after_it)
{
	SqlTAdd row;
	char first[8] = "", second[8] = "", third[8] = "";

	fixture_open(cx);
	db_begin(cx, false, 0);
	db_after_commit(cx, note, first);
	CHECK(sql_t_add(cx, "x", NULL, &row) == OK);
	CHECK(db_savepoint(cx) == OK);
	db_after_commit(cx, note, second);
	CHECK(db_undo(cx) == OK);
	db_after_commit(cx, note, third);
	CHECK_TEXT(first, "");
	CHECK(db_commit(cx) == OK);
	CHECK_TEXT(first, "!");
	CHECK_TEXT(second, "");
	CHECK_TEXT(third, "!");

	db_begin(cx, false, 0);
	db_after_commit(cx, note, first);
	CHECK(sql_t_add(cx, "x", NULL, &row) == ERR_CONFLICT);
	CHECK(db_commit(cx) == ERR_CONFLICT);
	db_begin(cx, false, 0);
	db_after_commit(cx, note, first);
	db_rollback(cx);
	CHECK_TEXT(first, "!");

	db_begin(cx, false, 0);
	db_after_commit(cx, note, second);
	CHECK(db_commit(cx) == OK);
	CHECK_TEXT(second, "!");
}

TEST(results_must_have_the_declared_shape)
{
	SqlTNull null;
	SqlTOneOfMany many;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_null(cx, &null) == ERR_BUG);
	CHECK_TEXT(cx->err.log, "query t_null: column n is null");
	CHECK(sql_t_one_of_many(cx, &many) == ERR_BUG);
	CHECK_TEXT(cx->err.log, "query t_one_of_many gave 3 rows");
	CHECK(db_commit(cx) == OK);
}

TEST(a_long_answer_and_many_questions_do_not_lock_up)
{
	enum { MANY = 300 };
	SqlTBig *list;
	size_t count;

	fixture_open(cx);
	db_begin(cx, true, 0);
	/* the server has megabytes to say before it has read the last question */
	for (int i = 0; i < MANY; i++)
		CHECK(sql_t_big_send(cx, 20) == OK);
	for (int i = 0; i < MANY; i++) {
		CHECK(sql_t_big_read(cx, &list, &count) == OK);
		CHECK_INT(count, 20);
	}
	CHECK_INT(cx->query_count, 1);
	CHECK(db_commit(cx) == OK);
}

TEST(copy_uses_the_native_connection_inside_the_transaction)
{
	PGconn *native;
	SqlTAdd row;
	SqlTList *list;
	size_t count;
	PGresult *r;
	char *line = NULL;

	fixture_open(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_add(cx, "mine", NULL, &row) == OK);
	native = db_native(cx->db);
	CHECK(native != NULL);
	/* out only: PostgreSQL refuses COPY into a table with row-level security */
	r = PQexec(native, "copy (select name from db_test.thing) to stdout");
	CHECK(PQresultStatus(r) == PGRES_COPY_OUT);
	PQclear(r);
	CHECK_INT(PQgetCopyData(native, &line, 0), 5);
	CHECK_TEXT(line, "mine\n");
	PQfreemem(line);
	CHECK_INT(PQgetCopyData(native, &line, 0), -1);
	while ((r = PQgetResult(native)))
		PQclear(r);
	CHECK(sql_t_list(cx, &list, &count) == OK);
	CHECK_INT(count, 1);
	db_rollback(cx);
	CHECK(db_is_up(cx->db));
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "0");
}

TEST(the_native_connection_opens_a_transaction_that_is_only_noted)
{
	PGresult *r;

	fixture_open(cx);
	db_begin(cx, true, 0);
	r = PQexec(db_native(cx->db), "select current_setting('app.company_id')");
	CHECK_TEXT(PQgetvalue(r, 0, 0), "1");
	PQclear(r);
	CHECK(PQtransactionStatus(cx->db->conn) == PQTRANS_INTRANS);
	CHECK(db_commit(cx) == OK);
}

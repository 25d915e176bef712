/* The server goes away: killed connections, a crash in the middle, a server that hangs. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"
#include "db_fixture.h"
#include "platform/db/db_conn.h"
#include "platform/db/db_test.sql.h"
#include "test.h"

static int64_t pid_of(Ctx *cx)
{
	SqlTPid row;

	db_begin(cx, true, 0);
	CHECK(sql_t_pid(cx, &row) == OK);
	CHECK(db_commit(cx) == OK);
	return row.pid;
}

/* End the connection of cx on the server and wait until it is gone. */
static void kill_connection(Ctx *cx, int64_t pid)
{
	fixture_sql(cx, "select pg_terminate_backend(%" PRId64 ", 5000)", pid);
}

TEST(a_connection_killed_between_requests_is_not_noticed)
{
	SqlTAdd row;
	int64_t pid;

	fixture_open(cx);
	for (int i = 0; i < 3; i++) {
		pid = pid_of(cx);
		kill_connection(cx, pid);
		db_begin(cx, false, 0);
		CHECK(sql_t_add(cx, arena_printf(cx->mem, "after kill %d", i), NULL, &row) == OK);
		CHECK(db_commit(cx) == OK);
	}
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "3");
}

TEST(a_first_read_whose_connection_dies_is_asked_again_once)
{
	SqlTList *list;
	size_t count;
	int64_t pid;
	char name[] = "nobody";
	bool found;
	SqlTFind row;

	fixture_open(cx);
	pid = pid_of(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_list_send(cx) == OK);
	CHECK(sql_t_find_send(cx, name) == OK);
	/* the caller's text may change before the answer is read */
	memset(name, 'x', 3);
	kill_connection(cx, pid);
	CHECK(sql_t_list_read(cx, &list, &count) == OK);
	CHECK(sql_t_find_read(cx, &row, &found) == OK);
	CHECK_INT(count, 0);
	CHECK(db_commit(cx) == OK);
	CHECK(pid_of(cx) != pid);
}

TEST(a_transaction_that_had_an_answer_fails_with_its_connection)
{
	SqlTList *list;
	SqlTAdd row;
	size_t count;
	int64_t pid;

	fixture_open(cx);
	pid = pid_of(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_list(cx, &list, &count) == OK);
	kill_connection(cx, pid);
	CHECK(sql_t_list(cx, &list, &count) == ERR_UNAVAILABLE);
	CHECK(sql_t_list(cx, &list, &count) == ERR_UNAVAILABLE);
	CHECK(db_savepoint(cx) == ERR_UNAVAILABLE);
	CHECK(db_commit(cx) == ERR_UNAVAILABLE);
	/* and a first write is not repeated */
	pid = pid_of(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_add_send(cx, "once", NULL) == OK);
	kill_connection(cx, pid);
	CHECK(sql_t_add_read(cx, &row) == ERR_UNAVAILABLE);
	db_rollback(cx);
	CHECK(pid_of(cx) > 0);
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "0");
}

TEST(a_commit_whose_connection_dies_is_not_a_success)
{
	SqlTAdd row;
	int64_t pid;

	fixture_open(cx);
	pid = pid_of(cx);
	db_begin(cx, false, 0);
	CHECK(sql_t_add(cx, "lost", NULL, &row) == OK);
	kill_connection(cx, pid);
	CHECK(db_commit(cx) == ERR_UNAVAILABLE);
	CHECK_TEXT(cx->err.log, "connection lost during commit");
	CHECK_TEXT(fixture_sql(cx, "select count(*) from db_test.thing"), "0");
}

TEST(a_savepoint_does_not_outlive_its_connection)
{
	SqlTAdd row;
	int64_t pid;

	fixture_open(cx);
	pid = pid_of(cx);
	db_begin(cx, false, 0);
	CHECK(db_savepoint(cx) == OK);
	CHECK(sql_t_add(cx, "lost", NULL, &row) == OK);
	kill_connection(cx, pid);
	CHECK(sql_t_add(cx, "lost too", NULL, &row) == ERR_UNAVAILABLE);
	CHECK(db_undo(cx) == ERR_UNAVAILABLE);
	db_rollback(cx);
}

TEST(statements_are_prepared_again_when_the_schema_has_changed)
{
	SqlTList *list;
	size_t count;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_list(cx, &list, &count) == OK);
	CHECK(db_commit(cx) == OK);
	fixture_sql(cx, "alter table db_test.thing alter column name type varchar(40)");
	db_begin(cx, true, 0);
	CHECK(sql_t_list(cx, &list, &count) == ERR_UNAVAILABLE);
	db_rollback(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_list(cx, &list, &count) == OK);
	CHECK(db_commit(cx) == OK);
	fixture_sql(cx, "alter table db_test.thing alter column name type text");
}

TEST(statements_that_somebody_deallocated_are_prepared_again)
{
	SqlTList *list;
	size_t count;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_list(cx, &list, &count) == OK);
	CHECK(db_commit(cx) == OK);
	PQclear(PQexec(db_native(cx->db), "deallocate all"));
	db_begin(cx, true, 0);
	CHECK(sql_t_list(cx, &list, &count) == ERR_UNAVAILABLE);
	db_rollback(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_list(cx, &list, &count) == OK);
	CHECK(db_commit(cx) == OK);
}

TEST(no_server_is_unavailable_and_the_log_says_so)
{
	SqlTPid row;
	int64_t from = time_now_us();
	Db *db = db_open(&(DbConfig){ "host=/nonexistent dbname=x", NULL });

	cx->db = db;
	CHECK(!db_is_up(db));
	db_begin(cx, true, 0);
	CHECK(sql_t_pid(cx, &row) == ERR_UNAVAILABLE);
	CHECK(str_starts(cx->err.log, "no connection to PostgreSQL: "));
	CHECK(db_commit(cx) == ERR_UNAVAILABLE);
	CHECK(db_native(db) == NULL);
	db_close(db);
	db = cx->db = db_open(&(DbConfig){ "this is no conninfo", NULL });
	db_begin(cx, true, 0);
	CHECK(sql_t_pid(cx, &row) == ERR_UNAVAILABLE);
	db_rollback(cx);
	db_close(db);
	cx->db = NULL;
	CHECK(time_now_us() - from < 2000000);
}

/* ---- a cluster of its own, to crash ---- */

static char *folder; /* of the cluster; NULL: not started */

static bool cluster(Ctx *cx, const char *command)
{
	const char *root = getenv("SISO_SOURCE") ? getenv("SISO_SOURCE") : ".";
	char *script = arena_printf(cx->mem, "%s/test/cluster.sh", root);
	int status = -1;
	pid_t pid = fork();

	if (!pid) {
		/* what it prints is for scripts */
		if (!freopen("/dev/null", "w", stdout))
			_exit(126);
		execl("/bin/sh", "sh", script, command, folder, (char *)NULL);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return status == 0;
}

static void stop_cluster(void *arg)
{
	cluster(arg, "stop");
	rmdir(folder);
}

/* cx->db in a fresh cluster that only this test has; false: it did not start. */
static bool open_private(Ctx *cx)
{
	char *place;
	FILE *file;
	size_t length;

	folder = test_scratch(cx->mem, "siso-lost.XXXXXX");
	if (!mkdtemp(folder) || !cluster(cx, "start"))
		return false;
	arena_defer(cx->mem, stop_cluster, cx);
	file = fopen(arena_printf(cx->mem, "%s/place", folder), "re");
	place = arena_alloc(cx->mem, 100);
	length = file ? fread(place, 1, 99, file) : 0;
	if (file)
		fclose(file);
	place[strcspn(place, "\n")] = '\0';
	cx->db = db_open(
		&(DbConfig){ arena_printf(cx->mem, "host=%s dbname=siso_test user=siso_app", place),
			"siso test" });
	return length > 0;
}

TEST(a_server_that_crashes_and_comes_back_needs_no_restart_of_ours)
{
	SqlTPid row;
	SqlTNow now;

	CHECK(open_private(cx));
	db_begin(cx, true, 0);
	CHECK(sql_t_pid(cx, &row) == OK);
	CHECK(cluster(cx, "crash"));
	CHECK(sql_t_now(cx, &now) == ERR_UNAVAILABLE);
	CHECK(db_commit(cx) == ERR_UNAVAILABLE);
	CHECK(!db_is_up(cx->db));
	for (int i = 0; i < 3; i++) {
		db_begin(cx, i != 1, 0);
		CHECK(sql_t_now(cx, &now) == ERR_UNAVAILABLE);
		db_rollback(cx);
	}
	CHECK(cluster(cx, "resume"));
	CHECK(db_is_up(cx->db));
	for (int i = 0; i < 3; i++) {
		db_begin(cx, i != 1, 0);
		CHECK(sql_t_now(cx, &now) == OK);
		CHECK(db_commit(cx) == OK);
		if (i == 1) {
			CHECK(cluster(cx, "crash"));
			CHECK(cluster(cx, "resume"));
		}
	}
	db_close(cx->db);
	cx->db = NULL;
}

TEST(a_server_that_hangs_is_given_up)
{
	SqlTPid row;
	SqlTNow now;
	int64_t from;

	fixture_open(cx);
	db_begin(cx, true, 100);
	CHECK(sql_t_pid(cx, &row) == OK);
	if (kill((pid_t)row.pid, SIGSTOP) != 0) {
		test_skip("may not stop the server's process");
		db_rollback(cx);
		return;
	}
	cx->db->grace_ms = 200;
	from = time_now_us();
	CHECK(sql_t_now(cx, &now) == ERR_UNAVAILABLE);
	CHECK(time_now_us() - from < 5000000);
	kill((pid_t)row.pid, SIGCONT);
	db_rollback(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_now(cx, &now) == OK);
	CHECK(db_commit(cx) == OK);
}

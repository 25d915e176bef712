/* See fixture.h. */
#include "fixture.h"

#include <hiredis/hiredis.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

atomic_int fixture_runs;
atomic_int fixture_last_tries;
char fixture_seen[256];

static char redis_folder[100], redis_socket[108];
static pid_t redis_pid;

/* ---- PostgreSQL ---- */

const char *fixture_sql(Ctx *cx, const char *sql)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_queue"));
	PGresult *r = PQexec(conn, sql);
	ExecStatusType status = PQresultStatus(r);
	const char *value = NULL;

	if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
		test_fail(__FILE__, __LINE__, "%s: %s", sql, PQerrorMessage(conn));
	if (status == PGRES_TUPLES_OK && PQntuples(r) > 0 && !PQgetisnull(r, 0, 0))
		value = arena_dup(cx->mem, PQgetvalue(r, 0, 0));
	PQclear(r);
	PQfinish(conn);
	return value;
}

int64_t fixture_number(Ctx *cx, const char *sql)
{
	int64_t number = -1;
	const char *text = fixture_sql(cx, sql);

	if (text && !str_int64(str_of(text), &number))
		test_fail(__FILE__, __LINE__, "%s: got %s", sql, text);
	return number;
}

bool fixture_until(Ctx *cx, const char *sql, int64_t wanted)
{
	int64_t got = 0;

	for (int i = 0; i < 200; i++) {
		got = fixture_number(cx, sql);
		if (got == wanted)
			return true;
		usleep(50000);
	}
	test_fail(__FILE__, __LINE__, "%s: still %" PRId64 ", wanted %" PRId64, sql, got, wanted);
	return false;
}

void fixture_reset(Ctx *cx)
{
	fixture_sql(cx, "delete from siso.outbox");
	fixture_sql(cx, "delete from siso.cron");
	atomic_store(&fixture_runs, 0);
	atomic_store(&fixture_last_tries, 0);
	fixture_seen[0] = '\0';
}

int64_t fixture_add(Ctx *cx, const char *name, const char *data, const JobOptions *options)
{
	Ctx own = *cx;

	own.db = db_open(&(DbConfig){ test_conninfo(cx, "siso_app"), "siso test" });
	db_begin(&own, /* read_only= */ false, 0);
	if (job_add(&own, name, data, options) != OK || db_commit(&own) != OK)
		test_fail(__FILE__, __LINE__, "job %s not added: %s", name, own.err.log);
	db_close(own.db);
	return fixture_number(cx, "select max(id) from siso.outbox");
}

/* ---- jobs ---- */

static Err run_count(Ctx *cx, const char *data)
{
	(void)data;
	(void)cx;
	atomic_fetch_add(&fixture_runs, 1);
	return OK;
}

static Err run_fail(Ctx *cx, const char *data)
{
	(void)data;
	atomic_fetch_add(&fixture_runs, 1);
	if (job_is_last_try(cx))
		atomic_fetch_add(&fixture_last_tries, 1);
	return err_set(cx, ERR_UNAVAILABLE, "it always fails");
}

static Err run_child(Ctx *cx, const char *data)
{
	TRY(job_add(cx, "test.count", "{}", NULL));
	return strstr(data, "\"fail\": true") ? err_set(cx, ERR_INVALID, "as asked") : OK;
}

static Err run_flaky(Ctx *cx, const char *data)
{
	(void)data;
	if (atomic_fetch_add(&fixture_runs, 1) < 2)
		return err_set(cx, ERR_UNAVAILABLE, "not yet");
	return OK;
}

static Err run_sleep(Ctx *cx, const char *data)
{
	PGresult *r;
	bool fine;

	(void)data;
	atomic_fetch_add(&fixture_runs, 1);
	r = PQexec(db_native(cx->db), "select pg_sleep(3)");
	fine = PQresultStatus(r) == PGRES_TUPLES_OK;
	PQclear(r);
	return fine ? OK : err_set(cx, ERR_UNAVAILABLE, "woken");
}

static Err run_pause(Ctx *cx, const char *data)
{
	(void)cx;
	(void)data;
	usleep(300000);
	return OK;
}

static Err run_stolen(Ctx *cx, const char *data)
{
	(void)data;
	if (atomic_fetch_add(&fixture_runs, 1) > 0)
		return OK;
	TRY(job_add(cx, "test.count", "{}", NULL));
	fixture_sql(cx, "update siso.outbox set claims = claims + 1 where name = 'test.stolen'");
	return OK;
}

static Err run_step(Ctx *cx, const char *data)
{
	(void)data;
	if (atomic_fetch_add(&fixture_runs, 1) > 0)
		return OK;
	TRY(job_add(cx, "test.kept", "{}", &(JobOptions){ .due = TEST_NOW + 86400 * 3650 }));
	TRY(job_step(cx));
	TRY(job_add(cx, "test.lost", "{}", &(JobOptions){ .due = TEST_NOW + 86400 * 3650 }));
	return err_set(cx, ERR_UNAVAILABLE, "after the step");
}

static Err run_seen(Ctx *cx, const char *data)
{
	snprintf(fixture_seen, sizeof fixture_seen, "company %" PRId64 " user %" PRId64 " %s %s %s",
		cx->company.v, cx->user.v, data, cx->request_id, cx->zone);
	return OK;
}

static const Job jobs[] = {
	{ "test.count", run_count, 3, 10 },
	{ "test.fail", run_fail, 3, 10 },
	{ "test.child", run_child, 2, 10 },
	{ "test.flaky", run_flaky, 5, 10 },
	{ "test.sleep", run_sleep, 1, 1 },
	{ "test.long", run_sleep, 2, 30 },
	{ "test.stolen", run_stolen, 3, 10 },
	{ "test.step", run_step, 3, 10 },
	{ "test.pause", run_pause, 3, 10 },
	{ "test.seen", run_seen, 3, 10 },
};

static Err before_job(Ctx *cx)
{
	cx->zone = "America/Manaus";
	return OK;
}

QueueConfig fixture_config(Ctx *cx, const char *redis)
{
	return (QueueConfig){ .app_conninfo = test_conninfo(cx, "siso_app"),
		.queue_conninfo = test_conninfo(cx, "siso_queue"),
		.redis = redis,
		.redis_queue = "test",
		.threads = 2,
		.job = jobs,
		.job_count = COUNT(jobs),
		.before_job = before_job,
		.poll_ms = 100,
		.retry_ms = 50,
		.lease_s = 2,
		.lock_ms = 2000,
		.stalled_ms = 1000,
		.sweep_s = 1,
		.reconcile_s = 1,
		.grace_s = 5 };
}

/* ---- Redis ---- */

static bool redis_answers(void)
{
	redisContext *redis = redisConnectUnix(redis_socket);
	redisReply *reply = redis && !redis->err ? redisCommand(redis, "PING") : NULL;
	bool fine = reply && reply->type == REDIS_REPLY_STATUS;

	if (reply)
		freeReplyObject(reply);
	if (redis)
		redisFree(redis);
	return fine;
}

const char *fixture_redis_start(void)
{
	if (access("/usr/bin/redis-server", X_OK) != 0)
		return NULL;
	if (!redis_socket[0]) {
		snprintf(redis_folder, sizeof redis_folder, "%s/siso-redis.XXXXXX", test_folder());
		if (!mkdtemp(redis_folder))
			return NULL;
		snprintf(redis_socket, sizeof redis_socket, "%s/s", redis_folder);
	}
	redis_pid = fork();
	if (redis_pid == 0) {
		execl("/usr/bin/redis-server", "redis-server", "--port", "0", "--unixsocket",
			redis_socket, "--dir", redis_folder, "--save", "", "--appendonly", "no",
			"--logfile", "/dev/null", NULL);
		_exit(127);
	}
	for (int i = 0; i < 100 && !redis_answers(); i++)
		usleep(50000);
	return redis_socket;
}

void fixture_redis_stop(void)
{
	if (redis_pid <= 0)
		return;
	kill(redis_pid, SIGKILL);
	waitpid(redis_pid, NULL, 0);
	redis_pid = 0;
	unlink(redis_socket);
}

/* The last test may have left it running. */
__attribute__((destructor)) static void clean_up(void)
{
	fixture_redis_stop();
	if (redis_socket[0])
		rmdir(redis_folder);
}

int64_t fixture_redis_number(const char *command)
{
	redisContext *redis = redisConnectUnix(redis_socket);
	redisReply *reply = redisCommand(redis, command);
	int64_t number = reply && reply->type == REDIS_REPLY_INTEGER ? reply->integer : -1;

	if (reply)
		freeReplyObject(reply);
	redisFree(redis);
	return number;
}

void fixture_redis_command(const char *command)
{
	fixture_redis_number(command);
}

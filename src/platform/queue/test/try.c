/* try: a worker, a relay and a producer as programs of their own, to be killed by interop.mjs.
 *   try prepare                 run the migrations, empty the outbox
 *   try work | relay            until SIGTERM; says "run NAME ID" and "end NAME ID" on standard
 * output try half-relay              tell Redis of all waiting rows, then die before noting it try
 * add NAME COUNT [SECONDS [PRIORITY]]   add jobs, due in so many seconds; prints the last id
 * Environment: TRY_REDIS, TRY_THREADS, TRY_LOCK_MS, TRY_STALLED_MS, TRY_LEASE_S. */
#include <signal.h>
#include <unistd.h>

#include "core/clock.h"
#include "platform/queue/bullmq.h"
#include "platform/queue/queue.h"
#include "platform/queue/queue.sql.h"
#include "test.h"
#include "test_db.h"

enum { HALF_MAX = 1000, FAR_S = 86400 };

/* What test_db.c wants of a test program. */
void (*test_before)(Ctx *cx);
void (*test_after)(Ctx *cx);

static volatile sig_atomic_t stop;

void test_fail(const char *file, int line, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fprintf(stderr, "%s:%d: ", file, line);
	vfprintf(stderr, format, args);
	va_end(args);
	exit(1);
}

static void on_stop(int signal)
{
	(void)signal;
	stop = 1;
}

static int number(const char *name, int otherwise)
{
	int64_t value = otherwise;
	const char *text = getenv(name);

	return text && str_int64(str_of(text), &value) ? (int)value : otherwise;
}

/* ---- jobs ---- */

static Err say(Ctx *cx, const char *what, const char *name)
{
	printf("%s %s %s\n", what, name, cx->request_id);
	fflush(stdout);
	return OK;
}

/* Something that can be counted afterwards, in the job's own transaction. */
static Err mark(Ctx *cx)
{
	return job_add(cx, "try.mark", "{}", &(JobOptions){ .due = cx->now + FAR_S });
}

static Err run_effect(Ctx *cx, const char *data)
{
	(void)data;
	TRY(say(cx, "run", "effect"));
	return mark(cx);
}

static Err run_slow(Ctx *cx, const char *data)
{
	(void)data;
	TRY(say(cx, "run", "slow"));
	TRY(mark(cx));
	for (int i = 0; i < 40; i++)
		usleep(100000);
	return say(cx, "end", "slow");
}

static Err run_short(Ctx *cx, const char *data)
{
	(void)data;
	TRY(say(cx, "run", "short"));
	TRY(mark(cx));
	usleep(400000);
	return say(cx, "end", "short");
}

static Err run_fail(Ctx *cx, const char *data)
{
	(void)data;
	TRY(say(cx, "run", "fail"));
	return err_set(cx, ERR_UNAVAILABLE, "as asked");
}

static const Job jobs[] = {
	{ "try.effect", run_effect, 5, 30 },
	{ "try.slow", run_slow, 5, 30 },
	{ "try.short", run_short, 5, 30 },
	{ "try.fail", run_fail, 2, 30 },
};

/* ---- commands ---- */

static Ctx open_context(const char *role)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem,
		.company = { 1 },
		.now = time_now(),
		.zone = "UTC",
		.request_id = "try",
		.peer = "" };

	cx.db = db_open(&(DbConfig){ test_conninfo(&cx, role), "siso try" });
	db_begin(&cx, /* read_only= */ false, 0);
	return cx;
}

static void close_context(Ctx *cx)
{
	db_close(cx->db);
	arena_free(cx->mem);
}

static void must(Ctx *cx, Err err, const char *what)
{
	if (err != OK)
		test_fail(__FILE__, __LINE__, "%s: %s\n", what, cx->err.log);
}

static int prepare(void)
{
	Ctx cx = open_context("siso_app");
	PGconn *conn;

	db_close(cx.db);
	test_before(&cx);
	test_after(&cx);
	conn = PQconnectdb(test_conninfo(&cx, "siso_owner"));
	PQclear(PQexec(conn, "truncate siso.outbox, siso.cron"));
	PQfinish(conn);
	arena_free(cx.mem);
	return 0;
}

static int work(int threads)
{
	Ctx cx = open_context("siso_app");
	QueueConfig config = { .app_conninfo = test_conninfo(&cx, "siso_app"),
		.queue_conninfo = test_conninfo(&cx, "siso_queue"),
		.redis = getenv("TRY_REDIS"),
		.redis_queue = "try",
		.threads = threads,
		.job = jobs,
		.job_count = COUNT(jobs),
		.poll_ms = 200,
		.retry_ms = 100,
		.lease_s = number("TRY_LEASE_S", 3),
		.lock_ms = number("TRY_LOCK_MS", 2000),
		.stalled_ms = number("TRY_STALLED_MS", 1000),
		.sweep_s = 1,
		.reconcile_s = 1,
		.grace_s = 10 };
	bool fine;

	signal(SIGTERM, on_stop);
	printf("ready\n");
	fflush(stdout);
	fine = queue_work(&config, &stop);
	close_context(&cx);
	return fine ? 0 : 1;
}

static int half_relay(void)
{
	Ctx cx = open_context("siso_queue");
	Bull *bull = bull_open(&(BullConfig){ .address = getenv("TRY_REDIS"),
		.prefix = "bull",
		.queue = "try",
		.worker = "half",
		.role = "",
		.lock_ms = 2000 });
	static BullNew job[HALF_MAX];
	static bool added[HALF_MAX];
	SqlOutboxNear *row;
	size_t count;

	must(&cx, sql_outbox_near(&cx, FAR_S, HALF_MAX, HALF_MAX, &row, &count), "near");
	for (size_t i = 0; i < count; i++)
		job[i] = (BullNew){ .name = row[i].name,
			.row = row[i].id,
			.relay_count = row[i].relay_count,
			.delay_ms = row[i].delay_ms };
	if (bull_add(bull, job, count, added) != BULL_OK)
		return 1;
	printf("%zu\n", count);
	fflush(stdout);
	_exit(0); /* the transaction was not committed */
}

static int add(int argc, char **argv)
{
	Ctx cx = open_context("siso_app");
	int64_t count = 1, seconds = 0, priority = 0;
	QueueItem *item;
	size_t n;

	(void)str_int64(str_of(argv[3]), &count);
	if (argc > 4)
		(void)str_int64(str_of(argv[4]), &seconds);
	if (argc > 5)
		(void)str_int64(str_of(argv[5]), &priority);
	for (int64_t i = 0; i < count; i++) {
		cx.request_id = arena_printf(cx.mem, "r%" PRId64, i);
		must(&cx,
			job_add(&cx, argv[2], "{}",
				&(JobOptions){ .due = seconds ? cx.now + seconds : 0,
					.priority = (int)priority }),
			"add");
	}
	must(&cx, queue_list(&cx, NULL, 0, 1, &item, &n), "list");
	must(&cx, db_commit(&cx), "commit");
	printf("%" PRId64 "\n", n ? item[0].id : 0);
	close_context(&cx);
	return 0;
}

int main(int argc, char **argv)
{
	const char *command = argc > 1 ? argv[1] : "";

	if (strcmp(command, "prepare") == 0)
		return prepare();
	if (strcmp(command, "work") == 0)
		return work(number("TRY_THREADS", 2));
	if (strcmp(command, "relay") == 0)
		return work(0);
	if (strcmp(command, "half-relay") == 0)
		return half_relay();
	if (strcmp(command, "add") == 0 && argc > 3)
		return add(argc, argv);
	return 2;
}

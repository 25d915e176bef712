/* Workers in this process on committed rows, with PostgreSQL alone. */
#include <pthread.h>
#include <unistd.h>

#include "core/clock.h"
#include "fixture.h"
#include "platform/queue/queue_driver.h"

static const char ALL_DONE[] = "select count(*) from siso.outbox where state <> 'done'";

static Queue *start(Ctx *cx)
{
	QueueConfig config = fixture_config(cx, NULL);

	return queue_start(&config);
}

TEST(a_job_runs_after_the_commit_with_its_context)
{
	Queue *queue;
	Ctx other = *cx;

	fixture_reset(cx);
	queue = start(cx);
	CHECK_TEXT(queue_driver_name(queue), "postgresql");
	other.company = (CompanyId){ 2 };
	other.request_id = "req-9";
	fixture_add(&other, "test.seen", "{\"id\":5}", NULL);
	CHECK(fixture_until(cx, ALL_DONE, 0));
	queue_stop(queue);
	CHECK_TEXT(fixture_seen, "company 2 user 0 {\"id\": 5} req-9 America/Manaus");
	CHECK_INT(fixture_number(cx, "select attempts from siso.outbox"), 1);
}

TEST(a_job_that_was_rolled_back_never_runs)
{
	Queue *queue;

	fixture_reset(cx);
	queue = start(cx);
	CHECK(job_add(cx, "test.count", "{}", NULL) == OK);
	db_rollback(cx);
	usleep(300000);
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 0);
}

TEST(a_job_waits_until_it_is_due)
{
	Queue *queue;
	int64_t start_us;

	fixture_reset(cx);
	queue = start(cx);
	start_us = time_now_us();
	fixture_add(cx, "test.count", "{}", &(JobOptions){ .due = time_now() + 2 });
	CHECK(fixture_until(cx, ALL_DONE, 0));
	queue_stop(queue);
	CHECK(time_now_us() - start_us > 900000);
	CHECK_INT(atomic_load(&fixture_runs), 1);
}

TEST(a_failing_job_is_tried_again_and_then_failed)
{
	Queue *queue;

	fixture_reset(cx);
	queue = start(cx);
	fixture_add(cx, "test.fail", "{}", NULL);
	CHECK(fixture_until(cx, "select count(*) from siso.outbox where state = 'failed'", 1));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 3);
	CHECK_INT(atomic_load(&fixture_last_tries), 1);
	CHECK_INT(fixture_number(cx, "select attempts from siso.outbox"), 3);
	CHECK_TEXT(fixture_sql(cx, "select last_error from siso.outbox"), "unavailable");
}

TEST(a_failed_job_runs_again_when_asked)
{
	Queue *queue;
	int64_t id;
	Ctx own = *cx;

	fixture_reset(cx);
	queue = start(cx);
	id = fixture_add(cx, "test.fail", "{}", NULL);
	CHECK(fixture_until(cx, "select count(*) from siso.outbox where state = 'failed'", 1));
	own.db = db_open(&(DbConfig){ test_conninfo(cx, "siso_app"), "siso test" });
	db_begin(&own, /* read_only= */ false, 0);
	CHECK(queue_retry(&own, id) == OK);
	CHECK(db_commit(&own) == OK);
	db_close(own.db);
	CHECK(fixture_until(
		cx, "select count(*) from siso.outbox where state = 'failed' and claims = 6", 1));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 6);
}

TEST(what_a_failed_job_wrote_is_rolled_back_with_it)
{
	Queue *queue;

	fixture_reset(cx);
	queue = start(cx);
	fixture_add(cx, "test.child", "{\"fail\":true}", NULL);
	fixture_add(cx, "test.child", "{\"fail\":false}", NULL);
	CHECK(fixture_until(
		cx, "select count(*) from siso.outbox where state not in ('done', 'failed')", 0));
	queue_stop(queue);
	CHECK_INT(fixture_number(cx, "select count(*) from siso.outbox where name = 'test.count'"),
		1);
	CHECK_TEXT(fixture_sql(cx, "select last_error from siso.outbox where state = 'failed'"),
		"invalid");
}

TEST(what_a_job_committed_by_a_step_stays)
{
	Queue *queue;

	fixture_reset(cx);
	queue = start(cx);
	fixture_add(cx, "test.step", "{}", NULL);
	CHECK(fixture_until(cx, "select count(*) from siso.outbox where state = 'done'", 1));
	queue_stop(queue);
	CHECK_INT(
		fixture_number(cx, "select count(*) from siso.outbox where name = 'test.kept'"), 1);
	CHECK_INT(
		fixture_number(cx, "select count(*) from siso.outbox where name = 'test.lost'"), 0);
}

TEST(a_job_that_takes_too_long_is_cancelled)
{
	Queue *queue;
	int64_t start_us;

	fixture_reset(cx);
	queue = start(cx);
	start_us = time_now_us();
	fixture_add(cx, "test.sleep", "{}", NULL);
	CHECK(fixture_until(cx, "select count(*) from siso.outbox where state = 'failed'", 1));
	CHECK(time_now_us() - start_us < 2500000);
	queue_stop(queue);
	CHECK_TEXT(fixture_sql(cx, "select last_error from siso.outbox"), "timeout");
}

TEST(a_worker_that_lost_its_row_takes_all_back)
{
	Queue *queue;

	fixture_reset(cx);
	queue = start(cx);
	fixture_add(cx, "test.stolen", "{}", NULL);
	/* the thief never finishes; when its lease is over the row runs once more */
	CHECK(fixture_until(cx, "select count(*) from siso.outbox where state = 'done'", 1));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 2);
	CHECK_INT(fixture_number(cx, "select count(*) from siso.outbox where name = 'test.count'"),
		0);
}

TEST(rows_of_dead_workers_run_again_but_not_for_ever)
{
	Queue *queue;

	fixture_reset(cx);
	fixture_sql(cx,
		"insert into siso.outbox (company_id, name, state, lease_until, attempts, claims)"
		" values (1, 'test.count', 'running', now() - interval '1 second', 1, 1),"
		" (2, 'test.count', 'running', now() - interval '1 second', 3, 3)");
	queue = start(cx);
	CHECK(fixture_until(
		cx, "select count(*) from siso.outbox where finished_at is not null", 2));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 1);
	CHECK_TEXT(fixture_sql(cx, "select last_error from siso.outbox where state = 'failed'"),
		"crashed");
}

TEST(a_long_job_keeps_its_row)
{
	Queue *queue;

	fixture_reset(cx);
	queue = start(cx);
	fixture_add(cx, "test.long", "{}", NULL); /* three seconds, with a lease of two */
	CHECK(fixture_until(cx, ALL_DONE, 0));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 1);
	CHECK_INT(fixture_number(cx, "select claims from siso.outbox"), 1);
}

TEST(a_job_that_this_program_does_not_know_waits)
{
	Queue *queue;

	fixture_reset(cx);
	queue = start(cx);
	fixture_add(cx, "future.job", "{}", NULL);
	CHECK(fixture_until(cx,
		"select count(*) from siso.outbox where last_error = 'unknown-job' and state = "
		"'queued'",
		1));
	queue_stop(queue);
}

TEST(later_priorities_run_later)
{
	Queue *queue;

	fixture_reset(cx);
	fixture_add(cx, "test.count", "{}", &(JobOptions){ .priority = 5 });
	fixture_add(cx, "test.count", "{}", &(JobOptions){ .priority = 1 });
	fixture_add(cx, "test.count", "{}", NULL);
	queue = start(cx);
	CHECK(fixture_until(cx, ALL_DONE, 0));
	queue_stop(queue);
	CHECK_TEXT(fixture_sql(cx, "select string_agg(priority::text, ' ' order by started_at)"
				   " from siso.outbox"),
		"0 1 5");
}

TEST(many_jobs_of_many_workers_run_once_each)
{
	QueueConfig config = fixture_config(cx, NULL);
	Queue *queue;

	fixture_reset(cx);
	fixture_sql(cx, "insert into siso.outbox (company_id, name) select n % 5, 'test.count'"
			" from generate_series(1, 400) n");
	config.threads = 6;
	queue = queue_start(&config);
	CHECK(fixture_until(cx, ALL_DONE, 0));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 400);
	CHECK_INT(fixture_number(cx, "select max(claims) from siso.outbox"), 1);
}

TEST(stopping_waits_for_running_jobs_and_cancels_what_does_not_end)
{
	QueueConfig config = fixture_config(cx, NULL);
	Queue *queue;
	int64_t start_us;

	fixture_reset(cx);
	config.grace_s = 1;
	queue = queue_start(&config);
	fixture_add(cx, "test.long", "{}", NULL);
	CHECK(fixture_until(cx, "select count(*) from siso.outbox where state = 'running'", 1));
	start_us = time_now_us();
	queue_stop(queue);
	CHECK(time_now_us() - start_us < 2500000);
	CHECK_INT(fixture_number(cx, "select count(*) from siso.outbox where state = 'queued'"), 1);
}

TEST(one_companys_flood_does_not_stop_the_others)
{
	QueueConfig config = fixture_config(cx, NULL);
	Ctx neighbour = *cx;
	Queue *queue;

	fixture_reset(cx);
	config.threads = 3;
	fixture_sql(cx, "insert into siso.outbox (company_id, name, due) select 1, 'test.pause',"
			" now() - interval '1 minute' from generate_series(1, 700)");
	queue = queue_start(&config);
	CHECK(fixture_until(cx, "select count(*) from siso.outbox where state = 'running'", 2));
	neighbour.company = (CompanyId){ 2 };
	fixture_add(&neighbour, "test.count", "{}", NULL);
	CHECK(fixture_until(
		cx, "select count(*) from siso.outbox where company_id = 2 and state = 'done'", 1));
	CHECK(fixture_number(cx,
		      "select count(*) from siso.outbox where company_id = 1 and state = 'done'") <
		80);
	queue_stop(queue);
	fixture_reset(cx);
}

TEST(finished_rows_are_thrown_away_after_their_time)
{
	Queue *queue;

	fixture_reset(cx);
	fixture_sql(cx, "insert into siso.outbox (company_id, name, state, finished_at) values"
			" (1, 'test.count', 'done', now() - interval '8 days'),"
			" (1, 'test.count', 'done', now() - interval '6 days'),"
			" (1, 'test.count', 'failed', now() - interval '80 days'),"
			" (1, 'test.count', 'failed', now() - interval '91 days')");
	queue = start(cx);
	CHECK(fixture_until(cx, "select count(*) from siso.outbox", 2));
	queue_stop(queue);
}

TEST(wrong_tables_stop_the_program)
{
	QueueConfig config = fixture_config(cx, NULL);
	static const Job twice[] = {
		{ "test.a", NULL, 1, 1 },
	};
	static const Cron bad[] = {
		{ "a", "61 * * * *", NULL, "test.count", false },
		{ "a", "* * * * *", "Mars/Olympus", "test.count", false },
		{ "a", "* * * * *", NULL, "test.none", false },
		{ "a", "0 0 30 2 *", NULL, "test.count", false },
	};

	for (size_t i = 0; i < COUNT(bad); i++) {
		config.cron = &bad[i];
		config.cron_count = 1;
		CHECK(queue_start(&config) == NULL);
	}
	config.cron_count = 0;
	config.job = twice;
	config.job_count = 1;
	CHECK(queue_start(&config) == NULL);
}

/* ---- schedules ---- */

static const Cron crons[] = {
	{ "hourly", "0 * * * *", NULL, "test.count", true },
	{ "program", "0 * * * *", "UTC", "test.count", false },
};

static Err three_companies(Ctx *cx, QueueCompany **ret, size_t *ret_count)
{
	*ret_count = 3;
	*ret = NEW_ARRAY(cx->mem, QueueCompany, 3);
	for (int i = 0; i < 3; i++)
		(*ret)[i] = (QueueCompany){ i + 1, "America/Sao_Paulo" };
	return OK;
}

static void schedule_once(QueueConfig *config, int64_t now)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Db *db = db_open(&(DbConfig){ config->queue_conninfo, "siso test" });
	Ctx cx = queue_context(mem, db);

	cx.now = now;
	db_begin(&cx, /* read_only= */ false, 0);
	if (queue_schedule(&cx, config) != OK || db_commit(&cx) != OK)
		test_fail(__FILE__, __LINE__, "schedule: %s", cx.err.log);
	db_close(db);
	arena_free(mem);
}

static QueueConfig schedule_config(Ctx *cx)
{
	QueueConfig config = fixture_config(cx, NULL);

	config.cron = crons;
	config.cron_count = COUNT(crons);
	config.companies = three_companies;
	return config;
}

TEST(a_schedule_adds_one_job_for_each_company_and_tick)
{
	static const char ROWS[] = "select count(*) from siso.outbox";
	QueueConfig config = schedule_config(cx);

	fixture_reset(cx);
	schedule_once(&config, TEST_NOW + 60);
	CHECK_INT(fixture_number(cx, ROWS), 0); /* it begins now */
	schedule_once(&config, TEST_NOW + 3599);
	CHECK_INT(fixture_number(cx, ROWS), 0);
	schedule_once(&config, TEST_NOW + 3600);
	schedule_once(&config, TEST_NOW + 3601);
	CHECK_INT(fixture_number(cx, ROWS), 4);
	CHECK_TEXT(fixture_sql(cx, "select string_agg(company_id::text, ' ' order by company_id)"
				   " from siso.outbox"),
		"0 1 2 3");
}

TEST(ticks_missed_while_the_program_was_off_make_one_job)
{
	QueueConfig config = schedule_config(cx);

	fixture_reset(cx);
	schedule_once(&config, TEST_NOW + 60);
	schedule_once(&config, TEST_NOW + 86400 + 60);
	CHECK_INT(fixture_number(cx, "select count(*) from siso.outbox where company_id = 0"), 1);
	fixture_sql(cx, "update siso.outbox set state = 'done', finished_at = now()");
	schedule_once(&config, TEST_NOW + 86400 + 120);
	CHECK_INT(fixture_number(cx, "select count(*) from siso.outbox where company_id = 0"), 1);
	schedule_once(&config, TEST_NOW + 86400 + 3600);
	CHECK_INT(fixture_number(cx, "select count(*) from siso.outbox where company_id = 0"), 2);
}

/* The row is done at once, so that no dedupe key keeps a second one out. */
static void *schedule_in_thread(void *arg)
{
	QueueConfig *config = arg;
	PGconn *conn = PQconnectdb(config->queue_conninfo);

	schedule_once(config, TEST_NOW + 3600);
	PQclear(PQexec(conn, "update siso.outbox set state = 'done', finished_at = now()"));
	PQfinish(conn);
	return NULL;
}

TEST(several_workers_at_once_add_one_job_a_tick)
{
	QueueConfig config = schedule_config(cx);
	pthread_t thread[8];

	fixture_reset(cx);
	schedule_once(&config, TEST_NOW + 60);
	for (size_t i = 0; i < COUNT(thread); i++)
		CHECK(pthread_create(&thread[i], NULL, schedule_in_thread, &config) == 0);
	for (size_t i = 0; i < COUNT(thread); i++)
		pthread_join(thread[i], NULL);
	CHECK_INT(fixture_number(cx, "select count(*) from siso.outbox"), 4);
}

/* Workers on Redis: what BullMQ's protocol adds, and that Redis may be lost. */
#include <unistd.h>

#include "core/clock.h"
#include "fixture.h"
#include "platform/queue/bullmq.h"

static const char NOT_DONE[] = "select count(*) from siso.outbox where state <> 'done'";
static const char NOT_RELAYED[] = "select count(*) from siso.outbox where relayed_at is null";

static Queue *start(Ctx *cx, const char *redis)
{
	QueueConfig config = fixture_config(cx, redis);

	return queue_start(&config);
}

/* A fresh Redis and an empty outbox; NULL: there is no Redis to test with. */
static const char *fresh(Ctx *cx)
{
	const char *redis;

	fixture_redis_stop();
	fixture_reset(cx);
	redis = fixture_redis_start();
	if (!redis)
		test_skip("redis-server is not installed");
	return redis;
}

static Queue *start_fresh(Ctx *cx)
{
	const char *redis = fresh(cx);

	return redis ? start(cx, redis) : NULL;
}

static Bull *open_bull(const char *redis, const char *worker)
{
	return bull_open(&(BullConfig){ .address = redis,
		.prefix = "bull",
		.queue = "test",
		.worker = worker,
		.role = ":w:test",
		.lock_ms = 2000 });
}

TEST(jobs_go_through_redis_and_run_once)
{
	Queue *queue = start_fresh(cx);

	if (!queue)
		return;
	CHECK_TEXT(queue_driver_name(queue), "redis");
	fixture_add(cx, "test.count", "{}", NULL);
	fixture_add(cx, "test.count", "{}", &(JobOptions){ .priority = 2 });
	fixture_add(cx, "test.count", "{}", &(JobOptions){ .due = time_now() + 2 });
	CHECK(fixture_until(cx, NOT_DONE, 0));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 3);
	CHECK_INT(fixture_number(cx, NOT_RELAYED), 0);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:completed"), 3);
	CHECK_INT(fixture_redis_number("LLEN bull:test:active"), 0);
}

TEST(redis_holds_the_row_id_and_nothing_else)
{
	const char *redis = fresh(cx);
	QueueConfig config;
	Queue *queue;
	int64_t id;

	if (!redis)
		return;
	config = fixture_config(cx, redis);
	config.threads = 0; /* as the web process: relay only */
	queue = queue_start(&config);
	id = fixture_add(cx, "test.seen", "{\"secret\":\"Maria\"}",
		&(JobOptions){ .due = time_now() + 600 });
	CHECK(fixture_until(cx, NOT_RELAYED, 0));
	queue_stop(queue);
	CHECK_INT(fixture_redis_number(
			  arena_printf(cx->mem, "HSTRLEN bull:test:job-%" PRId64 " data", id)),
		(int64_t)strlen(arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id)));
	CHECK_INT(fixture_redis_number("ZCARD bull:test:delayed"), 1);
}

TEST(far_future_rows_stay_in_postgresql)
{
	Queue *queue = start_fresh(cx);

	if (!queue)
		return;
	fixture_add(cx, "test.count", "{}", &(JobOptions){ .due = time_now() + 3600 });
	fixture_add(cx, "test.count", "{}", NULL);
	CHECK(fixture_until(cx, NOT_DONE, 1));
	queue_stop(queue);
	CHECK_INT(fixture_number(cx, NOT_RELAYED), 1);
}

TEST(retries_on_redis_wait_and_end_as_failed_there_too)
{
	Queue *queue = start_fresh(cx);

	if (!queue)
		return;
	fixture_add(cx, "test.fail", "{}", NULL);
	fixture_add(cx, "test.flaky", "{}", NULL);
	CHECK(fixture_until(
		cx, "select count(*) from siso.outbox where finished_at is not null", 2));
	queue_stop(queue);
	CHECK_INT(fixture_number(cx, "select attempts from siso.outbox where state = 'failed'"), 3);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:failed"), 1);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:completed"), 1);
}

TEST(without_redis_work_goes_on_and_with_it_comes_back)
{
	const char *redis = fresh(cx);
	Queue *queue;

	if (!redis)
		return;
	queue = start(cx, redis);
	fixture_add(cx, "test.count", "{}", NULL);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	fixture_redis_stop();
	fixture_add(cx, "test.count", "{}", NULL);
	fixture_add(cx, "test.flaky", "{}", NULL);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	CHECK_TEXT(queue_driver_name(queue), "postgresql");
	CHECK(fixture_redis_start() != NULL);
	for (int i = 0; i < 200 && strcmp(queue_driver_name(queue), "redis") != 0; i++)
		usleep(50000);
	CHECK_TEXT(queue_driver_name(queue), "redis");
	fixture_add(cx, "test.count", "{}", NULL);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	queue_stop(queue);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:completed"), 1);
}

TEST(a_program_that_starts_without_redis_works)
{
	Queue *queue;

	fixture_redis_stop();
	fixture_reset(cx);
	queue = start(cx, "/nowhere/redis.sock");
	CHECK_TEXT(queue_driver_name(queue), "postgresql");
	fixture_add(cx, "test.count", "{}", NULL);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	queue_stop(queue);
}

TEST(what_redis_lost_is_given_again)
{
	const char *redis = fresh(cx);
	QueueConfig config;
	Queue *queue;

	if (!redis)
		return;
	config = fixture_config(cx, redis);
	config.threads = 0;
	queue = queue_start(&config);
	for (int i = 0; i < 10; i++)
		fixture_add(cx, "test.count", "{}", &(JobOptions){ .due = time_now() + 3 });
	CHECK(fixture_until(cx, NOT_RELAYED, 0));
	queue_stop(queue);
	fixture_redis_command("FLUSHALL");
	queue = start(cx, redis);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	CHECK_TEXT(queue_driver_name(queue), "redis");
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 10);
	CHECK_INT(fixture_number(cx, "select count(*) from siso.outbox where relay_count = 1"), 10);
}

TEST(a_row_that_redis_brings_twice_runs_once)
{
	const char *redis = fresh(cx);
	bool added[3];
	BullNew twice[3];
	int64_t id;
	Queue *queue;
	Bull *bull;

	if (!redis)
		return;
	id = fixture_add(cx, "test.count", "{}", NULL);
	bull = open_bull(redis, "w");
	for (int i = 0; i < 3; i++) /* the relay will add the first once more, ignored by its id */
		twice[i] = (BullNew){ .name = "test.count", .row = id, .relay_count = i };
	CHECK(bull_add(bull, twice, 3, added) == BULL_OK);
	queue = start(cx, redis);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	for (int i = 0; i < 100 && fixture_redis_number("ZCARD bull:test:completed") < 3; i++)
		usleep(50000);
	queue_stop(queue);
	bull_close(bull);
	CHECK_INT(atomic_load(&fixture_runs), 1);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:completed"), 3);
}

TEST(a_row_moved_to_later_does_not_run_when_redis_says_so)
{
	const char *redis = fresh(cx);
	Queue *queue;
	bool added;
	int64_t id;
	Bull *bull;

	if (!redis)
		return;
	id = fixture_add(cx, "test.count", "{}", &(JobOptions){ .due = time_now() + 4 });
	fixture_sql(cx, "update siso.outbox set relayed_at = now()");
	bull = open_bull(redis, "w");
	CHECK(bull_add(bull, &(BullNew){ .name = "test.count", .row = id }, 1, &added) == BULL_OK);
	bull_close(bull);
	queue = start(cx, redis);
	usleep(500000);
	CHECK_INT(atomic_load(&fixture_runs), 0);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:delayed"), 1);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 1);
}

TEST(the_lock_of_a_long_job_is_kept)
{
	Queue *queue = start_fresh(cx);

	if (!queue)
		return;
	fixture_add(cx, "test.long", "{}", NULL); /* three seconds, with a lock of two */
	CHECK(fixture_until(cx, NOT_DONE, 0));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 1);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:completed"), 1);
}

TEST(a_dead_workers_job_is_put_back)
{
	const char *redis = fresh(cx);
	Queue *queue;
	bool added;
	BullJob job;
	Bull *dead;
	int64_t id;

	if (!redis)
		return;
	id = fixture_add(cx, "test.count", "{}", NULL);
	fixture_sql(cx,
		"update siso.outbox set relayed_at = now(), state = 'running', attempts = 1,"
		" claims = 1, lease_until = now() + interval '1 second'");
	dead = open_bull(redis, "dead");
	CHECK(bull_add(dead, &(BullNew){ .name = "test.count", .row = id }, 1, &added) == BULL_OK);
	CHECK(bull_take(dead, 10, &job) == BULL_OK);
	CHECK_INT(job.row, id);
	queue = start(cx, redis);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	CHECK_INT(atomic_load(&fixture_runs), 1);
	/* the dead one wakes up: what it wants to finish is no longer its own */
	usleep(3000000);
	CHECK(bull_done(dead, &job, /* fetch= */ false, &job) == BULL_NOTHING);
	queue_stop(queue);
	bull_close(dead);
}

TEST(a_foreign_job_is_failed_and_the_queue_goes_on)
{
	const char *redis = fresh(cx);
	Queue *queue;
	bool added;
	Bull *bull;

	if (!redis)
		return;
	bull = open_bull(redis, "w");
	CHECK(bull_add(bull, &(BullNew){ .name = "x", .row = 0 }, 1, &added) == BULL_OK);
	queue = start(cx, redis);
	fixture_add(cx, "test.count", "{}", NULL);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	queue_stop(queue);
	bull_close(bull);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:failed"), 1);
}

TEST(redis_that_forgot_the_scripts_is_taught_again)
{
	Queue *queue = start_fresh(cx);

	if (!queue)
		return;
	for (int i = 0; i < 5; i++) {
		fixture_redis_command("SCRIPT FLUSH");
		fixture_add(cx, "test.count", "{}", NULL);
		CHECK(fixture_until(cx, NOT_DONE, 0));
	}
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 5);
	CHECK_INT(fixture_redis_number("ZCARD bull:test:completed"), 5);
}

TEST(a_full_redis_does_not_stop_the_work)
{
	Queue *queue = start_fresh(cx);

	if (!queue)
		return;
	fixture_redis_command("CONFIG SET maxmemory 1");
	fixture_add(cx, "test.count", "{}", NULL);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	queue_stop(queue);
}

TEST(many_jobs_go_through_redis_once_each)
{
	const char *redis = fresh(cx);
	QueueConfig config;
	Queue *queue;

	if (!redis)
		return;
	config = fixture_config(cx, redis);
	config.threads = 6;
	fixture_sql(cx, "insert into siso.outbox (company_id, name) select n % 5, 'test.count'"
			" from generate_series(1, 1200) n");
	queue = queue_start(&config);
	CHECK(fixture_until(cx, NOT_DONE, 0));
	queue_stop(queue);
	CHECK_INT(atomic_load(&fixture_runs), 1200);
	CHECK_INT(fixture_number(cx, "select max(claims) from siso.outbox"), 1);
	CHECK_INT(fixture_redis_number("LLEN bull:test:active"), 0);
}

TEST(one_companys_flood_on_redis_does_not_stop_the_others)
{
	const char *redis = fresh(cx);
	QueueConfig config;
	Ctx neighbour = *cx;
	Queue *queue;

	if (!redis)
		return;
	config = fixture_config(cx, redis);
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
	CHECK(fixture_number(cx, "select count(*) from siso.outbox where company_id = 1 and "
				 "state <> 'done' and relayed_at is not null") <= 500);
	queue_stop(queue);
	fixture_reset(cx);
}

TEST(redis_urls_are_understood)
{
	static const char *const bad[] = { "", "nonsense", "http://localhost", "redis://",
		"redis://host:port" };

	for (size_t i = 0; i < COUNT(bad); i++) {
		Bull *bull = open_bull(bad[i], "w");

		CHECK(!bull_is_up(bull));
		if (!str_is_empty(bad[i]))
			CHECK_TEXT(bull_trouble(bull), "the address is no redis:// URL");
		bull_close(bull);
	}
}

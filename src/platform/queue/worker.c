/* worker: one thread that takes a claimed row, runs its job and records how it ended.
 *
 * The job's own changes and "done" are one transaction: what a job does in PostgreSQL happens
 * exactly once. A worker that lost its row (it was frozen past its lease) finds `claims` changed
 * and rolls all back. What a job does outside may happen twice; job.h says what follows from that.
 */
#include "core/clock.h"
#include "core/log.h"
#include "platform/queue/queue.sql.h"
#include "platform/queue/queue_driver.h"

static const char CRASHED[] = "crashed"; /* last_error of a row whose workers died */

/* The job that this thread runs, for job_is_last_try. */
static _Thread_local struct {
	const Ctx *cx;
	bool last_try;
} current;

bool job_is_last_try(const Ctx *cx)
{
	return current.cx == cx && current.last_try;
}

static const Job *job_of(const QueueConfig *config, const char *name)
{
	for (size_t i = 0; i < config->job_count; i++)
		if (strcmp(config->job[i].name, name) == 0)
			return &config->job[i];
	return NULL;
}

/* ---- the keeper's view of this thread ---- */

static void show_busy(Slot *slot, const QueueRow *row, int timeout_s)
{
	PGcancel *cancel = PQgetCancel(db_native(slot->app));

	pthread_mutex_lock(&slot->mutex);
	slot->busy = true;
	slot->timed_out = false;
	slot->id = row->id;
	slot->claims = row->claims;
	slot->deadline_us = time_now_us() + timeout_s * INT64_C(1000000);
	slot->cancel = cancel;
	pthread_mutex_unlock(&slot->mutex);
}

/* False: the job took too long and the keeper has cancelled what it was doing. */
static bool show_idle(Slot *slot)
{
	PGcancel *cancel;
	bool in_time;

	pthread_mutex_lock(&slot->mutex);
	cancel = slot->cancel;
	slot->cancel = NULL;
	slot->busy = false;
	in_time = !slot->timed_out;
	pthread_mutex_unlock(&slot->mutex);
	PQfreeCancel(cancel);
	return in_time;
}

/* ---- running and recording ---- */

static Ctx job_context(Slot *slot, const QueueRow *row)
{
	Ctx cx = queue_context(slot->mem, slot->app);

	cx.company = (CompanyId){ row->company };
	cx.request_id = row->request_id ? row->request_id
					: arena_printf(slot->mem, "job-%" PRId64, row->id);
	return cx;
}

static int64_t retry_delay_ms(const QueueConfig *config, int attempts)
{
	int64_t delay = config->retry_ms;

	for (int i = 1; i < attempts && delay < RETRY_MAX_MS; i++)
		delay *= 2;
	return delay < RETRY_MAX_MS ? delay : RETRY_MAX_MS;
}

static Err record(Ctx *cx, const QueueRow *row, const Ending *ending, bool rearm, int64_t *ret_rows)
{
	db_begin(cx, /* read_only= */ false, STATEMENT_MS);
	TRY(job_enter(cx));
	if (ending->outcome == OUTCOME_AGAIN)
		TRY(sql_outbox_again(cx, row->id, row->claims, ending->delay_ms, ending->error,
			rearm, ret_rows));
	else
		TRY(sql_outbox_failed(cx, row->id, row->claims, ending->error, ret_rows));
	return db_commit(cx);
}

/* The job did not succeed: write down whether and when it is tried again. */
static Ending record_failure(
	Slot *slot, const QueueRow *row, int attempts_max, const char *error, bool from_redis)
{
	bool last = row->attempts >= attempts_max;
	Ending ending = { last ? OUTCOME_FAILED : OUTCOME_AGAIN, error,
		last ? 0 : retry_delay_ms(&slot->queue->config, row->attempts) };
	Ctx cx = job_context(slot, row);
	int64_t rows = 0;

	if (record(&cx, row, &ending, /* rearm= */ !from_redis, &rows) != OK) {
		db_rollback(&cx); /* the row stays running; its lease will end */
		rows = 0;
	}
	if (rows == 0)
		ending = (Ending){ OUTCOME_LOST, "lost", 0 };
	return ending;
}

/* Run it and, in the same transaction, mark the row done. */
static Err run_and_finish(Ctx *cx, Slot *slot, const Job *job, const QueueRow *row)
{
	const QueueConfig *config = &slot->queue->config;
	int64_t rows;

	db_begin(cx, /* read_only= */ false, STATEMENT_MS);
	TRY(job_enter(cx));
	if (config->before_job)
		TRY(config->before_job(cx));
	TRY(job->run(cx, row->data));
	TRY(sql_outbox_done(cx, row->id, row->claims, &rows));
	if (rows != 1)
		return err_set(
			cx, ERR_STALE, "row %" PRId64 " was claimed by another worker", row->id);
	return OK;
}

static Ending run_job(Slot *slot, const Job *job, const QueueRow *row, bool from_redis)
{
	Ctx cx = job_context(slot, row);
	bool in_time;
	Err err;

	current.cx = &cx;
	current.last_try = row->attempts >= job->attempts;
	show_busy(slot, row, job->timeout_s);
	err = run_and_finish(&cx, slot, job, row);
	in_time = show_idle(slot);
	current.cx = NULL;
	if (err == OK && in_time)
		err = db_commit(&cx);
	else
		db_rollback(&cx);
	if (err == OK && in_time)
		return (Ending){ OUTCOME_DONE, NULL, 0 };
	LOG(LOG_WARN, "job did not succeed", LOG_TEXT("job", row->name), LOG_NUMBER("id", row->id),
		LOG_TEXT("error", in_time ? err_type(err) : "timeout"), LOG_TEXT("why", cx.err.log),
		LOG_TEXT("request", cx.request_id));
	/* Where the commit's outcome is unknown and it did happen, the row is done: nothing to
	 * record. */
	return record_failure(
		slot, row, job->attempts, in_time ? err_type(err) : "timeout", from_redis);
}

static const char *outcome_text(Outcome outcome)
{
	static const char *const text[] = { "done", "again", "failed", "lost" };

	return text[outcome];
}

static void run_row(Slot *slot, const QueueDriver *driver, const QueueRow *row)
{
	const Job *job = job_of(&slot->queue->config, row->name);
	bool from_redis = driver == &redis_driver;
	int64_t start_us = time_now_us();
	Ending ending;

	if (!job) /* a newer program's job: it may be known after the next deployment */
		ending = record_failure(slot, row, UNKNOWN_JOB_ATTEMPTS, "unknown-job", from_redis);
	else if (row->attempts > job->attempts)
		ending = record_failure(slot, row, job->attempts, CRASHED, from_redis);
	else
		ending = run_job(slot, job, row, from_redis);
	driver->finish(slot, &ending);
	LOG(ending.outcome == OUTCOME_FAILED ? LOG_ERROR : LOG_INFO, "job",
		LOG_TEXT("job", row->name), LOG_NUMBER("id", row->id),
		LOG_NUMBER("company", row->company),
		LOG_TEXT("outcome", outcome_text(ending.outcome)), LOG_TEXT("error", ending.error),
		LOG_NUMBER("attempt", row->attempts), LOG_NUMBER("us", time_now_us() - start_us),
		LOG_TEXT("driver", driver->name), LOG_TEXT("request", row->request_id));
}

void *queue_work_slot(void *arg)
{
	Slot *slot = arg;
	Queue *queue = slot->queue;

	while (!atomic_load(&queue->stopping)) {
		bool redis = atomic_load(&queue->redis_up);
		const QueueDriver *driver = redis ? &redis_driver : &pg_driver;
		QueueRow row;

		arena_reset(slot->mem);
		if (driver->take(slot, &row))
			run_row(slot, driver, &row);
	}
	redis_driver.leave(slot);
	pg_driver.leave(slot);
	return NULL;
}

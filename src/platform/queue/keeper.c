/* keeper: the thread that keeps the others honest: cancels jobs that take too long, says that the
 * running ones still run, frees the rows of dead workers, watches whether Redis is there, and at
 * their times runs the schedules, the reconciler and the purge. */
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "platform/queue/queue.sql.h"
#include "platform/queue/queue_driver.h"

enum {
	BEAT_MS = 200,
	KEEPER_STATEMENT_MS = 15000,
	SCHEDULE_S = 5,
	PURGE_S = 600,
	PURGE_BATCH = 5000,
	DONE_KEPT_S = 7 * 86400,
	FAILED_KEPT_S = 90 * 86400,
	STALLS_MAX =
		5 /* PostgreSQL's attempts bound a job that kills its workers; this is the net */
};

/* When each duty is next due, monotonic microseconds. */
typedef struct Duties {
	int64_t redis, heartbeat, locks, sweep, stalled, schedule, reconcile, purge;
} Duties;

static bool is_due(int64_t *next_us, int64_t every_us)
{
	int64_t now = time_now_us();

	if (now < *next_us)
		return false;
	*next_us = now + every_us;
	return true;
}

/* ---- running jobs ---- */

static void cancel_if_late(Slot *slot, int64_t stop_us)
{
	int64_t now = time_now_us();
	char why[256];

	pthread_mutex_lock(&slot->mutex);
	if (slot->busy && !slot->timed_out &&
		(now > slot->deadline_us || (stop_us > 0 && now > stop_us))) {
		slot->timed_out = true;
		if (slot->cancel && !PQcancel(slot->cancel, why, sizeof why))
			LOG(LOG_WARN, "could not cancel a late job", LOG_NUMBER("id", slot->id));
	}
	pthread_mutex_unlock(&slot->mutex);
}

/* Rows whose jobs still run and are not late. */
static size_t running_rows(Queue *queue, int64_t *ret_id, int64_t *ret_claims)
{
	size_t n = 0;

	for (size_t i = 0; i < queue->slot_count; i++) {
		Slot *slot = &queue->slot[i];

		pthread_mutex_lock(&slot->mutex);
		if (slot->busy && !slot->timed_out) {
			ret_id[n] = slot->id;
			ret_claims[n++] = slot->claims;
		}
		pthread_mutex_unlock(&slot->mutex);
	}
	return n;
}

static Err renew_leases(Ctx *cx, Queue *queue)
{
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, queue->slot_count + 1);
	int64_t *claims = NEW_ARRAY(cx->mem, int64_t, queue->slot_count + 1);
	size_t count = running_rows(queue, id, claims);
	int64_t rows;

	if (count == 0)
		return OK;
	return sql_outbox_heartbeat(
		cx, (Int64s){ id, count }, (Int64s){ claims, count }, queue->config.lease_s, &rows);
}

static void renew_locks(Queue *queue)
{
	BullJob *job = calloc(queue->slot_count + 1, sizeof *job);
	size_t count = 0;

	assert(job);
	for (size_t i = 0; i < queue->slot_count; i++) {
		Slot *slot = &queue->slot[i];

		pthread_mutex_lock(&slot->mutex);
		if (slot->has_bull_job && !slot->timed_out)
			job[count++] = slot->bull_job;
		pthread_mutex_unlock(&slot->mutex);
	}
	if (count > 0 && bull_extend_locks(queue->keeper_bull, job, count) == BULL_AWAY)
		queue_redis_trouble(queue, bull_trouble(queue->keeper_bull));
	free(job);
}

/* ---- Redis ---- */

static void watch_redis(Queue *queue)
{
	bool was_up = atomic_load(&queue->redis_up);

	if (!was_up && time_now_us() < atomic_load(&queue->redis_retry_us))
		return;
	if (!bull_is_up(queue->keeper_bull)) {
		queue_redis_trouble(queue, bull_trouble(queue->keeper_bull));
		return;
	}
	if (was_up)
		return;
	LOG(LOG_INFO, "redis is back");
	atomic_store(&queue->redis_up, true);
	atomic_store(&queue->reconcile_now, true);
	queue_wake();
}

static void check_stalled(Queue *queue)
{
	if (bull_check_stalled(queue->keeper_bull, queue->config.stalled_ms, STALLS_MAX) ==
		BULL_AWAY)
		queue_redis_trouble(queue, bull_trouble(queue->keeper_bull));
}

/* ---- PostgreSQL ---- */

static Err sweep(Ctx *cx, Queue *queue)
{
	int64_t rows;

	(void)queue;
	TRY(sql_outbox_sweep(cx, &rows));
	if (rows > 0) {
		LOG(LOG_WARN, "rows of dead workers wait again", LOG_NUMBER("rows", rows));
		queue_wake();
	}
	return OK;
}

static Err schedule(Ctx *cx, Queue *queue)
{
	return queue_schedule(cx, &queue->config);
}

static Err purge(Ctx *cx, Queue *queue)
{
	int64_t rows;

	(void)queue;
	return sql_outbox_purge(cx, DONE_KEPT_S, FAILED_KEPT_S, PURGE_BATCH, &rows);
}

/* One duty in a transaction of its own; trouble is logged and the duty comes again. */
static void run_duty(Queue *queue, Arena *mem, const char *name, Err (*duty)(Ctx *, Queue *))
{
	Ctx cx = queue_context(mem, queue->keeper_db);
	Err err;

	db_begin(&cx, /* read_only= */ false, KEEPER_STATEMENT_MS);
	err = duty(&cx, queue);
	if (err == OK)
		err = db_commit(&cx);
	else
		db_rollback(&cx);
	if (err != OK)
		LOG(LOG_WARN, "the queue's keeper could not do its duty", LOG_TEXT("duty", name),
			LOG_TEXT("error", err_type(err)), LOG_TEXT("why", cx.err.log));
	arena_reset(mem);
}

static void reconcile(Queue *queue, Arena *mem, int age_s)
{
	Ctx cx = queue_context(mem, queue->keeper_db);

	if (queue_reconcile(&cx, queue->keeper_bull, age_s) != OK) {
		db_rollback(&cx);
		LOG(LOG_WARN, "could not reconcile with redis", LOG_TEXT("why", cx.err.log));
	}
	arena_reset(mem);
}

static void keep_redis(Queue *queue, Arena *mem, Duties *next)
{
	if (!queue->keeper_bull)
		return;
	if (is_due(&next->redis, 1000000))
		watch_redis(queue);
	if (!atomic_load(&queue->redis_up))
		return;
	if (is_due(&next->locks, queue->config.lock_ms * INT64_C(1000) / 3))
		renew_locks(queue);
	if (queue->slot_count > 0 &&
		is_due(&next->stalled, queue->config.stalled_ms * INT64_C(1000)))
		check_stalled(queue);
	if (atomic_exchange(&queue->reconcile_now, false))
		reconcile(queue, mem, 0);
	else if (is_due(&next->reconcile, queue->config.reconcile_s * INT64_C(1000000)))
		reconcile(queue, mem, queue->config.reconcile_s);
}

static void keep_postgres(Queue *queue, Arena *mem, Duties *next)
{
	if (queue->slot_count == 0) /* the web process only relays */
		return;
	if (is_due(&next->heartbeat, queue->config.lease_s * INT64_C(1000000) / 4))
		run_duty(queue, mem, "heartbeat", renew_leases);
	if (atomic_load(&queue->stopping))
		return;
	if (is_due(&next->sweep, queue->config.sweep_s * INT64_C(1000000)))
		run_duty(queue, mem, "sweep", sweep);
	if (queue->config.cron_count > 0 && is_due(&next->schedule, SCHEDULE_S * 1000000))
		run_duty(queue, mem, "schedule", schedule);
	if (is_due(&next->purge, PURGE_S * INT64_C(1000000)))
		run_duty(queue, mem, "purge", purge);
}

void *queue_keep(void *arg)
{
	Queue *queue = arg;
	Arena *mem = arena_new(ARENA_LIMIT);
	Duties next = { 0 };

	next.reconcile = time_now_us() + queue->config.reconcile_s * INT64_C(1000000);
	while (!atomic_load(&queue->ended)) {
		int64_t stop_us = atomic_load(&queue->stopping) ? atomic_load(&queue->stop_us) : 0;

		for (size_t i = 0; i < queue->slot_count; i++)
			cancel_if_late(&queue->slot[i], stop_us);
		keep_redis(queue, mem, &next);
		keep_postgres(queue, mem, &next);
		usleep(BEAT_MS * 1000);
	}
	arena_free(mem);
	return NULL;
}

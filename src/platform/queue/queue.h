/* queue: runs the jobs that the outbox holds. PostgreSQL is the truth; Redis (in BullMQ's own
 * layout) only tells workers quickly which row to look at, and may be lost or absent. README.md
 * says how. */
#ifndef QUEUE_QUEUE_H
#define QUEUE_QUEUE_H

#include <signal.h>

#include "platform/queue/job.h"

typedef struct Queue Queue;

typedef struct QueueCompany {
	int64_t id;
	const char *zone;
} QueueCompany;

/* Zeros and NULLs mean what stands behind them. All pointers must outlive the queue. */
typedef struct QueueConfig {
	const char *app_conninfo;   /* role siso_app: the jobs' transactions */
	const char *queue_conninfo; /* role siso_queue: outbox of all companies */
	const char *redis; /* "/path/to.sock", "redis://[user:password@]host[:port][/db]"; NULL:
			      PostgreSQL alone */
	const char *redis_prefix; /* "bull" */
	const char *redis_queue;  /* "siso" */
	int threads;              /* jobs at a time; 0: relay only (the web process) */
	const Job *job;
	size_t job_count;
	const Cron *cron;
	size_t cron_count;
	/* Companies that schedules run for, with their zones; in cx->mem. NULL: none. Called in a
	 * transaction of role siso_queue with company 0. */
	Err (*companies)(Ctx *cx, QueueCompany **ret, size_t *ret_count);
	/* Prepare a job's context (zone); called in the job's transaction. NULL: nothing to
	 * prepare. */
	Err (*before_job)(Ctx *cx);
	int poll_ms;     /* 1000: how often PostgreSQL is asked when nobody wakes us */
	int retry_ms;    /* 10000: delay after the first failure; doubles up to an hour */
	int lease_s;     /* 60: a worker that says nothing for so long is dead */
	int lock_ms;     /* 30000: the same for Redis */
	int stalled_ms;  /* 30000: must be the same in all workers of a Redis */
	int sweep_s;     /* 10: how often dead workers' rows are freed */
	int reconcile_s; /* 60: how often rows are looked for that Redis lost */
	int grace_s;     /* 25: how long queue_stop waits for running jobs before cancelling them */
} QueueConfig;

/* Start the threads. NULL: the tables are wrong (said in the log): two jobs of one name, a schedule
 * with a broken pattern, an unknown zone or an unknown job. At most one queue per process. */
Queue *queue_start(const QueueConfig *config);
/* Take no more jobs, wait for the running ones, end the threads. NULL is fine. */
void queue_stop(Queue *queue);
/* `siso work`: start, wait until *stop is set, stop. False: as NULL of queue_start. */
bool queue_work(const QueueConfig *config, const volatile sig_atomic_t *stop);

/* New rows may be there: called after a commit that added jobs. Does nothing without a queue. */
void queue_wake(void);

/* ---- for pages ---- */

typedef struct QueueItem {
	int64_t id;
	const char *name, *state, *last_error; /* queued running done failed; a code or NULL */
	int64_t due, created_at, finished_at;  /* finished_at 0: not yet */
	int attempts;
} QueueItem;

typedef struct QueueCounts {
	int64_t queued, running, failed;
} QueueCounts;

/* For the metrics: of all companies. oldest_s: age of the longest overdue row. */
typedef struct QueueTotals {
	int64_t queued, overdue, running, failed, oldest_s;
} QueueTotals;

/* Jobs of cx->company, newest first, below id `before` (0: from the top). state NULL: all not done.
 */
MUST_CHECK Err queue_list(
	Ctx *cx, const char *state, int64_t before, int n, QueueItem **ret, size_t *ret_count);
MUST_CHECK Err queue_counts(Ctx *cx, QueueCounts *ret);
/* Run a failed job of cx->company again, with all its attempts. ERR_NOT_FOUND: none such. */
MUST_CHECK Err queue_retry(Ctx *cx, int64_t id);
/* Give up a failed job: it leaves the list. ERR_NOT_FOUND: none such. */
MUST_CHECK Err queue_discard(Ctx *cx, int64_t id);
/* cx must be of role siso_queue. */
MUST_CHECK Err queue_totals(Ctx *cx, QueueTotals *ret);
/* "redis", "postgresql" (none configured, or Redis is away), or "off". */
const char *queue_driver_name(const Queue *queue);

#endif

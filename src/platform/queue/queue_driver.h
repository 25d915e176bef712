/* queue_driver: how a worker learns of a row to run. Two drivers, one interface: handlers and the
 * worker see no difference. Also what the files of this folder share; nobody else includes it. */
#ifndef QUEUE_QUEUE_DRIVER_H
#define QUEUE_QUEUE_DRIVER_H

#include <libpq-fe.h>
#include <pthread.h>
#include <stdatomic.h>

#include "platform/db/db.h"
#include "platform/queue/bullmq.h"
#include "platform/queue/queue.h"

/* Every statement of a job; the whole job is bounded by its timeout_s. */
enum { STATEMENT_MS = 60000, RETRY_MAX_MS = 3600 * 1000, UNKNOWN_JOB_ATTEMPTS = 20 };

/* A claimed row of the outbox: state running, ours as long as `claims` is the same. */
typedef struct QueueRow {
	int64_t company, id, claims;
	int attempts;
	const char *name, *data, *request_id;
} QueueRow;

typedef enum Outcome {
	OUTCOME_DONE,
	OUTCOME_AGAIN,  /* will be tried again after delay_ms */
	OUTCOME_FAILED, /* for good */
	OUTCOME_LOST    /* somebody else has the row, or PostgreSQL is away: nothing was recorded */
} Outcome;

typedef struct Ending {
	Outcome outcome;
	const char *error; /* code; NULL when done */
	int64_t delay_ms;
} Ending;

/* One worker thread and what it works on. */
typedef struct Slot {
	Queue *queue;
	pthread_t thread;
	Arena *mem; /* reset after each job */
	Db *app;
	Bull *bull;            /* this thread's own connection to Redis, NULL without */
	pthread_mutex_t mutex; /* guards what follows, which the keeper reads */
	bool busy;
	bool timed_out;
	int64_t id, claims;
	int64_t deadline_us;
	PGcancel *cancel;
	bool has_bull_job;
	BullJob bull_job; /* what Redis gave us and we have not finished */
} Slot;

typedef struct QueueDriver {
	const char *name;
	/* Wait about a second for work. True: *ret is claimed; it lives in slot->mem. */
	bool (*take)(Slot *slot, QueueRow *ret);
	/* Tell the transport how it ended; PostgreSQL knows already. May do nothing. */
	void (*finish)(Slot *slot, const Ending *ending);
	/* The worker ends: give back what it holds. */
	void (*leave)(Slot *slot);
} QueueDriver;

extern const QueueDriver pg_driver;
extern const QueueDriver redis_driver;

struct Queue {
	QueueConfig config;   /* with the defaults filled in */
	char worker[24];      /* unique among all workers: part of Redis tokens */
	atomic_bool stopping; /* take no more */
	atomic_bool ended;    /* the workers are gone: keeper and relay may go */
	atomic_bool redis_up;
	atomic_int_fast64_t redis_retry_us; /* not before: after a trouble */
	atomic_int_fast64_t stop_us; /* stopping: running jobs are cancelled at this moment */
	atomic_bool reconcile_now;   /* Redis came back: what does it still know? */
	pthread_mutex_t wake_mutex;
	pthread_cond_t wake;
	uint64_t wakes;
	pthread_mutex_t turn;        /* pg driver: one idle worker asks for all */
	pthread_mutex_t claim_mutex; /* guards claim_db */
	Db *claim_db;
	Db *keeper_db, *relay_db;
	Bull *keeper_bull, *relay_bull; /* NULL without Redis */
	pthread_t keeper, relay;
	size_t slot_count;
	Slot *slot;
};

/* Sleep until woken or ms have passed; *seen is the last wake this caller knows of. */
void queue_wait(Queue *queue, uint64_t *seen, int ms);
/* queue_wake, for db_after_commit. */
void queue_wake_after(void *unused);
/* A context for statements of role siso_queue; company 0. */
Ctx queue_context(Arena *mem, Db *db);
/* Redis failed: work from PostgreSQL for a while. */
void queue_redis_trouble(Queue *queue, const char *what);

/* Threads: relay.c, keeper.c, worker.c. The argument of work is its Slot, of the others the Queue.
 */
void *queue_relay(void *queue);
void *queue_keep(void *queue);
void *queue_work_slot(void *slot);
/* Add the jobs of all schedules that are due. */
MUST_CHECK Err queue_schedule(Ctx *cx, const QueueConfig *config);
/* Give Redis again what it lost of the rows it was given at least age_s ago. */
MUST_CHECK Err queue_reconcile(Ctx *cx, Bull *bull, int age_s);

/* Claims, for the drivers; one connection for all workers of the process. */
MUST_CHECK Err queue_claim_next(Slot *slot, QueueRow *ret, bool *ret_found);
MUST_CHECK Err queue_claim(Slot *slot, int64_t id, bool revive, QueueRow *ret, bool *ret_found);
/* Milliseconds until the row may be claimed; *ret_found false: never. */
MUST_CHECK Err queue_claim_wait(Slot *slot, int64_t id, int64_t *ret_ms, bool *ret_found);

#endif

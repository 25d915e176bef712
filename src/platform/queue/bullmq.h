/* bullmq: one connection to a BullMQ queue in Redis, speaking BullMQ's own scripts (pinned;
 * bullmq/). Blocking; one thread at a time. What a script answers is turned into few words; a lost
 * connection is opened again at the next call. */
#ifndef QUEUE_BULLMQ_H
#define QUEUE_BULLMQ_H

#include "core/arena.h"

typedef struct Bull Bull;

typedef struct BullConfig {
	const char
		*address; /* "/path", "redis://[user:password@]host[:port][/db]", "unix:///path" */
	const char *prefix; /* "bull" */
	const char *queue;  /* without ":" */
	const char *worker; /* unique; part of lock tokens */
	const char *role;   /* ":w:siso": how getWorkers and Bull Board name us; "" for producers */
	int lock_ms;
} BullConfig;

/* How many finished jobs Redis keeps; -1: all. */
typedef struct BullKeep {
	int64_t count, age_s;
} BullKeep;

/* A job that Redis gave us and that we hold the lock of. */
typedef struct BullJob {
	char id[128];
	char token[64];
	int64_t row;    /* outbox id; 0: the data names none, a foreign job */
	int made;       /* attempts made before this one */
	int attempts;   /* as its producer asked */
	bool must_fail; /* it stalled too often: BullMQ wants it failed at once */
	BullKeep keep_done, keep_failed;
} BullJob;

/* A job to add: its data is {"id": row} and nothing else. */
typedef struct BullNew {
	const char *name;
	int64_t row;
	int64_t relay_count; /* 0: id "job-<row>", else "job-<row>-<relay_count>" */
	int64_t delay_ms;
	int priority;
} BullNew;

typedef enum BullAnswer {
	BULL_OK,      /* done; *ret_next or *ret, where there is one, holds a job */
	BULL_NOTHING, /* no job now; or the job was no longer ours to finish */
	BULL_AWAY     /* Redis does not answer, or refuses (loading, out of memory) */
} BullAnswer;

/* Never fails at once: connects when first used. */
Bull *bull_open(const BullConfig *config);
void bull_close(Bull *bull); /* NULL is fine */
/* Is Redis there and does it accept writes? Connects when needed. */
bool bull_is_up(Bull *bull);
/* Why the last call answered BULL_AWAY, for the log. */
const char *bull_trouble(const Bull *bull);

/* Add count jobs in one round trip; ret_added[i] says which were taken (an id that is already there
 * counts as taken: BullMQ ignores it). */
BullAnswer bull_add(Bull *bull, const BullNew *job, size_t count, bool *ret_added);
/* Which of count jobs are waiting, delayed or running, in one round trip. */
BullAnswer bull_find_unfinished(Bull *bull, const BullNew *job, size_t count, bool *ret_found);

/* Wait up to wait_ms and take a job. */
BullAnswer bull_take(Bull *bull, int wait_ms, BullJob *ret);
/* Finish a job and, with fetch, take the next in the same round trip (BULL_OK: *ret_next is one).
 * After a lost connection the call is made once more, which is safe: what was finished is refused.
 */
BullAnswer bull_done(Bull *bull, const BullJob *job, bool fetch, BullJob *ret_next);
BullAnswer bull_fail(
	Bull *bull, const BullJob *job, const char *reason, bool fetch, BullJob *ret_next);
/* Let it wait delay_ms. reason: what this attempt failed of; NULL: it was none. */
BullAnswer bull_delay(Bull *bull, const BullJob *job, int64_t delay_ms, const char *reason,
	bool fetch, BullJob *ret_next);

/* Keep the locks of jobs that still run. */
BullAnswer bull_extend_locks(Bull *bull, const BullJob *job, size_t count);
/* Put back what dead workers left; once per stalled_ms over all workers, whoever calls. */
BullAnswer bull_check_stalled(Bull *bull, int stalled_ms, int max_stalls);

#endif

/* job: work done after the request, by the worker. A request only writes an outbox row (job_add) in
 * its own transaction; data in Redis is the row's id alone. */
#ifndef QUEUE_JOB_H
#define QUEUE_JOB_H

#include "core/ctx.h"

/* Runs with cx->company set, in a transaction that is committed when it returns OK. It may run
 * twice (a crash after the outside effect): it must claim or key what it does. data: the JSON that
 * job_add was given. Any error: tried again with growing delay until `attempts`, then failed.
 * Before an outside call (HTTP, SMTP, a slow conversion) a job calls job_step. */
typedef Err JobRun(Ctx *cx, const char *data);

typedef struct Job {
	const char *name; /* "crm.automation" */
	JobRun *run;
	int attempts;
	int timeout_s;
} Job;

typedef struct Cron {
	const char *name;    /* also the dedupe key */
	const char *pattern; /* five fields: "0 3 * * *" */
	const char *zone;    /* NULL: the company's zone; the job is added once per company */
	const char *job;
	bool every_company; /* false: once, with company 0 */
} Cron;

typedef struct JobOptions {
	int64_t due;            /* UTC seconds; 0: now */
	const char *dedupe_key; /* a second job with the same key, not yet done, is not added */
	int priority;           /* 0 usual; larger is later */
} JobOptions;

/* Write the outbox row for cx->company; the relay is woken after commit. data: JSON object text,
 * ids only. options may be NULL. */
MUST_CHECK Err job_add(Ctx *cx, const char *name, const char *data, const JobOptions *options);

/* The positive number under name in a job's data: the id that nearly every job is given. ERR_BUG:
 * there is none. */
MUST_CHECK Err job_id(Ctx *cx, const char *data, const char *name, int64_t *ret);

/* Let this transaction see the rows of company 0, the program's own, when cx has no company; with
 * one, nothing. Before statements of one's own on such rows; job_add and jobs do it themselves. */
MUST_CHECK Err job_enter(Ctx *cx);

/* In a job: commit what it has done so far and let the next query begin a new transaction, so that
 * none is held open over the network. What was committed stays even when the job fails later. */
MUST_CHECK Err job_step(Ctx *cx);

/* In a job: is this the last of its attempts? Then an error ends it, and the job may want to tell
 * somebody (commit that with job_step before returning the error). False outside of a job. */
bool job_is_last_try(const Ctx *cx);

#endif

/* fixture: what the queue's tests share: committed rows, a queue in this process, a private Redis,
 * and jobs that say what they did. */
#ifndef QUEUE_TEST_FIXTURE_H
#define QUEUE_TEST_FIXTURE_H

#include <stdatomic.h>

#include "platform/queue/queue.h"
#include "test.h"
#include "test_db.h"

/* Empty the outbox and the counters below. */
void fixture_reset(Ctx *cx);
/* Run SQL as siso_queue, committed; first column of the first row, or NULL. */
const char *fixture_sql(Ctx *cx, const char *sql);
int64_t fixture_number(Ctx *cx, const char *sql);
/* Wait until sql gives wanted; false after ten seconds. */
bool fixture_until(Ctx *cx, const char *sql, int64_t wanted);
/* job_add in a transaction of its own, committed; the row's id. */
int64_t fixture_add(Ctx *cx, const char *name, const char *data, const JobOptions *options);

/* Configuration with short times and the jobs below. redis NULL: none. */
QueueConfig fixture_config(Ctx *cx, const char *redis);

/* A private Redis on a unix socket; its path. NULL: redis-server is not installed. */
const char *fixture_redis_start(void);
void fixture_redis_stop(void);
/* Run a command on it: "FLUSHALL". */
void fixture_redis_command(const char *command);
/* Integer answer of a command. */
int64_t fixture_redis_number(const char *command);

/* Jobs: test.count counts; test.fail always fails; test.child adds test.count, then fails when its
 * data says {"fail":true}; test.flaky fails twice; test.sleep sleeps in PostgreSQL; test.stolen has
 * its row claimed by another while it runs; test.step commits, then fails; test.seen writes down
 * its context. */
extern atomic_int fixture_runs;
extern atomic_int fixture_last_tries;
extern char fixture_seen[256];

#endif

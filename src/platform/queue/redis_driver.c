/* redis_driver: work that Redis announces. A job from Redis is only a hint which row to claim: a
 * row that is done, running elsewhere or not yet due is not run, whatever Redis says. */
#include <unistd.h>

#include "core/log.h"
#include "platform/queue/queue_driver.h"

enum { TAKE_MS = 1000, PG_AWAY_MS = 5000, CROWDED_MS = 1000, CROWDED_NAP_MS = 5 };

/* What finishing said: perhaps the next job. */
static void go_on(Slot *slot, BullAnswer answer, const BullJob *next)
{
	pthread_mutex_lock(&slot->mutex);
	slot->has_bull_job = answer == BULL_OK;
	if (answer == BULL_OK)
		slot->bull_job = *next;
	pthread_mutex_unlock(&slot->mutex);
	if (answer == BULL_AWAY)
		queue_redis_trouble(slot->queue, bull_trouble(slot->bull));
}

static bool may_fetch(const Slot *slot)
{
	return !atomic_load(&slot->queue->stopping);
}

static void let_wait(Slot *slot, int64_t ms)
{
	BullJob next;

	go_on(slot, bull_delay(slot->bull, &slot->bull_job, ms, NULL, may_fetch(slot), &next),
		&next);
}

static void drop(Slot *slot)
{
	BullJob next;

	go_on(slot, bull_done(slot->bull, &slot->bull_job, may_fetch(slot), &next), &next);
}

static void refuse(Slot *slot, const char *reason)
{
	BullJob next;

	LOG(LOG_WARN, "redis job refused", LOG_TEXT("bull_id", slot->bull_job.id),
		LOG_TEXT("why", reason));
	go_on(slot, bull_fail(slot->bull, &slot->bull_job, reason, may_fetch(slot), &next), &next);
}

/* The row's company has its share of the workers. Not too fast, lest its whole backlog be put off
 * while the others of its jobs end. */
static void let_neighbours_go_first(Slot *slot)
{
	let_wait(slot, CROWDED_MS);
	usleep(CROWDED_NAP_MS * 1000);
}

/* The row cannot be claimed: done with already, or not yet. */
static void put_off(Slot *slot)
{
	int64_t wait_ms = 0;
	bool waits = false;
	Err err = queue_claim_wait(slot, slot->bull_job.row, &wait_ms, &waits);

	if (err != OK)
		let_wait(slot, PG_AWAY_MS);
	else if (waits && wait_ms > 0)
		let_wait(slot, wait_ms);
	else if (waits)
		let_neighbours_go_first(slot);
	else
		drop(slot);
}

/* Claim the row of the job we hold. False: there is nothing to run; the job was dealt with. */
static bool claim(Slot *slot, QueueRow *ret)
{
	const BullJob *job = &slot->bull_job;
	bool found = false;
	Err err;

	if (job->row == 0) {
		refuse(slot, "its data names no outbox row");
		return false;
	}
	if (job->must_fail) {
		refuse(slot, "stalled too often");
		return false;
	}
	/* a job that was finished here before comes again only when an operator asked for it */
	err = queue_claim(slot, job->row, /* revive= */ job->made > 0, ret, &found);
	if (err == OK && found)
		return true;
	if (err == OK) {
		put_off(slot);
	} else {
		let_wait(slot, PG_AWAY_MS);
		usleep(TAKE_MS * 1000);
	}
	return false;
}

static bool take(Slot *slot, QueueRow *ret)
{
	BullAnswer answer;
	BullJob job;

	if (!slot->has_bull_job) {
		answer = bull_take(slot->bull, TAKE_MS, &job);
		go_on(slot, answer, &job);
	}
	return slot->has_bull_job && claim(slot, ret);
}

static void finish(Slot *slot, const Ending *ending)
{
	BullJob next;

	switch (ending->outcome) {
	case OUTCOME_DONE:
		drop(slot);
		break;
	case OUTCOME_AGAIN:
		go_on(slot,
			bull_delay(slot->bull, &slot->bull_job, ending->delay_ms, ending->error,
				may_fetch(slot), &next),
			&next);
		break;
	case OUTCOME_FAILED:
		go_on(slot,
			bull_fail(
				slot->bull, &slot->bull_job, ending->error, may_fetch(slot), &next),
			&next);
		break;
	case OUTCOME_LOST:
		put_off(slot);
		break;
	}
}

/* A job fetched with the last finish goes back at once: others need not wait for its lock to end.
 */
static void leave(Slot *slot)
{
	if (slot->bull && slot->has_bull_job)
		let_wait(slot, 1);
}

const QueueDriver redis_driver = { "redis", take, finish, leave };

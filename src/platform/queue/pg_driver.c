/* pg_driver: work straight from the outbox, without Redis. Of the idle workers one asks PostgreSQL,
 * each second and whenever woken; the others wait for their turn. */
#include "core/log.h"
#include "platform/queue/queue_driver.h"

static bool is_wanted(const Queue *queue)
{
	return !atomic_load(&queue->stopping) && !atomic_load(&queue->redis_up);
}

static bool take(Slot *slot, QueueRow *ret)
{
	Queue *queue = slot->queue;
	uint64_t seen;
	bool found = false;

	pthread_mutex_lock(&queue->turn);
	pthread_mutex_lock(&queue->wake_mutex);
	seen = queue->wakes; /* what comes after this cannot be overlooked by the claim below */
	pthread_mutex_unlock(&queue->wake_mutex);
	while (is_wanted(queue)) {
		Err err = queue_claim_next(slot, ret, &found);

		if (err == OK && found)
			break;
		found = false;
		arena_reset(slot->mem);
		queue_wait(queue, &seen, queue->config.poll_ms);
	}
	pthread_mutex_unlock(&queue->turn);
	return found;
}

static void finish(Slot *slot, const Ending *ending)
{
	(void)slot;
	(void)ending;
}

static void leave(Slot *slot)
{
	(void)slot;
}

const QueueDriver pg_driver = { "postgresql", take, finish, leave };

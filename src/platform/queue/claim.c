/* claim: a worker may run a row only after it has claimed it in PostgreSQL. All workers of a
 * process share one connection of role siso_queue for that; a claim takes well under a millisecond.
 */
#include "platform/queue/queue.sql.h"
#include "platform/queue/queue_driver.h"

enum { CLAIM_STATEMENT_MS = 5000 };

static Ctx begin(Slot *slot)
{
	Ctx cx = queue_context(slot->mem, slot->queue->claim_db);

	pthread_mutex_lock(&slot->queue->claim_mutex);
	db_begin(&cx, /* read_only= */ false, CLAIM_STATEMENT_MS);
	return cx;
}

static Err end(Slot *slot, Ctx *cx, Err err)
{
	if (err == OK)
		err = db_commit(cx);
	else
		db_rollback(cx);
	pthread_mutex_unlock(&slot->queue->claim_mutex);
	return err;
}

/* No company may have all workers: its neighbours' letters shall not wait for its slow webhooks. */
static int32_t most_running(const Slot *slot)
{
	size_t threads = slot->queue->slot_count;

	return threads > 1 ? (int32_t)threads - 1 : 1;
}

static QueueRow row_of(const SqlClaimedRow *row)
{
	return (QueueRow){ .company = row->company_id,
		.id = row->id,
		.claims = row->claims,
		.attempts = row->attempts,
		.name = row->name,
		.data = row->data,
		.request_id = row->request_id };
}

Err queue_claim_next(Slot *slot, QueueRow *ret, bool *ret_found)
{
	Ctx cx = begin(slot);
	SqlClaimedRow row;
	bool found = false;

	TRY(end(slot, &cx,
		sql_outbox_claim_next(
			&cx, slot->queue->config.lease_s, most_running(slot), &row, &found)));
	*ret_found = found;
	if (found)
		*ret = row_of(&row);
	return OK;
}

Err queue_claim(Slot *slot, int64_t id, bool revive, QueueRow *ret, bool *ret_found)
{
	Ctx cx = begin(slot);
	SqlClaimedRow row;
	bool found = false;

	TRY(end(slot, &cx,
		sql_outbox_claim(&cx, id, slot->queue->config.lease_s, revive, most_running(slot),
			&row, &found)));
	*ret_found = found;
	if (found)
		*ret = row_of(&row);
	return OK;
}

Err queue_claim_wait(Slot *slot, int64_t id, int64_t *ret_ms, bool *ret_found)
{
	Ctx cx = begin(slot);
	SqlOutboxWait row;
	bool found = false;

	TRY(end(slot, &cx, sql_outbox_wait(&cx, id, &row, &found)));
	*ret_found = found;
	if (found)
		*ret_ms = row.wait_ms;
	return OK;
}

/* relay: carries the ids of rows that are due soon from the outbox to Redis, at least once: a row
 * is marked in the transaction that holds its lock while Redis is told. Killed in between, it tells
 * Redis again, which ignores an id that it has. */
#include "core/log.h"
#include "platform/queue/queue.sql.h"
#include "platform/queue/queue_driver.h"

/* Rows of one company that Redis holds at a time: enough to keep workers busy until the next look.
 */
enum { AHEAD_S = 15 * 60, ROOM = 500, BATCH = 2000, RELAY_STATEMENT_MS = 10000 };

/* Tell Redis of the rows; the ids that it has now. */
static BullAnswer tell(Ctx *cx, Bull *bull, const SqlOutboxNear *row, size_t count,
	Int64s *ret_company, Int64s *ret_id)
{
	BullNew *job = NEW_ARRAY(cx->mem, BullNew, count);
	bool *added = NEW_ARRAY(cx->mem, bool, count);
	int64_t *company = NEW_ARRAY(cx->mem, int64_t, count);
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, count);
	BullAnswer answer;
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		job[i] = (BullNew){ .name = row[i].name,
			.row = row[i].id,
			.relay_count = row[i].relay_count,
			.delay_ms = row[i].delay_ms,
			.priority = row[i].priority };
	answer = bull_add(bull, job, count, added);
	for (size_t i = 0; i < count; i++) {
		if (!added[i])
			continue;
		company[n] = row[i].company_id;
		id[n++] = row[i].id;
	}
	*ret_company = (Int64s){ company, n };
	*ret_id = (Int64s){ id, n };
	return answer;
}

/* What there is room for, in one transaction; *ret_more: there may be more. */
static Err relay_batch(Ctx *cx, Queue *queue, bool *ret_more)
{
	SqlOutboxNear *row;
	Int64s company, id;
	BullAnswer answer;
	size_t count;
	int64_t rows;

	*ret_more = false;
	db_begin(cx, /* read_only= */ false, RELAY_STATEMENT_MS);
	TRY(sql_outbox_near(cx, AHEAD_S, ROOM, BATCH, &row, &count));
	if (count == 0)
		return db_commit(cx);
	answer = tell(cx, queue->relay_bull, row, count, &company, &id);
	if (answer == BULL_AWAY)
		queue_redis_trouble(queue, bull_trouble(queue->relay_bull));
	if (id.count > 0)
		TRY(sql_outbox_relayed(cx, company, id, &rows));
	TRY(db_commit(cx));
	*ret_more = answer == BULL_OK && count == BATCH;
	return OK;
}

void *queue_relay(void *arg)
{
	Queue *queue = arg;
	Arena *mem = arena_new(ARENA_LIMIT);
	uint64_t seen = 0;

	while (!atomic_load(&queue->ended)) {
		bool more = atomic_load(&queue->redis_up);

		while (more && !atomic_load(&queue->ended)) {
			Ctx cx = queue_context(mem, queue->relay_db);

			if (relay_batch(&cx, queue, &more) != OK) {
				db_rollback(&cx);
				LOG(LOG_WARN, "the relay waits for postgresql",
					LOG_TEXT("why", cx.err.log));
			}
			arena_reset(mem);
		}
		queue_wait(queue, &seen, queue->config.poll_ms);
	}
	arena_free(mem);
	return NULL;
}

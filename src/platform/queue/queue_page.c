/* queue_page: what pages and metrics show of the outbox. */
#include "platform/queue/queue.sql.h"
#include "platform/queue/queue_driver.h"

Err queue_list(
	Ctx *cx, const char *state, int64_t before, int n, QueueItem **ret, size_t *ret_count)
{
	SqlOutboxList *row;
	QueueItem *item;
	size_t count;

	TRY(sql_outbox_list(cx, state, before > 0 ? &before : NULL, n, &row, &count));
	item = NEW_ARRAY(cx->mem, QueueItem, count + 1);
	for (size_t i = 0; i < count; i++)
		item[i] = (QueueItem){ .id = row[i].id,
			.name = row[i].name,
			.state = row[i].state,
			.last_error = row[i].last_error,
			.due = row[i].due,
			.created_at = row[i].created_at,
			.finished_at = row[i].finished_at,
			.attempts = row[i].attempts };
	*ret = item;
	*ret_count = count;
	return OK;
}

Err queue_counts(Ctx *cx, QueueCounts *ret)
{
	QueueCounts counts = { 0 };
	SqlOutboxCounts *row;
	size_t count;

	TRY(sql_outbox_counts(cx, &row, &count));
	for (size_t i = 0; i < count; i++) {
		if (strcmp(row[i].state, "queued") == 0)
			counts.queued = row[i].n;
		else if (strcmp(row[i].state, "running") == 0)
			counts.running = row[i].n;
		else
			counts.failed = row[i].n;
	}
	*ret = counts;
	return OK;
}

Err queue_retry(Ctx *cx, int64_t id)
{
	int64_t rows;

	TRY(sql_outbox_retry(cx, id, &rows));
	if (rows == 0)
		return err_set(cx, ERR_NOT_FOUND, "no failed job %" PRId64, id);
	db_after_commit(cx, queue_wake_after, NULL);
	return OK;
}

Err queue_discard(Ctx *cx, int64_t id)
{
	int64_t rows;

	TRY(sql_outbox_discard(cx, id, &rows));
	return rows ? OK : err_set(cx, ERR_NOT_FOUND, "no failed job %" PRId64, id);
}

Err queue_totals(Ctx *cx, QueueTotals *ret)
{
	SqlOutboxTotals row;

	TRY(sql_outbox_totals(cx, &row));
	*ret = (QueueTotals){ row.queued, row.overdue, row.running, row.failed, row.oldest_s };
	return OK;
}

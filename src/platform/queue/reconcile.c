/* reconcile: makes Redis disposable. Rows that it was given and has not brought to a worker are
 * looked for there; those that it lost (flushed, restarted without its file, evicted) are given
 * again, as another job. */
#include "core/log.h"
#include "platform/queue/queue.sql.h"
#include "platform/queue/queue_driver.h"

enum { PAGE = 1000, RECONCILE_STATEMENT_MS = 10000 };

/* The rows of one page that Redis no longer has. */
static Err find_lost(Ctx *cx, Bull *bull, const SqlOutboxGiven *row, size_t count,
	Int64s *ret_company, Int64s *ret_id)
{
	BullNew *job = NEW_ARRAY(cx->mem, BullNew, count);
	bool *found = NEW_ARRAY(cx->mem, bool, count);
	int64_t *company = NEW_ARRAY(cx->mem, int64_t, count);
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, count);
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		job[i] = (BullNew){ .row = row[i].id, .relay_count = row[i].relay_count };
	if (bull_find_unfinished(bull, job, count, found) != BULL_OK)
		return err_set(cx, ERR_UNAVAILABLE, "redis: %s", bull_trouble(bull));
	for (size_t i = 0; i < count; i++) {
		if (found[i])
			continue;
		company[n] = row[i].company_id;
		id[n++] = row[i].id;
	}
	*ret_company = (Int64s){ company, n };
	*ret_id = (Int64s){ id, n };
	return OK;
}

Err queue_reconcile(Ctx *cx, Bull *bull, int age_s)
{
	int64_t after = 0, lost = 0;
	size_t count = PAGE;

	while (count == PAGE) {
		SqlOutboxGiven *row;
		Int64s company, id;
		int64_t rows = 0;

		db_begin(cx, /* read_only= */ false, RECONCILE_STATEMENT_MS);
		TRY(sql_outbox_given(cx, after, age_s, PAGE, &row, &count));
		if (count > 0) {
			after = row[count - 1].id;
			TRY(find_lost(cx, bull, row, count, &company, &id));
			if (id.count > 0)
				TRY(sql_outbox_rearm(cx, company, id, &rows));
		}
		TRY(db_commit(cx));
		lost += rows;
	}
	if (lost > 0) {
		LOG(LOG_WARN, "redis had lost rows, giving them again", LOG_NUMBER("rows", lost));
		queue_wake();
	}
	return OK;
}

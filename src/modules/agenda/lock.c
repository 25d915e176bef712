/* What keeps writers apart: the advisory locks of the days, and the savepoint that a refusal gives
 * them back with. */
#include "modules/agenda/agenda_rooms.h"
#include "platform/db/db.h"

Err refuse_time(Ctx *cx, const char *sentence)
{
	(void)err_field(cx, "starts_at", sentence);
	return err_tell(cx, ERR_CONFLICT, sentence, "the time is not free");
}

static int compare_days(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* The days of UTC that the stretches touch, ascending, each once. Of UTC, because branches in two
 * zones share their dentists. */
static Int64s days_of(Ctx *cx, const Stretch *stretch, size_t count)
{
	int64_t *day = NEW_ARRAY(cx->mem, int64_t, count * 3 + 1);
	size_t n = 0, kept = 0;

	for (size_t i = 0; i < count; i++)
		for (int64_t d = stretch[i].from / DAY_S; d <= (stretch[i].to - 1) / DAY_S; d++)
			if (n < count * 3)
				day[n++] = d;
	qsort(day, n, sizeof *day, compare_days);
	for (size_t i = 0; i < n; i++)
		if (!kept || day[kept - 1] != day[i])
			day[kept++] = day[i];
	return (Int64s){ day, kept };
}

Err lock_days(Ctx *cx, const Stretch *stretch, size_t count)
{
	SqlAgendaLockDays row;

	return sql_agenda_lock_days(cx, days_of(cx, stretch, count), &row);
}

Err lock_visit_as_read(Ctx *cx, const Appointment *old)
{
	SqlAgendaLockVisit now;

	TRY(sql_agenda_lock_visit(cx, old->id, &now));
	return now.version == old->version
		       ? OK
		       : err_set(cx, ERR_STALE, "visit %" PRId64 " is at version %d", old->id,
				 now.version);
}

static bool was_deadlock(const Ctx *cx, Err err)
{
	return err == ERR_UNAVAILABLE && cx->err.log && strstr(cx->err.log, "40P01");
}

Err try_part(Ctx *cx, Err (*part)(Ctx *cx, void *arg), void *arg)
{
	for (int round = 0;; round++) {
		Err err;

		cx->err.log = cx->err.sentence = NULL;
		TRY(db_savepoint(cx));
		err = db_settle(cx, part(cx, arg));
		if (err == ERR_CONFLICT && !cx->err.sentence)
			return refuse_time(cx, "Este horário acabou de ser ocupado.");
		if (!was_deadlock(cx, err) || round)
			return err;
	}
}

/* scheduler: turns schedules into outbox rows. The last tick of each (company, schedule) stands in
 * siso.cron; who moves it from the value he saw to the new one adds the job, so each tick has one
 * job whatever number of workers look. Ticks missed while nobody looked make one job, not many. */
#include "core/clock.h"
#include "core/log.h"
#include "platform/queue/cron.h"
#include "platform/queue/queue.sql.h"
#include "platform/queue/queue_driver.h"

/* The companies of one schedule that must begin (never seen before) or whose tick has come. */
typedef struct Round {
	int64_t *begin, *fire, *seen;
	size_t begin_count, fire_count;
} Round;

static const SqlCronList *find_tick(
	const SqlCronList *tick, size_t count, int64_t company, const char *name)
{
	size_t low = 0, high = count;

	while (low < high) { /* the list is ordered by company, name */
		size_t middle = low + (high - low) / 2;
		int order = tick[middle].company_id < company   ? -1
			    : tick[middle].company_id > company ? 1
								: strcmp(tick[middle].name, name);

		if (order == 0)
			return &tick[middle];
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static void look_at(Round *round, const CronPattern *pattern, const SqlCronList *last,
	const QueueCompany *company, const char *zone, int64_t now)
{
	int64_t next;

	if (!last) {
		round->begin[round->begin_count++] = company->id;
		return;
	}
	next = cron_next(pattern, last->tick, zone);
	if (next < 0 || next > now)
		return;
	round->fire[round->fire_count] = company->id;
	round->seen[round->fire_count++] = last->tick;
}

static Err schedule_one(Ctx *cx, const Cron *cron, const QueueCompany *company, size_t count,
	const SqlCronList *tick, size_t tick_count)
{
	static const QueueCompany program = { 0, NULL };
	Round round = { 0 };
	CronPattern pattern;
	int64_t rows;

	if (!cron_parse(cron->pattern, &pattern))
		return err_set(cx, ERR_BUG, "schedule %s has a broken pattern", cron->name);
	if (!cron->every_company) {
		company = &program;
		count = 1;
	}
	round.begin = NEW_ARRAY(cx->mem, int64_t, count + 1);
	round.fire = NEW_ARRAY(cx->mem, int64_t, count + 1);
	round.seen = NEW_ARRAY(cx->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++) {
		const char *zone = cron->zone ? cron->zone : company[i].zone;

		look_at(&round, &pattern, find_tick(tick, tick_count, company[i].id, cron->name),
			&company[i], zone ? zone : cx->zone, cx->now);
	}
	if (round.begin_count > 0)
		TRY(sql_cron_begin(cx, (Int64s){ round.begin, round.begin_count }, cron->name,
			cx->now, &rows));
	if (round.fire_count == 0)
		return OK;
	TRY(sql_cron_fire(cx, (Int64s){ round.fire, round.fire_count },
		(Int64s){ round.seen, round.fire_count }, cron->name, cx->now, cron->job, &rows));
	if (rows > 0)
		db_after_commit(cx, queue_wake_after, NULL);
	return OK;
}

Err queue_schedule(Ctx *cx, const QueueConfig *config)
{
	QueueCompany *company = NULL;
	size_t company_count = 0, tick_count;
	SqlCronList *tick;

	if (config->companies)
		TRY(config->companies(cx, &company, &company_count));
	TRY(sql_cron_list(cx, &tick, &tick_count));
	for (size_t i = 0; i < config->cron_count; i++)
		TRY(schedule_one(cx, &config->cron[i], company, company_count, tick, tick_count));
	return OK;
}

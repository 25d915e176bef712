/* cron: five-field patterns and their next moment on a zone's wall clock. */
#ifndef QUEUE_CRON_H
#define QUEUE_CRON_H

#include "core/base.h"

/* Bit n of a field: n matches. */
typedef struct CronPattern {
	uint64_t minutes;
	uint32_t hours, days, months, weekdays; /* days 1-31, months 1-12, weekdays 0 Sunday … 6 */
	bool any_day, any_weekday;              /* the field began with "*" */
} CronPattern;

/* Minute hour day month weekday; each "*", numbers, a-b, lists with ",", steps with "/"; Sunday is
 * 0 or
 * 7. False when text is anything else. */
bool cron_parse(const char *text, CronPattern *ret);

/* The first moment after `at` that matches, UTC seconds; -1 when there is none (30 February).
 * As crontab(5): with both day and weekday restricted, either is enough. When the clock is put
 * forward, a time that does not exist that day runs at the moment after the gap; when it is put
 * back, a time that comes twice runs once, but a pattern of every hour goes on in both. */
int64_t cron_next(const CronPattern *pattern, int64_t at, const char *zone);

#endif

/* rrule: the part of RFC 5545 recurrence that tasks and visits use:
 * FREQ=DAILY|WEEKLY|MONTHLY|YEARLY, INTERVAL, BYDAY (weekly; MO…SU), UNTIL (a date, inclusive) or
 * COUNT. */
#ifndef CORE_RRULE_H
#define CORE_RRULE_H

#include "core/clock.h"

typedef struct Rrule {
	char freq;     /* D W M Y */
	int interval;  /* 1-400 */
	unsigned days; /* bit 1 << ISO weekday; 0: the weekday of the first */
	int32_t until; /* days; INT32_MAX: for ever */
	int count;     /* occurrences, the first included; 0: no bound. The caller counts */
} Rrule;

bool rrule_parse(const char *text, Rrule *ret);
/* The first occurrence after `at`, at the same wall clock time in the zone; false: the series is
 * over. */
bool rrule_next(const Rrule *rule, int64_t at, const char *zone, int64_t *ret);

#endif

/* clock: UTC seconds inside, wall clocks of a zone at the border. Dates are days since 1970-01-01.
 * Source of the zones: the system's tzdata, read once per zone and kept. */
#ifndef CORE_CLOCK_H
#define CORE_CLOCK_H

#include "core/arena.h"
#include "core/date.h"

typedef struct Clock {        /* a wall clock: what a person in a zone reads */
	int year, month, day; /* month 1-12, day 1-31 */
	int hour, minute, second;
	int weekday; /* ISO: 1 Monday … 7 Sunday */
} Clock;

int64_t time_now(void);    /* UTC seconds */
int64_t time_now_us(void); /* monotonic microseconds, for durations only */

/* Wall clock of a moment in an IANA zone; an unknown zone reads as UTC. Thread-safe. */
Clock time_clock(int64_t at, const char *zone);
/* The moment of a wall clock. In a gap (clock put forward) the moment after it; in a fold the
 * first. */
int64_t time_of_clock(const Clock *clock, const char *zone);
/* The moment a date begins. */
int64_t time_of_date(int32_t date, const char *zone);
/* The moment of a date's wall clock, in minutes since midnight; 1440 is the end of the day. */
int64_t time_of_minute(int32_t date, int minute, const char *zone);
/* The date that a zone's wall clocks show. */
int32_t date_today(int64_t now, const char *zone);
bool time_zone_exists(const char *zone);

/* "22/11/2026", "09:05", "22/11/2026 09:05", "22 de novembro de 2026", "dom, 22 nov" */
char *date_text(Arena *mem, int32_t date);
char *date_text_long(Arena *mem, int32_t date);
char *date_text_short(Arena *mem, int32_t date);
char *time_text(Arena *mem, int64_t at, const char *zone);
char *time_text_hm(Arena *mem, int64_t at, const char *zone);
/* As seen from now: "agora", "há 5 min", "hoje, 14:00", "ontem, 17:12", "amanhã, 09:00", "qui,
 * 10:00" (within 6 days), else "20/11, 10:40" (year added when it is another). */
char *time_text_relative(Arena *mem, int64_t at, int64_t now, const char *zone);
/* The moment of an appointment, before it and after: "hoje, 14:00", "ontem, 17:12", "amanhã,
 * 09:00", else with the date: "ter, 24/11, 10:15" (year added when it is another). */
char *time_text_dated(Arena *mem, int64_t at, int64_t now, const char *zone);
/* "2026-11-22", "2026-11-22T12:00:00Z" */
char *date_text_iso(Arena *mem, int32_t date);
char *time_text_iso(Arena *mem, int64_t at);
char *time_text_field(Arena *mem, int64_t at, const char *zone); /* "2026-11-22T09:00", there */

/* How old who was born then is today: "58 anos", "1 ano e 4 meses" (under two years), "5 meses",
 * "12 dias"; "" for DATE_NONE (form.h: INT32_MIN) and for days to come. */
char *age_text(Arena *mem, int32_t birth, int32_t today);

/* Accept 22/11/2026, 22/11/26 (year 1950-2049), 22112026 and 2026-11-22. */
bool date_parse(const char *text, int32_t *ret);
/* Accept 9:05, 09:05, 9h05, 9h, 0905; minutes since midnight. */
bool time_parse_hm(const char *text, int *ret_minutes);
/* Accept 2026-11-22T09:05 (wall clock of zone; also with seconds, Z or an offset) and
 * 22/11/2026 09:05. */
bool time_parse(const char *text, const char *zone, int64_t *ret);

#endif

/* Moments and wall clocks. Dates are date.c's, zones zone.c's; texts and their parsing:
 * clock_text.c. */
#include "core/clock.h"

#include "core/zone.h"

enum { DAY_S = 86400 };

/* Some three million years: keeps every sum below inside its type, whatever comes in. */
#define FAR_FUTURE INT64_C(100000000000000)

int64_t time_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return now.tv_sec;
}

int64_t time_now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int64_t clamp(int64_t at)
{
	return at > FAR_FUTURE ? FAR_FUTURE : at < -FAR_FUTURE ? -FAR_FUTURE : at;
}

int32_t date_today(int64_t now, const char *zone)
{
	return date_of_second(clamp(now) + zone_offset(zone_find(zone), clamp(now)));
}

bool time_zone_exists(const char *zone)
{
	return zone_find(zone) != NULL;
}

Clock time_clock(int64_t at, const char *zone)
{
	int64_t moment = clamp(at), local = moment + zone_offset(zone_find(zone), moment);
	int32_t date = date_of_second(local);
	int second = (int)(local - (int64_t)date * DAY_S);
	Clock clock = { .hour = second / 3600,
		.minute = second / 60 % 60,
		.second = second % 60,
		.weekday = date_weekday(date) };

	date_split(date, &clock.year, &clock.month, &clock.day);
	return clock;
}

/* The first moment in (from, to] whose offset is not before; there is one. */
static int64_t find_change(const Zone *zone, int64_t from, int64_t to, int32_t before)
{
	while (to - from > 1) {
		int64_t middle = from + (to - from) / 2;

		if (zone_offset(zone, middle) == before)
			from = middle;
		else
			to = middle;
	}
	return to;
}

int64_t time_of_clock(const Clock *clock, const char *name)
{
	const Zone *zone = zone_find(name);
	int64_t local = (int64_t)date_of(clock->year, clock->month, clock->day) * DAY_S +
			clock->hour * INT64_C(3600) + clock->minute * INT64_C(60) + clock->second;
	int32_t before = zone_offset(zone, local - DAY_S), after = zone_offset(zone, local + DAY_S);

	/* read with the offset before a change first: in a fold that is the earlier moment */
	if (zone_offset(zone, local - before) == before)
		return local - before;
	if (zone_offset(zone, local - after) == after)
		return local - after;
	return find_change(zone, local - DAY_S, local + DAY_S, before);
}

int64_t time_of_minute(int32_t date, int minute, const char *zone)
{
	Clock clock = { .hour = minute % 1440 / 60, .minute = minute % 60 };

	date_split(date + minute / 1440, &clock.year, &clock.month, &clock.day);
	return time_of_clock(&clock, zone);
}

int64_t time_of_date(int32_t date, const char *zone)
{
	return time_of_minute(date, 0, zone);
}

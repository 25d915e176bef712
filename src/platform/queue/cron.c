/* cron: see cron.h. A pattern of every hour is searched in real time, so the repeated hour of a
 * clock put back has its ticks; one of certain hours is searched on the wall clock, so each happens
 * once. */
#include "platform/queue/cron.h"

#include "core/clock.h"
#include "core/str.h"

enum {
	ALL_HOURS = 0xffffff,
	YEARS_AHEAD = 9, /* 29 February skips a year that is divisible by 100 */
	MINUTE_S = 60,
	DAY_S = 86400
};

/* "a", "a-b", "*", each with "/step". */
static bool parse_range(Str text, int least, int most, uint64_t *bits)
{
	int64_t from = least, to = most, step = 1;
	Str range, first;
	bool has_step = memchr(text.ptr, '/', text.len) != NULL;

	if (!str_cut(&text, '/', &range))
		return false;
	if (has_step && (!str_int64(text, &step) || step < 1))
		return false;
	if (!str_is(range, "*")) {
		bool has_end = memchr(range.ptr, '-', range.len) != NULL;

		if (!str_cut(&range, '-', &first) || !str_int64(first, &from))
			return false;
		if (has_end && !str_int64(range, &to))
			return false;
		if (!has_end && !has_step)
			to = from;
	}
	if (from < least || to > most || from > to)
		return false;
	for (int64_t n = from; n <= to; n += step)
		*bits |= UINT64_C(1) << n;
	return true;
}

static bool parse_field(Str *rest, int least, int most, uint64_t *ret_bits, bool *ret_any)
{
	Str field, range;

	*rest = str_trim(*rest);
	if (!str_cut(rest, ' ', &field) || field.len == 0)
		return false;
	*ret_bits = 0;
	*ret_any = field.ptr[0] == '*';
	if (field.ptr[field.len - 1] == ',')
		return false;
	while (str_cut(&field, ',', &range))
		if (range.len == 0 || !parse_range(range, least, most, ret_bits))
			return false;
	return true;
}

bool cron_parse(const char *text, CronPattern *ret)
{
	Str rest = str_of(text);
	uint64_t minutes, hours, days, months, weekdays;
	bool any, any_day, any_weekday;

	if (!parse_field(&rest, 0, 59, &minutes, &any) ||
		!parse_field(&rest, 0, 23, &hours, &any) ||
		!parse_field(&rest, 1, 31, &days, &any_day) ||
		!parse_field(&rest, 1, 12, &months, &any) ||
		!parse_field(&rest, 0, 7, &weekdays, &any_weekday) || str_trim(rest).len > 0)
		return false;
	if (weekdays & 1u << 7)
		weekdays |= 1;
	*ret = (CronPattern){ .minutes = minutes,
		.hours = (uint32_t)hours,
		.days = (uint32_t)days,
		.months = (uint32_t)months,
		.weekdays = (uint32_t)weekdays & 0x7f,
		.any_day = any_day,
		.any_weekday = any_weekday };
	return true;
}

static bool day_matches(const CronPattern *pattern, int32_t date)
{
	int year, month, day;
	bool on_day, on_weekday;

	date_split(date, &year, &month, &day);
	if (!(pattern->months >> month & 1))
		return false;
	on_day = pattern->days >> day & 1;
	on_weekday = pattern->weekdays >> (date_weekday(date) % 7) & 1;
	if (pattern->any_day || pattern->any_weekday)
		return on_day && on_weekday;
	return on_day || on_weekday;
}

static int32_t day_of(int64_t at, const char *zone)
{
	Clock clock = time_clock(at, zone);

	return date_of(clock.year, clock.month, clock.day);
}

static int64_t moment(int32_t date, int hour, int minute, const char *zone)
{
	Clock clock = { .hour = hour, .minute = minute };

	date_split(date, &clock.year, &clock.month, &clock.day);
	return time_of_clock(&clock, zone);
}

/* Every hour matches: walk real time, minute by minute within a matching day. */
static int64_t next_in_real_time(
	const CronPattern *pattern, int64_t at, const char *zone, int32_t end)
{
	int64_t tick = at - at % MINUTE_S + MINUTE_S;

	for (int32_t date = day_of(tick, zone); date < end; date = day_of(tick, zone)) {
		if (!day_matches(pattern, date)) {
			int64_t midnight = moment(date + 1, 0, 0, zone);

			tick = midnight > tick ? midnight : tick + MINUTE_S;
			continue;
		}
		if (pattern->minutes >> time_clock(tick, zone).minute & 1)
			return tick;
		tick += MINUTE_S;
	}
	return -1;
}

/* The first matching moment of the day after `at`; -1: none. */
static int64_t next_of_day(const CronPattern *pattern, int32_t date, int64_t at, const char *zone)
{
	for (int hour = 0; hour < 24; hour++) {
		if (!(pattern->hours >> hour & 1))
			continue;
		for (int minute = 0; minute < 60; minute++) {
			int64_t tick;

			if (!(pattern->minutes >> minute & 1))
				continue;
			tick = moment(date, hour, minute, zone);
			if (tick > at)
				return tick;
		}
	}
	return -1;
}

int64_t cron_next(const CronPattern *pattern, int64_t at, const char *zone)
{
	int32_t today = day_of(at, zone);
	int32_t end = today + YEARS_AHEAD * 366;

	if (pattern->hours == ALL_HOURS)
		return next_in_real_time(pattern, at, zone, end);
	/* A time of the day before may, put off by a gap around midnight, still be ahead. */
	for (int32_t date = today - 1; date < end; date++) {
		int64_t tick =
			day_matches(pattern, date) ? next_of_day(pattern, date, at, zone) : -1;

		if (tick > at)
			return tick;
	}
	return -1;
}

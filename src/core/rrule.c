/* Recurrence. Dates are stepped in the wall clock of the zone, so "each day at 9" stays at 9
 * when the clock changes. */
#include "core/rrule.h"

#include "core/str.h"

static bool parse_freq(Str value, Rrule *rule)
{
	static const char *const names[] = { "DAILY", "WEEKLY", "MONTHLY", "YEARLY" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (str_is(value, names[i])) {
			rule->freq = names[i][0];
			return true;
		}
	return false;
}

static bool parse_days(Str value, Rrule *rule)
{
	static const char *const names[] = { "MO", "TU", "WE", "TH", "FR", "SA", "SU" };
	Str day;

	while (str_cut(&value, ',', &day)) {
		size_t i = 0;

		while (i < COUNT(names) && !str_is(day, names[i]))
			i++;
		if (i == COUNT(names))
			return false;
		rule->days |= 1u << (i + 1);
	}
	return true;
}

/* 20261231 or 20261231T235959Z: the day counts. */
static bool parse_until(Str value, Rrule *rule)
{
	int64_t number;

	if (value.len < 8 || !str_int64((Str){ value.ptr, 8 }, &number))
		return false;
	if (!date_is_valid((int)(number / 10000), (int)(number / 100 % 100), (int)(number % 100)))
		return false;
	rule->until =
		date_of((int)(number / 10000), (int)(number / 100 % 100), (int)(number % 100));
	return true;
}

bool rrule_parse(const char *text, Rrule *ret)
{
	Rrule rule = { .interval = 1, .until = INT32_MAX };
	Str rest = str_of(text), part, key;
	int64_t number;

	if (str_starts(text, "RRULE:"))
		rest = str_of(text + 6);
	while (str_cut(&rest, ';', &part)) {
		if (!str_cut(&part, '=', &key) || !part.ptr)
			return false;
		if (str_is(key, "FREQ")) {
			if (!parse_freq(part, &rule))
				return false;
		} else if (str_is(key, "INTERVAL")) {
			if (!str_int64(part, &number) || number < 1 || number > 400)
				return false;
			rule.interval = (int)number;
		} else if (str_is(key, "BYDAY")) {
			if (!parse_days(part, &rule))
				return false;
		} else if (str_is(key, "UNTIL")) {
			if (!parse_until(part, &rule))
				return false;
		} else if (str_is(key, "COUNT")) {
			if (!str_int64(part, &number) || number < 1 || number > 1000)
				return false;
			rule.count = (int)number;
		} else {
			return false;
		}
	}
	if (rule.count && rule.until != INT32_MAX)
		return false;
	if (!rule.freq || (rule.days && rule.freq != 'W'))
		return false;
	*ret = rule;
	return true;
}

/* The next of the chosen weekdays; past Sunday the weeks between are skipped. */
static int32_t next_chosen_day(const Rrule *rule, int32_t date)
{
	do {
		if (date_weekday(date) == 7)
			date += 7 * (rule->interval - 1);
		date++;
	} while (!(rule->days >> date_weekday(date) & 1));
	return date;
}

bool rrule_next(const Rrule *rule, int64_t at, const char *zone, int64_t *ret)
{
	Clock clock = time_clock(at, zone);
	int32_t date = date_of(clock.year, clock.month, clock.day);

	switch (rule->freq) {
	case 'D':
		date += rule->interval;
		break;
	case 'W':
		date = rule->days ? next_chosen_day(rule, date) : date + 7 * rule->interval;
		break;
	case 'M':
		date = date_add_months(date, rule->interval);
		break;
	default:
		date = date_add_months(date, 12 * rule->interval);
		break;
	}
	if (date > rule->until)
		return false;
	date_split(date, &clock.year, &clock.month, &clock.day);
	*ret = time_of_clock(&clock, zone);
	return true;
}

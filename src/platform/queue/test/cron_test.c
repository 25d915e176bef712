/* Patterns, and their moments across changes of the clock. */
#include "core/clock.h"
#include "platform/queue/cron.h"
#include "test.h"

/* The next moment after `from` (wall clock of zone), as a wall clock of zone; "none". */
static const char *next(Ctx *cx, const char *text, const char *from, const char *zone)
{
	CronPattern pattern;
	int64_t at, tick;
	Clock clock;

	if (!cron_parse(text, &pattern) || !time_parse(from, zone, &at))
		return "broken";
	tick = cron_next(&pattern, at, zone);
	if (tick < 0)
		return "none";
	clock = time_clock(tick, zone);
	return arena_printf(cx->mem, "%04d-%02d-%02dT%02d:%02d", clock.year, clock.month, clock.day,
		clock.hour, clock.minute);
}

TEST(broken_patterns_are_refused)
{
	static const char *const bad[] = { "", "*", "* * * *", "* * * * * *", "60 * * * *",
		"* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 0 *", "* * * 13 *", "* * * * 8",
		"-1 * * * *", "1- * * * *", "5-1 * * * *", "*/0 * * * *", "*/x * * * *",
		"1,,2 * * * *", "1, * * * *", ",1 * * * *", "a * * * *", "1/ * * * *", "*5 * * * *",
		"1 2 3 4 mon" };
	CronPattern pattern;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (cron_parse(bad[i], &pattern))
			test_fail(__FILE__, __LINE__, "\"%s\" was taken", bad[i]);
}

TEST(fields_have_numbers_ranges_lists_and_steps)
{
	CronPattern pattern;

	CHECK(cron_parse("0,30 8-10 */10 1-12/6 1,7", &pattern));
	CHECK(pattern.minutes == (UINT64_C(1) | UINT64_C(1) << 30));
	CHECK_INT(pattern.hours, 1 << 8 | 1 << 9 | 1 << 10);
	CHECK_INT(pattern.days, 1 << 1 | 1 << 11 | 1 << 21 | 1u << 31);
	CHECK_INT(pattern.months, 1 << 1 | 1 << 7);
	CHECK_INT(pattern.weekdays, 1 << 0 | 1 << 1);
	CHECK(cron_parse("  5/20  *   * * 0 ", &pattern));
	CHECK(pattern.minutes == (UINT64_C(1) << 5 | UINT64_C(1) << 25 | UINT64_C(1) << 45));
}

TEST(the_next_moment_is_after_and_never_at)
{
	const char *zone = "America/Sao_Paulo";

	CHECK_TEXT(next(cx, "* * * * *", "2026-11-22T12:00", zone), "2026-11-22T12:01");
	CHECK_TEXT(next(cx, "0 3 * * *", "2026-11-22T03:00", zone), "2026-11-23T03:00");
	CHECK_TEXT(next(cx, "0 3 * * *", "2026-11-22T02:59", zone), "2026-11-22T03:00");
	CHECK_TEXT(next(cx, "*/15 8-17 * * 1-5", "2026-11-20T17:45", zone), "2026-11-23T08:00");
	CHECK_TEXT(next(cx, "59 23 31 12 *", "2026-12-31T23:59", zone), "2027-12-31T23:59");
	CHECK_TEXT(next(cx, "0 * 1 * *", "2026-11-22T12:30", zone), "2026-12-01T00:00");
}

TEST(day_and_weekday_both_given_are_either)
{
	const char *zone = "America/Sao_Paulo"; /* 2026-11-22 is a Sunday */

	CHECK_TEXT(next(cx, "0 9 13 * 5", "2026-11-22T12:00", zone), "2026-11-27T09:00");
	CHECK_TEXT(next(cx, "0 9 23 * 5", "2026-11-22T12:00", zone), "2026-11-23T09:00");
	CHECK_TEXT(next(cx, "0 9 * * 0", "2026-11-22T12:00", zone), "2026-11-29T09:00");
	CHECK_TEXT(next(cx, "0 9 */2 * 1", "2026-11-22T12:00", zone), "2026-11-23T09:00");
}

TEST(rare_days_are_found_and_impossible_ones_not)
{
	CHECK_TEXT(next(cx, "0 0 29 2 *", "2026-01-01T00:00", "UTC"), "2028-02-29T00:00");
	CHECK_TEXT(next(cx, "0 0 29 2 *", "2096-03-01T00:00", "UTC"), "2104-02-29T00:00");
	CHECK_TEXT(next(cx, "0 0 30 2 *", "2026-01-01T00:00", "UTC"), "none");
	CHECK_TEXT(next(cx, "* * 31 4,6 *", "2026-01-01T00:00", "UTC"), "none");
}

TEST(a_time_that_the_clock_skips_runs_after_the_gap)
{
	/* New York, 8 March 2026: 02:00 becomes 03:00 */
	CHECK_TEXT(
		next(cx, "30 2 * * *", "2026-03-07T12:00", "America/New_York"), "2026-03-08T03:00");
	CHECK_TEXT(
		next(cx, "30 2 * * *", "2026-03-08T03:00", "America/New_York"), "2026-03-09T02:30");
	CHECK_TEXT(
		next(cx, "30 * * * *", "2026-03-08T01:30", "America/New_York"), "2026-03-08T03:30");
	/* São Paulo, 4 November 2018: midnight becomes 01:00 */
	CHECK_TEXT(
		next(cx, "0 0 * * *", "2018-11-03T12:00", "America/Sao_Paulo"), "2018-11-04T01:00");
	CHECK_TEXT(
		next(cx, "0 0 * * *", "2018-11-04T01:00", "America/Sao_Paulo"), "2018-11-05T00:00");
}

TEST(a_time_that_comes_twice_runs_once_but_every_hour_goes_on)
{
	/* New York, 1 November 2026: 02:00 becomes 01:00; 05:30 and 06:30 UTC are both 01:30 */
	const char *zone = "America/New_York";
	int64_t first, second;
	CronPattern pattern;

	CHECK(time_parse("2026-11-01T05:30:00Z", "UTC", &first));
	second = first + 3600;
	CHECK(cron_parse("30 1 * * *", &pattern));
	CHECK_INT(cron_next(&pattern, first - 60, zone), first);
	CHECK_INT(cron_next(&pattern, first, zone), first + 25 * 3600);
	CHECK_INT(cron_next(&pattern, second - 60, zone), first + 25 * 3600);
	CHECK(cron_parse("30 * * * *", &pattern));
	CHECK_INT(cron_next(&pattern, first, zone), second);
	CHECK_INT(cron_next(&pattern, second, zone), second + 3600);
}

TEST(every_minute_of_a_year_in_two_zones_is_found_in_order)
{
	static const char *const zones[] = { "America/Sao_Paulo", "Europe/Lisbon" };
	CronPattern pattern;

	CHECK(cron_parse("0 */6 * * *", &pattern));
	for (size_t i = 0; i < COUNT(zones); i++) {
		int64_t at = TEST_NOW;

		for (int n = 0; n < 4 * 365; n++) {
			int64_t tick = cron_next(&pattern, at, zones[i]);
			int64_t gap = tick - at;

			if (n > 0 && (gap < 5 * 3600 || gap > 7 * 3600))
				test_fail(__FILE__, __LINE__, "gap of %" PRId64 " s", gap);
			at = tick;
		}
	}
}

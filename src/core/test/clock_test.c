#include "core/clock.h"

#include <pthread.h>

#include "test.h"

#define SP "America/Sao_Paulo"

static int64_t moment(const char *iso)
{
	int64_t at = INT64_MIN;

	CHECK(time_parse(iso, NULL, &at));
	return at;
}

static char *local(Ctx *cx, const char *utc, const char *zone)
{
	Clock c = time_clock(moment(utc), zone);

	return arena_printf(cx->mem, "%04d-%02d-%02d %02d:%02d:%02d", c.year, c.month, c.day,
		c.hour, c.minute, c.second);
}

TEST(dates_count_days_since_1970)
{
	CHECK_INT(date_of(1970, 1, 1), 0);
	CHECK_INT(date_of(1969, 12, 31), -1);
	CHECK_INT(date_of(2000, 2, 29), 11016);
	CHECK_INT(date_of(2026, 11, 22), TEST_NOW / 86400);
	CHECK_INT(date_of(2026, 13, 1), date_of(2027, 1, 1));
	CHECK_INT(date_of(2026, 0, 1), date_of(2025, 12, 1));
}

TEST(every_date_of_four_centuries_survives_the_round_trip)
{
	int32_t date = date_of(1800, 1, 1), end = date_of(2200, 1, 1);
	int weekday = date_weekday(date);

	for (; date < end; date++) {
		int year, month, day;

		date_split(date, &year, &month, &day);
		if (date_of(year, month, day) != date || !date_is_valid(year, month, day) ||
			date_weekday(date) != weekday) {
			test_fail(__FILE__, __LINE__, "day %d", date);
			return;
		}
		weekday = weekday % 7 + 1;
	}
}

TEST(splitting_the_edges_of_the_type_is_defined)
{
	int year, month, day;

	date_split(INT32_MIN, &year, &month, &day);
	CHECK_INT(year, -5877641);
	date_split(INT32_MAX, &year, &month, &day);
	CHECK_INT(year, 5881580);
	CHECK_TEXT(date_text(cx->mem, INT32_MIN), "");
	CHECK_TEXT(date_text_iso(cx->mem, INT32_MAX), "");
	CHECK(time_clock(INT64_MAX, SP).year > 9999);
	CHECK(time_clock(INT64_MIN, SP).year < 0);
}

TEST(the_test_moment_is_a_sunday)
{
	CHECK_INT(date_weekday(date_of(2026, 11, 22)), 7);
	CHECK_INT(time_clock(TEST_NOW, SP).weekday, 7);
	CHECK_INT(date_today(moment("2026-11-22T02:59:00Z"), SP), date_of(2026, 11, 21));
	CHECK_INT(date_today(moment("2026-11-22T03:00:00Z"), SP), date_of(2026, 11, 22));
}

TEST(dates_that_do_not_exist_are_invalid)
{
	CHECK(date_is_valid(2028, 2, 29));
	CHECK(!date_is_valid(2026, 2, 29));
	CHECK(!date_is_valid(1900, 2, 29));
	CHECK(!date_is_valid(2026, 13, 1));
	CHECK(!date_is_valid(2026, 4, 31));
	CHECK(!date_is_valid(2026, 0, 1));
	CHECK(!date_is_valid(0, 1, 1));
	CHECK(!date_is_valid(2026, 1, 0));
}

TEST(adding_months_keeps_to_the_last_day)
{
	int32_t date = date_of(2027, 1, 31);

	CHECK_INT(date_add_months(date, 1), date_of(2027, 2, 28));
	CHECK_INT(date_add_months(date, 13), date_of(2028, 2, 29));
	CHECK_INT(date_add_months(date, -2), date_of(2026, 11, 30));
	CHECK_INT(date_add_months(date, 3), date_of(2027, 4, 30));
	CHECK_INT(date_add_months(date, 0), date);
}

TEST(brazil_s_zones_show_their_wall_clocks)
{
	CHECK_TEXT(local(cx, "2026-01-15T12:00:00Z", SP), "2026-01-15 09:00:00");
	CHECK_TEXT(local(cx, "2026-01-15T12:00:00Z", "America/Manaus"), "2026-01-15 08:00:00");
	CHECK_TEXT(local(cx, "2026-01-15T12:00:00Z", "America/Rio_Branco"), "2026-01-15 07:00:00");
	CHECK_TEXT(local(cx, "2026-01-15T12:00:00Z", "America/Noronha"), "2026-01-15 10:00:00");
	CHECK_TEXT(local(cx, "2018-12-15T12:00:00Z", SP), "2018-12-15 10:00:00");
	CHECK_TEXT(local(cx, "2018-12-15T12:00:00Z", "America/Cuiaba"), "2018-12-15 09:00:00");
	/* local mean time, before any change in the file: -3:06:28 */
	CHECK_TEXT(local(cx, "1900-01-01T12:00:00Z", SP), "1900-01-01 08:53:32");
}

TEST(zones_with_summer_time_follow_their_rule_far_ahead)
{
	CHECK_TEXT(local(cx, "2060-07-01T12:00:00Z", "America/New_York"), "2060-07-01 08:00:00");
	CHECK_TEXT(local(cx, "2060-12-01T12:00:00Z", "America/New_York"), "2060-12-01 07:00:00");
	CHECK_TEXT(local(cx, "2060-12-01T12:00:00Z", "Australia/Sydney"), "2060-12-01 23:00:00");
	CHECK_TEXT(local(cx, "2060-07-01T12:00:00Z", "Europe/Lisbon"), "2060-07-01 13:00:00");
	/* 14 March 2060 is the second Sunday: 02:00 EST is 07:00 UTC */
	CHECK_TEXT(local(cx, "2060-03-14T06:59:59Z", "America/New_York"), "2060-03-14 01:59:59");
	CHECK_TEXT(local(cx, "2060-03-14T07:00:00Z", "America/New_York"), "2060-03-14 03:00:00");
	CHECK_TEXT(local(cx, "2060-07-01T12:00:00Z", "Asia/Kathmandu"), "2060-07-01 17:45:00");
}

TEST(names_that_are_no_zone_read_as_utc)
{
	static const char *const bad[] = { "", "America", "../../../etc/passwd", "/etc/localtime",
		"America/../America/Sao_Paulo", "America/Springfield", "zone.tab", "tzdata.zi",
		"America/Sao_Paulo ", "America/\xC3\xA3" };

	for (size_t i = 0; i < COUNT(bad); i++)
		if (time_zone_exists(bad[i]))
			test_fail(__FILE__, __LINE__, "\"%s\" is taken for a zone", bad[i]);
	CHECK(!time_zone_exists(NULL));
	CHECK(time_zone_exists(SP));
	CHECK(time_zone_exists("UTC"));
	CHECK_TEXT(local(cx, "2026-01-15T12:00:00Z", "America/Springfield"), "2026-01-15 12:00:00");
}

TEST(a_wall_clock_in_a_gap_means_the_moment_after_it)
{
	/* summer time began at midnight: 00:00 to 00:59 of 4 November 2018 did not exist */
	int64_t after = moment("2018-11-04T03:00:00Z");

	CHECK_INT(time_of_clock(&(Clock){ 2018, 11, 4, 0, 0, 0, 0 }, SP), after);
	CHECK_INT(time_of_clock(&(Clock){ 2018, 11, 4, 0, 30, 0, 0 }, SP), after);
	CHECK_INT(time_of_clock(&(Clock){ 2018, 11, 4, 1, 0, 0, 0 }, SP), after);
	CHECK_INT(time_of_clock(&(Clock){ 2018, 11, 3, 23, 59, 59, 0 }, SP), after - 1);
}

TEST(a_wall_clock_in_a_fold_means_the_first)
{
	/* summer time ended at midnight: 23:00 to 23:59 of 17 February 2018 happened twice */
	int64_t first = moment("2018-02-18T01:30:00Z");

	CHECK_INT(time_of_clock(&(Clock){ 2018, 2, 17, 23, 30, 0, 0 }, SP), first);
	CHECK_INT(time_clock(first + 3600, SP).hour, 23);
	CHECK_INT(time_of_clock(&(Clock){ 2018, 2, 18, 0, 0, 0, 0 }, SP), first + 5400);
}

TEST(moments_survive_the_way_to_the_wall_clock_and_back)
{
	static const char *const zones[] = { SP, "America/Manaus", "America/Noronha",
		"Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "UTC" };

	for (size_t i = 0; i < COUNT(zones); i++) {
		for (int64_t at = TEST_NOW; at < TEST_NOW + 400 * 86400; at += 86400 * 3 + 7777) {
			Clock c = time_clock(at, zones[i]);

			if (time_of_clock(&c, zones[i]) != at)
				test_fail(__FILE__, __LINE__, "%s %" PRId64, zones[i], at);
		}
	}
}

static void *ask_many_zones(void *count)
{
	static const char *const zones[] = { "Europe/Paris", "Asia/Tokyo", "Africa/Cairo",
		"America/Lima", "America/Bogota", "Europe/Rome", "Asia/Dubai", "Africa/Lagos" };

	for (int i = 0; i < 800; i++)
		if (time_clock(TEST_NOW, zones[i % 8]).year == 2026)
			++*(int *)count;
	return NULL;
}

TEST(threads_may_meet_a_zone_at_the_same_time)
{
	pthread_t thread[4];
	int count[4] = { 0 };

	for (int i = 0; i < 4; i++)
		CHECK(pthread_create(&thread[i], NULL, ask_many_zones, &count[i]) == 0);
	for (int i = 0; i < 4; i++) {
		pthread_join(thread[i], NULL);
		CHECK_INT(count[i], 800);
	}
}

TEST(dates_read_as_people_write_them)
{
	int32_t date = date_of(2026, 11, 22);

	CHECK_TEXT(date_text(cx->mem, date), "22/11/2026");
	CHECK_TEXT(date_text_long(cx->mem, date), "22 de novembro de 2026");
	CHECK_TEXT(date_text_long(cx->mem, date_of(2027, 3, 1)), "1º de março de 2027");
	CHECK_TEXT(date_text_short(cx->mem, date), "dom, 22 nov");
	CHECK_TEXT(date_text_iso(cx->mem, date), "2026-11-22");
	CHECK_TEXT(time_text(cx->mem, TEST_NOW, SP), "22/11/2026 09:00");
	CHECK_TEXT(time_text_hm(cx->mem, TEST_NOW, SP), "09:00");
	CHECK_TEXT(time_text_iso(cx->mem, TEST_NOW), "2026-11-22T12:00:00Z");
	CHECK_TEXT(time_text_field(cx->mem, TEST_NOW, SP), "2026-11-22T09:00");
}

static char *relative(Ctx *cx, int64_t difference)
{
	return time_text_relative(cx->mem, TEST_NOW + difference, TEST_NOW, SP);
}

TEST(times_are_told_as_seen_from_now)
{
	CHECK_TEXT(relative(cx, 0), "agora");
	CHECK_TEXT(relative(cx, -59), "agora");
	CHECK_TEXT(relative(cx, 59), "agora");
	CHECK_TEXT(relative(cx, -60), "há 1 min");
	CHECK_TEXT(relative(cx, -3599), "há 59 min");
	CHECK_TEXT(relative(cx, -3600), "hoje, 08:00");
	CHECK_TEXT(relative(cx, 5 * 3600), "hoje, 14:00");
	CHECK_TEXT(relative(cx, -86400), "ontem, 09:00");
	CHECK_TEXT(relative(cx, 86400), "amanhã, 09:00");
	CHECK_TEXT(relative(cx, -3 * 86400), "qui, 09:00");
	CHECK_TEXT(relative(cx, 6 * 86400), "sáb, 09:00");
	CHECK_TEXT(relative(cx, 7 * 86400), "29/11, 09:00");
	CHECK_TEXT(relative(cx, -7 * 86400), "15/11, 09:00");
	CHECK_TEXT(relative(cx, 60 * 86400), "21/01/2027, 09:00");
}

TEST(a_minute_of_a_day_is_one_of_its_wall_clock)
{
	const int32_t spring = date_of(2027, 3, 14); /* 23 hours long in New York */
	const char *zone = "America/New_York";

	CHECK_INT(time_of_minute(spring, 0, zone), time_of_date(spring, zone));
	CHECK_INT(time_of_minute(spring, 1440, zone), time_of_date(spring + 1, zone));
	CHECK_TEXT(time_text(cx->mem, time_of_minute(spring, 615, zone), zone), "14/03/2027 10:15");
	CHECK_INT(
		time_of_minute(spring, 615, zone) - time_of_date(spring, zone), 9 * 3600 + 15 * 60);
}

TEST(an_appointment_is_told_with_its_date)
{
#define DATED(difference) time_text_dated(cx->mem, TEST_NOW + (difference), TEST_NOW, SP)
	CHECK_TEXT(DATED(0), "hoje, 09:00");
	CHECK_TEXT(DATED(-600), "hoje, 08:50");
	CHECK_TEXT(DATED(-86400), "ontem, 09:00");
	CHECK_TEXT(DATED(86400), "amanhã, 09:00");
	CHECK_TEXT(DATED(-5 * 86400), "ter, 17/11, 09:00");
	CHECK_TEXT(DATED(2 * 86400), "ter, 24/11, 09:00");
	CHECK_TEXT(DATED(60 * 86400), "qui, 21/01/2027, 09:00");
#undef DATED
}

TEST(dates_are_understood_as_people_type_them)
{
	static const struct {
		const char *text;
		int year, month, day;
	} good[] = { { "22/11/2026", 2026, 11, 22 }, { "1/2/2026", 2026, 2, 1 },
		{ "22/11/26", 2026, 11, 22 }, { "22/11/50", 1950, 11, 22 },
		{ "22/11/49", 2049, 11, 22 }, { "22112026", 2026, 11, 22 },
		{ " 2026-11-22 ", 2026, 11, 22 }, { "29/02/2028", 2028, 2, 29 } };
	static const char *const bad[] = { "", "31/02/2026", "22/13/2026", "2026-11-22T", "22/11",
		"22/11/202", "22/11/20266", "221126", "2026-1-2", "22-11-2026", "a/b/c",
		"00/11/2026", "22/11/0000", "22 /11/2026" };
	int32_t date;

	for (size_t i = 0; i < COUNT(good); i++) {
		date = 0;
		if (!date_parse(good[i].text, &date) ||
			date != date_of(good[i].year, good[i].month, good[i].day))
			test_fail(__FILE__, __LINE__, "\"%s\"", good[i].text);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (date_parse(bad[i], &date))
			test_fail(__FILE__, __LINE__, "\"%s\" is taken", bad[i]);
}

TEST(times_of_day_are_understood_as_people_type_them)
{
	static const struct {
		const char *text;
		int minutes;
	} good[] = { { "9:05", 545 }, { "09:05", 545 }, { "9h05", 545 }, { "9h", 540 },
		{ "0905", 545 }, { "00:00", 0 }, { "23:59", 1439 }, { " 14H30 ", 870 } };
	static const char *const bad[] = { "", "24:00", "9:60", "9:5", "905", "9", "9h5", "ab",
		"-1:00", "09:05:00" };
	int minutes;

	for (size_t i = 0; i < COUNT(good); i++)
		if (!time_parse_hm(good[i].text, &minutes) || minutes != good[i].minutes)
			test_fail(__FILE__, __LINE__, "\"%s\"", good[i].text);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (time_parse_hm(bad[i], &minutes))
			test_fail(__FILE__, __LINE__, "\"%s\" is taken", bad[i]);
}

TEST(moments_are_understood_with_and_without_an_offset)
{
	static const char *const nine[] = { "2026-11-22T09:00", "2026-11-22T09:00:00",
		"2026-11-22T12:00:00Z", "2026-11-22T12:00:00.123Z", "2026-11-22T09:00:00-03:00",
		"2026-11-22T12:00Z", "2026-11-22T16:00+0400", "22/11/2026 09:00",
		"2026-11-22 09:00", "22/11/26 9h", "2026-11-22T07:00-05" };
	static const char *const bad[] = { "", "2026-11-22", "2026-11-22T", "2026-11-22T25:00",
		"2026-11-22T09:00:61", "2026-11-22T09:00X", "2026-11-22T09:00+99:00",
		"2026-11-22T09:00:00.Z", "2026-11-22T09:00Z ",
		"2026-11-22T09:00+03:", "22/11/2026" };
	int64_t at;

	for (size_t i = 0; i < COUNT(nine); i++) {
		at = 0;
		if (!time_parse(nine[i], SP, &at) || at != TEST_NOW)
			test_fail(__FILE__, __LINE__, "\"%s\" gives %" PRId64, nine[i], at);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (time_parse(bad[i], SP, &at))
			test_fail(__FILE__, __LINE__, "\"%s\" is taken", bad[i]);
}

TEST(holidays_are_known_by_name)
{
	bool optional;

	CHECK_TEXT(date_holiday(date_of(2026, 4, 21), &optional), "Tiradentes");
	CHECK(!optional);
	CHECK_TEXT(date_holiday(date_of(2026, 2, 16), &optional), "Carnaval");
	CHECK(optional);
	CHECK_TEXT(date_holiday(date_of(2026, 2, 17), &optional), "Carnaval");
	CHECK_TEXT(date_holiday(date_of(2026, 4, 3), &optional), "Sexta-feira Santa");
	CHECK(!optional);
	CHECK_TEXT(date_holiday(date_of(2027, 5, 27), &optional), "Corpus Christi");
	CHECK(optional);
	CHECK_TEXT(date_holiday(date_of(2024, 11, 20), &optional), "Consciência Negra");
	CHECK(date_holiday(date_of(2023, 11, 20), &optional) == NULL);
	CHECK(date_holiday(date_of(2026, 11, 23), &optional) == NULL);
	CHECK(date_holiday(INT32_MIN, &optional) == NULL);
	CHECK_INT(date_easter(2024), date_of(2024, 3, 31));
	CHECK_INT(date_easter(2027), date_of(2027, 3, 28));
}

TEST(durations_are_measured_on_a_clock_that_only_goes_forward)
{
	int64_t before = time_now_us();

	CHECK(time_now_us() >= before);
	CHECK(time_now() > INT64_C(1700000000));
}

TEST(an_age_is_said_as_people_say_it)
{
	int32_t today = date_of(2026, 11, 22);

	CHECK_TEXT(age_text(cx->mem, date_of(1968, 5, 1), today), "58 anos");
	CHECK_TEXT(age_text(cx->mem, date_of(1968, 11, 22), today), "58 anos");
	CHECK_TEXT(age_text(cx->mem, date_of(1968, 11, 23), today), "57 anos");
	CHECK_TEXT(age_text(cx->mem, date_of(2025, 7, 22), today), "1 ano e 4 meses");
	CHECK_TEXT(age_text(cx->mem, date_of(2025, 11, 22), today), "1 ano");
	CHECK_TEXT(age_text(cx->mem, date_of(2026, 10, 22), today), "1 mês");
	CHECK_TEXT(age_text(cx->mem, date_of(2026, 11, 10), today), "12 dias");
	CHECK_TEXT(age_text(cx->mem, date_of(2024, 2, 29), date_of(2025, 2, 28)), "1 ano");
	CHECK_TEXT(age_text(cx->mem, date_of(2027, 1, 1), today), "");
	CHECK_TEXT(age_text(cx->mem, INT32_MIN, today), "");
}

TEST(a_date_begins_at_midnight_or_at_the_first_moment_there_is)
{
	CHECK_INT(time_of_date(date_of(2026, 11, 22), SP), moment("2026-11-22T03:00:00Z"));
	/* 2018-11-04 began at 01:00 in São Paulo */
	CHECK_INT(time_of_date(date_of(2018, 11, 4), SP), moment("2018-11-04T03:00:00Z"));
}

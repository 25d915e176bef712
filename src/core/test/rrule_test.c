#include "test.h"

#include "core/rrule.h"

static const char *next(Ctx *cx, const char *text, const char *from)
{
	int64_t at, then;
	Rrule rule;

	CHECK(time_parse(from, "America/Sao_Paulo", &at));
	CHECK(rrule_parse(text, &rule));
	return rrule_next(&rule, at, "America/Sao_Paulo", &then)
		       ? arena_printf(cx->mem, "%s %s",
				 date_text(cx->mem, date_today(then, "America/Sao_Paulo")),
				 time_text_hm(cx->mem, then, "America/Sao_Paulo"))
		       : "over";
}

TEST(series_go_on_at_the_same_wall_clock)
{
	CHECK_TEXT(next(cx, "FREQ=DAILY", "2026-11-22T09:30"), "23/11/2026 09:30");
	CHECK_TEXT(next(cx, "FREQ=DAILY;INTERVAL=3", "2026-12-30T09:30"), "02/01/2027 09:30");
	CHECK_TEXT(next(cx, "FREQ=WEEKLY", "2026-11-22T09:30"), "29/11/2026 09:30");
	CHECK_TEXT(next(cx, "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-11-20T08:00"),
		"23/11/2026 08:00");
	CHECK_TEXT(next(cx, "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-11-24T08:00"),
		"08/12/2026 08:00");
	CHECK_TEXT(next(cx, "FREQ=MONTHLY", "2027-01-31T08:00"), "28/02/2027 08:00");
	CHECK_TEXT(next(cx, "RRULE:FREQ=YEARLY", "2028-02-29T08:00"), "28/02/2029 08:00");
	CHECK_TEXT(next(cx, "FREQ=DAILY;UNTIL=20261122", "2026-11-22T09:30"), "over");
	CHECK_TEXT(next(cx, "FREQ=DAILY;UNTIL=20261123", "2026-11-22T09:30"), "23/11/2026 09:30");
}

TEST(what_is_no_recurrence_is_refused)
{
	static const char *const wrong[] = { "", "FREQ", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0",
		"FREQ=DAILY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=XX", "FREQ=DAILY;UNTIL=20261332",
		"FREQ=DAILY;COUNT=0", "FREQ=DAILY;COUNT=3;UNTIL=20261231", "INTERVAL=2" };
	Rrule rule;

	for (size_t i = 0; i < COUNT(wrong); i++)
		CHECK(!rrule_parse(wrong[i], &rule));
}

TEST(a_number_of_occurrences_is_read_and_left_to_the_caller)
{
	Rrule rule;

	CHECK(rrule_parse("FREQ=WEEKLY;COUNT=12", &rule));
	CHECK_INT(rule.count, 12);
	CHECK(rrule_parse("FREQ=WEEKLY", &rule));
	CHECK_INT(rule.count, 0);
}

#include "test.h"

#include "agenda_fixture.h"
#include "core/clock.h"
#include "test_db.h"

/* "24/11 10:00, 01/12 10:00" of the visits that are not cancelled. */
static const char *story(Ctx *cx)
{
	Appointment *list = NULL;
	size_t count = 0;
	Buf buf;

	buf_init(&buf, cx->mem, 10000);
	CHECK(agenda_list(cx,
		      &(AgendaQuery){
			      .from = when("2026-11-01T00:00"), .to = when("2028-12-31T00:00") },
		      &list, &count) == OK);
	for (size_t i = 0; i < count; i++)
		buf_printf(&buf, "%s%.5s %s", i ? ", " : "",
			date_text(cx->mem, date_today(list[i].starts_at, cx->zone)),
			hm(cx, list[i].starts_at));
	return buf_text(&buf);
}

static AppointmentId weekly(Ctx *cx, const Clinic *c, const char *rrule)
{
	Booking in = booking(c, "2026-11-24T10:00");
	AppointmentId id = { 0 };

	in.rrule = rrule;
	if (agenda_book(cx, &in, &id) != OK)
		test_fail(__FILE__, __LINE__, "%s: %s", rrule, cx->err.sentence);
	return id;
}

TEST(a_repetition_is_visits_of_their_own)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = weekly(cx, &c, "FREQ=WEEKLY;COUNT=3");

	CHECK_TEXT(story(cx), "24/11 10:00, 01/12 10:00, 08/12 10:00");
	CHECK(visit(cx, id.v).series_id != 0);
}

TEST(a_repetition_is_booked_whole_or_not_at_all)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");
	AppointmentId id;

	in.rrule = "FREQ=WEEKLY;COUNT=4";
	(void)booked(cx, &c, "2026-12-08T10:15");
	CHECK(agenda_book(cx, &in, &id) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence,
		"Dra. Ianara Pinho já tem consulta em ter, 8 dez das 10:15 às 10:45.");
	CHECK_TEXT(story(cx), "08/12 10:15");
	in.rrule = "FREQ=MONTHLY;COUNT=2";
	in.starts_at = when("2026-11-25T10:00"); /* and Christmas */
	CHECK(agenda_book(cx, &in, &id) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "25/12/2026 é feriado: Natal. (sex, 25 dez, 10:00)");
}

TEST(a_repetition_has_an_end)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");
	AppointmentId id;
	int64_t *at;
	size_t count;

	CHECK(series_times(cx, "FREQ=DAILY", in.starts_at, cx->zone, &at, &count) == ERR_INVALID);
	CHECK(series_times(cx, "FREQ=YEARLY;COUNT=9", in.starts_at, cx->zone, &at, &count) ==
		ERR_INVALID);
	CHECK(series_times(cx, "FREQ=MONTHLY;UNTIL=20270228", in.starts_at, cx->zone, &at,
		      &count) == OK);
	CHECK_INT(count, 4);
	in.rrule = "every tuesday";
	cx->bad_count = 0;
	CHECK(agenda_book(cx, &in, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "rrule"));
}

TEST(one_of_a_repetition_may_go_its_own_way)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = weekly(cx, &c, "FREQ=WEEKLY;COUNT=3");
	Booking in = { .starts_at = when("2026-11-24T15:00") };

	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	CHECK_TEXT(story(cx), "24/11 15:00, 01/12 10:00, 08/12 10:00");
	CHECK(agenda_cancel(cx, id, true, NULL, SCOPE_ONE) == OK);
	CHECK_TEXT(story(cx), "01/12 10:00, 08/12 10:00");
}

TEST(a_visit_moves_with_those_that_follow_and_back_in_one_go)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = weekly(cx, &c, "FREQ=WEEKLY;COUNT=4");
	Appointment *list;
	size_t count;
	Booking in = { 0 };

	CHECK(agenda_list(cx,
		      &(AgendaQuery){
			      .from = when("2026-12-01T00:00"), .to = when("2026-12-02T00:00") },
		      &list, &count) == OK);
	/* a week later: each lands where the next one stood */
	in.starts_at = when("2026-12-08T10:00");
	CHECK(agenda_move(cx, (AppointmentId){ list[0].id }, &in, SCOPE_FOLLOWING) == OK);
	CHECK_TEXT(story(cx), "24/11 10:00, 08/12 10:00, 15/12 10:00, 22/12 10:00");
	CHECK(agenda_undo(cx, (AppointmentId){ list[0].id }) == OK);
	CHECK_TEXT(story(cx), "24/11 10:00, 01/12 10:00, 08/12 10:00, 15/12 10:00");
	/* and earlier, on another weekday */
	in.starts_at = when("2026-11-30T16:30");
	CHECK(agenda_move(cx, (AppointmentId){ list[0].id }, &in, SCOPE_FOLLOWING) == OK);
	CHECK_TEXT(story(cx), "24/11 10:00, 30/11 16:30, 07/12 16:30, 14/12 16:30");
	CHECK(visit(cx, id.v).series_id == visit(cx, list[0].id).series_id);
}

TEST(a_move_of_many_that_meets_another_visit_moves_none)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = weekly(cx, &c, "FREQ=WEEKLY;COUNT=3");
	Booking in = { .starts_at = when("2026-11-24T14:00") };

	(void)booked(cx, &c, "2026-12-08T14:00");
	CHECK(agenda_move(cx, id, &in, SCOPE_FOLLOWING) == ERR_CONFLICT);
	CHECK_TEXT(story(cx), "24/11 10:00, 01/12 10:00, 08/12 10:00, 08/12 14:00");
}

TEST(the_rest_of_a_repetition_is_cancelled_and_comes_back_together)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = weekly(cx, &c, "FREQ=WEEKLY;COUNT=3");

	CHECK(agenda_cancel(cx, id, true, "mudou de cidade", SCOPE_FOLLOWING) == OK);
	CHECK_TEXT(story(cx), "");
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_TEXT(story(cx), "24/11 10:00, 01/12 10:00, 08/12 10:00");
}

TEST(a_repetition_keeps_its_hour_when_the_clock_changes)
{
	int64_t *at, from;
	size_t count;

	CHECK(time_parse("2026-10-27T10:00", "America/New_York", &from));
	CHECK(series_times(cx, "FREQ=WEEKLY;COUNT=2", from, "America/New_York", &at, &count) == OK);
	CHECK_INT(at[1] - at[0], WEEK_S + HOUR_S);
	CHECK_TEXT(time_text_hm(cx->mem, at[1], "America/New_York"), "10:00");
}

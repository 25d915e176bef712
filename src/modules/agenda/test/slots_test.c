#include "test.h"

#include "agenda_fixture.h"
#include "core/clock.h"
#include "platform/db/db.h"
#include "test_db.h"

static SlotQuery tuesday(const Clinic *c)
{
	return (SlotQuery){ .from = when("2026-11-24T00:00"),
		.to = when("2026-11-25T00:00"),
		.visit_type_id = c->type,
		.dentist_id = c->ianara,
		.limit = 500 };
}

/* "08:00 08:15 …" of what is found. */
static const char *found(Ctx *cx, const SlotQuery *in)
{
	Slot *slot = NULL;
	size_t count = 0;
	Buf buf;

	buf_init(&buf, cx->mem, 10000);
	if (agenda_find_slots(cx, in, &slot, &count) != OK)
		return "refused";
	for (size_t i = 0; i < count; i++)
		buf_printf(&buf, "%s%s", i ? " " : "", hm(cx, slot[i].starts_at));
	return buf_text(&buf);
}

static size_t count_of(Ctx *cx, const SlotQuery *in)
{
	Slot *slot;
	size_t count = 0;

	CHECK(agenda_find_slots(cx, in, &slot, &count) == OK);
	return count;
}

TEST(an_empty_day_is_free_from_the_first_to_the_last_time_that_fits)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	in.step_minutes = 60;
	CHECK_TEXT(found(cx, &in), "08:00 09:00 10:00 11:00 13:00 14:00 15:00 16:00 17:00");
	in.minutes = 90;
	CHECK_TEXT(found(cx, &in), "08:00 09:00 10:00 13:00 14:00 15:00 16:00");
	in.minutes = 0;
	in.step_minutes = 15;
	CHECK_INT(count_of(cx, &in), 15 + 19);
}

TEST(visits_with_their_buffers_are_taken_out)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	(void)booked(cx, &c, "2026-11-24T09:00");
	in.to_minute = 720;
	CHECK_TEXT(found(cx, &in),
		"08:00 08:15 08:30 09:30 09:45 10:00 10:15 10:30 10:45 11:00 11:15 11:30");
	clinic_sql(cx,
		"update agenda.dentist set buffer_minutes = 15; update agenda.appointment set "
		"busy_to = ends_at + interval '15 minutes'");
	CHECK_TEXT(found(cx, &in), "08:00 08:15 09:45 10:00 10:15 10:30 10:45 11:00 11:15 11:30");
}

TEST(blocks_and_holidays_are_not_free)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	in.step_minutes = 60;
	clinic_sql(cx,
		"insert into agenda.block (company_id, user_id, kind, visit_types, starts_at, "
		"ends_at) values "
		"(1, null, 'meeting', '{}', '2026-11-24 08:00-03', '2026-11-24 10:00-03'), "
		"(1, %" PRId64 ", 'reserved', '{%" PRId64
		"}', '2026-11-24 13:00-03', '2026-11-24 17:00-03')",
		c.ianara, c.long_type);
	CHECK_TEXT(found(cx, &in), "10:00 11:00 17:00");
	in.visit_type_id = c.long_type; /* 90 minutes */
	CHECK_TEXT(found(cx, &in), "10:00 13:00 14:00 15:00 16:00");
	in.from = when("2026-12-25T00:00");
	in.to = when("2026-12-26T00:00");
	CHECK_TEXT(found(cx, &in), "");
}

TEST(time_that_is_past_is_not_offered)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	in.step_minutes = 60;
	cx->now = when("2026-11-24T14:05");
	CHECK_TEXT(found(cx, &in), "15:00 16:00 17:00");
}

TEST(weekdays_and_hours_narrow_the_search)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	in.to = in.from + 14 * DAY_S;
	in.step_minutes = 60;
	in.weekdays = 1u << 3; /* Thursday */
	in.from_minute = 840;
	in.to_minute = 960;
	CHECK_TEXT(found(cx, &in), "14:00 15:00 14:00 15:00");
	in.dentist_id = 0;
	CHECK_INT(count_of(cx, &in), 8);
	in.limit = 3;
	CHECK_INT(count_of(cx, &in), 3);
}

TEST(slots_of_all_dentists_come_by_time)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);
	Slot *slot;
	size_t count;

	in.dentist_id = 0;
	CHECK(agenda_find_slots(cx, &in, &slot, &count) == OK);
	CHECK_INT(count, 68);
	for (size_t i = 1; i < count; i++)
		CHECK(slot[i].starts_at >= slot[i - 1].starts_at);
	CHECK(slot[0].dentist_id != slot[1].dentist_id);
	CHECK_INT(slot[0].branch_id, c.branch);
}

TEST(the_usual_chair_is_named_while_it_is_free_and_a_chair_may_be_asked_for)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);
	Booking other = booking(&c, "2026-11-24T08:00");
	AppointmentId id;
	Slot *slot;
	size_t count;

	other.dentist_id = c.marcelo; /* in Ianara's chair */
	other.chair_id = c.chair;
	CHECK(agenda_book(cx, &other, &id) == OK);
	in.step_minutes = 30;
	CHECK(agenda_find_slots(cx, &in, &slot, &count) == OK);
	CHECK_TEXT(hm(cx, slot[0].starts_at), "08:00");
	CHECK_INT(slot[0].chair_id, 0); /* chosen late */
	CHECK_INT(slot[1].chair_id, c.chair);
	in.chair_id = c.chair;
	CHECK(agenda_find_slots(cx, &in, &slot, &count) == OK);
	CHECK_TEXT(hm(cx, slot[0].starts_at), "08:30");
	in.chair_id = 999999;
	CHECK(agenda_find_slots(cx, &in, &slot, &count) == ERR_INVALID);
}

TEST(in_another_branch_the_usual_chair_is_not_there)
{
	Clinic c = clinic_start(cx);
	AppointmentId id;
	Booking in = booking(&c, "2026-11-28T09:00");
	SlotQuery ask;
	size_t count;
	Slot *slot;

	clinic_sql(cx, "insert into company.branch (company_id, name) values (%" PRId64 ", 'Sul')",
		cx->company.v);
	clinic_sql(cx,
		"insert into agenda.shift (company_id, user_id, branch_id, weekday, from_minute, "
		"to_minute) select company_id, %" PRId64
		", id, 6, 480, 720 from company.branch where name = 'Sul'",
		c.ianara);
	ask = (SlotQuery){ .from = when("2026-11-28T00:00"),
		.to = when("2026-11-29T00:00"),
		.dentist_id = c.ianara,
		.minutes = 30 };
	CHECK(agenda_find_slots(cx, &ask, &slot, &count) == OK);
	CHECK(count > 0);
	CHECK_INT(slot[0].chair_id, 0);
	CHECK(slot[0].branch_id != c.branch);
	in.starts_at = slot[0].starts_at;
	in.chair_id = slot[0].chair_id;
	in.branch_id = slot[0].branch_id;
	CHECK(agenda_book(cx, &in, &id) == OK);
}

TEST(a_chair_out_of_use_is_chosen_late_and_keeps_nobody_from_coming)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);
	AppointmentId id;
	Booking booked;
	size_t count;
	Slot *slot;

	clinic_sql(cx, "update agenda.chair set active = false where id = %" PRId64, c.chair);
	in.limit = 1;
	CHECK(agenda_find_slots(cx, &in, &slot, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(slot[0].chair_id, 0);
	booked = (Booking){ .dentist_id = c.ianara,
		.branch_id = slot[0].branch_id,
		.chair_id = slot[0].chair_id,
		.visit_type_id = c.type,
		.starts_at = slot[0].starts_at };
	CHECK(agenda_hold(cx, &booked, cx->now + 600, &id) == OK);
	clinic_sql(cx, "update agenda.shift set chair_id = %" PRId64 " where user_id = %" PRId64,
		c.chair, c.ianara);
	CHECK(agenda_find_slots(cx, &in, &slot, &count) == OK);
	CHECK_INT(slot[0].chair_id, 0);
}

TEST(a_visit_whose_type_is_no_longer_offered_may_still_move)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	clinic_sql(cx, "update agenda.visit_type set active = false where id = %" PRId64, c.type);
	in.limit = 2;
	CHECK_TEXT(found(cx, &in), "refused"); /* a new one */
	in.minutes = 45;
	CHECK_TEXT(found(cx, &in), "08:00 08:15");
}

TEST(who_no_longer_attends_or_left_the_clinic_has_no_hours)
{
	static const char *const left[] = { "agenda.dentist", "account.member" };
	Clinic c = clinic_start(cx);
	size_t count;
	Opening *list;

	for (size_t i = 0; i < COUNT(left); i++) {
		clinic_sql(cx, "update %s set active = false where user_id = %" PRId64, left[i],
			c.ianara);
		CHECK(agenda_list_openings(cx, when("2026-11-24T00:00"), when("2026-11-25T00:00"),
			      c.branch, &list, &count) == OK);
		CHECK_INT(count, 2); /* those of the other dentist */
		CHECK_INT(list[0].dentist_id, c.marcelo);
		CHECK_INT(list[0].chair_id, c.chair2);
		clinic_sql(cx, "update %s set active = true where user_id = %" PRId64, left[i],
			c.ianara);
	}
}

TEST(a_hold_counts_while_it_stands)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);
	Booking hold = booking(&c, "2026-11-24T08:00");
	AppointmentId id;

	in.step_minutes = 60;
	in.to_minute = 720;
	CHECK(agenda_hold(cx, &hold, cx->now + 600, &id) == OK);
	CHECK_TEXT(found(cx, &in), "09:00 10:00 11:00");
	cx->now += 601;
	CHECK_TEXT(found(cx, &in), "08:00 09:00 10:00 11:00");
}

TEST(the_public_page_has_its_own_people_types_notice_and_horizon)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	in.online = true;
	in.step_minutes = 60;
	CHECK_TEXT(found(cx, &in), ""); /* no dentist is on it */
	clinic_sql(
		cx, "update agenda.dentist set online = true where user_id = %" PRId64, c.ianara);
	CHECK_TEXT(found(cx, &in), "08:00 09:00 10:00 11:00 13:00 14:00 15:00 16:00 17:00");
	clinic_sql(cx, "update agenda.rule set notice_minutes = 2940"); /* 49 hours from 9:00 */
	CHECK_TEXT(found(cx, &in), "10:00 11:00 13:00 14:00 15:00 16:00 17:00");
	clinic_sql(cx, "update agenda.rule set horizon_days = 1");
	CHECK_TEXT(found(cx, &in), "");
	in.visit_type_id = c.long_type; /* not offered online */
	clinic_sql(cx, "update agenda.rule set notice_minutes = 0, horizon_days = 60");
	CHECK_TEXT(found(cx, &in), "refused");
}

TEST(every_other_week_counts_from_the_first_day_of_the_shift)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	clinic_sql(cx, "update agenda.shift set every = 2, valid_from = '2026-11-25', valid_to = "
		       "'2026-12-31'");
	in.step_minutes = 60;
	in.to_minute = 540;
	in.to = when("2027-02-01T00:00");
	in.weekdays = 1u << 2; /* Wednesdays: 25 Nov, 9 and 23 Dec; valid no longer in January */
	CHECK_TEXT(found(cx, &in), "08:00 08:00 08:00");
}

TEST(more_than_120_days_is_too_much_to_ask)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);

	in.to = in.from + 121 * DAY_S;
	CHECK_TEXT(found(cx, &in), "refused");
	CHECK(bad_find(cx, "to"));
}

TEST(what_the_search_offers_can_be_booked_and_nothing_else)
{
	Clinic c = clinic_start(cx);
	SlotQuery in = tuesday(&c);
	Booking want = booking(&c, "2026-11-24T08:00");
	Slot *slot;
	size_t count, fits = 0;

	(void)booked(cx, &c, "2026-11-24T09:10");
	(void)booked(cx, &c, "2026-11-24T14:45");
	in.step_minutes = 5;
	CHECK(agenda_find_slots(cx, &in, &slot, &count) == OK);
	want.patient_id = c.bia;
	for (int64_t at = in.from; at < in.to; at += 300) {
		bool offered = fits < count && slot[fits].starts_at == at;
		AppointmentId id;

		fits += offered;
		want.starts_at = at;
		cx->bad_count = 0;
		CHECK(agenda_book(cx, &want, &id) == (offered ? OK : ERR_CONFLICT));
		if (offered)
			CHECK(agenda_cancel(cx, id, false, NULL, SCOPE_ONE) == OK);
	}
	CHECK_INT(fits, count);
}

TEST(after_a_refusal_the_nearest_free_times_are_known)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");
	Slot *slot;
	size_t count;

	(void)booked(cx, &c, "2026-11-24T10:00");
	CHECK(agenda_nearest(cx, &in, 3, &slot, &count) == OK);
	CHECK_INT(count, 3);
	CHECK_TEXT(hm(cx, slot[0].starts_at), "09:30");
	CHECK_TEXT(hm(cx, slot[1].starts_at), "10:30");
	CHECK_TEXT(hm(cx, slot[2].starts_at), "09:15");
	/* far from any shift it looks further */
	in.starts_at = when("2026-11-28T10:00"); /* a Saturday */
	CHECK(agenda_nearest(cx, &in, 2, &slot, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(date_text(cx->mem, date_today(slot[0].starts_at, cx->zone)), "27/11/2026");
}

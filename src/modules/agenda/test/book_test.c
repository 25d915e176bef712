#include "test.h"

#include "agenda_fixture.h"
#include "core/clock.h"
#include "modules/audit/audit.h"
#include "platform/db/db.h"
#include "test_db.h"

static Err book(Ctx *cx, const Booking *in)
{
	AppointmentId id;

	return agenda_book(cx, in, &id);
}

TEST(a_visit_takes_as_long_as_its_type_and_knows_whom_it_is_for)
{
	Clinic c = clinic_start(cx);
	Appointment v = visit(cx, booked(cx, &c, "2026-11-24T10:00"));

	CHECK_TEXT(hm(cx, v.ends_at), "10:30");
	CHECK_TEXT(v.patient_name, "Ana Paula Dias");
	CHECK_TEXT(v.dentist_name, "Dra. Ianara Pinho");
	CHECK_TEXT(v.visit_type, "Avaliação");
	CHECK_TEXT(presence_name(v.presence), "scheduled");
	CHECK_TEXT(confirmation_name(v.confirmation), "not_sent");
	CHECK_INT(v.branch_id, c.branch);
	CHECK_INT(v.chair_id, 0);
	CHECK_INT(v.version, 1);
	CHECK_INT(v.no_show_permille, -1);
}

TEST(a_dentist_is_not_booked_twice_and_the_sentence_says_when)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:15");

	(void)booked(cx, &c, "2026-11-24T10:00");
	in.patient_id = c.bia;
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Dra. Ianara Pinho já tem consulta das 10:00 às 10:30.");
	CHECK_TEXT(bad_find(cx, "starts_at"), cx->err.sentence);
	/* half-open: who ends at 10:30 leaves 10:30 free */
	in.starts_at = when("2026-11-24T10:30");
	CHECK(book(cx, &in) == OK);
	in.starts_at = when("2026-11-24T09:30");
	CHECK(book(cx, &in) == OK);
}

TEST(a_chair_is_not_booked_twice)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");

	in.chair_id = c.chair;
	CHECK(book(cx, &in) == OK);
	in.dentist_id = c.marcelo;
	in.patient_id = c.bia;
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Sala 1 já está em uso das 10:00 às 10:30.");
	in.chair_id = 0;
	CHECK(book(cx, &in) == OK);
}

TEST(an_encaixe_overlaps_what_it_likes)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");

	(void)booked(cx, &c, "2026-11-24T10:00");
	in.patient_id = c.bia;
	in.encaixe = true;
	CHECK(book(cx, &in) == OK);
	/* and stands in nobody's way */
	in.encaixe = false;
	in.starts_at = when("2026-11-24T10:30");
	CHECK(book(cx, &in) == OK);
}

TEST(outside_the_hours_a_booking_must_be_meant)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T12:15"); /* lunch */

	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Dra. Ianara Pinho não atende em ter, 24 nov, 12:15.");
	in.starts_at = when("2026-11-24T11:45"); /* would run into lunch */
	CHECK(book(cx, &in) == ERR_CONFLICT);
	in.starts_at = when("2026-11-22T10:00"); /* Sunday */
	CHECK(book(cx, &in) == ERR_CONFLICT);
	in.outside_hours = true;
	CHECK(book(cx, &in) == OK);
}

TEST(outside_the_hours_a_dentist_is_where_they_usually_work)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-28T10:00"); /* a Saturday */
	AppointmentId id;

	clinic_sql(cx,
		"with b as (insert into company.branch (company_id, name) values (%" PRId64
		", 'Norte') returning id) update agenda.shift set branch_id = b.id from b "
		"where user_id = %" PRId64,
		cx->company.v, c.ianara);
	in.outside_hours = true;
	CHECK(agenda_book(cx, &in, &id) == OK);
	CHECK(visit(cx, id.v).branch_id != c.branch);
}

TEST(a_holiday_is_closed_unless_the_clinic_works_on_it)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-12-25T10:00"); /* a Friday */

	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "25/12/2026 é feriado: Natal.");
	clinic_sql(cx, "insert into agenda.holiday (company_id, on_date, name, works) values (1, "
		       "'2026-12-25', 'Natal', true)");
	CHECK(book(cx, &in) == OK);
	/* a local one, each year */
	clinic_sql(cx, "insert into agenda.holiday (company_id, on_date, name, yearly) values (1, "
		       "'2020-12-08', 'Padroeira', true)");
	in.starts_at = when("2026-12-08T10:00");
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "08/12/2026 é feriado: Padroeira.");
}

TEST(a_shift_opened_for_the_date_is_not_closed_by_a_holiday)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-12-25T10:00");

	clinic_sql(cx,
		"delete from agenda.shift; insert into agenda.extra_shift (company_id, user_id, "
		"branch_id, starts_at, "
		"ends_at) values (1, %" PRId64 ", %" PRId64
		", '2026-12-25 08:00-03', '2026-12-25 12:00-03')",
		c.ianara, c.branch);
	CHECK(book(cx, &in) == OK);
}

TEST(a_block_closes_and_reserved_time_is_for_its_types)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");

	clinic_sql(cx,
		"insert into agenda.block (company_id, user_id, kind, title, visit_types, "
		"starts_at, ends_at) values "
		"(1, null, 'meeting', 'Equipe', '{}', '2026-11-24 10:00-03', '2026-11-24 "
		"11:00-03'), "
		"(1, %" PRId64 ", 'reserved', '', '{%" PRId64
		"}', '2026-11-24 14:00-03', '2026-11-24 16:00-03')",
		c.ianara, c.long_type);
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "O horário está bloqueado (reunião: Equipe).");
	in.starts_at = when("2026-11-24T14:00");
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence,
		"O horário das 14:00 às 16:00 é reservado a outros tipos de consulta.");
	in.visit_type_id = c.long_type;
	CHECK(book(cx, &in) == OK);
	/* another dentist's time is not touched by Ianara's block */
	in = booking(&c, "2026-11-24T14:00");
	in.dentist_id = c.marcelo;
	CHECK(book(cx, &in) == OK);
}

TEST(the_buffer_after_a_visit_keeps_the_next_one_away)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:30");

	clinic_sql(cx, "update agenda.dentist set buffer_minutes = 10");
	CHECK_TEXT(hm(cx, visit(cx, booked(cx, &c, "2026-11-24T10:00")).busy_to), "10:40");
	in.patient_id = c.bia;
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Dra. Ianara Pinho já tem consulta das 10:00 às 10:40.");
	/* and its own buffer must fit before the next */
	in.starts_at = when("2026-11-24T09:25");
	CHECK(book(cx, &in) == ERR_CONFLICT);
	in.starts_at = when("2026-11-24T09:20");
	CHECK(book(cx, &in) == OK);
}

TEST(a_type_takes_as_long_as_this_dentist_needs_and_may_not_be_offered)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");
	int minutes;

	clinic_sql(cx,
		"insert into agenda.visit_type_dentist (company_id, visit_type_id, user_id, "
		"minutes, offered) values "
		"(1, %" PRId64 ", %" PRId64 ", 45, true), (1, %" PRId64 ", %" PRId64
		", null, false)",
		c.type, c.ianara, c.type, c.marcelo);
	CHECK(agenda_minutes(cx, c.type, c.ianara, &minutes) == OK);
	CHECK_INT(minutes, 45);
	CHECK_TEXT(hm(cx, visit(cx, booked(cx, &c, "2026-11-24T10:00")).ends_at), "10:45");
	in.dentist_id = c.marcelo;
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Dra. Marcelo Tavares não faz Avaliação.");
	CHECK(agenda_minutes(cx, c.type, c.marcelo, &minutes) == ERR_CONFLICT);
	CHECK(agenda_minutes(cx, 999999, c.ianara, &minutes) == ERR_NOT_FOUND);
}

TEST(what_is_named_must_be_there)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");
	AppointmentId id;

#define REFUSED(field_name)                                                                        \
	CHECK(agenda_book(cx, &in, &id) == ERR_INVALID);                                           \
	CHECK(bad_find(cx, field_name));                                                           \
	cx->bad_count = 0;                                                                         \
	in = booking(&c, "2026-11-24T10:00")
	in.dentist_id = 999999;
	REFUSED("dentist_id");
	in.patient_id = 999999;
	REFUSED("patient_id");
	in.patient_id = 0;
	REFUSED("patient_id");
	in.visit_type_id = 999999;
	REFUSED("visit_type_id");
	in.chair_id = 999999;
	REFUSED("chair_id");
	in.branch_id = 999999;
	REFUSED("branch_id");
	in.starts_at = 0;
	REFUSED("starts_at");
	in.ends_at = in.starts_at;
	REFUSED("ends_at");
	in.ends_at = in.starts_at + 25 * HOUR_S;
	REFUSED("ends_at");
#undef REFUSED
}

TEST(another_clinic_neither_sees_nor_hinders)
{
	Clinic c = clinic_start(cx), other;
	int64_t id = booked(cx, &c, "2026-11-24T10:00");
	Booking in = booking(&c, "2026-11-24T11:00");
	Appointment v;

	test_as_company(cx, 2);
	CHECK(agenda_get(cx, (AppointmentId){ id }, &v) == ERR_NOT_FOUND);
	CHECK(agenda_set_presence(cx, (AppointmentId){ id }, PRESENCE_ARRIVED, 0) == ERR_NOT_FOUND);
	CHECK(agenda_cancel(cx, (AppointmentId){ id }, false, NULL, SCOPE_ONE) == ERR_NOT_FOUND);
	CHECK(agenda_undo(cx, (AppointmentId){ id }) == ERR_NOT_FOUND);
	CHECK(book(cx, &in) == ERR_INVALID); /* a dentist and a patient of the other */
	CHECK(bad_find(cx, "dentist_id"));
	other = (Clinic){ 0 };
	(void)other;
}

TEST(a_booking_is_written_down_told_and_counted)
{
	Clinic c = clinic_start(cx);
	int64_t id = booked(cx, &c, "2026-11-24T10:00");
	AgendaChange *change;
	PatientHead head;
	Event *event;
	size_t count;

	CHECK(agenda_list_changes(cx, (AppointmentId){ id }, &change, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(change[0].axis, "made");
	CHECK_TEXT(change[0].user_name, "Ianara Pinho");
	CHECK(!change[0].by_patient);
	CHECK(audit_list_events(cx, "patient", c.ana, 0, 0, 10, &event, &count) == OK);
	CHECK_TEXT(event[0].kind, "appointment.booked");
	CHECK_TEXT(
		event[0].title, "Consulta marcada para ter, 24 nov, 10:00 com Dra. Ianara Pinho");
	CHECK(patient_head_ask(cx, (PatientId){ c.ana }) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	CHECK_INT(head.next_visit, when("2026-11-24T10:00"));
	CHECK_INT(head.visits, 0);
}

TEST(a_slot_that_the_public_page_kept_too_long_is_free_again)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");
	AppointmentId hold;

	CHECK(agenda_hold(cx, &in, cx->now + 600, &hold) == OK);
	CHECK(book(cx, &in) == ERR_CONFLICT);
	cx->now += 601;
	CHECK(book(cx, &in) == OK);
	CHECK(agenda_take_hold(cx, hold, &in) == ERR_NOT_FOUND);
}

TEST(a_hold_becomes_the_visit_of_who_asked_for_it)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");
	Appointment *list;
	AppointmentId hold;
	size_t count;

	CHECK(agenda_hold(cx, &in, cx->now + 600, &hold) == OK);
	CHECK(agenda_list(cx,
		      &(AgendaQuery){
			      .from = when("2026-11-24T00:00"), .to = when("2026-11-25T00:00") },
		      &list, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(agenda_take_hold(cx, hold, &in) == OK);
	CHECK_TEXT(visit(cx, hold.v).origin, "public");
	CHECK_TEXT(visit(cx, hold.v).patient_name, "Ana Paula Dias");
	CHECK(agenda_take_hold(cx, hold, &in) == ERR_CONFLICT);
}

TEST(a_visit_may_begin_at_midnight_and_go_across_it)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-25T00:00");
	Appointment *list;
	AppointmentId id;
	size_t count;

	clinic_sql(cx,
		"insert into agenda.shift (company_id, user_id, branch_id, weekday, from_minute, "
		"to_minute) values "
		"(1, %" PRId64 ", %" PRId64 ", 2, 1200, 1440), (1, %" PRId64 ", %" PRId64
		", 3, 0, 120)",
		c.ianara, c.branch, c.ianara, c.branch);
	CHECK(agenda_book(cx, &in, &id) == OK); /* Wednesday 0:00 */
	in.starts_at = when("2026-11-24T23:30");
	in.ends_at = when("2026-11-25T00:15");
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Dra. Ianara Pinho já tem consulta das 00:00 às 00:30.");
	CHECK(agenda_cancel(cx, id, false, NULL, SCOPE_ONE) == OK);
	CHECK(agenda_book(cx, &in, &id) == OK); /* two shifts that touch are one stretch */
	CHECK(agenda_list(cx,
		      &(AgendaQuery){
			      .from = when("2026-11-25T00:00"), .to = when("2026-11-26T00:00") },
		      &list, &count) == OK);
	CHECK_INT(count, 1); /* it touches the second day too */
	CHECK_TEXT(list[0].dentist_name, "Dra. Ianara Pinho");
	CHECK_TEXT(list[0].visit_type, "Avaliação");
	CHECK_TEXT(list[0].chair_name, NULL);
	CHECK(agenda_list(cx,
		      &(AgendaQuery){ .from = when("2026-11-24T00:00"),
			      .to = when("2026-11-25T00:00"),
			      .cancelled = true },
		      &list, &count) == OK);
	CHECK_INT(count, 1);
}

TEST(hours_are_meant_in_the_zone_of_the_branch)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T08:30"); /* 7:30 in Manaus */

	clinic_sql(cx, "update company.branch set zone = 'America/Manaus'");
	CHECK(book(cx, &in) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Dra. Ianara Pinho não atende em ter, 24 nov, 07:30.");
	in.starts_at = when("2026-11-24T09:00");
	CHECK(book(cx, &in) == OK);
	in.starts_at = when("2026-11-24T18:30"); /* 17:30 there */
	CHECK(book(cx, &in) == OK);
}

TEST(on_the_day_the_clock_changes_hours_are_those_on_the_wall)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T10:00");
	Opening *opening;
	size_t count;

	/* New York went back on Sunday, 1 November 2026, at 2:00 */
	clinic_sql(cx, "update company.branch set zone = 'America/New_York'; update agenda.shift "
		       "set weekday = 7 "
		       "where weekday = 1");
	CHECK(time_parse("2026-11-01T08:00", "America/New_York", &in.starts_at));
	CHECK(agenda_list_openings(
		      cx, in.starts_at, in.starts_at + 4 * HOUR_S, 0, &opening, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_INT(opening[0].from, in.starts_at);
	CHECK_INT(opening[0].to - opening[0].from, 4 * HOUR_S);
	CHECK(book(cx, &in) == OK);
}

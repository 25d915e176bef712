#include "test.h"

#include "agenda_fixture.h"
#include "core/clock.h"
#include "modules/agenda/booking.h"
#include "modules/agenda/doors_rooms.h"
#include "modules/agenda/slot_text.h"
#include "modules/agenda/visit_link.h"
#include "platform/auth/key.h"
#include "platform/mail/mail.h"
#include "test_db.h"

static Clinic start(Ctx *cx)
{
	Clinic c = clinic_start(cx);

	CHECK(auth_set_secret("a-test-secret-of-more-than-32-characters", NULL));
	clinic_sql(cx,
		"insert into company.domain (company_id, host, main) values (%" PRId64
		", 'marcar.test', true) on conflict do nothing",
		cx->company.v);
	clinic_sql(cx,
		"update agenda.rule set online = true, step_minutes = 30, notice_minutes = 120, "
		"cancel_minutes = 1440");
	clinic_sql(
		cx, "update agenda.dentist set online = true where user_id = %" PRId64, c.ianara);
	clinic_sql(cx, "update agenda.visit_type set online = true where id = %" PRId64, c.type);
	cx->user = (UserId){ 0 };
	cx->peer = "192.0.2.7";
	return c;
}

static Slot slot(const Clinic *c, const char *from)
{
	return (Slot){ .starts_at = when(from), .dentist_id = c->ianara, .branch_id = c->branch };
}

static Err hold(Ctx *cx, const Clinic *c, const char *from, const char **token)
{
	Slot in = slot(c, from);

	return booking_hold(cx, c->type, &in, false, token);
}

static const PersonForm maria = { "Maria das Dores", "+5511977776666", "maria@exemplo.test" };

/* The code of the last letter. */
static const char *code_sent(Ctx *cx)
{
	MailItem *item;
	size_t count;

	CHECK(mail_list(cx, 0, 1, &item, &count) == OK);
	CHECK_INT(count, 1);
	return count ? str_head(cx->mem, item[0].subject, 6) : "";
}

static AppointmentId confirmed(Ctx *cx, const char *token)
{
	CodeVerdict verdict = CODE_WRONG;
	const char *link = "";
	SqlOnlineRow online = { 0 };

	CHECK(booking_ask_code(cx, token, &maria) == OK);
	CHECK(booking_confirm(cx, token, code_sent(cx), &verdict, &link) == OK);
	CHECK_INT(verdict, CODE_RIGHT);
	CHECK(booking_get(cx, token, &online) == OK);
	CHECK_TEXT(online.state, "booked");
	return (AppointmentId){ online.appointment_id };
}

TEST(a_slot_that_is_picked_is_held_and_the_code_makes_it_a_visit)
{
	Clinic c = start(cx);
	const char *token = "";
	Appointment v;
	Patient patient;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	v = visit(cx, confirmed(cx, token).v);
	CHECK_TEXT(v.origin, "public");
	CHECK_INT(v.presence, PRESENCE_SCHEDULED);
	CHECK_TEXT(v.patient_name, "Maria das Dores");
	CHECK(patient_get(cx, (PatientId){ v.patient_id }, &patient) == OK);
	CHECK_TEXT(patient.phone, "+5511977776666");
}

TEST(a_held_slot_is_nobody_elses_until_the_ten_minutes_are_over)
{
	Clinic c = start(cx);
	const char *token, *other;
	SqlOnlineRow online;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	CHECK(hold(cx, &c, "2026-11-24T10:00", &other) == ERR_CONFLICT);
	CHECK(booking_get(cx, token, &online) == OK);
	CHECK(booking_is_held(cx, &online));
	cx->now += HOLD_S + 1;
	CHECK(!booking_is_held(cx, &online));
	CHECK(hold_expire_run(cx, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", online.id)) == OK);
	CHECK(booking_get(cx, token, &online) == OK);
	CHECK_TEXT(online.state, "given_back");
	CHECK(hold(cx, &c, "2026-11-24T10:00", &other) == OK);
}

TEST(a_code_that_arrives_late_still_books_when_the_slot_is_free)
{
	Clinic c = start(cx);
	CodeVerdict verdict;
	const char *token = "", *link, *code;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	CHECK(booking_ask_code(cx, token, &maria) == OK);
	code = code_sent(cx);
	cx->now += HOLD_S + 60;
	CHECK(booking_confirm(cx, token, code, &verdict, &link) == OK);
	CHECK_INT(verdict, CODE_RIGHT);
}

TEST(a_slot_that_somebody_took_meanwhile_is_a_conflict)
{
	Clinic c = start(cx);
	CodeVerdict verdict;
	const char *token = "", *link, *code;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	CHECK(booking_ask_code(cx, token, &maria) == OK);
	code = code_sent(cx);
	cx->now += HOLD_S + 60;
	(void)booked(cx, &c, "2026-11-24T10:00");
	CHECK(booking_confirm(cx, token, code, &verdict, &link) == ERR_CONFLICT);
}

TEST(a_code_may_be_tried_five_times_and_lives_fifteen_minutes)
{
	Clinic c = start(cx);
	CodeVerdict verdict;
	const char *token = "", *link, *code;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	CHECK(booking_ask_code(cx, token, &maria) == OK);
	code = code_sent(cx);
	for (int i = 1; i <= CODE_TRIES; i++) {
		CHECK(booking_confirm(cx, token, "12345x", &verdict, &link) == OK);
		CHECK_INT(verdict, i < CODE_TRIES ? CODE_WRONG : CODE_SPENT);
	}
	CHECK(booking_confirm(cx, token, code, &verdict, &link) == OK);
	CHECK_INT(verdict, CODE_SPENT);
	cx->now += CODE_AGAIN_S;
	CHECK(booking_ask_code(cx, token, &maria) == OK);
	code = code_sent(cx);
	cx->now += CODE_S + 1;
	CHECK(booking_confirm(cx, token, code, &verdict, &link) == OK);
	CHECK_INT(verdict, CODE_OLD);
}

TEST(only_what_the_page_shows_can_be_picked)
{
	Clinic c = start(cx);
	const char *token;

	CHECK(hold(cx, &c, "2026-11-24T10:10", &token) == ERR_CONFLICT); /* off the grid */
	CHECK(hold(cx, &c, "2026-11-24T12:00", &token) == ERR_CONFLICT); /* lunch */
	CHECK(hold(cx, &c, "2027-06-24T10:00", &token) == ERR_CONFLICT); /* beyond the horizon */
	CHECK(hold(cx, &c, "2026-11-20T10:00", &token) == ERR_CONFLICT); /* past */
	clinic_sql(cx, "update agenda.dentist set online = false");
	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == ERR_CONFLICT);
	clinic_sql(cx, "update agenda.dentist set online = true");
	clinic_sql(cx, "update agenda.rule set online = false");
	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == ERR_CONFLICT);
}

TEST(of_several_branches_only_those_with_somebody_online_are_offered)
{
	Clinic c = start(cx);
	SqlBookingBranches *branch;
	SqlBookingDentists *dentist;
	size_t count;

	clinic_sql(cx,
		"insert into company.branch (company_id, name) values (%" PRId64
		", 'Norte'), (%" PRId64 ", 'Sul')",
		cx->company.v, cx->company.v);
	CHECK(sql_booking_branches(cx, c.type, &branch, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(branch[0].name, "Centro");
	/* Saturdays she is in the south; who works in the north is not online */
	clinic_sql(cx,
		"insert into agenda.shift (company_id, user_id, branch_id, weekday, from_minute, "
		"to_minute) select company_id, %" PRId64
		", id, 6, 480, 720 from company.branch where name = 'Sul'",
		c.ianara);
	clinic_sql(cx,
		"insert into agenda.shift (company_id, user_id, branch_id, weekday, from_minute, "
		"to_minute) select company_id, %" PRId64
		", id, 6, 480, 720 from company.branch where name = 'Norte'",
		c.marcelo);
	CHECK(sql_booking_branches(cx, c.type, &branch, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(branch[1].name, "Sul");
	CHECK(sql_booking_dentists(cx, c.type, branch[1].id, &dentist, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(dentist[0].user_id, c.ianara);
	c.branch = branch[1].id;
	CHECK_INT(hold(cx, &c, "2026-11-24T10:00", &(const char *){ NULL }), ERR_CONFLICT);
	CHECK(hold(cx, &c, "2026-11-28T10:00", &(const char *){ NULL }) == OK);
}

TEST(one_address_holds_five_slots_at_a_time)
{
	static const char *const times[] = { "2026-11-24T08:00", "2026-11-24T08:30",
		"2026-11-24T09:00", "2026-11-24T09:30", "2026-11-24T10:00" };
	Clinic c = start(cx);
	const char *token;

	for (size_t i = 0; i < COUNT(times); i++)
		CHECK(hold(cx, &c, times[i], &token) == OK);
	CHECK(hold(cx, &c, "2026-11-24T10:30", &token) == ERR_TOO_MANY);
	CHECK(booking_release(cx, token) == OK);
	CHECK(hold(cx, &c, "2026-11-24T10:30", &token) == OK);
	cx->peer = "192.0.2.8";
	CHECK(hold(cx, &c, "2026-11-24T11:00", &token) == OK);
}

TEST(codes_to_one_address_or_phone_are_counted)
{
	Clinic c = start(cx);
	const char *token, *other;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	CHECK(booking_ask_code(cx, token, &maria) == OK);
	CHECK(booking_ask_code(cx, token, &maria) == ERR_TOO_MANY); /* too soon */
	cx->now += CODE_AGAIN_S;
	CHECK(booking_ask_code(cx, token, &maria) == OK);
	cx->now += CODE_AGAIN_S;
	CHECK(booking_ask_code(cx, token, &maria) == OK);
	cx->now += CODE_AGAIN_S;
	CHECK(booking_ask_code(cx, token, &maria) == ERR_TOO_MANY); /* three a slot */
	CHECK(hold(cx, &c, "2026-11-24T11:00", &other) == OK);
	for (int i = 0; i < 3; i++, cx->now += CODE_AGAIN_S)
		CHECK(booking_ask_code(cx, other, &maria) == OK);
	CHECK(hold(cx, &c, "2026-11-24T09:00", &other) == OK);
	CHECK(booking_ask_code(cx, other, &maria) == ERR_TOO_MANY); /* six an hour */
}

TEST(a_known_patient_gets_the_visit_and_nobody_is_told)
{
	Clinic c = start(cx);
	const char *token = "";
	PatientId known;

	CHECK(patient_meet(cx, maria.name, maria.phone, NULL, "Balcão", &known) == OK);
	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	CHECK_INT(visit(cx, confirmed(cx, token).v).patient_id, known.v);
}

TEST(the_link_of_a_visit_confirms_moves_and_cancels_it)
{
	Clinic c = start(cx);
	const char *token = "", *link;
	Slot later = slot(&c, "2026-11-26T15:00");
	SqlLinkVisit row;
	AppointmentId id;
	LinkState state;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	id = confirmed(cx, token);
	link = link_token(cx, id.v);
	CHECK(link_confirm(cx, link) == OK);
	CHECK_INT(visit(cx, id.v).confirmation, CONFIRMATION_CONFIRMED);
	CHECK(link_move(cx, link, &later) == OK);
	CHECK_INT(visit(cx, id.v).starts_at, when("2026-11-26T15:00"));
	CHECK(link_cancel(cx, link, "Viagem") == OK);
	CHECK_TEXT(visit(cx, id.v).cancelled_by, "patient");
	CHECK(link_get(cx, link, &row, &state) == OK);
	CHECK_INT(state, LINK_CANCELLED);
	CHECK(link_cancel(cx, link, NULL) == ERR_CONFLICT);
	CHECK(link_confirm(cx, link) == ERR_CONFLICT);
}

TEST(too_close_to_the_visit_the_link_changes_nothing)
{
	Clinic c = start(cx);
	const char *token = "", *link;
	Slot later = slot(&c, "2026-11-26T15:00");
	SqlLinkVisit row;
	LinkState state;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	link = link_token(cx, confirmed(cx, token).v);
	cx->now = when("2026-11-23T11:00"); /* 23 hours before */
	CHECK(link_get(cx, link, &row, &state) == OK);
	CHECK_INT(state, LINK_LATE);
	CHECK(link_cancel(cx, link, NULL) == ERR_CONFLICT);
	CHECK(link_move(cx, link, &later) == ERR_CONFLICT);
	CHECK(link_confirm(cx, link) == OK);
	cx->now = when("2026-11-26T11:00");
	CHECK(link_get(cx, link, &row, &state) == OK);
	CHECK_INT(state, LINK_OVER);
}

TEST(the_link_moves_only_to_times_that_are_shown)
{
	Clinic c = start(cx);
	const char *token = "", *link;
	Slot lunch = slot(&c, "2026-11-26T12:00"), past = slot(&c, "2026-11-20T10:00");

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	link = link_token(cx, confirmed(cx, token).v);
	CHECK(link_move(cx, link, &lunch) == ERR_CONFLICT);
	CHECK(link_move(cx, link, &past) == ERR_CONFLICT);
}

TEST(tokens_are_nobodys_in_another_clinic)
{
	Clinic c = start(cx);
	const char *token = "", *link;
	SqlOnlineRow online;
	SqlLinkVisit row;
	LinkState state;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	link = link_token(cx, confirmed(cx, token).v);
	test_as_company(cx, 2);
	CHECK(booking_get(cx, token, &online) == ERR_NOT_FOUND);
	CHECK(link_get(cx, link, &row, &state) == ERR_NOT_FOUND);
	CHECK(link_get(cx, "", &row, &state) == ERR_NOT_FOUND);
}

TEST(what_a_visitor_typed_is_forgotten_after_a_month)
{
	Clinic c = start(cx);
	const char *token = "";
	SqlOnlineRow online;

	CHECK(hold(cx, &c, "2026-11-24T10:00", &token) == OK);
	cx->now += INT64_C(31) * 86400;
	CHECK(doors_sweep_run(cx, "{}") == OK);
	CHECK(booking_get(cx, token, &online) == ERR_NOT_FOUND);
}

TEST(a_picked_time_is_three_numbers_or_nothing)
{
	Slot in;

	CHECK(slot_read("1795348800-3-2", &in));
	CHECK_INT(in.starts_at, 1795348800);
	CHECK_INT(in.dentist_id, 3);
	CHECK_INT(in.branch_id, 2);
	CHECK(!slot_read("", &in));
	CHECK(!slot_read("1-2", &in));
	CHECK(!slot_read("1-2-3-4", &in));
	CHECK(!slot_read("-1-2-3", &in));
	CHECK(!slot_read("a-b-c", &in));
	CHECK(!slot_read("1795348800-3-2-", &in));
	CHECK(!slot_read("99999999999999999999-1-1", &in));
	CHECK(!slot_read("1099511627775-1-1", &in)); /* a year that no calendar shows */
	CHECK(slot_read_place("1795348800,3,0,2", &in));
	CHECK_INT(in.chair_id, 0);
	CHECK(!slot_read_place("9223372036854775807,3,0,2", &in));
	CHECK(!slot_read_place("1795348800,3,0", &in));
}

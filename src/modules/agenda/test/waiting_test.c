#include "test.h"

#include "agenda_fixture.h"
#include "core/clock.h"
#include "modules/agenda/doors_rooms.h"
#include "modules/agenda/visit_link.h"
#include "modules/agenda/waiting.h"
#include "platform/auth/key.h"
#include "platform/mail/mail.h"
#include "test_db.h"

static WaitingForm wish(int64_t patient)
{
	return (WaitingForm){
		.patient_id = patient, .minutes = 30, .from_date = DATE_NONE, .to_date = DATE_NONE
	};
}

static int64_t wait_for(Ctx *cx, const WaitingForm *in)
{
	int64_t id = 0;

	if (waiting_add(cx, in, &id) != OK)
		test_fail(__FILE__, __LINE__, "not added");
	return id;
}

static Slot slot(const Clinic *c, const char *from)
{
	return (Slot){ when(from), when(from) + 1800, c->ianara, 0, c->branch };
}

static size_t matches(Ctx *cx, const Clinic *c, const char *from)
{
	Slot free_slot = slot(c, from);
	SqlWaitingRow *row;
	size_t count = 999;

	CHECK(waiting_match(cx, &free_slot, &row, &count) == OK);
	return count;
}

static Clinic start(Ctx *cx)
{
	Clinic c = clinic_start(cx);

	CHECK(auth_set_secret("a-test-secret-of-more-than-32-characters", NULL));
	clinic_sql(cx,
		"insert into company.domain (company_id, host, main) values (%" PRId64
		", 'espera.test', true) on conflict do nothing",
		cx->company.v);
	return c;
}

static const char *secret_of(const OfferMade *made)
{
	return strrchr(made->link, '/') + 1;
}

static OfferMade *offer(Ctx *cx, const Clinic *c, const char *from, size_t want)
{
	Slot free_slot = slot(c, from);
	SqlWaitingRow *row;
	OfferMade *made = NULL;
	size_t count = 0, n;
	int64_t ids[50];

	CHECK(waiting_match(cx, &free_slot, &row, &n) == OK);
	for (size_t i = 0; i < n; i++)
		ids[i] = row[i].id;
	CHECK(offer_make(cx, &free_slot, (Int64s){ ids, n }, 30, &made, &count) == OK);
	CHECK_INT(count, want);
	return made;
}

static int letters(Ctx *cx, const char *to)
{
	MailItem *item;
	size_t count;
	int n = 0;

	CHECK(mail_list(cx, 0, 100, &item, &count) == OK);
	for (size_t i = 0; i < count; i++)
		n += !strcmp(item[i].to, to);
	return n;
}

TEST(a_slot_matches_whose_days_hours_and_dates_it_keeps)
{
	Clinic c = start(cx);
	WaitingForm in = wish(c.ana);

	in.weekdays = 1 << 1; /* Tuesdays */
	in.from_minute = 9 * 60;
	in.to_minute = 11 * 60;
	in.from_date = date_of(2026, 11, 24);
	in.to_date = date_of(2026, 12, 1);
	(void)wait_for(cx, &in);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:00"), 1);
	CHECK_INT(matches(cx, &c, "2026-11-24T10:30"), 1);
	CHECK_INT(matches(cx, &c, "2026-11-24T10:45"), 0); /* would end at 11:15 */
	CHECK_INT(matches(cx, &c, "2026-11-24T08:45"), 0);
	CHECK_INT(matches(cx, &c, "2026-11-25T09:00"), 0);
	CHECK_INT(matches(cx, &c, "2026-12-01T09:00"), 1);
	CHECK_INT(matches(cx, &c, "2026-12-08T09:00"), 0);
}

TEST(a_slot_matches_by_dentist_length_and_type)
{
	Clinic c = start(cx);
	WaitingForm in = wish(c.ana);

	in.dentist_id = c.marcelo;
	(void)wait_for(cx, &in);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:00"), 0);
	in = wish(c.bia);
	in.minutes = 45;
	(void)wait_for(cx, &in);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:00"), 0);
	in = wish(c.caio);
	in.visit_type_id = c.type;
	(void)wait_for(cx, &in);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:00"), 1);
	clinic_sql(cx,
		"insert into agenda.visit_type_dentist (company_id, visit_type_id, user_id, "
		"offered) "
		"values (%" PRId64 ", %" PRId64 ", %" PRId64 ", false)",
		cx->company.v, c.type, c.ianara);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:00"), 0);
}

TEST(the_urgent_and_the_longest_waiting_come_first)
{
	Clinic c = start(cx);
	Slot free_slot = slot(&c, "2026-11-24T09:00");
	WaitingForm ana = wish(c.ana), bia = wish(c.bia), caio = wish(c.caio);
	SqlWaitingRow *row;
	size_t count;

	caio.priority = 2;
	(void)wait_for(cx, &ana);
	(void)wait_for(cx, &bia);
	(void)wait_for(cx, &caio);
	CHECK(waiting_match(cx, &free_slot, &row, &count) == OK);
	CHECK_INT(count, 3);
	CHECK_INT(row[0].patient_id, c.caio);
	CHECK_INT(row[1].patient_id, c.ana);
	CHECK_INT(row[2].patient_id, c.bia);
}

TEST(who_has_another_visit_then_is_not_asked)
{
	Clinic c = start(cx);
	WaitingForm in = wish(c.ana);
	Booking other = booking(&c, "2026-11-24T09:00");
	AppointmentId id;

	(void)wait_for(cx, &in);
	other.dentist_id = c.marcelo;
	CHECK(agenda_book(cx, &other, &id) == OK);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:15"), 0);
	CHECK_INT(matches(cx, &c, "2026-11-24T10:00"), 1);
}

TEST(the_first_who_accepts_has_the_slot_and_the_others_lose_it)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana), bia = wish(c.bia);
	AppointmentId id, again;
	SqlWaitingRow entry;
	OfferState state;
	OfferMade *made;

	(void)wait_for(cx, &ana);
	(void)wait_for(cx, &bia);
	made = offer(cx, &c, "2026-11-24T09:00", 2);
	cx->user = (UserId){ 0 };
	CHECK(offer_accept(cx, secret_of(&made[1]), &state, &id) == OK);
	CHECK_INT(state, OFFER_ACCEPTED);
	CHECK_INT(visit(cx, id.v).patient_id, c.bia);
	CHECK_TEXT(visit(cx, id.v).origin, "waitlist");
	CHECK_INT(visit(cx, id.v).confirmation, CONFIRMATION_CONFIRMED);
	CHECK(waiting_get(cx, made[1].waiting_id, &entry) == OK);
	CHECK_TEXT(entry.state, "booked");
	CHECK(offer_accept(cx, secret_of(&made[0]), &state, &again) == OK);
	CHECK_INT(state, OFFER_LOST);
	CHECK(waiting_get(cx, made[0].waiting_id, &entry) == OK);
	CHECK_TEXT(entry.state, "open");
	/* the button pressed twice is no second visit */
	CHECK(offer_accept(cx, secret_of(&made[1]), &state, &again) == OK);
	CHECK_INT(state, OFFER_ACCEPTED);
	CHECK_INT(again.v, id.v);
}

TEST(an_offer_ends_after_its_minutes)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	AppointmentId id;
	OfferState state;
	OfferMade *made;

	(void)wait_for(cx, &ana);
	made = offer(cx, &c, "2026-11-24T09:00", 1);
	CHECK_INT(matches(cx, &c, "2026-11-24T11:00"), 0); /* one offer at a time */
	cx->now += 31 * 60;
	CHECK(offer_accept(cx, secret_of(&made[0]), &state, &id) == OK);
	CHECK_INT(state, OFFER_EXPIRED);
	CHECK(offer_expire_run(cx, "{}") == OK);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:00"), 1);
}

TEST(who_declines_a_slot_is_not_asked_for_it_again_but_keeps_the_place)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	OfferMade *made;

	(void)wait_for(cx, &ana);
	made = offer(cx, &c, "2026-11-24T09:00", 1);
	CHECK(offer_decline(cx, secret_of(&made[0])) == OK);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:00"), 0);
	CHECK_INT(matches(cx, &c, "2026-11-24T10:00"), 1);
}

TEST(an_offer_whose_slot_the_reception_filled_is_lost_without_an_error)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	Booking other = booking(&c, "2026-11-24T09:00");
	AppointmentId id;
	OfferState state;
	SqlOfferRow row;
	OfferMade *made;

	(void)wait_for(cx, &ana);
	made = offer(cx, &c, "2026-11-24T09:00", 1);
	other.patient_id = c.caio;
	CHECK(agenda_book(cx, &other, &id) == OK);
	CHECK(offer_accept(cx, secret_of(&made[0]), &state, &id) == OK);
	CHECK_INT(state, OFFER_LOST);
	CHECK_INT(cx->bad_count, 0);
	CHECK(offer_get(cx, secret_of(&made[0]), &row) == OK);
	CHECK_TEXT(row.state, "lost");
}

TEST(accepting_moves_the_later_visit_when_the_person_has_one)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	int64_t later = booked(cx, &c, "2026-12-15T10:00");
	AppointmentId id;
	OfferState state;
	OfferMade *made;

	ana.appointment_id = later;
	(void)wait_for(cx, &ana);
	CHECK_INT(matches(cx, &c, "2026-12-16T09:00"), 0); /* that would be later */
	made = offer(cx, &c, "2026-11-24T09:00", 1);
	CHECK(offer_accept(cx, secret_of(&made[0]), &state, &id) == OK);
	CHECK_INT(state, OFFER_ACCEPTED);
	CHECK_INT(id.v, later);
	CHECK_INT(visit(cx, later).starts_at, when("2026-11-24T09:00"));
}

TEST(an_offer_goes_by_e_mail_to_who_has_one)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana), bia = wish(c.bia);
	OfferMade *made;

	clinic_sql(cx, "update patient.patient set email = 'ana@exemplo.test' where id = %" PRId64,
		c.ana);
	(void)wait_for(cx, &ana);
	(void)wait_for(cx, &bia);
	made = offer(cx, &c, "2026-11-24T09:00", 2);
	CHECK_TEXT(made[0].email, "ana@exemplo.test");
	CHECK(made[1].email == NULL);
	CHECK_INT(letters(cx, "ana@exemplo.test"), 1);
}

TEST(a_cancelled_visit_leaves_a_slot_to_offer_and_by_rule_it_is_offered)
{
	Clinic c = start(cx);
	WaitingForm bia = wish(c.bia);
	int64_t id = booked(cx, &c, "2026-11-24T09:00");
	SqlOfferRow *made;
	SqlFreedRow *freed;
	size_t count;

	(void)wait_for(cx, &bia);
	clinic_sql(cx, "update agenda.rule set offer_auto = true where company_id = %" PRId64,
		cx->company.v);
	CHECK(agenda_cancel(cx, (AppointmentId){ id }, true, NULL, SCOPE_ONE) == OK);
	CHECK(sql_freed_open(cx, cx->now, &freed, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(freed[0].starts_at, when("2026-11-24T09:00"));
	CHECK(offer_auto_run(cx, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", freed[0].id)) == OK);
	CHECK(sql_offer_of_slot(cx, c.ianara, when("2026-11-24T09:00"), &made, &count) == OK);
	CHECK_INT(count, 1);
	/* once it is taken, it is no slot any more */
	(void)booked(cx, &c, "2026-11-24T09:00");
	CHECK(sql_freed_open(cx, cx->now, &freed, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(a_new_link_of_an_offer_ends_the_old_one)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	const char *link;
	SqlOfferRow row;
	OfferMade *made;

	(void)wait_for(cx, &ana);
	made = offer(cx, &c, "2026-11-24T09:00", 1);
	CHECK(offer_new_link(cx, made[0].id, &link) == OK);
	CHECK(offer_get(cx, secret_of(&made[0]), &row) == ERR_NOT_FOUND);
	CHECK(offer_get(cx, strrchr(link, '/') + 1, &row) == OK);
	test_as_company(cx, 2);
	CHECK(offer_get(cx, strrchr(link, '/') + 1, &row) == ERR_NOT_FOUND);
}

TEST(a_wish_that_fits_no_visit_is_refused_at_its_field)
{
	Clinic c = start(cx);
	WaitingForm in = wish(c.ana);
	int64_t id;

	in.from_minute = 600;
	in.to_minute = 610;
	CHECK(waiting_add(cx, &in, &id) == ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "to"), "Neste intervalo a consulta não cabe.");
	cx->bad_count = 0;
	in = wish(c.ana);
	in.to_date = date_of(2026, 11, 1);
	CHECK(waiting_add(cx, &in, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "to_date") != NULL);
}

TEST(closing_takes_the_person_off_and_ends_the_offers)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	AppointmentId visit_id;
	OfferState state;
	OfferMade *made;
	int64_t id = wait_for(cx, &ana);

	made = offer(cx, &c, "2026-11-24T09:00", 1);
	CHECK(waiting_close(cx, id) == OK);
	CHECK(offer_accept(cx, secret_of(&made[0]), &state, &visit_id) == OK);
	CHECK_INT(state, OFFER_EXPIRED);
	CHECK(waiting_reopen(cx, id) == OK);
	CHECK_INT(matches(cx, &c, "2026-11-24T09:00"), 1);
}

TEST(free_slots_for_a_wish_keep_to_it)
{
	Clinic c = start(cx);
	WaitingForm in = wish(c.ana);
	SqlWaitingRow entry;
	size_t count;
	Slot *found;

	in.dentist_id = c.ianara;
	in.weekdays = 1 << 2; /* Wednesdays */
	in.from_minute = 14 * 60;
	CHECK(waiting_get(cx, wait_for(cx, &in), &entry) == OK);
	CHECK_TEXT(waiting_wishes(cx->mem, &entry), "qua, a partir das 14:00");
	CHECK(waiting_slots(cx, &entry, 3, &found, &count) == OK);
	CHECK_INT(count, 3);
	CHECK_INT(found[0].starts_at, when("2026-11-25T14:00"));
}

static const char *state_of(Ctx *cx, int64_t entry)
{
	SqlWaitingRow row;

	CHECK(waiting_get(cx, entry, &row) == OK);
	return row.state;
}

TEST(a_booking_by_mistake_puts_who_waited_back_where_they_were)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	int64_t entry = wait_for(cx, &ana);
	Booking in = booking(&c, "2026-11-24T09:00");
	SqlWaitingRow row;
	AppointmentId id;

	CHECK(waiting_book(cx, entry, &in, &id) == OK);
	CHECK_TEXT(state_of(cx, entry), "booked");
	CHECK(agenda_cancel(cx, id, false, "Marcada por engano", SCOPE_ONE) == OK);
	CHECK_TEXT(state_of(cx, entry), "booked");
	CHECK(waiting_unbook(cx, id.v) == OK);
	CHECK(waiting_get(cx, entry, &row) == OK);
	CHECK_TEXT(row.state, "open");
	CHECK(row.appointment_id_null);
	CHECK_INT(matches(cx, &c, "2026-11-24T10:00"), 1);
}

TEST(a_later_visit_that_came_forward_and_went_back_waits_again)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	int64_t later = booked(cx, &c, "2026-12-15T10:00"), entry;
	Booking in = booking(&c, "2026-11-24T09:00"), on;
	AppointmentId id;

	ana.appointment_id = later;
	entry = wait_for(cx, &ana);
	CHECK(waiting_book(cx, entry, &in, &id) == OK);
	CHECK_INT(id.v, later);
	/* what happened after it says nothing about the list */
	on = (Booking){ .starts_at = when("2026-11-24T10:00"), .version = 2 };
	CHECK(agenda_move(cx, id, &on, SCOPE_ONE) == OK);
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_TEXT(state_of(cx, entry), "booked");
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_TEXT(state_of(cx, entry), "open");
	CHECK_INT(visit(cx, later).starts_at, when("2026-12-15T10:00"));
	CHECK_INT(matches(cx, &c, "2026-11-24T10:00"), 1);
}

TEST(what_is_written_when_a_later_visit_comes_forward_is_not_lost)
{
	Clinic c = start(cx);
	Booking in = booking(&c, "2026-11-27T10:00");
	WaitingForm want = wish(c.ana);
	AppointmentId later, moved;

	in.note = "alérgica a látex";
	CHECK(agenda_book(cx, &in, &later) == OK);
	want.appointment_id = later.v;
	want.note = "só de manhã";
	in = (Booking){ .dentist_id = c.ianara,
		.starts_at = when("2026-11-24T10:00"),
		.title = "Canal do 14",
		.note = "traz o raio X" };
	CHECK(waiting_book(cx, wait_for(cx, &want), &in, &moved) == OK);
	CHECK_INT(moved.v, later.v);
	CHECK_TEXT(visit(cx, later.v).title, "Canal do 14");
	CHECK_TEXT(visit(cx, later.v).note, "alérgica a látex\ntraz o raio X");
}

TEST(a_repetition_takes_who_waited_off_the_list_too)
{
	Clinic c = start(cx);
	WaitingForm ana = wish(c.ana);
	int64_t entry = wait_for(cx, &ana);
	Booking in = booking(&c, "2026-11-24T09:00");
	AppointmentId id;

	in.rrule = "FREQ=WEEKLY;COUNT=3";
	CHECK(waiting_book(cx, entry, &in, &id) == OK);
	CHECK_TEXT(state_of(cx, entry), "booked");
	CHECK(visit(cx, id.v).series_id != 0);
}

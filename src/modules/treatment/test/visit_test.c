/* Visits at the chair, and a dentist's day. */
#include "modules/treatment/visit.h"

#include "test.h"

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/treatment/note.h"
#include "test_db.h"

/* Ids that a statement of the test's own returns. */
static int64_t ask(Ctx *cx, const char *sql)
{
	int64_t number = 0;
	PGresult *r = PQexec(db_native(cx->db), sql);

	if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1)
		CHECK(str_int64(str_of(PQgetvalue(r, 0, 0)), &number));
	else if (PQresultStatus(r) != PGRES_COMMAND_OK)
		test_fail(__FILE__, __LINE__, "%s", PQresultErrorMessage(r));
	PQclear(r);
	return number;
}

typedef struct Scene {
	PatientId patient;
	int64_t dentist, branch, chair;
} Scene;

/* A dentist, signed in, with a chair, and a patient. */
static Scene begin(Ctx *cx)
{
	UserId user = { 0 };
	Scene s = { 0 };

	CHECK(patient_register(cx,
		      &(PatientForm){ .name = "Ana Prado", .birth = date_of(1990, 1, 2) }, NULL, 0,
		      &s.patient) == OK);
	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = "Ianara",
			      .email = "ianara@exemplo.com",
			      .password = "um-segredo-bem-longo-7391",
			      .role = "dentist" },
		      &user) == OK);
	s.dentist = user.v;
	s.branch = ask(cx,
		"insert into company.branch (company_id, name) values (1, 'Centro') returning id");
	s.chair = ask(cx,
		arena_printf(cx->mem,
			"insert into agenda.chair (company_id, branch_id, name) values (1, %" PRId64
			", 'Sala 1') returning id",
			s.branch));
	ask(cx, arena_printf(cx->mem,
			"insert into agenda.dentist (company_id, user_id) values (1, %" PRId64 ")",
			s.dentist));
	cx->user = user;
	return s;
}

/* A visit of today at the hour. */
static int64_t book(Ctx *cx, const Scene *s, int hour, int64_t chair)
{
	Clock clock = time_clock(cx->now, cx->zone);
	AppointmentId id = { 0 };

	clock.hour = hour;
	clock.minute = clock.second = 0;
	CHECK(agenda_book(cx,
		      &(Booking){ .branch_id = s->branch,
			      .dentist_id = s->dentist,
			      .chair_id = chair,
			      .patient_id = s->patient.v,
			      .title = "Avaliação",
			      .starts_at = time_of_clock(&clock, cx->zone),
			      .ends_at = time_of_clock(&clock, cx->zone) + 1800,
			      .outside_hours = true },
		      &id) == OK);
	return id.v;
}

static Presence presence(Ctx *cx, int64_t appointment)
{
	Appointment at = { 0 };

	CHECK(agenda_get(cx, (AppointmentId){ appointment }, &at) == OK);
	return at.presence;
}

TEST(beginning_a_visit_seats_the_patient_and_ending_it_dismisses_them)
{
	Scene s = begin(cx);
	int64_t appointment = book(cx, &s, 10, s.chair), id = 0, again = 0;
	Visit visit;

	CHECK(visit_start(cx, s.patient, appointment, 0, &id) == OK);
	CHECK_INT(presence(cx, appointment), PRESENCE_IN_CHAIR);
	CHECK(visit_start(cx, s.patient, appointment, 0, &again) == OK);
	CHECK_INT(again, id);
	CHECK(visit_end(cx, id,
		      &(VisitEnd){ .materials = "Resina A2",
			      .next_in_days = 180,
			      .next_minutes = 40 }) == OK);
	CHECK_INT(presence(cx, appointment), PRESENCE_DONE);
	CHECK(visit_get(cx, id, &visit) == OK);
	CHECK_INT(visit.next_in_days, 180);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == ERR_CONFLICT);
}

TEST(a_visit_without_a_chair_asks_for_one)
{
	Scene s = begin(cx);
	int64_t appointment = book(cx, &s, 10, 0), id = 0;

	CHECK(visit_start(cx, s.patient, appointment, 0, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "chair_id"));
	cx->bad_count = 0;
	CHECK(visit_start(cx, s.patient, appointment, s.chair, &id) == OK);
}

TEST(a_visit_is_begun_only_for_the_patient_who_booked_it)
{
	Scene s = begin(cx);
	int64_t appointment = book(cx, &s, 10, s.chair), id;
	PatientId other;

	CHECK(patient_register(cx, &(PatientForm){ .name = "Beto", .birth = DATE_NONE }, NULL, 0,
		      &other) == OK);
	CHECK(visit_start(cx, other, appointment, 0, &id) == ERR_NOT_FOUND);
}

TEST(the_day_shows_patients_in_order_and_what_is_missing)
{
	Scene s = begin(cx);
	int64_t late = book(cx, &s, 15, s.chair), early = book(cx, &s, 8, s.chair), id = 0, note;
	int32_t today = date_today(cx->now, cx->zone);
	DentistDay day;

	CHECK(visit_start(cx, s.patient, early, 0, &id) == OK);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == OK);
	CHECK(visit_day(cx, s.dentist, today, &day) == OK);
	CHECK_INT(day.visit_count, 2);
	CHECK_INT(day.visit[0].at.id, early);
	CHECK(day.visit[0].note_missing);
	CHECK_INT(day.visit[1].at.id, late);
	CHECK_INT(day.visit[1].visit_id, 0);
	CHECK_INT(day.done, 1);
	CHECK(note_write(cx, s.patient, &(NoteForm){ .text = "Tudo bem.", .visit_id = id },
		      &note) == OK);
	CHECK(visit_day(cx, s.dentist, today, &day) == OK);
	CHECK(!day.visit[0].note_missing);
	CHECK(day.visit[0].unsigned_note);
	CHECK_INT(day.note_count, 1);
	CHECK(note_sign(cx, note, 1) == OK);
	CHECK(visit_day(cx, s.dentist, today, &day) == OK);
	CHECK_INT(day.note_count, 0);
}

TEST(a_visit_of_another_clinic_is_not_there)
{
	Scene s = begin(cx);
	int64_t id = 0;
	Visit visit;

	CHECK(visit_start(cx, s.patient, 0, 0, &id) == OK);
	test_as_company(cx, 2);
	CHECK(visit_get(cx, id, &visit) == ERR_NOT_FOUND);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == ERR_NOT_FOUND);
}

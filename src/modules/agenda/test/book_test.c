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

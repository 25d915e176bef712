/* Lines of a plan and the visits that were booked for them. */
#include "core/clock.h"
#include "modules/agenda/agenda.h"
#include "modules/treatment/catalogue.h"
#include "modules/treatment/plan.h"
#include "treatment_fixture.h"

typedef struct Room {
	PatientId ana, bia;
	int64_t dentist, branch, plan, line;
} Room;

/* A dentist, two patients, and an approved filling of the first. */
static Room begin(Ctx *cx)
{
	Room room = { .ana = a_patient(cx, "Ana Prado"),
		.bia = a_patient(cx, "Beatriz Almeida"),
		.dentist = a_dentist(cx, "Ianara").v,
		.branch = a_branch(cx) };
	Procedure *work;
	Plan plan = { 0 };
	size_t count;

	may_be_booked(cx, room.dentist);
	CHECK(catalogue_start_company(cx) == OK);
	CHECK(plan_create(cx, room.ana.v, &(PlanForm){ .name = "Plano" }, &room.plan) == OK);
	CHECK(procedure_search(cx, "resina 1 face", 0, &work, &count) == OK && count > 0);
	CHECK(plan_add_lines(cx, room.plan,
		      &(LineForm){ .procedure_id = work[0].id, .where = "25 D" }, &count) == OK);
	CHECK(plan_approve(cx, room.plan, "clinic", (Int64s){ 0 }, &count) == OK);
	CHECK(plan_get(cx, room.plan, &plan) == OK);
	room.line = plan.line[0].id;
	return room;
}

static AppointmentId book(Ctx *cx, const Room *room, PatientId patient, int64_t line)
{
	int64_t at = cx->now / 3600 * 3600 + 30 * 3600;
	AppointmentId id = { 0 };

	CHECK(agenda_book(cx,
		      &(Booking){ .branch_id = room->branch,
			      .dentist_id = room->dentist,
			      .patient_id = patient.v,
			      .starts_at = at,
			      .ends_at = at + 1800,
			      .outside_hours = true,
			      .line_id = line },
		      &id) == OK);
	return id;
}

static int64_t booked_at(Ctx *cx, const Room *room)
{
	Plan plan = { 0 };

	CHECK(plan_get(cx, room->plan, &plan) == OK);
	return plan.line[0].appointment_id;
}

TEST(a_visit_booked_from_a_line_has_the_line_until_it_falls_through)
{
	Room room = begin(cx);
	AppointmentId id = book(cx, &room, room.ana, room.line);

	CHECK_INT(booked_at(cx, &room), id.v);
	CHECK(agenda_cancel(cx, id, true, NULL, SCOPE_ONE) == OK);
	CHECK_INT(booked_at(cx, &room), 0);
}

TEST(a_visit_that_was_called_off_by_mistake_has_its_line_again)
{
	Room room = begin(cx);
	AppointmentId id = book(cx, &room, room.ana, room.line), other;

	CHECK(agenda_cancel(cx, id, true, NULL, SCOPE_ONE) == OK);
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_INT(booked_at(cx, &room), id.v);
	/* not when another was booked for it meanwhile */
	CHECK(agenda_cancel(cx, id, true, NULL, SCOPE_ONE) == OK);
	other = book(cx, &room, room.ana, room.line);
	CHECK(agenda_cancel(cx, other, true, NULL, SCOPE_ONE) == OK);
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_INT(booked_at(cx, &room), 0);
}

TEST(a_visit_for_somebody_else_leaves_the_line_to_be_booked)
{
	Room room = begin(cx);

	CHECK(book(cx, &room, room.bia, room.line).v != 0);
	CHECK_INT(booked_at(cx, &room), 0);
}

TEST(a_visit_stands_when_its_line_is_nowhere_or_no_longer_to_be_booked)
{
	Room room = begin(cx);
	AppointmentId id = book(cx, &room, room.ana, 999999);

	CHECK(agenda_cancel(cx, id, false, NULL, SCOPE_ONE) == OK);
	CHECK(plan_cancel_line(cx, room.line, "Mudou de ideia") == OK);
	CHECK(book(cx, &room, room.ana, room.line).v != 0);
	CHECK_INT(booked_at(cx, &room), 0);
}

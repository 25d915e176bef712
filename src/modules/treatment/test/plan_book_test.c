/* Lines of a plan and the visits that were booked for them. */
#include "test.h"

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/agenda/agenda.h"
#include "modules/treatment/catalogue.h"
#include "modules/treatment/plan.h"
#include "test_db.h"

typedef struct Room {
	PatientId ana, bia;
	int64_t dentist, branch, plan, line;
} Room;

static int64_t made(Ctx *cx, const char *sql)
{
	PGresult *r = PQexec(db_native(cx->db), sql);
	int64_t id = 0;

	if (PQresultStatus(r) != PGRES_TUPLES_OK || PQntuples(r) != 1)
		test_fail(__FILE__, __LINE__, "%s", PQresultErrorMessage(r));
	else
		CHECK(str_int64(str_of(PQgetvalue(r, 0, 0)), &id));
	PQclear(r);
	return id;
}

static PatientId somebody(Ctx *cx, const char *name)
{
	PatientId id = { 0 };

	CHECK(patient_register(
		      cx, &(PatientForm){ .name = name, .birth = DATE_NONE }, NULL, 0, &id) == OK);
	return id;
}

/* A dentist, two patients, and an approved filling of the first. */
static Room begin(Ctx *cx)
{
	Room room = { 0 };
	UserId user = { 0 };
	Procedure *work;
	Plan plan = { 0 };
	size_t count;

	room.ana = somebody(cx, "Ana Prado");
	room.bia = somebody(cx, "Beatriz Almeida");
	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = "Ianara",
			      .email = "ianara@exemplo.com",
			      .password = "um-segredo-bem-longo-7391",
			      .role = "dentist" },
		      &user) == OK);
	room.branch = made(cx,
		"insert into company.branch (company_id, name) values (1, 'Centro') returning id");
	room.dentist = made(
		cx, arena_printf(cx->mem,
			    "insert into agenda.dentist (company_id, user_id) values (1, %" PRId64
			    ") returning user_id",
			    user.v));
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

#include "agenda_fixture.h"

#include "core/clock.h"
#include "modules/account/account.h"
#include "test.h"
#include "test_db.h"

static PGresult *run(Ctx *cx, const char *text)
{
	PGresult *r = PQexec(db_native(cx->db), text);

	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		test_fail(__FILE__, __LINE__, "%s: %s", text, PQresultErrorMessage(r));
	return r;
}

void clinic_sql(Ctx *cx, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	PQclear(run(cx, arena_vprintf(cx->mem, format, args)));
	va_end(args);
}

static int64_t made(Ctx *cx, const char *text)
{
	PGresult *r = run(cx, text);
	int64_t id = PQntuples(r) ? strtoll(PQgetvalue(r, 0, 0), NULL, 10) : 0;

	PQclear(r);
	return id;
}

int64_t when(const char *text)
{
	int64_t at = 0;

	CHECK(time_parse(text, "America/Sao_Paulo", &at));
	return at;
}

const char *hm(Ctx *cx, int64_t at)
{
	return time_text_hm(cx->mem, at, "America/Sao_Paulo");
}

static int64_t dentist(Ctx *cx, const char *name, const char *email, int64_t chair, int64_t branch)
{
	int64_t company = cx->company.v;
	UserId user = { 0 };

	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = name, .email = email, .role = "dentist" },
		      &user) == OK);
	clinic_sql(cx,
		"insert into agenda.dentist (company_id, user_id, prefix, chair_id) values "
		"(%" PRId64 ", %" PRId64 ", 'Dra.', %" PRId64 ")",
		company, user.v, chair);
	clinic_sql(cx,
		"insert into agenda.shift (company_id, user_id, branch_id, weekday, from_minute, "
		"to_minute) select %" PRId64 ", %" PRId64 ", %" PRId64
		", d, f, t from generate_series(1, 5) d, (values (480, 720), (780, 1080)) h(f, t)",
		company, user.v, branch);
	return user.v;
}

static int64_t patient(Ctx *cx, const char *name)
{
	PatientId id = { 0 };

	CHECK(patient_register(
		      cx, &(PatientForm){ .name = name, .birth = DATE_NONE }, NULL, 0, &id) == OK);
	return id.v;
}

Clinic clinic_start(Ctx *cx)
{
	int64_t company = cx->company.v;
	Clinic c = { 0 };

	cx->user = (UserId){ 0 };
	c.branch = made(cx, arena_printf(cx->mem,
				    "insert into company.branch (company_id, name) values (%" PRId64
				    ", 'Centro') returning id",
				    company));
	CHECK(agenda_start_company(cx) == OK);
	c.chair = made(cx, "select id from agenda.chair");
	c.chair2 = made(cx,
		arena_printf(cx->mem,
			"insert into agenda.chair (company_id, branch_id, name) values (%" PRId64
			", %" PRId64 ", 'Sala 2') returning id",
			company, c.branch));
	c.type = made(cx, "select id from agenda.visit_type where name = 'Avaliação'");
	c.long_type = made(cx, "select id from agenda.visit_type where name = 'Canal'");
	c.ianara = dentist(cx, "Ianara Pinho", "ianara@exemplo.test", c.chair, c.branch);
	c.marcelo = dentist(cx, "Marcelo Tavares", "marcelo@exemplo.test", c.chair2, c.branch);
	c.ana = patient(cx, "Ana Paula Dias");
	c.bia = patient(cx, "Beatriz Almeida");
	c.caio = patient(cx, "Caio Prado");
	cx->user = (UserId){ c.ianara };
	return c;
}

Booking booking(const Clinic *clinic, const char *from)
{
	return (Booking){ .dentist_id = clinic->ianara,
		.patient_id = clinic->ana,
		.visit_type_id = clinic->type,
		.starts_at = when(from) };
}

int64_t booked(Ctx *cx, const Clinic *clinic, const char *from)
{
	Booking in = booking(clinic, from);
	AppointmentId id = { 0 };

	if (agenda_book(cx, &in, &id) != OK)
		test_fail(__FILE__, __LINE__, "%s: %s", from, cx->err.sentence);
	return id.v;
}

Appointment visit(Ctx *cx, int64_t id)
{
	Appointment visit = { 0 };

	CHECK(agenda_get(cx, (AppointmentId){ id }, &visit) == OK);
	return visit;
}

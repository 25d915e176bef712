#include "treatment_fixture.h"

#include "modules/account/account.h"
#include "platform/db/db.h"

PatientId a_patient(Ctx *cx, const char *name)
{
	PatientId id = { 0 };

	CHECK(patient_register(
		      cx, &(PatientForm){ .name = name, .birth = DATE_NONE }, NULL, 0, &id) == OK);
	return id;
}

UserId a_dentist(Ctx *cx, const char *name)
{
	UserId id = { 0 };

	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = name,
			      .email = arena_printf(cx->mem, "%s@exemplo.com", name),
			      .password = "um-segredo-bem-longo-7391",
			      .role = "dentist" },
		      &id) == OK);
	return id;
}

int64_t a_branch(Ctx *cx)
{
	return ask(cx,
		"insert into company.branch (company_id, name) values (1, 'Centro') returning id");
}

void may_be_booked(Ctx *cx, int64_t user)
{
	ask(cx, arena_printf(cx->mem,
			"insert into agenda.dentist (company_id, user_id) values (1, %" PRId64 ")",
			user));
}

int64_t ask(Ctx *cx, const char *sql)
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

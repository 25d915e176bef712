#include "test.h"

#include "agenda_fixture.h"
#include "core/clock.h"
#include "modules/account/account.h"
#include "platform/db/db.h"
#include "test_db.h"

static int64_t count_of(Ctx *cx, const char *condition)
{
	PGresult *r = PQexec(db_native(cx->db),
		arena_printf(
			cx->mem, "select count(*) from agenda.appointment where %s", condition));
	int64_t n = PQntuples(r) ? strtoll(PQgetvalue(r, 0, 0), NULL, 10) : -1;

	PQclear(r);
	return n;
}

TEST(the_demonstration_has_a_full_day_in_all_states_even_on_a_sunday)
{
	Appointment *list;
	UserId user;
	size_t count, seen[PRESENCE_COUNT] = { 0 };

	(void)clinic_start(cx);
	clinic_sql(cx, "delete from agenda.shift; delete from agenda.dentist");
	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = "Caio Freire",
			      .email = "caio@exemplo.test",
			      .role = "dentist" },
		      &user) == OK);
	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = "Camila Brandão",
			      .email = "camila@exemplo.test",
			      .role = "dentist" },
		      &user) == OK);
	CHECK(agenda_demo(cx) == OK);
	CHECK(agenda_list(cx,
		      &(AgendaQuery){
			      .from = when("2026-11-22T00:00"), .to = when("2026-11-23T00:00") },
		      &list, &count) == OK);
	CHECK_INT(count, 29);
	for (size_t i = 0; i < count; i++)
		seen[list[i].presence]++;
	CHECK(seen[PRESENCE_DONE] >= 5);
	CHECK(seen[PRESENCE_IN_CHAIR] >= 2);
	CHECK(seen[PRESENCE_ARRIVED] >= 1);
	CHECK(seen[PRESENCE_SCHEDULED] >= 9);
	CHECK(count_of(cx, "presence = 'cancelled'") >= 2);
	CHECK(count_of(cx, "true") > 200);
}

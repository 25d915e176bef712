#include "test.h"

#include "modules/company/company.h"
#include "platform/db/db.h"
#include "test_db.h"

static const char *value_of(Ctx *cx, const char *sql)
{
	PGresult *r = PQexec(db_native(cx->db), sql);
	const char *text = PQntuples(r) == 1 ? arena_dup(cx->mem, PQgetvalue(r, 0, 0)) : "none";

	PQclear(r);
	return text;
}

TEST(a_plan_that_is_chosen_brings_its_limits_and_modules)
{
	Company before, after;

	CHECK(company_get(cx, &before) == OK);
	CHECK(company_set_plan(cx, "essencial") == OK);
	CHECK(company_get(cx, &after) == OK);
	CHECK_TEXT(after.plan, "essencial");
	CHECK_INT(after.users_max, 5);
	CHECK_INT(after.messages_max, 1000);
	CHECK_INT(after.storage_max, (int64_t)10 << 30);
	CHECK_TEXT(after.features, "crm patient agenda");
	CHECK(after.version > before.version); /* caches see it */
	CHECK(company_spend(cx, LIMIT_USERS, 6) == ERR_LIMIT);
	test_as_company(cx, 2);
	CHECK(company_get(cx, &after) == OK);
	CHECK_TEXT(after.plan, "completo");
}

TEST(a_change_of_plan_stands_in_the_book_once)
{
	CHECK(company_set_plan(cx, "clinico") == OK);
	CHECK(company_set_plan(cx, "clinico") == OK);
	CHECK_TEXT(
		value_of(cx, "select diff->'plan'->>1 from audit.change where company_id = 1 and "
			     "action = 'company.plan'"),
		"clinico");
}

TEST(a_plan_that_is_not_there_is_refused_with_those_that_are)
{
	Company company;

	CHECK(company_set_plan(cx, "ouro") == ERR_INVALID);
	CHECK(strstr(cx->err.sentence, "essencial, clinico, completo"));
	CHECK(company_get(cx, &company) == OK);
	CHECK_TEXT(company.plan, "completo");
}

/* What a new clinic gets of the schema's own defaults is the plan of this name. */
TEST(the_plan_of_a_new_clinic_is_the_one_of_its_name)
{
	Company company;
	const CompanyPlan *plan = &company_plans[COMPANY_PLANS - 1];

	CHECK(company_get(cx, &company) == OK);
	CHECK_TEXT(company.plan, plan->name);
	CHECK_INT(company.users_max, plan->users_max);
	CHECK_INT(company.messages_max, plan->messages_max);
	CHECK_INT(company.storage_max, plan->storage_max);
	CHECK_TEXT(company.features, plan->features);
}

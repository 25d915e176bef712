#include "test.h"

#include "modules/company/company.h"
#include "test_db.h"

TEST(a_company_sees_only_itself)
{
	Company company;

	CHECK(company_get(cx, &company) == OK);
	CHECK_INT(company.id, 1);
	test_as_company(cx, 2);
	CHECK(company_get(cx, &company) == OK);
	CHECK_INT(company.id, 2);
}

TEST(a_seat_over_the_plan_is_refused_with_the_way_out)
{
	Company company;

	CHECK(company_get(cx, &company) == OK);
	CHECK(company_spend(cx, LIMIT_USERS, company.users_max) == OK);
	CHECK(company_spend(cx, LIMIT_USERS, company.users_max + 1) == ERR_LIMIT);
	CHECK(strstr(cx->err.sentence, "Configurações"));
}

TEST(messages_are_counted_until_the_plan_is_used_up)
{
	CHECK(company_spend(cx, LIMIT_MESSAGES, 9999) == OK);
	CHECK(company_spend(cx, LIMIT_MESSAGES, 1) == OK);
	CHECK(company_spend(cx, LIMIT_MESSAGES, 1) == ERR_LIMIT);
	test_as_company(cx, 2);
	CHECK(company_spend(cx, LIMIT_MESSAGES, 1) == OK);
}

TEST(files_count_together_until_the_plan_s_space_is_used_up)
{
	Company company;

	CHECK(company_get(cx, &company) == OK);
	CHECK(company_spend(cx, LIMIT_STORAGE, company.storage_max) == OK);
	PQclear(PQexec(db_native(cx->db),
		"insert into siso.file_use (company_id, files, size_bytes) values (1, 1, 1000)"
		" on conflict (company_id) do update set size_bytes = 1000"));
	CHECK(company_spend(cx, LIMIT_STORAGE, company.storage_max - 1000) == OK);
	CHECK(company_spend(cx, LIMIT_STORAGE, company.storage_max - 999) == ERR_LIMIT);
	CHECK(strstr(cx->err.sentence, "Configurações"));
	test_as_company(cx, 2);
	CHECK(company_spend(cx, LIMIT_STORAGE, company.storage_max) == OK);
}

TEST(a_host_nobody_has_is_not_found)
{
	Site site;

	CHECK(company_site_of_host(cx, "nobody.example", &site) == ERR_NOT_FOUND);
}

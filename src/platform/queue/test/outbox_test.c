/* The outbox inside a transaction: what job_add writes and who sees it. */
#include "fixture.h"
#include "platform/queue/queue.sql.h"

static int64_t queued(Ctx *cx)
{
	QueueCounts counts = { 0 };

	CHECK(queue_counts(cx, &counts) == OK);
	return counts.queued;
}

TEST(a_job_is_a_row_with_its_data)
{
	QueueItem *item;
	size_t count;

	fixture_reset(cx);
	CHECK(job_add(cx, "crm.automation", "{\"lead\":7}",
		      &(JobOptions){ .due = TEST_NOW + 60, .priority = 3 }) == OK);
	CHECK(queue_list(cx, NULL, 0, 10, &item, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(item[0].name, "crm.automation");
	CHECK_TEXT(item[0].state, "queued");
	CHECK_INT(item[0].due, TEST_NOW + 60);
	CHECK_INT(item[0].attempts, 0);
	CHECK_INT(item[0].finished_at, 0);
	CHECK_INT(queued(cx), 1);
}

TEST(the_same_work_is_not_queued_twice)
{
	const JobOptions key = { .dedupe_key = "lead 7" };

	fixture_reset(cx);
	CHECK(job_add(cx, "crm.automation", "{}", &key) == OK);
	CHECK(job_add(cx, "crm.automation", "{}", &key) == OK);
	CHECK_INT(queued(cx), 1);
	CHECK(job_add(cx, "crm.other", "{}", &key) == OK);
	CHECK(job_add(cx, "crm.automation", "{}", &(JobOptions){ .dedupe_key = "lead 8" }) == OK);
	CHECK(job_add(cx, "crm.automation", "{}", NULL) == OK);
	CHECK_INT(queued(cx), 4);
}

TEST(two_companies_have_the_same_key_and_do_not_see_each_other)
{
	const JobOptions key = { .dedupe_key = "nightly" };

	fixture_reset(cx);
	CHECK(job_add(cx, "crm.automation", "{}", &key) == OK);
	test_as_company(cx, 2);
	CHECK_INT(queued(cx), 0);
	CHECK(job_add(cx, "crm.automation", "{}", &key) == OK);
	CHECK_INT(queued(cx), 1);
}

TEST(the_program_itself_has_jobs_without_a_company)
{
	fixture_reset(cx);
	cx->company = (CompanyId){ 0 };
	CHECK(job_add(cx, "company.purge", "{}", NULL) == OK);
	CHECK_INT(queued(cx), 1);
}

TEST(data_must_be_a_json_object)
{
	fixture_reset(cx);
	CHECK(job_add(cx, "crm.automation", "[1]", NULL) != OK);
}

TEST(only_a_failed_job_of_the_company_can_be_asked_again)
{
	QueueItem *item;
	size_t count;

	fixture_reset(cx);
	CHECK(job_add(cx, "crm.automation", "{}", NULL) == OK);
	CHECK(queue_list(cx, NULL, 0, 1, &item, &count) == OK);
	CHECK(queue_retry(cx, item[0].id) == ERR_NOT_FOUND);
	CHECK(queue_retry(cx, 999999999) == ERR_NOT_FOUND);
	CHECK(job_is_last_try(cx) == false);
}

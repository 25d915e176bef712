/* Who is next: turns, limits, and the end of patience. */
#include "platform/scgi/lanes.h"
#include "test.h"

static const LaneLimits usual[LANE_COUNT] = {
	[LANE_NORMAL] = { .running = 4,
		.running_tenant = 2,
		.fresh_tenant = 2,
		.waiting = 10,
		.waiting_tenant = 6,
		.wait_ms = 100 },
	[LANE_HEAVY] = { .running = 1,
		.running_tenant = 1,
		.fresh_tenant = 1,
		.waiting = 4,
		.waiting_tenant = 4,
		.wait_ms = 1000 },
};

static LaneJob *add(Ctx *cx, Lanes *lanes, uint64_t tenant, Lane lane, int64_t now_us)
{
	LaneJob *job = NEW(cx->mem, LaneJob);

	job->tenant = tenant;
	job->lane = lane;
	return lanes_push(lanes, job, now_us) ? job : NULL;
}

/* Take all that wait, so that the lanes may be freed. */
static void finish(Lanes *lanes)
{
	while (lanes_expired(lanes, INT64_MAX))
		continue;
	lanes_free(lanes);
}

TEST(companies_take_turns)
{
	Lanes *lanes = lanes_new(usual, 1);
	uint64_t order[6];

	for (int i = 0; i < 4; i++)
		CHECK(add(cx, lanes, 1, LANE_NORMAL, i));
	CHECK(add(cx, lanes, 2, LANE_NORMAL, 10));
	CHECK(add(cx, lanes, 3, LANE_NORMAL, 11));
	for (int i = 0; i < 6; i++) {
		LaneJob *job = lanes_next(lanes, 20);

		order[i] = job ? job->tenant : 0;
		if (job)
			lanes_done(lanes, job);
	}
	CHECK_INT(order[0], 1);
	CHECK_INT(order[1], 2);
	CHECK_INT(order[2], 3);
	CHECK_INT(order[3], 1);
	CHECK_INT(order[5], 1);
	CHECK(lanes_are_idle(lanes));
	CHECK_INT(lanes_counts(lanes, LANE_NORMAL).tenants, 0);
	finish(lanes);
}

TEST(jobs_of_one_company_keep_their_order)
{
	Lanes *lanes = lanes_new(usual, 2);
	LaneJob *first = add(cx, lanes, 7, LANE_NORMAL, 1);
	LaneJob *second = add(cx, lanes, 7, LANE_NORMAL, 2);

	CHECK(lanes_next(lanes, 3) == first);
	CHECK(lanes_next(lanes, 3) == second);
	lanes_done(lanes, first);
	lanes_done(lanes, second);
	finish(lanes);
}

TEST(a_company_at_its_limit_lets_the_others_pass)
{
	Lanes *lanes = lanes_new(usual, 4);

	for (int i = 0; i < 4; i++)
		CHECK(add(cx, lanes, 1, LANE_NORMAL, i));
	CHECK(add(cx, lanes, 2, LANE_NORMAL, 9));
	CHECK_INT(lanes_next(lanes, 20)->tenant, 1);
	CHECK_INT(lanes_next(lanes, 20)->tenant, 2);
	CHECK_INT(lanes_next(lanes, 20)->tenant, 1);
	CHECK(!lanes_next(lanes, 20)); /* two of company 1 run, the fourth worker stays free */
	finish(lanes);
}

/* Like usual, but beside others a company has one fresh job at a time; four jobs of company 1. */
static Lanes *with_a_busy_company(Ctx *cx, int64_t now_us)
{
	LaneLimits limits[LANE_COUNT] = { usual[LANE_NORMAL], usual[LANE_HEAVY] };
	Lanes *lanes;

	limits[LANE_NORMAL].fresh_tenant = 1;
	lanes = lanes_new(limits, 4);
	for (int i = 0; i < 4; i++)
		CHECK(add(cx, lanes, 1, LANE_NORMAL, now_us));
	return lanes;
}

TEST(a_busy_company_alone_has_all_that_one_company_may_have)
{
	Lanes *lanes = with_a_busy_company(cx, 0);

	CHECK(lanes_next(lanes, 1));
	CHECK(lanes_next(lanes, 1));
	CHECK(!lanes_next(lanes, 1));
	finish(lanes);
}

TEST(a_busy_company_beside_an_active_one_runs_one_fresh_job_at_a_time)
{
	Lanes *lanes = with_a_busy_company(cx, 0);
	LaneJob *first;

	CHECK(add(cx, lanes, 2, LANE_NORMAL, 1));
	first = lanes_next(lanes, 2);
	CHECK_INT(first->tenant, 1);
	CHECK_INT(lanes_next(lanes, 2)->tenant, 2);
	CHECK(!lanes_next(lanes, 3));
	lanes_done(lanes, first);
	CHECK_INT(lanes_next(lanes, 4)->tenant, 1);
	CHECK(!lanes_next(lanes, 4));
	finish(lanes);
}

TEST(a_job_that_waits_for_a_lock_does_not_keep_its_company_waiting)
{
	int64_t later = LANE_FRESH_MS * 1000;
	Lanes *lanes = with_a_busy_company(cx, 0);

	CHECK(add(cx, lanes, 2, LANE_NORMAL, 1));
	CHECK_INT(lanes_next(lanes, 2)->tenant, 1);
	CHECK_INT(lanes_next(lanes, 2)->tenant, 2);
	CHECK(!lanes_next(lanes, later + 1));
	CHECK_INT(lanes_next(lanes, later + 2)->tenant, 1);
	CHECK(!lanes_next(lanes, 3 * later)); /* two of one company run */
	finish(lanes);
}

TEST(a_company_that_asked_long_ago_is_not_active)
{
	int64_t now = LANE_ACTIVE_MS * 1000;
	Lanes *lanes = with_a_busy_company(cx, now);
	LaneJob *other = add(cx, lanes, 2, LANE_NORMAL, now);

	CHECK_INT(lanes_next(lanes, now)->tenant, 1);
	CHECK(lanes_next(lanes, now) == other);
	lanes_done(lanes, other);
	CHECK(add(cx, lanes, 1, LANE_NORMAL, now + 1));
	CHECK(!lanes_next(lanes, now + 1));
	CHECK(lanes_next(lanes, now + LANE_ACTIVE_MS * 1000));
	finish(lanes);
}

TEST(heavy_work_runs_one_at_a_time_beside_normal_work)
{
	Lanes *lanes = lanes_new(usual, 4);
	LaneJob *heavy;

	heavy = add(cx, lanes, 1, LANE_HEAVY, 1);
	CHECK(add(cx, lanes, 2, LANE_HEAVY, 2));
	CHECK(add(cx, lanes, 3, LANE_NORMAL, 3));
	CHECK(lanes_next(lanes, 5) == heavy);
	CHECK_INT(lanes_next(lanes, 5)->tenant, 3);
	CHECK(!lanes_next(lanes, 5));
	lanes_done(lanes, heavy);
	CHECK_INT(lanes_next(lanes, 5)->tenant, 2);
	finish(lanes);
}

TEST(no_more_run_than_there_are_workers)
{
	Lanes *lanes = lanes_new(usual, 2);

	for (uint64_t i = 1; i <= 3; i++)
		CHECK(add(cx, lanes, i, LANE_NORMAL, 1));
	CHECK(lanes_next(lanes, 2));
	CHECK(lanes_next(lanes, 2));
	CHECK(!lanes_next(lanes, 2));
	finish(lanes);
}

TEST(a_full_lane_refuses_and_says_when_to_come_back)
{
	Lanes *lanes = lanes_new(usual, 1);

	for (int i = 0; i < 6; i++)
		CHECK(add(cx, lanes, 1, LANE_NORMAL, i));
	CHECK(!add(cx, lanes, 1, LANE_NORMAL, 7)); /* its own share is full */
	for (uint64_t i = 2; i < 6; i++)
		CHECK(add(cx, lanes, i, LANE_NORMAL, 8));
	CHECK(!add(cx, lanes, 9, LANE_NORMAL, 9)); /* the lane is */
	CHECK_INT(lanes_counts(lanes, LANE_NORMAL).refused, 2);
	CHECK(lanes_retry_s(lanes, LANE_NORMAL) >= 1);
	finish(lanes);
}

TEST(nobody_waits_longer_than_the_lane_allows)
{
	Lanes *lanes = lanes_new(usual, 1);
	LaneJob *old, *young;

	old = add(cx, lanes, 1, LANE_NORMAL, 0);
	young = add(cx, lanes, 2, LANE_NORMAL, 90000);
	CHECK(!lanes_expired(lanes, 100000));
	CHECK(lanes_expired(lanes, 100001) == old);
	CHECK(!lanes_expired(lanes, 100001));
	CHECK(lanes_next(lanes, 100001) == young);
	CHECK_INT(lanes_counts(lanes, LANE_NORMAL).expired, 1);
	finish(lanes);
}

/* How a discount of the whole lies on the lines, and who may give how much. */
#include "modules/treatment/plan.h"

static bool is_live(const PlanLine *line)
{
	return strcmp(line->state, "cancelled") != 0;
}

/* Does the discount of the whole still lie on this line? What was approved has its part of it in
 * its own discount already. */
static bool shares(const PlanLine *line)
{
	return is_live(line) && !line->approved_at && strcmp(line->state, "done") != 0;
}

static int64_t net_of(const PlanLine *line)
{
	return line->price_cents - line->discount_cents;
}

/* Cents of `whole` for a part: rounded down, and what is cut off in *ret_rest. 128 bits: cents of
 * two long numbers are multiplied. */
static int64_t part_of(int64_t whole, int64_t part, int64_t sum, int64_t *ret_rest)
{
	__extension__ typedef unsigned __int128 Wide;
	Wide product = (Wide)(uint64_t)whole * (uint64_t)part;

	*ret_rest = (int64_t)(product % (uint64_t)sum);
	return (int64_t)(product / (uint64_t)sum);
}

/* Largest remainder: each line gets its part rounded down, the cents that are left go one by one to
 * those that lost most by it; equal ones in their order. */
static void spread_whole(Plan *plan, int64_t whole, int64_t sum)
{
	int64_t given = 0, rest[PLAN_LINES_MAX + 1];
	size_t n = plan->line_count;

	for (size_t i = 0; i < n; i++) {
		PlanLine *line = &plan->line[i];

		rest[i] = -1;
		if (!shares(line) || net_of(line) == 0)
			continue;
		line->share_cents = part_of(whole, net_of(line), sum, &rest[i]);
		given += line->share_cents;
	}
	while (given < whole) {
		size_t best = 0;

		for (size_t i = 1; i < n; i++)
			if (rest[i] > rest[best])
				best = i;
		plan->line[best].share_cents++;
		rest[best] = -1;
		given++;
	}
}

void plan_spread(Plan *plan)
{
	int64_t sum = 0, whole;

	assert(plan->line_count <= PLAN_LINES_MAX + 1);
	plan->subtotal = plan->discount = plan->total = plan->done = 0;
	plan->live_count = plan->open_count = plan->approved_count = 0;
	for (size_t i = 0; i < plan->line_count; i++) {
		plan->line[i].share_cents = 0;
		if (shares(&plan->line[i]))
			sum += net_of(&plan->line[i]);
	}
	whole = plan->whole_cents < sum ? plan->whole_cents : sum;
	if (whole > 0)
		spread_whole(plan, whole, sum);
	for (size_t i = 0; i < plan->line_count; i++) {
		PlanLine *line = &plan->line[i];

		line->total_cents = net_of(line) - line->share_cents;
		if (!is_live(line))
			continue;
		plan->live_count++;
		plan->open_count += shares(line);
		plan->approved_count += line->approved_at != 0;
		plan->subtotal += line->price_cents;
		plan->discount += line->discount_cents + line->share_cents;
		plan->total += line->total_cents;
		if (!strcmp(line->state, "done"))
			plan->done += line->total_cents;
	}
}

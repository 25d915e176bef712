/* Per lane: a table of the tenants that have something running or waiting, and a ring of those with
 * something waiting, in the order of their turns. A tenant's entry is given back when it has
 * neither, so memory follows the work at hand and not the number of clinics ever seen. */
#include "platform/scgi/lanes.h"

enum { BUCKETS = 256 };

typedef struct Tenant {
	struct Tenant *chain;
	struct Tenant *turn; /* next in the ring */
	uint64_t key;
	LaneJob *head, *tail;
	unsigned waiting, running;
	int64_t since_us[LANE_RUNNING_MAX]; /* when each of those running began */
} Tenant;

typedef struct Queue {
	LaneLimits limits;
	Tenant *bucket[BUCKETS];
	Tenant *last; /* of the ring; last->turn is served next */
	LaneCounts counts;
	int64_t wait_us; /* moving average of the time that a started job had waited */
} Queue;

/* When a tenant last asked. */
typedef struct Seen {
	uint64_t key;
	int64_t us;
} Seen;

struct Lanes {
	Queue queue[LANE_COUNT];
	unsigned workers, running;
	Seen last, before; /* who asked last, and who before that was somebody else */
};

static unsigned at_least_one(unsigned n)
{
	return n ? n : 1;
}

Lanes *lanes_new(const LaneLimits limits[LANE_COUNT], unsigned workers)
{
	Lanes *lanes = calloc(1, sizeof(*lanes));

	if (!lanes)
		abort();
	lanes->workers = at_least_one(workers);
	for (size_t i = 0; i < LANE_COUNT; i++) {
		LaneLimits *own = &lanes->queue[i].limits;

		*own = limits[i];
		own->running = at_least_one(own->running);
		own->running_tenant = at_least_one(own->running_tenant);
		if (own->running_tenant > LANE_RUNNING_MAX)
			own->running_tenant = LANE_RUNNING_MAX;
		own->fresh_tenant = at_least_one(own->fresh_tenant);
	}
	lanes->last.us = lanes->before.us = INT64_MIN / 2;
	return lanes;
}

void lanes_free(Lanes *lanes)
{
	if (!lanes)
		return;
	for (size_t i = 0; i < LANE_COUNT; i++)
		for (size_t k = 0; k < BUCKETS; k++)
			while (lanes->queue[i].bucket[k]) {
				Tenant *tenant = lanes->queue[i].bucket[k];

				lanes->queue[i].bucket[k] = tenant->chain;
				free(tenant);
			}
	free(lanes);
}

static Tenant **tenant_slot(Queue *queue, uint64_t key)
{
	Tenant **slot = &queue->bucket[(key * 0x9E3779B97F4A7C15u) >> 56];

	while (*slot && (*slot)->key != key)
		slot = &(*slot)->chain;
	return slot;
}

static Tenant *tenant_get(Queue *queue, uint64_t key)
{
	Tenant **slot = tenant_slot(queue, key);

	if (*slot)
		return *slot;
	*slot = calloc(1, sizeof(Tenant));
	if (!*slot)
		abort();
	(*slot)->key = key;
	queue->counts.tenants++;
	return *slot;
}

static void tenant_drop_if_idle(Queue *queue, Tenant *tenant)
{
	Tenant **slot;

	if (tenant->waiting || tenant->running)
		return;
	slot = tenant_slot(queue, tenant->key);
	*slot = tenant->chain;
	free(tenant);
	queue->counts.tenants--;
}

static void ring_add(Queue *queue, Tenant *tenant)
{
	if (queue->last) {
		tenant->turn = queue->last->turn;
		queue->last->turn = tenant;
	} else {
		tenant->turn = tenant;
	}
	queue->last = tenant;
}

/* Takes out the tenant behind `before`. */
static void ring_remove_after(Queue *queue, Tenant *before)
{
	Tenant *gone = before->turn;

	if (gone == before) {
		queue->last = NULL;
		return;
	}
	before->turn = gone->turn;
	if (queue->last == gone)
		queue->last = before;
}

static void note_asking(Lanes *lanes, uint64_t key, int64_t now_us)
{
	if (lanes->last.key != key)
		lanes->before = lanes->last;
	lanes->last = (Seen){ key, now_us };
}

bool lanes_push(Lanes *lanes, LaneJob *job, int64_t now_us)
{
	Queue *queue = &lanes->queue[job->lane];
	Tenant *tenant;

	note_asking(lanes, job->tenant, now_us);
	if (queue->counts.waiting >= queue->limits.waiting) {
		queue->counts.refused++;
		return false;
	}
	tenant = tenant_get(queue, job->tenant);
	if (tenant->waiting >= queue->limits.waiting_tenant) {
		queue->counts.refused++;
		tenant_drop_if_idle(queue, tenant);
		return false;
	}
	job->next = NULL;
	job->queued_us = now_us;
	if (tenant->tail)
		tenant->tail->next = job;
	else
		tenant->head = job;
	tenant->tail = job;
	if (!tenant->waiting++)
		ring_add(queue, tenant);
	queue->counts.waiting++;
	return true;
}

/* The oldest job of the tenant behind `before` in the ring. */
static LaneJob *take_after(Queue *queue, Tenant *before)
{
	Tenant *tenant = before->turn;
	LaneJob *job = tenant->head;

	tenant->head = job->next;
	if (!tenant->head)
		tenant->tail = NULL;
	job->next = NULL;
	queue->counts.waiting--;
	if (!--tenant->waiting)
		ring_remove_after(queue, before);
	return job;
}

static bool others_are_active(const Lanes *lanes, uint64_t key, int64_t now_us)
{
	const Seen *other = lanes->last.key == key ? &lanes->before : &lanes->last;

	return now_us - other->us < LANE_ACTIVE_MS * 1000;
}

static unsigned fresh_of(const Tenant *tenant, int64_t now_us)
{
	unsigned fresh = 0;

	for (unsigned i = 0; i < tenant->running; i++)
		fresh += now_us - tenant->since_us[i] < LANE_FRESH_MS * 1000;
	return fresh;
}

static bool may_run_more(
	const Lanes *lanes, const LaneLimits *limits, const Tenant *tenant, int64_t now_us)
{
	return tenant->running < limits->running_tenant &&
	       (fresh_of(tenant, now_us) < limits->fresh_tenant ||
		       !others_are_active(lanes, tenant->key, now_us));
}

/* The tenant whose turn it is and who may run one more; the one before it in the ring is returned.
 */
static Tenant *turn_of(const Lanes *lanes, const Queue *queue, int64_t now_us)
{
	Tenant *before = queue->last;

	if (!before || queue->counts.running >= queue->limits.running)
		return NULL;
	do {
		if (may_run_more(lanes, &queue->limits, before->turn, now_us))
			return before;
		before = before->turn;
	} while (before != queue->last);
	return NULL;
}

LaneJob *lanes_next(Lanes *lanes, int64_t now_us)
{
	Queue *best = NULL;
	Tenant *best_before = NULL;
	Tenant *tenant;
	LaneJob *job;

	if (lanes->running >= lanes->workers)
		return NULL;
	for (size_t i = 0; i < LANE_COUNT; i++) {
		Tenant *before = turn_of(lanes, &lanes->queue[i], now_us);

		if (before && (!best_before || before->turn->head->queued_us <
						       best_before->turn->head->queued_us)) {
			best = &lanes->queue[i];
			best_before = before;
		}
	}
	if (!best)
		return NULL;
	tenant = best_before->turn;
	job = take_after(best, best_before);
	/* Its next job, if any, comes after everybody else's next one. */
	if (tenant->waiting)
		best->last = tenant;
	tenant->since_us[tenant->running++] = now_us;
	best->counts.running++;
	best->counts.started++;
	lanes->running++;
	job->started_us = now_us;
	best->wait_us += (now_us - job->queued_us - best->wait_us) / 16;
	return job;
}

void lanes_done(Lanes *lanes, const LaneJob *job)
{
	Queue *queue = &lanes->queue[job->lane];
	Tenant *tenant = *tenant_slot(queue, job->tenant);

	assert(tenant && tenant->running && queue->counts.running && lanes->running);
	tenant->running--;
	/* The last takes the ended one's place; of equal times it does not matter which. */
	for (unsigned i = 0; i < tenant->running; i++)
		if (tenant->since_us[i] == job->started_us) {
			tenant->since_us[i] = tenant->since_us[tenant->running];
			break;
		}
	queue->counts.running--;
	lanes->running--;
	tenant_drop_if_idle(queue, tenant);
}

LaneJob *lanes_expired(Lanes *lanes, int64_t now_us)
{
	for (size_t i = 0; i < LANE_COUNT; i++) {
		Queue *queue = &lanes->queue[i];
		int64_t oldest = now_us - (int64_t)queue->limits.wait_ms * 1000;
		Tenant *before = queue->last;

		if (!before)
			continue;
		do {
			Tenant *tenant = before->turn;

			if (tenant->head->queued_us < oldest) {
				LaneJob *job = take_after(queue, before);

				queue->counts.expired++;
				tenant_drop_if_idle(queue, tenant);
				return job;
			}
			before = tenant;
		} while (before != queue->last);
	}
	return NULL;
}

int lanes_retry_s(const Lanes *lanes, Lane lane)
{
	int64_t seconds = 1 + lanes->queue[lane].wait_us / 1000000;

	return seconds < 30 ? (int)seconds : 30;
}

LaneCounts lanes_counts(const Lanes *lanes, Lane lane)
{
	return lanes->queue[lane].counts;
}

bool lanes_are_waiting(const Lanes *lanes)
{
	for (size_t i = 0; i < LANE_COUNT; i++)
		if (lanes->queue[i].counts.waiting)
			return true;
	return false;
}

bool lanes_are_idle(const Lanes *lanes)
{
	return !lanes->running && !lanes_are_waiting(lanes);
}

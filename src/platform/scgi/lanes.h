/* lanes: who is next. Requests wait in lanes (normal, heavy); inside a lane the companies take
 * turns, so one clinic's rush does not become another's wait. Every number is bounded: how many run
 * and how many wait, in the lane and of one company, and for how long.
 *
 * A plain data structure: the caller holds a lock around each call and says what time it is. */
#ifndef SCGI_LANES_H
#define SCGI_LANES_H

#include "core/base.h"
#include "platform/web/web.h"

enum {
	LANE_FRESH_MS = 20,
	LANE_ACTIVE_MS = 1000, /* who asked so lately is active */
	LANE_RUNNING_MAX = 64, /* of one tenant; more are not asked for */
};

typedef struct LaneLimits {
	unsigned running, running_tenant; /* at once: in the lane, of one tenant */
	/* Of one tenant, of those that began in the last LANE_FRESH_MS, while another is active:
	 * what runs longer waits for somebody (a lock, a partner) and leaves the processors alone.
	 */
	unsigned fresh_tenant;
	unsigned waiting, waiting_tenant; /* the next one is refused */
	int wait_ms;                      /* nobody waits longer */
} LaneLimits;

/* Embedded in whatever waits. */
typedef struct LaneJob {
	struct LaneJob *next;
	uint64_t tenant; /* 0: all whose company is not known share one turn */
	Lane lane;
	int64_t queued_us, started_us;
} LaneJob;

typedef struct LaneCounts {
	unsigned running, waiting, tenants;
	uint64_t started, refused, expired; /* since the start */
} LaneCounts;

typedef struct Lanes Lanes;

Lanes *lanes_new(const LaneLimits limits[LANE_COUNT], unsigned workers);
void lanes_free(Lanes *lanes); /* NULL is fine; nothing may be waiting */

/* Put job (lane and tenant set) into its queue. False: too many wait already. */
bool lanes_push(Lanes *lanes, LaneJob *job, int64_t now_us);
/* The job to run now, counted as running; NULL when none may: ask again when one has ended or
 * LANE_FRESH_MS later. Of the lanes the one whose oldest job waited longest; in it the tenants in
 * turn. */
LaneJob *lanes_next(Lanes *lanes, int64_t now_us);
/* A job that lanes_next gave has ended. */
void lanes_done(Lanes *lanes, const LaneJob *job);
/* Take out one job that waited longer than its lane allows; NULL: none. */
LaneJob *lanes_expired(Lanes *lanes, int64_t now_us);
/* Seconds after which a refused client should try again, by how long a job lately waited. */
int lanes_retry_s(const Lanes *lanes, Lane lane);

LaneCounts lanes_counts(const Lanes *lanes, Lane lane);
bool lanes_are_idle(const Lanes *lanes);    /* nothing runs, nothing waits */
bool lanes_are_waiting(const Lanes *lanes); /* something waits */

#endif

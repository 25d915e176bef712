/* doors: what the files of the agenda's doors share (settings, waiting list, public booking, feed,
 * kiosk, print), and what agenda_web.c takes from them: routes, jobs, schedules, the ear for
 * events. Not for other modules. */
#ifndef AGENDA_DOORS_ROOMS_H
#define AGENDA_DOORS_ROOMS_H

#include "modules/agenda/agenda.h"
#include "modules/agenda/doors.sql.h"

/* ---- what the module declares ---- */

extern const RouteList settings_routes; /* chained: all routes of the doors hang on it */
extern const RouteList settings_chair_routes, settings_type_routes, settings_hours_routes,
	settings_block_routes, settings_rule_routes;
extern const RouteList waiting_routes, offer_routes, booking_routes, visit_link_routes, feed_routes,
	kiosk_routes, print_routes;
enum { DOOR_JOB_COUNT = 4, DOOR_CRON_COUNT = 1 };
extern const Job door_jobs[DOOR_JOB_COUNT];
extern const Cron door_crons[DOOR_CRON_COUNT];
/* The card of the waiting list on the patient's summary. */
MUST_CHECK Err waiting_card_ask(Ctx *cx, int64_t patient);
MUST_CHECK Err waiting_card_show(Req *q, int64_t patient);
/* appointment.freed and .cancelled: the slot is noted and, by rule, offered. */
MUST_CHECK Err doors_on_event(Ctx *cx, const char *name, int64_t id, const char *json);

/* ---- settings ---- */

/* A shift as the person writes it. weekday 1 Monday … 7; dates DATE_NONE: open. */
typedef struct ShiftForm {
	int64_t branch_id, chair_id; /* chair 0: the dentist's usual one */
	int weekday, from_minute, to_minute;
	int32_t valid_from, valid_to;
	int every; /* 1 each week; 2 every other, counted from valid_from */
} ShiftForm;

/* Does the shift happen on that date? */
bool shift_runs(const ShiftForm *shift, int32_t date);
/* Is there a day on which both happen and a minute that both hold? */
bool shifts_meet(const ShiftForm *a, const ShiftForm *b);
/* Save a shift of the dentist; id 0: a new one. ERR_INVALID: overlaps another (says which), dates
 * or minutes the wrong way round, a chair of another branch. */
MUST_CHECK Err shift_save(Ctx *cx, int64_t user, int64_t id, const ShiftForm *in);

/* Visits of the dentist in the next 120 days that stand outside the openings. */
MUST_CHECK Err visits_outside(Ctx *cx, int64_t user, SqlDoorVisitRow **ret, size_t *ret_count);
/* Those of after that are not in before. */
size_t visits_new(Arena *mem, const SqlDoorVisitRow *before, size_t before_count,
	const SqlDoorVisitRow *after, size_t after_count, const SqlDoorVisitRow **ret);

/* A block as the person writes it; ids 0: everyone, any, all. */
typedef struct BlockForm {
	int64_t user_id, chair_id, branch_id;
	const char *kind, *title;
	Int64s visit_types;
	int64_t from, to;
	uint8_t weekdays; /* of the repetition, bit 0 Monday; 0: once */
	int32_t until;    /* last date of the repetition */
} BlockForm;

enum { BLOCK_REPEATS_MAX = 200 };

/* Add the block and its repetitions; *ret_made: how many. ERR_INVALID: marks the field. */
MUST_CHECK Err block_add(Ctx *cx, const BlockForm *in, int64_t *ret_id, size_t *ret_made);
/* Change one block; it leaves its repetition. ERR_CONFLICT: somebody was faster. */
MUST_CHECK Err block_save(Ctx *cx, int64_t id, int64_t version, const BlockForm *in);

/* The rules as they stand; a company without a row has the usual ones. */
MUST_CHECK Err rule_get(Ctx *cx, SqlDoorRuleRow *ret);

/* "08:00", from minutes of the day; "24:00" too. */
const char *minute_text(Arena *mem, int minute);
/* "Segunda", "seg" of 1 … 7 */
const char *weekday_title(int weekday);
const char *weekday_short(int weekday);
/* Bit 0 Monday, of days 1 … 7 as forms send them. */
uint8_t weekday_bits(Int64s days);
/* "Seg a sex, 08:00 às 12:00 e 13:00 às 18:00"-like lines of a dentist's usual hours. */
const char *shifts_summary(Arena *mem, const SqlDoorShiftRow *shift, size_t count);
/* Tell open pages that the frame of a day changed. */
void agenda_frame_changed(Ctx *cx, int64_t at);

/* ---- links that are secrets ---- */

/* SHA-256 of the secret, as stored. */
const char *secret_hash(Arena *mem, const char *secret);

/* The feed of a dentist as RFC 5545 text. */
typedef struct FeedIn {
	const char *host, *dentist;
	bool names; /* else times only */
	const SqlDoorFeedVisits *visit;
	size_t visit_count;
} FeedIn;
const char *feed_text(Arena *mem, const FeedIn *in);

#endif

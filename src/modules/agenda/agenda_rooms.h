/* What the files of this folder share. Other modules see agenda.h only. */
#ifndef AGENDA_AGENDA_ROOMS_H
#define AGENDA_AGENDA_ROOMS_H

#include "modules/agenda/agenda.h"
#include "modules/agenda/agenda.sql.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 3600,
	DAY_S = 86400,
	WEEK_S = 7 * DAY_S,
	VISIT_MOST_S = 24 * HOUR_S, /* as the table's check */
	SERIES_MOST = 104
};

/* ---- visit.c: the visit as a record ---- */

/* api_web.c: what a change of a visit may say */
extern const Field agenda_change_fields[14];

/* A visit as the API shows it. */
typedef struct VisitOut {
	Appointment v;
	const char *presence, *confirmation;
} VisitOut;
enum { VISIT_OUT_COUNT = 29 };
extern const OutField visit_out[VISIT_OUT_COUNT];
VisitOut visit_out_of(const Appointment *visit);
const char *visit_json(Ctx *cx, const Appointment *visit);
/* The same with "line_id", unless it is 0. */
const char *visit_json_for(Ctx *cx, const Appointment *visit, int64_t line_id);

/* NULL: not among them. */
const Branch *branch_find(const Branch *branch, size_t count, int64_t id);
Appointment visit_of_row(const SqlVisitRow *row);
Presence presence_of(const char *name);
Confirmation confirmation_of(const char *name);
/* agenda_list in two halves, for one round trip together with other queries. */
MUST_CHECK Err visits_ask(Ctx *cx, const AgendaQuery *in);
MUST_CHECK Err visits_read(Ctx *cx, const AgendaQuery *in, Appointment **ret, size_t *ret_count);
/* Over: done, missed or cancelled. Only undo brings it back. */
bool presence_is_over(Presence p);
/* "ter, 24 nov, 10:00", and "ter, 24 nov, 10:00 com Dra. Ianara Pinho", in the branch's zone. */
const char *visit_when(Ctx *cx, int64_t at, const char *zone);
const char *visit_where(Ctx *cx, const Appointment *visit, const char *zone);

/* ---- frame.c: hours and what closes them, read once for a stretch of time ---- */

typedef struct Frame {
	int64_t from, to;
	Branch *branch;
	size_t branch_count;
	SqlAgendaDentists *dentist;
	size_t dentist_count;
	SqlAgendaChairs *chair;
	size_t chair_count;
	int32_t first_day; /* the stretch's days, one more at either end … */
	int day_count;
	int64_t *midnight; /* … begin then: day_count + 1 of each branch */
	SqlAgendaShifts *shift;
	size_t shift_count;
	SqlAgendaExtraShifts *extra;
	size_t extra_count;
	Block *block; /* by from */
	size_t block_count;
	SqlAgendaHolidays *holiday;
	size_t holiday_count;
} Frame;

/* dentist_id 0: of all. */
MUST_CHECK Err frame_load(Ctx *cx, int64_t from, int64_t to, int64_t dentist_id, Frame *ret);
MUST_CHECK Err frame_ask(Ctx *cx, int64_t from, int64_t to, int64_t dentist_id);
MUST_CHECK Err frame_read(Ctx *cx, int64_t from, int64_t to, Frame *ret);
/* NULL: no such branch. */
const char *frame_zone(const Ctx *cx, const Frame *frame, int64_t branch_id);
/* The name of the holiday on which the branch is closed, or NULL. */
const char *frame_holiday(const Frame *frame, int64_t branch_id, int32_t date);
/* What closes time in the range, holidays among it, by time. */
void frame_blocks(Ctx *cx, const Frame *frame, Block **ret, size_t *ret_count);
/* By dentist and time; those that touch in the same branch and chair are one. */
void frame_openings(
	Ctx *cx, const Frame *frame, int64_t branch_id, Opening **ret, size_t *ret_count);
/* Does this block close the time for such a visit? Ids 0: none in particular. */
bool frame_block_closes(const Block *block, int64_t dentist_id, int64_t branch_id, int64_t chair_id,
	int64_t visit_type_id);
/* Why nobody may be booked there ("Dra. Ianara não atende neste horário."), or NULL. *branch_id 0
 * becomes the shift's, or where the dentist of the facts usually works. */
const char *frame_refusal(Ctx *cx, const Frame *frame, const Booking *in, int64_t from, int64_t to,
	const SqlAgendaFacts *facts, int64_t *branch_id);

/* The block alone that keeps [from, to) from such a visit, as a sentence, or NULL. */
const char *frame_closed(Ctx *cx, const Frame *frame, const Booking *in, int64_t branch_id,
	int64_t from, int64_t to);

/* ---- lock.c ---- */

/* Lock the days (UTC) of visits [from[i], from[i] + busy_s), and of more stretches, in order. */
typedef struct Stretch {
	int64_t from, to;
} Stretch;
MUST_CHECK Err lock_days(Ctx *cx, const Stretch *stretch, size_t count);
/* Then its row. ERR_STALE: whoever changed it since it was read, was faster. */
MUST_CHECK Err lock_visit_as_read(Ctx *cx, const Appointment *old);
/* Run part(cx, arg) inside a savepoint; undone when it fails, which also gives the locks back. Once
 * more after a deadlock. */
MUST_CHECK Err try_part(Ctx *cx, Err (*part)(Ctx *cx, void *arg), void *arg);
/* ERR_CONFLICT at field starts_at. */
Err refuse_time(Ctx *cx, const char *sentence);

/* ---- book.c ---- */

/* A booking with all that was looked up for it. */
typedef struct Plan {
	Booking in; /* ends_at and branch_id filled */
	SqlAgendaFacts facts;
	int64_t busy_s; /* from starts_at to the end of the buffer */
	const char *zone;
	/* the visits: one, or a repetition's */
	int64_t *from;
	size_t count;
} Plan;

/* Look up, check and fill. visit: the one that moves, or NULL. */
MUST_CHECK Err plan_make(Ctx *cx, const Booking *in, const Appointment *visit, Plan *ret);
/* ERR_CONFLICT and a sentence when nobody works then, unless in.outside_hours. */
MUST_CHECK Err plan_check_hours(Ctx *cx, Plan *plan);
/* Inside the lock: ERR_CONFLICT and a sentence when dentist or chair is taken, apart from the
 * visits `except`. An encaixe overlaps nothing. Holds that are over are dropped. */
MUST_CHECK Err plan_check_free(Ctx *cx, const Plan *plan, Int64s except);
/* Keep a slot for the public page until `until`; checks as agenda_book (never outside hours, never
 * encaixe, no patient yet). agenda_take_hold makes it the visit of in->patient_id; ERR_CONFLICT:
 * the hold is over. agenda_drop_hold gives it back. */
MUST_CHECK Err agenda_hold(Ctx *cx, const Booking *in, int64_t until, AppointmentId *ret);
MUST_CHECK Err agenda_take_hold(Ctx *cx, AppointmentId id, const Booking *in);
MUST_CHECK Err agenda_drop_hold(Ctx *cx, AppointmentId id);

/* ---- note.c: what is written down when a visit changes ---- */

typedef struct Note {
	const char *axis;           /* as agenda.change */
	const char *before, *after; /* names of presence and confirmation, else for people */
	const char *reason;
	const char *event; /* "appointment.moved" */
	const char *title; /* of the patient's timeline; NULL: nothing there */
	bool by_patient;
	const Appointment *old; /* as it was; NULL: made now */
	int64_t line_id;        /* as Booking; told with the event */
	int64_t *batch;         /* of changes taken back together, 0 at first; NULL: alone */
	int64_t undoes;         /* the change that this one takes back; 0: none */
} Note;
/* Change row, audit, timeline, the patient's figures, module_tell and the browsers' event. */
MUST_CHECK Err visit_note(Ctx *cx, AppointmentId id, const Note *note);
/* Tell what [from, to) of a visit that went away leaves free, when it is still to come. */
MUST_CHECK Err visit_freed(Ctx *cx, const Appointment *old);
/* Tell the patient module what this patient's visits look like now. 0: nobody. */
MUST_CHECK Err visits_tell_patient(Ctx *cx, int64_t patient);

/* ---- carry.c ---- */

/* Of patient.updated, .merged, .unmerged. */
MUST_CHECK Err visits_on_event(Ctx *cx, const char *name, int64_t id, const char *json);

/* ---- series.c ---- */

/* Times of a repetition that starts at `from`. ERR_INVALID field rrule. */
MUST_CHECK Err series_times(Ctx *cx, const char *rrule, int64_t from, const char *zone,
	int64_t **ret, size_t *ret_count);

/* ---- api_web.c ---- */

extern const RouteList agenda_api; /* and behind it those of the doors */

/* ---- start.c ---- */

/* Visit types, the row of rules, a chair. */
MUST_CHECK Err agenda_start_company(Ctx *cx);
MUST_CHECK Err agenda_demo(Ctx *cx);
/* Module.on_event: hands on to the files that listen. */
MUST_CHECK Err agenda_on_event(Ctx *cx, const char *name, int64_t id, const char *json);

#endif

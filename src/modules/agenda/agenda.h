/* agenda: who works when and where, and the visits. Owns the schema agenda. Times are UTC seconds;
 * days and minutes of the day are meant in the branch's zone. Visits are half-open: one that ends
 * at 10:00 leaves 10:00 free. Two axes (presence, confirmation), every change append-only and
 * undoable: README.md. */
#ifndef AGENDA_AGENDA_H
#define AGENDA_AGENDA_H

#include "modules/company/company.h"
#include "modules/patient/patient.h"

extern const Module agenda_module;

typedef struct AppointmentId {
	int64_t v;
} AppointmentId;

typedef enum Presence {
	PRESENCE_HELD, /* a slot kept for ten minutes by the public page */
	PRESENCE_SCHEDULED,
	PRESENCE_ARRIVED, /* in the waiting room */
	PRESENCE_IN_CHAIR,
	PRESENCE_DONE,
	PRESENCE_NO_SHOW,
	PRESENCE_CANCELLED,
	PRESENCE_COUNT
} Presence;

typedef enum Confirmation {
	CONFIRMATION_NOT_SENT,
	CONFIRMATION_SENT,
	CONFIRMATION_CONFIRMED,
	CONFIRMATION_DECLINED,
	CONFIRMATION_NO_ANSWER,
	CONFIRMATION_COUNT
} Confirmation;

/* "scheduled", as stored and in the API; "Agendado", for people; tone and icon for the screens. */
const char *presence_name(Presence p);
const char *presence_title(Presence p);
const char *presence_tone(Presence p);
const char *presence_icon(Presence p);
const char *confirmation_name(Confirmation c);
const char *confirmation_title(Confirmation c);

typedef struct Appointment {
	int64_t id, branch_id, dentist_id, chair_id, patient_id, visit_type_id,
		series_id; /* 0: none */
	const char *patient_name, *title, *note, *dentist_name, *chair_name, *visit_type;
	const char *origin; /* "internal" "public" "waitlist" "recall" */
	bool patient_alert, encaixe;
	int64_t starts_at, ends_at, busy_to;
	Presence presence;
	Confirmation confirmation;
	int64_t asked_at, arrived_at, seated_at, dismissed_at; /* 0: not yet */
	const char *cancelled_by, *cancel_reason;              /* "patient" "clinic" */
	int no_show_permille;                                  /* -1: not predicted */
	int version;
} Appointment;

/* What a visit is booked with, and moved or edited to. */
typedef struct Booking {
	int64_t branch_id, dentist_id, chair_id, patient_id,
		visit_type_id;      /* chair 0: late; branch 0: the shift's, else the first */
	int64_t starts_at, ends_at; /* ends 0: as long as type and dentist take */
	const char *title, *note;
	int64_t asked_at;
	bool encaixe;       /* needs agenda.encaixe; overlaps nothing forbids */
	bool outside_hours; /* the person has seen that nobody works then and is sure */
	const char *origin; /* NULL: "internal" */
	const char *rrule;  /* RFC 5545, NULL: once; at most 104 visits within two years */
	int64_t version;    /* that the person saw; moving and editing only */
	int64_t line_id;    /* what is to be done there, in the words of who plans it; 0: nothing in
			       particular. Not kept: told with "appointment.booked" as "line_id" */
} Booking;

typedef enum Scope { SCOPE_ONE, SCOPE_FOLLOWING } Scope; /* of a repetition */

/* Book. Locks the days (one advisory lock a company and day), writes the change, audit, timeline,
 * the patient's brief, tells "appointment.booked" and publishes the event "agenda". ERR_CONFLICT:
 * dentist or chair is taken, the time is blocked, or outside hours without the flag; cx->err says
 * which in a sentence, field "starts_at" is set, and agenda_nearest finds what is free. With rrule:
 * all or nothing, the sentence names the first date that is taken. */
MUST_CHECK Err agenda_book(Ctx *cx, const Booking *in, AppointmentId *ret);
/* The booking that leaves the visit as it is: change in it what is to change and agenda_move it. */
Booking agenda_booking_of(const Appointment *visit);
/* Move and edit, as agenda_book. in says all; only version, starts_at, dentist_id, patient_id and
 * branch_id that are 0 stay as they are (branch: of the new shift), and ends_at 0 keeps the length.
 * ERR_STALE: somebody was faster. A visit that ended (done, no-show, cancelled) is not moved:
 * ERR_CONFLICT. Another time asks for confirmation anew. Undoable. */
MUST_CHECK Err agenda_move(Ctx *cx, AppointmentId id, const Booking *in, Scope scope);
MUST_CHECK Err agenda_get(Ctx *cx, AppointmentId id, Appointment *ret);

/* Presence: any step forward, and back only by undo. arrived, in_chair and dismissed times are
 * kept. in_chair needs a chair (0: the visit's own; ERR_INVALID field chair_id when it has none).
 * Cancelling: agenda_cancel. ERR_CONFLICT: not from here, with a sentence. */
MUST_CHECK Err agenda_set_presence(Ctx *cx, AppointmentId id, Presence to, int64_t chair_id);
MUST_CHECK Err agenda_set_confirmation(Ctx *cx, AppointmentId id, Confirmation to);
/* by_patient false: the clinic. The freed slot is told as "appointment.freed". */
MUST_CHECK Err agenda_cancel(
	Ctx *cx, AppointmentId id, bool by_patient, const char *reason, Scope scope);
/* Take the last change of the visit back. ERR_CONFLICT: its old time is taken meanwhile, or there
 * is nothing to take back. */
MUST_CHECK Err agenda_undo(Ctx *cx, AppointmentId id);
/* The same when the visit is still at the version that the person saw; else ERR_CONFLICT with a
 * sentence: what somebody else did since is not taken back by mistake. 0: whatever it is. */
MUST_CHECK Err agenda_undo_seen(Ctx *cx, AppointmentId id, int64_t version);

typedef struct AgendaChange {
	int64_t id, at, user;
	/* axis "made" "presence" "confirmation" (before, after: names, as presence_name) "moved"
	 * "edited" (sentences for people) */
	const char *user_name, *axis, *before, *after, *reason;
	bool by_patient, undone;
} AgendaChange;
MUST_CHECK Err agenda_list_changes(
	Ctx *cx, AppointmentId id, AgendaChange **ret, size_t *ret_count);

/* Visits that touch [from, to), by time; held ones left out. Filters 0: all. At most 2000. */
typedef struct AgendaQuery {
	int64_t from, to;
	int64_t branch_id, dentist_id, chair_id, visit_type_id, patient_id;
	bool cancelled; /* these too */
} AgendaQuery;
MUST_CHECK Err agenda_list(Ctx *cx, const AgendaQuery *in, Appointment **ret, size_t *ret_count);

/* ---- the frame: columns, hours, blocks ---- */

typedef struct Dentist {
	int64_t user, chair_id; /* usual chair; 0: chosen late */
	const char *name, *prefix, *specialty,
		*tone; /* name: "Dra. Ianara Pinho"; prefix: "Dra." */
	int buffer_minutes;
	bool online, active;
	int version;
} Dentist;
typedef struct Chair {
	int64_t id, branch_id;
	const char *name, *branch;
	bool active;
	int version;
} Chair;
typedef struct VisitType {
	int64_t id;
	const char *name, *tone;
	int minutes, buffer_minutes;
	bool online, active;
	int version;
} VisitType;
/* One stretch of time that a dentist works: usual hours and exceptions already put together,
 * holidays and closing blocks not yet taken out. */
typedef struct Opening {
	int64_t dentist_id, branch_id, chair_id;
	int64_t from, to;
	bool extra; /* opened for this date: a holiday of the calendar does not close it */
} Opening;
typedef struct Block {
	int64_t id, user_id, chair_id, branch_id; /* 0: all */
	int64_t from, to;
	const char *kind,
		*title;     /* kind as in 0080_agenda.sql; "holiday" of the calendar has id 0 */
	Int64s visit_types; /* kind "reserved" */
} Block;

/* Active first, by position then name. At most 200 each. */
MUST_CHECK Err agenda_list_dentists(Ctx *cx, Dentist **ret, size_t *ret_count);
MUST_CHECK Err agenda_list_chairs(Ctx *cx, Chair **ret, size_t *ret_count);
MUST_CHECK Err agenda_list_visit_types(Ctx *cx, VisitType **ret, size_t *ret_count);
/* Of [from, to), at most 120 days; branch 0: all. */
MUST_CHECK Err agenda_list_openings(
	Ctx *cx, int64_t from, int64_t to, int64_t branch_id, Opening **ret, size_t *ret_count);
MUST_CHECK Err agenda_list_blocks(
	Ctx *cx, int64_t from, int64_t to, Block **ret, size_t *ret_count);
/* Everything that a screen of [from, to) is made of, in two halves and one round trip, together
 * with the screen's own queries. Visits by in, openings of in->branch_id; at most 120 days. */
typedef struct AgendaDay {
	Dentist *dentist;
	Chair *chair;
	VisitType *type;
	Branch *branch;
	Opening *opening;
	Block *block;
	Appointment *visit;
	size_t dentist_count, chair_count, type_count, branch_count, opening_count, block_count,
		visit_count;
} AgendaDay;
MUST_CHECK Err agenda_day_ask(Ctx *cx, const AgendaQuery *in);
MUST_CHECK Err agenda_day_read(Ctx *cx, const AgendaQuery *in, AgendaDay *ret);
/* Dentists, chairs, types and branches alone, in one round trip. */
MUST_CHECK Err agenda_names(Ctx *cx, AgendaDay *ret);
/* Minutes that the type takes with this dentist. ERR_NOT_FOUND; ERR_CONFLICT: the dentist does not
 * do it. */
MUST_CHECK Err agenda_minutes(Ctx *cx, int64_t visit_type_id, int64_t dentist_id, int *ret);
/* The branch's zone, or the company's when branch_id is 0. */
MUST_CHECK Err agenda_zone(Ctx *cx, int64_t branch_id, const char **ret);

/* ---- free slots ---- */

typedef struct SlotQuery {
	int64_t from, to; /* at most 120 days; asked week by week until enough are found */
	int minutes;      /* 0: as visit_type_id takes */
	int64_t dentist_id, chair_id, branch_id, visit_type_id; /* 0: any */
	uint8_t weekdays;                                       /* bit 0 Monday; 0: all */
	int from_minute, to_minute;                             /* of the day; both 0: all day */
	int step_minutes;                                       /* 0: the company's rule */
	bool online;  /* only dentists and types of the public page, and its notice and horizon */
	size_t limit; /* 0: 50; at most 500 */
} SlotQuery;
typedef struct Slot {
	int64_t starts_at, ends_at;
	int64_t dentist_id, chair_id, branch_id; /* chair 0: chosen late */
} Slot;
/* By time. Blocks, holidays, visits with their buffers, holds that stand and reserved time for
 * other types are taken out. */
MUST_CHECK Err agenda_find_slots(Ctx *cx, const SlotQuery *in, Slot **ret, size_t *ret_count);
/* After a refusal: up to n free slots for the same dentist around in->starts_at, nearest first. */
MUST_CHECK Err agenda_nearest(Ctx *cx, const Booking *in, size_t n, Slot **ret, size_t *ret_count);

/* Events told to other modules (JSON: the visit as the API shows it): appointment.booked, .moved,
 * .updated, .confirmed, .declined, .arrived, .seated, .done, .no_show, .cancelled, .freed, .undone.
 * Published to browsers: "agenda" {"id":…,"day":"2026-11-24"}; the page asks for what changed. */

#endif

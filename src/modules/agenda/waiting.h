/* waiting: who would like to come sooner, and the offers of slots that were freed. Not for other
 * modules. */
#ifndef AGENDA_WAITING_H
#define AGENDA_WAITING_H

#include "modules/agenda/agenda.h"
#include "modules/agenda/waiting.sql.h"

typedef struct WaitingForm {
	int64_t patient_id;
	int64_t dentist_id, branch_id, visit_type_id; /* 0: any */
	int64_t minutes;                              /* 0: as the type takes */
	uint8_t weekdays;                             /* bit 0 Monday; 0: all */
	int from_minute, to_minute;                   /* of the day; to 0: until midnight */
	int32_t from_date, to_date;                   /* DATE_NONE: open */
	int64_t priority;                             /* 0 usual, 1 high, 2 urgent */
	const char *note;
	int64_t appointment_id; /* the later visit that would move; 0: a new one */
	int64_t version;
} WaitingForm;

/* Those who wait, the urgent and the longest first, at most 300. Filters 0: all; an entry for
 * anybody fits every dentist. */
MUST_CHECK Err waiting_list(
	Ctx *cx, int64_t dentist_id, int64_t visit_type_id, SqlWaitingRow **ret, size_t *ret_count);
MUST_CHECK Err waiting_get(Ctx *cx, int64_t id, SqlWaitingRow *ret);
/* Add and change. ERR_INVALID: marks the field. ERR_CONFLICT: somebody saved since in->version. */
MUST_CHECK Err waiting_add(Ctx *cx, const WaitingForm *in, int64_t *ret);
MUST_CHECK Err waiting_save(Ctx *cx, int64_t id, const WaitingForm *in);
/* The person needs nothing sooner; open offers end. waiting_reopen takes it back. */
MUST_CHECK Err waiting_close(Ctx *cx, int64_t id);
MUST_CHECK Err waiting_reopen(Ctx *cx, int64_t id);
/* The person gets this time: the later visit moves there, else one is booked with origin
 * "waitlist"; in->patient_id, visit type and length are the entry's where they are 0. Errors as
 * agenda_book; ERR_CONFLICT too when the entry is no longer open. */
MUST_CHECK Err waiting_book(Ctx *cx, int64_t id, const Booking *in, AppointmentId *ret);
/* The visit was booked by mistake: who waited for it waits again, with the place they had. */
MUST_CHECK Err waiting_unbook(Ctx *cx, int64_t appointment);
/* Of appointment.undone: the move that waiting_book made was taken back. */
MUST_CHECK Err waiting_on_event(Ctx *cx, const char *name, int64_t id);
/* Who would take the slot, best first: priority, then who waits longest. */
MUST_CHECK Err waiting_match(Ctx *cx, const Slot *slot, SqlWaitingRow **ret, size_t *ret_count);
/* Free slots that fit the entry, soonest first. */
MUST_CHECK Err waiting_slots(
	Ctx *cx, const SqlWaitingRow *entry, size_t n, Slot **ret, size_t *ret_count);
/* "seg, qua e sex, 08:00 às 12:00, a partir de 01/12" */
const char *waiting_wishes(Arena *mem, const SqlWaitingRow *entry);
const char *priority_title(int priority);

/* ---- offers ---- */

/* An offer that was just made: the only moment its link is known. */
typedef struct OfferMade {
	int64_t id, waiting_id;
	const char *patient, *phone, *link;
	const char *email; /* it went there; NULL: the link has to be handed over */
} OfferMade;

/* Offer the slot to these entries for `minutes`. Those that no longer match are left out. An e-mail
 * goes to who has one. */
MUST_CHECK Err offer_make(Ctx *cx, const Slot *slot, Int64s waiting_ids, int minutes,
	OfferMade **ret, size_t *ret_count);
/* The same to the best `count`. */
MUST_CHECK Err offer_best(Ctx *cx, const Slot *slot, int count, int minutes, size_t *ret_made);
/* A new link for an offer that stands; the old one ends. */
MUST_CHECK Err offer_new_link(Ctx *cx, int64_t id, const char **ret);

typedef enum OfferState {
	OFFER_OPEN,
	OFFER_ACCEPTED,
	OFFER_DECLINED,
	OFFER_EXPIRED,
	OFFER_LOST, /* somebody else was faster */
} OfferState;
/* As it is now, whatever the job has written. */
OfferState offer_state(const Ctx *cx, const SqlOfferRow *offer);
const char *offer_state_title(OfferState state);
const char *offer_state_tone(OfferState state);

/* ERR_NOT_FOUND: nobody's link. */
MUST_CHECK Err offer_get(Ctx *cx, const char *token, SqlOfferRow *ret);
/* The first who accepts has the slot. OK with *ret_state OFFER_ACCEPTED: *ret is the visit; else it
 * says why not. */
MUST_CHECK Err offer_accept(Ctx *cx, const char *token, OfferState *ret_state, AppointmentId *ret);
MUST_CHECK Err offer_decline(Ctx *cx, const char *token);
MUST_CHECK Err offer_see(Ctx *cx, const char *token);

JobRun offer_auto_run, offer_expire_run;

/* ---- letters to patients ---- */

typedef struct DoorLetter {
	const char *to, *name; /* address and name */
	const char *subject, *text, *after;
	const char *link, *button; /* NULL: none */
	const char *code;          /* six digits; NULL: none */
	const char *clinic;        /* filled by door_send */
} DoorLetter;
MUST_CHECK Err door_send(Ctx *cx, const DoorLetter *letter);
void door_mail(Html *h, const DoorLetter *letter);

#endif

/* visit: from sitting down to getting up, and the day of a dentist made of them. */
#ifndef TREATMENT_VISIT_H
#define TREATMENT_VISIT_H

#include "modules/treatment/treatment_rooms.h"

typedef struct Visit {
	int64_t id, patient_id, dentist_id, appointment_id; /* appointment 0: without one */
	const char *dentist, *materials, *next_note;
	int64_t started_at, ended_at; /* ended 0: going on */
	Strs done; /* sessions of the plan, "Coroa em zircônia, 26, sessão 2 de 3" */
	int next_in_days, next_minutes; /* 0: none asked for */
	int version;
} Visit;

/* Begin, or go on with the one that was begun: for the appointment (0: none) of the patient, by
 * cx->user. The patient's presence becomes in chair. ERR_INVALID field chair_id: the appointment
 * has no chair and none was given. ERR_NOT_FOUND: the appointment is another patient's.
 * ERR_CONFLICT: the patient is closed. Tells visit.started. */
MUST_CHECK Err visit_start(
	Ctx *cx, PatientId patient, int64_t appointment, int64_t chair, int64_t *ret_id);

typedef struct VisitEnd {
	const char *materials, *next_note;
	int64_t next_in_days, next_minutes; /* 0: none */
	Int64s line;                        /* plan lines of which a session was done */
} VisitEnd;
/* End: the lines' sessions are counted, the appointment becomes done. ERR_CONFLICT: it is over.
 * A next visit asked for stands on the list of recalls. Tells visit.ended with what was done and
 * the next visit asked for. */
MUST_CHECK Err visit_end(Ctx *cx, int64_t id, const VisitEnd *in);
MUST_CHECK Err visit_get(Ctx *cx, int64_t id, Visit *ret);

/* Module.visits: what other modules choose among. */
MUST_CHECK Err visit_past_ask(Ctx *cx, int64_t patient);
MUST_CHECK Err visit_past_read(Ctx *cx, PastVisit **ret, size_t *ret_count);

/* What was written on the chart in a visit. */
typedef struct VisitAct {
	int64_t id;
	const char *kind, *title, *place; /* kind of Act */
} VisitAct;
MUST_CHECK Err visit_list_acts(Ctx *cx, int64_t id, VisitAct **ret, size_t *ret_count);

/* What the procedure of an open plan line uses, as people write it: "Resina A2 1 g". */
typedef struct LineKit {
	int64_t line_id;
	const char *text;
} LineKit;
MUST_CHECK Err visit_list_kits(Ctx *cx, int64_t patient, LineKit **ret, size_t *ret_count);

/* One patient of a dentist's day, by time. */
typedef struct DayVisit {
	Appointment at;
	int32_t birth;
	const char *phone, *alert_text, *planned;
	bool first;                             /* never here before */
	int64_t visit_id;                       /* 0: not begun */
	bool over, unsigned_note, note_missing; /* of the visit */
	bool anamnesis_missing;                 /* never answered, or a year ago */
	bool image_missing;                     /* something is planned, and there is no image */
	bool lab_out;                           /* a laboratory case is not back */
} DayVisit;
typedef struct DayNote { /* a note that waits for its signature */
	int64_t id, patient_id, created_at;
	const char *patient;
} DayNote;
typedef struct DayWalkIn {                            /* a visit without an appointment */
	int64_t id, patient_id, started_at, ended_at; /* ended 0: going on */
	const char *patient;
} DayWalkIn;
typedef struct DentistDay {
	DayVisit *visit;
	size_t visit_count;
	const DayWalkIn *walk_in;
	size_t walk_in_count;
	const DayNote *note;
	size_t note_count;
	size_t waiting, done; /* of the visits */
} DentistDay;
/* date: days since 1970, in cx->zone. */
MUST_CHECK Err visit_day(Ctx *cx, int64_t dentist, int32_t date, DentistDay *ret);

extern const Field visit_end_fields[];
extern const size_t visit_end_field_count;

#endif

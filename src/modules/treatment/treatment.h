/* treatment: the dentist's side: catalogue, chart (odontogram, periodontal chart), plans and
 * quotes, visits, notes, laboratory, recall. Owns the schema treatment. Money in cents, teeth by
 * FDI. */
#ifndef TREATMENT_TREATMENT_H
#define TREATMENT_TREATMENT_H

#include "modules/agenda/agenda.h"
#include "modules/treatment/chart.h"

extern const Module treatment_module;

/* Told to other modules: act.added, act.done, act.voided, plan.presented, plan.approved (JSON: the
 * plan with its lines, for finance), plan.unapproved, plan.refused, line.done, visit.started,
 * visit.ended, note.signed, recall.due. */

/* A visit of a patient, for what other modules hang on one. */
enum { TREATMENT_VISITS = 60 };
typedef struct PastVisit {
	int64_t id, started_at;
	const char *dentist; /* NULL: not a member any more */
} PastVisit;
/* The newest TREATMENT_VISITS of them, in two halves for one round trip. */
MUST_CHECK Err treatment_visits_ask(Ctx *cx, PatientId patient);
MUST_CHECK Err treatment_visits_read(Ctx *cx, PastVisit **ret, size_t *ret_count);

#endif

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

#endif

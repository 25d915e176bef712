/* carry: acts, exams, notes, visits, papers, laboratory cases, plans and recalls when two patients
 * become one. */
#ifndef TREATMENT_CARRY_H
#define TREATMENT_CARRY_H

#include "modules/treatment/treatment_rooms.h"

/* Module.on_event: patient.merged takes them along and notes which, patient.unmerged brings exactly
 * these back. */
MUST_CHECK Err carry_on_event(Ctx *cx, const char *name, int64_t id, const char *json);

#endif

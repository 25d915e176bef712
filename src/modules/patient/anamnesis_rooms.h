/* What the files of anamneses share. Not for other modules. */
#ifndef PATIENT_ANAMNESIS_ROOMS_H
#define PATIENT_ANAMNESIS_ROOMS_H

#include "modules/patient/anamnesis.h"

/* Fill in the answers that form has for the questions of filling; where it names those that were
 * "changed", the others stay as they are in filling. strict: all are read; ERR_INVALID when a
 * required one is missing or one cannot be read, each said beside its field. */
MUST_CHECK Err answers_read(Ctx *cx, const Form *form, bool strict, Filling *filling);
/* Store them; those without a value are forgotten. */
MUST_CHECK Err answers_write(Ctx *cx, const Filling *filling);

/* The warnings that the answers call for, at most `most`. */
typedef struct Warning {
	const char *kind, *text, *key;
	bool severe;
} Warning;
size_t answers_warn(Ctx *cx, const Filling *filling, Warning *ret, size_t most);

/* Routes of the files, chained in this order behind anamnesis_routes (patient_rooms.h). */
extern const RouteList clinical_api, anamnesis_public_routes, questionnaire_routes, alert_routes;

#endif

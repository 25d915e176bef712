/* alert: what to know before touching a patient. From the answers of an anamnesis or written by
 * hand; never deleted, only ended with a reason. Every change writes audit and timeline, brings
 * patient.brief up to date and tells "patient.updated". */
#ifndef PATIENT_ALERT_H
#define PATIENT_ALERT_H

#include "modules/patient/alert.sql.h"
#include "modules/patient/patient.h"

/* A warning about to be noted. anamnesis 0: by hand, and confirmed by who writes it. */
typedef struct AlertNew {
	const char *kind, *text;
	bool severe;
	int64_t anamnesis;
	const char *question_key;
} AlertNew;

/* Note a warning. One that stands already is left as it is: *ret_added false. */
MUST_CHECK Err alert_add(Ctx *cx, PatientId patient, const AlertNew *in, bool *ret_added);
/* The dentist has asked and agrees. ERR_CONFLICT: it is confirmed, or has ended. */
MUST_CHECK Err alert_confirm(Ctx *cx, int64_t id);
/* ERR_INVALID: no reason (marks "reason"). ERR_CONFLICT: it has ended already. */
MUST_CHECK Err alert_end(Ctx *cx, int64_t id, const char *reason);

/* "Alergia" for "allergy". */
const char *alert_kind_title(const char *kind);
const char *alert_kind_icon(const char *kind);
const char *alert_kind_word(const char *kind); /* before the text in the head: "Alergia: ", or "" */

enum { ALERT_KINDS = 6 };
/* For selects: value and label of each kind. */
extern const UiOption alert_kinds[ALERT_KINDS];

#endif

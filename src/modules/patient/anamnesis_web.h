/* What the handlers of alerts and anamneses share. */
#ifndef PATIENT_ANAMNESIS_WEB_H
#define PATIENT_ANAMNESIS_WEB_H

#include "modules/patient/anamnesis_view.h"

/* The head of the path's patient, for what may be added: ERR_CONFLICT with a sentence when the
 * chart is closed; one that was merged answers the other's head. */
MUST_CHECK Err clinical_head(Req *q, PatientHead *ret);
/* The same without the question whether anything may be added. */
MUST_CHECK Err clinical_head_read(Req *q, PatientHead *ret);
/* The filling that a segment of the path names, which must be this patient's: ERR_NOT_FOUND. */
MUST_CHECK Err filling_asked(Req *q, const char *segment, const PatientHead *head, Filling *ret);
/* Answer with the patient's tab. add_alert, end_alert (an id): that dialog is open, with what was
 * typed. */
MUST_CHECK Err anamnesis_show_tab(
	Req *q, const PatientHead *head, int status, bool add_alert, int64_t end_alert);

#endif

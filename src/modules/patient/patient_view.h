/* What the pages of patients show. */
#ifndef PATIENT_PATIENT_VIEW_H
#define PATIENT_PATIENT_VIEW_H

#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/patient/patient.h"
#include "platform/ui/ui.h"

typedef struct PatientsView {
	Req *q;
	const char *question;
	const Patient *patient;
	size_t patient_count;
	int64_t total, next; /* cursor; 0: the end */
} PatientsView;
void patient_list_page(Html *h, const PatientsView *v);

typedef struct PatientView {
	Req *q;
	const Patient *patient;
	const Event *event;
	size_t event_count;
} PatientView;
void patient_page(Html *h, const PatientView *v);

typedef struct PatientFormView {
	Req *q;
	const Patient *patient; /* NULL: a new one */
	const PatientTwin *twin;
	size_t twin_count;
} PatientFormView;
void patient_form_page(Html *h, const PatientFormView *v);

#endif

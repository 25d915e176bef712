/* What the files of the module share. Not for other modules. */
#ifndef PATIENT_PATIENT_ROOMS_H
#define PATIENT_PATIENT_ROOMS_H

#include "modules/audit/audit.h"
#include "modules/patient/patient.h"
#include "modules/patient/patient.sql.h"

enum { PATIENT_NAME_MAX = 120 };

/* The one table of fields behind page and API. */
extern const Field patient_fields[10];

/* A patient from the row that every query of patients returns. */
Patient patient_of_row(const SqlPatientRow *r);

/* All of a patient, in two halves for one round trip with the head. */
MUST_CHECK Err patient_whole_ask(Ctx *cx, PatientId id);
MUST_CHECK Err patient_whole_read(Ctx *cx, Patient *ret);

/* patient_head.c: name, phone and birth of the row that other modules join. */
MUST_CHECK Err patient_brief_write(Ctx *cx, PatientId id, const PatientForm *in);

/* Tell all modules that `event` happened to the patient, as the API shows them. */
MUST_CHECK Err patient_tell(Ctx *cx, PatientId id, const char *event);

/* patient_page_web.c */
Handler patient_show, patient_more_events, patient_documents, patient_prescriptions, patient_finance;

/* demo.c: patients of the demonstration. */
Err patient_demo(Ctx *cx);

/* api_web.c */
extern const OutField patient_out[];
extern const size_t patient_out_count;
extern const RouteList patient_api;

#endif

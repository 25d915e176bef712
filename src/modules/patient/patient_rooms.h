/* What the files of the module share. Not for other modules. */
#ifndef PATIENT_PATIENT_ROOMS_H
#define PATIENT_PATIENT_ROOMS_H

#include "modules/patient/patient.h"
#include "modules/patient/patient.sql.h"

/* The one table of fields behind page and API. */
extern const Field patient_fields[10];

/* A patient from the row that every query of patients returns. */
Patient patient_of_row(const SqlPatientRow *r);

/* demo.c: patients of the demonstration. */
Err patient_demo(Ctx *cx);

/* api_web.c */
extern const RouteList patient_api;

#endif

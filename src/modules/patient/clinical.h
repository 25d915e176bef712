/* clinical: what the module's tables take from alerts, anamneses and images. */
#ifndef PATIENT_CLINICAL_H
#define PATIENT_CLINICAL_H

#include "modules/module.h"

/* All their routes. */
extern const RouteList anamnesis_routes;
/* The job that makes what is shown of an image. */
enum { CLINICAL_JOBS = 1 };
extern const Job clinical_jobs[CLINICAL_JOBS];
/* Every company's first questionnaires; one whose name is taken is left out. */
MUST_CHECK Err anamnesis_start_company(Ctx *cx);
/* Answers of some patients of the demonstration. */
MUST_CHECK Err anamnesis_demo(Ctx *cx);

#endif

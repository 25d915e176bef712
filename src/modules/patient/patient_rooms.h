/* What the files of the module share. Not for other modules. */
#ifndef PATIENT_PATIENT_ROOMS_H
#define PATIENT_PATIENT_ROOMS_H

#include "modules/patient/patient.h"
#include "modules/patient/patient.sql.h"

Patient patient_of_row(const SqlPatientRow *r);

#endif

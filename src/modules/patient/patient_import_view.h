/* What the pages of patient imports show. */
#ifndef PATIENT_PATIENT_IMPORT_VIEW_H
#define PATIENT_PATIENT_IMPORT_VIEW_H

#include "modules/patient/patient_import.h"

typedef struct PatientImportsView {
	Req *q;
	const SqlPatientImportRow *import;
	size_t import_count;
} PatientImportsView;
void patient_imports_page(Html *h, const PatientImportsView *v);

typedef struct PatientImportCell {
	const char *text, *bad;
} PatientImportCell;

typedef struct PatientImportMapView {
	Req *q;
	const SqlPatientImportRow *import;
	size_t column_count;
	const char *const *heading, *const *sample, *const *target; /* of each column */
	bool headings;
	const char *twins;
	const char *const *problem; /* of the first rows; NULL: it comes in */
	size_t row_count;
} PatientImportMapView;
void patient_import_map_page(Html *h, const PatientImportMapView *v);

typedef struct PatientImportView {
	Req *q;
	const SqlPatientImportRow *import;
	const SqlPatientImportProblems *problem;
	size_t problem_count;
} PatientImportView;
void patient_import_page(Html *h, const PatientImportView *v);
/* The part that asks for itself while it runs. */
void patient_import_progress(Html *h, const SqlPatientImportRow *import);

#endif

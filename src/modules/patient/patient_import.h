/* Patients from a spreadsheet: what platform/import asks of this module. Every field of
 * patient_fields can be a column, so a new one needs no word here. */
#ifndef PATIENT_PATIENT_IMPORT_H
#define PATIENT_PATIENT_IMPORT_H

#include "modules/patient/patient_import.sql.h"
#include "modules/patient/patient_rooms.h"
#include "platform/import/import_view.h"

/* What is asked beside the columns. */
typedef struct PatientImportOptions {
	const char *twins; /* "skip" "create" */
} PatientImportOptions;

/* ImportRow.record. */
typedef struct PatientImportLine {
	PatientNew one;
	const char *folded; /* the name, for finding twins */
} PatientImportLine;

extern const ImportKind patient_import;

/* patient_import_lines.c: a row as a form, ready for patient_register_many. */
MUST_CHECK Err patient_import_parse(
	Ctx *cx, const ImportMap *map, ImportPairs *pairs, ImportRow *row);
/* Bring rows in, a few round trips for all: what came in has an id afterwards. With twins "skip",
 * who has the CPF, or the phone and the name, of a patient or of a row before is left out. */
MUST_CHECK Err patient_import_store(
	Ctx *cx, const ImportMap *map, ImportRow *row, size_t count, ImportCounts *counts);
/* The part of the form that asks for PatientImportOptions. */
void patient_import_options(Html *h, const ImportMapView *v);

/* Jobs: bring in, take back {"id"}; daily: let go of files that have done their work. */
MUST_CHECK Err patient_import_job(Ctx *cx, const char *data);
MUST_CHECK Err patient_import_undo_job(Ctx *cx, const char *data);
MUST_CHECK Err patient_import_files_job(Ctx *cx, const char *data);

extern const RouteList patient_import_routes;

#endif

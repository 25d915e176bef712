/* Patients from a spreadsheet: what the columns mean, the rows one by one through patient_register,
 * and the way back. Every field of patient_fields can be a column, so a new one needs no word here.
 */
#ifndef PATIENT_PATIENT_IMPORT_H
#define PATIENT_PATIENT_IMPORT_H

#include "modules/patient/patient_import.sql.h"
#include "modules/patient/patient_rooms.h"
#include "platform/sheet/sheet.h"

enum { PATIENT_IMPORT_BATCH = 200, PATIENT_IMPORT_COLUMNS = 60, PATIENT_IMPORT_PREVIEW = 8 };

/* May this field be a column? */
bool patient_import_takes(const Field *field);
/* The field that a heading means, by title, name and what people call it; "": none. */
const char *patient_import_guess(Arena *mem, const char *heading);

/* A row as a form. *ret_problem: what is wrong, first of all (NULL: nothing). */
MUST_CHECK Err patient_import_read(
	Ctx *cx, Strs targets, Strs cells, PatientForm *ret, const char **ret_problem);

typedef struct PatientImportStart {
	Strs targets;
	bool headings;
	const char *twins; /* "skip" "create" */
} PatientImportStart;
/* ERR_INVALID: no column is the name. ERR_CONFLICT: it runs already. Adds the job. */
MUST_CHECK Err patient_import_start(Ctx *cx, int64_t id, const PatientImportStart *in);
/* Take it back: the job deletes who is untouched. ERR_CONFLICT: it is not over. */
MUST_CHECK Err patient_import_take_back(Ctx *cx, int64_t id);
/* The file's path on this machine. */
MUST_CHECK Err patient_import_path(Ctx *cx, const char *file, const char **ret);

/* Jobs {"id"}. */
MUST_CHECK Err patient_import_job(Ctx *cx, const char *data);
MUST_CHECK Err patient_import_undo_job(Ctx *cx, const char *data);

extern const RouteList patient_import_routes;

#endif

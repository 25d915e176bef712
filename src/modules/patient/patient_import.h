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

/* A row on its way in. */
typedef struct PatientImportLine {
	int64_t number; /* as the spreadsheet shows it */
	Strs cell;
	PatientNew one;
	const char *folded;  /* the name, for finding twins */
	const char *problem; /* why it did not come in; NULL: it did, or will */
	bool twin;           /* of somebody who was there already */
} PatientImportLine;

/* Keep a row of the sheet: its cells are copied, and read as a form. */
MUST_CHECK Err patient_import_line(
	Ctx *cx, Strs targets, const SheetRow *row, PatientImportLine *ret);
/* Bring lines in, a few round trips for all: what came in has an id afterwards, all others a
 * problem; both are noted. skip_twins: who has the CPF, or the phone and the name, of a patient or
 * of a line before is left out. */
MUST_CHECK Err patient_import_lines(
	Ctx *cx, int64_t import, bool skip_twins, PatientImportLine *line, size_t count);

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

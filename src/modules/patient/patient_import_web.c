/* Importar pacientes: upload, what the columns mean, progress, what is to be mended, the way back.
 */
#include "modules/company/company.h"
#include "modules/patient/patient_import_view.h"
#include "platform/sheet/sheet_answer.h"
#include "platform/storage/storage.h"

enum { PROBLEMS_SHOWN = 100, PROBLEMS_MAX = 100000 };

/* GET /patients/import */
static Err list(Req *q)
{
	PatientImportsView view = { .q = q };
	SqlPatientImportRow *row;

	TRY(sql_patient_imports(q->cx, 30, &row, &view.import_count));
	view.import = row;
	patient_imports_page(&q->html, &view);
	return send_html(q, 200);
}

/* The first rows of a file, kept. */
typedef struct Look {
	Ctx *cx;
	Strs row[PATIENT_IMPORT_PREVIEW + 1];
	size_t row_count, columns;
	int64_t rows;
} Look;

static Err look(Ctx *cx, const SheetRow *row, void *arg)
{
	Look *l = arg;

	(void)cx;
	l->rows++;
	if (l->row_count == COUNT(l->row))
		return OK;
	const char **cell = NEW_ARRAY(l->cx->mem, const char *, row->cell.count + 1);
	size_t count =
		row->cell.count < PATIENT_IMPORT_COLUMNS ? row->cell.count : PATIENT_IMPORT_COLUMNS;

	for (size_t i = 0; i < count; i++)
		cell[i] = arena_dup(l->cx->mem, row->cell.v[i] ? row->cell.v[i] : "");
	l->row[l->row_count++] = (Strs){ cell, count };
	l->columns = count > l->columns ? count : l->columns;
	return OK;
}

/* PUT /patients/import: the file. 303 to its mapping; 402 no room; 413 too large; 422 no
 * spreadsheet. */
static Err upload(Req *q)
{
	Look *l = NEW(q->cx->mem, Look);
	SqlPatientImportInsert row;
	const char **target;
	StoredFile file;
	bool headings = false;

	*l = (Look){ .cx = q->cx };
	TRY(sheet_read(q->cx, q->body_file, NULL, look, l));
	target = NEW_ARRAY(q->cx->mem, const char *, l->columns + 1);
	for (size_t i = 0; i < l->columns; i++) {
		target[i] = l->row_count && i < l->row[0].count
				    ? patient_import_guess(q->cx->mem, l->row[0].v[i])
				    : "";
		for (size_t j = 0; j < i; j++)
			if (!strcmp(target[i], target[j]))
				target[i] = "";
		headings |= *target[i] != '\0';
	}
	if (l->rows <= headings)
		return err_tell(q->cx, ERR_INVALID, "A planilha não tem nenhuma linha com dados.",
			"upload has no rows");
	TRY(storage_put_file(q->cx, q->body_file, STORAGE_SHEET, &file));
	TRY(company_spend(q->cx, LIMIT_STORAGE, 0));
	TRY(sql_patient_import_insert(q->cx, file.hash, *q->file_name ? q->file_name : "Planilha",
		(Strs){ target, l->columns }, headings, (int32_t)(l->rows - headings),
		q->cx->user.v, &row));
	return redirect(q, "/patients/import/%" PRId64, row.id);
}

static Err map(
	Req *q, const SqlPatientImportRow *import, const PatientImportStart *start, int status)
{
	PatientImportMapView view = { .q = q,
		.import = import,
		.headings = start->headings,
		.twins = start->twins,
		.target = start->targets.v };
	Look *l = NEW(q->cx->mem, Look);
	const char **heading, **sample, **problem, *path;
	BadField kept[BAD_FIELDS_MAX];
	size_t bad = q->cx->bad_count, first = start->headings;
	PatientForm in;

	*l = (Look){ .cx = q->cx };
	TRY(patient_import_path(q->cx, import->file, &path));
	TRY(sheet_read(q->cx, path, &(SheetOptions){ .stop_after = COUNT(l->row) }, look, l));
	view.column_count = start->targets.count;
	heading = NEW_ARRAY(q->cx->mem, const char *, view.column_count + 1);
	sample = NEW_ARRAY(q->cx->mem, const char *, view.column_count + 1);
	for (size_t i = 0; i < view.column_count; i++) {
		heading[i] =
			start->headings && l->row_count && i < l->row[0].count && *l->row[0].v[i]
				? l->row[0].v[i]
				: arena_printf(q->cx->mem, "Coluna %zu", i + 1);
		sample[i] =
			l->row_count > first && i < l->row[first].count ? l->row[first].v[i] : "";
	}
	memcpy(kept, q->cx->bad, sizeof kept); /* reading rows writes there too */
	problem = NEW_ARRAY(q->cx->mem, const char *, l->row_count + 1);
	for (size_t i = first; i < l->row_count; i++)
		TRY(patient_import_read(
			q->cx, start->targets, l->row[i], &in, &problem[view.row_count++]));
	memcpy(q->cx->bad, kept, sizeof kept);
	q->cx->bad_count = bad;
	view.heading = heading;
	view.sample = sample;
	view.problem = problem;
	patient_import_map_page(&q->html, &view);
	return send_html(q, status);
}

static Err import_asked(Req *q, SqlPatientImportRow *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return sql_patient_import_by_id(q->cx, id, ret);
}

/* GET /patients/import/:id: the mapping, the progress, or what became of it. */
static Err show(Req *q)
{
	PatientImportView view = { .q = q };
	SqlPatientImportProblems *problem;
	SqlPatientImportRow import;

	TRY(import_asked(q, &import));
	if (!strcmp(import.state, "mapping"))
		return map(q, &import,
			&(PatientImportStart){ import.targets, import.headings, import.twins },
			200);
	TRY(sql_patient_import_problems(
		q->cx, import.id, PROBLEMS_SHOWN, &problem, &view.problem_count));
	view.import = &import;
	view.problem = problem;
	patient_import_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET /patients/import/:id/progress: for the page that waits. */
static Err progress(Req *q)
{
	SqlPatientImportRow import;

	TRY(import_asked(q, &import));
	if (!strcmp(import.state, "done") || !strcmp(import.state, "failed") ||
		!strcmp(import.state, "undone"))
		return redirect(q, "/patients/import/%" PRId64, import.id);
	patient_import_progress(&q->html, &import);
	return send_html(q, 200);
}

static bool is_target(const char *name)
{
	for (size_t i = 0; i < PATIENT_FIELDS; i++)
		if (!strcmp(patient_fields[i].name, name))
			return patient_import_takes(&patient_fields[i]);
	return false;
}

/* POST /patients/import/:id {c0, c1, …, headings, twins}. 303 to the progress; 422 the mapping
 * again. */
static Err start(Req *q)
{
	SqlPatientImportRow import;
	PatientImportStart in;
	const char **target, *twins = form_value(&q->form, "twins");
	Err err;

	TRY(import_asked(q, &import));
	if (!form_read(q, NULL, 0, NULL))
		return ERR_INVALID;
	twins = form_value(&q->form, "twins");
	target = NEW_ARRAY(q->cx->mem, const char *, import.targets.count + 1);
	for (size_t i = 0; i < import.targets.count; i++) {
		const char *name = form_value(&q->form, arena_printf(q->cx->mem, "c%zu", i));

		target[i] = name && is_target(name) ? name : "";
	}
	in = (PatientImportStart){ .targets = { target, import.targets.count },
		.headings = form_value(&q->form, "headings") != NULL,
		.twins = twins && !strcmp(twins, "create") ? "create" : "skip" };
	err = patient_import_start(q->cx, import.id, &in);
	if (err == ERR_INVALID)
		return map(q, &import, &in, 422);
	TRY(err);
	return redirect(q, "/patients/import/%" PRId64, import.id);
}

/* POST /patients/import/:id/undo */
static Err undo(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(patient_import_take_back(q->cx, id));
	return redirect(q, "/patients/import/%" PRId64, id);
}

static const char *title_of(const char *target)
{
	for (size_t i = 0; i < PATIENT_FIELDS; i++)
		if (!strcmp(patient_fields[i].name, target))
			return patient_fields[i].title;
	return "";
}

static Err write_problems(
	Ctx *cx, const char *path, Strs target, const SqlPatientImportProblems *row, size_t count)
{
	SheetColumn *column = NEW_ARRAY(cx->mem, SheetColumn, target.count + 1);
	SheetCell *cell = NEW_ARRAY(cx->mem, SheetCell, target.count + 1);
	SheetWriter *writer;

	for (size_t i = 0; i < target.count; i++)
		column[i] = (SheetColumn){ .title = title_of(target.v[i]) };
	column[target.count] = (SheetColumn){ .title = "O que corrigir", .width = 60 };
	TRY(sheet_open(cx, path, SHEET_CSV, "A corrigir", column, target.count + 1, &writer));
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < target.count; j++)
			cell[j] = (SheetCell){ .text = j < row[i].cells.count ? row[i].cells.v[j]
									      : "" };
		cell[target.count] = (SheetCell){ .text = row[i].problem };
		TRY(sheet_row(writer, cell));
	}
	return sheet_close(writer);
}

/* GET /patients/import/:id/problems: the rows that did not come in, as a CSV to mend and send
 * again. */
static Err problems(Req *q)
{
	SqlPatientImportProblems *row;
	SqlPatientImportRow import;
	const char *path;
	size_t count;

	TRY(import_asked(q, &import));
	TRY(sql_patient_import_problems(q->cx, import.id, PROBLEMS_MAX, &row, &count));
	TRY(sheet_new_path(q->cx, SHEET_CSV, &path));
	TRY(write_problems(q->cx, path, import.targets, row, count));
	return send_sheet(q, path, SHEET_CSV, "linhas-a-corrigir");
}

static const Route routes[] = {
	{ GET, "/patients/import", list, "patient.export" },
	{ PUT, "/patients/import", upload, "patient.export", .body = BODY_FILE,
		.body_max = SHEET_FILE_MAX, .lane = LANE_HEAVY },
	{ GET, "/patients/import/:id", show, "patient.export" },
	{ POST, "/patients/import/:id", start, "patient.export" },
	{ GET, "/patients/import/:id/progress", progress, "patient.export" },
	{ GET, "/patients/import/:id/problems", problems, "patient.export" },
	{ POST, "/patients/import/:id/undo", undo, "patient.export" },
};

const RouteList patient_import_routes = { routes, COUNT(routes), &patient_api };

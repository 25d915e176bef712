/* Patients from a spreadsheet: what can be a column, where imports are kept, the way back. */
#include "modules/patient/patient_import.h"

#include "modules/company/company.h"
#include "modules/notice/notice.h"
#include "platform/db/db.h"
#include "platform/storage/storage.h"

static const Field options[] = {
	CHOICE_FIELD(PatientImportOptions, twins, "Quem já está cadastrado", "skip create", true),
};

/* Headings people use, beside those that every person has. */
static const ImportAlias aliases[] = {
	{ "birth", "data de nascimento|data nascimento|dt nascimento|aniversario" },
	{ "street", "endereco|logradouro" },
	{ "number", "no" },
	{ "city", "municipio" },
	{ "sex", "genero" },
	{ "insurer", "plano de saude" },
	{ "card_number", "carteirinha|matricula" },
	{ "guardian", "nome do responsavel" },
	{ "notes", "obs|observacao" },
	{ "rg", "identidade" },
};

/* ---- the table of imports ---- */

static Err list(Ctx *cx, Import **ret, size_t *ret_count)
{
	SqlPatientImportRow *row;

	TRY(sql_patient_imports(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Import, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = IMPORT_OF(row[i]);
	return OK;
}

static Err get(Ctx *cx, int64_t id, Import *ret)
{
	SqlPatientImportRow row;

	TRY(sql_patient_import_by_id(cx, id, &row));
	*ret = IMPORT_OF(row);
	return OK;
}

static Err add(Ctx *cx, const Import *in, int64_t *ret_id)
{
	SqlPatientImportInsert row;

	TRY(sql_patient_import_insert(cx,
		&(SqlPatientImportInsertIn){ in->file, in->file_name, in->target, in->headings,
			in->options, in->row_count, in->user_id },
		&row));
	*ret_id = row.id;
	return OK;
}

static Err errors(Ctx *cx, int64_t id, int32_t most, ImportError **ret, size_t *ret_count)
{
	SqlPatientImportErrors *row;

	TRY(sql_patient_import_errors(cx, id, most, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, ImportError, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (ImportError){ row[i].number, row[i].problem };
	return OK;
}

/* No patient is completed by a row. */
static Err step(Ctx *cx, int64_t id, int32_t before, int32_t done, int32_t added, int32_t merged,
	int32_t bad, int64_t *ret_rows)
{
	(void)merged;
	return sql_patient_import_advance(cx, id, before, done, added, bad, ret_rows);
}

static const ImportTable table = {
	.list = list,
	.get = get,
	.add = add,
	.errors = errors,
	.settle = sql_patient_import_settle,
	.turn = sql_patient_import_turn,
	.step = step,
	.add_errors = sql_patient_import_add_errors,
	.drop = sql_patient_import_discard,
};

/* ---- columns ---- */

static Err targets(Ctx *cx, ImportTarget **ret, size_t *ret_count)
{
	static const char *const ours[] = { "version", "consent", "consents", "times", "channel",
		"whatsapp", "guardian_kind" };
	ImportTarget *target = NEW_ARRAY(cx->mem, ImportTarget, PATIENT_FIELDS);
	size_t count = 0;

	for (size_t i = 0; i < PATIENT_FIELDS; i++)
		if (!strs_have((Strs){ ours, COUNT(ours) }, patient_fields[i].name))
			target[count++] = (ImportTarget){ patient_fields[i].name,
				patient_fields[i].title, NULL };
	*ret = target;
	*ret_count = count;
	return OK;
}

/* ---- the end, and the way back ---- */

static Err note(Ctx *cx, const Import *import)
{
	return audit_add_change(cx, &(Change){ .action = "patient.import",
					    .subject = "patient_import",
					    .subject_id = import->id });
}

static Err undo(Ctx *cx, const Import *import, const char **ret_toast)
{
	(void)ret_toast;
	TRY(audit_add_change(cx, &(Change){ .action = "patient.import.undo",
					 .subject = "patient_import",
					 .subject_id = import->id }));
	return import_add_job(cx, "patient.import.undo", import->id);
}

static Err spend(Ctx *cx, int64_t bytes)
{
	return company_spend(cx, LIMIT_STORAGE, bytes);
}

Err patient_import_job(Ctx *cx, const char *data)
{
	return import_run(cx, &patient_import, data);
}

Err patient_import_files_job(Ctx *cx, const char *data)
{
	SqlPatientImportOldFiles *old;
	size_t count;
	int64_t rows;

	(void)data;
	TRY(sql_patient_import_old_files(cx, &old, &count));
	for (size_t i = 0; i < count; i++) {
		TRY(storage_drop(cx, old[i].file));
		TRY(sql_patient_import_forget_file(cx, old[i].id, &rows));
	}
	return OK;
}

/* All of them or, when something points at one, none. */
static Err drop(Ctx *cx, Int64s patients, bool *ret_gone)
{
	SqlPatientImportDropAround around;
	int64_t rows;
	Err err;

	TRY(db_savepoint(cx));
	err = sql_patient_import_drop_around(cx, patients, &around);
	if (err == OK)
		err = sql_patient_import_drop(cx, patients, &rows);
	*ret_gone = err == OK;
	if (err == ERR_CONFLICT)
		return db_undo(cx);
	TRY(err);
	return db_release(cx);
}

/* Together, as most are; in halves when somebody has used one of them, who is kept. */
static Err drop_unused(Ctx *cx, Int64s patients, int32_t *kept)
{
	size_t half = patients.count / 2;
	bool gone = true;

	if (patients.count)
		TRY(drop(cx, patients, &gone));
	if (gone)
		return OK;
	if (!half) {
		++*kept;
		return OK;
	}
	TRY(drop_unused(cx, (Int64s){ patients.v, half }, kept));
	return drop_unused(cx, (Int64s){ patients.v + half, patients.count - half }, kept);
}

static Err undo_batch(Ctx *cx, const Import *import, bool *ret_over)
{
	int64_t rows, patient[IMPORT_BATCH];
	int32_t line = import->undone_line, kept = 0;
	SqlPatientImportUntouched *row;
	size_t count, n = 0;

	TRY(sql_patient_import_untouched(cx, import->id, line, IMPORT_BATCH, &row, &count));
	for (size_t i = 0; i < count; i++) {
		line = row[i].number;
		if (row[i].untouched)
			patient[n++] = row[i].patient_id;
		else
			kept++;
	}
	TRY(drop_unused(cx, (Int64s){ patient, n }, &kept));
	*ret_over = count < IMPORT_BATCH;
	TRY(sql_patient_import_step_back(cx, import->id, import->undone_line, line, kept, &rows));
	return rows ? OK
		    : err_set(cx, ERR_STALE, "import %" PRId64 " goes back elsewhere", import->id);
}

Err patient_import_undo_job(Ctx *cx, const char *data)
{
	return import_undo_run(cx, &patient_import, data);
}

/* ---- what platform/import asks ---- */

const ImportKind patient_import = {
	.table = &table,
	.area = "patients",
	.nav = "/patients",
	.job = "patient.import",
	.title = "Importar pacientes",
	.home = "Pacientes",
	.home_url = { "/patients" },
	.hint = "A primeira linha costuma ter os títulos: Nome, Nascimento, CPF, Telefone…",
	.one = "paciente novo",
	.many = "pacientes novos",
	.figure = "Pacientes novos",
	.model = "modelo-de-pacientes",
	.no_name = "Escolha a coluna que tem o nome do paciente.",
	.see = "Ver os pacientes",
	.see_url = { "/patients" },
	.undo_text = "Saem os pacientes novos em que ninguém mexeu desde então. Os outros ficam.",
	.undone_text = "Os pacientes em que ninguém tinha mexido saíram do cadastro.",
	.field = patient_fields,
	.field_count = PATIENT_FIELDS,
	.alias = aliases,
	.alias_count = COUNT(aliases),
	.targets = targets,
	.option = options,
	.option_count = COUNT(options),
	.option_size = sizeof(PatientImportOptions),
	.draw_options = patient_import_options,
	.parse = patient_import_parse,
	.store = patient_import_store,
	.note = note,
	.undo_state = "undoing",
	.undo = undo,
	.undo_batch = undo_batch,
	.spend = spend,
	.tell = notice_add,
};

static const Route routes[] = {
	{ GET, "/patients/import", import_list, "patient.export", .arg = &patient_import },
	{ PUT, "/patients/import", import_upload, "patient.export", .body = BODY_FILE,
		.body_max = SHEET_FILE_MAX, .lane = LANE_HEAVY, .arg = &patient_import },
	{ GET, "/patients/import/model", import_model, "patient.export", .arg = &patient_import },
	{ GET, "/patients/import/:id", import_show, "patient.export", .arg = &patient_import },
	{ POST, "/patients/import/:id", import_start, "patient.export", .arg = &patient_import },
	{ POST, "/patients/import/:id/preview", import_preview, "patient.export",
		.arg = &patient_import },
	{ GET, "/patients/import/:id/progress", import_progress, "patient.export",
		.arg = &patient_import },
	{ GET, "/patients/import/:id/errors", import_errors, "patient.export", .lane = LANE_HEAVY,
		.arg = &patient_import },
	{ POST, "/patients/import/:id/resume", import_resume, "patient.export",
		.arg = &patient_import },
	{ POST, "/patients/import/:id/discard", import_discard, "patient.export",
		.arg = &patient_import },
	{ POST, "/patients/import/:id/undo", import_undo, "patient.export",
		.arg = &patient_import },
};

const RouteList patient_import_routes = { routes, COUNT(routes), &patient_api };

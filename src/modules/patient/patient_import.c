/* Rows of a spreadsheet become patients, 200 in a transaction; done_count goes with them, so
 * neither a crash nor a second worker brings a row in twice. */
#include "modules/patient/patient_import.h"

#include "core/br.h"
#include "modules/notice/notice.h"
#include "platform/db/db.h"
#include "platform/storage/storage.h"

/* Headings people use, folded, beside the field's own title and name. */
static const struct {
	const char *field, *alias;
} aliases[] = {
	{ "name", "nome" },
	{ "name", "paciente" },
	{ "name", "cliente" },
	{ "name", "nome do paciente" },
	{ "name", "nome completo" },
	{ "birth", "data de nascimento" },
	{ "birth", "nascimento" },
	{ "birth", "dt nascimento" },
	{ "birth", "aniversario" },
	{ "cpf", "documento" },
	{ "phone", "celular" },
	{ "phone", "whatsapp" },
	{ "phone", "telefone celular" },
	{ "phone", "fone" },
	{ "phone", "tel" },
	{ "phone2", "telefone 2" },
	{ "phone2", "telefone fixo" },
	{ "phone2", "telefone residencial" },
	{ "email", "email" },
	{ "email", "e mail" },
	{ "street", "endereco" },
	{ "street", "logradouro" },
	{ "number", "no" },
	{ "district", "bairro" },
	{ "city", "municipio" },
	{ "uf", "uf" },
	{ "uf", "estado" },
	{ "sex", "genero" },
	{ "sex", "sexo" },
	{ "insurer", "plano de saude" },
	{ "card_number", "carteirinha" },
	{ "card_number", "matricula" },
	{ "guardian", "nome do responsavel" },
	{ "notes", "obs" },
	{ "notes", "observacao" },
	{ "tags", "etiqueta" },
	{ "tags", "marcadores" },
	{ "source", "como conheceu" },
	{ "occupation", "profissao" },
	{ "rg", "identidade" },
};

bool patient_import_takes(const Field *field)
{
	static const char *const ours[] = { "version", "consent", "consents", "times", "channel",
		"whatsapp", "guardian_kind" };

	for (size_t i = 0; i < COUNT(ours); i++)
		if (!strcmp(field->name, ours[i]))
			return false;
	return true;
}

/* "Data_de Nascimento:" → "data de nascimento" */
static char *plain(Arena *mem, const char *heading)
{
	char *text = str_fold(mem, heading);

	for (char *p = text; *p; p++)
		if (strchr("_-:.*/", *p))
			*p = ' ';
	return str_fold(mem, text);
}

const char *patient_import_guess(Arena *mem, const char *heading)
{
	const char *asked = plain(mem, heading);

	for (size_t i = 0; i < PATIENT_FIELDS && *asked; i++)
		if (patient_import_takes(&patient_fields[i]) &&
			(!strcmp(asked, plain(mem, patient_fields[i].title)) ||
				!strcmp(asked, plain(mem, patient_fields[i].name))))
			return patient_fields[i].name;
	for (size_t i = 0; i < COUNT(aliases); i++)
		if (!strcmp(asked, aliases[i].alias))
			return aliases[i].field;
	return "";
}

/* What a cell says, as the form wants it. */
static const char *cell_value(Arena *mem, const char *field, const char *cell)
{
	if (!strcmp(field, "sex")) {
		const char *word = str_fold(mem, cell);

		return *word == 'f' || str_starts(word, "mulher") ? "female"
		       : *word == 'm' || *word == 'h'             ? "male"
		       : *word                                    ? "other"
								  : "";
	}
	return cell;
}

static void add_pair(FormPair *pair, size_t *count, const char *name, const char *value)
{
	if (*count < FORM_PAIRS_MAX)
		pair[(*count)++] = (FormPair){ name, value };
}

/* "criança, aparelho" → two tags. */
static void add_tags(Arena *mem, FormPair *pair, size_t *count, const char *cell)
{
	Str rest = str_of(cell), tag;

	while (str_cut(&rest, ',', &tag)) {
		tag = str_trim(tag);
		if (tag.len)
			add_pair(pair, count, "tags",
				arena_printf(mem, "%.*s", (int)tag.len, tag.ptr));
	}
}

Err patient_import_read(
	Ctx *cx, Strs targets, Strs cells, PatientForm *ret, const char **ret_problem)
{
	FormPair *pair = NEW_ARRAY(cx->mem, FormPair, FORM_PAIRS_MAX);
	Form form = { .pair = pair };

	for (size_t i = 0; i < targets.count && i < cells.count; i++) {
		const char *field = targets.v[i], *cell = cells.v[i];

		if (!*field || str_is_empty(cell))
			continue;
		if (!strcmp(field, "tags"))
			add_tags(cx->mem, pair, &form.count, cell);
		else
			add_pair(pair, &form.count, field, cell_value(cx->mem, field, cell));
	}
	cx->bad_count = 0;
	*ret_problem = NULL;
	if (!form_fill(cx, &form, patient_fields, PATIENT_FIELDS, ret))
		*ret_problem = cx->bad[0].sentence;
	ret->source = ret->source ? ret->source : "Importação";
	return OK;
}

/* ---- starting ---- */

Err patient_import_path(Ctx *cx, const char *file, const char **ret)
{
	int fd;

	TRY(storage_open(cx, file, &fd));
	*ret = arena_printf(cx->mem, "/proc/self/fd/%d", fd);
	return OK;
}

static Err add_job(Ctx *cx, const char *job, int64_t id)
{
	return job_add(cx, job, arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id), NULL);
}

Err patient_import_start(Ctx *cx, int64_t id, const PatientImportStart *in)
{
	SqlPatientImportRow import;
	bool named = false;
	int64_t rows;

	for (size_t i = 0; i < in->targets.count; i++) {
		named |= !strcmp(in->targets.v[i], "name");
		for (size_t j = 0; j < i; j++)
			if (*in->targets.v[i] && !strcmp(in->targets.v[i], in->targets.v[j]))
				return err_field(cx, arena_printf(cx->mem, "c%zu", i),
					"Duas colunas não podem ir para o mesmo campo.");
	}
	if (!named)
		return err_field(cx, "c0", "Diga qual coluna é o nome do paciente.");
	TRY(sql_patient_import_by_id(cx, id, &import));
	TRY(sql_patient_import_start(cx, id, in->targets, in->headings, in->twins,
		import.row_count + (import.headings ? 1 : 0) - (in->headings ? 1 : 0), &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Esta importação já começou.",
			"import %" PRId64 " is past its mapping", id);
	return add_job(cx, "patient.import", id);
}

Err patient_import_take_back(Ctx *cx, int64_t id)
{
	SqlPatientImportRow import;
	int64_t rows;

	TRY(sql_patient_import_by_id(cx, id, &import));
	TRY(sql_patient_import_undo(cx, id, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Só uma importação terminada pode ser desfeita.",
			"import %" PRId64 " is not over", id);
	return add_job(cx, "patient.import.undo", id);
}

/* ---- running ---- */

enum { LINES_BYTES = 8 << 20 }; /* lines of endless cells go in before there are 200 */

typedef struct Run {
	const SqlPatientImportRow *import;
	Ctx line_cx;    /* memory of the lines that come in together */
	int seen, done; /* rows of the file; of them done before */
	int count;
	PatientImportLine line[PATIENT_IMPORT_BATCH];
	bool headings;
} Run;

static Err advance(Ctx *cx, Run *run)
{
	int added = 0, twins = 0;
	int64_t rows;

	for (int i = 0; i < run->count; i++) {
		added += !run->line[i].problem;
		twins += run->line[i].twin;
	}
	TRY(sql_patient_import_advance(cx, run->import->id, run->done, run->count, added, twins,
		run->count - added - twins, &rows));
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "import %" PRId64 " is another worker's",
			run->import->id);
	run->done += run->count;
	run->count = 0;
	return job_step(cx);
}

static Err flush(Ctx *cx, Run *run)
{
	Err err;

	if (!run->count)
		return OK;
	err = patient_import_lines(&run->line_cx, run->import->id,
		!strcmp(run->import->twins, "skip"), run->line, (size_t)run->count);
	if (err != OK)
		return err_set(cx, err, "rows %" PRId64 " to %" PRId64 " of import %" PRId64,
			run->line[0].number, run->line[run->count - 1].number, run->import->id);
	TRY(advance(cx, run));
	arena_reset(run->line_cx.mem);
	return OK;
}

static Err each_row(Ctx *cx, const SheetRow *row, void *arg)
{
	Run *run = arg;

	if (run->headings) {
		run->headings = false;
		return OK;
	}
	if (++run->seen <= run->done)
		return OK;
	run->line_cx.bad_count = 0;
	TRY(patient_import_line(
		&run->line_cx, run->import->targets, row, &run->line[run->count++]));
	return run->count == PATIENT_IMPORT_BATCH || arena_used(run->line_cx.mem) > LINES_BYTES
		       ? flush(cx, run)
		       : OK;
}

static void free_arena(void *mem)
{
	arena_free(mem);
}

static Err tell_end(Ctx *cx, int64_t id, const char *title)
{
	SqlPatientImportRow import;

	TRY(sql_patient_import_by_id(cx, id, &import));
	return notice_add(cx, import.user_id, title,
		arena_printf(cx->mem, "%s: %d pacientes.", import.file_name, import.added_count),
		arena_printf(cx->mem, "/patients/import/%" PRId64, id), "file-up",
		arena_printf(cx->mem, "patient-import-%" PRId64 "-%s", id, import.state));
}

static Err run_import(Ctx *cx, Run *run)
{
	const char *path;

	TRY(patient_import_path(cx, run->import->file, &path));
	TRY(sheet_read(cx, path, NULL, each_row, run));
	return flush(cx, run);
}

Err patient_import_job(Ctx *cx, const char *data)
{
	SqlPatientImportRow import;
	Run *run = NEW(cx->mem, Run);
	int64_t id, rows;
	Err err;

	TRY(job_id(cx, data, "id", &id));
	TRY(sql_patient_import_run(cx, id, &rows));
	if (!rows)
		return OK; /* done, or taken back */
	TRY(sql_patient_import_by_id(cx, id, &import));
	cx->user = (UserId){ import.user_id };
	*run = (Run){ .import = &import,
		.line_cx = *cx,
		.done = import.done_count,
		.headings = import.headings };
	run->line_cx.mem = arena_new(ARENA_LIMIT);
	arena_defer(cx->mem, free_arena, run->line_cx.mem);
	err = run_import(cx, run);
	if (err == ERR_INVALID ||
		err == ERR_TOO_LARGE) { /* the file is damaged: what is in stays in */
		TRY(sql_patient_import_end(cx, id, "failed", &rows));
		return tell_end(cx, id, "A importação de pacientes parou");
	}
	TRY(err);
	TRY(sql_patient_import_end(cx, id, "done", &rows));
	TRY(audit_add_change(cx, &(Change){ .action = "patient.import",
					 .subject = "patient_import",
					 .subject_id = id }));
	return tell_end(cx, id, "Importação de pacientes concluída");
}

/* ---- taking back ---- */

/* All of them or, when something points at one, none. */
static Err drop(Ctx *cx, int64_t import, Int64s patients, bool *ret_gone)
{
	SqlPatientImportDropAround around;
	int64_t rows;
	Err err;

	TRY(db_savepoint(cx));
	err = sql_patient_import_drop_around(cx, patients, &around);
	if (err == OK)
		err = sql_patient_import_drop(cx, patients, &rows);
	if (err == ERR_CONFLICT) {
		*ret_gone = false;
		return db_undo(cx);
	}
	TRY(err);
	TRY(db_release(cx));
	*ret_gone = true;
	return sql_patient_import_forget(cx, import, patients, &rows);
}

/* Together, as most are; one by one when somebody has used one of them. */
static Err drop_untouched(Ctx *cx, int64_t import, Int64s patients, int *kept)
{
	bool gone = true;

	if (patients.count)
		TRY(drop(cx, import, patients, &gone));
	if (gone)
		return OK;
	for (size_t i = 0; i < patients.count; i++) {
		TRY(drop(cx, import, (Int64s){ patients.v + i, 1 }, &gone));
		*kept += !gone;
	}
	return OK;
}

Err patient_import_undo_job(Ctx *cx, const char *data)
{
	int64_t id, rows, patient[PATIENT_IMPORT_BATCH];
	SqlPatientImportUntouched *row;
	int after = 0, kept = 0;
	size_t count;

	TRY(job_id(cx, data, "id", &id));
	do {
		size_t n = 0;

		TRY(sql_patient_import_untouched(
			cx, id, after, PATIENT_IMPORT_BATCH, &row, &count));
		for (size_t i = 0; i < count; i++) {
			after = row[i].number;
			if (row[i].untouched)
				patient[n++] = row[i].patient_id;
			else
				kept++;
		}
		TRY(drop_untouched(cx, id, (Int64s){ patient, n }, &kept));
		TRY(job_step(cx));
	} while (count == PATIENT_IMPORT_BATCH);
	TRY(sql_patient_import_undone(cx, id, kept, &rows));
	TRY(audit_add_change(cx, &(Change){ .action = "patient.import.undo",
					 .subject = "patient_import",
					 .subject_id = id }));
	return tell_end(cx, id, "Importação de pacientes desfeita");
}

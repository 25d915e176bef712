/* Lines of a spreadsheet that come in together: what is wrong with each, who is there already, and
 * one writing for all. */
#include "modules/patient/patient_import.h"

Err patient_import_line(Ctx *cx, Strs targets, const SheetRow *row, PatientImportLine *ret)
{
	const char **cell = NEW_ARRAY(cx->mem, const char *, row->cell.count + 1);
	Err err;

	for (size_t i = 0; i < row->cell.count; i++)
		cell[i] = arena_dup(cx->mem, row->cell.v[i] ? row->cell.v[i] : "");
	*ret = (PatientImportLine){ .number = row->number, .cell = { cell, row->cell.count } };
	TRY(patient_import_read(cx, targets, ret->cell, &ret->one.form, &ret->problem));
	if (ret->problem)
		return OK;
	err = patient_check_new(cx, &ret->one.form);
	if (err == ERR_INVALID) {
		ret->problem = cx->bad_count ? cx->bad[0].sentence : err_sentence(err);
		return OK;
	}
	ret->folded = str_fold(cx->mem, ret->one.form.name);
	return err;
}

/* ---- twins ---- */

static void set_twin(PatientImportLine *line)
{
	line->twin = true;
	line->problem = "Já está cadastrado.";
}

/* What a line is compared by. */
typedef struct Mark {
	const char *cpf, *phone, *phone2;
} Mark;

static bool same_key(const char *a, const char *b)
{
	return a && str_same(a, b);
}

/* The same CPF, or the same phone and name. */
static bool is_twin(
	const PatientImportLine *a, const Mark *ma, const PatientImportLine *b, const Mark *mb)
{
	return same_key(ma->cpf, mb->cpf) ||
	       ((same_key(ma->phone, mb->phone) || same_key(ma->phone, mb->phone2)) &&
		       !strcmp(a->folded, b->folded));
}

/* Among the lines themselves: the first of two comes in. */
static void find_twins_here(PatientImportLine *line, const Mark *mark, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i && !line[i].problem; j++)
			if (!line[j].problem && is_twin(&line[i], &mark[i], &line[j], &mark[j]))
				set_twin(&line[i]);
}

/* Among the patients: the query answers with the places of the lines. */
static Err find_twins_there(Ctx *cx, PatientImportLine *line, const Mark *mark, size_t count)
{
	int64_t *place = NEW_ARRAY(cx->mem, int64_t, count + 1);
	const char **key = NEW_ARRAY(cx->mem, const char *, count + 1);
	const char **cpf = NEW_ARRAY(cx->mem, const char *, count + 1);
	SqlPatientImportTwins *row;
	size_t n = 0, found;

	for (size_t i = 0; i < count; i++) {
		if (line[i].problem || (!mark[i].phone && !mark[i].cpf))
			continue;
		place[n] = (int64_t)i;
		key[n] = mark[i].phone;
		cpf[n++] = mark[i].cpf;
	}
	if (!n)
		return OK;
	TRY(sql_patient_import_twins(
		cx, (Int64s){ place, n }, (Strs){ key, n }, (Strs){ cpf, n }, &row, &found));
	for (size_t i = 0; i < found; i++) {
		PatientImportLine *one = &line[row[i].place];

		if (row[i].by_cpf || !strcmp(str_fold(cx->mem, row[i].name), one->folded))
			set_twin(one);
	}
	return OK;
}

static Err find_twins(Ctx *cx, PatientImportLine *line, size_t count)
{
	Mark *mark = NEW_ARRAY(cx->mem, Mark, count + 1);

	for (size_t i = 0; i < count; i++) {
		const PatientForm *in = &line[i].one.form;

		if (!line[i].problem)
			mark[i] = (Mark){ in->cpf, patient_phone_key(cx, in->phone),
				patient_phone_key(cx, in->phone2) };
	}
	TRY(find_twins_there(cx, line, mark, count));
	find_twins_here(line, mark, count);
	return OK;
}

/* ---- writing ---- */

static Err register_all(Ctx *cx, PatientImportLine *line, size_t count)
{
	PatientNew *one = NEW_ARRAY(cx->mem, PatientNew, count + 1);
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (!line[i].problem)
			one[n++] = line[i].one;
	TRY(patient_register_many(cx, one, n));
	n = 0;
	for (size_t i = 0; i < count; i++) {
		if (line[i].problem)
			continue;
		line[i].one.id = one[n++].id;
		if (!line[i].one.id.v)
			line[i].problem = "Outro paciente já tem este CPF.";
	}
	return OK;
}

static Err note_all(Ctx *cx, int64_t import, const PatientImportLine *line, size_t count)
{
	int64_t *number = NEW_ARRAY(cx->mem, int64_t, count + 1), rows;
	int64_t *patient = NEW_ARRAY(cx->mem, int64_t, count + 1);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (line[i].problem) {
			TRY(sql_patient_import_note_send(cx, import, (int32_t)line[i].number,
				line[i].problem, line[i].cell));
			continue;
		}
		number[n] = line[i].number;
		patient[n++] = line[i].one.id.v;
	}
	for (size_t i = 0; i < count; i++)
		if (line[i].problem)
			TRY(sql_patient_import_note_read(cx, &rows));
	return sql_patient_import_note_many(
		cx, import, (Int64s){ number, n }, (Int64s){ patient, n }, &rows);
}

Err patient_import_lines(
	Ctx *cx, int64_t import, bool skip_twins, PatientImportLine *line, size_t count)
{
	if (skip_twins)
		TRY(find_twins(cx, line, count));
	TRY(register_all(cx, line, count));
	return note_all(cx, import, line, count);
}

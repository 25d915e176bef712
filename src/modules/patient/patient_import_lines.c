/* Rows of a spreadsheet that come in together: what is wrong with each, who is there already, and
 * one writing for all. */
#include "modules/patient/patient_import.h"

/* "F", "masc.", "Mulher" as the form says it. */
static const char *sex_word(Arena *mem, const char *cell)
{
	const char *word = str_fold(mem, cell);

	return *word == 'f' || str_starts(word, "mulher") ? "female"
	       : *word == 'm' || *word == 'h'             ? "male"
							  : "other";
}

Err patient_import_parse(Ctx *cx, const ImportMap *map, ImportPairs *pairs, ImportRow *row)
{
	PatientImportLine *line = row->record = NEW(cx->mem, PatientImportLine);
	PatientForm *form = &line->one.form;
	FormPair *sex = import_pair(pairs, "sex");

	(void)map;
	if (sex)
		sex->value = sex_word(cx->mem, sex->value);
	if (!form_fill(
		    cx, &(Form){ pairs->pair, pairs->count }, patient_fields, PATIENT_FIELDS, form))
		return ERR_INVALID;
	form->source = form->source ? form->source : "Importação";
	line->folded = str_fold(cx->mem, form->name);
	return patient_check_new(cx, form);
}

static PatientImportLine *line_of(const ImportRow *row)
{
	return row->record;
}

static bool stays_out(const ImportRow *row)
{
	return row->bad_count || row->twin;
}

/* ---- twins ---- */

/* What a line is compared by. */
typedef struct Mark {
	const char *cpf, *phone, *phone2;
} Mark;

static bool same_key(const char *a, const char *b)
{
	return a && str_same(a, b);
}

/* The same CPF, or the same phone and name. */
static bool is_twin(const ImportRow *a, const Mark *ma, const ImportRow *b, const Mark *mb)
{
	return same_key(ma->cpf, mb->cpf) ||
	       ((same_key(ma->phone, mb->phone) || same_key(ma->phone, mb->phone2)) &&
		       !strcmp(line_of(a)->folded, line_of(b)->folded));
}

/* Among the lines themselves: the first of two comes in. */
static void find_twins_here(ImportRow *row, const Mark *mark, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = 0; j < i && !stays_out(&row[i]); j++)
			if (!stays_out(&row[j]) && is_twin(&row[i], &mark[i], &row[j], &mark[j]))
				row[i].twin = true;
}

/* Among the patients: the query answers with the places of the lines. */
static Err find_twins_there(Ctx *cx, ImportRow *row, const Mark *mark, size_t count)
{
	int64_t *place = NEW_ARRAY(cx->mem, int64_t, count + 1);
	const char **key = NEW_ARRAY(cx->mem, const char *, count + 1);
	const char **cpf = NEW_ARRAY(cx->mem, const char *, count + 1);
	SqlPatientImportTwins *twin;
	size_t n = 0, found;

	for (size_t i = 0; i < count; i++) {
		if (stays_out(&row[i]) || (!mark[i].phone && !mark[i].cpf))
			continue;
		place[n] = (int64_t)i;
		key[n] = mark[i].phone;
		cpf[n++] = mark[i].cpf;
	}
	if (!n)
		return OK;
	TRY(sql_patient_import_twins(
		cx, (Int64s){ place, n }, (Strs){ key, n }, (Strs){ cpf, n }, &twin, &found));
	for (size_t i = 0; i < found; i++) {
		ImportRow *one = &row[twin[i].place];

		one->twin = one->twin || twin[i].by_cpf ||
			    !strcmp(str_fold(cx->mem, twin[i].name), line_of(one)->folded);
	}
	return OK;
}

static Err find_twins(Ctx *cx, ImportRow *row, size_t count)
{
	Mark *mark = NEW_ARRAY(cx->mem, Mark, count + 1);

	for (size_t i = 0; i < count; i++) {
		const PatientForm *in = &line_of(&row[i])->one.form;

		if (!stays_out(&row[i]))
			mark[i] = (Mark){ in->cpf, patient_phone_key(cx, in->phone),
				patient_phone_key(cx, in->phone2) };
	}
	TRY(find_twins_there(cx, row, mark, count));
	find_twins_here(row, mark, count);
	return OK;
}

/* ---- writing ---- */

static Err register_all(Ctx *cx, ImportRow *row, size_t count)
{
	PatientNew *one = NEW_ARRAY(cx->mem, PatientNew, count + 1);
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (!stays_out(&row[i]))
			one[n++] = line_of(&row[i])->one;
	TRY(patient_register_many(cx, one, n));
	n = 0;
	for (size_t i = 0; i < count; i++) {
		if (stays_out(&row[i]))
			continue;
		line_of(&row[i])->one.id = one[n].id;
		if (!one[n++].id.v)
			import_bad(&row[i], "cpf", "Outro paciente já tem este CPF.");
	}
	return OK;
}

/* Who came in with the import, for the way back. */
static Err note_all(Ctx *cx, int64_t import, const ImportRow *row, size_t count, int32_t *ret_added)
{
	int64_t *number = NEW_ARRAY(cx->mem, int64_t, count + 1), rows;
	int64_t *patient = NEW_ARRAY(cx->mem, int64_t, count + 1);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (stays_out(&row[i]))
			continue;
		number[n] = row[i].line;
		patient[n++] = line_of(&row[i])->one.id.v;
	}
	*ret_added = (int32_t)n;
	return sql_patient_import_note_many(
		cx, import, (Int64s){ number, n }, (Int64s){ patient, n }, &rows);
}

Err patient_import_store(
	Ctx *cx, const ImportMap *map, ImportRow *row, size_t count, ImportCounts *counts)
{
	const PatientImportOptions *option = map->option;

	if (!strcmp(option->twins, "skip"))
		TRY(find_twins(cx, row, count));
	TRY(register_all(cx, row, count));
	return note_all(cx, map->import->id, row, count, &counts->added);
}

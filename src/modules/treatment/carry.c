/* What hangs on a patient goes along in a merge, and comes back with its undo. */
#include "modules/treatment/carry.h"

#include "modules/treatment/carry.sql.h"

/* In the order of treatment_part's parameters; the last one is the plan that was active. */
static const char *const carried[] = { "treatment.act", "treatment.perio_exam", "treatment.note",
	"treatment.visit", "treatment.paper", "treatment.lab_case", "treatment.plan",
	"treatment.recall", "treatment.plan_active" };

static Err carry(Ctx *cx, const MergeTold *merge)
{
	SqlTreatmentCarry *row;
	size_t count;

	TRY(sql_treatment_carry(cx, merge->from, merge->into, &row, &count));
	for (size_t i = 0; i < COUNT(carried); i++) {
		int64_t *id = NEW_ARRAY(cx->mem, int64_t, count + 1);
		size_t n = 0;

		for (size_t j = 0; j < count; j++)
			if (!strcmp(row[j].what, carried[i]))
				id[n++] = row[j].id;
		TRY(patient_merge_note(cx, merge->id, carried[i], (Int64s){ id, n }));
	}
	return OK;
}

static Err part(Ctx *cx, const MergeTold *merge)
{
	Int64s row[COUNT(carried)];
	int64_t rows;

	for (size_t i = 0; i < COUNT(carried); i++)
		TRY(patient_merge_noted(cx, merge->id, carried[i], &row[i]));
	TRY(sql_treatment_part(cx,
		&(SqlTreatmentPartIn){ .from = merge->from,
			.into = merge->into,
			.acts = row[0],
			.exams = row[1],
			.notes = row[2],
			.visits = row[3],
			.papers = row[4],
			.cases = row[5],
			.plans = row[6],
			.recalls = row[7] },
		&rows));
	return sql_treatment_part_active(cx, row[8], &rows);
}

Err carry_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	bool merged = !strcmp(name, "patient.merged");
	MergeTold merge;

	(void)id;
	if (!merged && strcmp(name, "patient.unmerged") != 0)
		return OK;
	TRY(patient_merge_read(cx, json, &merge));
	return merged ? carry(cx, &merge) : part(cx, &merge);
}

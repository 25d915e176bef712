/* Both charts follow their patient when two records become one, and part again. */
#include "modules/treatment/act.h"
#include "modules/treatment/act.sql.h"

static const char *const carried_acts = "treatment.act", *const carried_exams =
								 "treatment.perio_exam";

static Err carry(Ctx *cx, const MergeTold *merge)
{
	SqlPerioCarry *exam;
	size_t acts, exams;
	SqlActCarry *act;
	int64_t *id;

	TRY(sql_act_carry(cx, merge->from, merge->into, &act, &acts));
	TRY(sql_perio_carry(cx, merge->from, merge->into, &exam, &exams));
	id = NEW_ARRAY(cx->mem, int64_t, acts + exams + 1);
	for (size_t i = 0; i < acts; i++)
		id[i] = act[i].id;
	TRY(patient_merge_note(cx, merge->id, carried_acts, (Int64s){ id, acts }));
	for (size_t i = 0; i < exams; i++)
		id[acts + i] = exam[i].id;
	return patient_merge_note(cx, merge->id, carried_exams, (Int64s){ id + acts, exams });
}

static Err part(Ctx *cx, const MergeTold *merge)
{
	Int64s acts, exams;
	int64_t rows;

	TRY(patient_merge_noted(cx, merge->id, carried_acts, &acts));
	TRY(patient_merge_noted(cx, merge->id, carried_exams, &exams));
	TRY(sql_act_part(cx, acts, merge->from, merge->into, &rows));
	return sql_perio_part(cx, exams, merge->from, merge->into, &rows);
}

Err chart_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	bool merged = !strcmp(name, "patient.merged");
	MergeTold merge;

	(void)id;
	if (!merged && strcmp(name, "patient.unmerged") != 0)
		return OK;
	TRY(patient_merge_read(cx, json, &merge));
	return merged ? carry(cx, &merge) : part(cx, &merge);
}

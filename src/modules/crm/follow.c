/* What becomes of a lead when something happens to the patient it became. */
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"

static const char followed[] = "crm.lead";

static Err follow(Ctx *cx, const MergeTold *merge)
{
	SqlCrmFollowMerge *row;
	int64_t *id;
	size_t count;

	TRY(sql_crm_follow_merge(cx, merge->from, merge->into, &row, &count));
	id = NEW_ARRAY(cx->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++)
		id[i] = row[i].id;
	return patient_merge_note(cx, merge->id, followed, (Int64s){ id, count });
}

static Err part(Ctx *cx, const MergeTold *merge)
{
	int64_t rows;
	Int64s id;

	TRY(patient_merge_noted(cx, merge->id, followed, &id));
	return sql_crm_part_merge(cx, id, merge->from, merge->into, &rows);
}

/* Nobody is found by what the clinic promised to forget (LGPD). */
static Err forget(Ctx *cx, int64_t patient)
{
	SqlCrmForgetPatient *row;
	int64_t *id, rows;
	size_t count;

	TRY(sql_crm_forget_patient(cx, patient, "Paciente anonimizado", &row, &count));
	id = NEW_ARRAY(cx->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++)
		id[i] = row[i].id;
	return sql_crm_forget_tasks(cx, (Int64s){ id, count }, &rows);
}

Err follow_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	bool merged = !strcmp(name, "patient.merged");
	MergeTold merge;

	if (!strcmp(name, "patient.anonymised"))
		return forget(cx, id);
	if (!merged && strcmp(name, "patient.unmerged") != 0)
		return OK;
	TRY(patient_merge_read(cx, json, &merge));
	return merged ? follow(cx, &merge) : part(cx, &merge);
}

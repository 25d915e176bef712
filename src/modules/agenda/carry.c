/* What happens to the patient of a visit elsewhere: another name, two who are one, and parted
 * again. */
#include "modules/agenda/agenda_rooms.h"

static const char *const carried_visits = "agenda.appointment", *const carried_waiting =
									"agenda.waiting";

static Err tell_both(Ctx *cx, const MergeTold *merge)
{
	TRY(visits_tell_patient(cx, merge->from));
	return visits_tell_patient(cx, merge->into);
}

static Err carry(Ctx *cx, const MergeTold *merge)
{
	SqlAgendaCarryRow *visit, *waiting;
	size_t count, waiting_count;
	int64_t *id;

	TRY(sql_agenda_carry_visits(cx, merge->from, merge->into, &visit, &count));
	TRY(sql_agenda_carry_waiting(cx, merge->from, merge->into, &waiting, &waiting_count));
	id = NEW_ARRAY(cx->mem, int64_t, count + waiting_count + 1);
	for (size_t i = 0; i < count; i++)
		id[i] = visit[i].id;
	TRY(patient_merge_note(cx, merge->id, carried_visits, (Int64s){ id, count }));
	for (size_t i = 0; i < waiting_count; i++)
		id[i] = waiting[i].id;
	TRY(patient_merge_note(cx, merge->id, carried_waiting, (Int64s){ id, waiting_count }));
	return tell_both(cx, merge);
}

static Err carry_back(Ctx *cx, const MergeTold *merge)
{
	Int64s visit, waiting;
	int64_t rows;

	TRY(patient_merge_noted(cx, merge->id, carried_visits, &visit));
	TRY(patient_merge_noted(cx, merge->id, carried_waiting, &waiting));
	TRY(sql_agenda_part_visits(cx, visit, merge->from, merge->into, &rows));
	TRY(sql_agenda_part_waiting(cx, waiting, merge->from, merge->into, &rows));
	return tell_both(cx, merge);
}

Err visits_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	bool merged = !strcmp(name, "patient.merged");
	int64_t rows;
	MergeTold merge;

	if (!strcmp(name, "patient.updated")) /* the past keeps the name it had */
		return sql_agenda_rename_patient(cx, id, cx->now - DAY_S, &rows);
	if (!strcmp(name, "patient.anonymised")) {
		TRY(sql_agenda_rename_patient(cx, id, /* from= */ 0, &rows));
		return sql_agenda_forget_patient(cx, id, &rows);
	}
	if (!merged && strcmp(name, "patient.unmerged") != 0)
		return OK;
	TRY(patient_merge_read(cx, json, &merge));
	return merged ? carry(cx, &merge) : carry_back(cx, &merge);
}

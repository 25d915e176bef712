/* What is written down when a visit changes: the change with what it takes back, audit, timeline,
 * the patient's figures; and who is told. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/audit/audit.h"
#include "platform/web/events.h"

static void put_id(Json *json, const char *key, int64_t id)
{
	if (id)
		json_put_int(json, key, id);
	else
		json_put_null(json, key);
}

/* The columns of one axis as they were. A key that is missing stays as it is then. */
static const char *undo_of(Ctx *cx, const char *axis, const Appointment *old)
{
	Json json;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_text(&json, "confirmation", confirmation_name(old->confirmation));
	if (!strcmp(axis, "presence")) {
		json_put_text(&json, "presence", presence_name(old->presence));
		put_id(&json, "chair_id", old->chair_id);
		json_put_time(&json, "arrived_at", old->arrived_at);
		json_put_time(&json, "seated_at", old->seated_at);
		json_put_time(&json, "dismissed_at", old->dismissed_at);
		json_put_text(&json, "cancelled_by", old->cancelled_by);
		json_put_text(&json, "cancel_reason", old->cancel_reason);
	}
	if (!strcmp(axis, "moved") || !strcmp(axis, "edited")) {
		json_put_int(&json, "branch_id", old->branch_id);
		json_put_int(&json, "dentist_id", old->dentist_id);
		put_id(&json, "chair_id", old->chair_id);
		json_put_int(&json, "patient_id", old->patient_id);
		put_id(&json, "visit_type_id", old->visit_type_id);
		json_put_text(&json, "title", old->title);
		json_put_text(&json, "note", old->note);
		json_put_time(&json, "starts_at", old->starts_at);
		json_put_time(&json, "ends_at", old->ends_at);
		json_put_time(&json, "busy_to", old->busy_to);
		json_put_time(&json, "asked_at", old->asked_at);
		json_put_bool(&json, "encaixe", old->encaixe);
	}
	return json_done(&json);
}

static Err change_row_ask(Ctx *cx, AppointmentId id, const Note *note)
{
	int64_t batch = note->batch ? *note->batch : 0;

	return sql_agenda_insert_change_send(
		cx, &(SqlAgendaInsertChangeIn){ .appointment_id = id.v,
			    .user_id = db_id_or_null(&cx->user.v),
			    .by_patient = note->by_patient,
			    .axis = note->axis,
			    .before = note->before,
			    .after = note->after,
			    .reason = note->undoes ? "Desfeito" : note->reason,
			    .undo = note->old && !note->undoes ? undo_of(cx, note->axis, note->old)
							       : NULL,
			    .batch = db_id_or_null(&batch) });
}

/* The first of a batch gives it its number. */
static Err begin_batch(Ctx *cx, const Note *note, int64_t change)
{
	int64_t rows;

	if (!note->batch || *note->batch)
		return OK;
	*note->batch = change;
	return sql_agenda_begin_batch(cx, change, &rows);
}

static const char *difference(Ctx *cx, const Note *note, const Appointment *now)
{
	const Appointment *old = note->old;
	Diff diff;

	if (!old)
		return NULL;
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "presence", presence_name(old->presence), presence_name(now->presence));
	diff_text(&diff, "confirmation", confirmation_name(old->confirmation),
		confirmation_name(now->confirmation));
	diff_int(&diff, "starts_at", old->starts_at, now->starts_at);
	diff_int(&diff, "ends_at", old->ends_at, now->ends_at);
	diff_int(&diff, "dentist_id", old->dentist_id, now->dentist_id);
	diff_int(&diff, "chair_id", old->chair_id, now->chair_id);
	diff_int(&diff, "patient_id", old->patient_id, now->patient_id);
	diff_int(&diff, "visit_type_id", old->visit_type_id, now->visit_type_id);
	diff_text(&diff, "title", old->title, now->title);
	diff_text(&diff, "note", old->note, now->note);
	return diff_done(&diff);
}

static PatientVisits visits_of(const SqlFiguresRow *row)
{
	return (PatientVisits){ .visits = row->visits,
		.no_shows = row->no_shows,
		.first_at = row->first_at,
		.last_at = row->last_at,
		.next_at = row->next_at };
}

Err visits_tell_patient(Ctx *cx, int64_t patient)
{
	SqlFiguresRow row;
	PatientVisits visits;

	if (!patient)
		return OK;
	TRY(sql_agenda_patient_figures(cx, patient, cx->now, &row));
	visits = visits_of(&row);
	return patient_tell_visits(cx, (PatientId){ patient }, &visits);
}

static void publish(Ctx *cx, const char *zone, const Appointment *visit, const Appointment *old)
{
	const char *day, *day_before = NULL;

	day = date_text_iso(cx->mem, date_today(visit->starts_at, zone));
	if (old)
		day_before = date_text_iso(cx->mem, date_today(old->starts_at, zone));
	events_publish_later(cx, (UserId){ 0 }, "agenda",
		arena_printf(cx->mem, "{\"id\":%" PRId64 ",\"day\":\"%s\"}", visit->id, day));
	if (day_before && strcmp(day, day_before) != 0)
		events_publish_later(cx, (UserId){ 0 }, "agenda",
			arena_printf(cx->mem, "{\"id\":%" PRId64 ",\"day\":\"%s\"}", visit->id,
				day_before));
}

/* What a note is made of, as it stands behind the change. */
typedef struct After {
	Appointment visit;
	SqlFiguresRow figures; /* of its patient */
	const char *zone;
} After;

/* One round trip. */
static Err look_after(Ctx *cx, AppointmentId id, After *ret)
{
	SqlVisitRow row;
	const Branch *at;
	Branch *branch;
	size_t count;

	TRY(sql_agenda_visit_send(cx, id.v));
	TRY(sql_agenda_visit_figures_send(cx, id.v, cx->now));
	TRY(company_branches_ask(cx));
	TRY(sql_agenda_visit_read(cx, &row));
	TRY(sql_agenda_visit_figures_read(cx, &ret->figures));
	TRY(company_branches_read(cx, &branch, &count));
	ret->visit = visit_of_row(&row);
	at = branch_find(branch, count, ret->visit.branch_id);
	ret->zone = at ? at->zone : cx->zone;
	return OK;
}

static Err event_ask(Ctx *cx, const Note *note, const Appointment *now)
{
	if (!note->title)
		return OK;
	return audit_event_ask(cx,
		&(Event){ .subject = "patient",
			.subject_id = now->patient_id,
			.kind = note->event,
			.title = note->title,
			.body = note->reason,
			.data = arena_printf(cx->mem, "{\"appointment\":%" PRId64 "}", now->id) });
}

/* Into all books at once: who made a booking holds its days' locks until the end. */
static Err write_down(Ctx *cx, const Note *note, const After *after, const char *action)
{
	const PatientVisits visits = visits_of(&after->figures);
	const Appointment *now = &after->visit;
	PatientId patient = { now->patient_id };
	SqlAgendaInsertChange row;
	int64_t rows;

	TRY(change_row_ask(cx, (AppointmentId){ now->id }, note));
	TRY(audit_change_ask(cx, &(Change){ .action = action,
					 .subject = "appointment",
					 .subject_id = now->id,
					 .diff = difference(cx, note, now),
					 .reason = note->reason }));
	TRY(event_ask(cx, note, now));
	if (patient.v)
		TRY(patient_visits_ask(cx, patient, &visits));
	TRY(sql_agenda_insert_change_read(cx, &row));
	TRY(audit_change_read(cx));
	if (note->title)
		TRY(audit_event_read(cx));
	if (patient.v)
		TRY(patient_visits_read(cx, patient));
	if (note->undoes)
		return sql_agenda_mark_undone(cx, note->undoes, row.id, &rows);
	return begin_batch(cx, note, row.id);
}

Err visit_note(Ctx *cx, AppointmentId id, const Note *note)
{
	const char *action = note->undoes                   ? "appointment.undo"
			     : !strcmp(note->axis, "made")  ? "appointment.book"
			     : !strcmp(note->axis, "moved") ? "appointment.move"
							    : "appointment.update";
	After after;

	TRY(look_after(cx, id, &after));
	TRY(write_down(cx, note, &after, action));
	if (note->old && note->old->patient_id != after.visit.patient_id)
		TRY(visits_tell_patient(cx, note->old->patient_id));
	if (note->event)
		TRY(module_tell(
			cx, note->event, id.v, visit_json_for(cx, &after.visit, note->line_id)));
	publish(cx, after.zone, &after.visit, note->old);
	return OK;
}

Err visit_freed(Ctx *cx, const Appointment *old)
{
	if (old->ends_at <= cx->now || old->encaixe)
		return OK;
	return module_tell(cx, "appointment.freed", old->id, visit_json(cx, old));
}

/* What happens to a visit after it was booked, each with who and when, and taken back. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/audit/audit.h"
#include "platform/web/events.h"

/* ---- written down ---- */

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
		json_put_text(&json, "patient_name", old->patient_name);
		json_put_bool(&json, "patient_alert", old->patient_alert);
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
			    .user_id = visit_id_or_null(&cx->user.v),
			    .by_patient = note->by_patient,
			    .axis = note->axis,
			    .before = note->before,
			    .after = note->after,
			    .reason = note->reason,
			    .undo = note->old ? undo_of(cx, note->axis, note->old) : NULL,
			    .batch = visit_id_or_null(&batch) });
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

Err visits_tell_patient(Ctx *cx, int64_t patient)
{
	SqlAgendaPatientFigures row;

	if (!patient)
		return OK;
	TRY(sql_agenda_patient_figures(cx, patient, cx->now, &row));
	return patient_tell_visits(cx, (PatientId){ patient },
		&(PatientVisits){ .visits = row.visits,
			.no_shows = row.no_shows,
			.last_at = row.last_at,
			.next_at = row.next_at });
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
	SqlAgendaVisitFigures figures; /* of its patient */
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
	const PatientVisits visits = { .visits = after->figures.visits,
		.no_shows = after->figures.no_shows,
		.last_at = after->figures.last_at,
		.next_at = after->figures.next_at };
	const Appointment *now = &after->visit;
	PatientId patient = { now->patient_id };
	SqlAgendaInsertChange row;

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
	return begin_batch(cx, note, row.id);
}

Err visit_note(Ctx *cx, AppointmentId id, const Note *note)
{
	const char *action = !strcmp(note->axis, "made")    ? "appointment.book"
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

/* ---- opening ---- */

Err visit_open(Ctx *cx, AppointmentId id, Appointment *ret)
{
	SqlAgendaLockVisit row;

	TRY(agenda_get(cx, id, ret));
	TRY(lock_days(cx, &(Stretch){ ret->starts_at, ret->busy_to }, 1));
	TRY(sql_agenda_lock_visit(cx, id.v, &row));
	if (row.version != ret->version) /* somebody was in between; days move together with it */
		TRY(agenda_get(cx, id, ret));
	if (ret->presence == PRESENCE_HELD)
		return err_set(cx, ERR_NOT_FOUND, "visit %" PRId64 " is a hold", id.v);
	return OK;
}

static Err refuse_step(Ctx *cx, const Appointment *visit, const char *sentence)
{
	return err_tell(cx, ERR_CONFLICT, sentence, "visit %" PRId64 " is %s", visit->id,
		presence_name(visit->presence));
}

static bool by_patient(const Ctx *cx)
{
	return !cx->user.v && !cx->key;
}

/* ---- presence ---- */

typedef struct Step {
	const Appointment *old;
	Presence to;
	int64_t chair_id;
} Step;

static Err write_presence(Ctx *cx, void *arg)
{
	const Step *step = arg;
	int64_t rows;

	return sql_agenda_set_presence(cx, step->old->id, presence_name(step->to),
		visit_id_or_null(&step->chair_id), cx->now, &rows);
}

static Err may_step(Ctx *cx, const Appointment *old, Presence to)
{
	if (presence_is_over(old->presence))
		return refuse_step(cx, old,
			arena_printf(cx->mem, "Esta consulta já está como %s. Desfaça antes.",
				presence_title(old->presence)));
	if (to == PRESENCE_CANCELLED || to == PRESENCE_HELD || to == PRESENCE_SCHEDULED ||
		to < old->presence)
		return refuse_step(cx, old, "Para voltar atrás, use Desfazer.");
	if (to == PRESENCE_NO_SHOW && old->presence == PRESENCE_IN_CHAIR)
		return refuse_step(cx, old, "O paciente já está em atendimento.");
	if (to == PRESENCE_NO_SHOW && old->starts_at > cx->now)
		return refuse_step(cx, old, "A consulta ainda não começou.");
	return OK;
}

static const char *presence_event(Presence p)
{
	static const char *const events[PRESENCE_COUNT] = { [PRESENCE_ARRIVED] =
								    "appointment.arrived",
		[PRESENCE_IN_CHAIR] = "appointment.seated",
		[PRESENCE_DONE] = "appointment.done",
		[PRESENCE_NO_SHOW] = "appointment.no_show",
		[PRESENCE_CANCELLED] = "appointment.cancelled" };

	return events[p];
}

/* Arriving and sitting down are not history; what came of the visit is. */
static Err presence_sentence(Ctx *cx, const Appointment *visit, Presence to, const char **ret)
{
	const char *zone, *when;

	TRY(agenda_zone(cx, visit->branch_id, &zone));
	when = visit_when(cx, visit->starts_at, zone);
	*ret = to == PRESENCE_DONE ? arena_printf(cx->mem, "Atendido por %s", visit->dentist_name)
	       : to == PRESENCE_NO_SHOW ? arena_printf(cx->mem, "Faltou à consulta de %s", when)
					: NULL;
	return OK;
}

Err agenda_set_presence(Ctx *cx, AppointmentId id, Presence to, int64_t chair_id)
{
	Step step = { .to = to };
	SqlAgendaFacts facts;
	const char *title;
	Appointment old;

	TRY(visit_open(cx, id, &old));
	if (old.presence == to)
		return OK;
	TRY(may_step(cx, &old, to));
	if (to == PRESENCE_IN_CHAIR) {
		step.chair_id = chair_id ? chair_id : old.chair_id;
		if (!step.chair_id)
			return err_field(cx, "chair_id", "Escolha a cadeira.");
		TRY(sql_agenda_facts(cx, old.dentist_id, 0, step.chair_id, 0, &facts));
		if (facts.chair_branch_null && step.chair_id != old.chair_id)
			return err_field(cx, "chair_id", "Escolha uma cadeira da lista.");
	}
	step.old = &old;
	if (try_part(cx, write_presence, &step) != OK)
		return refuse_step(cx, &old, "Esta cadeira está ocupada neste horário.");
	TRY(presence_sentence(cx, &old, to, &title));
	return visit_note(cx, id,
		&(Note){ .axis = "presence",
			.before = presence_name(old.presence),
			.after = presence_name(to),
			.event = presence_event(to),
			.title = title,
			.by_patient = by_patient(cx),
			.old = &old });
}

/* ---- confirmation ---- */

Err agenda_set_confirmation(Ctx *cx, AppointmentId id, Confirmation to)
{
	const char *event = to == CONFIRMATION_CONFIRMED  ? "appointment.confirmed"
			    : to == CONFIRMATION_DECLINED ? "appointment.declined"
							  : NULL;
	Appointment old;
	int64_t rows;

	TRY(visit_open(cx, id, &old));
	if (old.confirmation == to)
		return OK;
	if (presence_is_over(old.presence))
		return refuse_step(cx, &old,
			arena_printf(cx->mem, "Esta consulta já está como %s.",
				presence_title(old.presence)));
	TRY(sql_agenda_set_confirmation(cx, id.v, confirmation_name(to), &rows));
	return visit_note(cx, id,
		&(Note){ .axis = "confirmation",
			.before = confirmation_name(old.confirmation),
			.after = confirmation_name(to),
			.event = event,
			.title = to == CONFIRMATION_CONFIRMED  ? "Consulta confirmada"
				 : to == CONFIRMATION_DECLINED ? "Avisou que não vem"
							       : NULL,
			.by_patient = by_patient(cx),
			.old = &old });
}

/* ---- cancelling ---- */

static Err cancel_one(
	Ctx *cx, const Appointment *old, bool patient, const char *reason, int64_t *batch)
{
	const char *zone;
	int64_t rows;

	TRY(sql_agenda_cancel_visit(cx, old->id, patient ? "patient" : "clinic", reason, &rows));
	TRY(agenda_zone(cx, old->branch_id, &zone));
	TRY(visit_note(cx, (AppointmentId){ old->id },
		&(Note){ .axis = "presence",
			.before = presence_name(old->presence),
			.after = "cancelled",
			.reason = reason,
			.event = "appointment.cancelled",
			.title = arena_printf(cx->mem, "Consulta de %s cancelada %s",
				visit_when(cx, old->starts_at, zone),
				patient ? "pelo paciente" : "pela clínica"),
			.by_patient = by_patient(cx),
			.old = old,
			.batch = batch }));
	return visit_freed(cx, old);
}

/* All days at once, in order, and then the rows: as everybody who writes. */
static Err open_following(Ctx *cx, const Appointment *first, SqlVisitRow **ret, size_t *ret_count)
{
	Stretch *stretch;
	SqlVisitRow *row;
	size_t count;

	TRY(sql_agenda_following(cx, first->series_id, first->starts_at, &row, &count));
	stretch = NEW_ARRAY(cx->mem, Stretch, count + 1);
	for (size_t i = 0; i < count; i++)
		stretch[i] = (Stretch){ row[i].starts_at, row[i].busy_to };
	TRY(lock_days(cx, stretch, count));
	return sql_agenda_following(cx, first->series_id, first->starts_at, ret, ret_count);
}

Err agenda_cancel(Ctx *cx, AppointmentId id, bool patient, const char *reason, Scope scope)
{
	int64_t batch = 0;
	SqlVisitRow *row;
	Appointment old;
	size_t count;

	TRY(agenda_get(cx, id, &old));
	if (scope == SCOPE_FOLLOWING && old.series_id && old.presence == PRESENCE_SCHEDULED) {
		TRY(open_following(cx, &old, &row, &count));
		for (size_t i = 0; i < count; i++) {
			Appointment each = visit_of_row(&row[i]);

			TRY(cancel_one(cx, &each, patient, reason, &batch));
		}
		return OK;
	}
	TRY(visit_open(cx, id, &old));
	if (presence_is_over(old.presence))
		return refuse_step(cx, &old,
			arena_printf(cx->mem, "Esta consulta já está como %s.",
				presence_title(old.presence)));
	return cancel_one(cx, &old, patient, reason, /* batch= */ NULL);
}

/* ---- taking back ---- */

typedef struct Undoing {
	SqlChangeRow *row;
	Appointment *old;
	size_t count;
} Undoing;

static Err write_undo(Ctx *cx, void *arg)
{
	Undoing *undoing = arg;
	Stretch *stretch = NEW_ARRAY(cx->mem, Stretch, 2 * undoing->count);
	int64_t rows;

	for (size_t i = 0; i < undoing->count; i++) {
		const Appointment *old = &undoing->old[i];
		const SqlChangeRow *row = &undoing->row[i];

		stretch[2 * i] = stretch[2 * i + 1] = (Stretch){ old->starts_at, old->busy_to };
		if (!row->starts_at_null)
			stretch[2 * i + 1] = (Stretch){ row->starts_at, row->busy_to };
	}
	TRY(lock_days(cx, stretch, 2 * undoing->count));
	for (size_t i = 0; i < undoing->count; i++) {
		const Stretch *back = &stretch[2 * i + 1];

		TRY(sql_agenda_drop_holds(cx, undoing->old[i].dentist_id, NULL, back->from,
			back->to, cx->now, &rows));
		TRY(sql_agenda_restore(
			cx, undoing->row[i].appointment_id, undoing->row[i].undo, &rows));
	}
	return OK;
}

static Err note_undone(Ctx *cx, const SqlChangeRow *row, const Appointment *old)
{
	SqlAgendaInsertChange made;
	Appointment now;
	const char *zone;
	int64_t rows;

	TRY(agenda_get(cx, (AppointmentId){ row->appointment_id }, &now));
	TRY(agenda_zone(cx, now.branch_id, &zone));
	TRY(sql_agenda_insert_change(cx,
		&(SqlAgendaInsertChangeIn){ .appointment_id = now.id,
			.user_id = visit_id_or_null(&cx->user.v),
			.by_patient = by_patient(cx),
			.axis = row->axis,
			.before = row->after,
			.after = row->before,
			.reason = "Desfeito" },
		&made));
	TRY(sql_agenda_mark_undone(cx, row->id, made.id, &rows));
	TRY(audit_add_change(cx, &(Change){ .action = "appointment.undo",
					 .subject = "appointment",
					 .subject_id = now.id,
					 .diff = difference(cx, &(Note){ .old = old }, &now) }));
	TRY(audit_add_event(cx,
		&(Event){ .subject = "patient",
			.subject_id = now.patient_id,
			.kind = "appointment.undone",
			.title = "Mudança na consulta desfeita",
			.data = arena_printf(cx->mem, "{\"appointment\":%" PRId64 "}", now.id) }));
	TRY(visits_tell_patient(cx, now.patient_id));
	if (old->patient_id != now.patient_id)
		TRY(visits_tell_patient(cx, old->patient_id));
	TRY(module_tell(cx, "appointment.undone", now.id, visit_json(cx, &now)));
	publish(cx, zone, &now, old);
	return OK;
}

Err agenda_undo(Ctx *cx, AppointmentId id)
{
	Undoing undoing = { .count = 1 };
	SqlChangeRow last;
	Appointment old;
	bool found;
	Err err;

	TRY(visit_open(cx, id, &old));
	TRY(sql_agenda_last_change(cx, id.v, &last, &found));
	if (!found || !last.undo)
		return refuse_step(cx, &old, "Não há mudança para desfazer.");
	undoing.row = &last;
	if (last.batch)
		TRY(sql_agenda_batch(cx, last.batch, &undoing.row, &undoing.count));
	undoing.old = NEW_ARRAY(cx->mem, Appointment, undoing.count);
	for (size_t i = 0; i < undoing.count; i++)
		TRY(agenda_get(
			cx, (AppointmentId){ undoing.row[i].appointment_id }, &undoing.old[i]));
	err = try_part(cx, write_undo, &undoing);
	if (err == ERR_CONFLICT)
		return refuse_time(cx, "Não dá para desfazer: o horário de antes já foi ocupado.");
	TRY(err);
	for (size_t i = 0; i < undoing.count; i++)
		TRY(note_undone(cx, &undoing.row[i], &undoing.old[i]));
	return OK;
}

/* ---- what other modules tell ---- */

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
	if (!strcmp(name, "patient.anonymised"))
		return sql_agenda_rename_patient(cx, id, /* from= */ 0, &rows);
	if (!merged && strcmp(name, "patient.unmerged") != 0)
		return OK;
	TRY(patient_merge_read(cx, json, &merge));
	return merged ? carry(cx, &merge) : carry_back(cx, &merge);
}

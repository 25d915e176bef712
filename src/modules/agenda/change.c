/* What happens to a visit after it was booked, each with who and when, and taken back. */
#include "modules/agenda/agenda_rooms.h"

/* Lock the visit's day and row and read it. */
static Err visit_open(Ctx *cx, AppointmentId id, Appointment *ret)
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

static Err refuse_over(Ctx *cx, const Appointment *visit)
{
	return refuse_step(cx, visit,
		arena_printf(cx->mem, "Esta consulta já está como %s. Desfaça antes.",
			presence_title(visit->presence)));
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
		db_id_or_null(&step->chair_id), cx->now, &rows);
}

static Err may_step(Ctx *cx, const Appointment *old, Presence to)
{
	if (presence_is_over(old->presence))
		return refuse_over(cx, old);
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
	const char *zone;

	*ret = to == PRESENCE_DONE ? arena_printf(cx->mem, "Atendido por %s", visit->dentist_name)
				   : NULL;
	if (to != PRESENCE_NO_SHOW)
		return OK;
	TRY(agenda_zone(cx, visit->branch_id, &zone));
	*ret = arena_printf(
		cx->mem, "Faltou à consulta de %s", visit_when(cx, visit->starts_at, zone));
	return OK;
}

Err agenda_set_presence(Ctx *cx, AppointmentId id, Presence to, int64_t chair_id)
{
	Step step = { .to = to };
	SqlAgendaFacts facts;
	const char *title;
	Appointment old;
	Err err;

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
	err = try_part(cx, write_presence, &step);
	if (err == ERR_CONFLICT)
		return refuse_step(cx, &old, "Esta cadeira está ocupada neste horário.");
	TRY(err);
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
		return refuse_over(cx, &old);
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
		return refuse_over(cx, &old);
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
	for (size_t i = 0; i < undoing->count; i++)
		TRY(lock_visit_as_read(cx, &undoing->old[i]));
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
	return visit_note(cx, (AppointmentId){ row->appointment_id },
		&(Note){ .axis = row->axis,
			.before = row->after,
			.after = row->before,
			.event = "appointment.undone",
			.title = "Mudança na consulta desfeita",
			.by_patient = by_patient(cx),
			.old = old,
			.undoes = row->id });
}

static Err refuse_changed(Ctx *cx, const Appointment *visit)
{
	return refuse_step(cx, visit,
		"Alguém mudou esta consulta depois. Veja o histórico antes de desfazer.");
}

/* The last change of the visit, and what was done in one go with it. */
static Err gather_undoing(Ctx *cx, const Appointment *visit, const SqlChangeRow *last, Undoing *ret)
{
	ret->row = NEW(cx->mem, SqlChangeRow);
	ret->row[0] = *last;
	ret->count = 1;
	if (last->batch)
		TRY(sql_agenda_batch(cx, last->batch, &ret->row, &ret->count));
	ret->old = NEW_ARRAY(cx->mem, Appointment, ret->count);
	for (size_t i = 0; i < ret->count; i++) {
		AppointmentId id = { ret->row[i].appointment_id };

		if (id.v == visit->id)
			ret->old[i] = *visit;
		else
			TRY(agenda_get(cx, id, &ret->old[i]));
	}
	return OK;
}

Err agenda_undo_seen(Ctx *cx, AppointmentId id, int64_t version)
{
	Undoing undoing = { 0 };
	SqlChangeRow last;
	Appointment old;
	bool found;
	Err err;

	TRY(agenda_get(cx, id, &old));
	if (old.presence == PRESENCE_HELD)
		return err_set(cx, ERR_NOT_FOUND, "visit %" PRId64 " is a hold", id.v);
	if (version && version != old.version)
		return refuse_changed(cx, &old);
	TRY(sql_agenda_last_change(cx, id.v, &last, &found));
	if (!found || !last.undo)
		return refuse_step(cx, &old, "Não há mudança para desfazer.");
	TRY(gather_undoing(cx, &old, &last, &undoing));
	err = try_part(cx, write_undo, &undoing);
	if (err == ERR_STALE)
		return refuse_changed(cx, &old);
	if (err == ERR_CONFLICT)
		return refuse_time(cx, "Não dá para desfazer: o horário de antes já foi ocupado.");
	TRY(err);
	for (size_t i = 0; i < undoing.count; i++)
		TRY(note_undone(cx, &undoing.row[i], &undoing.old[i]));
	return OK;
}

Err agenda_undo(Ctx *cx, AppointmentId id)
{
	return agenda_undo_seen(cx, id, /* version= */ 0);
}

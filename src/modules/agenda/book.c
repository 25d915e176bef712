/* Booking: look up, check the hours, lock the days, see that the time is free, write. The exclusion
 * constraints of agenda.appointment are the wall behind; the lock is what keeps two bookings from
 * waiting for one another there. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"

enum { MINUTES_DEFAULT = 30, FRAME_STEP_S = 120 * DAY_S };

/* ---- the plan ---- */

static Err check_named(Ctx *cx, const Booking *in, const SqlAgendaFacts *facts)
{
	if (!facts->dentist_name)
		return err_field(cx, "dentist_id", "Escolha um dentista da lista.");
	if (in->visit_type_id && facts->minutes_null)
		return err_field(cx, "visit_type_id", "Escolha um tipo de consulta da lista.");
	if (in->chair_id && facts->chair_branch_null)
		return err_field(cx, "chair_id", "Escolha uma cadeira da lista.");
	if (in->patient_id && !facts->patient_name)
		return err_field(cx, "patient_id", "Escolha um paciente da lista.");
	if (in->chair_id && in->branch_id && facts->chair_branch != in->branch_id)
		return err_field(cx, "chair_id", "Esta cadeira é de outra unidade.");
	return OK;
}

static Err check_length(Ctx *cx, const Booking *in, int64_t busy_s)
{
	if (in->starts_at <= 0)
		return err_field(cx, "starts_at", "Informe o dia e a hora.");
	if (in->ends_at <= in->starts_at)
		return err_field(cx, "ends_at", "O fim precisa vir depois do começo.");
	if (busy_s > VISIT_MOST_S)
		return err_field(cx, "ends_at", "Uma consulta dura no máximo 24 horas.");
	return OK;
}

/* A type that the dentist does not do is refused for new visits; one that stands may be moved. */
static Err check_offered(Ctx *cx, const Plan *plan, const Appointment *visit)
{
	const SqlAgendaFacts *facts = &plan->facts;
	const char *sentence;

	if (!plan->in.visit_type_id || facts->offered ||
		(visit && visit->visit_type_id == plan->in.visit_type_id &&
			visit->dentist_id == plan->in.dentist_id))
		return OK;
	sentence = arena_printf(cx->mem, "%s não faz %s.", facts->dentist_name, facts->type_name);
	(void)err_field(cx, "visit_type_id", sentence);
	return err_tell(cx, ERR_CONFLICT, sentence, "dentist %" PRId64 " does not do type %" PRId64,
		plan->in.dentist_id, plan->in.visit_type_id);
}

Err plan_make(Ctx *cx, const Booking *in, const Appointment *visit, Plan *ret)
{
	int64_t buffer;
	Err err;

	*ret = (Plan){ .in = *in };
	TRY(sql_agenda_facts(
		cx, in->dentist_id, in->visit_type_id, in->chair_id, in->patient_id, &ret->facts));
	TRY(check_named(cx, in, &ret->facts));
	TRY(check_offered(cx, ret, visit));
	if (!ret->in.ends_at)
		ret->in.ends_at = in->starts_at +
				  (ret->facts.minutes_null ? MINUTES_DEFAULT : ret->facts.minutes) *
					  (int64_t)MINUTE_S;
	buffer = ret->facts.dentist_buffer > ret->facts.type_buffer ? ret->facts.dentist_buffer
								    : ret->facts.type_buffer;
	ret->busy_s = ret->in.ends_at - in->starts_at + buffer * MINUTE_S;
	TRY(check_length(cx, &ret->in, ret->busy_s));
	if (in->chair_id)
		ret->in.branch_id = ret->facts.chair_branch;
	err = agenda_zone(cx, ret->in.branch_id, &ret->zone);
	if (err == ERR_NOT_FOUND)
		return err_field(cx, "branch_id", "Escolha uma unidade da lista.");
	TRY(err);
	if (in->rrule)
		return series_times(
			cx, in->rrule, in->starts_at, ret->zone, &ret->from, &ret->count);
	ret->from = NEW(cx->mem, int64_t);
	ret->from[0] = in->starts_at;
	ret->count = 1;
	return OK;
}

Err plan_check_hours(Ctx *cx, Plan *plan)
{
	int64_t length = plan->in.ends_at - plan->in.starts_at, branch = plan->in.branch_id;
	Frame frame = { 0 };

	for (size_t i = 0; i < plan->count; i++) {
		int64_t from = plan->from[i];
		const char *why;

		if (!i || from + length > frame.to)
			TRY(frame_load(cx, from, from + (plan->count > 1 ? FRAME_STEP_S : length),
				plan->in.dentist_id, &frame));
		branch = plan->in.branch_id;
		why = frame_refusal(
			cx, &frame, &plan->in, from, from + length, &plan->facts, &branch);
		if (why && !plan->in.outside_hours)
			return refuse_time(cx, plan->count == 1
						       ? why
						       : arena_printf(cx->mem, "%s (%s)", why,
								 visit_when(cx, from, plan->zone)));
		if (!branch)
			return err_set(cx, ERR_BUG, "a company without a branch");
		if (!plan->in.branch_id)
			plan->in.branch_id = branch;
	}
	plan->zone = frame_zone(cx, &frame, plan->in.branch_id);
	return OK;
}

/* ---- is it free? ---- */

static Err taken(Ctx *cx, const Plan *plan, const SqlAgendaOverlaps *row)
{
	int64_t from = plan->from[row->n - 1];
	int64_t to = row->ends_at > from ? row->ends_at : row->busy_to; /* or its buffer */
	const char *day = plan->count == 1
				  ? ""
				  : arena_printf(cx->mem, " em %s",
					    date_text_short(cx->mem, date_today(from, plan->zone)));
	const char *begin = time_text_hm(cx->mem, row->starts_at, plan->zone),
		   *end = time_text_hm(cx->mem, to, plan->zone);

	if (row->by_dentist)
		return refuse_time(cx, arena_printf(cx->mem, "%s já tem consulta%s das %s às %s.",
					       plan->facts.dentist_name, day, begin, end));
	return refuse_time(cx, arena_printf(cx->mem, "%s já está em uso%s das %s às %s.",
				       plan->facts.chair_name, day, begin, end));
}

static Err overlaps_ask(Ctx *cx, const Plan *plan, Int64s except)
{
	int64_t *to = NEW_ARRAY(cx->mem, int64_t, plan->count);

	for (size_t i = 0; i < plan->count; i++)
		to[i] = plan->from[i] + plan->busy_s;
	return sql_agenda_overlaps_send(cx, plan->in.dentist_id, db_id_or_null(&plan->in.chair_id),
		(Int64s){ plan->from, plan->count }, (Int64s){ to, plan->count }, except, cx->now);
}

static Err overlaps_read(Ctx *cx, const Plan *plan)
{
	SqlAgendaOverlaps *row;
	size_t count;

	TRY(sql_agenda_overlaps_read(cx, &row, &count));
	return count ? taken(cx, plan, &row[0]) : OK;
}

/* Before the lock: who comes too late need not wait for those who come in time. */
static Err check_at_a_glance(Ctx *cx, const Plan *plan)
{
	if (plan->in.encaixe)
		return OK;
	TRY(overlaps_ask(cx, plan, (Int64s){ 0 }));
	return overlaps_read(cx, plan);
}

Err plan_check_free(Ctx *cx, const Plan *plan, Int64s except)
{
	int64_t last = plan->from[plan->count - 1] + plan->busy_s, rows;

	if (plan->in.encaixe)
		return OK;
	TRY(sql_agenda_drop_holds_send(cx, plan->in.dentist_id, db_id_or_null(&plan->in.chair_id),
		plan->from[0], last, cx->now));
	TRY(overlaps_ask(cx, plan, except));
	TRY(sql_agenda_drop_holds_read(cx, &rows));
	return overlaps_read(cx, plan);
}

static Err lock_plan(Ctx *cx, const Plan *plan)
{
	Stretch *stretch = NEW_ARRAY(cx->mem, Stretch, plan->count);

	for (size_t i = 0; i < plan->count; i++)
		stretch[i] = (Stretch){ plan->from[i], plan->from[i] + plan->busy_s };
	return lock_days(cx, stretch, plan->count);
}

/* ---- booking ---- */

typedef struct Writing {
	Plan *plan;
	int64_t *id;
	int64_t until; /* of a hold */
} Writing;

static Err write_visit(Ctx *cx, const Plan *plan, int64_t from, int64_t series, int64_t *ret)
{
	const Booking *in = &plan->in;
	SqlAgendaInsertVisit row;

	TRY(sql_agenda_insert_visit(cx,
		&(SqlAgendaInsertVisitIn){ .branch_id = in->branch_id,
			.dentist_id = in->dentist_id,
			.chair_id = db_id_or_null(&in->chair_id),
			.patient_id = in->patient_id,
			.patient_name = plan->facts.patient_name,
			.patient_alert = plan->facts.patient_alert,
			.visit_type_id = db_id_or_null(&in->visit_type_id),
			.title = in->title ? in->title : "",
			.starts_at = from,
			.ends_at = from + in->ends_at - in->starts_at,
			.busy_to = from + plan->busy_s,
			.encaixe = in->encaixe,
			.origin = in->origin ? in->origin : "internal",
			.asked_at = db_id_or_null(&in->asked_at),
			.note = in->note,
			.series_id = db_id_or_null(&series),
			.user_id = db_id_or_null(&cx->user.v) },
		&row));
	*ret = row.id;
	return OK;
}

static Err write_visits(Ctx *cx, void *arg)
{
	SqlAgendaInsertSeries series = { 0 };
	Writing *writing = arg;
	Plan *plan = writing->plan;

	TRY(lock_plan(cx, plan));
	TRY(plan_check_free(cx, plan, (Int64s){ 0 }));
	if (plan->in.rrule)
		TRY(sql_agenda_insert_series(
			cx, plan->in.rrule, db_id_or_null(&cx->user.v), &series));
	for (size_t i = 0; i < plan->count; i++)
		TRY(write_visit(cx, plan, plan->from[i], series.id, &writing->id[i]));
	return OK;
}

static const char *booked_title(Ctx *cx, const Plan *plan)
{
	const char *when = visit_when(cx, plan->from[0], plan->zone);

	if (plan->count > 1)
		return arena_printf(cx->mem, "%zu consultas marcadas a partir de %s com %s",
			plan->count, when, plan->facts.dentist_name);
	return arena_printf(cx->mem, "%s para %s com %s",
		plan->in.encaixe ? "Encaixe marcado" : "Consulta marcada", when,
		plan->facts.dentist_name);
}

Err agenda_book(Ctx *cx, const Booking *in, AppointmentId *ret)
{
	Plan plan;
	Writing writing = { .plan = &plan };

	TRY(plan_make(cx, in, /* visit= */ NULL, &plan));
	if (!in->patient_id)
		return err_field(cx, "patient_id", "Escolha o paciente.");
	TRY(plan_check_hours(cx, &plan));
	TRY(check_at_a_glance(cx, &plan));
	writing.id = NEW_ARRAY(cx->mem, int64_t, plan.count);
	TRY(try_part(cx, write_visits, &writing));
	for (size_t i = 0; i < plan.count; i++)
		TRY(visit_note(cx, (AppointmentId){ writing.id[i] },
			&(Note){ .axis = "made",
				.after = "scheduled",
				.event = "appointment.booked",
				.title = i ? NULL : booked_title(cx, &plan),
				.line_id = i ? 0 : in->line_id }));
	*ret = (AppointmentId){ writing.id[0] };
	return OK;
}

/* ---- slots kept for the public page ---- */

static Err write_hold(Ctx *cx, void *arg)
{
	Writing *writing = arg;
	const Plan *plan = writing->plan;
	SqlAgendaInsertHold row;

	TRY(lock_plan(cx, plan));
	TRY(plan_check_free(cx, plan, (Int64s){ 0 }));
	TRY(sql_agenda_insert_hold(cx,
		&(SqlAgendaInsertHoldIn){ .branch_id = plan->in.branch_id,
			.dentist_id = plan->in.dentist_id,
			.chair_id = db_id_or_null(&plan->in.chair_id),
			.visit_type_id = db_id_or_null(&plan->in.visit_type_id),
			.starts_at = plan->in.starts_at,
			.ends_at = plan->in.ends_at,
			.busy_to = plan->in.starts_at + plan->busy_s,
			.until = writing->until },
		&row));
	*writing->id = row.id;
	return OK;
}

Err agenda_hold(Ctx *cx, const Booking *in, int64_t until, AppointmentId *ret)
{
	Booking asked = *in;
	Plan plan;
	Writing writing = { .plan = &plan, .id = &ret->v, .until = until };

	asked.encaixe = asked.outside_hours = false;
	asked.patient_id = 0;
	asked.rrule = NULL;
	TRY(plan_make(cx, &asked, /* visit= */ NULL, &plan));
	TRY(plan_check_hours(cx, &plan));
	TRY(check_at_a_glance(cx, &plan));
	return try_part(cx, write_hold, &writing);
}

Err agenda_take_hold(Ctx *cx, AppointmentId id, const Booking *in)
{
	SqlAgendaFacts facts;
	Appointment visit;
	int64_t rows;

	TRY(agenda_get(cx, id, &visit));
	TRY(sql_agenda_facts(cx, visit.dentist_id, 0, 0, in->patient_id, &facts));
	if (!facts.patient_name)
		return err_field(cx, "patient_id", "Escolha o paciente.");
	TRY(sql_agenda_take_hold(cx,
		&(SqlAgendaTakeHoldIn){ .id = id.v,
			.patient_id = in->patient_id,
			.patient_name = facts.patient_name,
			.patient_alert = facts.patient_alert,
			.note = in->note,
			.title = in->title ? in->title : "",
			.user_id = db_id_or_null(&cx->user.v) },
		&rows));
	if (!rows)
		return refuse_time(cx, "A reserva deste horário terminou. Escolha outro.");
	return visit_note(cx, id,
		&(Note){ .axis = "made",
			.after = "scheduled",
			.event = "appointment.booked",
			.title = "Consulta marcada pelo site" });
}

Err agenda_drop_hold(Ctx *cx, AppointmentId id)
{
	int64_t rows;

	return sql_agenda_drop_hold(cx, id.v, &rows);
}

/* Moving and editing a visit, alone or with those that follow it in its repetition. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"

typedef struct Move {
	Appointment old;
	Plan plan;
	int64_t batch;
} Move;

typedef struct Moves {
	Move *v;
	size_t count;
	bool later; /* they move to later times: the last goes first */
} Moves;

/* The same day and clock distance for each, whatever the clocks did between. */
static int64_t shifted(int64_t at, int64_t first_old, int64_t first_new, const char *zone)
{
	Clock was = time_clock(at, zone), to = time_clock(first_new, zone);
	int32_t date =
		date_today(at, zone) + date_today(first_new, zone) - date_today(first_old, zone);

	was.hour = to.hour;
	was.minute = to.minute;
	was.second = to.second;
	date_split(date, &was.year, &was.month, &was.day);
	return time_of_clock(&was, zone);
}

static bool stays(const Appointment *old, const Booking *in)
{
	return old->starts_at == in->starts_at && old->ends_at == in->ends_at &&
	       old->dentist_id == in->dentist_id && old->branch_id == in->branch_id;
}

static bool is_same(const Appointment *old, const Booking *in)
{
	return stays(old, in) && old->chair_id == in->chair_id &&
	       old->patient_id == in->patient_id && old->visit_type_id == in->visit_type_id &&
	       str_same(old->title, in->title ? in->title : "") && str_same(old->note, in->note) &&
	       old->asked_at == in->asked_at && old->encaixe == in->encaixe;
}

Booking agenda_booking_of(const Appointment *visit)
{
	return (Booking){ .branch_id = visit->branch_id,
		.dentist_id = visit->dentist_id,
		.chair_id = visit->chair_id,
		.patient_id = visit->patient_id,
		.visit_type_id = visit->visit_type_id,
		.starts_at = visit->starts_at,
		.ends_at = visit->ends_at,
		.title = visit->title,
		.note = visit->note,
		.asked_at = visit->asked_at,
		.encaixe = visit->encaixe,
		.version = visit->version };
}

/* When they were asked to arrive goes along with the visit, unless another time is said. */
static int64_t asked_along(const Appointment *old, const Booking *in)
{
	if (!in->asked_at || in->asked_at != old->asked_at)
		return in->asked_at;
	return old->asked_at + in->starts_at - old->starts_at;
}

/* What was left at 0 is as the visit has it. */
static Booking filled(const Appointment *old, const Booking *in)
{
	Booking full = *in;

	full.rrule = NULL;
	full.origin = old->origin;
	if (!full.dentist_id)
		full.dentist_id = old->dentist_id;
	if (!full.patient_id)
		full.patient_id = old->patient_id;
	if (!full.starts_at)
		full.starts_at = old->starts_at;
	if (!full.ends_at)
		full.ends_at = full.starts_at + old->ends_at - old->starts_at;
	full.asked_at = asked_along(old, &full);
	if (!full.branch_id && full.starts_at == old->starts_at &&
		full.dentist_id == old->dentist_id)
		full.branch_id = old->branch_id;
	return full;
}

static Err may_move(Ctx *cx, const Appointment *old)
{
	if (old->presence == PRESENCE_HELD || presence_is_over(old->presence))
		return err_tell(cx, ERR_CONFLICT,
			arena_printf(cx->mem, "Esta consulta não muda mais: %s. Desfaça antes.",
				presence_title(old->presence)),
			"visit %" PRId64 " is over", old->id);
	return OK;
}

/* At the same time another chair or type may be closed that the old one was not. */
static Err check_place(Ctx *cx, const Move *move)
{
	const Booking *in = &move->plan.in, was = agenda_booking_of(&move->old);
	const char *why;
	Frame frame;

	if (in->outside_hours ||
		(in->chair_id == was.chair_id && in->visit_type_id == was.visit_type_id))
		return OK;
	TRY(frame_load(cx, in->starts_at, in->ends_at, in->dentist_id, &frame));
	why = frame_closed(cx, &frame, in, in->branch_id, in->starts_at, in->ends_at);
	if (!why || frame_closed(cx, &frame, &was, was.branch_id, was.starts_at, was.ends_at))
		return OK;
	return refuse_time(cx, why);
}

static Err prepare(Ctx *cx, Move *move, const Booking *in)
{
	TRY(may_move(cx, &move->old));
	TRY(plan_make(cx, in, &move->old, &move->plan));
	return stays(&move->old, &move->plan.in) ? check_place(cx, move)
						 : plan_check_hours(cx, &move->plan);
}

static Err write_move(Ctx *cx, const Move *move)
{
	const Booking *in = &move->plan.in;
	bool asks_anew = in->starts_at != move->old.starts_at;
	int64_t rows;

	return sql_agenda_update_visit(cx,
		&(SqlAgendaUpdateVisitIn){ .id = move->old.id,
			.branch_id = in->branch_id,
			.dentist_id = in->dentist_id,
			.chair_id = db_id_or_null(&in->chair_id),
			.patient_id = in->patient_id,
			.patient_name = move->plan.facts.patient_name,
			.patient_alert = move->plan.facts.patient_alert,
			.visit_type_id = db_id_or_null(&in->visit_type_id),
			.title = in->title ? in->title : "",
			.starts_at = in->starts_at,
			.ends_at = in->ends_at,
			.busy_to = in->starts_at + move->plan.busy_s,
			.encaixe = in->encaixe,
			.asked_at = db_id_or_null(&in->asked_at),
			.note = in->note,
			.confirmation = confirmation_name(
				asks_anew ? CONFIRMATION_NOT_SENT : move->old.confirmation) },
		&rows);
}

static Err write_moves(Ctx *cx, void *arg)
{
	const Moves *moves = arg;
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, moves->count);
	Stretch *stretch = NEW_ARRAY(cx->mem, Stretch, 2 * moves->count);

	for (size_t i = 0; i < moves->count; i++) {
		const Move *move = &moves->v[i];

		id[i] = move->old.id;
		stretch[2 * i] = (Stretch){ move->old.starts_at, move->old.busy_to };
		stretch[2 * i + 1] = (Stretch){ move->plan.in.starts_at,
			move->plan.in.starts_at + move->plan.busy_s };
	}
	TRY(lock_days(cx, stretch, 2 * moves->count));
	for (size_t i = 0; i < moves->count; i++)
		TRY(lock_visit_as_read(cx, &moves->v[i].old));
	for (size_t i = 0; i < moves->count; i++)
		TRY(plan_check_free(cx, &moves->v[i].plan, (Int64s){ id, moves->count }));
	for (size_t i = 0; i < moves->count; i++)
		TRY(write_move(cx, &moves->v[moves->later ? moves->count - 1 - i : i]));
	return OK;
}

/* ---- what is written down ---- */

static const char *edited_fields(Ctx *cx, const Appointment *old, const Booking *in)
{
	Buf buf;

	buf_init(&buf, cx->mem, 400);
#define SEEN(differs, word)                                                                        \
	if (differs)                                                                               \
	buf_printf(&buf, "%s%s", buf.len ? ", " : "", (word))
	SEEN(old->patient_id != in->patient_id, "paciente");
	SEEN(old->visit_type_id != in->visit_type_id, "tipo de consulta");
	SEEN(!str_same(old->title, in->title ? in->title : ""), "procedimento");
	SEEN(!str_same(old->note, in->note), "observação");
	SEEN(old->chair_id != in->chair_id, "cadeira");
	SEEN(old->asked_at != in->asked_at, "hora pedida");
	SEEN(old->encaixe != in->encaixe, "encaixe");
#undef SEEN
	return buf_text(&buf);
}

static Err note_move(Ctx *cx, const Move *move, int64_t *batch, bool first)
{
	AppointmentId id = { move->old.id };
	const char *before, *after, *zone;
	Appointment now;

	if (stays(&move->old, &move->plan.in))
		return visit_note(cx, id,
			&(Note){ .axis = "edited",
				.after = edited_fields(cx, &move->old, &move->plan.in),
				.event = "appointment.updated",
				.old = &move->old,
				.batch = batch });
	TRY(agenda_get(cx, id, &now));
	TRY(agenda_zone(cx, move->old.branch_id, &zone));
	before = visit_where(cx, &move->old, zone);
	after = visit_where(cx, &now, move->plan.zone);
	TRY(visit_note(cx, id,
		&(Note){ .axis = "moved",
			.before = before,
			.after = after,
			.event = "appointment.moved",
			.title = first ? arena_printf(cx->mem, "Consulta mudou para %s", after)
				       : NULL,
			.old = &move->old,
			.batch = batch }));
	return visit_freed(cx, &move->old);
}

/* The visit alone, or with those that follow it in its series. */
static Err gather(Ctx *cx, const Appointment *first, Scope scope, Moves *ret)
{
	SqlVisitRow *row;
	size_t count;

	if (scope == SCOPE_ONE || !first->series_id) {
		ret->v = NEW(cx->mem, Move);
		ret->v[0].old = *first;
		ret->count = 1;
		return OK;
	}
	TRY(sql_agenda_following(cx, first->series_id, first->starts_at, &row, &count));
	ret->v = NEW_ARRAY(cx->mem, Move, count + 1);
	ret->v[ret->count++].old = *first;
	for (size_t i = 0; i < count; i++)
		if (row[i].id != first->id)
			ret->v[ret->count++].old = visit_of_row(&row[i]);
	return OK;
}

Err agenda_move(Ctx *cx, AppointmentId id, const Booking *in, Scope scope)
{
	Moves moves = { 0 };
	int64_t batch = 0;
	Appointment first;
	const char *zone;
	Booking full;

	TRY(agenda_get(cx, id, &first));
	if (in->version && in->version != first.version)
		return err_set(cx, ERR_STALE, "visit %" PRId64 " is not at version %" PRId64, id.v,
			in->version);
	full = filled(&first, in);
	if (is_same(&first, &full))
		return OK;
	TRY(agenda_zone(cx, first.branch_id, &zone));
	TRY(gather(cx, &first, scope, &moves));
	moves.later = full.starts_at > first.starts_at;
	for (size_t i = 0; i < moves.count; i++) {
		Move *move = &moves.v[i];
		Booking of = full;

		if (i) {
			of.starts_at =
				shifted(move->old.starts_at, first.starts_at, full.starts_at, zone);
			of.ends_at = of.starts_at + full.ends_at - full.starts_at;
			of.asked_at = move->old.asked_at;
			of.asked_at = asked_along(&move->old, &of);
		}
		TRY(prepare(cx, move, &of));
	}
	TRY(try_part(cx, write_moves, &moves));
	for (size_t i = 0; i < moves.count; i++)
		TRY(note_move(cx, &moves.v[moves.later ? moves.count - 1 - i : i], &batch,
			moves.count == 1 || i == (moves.later ? moves.count - 1 : 0)));
	return OK;
}

/* Configurações › Agenda: the usual hours of a dentist and the dates on which more is worked. A
 * change that leaves visits outside is shown first and done when the person is sure. */
#include "core/clock.h"
#include "modules/agenda/doors_view.h"
#include "modules/audit/audit.h"

#define HOME "/settings/agenda"

typedef struct HoursForm {
	int64_t branch_id, chair_id;
	Int64s weekdays;
	const char *from, *to;
	int32_t on_date, valid_from, valid_to;
	int64_t every;
	bool sure;
} HoursForm;

static const Field shift_fields[] = {
	FIELD(HoursForm, branch_id, FIELD_ID, "Unidade", 0, 0, true),
	FIELD(HoursForm, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(HoursForm, weekdays, FIELD_IDS, "Dias da semana", 1, 7, true),
	FIELD(HoursForm, from, FIELD_TEXT, "Início", 1, 5, true),
	FIELD(HoursForm, to, FIELD_TEXT, "Fim", 1, 5, true),
	FIELD(HoursForm, valid_from, FIELD_DATE, "Primeira data", 0, 0, false),
	FIELD(HoursForm, valid_to, FIELD_DATE, "Última data", 0, 0, false),
	FIELD(HoursForm, every, FIELD_INT, "Repetição", 1, 2, true),
	FIELD(HoursForm, sure, FIELD_BOOL, "Certeza", 0, 0, false),
};

static const Field extra_fields[] = {
	FIELD(HoursForm, branch_id, FIELD_ID, "Unidade", 0, 0, true),
	FIELD(HoursForm, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(HoursForm, on_date, FIELD_DATE, "Data", 0, 0, true),
	FIELD(HoursForm, from, FIELD_TEXT, "Início", 1, 5, true),
	FIELD(HoursForm, to, FIELD_TEXT, "Fim", 1, 5, true),
};

/* Midnight at the end of the day is 1440. */
static Err read_minutes(Ctx *cx, const HoursForm *in, int *ret_from, int *ret_to)
{
	if (!time_parse_hm(in->from, ret_from))
		return err_field(cx, "from", "Escreva a hora como 08:00.");
	if (!time_parse_hm(in->to, ret_to))
		return err_field(cx, "to", "Escreva a hora como 18:00.");
	if (!*ret_to)
		*ret_to = 1440;
	return OK;
}

static Err check_branch(Ctx *cx, int64_t branch)
{
	DoorOptions options;

	TRY(door_options(cx, &options));
	for (size_t i = 0; i < options.branch_count; i++)
		if (!strcmp(options.branch[i].value, arena_printf(cx->mem, "%" PRId64, branch)))
			return OK;
	return err_field(cx, "branch_id", "Escolha uma unidade da lista.");
}

static Err page_shift(Req *q, ShiftView *view, int status)
{
	view->q = q;
	TRY(door_options(q->cx, &view->option));
	settings_shift_page(&q->html, view);
	return send_html(q, status);
}

/* GET /settings/agenda/dentists/:id/shifts/new */
static Err blank_shift(Req *q)
{
	SqlDoorDentists dentist;
	int64_t user;

	TRY(req_id(q, "id", &user));
	TRY(door_dentist(q->cx, user, &dentist));
	return page_shift(q, &(ShiftView){ .dentist = &dentist }, 200);
}

static Err save_days(Ctx *cx, int64_t user, int64_t id, const HoursForm *in)
{
	ShiftForm shift = { .branch_id = in->branch_id,
		.chair_id = in->chair_id,
		.valid_from = in->valid_from,
		.valid_to = in->valid_to,
		.every = (int)in->every };

	TRY(check_branch(cx, in->branch_id));
	TRY(read_minutes(cx, in, &shift.from_minute, &shift.to_minute));
	if (id && in->weekdays.count != 1)
		return err_field(
			cx, "weekdays", "Escolha um dia; os outros são horários próprios.");
	for (size_t i = 0; i < in->weekdays.count; i++) {
		if (in->weekdays.v[i] > 7)
			return err_field(cx, "weekdays", "Escolha dias da semana.");
		shift.weekday = (int)in->weekdays.v[i];
		TRY(shift_save(cx, user, id, &shift));
	}
	return OK;
}

/* Save, and hold back when visits that were inside would stand outside. */
static Err save_shift(Req *q, ShiftView *view, int64_t id, bool *ret_wait)
{
	size_t before_count, after_count;
	SqlDoorVisitRow *before, *after;
	HoursForm in;

	if (!form_read(q, shift_fields, COUNT(shift_fields), &in))
		return ERR_INVALID;
	TRY(visits_outside(q->cx, view->dentist->user_id, &before, &before_count));
	TRY(save_days(q->cx, view->dentist->user_id, id, &in));
	TRY(visits_outside(q->cx, view->dentist->user_id, &after, &after_count));
	view->outside_count =
		visits_new(q->cx->mem, before, before_count, after, after_count, &view->outside);
	*ret_wait = view->outside_count && !in.sure;
	return OK;
}

static Err answer_shift(Req *q, ShiftView *view, int64_t id, const char *toast)
{
	bool wait = false;
	Err err = save_shift(q, view, id, &wait);

	if (err == ERR_INVALID)
		return page_shift(q, view, 422);
	TRY(err);
	if (wait)
		return page_shift(q, view, 409);
	answer_toast(q, toast, NULL);
	return redirect(q, HOME "/dentists/%" PRId64, view->dentist->user_id);
}

/* POST /settings/agenda/dentists/:id/shifts. 303; 422; 409 with visits that would stand outside. */
static Err create_shift(Req *q)
{
	SqlDoorDentists dentist;
	int64_t user;

	TRY(req_id(q, "id", &user));
	TRY(door_dentist(q->cx, user, &dentist));
	return answer_shift(q, &(ShiftView){ .dentist = &dentist }, 0, "Horário criado");
}

static Err shift_asked(Req *q, SqlDoorShiftRow *ret, SqlDoorDentists *ret_dentist)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(sql_door_shift(q->cx, id, ret));
	return door_dentist(q->cx, ret->user_id, ret_dentist);
}

/* GET /settings/agenda/shifts/:id */
static Err show_shift(Req *q)
{
	SqlDoorDentists dentist;
	SqlDoorShiftRow shift;

	TRY(shift_asked(q, &shift, &dentist));
	return page_shift(q, &(ShiftView){ .dentist = &dentist, .shift = &shift }, 200);
}

/* POST /settings/agenda/shifts/:id */
static Err update_shift(Req *q)
{
	SqlDoorDentists dentist;
	SqlDoorShiftRow shift;

	TRY(shift_asked(q, &shift, &dentist));
	return answer_shift(
		q, &(ShiftView){ .dentist = &dentist, .shift = &shift }, shift.id, "Horário salvo");
}

/* POST /settings/agenda/shifts/:id/remove. 303; 409 with the visits that stand in it. */
static Err remove_shift(Req *q)
{
	size_t before_count, after_count;
	SqlDoorVisitRow *before, *after;
	SqlDoorDentists dentist;
	SqlDoorShiftRow shift;
	ShiftView view = { .q = q, .dentist = &dentist, .shift = &shift };
	int64_t rows;

	TRY(shift_asked(q, &shift, &dentist));
	TRY(visits_outside(q->cx, shift.user_id, &before, &before_count));
	TRY(sql_door_shift_remove(q->cx, shift.id, &rows));
	TRY(visits_outside(q->cx, shift.user_id, &after, &after_count));
	view.outside_count =
		visits_new(q->cx->mem, before, before_count, after, after_count, &view.outside);
	if (view.outside_count && !form_value(&q->form, "sure")) {
		settings_leave_page(&q->html, &view);
		return send_html(q, 409);
	}
	TRY(settings_note(q, "agenda.hours", "dentist", shift.user_id, "Horário removido"));
	return redirect(q, HOME "/dentists/%" PRId64, shift.user_id);
}

/* ---- dated openings ---- */

static Err page_extra(Req *q, const SqlDoorDentists *dentist, int status)
{
	ShiftView view = { .q = q, .dentist = dentist };

	TRY(door_options(q->cx, &view.option));
	settings_extra_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/agenda/dentists/:id/extra/new */
static Err blank_extra(Req *q)
{
	SqlDoorDentists dentist;
	int64_t user;

	TRY(req_id(q, "id", &user));
	TRY(door_dentist(q->cx, user, &dentist));
	return page_extra(q, &dentist, 200);
}

static Err add_extra(Ctx *cx, int64_t user, const HoursForm *in)
{
	SqlDoorExtraOverlap met;
	SqlDoorExtraAdd row;
	int64_t starts, ends;
	const char *zone;
	int from, to;
	bool found;

	TRY(check_branch(cx, in->branch_id));
	TRY(read_minutes(cx, in, &from, &to));
	TRY(agenda_zone(cx, in->branch_id, &zone));
	starts = time_of_minute(in->on_date, from, zone);
	ends = time_of_minute(in->on_date, to, zone);
	if (to <= from)
		return err_field(cx, "to", "O fim precisa ser depois do início.");
	if (in->on_date < date_today(cx->now, zone))
		return err_field(cx, "on_date", "Esta data já passou.");
	TRY(sql_door_extra_overlap(cx, user, starts, ends, &met, &found));
	if (found)
		return err_field(cx, "from", "Encontra-se com outro horário extra desta data.");
	TRY(sql_door_extra_add(
		cx, user, in->branch_id, in->chair_id ? &in->chair_id : NULL, starts, ends, &row));
	agenda_frame_changed(cx, starts);
	return audit_add_change(cx,
		&(Change){ .action = "agenda.hours", .subject = "dentist", .subject_id = user });
}

/* POST /settings/agenda/dentists/:id/extra. 303; 422 with the form. */
static Err create_extra(Req *q)
{
	SqlDoorDentists dentist;
	HoursForm in = { 0 };
	int64_t user;
	Err err;

	TRY(req_id(q, "id", &user));
	TRY(door_dentist(q->cx, user, &dentist));
	err = form_read(q, extra_fields, COUNT(extra_fields), &in) ? add_extra(q->cx, user, &in)
								   : ERR_INVALID;
	if (err == ERR_INVALID)
		return page_extra(q, &dentist, 422);
	TRY(err);
	answer_toast(q, "Horário extra criado", NULL);
	return redirect(q, HOME "/dentists/%" PRId64, user);
}

/* POST /settings/agenda/extras/:id/remove */
static Err remove_extra(Req *q)
{
	SqlDoorExtra extra;
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_door_extra(q->cx, id, &extra));
	TRY(sql_door_extra_remove(q->cx, id, &rows));
	TRY(settings_note(q, "agenda.hours", "dentist", extra.user_id, "Horário extra removido"));
	return redirect(q, HOME "/dentists/%" PRId64, extra.user_id);
}

#define ADMIN "agenda.admin"

static const Route routes[] = {
	{ GET, HOME "/dentists/:id/shifts/new", blank_shift, ADMIN },
	{ POST, HOME "/dentists/:id/shifts", create_shift, ADMIN },
	{ GET, HOME "/shifts/:id", show_shift, ADMIN },
	{ POST, HOME "/shifts/:id", update_shift, ADMIN },
	{ POST, HOME "/shifts/:id/remove", remove_shift, ADMIN },
	{ GET, HOME "/dentists/:id/extra/new", blank_extra, ADMIN },
	{ POST, HOME "/dentists/:id/extra", create_extra, ADMIN },
	{ POST, HOME "/extras/:id/remove", remove_extra, ADMIN },
};
const RouteList settings_hours_routes = { routes, COUNT(routes), &settings_block_routes };

/* Booking, editing and moving a visit by the form: the way of the keyboard, and of everyone. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/agenda_view.h"
#include "modules/agenda/slot_text.h"
#include "modules/agenda/waiting.h"

enum { NAME_MAX = 200, TITLE_MAX = 120, NOTE_MAX = 1000, BACK_MAX = 200, USUAL_S = 30 * 60 };

static const Field fields[] = {
	FIELD(VisitForm, patient_id, FIELD_ID, "Paciente", 0, 0, false),
	FIELD(VisitForm, name, FIELD_TEXT, "Paciente", 0, NAME_MAX, false),
	FIELD(VisitForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(VisitForm, visit_type_id, FIELD_ID, "Tipo de consulta", 0, 0, false),
	FIELD(VisitForm, dentist_id, FIELD_ID, "Profissional", 0, 0, true),
	FIELD(VisitForm, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(VisitForm, branch_id, FIELD_ID, "Unidade", 0, 0, false),
	FIELD(VisitForm, date, FIELD_DATE, "Dia", 0, 0, true),
	FIELD(VisitForm, time, FIELD_TEXT, "Hora", 1, 8, true),
	FIELD(VisitForm, minutes, FIELD_INT, "Duração", 5, VISIT_MINUTES, false),
	FIELD(VisitForm, asked, FIELD_TEXT, "Pedir para chegar", 0, 8, false),
	FIELD(VisitForm, title, FIELD_TEXT, "Procedimento", 0, TITLE_MAX, false),
	FIELD(VisitForm, note, FIELD_LONG, "Observação", 0, NOTE_MAX, false),
	CHOICE_FIELD(VisitForm, repeat, "Repetição", "weekly biweekly monthly", false),
	CHOICE_FIELD(VisitForm, until, "Até quando", "times date", false),
	FIELD(VisitForm, times, FIELD_INT, "Quantas vezes", 2, REPEAT_MAX, false),
	FIELD(VisitForm, until_date, FIELD_DATE, "Último dia", 0, 0, false),
	CHOICE_FIELD(VisitForm, scope, "Quais", "one following", false),
	FIELD(VisitForm, slot, FIELD_TEXT, "Horário", 0, 80, false),
	FIELD(VisitForm, encaixe, FIELD_BOOL, "Encaixe", 0, 0, false),
	FIELD(VisitForm, outside_hours, FIELD_BOOL, "Fora do horário", 0, 0, false),
	FIELD(VisitForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
	FIELD(VisitForm, waiting_id, FIELD_ID, "Lista de espera", 0, 0, false),
	FIELD(VisitForm, line_id, FIELD_ID, "Procedimento do plano", 0, 0, false),
	FIELD(VisitForm, back, FIELD_TEXT, "Página", 0, BACK_MAX, false),
};

Err agenda_visit_choices(Ctx *cx, VisitFormView *ret)
{
	AgendaDay names;

	TRY(agenda_names(cx, &names));
	ret->dentist = names.dentist;
	ret->dentist_count = names.dentist_count;
	ret->chair = names.chair;
	ret->chair_count = names.chair_count;
	ret->type = names.type;
	ret->type_count = names.type_count;
	ret->branch = names.branch;
	ret->branch_count = names.branch_count;
	return OK;
}

static Err send_form(Req *q, VisitFormView *view, int status)
{
	TRY(agenda_visit_choices(q->cx, view));
	agenda_visit_form_page(&q->html, view);
	return send_html(q, status);
}

/* ---- what stands in the fields ---- */

static void put_start(VisitForm *start, int64_t at, Arena *mem, const char *zone)
{
	start->date = date_today(at, zone);
	start->time = time_text_hm(mem, at, zone);
}

static Err start_waiting(Req *q, VisitFormView *view, int64_t id)
{
	SqlDayWaitingOne row;

	TRY(sql_day_waiting_one(q->cx, id, &row));
	view->start.waiting_id = id;
	view->start.patient_id = row.patient_id;
	view->start.visit_type_id = row.visit_type_id;
	view->start.branch_id = row.branch_id;
	view->start.minutes = row.minutes;
	view->start.note = row.note;
	view->patient = row.patient;
	if (row.dentist_id)
		view->start.dentist_id = row.dentist_id;
	return OK;
}

static Err start_patient(Req *q, VisitFormView *view, int64_t id)
{
	PatientHead head;

	TRY(patient_head_ask(q->cx, (PatientId){ id }));
	TRY(patient_head_read(q->cx, &head));
	view->start.patient_id = head.id;
	view->patient = head.name;
	return OK;
}

/* The next quarter of an hour, when nothing was said. */
static int64_t soon(int64_t now)
{
	return (now + 15 * 60 - 1) / (15 * 60) * (15 * 60);
}

static void start_time(Req *q, VisitFormView *view)
{
	VisitForm *start = &view->start;
	const char *date = req_query(q, "date"), *time = req_query(q, "time");
	Slot slot;

	put_start(start, soon(q->cx->now), q->cx->mem, view->zone);
	if (slot_read_place(req_query(q, "slot"), &slot)) {
		put_start(start, slot.starts_at, q->cx->mem, view->zone);
		start->dentist_id = slot.dentist_id;
		start->chair_id = slot.chair_id;
		start->branch_id = slot.branch_id;
		return;
	}
	if (date && date_parse(date, &start->date) &&
		start->date != date_today(q->cx->now, view->zone))
		start->time = "";
	if (time)
		start->time = time;
}

/* GET /agenda/new?date=&time=&minutes=&dentist=&chair=&type=&patient=&waiting=&slot=&title=&line=
 * &back=
 * line: what a plan has to be booked, under the name that title gives it. back: the page that asked
 * and shows what was booked. */
Err agenda_visit_blank(Req *q)
{
	VisitFormView view = { .q = q };
	int64_t patient = req_query_int(q, "patient", 0), waiting = req_query_int(q, "waiting", 0);

	TRY(agenda_zone(q->cx, req_query_int(q, "branch", 0), &view.zone));
	view.start = (VisitForm){ .dentist_id = req_query_int(q, "dentist", 0),
		.chair_id = req_query_int(q, "chair", 0),
		.branch_id = req_query_int(q, "branch", 0),
		.visit_type_id = req_query_int(q, "type", 0),
		.minutes = req_query_int(q, "minutes", 0),
		.title = req_query(q, "title"),
		.line_id = req_query_int(q, "line", 0),
		.back = req_query(q, "back"),
		.until_date = DATE_NONE };
	start_time(q, &view);
	if (patient > 0)
		TRY(start_patient(q, &view, patient));
	if (waiting > 0)
		TRY(start_waiting(q, &view, waiting));
	return send_form(q, &view, 200);
}

/* ---- from the form to the booking ---- */

/* *ret NULL: once. */
static Err rrule_of(Ctx *cx, const VisitForm *in, const char *zone, const char **ret)
{
	const char *rule;
	Clock end;

	*ret = NULL;
	if (!in->repeat)
		return OK;
	rule = !strcmp(in->repeat, "monthly")    ? "FREQ=MONTHLY"
	       : !strcmp(in->repeat, "biweekly") ? "FREQ=WEEKLY;INTERVAL=2"
						 : "FREQ=WEEKLY";
	if (!in->until || strcmp(in->until, "date") != 0) {
		*ret = arena_printf(cx->mem, "%s;COUNT=%d", rule, in->times ? (int)in->times : 4);
		return OK;
	}
	if (in->until_date == DATE_NONE || in->until_date < in->date)
		return err_field(
			cx, "until_date", "Diga o último dia, a partir da primeira consulta.");
	end = time_clock(time_of_date(in->until_date + 1, zone) - 1, "UTC");
	*ret = arena_printf(cx->mem, "%s;UNTIL=%04d%02d%02dT%02d%02d%02dZ", rule, end.year,
		end.month, end.day, end.hour, end.minute, end.second);
	return OK;
}

static Err patient_of(Req *q, const VisitForm *in, int64_t *ret)
{
	PatientId id;

	if (in->patient_id) {
		*ret = in->patient_id;
		return OK;
	}
	if (!in->name)
		return err_field(
			q->cx, "name", "Escolha o paciente, ou escreva o nome de um novo.");
	if (!in->phone)
		return err_field(q->cx, "phone",
			"Informe o telefone do novo paciente, ou escolha um da lista.");
	TRY(patient_meet(q->cx, in->name, in->phone, NULL, "agenda", &id));
	*ret = id.v;
	return OK;
}

/* On the day of the visit. */
static Err asked_of(Req *q, const VisitForm *in, const char *zone, Booking *booking)
{
	int minute;

	if (str_is_empty(in->asked))
		return OK;
	if (!time_parse_hm(in->asked, &minute))
		return err_field(q->cx, "asked", "Escreva a hora assim: 08:45.");
	booking->asked_at = time_of_minute(date_today(booking->starts_at, zone), minute, zone);
	if (booking->asked_at > booking->starts_at)
		return err_field(q->cx, "asked", "É depois da hora da consulta.");
	return OK;
}

static Err booking_of(Req *q, const VisitForm *in, const char *zone, Booking *ret)
{
	int minute = 0;
	Slot slot;

	*ret = (Booking){ .branch_id = in->branch_id,
		.dentist_id = in->dentist_id,
		.chair_id = in->chair_id,
		.visit_type_id = in->visit_type_id,
		.title = in->title,
		.note = in->note,
		.encaixe = in->encaixe && req_may(q, "agenda.encaixe"),
		.outside_hours = in->outside_hours,
		.version = in->version,
		.origin = in->waiting_id ? "waitlist" : NULL,
		.line_id = in->line_id };
	if (!time_parse_hm(in->time, &minute))
		return err_field(q->cx, "time", "Escreva a hora assim: 09:30.");
	ret->starts_at = time_of_minute(in->date, minute, zone);
	if (slot_read_place(in->slot, &slot)) {
		ret->starts_at = slot.starts_at;
		ret->dentist_id = slot.dentist_id;
		ret->chair_id = slot.chair_id;
		ret->branch_id = slot.branch_id;
	}
	if (in->minutes)
		ret->ends_at = ret->starts_at + in->minutes * 60;
	return asked_of(q, in, zone, ret);
}

/* ---- a refusal, and what is free instead ---- */

static bool is_past(const Ctx *cx, const Booking *in)
{
	int64_t to = in->ends_at > in->starts_at ? in->ends_at : in->starts_at + USUAL_S;

	return to <= cx->now && !in->outside_hours;
}

Err agenda_visit_check_past(Ctx *cx, const Booking *in, int64_t was)
{
	return in->starts_at != was && is_past(cx, in) ? refuse_time(cx, "Este horário já passou.")
						       : OK;
}

Err agenda_visit_refusal(Req *q, const Booking *in, VisitFormView *view)
{
	Ctx *cx = q->cx;
	int64_t to = in->ends_at > in->starts_at ? in->ends_at : in->starts_at + USUAL_S;
	const SqlAgendaFacts nobody = { .dentist_name = "" };
	int64_t branch = in->branch_id;
	Frame frame;

	view->refusal = cx->err.sentence ? cx->err.sentence : err_sentence(ERR_CONFLICT);
	TRY(agenda_nearest(cx, in, NEAREST_SLOTS, &view->slot, &view->slot_count));
	TRY(frame_load(cx, in->starts_at, to, in->dentist_id, &frame));
	view->outside = is_past(cx, in) ||
			(!in->outside_hours && frame_refusal(cx, &frame, in, in->starts_at, to,
						       &nobody, &branch) != NULL);
	view->overlap = !view->outside && !in->encaixe;
	return OK;
}

static bool refused(const Ctx *cx, Err err)
{
	return err == ERR_CONFLICT && bad_find(cx, "starts_at");
}

/* ---- saving ---- */

/* back: the page that asked; NULL: the agenda, at the day of `at` */
static Err finish(Req *q, int64_t at, const char *back)
{
	if (back)
		return redirect_path(q, back);
	if (!q->htmx)
		return redirect(q, "/agenda?date=%s",
			date_text_iso(q->cx->mem, date_today(at, q->cx->zone)));
	answer_event(q, "drawer-close");
	answer_event(q, "agenda-changed");
	return send_nothing(q);
}

/* Who waited with a later visit had it moved: that is taken back as any move. */
static Err toast_booked(Req *q, int64_t id, bool several)
{
	const char *text = several ? "Consultas marcadas" : "Consulta marcada";
	Appointment made;

	TRY(agenda_get(q->cx, (AppointmentId){ id }, &made));
	if (made.version > 1)
		return agenda_visit_toast(q, id, /* was= */ 0, text);
	answer_toast(q, text, arena_printf(q->cx->mem, "/agenda/visits/%" PRId64 "/unbook", id));
	return OK;
}

static Err book(Req *q, VisitForm *in, Booking *booking, VisitFormView *view, AppointmentId *ret)
{
	TRY(booking_of(q, in, view->zone, booking));
	TRY(agenda_visit_check_past(q->cx, booking, /* was= */ 0));
	TRY(patient_of(q, in, &booking->patient_id));
	TRY(rrule_of(q->cx, in, view->zone, &booking->rrule));
	/* who waited with a later visit gets it moved, and open offers end */
	return in->waiting_id ? waiting_book(q->cx, in->waiting_id, booking, ret)
			      : agenda_book(q->cx, booking, ret);
}

/* POST /agenda/visits. 303 or, for the drawer, its end; 409 with the form and the nearest free
 * slots; 422 with the form. */
Err agenda_visit_create(Req *q)
{
	VisitFormView view = { .q = q };
	VisitForm in = { .date = DATE_NONE };
	Booking booking = { 0 };
	AppointmentId id;
	Err err = ERR_INVALID;

	if (form_read(q, fields, COUNT(fields), &in)) {
		TRY(agenda_zone(q->cx, in.branch_id, &view.zone));
		err = book(q, &in, &booking, &view, &id);
	}
	view.start = in;
	view.patient = in.patient_id ? in.name : NULL;
	if (refused(q->cx, err)) {
		TRY(agenda_visit_refusal(q, &booking, &view));
		return send_form(q, &view, 409);
	}
	if (err == ERR_INVALID)
		return send_form(q, &view, 422);
	TRY(err);
	TRY(toast_booked(q, id.v, booking.rrule != NULL));
	return finish(q, booking.starts_at, in.back);
}

/* ---- editing ---- */

static Err begin_edit(Req *q, Appointment *visit, VisitFormView *view)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(agenda_get(q->cx, (AppointmentId){ id }, visit));
	TRY(agenda_zone(q->cx, visit->branch_id, &view->zone));
	view->visit = visit;
	view->patient = visit->patient_name;
	view->start = (VisitForm){ .patient_id = visit->patient_id,
		.dentist_id = visit->dentist_id,
		.chair_id = visit->chair_id,
		.branch_id = visit->branch_id,
		.visit_type_id = visit->visit_type_id,
		.minutes = (visit->ends_at - visit->starts_at) / 60,
		.title = visit->title,
		.note = visit->note,
		.encaixe = visit->encaixe,
		.version = visit->version,
		.until_date = DATE_NONE };
	put_start(&view->start, visit->starts_at, q->cx->mem, view->zone);
	if (visit->asked_at)
		view->start.asked = time_text_hm(q->cx->mem, visit->asked_at, view->zone);
	return OK;
}

/* GET /agenda/visits/:id/edit?slot= */
Err agenda_visit_edit(Req *q)
{
	VisitFormView view = { .q = q };
	Appointment visit;
	Slot slot;

	TRY(begin_edit(q, &visit, &view));
	if (slot_read_place(req_query(q, "slot"), &slot)) {
		put_start(&view.start, slot.starts_at, q->cx->mem, view.zone);
		view.start.dentist_id = slot.dentist_id;
		view.start.chair_id = slot.chair_id;
		view.start.branch_id = slot.branch_id;
	}
	return send_form(q, &view, 200);
}

/* Somebody was faster: who, and what they did. What was typed may be saved over it now. */
static Err say_changed(Req *q, Appointment *visit, VisitFormView *view)
{
	AgendaChange *change;
	size_t count;
	bool told;

	TRY(begin_edit(q, visit, view));
	TRY(agenda_list_changes(q->cx, (AppointmentId){ visit->id }, &change, &count));
	if (!count)
		return err_set(q->cx, ERR_BUG, "visit %" PRId64 " has no history", visit->id);
	told = !strcmp(change->axis, "moved") || !strcmp(change->axis, "edited");
	view->changed = arena_printf(q->cx->mem, "%s mudou esta consulta há pouco: %s.",
		change->user_name ? change->user_name : "Outra pessoa",
		told ? change->after : agenda_change_title(q->cx->mem, change));
	return OK;
}

/* POST /agenda/visits/:id. As visit_create; 412 with the form when somebody was faster. */
Err agenda_visit_save(Req *q)
{
	VisitFormView view = { .q = q };
	Appointment visit;
	VisitForm in = { .date = DATE_NONE };
	Booking booking = { 0 };
	Err err = ERR_INVALID;
	bool following;

	TRY(begin_edit(q, &visit, &view));
	if (form_read(q, fields, COUNT(fields), &in) &&
		(err = booking_of(q, &in, view.zone, &booking)) == OK &&
		(err = agenda_visit_check_past(q->cx, &booking, visit.starts_at)) == OK) {
		following = in.scope && !strcmp(in.scope, "following");
		booking.patient_id = visit.patient_id;
		if (!req_may(q, "agenda.encaixe")) /* who cannot choose it, does not take it away */
			booking.encaixe = visit.encaixe;
		err = agenda_move(q->cx, (AppointmentId){ visit.id }, &booking,
			following ? SCOPE_FOLLOWING : SCOPE_ONE);
	}
	if (refused(q->cx, err)) {
		TRY(agenda_visit_refusal(q, &booking, &view));
		return send_form(q, &view, 409);
	}
	if (err == ERR_INVALID)
		return send_form(q, &view, 422);
	if (err == ERR_STALE) {
		TRY(say_changed(q, &visit, &view));
		return send_form(q, &view, 412);
	}
	TRY(err);
	TRY(agenda_visit_toast(q, visit.id, visit.version, "Consulta salva"));
	return finish(q, booking.starts_at, in.back);
}

/* GET /agenda/patients?q=: names under the field of the patient. */
Err agenda_visit_find_patients(Req *q)
{
	const char *question = req_query(q, "q");
	PatientHit *hit = NULL;
	size_t count = 0;

	if (!str_is_empty(question))
		TRY(patient_search(q->cx, question, 8, &hit, &count));
	agenda_visit_patients(&q->html, hit, count);
	return send_html(q, 200);
}

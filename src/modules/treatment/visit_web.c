/* Meu dia, and the visit at the chair. */
#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/treatment/visit_web.h"
#include "platform/db/db.h"

/* Whose day it is: one's own when one treats, else the one asked for, else the first. */
static Err choose_dentist(Req *q, TreatmentDayView *view)
{
	int64_t asked = req_query_int(q, "dentist", 0);
	UiOption *option;
	Dentist *dentist;
	size_t count;

	TRY(agenda_list_dentists(q->cx, &dentist, &count));
	option = NEW_ARRAY(q->cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++) {
		if (!dentist[i].active)
			continue;
		option[view->dentist_count++] =
			ui_option(q->cx->mem, dentist[i].user, dentist[i].name);
		if (!asked && dentist[i].user == q->cx->user.v)
			asked = dentist[i].user;
	}
	if (!asked && count)
		asked = dentist[0].user;
	for (size_t i = 0; i < count; i++)
		if (dentist[i].user == asked) {
			view->dentist = asked;
			view->dentist_name = dentist[i].name;
		}
	view->dentist_option = option;
	return OK;
}

/* GET /my-day?date=&dentist= */
static Err my_day(Req *q)
{
	TreatmentDayView view = { .q = q, .date = date_today(q->cx->now, q->cx->zone) };
	const char *date = req_query(q, "date");
	DentistDay day = { 0 };

	if (date && !date_parse(date, &view.date))
		return redirect(q, "/my-day");
	TRY(choose_dentist(q, &view));
	if (view.dentist)
		TRY(visit_day(q->cx, view.dentist, view.date, &day));
	view.day = &day;
	visit_day_page(&q->html, &view);
	return send_html(q, 200);
}

typedef struct StartForm {
	int64_t patient_id, appointment_id, chair_id;
} StartForm;

static const Field start_fields[] = {
	FIELD(StartForm, patient_id, FIELD_ID, "Paciente", 0, 0, true),
	FIELD(StartForm, appointment_id, FIELD_ID, "Consulta", 0, 0, false),
	FIELD(StartForm, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
};

static Err ask_chair(Req *q, const StartForm *in)
{
	VisitStartView view = {
		.q = q, .patient_id = in->patient_id, .appointment_id = in->appointment_id
	};
	UiOption *option;
	size_t count;
	Chair *chair;

	TRY(agenda_list_chairs(q->cx, &chair, &count));
	option = NEW_ARRAY(q->cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (chair[i].active)
			option[view.chair_count++] =
				ui_option(q->cx->mem, chair[i].id, chair[i].name);
	view.chair = option;
	visit_chair_page(&q->html, &view);
	return send_html(q, 422);
}

/* POST /visits: begin or go on. 303 to the visit; 422 asks for the chair when none was chosen yet.
 */
static Err start(Req *q)
{
	StartForm in;
	int64_t id;
	Err err;

	if (!form_read(q, start_fields, COUNT(start_fields), &in))
		return ERR_INVALID;
	err = visit_start(q->cx, (PatientId){ in.patient_id }, in.appointment_id, in.chair_id, &id);
	if (err == ERR_INVALID && bad_find(q->cx, "chair_id"))
		return ask_chair(q, &in);
	TRY(err);
	return redirect(q, "/visits/%" PRId64, id);
}

static Err page(Req *q, int64_t id, int status)
{
	VisitView view = { .q = q, .notes = { .q = q, .visit_id = id } };
	PatientHead head;
	VisitAct *act;
	PlanLine *line;
	LineKit *kit = NULL;
	Visit visit;
	Note *note;

	TRY(visit_get(q->cx, id, &visit));
	TRY(patient_head_ask(q->cx, (PatientId){ visit.patient_id }));
	TRY(note_list_ask(q->cx, (PatientId){ visit.patient_id }, id, 0, NOTES_PAGE));
	TRY(patient_head_read(q->cx, &head));
	TRY(note_list_read(q->cx, &note, &view.notes.note_count));
	TRY(visit_list_acts(q->cx, id, &act, &view.act_count));
	TRY(plan_open_lines(q->cx, visit.patient_id, &line, &view.line_count));
	if (!visit.ended_at)
		TRY(visit_list_kits(q->cx, visit.patient_id, &kit, &view.kit_count));
	TRY(notes_templates(q->cx, false, &view.notes));
	view.head = view.notes.head = &head;
	view.visit = &visit;
	view.notes.note = note;
	view.act = act;
	view.line = line;
	view.kit = kit;
	visit_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /visits/:id */
static Err show(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return page(q, id, 200);
}

/* POST /visits/:id/end. 303 to the day; 422 with what is wrong. */
static Err end(Req *q)
{
	VisitEnd in;
	int64_t id;
	Err err = ERR_INVALID;

	TRY(req_id(q, "id", &id));
	if (form_read(q, visit_end_fields, visit_end_field_count, &in))
		err = visit_end(q->cx, id, &in);
	if (err == ERR_INVALID)
		return page(q, id, 422);
	TRY(err);
	answer_toast(q, "Atendimento encerrado", NULL);
	return redirect(q, "/my-day");
}

static const Route routes[] = {
	{ GET, "/my-day", my_day, "treatment.read" },
	{ POST, "/visits", start, "treatment.write" },
	{ GET, "/visits/:id", show, "treatment.note" },
	{ POST, "/visits/:id/end", end, "treatment.write" },
};

const RouteList visit_routes = { routes, COUNT(routes), &note_routes };

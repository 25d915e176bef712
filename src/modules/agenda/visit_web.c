/* One visit: what is known of it, and what happens to it through the day. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/agenda_view.h"
#include "modules/agenda/waiting.h"

enum { REASON_MAX = 200 };

static Err visit_of(Req *q, Appointment *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return agenda_get(q->cx, (AppointmentId){ id }, ret);
}

static Err load(Req *q, int64_t id, VisitView *view)
{
	Ctx *cx = q->cx;
	Appointment *visit = NEW_ARRAY(cx->mem, Appointment, 1);
	PatientHead *head = NEW_ARRAY(cx->mem, PatientHead, 1);
	AgendaChange *change;
	Chair *chair;

	*view = (VisitView){ .q = q, .visit = visit, .may_write = req_may(q, "agenda.write") };
	TRY(agenda_get(cx, (AppointmentId){ id }, visit));
	if (visit->patient_id) {
		TRY(patient_head_ask(cx, (PatientId){ visit->patient_id }));
		TRY(patient_head_read(cx, head));
		view->patient = head;
	}
	TRY(agenda_list_changes(cx, (AppointmentId){ id }, &change, &view->change_count));
	TRY(agenda_list_chairs(cx, &chair, &view->chair_count));
	TRY(agenda_zone(cx, visit->branch_id, &view->zone));
	view->change = change;
	view->chair = chair;
	view->look = agenda_look(visit);
	view->ended = presence_is_over(visit->presence);
	return OK;
}

Err agenda_visit_toast(Req *q, int64_t id, int64_t was, const char *text)
{
	Appointment now;

	TRY(agenda_get(q->cx, (AppointmentId){ id }, &now));
	answer_toast(q, text,
		now.version == was
			? NULL
			: arena_printf(q->cx->mem, "/agenda/visits/%" PRId64 "/undo?version=%d", id,
				  now.version));
	return OK;
}

/* After a change of the visit that was at version `was`: the drawer anew, with its toast; a page
 * goes back to the visit. */
static Err answer(Req *q, int64_t id, int64_t was, const char *toast)
{
	VisitView view;

	TRY(agenda_visit_toast(q, id, was, toast));
	if (!q->htmx)
		return redirect(q, "/agenda/visits/%" PRId64, id);
	answer_event(q, "agenda-changed");
	TRY(load(q, id, &view));
	agenda_visit_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET /agenda/visits/:id */
Err agenda_visit_show(Req *q)
{
	VisitView view;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(load(q, id, &view));
	answer_version(q, view.visit->version);
	agenda_visit_page(&q->html, &view);
	return send_html(q, 200);
}

/* ---- through the day ---- */

typedef struct PresenceForm {
	const char *to;
	int64_t chair_id;
} PresenceForm;

static const Field presence_fields[] = {
	CHOICE_FIELD(PresenceForm, to, "Situação", "arrived in_chair done no_show", true),
	FIELD(PresenceForm, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
};

static const char *presence_toast(Ctx *cx, const Appointment *visit, Presence to)
{
	const char *what = to == PRESENCE_ARRIVED    ? "chegou"
			   : to == PRESENCE_IN_CHAIR ? "está em atendimento"
			   : to == PRESENCE_DONE     ? "foi atendido"
						     : "faltou";

	return arena_printf(cx->mem, "%s: %s", visit->patient_name, what);
}

/* POST /agenda/visits/:id/presence. 409: not from where the visit is; 422: a chair is missing. */
Err agenda_visit_presence(Req *q)
{
	Appointment visit;
	PresenceForm in;
	Presence to;

	TRY(visit_of(q, &visit));
	if (!form_read(q, presence_fields, COUNT(presence_fields), &in))
		return ERR_INVALID;
	to = presence_of(in.to);
	TRY(agenda_set_presence(q->cx, (AppointmentId){ visit.id }, to, in.chair_id));
	return answer(q, visit.id, visit.version, presence_toast(q->cx, &visit, to));
}

typedef struct ConfirmationForm {
	const char *to;
} ConfirmationForm;

static const Field confirmation_fields[] = {
	CHOICE_FIELD(
		ConfirmationForm, to, "Confirmação", "sent confirmed declined no_answer", true),
};

/* POST /agenda/visits/:id/confirmation */
Err agenda_visit_confirmation(Req *q)
{
	Appointment visit;
	ConfirmationForm in;
	Confirmation to;

	TRY(visit_of(q, &visit));
	if (!form_read(q, confirmation_fields, COUNT(confirmation_fields), &in))
		return ERR_INVALID;
	to = confirmation_of(in.to);
	TRY(agenda_set_confirmation(q->cx, (AppointmentId){ visit.id }, to));
	return answer(q, visit.id, visit.version,
		arena_printf(q->cx->mem, "Confirmação de %s: %s", visit.patient_name,
			confirmation_title(to)));
}

/* ---- cancelling ---- */

typedef struct CancelForm {
	const char *by, *reason, *scope;
} CancelForm;

static const Field cancel_fields[] = {
	CHOICE_FIELD(CancelForm, by, "Quem cancelou", "patient clinic", true),
	FIELD(CancelForm, reason, FIELD_TEXT, "Motivo", 0, REASON_MAX, false),
	CHOICE_FIELD(CancelForm, scope, "Quais", "one following", false),
};

static Err show_cancel(Req *q, int64_t id, int status)
{
	VisitView view;

	TRY(load(q, id, &view));
	agenda_visit_cancel_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /agenda/visits/:id/cancel */
Err agenda_visit_ask_cancel(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return show_cancel(q, id, 200);
}

/* POST /agenda/visits/:id/cancel. 422 with the form. */
Err agenda_visit_cancel(Req *q)
{
	CancelForm in;
	int64_t id;
	bool following;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, cancel_fields, COUNT(cancel_fields), &in))
		return show_cancel(q, id, 422);
	following = in.scope && !strcmp(in.scope, "following");
	TRY(agenda_cancel(q->cx, (AppointmentId){ id }, !strcmp(in.by, "patient"), in.reason,
		following ? SCOPE_FOLLOWING : SCOPE_ONE));
	return answer(
		q, id, /* was= */ 0, following ? "Consultas canceladas" : "Consulta cancelada");
}

/* What was taken back is shown: in the drawer, or the day for a toast of another page. */
static Err answer_back(Req *q, int64_t id)
{
	Appointment visit;
	VisitView view;

	answer_toast(q, "Desfeito", NULL);
	if (!q->htmx) {
		TRY(agenda_get(q->cx, (AppointmentId){ id }, &visit));
		return redirect(q, "/agenda?date=%s",
			date_text_iso(q->cx->mem, date_today(visit.starts_at, q->cx->zone)));
	}
	answer_event(q, "agenda-changed");
	TRY(load(q, id, &view));
	agenda_visit_page(&q->html, &view);
	return send_html(q, 200);
}

/* What the drawer's field says, or the toast's address. */
static int64_t version_seen(Req *q)
{
	int64_t version = req_query_int(q, "version", 0);
	const char *field = form_value(&q->form, "version");

	if (field && !str_int64(str_of(field), &version))
		return 0;
	return version;
}

/* POST /agenda/visits/:id/undo: from the drawer, or from a toast of any page. 409 when somebody did
 * something else with the visit since. */
Err agenda_visit_undo(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(agenda_undo_seen(q->cx, (AppointmentId){ id }, version_seen(q)));
	return answer_back(q, id);
}

/* POST /agenda/visits/:id/unbook: takes a booking back that was made by mistake. 409 when something
 * has happened to it since. */
Err agenda_visit_unbook(Req *q)
{
	Appointment visit;

	TRY(visit_of(q, &visit));
	if (visit.version > 1)
		return err_tell(q->cx, ERR_CONFLICT,
			"Alguém já mudou esta consulta. Abra-a para cancelar.",
			"visit %" PRId64 " is at version %d", visit.id, visit.version);
	TRY(agenda_cancel(q->cx, (AppointmentId){ visit.id }, /* by_patient= */ false,
		"Marcada por engano", visit.series_id ? SCOPE_FOLLOWING : SCOPE_ONE));
	TRY(waiting_unbook(q->cx, visit.id));
	return answer_back(q, visit.id);
}

Url agenda_visit_whatsapp(
	Arena *mem, const Appointment *visit, const char *phone, const Req *q, const char *zone)
{
	const char *number = phone[0] == '+' ? phone + 1 : phone;
	const char *first = str_head(mem, visit->patient_name, strcspn(visit->patient_name, " "));
	const char *text = arena_printf(mem,
		"Olá, %s! Aqui é da %s. Sua consulta com %s está marcada para %s às %s. Podemos "
		"confirmar?",
		first, q->site->name, visit->dentist_name,
		date_text_short(mem, date_today(visit->starts_at, zone)),
		time_text_hm(mem, visit->starts_at, zone));

	return url_printf(mem, "https://wa.me/%s?text=%s", number, text);
}

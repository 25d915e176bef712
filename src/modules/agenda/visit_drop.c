/* A card carried to another time, dentist or chair, or drawn longer. The page has moved it already;
 * the answer says whether it may stay. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/agenda_view.h"

typedef struct DropForm {
	const char *start;
	int64_t minutes, dentist_id, chair_id, version;
	bool chair, encaixe, outside_hours; /* chair: it was carried to chair_id */
} DropForm;

static const Field fields[] = {
	FIELD(DropForm, start, FIELD_TEXT, "Começo", 1, 40, true),
	FIELD(DropForm, minutes, FIELD_INT, "Duração", 5, VISIT_MINUTES, true),
	FIELD(DropForm, dentist_id, FIELD_ID, "Profissional", 0, 0, false),
	FIELD(DropForm, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(DropForm, version, FIELD_INT, "Versão", 0, INT32_MAX, true),
	FIELD(DropForm, chair, FIELD_BOOL, "Cadeira mudou", 0, 0, false),
	FIELD(DropForm, encaixe, FIELD_BOOL, "Encaixe", 0, 0, false),
	FIELD(DropForm, outside_hours, FIELD_BOOL, "Fora do horário", 0, 0, false),
};

/* Where the dentist works then: the visit goes there, to the chair of that shift when another
 * dentist or branch takes it. Outside of all shifts it stays where it was, without a chair of its
 * own. */
static Err place_of(Ctx *cx, const Appointment *visit, const DropForm *in, Booking *booking)
{
	bool other = booking->dentist_id != visit->dentist_id;
	Opening *opening;
	size_t count;

	booking->branch_id = visit->branch_id;
	booking->chair_id = in->chair ? in->chair_id : other ? 0 : visit->chair_id;
	if (in->chair)
		return OK;
	TRY(agenda_list_openings(
		cx, booking->starts_at, booking->ends_at, /* branch_id= */ 0, &opening, &count));
	for (size_t i = 0; i < count; i++) {
		if (opening[i].dentist_id != booking->dentist_id ||
			opening[i].from > booking->starts_at || opening[i].to <= booking->starts_at)
			continue;
		if (other || opening[i].branch_id != visit->branch_id)
			booking->chair_id = opening[i].chair_id;
		booking->branch_id = opening[i].branch_id;
		return OK;
	}
	return OK;
}

static Err booking_of(Req *q, const Appointment *visit, const DropForm *in, Booking *ret)
{
	const char *zone;

	*ret = (Booking){ .dentist_id = in->dentist_id ? in->dentist_id : visit->dentist_id,
		.patient_id = visit->patient_id,
		.visit_type_id = visit->visit_type_id,
		.title = visit->title,
		.note = visit->note,
		.asked_at = visit->asked_at,
		.encaixe = visit->encaixe || (in->encaixe && req_may(q, "agenda.encaixe")),
		.outside_hours = in->outside_hours,
		.version = in->version };
	TRY(agenda_zone(q->cx, req_query_int(q, "branch", 0), &zone));
	if (!time_parse(in->start, zone, &ret->starts_at))
		return err_set(q->cx, ERR_BAD_REQUEST, "start is no time");
	ret->ends_at = ret->starts_at + in->minutes * 60;
	return place_of(q->cx, visit, in, ret);
}

static const char *what_moved(Ctx *cx, const Appointment *visit, const Booking *booking)
{
	if (booking->starts_at == visit->starts_at && booking->dentist_id == visit->dentist_id &&
		booking->chair_id == visit->chair_id)
		return arena_printf(cx->mem, "%s: agora até %s", visit->patient_name,
			time_text_hm(cx->mem, booking->ends_at, cx->zone));
	return arena_printf(cx->mem, "%s: remarcado para %s", visit->patient_name,
		time_text_dated(cx->mem, booking->starts_at, cx->now, cx->zone));
}

/* PATCH /agenda/visits/:id/time. 200 with the toast; 409 with the sentence and the nearest free
 * slots as buttons; 412: somebody was faster. */
Err agenda_visit_drop(Req *q)
{
	VisitFormView view = { .q = q };
	Appointment visit;
	Booking booking;
	DropForm in;
	int64_t id;
	Err err;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, fields, COUNT(fields), &in))
		return ERR_INVALID;
	TRY(agenda_get(q->cx, (AppointmentId){ id }, &visit));
	TRY(booking_of(q, &visit, &in, &booking));
	err = agenda_visit_check_past(q->cx, &booking, visit.starts_at);
	if (err == OK)
		err = agenda_move(q->cx, (AppointmentId){ id }, &booking, SCOPE_ONE);
	if (err == ERR_CONFLICT && bad_find(q->cx, "starts_at")) {
		TRY(agenda_zone(q->cx, visit.branch_id, &view.zone));
		TRY(agenda_visit_refusal(q, &booking, &view));
		TRY(agenda_visit_choices(q->cx, &view));
		view.visit = &visit;
		agenda_visit_conflict(&q->html, &view);
		return send_html(q, 409);
	}
	TRY(err);
	TRY(agenda_visit_toast(q, id, visit.version, what_moved(q->cx, &visit, &booking)));
	return send_nothing(q);
}

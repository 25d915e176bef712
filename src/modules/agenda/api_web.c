/* The agenda for programs: visits by range, one, booked, changed and taken back; free slots; who
 * works where. A refusal for a time brings the nearest free ones along. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"
#include "platform/web/api.h"
#include "platform/web/form_json.h"

enum { RANGE_MOST_S = 62 * DAY_S, LIST_MOST = 2000, NEAREST = 5 };

/* ---- what is asked ---- */

typedef struct RangeAsked {
	int64_t from, to, branch_id, dentist_id, chair_id, visit_type_id, patient_id;
	bool cancelled;
} RangeAsked;

static const Field range_fields[] = {
	FIELD(RangeAsked, from, FIELD_TIME, "A partir de", 0, 0, true),
	FIELD(RangeAsked, to, FIELD_TIME, "Até antes de; sem ele, um dia", 0, 0, false),
	FIELD(RangeAsked, branch_id, FIELD_ID, "Unidade", 0, 0, false),
	FIELD(RangeAsked, dentist_id, FIELD_ID, "Dentista", 0, 0, false),
	FIELD(RangeAsked, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(RangeAsked, visit_type_id, FIELD_ID, "Tipo de consulta", 0, 0, false),
	FIELD(RangeAsked, patient_id, FIELD_ID, "Paciente", 0, 0, false),
	FIELD(RangeAsked, cancelled, FIELD_BOOL, "As canceladas também", 0, 0, false),
};

/* A booking as it is sent. */
typedef struct BookingForm {
	int64_t dentist_id, patient_id, visit_type_id, branch_id, chair_id, starts_at, ends_at,
		asked_at, version;
	const char *title, *note, *rrule, *scope;
	bool encaixe, outside_hours;
} BookingForm;

#define BOOKING_FIELDS(must)                                                                       \
	FIELD(BookingForm, dentist_id, FIELD_ID, "Dentista", 0, 0, must),                          \
		FIELD(BookingForm, patient_id, FIELD_ID, "Paciente", 0, 0, must),                  \
		FIELD(BookingForm, starts_at, FIELD_TIME, "Começo", 0, 0, must),                   \
		FIELD(BookingForm, ends_at, FIELD_TIME,                                            \
			"Fim; sem ele, o que o tipo e o dentista levam", 0, 0, false),             \
		FIELD(BookingForm, visit_type_id, FIELD_ID, "Tipo de consulta", 0, 0, false),      \
		FIELD(BookingForm, branch_id, FIELD_ID, "Unidade; sem ela, a do turno", 0, 0,      \
			false),                                                                    \
		FIELD(BookingForm, chair_id, FIELD_ID, "Cadeira; sem ela, escolhida depois", 0, 0, \
			false),                                                                    \
		FIELD(BookingForm, title, FIELD_TEXT, "O que será feito", 0, 120, false),          \
		FIELD(BookingForm, note, FIELD_LONG, "Observação", 0, 1000, false),                \
		FIELD(BookingForm, asked_at, FIELD_TIME, "Pedido para chegar às", 0, 0, false),    \
		FIELD(BookingForm, encaixe, FIELD_BOOL,                                            \
			"Encaixe sobre outra consulta; pede a permissão agenda.encaixe", 0, 0,     \
			false),                                                                    \
		FIELD(BookingForm, outside_hours, FIELD_BOOL,                                      \
			"Mesmo fora do horário, em feriado ou bloqueio", 0, 0, false)

static const Field book_fields[] = {
	BOOKING_FIELDS(true),
	FIELD(BookingForm, rrule, FIELD_TEXT, "Repetição (RFC 5545): FREQ=WEEKLY;COUNT=4", 0, 200,
		false),
};

const Field agenda_change_fields[] = {
	BOOKING_FIELDS(false),
	FIELD(BookingForm, version, FIELD_INT, "Versão lida", 0, INT32_MAX, false),
	CHOICE_FIELD(BookingForm, scope, "De uma repetição: só esta ou também as seguintes",
		"one following", false),
};

static Booking booking_of(const BookingForm *in)
{
	return (Booking){ .branch_id = in->branch_id,
		.dentist_id = in->dentist_id,
		.chair_id = in->chair_id,
		.patient_id = in->patient_id,
		.visit_type_id = in->visit_type_id,
		.starts_at = in->starts_at,
		.ends_at = in->ends_at,
		.title = in->title,
		.note = in->note,
		.asked_at = in->asked_at,
		.encaixe = in->encaixe,
		.outside_hours = in->outside_hours,
		.rrule = in->rrule,
		.version = in->version };
}

static Scope scope_of(const char *word)
{
	return word && !strcmp(word, "following") ? SCOPE_FOLLOWING : SCOPE_ONE;
}

static Err may_squeeze(Req *q, bool encaixe)
{
	if (encaixe && !req_may(q, "agenda.encaixe"))
		return err_tell(q->cx, ERR_FORBIDDEN, "Seu perfil não pode fazer encaixes.",
			"encaixe without the permission");
	return OK;
}

/* ---- answers ---- */

static Err send_visit(Req *q, int status, AppointmentId id)
{
	Appointment visit;
	VisitOut out;

	TRY(agenda_get(q->cx, id, &visit));
	if (visit.presence == PRESENCE_HELD)
		return err_set(q->cx, ERR_NOT_FOUND, "visit %" PRId64 " is a hold", id.v);
	out = visit_out_of(&visit);
	answer_version(q, visit.version);
	return send_row(q, status, &out);
}

static const OutField slot_out[] = {
	OUT(Slot, starts_at, OUT_TIME, "Começo"),
	OUT(Slot, ends_at, OUT_TIME, "Fim"),
	OUT(Slot, dentist_id, OUT_ID, "Dentista"),
	OUT(Slot, chair_id, OUT_ID, "Cadeira livre; null: escolhida depois"),
	OUT(Slot, branch_id, OUT_ID, "Unidade"),
};

/* The problem (RFC 9457) of every conflict, and behind it what is free around that time. */
static Err send_taken(Req *q, const Booking *in)
{
	size_t count;
	Slot *slot;

	problem_open(q, 409, "conflict", "Este horário não está livre.");
	TRY(agenda_nearest(q->cx, in, NEAREST, &slot, &count));
	json_put_array(&q->json, "nearest");
	for (size_t i = 0; i < count; i++) {
		json_put_object(&q->json, NULL);
		json_put_out(&q->json, slot_out, COUNT(slot_out), &slot[i]);
		json_close(&q->json);
	}
	json_close(&q->json);
	return problem_send(q, 409);
}

/* Only a time that is not free has neighbours: other conflicts are answered as ever. */
static bool is_about_time(const Ctx *cx, Err err)
{
	return err == ERR_CONFLICT && bad_find(cx, "starts_at");
}

/* ---- visits ---- */

static Err list_visits(Req *q)
{
	RangeAsked in = { 0 };
	Appointment *visit;
	VisitOut *out;
	size_t count;

	TRY(api_read(q, &in));
	if (!in.to)
		in.to = in.from + DAY_S;
	if (in.to <= in.from || in.to - in.from > RANGE_MOST_S)
		return err_field(q->cx, "to", "Peça de um instante a 62 dias.");
	TRY(agenda_list(q->cx,
		&(AgendaQuery){ .from = in.from,
			.to = in.to,
			.branch_id = in.branch_id,
			.dentist_id = in.dentist_id,
			.chair_id = in.chair_id,
			.visit_type_id = in.visit_type_id,
			.patient_id = in.patient_id,
			.cancelled = in.cancelled },
		&visit, &count));
	if (count >= LIST_MOST)
		return err_field(q->cx, "to", "São consultas demais: peça um intervalo menor.");
	out = NEW_ARRAY(q->cx->mem, VisitOut, count + 1);
	for (size_t i = 0; i < count; i++)
		out[i] = visit_out_of(&visit[i]);
	return send_rows(q, out, sizeof *out, count, /* next= */ 0);
}

static Err show_visit(Req *q)
{
	AppointmentId id;

	TRY(req_id(q, "id", &id.v));
	return send_visit(q, 200, id);
}

/* 201; 409 with `nearest` when the time is not free. */
static Err book_visit(Req *q)
{
	BookingForm in = { 0 };
	AppointmentId id;
	Booking booking;
	Err err;

	TRY(api_read(q, &in));
	TRY(may_squeeze(q, in.encaixe));
	booking = booking_of(&in);
	err = agenda_book(q->cx, &booking, &id);
	if (is_about_time(q->cx, err))
		return send_taken(q, &booking);
	TRY(err);
	api_made(q, id.v);
	return send_visit(q, 201, id);
}

static BookingForm form_of(const Appointment *visit)
{
	return (BookingForm){ .dentist_id = visit->dentist_id,
		.patient_id = visit->patient_id,
		.visit_type_id = visit->visit_type_id,
		.branch_id = visit->branch_id,
		.chair_id = visit->chair_id,
		.starts_at = visit->starts_at,
		.ends_at = visit->ends_at,
		.asked_at = visit->asked_at,
		.title = visit->title,
		.note = visit->note,
		.encaixe = visit->encaixe };
}

/* Only what was sent; another start without an end keeps the length, another dentist or time
 * without a branch the branch of the shift. 412: If-Match or `version` is old; 409 as booking. */
static Err change_visit(Req *q)
{
	const json_t *body = req_json(q);
	Appointment visit;
	AppointmentId id;
	BookingForm in;
	Booking booking;
	Err err;

	TRY(req_id(q, "id", &id.v));
	TRY(agenda_get(q->cx, id, &visit));
	TRY(req_if_match(q, visit.version));
	in = form_of(&visit);
	TRY(api_read_some(q, &in));
	TRY(may_squeeze(q, in.encaixe && !visit.encaixe));
	if (json_object_get(body, "starts_at") && !json_object_get(body, "ends_at"))
		in.ends_at = 0;
	if (!json_object_get(body, "branch_id") &&
		(in.dentist_id != visit.dentist_id || in.starts_at != visit.starts_at))
		in.branch_id = 0;
	booking = booking_of(&in);
	if (!booking.version)
		booking.version = visit.version;
	err = agenda_move(q->cx, id, &booking, scope_of(in.scope));
	if (is_about_time(q->cx, err))
		return send_taken(q, &booking);
	TRY(err);
	return send_visit(q, 200, id);
}

/* The visit of the path, when the client has read its present version. */
static Err to_change(Req *q, AppointmentId *ret)
{
	Appointment visit;

	TRY(req_id(q, "id", &ret->v));
	TRY(agenda_get(q->cx, *ret, &visit));
	return req_if_match(q, visit.version);
}

typedef struct CancelForm {
	const char *by, *reason, *scope;
} CancelForm;

static const Field cancel_fields[] = {
	CHOICE_FIELD(CancelForm, by, "Quem cancela", "patient clinic", true),
	FIELD(CancelForm, reason, FIELD_TEXT, "Motivo", 0, 200, false),
	CHOICE_FIELD(CancelForm, scope, "De uma repetição: só esta ou também as seguintes",
		"one following", false),
};

static Err cancel_visit(Req *q)
{
	CancelForm in = { 0 };
	AppointmentId id;

	TRY(to_change(q, &id));
	TRY(api_read(q, &in));
	TRY(agenda_cancel(q->cx, id, !strcmp(in.by, "patient"), in.reason, scope_of(in.scope)));
	return send_visit(q, 200, id);
}

typedef struct PresenceForm {
	const char *presence;
	int64_t chair_id;
} PresenceForm;

static const Field presence_fields[] = {
	CHOICE_FIELD(PresenceForm, presence, "Presença", "arrived in_chair done no_show", true),
	FIELD(PresenceForm, chair_id, FIELD_ID, "Cadeira, para in_chair", 0, 0, false),
};

static Err set_presence(Req *q)
{
	PresenceForm in = { 0 };
	AppointmentId id;

	TRY(to_change(q, &id));
	TRY(api_read(q, &in));
	TRY(agenda_set_presence(q->cx, id, presence_of(in.presence), in.chair_id));
	return send_visit(q, 200, id);
}

typedef struct ConfirmationForm {
	const char *confirmation;
} ConfirmationForm;

static const Field confirmation_fields[] = {
	CHOICE_FIELD(ConfirmationForm, confirmation, "Confirmação",
		"not_sent sent confirmed declined no_answer", true),
};

static Err set_confirmation(Req *q)
{
	ConfirmationForm in = { 0 };
	AppointmentId id;

	TRY(to_change(q, &id));
	TRY(api_read(q, &in));
	TRY(agenda_set_confirmation(q->cx, id, confirmation_of(in.confirmation)));
	return send_visit(q, 200, id);
}

static Err undo_change(Req *q)
{
	AppointmentId id;

	TRY(to_change(q, &id));
	TRY(agenda_undo(q->cx, id));
	return send_visit(q, 200, id);
}

static const OutField change_out[] = {
	OUT(AgendaChange, id, OUT_ID, "Identificador"),
	OUT(AgendaChange, at, OUT_TIME, "Quando"),
	{ "user_id", "Quem; null: o paciente, o programa ou uma chave de API", OUT_ID,
		offsetof(AgendaChange, user), sizeof(int64_t) },
	OUT(AgendaChange, user_name, OUT_TEXT, "Nome de quem"),
	OUT(AgendaChange, by_patient, OUT_BOOL, "Feita pelo próprio paciente"),
	OUT(AgendaChange, axis, OUT_TEXT, "O que: made, presence, confirmation, moved, edited"),
	OUT(AgendaChange, before, OUT_TEXT, "Antes"),
	OUT(AgendaChange, after, OUT_TEXT, "Depois"),
	OUT(AgendaChange, reason, OUT_TEXT, "Motivo"),
	OUT(AgendaChange, undone, OUT_BOOL, "Desfeita"),
};

static Err list_changes(Req *q)
{
	AgendaChange *change;
	Appointment visit;
	AppointmentId id;
	size_t count;

	TRY(req_id(q, "id", &id.v));
	TRY(agenda_get(q->cx, id, &visit));
	TRY(agenda_list_changes(q->cx, id, &change, &count));
	return send_rows(q, change, sizeof *change, count, /* next= */ 0);
}

/* ---- free slots ---- */

typedef struct SlotsAsked {
	int64_t from, to, minutes, dentist_id, chair_id, branch_id, visit_type_id, weekdays,
		from_minute, to_minute, step_minutes, limit;
} SlotsAsked;

static const Field slots_fields[] = {
	FIELD(SlotsAsked, from, FIELD_TIME, "A partir de; sem ele, agora", 0, 0, false),
	FIELD(SlotsAsked, to, FIELD_TIME, "Até antes de; sem ele, 30 dias; no máximo 120", 0, 0,
		false),
	FIELD(SlotsAsked, minutes, FIELD_INT, "Duração; sem ela, a do tipo", 5, 1440, false),
	FIELD(SlotsAsked, dentist_id, FIELD_ID, "Dentista", 0, 0, false),
	FIELD(SlotsAsked, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(SlotsAsked, branch_id, FIELD_ID, "Unidade", 0, 0, false),
	FIELD(SlotsAsked, visit_type_id, FIELD_ID, "Tipo de consulta", 0, 0, false),
	FIELD(SlotsAsked, weekdays, FIELD_INT, "Dias da semana somados: segunda 1, … domingo 64", 1,
		127, false),
	FIELD(SlotsAsked, from_minute, FIELD_INT, "Do minuto do dia", 0, 1439, false),
	FIELD(SlotsAsked, to_minute, FIELD_INT, "Até o minuto do dia", 1, 1440, false),
	FIELD(SlotsAsked, step_minutes, FIELD_INT, "Passo; sem ele, o da clínica", 5, 720, false),
	FIELD(SlotsAsked, limit, FIELD_INT, "Quantos", 1, 500, false),
};

static Err list_slots(Req *q)
{
	SlotsAsked in = { 0 };
	size_t count;
	Slot *slot;

	TRY(api_read(q, &in));
	if (!in.from)
		in.from = q->cx->now;
	if (!in.to)
		in.to = in.from + 30 * (int64_t)DAY_S;
	TRY(agenda_find_slots(q->cx,
		&(SlotQuery){ .from = in.from,
			.to = in.to,
			.minutes = (int)in.minutes,
			.dentist_id = in.dentist_id,
			.chair_id = in.chair_id,
			.branch_id = in.branch_id,
			.visit_type_id = in.visit_type_id,
			.weekdays = (uint8_t)in.weekdays,
			.from_minute = (int)in.from_minute,
			.to_minute = (int)in.to_minute,
			.step_minutes = (int)in.step_minutes,
			.limit = (size_t)in.limit },
		&slot, &count));
	return send_rows(q, slot, sizeof *slot, count, /* next= */ 0);
}

/* ---- who works where ---- */

static const OutField dentist_out[] = {
	{ "id", "Identificador da pessoa", OUT_ID, offsetof(Dentist, user), sizeof(int64_t) },
	OUT(Dentist, name, OUT_TEXT, "Nome, como é chamado"),
	OUT(Dentist, specialty, OUT_TEXT, "Especialidade"),
	OUT(Dentist, tone, OUT_TEXT, "Cor"),
	OUT(Dentist, chair_id, OUT_ID, "Cadeira usual"),
	OUT(Dentist, buffer_minutes, OUT_INT, "Intervalo depois de cada consulta, em minutos"),
	OUT(Dentist, online, OUT_BOOL, "No agendamento on-line"),
	OUT(Dentist, active, OUT_BOOL, "Atende"),
};

static Err list_dentists(Req *q)
{
	Dentist *dentist;
	size_t count;

	TRY(agenda_list_dentists(q->cx, &dentist, &count));
	return send_rows(q, dentist, sizeof *dentist, count, /* next= */ 0);
}

static const OutField chair_out[] = {
	OUT(Chair, id, OUT_ID, "Identificador"),
	OUT(Chair, name, OUT_TEXT, "Nome"),
	OUT(Chair, branch_id, OUT_ID, "Unidade"),
	OUT(Chair, branch, OUT_TEXT, "Nome da unidade"),
	OUT(Chair, active, OUT_BOOL, "Em uso"),
};

static Err list_chairs(Req *q)
{
	Chair *chair;
	size_t count;

	TRY(agenda_list_chairs(q->cx, &chair, &count));
	return send_rows(q, chair, sizeof *chair, count, /* next= */ 0);
}

static const OutField type_out[] = {
	OUT(VisitType, id, OUT_ID, "Identificador"),
	OUT(VisitType, name, OUT_TEXT, "Nome"),
	OUT(VisitType, minutes, OUT_INT, "Duração, em minutos"),
	OUT(VisitType, buffer_minutes, OUT_INT, "Intervalo depois, em minutos"),
	OUT(VisitType, tone, OUT_TEXT, "Cor"),
	OUT(VisitType, online, OUT_BOOL, "No agendamento on-line"),
	OUT(VisitType, active, OUT_BOOL, "Em uso"),
};

static Err list_types(Req *q)
{
	VisitType *type;
	size_t count;

	TRY(agenda_list_visit_types(q->cx, &type, &count));
	return send_rows(q, type, sizeof *type, count, /* next= */ 0);
}

/* ---- the routes ---- */

/* clang-format off */
static const Route routes[] = {
	{ GET, "/api/v1/appointments", list_visits, "agenda.read", API,
		.summary = "Consultas que tocam um intervalo, por hora", IN(range_fields), ROWS(visit_out) },
	{ POST, "/api/v1/appointments", book_visit, "agenda.write", API,
		.summary = "Marcar; 409 traz em nearest os horários livres mais próximos",
		IN(book_fields), ROW(visit_out) },
	{ GET, "/api/v1/appointments/:id", show_visit, "agenda.read", API, .summary = "Uma consulta",
		ROW(visit_out) },
	{ PATCH, "/api/v1/appointments/:id", change_visit, "agenda.write", API,
		.summary = "Mover ou mudar só o que for enviado", IN(agenda_change_fields), ROW(visit_out) },
	{ POST, "/api/v1/appointments/:id/cancel", cancel_visit, "agenda.write", API,
		.summary = "Cancelar", IN(cancel_fields), ROW(visit_out), DONE },
	{ POST, "/api/v1/appointments/:id/presence", set_presence, "agenda.write", API,
		.summary = "Chegou, entrou, saiu ou faltou", IN(presence_fields), ROW(visit_out), DONE },
	{ POST, "/api/v1/appointments/:id/confirmation", set_confirmation, "agenda.write", API,
		.summary = "Confirmação", IN(confirmation_fields), ROW(visit_out), DONE },
	{ POST, "/api/v1/appointments/:id/undo", undo_change, "agenda.write", API, .body = BODY_NONE,
		.summary = "Desfazer a última mudança", ROW(visit_out), DONE },
	{ GET, "/api/v1/appointments/:id/changes", list_changes, "agenda.read", API,
		.summary = "Tudo o que mudou, com quem e quando", ROWS(change_out) },
	{ GET, "/api/v1/slots", list_slots, "agenda.read", API, .summary = "Horários livres, por hora",
		IN(slots_fields), ROWS(slot_out) },
	{ GET, "/api/v1/dentists", list_dentists, "agenda.read", API, .summary = "Dentistas da agenda",
		ROWS(dentist_out) },
	{ GET, "/api/v1/chairs", list_chairs, "agenda.read", API, .summary = "Cadeiras", ROWS(chair_out) },
	{ GET, "/api/v1/visit-types", list_types, "agenda.read", API, .summary = "Tipos de consulta",
		ROWS(type_out) },
};
/* clang-format on */

const RouteList agenda_api = { routes, COUNT(routes), &settings_routes };

/* A visit as a record: read, listed, named, told. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "platform/web/form_json.h"

/* ---- the two axes ---- */

static const struct {
	const char *name, *title, *tone, *icon;
} presences[PRESENCE_COUNT] = {
	[PRESENCE_HELD] = { "held", "Reservado", "slate", "hourglass" },
	[PRESENCE_SCHEDULED] = { "scheduled", "Agendado", "slate", "circle-dashed" },
	[PRESENCE_ARRIVED] = { "arrived", "Na recepção", "amber", "hourglass" },
	[PRESENCE_IN_CHAIR] = { "in_chair", "Em atendimento", "violet", "stethoscope" },
	[PRESENCE_DONE] = { "done", "Atendido", "green", "badge-check" },
	[PRESENCE_NO_SHOW] = { "no_show", "Faltou", "red", "user-round-x" },
	[PRESENCE_CANCELLED] = { "cancelled", "Cancelado", "slate", "x" },
};

static const struct {
	const char *name, *title;
} confirmations[CONFIRMATION_COUNT] = {
	[CONFIRMATION_NOT_SENT] = { "not_sent", "Não enviada" },
	[CONFIRMATION_SENT] = { "sent", "Enviada" },
	[CONFIRMATION_CONFIRMED] = { "confirmed", "Confirmada" },
	[CONFIRMATION_DECLINED] = { "declined", "Recusada" },
	[CONFIRMATION_NO_ANSWER] = { "no_answer", "Sem resposta" },
};

const char *presence_name(Presence p)
{
	return presences[p].name;
}

const char *presence_title(Presence p)
{
	return presences[p].title;
}

const char *presence_tone(Presence p)
{
	return presences[p].tone;
}

const char *presence_icon(Presence p)
{
	return presences[p].icon;
}

const char *confirmation_name(Confirmation c)
{
	return confirmations[c].name;
}

const char *confirmation_title(Confirmation c)
{
	return confirmations[c].title;
}

Presence presence_of(const char *name)
{
	for (int i = 0; name && i < PRESENCE_COUNT; i++)
		if (!strcmp(presences[i].name, name))
			return (Presence)i;
	return PRESENCE_COUNT;
}

Confirmation confirmation_of(const char *name)
{
	for (int i = 0; name && i < CONFIRMATION_COUNT; i++)
		if (!strcmp(confirmations[i].name, name))
			return (Confirmation)i;
	return CONFIRMATION_COUNT;
}

bool presence_is_over(Presence p)
{
	return p == PRESENCE_DONE || p == PRESENCE_NO_SHOW || p == PRESENCE_CANCELLED;
}

/* ---- in words ---- */

const char *visit_when(Ctx *cx, int64_t at, const char *zone)
{
	return arena_printf(cx->mem, "%s, %s", date_text_short(cx->mem, date_today(at, zone)),
		time_text_hm(cx->mem, at, zone));
}

const char *visit_where(Ctx *cx, const Appointment *visit, const char *zone)
{
	return arena_printf(cx->mem, "%s a %s com %s", visit_when(cx, visit->starts_at, zone),
		time_text_hm(cx->mem, visit->ends_at, zone), visit->dentist_name);
}

/* ---- as the API shows it ---- */

#define SHOWN(member, kind, label)                                                                 \
	{                                                                                          \
#member, (label), (kind), offsetof(VisitOut, v.member),                            \
			sizeof(((VisitOut *)0)->v.member)                                          \
	}

/* clang-format off */
const OutField visit_out[VISIT_OUT_COUNT] = {
	SHOWN(id, OUT_ID, "Identificador"),
	SHOWN(patient_id, OUT_ID, "Paciente"),
	SHOWN(patient_name, OUT_TEXT, "Nome do paciente"),
	SHOWN(patient_alert, OUT_BOOL, "O paciente tem alerta clínico"),
	SHOWN(branch_id, OUT_ID, "Unidade"),
	SHOWN(dentist_id, OUT_ID, "Dentista"),
	SHOWN(dentist_name, OUT_TEXT, "Nome do dentista"),
	SHOWN(chair_id, OUT_ID, "Cadeira; null: escolhida depois"),
	SHOWN(chair_name, OUT_TEXT, "Nome da cadeira"),
	SHOWN(visit_type_id, OUT_ID, "Tipo de consulta"),
	SHOWN(visit_type, OUT_TEXT, "Nome do tipo de consulta"),
	SHOWN(title, OUT_TEXT, "O que será feito"),
	SHOWN(note, OUT_TEXT, "Observação"),
	SHOWN(starts_at, OUT_TIME, "Começo"),
	SHOWN(ends_at, OUT_TIME, "Fim; o horário fica livre a partir daqui"),
	SHOWN(busy_to, OUT_TIME, "Até quando o dentista está ocupado, com o intervalo"),
	OUT(VisitOut, presence, OUT_TEXT,
		"Presença: scheduled, arrived, in_chair, done, no_show, cancelled"),
	OUT(VisitOut, confirmation, OUT_TEXT,
		"Confirmação: not_sent, sent, confirmed, declined, no_answer"),
	SHOWN(encaixe, OUT_BOOL, "Encaixe: pode estar sobre outra consulta"),
	SHOWN(origin, OUT_TEXT, "Origem: internal, public, waitlist, recall"),
	SHOWN(series_id, OUT_ID, "Repetição de que faz parte"),
	SHOWN(asked_at, OUT_TIME, "Pedido para chegar às"),
	SHOWN(arrived_at, OUT_TIME, "Chegou às"),
	SHOWN(seated_at, OUT_TIME, "Entrou às"),
	SHOWN(dismissed_at, OUT_TIME, "Saiu às"),
	SHOWN(cancelled_by, OUT_TEXT, "Quem cancelou: patient, clinic"),
	SHOWN(cancel_reason, OUT_TEXT, "Motivo do cancelamento"),
	SHOWN(no_show_permille, OUT_INT, "Chance de faltar, por mil; -1: sem previsão"),
	SHOWN(version, OUT_INT, "Versão, para gravar sem apagar o que outro mudou"),
};
/* clang-format on */

VisitOut visit_out_of(const Appointment *visit)
{
	return (VisitOut){ *visit, presence_name(visit->presence),
		confirmation_name(visit->confirmation) };
}

const char *visit_json_for(Ctx *cx, const Appointment *visit, int64_t line_id)
{
	VisitOut out = visit_out_of(visit);
	Json json;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_out(&json, visit_out, VISIT_OUT_COUNT, &out);
	if (line_id)
		json_put_int(&json, "line_id", line_id);
	return json_done(&json);
}

const char *visit_json(Ctx *cx, const Appointment *visit)
{
	return visit_json_for(cx, visit, /* line_id= */ 0);
}

/* ---- reading ---- */

Appointment visit_of_row(const SqlVisitRow *r)
{
	return (Appointment){ .id = r->id,
		.branch_id = r->branch_id,
		.dentist_id = r->dentist_id,
		.chair_id = r->chair_id,
		.patient_id = r->patient_id,
		.visit_type_id = r->visit_type_id,
		.series_id = r->series_id,
		.patient_name = r->patient_name,
		.title = r->title,
		.note = r->note,
		.dentist_name = r->dentist_name,
		.chair_name = r->chair_name,
		.visit_type = r->visit_type,
		.origin = r->origin,
		.patient_alert = r->patient_alert,
		.encaixe = r->encaixe,
		.starts_at = r->starts_at,
		.ends_at = r->ends_at,
		.busy_to = r->busy_to,
		.presence = presence_of(r->presence),
		.confirmation = confirmation_of(r->confirmation),
		.asked_at = r->asked_at,
		.arrived_at = r->arrived_at,
		.seated_at = r->seated_at,
		.dismissed_at = r->dismissed_at,
		.cancelled_by = r->cancelled_by,
		.cancel_reason = r->cancel_reason,
		.no_show_permille = r->no_show_permille_null ? -1 : r->no_show_permille,
		.version = r->version };
}

Err agenda_get(Ctx *cx, AppointmentId id, Appointment *ret)
{
	SqlVisitRow row;

	TRY(sql_agenda_visit(cx, id.v, &row));
	*ret = visit_of_row(&row);
	return OK;
}

Err visits_ask(Ctx *cx, const AgendaQuery *in)
{
	if (in->patient_id)
		return sql_agenda_patient_visits_send(
			cx, in->patient_id, in->from, in->to, in->cancelled);
	return sql_agenda_visits_send(
		cx, &(SqlAgendaVisitsIn){ .from = in->from,
			    .to = in->to,
			    .branch_id = db_id_or_null(&in->branch_id),
			    .dentist_id = db_id_or_null(&in->dentist_id),
			    .chair_id = db_id_or_null(&in->chair_id),
			    .visit_type_id = db_id_or_null(&in->visit_type_id),
			    .cancelled = in->cancelled });
}

Err visits_read(Ctx *cx, const AgendaQuery *in, Appointment **ret, size_t *ret_count)
{
	SqlVisitRow *row;
	size_t count, n = 0;

	if (in->patient_id)
		TRY(sql_agenda_patient_visits_read(cx, &row, &count));
	else
		TRY(sql_agenda_visits_read(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, Appointment, count + 1);
	for (size_t i = 0; i < count; i++) {
		const SqlVisitRow *r = &row[i];

		/* of one patient there are few: the other filters are asked here */
		if ((in->branch_id && r->branch_id != in->branch_id) ||
			(in->dentist_id && r->dentist_id != in->dentist_id) ||
			(in->chair_id && r->chair_id != in->chair_id) ||
			(in->visit_type_id && r->visit_type_id != in->visit_type_id))
			continue;
		(*ret)[n++] = visit_of_row(r);
	}
	*ret_count = n;
	return OK;
}

Err agenda_list_changes(Ctx *cx, AppointmentId id, AgendaChange **ret, size_t *ret_count)
{
	SqlAgendaChanges *row;
	size_t count;

	TRY(sql_agenda_changes(cx, id.v, &row, &count));
	*ret = NEW_ARRAY(cx->mem, AgendaChange, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = (AgendaChange){ .id = row[i].id,
			.at = row[i].at,
			.user = row[i].user_id,
			.user_name = row[i].user_name,
			.axis = row[i].axis,
			.before = row[i].before,
			.after = row[i].after,
			.reason = row[i].reason,
			.by_patient = row[i].by_patient,
			.undone = row[i].undone };
	*ret_count = count;
	return OK;
}

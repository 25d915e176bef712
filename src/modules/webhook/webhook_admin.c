/* Endpoints of a company: the checks behind page and API. */
#include "core/random.h"
#include "modules/audit/audit.h"
#include "modules/webhook/webhook_rooms.h"
#include "modules/webhook/webhook_view.h"
#include "platform/auth/seal.h"
#include "platform/http/http_client.h"

/* What is told outside. What is not here stays inside: the chart, notes, anamneses. */
const UiOption webhook_events[] = {
	{ .value = "lead.created", .label = "Lead criado" },
	{ .value = "lead.updated", .label = "Lead alterado" },
	{ .value = "lead.moved", .label = "Lead mudou de etapa" },
	{ .value = "lead.lost", .label = "Lead perdido" },
	{ .value = "lead.reopened", .label = "Lead reaberto" },
	{ .value = "lead.converted", .label = "Lead virou paciente" },
	{ .value = "lead.merged", .label = "Leads unidos" },
	{ .value = "task.created", .label = "Tarefa criada" },
	{ .value = "task.done", .label = "Tarefa feita" },
	{ .value = "patient.created", .label = "Paciente cadastrado" },
	{ .value = "patient.updated", .label = "Cadastro de paciente alterado" },
	{ .value = "patient.merged", .label = "Cadastros de paciente unidos" },
	{ .value = "patient.anonymised", .label = "Cadastro de paciente anonimizado" },
	{ .value = "appointment.booked", .label = "Consulta marcada" },
	{ .value = "appointment.moved", .label = "Consulta remarcada" },
	{ .value = "appointment.confirmed", .label = "Consulta confirmada" },
	{ .value = "appointment.declined", .label = "Paciente não pode vir" },
	{ .value = "appointment.arrived", .label = "Paciente chegou" },
	{ .value = "appointment.done", .label = "Paciente atendido" },
	{ .value = "appointment.no_show", .label = "Paciente faltou" },
	{ .value = "appointment.cancelled", .label = "Consulta cancelada" },
	{ .value = "plan.presented", .label = "Orçamento apresentado" },
	{ .value = "plan.approved", .label = "Orçamento aprovado" },
	{ .value = "plan.refused", .label = "Orçamento recusado" },
};
const size_t webhook_event_count = COUNT(webhook_events);

const Field webhook_fields[] = {
	FIELD(EndpointForm, title, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(EndpointForm, url, FIELD_TEXT, "Endereço", 1, 500, true),
	FIELD(EndpointForm, events, FIELD_TEXTS, "Eventos; sem nenhum, todos", 0, 40, false),
	FIELD(EndpointForm, active, FIELD_BOOL, "Ativo", 0, 0, false),
};

bool webhook_tells(const char *event)
{
	for (size_t i = 0; i < webhook_event_count; i++)
		if (!strcmp(webhook_events[i].value, event))
			return true;
	return false;
}

static Err note(Ctx *cx, const char *action, int64_t id)
{
	return audit_add_change(
		cx, &(Change){ .action = action, .subject = "webhook", .subject_id = id });
}

static Err check(Ctx *cx, const EndpointForm *in)
{
	if (!http_is_allowed(in->url))
		return err_field(cx, "url", "Use um endereço público que comece com https://.");
	for (size_t i = 0; i < in->events.count; i++)
		if (!webhook_tells(in->events.v[i]))
			return err_field(cx, "events", "Escolha eventos da lista.");
	return OK;
}

Err webhook_add(Ctx *cx, const EndpointForm *in, int64_t *ret)
{
	const char *secret = arena_printf(cx->mem, "whsec_%s", crypto_token(cx->mem, 24));
	SqlWebhookInsert row;

	TRY(check(cx, in));
	TRY(sql_webhook_insert(
		cx, in->title, in->url, secret_seal(cx->mem, "webhook", secret), in->events, &row));
	*ret = row.id;
	return note(cx, "webhook.create", row.id);
}

Err webhook_save(Ctx *cx, int64_t id, const EndpointForm *in)
{
	int64_t rows;

	TRY(check(cx, in));
	TRY(sql_webhook_update(cx, id, in->title, in->url, in->events, in->active, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no webhook %" PRId64, id);
	return note(cx, "webhook.update", id);
}

Err webhook_remove(Ctx *cx, int64_t id)
{
	int64_t rows;

	TRY(sql_webhook_remove(cx, id, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no webhook %" PRId64, id);
	return note(cx, "webhook.remove", id);
}

Err webhook_resend(Ctx *cx, int64_t id, int64_t delivery)
{
	SqlWebhookWaitAgain row;
	bool found;

	TRY(sql_webhook_wait_again(cx, id, delivery, &row, &found));
	if (!found)
		return err_set(cx, ERR_NOT_FOUND, "no delivery %" PRId64 " of webhook %" PRId64,
			delivery, id);
	TRY(note(cx, "webhook.resend", id));
	return job_add(cx, "webhook.deliver",
		arena_printf(cx->mem, "{\"id\":%" PRId64 "}", delivery), NULL);
}

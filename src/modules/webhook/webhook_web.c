/* Webhooks under Configurações: endpoints, their log, resending. */
#include "core/random.h"
#include "modules/audit/audit.h"
#include "modules/webhook/webhook_rooms.h"
#include "modules/webhook/webhook_view.h"
#include "platform/auth/seal.h"
#include "platform/http/http_client.h"

enum { LOG_PAGE = 25 };

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
};
const size_t webhook_event_count = COUNT(webhook_events);

typedef struct EndpointForm {
	const char *title, *url;
	Strs events;
	bool active;
} EndpointForm;

static const Field endpoint_fields[] = {
	FIELD(EndpointForm, title, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(EndpointForm, url, FIELD_TEXT, "Endereço", 1, 500, true),
	FIELD(EndpointForm, events, FIELD_TEXTS, "Eventos", 0, 20, false),
	FIELD(EndpointForm, active, FIELD_BOOL, "Ativo", 0, 0, false),
};

static Err check_endpoint(Ctx *cx, const EndpointForm *in)
{
	if (!http_is_allowed(in->url))
		return err_field(cx, "url", "Use um endereço público que comece com https://.");
	for (size_t i = 0; i < in->events.count; i++) {
		bool known = false;

		for (size_t j = 0; j < webhook_event_count; j++)
			known |= !strcmp(webhook_events[j].value, in->events.v[i]);
		if (!known)
			return err_field(cx, "events", "Escolha eventos da lista.");
	}
	return OK;
}

/* GET /settings/webhooks */
static Err list(Req *q)
{
	WebhooksView view = { .q = q };
	SqlWebhookEndpoints *row;

	TRY(sql_webhook_endpoints(q->cx, &row, &view.endpoint_count));
	view.endpoint = row;
	webhook_list_page(&q->html, &view);
	return send_html(q, 200);
}

static Err blank(Req *q)
{
	webhook_page(&q->html, &(WebhookView){ .q = q });
	return send_html(q, 200);
}

static Err endpoint_asked(Req *q, SqlWebhookEndpoint *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return sql_webhook_endpoint(q->cx, id, ret);
}

static Err page_of(Req *q, const SqlWebhookEndpoint *endpoint, int status)
{
	int64_t before = req_query_int(q, "before", 0);
	WebhookView view = { .q = q, .endpoint = endpoint };
	SqlWebhookLog *log;

	TRY(sql_webhook_log(q->cx, endpoint->id, before > 0 ? &before : NULL, LOG_PAGE + 1, &log,
		&view.log_count));
	view.log = log;
	view.secret = secret_open(q->cx->mem, "webhook", endpoint->secret);
	if (view.log_count > LOG_PAGE) {
		view.log_count = LOG_PAGE;
		view.next = log[LOG_PAGE - 1].id;
	}
	webhook_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/webhooks/:id?before= */
static Err show(Req *q)
{
	SqlWebhookEndpoint endpoint;

	TRY(endpoint_asked(q, &endpoint));
	return page_of(q, &endpoint, 200);
}

static Err add(Ctx *cx, const EndpointForm *in, int64_t *ret)
{
	const char *secret = arena_printf(cx->mem, "whsec_%s", crypto_token(cx->mem, 24));
	SqlWebhookInsert row;

	TRY(check_endpoint(cx, in));
	TRY(sql_webhook_insert(cx, in->title, in->url, secret_seal(cx->mem, "webhook", secret),
		in->events, &row));
	*ret = row.id;
	return audit_add_change(cx,
		&(Change){ .action = "webhook.create", .subject = "webhook", .subject_id = row.id });
}

/* POST /settings/webhooks. 303 to it; 422 with the form. */
static Err create(Req *q)
{
	EndpointForm in;
	int64_t id;
	Err err = form_read(q, endpoint_fields, COUNT(endpoint_fields), &in) ? add(q->cx, &in, &id)
									       : ERR_INVALID;

	if (err == ERR_INVALID) {
		webhook_page(&q->html, &(WebhookView){ .q = q });
		return send_html(q, 422);
	}
	TRY(err);
	answer_toast(q, "Webhook criado", NULL);
	return redirect(q, "/settings/webhooks/%" PRId64, id);
}

static Err save(Ctx *cx, int64_t id, const EndpointForm *in)
{
	int64_t rows;

	TRY(check_endpoint(cx, in));
	TRY(sql_webhook_update(cx, id, in->title, in->url, in->events, in->active, &rows));
	return audit_add_change(cx,
		&(Change){ .action = "webhook.update", .subject = "webhook", .subject_id = id });
}

/* POST /settings/webhooks/:id. 303 back; 422 with the form. */
static Err update(Req *q)
{
	SqlWebhookEndpoint endpoint;
	EndpointForm in;
	Err err;

	TRY(endpoint_asked(q, &endpoint));
	err = form_read(q, endpoint_fields, COUNT(endpoint_fields), &in)
		? save(q->cx, endpoint.id, &in)
		: ERR_INVALID;
	if (err == ERR_INVALID)
		return page_of(q, &endpoint, 422);
	TRY(err);
	answer_toast(q, "Webhook salvo", NULL);
	return redirect(q, "/settings/webhooks/%" PRId64, endpoint.id);
}

/* POST /settings/webhooks/:id/remove */
static Err remove_one(Req *q)
{
	SqlWebhookEndpoint endpoint;
	int64_t rows;

	TRY(endpoint_asked(q, &endpoint));
	TRY(sql_webhook_remove(q->cx, endpoint.id, &rows));
	TRY(audit_add_change(q->cx,
		&(Change){ .action = "webhook.remove", .subject = "webhook",
			.subject_id = endpoint.id }));
	answer_toast(q, "Webhook removido", NULL);
	return redirect(q, "/settings/webhooks");
}

typedef struct ResendForm {
	int64_t delivery;
} ResendForm;

static const Field resend_fields[] = {
	FIELD(ResendForm, delivery, FIELD_ID, "Entrega", 0, 0, true),
};

/* POST /settings/webhooks/:id/resend: the same body once more. */
static Err resend(Req *q)
{
	SqlWebhookWaitAgain row;
	ResendForm in;
	bool found;

	if (!form_read(q, resend_fields, COUNT(resend_fields), &in))
		return ERR_INVALID;
	TRY(sql_webhook_wait_again(q->cx, in.delivery, &row, &found));
	if (!found)
		return err_set(q->cx, ERR_NOT_FOUND, "no delivery %" PRId64, in.delivery);
	TRY(job_add(q->cx, "webhook.deliver",
		arena_printf(q->cx->mem, "{\"id\":%" PRId64 "}", in.delivery), NULL));
	answer_toast(q, "Entrega na fila outra vez", NULL);
	return redirect(q, "/settings/webhooks/%" PRId64, row.endpoint_id);
}

static const Route routes[] = {
	{ GET, "/settings/webhooks", list, "webhook.write" },
	{ GET, "/settings/webhooks/new", blank, "webhook.write" },
	{ POST, "/settings/webhooks", create, "webhook.write" },
	{ GET, "/settings/webhooks/:id", show, "webhook.write" },
	{ POST, "/settings/webhooks/:id", update, "webhook.write" },
	{ POST, "/settings/webhooks/:id/remove", remove_one, "webhook.write" },
	{ POST, "/settings/webhooks/:id/resend", resend, "webhook.write" },
};

static const Perm perms[] = {
	{ "webhook.write", "Ligar outros sistemas por webhooks", "owner manager" },
};

static const Nav nav[] = {
	{ "Configurações", 960, "Webhooks", "/settings/webhooks", "webhook", "webhook.write" },
};

static const Job jobs[] = {
	{ "webhook.deliver", webhook_job, 8, 30 },
	{ "webhook.forget", webhook_forget_job, 3, 60 },
};

static const Cron crons[] = {
	{ .name = "webhook.forget", .pattern = "20 4 * * *", .job = "webhook.forget", .every_company = true },
};

const Module webhook_module = {
	.name = "webhook", .title = "Webhooks", .always = true,
	.route = routes, .route_count = COUNT(routes),
	.perm = perms, .perm_count = COUNT(perms),
	.nav = nav, .nav_count = COUNT(nav),
	.job = jobs, .job_count = COUNT(jobs),
	.cron = crons, .cron_count = COUNT(crons),
	.on_event = webhook_on_event,
};

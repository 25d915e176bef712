/* Webhooks under Configurações: endpoints, their log, resending. */
#include "modules/webhook/webhook_rooms.h"
#include "modules/webhook/webhook_view.h"
#include "platform/auth/seal.h"

enum { LOG_PAGE = 25 };

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

/* POST /settings/webhooks. 303 to it; 422 with the form. */
static Err create(Req *q)
{
	EndpointForm in;
	int64_t id;
	Err err = form_read(q, webhook_fields, COUNT(webhook_fields), &in)
			  ? webhook_add(q->cx, &in, &id)
			  : ERR_INVALID;

	if (err == ERR_INVALID) {
		webhook_page(&q->html, &(WebhookView){ .q = q });
		return send_html(q, 422);
	}
	TRY(err);
	answer_toast(q, "Webhook criado", NULL);
	return redirect(q, "/settings/webhooks/%" PRId64, id);
}

/* POST /settings/webhooks/:id. 303 back; 422 with the form. */
static Err update(Req *q)
{
	SqlWebhookEndpoint endpoint;
	EndpointForm in;
	Err err;

	TRY(endpoint_asked(q, &endpoint));
	err = form_read(q, webhook_fields, COUNT(webhook_fields), &in)
		      ? webhook_save(q->cx, endpoint.id, &in)
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
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(webhook_remove(q->cx, id));
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
	ResendForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, resend_fields, COUNT(resend_fields), &in))
		return ERR_INVALID;
	TRY(webhook_resend(q->cx, id, in.delivery));
	answer_toast(q, "Entrega na fila outra vez", NULL);
	return redirect(q, "/settings/webhooks/%" PRId64, id);
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
	{ "Configurações/Integrações", 961, "Webhooks", "/settings/webhooks", "webhook",
		"webhook.write" },
};

static const Job jobs[] = {
	{ "webhook.deliver", webhook_job, 8, 30 },
	{ "webhook.forget", webhook_forget_job, 3, 60 },
};

static const Cron crons[] = {
	{ .name = "webhook.forget",
		.pattern = "20 4 * * *",
		.job = "webhook.forget",
		.every_company = true },
};

const Module webhook_module = {
	.name = "webhook",
	.title = "Webhooks",
	.always = true,
	.route = routes,
	.route_count = COUNT(routes),
	.api = &webhook_api,
	.perm = perms,
	.perm_count = COUNT(perms),
	.nav = nav,
	.nav_count = COUNT(nav),
	.job = jobs,
	.job_count = COUNT(jobs),
	.cron = crons,
	.cron_count = COUNT(crons),
	.on_event = webhook_on_event,
	.listens = webhook_listens,
};

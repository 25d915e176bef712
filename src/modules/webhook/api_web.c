/* Webhooks for programs: an integration sets up its own endpoint. */
#include "modules/webhook/webhook_rooms.h"
#include "platform/auth/seal.h"
#include "platform/web/api.h"

typedef struct EndpointOut {
	int64_t id;
	const char *title, *url, *secret, *last_state;
	Strs events;
	bool active;
	int64_t last_at;
} EndpointOut;

static const OutField row_out[] = {
	OUT(EndpointOut, id, OUT_ID, "Identificador"),
	OUT(EndpointOut, title, OUT_TEXT, "Nome"),
	OUT(EndpointOut, url, OUT_TEXT, "Endereço"),
	OUT(EndpointOut, events, OUT_TEXTS, "Eventos; vazio: todos"),
	OUT(EndpointOut, active, OUT_BOOL, "Recebe eventos"),
	OUT(EndpointOut, last_state, OUT_TEXT, "Última entrega: waiting, delivered ou failed"),
	OUT(EndpointOut, last_at, OUT_TIME, "Última entrega: quando"),
};

static const OutField endpoint_out[] = {
	OUT(EndpointOut, id, OUT_ID, "Identificador"),
	OUT(EndpointOut, title, OUT_TEXT, "Nome"),
	OUT(EndpointOut, url, OUT_TEXT, "Endereço"),
	OUT(EndpointOut, events, OUT_TEXTS, "Eventos; vazio: todos"),
	OUT(EndpointOut, active, OUT_BOOL, "Recebe eventos"),
	OUT(EndpointOut, secret, OUT_TEXT, "Segredo da assinatura (Siso-Signature)"),
};

/* What creating answers is kept for a day under its Idempotency-Key, so the secret is not in it. */
static const OutField made_out[] = {
	OUT(EndpointOut, id, OUT_ID, "Identificador; o segredo está em GET /api/v1/webhooks/{id}"),
};

static Err list(Req *q)
{
	SqlWebhookEndpoints *row;
	EndpointOut *out;
	size_t count;

	TRY(sql_webhook_endpoints(q->cx, &row, &count));
	out = NEW_ARRAY(q->cx->mem, EndpointOut, count + 1);
	for (size_t i = 0; i < count; i++)
		out[i] = (EndpointOut){ .id = row[i].id,
			.title = row[i].title,
			.url = row[i].url,
			.events = row[i].events,
			.active = row[i].active,
			.last_state = row[i].last_state,
			.last_at = row[i].last_at };
	return send_rows(q, out, sizeof *out, count, /* next= */ 0);
}

static Err show(Req *q)
{
	SqlWebhookEndpoint row;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(sql_webhook_endpoint(q->cx, id, &row));
	answer_header(q, "Cache-Control", "no-store");
	return send_row(q, 200,
		&(EndpointOut){ .id = row.id,
			.title = row.title,
			.url = row.url,
			.events = row.events,
			.active = row.active,
			.secret = secret_open(q->cx->mem, "webhook", row.secret) });
}

static Err create(Req *q)
{
	EndpointOut out = { 0 };
	EndpointForm in;

	TRY(api_read(q, &in));
	TRY(webhook_add(q->cx, &in, &out.id));
	api_made(q, out.id);
	return send_row(q, 201, &out);
}

static Err remove_one(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(webhook_remove(q->cx, id));
	return send_nothing(q);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/api/v1/webhooks", list, "webhook.write", API, .summary = "Webhooks da clínica",
		ROWS(row_out) },
	/* a new one is active: that field is left out */
	{ POST, "/api/v1/webhooks", create, "webhook.write", API, .summary = "Criar um webhook",
		.in = webhook_fields, .in_count = COUNT(webhook_fields) - 1, ROW(made_out) },
	{ GET, "/api/v1/webhooks/:id", show, "webhook.write", API, .summary = "Um webhook e seu segredo",
		ROW(endpoint_out) },
	{ DELETE, "/api/v1/webhooks/:id", remove_one, "webhook.write", API,
		.summary = "Remover um webhook e seu registro de entregas" },
};
/* clang-format on */

const RouteList webhook_api = { routes, COUNT(routes), NULL };

/* Deliveries: a row and a job for each endpoint that listens; the job posts, signs, and notes what
 * came back. The signature is the scheme "t=…,v1=…" (HMAC-SHA-256 of "t.body") that Stripe's
 * libraries verify, so receivers need no code of ours. */
#include "modules/webhook/webhook.h"

#include "modules/webhook/webhook_rooms.h"
#include "platform/auth/seal.h"
#include "platform/http/http_client.h"

Err webhook_deliver(Ctx *cx, int64_t webhook, const char *event, const char *json)
{
	SqlWebhookAddDelivery row;
	SqlWebhookEndpoint endpoint;
	const char *body;

	TRY(sql_webhook_endpoint(cx, webhook, &endpoint));
	body = arena_printf(cx->mem, "{\"event\":\"%s\",\"at\":%" PRId64 ",\"data\":%s}", event,
		cx->now, json ? json : "null");
	TRY(sql_webhook_add_delivery(cx, webhook, event, body, &row));
	return job_add(
		cx, "webhook.deliver", arena_printf(cx->mem, "{\"id\":%" PRId64 "}", row.id), NULL);
}

Err webhook_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	SqlWebhookListeners *row;
	size_t count;

	if (!webhook_tells(name))
		return OK;
	TRY(sql_webhook_listeners(cx, name, &row, &count));
	for (size_t i = 0; i < count; i++)
		TRY(webhook_deliver(cx, row[i].id, name,
			json ? json : arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id)));
	return OK;
}

Err webhook_listens(Ctx *cx, const char *name, bool *ret)
{
	SqlWebhookListeners *row;
	size_t count = 0;

	if (webhook_tells(name))
		TRY(sql_webhook_listeners(cx, name, &row, &count));
	*ret = count > 0;
	return OK;
}

Err webhook_list_choices(Ctx *cx, WebhookChoice **ret, size_t *ret_count)
{
	SqlWebhookEndpoints *row;
	size_t count, n = 0;

	TRY(sql_webhook_endpoints(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, WebhookChoice, count + 1);
	for (size_t i = 0; i < count; i++)
		if (row[i].active)
			(*ret)[n++] = (WebhookChoice){ row[i].id, row[i].title };
	*ret_count = n;
	return OK;
}

char *webhook_signature(Arena *mem, const char *secret, int64_t at, const char *body)
{
	const char *signed_text = arena_printf(mem, "%" PRId64 ".%s", at, body);

	return arena_printf(mem, "t=%" PRId64 ",v1=%s", at,
		http_hmac_hex(mem, str_of(secret), str_of(signed_text)));
}

static Err post(Ctx *cx, const SqlWebhookDelivery *d, const char *secret, HttpAnswer *ret)
{
	const HttpHeader header[] = {
		{ "Content-Type", "application/json" },
		{ "User-Agent", "Siso-Webhook/1" },
		{ "Siso-Event", d->event },
		{ "Siso-Delivery", arena_printf(cx->mem, "%" PRId64, d->id) },
		{ "Siso-Signature", webhook_signature(cx->mem, secret, cx->now, d->body) },
	};

	return http_send(cx,
		&(HttpRequest){ .method = "POST",
			.url = d->url,
			.header = header,
			.header_count = COUNT(header),
			.body = str_of(d->body),
			.timeout_ms = 10000,
			.answer_max = 4096,
			.foreign = true },
		ret);
}

/* The delivery's own words for what went wrong; the person reads them in the log. */
static const char *failure(Ctx *cx, Err err, const HttpAnswer *answer)
{
	if (err == ERR_INVALID)
		return "O endereço não é permitido.";
	if (err == ERR_TOO_LARGE)
		return NULL; /* a long answer is an answer */
	if (err != OK)
		return "Sem resposta do outro sistema.";
	if (answer->status < 200 || answer->status > 299)
		return arena_printf(cx->mem, "O outro sistema respondeu %d.", answer->status);
	return NULL;
}

/* What came of it: into the log of deliveries, and whether the endpoint answers at all. */
static Err note_try(
	Ctx *cx, const SqlWebhookDelivery *d, Err err, const HttpAnswer *answer, const char *error)
{
	int32_t status = answer->status, took = (int32_t)(answer->duration_us / 1000);
	bool last = err == ERR_INVALID || job_is_last_try(cx), silent = err == ERR_UNAVAILABLE;
	int64_t rows;

	TRY(sql_webhook_note_try(cx, d->id,
		!error ? "delivered"
		: last ? "failed"
		       : "waiting",
		status ? &status : NULL, error, took, &rows));
	return silent || d->failures ? sql_webhook_note_silence(cx, d->endpoint_id, silent, &rows)
				     : OK;
}

/* The endpoint did not answer a moment ago, to this delivery or another: a thousand of them must
 * not wait for it one after the other. */
static Err leave_alone(Ctx *cx, const SqlWebhookDelivery *d)
{
	if (job_is_last_try(cx)) {
		TRY(note_try(cx, d, OK, &(HttpAnswer){ 0 },
			"O outro sistema não responde há algum tempo."));
		TRY(job_step(cx));
	}
	return err_set(cx, ERR_UNAVAILABLE, "webhook %" PRId64 " is silent", d->endpoint_id);
}

Err webhook_job(Ctx *cx, const char *data)
{
	SqlWebhookDelivery d;
	HttpAnswer answer = { 0 };
	const char *secret, *error;
	int64_t id;
	bool found;
	Err err;

	TRY(job_id(cx, data, "id", &id));
	TRY(sql_webhook_delivery(cx, id, &d, &found));
	if (!found || !d.active || strcmp(d.state, "waiting") != 0)
		return OK;
	if (d.silent_until > cx->now)
		return leave_alone(cx, &d);
	secret = secret_open(cx->mem, "webhook", d.secret);
	if (!secret)
		return err_set(
			cx, ERR_BUG, "secret of webhook %" PRId64 " does not open", d.endpoint_id);
	TRY(job_step(cx)); /* no transaction over the network */
	err = post(cx, &d, secret, &answer);
	error = failure(cx, err, &answer);
	TRY(note_try(cx, &d, err, &answer, error));
	if (!error || err == ERR_INVALID)
		return OK;
	TRY(job_step(cx));
	return err_set(cx, ERR_UNAVAILABLE, "webhook %" PRId64 ": status %d", d.endpoint_id,
		answer.status);
}

Err webhook_forget_job(Ctx *cx, const char *data)
{
	int64_t rows;

	(void)data;
	return sql_webhook_forget(cx, &rows);
}

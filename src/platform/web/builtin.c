/* Health, metrics, and the question that nginx asks before it opens an event stream. */
#include "platform/web/builtin.h"

#include "core/random.h"
#include "platform/db/db.h"
#include "platform/web/hooks.h"
#include "platform/web/metrics.h"
#include "platform/web/openapi.h"
#include "platform/web/response.h"
#include "platform/web/sentry.h"

static const char plain[] = "text/plain; charset=utf-8";

/* GET /healthz. 200 while the program takes requests. */
static Err health(Req *q)
{
	return send_text(q, 200, plain, "ok\n");
}

/* GET /readyz. 200, or 503 while PostgreSQL does not answer. */
Err builtin_ready(Req *q)
{
	if (q->cx->db && !db_is_up(q->cx->db))
		return send_text(q, 503, plain, "no database\n");
	return send_text(q, 200, plain, "ok\n");
}

static bool may_read_metrics(const Req *q)
{
	const char *peer = q->cx->peer, *token = web_hooks.metrics_token;

	if (!token)
		return str_is_empty(peer) || !strcmp(peer, "127.0.0.1") || !strcmp(peer, "::1") ||
		       str_starts(peer, "unix:");
	return str_starts(q->authorization, "Bearer ") &&
	       strlen(q->authorization + 7) == strlen(token) &&
	       crypto_equal(q->authorization + 7, token, strlen(token));
}

/* GET /metrics. 200 for this machine or with the token, else 404: nobody else needs to know. */
static Err metrics(Req *q)
{
	Buf out;

	if (!may_read_metrics(q))
		return err_set(q->cx, ERR_NOT_FOUND, "metrics asked from outside");
	buf_init(&out, q->cx->mem, 8 << 20);
	metrics_write(&out);
	return send_text(q, 200, "text/plain; version=0.0.4; charset=utf-8", buf_text(&out));
}

/* GET /may-listen, asked by nginx only (auth_request). 204 with the company and user whose events
 * the listener may hear; 401 when nobody is signed in. */
static Err may_listen(Req *q)
{
	answer_header(q, "X-Company", arena_printf(q->cx->mem, "%" PRId64, q->cx->company.v));
	answer_header(q, "X-User", arena_printf(q->cx->mem, "%" PRId64, q->cx->user.v));
	return send_nothing(q);
}

const Route builtin_inside[] = {
	{ GET, "/healthz", health, PERM_ANYONE, ROUTE_PLAIN },
	{ GET, "/readyz", builtin_ready, PERM_ANYONE, ROUTE_PLAIN },
	{ GET, "/metrics", metrics, PERM_ANYONE, ROUTE_PLAIN },
};
const size_t builtin_inside_count = COUNT(builtin_inside);

/* clang-format off */
const Route builtin_routes[] = {
	{ GET, "/may-listen", may_listen, PERM_SIGNED_IN, ROUTE_PLAIN },
	{ POST, "/browser-error", sentry_browser_error, PERM_ANYONE, ROUTE_PUBLIC_FORM | ROUTE_PLAIN,
		.body = BODY_JSON, .body_max = 8192, .rate_per_minute = 20 },
	{ GET, "/api/v1/openapi.json", openapi_document, PERM_ANYONE, ROUTE_PLAIN },
	{ GET, "/api/v1/docs", openapi_page, PERM_ANYONE },
};
/* clang-format on */
const size_t builtin_route_count = COUNT(builtin_routes);

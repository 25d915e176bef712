/* Health, metrics, and the question that nginx asks before it opens an event stream. */
#include "platform/web/builtin.h"

#include <stdatomic.h>

#include "core/clock.h"
#include "core/random.h"
#include "platform/web/hooks.h"
#include "platform/web/metrics.h"
#include "platform/web/openapi.h"
#include "platform/web/response.h"
#include "platform/web/sentry.h"

enum { SILENT_S = 3 }; /* PostgreSQL is asked each second, and may take two */

static const char plain[] = "text/plain; charset=utf-8";
/* What the program's watch knows of PostgreSQL; when it last answered, 0: never. */
static _Atomic int64_t answered_us;
static atomic_bool failing;

/* GET /healthz. 200 while the program takes requests. */
static Err health(Req *q)
{
	return send_text(q, 200, plain, "ok\n");
}

void builtin_note_database(bool answers)
{
	if (answers)
		atomic_store(&answered_us, time_now_us());
	atomic_store(&failing, !answers);
}

/* GET /readyz. 200, or 503 with the reason while PostgreSQL cannot be asked. Asks nobody itself:
 * when PostgreSQL is silent, whoever waits for it waits long. */
static Err ready(Req *q)
{
	int64_t last_us = atomic_load(&answered_us), silent_s = (time_now_us() - last_us) / 1000000;

	if (atomic_load(&failing))
		return send_text(q, 503, plain, "PostgreSQL cannot be asked; the log says why\n");
	if (!last_us)
		return send_text(q, 503, plain, "PostgreSQL has not answered yet\n");
	if (silent_s >= SILENT_S)
		return send_text(q, 503, plain,
			arena_printf(q->cx->mem, "PostgreSQL has not answered for %" PRId64 " s\n",
				silent_s));
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
	{ GET, "/readyz", ready, PERM_ANYONE, ROUTE_PLAIN },
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

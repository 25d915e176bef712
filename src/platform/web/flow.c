/* The life of a request, in order: whose host, who asks, which route, may they, read the body, run
 * the handler in one transaction, answer. README.md tells it in words. */
#include "platform/web/flow.h"

#include "core/clock.h"
#include "core/log.h"
#include "core/random.h"
#include "platform/db/db.h"
#include "platform/web/compress.h"
#include "platform/web/hooks.h"
#include "platform/web/metrics.h"
#include "platform/web/sentry.h"

enum { LOOKUP_MS = 2000, NORMAL_MS = 5000, HEAVY_MS = 60000 };

static bool is_request_id(const char *id)
{
	size_t length = id ? strlen(id) : 0;

	return length >= 8 && length <= 64 && strspn(id, "0123456789abcdefABCDEF-") == length;
}

static void prepare(Req *q)
{
	Ctx *cx = q->cx;

	response_init(q);
	q->response->started_us = time_now_us();
	if (!cx->now)
		cx->now = time_now();
	if (!cx->zone)
		cx->zone = "America/Sao_Paulo";
	if (!is_request_id(cx->request_id))
		cx->request_id = crypto_token(cx->mem, 16);
	html_init(&q->html, cx, "");
	json_init(&q->json, cx->mem);
	q->dark = str_same(req_cookie(q, "theme"), "dark");
}

/* Decoded once: what is not text is refused before anything is asked of it. */
static Err read_query(Req *q)
{
	return *q->query ? form_parse(q->cx, str_of(q->query), &q->response->query) : OK;
}

/* A look-up before the handler's transaction ends its own, so that each begins with the right
 * company and the right to write. */
static Err end_lookup(Req *q, int queries_before, Err err)
{
	if (q->cx->query_count == queries_before)
		return err;
	if (err == OK)
		return db_commit(q->cx);
	db_rollback(q->cx);
	return err;
}

static Err find_site(Req *q)
{
	Ctx *cx = q->cx;
	Site *site = NEW(cx->mem, Site);
	int before = cx->query_count;

	db_begin(cx, true, LOOKUP_MS);
	TRY(end_lookup(q, before, web_hooks.site_of_host(cx, q->host, site)));
	q->site = site;
	cx->company = site->id;
	if (site->zone)
		cx->zone = site->zone;
	router_note_tenant(q->host, site->id);
	return OK;
}

static Err find_who(Req *q)
{
	int before = q->cx->query_count;

	if (!*q->cookie && !*q->authorization)
		return OK;
	db_begin(q->cx, false, LOOKUP_MS); /* a refreshed session is written down */
	return end_lookup(q, before, web_hooks.who_asks(q));
}

static void allow_methods(Req *q, unsigned methods)
{
	Buf allow;

	buf_init(&allow, q->cx->mem, 64);
	for (unsigned i = 0; i < METHOD_COUNT; i++)
		if (methods >> i & 1)
			buf_printf(&allow, "%s%s%s", allow.len ? ", " : "", method_names[i],
				i == GET ? ", HEAD" : "");
	response_set(q, "Allow", buf_text(&allow));
}

static Err find_route(Req *q)
{
	Response *r = q->response;
	unsigned methods;

	if (!str_is_clean_utf8(str_of(q->path)))
		return err_set(q->cx, ERR_NOT_FOUND, "path is not text");
	r->entry = routes_match(
		q->method, q->path, q->cx->mem, r->segment, &r->segment_count, &methods);
	if (r->entry) {
		q->route = r->entry->route;
		return OK;
	}
	if (!methods)
		return err_set(q->cx, ERR_NOT_FOUND, "no route");
	allow_methods(q, methods);
	return refuse(q, 405, err_set(q->cx, ERR_NOT_FOUND, "no route for this method"));
}

static int statement_timeout(const Route *route)
{
	if (route->timeout_ms)
		return route->timeout_ms;
	return route->lane == LANE_HEAVY ? HEAVY_MS : NORMAL_MS;
}

/* Does a whole page come of this? Then what its shell shows can be asked along with the first
 * query. */
static bool wants_page(const Req *q)
{
	return q->method == GET && q->who && !q->htmx &&
	       !(q->route->flags & (ROUTE_API | ROUTE_PLAIN)) &&
	       (!*q->accept || str_starts(q->accept, "text/html"));
}

/* The handler in its transaction. A page that only reads is answered before the transaction ends
 * (router_finish); a change is committed first, so "saved" is true when it is read. */
static Err run_handler(Req *q)
{
	Response *r = q->response;
	bool reads = q->method == GET, done = false;

	db_begin(q->cx, reads, statement_timeout(q->route));
	r->open = true;
	r->in_handler = true;
	r->guard_header_count = r->header_count;
	if (web_hooks.page_begins && wants_page(q))
		TRY(web_hooks.page_begins(q));
	TRY(idempotency_begin(q, &done));
	if (!done) {
		TRY(q->route->run(q));
		if (!r->status)
			return err_set(q->cx, ERR_BUG, "handler has not answered");
		TRY(idempotency_keep(q));
	}
	if (reads)
		return OK;
	r->open = false;
	if (r->status < 400 || r->keep)
		return db_commit(q->cx);
	db_rollback(q->cx);
	return OK;
}

static Err answer(Req *q)
{
	Err found;

	found = find_route(q);
	if (found == OK && q->response->entry->inside)
		return q->route->run(q);
	TRY(find_site(q));
	/* Also for a path that leads nowhere: its page has the shell of who looks. */
	TRY(find_who(q));
	TRY(found);
	TRY(read_query(q));
	TRY(guard_rate(q));
	TRY(guard_rights(q));
	TRY(guard_body(q));
	TRY(guard_origin(q));
	if (q->method == GET && !(q->route->flags & (ROUTE_API | ROUTE_PUBLIC_FORM | ROUTE_PLAIN)))
		html_init(&q->html, q->cx, web_hooks.csrf_token(q));
	return run_handler(q);
}

void router_answer(Req *q)
{
	Response *r;
	Err err;

	compress_begin();
	prepare(q);
	r = q->response;
	err = answer(q);
	r->err = err;
	if (err != OK) {
		if (q->cx->db)
			db_rollback(q->cx);
		r->open = false;
		response_reset(q);
		if (!q->site && err == ERR_NOT_FOUND && !(r->entry && r->entry->inside))
			q->cx->err.sentence = "Este endereço não é de nenhuma clínica.";
		answer_error(q, err);
	} else if (q->route->flags & ROUTE_READS_CHART && r->status == 200 &&
		   web_hooks.chart_read) {
		web_hooks.chart_read(q);
	}
	answer_complete(q);
}

static void write_log(const Req *q, int64_t took_us)
{
	const Ctx *cx = q->cx;
	const Response *r = q->response;
	const LogField field[] = {
		LOG_TEXT("request", cx->request_id),
		LOG_NUMBER("company", cx->company.v),
		LOG_NUMBER("user", cx->user.v),
		LOG_TEXT("method", method_names[q->method]),
		LOG_TEXT("route", q->route ? q->route->path : ""),
		LOG_NUMBER("status", r->status),
		LOG_NUMBER("us", took_us),
		LOG_NUMBER("queries", cx->query_count),
		LOG_TEXT("error", err_type(r->err)),
		LOG_TEXT("why", cx->err.log),
	};

	log_write(r->status >= 500 ? LOG_ERROR : LOG_INFO, "request", field,
		COUNT(field) - (r->err == OK ? 2 : 0));
}

void router_finish(Req *q)
{
	Response *r = q->response;
	int64_t took_us;

	compress_end();
	if (r->open && db_commit(q->cx) != OK)
		db_rollback(q->cx);
	took_us = time_now_us() - r->started_us;
	metrics_count(r->entry, r->status, took_us, q->cx->query_count);
	write_log(q, took_us);
	if (r->err == ERR_BUG)
		sentry_request_failed(q);
}

/* router: from a decoded SCGI request to an answer. Knows no module: what it needs of companies,
 * users and pages comes through WebHooks, filled in main.c. */
#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

#include "platform/web/perm.h"
#include "platform/web/web.h"

/* The site of a host and the rights of a user live in caches that the modules company and account
 * keep; a hook answers from the cache and asks PostgreSQL only when it must. */
typedef struct WebHooks {
	/* The company of a host name. ERR_NOT_FOUND: nobody's host (a plain 404). Lives in cx->mem.
	 */
	Err (*site_of_host)(Ctx *cx, const char *host, Site *ret);
	/* Who asks: cookies or Authorization of q. Sets q->who, cx->user, cx->perms; may set
	 * cookies (a refreshed access token). OK with q->who NULL: nobody. Must not run a query
	 * when the token is fresh. */
	Err (*who_asks)(Req *q);
	/* The double-submit token of this browser, made when it has none yet. */
	const char *(*csrf_token)(Req *q);
	/* Write the page for an error into q->html (platform/ui); the router has set cx->err. */
	void (*error_page)(Req *q, Err err);
	/* A whole page will come of this GET and its transaction is noted: what the shell asks may
	 * be noted to go along (db_note_along). NULL: nothing. */
	Err (*page_begins)(Req *q);
	/* Note that cx->user opened the chart named by the route's :id; batched. */
	void (*chart_read)(Req *q);
	/* Write a toast that htmx swaps in out of band (platform/ui). undo: POST path or NULL. */
	void (*toast)(Html *h, const char *text, const char *undo);
	/* The shell around a public document (the reference of the API); NULL: a bare page. */
	void (*document_open)(Req *q, const char *title);
	void (*document_close)(Req *q);
	/* Where somebody who is not signed in is sent, with ?next=; NULL: the error page instead.
	 */
	const char *sign_in_path;
	/* 32 bytes that sign toasts over redirects; NULL: made at start (one process alone). */
	const unsigned char *secret;
	/* Bearer token of GET /metrics; NULL: only this machine may ask. */
	const char *metrics_token;
	/* Requests a minute of one address to one route of the API; 0: 600. */
	int api_per_minute;
	/* SISO_ENV=development: routes with ROUTE_DEV exist. */
	bool development;
} WebHooks;

/* One row of `siso routes`. */
typedef struct RouteRow {
	const Route *route;
	const char *module;
	const char *feature; /* the plan must have it: route's own, or the module's name; NULL:
				always on */
} RouteRow;

/* Check and index all routes: unknown permission, duplicate method and path, API route without
 * summary, public POST that is not ROUTE_PUBLIC_FORM: message on stderr and false. The router adds
 * its own routes (builtin.c). Once, before any request; hooks are copied, rows and perms are not.
 */
bool router_init(const RouteRow *row, size_t count, const Perm *perm, size_t perm_count,
	const WebHooks *hooks);

/* Answer one request: called by the SCGI worker with a context whose mem and db are the worker's.
 * Fills q->response; what was changed is committed. */
void router_answer(Req *q);
/* After the answer was written: ends a read-only transaction, counts, and writes the log line. */
void router_finish(Req *q);

/* The route a request would take; NULL: none (*ret_path_known: but another method has this path).
 * Does not block. */
const Route *router_find(Method method, const char *path, bool *ret_path_known);

/* For the thread that receives requests: the lane of q and the tenant whose turn it takes (0: a
 * host not seen yet). True: it asks no database and may be answered at once. Does not block. */
bool router_sort(const Req *q, Lane *ret_lane, uint64_t *ret_tenant);

#endif

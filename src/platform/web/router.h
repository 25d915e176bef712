/* router: from a decoded SCGI request to an answer. Knows no module: what it needs of companies,
 * users and pages comes through WebHooks, filled in main.c. */
#ifndef WEB_ROUTER_H
#define WEB_ROUTER_H

#include "platform/web/web.h"

/* The site of a host and the rights of a user live in caches that the modules company and account
 * keep; a hook answers from the cache and asks PostgreSQL only when it must. */
typedef struct WebHooks {
	/* The company of a host name. ERR_NOT_FOUND: nobody's host (a plain 404). Lives in cx->mem. */
	Err (*site_of_host)(Ctx *cx, const char *host, Site *ret);
	/* Who asks: cookies or Authorization of q. Sets q->who, cx->user, cx->perms; may set cookies
	 * (a refreshed access token). OK with q->who NULL: nobody. Must not run a query when the token
	 * is fresh. */
	Err (*who_asks)(Req *q);
	/* The double-submit token of this browser, made when it has none yet. */
	const char *(*csrf_token)(Req *q);
	/* Write the page for an error into q->html (platform/ui); the router has set cx->err. */
	void (*error_page)(Req *q, Err err);
	/* Note that cx->user opened the chart named by the route's :id; batched. */
	void (*chart_read)(Req *q);
	/* POST without the right plan feature or over a lapsed subscription: the sentence to show. */
} WebHooks;

typedef struct RouteTable RouteTable;

/* One row of `siso routes`. */
typedef struct RouteRow {
	const Route *route;
	const char *module;
} RouteRow;

/* Check and index all routes: unknown permission, duplicate method and path, API route without
 * summary, public POST that is not ROUTE_PUBLIC_FORM: message on stderr and false. */
bool router_init(const RouteRow *row, size_t count, const Perm *perm, size_t perm_count,
	const WebHooks *hooks);
/* Bit of a permission in cx->perms; -1 when nobody declared it. */
int perm_bit(const char *name);
size_t perm_count(void);
const Perm *perm_at(size_t i);
enum { PERM_WORDS = 4 }; /* 256 permissions are enough for a clinic */

/* Answer one request: called by the SCGI worker with a context whose mem and db are the worker's. */
void router_answer(Req *q);

/* The route a request would take, with :segments filled; NULL: none. Called by the acceptor to know
 * the lane before queueing; must not block. */
const Route *router_find(Method method, const char *path, bool *ret_path_known);

#endif

/* GET /api/v1/docs: the routes' rows as a page. */
#include "platform/web/docs_view.h"
#include "platform/web/flow.h"
#include "platform/web/hooks.h"
#include "platform/web/openapi.h"

static DocsRoute docs_route(Arena *mem, const RouteEntry *entry, const char *tag_before)
{
	const Route *route = entry->route;
	const char *tag = openapi_tag(mem, route);

	return (DocsRoute){ .route = route,
		.method = method_names[route->method],
		.path = openapi_path(mem, route),
		.anchor = openapi_operation_id(mem, route),
		.perm = entry->perm_bit >= 0 ? route->perm : NULL,
		.open = entry->perm_bit == PERM_BIT_ANYONE,
		.tag = tag_before && !strcmp(tag, tag_before) ? NULL : tag,
		.status = openapi_status(route) };
}

/* GET /api/v1/docs. 200. */
Err openapi_page(Req *q)
{
	Arena *mem = q->cx->mem;
	ApiRoutes all = openapi_routes(mem);
	DocsRoute *route = NEW_ARRAY(mem, DocsRoute, all.count);
	DocsView view = { .host = q->host, .route = route, .route_count = all.count };
	const char *tag = NULL;

	for (size_t i = 0; i < all.count; i++) {
		route[i] = docs_route(mem, all.v[i], tag);
		tag = openapi_tag(mem, all.v[i]->route);
	}
	if (web_hooks.document_open)
		web_hooks.document_open(q, "API");
	else
		docs_bare_open(&q->html, "API");
	docs_body(&q->html, &view);
	if (web_hooks.document_close)
		web_hooks.document_close(q);
	else
		docs_bare_close(&q->html);
	return send_html(q, 200);
}

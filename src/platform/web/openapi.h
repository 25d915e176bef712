/* openapi: what the API is, told from the routes' own rows, so it cannot be wrong: the same tables
 * of fields that check a body describe it. */
#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include "platform/web/routes.h"

/* GET /api/v1/openapi.json: OpenAPI 3.1. */
Err openapi_document(Req *q);
/* GET /api/v1/docs: the same to be read by people. */
Err openapi_page(Req *q);

/* ---- shared by both: what is described, and its names (openapi_name.c) ---- */

/* The routes of the API, as they were declared. */
typedef struct ApiRoutes {
	const RouteEntry *const *v;
	size_t count;
} ApiRoutes;
ApiRoutes openapi_routes(Arena *mem);

const char *openapi_method(const Route *route);                   /* "get" */
const char *openapi_operation_id(Arena *mem, const Route *route); /* "getLeadsById" */
const char *openapi_path(Arena *mem, const Route *route);         /* "/api/v1/leads/{id}" */
const char *openapi_tag(Arena *mem, const Route *route);          /* "leads" */
int openapi_status(const Route *route);                           /* of success */

/* The table that a body of the route goes through (in; the parameters of a GET are no body) or that
 * describes its answer. NULL: none. */
const void *openapi_table(const Route *route, bool in);
/* The schema of a table: it has the name of the first route that uses it. */
const char *openapi_schema(Arena *mem, ApiRoutes all, const void *table, bool in);
/* Is route `number` that first one? */
bool openapi_names(ApiRoutes all, size_t number, bool in);

#endif

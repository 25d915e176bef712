/* openapi: what the API is, told from the routes' own rows, so it cannot be wrong: the same tables
 * of fields that check a body describe it. */
#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include "platform/web/routes.h"

/* GET /api/v1/openapi.json: OpenAPI 3.1. */
Err openapi_document(Req *q);
/* GET /api/v1/docs: the same to be read by people. */
Err openapi_page(Req *q);

/* ---- shared by both ---- */

/* Is the route part of the API that is described? */
bool openapi_has(const RouteEntry *entry);
const char *openapi_operation_id(Arena *mem, const Route *route); /* "getLeadsById" */
const char *openapi_path(Arena *mem, const Route *route);         /* "/api/v1/leads/{id}" */
const char *openapi_tag(Arena *mem, const Route *route);          /* "leads" */
int openapi_status(const Route *route);                           /* of success */

#endif

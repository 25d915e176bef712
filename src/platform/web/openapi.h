/* openapi: what the API is, told from the routes' own rows, so it cannot be wrong: the same tables
 * of fields that check a body describe it. */
#ifndef WEB_OPENAPI_H
#define WEB_OPENAPI_H

#include "platform/web/web.h"

/* GET /api/v1/openapi.json: OpenAPI 3.1. */
Err openapi_document(Req *q);
/* GET /api/v1/docs: the same to be read by people. */
Err openapi_page(Req *q);

#endif

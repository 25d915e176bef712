/* builtin: the routes of the router itself. */
#ifndef WEB_BUILTIN_H
#define WEB_BUILTIN_H

#include "platform/web/web.h"

typedef struct BuiltinRoute {
	Route route;
	bool inside; /* of the machine: no company, no user, no database before the handler */
} BuiltinRoute;

extern const BuiltinRoute builtin_routes[];
extern const size_t builtin_route_count;

/* GET /readyz: the one inside route that asks PostgreSQL, and so needs a worker. */
Err builtin_ready(Req *q);

#endif

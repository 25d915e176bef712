/* builtin: the routes of the router itself. */
#ifndef WEB_BUILTIN_H
#define WEB_BUILTIN_H

#include "platform/web/web.h"

/* Of the machine: no company, no user, no database before the handler. */
extern const Route builtin_inside[];
extern const size_t builtin_inside_count;
/* Of every company. */
extern const Route builtin_routes[];
extern const size_t builtin_route_count;

/* GET /readyz: the one inside route that asks PostgreSQL, and so needs a worker. */
Err builtin_ready(Req *q);

#endif

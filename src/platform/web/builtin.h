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

/* PostgreSQL has just answered the program's watch, or could not be asked: what /readyz says. */
void builtin_note_database(bool answers);

#endif

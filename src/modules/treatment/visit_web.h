/* What the handlers of visits, notes and papers share. */
#ifndef TREATMENT_VISIT_WEB_H
#define TREATMENT_VISIT_WEB_H

#include "modules/treatment/treatment_view.h"

/* note_web.c, paper_web.c: each list goes on with the next; visit_routes is the first. */
extern const RouteList note_routes, paper_routes;

/* The clinic's templates into ret; all: those not in use too. */
MUST_CHECK Err notes_templates(Ctx *cx, bool all, NotesView *ret);

#endif

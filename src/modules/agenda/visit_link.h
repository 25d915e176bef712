/* visit_link: the patient's own link of a visit: see it, confirm, cancel, move. Not for other
 * modules. */
#ifndef AGENDA_VISIT_LINK_H
#define AGENDA_VISIT_LINK_H

#include "modules/agenda/booking.sql.h"
#include "modules/agenda/doors_rooms.h"

/* The address of the visit's page, the same whenever it is asked for: a keyed hash of the visit, of
 * which the digest is kept in the row. */
MUST_CHECK Err visit_link(Ctx *cx, int64_t id, const char **ret);

/* The secret part of it. */
const char *link_token(Ctx *cx, int64_t id);

/* The slot as a public page shows it at this moment; minutes 0: as the type takes. ERR_CONFLICT: it
 * shows no such one. */
MUST_CHECK Err slot_find_shown(
	Ctx *cx, int64_t type, int minutes, bool online, const Slot *in, Slot *ret);

typedef enum LinkState {
	LINK_OPEN,     /* may be confirmed, moved, cancelled */
	LINK_LATE,     /* too late for changes by the link */
	LINK_HERE,     /* has arrived, is in the chair */
	LINK_OVER,     /* past: 410 */
	LINK_CANCELLED /* 410 */
} LinkState;

/* ERR_NOT_FOUND: nobody's token. */
MUST_CHECK Err link_get(Ctx *cx, const char *token, SqlLinkVisit *ret, LinkState *ret_state);
MUST_CHECK Err link_confirm(Ctx *cx, const char *token);
/* ERR_CONFLICT: it is too late, or over; a sentence says so. A letter tells that it is done. */
MUST_CHECK Err link_cancel(Ctx *cx, const char *token, const char *reason);
MUST_CHECK Err link_move(Ctx *cx, const char *token, const Slot *slot);

#endif

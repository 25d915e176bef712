/* booking: the public page where a patient books. A slot that is picked is held for ten minutes; a
 * code by e-mail proves that somebody is there; then it is a visit. Not for other modules. */
#ifndef AGENDA_BOOKING_H
#define AGENDA_BOOKING_H

#include "modules/agenda/booking.sql.h"
#include "modules/agenda/doors_rooms.h"

enum {
	HOLD_S = 600,
	CODE_S = 900,
	CODE_TRIES = 5,
	CODES_OF_HOLD = 3,   /* letters for one slot */
	CODES_OF_HOUR = 6,   /* to one address or phone */
	CODE_AGAIN_S = 30,   /* between two letters */
	HOLDS_OF_PEER = 5,   /* at a time, from one address */
	HOLDS_OF_DAY = 40,   /* of one address */
	VISITS_OF_PERSON = 4 /* to come, booked with one phone or e-mail */
};

/* A day of the page, and what is free on it. */
typedef struct BookingDay {
	int32_t date;
	size_t count;
} BookingDay;

/* Keep the slot. ERR_CONFLICT: taken meanwhile, or not offered; ERR_TOO_MANY: this address holds
 * enough. *ret: the token of the pages behind. */
MUST_CHECK Err booking_hold(
	Ctx *cx, int64_t type, const Slot *slot, bool any_dentist, const char **ret);

/* ERR_NOT_FOUND: nobody's token. */
MUST_CHECK Err booking_get(Ctx *cx, const char *token, SqlOnlineRow *ret);
bool booking_is_held(const Ctx *cx, const SqlOnlineRow *online);

typedef struct PersonForm {
	const char *name, *phone, *email;
} PersonForm;
/* Note who it is and send a code. ERR_INVALID: marks the field. ERR_TOO_MANY: enough codes. The
 * answer is the same whether the clinic knows the person or not. */
MUST_CHECK Err booking_ask_code(Ctx *cx, const char *token, const PersonForm *in);

typedef enum CodeVerdict { CODE_RIGHT, CODE_WRONG, CODE_OLD, CODE_SPENT } CodeVerdict;
/* CODE_RIGHT: *ret_link is the page of the visit. Other verdicts must be committed, for the count
 * of attempts. ERR_CONFLICT: the slot went back and somebody else has it. */
MUST_CHECK Err booking_confirm(Ctx *cx, const char *token, const char *code,
	CodeVerdict *ret_verdict, const char **ret_link);
/* Give the slot back at once. */
MUST_CHECK Err booking_release(Ctx *cx, const char *token);

JobRun hold_expire_run, doors_sweep_run;

#endif

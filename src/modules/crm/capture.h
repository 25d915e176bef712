/* capture: leads that come by the clinic's public form. Not for other modules. */
#ifndef CRM_CAPTURE_H
#define CRM_CAPTURE_H

#include "modules/crm/capture.sql.h"
#include "modules/crm/crm.h"

enum {
	CAPTURE_FILL_S = 2,          /* nobody fills the form faster; robots do */
	CAPTURE_LIFE_S = 86400,      /* of a stamp: then the form is shown again with a new one */
	CAPTURE_TWICE_S = 60,        /* the button pressed twice, or the page sent again */
	CAPTURE_LOST_DAYS = 180,     /* lost for longer: who writes again is a new lead */
	CAPTURE_PER_MINUTE = 60,     /* of a company, from all peers together */
	CAPTURE_PEER_PER_MINUTE = 10 /* one address: a clinic's tablet at a fair, not a script */
};

/* What a visitor writes. The utm_* are the page's own, cut to size, never an error. */
typedef struct Captured {
	const char *name, *phone, *email, *interest;
	bool consent;
	const char *utm_source, *utm_medium, *utm_campaign, *utm_term, *utm_content;
} Captured;

/* What became of it. */
typedef enum CaptureOutcome { CAPTURE_NEW, CAPTURE_AGAIN, CAPTURE_REOPENED } CaptureOutcome;

/* Save what came by the form: a new lead; or, when an open lead has this phone or e-mail, an entry
 * on its timeline; a lead lost within CAPTURE_LOST_DAYS is reopened. A won lead is a patient who
 * wants something more: a new lead. Empty fields of a known lead are filled, full ones stay. Tells
 * the lead's owner, or everybody who may edit leads. A form whose stage or owner is gone falls back
 * to the first stage and to nobody. Always the public's doing, whoever is signed in. ERR_INVALID:
 * neither phone nor e-mail (marks "phone"). */
MUST_CHECK Err capture_save(
	Ctx *cx, const SqlFormRow *form, const Captured *in, CaptureOutcome *ret_what, LeadId *ret);

/* The moment when the form was shown, signed for this company and form: a hidden field. */
const char *capture_stamp(Ctx *cx, const char *token, int64_t at);

typedef enum StampVerdict { STAMP_GOOD, STAMP_QUICK, STAMP_BAD } StampVerdict;
/* STAMP_QUICK: filled faster than people type. STAMP_BAD: not ours, of another form, too old, or
 * missing. */
StampVerdict capture_check_stamp(Ctx *cx, const char *token, const char *stamp);

/* May one more be taken now, of this peer and of the company? */
bool capture_may_take(const Ctx *cx);

#endif

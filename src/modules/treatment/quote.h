/* quote: a plan as it was presented, frozen: numbered without gaps, hashed, printed, sent by a
 * secret link, accepted or refused. Nothing that happens to the plan afterwards changes it. */
#ifndef TREATMENT_QUOTE_H
#define TREATMENT_QUOTE_H

#include "modules/treatment/plan.h"

enum { QUOTE_TRIES_MAX = 5, QUOTE_DAYS_USUAL = 30, QUOTE_PROOF_S = 2 * 3600 };

typedef struct Quote {
	int64_t id, plan_id, patient_id, total_cents;
	int number;
	const char *frozen, *hash;
	const char *state; /* "open" "accepted" "refused" "expired" "replaced" */
	const char *sent_to, *refusal, *refusal_note, *pdf_hash, *evidence, *presented_by;
	int32_t valid_until;
	int64_t presented_at, opened_at, answered_at, expires_at, sent_at; /* 0: not */
	int tries;
	bool linked; /* has a link that may be opened */
} Quote;

typedef struct QuoteLine {
	int64_t id, price_cents, discount_cents, share_cents, total_cents; /* share: in discount */
	const char *name, *technical, *place, *dentist;
	int64_t sessions;
} QuoteLine;

/* What stands in `frozen`. */
typedef struct QuoteDoc {
	int64_t number;
	const char *presented_on, *valid_until; /* "22/11/2026" */
	const char *clinic, *legal_name, *cnpj, *phone, *email, *address, *logo;
	int hue, chroma, lightness;
	const char *patient, *dentist, *title, *payment, *accept_text;
	QuoteLine *line;
	size_t line_count;
	int64_t subtotal, discount, total;
} QuoteDoc;

MUST_CHECK Err quote_get(Ctx *cx, int64_t id, Quote *ret);
/* Of a plan, newest first, at most 20. */
MUST_CHECK Err quote_list(Ctx *cx, int64_t plan, Quote **ret, size_t *ret_count);
MUST_CHECK Err quote_read(Ctx *cx, const char *frozen, QuoteDoc *ret);

typedef struct QuoteForm {
	int64_t days; /* valid; 1 to 365 */
	const char *payment;
} QuoteForm;
/* Freeze what nobody approved yet. The one before it is replaced; its PDF is made by the worker.
 * ERR_CONFLICT: nothing to present. Tells plan.presented. */
MUST_CHECK Err quote_present(Ctx *cx, int64_t plan, const QuoteForm *in, int64_t *ret_id);

/* A new secret link; the one before it opens nothing any more. By e-mail too when to is set.
 * ERR_INVALID field identity: the patient has neither birth date nor CPF to be asked for.
 * ERR_CONFLICT: not open. */
MUST_CHECK Err quote_send(Ctx *cx, int64_t id, const char *to, const char **ret_url);

/* ---- who has the link ---- */

/* ERR_NOT_FOUND: nobody's token. */
MUST_CHECK Err quote_of_token(Ctx *cx, const char *token, Quote *ret);
/* How the patient may show who they are: "birth", "cpf" or both. */
typedef struct QuoteAsk {
	bool birth, cpf;
} QuoteAsk;
MUST_CHECK Err quote_asks(Ctx *cx, const Quote *quote, QuoteAsk *ret);
/* Birth date or last four digits of the CPF. A wrong answer is counted, and the fifth closes the
 * link; *ret_proof NULL then. */
MUST_CHECK Err quote_prove(
	Ctx *cx, const Quote *quote, int32_t birth, const char *cpf4, const char **ret_proof);
/* Does proof still open this quote? How it was earned ("birth", "cpf") in *ret_how. */
bool quote_is_proven(Ctx *cx, const Quote *quote, const char *proof, const char **ret_how);

/* What is kept of an acceptance. */
typedef struct Acceptance {
	const char *name; /* as typed */
	const char *how;  /* identity: "birth" "cpf" */
	const char *user_agent;
	bool agreed; /* the box was ticked */
} Acceptance;
/* ERR_INVALID with fields; ERR_CONFLICT with a sentence: replaced, expired, refused, or the plan no
 * longer holds what was presented. Twice is once: OK. */
MUST_CHECK Err quote_accept(Ctx *cx, const char *token, const Acceptance *in);
MUST_CHECK Err quote_refuse(Ctx *cx, const char *token, const char *refusal, const char *note);
/* At the clinic: these lines of the plan, none: all. The open quote is accepted with it when it
 * says the same, else replaced. */
MUST_CHECK Err quote_approve_here(Ctx *cx, int64_t plan, Int64s line, size_t *ret_count);

/* Take the patient's name, who said yes, and from where, out of all quotes of the patient. */
MUST_CHECK Err quote_forget(Ctx *cx, int64_t patient, const char *name);

/* ---- on paper ---- */

/* {"quote": id}: make the PDF and keep it. */
MUST_CHECK Err quote_pdf_job(Ctx *cx, const char *data);
/* The bytes; the same for the same quote. */
MUST_CHECK Err quote_pdf(Ctx *cx, const Quote *quote, Str *ret);

#endif

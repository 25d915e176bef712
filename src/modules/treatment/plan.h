/* plan: what is proposed to a patient and what becomes of it. Several alternatives a patient, at
 * most one active. Money: subtotal - discount = total holds always; the discount of the whole is
 * spread over the lines by largest remainder, so that their totals sum up to it to the cent.
 * States: planned → presented → approved → in_progress → done; refused and cancelled are ways out,
 * and come back. Lines likewise; redo is a done line that must be done again, for nothing. */
#ifndef TREATMENT_PLAN_H
#define TREATMENT_PLAN_H

#include "modules/treatment/treatment_rooms.h"

enum { PLAN_LINES_MAX = 500, PLANS_MAX = 50, PLACES_MAX = 32 };

typedef struct Plan {
	int64_t id, patient_id, price_table_id, dentist_id;
	const char *name, *state, *price_table, *note, *dentist_name;
	const char *refusal, *refusal_note, *approved_via, *follow_note, *cancel_reason;
	bool active;
	int64_t whole_cents; /* discount of the whole, as written; may exceed what lines are left */
	int64_t presented_at, approved_at, refused_at, followed_at, created_at; /* 0: not */
	int version;
	PlanLine *line;
	size_t line_count, live_count;           /* live: not cancelled */
	int64_t subtotal, discount, total, done; /* of live lines; done: what that is worth */
	size_t open_count, approved_count;       /* lines nobody approved yet; approved ones */
} Plan;

/* ---- reading ---- */

/* With its lines and figures. ERR_NOT_FOUND. */
MUST_CHECK Err plan_get(Ctx *cx, int64_t id, Plan *ret);
/* All of a patient, the active one first, those that are over last; at most 50. Two halves, to
 * share a round trip. */
MUST_CHECK Err plan_list_ask(Ctx *cx, int64_t patient);
MUST_CHECK Err plan_list_read(Ctx *cx, Plan **ret, size_t *ret_count);
MUST_CHECK Err plan_line_get(Ctx *cx, int64_t id, PlanLine *ret);
/* share and total of each line, and the plan's figures. Pure. */
void plan_spread(Plan *plan);
/* Is it done, refused or cancelled? */
bool plan_is_over(const char *state);
/* "Aprovado", "green"; for lines and plans. */
const char *plan_state_title(const char *state);
const char *plan_state_tone(const char *state);
const char *line_state_title(const char *state);
/* "Preço"; NULL: no such reason. */
const char *plan_refusal_title(const char *refusal);
extern const char plan_refusals[]; /* for CHOICE_FIELD */
/* The plan as the API shows it; ids: only these lines (approval), none: all that are live. */
const char *plan_json(Ctx *cx, const Plan *plan, Int64s ids);

/* ---- writing: each locks the plan, writes audit, and says ERR_CONFLICT with a sentence when the
 *      plan's state does not allow it ---- */

typedef struct PlanForm {
	const char *name, *note;
	int64_t price_table_id, dentist_id, copy_of; /* copy_of: new plans only; 0: empty */
	int64_t version;
} PlanForm;
/* Active when the patient has no active one. ERR_LIMIT: PLANS_MAX. ERR_CONFLICT: the patient is
 * closed. */
MUST_CHECK Err plan_create(Ctx *cx, int64_t patient, const PlanForm *in, int64_t *ret_id);
/* Another price table prices what is not approved anew. ERR_STALE. */
MUST_CHECK Err plan_save(Ctx *cx, int64_t id, const PlanForm *in);
MUST_CHECK Err plan_activate(Ctx *cx, int64_t id);

/* How much the user may take off by themselves, in percent; unlimited: holds treatment.discount. */
typedef struct Allowance {
	int percent;
	bool unlimited;
} Allowance;
MUST_CHECK Err plan_allowance(Ctx *cx, bool unlimited, Allowance *ret);
int plan_usual_limit(const char *role);
/* Of the whole, beside those of lines. ERR_INVALID field discount: beyond the limit or the total.
 */
MUST_CHECK Err plan_set_discount(Ctx *cx, int64_t id, int64_t cents, const Allowance *allowed);

/* Where work stands, as typed: "16", "16 MO, 25 D", "13-15"; region: a code. One act a place, kind
 * planned. ERR_INVALID field where. */
MUST_CHECK Err plan_read_places(Ctx *cx, const Procedure *procedure, const char *where,
	const char *region, Act **ret, size_t *ret_count);
/* A line and its act in the chart for each place. */
typedef struct LineForm {
	int64_t procedure_id, dentist_id;
	const char *where, *region;
} LineForm;
MUST_CHECK Err plan_add_lines(Ctx *cx, int64_t plan, const LineForm *in, size_t *ret_count);
/* A line for the act at the end of a plan, priced as of today. dentist 0: to be chosen. ERR_LIMIT.
 */
MUST_CHECK Err plan_put_act(Ctx *cx, int64_t plan_id, const Act *act, int64_t price_table,
	int64_t dentist, int64_t *ret_line);

typedef struct LineEdit {
	int64_t price_cents, discount_cents, sessions, dentist_id, version;
} LineEdit;
/* Price and discount stand once it is approved; the price of the catalogue is changed only by who
 * may discount without limit. ERR_INVALID with the field; ERR_STALE. */
MUST_CHECK Err plan_save_line(Ctx *cx, int64_t line, const LineEdit *in, const Allowance *allowed);
/* The whole order; ids of other plans are ignored, lines that are not named come behind. */
MUST_CHECK Err plan_order_lines(Ctx *cx, int64_t plan, Int64s ids);
MUST_CHECK Err plan_shift_line(Ctx *cx, int64_t line, int by);
/* The planned act is voided. ERR_CONFLICT: it is done. */
MUST_CHECK Err plan_cancel_line(Ctx *cx, int64_t line, const char *reason);
/* done → redo; the act is planned again. */
MUST_CHECK Err plan_redo_line(Ctx *cx, int64_t line, const char *reason);
/* Take the last session back. */
MUST_CHECK Err plan_undo_session(Ctx *cx, int64_t line);
/* Where the line is booked; 0: nowhere. ERR_CONFLICT: not approved. */
MUST_CHECK Err plan_book_line(Ctx *cx, int64_t line, int64_t appointment);

/* A line, and what was agreed on for it: the whole's part is in discount and counted in share. */
typedef struct Agreed {
	int64_t line, price_cents, discount_cents, share_cents;
} Agreed;
/* What the patient approved. via "link" "clinic". ERR_CONFLICT: a line is not waiting any more.
 * Tells plan.approved. */
MUST_CHECK Err plan_agree(Ctx *cx, int64_t id, const char *via, const Agreed *agreed, size_t count);
/* Lines as they stand; none: all that wait. Done twice it is done once: OK, *ret_count 0. */
MUST_CHECK Err plan_approve(Ctx *cx, int64_t id, const char *via, Int64s line, size_t *ret_count);
/* A mistake: ERR_CONFLICT once work has begun or is booked. Tells plan.unapproved. */
MUST_CHECK Err plan_unapprove(Ctx *cx, int64_t id);
MUST_CHECK Err plan_refuse(Ctx *cx, int64_t id, const char *refusal, const char *note);
/* What is not done is cancelled with it. */
MUST_CHECK Err plan_cancel(Ctx *cx, int64_t id, const char *reason);
/* Refused or cancelled: open again (cancelled lines stay cancelled). */
MUST_CHECK Err plan_reopen(Ctx *cx, int64_t id);

/* Somebody asked the patient how it stands. */
MUST_CHECK Err plan_follow(Ctx *cx, int64_t id, const char *note);

/* A visit that was called off by mistake stands again: it has the lines it lost, unless another was
 * booked for them. */
MUST_CHECK Err plan_visit_stands(Ctx *cx, int64_t appointment);
/* What happened to an act of the chart, from Module.on_event: done, reopened and voided acts carry
 * their lines along. */
MUST_CHECK Err plan_on_event(Ctx *cx, const char *name, int64_t id, const char *json);

/* ---- inside ---- */

/* What a change of a plan must know, locked until the transaction ends. ERR_CONFLICT: the patient
 * is closed. */
struct SqlPlanLock;
MUST_CHECK Err plan_hold(Ctx *cx, int64_t id, struct SqlPlanLock *ret);
/* Price, and discounts line by line, of what is not approved yet. */
void plan_open_cents(const Plan *plan, int64_t *ret_price, int64_t *ret_given);
/* audit and, when title is set, the patient's timeline. */
MUST_CHECK Err plan_note(Ctx *cx, int64_t plan, int64_t patient, const char *action,
	const char *title, const char *body);
MUST_CHECK Err plan_settle(Ctx *cx, int64_t plan);

#endif

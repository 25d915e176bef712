/* plan: what is proposed to a patient and what becomes of it. Several alternatives a patient, at
 * most one active. Money: subtotal - discount = total holds always; the discount of the whole is
 * spread over the lines by largest remainder, so that their totals sum up to it to the cent. */
#ifndef TREATMENT_PLAN_H
#define TREATMENT_PLAN_H

#include "modules/treatment/treatment_rooms.h"

enum { PLAN_LINES_MAX = 500 };

typedef struct Plan {
	int64_t id, patient_id, price_table_id, dentist_id;
	const char *name, *state, *price_table, *note, *dentist_name;
	const char *refusal, *refusal_note, *approved_via, *follow_note, *cancel_reason;
	bool active;
	int64_t whole_cents; /* discount of the whole, as written; may exceed what lines are left */
	int64_t presented_at, approved_at, refused_at, followed_at, created_at; /* 0: not */
	int version;
	PlanLine *line; /* cancelled ones last in value: they count nowhere */
	size_t line_count, live_count;
	int64_t subtotal, discount, total, done; /* of lines that are not cancelled; done: worth */
} Plan;

/* With its lines and figures. ERR_NOT_FOUND. */
MUST_CHECK Err plan_get(Ctx *cx, int64_t id, Plan *ret);
/* All of a patient, the active one first, those that are over last; at most 50. Two halves, to
 * share a round trip. */
MUST_CHECK Err plan_list_ask(Ctx *cx, int64_t patient);
MUST_CHECK Err plan_list_read(Ctx *cx, Plan **ret, size_t *ret_count);
/* A line for the act at the end of a plan, priced as of today. dentist 0: to be chosen. ERR_LIMIT.
 */
MUST_CHECK Err plan_put_act(Ctx *cx, int64_t plan_id, const Act *act, int64_t price_table,
	int64_t dentist, int64_t *ret_line);
/* share and total of each line, and the plan's figures. Pure. */
void plan_spread(Plan *plan);

#endif

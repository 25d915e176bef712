/* What the files of treatment share and other modules need not know. */
#ifndef TREATMENT_TREATMENT_ROOMS_H
#define TREATMENT_TREATMENT_ROOMS_H

#include "modules/audit/audit.h"
#include "modules/treatment/treatment.h"

/* ---- whom it is about, and the books (treatment.c) ---- */

/* Of one that was merged away the other's: what is written goes to head.id. */
MUST_CHECK Err treatment_head(Ctx *cx, int64_t patient, PatientHead *ret);
/* ERR_CONFLICT, with a sentence: closed or anonymised, nothing may be added. */
MUST_CHECK Err treatment_writable(Ctx *cx, const PatientHead *head);
/* Both. */
MUST_CHECK Err treatment_writable_head(Ctx *cx, int64_t patient, PatientHead *ret);
/* The change into its book, and, when title is set, the same onto the patient's timeline. */
MUST_CHECK Err treatment_record(
	Ctx *cx, int64_t patient, const Change *change, const char *title, const char *body);

/* ---- catalogue (catalogue.c) ---- */

typedef struct Procedure {
	int64_t id;
	const char *code, *name, *layman, *specialty, *area, *dentition, *paint;
	int surfaces_min, surfaces_max, minutes, sessions;
	int64_t price_cents,
		cost_cents; /* price: of the price table asked for, else the private one */
	bool needs_lab, active;
	int version;
} Procedure;
/* price_table 0: private. ERR_NOT_FOUND. */
MUST_CHECK Err procedure_get(Ctx *cx, int64_t id, int64_t price_table, Procedure *ret);
/* By words of name or code, active ones, best first, at most 50; question NULL or "": the most
 * used. */
MUST_CHECK Err procedure_search(
	Ctx *cx, const char *question, int64_t price_table, Procedure **ret, size_t *ret_count);

/* ---- acts (act.c) ---- */

typedef struct ActTooth {
	int tooth;
	const char *role; /* "member" "pillar" "pontic" "cantilever" */
} ActTooth;
typedef struct Act {
	int64_t id, patient_id, procedure_id, visit_id; /* 0: none */
	const char *kind, *condition, *paint, *area, *region, *note,
		*title; /* title: of condition or procedure */
	int tooth;
	unsigned surfaces;
	int64_t recorded_at, done_at, voided_at; /* 0: not */
	int64_t recorded_by, done_by;
	const char *void_reason;
	const ActTooth *teeth; /* area range */
	size_t teeth_count;
	int64_t proposal; /* the plan that proposes it and waits for a yes; 0: none */
	int version;
} Act;
/* Write a line of the chart. Checks teeth and faces by chart_refuses: ERR_INVALID with field tooth,
 * surfaces or region. kind done: done_at is in->done_at or now. Audit, timeline, act.added. */
MUST_CHECK Err act_add(Ctx *cx, const Act *in, int64_t *ret_id);
/* planned → done. ERR_CONFLICT: it is not planned any more. */
MUST_CHECK Err act_finish(Ctx *cx, int64_t id, int64_t visit_id, int64_t done_at);
/* done → planned again (a mistake, a redo): reason is required. */
MUST_CHECK Err act_reopen(Ctx *cx, int64_t id, const char *reason);
/* Never deleted. ERR_INVALID: without a reason. */
MUST_CHECK Err act_void(Ctx *cx, int64_t id, const char *reason);
MUST_CHECK Err act_get(Ctx *cx, int64_t id, Act *ret);
/* All of a patient as known at `at` (0: now), oldest first; voided ones only when asked. */
MUST_CHECK Err act_list(
	Ctx *cx, int64_t patient, int64_t at, bool voided, Act **ret, size_t *ret_count);
/* "16 MO", "Superior", "13–15" */
const char *act_place(Arena *mem, const Act *act);

/* ---- plans (plan.c) ---- */

/* Put a planned act of the chart into the patient's active plan (made when there is none). */
MUST_CHECK Err plan_take_act(Ctx *cx, const Act *act, int64_t *ret_line);
/* A session of the line was done in a visit; the last one finishes line and act. ERR_CONFLICT: not
 * approved. */
MUST_CHECK Err plan_line_session(Ctx *cx, int64_t line, int64_t visit_id);
typedef struct PlanLine {
	int64_t id, plan_id, act_id, procedure_id, dentist_id, appointment_id;
	const char *name, *state, *place, *dentist_name;
	int64_t price_cents, discount_cents, done_at;
	int sessions, sessions_done, position, version;
	bool needs_lab;
	const char *layman, *specialty, *area, *region, *cancel_reason;
	int tooth;                      /* 0: several or none */
	int64_t share_cents;            /* of the whole plan's discount: plan.h */
	int64_t total_cents;            /* price - discount - share */
	int64_t approved_at, booked_at; /* booked_at: the visit's beginning; 0: not booked */
} PlanLine;
/* Lines of the patient's active plan that are not over, by position. */
MUST_CHECK Err plan_open_lines(Ctx *cx, int64_t patient, PlanLine **ret, size_t *ret_count);

/* ---- routes and jobs of the files (each chained or collected in treatment_web.c) ---- */

extern const RouteList chart_routes, perio_routes, plan_routes, catalogue_routes, visit_routes,
	lab_routes, recall_routes;

#endif

/* plan_web: what the pages of plans and quotes share. */
#ifndef TREATMENT_PLAN_WEB_H
#define TREATMENT_PLAN_WEB_H

#include "modules/treatment/plan_view.h"

extern const RouteList plan_tab_routes, plan_line_routes, plan_work_routes, quote_routes,
	price_routes, plan_api;

/* What the forms say, for the book of changes too. */
extern const Field procedure_fields[15], price_table_fields[6], plan_fields[6], line_edit_fields[5];
/* catalogue_web.c: a coded value as the form calls it; NULL: the column has no codes. */
const char *procedure_word(const char *column, const char *code);

/* Who may do the work, and price tables, as options. */
MUST_CHECK Err plan_dentists(Ctx *cx, const UiOption **ret, size_t *ret_count);
MUST_CHECK Err plan_tables(Ctx *cx, const UiOption **ret, size_t *ret_count);
/* Title and options of the form by its kind, and the form: in the drawer or as a page. */
MUST_CHECK Err plan_send_form(Req *q, PlanFormView *view, int status);
/* 303 to the plan on its patient's page. */
MUST_CHECK Err plan_go(Req *q, const Plan *plan, const char *toast, const char *undo);
/* The plan of the path. */
MUST_CHECK Err plan_asked(Req *q, Plan *ret);
/* The card on the patient's summary. */
MUST_CHECK Err plan_card_ask(Ctx *cx, int64_t patient);
MUST_CHECK Err plan_card_show(Req *q, int64_t patient);

#endif

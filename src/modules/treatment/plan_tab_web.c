/* What a patient's page shows of plans: the tab Plano, and the card of the summary. */
#include "modules/treatment/plan_web.h"

static int by_tooth(const PlanLine *a, const PlanLine *b)
{
	int x = a->tooth ? a->tooth : 999, y = b->tooth ? b->tooth : 999;

	return x != y ? (x > y) - (x < y) : strcmp(a->place, b->place);
}

static int by_specialty(const PlanLine *a, const PlanLine *b)
{
	return strcmp(a->specialty, b->specialty);
}

/* Few hundred at most, and equal ones stay in the plan's order: insertion. */
static void sort_rows(
	PlanRow *row, size_t count, int (*compare)(const PlanLine *, const PlanLine *))
{
	for (size_t i = 1; i < count; i++) {
		PlanRow one = row[i];
		size_t j = i;

		for (; j > 0 && compare(row[j - 1].line, one.line) > 0; j--)
			row[j] = row[j - 1];
		row[j] = one;
	}
}

static const char *group_of(Ctx *cx, const char *group, const PlanLine *line)
{
	if (!strcmp(group, "specialty"))
		return line->specialty;
	if (!line->tooth)
		return line->place;
	return arena_printf(cx->mem, "%d · %s", line->tooth, tooth_name(line->tooth));
}

static void fill_rows(Ctx *cx, PlanPageView *view)
{
	PlanRow *row = NEW_ARRAY(cx->mem, PlanRow, view->now->line_count + 1);
	const char *last = NULL;

	for (size_t i = 0; i < view->now->line_count; i++)
		row[i].line = &view->now->line[i];
	view->row = row;
	view->row_count = view->now->line_count;
	if (!*view->group)
		return;
	sort_rows(
		row, view->row_count, !strcmp(view->group, "specialty") ? by_specialty : by_tooth);
	for (size_t i = 0; i < view->row_count; i++) {
		const char *group = group_of(cx, view->group, row[i].line);

		if (!str_same(group, last))
			row[i].group = last = group;
	}
}

static void choose_plan(Req *q, PlanPageView *view)
{
	int64_t asked = req_query_int(q, "plan", 0);
	const char *group = req_query(q, "group");

	view->group = str_same(group, "tooth") || str_same(group, "specialty") ? group : "";
	for (size_t i = 0; i < view->plan_count; i++)
		if (view->plan[i].id == asked)
			view->now = &view->plan[i];
	if (!view->now && view->plan_count)
		view->now = &view->plan[0];
}

/* GET /patients/:id/plans?plan=&group= */
static Err tab(Req *q)
{
	PlanPageView view = { .q = q };
	PatientHead head;
	int64_t id;
	Quote *quote;
	Plan *plan;

	TRY(req_id(q, "id", &id));
	TRY(patient_head_ask(q->cx, (PatientId){ id }));
	TRY(plan_list_ask(q->cx, id));
	TRY(patient_head_read(q->cx, &head));
	TRY(plan_list_read(q->cx, &plan, &view.plan_count));
	if (head.id != id)
		return redirect(q, "/patients/%" PRId64 "/plans", head.id);
	view.head = &head;
	view.plan = plan;
	view.may_plan = req_may(q, "treatment.plan") && !head.restricted;
	view.may_work = req_may(q, "treatment.write") && !head.restricted;
	view.may_book = req_may(q, "agenda.write") && !head.restricted;
	choose_plan(q, &view);
	if (view.now) {
		fill_rows(q->cx, &view);
		TRY(quote_list(q->cx, view.now->id, &quote, &view.quote_count));
		view.quote = quote;
	}
	plan_tab_page(&q->html, &view);
	return send_html(q, 200);
}

/* ---- the card of the summary ---- */

Err plan_card_ask(Ctx *cx, int64_t patient)
{
	return plan_list_ask(cx, patient);
}

Err plan_card_show(Req *q, int64_t patient)
{
	size_t count;
	Plan *plan;

	(void)patient;
	TRY(plan_list_read(q->cx, &plan, &count));
	if (count && plan[0].active && plan[0].line_count)
		plan_card_part(&q->html, &plan[0]);
	return OK;
}

static const Route routes[] = {
	{ GET, "/patients/:id/plans", tab, "treatment.quote", ROUTE_READS_CHART },
};

const RouteList plan_tab_routes = { routes, COUNT(routes), &plan_line_routes };

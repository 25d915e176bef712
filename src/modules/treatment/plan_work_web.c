/* Tratamentos: what was approved and has no date yet, who is still deciding, who said no and why.
 */
#include "modules/treatment/plan.sql.h"
#include "modules/treatment/plan_web.h"

enum { WORK_ROWS = 200, WORK_DAYS = 90 };

static Err read_figures(Ctx *cx, WorkFigures *ret)
{
	SqlPlanFigures row;

	TRY(sql_plan_figures_read(cx, &row));
	*ret = (WorkFigures){ .to_book = row.to_book,
		.to_book_cents = row.to_book_cents,
		.open = row.open,
		.open_cents = row.open_cents,
		.approved = row.approved,
		.approved_cents = row.approved_cents,
		.refused = row.refused,
		.refused_cents = row.refused_cents,
		.by_reason = { row.price, row.time, row.fear, row.second_opinion, row.other } };
	return OK;
}

static Err read_lines(Ctx *cx, WorkView *view)
{
	SqlPlanToBook *row;
	WorkLine *line;

	TRY(sql_plan_to_book_read(cx, &row, &view->line_count));
	line = NEW_ARRAY(cx->mem, WorkLine, view->line_count + 1);
	for (size_t i = 0; i < view->line_count; i++) {
		Act act = { .tooth = row[i].tooth,
			.surfaces = (unsigned)row[i].surfaces,
			.region = row[i].region };

		line[i] = (WorkLine){ .line = row[i].id,
			.patient = row[i].patient_id,
			.plan = row[i].plan_id,
			.name = row[i].name,
			.patient_name = row[i].patient,
			.phone = row[i].phone,
			.place = act_place(cx->mem, &act),
			.dentist = row[i].dentist,
			.total_cents = row[i].total,
			.approved_at = row[i].approved_at,
			.sessions = row[i].sessions,
			.sessions_done = row[i].sessions_done };
	}
	view->line = line;
	return OK;
}

static Err read_plans(Ctx *cx, WorkView *view)
{
	SqlPlanWaiting *row;
	WorkPlan *plan;

	TRY(sql_plan_waiting_read(cx, &row, &view->plan_count));
	plan = NEW_ARRAY(cx->mem, WorkPlan, view->plan_count + 1);
	for (size_t i = 0; i < view->plan_count; i++)
		plan[i] = (WorkPlan){ .plan = row[i].id,
			.patient = row[i].patient_id,
			.total_cents = row[i].total,
			.presented_at = row[i].presented_at,
			.opened_at = row[i].opened_at,
			.sent_at = row[i].sent_at,
			.followed_at = row[i].followed_at,
			.refused_at = row[i].refused_at,
			.name = row[i].name,
			.patient_name = row[i].patient,
			.phone = row[i].phone,
			.follow_note = row[i].follow_note,
			.refusal = row[i].refusal,
			.refusal_note = row[i].refusal_note,
			.dentist = row[i].dentist,
			.number = row[i].number };
	view->plan = plan;
	return OK;
}

/* GET /treatments?list=open|refused */
static Err work(Req *q)
{
	WorkView view = { .q = q, .list = req_query(q, "list") };
	int64_t since = q->cx->now - WORK_DAYS * 86400;
	bool book = false;

	if (!str_same(view.list, "open") && !str_same(view.list, "refused")) {
		view.list = "book";
		book = true;
	}
	TRY(sql_plan_figures_send(q->cx, since));
	if (book)
		TRY(sql_plan_to_book_send(q->cx, WORK_ROWS));
	else
		TRY(sql_plan_waiting_send(q->cx,
			!strcmp(view.list, "open") ? "presented" : "refused", since, WORK_ROWS));
	TRY(read_figures(q->cx, &view.figures));
	TRY(book ? read_lines(q->cx, &view) : read_plans(q->cx, &view));
	view.may_plan = req_may(q, "treatment.plan");
	view.may_book = req_may(q, "agenda.write");
	plan_work_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET /plans/:id/follow */
static Err ask_follow(Req *q)
{
	Plan plan;

	TRY(plan_asked(q, &plan));
	return plan_send_form(q, &(PlanFormView){ .kind = PLAN_FORM_FOLLOW, .plan = &plan }, 200);
}

typedef struct FollowForm {
	const char *note;
} FollowForm;

static const Field follow_fields[] = {
	FIELD(FollowForm, note, FIELD_LONG, "O que ficou combinado", 1, 300, true),
};

/* POST /plans/:id/follow: somebody asked how it stands. */
static Err follow(Req *q)
{
	FollowForm in;
	Plan plan;

	TRY(plan_asked(q, &plan));
	if (!form_read(q, follow_fields, COUNT(follow_fields), &in))
		return plan_send_form(
			q, &(PlanFormView){ .kind = PLAN_FORM_FOLLOW, .plan = &plan }, 422);
	TRY(plan_follow(q->cx, plan.id, in.note));
	answer_toast(q, "Acompanhamento registrado", NULL);
	return redirect(q, "/treatments?list=open");
}

static const Route routes[] = {
	{ GET, "/treatments", work, "treatment.quote" },
	{ GET, "/plans/:id/follow", ask_follow, "treatment.plan" },
	{ POST, "/plans/:id/follow", follow, "treatment.plan" },
};

const RouteList plan_work_routes = { routes, COUNT(routes), &quote_routes };

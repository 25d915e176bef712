/* Lines of a plan: picked, added, edited, moved, done session by session, taken out, done again. */
#include "modules/treatment/plan_web.h"

typedef struct Asked {
	PlanLine line;
	Plan plan;
} Asked;

static Err line_asked(Req *q, Asked *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(plan_line_get(q->cx, id, &ret->line));
	return plan_get(q->cx, ret->line.plan_id, &ret->plan);
}

/* GET /plans/:id/pick?q=: the list under the field; the most used without a question. */
static Err pick(Req *q)
{
	PickView view = { .question = req_query(q, "q") };
	Procedure *procedure;
	Plan plan;

	TRY(plan_asked(q, &plan));
	TRY(procedure_search(q->cx, view.question, plan.price_table_id, &procedure, &view.count));
	view.plan = plan.id;
	view.procedure = procedure;
	if (view.count > 12)
		view.count = 12;
	plan_pick_part(&q->html, &view);
	return send_html(q, 200);
}

static Err send_add(Req *q, const Plan *plan, int64_t procedure_id, int status)
{
	PlanFormView view = { .kind = PLAN_FORM_ADD, .plan = plan };
	Procedure procedure;

	TRY(procedure_get(q->cx, procedure_id, plan->price_table_id, &procedure));
	view.procedure = &procedure;
	view.title = procedure.name;
	view.sub = arena_printf(q->cx->mem, "%s%s%s", procedure.specialty,
		procedure.code ? " · TUSS " : "", procedure.code ? procedure.code : "");
	return plan_send_form(q, &view, status);
}

/* GET /plans/:id/lines/new?procedure= */
static Err blank(Req *q)
{
	Plan plan;

	TRY(plan_asked(q, &plan));
	return send_add(q, &plan, req_query_int(q, "procedure", 0), 200);
}

static const Field add_fields[] = {
	FIELD(LineForm, procedure_id, FIELD_ID, "Procedimento", 0, 0, true),
	FIELD(LineForm, dentist_id, FIELD_ID, "Quem faz", 0, 0, false),
	FIELD(LineForm, where, FIELD_TEXT, "Onde", 0, 200, false),
	FIELD(LineForm, region, FIELD_TEXT, "Região", 0, 8, false),
};

/* POST /plans/:id/lines. 303 to the plan; 422 with the form. */
static Err add(Req *q)
{
	LineForm in;
	size_t count;
	Plan plan;
	Err err;

	TRY(plan_asked(q, &plan));
	if (!form_read(q, add_fields, COUNT(add_fields), &in))
		return ERR_INVALID;
	err = plan_add_lines(q->cx, plan.id, &in, &count);
	if (err == ERR_INVALID)
		return send_add(q, &plan, in.procedure_id, 422);
	TRY(err);
	return plan_go(q, &plan,
		count == 1 ? "Procedimento no plano"
			   : arena_printf(q->cx->mem, "%zu procedimentos no plano", count),
		NULL);
}

typedef struct OrderForm {
	Int64s ids;
} OrderForm;

static const Field order_fields[] = {
	FIELD(OrderForm, ids, FIELD_IDS, "Ordem", 1, PLAN_LINES_MAX, true),
};

/* PATCH /plans/:id/order with ids, ids, … 204. */
static Err order(Req *q)
{
	OrderForm in;
	Plan plan;

	TRY(plan_asked(q, &plan));
	if (!form_read(q, order_fields, COUNT(order_fields), &in))
		return ERR_INVALID;
	TRY(plan_order_lines(q->cx, plan.id, in.ids));
	return send_nothing(q);
}

static Err send_line(Req *q, PlanFormKind kind, const Asked *asked, int status)
{
	PlanFormView view = { .kind = kind, .plan = &asked->plan, .line = &asked->line };

	if (kind == PLAN_FORM_LINE)
		view.title = asked->line.name;
	view.sub = kind == PLAN_FORM_LINE ? asked->line.place
					  : arena_printf(q->cx->mem, "%s, %s", asked->line.name,
						    asked->line.place);
	return plan_send_form(q, &view, status);
}

static Err ask(Req *q, PlanFormKind kind)
{
	Asked asked;

	TRY(line_asked(q, &asked));
	return send_line(q, kind, &asked, 200);
}

static Err edit(Req *q)
{
	return ask(q, PLAN_FORM_LINE);
}

static Err ask_cancel(Req *q)
{
	return ask(q, PLAN_FORM_LINE_CANCEL);
}

static Err ask_redo(Req *q)
{
	return ask(q, PLAN_FORM_LINE_REDO);
}

typedef struct EditForm {
	int64_t price, discount, sessions, dentist_id, version;
} EditForm;

const Field line_edit_fields[] = {
	FIELD(EditForm, price, FIELD_MONEY, "Valor", 0, INT64_C(100000000000), true),
	FIELD(EditForm, discount, FIELD_MONEY, "Desconto", 0, INT64_C(100000000000), false),
	FIELD(EditForm, sessions, FIELD_INT, "Sessões", 1, 60, true),
	FIELD(EditForm, dentist_id, FIELD_ID, "Quem faz", 0, 0, false),
	FIELD(EditForm, version, FIELD_INT, "Versão", 0, INT32_MAX, true),
};

/* POST /plan-lines/:id. 303; 422 with the limit said at the field; 412. */
static Err update(Req *q)
{
	Allowance allowed;
	Err err = ERR_INVALID;
	Asked asked;
	EditForm in;

	TRY(line_asked(q, &asked));
	TRY(plan_allowance(q->cx, req_may(q, "treatment.discount"), &allowed));
	if (form_read(q, line_edit_fields, COUNT(line_edit_fields), &in))
		err = plan_save_line(q->cx, asked.line.id,
			&(LineEdit){
				in.price, in.discount, in.sessions, in.dentist_id, in.version },
			&allowed);
	if (err == ERR_INVALID)
		return send_line(q, PLAN_FORM_LINE, &asked, 422);
	TRY(err);
	return plan_go(q, &asked.plan, "Procedimento salvo", NULL);
}

static Err shift(Req *q, int by)
{
	Asked asked;

	TRY(line_asked(q, &asked));
	TRY(plan_shift_line(q->cx, asked.line.id, by));
	return plan_go(q, &asked.plan, NULL, NULL);
}

static Err up(Req *q)
{
	return shift(q, -1);
}

static Err down(Req *q)
{
	return shift(q, 1);
}

/* POST /plan-lines/:id/session: outside of a visit. Undoable. */
static Err session(Req *q)
{
	Asked asked;

	TRY(line_asked(q, &asked));
	TRY(plan_line_session(q->cx, asked.line.id, /* visit_id= */ 0));
	return plan_go(q, &asked.plan, "Sessão registrada",
		arena_printf(q->cx->mem, "/plan-lines/%" PRId64 "/undo", asked.line.id));
}

static Err undo(Req *q)
{
	Asked asked;

	TRY(line_asked(q, &asked));
	TRY(plan_undo_session(q->cx, asked.line.id));
	return plan_go(q, &asked.plan, "Sessão desfeita", NULL);
}

typedef struct ReasonForm {
	const char *reason;
} ReasonForm;

static const Field reason_fields[] = {
	FIELD(ReasonForm, reason, FIELD_LONG, "Motivo", 1, 200, true),
};

static Err end(
	Req *q, PlanFormKind kind, Err (*change)(Ctx *, int64_t, const char *), const char *toast)
{
	Err err = ERR_INVALID;
	ReasonForm in;
	Asked asked;

	TRY(line_asked(q, &asked));
	if (form_read(q, reason_fields, COUNT(reason_fields), &in))
		err = change(q->cx, asked.line.id, in.reason);
	if (err == ERR_INVALID)
		return send_line(q, kind, &asked, 422);
	TRY(err);
	return plan_go(q, &asked.plan, toast, NULL);
}

static Err cancel(Req *q)
{
	return end(q, PLAN_FORM_LINE_CANCEL, plan_cancel_line, "Tirado do plano");
}

static Err redo(Req *q)
{
	return end(q, PLAN_FORM_LINE_REDO, plan_redo_line, "Marcado para refazer");
}

/* ---- booked ---- */

enum { BOOK_DAYS = 365, BOOK_VISITS = 30 };

static Err send_book(Req *q, const Asked *asked, int status)
{
	PlanFormView view = { .kind = PLAN_FORM_LINE_BOOK,
		.plan = &asked->plan,
		.line = &asked->line,
		.sub = arena_printf(q->cx->mem, "%s, %s", asked->line.name, asked->line.place) };
	AgendaQuery query = { .from = q->cx->now,
		.to = q->cx->now + BOOK_DAYS * INT64_C(86400),
		.patient_id = asked->plan.patient_id };
	Appointment *visit;
	size_t count;

	TRY(agenda_list(q->cx, &query, &visit, &count));
	for (size_t i = 0; i < count && view.visit_count < BOOK_VISITS; i++)
		if (visit[i].presence == PRESENCE_SCHEDULED ||
			visit[i].presence == PRESENCE_ARRIVED)
			visit[view.visit_count++] = visit[i];
	view.visit = visit;
	return plan_send_form(q, &view, status);
}

/* GET /plan-lines/:id/book: the visits to come, and the way to a new one. */
static Err ask_book(Req *q)
{
	Asked asked;

	TRY(line_asked(q, &asked));
	return send_book(q, &asked, 200);
}

typedef struct BookForm {
	int64_t appointment;
} BookForm;

static const Field book_fields[] = {
	FIELD(BookForm, appointment, FIELD_ID, "Consulta", 0, 0, true),
};

/* POST /plan-lines/:id/book. 404: a visit of another patient. */
static Err book(Req *q)
{
	Appointment visit;
	Asked asked;
	BookForm in;

	TRY(line_asked(q, &asked));
	if (!form_read(q, book_fields, COUNT(book_fields), &in))
		return send_book(q, &asked, 422);
	TRY(agenda_get(q->cx, (AppointmentId){ in.appointment }, &visit));
	if (visit.patient_id != asked.plan.patient_id)
		return err_set(
			q->cx, ERR_NOT_FOUND, "visit %" PRId64 " is another patient's", visit.id);
	TRY(plan_book_line(q->cx, asked.line.id, visit.id));
	return plan_go(q, &asked.plan, "Procedimento agendado", NULL);
}

static const Route routes[] = {
	{ GET, "/plans/:id/pick", pick, "treatment.plan" },
	{ GET, "/plans/:id/lines/new", blank, "treatment.plan" },
	{ POST, "/plans/:id/lines", add, "treatment.plan" },
	{ PATCH, "/plans/:id/order", order, "treatment.plan" },
	{ GET, "/plan-lines/:id", edit, "treatment.plan" },
	{ POST, "/plan-lines/:id", update, "treatment.plan" },
	{ GET, "/plan-lines/:id/book", ask_book, "agenda.write" },
	{ POST, "/plan-lines/:id/book", book, "agenda.write" },
	{ POST, "/plan-lines/:id/up", up, "treatment.plan" },
	{ POST, "/plan-lines/:id/down", down, "treatment.plan" },
	{ POST, "/plan-lines/:id/session", session, "treatment.write" },
	{ POST, "/plan-lines/:id/undo", undo, "treatment.write" },
	{ GET, "/plan-lines/:id/cancel", ask_cancel, "treatment.plan" },
	{ POST, "/plan-lines/:id/cancel", cancel, "treatment.plan" },
	{ GET, "/plan-lines/:id/redo", ask_redo, "treatment.write" },
	{ POST, "/plan-lines/:id/redo", redo, "treatment.write" },
};

const RouteList plan_line_routes = { routes, COUNT(routes), &plan_work_routes };

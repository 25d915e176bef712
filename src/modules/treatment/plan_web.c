/* What is done to a whole plan: its forms, and where they lead. */
#include "modules/treatment/plan_web.h"
#include "modules/account/account.h"
#include "platform/db/db.h"

Err plan_dentists(Ctx *cx, const UiOption **ret, size_t *ret_count)
{
	UiOption *option;
	Member *member;
	size_t count, n = 0;

	TRY(account_list_members(cx, NULL, &member, &count));
	option = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(member[i].role, "dentist") || !str_is_empty(member[i].cro) ||
			!strcmp(member[i].role, "owner"))
			option[n++] = ui_option(cx->mem, member[i].user, member[i].name);
	*ret = option;
	*ret_count = n;
	return OK;
}

Err plan_tables(Ctx *cx, const UiOption **ret, size_t *ret_count)
{
	UiOption *option;
	PriceTable *table;
	size_t count, n = 0;

	TRY(price_tables(cx, &table, &count));
	option = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (table[i].active)
			option[n++] = ui_option(cx->mem, table[i].id, table[i].name);
	*ret = option;
	*ret_count = n;
	return OK;
}

Err plan_asked(Req *q, Plan *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return plan_get(q->cx, id, ret);
}

Err plan_go(Req *q, const Plan *plan, const char *toast, const char *undo)
{
	if (toast)
		answer_toast(q, toast, undo);
	return redirect(q, "/patients/%" PRId64 "/plans?plan=%" PRId64, plan->patient_id, plan->id);
}

/* ---- forms ---- */

static const char *title_of(PlanFormKind kind)
{
	static const char *const titles[] = {
		[PLAN_FORM_NEW] = "Novo plano",
		[PLAN_FORM_EDIT] = "Editar plano",
		[PLAN_FORM_DISCOUNT] = "Desconto do plano",
		[PLAN_FORM_PRESENT] = "Apresentar orçamento",
		[PLAN_FORM_APPROVE] = "O que foi aprovado",
		[PLAN_FORM_REFUSE] = "Paciente recusou",
		[PLAN_FORM_CANCEL] = "Cancelar o plano",
		[PLAN_FORM_FOLLOW] = "Acompanhar orçamento",
		[PLAN_FORM_LINE_CANCEL] = "Tirar do plano",
		[PLAN_FORM_LINE_REDO] = "Refazer",
		[PLAN_FORM_LINE_BOOK] = "Agendar",
		[PLAN_FORM_SEND] = "Enviar orçamento por link",
		[PLAN_FORM_SENT] = "Enviar orçamento por link",
	};

	return titles[kind];
}

static Err fill_copies(Ctx *cx, PlanFormView *view)
{
	UiOption *option;
	size_t count;
	Plan *plan;

	TRY(plan_list_ask(cx, view->patient));
	TRY(plan_list_read(cx, &plan, &count));
	option = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		option[i] = ui_option(cx->mem, plan[i].id, plan[i].name);
	view->copy = option;
	view->copy_count = count;
	return OK;
}

static void fill_regions(Ctx *cx, PlanFormView *view)
{
	UiOption *option = NEW_ARRAY(cx->mem, UiOption, chart_region_count + 1);
	bool arch = !strcmp(view->procedure->area, "arch");

	for (size_t i = 0; i < chart_region_count; i++) {
		const char *code = chart_regions[i].code;

		if (!arch || !strcmp(code, "AS") || !strcmp(code, "AI") || !strcmp(code, "ASAI"))
			option[view->region_count++] =
				(UiOption){ .value = code, .label = chart_regions[i].name };
	}
	view->region = option;
}

static bool has_dentist(PlanFormKind kind)
{
	return kind == PLAN_FORM_NEW || kind == PLAN_FORM_EDIT || kind == PLAN_FORM_ADD ||
	       kind == PLAN_FORM_LINE;
}

Err plan_send_form(Req *q, PlanFormView *view, int status)
{
	Ctx *cx = q->cx;

	view->q = q;
	if (view->plan)
		view->patient = view->plan->patient_id;
	if (!view->title)
		view->title = title_of(view->kind);
	if (!view->sub && view->plan)
		view->sub = view->plan->name;
	if (has_dentist(view->kind))
		TRY(plan_dentists(cx, &view->dentist, &view->dentist_count));
	if (view->kind == PLAN_FORM_NEW || view->kind == PLAN_FORM_EDIT)
		TRY(plan_tables(cx, &view->table, &view->table_count));
	if (view->kind == PLAN_FORM_NEW)
		TRY(fill_copies(cx, view));
	if (view->procedure)
		fill_regions(cx, view);
	if (view->kind == PLAN_FORM_LINE || view->kind == PLAN_FORM_DISCOUNT)
		TRY(plan_allowance(cx, req_may(q, "treatment.discount"), &view->allowed));
	plan_form_page(&q->html, view);
	return send_html(q, status);
}

const Field plan_fields[] = {
	FIELD(PlanForm, name, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(PlanForm, note, FIELD_LONG, "Observação", 0, 2000, false),
	FIELD(PlanForm, price_table_id, FIELD_ID, "Tabela de preços", 0, 0, false),
	FIELD(PlanForm, dentist_id, FIELD_ID, "Profissional", 0, 0, false),
	FIELD(PlanForm, copy_of, FIELD_ID, "Copiar de", 0, 0, false),
	FIELD(PlanForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

/* GET /patients/:id/plans/new?copy= */
static Err blank(Req *q)
{
	PlanFormView view = { .kind = PLAN_FORM_NEW };
	Patient patient;

	TRY(req_id(q, "id", &view.patient));
	TRY(patient_get(q->cx, (PatientId){ view.patient }, &patient));
	return plan_send_form(q, &view, 200);
}

/* POST /patients/:id/plans. 303 to the plan; 422 with the form. */
static Err create(Req *q)
{
	PlanFormView view = { .kind = PLAN_FORM_NEW };
	Patient patient;
	PlanForm in;
	int64_t id;
	Err err;

	TRY(req_id(q, "id", &view.patient));
	TRY(patient_get(q->cx, (PatientId){ view.patient }, &patient));
	if (!form_read(q, plan_fields, COUNT(plan_fields), &in))
		return plan_send_form(q, &view, 422);
	err = plan_create(q->cx, patient.id, &in, &id);
	if (err == ERR_INVALID)
		return plan_send_form(q, &view, 422);
	TRY(err);
	return plan_go(q, &(Plan){ .id = id, .patient_id = patient.id }, "Plano criado", NULL);
}

/* The empty form of a kind. */
static Err ask(Req *q, PlanFormKind kind)
{
	PlanFormView view = { .kind = kind };
	Plan plan;

	TRY(plan_asked(q, &plan));
	view.plan = &plan;
	return plan_send_form(q, &view, 200);
}

/* What every POST of a form comes to: the form again with its errors, or the plan. undo: the word
 * of the route that takes it back; NULL: none. */
static Err settle_undo(
	Req *q, PlanFormKind kind, const Plan *plan, Err err, const char *toast, const char *undo)
{
	if (err == ERR_INVALID)
		return plan_send_form(q, &(PlanFormView){ .kind = kind, .plan = plan }, 422);
	TRY(err);
	return plan_go(q, plan, toast,
		undo ? arena_printf(q->cx->mem, "/plans/%" PRId64 "/%s", plan->id, undo) : NULL);
}

static Err settle(Req *q, PlanFormKind kind, const Plan *plan, Err err, const char *toast)
{
	return settle_undo(q, kind, plan, err, toast, NULL);
}

static Err edit(Req *q)
{
	return ask(q, PLAN_FORM_EDIT);
}

/* POST /plans/:id. 303; 422; 412 when somebody saved meanwhile. */
static Err update(Req *q)
{
	PlanForm in;
	Plan plan;

	TRY(plan_asked(q, &plan));
	return settle(q, PLAN_FORM_EDIT, &plan,
		form_read(q, plan_fields, COUNT(plan_fields), &in) ? plan_save(q->cx, plan.id, &in)
								   : ERR_INVALID,
		"Plano salvo");
}

static Err ask_discount(Req *q)
{
	return ask(q, PLAN_FORM_DISCOUNT);
}

typedef struct DiscountForm {
	int64_t discount;
} DiscountForm;

static const Field discount_fields[] = {
	FIELD(DiscountForm, discount, FIELD_MONEY, "Desconto", 0, INT64_C(100000000000), true),
};

/* POST /plans/:id/discount. 422 beyond the limit, said at the field. */
static Err set_discount(Req *q)
{
	Allowance allowed;
	DiscountForm in;
	Plan plan;

	TRY(plan_asked(q, &plan));
	TRY(plan_allowance(q->cx, req_may(q, "treatment.discount"), &allowed));
	return settle(q, PLAN_FORM_DISCOUNT, &plan,
		form_read(q, discount_fields, COUNT(discount_fields), &in)
			? plan_set_discount(q->cx, plan.id, in.discount, &allowed)
			: ERR_INVALID,
		"Desconto salvo");
}

static Err ask_present(Req *q)
{
	return ask(q, PLAN_FORM_PRESENT);
}

static const Field present_fields[] = {
	FIELD(QuoteForm, days, FIELD_INT, "Validade", 1, 365, true),
	FIELD(QuoteForm, payment, FIELD_LONG, "Condições de pagamento", 0, 600, false),
};

/* POST /plans/:id/present */
static Err present(Req *q)
{
	int64_t id;
	QuoteForm in;
	Plan plan;

	TRY(plan_asked(q, &plan));
	return settle(q, PLAN_FORM_PRESENT, &plan,
		form_read(q, present_fields, COUNT(present_fields), &in)
			? quote_present(q->cx, plan.id, &in, &id)
			: ERR_INVALID,
		"Orçamento apresentado");
}

static Err ask_approve(Req *q)
{
	return ask(q, PLAN_FORM_APPROVE);
}

typedef struct LinesForm {
	Int64s line;
} LinesForm;

static const Field lines_fields[] = {
	FIELD(LinesForm, line, FIELD_IDS, "Procedimentos", 1, PLAN_LINES_MAX, true),
};

/* POST /plans/:id/approve with line, line, …: what the patient said yes to, at the clinic. */
static Err approve(Req *q)
{
	LinesForm in;
	Plan plan;
	size_t count;

	TRY(plan_asked(q, &plan));
	if (!form_read(q, lines_fields, COUNT(lines_fields), &in))
		return settle(q, PLAN_FORM_APPROVE, &plan, ERR_INVALID, NULL);
	return settle_undo(q, PLAN_FORM_APPROVE, &plan,
		quote_approve_here(q->cx, plan.id, in.line, &count), "Aprovação registrada",
		plan.approved_count ? NULL : "unapprove");
}

static Err ask_refuse(Req *q)
{
	return ask(q, PLAN_FORM_REFUSE);
}

typedef struct ReasonForm {
	const char *refusal, *note, *reason;
} ReasonForm;

static const Field refuse_fields[] = {
	CHOICE_FIELD(ReasonForm, refusal, "Motivo", "price time fear second_opinion other", true),
	FIELD(ReasonForm, note, FIELD_LONG, "O que disse", 0, 300, false),
};

/* POST /plans/:id/refuse */
static Err refuse(Req *q)
{
	ReasonForm in;
	Plan plan;

	TRY(plan_asked(q, &plan));
	return settle_undo(q, PLAN_FORM_REFUSE, &plan,
		form_read(q, refuse_fields, COUNT(refuse_fields), &in)
			? plan_refuse(q->cx, plan.id, in.refusal, in.note)
			: ERR_INVALID,
		"Recusa registrada", "reopen");
}

static Err ask_cancel(Req *q)
{
	return ask(q, PLAN_FORM_CANCEL);
}

static const Field cancel_fields[] = {
	FIELD(ReasonForm, reason, FIELD_LONG, "Motivo", 1, 200, true),
};

/* POST /plans/:id/cancel */
static Err cancel(Req *q)
{
	ReasonForm in;
	Plan plan;

	TRY(plan_asked(q, &plan));
	return settle(q, PLAN_FORM_CANCEL, &plan,
		form_read(q, cancel_fields, COUNT(cancel_fields), &in)
			? plan_cancel(q->cx, plan.id, in.reason)
			: ERR_INVALID,
		"Plano cancelado");
}

static Err act_on(Req *q, Err (*change)(Ctx *cx, int64_t id), const char *toast)
{
	Plan plan;

	TRY(plan_asked(q, &plan));
	TRY(change(q->cx, plan.id));
	return plan_go(q, &plan, toast, NULL);
}

static Err activate(Req *q)
{
	return act_on(q, plan_activate, "Este é o plano ativo");
}

static Err reopen(Req *q)
{
	return act_on(q, plan_reopen, "Plano reaberto");
}

static Err unapprove(Req *q)
{
	return act_on(q, plan_unapprove, "Aprovação desfeita");
}

static const Route routes[] = {
	{ GET, "/patients/:id/plans/new", blank, "treatment.plan" },
	{ POST, "/patients/:id/plans", create, "treatment.plan" },
	{ GET, "/plans/:id/edit", edit, "treatment.plan" },
	{ POST, "/plans/:id", update, "treatment.plan" },
	{ GET, "/plans/:id/discount", ask_discount, "treatment.plan" },
	{ POST, "/plans/:id/discount", set_discount, "treatment.plan" },
	{ GET, "/plans/:id/present", ask_present, "treatment.plan" },
	{ POST, "/plans/:id/present", present, "treatment.plan" },
	{ GET, "/plans/:id/approve", ask_approve, "treatment.plan" },
	{ POST, "/plans/:id/approve", approve, "treatment.plan" },
	{ GET, "/plans/:id/refuse", ask_refuse, "treatment.plan" },
	{ POST, "/plans/:id/refuse", refuse, "treatment.plan" },
	{ GET, "/plans/:id/cancel", ask_cancel, "treatment.plan" },
	{ POST, "/plans/:id/cancel", cancel, "treatment.plan" },
	{ POST, "/plans/:id/activate", activate, "treatment.plan" },
	{ POST, "/plans/:id/reopen", reopen, "treatment.plan" },
	{ POST, "/plans/:id/unapprove", unapprove, "treatment.plan" },
};

const RouteList plan_routes = { routes, COUNT(routes), &plan_tab_routes };

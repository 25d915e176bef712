/* Procedures and plans for programs: the services of the pages. */
#include "modules/treatment/plan_web.h"

enum { API_PROCEDURES = 50 };

static const OutField procedure_out[] = {
	OUT(Procedure, id, OUT_ID, "Procedimento"),
	OUT(Procedure, code, OUT_TEXT, "Código TUSS"),
	OUT(Procedure, name, OUT_TEXT, "Nome"),
	OUT(Procedure, layman, OUT_TEXT, "Nome para o paciente"),
	OUT(Procedure, specialty, OUT_TEXT, "Especialidade"),
	OUT(Procedure, area, OUT_TEXT, "mouth, arch, region, tooth, range ou surface"),
	OUT(Procedure, surfaces_min, OUT_INT, "Faces, no mínimo"),
	OUT(Procedure, surfaces_max, OUT_INT, "Faces, no máximo"),
	OUT(Procedure, dentition, OUT_TEXT, "any, permanent ou deciduous"),
	OUT(Procedure, minutes, OUT_INT, "Duração em minutos"),
	OUT(Procedure, sessions, OUT_INT, "Sessões"),
	OUT(Procedure, price_cents, OUT_MONEY, "Preço em centavos"),
	OUT(Procedure, needs_lab, OUT_BOOL, "Precisa de laboratório"),
};

typedef struct ProcedureQuery {
	const char *q;
	int64_t price_table_id;
} ProcedureQuery;

static const Field procedure_query[] = {
	FIELD(ProcedureQuery, q, FIELD_TEXT, "Palavras do nome ou código", 0, 100, false),
	FIELD(ProcedureQuery, price_table_id, FIELD_ID, "Tabela de preços", 0, 0, false),
};

/* GET /api/v1/procedures?q=&price_table_id=: at most 50, best first. */
static Err procedures(Req *q)
{
	Procedure *procedure;
	ProcedureQuery in = { 0 };
	size_t count;

	if (!query_read(q, procedure_query, COUNT(procedure_query), &in))
		return ERR_INVALID;
	TRY(procedure_search(q->cx, in.q, in.price_table_id, &procedure, &count));
	return send_rows(q, procedure, sizeof *procedure, count, /* next= */ 0);
}

typedef struct PlanOut {
	int64_t id, patient_id, price_table_id, dentist_id, presented_at, approved_at,
		subtotal_cents, discount_cents, total_cents, done_cents;
	const char *name, *state, *refusal;
	bool active;
	Rows lines;
} PlanOut;

static const OutField line_out[] = {
	OUT(PlanLine, id, OUT_ID, "Linha"),
	OUT(PlanLine, act_id, OUT_ID, "Ato no odontograma"),
	OUT(PlanLine, procedure_id, OUT_ID, "Procedimento"),
	OUT(PlanLine, name, OUT_TEXT, "Nome"),
	OUT(PlanLine, place, OUT_TEXT, "Onde"),
	OUT(PlanLine, state, OUT_TEXT, "Situação"),
	OUT(PlanLine, dentist_id, OUT_ID, "Quem faz"),
	OUT(PlanLine, appointment_id, OUT_ID, "Consulta marcada"),
	OUT(PlanLine, sessions, OUT_INT, "Sessões"),
	OUT(PlanLine, sessions_done, OUT_INT, "Sessões feitas"),
	OUT(PlanLine, price_cents, OUT_MONEY, "Preço do dia"),
	OUT(PlanLine, discount_cents, OUT_MONEY, "Desconto da linha"),
	OUT(PlanLine, share_cents, OUT_MONEY, "Parte do desconto do plano"),
	OUT(PlanLine, total_cents, OUT_MONEY, "Total"),
	OUT(PlanLine, done_at, OUT_TIME, "Realizado em"),
};

static const OutField plan_out[] = {
	OUT(PlanOut, id, OUT_ID, "Plano"),
	OUT(PlanOut, patient_id, OUT_ID, "Paciente"),
	OUT(PlanOut, name, OUT_TEXT, "Nome"),
	OUT(PlanOut, state, OUT_TEXT,
		"planned, presented, approved, in_progress, done, refused ou cancelled"),
	OUT(PlanOut, active, OUT_BOOL, "É o plano ativo"),
	OUT(PlanOut, price_table_id, OUT_ID, "Tabela de preços; null: particular"),
	OUT(PlanOut, dentist_id, OUT_ID, "Profissional"),
	OUT(PlanOut, presented_at, OUT_TIME, "Apresentado em"),
	OUT(PlanOut, approved_at, OUT_TIME, "Aprovado em"),
	OUT(PlanOut, refusal, OUT_TEXT, "Motivo da recusa"),
	OUT(PlanOut, subtotal_cents, OUT_MONEY, "Subtotal"),
	OUT(PlanOut, discount_cents, OUT_MONEY, "Descontos"),
	OUT(PlanOut, total_cents, OUT_MONEY, "Total"),
	OUT(PlanOut, done_cents, OUT_MONEY, "Realizado"),
	OUT_LIST(PlanOut, lines, "Linhas", PlanLine, line_out),
};

static PlanOut out_of(const Plan *p)
{
	return (PlanOut){ .id = p->id,
		.patient_id = p->patient_id,
		.price_table_id = p->price_table_id,
		.dentist_id = p->dentist_id,
		.presented_at = p->presented_at,
		.approved_at = p->approved_at,
		.subtotal_cents = p->subtotal,
		.discount_cents = p->discount,
		.total_cents = p->total,
		.done_cents = p->done,
		.name = p->name,
		.state = p->state,
		.refusal = p->refusal,
		.active = p->active,
		.lines = { p->line, p->line_count } };
}

/* GET /api/v1/patients/:id/plans: the active one first. */
static Err plans(Req *q)
{
	Patient patient;
	PlanOut *out;
	size_t count;
	Plan *plan;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(patient_get(q->cx, (PatientId){ id }, &patient));
	TRY(plan_list_ask(q->cx, id));
	TRY(plan_list_read(q->cx, &plan, &count));
	out = NEW_ARRAY(q->cx->mem, PlanOut, count + 1);
	for (size_t i = 0; i < count; i++)
		out[i] = out_of(&plan[i]);
	return send_rows(q, out, sizeof *out, count, /* next= */ 0);
}

static Err send_plan(Req *q, int64_t id)
{
	PlanOut out;
	Plan plan;

	TRY(plan_get(q->cx, id, &plan));
	out = out_of(&plan);
	answer_version(q, plan.version);
	return send_row(q, 200, &out);
}

/* GET /api/v1/plans/:id */
static Err plan(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return send_plan(q, id);
}

static const Field present_fields[] = {
	FIELD(QuoteForm, days, FIELD_INT, "Validade em dias", 1, 365, true),
	FIELD(QuoteForm, payment, FIELD_LONG, "Condições de pagamento", 0, 600, false),
};

/* POST /api/v1/plans/:id/present */
static Err present(Req *q)
{
	int64_t id, quote;
	QuoteForm in;
	Plan now;

	TRY(req_id(q, "id", &id));
	TRY(plan_get(q->cx, id, &now));
	TRY(req_if_match(q, now.version));
	if (!form_read(q, present_fields, COUNT(present_fields), &in))
		return ERR_INVALID;
	TRY(quote_present(q->cx, id, &in, &quote));
	answer_header(q, "Location", arena_printf(q->cx->mem, "/quotes/%" PRId64, quote));
	return send_plan(q, id);
}

typedef struct ApproveForm {
	Int64s line_ids;
} ApproveForm;

static const Field approve_fields[] = {
	FIELD(ApproveForm, line_ids, FIELD_IDS, "Linhas aprovadas; vazio: todas", 0, PLAN_LINES_MAX,
		false),
};

/* POST /api/v1/plans/:id/approve: at the clinic. Twice is once. */
static Err approve(Req *q)
{
	ApproveForm in;
	size_t count;
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, approve_fields, COUNT(approve_fields), &in))
		return ERR_INVALID;
	TRY(quote_approve_here(q->cx, id, in.line_ids, &count));
	return send_plan(q, id);
}

static const Route routes[] = {
	{ GET, "/api/v1/procedures", procedures, "treatment.quote", ROUTE_API,
		.summary = "Procura procedimentos do catálogo", .in = procedure_query,
		.in_count = COUNT(procedure_query), .out = procedure_out,
		.out_count = COUNT(procedure_out), .out_list = true },
	{ GET, "/api/v1/patients/:id/plans", plans, "treatment.quote",
		ROUTE_API | ROUTE_READS_CHART, .summary = "Planos de tratamento de um paciente",
		.out = plan_out, .out_count = COUNT(plan_out), .out_list = true },
	{ GET, "/api/v1/plans/:id", plan, "treatment.quote", ROUTE_API,
		.summary = "Um plano de tratamento com suas linhas", .out = plan_out,
		.out_count = COUNT(plan_out) },
	{ POST, "/api/v1/plans/:id/present", present, "treatment.plan", ROUTE_API,
		.summary = "Apresenta o plano: congela um orçamento numerado", .in = present_fields,
		.in_count = COUNT(present_fields), .out = plan_out, .out_count = COUNT(plan_out),
		.out_status = 200 },
	{ POST, "/api/v1/plans/:id/approve", approve, "treatment.plan", ROUTE_API,
		.summary = "Registra a aprovação na clínica", .in = approve_fields,
		.in_count = COUNT(approve_fields), .out = plan_out, .out_count = COUNT(plan_out),
		.out_status = 200 },
};

const RouteList plan_api = { routes, COUNT(routes), NULL };

/* Plans of the demonstration: what the chart has planned is presented and answered, and others wait
 * or were refused. Days count back from today. */
#include "modules/account/account.h"
#include "modules/treatment/demo.h"
#include "modules/treatment/plan_web.h"

typedef struct DemoLine {
	const char *procedure, *where;
} DemoLine;

typedef struct DemoPlan {
	const char *patient, *name;
	DemoLine line[6];
	int64_t discount;
	int presented_days; /* 0: not yet */
	const char *refusal, *note;
	bool approved;
	int sessions; /* done of the first line */
	int followed_days;
} DemoPlan;

static const DemoPlan demo_plans[] = {
	{ "Pedro Henrique Lima", "Implante",
		{ { "Implante osseointegrado", "46" },
			{ "Coroa metalocerâmica sobre implante", "46" } },
		.presented_days = 12, .followed_days = 3,
		.note = "Vai conversar com a esposa e responde na sexta." },
	{ "Pedro Henrique Lima", "Ponte fixa",
		{ { "Ponte fixa metalocerâmica (por conjunto)", "45-47" } } },
	{ "Mariana Siqueira", "Clareamento e facetas",
		{ { "Clareamento de consultório", NULL },
			{ "Faceta em cerâmica", "12, 11, 21, 22" } },
		.discount = 50000, .presented_days = 4 },
	{ "Sofia Martins de Souza", "Prevenção",
		{ { "Profilaxia (limpeza)", NULL }, { "Aplicação tópica de flúor", NULL } },
		.presented_days = 20, .approved = true },
	{ "Fernanda Lopes", "Coroas", { { "Coroa total em cerâmica pura", "15, 16" } },
		.presented_days = 33, .refusal = "price",
		.note = "Achou caro, prefere parcelar mais." },
	{ "Carla Moreira", "Periodontia",
		{ { "Manutenção periodontal", NULL }, { "Gengivoplastia", NULL } },
		.presented_days = 41, .refusal = "time" },
	{ "João Vitor Rocha", "Canal e coroa",
		{ { "Tratamento endodôntico unirradicular", "11" },
			{ "Coroa total em cerâmica pura", "11" } },
		.presented_days = 9, .approved = true, .sessions = 1 },
};

static const Allowance anything = { .percent = 100, .unlimited = true };

static Err add_lines(Ctx *cx, int64_t plan, const DemoPlan *demo, int64_t dentist)
{
	for (size_t i = 0; i < COUNT(demo->line) && demo->line[i].procedure; i++) {
		Procedure procedure;
		size_t count;

		TRY(demo_procedure(cx, demo->line[i].procedure, &procedure));
		if (!procedure.id)
			continue;
		TRY(plan_add_lines(cx, plan,
			&(LineForm){ .procedure_id = procedure.id,
				.dentist_id = dentist,
				.where = demo->line[i].where,
				.region = !strcmp(procedure.area, "region") ? "S2" : NULL },
			&count));
	}
	return OK;
}

static Err answer(Ctx *cx, int64_t id, const DemoPlan *demo)
{
	size_t count;
	Plan plan;

	if (demo->refusal)
		return plan_refuse(cx, id, demo->refusal, demo->note);
	if (demo->followed_days)
		TRY(plan_follow(cx, id, demo->note));
	if (!demo->approved)
		return OK;
	TRY(quote_approve_here(cx, id, (Int64s){ 0 }, &count));
	TRY(plan_get(cx, id, &plan));
	for (int i = 0; i < demo->sessions; i++)
		TRY(plan_line_session(cx, plan.line[0].id, 0));
	return OK;
}

static Err make_plan(Ctx *cx, const DemoPlan *demo, int64_t dentist)
{
	int64_t patient, id, quote, now = cx->now;
	Err err = OK;

	TRY(demo_patient(cx, demo->patient, &patient));
	if (!patient)
		return OK;
	TRY(plan_create(
		cx, patient, &(PlanForm){ .name = demo->name, .dentist_id = dentist }, &id));
	TRY(add_lines(cx, id, demo, dentist));
	if (demo->discount)
		TRY(plan_set_discount(cx, id, demo->discount, &anything));
	if (!demo->presented_days)
		return OK;
	cx->now = now - demo->presented_days * DAY_S;
	err = quote_present(cx, id,
		&(QuoteForm){ .days = 60,
			.payment = "À vista com 5% de desconto, ou em até 10 vezes no cartão." },
		&quote);
	cx->now = now -
		  (demo->followed_days ? demo->followed_days : demo->presented_days - 2) * DAY_S;
	if (err == OK)
		err = answer(cx, id, demo);
	cx->now = now;
	return err;
}

/* Of Sônia's eight lines two wait for an answer, as in the manual's pictures. */
static Err approve_most(Ctx *cx, const Plan *plan)
{
	int64_t *ids = NEW_ARRAY(cx->mem, int64_t, plan->line_count + 1);
	size_t n = 0, count;

	for (size_t i = 0; i < plan->line_count; i++) {
		const char *place = plan->line[i].place;

		if (!strcmp(plan->line[i].state, "planned") && strcmp(place, "46 OD") != 0 &&
			strcmp(place, "11 V") != 0)
			ids[n++] = plan->line[i].id;
	}
	return quote_approve_here(cx, plan->id, (Int64s){ ids, n }, &count);
}

/* Who does what is not planned by the chart. */
static Err give_dentists(Ctx *cx, const Plan *plan, int64_t dentist)
{
	for (size_t i = 0; i < plan->line_count; i++) {
		const PlanLine *line = &plan->line[i];

		if (!strcmp(line->state, "planned"))
			TRY(plan_save_line(cx, line->id,
				&(LineEdit){ .price_cents = line->price_cents,
					.sessions = line->sessions,
					.dentist_id = dentist,
					.version = line->version },
				&anything));
	}
	return OK;
}

static Err sonia(Ctx *cx, int64_t dentist)
{
	int64_t patient, quote, now = cx->now;
	size_t count;
	Plan *plan;
	Err err;

	TRY(demo_patient(cx, "Sônia Regina Barreto", &patient));
	if (!patient)
		return OK;
	TRY(plan_list_ask(cx, patient));
	TRY(plan_list_read(cx, &plan, &count));
	if (!count || !plan[0].open_count)
		return OK;
	TRY(give_dentists(cx, &plan[0], dentist));
	TRY(plan_set_discount(cx, plan[0].id, 30000, &anything));
	cx->now = now - 25 * DAY_S;
	err = quote_present(cx, plan[0].id,
		&(QuoteForm){ .days = 60, .payment = "Entrada e mais 9 parcelas no cartão." },
		&quote);
	cx->now = now - 19 * DAY_S;
	if (err == OK)
		err = approve_most(cx, &plan[0]);
	cx->now = now;
	TRY(err);
	for (size_t i = 0; i < plan[0].line_count; i++)
		if (!strcmp(plan[0].line[i].name, "Coroa em zircônia"))
			TRY(plan_line_session(cx, plan[0].line[i].id, 0));
	return OK;
}

Err plan_demo(Ctx *cx)
{
	int64_t dentist = 0, table;
	Member *member;
	size_t count;

	TRY(account_list_members(cx, "dentist", &member, &count));
	if (!count)
		TRY(account_list_members(cx, "owner", &member, &count));
	if (count)
		dentist = member[0].user;
	TRY(price_table_add(cx,
		&(PriceTableForm){ .name = "Odontoprev", .insurer = "Odontoprev", .tenths = -350 },
		&table));
	TRY(sonia(cx, dentist));
	for (size_t i = 0; i < COUNT(demo_plans); i++)
		TRY(make_plan(cx, &demo_plans[i], dentist));
	return OK;
}

/* The dentist's side as a module: what it declares to the program. */
#include "modules/treatment/act.h"
#include "modules/treatment/carry.h"
#include "modules/treatment/catalogue.h"
#include "modules/treatment/lab.h"
#include "modules/treatment/demo.h"
#include "modules/treatment/note.h"
#include "modules/treatment/recall.h"
#include "modules/treatment/plan_web.h"
#include "modules/treatment/visit_web.h"
#include "platform/json/json.h"

static const Perm perms[] = {
	{ "treatment.read", "Ver odontograma, planos e exames", "owner manager dentist assistant",
		"patient.read" },
	{ "treatment.write", "Registrar no odontograma e atender", "owner dentist",
		"treatment.read" },
	{ "treatment.note", "Ler e escrever a evolução clínica", "owner dentist", "patient.read" },
	{ "treatment.quote", "Ver planos e orçamentos",
		"owner manager dentist assistant reception finance", "patient.read" },
	{ "treatment.plan", "Montar, apresentar e enviar orçamentos",
		"owner manager dentist reception", "treatment.quote" },
	{ "treatment.discount", "Dar desconto acima do limite", "owner manager", "treatment.plan" },
	{ "treatment.lab", "Acompanhar trabalhos de laboratório",
		"owner manager dentist reception assistant", "patient.read" },
	{ "treatment.recall", "Trabalhar as listas de retorno", "owner manager dentist reception",
		"patient.read" },
	{ "treatment.admin", "Configurar procedimentos, preços e modelos", "owner manager" },
};

static const Tab tabs[] = {
	{ 10, "Odontograma", "chart", "treatment.read" },
	{ 15, "Plano", "plans", "treatment.quote" },
	{ 30, "Evolução", "notes", "treatment.note" },
	{ 60, "Receitas", "papers", "treatment.note" },
};

static const Nav nav[] = {
	{ "Atendimento", 30, "Tratamentos", "/treatments", "clipboard-check", "treatment.quote",
		"g t", false },
	{ "Configurações/Atendimento", 932, "Procedimentos e preços", "/settings/procedures",
		"clipboard-list", "treatment.admin" },
	{ "Atendimento", 32, "Retornos", "/recalls", "calendar-check", "treatment.recall", "g r",
		false },
	{ "Atendimento", 34, "Laboratório", "/lab", "package", "treatment.lab", "g l", false },
	{ "Configurações/Atendimento", 934, "Regras de retorno", "/settings/recalls",
		"calendar-check", "treatment.admin" },
	{ "Configurações/Atendimento", 935, "Laboratórios", "/settings/laboratories", "package",
		"treatment.admin" },
	{ "Atendimento", 5, "Meu dia", "/my-day", "stethoscope", "treatment.write", "g m", false },
	{ "Configurações/Atendimento", 933, "Modelos de evolução", "/settings/note-templates",
		"file-text", "treatment.admin" },
};

static Err start_company(Ctx *cx)
{
	TRY(catalogue_start_company(cx));
	TRY(note_start_company(cx));
	return recall_start_company(cx);
}

/* A change of a visit that was taken back: the visit fell through, or stands again. */
static Err undone(Ctx *cx, int64_t id, const char *json, const char **ret_name)
{
	const char *presence;
	json_t *visit;

	TRY(json_parse(cx, str_of(json), &visit));
	presence = json_string_value(json_object_get(visit, "presence"));
	if (str_same(presence, "done"))
		return OK;
	if (str_same(presence, "cancelled") || str_same(presence, "no_show")) {
		*ret_name = "appointment.cancelled";
		return OK;
	}
	*ret_name = "appointment.booked";
	return plan_visit_stands(cx, id);
}

static Err on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	if (!strcmp(name, "appointment.undone"))
		TRY(undone(cx, id, json, &name));
	TRY(plan_on_event(cx, name, id, json));
	TRY(carry_on_event(cx, name, id, json));
	return recall_on_event(cx, name, id, json);
}

static const Job jobs[] = {
	{ "treatment.lab", lab_warn, 5, 60 },
	{ "treatment.quote_pdf", quote_pdf_job, 5, 60 },
	{ "treatment.uses", catalogue_count_uses, 5, 60 },
};

static const Card cards[] = {
	{ 40, "treatment.lab", lab_card_ask, lab_card_show },
	{ 20, "treatment.quote", plan_card_ask, plan_card_show },
};

static const Visits visits = { visit_past_ask, visit_past_read };

static const Cron crons[] = {
	{ .name = "treatment.lab",
		.pattern = "20 7 * * *",
		.job = "treatment.lab",
		.every_company = true },
	{ .name = "treatment.uses",
		.pattern = "10 4 * * *",
		.job = "treatment.uses",
		.every_company = true },
};

static const Field procedure_columns[] = {
	{ "kit", "Materiais", FIELD_TEXT },
	{ "price_table_id", "Tabela de preços", FIELD_ID },
};

static const Field price_columns[] = {
	{ "step", "Arredondado em", FIELD_MONEY },
};

static const Field plan_columns[] = {
	{ "line", "Item", FIELD_ID },
	{ "price_cents", "Valor", FIELD_MONEY },
	{ "discount_cents", "Desconto", FIELD_MONEY },
};

static const Field act_columns[] = {
	{ "act", "Registro", FIELD_TEXT },
	{ "roles", "Pilares e pônticos", FIELD_TEXT },
};

static const Field limit_columns[] = {
	{ "limits", "Limites", FIELD_TEXT },
};

static const Words words[] = {
	{ "procedure", procedure_fields, COUNT(procedure_fields), procedure_word },
	{ "procedure", procedure_columns, COUNT(procedure_columns) },
	{ "price_table", price_table_fields, COUNT(price_table_fields) },
	{ "price_table", price_columns, COUNT(price_columns) },
	{ "plan", plan_columns, COUNT(plan_columns) },
	{ "plan", line_edit_fields, COUNT(line_edit_fields) },
	{ "plan", plan_fields, COUNT(plan_fields) },
	{ "patient", act_columns, COUNT(act_columns) },
	{ "company", limit_columns, COUNT(limit_columns) },
};

const Module treatment_module = {
	.words = words,
	.words_count = COUNT(words),
	.name = "treatment",
	.title = "Tratamentos",
	.api = &chart_routes,
	.perm = perms,
	.perm_count = COUNT(perms),
	.nav = nav,
	.nav_count = COUNT(nav),
	.job = jobs,
	.job_count = COUNT(jobs),
	.cron = crons,
	.cron_count = COUNT(crons),
	.tab = tabs,
	.tab_count = COUNT(tabs),
	.card = cards,
	.card_count = COUNT(cards),
	.visits = &visits,
	.on_company = start_company,
	.demo = treatment_demo,
	.on_event = on_event,
};

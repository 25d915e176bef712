/* What a company starts with, and the demonstration's leads: fixed, with dates relative to today.
 */
#include "core/random.h"
#include "modules/account/account.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"

typedef struct FirstStage {
	const char *name, *color;
	int probability, stalled_days;
	const char *kind;
} FirstStage;

static const FirstStage first_stages[] = {
	{ "Novo contato", "slate", 10, 2, "open" },
	{ "Em conversa", "blue", 25, 5, "open" },
	{ "Avaliação", "violet", 50, 7, "open" },
	{ "Orçamento", "amber", 70, 10, "open" },
	{ "Fechado", "green", 100, 0, "won" },
};

static const struct {
	const char *name, *icon;
} first_sources[] = {
	{ "Indicação", "users" },
	{ "Instagram", "camera" },
	{ "Google", "globe" },
	{ "WhatsApp", "message-circle" },
	{ "Site", "link" },
	{ "Campanha", "megaphone" },
	{ "Passou na frente", "store" },
};

static const char *const first_reasons[] = { "Preço", "Fechou com outra clínica",
	"Não respondeu mais", "Sem tempo agora", "Medo ou insegurança", "Convênio não cobre",
	"Contato errado" };

static Err start_pipeline(Ctx *cx)
{
	SqlCrmAddPipeline pipeline;
	SqlCrmAddStage stage;

	TRY(sql_crm_add_pipeline(cx, "Tratamentos particulares", 1, &pipeline));
	for (size_t i = 0; i < COUNT(first_stages); i++)
		TRY(sql_crm_add_stage(cx,
			&(SqlCrmAddStageIn){ .pipeline_id = pipeline.id,
				.name = first_stages[i].name,
				.color = first_stages[i].color,
				.position = (int32_t)i + 1,
				.probability = first_stages[i].probability,
				.stalled_days = first_stages[i].stalled_days,
				.kind = first_stages[i].kind },
			&stage));
	return OK;
}

Err crm_start_company(Ctx *cx)
{
	SqlCrmInsertSource source;
	int64_t rows;
	bool added;

	TRY(start_pipeline(cx));
	for (size_t i = 0; i < COUNT(first_sources); i++)
		TRY(sql_crm_insert_source(
			cx, first_sources[i].name, first_sources[i].icon, &source, &added));
	for (size_t i = 0; i < COUNT(first_reasons); i++)
		TRY(sql_crm_add_reason(cx, first_reasons[i], (int32_t)i + 1, &rows));
	return sql_crm_add_form(cx, crypto_token(cx->mem, 16), "Agende sua avaliação", &rows);
}

/* ---- demonstration ---- */

typedef struct DemoLead {
	const char *name, *interest, *source;
	int reais, stage; /* stage: index of first_stages */
	int days_old, days_there;
	int task_hours; /* from now; 0: none */
	const char *task;
	bool hot;
	const char *note;
	const char *lost; /* reason */
} DemoLead;

static const DemoLead demo_leads[] = {
	{ "Letícia Moraes", "Alinhadores invisíveis", "Instagram", 9800, 0, 0, 0, 1,
		"Responder no Instagram", true, "Perguntou se aceita parcelar em 12 vezes.", NULL },
	{ "Bruno Cardoso", "Implante unitário", "Google", 4200, 0, 1, 1, 4,
		"Ligar para marcar avaliação", false, NULL, NULL },
	{ "Denise Albuquerque", "Clareamento", "WhatsApp", 1100, 0, 1, 1, 6,
		"Enviar valores do clareamento", false, NULL, NULL },
	{ "Igor Santana", "Avaliação geral", "Campanha", 0, 0, 2, 2, 21, "Confirmar interesse",
		false, NULL, NULL },
	{ "Patrícia Lacerda", "Limpeza e avaliação", "Passou na frente", 350, 0, 4, 4, 0, NULL,
		false, NULL, NULL },
	{ "Marta Vasconcelos", "Protocolo superior", "Indicação", 28500, 1, 6, 4, -22,
		"Tirar dúvidas sobre enxerto e parcelamento", true,
		"Tem receio da cirurgia. Quer conversar com o dentista antes.", NULL },
	{ "Rodrigo Paiva", "Lentes de contato dental", "Instagram", 16400, 1, 4, 3, 2,
		"Mandar fotos de casos", false, NULL, NULL },
	{ "Camila Freire", "Ortodontia do filho", "WhatsApp", 6300, 1, 3, 2, 70,
		"Ligar depois do almoço", false, NULL, NULL },
	{ "Sérgio Antunes", "Prótese fixa", "Google", 5900, 1, 9, 8, 0, NULL, false,
		"Ficou de ver com a esposa.", NULL },
	{ "Larissa Campos", "Avaliação ortodôntica", "Instagram", 7200, 2, 7, 2, 5,
		"Confirmar avaliação de hoje", false, NULL, NULL },
	{ "Eduardo Pinheiro", "Implantes 35 e 36", "Google", 8900, 2, 8, 5, 8, "Pedir tomografia",
		false, NULL, NULL },
	{ "Simone Queiroz", "Prótese total", "Indicação", 5400, 2, 4, 1, 75, "Lembrar da avaliação",
		false, NULL, NULL },
	{ "Cláudio Menezes", "Implante 46 e coroa", "Indicação", 7650, 3, 15, 9, -46,
		"Retomar orçamento", true, "Achou o valor alto; oferecer entrada menor.", NULL },
	{ "Aline Bittencourt", "Facetas em resina (8)", "Instagram", 6240, 3, 12, 6, 3,
		"Explicar garantia", false, NULL, NULL },
	{ "Otávio Reis", "Canal e coroa 37", "WhatsApp", 3750, 3, 9, 3, 98,
		"Ligar para saber a decisão", false, NULL, NULL },
	{ "Neusa Prates", "Prótese parcial", "Google", 3900, 3, 6, 2, 166, "Reenviar orçamento",
		false, NULL, NULL },
	{ "Sônia Regina Barreto", "Coroa em zircônia 26", "Indicação", 6890, 4, 20, 1, 0, NULL,
		false, "Fechou em 6 vezes no cartão.", NULL },
	{ "Helena Prado", "Aparelho fixo", "Instagram", 8400, 4, 16, 2, 0, NULL, false, NULL,
		NULL },
	{ "Roberto Azevedo", "Prótese sobre implante", "Google", 12300, 4, 25, 3, 0, NULL, false,
		NULL, NULL },
	{ "Tânia Brito", "Clareamento", "Campanha", 1200, 1, 20, 6, 0, NULL, false, NULL,
		"Não respondeu mais" },
	{ "Fábio Nogueira", "Implante unitário", "Google", 4300, 3, 30, 10, 0, NULL, false, NULL,
		"Preço" },
	{ "Juliano Castro", "Aparelho estético", "Instagram", 7900, 2, 22, 9, 0, NULL, false, NULL,
		"Fechou com outra clínica" },
};

/* A number that looks real and is nobody's: 90000-00xx is not given out. */
static const char *demo_phone(Ctx *cx, size_t i)
{
	return arena_printf(cx->mem, "+55119%04zu00%02zu", 1000 + i * 37, i);
}

static Err demo_reason(Ctx *cx, const char *name, int64_t *ret)
{
	SqlCrmLossReasons *row;
	size_t count;

	TRY(sql_crm_loss_reasons(cx, &row, &count));
	*ret = row[0].id;
	for (size_t i = 0; i < count; i++)
		if (!strcmp(row[i].name, name))
			*ret = row[i].id;
	return OK;
}

/* Where the lead stands today, what is planned, what was said. */
static Err demo_story(Ctx *cx, LeadId id, const DemoLead *demo, const Stage *stage, int64_t owner)
{
	int64_t began = cx->now - demo->days_old * (int64_t)86400 - 3600;
	int64_t since = cx->now - demo->days_there * (int64_t)86400 - 1800;
	int64_t task, reason, rows;
	PatientId patient;

	if (!strcmp(stage[demo->stage].kind, "won"))
		TRY(crm_convert_lead(cx, id, 0, &patient));
	else if (demo->stage)
		TRY(crm_move_lead(cx, id, stage[demo->stage].id, /* before= */ 0));
	if (demo->note)
		TRY(crm_add_activity(cx, id, ACTIVITY_CALL, demo->note));
	if (demo->task)
		TRY(crm_add_task(cx,
			&(TaskForm){ .type = "call",
				.title = demo->task,
				.due_at = cx->now + demo->task_hours * (int64_t)3600,
				.assignee_id = owner,
				.lead_id = id.v },
			&task));
	if (demo->lost) {
		TRY(demo_reason(cx, demo->lost, &reason));
		TRY(crm_lose_lead(cx, id, reason, NULL));
	}
	return sql_crm_backdate(cx, id.v, began, since, &since, &rows);
}

Err crm_demo(Ctx *cx)
{
	size_t count, member_count;
	Pipeline *pipeline;
	Member *member;
	LeadId id;

	TRY(crm_list_pipelines(cx, &pipeline, &count));
	TRY(account_list_holders(cx, "crm.write", &member, &member_count));
	/* each clinic leaves out others, so that two do not look like copies */
	for (size_t i = COUNT(demo_leads); i-- > 0;) {
		const DemoLead *demo = &demo_leads[i];
		int64_t owner = member_count ? member[i % member_count].user : 0;

		if (cx->company.v > 1 && i % 3 == 1)
			continue;

		TRY(crm_add_lead(cx,
			&(LeadForm){ .name = demo->name,
				.phone = demo_phone(cx, i),
				.interest = demo->interest,
				.value_cents = demo->reais * (int64_t)100,
				.source = demo->source,
				.hot = demo->hot,
				.owner_id = owner,
				.expected_on = DATE_NONE,
				.consent = i % 3 == 0 },
			LEAD_BY_HAND, &id));
		TRY(demo_story(cx, id, demo, pipeline[0].stage, owner));
	}
	return OK;
}

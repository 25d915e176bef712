/* The demonstration's leads: fixed, with dates relative to today, each played step by step at its
 * own time, so that timelines, time in stage and figures look as in a clinic that works. */
#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"

enum { HOUR_S = 3600, DAY_S = 86400 };

typedef struct DemoLead {
	const char *name, *interest, *source;
	int reais, stage; /* stage: index of the pipeline's stages, the last one is won */
	int days_old, days_there;
	int task_hours; /* from now; 0: none */
	const char *task;
	bool hot;
	const char *note;
	const char *lost; /* reason */
	bool patient;     /* a won one that was registered */
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
		false, "Fechou em 6 vezes no cartão.", NULL, true },
	{ "Helena Prado", "Aparelho fixo", "Instagram", 8400, 4, 16, 2, 0, NULL, false, NULL, NULL,
		true },
	{ "Roberto Azevedo", "Prótese sobre implante", "Google", 12300, 4, 25, 3, 0, NULL, false,
		NULL, NULL, true },
	{ "Tânia Brito", "Clareamento", "Campanha", 1200, 1, 20, 6, 0, NULL, false, NULL,
		"Não respondeu mais" },
	{ "Fábio Nogueira", "Implante unitário", "Google", 4300, 3, 30, 10, 0, NULL, false, NULL,
		"Preço" },
	{ "Juliano Castro", "Aparelho estético", "Instagram", 7900, 2, 22, 9, 0, NULL, false, NULL,
		"Fechou com outra clínica" },
	/* of the months before, so that there is something to compare with */
	{ "Ivone Trindade", "Prótese total", "Indicação", 5200, 4, 58, 37, 0, NULL, false, NULL,
		NULL, false },
	{ "Wagner Bastos", "Implantes 14 e 15", "Google", 9100, 4, 66, 45, 0, NULL, false, NULL,
		NULL, false },
	{ "Luana Peixoto", "Alinhadores invisíveis", "Instagram", 8700, 4, 49, 33, 0, NULL, false,
		NULL, NULL, false },
	{ "Edson Furtado", "Implante unitário", "Google", 4400, 3, 61, 36, 0, NULL, false, NULL,
		"Preço", false },
	{ "Cíntia Amorim", "Clareamento", "Instagram", 1200, 1, 47, 34, 0, NULL, false, NULL,
		"Não respondeu mais", false },
	{ "Rubens Tavares Neto", "Coroa em porcelana", "WhatsApp", 2900, 2, 72, 52, 0, NULL, false,
		NULL, "Sem tempo agora", false },
	{ "Priscila Godoy", "Aparelho fixo", "Campanha", 6100, 3, 55, 40, 0, NULL, false, NULL,
		"Fechou com outra clínica", false },
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

static const char *campaign_of(const char *source)
{
	return !strcmp(source, "Instagram")  ? "alinhadores-verao"
	       : !strcmp(source, "Google")   ? "implantes-busca"
	       : !strcmp(source, "Campanha") ? "clareamento-novembro"
					     : NULL;
}

/* On the same day, at an hour in which a clinic is open. */
static int64_t open_hour(const Ctx *cx, int64_t at, int spread)
{
	Clock clock = time_clock(at, cx->zone);

	if (clock.hour < 8 || clock.hour > 17)
		clock.hour = 9 + spread % 8;
	return time_of_clock(&clock, cx->zone);
}

/* Some hours from now, at a full or half hour; in the evening that is tomorrow, but what is late
 * stays late. */
static int64_t work_time(const Ctx *cx, int hours)
{
	int64_t at = cx->now + hours * (int64_t)HOUR_S;
	Clock clock = time_clock(at, cx->zone);

	if (clock.hour > 17 && hours > 0)
		at += DAY_S;
	clock = time_clock(open_hour(cx, at, abs(hours)), cx->zone);
	clock.minute = clock.minute < 30 ? 0 : 30;
	clock.second = 0;
	return time_of_clock(&clock, cx->zone);
}

/* From the first stage to where it is now, with equal times in between; cx->now goes along. */
static Err walk(
	Ctx *cx, LeadId id, const DemoLead *demo, const Stage *stage, int64_t began, int64_t until)
{
	int steps = demo->stage + (demo->lost ? 1 : 0);
	int64_t reason, rows;
	PatientId patient;

	for (int i = 1; i <= steps; i++) {
		cx->now =
			i == steps ? until : open_hour(cx, began + (until - began) * i / steps, i);
		if (i > demo->stage) {
			TRY(demo_reason(cx, demo->lost, &reason));
			TRY(crm_lose_lead(cx, id, reason, NULL));
		} else if (demo->patient && i == demo->stage) {
			TRY(crm_convert_lead(cx, id, 0, &patient));
		} else {
			TRY(crm_move_lead(cx, id, stage[i].id, /* before= */ 0));
		}
		TRY(sql_crm_backdate(cx, id.v, began, cx->now, &cx->now, &rows));
	}
	return OK;
}

static Err demo_form(Ctx *cx, size_t i, const DemoLead *demo, int64_t owner, LeadId *ret)
{
	return crm_add_lead(cx,
		&(LeadForm){ .name = demo->name,
			.phone = demo_phone(cx, i),
			.interest = demo->interest,
			.value_cents = demo->reais * (int64_t)100,
			.source = demo->source,
			.utm_campaign = campaign_of(demo->source),
			.hot = demo->hot,
			.owner_id = owner,
			/* who is further is expected earlier; who just came, nobody knows */
			.expected_on =
				demo->stage ? date_today(cx->now, cx->zone) + 75 - 15 * demo->stage
					    : DATE_NONE,
			.consent = i % 3 == 0 },
		LEAD_BY_HAND, ret);
}

/* Leaves cx->now anywhere. */
static Err tell_story(Ctx *cx, size_t i, const DemoLead *demo, const Stage *stage, int64_t owner)
{
	int64_t now = cx->now, began = now - demo->days_old * (int64_t)DAY_S - HOUR_S;
	int64_t since = now - demo->days_there * (int64_t)DAY_S - HOUR_S / 2;
	int64_t due = work_time(cx, demo->task_hours), task, rows;
	LeadId id;

	if (demo->days_there) /* on an earlier day, so that it cannot come to lie ahead */
		since = open_hour(cx, since, (int)i);
	if (demo->days_old)
		began = open_hour(cx, began, 0);
	if (!demo->stage)
		since = began;
	cx->now = began;
	TRY(demo_form(cx, i, demo, owner, &id));
	TRY(sql_crm_backdate(cx, id.v, began, began, NULL, &rows));
	TRY(walk(cx, id, demo, stage, began, since));
	cx->now = since + HOUR_S / 4;
	if (demo->note)
		TRY(crm_add_activity(cx, id, ACTIVITY_CALL, demo->note));
	if (demo->task)
		TRY(crm_add_task(cx,
			&(TaskForm){ .type = "call",
				.title = demo->task,
				.due_at = due,
				.assignee_id = owner,
				.lead_id = id.v },
			&task));
	return sql_crm_backdate(cx, id.v, began, since, &since, &rows);
}

Err crm_demo(Ctx *cx)
{
	size_t count, member_count;
	int64_t now = cx->now;
	Pipeline *pipeline;
	Member *member;
	Err err;

	TRY(crm_list_pipelines(cx, &pipeline, &count));
	TRY(account_list_holders(cx, "crm.write", &member, &member_count));
	/* each clinic leaves out others, so that two do not look like copies */
	for (size_t i = COUNT(demo_leads); i-- > 0;) {
		if (cx->company.v > 1 && i % 3 == 1)
			continue;
		err = tell_story(cx, i, &demo_leads[i], pipeline[0].stage,
			member_count ? member[i % member_count].user : 0);
		cx->now = now;
		TRY(err);
	}
	return OK;
}

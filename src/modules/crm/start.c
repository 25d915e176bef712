/* What a company starts with. */
#include "core/random.h"
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

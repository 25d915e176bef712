/* States and reasons of plans in words, and a plan as JSON. */
#include "modules/treatment/plan.h"

const char plan_refusals[] = "price time fear second_opinion other";

typedef struct Word {
	const char *name, *title, *tone;
} Word;

static const Word states[] = {
	{ "planned", "Em montagem", "slate" },
	{ "presented", "Apresentado", "amber" },
	{ "approved", "Aprovado", "blue" },
	{ "in_progress", "Em andamento", "violet" },
	{ "done", "Concluído", "green" },
	{ "refused", "Recusado", "red" },
	{ "cancelled", "Cancelado", "slate" },
	{ "redo", "A refazer", "orange" },
};

static const Word lines[] = {
	{ "planned", "Proposto", "" },
	{ "presented", "Proposto", "" },
	{ "done", "Realizado", "" },
};

static const Word refusals[] = {
	{ "price", "Preço", "" },
	{ "time", "Sem tempo agora", "" },
	{ "fear", "Medo ou insegurança", "" },
	{ "second_opinion", "Vai ouvir outra opinião", "" },
	{ "other", "Outro motivo", "" },
};

static const Word *find(const Word *word, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++)
		if (!strcmp(word[i].name, name))
			return &word[i];
	return NULL;
}

const char *plan_state_title(const char *state)
{
	const Word *word = find(states, COUNT(states), state);

	return word ? word->title : state;
}

const char *plan_state_tone(const char *state)
{
	const Word *word = find(states, COUNT(states), state);

	return word ? word->tone : "slate";
}

const char *line_state_title(const char *state)
{
	const Word *word = find(lines, COUNT(lines), state);

	return word ? word->title : plan_state_title(state);
}

const char *plan_refusal_title(const char *refusal)
{
	const Word *word = find(refusals, COUNT(refusals), refusal);

	return word ? word->title : NULL;
}

bool plan_is_over(const char *state)
{
	return !strcmp(state, "done") || !strcmp(state, "refused") || !strcmp(state, "cancelled");
}

static void put_id(Json *j, const char *key, int64_t id)
{
	if (id)
		json_put_int(j, key, id);
	else
		json_put_null(j, key);
}

static bool is_asked(Int64s ids, int64_t id)
{
	for (size_t i = 0; i < ids.count; i++)
		if (ids.v[i] == id)
			return true;
	return !ids.count;
}

static void put_line(Json *j, const PlanLine *line)
{
	json_put_object(j, NULL);
	json_put_int(j, "id", line->id);
	json_put_int(j, "act_id", line->act_id);
	json_put_int(j, "procedure_id", line->procedure_id);
	json_put_text(j, "name", line->name);
	json_put_text(j, "place", line->place);
	json_put_text(j, "state", line->state);
	put_id(j, "dentist_id", line->dentist_id);
	put_id(j, "appointment_id", line->appointment_id);
	json_put_int(j, "sessions", line->sessions);
	json_put_int(j, "sessions_done", line->sessions_done);
	json_put_int(j, "price_cents", line->price_cents);
	json_put_int(j, "discount_cents", line->discount_cents + line->share_cents);
	json_put_int(j, "total_cents", line->total_cents);
	json_put_time(j, "done_at", line->done_at);
	json_close(j);
}

const char *plan_json(Ctx *cx, const Plan *plan, Int64s ids)
{
	int64_t total = 0;
	Json j;

	json_init(&j, cx->mem);
	json_put_object(&j, NULL);
	json_put_int(&j, "id", plan->id);
	json_put_int(&j, "patient_id", plan->patient_id);
	json_put_text(&j, "name", plan->name);
	json_put_text(&j, "state", plan->state);
	json_put_bool(&j, "active", plan->active);
	put_id(&j, "price_table_id", plan->price_table_id);
	put_id(&j, "dentist_id", plan->dentist_id);
	json_put_time(&j, "presented_at", plan->presented_at);
	json_put_time(&j, "approved_at", plan->approved_at);
	json_put_text(&j, "approved_via", plan->approved_via);
	json_put_text(&j, "refusal", plan->refusal);
	json_put_array(&j, "lines");
	for (size_t i = 0; i < plan->line_count; i++) {
		if (!is_asked(ids, plan->line[i].id) || !strcmp(plan->line[i].state, "cancelled"))
			continue;
		put_line(&j, &plan->line[i]);
		total += plan->line[i].total_cents;
	}
	json_close(&j);
	json_put_int(&j, "total_cents", total);
	json_close(&j);
	return json_done(&j);
}

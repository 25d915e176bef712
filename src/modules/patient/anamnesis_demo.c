/* Anamneses of the demonstration: some signed, one long ago, one still with the patient. */
#include "core/clock.h"
#include "modules/patient/anamnesis_rooms.h"
#include "modules/patient/clinical.h"

typedef struct Said {
	const char *key, *value, *detail;
} Said;

typedef struct DemoFilling {
	const char *patient, *paper;
	int days; /* ago; -1: still open */
	bool reviewed;
	Said said[8];
} DemoFilling;

static const DemoFilling fillings[] = {
	{ "Beatriz Almeida Prates", "Adulto", 12, true,
		{ { "allergy", "yes", "Penicilina" },
			{ "complaint", "Dor de dente do lado direito" }, { "smoke", "Não" },
			{ "last_visit", "2025-11-04" }, { "brushing", "3" } } },
	{ "Davi Monteiro", "Criança", 40, true,
		{ { "complaint", "Revisão" }, { "brusher", "Um adulto" } } },
	{ "Mariana Siqueira", "Adulto", 3, false,
		{ { "diseases", "Asma ou bronquite\nRinite ou sinusite" },
			{ "complaint", "Clareamento" },
			{ "medication", "yes", "Anticoncepcional" } } },
	{ "Pedro Henrique Lima", "Adulto", -1, false,
		{ { "complaint", "Sensibilidade ao frio" } } },
	{ "Antônio Carlos Reis", "Cirurgia e implante", 420, true,
		{ { "anticoagulant", "yes", "Varfarina" }, { "pressure", "Alta" } } },
	{ "Antônio Carlos Reis", "Cirurgia e implante", 20, true,
		{ { "anticoagulant", "yes", "Rivaroxabana" }, { "pressure", "Alta" },
			{ "diabetes", "yes", "Glicada 7,1 em setembro" } } },
	{ "Vera Lúcia Matos", "Adulto", 430, true,
		{ { "bone", "yes", "Alendronato por 4 anos" } } },
};

static const char strokes[] =
	"[[60,120,0,0.5,90,60,40,0.6,120,130,80,0.5,140,80,120,0.6,170,125,160,0.5,200,95,200,0.5],"
	"[220,120,300,0.4,260,70,340,0.6,270,130,380,0.6,320,90,420,0.5,360,120,460,0.5,430,85,500,"
	"0.4]]";

static const char *said_of(
	const DemoFilling *demo, const SqlQuestionRow *q, const char **ret_detail)
{
	for (size_t i = 0; i < COUNT(demo->said) && demo->said[i].key; i++)
		if (!strcmp(demo->said[i].key, q->key)) {
			*ret_detail = demo->said[i].detail;
			return demo->said[i].value;
		}
	*ret_detail = NULL;
	if (!q->required)
		return NULL;
	return !strcmp(q->kind, "yesno") ? "no" : q->options.count ? q->options.v[0] : "Revisão";
}

static Form form_of(Ctx *cx, const DemoFilling *demo, const Filling *filling)
{
	FormPair *pair = NEW_ARRAY(cx->mem, FormPair, filling->asked_count * 4);
	const char *detail;
	size_t n = 0;

	for (size_t i = 0; i < filling->asked_count; i++) {
		const SqlQuestionRow *q = &filling->asked[i].question;
		Str rest = str_of(said_of(demo, q, &detail)), line;

		while (rest.len && str_cut(&rest, '\n', &line))
			pair[n++] = (FormPair){ arena_printf(cx->mem, "q%" PRId64, q->id),
				arena_copy(cx->mem, line.ptr, line.len) };
		if (detail)
			pair[n++] = (FormPair){ arena_printf(cx->mem, "d%" PRId64, q->id), detail };
	}
	return (Form){ pair, n };
}

static Err paper_named(Ctx *cx, const char *name, int64_t *ret)
{
	SqlQuestionnaireRow *paper;
	size_t count;

	TRY(sql_questionnaire_list(cx, &paper, &count));
	for (size_t i = 0; i < count; i++)
		if (!strcmp(paper[i].name, name)) {
			*ret = paper[i].id;
			return OK;
		}
	return err_set(cx, ERR_BUG, "the demonstration has no such questionnaire");
}

static Err fill(Ctx *cx, const DemoFilling *demo, const SqlAnamnesisDemoPatients *patient)
{
	int64_t paper, id, rows;
	Filling filling;
	Form form;

	TRY(paper_named(cx, demo->paper, &paper));
	TRY(anamnesis_start(
		cx, (PatientId){ patient->id }, paper, demo->days < 0 ? "link" : "reception", &id));
	TRY(anamnesis_get(cx, id, &filling));
	form = form_of(cx, demo, &filling);
	if (demo->days < 0)
		return anamnesis_save(cx, id, &form);
	TRY(anamnesis_send(cx, id, &form,
		&(Signature){ .name = patient->name, .points = strokes, .agent = "Demonstração" }));
	TRY(sql_anamnesis_demo_age(cx, id, cx->now - demo->days * (int64_t)86400, &rows));
	TRY(sql_anamnesis_brief(cx, patient->id, &rows));
	return demo->reviewed ? anamnesis_review(cx, id) : OK;
}

Err anamnesis_demo(Ctx *cx)
{
	SqlAnamnesisDemoPatients *patient;
	size_t count;

	TRY(sql_anamnesis_demo_patients(cx, &patient, &count));
	for (size_t i = 0; i < COUNT(fillings); i++)
		for (size_t j = 0; j < count; j++)
			if (!strcmp(patient[j].name, fillings[i].patient))
				TRY(fill(cx, &fillings[i], &patient[j]));
	return OK;
}

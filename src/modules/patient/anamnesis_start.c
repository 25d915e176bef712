/* What every clinic starts with: questionnaires for adults, children, orthodontics and surgery. The
 * keys of questions are the same in all of them, so that answers are compared across. */
#include "modules/patient/anamnesis.h"
#include "modules/patient/clinical.h"
#include "modules/patient/patient_rooms.h"

/* "Sim / Não" warns by its "yes" unless `on` says otherwise. Lists are separated by '|'. */
typedef struct First {
	const char *section, *key, *kind, *text, *detail, *options;
	bool required;
	const char *alert_kind, *alert_on, *alert_text;
	bool severe;
} First;

#define HEALTH   "Saúde geral"
#define MEDICINE "Medicamentos e alergias"
#define MOUTH    "Boca e dentes"
#define HABITS   "Hábitos"
#define WOMEN    "Para mulheres"

#define DECLARES                                                                                   \
	"Declaro que as respostas acima são verdadeiras e que avisarei a clínica se algo mudar " \
	"na "                                                                                      \
	"minha saúde."

static const First adult[] = {
	{ HEALTH, "treatment", "yesno", "Está em tratamento médico?", "Qual e com quem?", NULL,
		true },
	{ HEALTH, "hospital", "yesno", "Já foi internado ou operado?", "Por quê e quando?", NULL,
		false },
	{ HEALTH, "pressure", "choice", "Como é a sua pressão?", NULL, "Normal|Alta|Baixa|Não sei",
		true, "disease", "Alta|Baixa", "Pressão" },
	{ HEALTH, "heart", "yesno", "Tem algum problema no coração?", "Qual?", NULL, true,
		"disease", "yes", "Coração", true },
	{ HEALTH, "prosthesis_heart", "yesno", "Usa marca-passo, stent ou válvula no coração?",
		"Qual?", NULL, true, "disease", "yes", NULL, true },
	{ HEALTH, "diabetes", "yesno", "Tem diabetes?", "Controlada? Última glicemia?", NULL, true,
		"disease", "yes", "Diabetes", true },
	{ HEALTH, "bleeding", "yesno", "Sangra muito quando se corta ou tira um dente?",
		"O que aconteceu?", NULL, true, "disease", "yes", "Sangramento", true },
	{ HEALTH, "diseases", "choices", "Tem ou já teve alguma destas?", NULL,
		"Asma ou bronquite|Rinite ou sinusite|Epilepsia ou "
		"convulsão|Hepatite|HIV|Tuberculose|"
		"Problema nos rins|Problema no fígado|Problema na "
		"tireoide|Osteoporose|Anemia|Câncer|"
		"Gastrite ou refluxo|Ansiedade ou depressão",
		false, "disease",
		"Asma ou bronquite|Epilepsia ou convulsão|Hepatite|HIV|Tuberculose|Problema nos "
		"rins|"
		"Problema no fígado|Osteoporose|Câncer" },
	{ HEALTH, "other_disease", "text", "Alguma outra doença que devemos saber?" },
	{ MEDICINE, "allergy", "yesno", "Tem alergia a algum remédio, látex, iodo ou alimento?",
		"A quê e o que sentiu?", NULL, true, "allergy", "yes", NULL, true },
	{ MEDICINE, "anesthesia", "yesno", "Já passou mal com anestesia no dentista?",
		"O que sentiu?", NULL, true, "allergy", "yes", "Anestesia", true },
	{ MEDICINE, "medication", "yesno", "Toma algum remédio todos os dias?", "Quais?", NULL,
		true, "medication", "yes" },
	{ MEDICINE, "anticoagulant", "yesno",
		"Toma remédio para afinar o sangue (AAS, varfarina, clopidogrel, rivaroxabana)?",
		"Qual?", NULL, true, "anticoagulant", "yes", NULL, true },
	{ MEDICINE, "bone", "yesno",
		"Toma ou já tomou remédio para os ossos (alendronato, ácido zoledrônico)?",
		"Qual e por quanto tempo?", NULL, true, "medication", "yes",
		"Antirreabsortivo ósseo", true },
	{ WOMEN, "pregnant", "choice", "Está grávida?", NULL, "Não|Sim|Talvez|Não se aplica", false,
		"pregnancy", "Sim|Talvez", "Gestação", true },
	{ WOMEN, "weeks", "number", "Se sim, de quantas semanas?" },
	{ WOMEN, "nursing", "yesno", "Está amamentando?", NULL, NULL, false, "other", "yes",
		"Amamentando" },
	{ MOUTH, "complaint", "text", "O que trouxe você à clínica?", NULL, NULL, true },
	{ MOUTH, "last_visit", "date", "Quando foi ao dentista pela última vez?" },
	{ MOUTH, "pain", "yesno", "Sente dor agora?", "Onde?", NULL, true },
	{ MOUTH, "gums", "yesno", "A gengiva sangra?", "Quando?", NULL, false },
	{ MOUTH, "bruxism", "yesno", "Aperta ou range os dentes?", NULL, NULL, false },
	{ MOUTH, "joint", "yesno", "A boca estala ou dói ao abrir?", NULL, NULL, false },
	{ MOUTH, "brushing", "number", "Quantas vezes escova os dentes por dia?" },
	{ HABITS, "smoke", "choice", "Fuma?", NULL,
		"Não|Parei|Sim, até 10 por dia|Sim, mais de 10 por dia", true, "other",
		"Sim, até 10 por dia|Sim, mais de 10 por dia", "Fumante" },
	{ HABITS, "alcohol", "choice", "Bebe álcool?", NULL, "Não|Às vezes|Toda semana|Todo dia",
		false },
	{ HABITS, "fear", "choice", "Tem medo de dentista?", NULL, "Não|Um pouco|Muito", false,
		"other", "Muito", "Medo de dentista" },
};

static const First child[] = {
	{ HEALTH, "treatment", "yesno", "A criança está em tratamento médico?", "Qual e com quem?",
		NULL, true },
	{ HEALTH, "hospital", "yesno", "Já foi internada ou operada?", "Por quê e quando?", NULL,
		false },
	{ HEALTH, "birth_trouble", "yesno", "Houve algum problema na gestação ou no parto?",
		"Qual?", NULL, false },
	{ HEALTH, "heart", "yesno", "Tem algum problema no coração?", "Qual?", NULL, true,
		"disease", "yes", "Coração", true },
	{ HEALTH, "diabetes", "yesno", "Tem diabetes?", NULL, NULL, true, "disease", "yes",
		"Diabetes", true },
	{ HEALTH, "bleeding", "yesno", "Sangra muito quando se machuca?", "O que aconteceu?", NULL,
		true, "disease", "yes", "Sangramento", true },
	{ HEALTH, "diseases", "choices", "Tem ou já teve alguma destas?", NULL,
		"Asma ou bronquite|Rinite ou sinusite|Convulsão|Anemia|Problema nos rins|Catapora|"
		"TDAH|Autismo|Síndrome de Down",
		false, "disease",
		"Asma ou bronquite|Convulsão|Anemia|Problema nos rins|TDAH|Autismo|Síndrome de "
		"Down" },
	{ MEDICINE, "allergy", "yesno", "Tem alergia a algum remédio, látex ou alimento?",
		"A quê e o que sentiu?", NULL, true, "allergy", "yes", NULL, true },
	{ MEDICINE, "anesthesia", "yesno", "Já passou mal com anestesia no dentista?",
		"O que sentiu?", NULL, true, "allergy", "yes", "Anestesia", true },
	{ MEDICINE, "medication", "yesno", "Toma algum remédio?", "Quais?", NULL, true,
		"medication", "yes" },
	{ MOUTH, "complaint", "text", "Por que a criança veio?", NULL, NULL, true },
	{ MOUTH, "first_visit", "yesno", "É a primeira vez no dentista?", NULL, NULL, false },
	{ MOUTH, "trauma", "yesno", "Já bateu os dentes ou caiu de boca?", "Quando e quais dentes?",
		NULL, false },
	{ MOUTH, "brusher", "choice", "Quem escova os dentes?", NULL, "A criança|Um adulto|Os dois",
		false },
	{ MOUTH, "fluoride", "yesno", "Usa creme dental com flúor?", NULL, NULL, false },
	{ HABITS, "sucking", "choices", "Tem algum destes hábitos?", NULL,
		"Chupeta|Dedo|Mamadeira|Rói unha|Respira pela boca|Range os dentes", false },
	{ HABITS, "night_bottle", "yesno", "Mama ou toma leite dormindo?", NULL, NULL, false },
	{ HABITS, "sweets", "choice", "Come doces", NULL, "Raramente|Nos fins de semana|Todo dia",
		false },
	{ HABITS, "behaviour", "choice", "Como costuma reagir no médico ou dentista?", NULL,
		"Tranquila|Com um pouco de medo|Com muito medo", false, "other", "Com muito medo",
		"Muito medo" },
};

static const First braces[] = {
	{ HEALTH, "allergy", "yesno", "Tem alergia a níquel, látex ou algum remédio?",
		"A quê e o que sentiu?", NULL, true, "allergy", "yes", NULL, true },
	{ HEALTH, "medication", "yesno", "Toma algum remédio todos os dias?", "Quais?", NULL, true,
		"medication", "yes" },
	{ HEALTH, "bone", "yesno",
		"Toma ou já tomou remédio para os ossos (alendronato, ácido zoledrônico)?",
		"Qual e por quanto tempo?", NULL, true, "medication", "yes",
		"Antirreabsortivo ósseo", true },
	{ HEALTH, "breathing", "choice", "Respira mais por onde?", NULL,
		"Nariz|Boca|Os dois|Não sei", true },
	{ HEALTH, "tonsils", "yesno", "Já operou amígdalas ou adenoide?", "Quando?", NULL, false },
	{ MOUTH, "complaint", "text", "O que quer mudar no sorriso?", NULL, NULL, true },
	{ MOUTH, "braces_before", "yesno", "Já usou aparelho?", "Qual, e por quanto tempo?", NULL,
		true },
	{ MOUTH, "trauma", "yesno", "Já bateu os dentes ou o queixo com força?", "Quando?", NULL,
		true },
	{ MOUTH, "joint", "yesno", "A boca estala, trava ou dói ao abrir?", "De que lado?", NULL,
		true },
	{ MOUTH, "bruxism", "yesno", "Aperta ou range os dentes?", NULL, NULL, false },
	{ MOUTH, "missing", "yesno", "Falta algum dente, ou nasceu algum a mais?", "Qual?", NULL,
		false },
	{ HABITS, "sucking", "choices", "Tem ou já teve algum destes hábitos?", NULL,
		"Chupeta|Dedo|Rói unha|Morde objetos|Língua entre os dentes", false },
	{ HABITS, "speech", "yesno", "Faz ou já fez tratamento com fonoaudiólogo?", NULL, NULL,
		false },
	{ HABITS, "instrument", "yesno", "Toca instrumento de sopro ou pratica esporte de contato?",
		"Qual?", NULL, false },
	{ HABITS, "family", "yesno",
		"Alguém da família tem mordida parecida ou fez cirurgia no queixo?", "Quem?", NULL,
		false },
};

static const First surgery[] = {
	{ HEALTH, "treatment", "yesno", "Está em tratamento médico?", "Qual e com quem?", NULL,
		true },
	{ HEALTH, "pressure", "choice", "Como é a sua pressão?", NULL, "Normal|Alta|Baixa|Não sei",
		true, "disease", "Alta|Baixa", "Pressão" },
	{ HEALTH, "heart", "yesno", "Tem algum problema no coração, ou já teve infarto ou AVC?",
		"Qual e quando?", NULL, true, "disease", "yes", "Coração", true },
	{ HEALTH, "endocarditis", "yesno", "Já teve endocardite ou usa prótese de válvula?",
		"Quando?", NULL, true, "disease", "yes", "Risco de endocardite", true },
	{ HEALTH, "diabetes", "yesno", "Tem diabetes?", "Última glicemia ou hemoglobina glicada?",
		NULL, true, "disease", "yes", "Diabetes", true },
	{ HEALTH, "bleeding", "yesno", "Sangrou demais em alguma cirurgia ou ao tirar um dente?",
		"O que aconteceu?", NULL, true, "disease", "yes", "Sangramento", true },
	{ HEALTH, "healing", "yesno", "Demora para cicatrizar?", NULL, NULL, true },
	{ HEALTH, "cancer", "yesno", "Fez radioterapia na cabeça ou no pescoço, ou quimioterapia?",
		"Quando?", NULL, true, "disease", "yes", "Radioterapia ou quimioterapia", true },
	{ MEDICINE, "allergy", "yesno", "Tem alergia a algum remédio, látex ou iodo?",
		"A quê e o que sentiu?", NULL, true, "allergy", "yes", NULL, true },
	{ MEDICINE, "anesthesia", "yesno", "Já passou mal com anestesia?", "O que sentiu?", NULL,
		true, "allergy", "yes", "Anestesia", true },
	{ MEDICINE, "anticoagulant", "yesno",
		"Toma remédio para afinar o sangue (AAS, varfarina, clopidogrel, rivaroxabana)?",
		"Qual?", NULL, true, "anticoagulant", "yes", NULL, true },
	{ MEDICINE, "bone", "yesno",
		"Toma ou já tomou remédio para os ossos (alendronato, ácido zoledrônico)?",
		"Qual e por quanto tempo?", NULL, true, "medication", "yes",
		"Antirreabsortivo ósseo", true },
	{ MEDICINE, "corticoid", "yesno", "Tomou corticoide nos últimos seis meses?", "Qual?", NULL,
		true, "medication", "yes", "Corticoide" },
	{ MEDICINE, "medication", "yesno", "Toma outros remédios?", "Quais?", NULL, true,
		"medication", "yes" },
	{ WOMEN, "pregnant", "choice", "Está grávida?", NULL, "Não|Sim|Talvez|Não se aplica", true,
		"pregnancy", "Sim|Talvez", "Gestação", true },
	{ MOUTH, "implant_before", "yesno", "Já perdeu algum implante ou enxerto?",
		"Quando e por quê?", NULL, false },
	{ MOUTH, "bruxism", "yesno", "Aperta ou range os dentes?", NULL, NULL, false },
	{ MOUTH, "expectation", "text", "O que espera do tratamento?" },
	{ HABITS, "smoke", "choice", "Fuma?", NULL,
		"Não|Parei|Sim, até 10 por dia|Sim, mais de 10 por dia", true, "other",
		"Sim, até 10 por dia|Sim, mais de 10 por dia", "Fumante" },
	{ HABITS, "alcohol", "choice", "Bebe álcool?", NULL, "Não|Às vezes|Toda semana|Todo dia",
		false },
	{ HABITS, "companion", "yesno", "Terá quem acompanhe no dia e depois da cirurgia?",
		"Quem? Telefone?", NULL, false },
};

static const struct {
	const char *name, *specialty, *intro;
	const First *question;
	size_t count;
} papers[] = {
	{ "Adulto", "Clínica geral",
		"Suas respostas ajudam a cuidar de você com segurança. Se não souber, marque “Não "
		"sei”.",
		adult, COUNT(adult) },
	{ "Criança", "Odontopediatria", "Quem responde é o responsável pela criança.", child,
		COUNT(child) },
	{ "Ortodontia", "Ortodontia", NULL, braces, COUNT(braces) },
	{ "Cirurgia e implante", "Cirurgia",
		"Responda antes da cirurgia, com a lista dos seus remédios à mão.", surgery,
		COUNT(surgery) },
};

static Strs list_of(Ctx *cx, const char *text)
{
	enum { MOST = 20 };
	const char **list = NEW_ARRAY(cx->mem, const char *, MOST);
	Str rest = str_of(text), piece;
	size_t n = 0;

	while (text && n < MOST && str_cut(&rest, '|', &piece))
		list[n++] = arena_copy(cx->mem, piece.ptr, piece.len);
	return (Strs){ list, n };
}

static Err start_question(Ctx *cx, int64_t version, int position, const First *first)
{
	SqlQuestionInsert made;

	return sql_question_insert(cx,
		&(SqlQuestionInsertIn){ .version_id = version,
			.key = first->key,
			.position = position,
			.section = first->section,
			.text = first->text,
			.kind = first->kind,
			.required = first->required,
			.detail = first->detail,
			.options = list_of(cx, first->options),
			.alert_kind = first->alert_kind,
			.alert_on = list_of(cx, first->alert_on     ? first->alert_on
						: first->alert_kind ? "yes"
								    : NULL),
			.alert_text = first->alert_text,
			.alert_severe = first->severe },
		&made);
}

Err anamnesis_start_company(Ctx *cx)
{
	const int64_t *user = db_id_or_null(&cx->user.v);
	SqlQuestionnaireInsert paper;
	SqlVersionInsert version;
	int64_t rows;
	bool added;

	for (size_t i = 0; i < COUNT(papers); i++) {
		TRY(sql_questionnaire_insert(cx,
			&(SqlQuestionnaireInsertIn){ .name = papers[i].name,
				.name_key = str_fold(cx->mem, papers[i].name),
				.specialty = papers[i].specialty,
				.intro = papers[i].intro,
				.declares = DECLARES,
				.months = 6,
				.position = (int32_t)i + 1 },
			&paper, &added));
		if (!added)
			continue;
		TRY(sql_version_insert(cx, paper.id, user, &version));
		for (size_t j = 0; j < papers[i].count; j++)
			TRY(start_question(cx, version.id, (int)j + 1, &papers[i].question[j]));
		TRY(sql_version_publish(cx, version.id, user, &rows));
	}
	return OK;
}

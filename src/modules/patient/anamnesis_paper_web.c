/* Configurações › Anamnese: questionnaires, their questions, and the draft that becomes a version.
 */
#include "modules/audit/audit.h"
#include "modules/patient/anamnesis_web.h"
#include "modules/patient/clinical.h"

/* ---- questionnaires ---- */

static Err show_papers(Req *q, int status, bool adding)
{
	PapersView view = { .q = q, .adding = adding };
	SqlQuestionnaireRow *paper;

	TRY(sql_questionnaire_list(q->cx, &paper, &view.paper_count));
	view.paper = paper;
	questionnaires_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/anamnesis */
static Err list(Req *q)
{
	return show_papers(q, 200, /* adding= */ false);
}

static Err to_paper(Req *q, int64_t id, const char *toast)
{
	answer_toast(q, toast, NULL);
	return redirect(q, "/settings/anamnesis/%" PRId64, id);
}

typedef struct PaperForm {
	const char *name, *specialty, *intro, *declares;
	int64_t months, version;
	bool active;
} PaperForm;

static const Field paper_fields[] = {
	FIELD(PaperForm, name, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(PaperForm, specialty, FIELD_TEXT, "Especialidade", 0, 60, false),
	FIELD(PaperForm, intro, FIELD_LONG, "Texto antes das perguntas", 0, 600, false),
	FIELD(PaperForm, declares, FIELD_LONG, "Declaração", 1, 600, true),
	FIELD(PaperForm, months, FIELD_INT, "Validade", 1, 60, true),
	FIELD(PaperForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
	FIELD(PaperForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

typedef struct NameForm {
	const char *name, *specialty;
} NameForm;

static const Field name_fields[] = {
	FIELD(NameForm, name, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(NameForm, specialty, FIELD_TEXT, "Especialidade", 0, 60, false),
};

/* POST /settings/anamnesis: an empty one. 303 to it; 422. */
static Err create(Req *q)
{
	SqlQuestionnaireInsert made;
	int64_t version;
	NameForm in;
	bool added;

	if (!form_read(q, name_fields, COUNT(name_fields), &in))
		return show_papers(q, 422, /* adding= */ true);
	TRY(sql_questionnaire_insert(q->cx,
		&(SqlQuestionnaireInsertIn){ .name = in.name,
			.name_key = str_fold(q->cx->mem, in.name),
			.specialty = in.specialty,
			.declares = "Declaro que as respostas acima são verdadeiras.",
			.months = 6,
			.position = 100 },
		&made, &added));
	if (!added) {
		(void)err_field(q->cx, "name", "Já existe um questionário com este nome.");
		return show_papers(q, 422, /* adding= */ true);
	}
	TRY(questionnaire_draft(q->cx, made.id, &version));
	TRY(audit_add_change(q->cx, &(Change){ .action = "questionnaire.create",
					    .subject = "questionnaire",
					    .subject_id = made.id }));
	return to_paper(q, made.id, "Questionário criado");
}

/* POST /settings/anamnesis/defaults: those that every clinic starts with, where they are missing.
 */
static Err add_defaults(Req *q)
{
	TRY(anamnesis_start_company(q->cx));
	answer_toast(q, "Questionários adicionados", NULL);
	return redirect(q, "/settings/anamnesis");
}

static Err paper_asked(Req *q, SqlQuestionnaireRow *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return sql_questionnaire_by_id(q->cx, id, ret);
}

static Err show_paper(Req *q, const SqlQuestionnaireRow *paper, int status)
{
	PaperView view = { .q = q, .paper = paper, .draft = !paper->draft_id_null };
	SqlQuestionRow *question;

	TRY(sql_question_list(q->cx, view.draft ? paper->draft_id : paper->published_id, &question,
		&view.question_count));
	view.question = question;
	questionnaire_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/anamnesis/:id */
static Err show(Req *q)
{
	SqlQuestionnaireRow paper;

	TRY(paper_asked(q, &paper));
	return show_paper(q, &paper, 200);
}

/* POST /settings/anamnesis/:id. 422; 409: saved by somebody else meanwhile. */
static Err update(Req *q)
{
	SqlQuestionnaireRow paper;
	PaperForm in;
	int64_t rows;

	TRY(paper_asked(q, &paper));
	if (!form_read(q, paper_fields, COUNT(paper_fields), &in))
		return show_paper(q, &paper, 422);
	TRY(sql_questionnaire_update(q->cx,
		&(SqlQuestionnaireUpdateIn){ .id = paper.id,
			.name = in.name,
			.name_key = str_fold(q->cx->mem, in.name),
			.specialty = in.specialty,
			.intro = in.intro,
			.declares = in.declares,
			.months = (int32_t)in.months,
			.active = in.active,
			.version = (int32_t)in.version },
		&rows));
	if (!rows)
		return err_set(q->cx, ERR_CONFLICT,
			"questionnaire %" PRId64 " is not at version %" PRId64, paper.id,
			in.version);
	TRY(audit_add_change(q->cx, &(Change){ .action = "questionnaire.update",
					    .subject = "questionnaire",
					    .subject_id = paper.id }));
	return to_paper(q, paper.id, "Questionário salvo");
}

/* POST /settings/anamnesis/:id/publish. 409: nothing to publish. */
static Err publish(Req *q)
{
	SqlQuestionnaireRow paper;

	TRY(paper_asked(q, &paper));
	TRY(questionnaire_publish(q->cx, paper.id));
	return to_paper(q, paper.id, "Nova versão publicada");
}

/* POST /settings/anamnesis/:id/discard. 409: nothing to discard. */
static Err discard(Req *q)
{
	SqlQuestionnaireRow paper;

	TRY(paper_asked(q, &paper));
	TRY(questionnaire_discard(q->cx, paper.id));
	return to_paper(q, paper.id, "Mudanças descartadas");
}

/* POST /settings/anamnesis/:id/draft: a copy of what is asked, to be changed. */
static Err draft(Req *q)
{
	SqlQuestionnaireRow paper;
	int64_t version;

	TRY(paper_asked(q, &paper));
	TRY(questionnaire_draft(q->cx, paper.id, &version));
	return redirect(q, "/settings/anamnesis/%" PRId64, paper.id);
}

typedef struct OrderForm {
	Int64s ids;
} OrderForm;

static const Field order_fields[] = {
	FIELD(OrderForm, ids, FIELD_IDS, "Ordem", 1, QUESTIONS_MAX, true),
};

/* PATCH /settings/anamnesis/:id/order. 409: no draft. */
static Err reorder(Req *q)
{
	SqlQuestionnaireRow paper;
	OrderForm in;
	int64_t rows;

	TRY(paper_asked(q, &paper));
	if (!form_read(q, order_fields, COUNT(order_fields), &in))
		return ERR_INVALID;
	if (paper.draft_id_null)
		return err_tell(q->cx, ERR_CONFLICT, "Comece a editar antes de mudar a ordem.",
			"questionnaire %" PRId64 " has no draft", paper.id);
	TRY(sql_question_order(q->cx, paper.draft_id, in.ids, &rows));
	return send_nothing(q);
}

/* ---- questions ---- */

static const Field question_fields[] = {
	FIELD(QuestionForm, section, FIELD_TEXT, "Seção", 0, 80, false),
	FIELD(QuestionForm, text, FIELD_TEXT, "Pergunta", 1, 300, true),
	FIELD(QuestionForm, hint, FIELD_TEXT, "Explicação", 0, 200, false),
	CHOICE_FIELD(QuestionForm, kind, "Tipo", "yesno choice choices text number date", true),
	FIELD(QuestionForm, required, FIELD_BOOL, "Obrigatória", 0, 0, false),
	FIELD(QuestionForm, detail, FIELD_TEXT, "Detalhe", 0, 120, false),
	FIELD(QuestionForm, options, FIELD_TEXTS, "Opções", 0, 20, false),
	CHOICE_FIELD(QuestionForm, alert_kind, "Alerta",
		"allergy disease medication anticoagulant pregnancy other", false),
	FIELD(QuestionForm, alert_on, FIELD_TEXTS, "Respostas que alertam", 0, 20, false),
	FIELD(QuestionForm, alert_text, FIELD_TEXT, "Texto do alerta", 0, 80, false),
	FIELD(QuestionForm, alert_severe, FIELD_BOOL, "Grave", 0, 0, false),
};

static const struct {
	const char *stored, *word;
} words[] = {
	{ "yes", "Sim" },
	{ "no", "Não" },
	{ "unknown", "Não sei" },
	{ "any", "Qualquer" },
};

Strs alert_words(Arena *mem, Strs stored)
{
	const char **list = NEW_ARRAY(mem, const char *, stored.count + 1);

	for (size_t i = 0; i < stored.count; i++) {
		list[i] = stored.v[i];
		for (size_t j = 0; j < COUNT(words); j++)
			if (!strcmp(words[j].stored, stored.v[i]))
				list[i] = words[j].word;
	}
	return (Strs){ list, stored.count };
}

Strs alert_values(Arena *mem, Strs typed)
{
	const char **list = NEW_ARRAY(mem, const char *, typed.count + 1);

	for (size_t i = 0; i < typed.count; i++) {
		const char *folded = str_fold(mem, typed.v[i]);

		list[i] = typed.v[i];
		for (size_t j = 0; j < COUNT(words); j++)
			if (!strcmp(str_fold(mem, words[j].word), folded))
				list[i] = words[j].stored;
	}
	return (Strs){ list, typed.count };
}

/* An option may be called "Sim" too: only questions without options have answers of their own. */
static bool read_question(Req *q, QuestionForm *ret)
{
	if (!form_read(q, question_fields, COUNT(question_fields), ret))
		return false;
	if (*ret->kind != 'c')
		ret->alert_on = alert_values(q->cx->mem, ret->alert_on);
	return true;
}

static Err show_question(
	Req *q, const SqlQuestionnaireRow *paper, const SqlQuestionRow *question, int status)
{
	QuestionView view = { .q = q, .paper = paper, .question = question };
	int64_t version = paper->draft_id_null ? paper->published_id : paper->draft_id;
	const char **section;
	SqlQuestionRow *row;
	size_t count, n = 0;

	TRY(sql_question_list(q->cx, version, &row, &count));
	section = NEW_ARRAY(q->cx->mem, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		if (*row[i].section && (!n || strcmp(section[n - 1], row[i].section) != 0))
			section[n++] = row[i].section;
	view.sections = (Strs){ section, n };
	question_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/anamnesis/:id/questions/new */
static Err blank_question(Req *q)
{
	SqlQuestionnaireRow paper;

	TRY(paper_asked(q, &paper));
	return show_question(q, &paper, NULL, 200);
}

/* POST /settings/anamnesis/:id/questions. 303 to the questionnaire; 422 with the form. */
static Err create_question(Req *q)
{
	SqlQuestionnaireRow paper;
	QuestionForm in;
	Err err = ERR_INVALID;
	int64_t id;

	TRY(paper_asked(q, &paper));
	if (read_question(q, &in))
		err = questionnaire_add_question(q->cx, paper.id, &in, &id);
	if (err == ERR_INVALID)
		return show_question(q, &paper, NULL, 422);
	TRY(err);
	return to_paper(q, paper.id, "Pergunta adicionada");
}

/* The question of the path, of this questionnaire's draft. */
static Err question_asked(Req *q, SqlQuestionnaireRow *ret_paper, SqlQuestionRow *ret)
{
	int64_t id;

	TRY(paper_asked(q, ret_paper));
	TRY(req_id(q, "question", &id));
	TRY(sql_question_by_id(q->cx, id, ret));
	if (ret_paper->draft_id_null || ret->version_id != ret_paper->draft_id)
		return err_tell(q->cx, ERR_NOT_FOUND,
			"Esta pergunta não está no rascunho: alguém já o publicou ou descartou.",
			"question %" PRId64 " is not of the draft", id);
	return OK;
}

/* GET /settings/anamnesis/:id/questions/:question */
static Err edit_question(Req *q)
{
	SqlQuestionnaireRow paper;
	SqlQuestionRow question;

	TRY(question_asked(q, &paper, &question));
	return show_question(q, &paper, &question, 200);
}

/* POST /settings/anamnesis/:id/questions/:question */
static Err update_question(Req *q)
{
	SqlQuestionnaireRow paper;
	SqlQuestionRow question;
	QuestionForm in;
	Err err = ERR_INVALID;

	TRY(question_asked(q, &paper, &question));
	if (read_question(q, &in))
		err = questionnaire_save_question(q->cx, question.id, &in);
	if (err == ERR_INVALID)
		return show_question(q, &paper, &question, 422);
	TRY(err);
	return to_paper(q, paper.id, "Pergunta salva");
}

/* POST /settings/anamnesis/:id/questions/:question/remove */
static Err remove_question(Req *q)
{
	SqlQuestionnaireRow paper;
	SqlQuestionRow question;

	TRY(question_asked(q, &paper, &question));
	TRY(questionnaire_remove_question(q->cx, question.id));
	return to_paper(q, paper.id, "Pergunta retirada");
}

/* One place up or down, for those who do not drag. */
static Err shift(Req *q, int by)
{
	SqlQuestionnaireRow paper;
	SqlQuestionRow question, *row;
	int64_t ids[QUESTIONS_MAX + 30], rows;
	size_t count, at = 0;

	TRY(question_asked(q, &paper, &question));
	TRY(sql_question_list(q->cx, paper.draft_id, &row, &count));
	for (size_t i = 0; i < count && i < COUNT(ids); i++) {
		ids[i] = row[i].id;
		if (ids[i] == question.id)
			at = i;
	}
	if (at + (size_t)by < count) {
		ids[at] = ids[at + (size_t)by];
		ids[at + (size_t)by] = question.id;
		TRY(sql_question_order(q->cx, paper.draft_id, (Int64s){ ids, count }, &rows));
	}
	return redirect(q, "/settings/anamnesis/%" PRId64, paper.id);
}

static Err question_up(Req *q)
{
	return shift(q, -1);
}

static Err question_down(Req *q)
{
	return shift(q, 1);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/settings/anamnesis", list, "patient.forms" },
	{ POST, "/settings/anamnesis", create, "patient.forms" },
	{ POST, "/settings/anamnesis/defaults", add_defaults, "patient.forms" },
	{ GET, "/settings/anamnesis/:id", show, "patient.forms" },
	{ POST, "/settings/anamnesis/:id", update, "patient.forms" },
	{ POST, "/settings/anamnesis/:id/draft", draft, "patient.forms" },
	{ POST, "/settings/anamnesis/:id/publish", publish, "patient.forms" },
	{ POST, "/settings/anamnesis/:id/discard", discard, "patient.forms" },
	{ PATCH, "/settings/anamnesis/:id/order", reorder, "patient.forms" },
	{ GET, "/settings/anamnesis/:id/questions/new", blank_question, "patient.forms" },
	{ POST, "/settings/anamnesis/:id/questions", create_question, "patient.forms" },
	{ GET, "/settings/anamnesis/:id/questions/:question", edit_question, "patient.forms" },
	{ POST, "/settings/anamnesis/:id/questions/:question", update_question, "patient.forms" },
	{ POST, "/settings/anamnesis/:id/questions/:question/remove", remove_question, "patient.forms" },
	{ POST, "/settings/anamnesis/:id/questions/:question/up", question_up, "patient.forms" },
	{ POST, "/settings/anamnesis/:id/questions/:question/down", question_down, "patient.forms" },
};
/* clang-format on */

const RouteList questionnaire_routes = { routes, COUNT(routes), &alert_routes };

const char *question_kind_title(const char *kind)
{
	static const struct {
		const char *kind, *title;
	} titles[] = {
		{ "yesno", "Sim ou não" },
		{ "choice", "Uma opção" },
		{ "choices", "Várias opções" },
		{ "number", "Número" },
		{ "date", "Data" },
	};

	for (size_t i = 0; i < COUNT(titles); i++)
		if (!strcmp(titles[i].kind, kind))
			return titles[i].title;
	return "Texto";
}

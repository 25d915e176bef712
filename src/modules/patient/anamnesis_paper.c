/* Questionnaires and their versions. A change is made in a draft, question by question, and asked
 * from the moment the draft is published; what was answered before keeps its own version. */
#include "core/random.h"
#include "modules/audit/audit.h"
#include "modules/patient/anamnesis.h"
#include "modules/patient/patient_rooms.h"

Err questionnaire_draft(Ctx *cx, int64_t questionnaire, int64_t *ret_version)
{
	SqlQuestionnaireRow paper;
	SqlVersionInsert made;
	int64_t rows;

	TRY(sql_questionnaire_by_id(cx, questionnaire, &paper));
	if (!paper.draft_id_null) {
		*ret_version = paper.draft_id;
		return OK;
	}
	TRY(sql_version_insert(cx, questionnaire, db_id_or_null(&cx->user.v), &made));
	if (!paper.published_id_null)
		TRY(sql_version_copy(cx, paper.published_id, made.id, &rows));
	*ret_version = made.id;
	return OK;
}

/* ---- questions ---- */

static bool has_options(const QuestionForm *in)
{
	return *in->kind == 'c'; /* choice, choices */
}

/* What both queries write of a question. */
#define QUESTION_COLUMNS(q)                                                                        \
	.section = (q)->section ? (q)->section : "", .text = (q)->text, .hint = (q)->hint,         \
	.kind = (q)->kind, .required = (q)->required, .detail = (q)->detail,                       \
	.options = has_options(q) ? (q)->options : (Strs){ 0 }, .alert_kind = (q)->alert_kind,     \
	.alert_on = (q)->alert_kind ? (q)->alert_on : (Strs){ 0 }, .alert_text = (q)->alert_text,  \
	.alert_severe = (q)->alert_severe

static Err check_options(Ctx *cx, const QuestionForm *in)
{
	if (!has_options(in))
		return OK;
	if (in->options.count < 2)
		return err_field(cx, "options", "Escreva ao menos duas opções.");
	for (size_t i = 0; i < in->options.count; i++) {
		if (strlen(in->options.v[i]) > 100 || strchr(in->options.v[i], '\n'))
			return err_field(cx, "options", "Cada opção tem até 100 letras.");
		for (size_t j = 0; j < i; j++)
			if (!strcmp(in->options.v[i], in->options.v[j]))
				return err_field(cx, "options", "Uma opção está repetida.");
	}
	return OK;
}

/* Which answers may warn depends on the kind of question. */
static Err check_alert(Ctx *cx, const QuestionForm *in)
{
	bool yesno = !strcmp(in->kind, "yesno");

	if (!in->alert_kind)
		return OK;
	if (!in->alert_on.count)
		return err_field(cx, "alert_on", "Diga qual resposta gera o alerta.");
	for (size_t i = 0; i < in->alert_on.count; i++) {
		const char *on = in->alert_on.v[i];
		bool fits =
			has_options(in) ? strs_have(in->options, on)
			: yesno ? !strcmp(on, "yes") || !strcmp(on, "no") || !strcmp(on, "unknown")
				: !strcmp(on, "any");

		if (!fits)
			return err_field(cx, "alert_on", "Uma das respostas não é desta pergunta.");
	}
	return OK;
}

static Err check(Ctx *cx, const QuestionForm *in)
{
	TRY(check_options(cx, in));
	return check_alert(cx, in);
}

static Err changed(Ctx *cx, const char *action, int64_t questionnaire)
{
	return audit_add_change(cx, &(Change){ .action = action,
					    .subject = "questionnaire",
					    .subject_id = questionnaire });
}

Err questionnaire_add_question(Ctx *cx, int64_t questionnaire, const QuestionForm *in, int64_t *ret)
{
	SqlQuestionRow *question;
	SqlQuestionInsert made;
	unsigned char key[6];
	int64_t version;
	size_t count;

	TRY(check(cx, in));
	TRY(questionnaire_draft(cx, questionnaire, &version));
	TRY(sql_question_list(cx, version, &question, &count));
	if (count >= QUESTIONS_MAX)
		return err_tell(cx, ERR_INVALID, "O questionário já tem 120 perguntas.",
			"version %" PRId64 " is full", version);
	crypto_random(key, sizeof key);
	TRY(sql_question_insert(cx,
		&(SqlQuestionInsertIn){ .version_id = version,
			.key = arena_printf(cx->mem, "c%02x%02x%02x%02x%02x%02x", key[0], key[1],
				key[2], key[3], key[4], key[5]),
			.position = count ? question[count - 1].position + 1 : 1,
			QUESTION_COLUMNS(in) },
		&made));
	*ret = made.id;
	return changed(cx, "questionnaire.question", questionnaire);
}

Err questionnaire_save_question(Ctx *cx, int64_t question, const QuestionForm *in)
{
	int64_t rows;

	TRY(check(cx, in));
	TRY(sql_question_update(
		cx, &(SqlQuestionUpdateIn){ .id = question, QUESTION_COLUMNS(in) }, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no question %" PRId64, question);
	return changed(cx, "questionnaire.question", question);
}

Err questionnaire_remove_question(Ctx *cx, int64_t question)
{
	int64_t rows;

	TRY(sql_question_remove(cx, question, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no question %" PRId64, question);
	return changed(cx, "questionnaire.question", question);
}

/* ---- versions ---- */

Err questionnaire_publish(Ctx *cx, int64_t questionnaire)
{
	SqlQuestionnaireRow paper;
	int64_t rows = 0;

	TRY(sql_questionnaire_by_id(cx, questionnaire, &paper));
	if (!paper.draft_id_null)
		TRY(sql_version_publish(cx, paper.draft_id, db_id_or_null(&cx->user.v), &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Não há mudanças para publicar.",
			"questionnaire %" PRId64 " has no draft that asks anything", questionnaire);
	return changed(cx, "questionnaire.publish", questionnaire);
}

Err questionnaire_discard(Ctx *cx, int64_t questionnaire)
{
	SqlQuestionnaireRow paper;
	int64_t rows = 0;

	TRY(sql_questionnaire_by_id(cx, questionnaire, &paper));
	if (paper.draft_id_null || paper.published_id_null)
		return err_tell(cx, ERR_CONFLICT, "Não há mudanças para descartar.",
			"questionnaire %" PRId64 " has no draft beside a version", questionnaire);
	TRY(sql_version_discard_questions(cx, paper.draft_id, &rows));
	TRY(sql_version_discard(cx, paper.draft_id, &rows));
	return changed(cx, "questionnaire.discard", questionnaire);
}

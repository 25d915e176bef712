/* Anamneses: begun, filled, signed, reviewed. What is signed is never written again (a trigger of
 * the table says so too); what the answers warn of becomes alerts in the same transaction. */
#include "modules/patient/anamnesis.h"

#include "core/clock.h"
#include "core/random.h"
#include "modules/audit/audit.h"
#include "modules/notice/notice.h"
#include "modules/patient/alert.h"
#include "modules/patient/anamnesis_rooms.h"
#include "modules/patient/patient_rooms.h"

enum { WARNINGS_MAX = 60, ALERT_TEXT_MAX = 200 };

/* ---- beginning ---- */

Err anamnesis_start(
	Ctx *cx, PatientId patient, int64_t questionnaire, const char *way, int64_t *ret)
{
	SqlQuestionnaireRow paper;
	SqlAnamnesisInsert made;
	SqlAnamnesisOpen open;
	int64_t rows;
	bool found;

	TRY(patient_lock(cx, patient));
	TRY(sql_questionnaire_by_id(cx, questionnaire, &paper));
	if (!paper.active || paper.published_id_null)
		return err_tell(cx, ERR_NOT_FOUND, "Este questionário não está em uso.",
			"questionnaire %" PRId64 " is not in use", questionnaire);
	TRY(sql_anamnesis_open(cx, patient.v, questionnaire, &open, &found));
	if (found) {
		TRY(sql_anamnesis_way(cx, open.id, way, &rows));
		*ret = open.id;
		return OK;
	}
	TRY(sql_anamnesis_insert(cx, patient.v, questionnaire, paper.published_id, way,
		db_id_or_null(&cx->user.v), &made));
	TRY(audit_add_change(cx, &(Change){ .action = "anamnesis.start",
					 .subject = "patient",
					 .subject_id = patient.v }));
	*ret = made.id;
	return OK;
}

/* ---- reading ---- */

static void take_answers(Filling *filling, const SqlAnswerList *answer, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < filling->asked_count; j++)
			if (filling->asked[j].question.id == answer[i].question_id) {
				filling->asked[j].value = answer[i].value;
				filling->asked[j].detail = answer[i].detail;
				filling->answered++;
			}
}

/* A question of another kind than last time cannot be compared: its answer is shown all the same.
 */
static void take_before(Ctx *cx, Filling *filling, const SqlAnswerBefore *before, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (before[i].at > filling->before_at)
			filling->before_at = before[i].at;
		for (size_t j = 0; j < filling->asked_count; j++) {
			Asked *asked = &filling->asked[j];

			if (strcmp(asked->question.key, before[i].key) != 0)
				continue;
			asked->before = answer_text(cx->mem, before[i].kind, before[i].value);
			asked->before_detail = before[i].detail;
			asked->before_at = before[i].at;
			asked->changed =
				asked->value && (!str_same(asked->value, before[i].value) ||
							!str_same(asked->detail, before[i].detail));
			filling->changed += asked->changed;
		}
	}
}

Err anamnesis_get(Ctx *cx, int64_t id, Filling *ret)
{
	Filling filling = { 0 };
	SqlQuestionRow *question;
	SqlAnswerList *answer;
	SqlAnswerBefore *before;
	size_t answer_count, before_count;

	TRY(sql_anamnesis_by_id(cx, id, &filling.head));
	TRY(sql_question_list_send(cx, filling.head.version_id));
	TRY(sql_answer_list_send(cx, id));
	TRY(sql_answer_before_send(cx, filling.head.patient_id, id));
	TRY(sql_question_list_read(cx, &question, &filling.asked_count));
	TRY(sql_answer_list_read(cx, &answer, &answer_count));
	TRY(sql_answer_before_read(cx, &before, &before_count));
	filling.asked = NEW_ARRAY(cx->mem, Asked, filling.asked_count + 1);
	for (size_t i = 0; i < filling.asked_count; i++)
		filling.asked[i].question = question[i];
	take_answers(&filling, answer, answer_count);
	take_before(cx, &filling, before, before_count);
	*ret = filling;
	return OK;
}

/* ---- writing ---- */

Err answers_write(Ctx *cx, const Filling *filling)
{
	int64_t *ids = NEW_ARRAY(cx->mem, int64_t, filling->asked_count + 1);
	const char **texts = NEW_ARRAY(cx->mem, const char *, filling->asked_count + 1);
	const char **details = NEW_ARRAY(cx->mem, const char *, filling->asked_count + 1);
	int64_t rows;
	size_t n = 0;

	for (size_t i = 0; i < filling->asked_count; i++) {
		const Asked *asked = &filling->asked[i];

		if (!asked->value)
			continue;
		ids[n] = asked->question.id;
		texts[n] = asked->value;
		details[n++] = asked->detail ? asked->detail : "";
	}
	TRY(sql_answer_forget(cx, filling->head.id, (Int64s){ ids, n }, &rows));
	TRY(sql_answer_put(cx, filling->head.id, (Int64s){ ids, n }, (Strs){ texts, n },
		(Strs){ details, n }, &rows));
	return sql_anamnesis_saved(cx, filling->head.id, &rows);
}

/* The filling, held against others who save it, and still open. */
static Err get_open(Ctx *cx, int64_t id, Filling *ret)
{
	SqlAnamnesisRow head;
	SqlAnamnesisLock lock;

	TRY(sql_anamnesis_by_id(cx, id, &head));
	TRY(patient_lock(cx, (PatientId){ head.patient_id }));
	TRY(sql_anamnesis_lock(cx, id, &lock));
	if (strcmp(lock.state, "open") != 0)
		return err_tell(cx, ERR_CONFLICT, "Esta anamnese já foi enviada e não muda mais.",
			"anamnesis %" PRId64 " is %s", id, lock.state);
	return anamnesis_get(cx, id, ret);
}

Err anamnesis_save(Ctx *cx, int64_t id, const Form *form)
{
	Filling filling;

	TRY(get_open(cx, id, &filling));
	TRY(answers_read(cx, form, /* strict= */ false, &filling));
	return answers_write(cx, &filling);
}

/* ---- what the answers warn of ---- */

static bool is_among(Strs list, Str text)
{
	for (size_t i = 0; i < list.count; i++)
		if (str_is(text, list.v[i]))
			return true;
	return false;
}

/* One line, as heads and lists show it. */
static const char *one_line(Ctx *cx, const char *text)
{
	char *line = str_head(cx->mem, text, ALERT_TEXT_MAX);

	for (char *c = line; *c; c++)
		if (*c == '\n' || *c == '\r' || *c == '\t')
			*c = ' ';
	return line;
}

static const char *warning_text(Ctx *cx, const SqlQuestionRow *q, const char *said)
{
	if (q->alert_text && said)
		return one_line(cx, arena_printf(cx->mem, "%s: %s", q->alert_text, said));
	return one_line(cx, said ? said : q->alert_text ? q->alert_text : q->text);
}

size_t answers_warn(Ctx *cx, const Filling *filling, Warning *ret, size_t most)
{
	size_t n = 0;

	for (size_t i = 0; i < filling->asked_count; i++) {
		const Asked *asked = &filling->asked[i];
		const SqlQuestionRow *q = &asked->question;
		bool yesno = !strcmp(q->kind, "yesno"), listed = *q->kind == 'c';
		Str rest = str_of(asked->value), line;

		if (!q->alert_kind)
			continue;
		if (is_among(q->alert_on, STR_LIT("any")) && asked->value && n < most)
			ret[n++] = (Warning){ q->alert_kind, warning_text(cx, q, asked->value),
				q->key, q->alert_severe };
		while ((yesno || listed) && n < most && str_cut(&rest, '\n', &line)) {
			const char *said =
				listed ? arena_copy(cx->mem, line.ptr, line.len) : asked->detail;

			if (is_among(q->alert_on, line))
				ret[n++] = (Warning){ q->alert_kind, warning_text(cx, q, said),
					q->key, q->alert_severe };
		}
	}
	return n;
}

static Err warn(Ctx *cx, const Filling *filling, int *ret_count)
{
	Warning warning[WARNINGS_MAX];
	size_t count = answers_warn(cx, filling, warning, WARNINGS_MAX);
	bool added;

	*ret_count = 0;
	for (size_t i = 0; i < count; i++) {
		TRY(alert_add(cx, (PatientId){ filling->head.patient_id },
			&(AlertNew){ .kind = warning[i].kind,
				.text = warning[i].text,
				.severe = warning[i].severe,
				.anamnesis = filling->head.id,
				.question_key = warning[i].key },
			&added));
		*ret_count += added;
	}
	return OK;
}

static bool calls_for(const Warning *warning, size_t count, const SqlAlertRow *alert)
{
	for (size_t i = 0; i < count; i++)
		if (str_same(warning[i].key, alert->question_key) &&
			!strcmp(warning[i].text, alert->text))
			return true;
	return false;
}

Err anamnesis_mark_denied(Ctx *cx, Filling *filling)
{
	Warning warning[WARNINGS_MAX];
	size_t warnings = answers_warn(cx, filling, warning, WARNINGS_MAX), count;
	SqlAlertRow *alert;

	TRY(sql_alert_standing(cx, filling->head.patient_id, &alert, &count));
	for (size_t i = 0; i < count; i++) {
		if (!alert[i].question_key || alert[i].anamnesis_id >= filling->head.id ||
			calls_for(warning, warnings, &alert[i]))
			continue;
		for (size_t j = 0; j < filling->asked_count; j++)
			if (filling->asked[j].value &&
				!strcmp(filling->asked[j].question.key, alert[i].question_key))
				filling->asked[j].denied = alert[i].text;
	}
	return OK;
}

/* ---- signing ---- */

/* What the signature stands under, as one text: a later doubt is settled by making it again. */
static const char *seal_of(Ctx *cx, const Filling *filling, const Signature *in, const char *path)
{
	const char *text;
	Json json;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_int(&json, "anamnesis", filling->head.id);
	json_put_int(&json, "patient", filling->head.patient_id);
	json_put_int(&json, "version", filling->head.version_id);
	json_put_text(&json, "declares", filling->head.declares);
	json_put_text(&json, "signer", in->name);
	json_put_text(&json, "signature", path);
	json_put_array(&json, "answers");
	for (size_t i = 0; i < filling->asked_count; i++) {
		const Asked *asked = &filling->asked[i];

		json_put_object(&json, NULL);
		json_put_text(&json, "key", asked->question.key);
		json_put_text(&json, "text", asked->question.text);
		json_put_text(&json, "value", asked->value);
		json_put_text(&json, "detail", asked->detail);
		json_close(&json);
	}
	text = json_done(&json);
	return crypto_sha256_hex(cx->mem, text, strlen(text));
}

/* Timeline, audit, other modules, and whoever sent the link. */
static Err tell_sent(Ctx *cx, const Filling *filling, int alerts)
{
	const SqlAnamnesisRow *head = &filling->head;
	Json json;

	TRY(audit_add_change(cx, &(Change){ .action = "anamnesis.send",
					 .subject = "anamnesis",
					 .subject_id = head->id }));
	TRY(audit_add_event(cx, &(Event){ .subject = "patient",
					.subject_id = head->patient_id,
					.kind = "anamnesis",
					.title = arena_printf(cx->mem, "Anamnese respondida: %s",
						head->questionnaire) }));
	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_int(&json, "id", head->id);
	json_put_int(&json, "patient_id", head->patient_id);
	json_put_text(&json, "questionnaire", head->questionnaire);
	json_put_text(&json, "way", head->way);
	json_put_int(&json, "alerts", alerts);
	TRY(module_tell(cx, "anamnesis.answered", head->id, json_done(&json)));
	if (!head->started_by || head->started_by == cx->user.v)
		return OK;
	return notice_add(cx, head->started_by,
		arena_printf(cx->mem, "%s respondeu a anamnese", head->patient),
		alerts ? arena_printf(cx->mem, alerts == 1 ? "%d alerta novo" : "%d alertas novos",
				 alerts)
		       : NULL,
		arena_printf(cx->mem, "/patients/%" PRId64 "/anamnesis", head->patient_id),
		"clipboard-check", arena_printf(cx->mem, "anamnesis-%" PRId64, head->id));
}

static Err read_signed(Ctx *cx, const Form *form, const Signature *in, Filling *filling,
	const char **ret_path, const char **ret_points)
{
	Err answers = answers_read(cx, form, /* strict= */ true, filling);
	Err name = str_is_empty(in->name) ? err_field(cx, "signer", "Informe quem assina.") : OK;
	Err drawn = signature_read(cx, in->points, ret_path, ret_points);

	return answers != OK ? answers : name != OK ? name : drawn;
}

Err anamnesis_send(Ctx *cx, int64_t id, const Form *form, const Signature *in)
{
	const char *path, *points;
	Filling filling;
	int64_t rows;
	int alerts;

	TRY(get_open(cx, id, &filling));
	TRY(read_signed(cx, form, in, &filling, &path, &points));
	TRY(answers_write(cx, &filling));
	TRY(sql_anamnesis_send(cx,
		&(SqlAnamnesisSendIn){ .id = id,
			.signer = in->name,
			.signer_is = in->guardian ? "guardian" : "patient",
			.signer_ip = in->ip,
			.signer_agent = in->agent ? str_head(cx->mem, in->agent, 300) : NULL,
			.path = path,
			.points = points,
			.seal = seal_of(cx, &filling, in, path) },
		&rows));
	TRY(sql_link_revoke(cx, id, &rows));
	TRY(sql_anamnesis_brief(cx, filling.head.patient_id, &rows));
	TRY(warn(cx, &filling, &alerts));
	return tell_sent(cx, &filling, alerts);
}

Err anamnesis_drop(Ctx *cx, int64_t id)
{
	SqlAnamnesisRow head;
	int64_t rows;

	TRY(sql_anamnesis_by_id(cx, id, &head));
	TRY(sql_anamnesis_drop(cx, id, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Esta anamnese já foi enviada e não muda mais.",
			"anamnesis %" PRId64 " is not open", id);
	TRY(sql_link_revoke(cx, id, &rows));
	return audit_add_change(cx,
		&(Change){ .action = "anamnesis.drop", .subject = "anamnesis", .subject_id = id });
}

Err anamnesis_review(Ctx *cx, int64_t id)
{
	SqlAnamnesisRow head;
	SqlAlertRow *alert;
	int64_t rows;
	size_t count;

	TRY(sql_anamnesis_by_id(cx, id, &head));
	TRY(sql_anamnesis_review(cx, id, db_id_or_null(&cx->user.v), &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Esta anamnese já foi conferida.",
			"anamnesis %" PRId64 " is not waiting", id);
	TRY(sql_alert_standing(cx, head.patient_id, &alert, &count));
	for (size_t i = 0; i < count; i++)
		if (alert[i].anamnesis_id == id && alert[i].confirmed_at_null)
			TRY(alert_confirm(cx, alert[i].id));
	TRY(audit_add_change(cx,
		&(Change){
			.action = "anamnesis.review", .subject = "anamnesis", .subject_id = id }));
	return audit_add_event(cx, &(Event){ .subject = "patient",
					   .subject_id = head.patient_id,
					   .kind = "anamnesis",
					   .title = arena_printf(cx->mem, "Anamnese conferida: %s",
						   head.questionnaire) });
}

#include "test.h"

#include "core/clock.h"
#include "modules/patient/alert.h"
#include "modules/patient/anamnesis_rooms.h"
#include "modules/patient/brief_test.sql.h"
#include "modules/patient/clinical.h"
#include "platform/auth/key.h"
#include "test_db.h"

static const char *const drawn =
	"[[10,20,0,0.5,60,80,16,0.5,120,30,32,0.5],[150,90,50,0.4,220,40,80,0.6]]";

static PatientId patient_here(Ctx *cx)
{
	PatientForm form = { .name = "Ana Prado" };
	PatientId id = { 0 };

	form.birth = date_of(1990, 3, 14);
	CHECK(auth_set_secret("a-secret-of-at-least-thirty-two-bytes", NULL));
	CHECK(patient_register(cx, &form, NULL, 0, &id) == OK);
	return id;
}

static int64_t paper_named(Ctx *cx, const char *name)
{
	SqlQuestionnaireRow *row;
	size_t count = 0;

	CHECK(sql_questionnaire_list(cx, &row, &count) == OK);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(row[i].name, name))
			return row[i].id;
	test_fail(__FILE__, __LINE__, "no such questionnaire");
	return 0;
}

static Filling begin(Ctx *cx, PatientId patient, const char *name)
{
	Filling filling = { 0 };
	int64_t id = 0;

	CHECK(anamnesis_start_company(cx) == OK);
	CHECK(anamnesis_start(cx, patient, paper_named(cx, name), "reception", &id) == OK);
	CHECK(anamnesis_get(cx, id, &filling) == OK);
	return filling;
}

static const SqlQuestionRow *question(const Filling *filling, const char *key)
{
	for (size_t i = 0; i < filling->asked_count; i++)
		if (!strcmp(filling->asked[i].question.key, key))
			return &filling->asked[i].question;
	test_fail(__FILE__, __LINE__, "no such question");
	return NULL;
}

typedef struct Typed {
	FormPair pair[100];
	size_t count;
} Typed;

static void type(Ctx *cx, Typed *typed, const Filling *filling, const char *prefix, const char *key,
	const char *value)
{
	typed->pair[typed->count++] =
		(FormPair){ arena_printf(cx->mem, "%s%" PRId64, prefix, question(filling, key)->id),
			value };
}

/* Says that this question's answer was changed: those that are not named stay as they are. */
static void type_changed(Ctx *cx, Typed *typed, const Filling *filling, const char *key)
{
	typed->pair[typed->count++] = (FormPair){ "changed",
		arena_printf(cx->mem, "%" PRId64, question(filling, key)->id) };
}

static Form form_of(const Typed *typed)
{
	return (Form){ typed->pair, typed->count };
}

/* Everything that must be answered, with no and normal. */
static void type_healthy(Ctx *cx, Typed *typed, const Filling *filling)
{
	for (size_t i = 0; i < filling->asked_count; i++) {
		const SqlQuestionRow *q = &filling->asked[i].question;

		if (q->required)
			type(cx, typed, filling, "q", q->key,
				!strcmp(q->kind, "yesno") ? "no"
				: q->options.count        ? q->options.v[0]
							  : "Revisão");
	}
}

static const Signature ana_signs = {
	.name = "Ana Prado", .points = drawn, .ip = "10.0.0.9", .agent = "Tablet"
};

TEST(every_clinic_starts_with_four_questionnaires_and_only_once)
{
	SqlQuestionnaireRow *row;
	size_t count;

	CHECK(anamnesis_start_company(cx) == OK);
	CHECK(anamnesis_start_company(cx) == OK);
	CHECK(sql_questionnaire_list(cx, &row, &count) == OK);
	CHECK_INT(count, 4);
	for (size_t i = 0; i < count; i++) {
		CHECK_INT(row[i].published_number, 1);
		CHECK(row[i].draft_id_null);
	}
}

TEST(what_is_filled_in_is_kept_while_one_goes_and_what_is_wrong_is_left_out)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");
	Typed typed = { 0 };
	Form form;

	type(cx, &typed, &filling, "q", "allergy", "yes");
	type(cx, &typed, &filling, "d", "allergy", "  Penicilina ");
	type(cx, &typed, &filling, "q", "brushing", "3,0");
	type(cx, &typed, &filling, "q", "last_visit", "31/02/2026");
	type(cx, &typed, &filling, "q", "smoke", "Só cachimbo");
	type(cx, &typed, &filling, "q", "diseases", "Hepatite");
	type(cx, &typed, &filling, "q", "diseases", "Anemia");
	form = form_of(&typed);
	CHECK(anamnesis_save(cx, filling.head.id, &form) == OK);
	CHECK(anamnesis_get(cx, filling.head.id, &filling) == OK);
	CHECK_INT(filling.answered, 3);
	for (size_t i = 0; i < filling.asked_count; i++) {
		const Asked *a = &filling.asked[i];

		if (!strcmp(a->question.key, "allergy"))
			CHECK_TEXT(a->detail, "Penicilina");
		else if (!strcmp(a->question.key, "brushing"))
			CHECK_TEXT(a->value, "3");
		else if (!strcmp(a->question.key, "diseases"))
			CHECK_TEXT(a->value, "Hepatite\nAnemia");
		else
			CHECK(!a->value);
	}
	CHECK(anamnesis_save(cx, filling.head.id, &(Form){ 0 }) == OK);
	CHECK(anamnesis_get(cx, filling.head.id, &filling) == OK);
	CHECK_INT(filling.answered, 0);
}

static const char *value_of(Ctx *cx, int64_t id, const char *key)
{
	Filling filling;

	CHECK(anamnesis_get(cx, id, &filling) == OK);
	for (size_t i = 0; i < filling.asked_count; i++)
		if (!strcmp(filling.asked[i].question.key, key))
			return filling.asked[i].value;
	return NULL;
}

/* The patient on the phone and the reception at the counter, on the same questions. */
TEST(two_who_fill_in_the_same_one_do_not_take_each_other_s_answers_away)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");
	Typed phone = { 0 }, counter = { 0 };
	int64_t id = filling.head.id;
	Form form;

	type(cx, &phone, &filling, "q", "allergy", "yes");
	type(cx, &phone, &filling, "q", "brushing", "3");
	form = form_of(&phone);
	CHECK(anamnesis_save(cx, id, &form) == OK);
	type(cx, &counter, &filling, "q", "complaint", "Dor");
	type_changed(cx, &counter, &filling, "complaint");
	type_changed(cx, &counter, &filling, "brushing"); /* and takes this one back */
	form = form_of(&counter);
	CHECK(anamnesis_save(cx, id, &form) == OK);
	CHECK_TEXT(value_of(cx, id, "allergy"), "yes");
	CHECK_TEXT(value_of(cx, id, "complaint"), "Dor");
	CHECK(!value_of(cx, id, "brushing"));
}

TEST(what_must_be_answered_is_asked_for_beside_its_question)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");

	CHECK(anamnesis_send(cx, filling.head.id, &(Form){ 0 }, &(Signature){ 0 }) == ERR_INVALID);
	CHECK(bad_find(cx, "signer"));
	CHECK(bad_find(cx, "signature"));
	CHECK_TEXT(
		bad_find(cx, arena_printf(cx->mem, "q%" PRId64, question(&filling, "allergy")->id)),
		"Responda esta pergunta.");
	CHECK(!bad_find(cx, arena_printf(cx->mem, "q%" PRId64, question(&filling, "gums")->id)));
}

static Filling send_with_allergy(Ctx *cx, PatientId patient, const char *to)
{
	Filling filling = begin(cx, patient, "Adulto");
	Typed typed = { 0 };
	Form form;

	type_healthy(cx, &typed, &filling);
	if (to) {
		type(cx, &typed, &filling, "q", "allergy", "yes");
		type(cx, &typed, &filling, "d", "allergy", to);
	}
	form = form_of(&typed);
	CHECK(anamnesis_send(cx, filling.head.id, &form, &ana_signs) == OK);
	CHECK(anamnesis_get(cx, filling.head.id, &filling) == OK);
	return filling;
}

TEST(a_signed_one_keeps_who_when_and_where_and_does_not_change_any_more)
{
	Filling filling = send_with_allergy(cx, patient_here(cx), "Penicilina");

	CHECK_TEXT(filling.head.state, "sent");
	CHECK_TEXT(filling.head.signer, "Ana Prado");
	CHECK_TEXT(filling.head.signer_ip, "10.0.0.9");
	CHECK_INT(strlen(filling.head.seal), 64);
	CHECK(str_starts(filling.head.signature_path, "M10 20Q10 20 35 50"));
	CHECK(anamnesis_save(cx, filling.head.id, &(Form){ 0 }) == ERR_CONFLICT);
	CHECK(anamnesis_send(cx, filling.head.id, &(Form){ 0 }, &ana_signs) == ERR_CONFLICT);
	CHECK(anamnesis_drop(cx, filling.head.id) == ERR_CONFLICT);
}

TEST(the_database_refuses_to_change_what_was_signed)
{
	Filling filling = send_with_allergy(cx, patient_here(cx), NULL);
	int64_t rows;

	CHECK(sql_answer_forget(cx, filling.head.id, (Int64s){ 0 }, &rows) != OK);
}

TEST(answers_warn_at_once_and_the_dentist_confirms_them_by_reviewing)
{
	PatientId patient = patient_here(cx);
	Filling filling = send_with_allergy(cx, patient, "Penicilina\ne iodo");
	SqlTestBrief brief = { 0 };
	SqlAlertRow *alert;
	size_t count;

	CHECK(sql_alert_standing(cx, patient.v, &alert, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(alert[0].text, "Penicilina e iodo");
	CHECK_TEXT(alert[0].question_key, "allergy");
	CHECK(alert[0].severe);
	CHECK(alert[0].confirmed_at_null);
	CHECK(sql_test_brief(cx, patient.v, &brief) == OK);
	CHECK(brief.alert);
	CHECK(!brief.anamnesis_at_null);
	CHECK(anamnesis_review(cx, filling.head.id) == OK);
	CHECK(anamnesis_review(cx, filling.head.id) == ERR_CONFLICT);
	CHECK(sql_alert_standing(cx, patient.v, &alert, &count) == OK);
	CHECK(!alert[0].confirmed_at_null);
}

TEST(an_alert_that_later_answers_deny_stands_until_the_dentist_ends_it)
{
	PatientId patient = patient_here(cx);
	Filling first = send_with_allergy(cx, patient, "Penicilina"), second;
	SqlAlertRow *alert;
	size_t count, denied = 0;

	second = send_with_allergy(cx, patient, NULL);
	CHECK(anamnesis_mark_denied(cx, &second) == OK);
	for (size_t i = 0; i < second.asked_count; i++)
		if (second.asked[i].denied) {
			CHECK_TEXT(second.asked[i].question.key, "allergy");
			CHECK_TEXT(second.asked[i].denied, "Penicilina");
			denied++;
		}
	CHECK_INT(denied, 1);
	CHECK(anamnesis_mark_denied(cx, &first) == OK);
	for (size_t i = 0; i < first.asked_count; i++)
		CHECK(!first.asked[i].denied);
	CHECK(sql_alert_standing(cx, patient.v, &alert, &count) == OK);
	CHECK_INT(count, 1);
}

TEST(no_answer_warns_of_nothing_and_is_not_no)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");
	Warning warning[4];

	CHECK_INT(answers_warn(cx, &filling, warning, 4), 0);
	CHECK(!answer_text(cx->mem, "yesno", NULL));
	CHECK_TEXT(answer_text(cx->mem, "yesno", "unknown"), "Não sabe");
}

TEST(options_warn_one_by_one)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");
	Warning warning[9];
	Typed typed = { 0 };
	Form form;

	type(cx, &typed, &filling, "q", "diseases", "Hepatite");
	type(cx, &typed, &filling, "q", "diseases", "Gastrite ou refluxo");
	type(cx, &typed, &filling, "q", "diseases", "Osteoporose");
	type(cx, &typed, &filling, "q", "pressure", "Alta");
	form = form_of(&typed);
	CHECK(answers_read(cx, &form, false, &filling) == OK);
	CHECK_INT(answers_warn(cx, &filling, warning, 9), 3);
	CHECK_TEXT(warning[0].text, "Pressão: Alta");
	CHECK_TEXT(warning[1].text, "Hepatite");
	CHECK_TEXT(warning[2].text, "Osteoporose");
	CHECK_INT(answers_warn(cx, &filling, warning, 2), 2);
}

TEST(what_changed_since_last_time_is_marked_also_across_questionnaires)
{
	PatientId patient = patient_here(cx);
	Filling filling;
	Typed typed = { 0 };
	Form form;

	(void)send_with_allergy(cx, patient, "Penicilina");
	filling = begin(cx, patient, "Cirurgia e implante");
	type(cx, &typed, &filling, "q", "allergy", "no");
	type(cx, &typed, &filling, "q", "diabetes", "no");
	form = form_of(&typed);
	CHECK(anamnesis_save(cx, filling.head.id, &form) == OK);
	CHECK(anamnesis_get(cx, filling.head.id, &filling) == OK);
	CHECK_INT(filling.changed, 1);
	CHECK(filling.before_at);
	for (size_t i = 0; i < filling.asked_count; i++) {
		const Asked *a = &filling.asked[i];

		CHECK(a->changed == !strcmp(a->question.key, "allergy"));
		if (a->changed) {
			CHECK_TEXT(a->before, "Sim");
			CHECK_TEXT(a->before_detail, "Penicilina");
		}
		if (!strcmp(a->question.key, "healing"))
			CHECK(!a->before);
	}
}

TEST(one_filling_of_a_questionnaire_is_open_at_a_time)
{
	PatientId patient = patient_here(cx);
	Filling filling = begin(cx, patient, "Adulto");
	int64_t again = 0;

	CHECK(anamnesis_start(cx, patient, filling.head.questionnaire_id, "tablet", &again) == OK);
	CHECK_INT(again, filling.head.id);
	CHECK(anamnesis_drop(cx, again) == OK);
	CHECK(anamnesis_start(cx, patient, filling.head.questionnaire_id, "tablet", &again) == OK);
	CHECK(again != filling.head.id);
}

/* ---- links ---- */

static LinkState state_of(Ctx *cx, const char *token)
{
	LinkState state = LINK_UNKNOWN;
	Link link;

	CHECK(link_find(cx, token, &state, &link) == OK);
	return state;
}

TEST(a_link_opens_for_who_knows_the_birth_date)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");
	const char *token = "", *pass;
	LinkState state;
	bool right;
	Link link, other;

	CHECK(link_make(cx, filling.head.id, LINK_DAYS, &token) == OK);
	CHECK_INT(strlen(token), 43);
	CHECK(link_find(cx, token, &state, &link) == OK);
	CHECK_INT(state, LINK_GOOD);
	CHECK(link.asks_birth);
	CHECK(link_try_birth(cx, &link, date_of(1990, 3, 15), &right) == OK);
	CHECK(!right);
	CHECK(link_try_birth(cx, &link, DATE_NONE, &right) == OK);
	CHECK(!right);
	CHECK(link_try_birth(cx, &link, date_of(1990, 3, 14), &right) == OK);
	CHECK(right);
	pass = link_pass(cx, &link);
	CHECK(link_pass_is_good(cx, &link, pass));
	other = link;
	other.id++;
	CHECK(!link_pass_is_good(cx, &other, pass));
	CHECK(!link_pass_is_good(cx, &link, "1.abc"));
	CHECK(!link_pass_is_good(cx, &link, NULL));
	cx->now += LINK_PASS_S + 1;
	CHECK(!link_pass_is_good(cx, &link, pass));
}

TEST(a_guesser_has_five_tries)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");
	const char *token = "";
	LinkState state;
	bool right;
	Link link;

	CHECK(link_make(cx, filling.head.id, LINK_DAYS, &token) == OK);
	CHECK(link_find(cx, token, &state, &link) == OK);
	for (int i = 0; i < LINK_TRIES; i++)
		CHECK(link_try_birth(cx, &link, date_of(1991, 1, 1 + i), &right) == OK && !right);
	CHECK(link_try_birth(cx, &link, date_of(1990, 3, 14), &right) == OK);
	CHECK(!right);
	CHECK_INT(state_of(cx, token), LINK_REVOKED);
}

TEST(a_link_ends_when_its_time_comes_when_it_was_used_and_when_a_newer_one_is_made)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");
	const char *first = "", *second = "";
	Typed typed = { 0 };
	Form form;

	CHECK(link_make(cx, filling.head.id, LINK_DAYS, &first) == OK);
	CHECK(link_make(cx, filling.head.id, LINK_DAYS, &second) == OK);
	CHECK_INT(state_of(cx, first), LINK_REVOKED);
	CHECK_INT(state_of(cx, second), LINK_GOOD);
	cx->now += LINK_DAYS * 86400;
	CHECK_INT(state_of(cx, second), LINK_EXPIRED);
	cx->now -= LINK_DAYS * 86400;
	type_healthy(cx, &typed, &filling);
	form = form_of(&typed);
	CHECK(anamnesis_send(cx, filling.head.id, &form, &ana_signs) == OK);
	CHECK_INT(state_of(cx, second), LINK_USED);
	CHECK(link_make(cx, filling.head.id, LINK_DAYS, &first) == ERR_CONFLICT);
}

TEST(a_link_of_another_clinic_is_unknown)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");
	const char *token = "";

	CHECK(link_make(cx, filling.head.id, LINK_DAYS, &token) == OK);
	CHECK_INT(state_of(cx, "not-a-token"), LINK_UNKNOWN);
	test_as_company(cx, 2);
	CHECK_INT(state_of(cx, token), LINK_UNKNOWN);
}

TEST(a_link_needs_a_birth_date_to_ask_for_and_the_tablet_does_not)
{
	PatientForm form = { .name = "Sem Data", .birth = DATE_NONE };
	const char *token = "";
	PatientId patient;
	Filling filling;

	CHECK(patient_register(cx, &form, NULL, 0, &patient) == OK);
	filling = begin(cx, patient, "Adulto");
	CHECK(link_make(cx, filling.head.id, LINK_DAYS, &token) == ERR_INVALID);
	CHECK(link_make(cx, filling.head.id, 0, &token) == OK);
	CHECK_INT(state_of(cx, token), LINK_GOOD);
	cx->now += LINK_TABLET_S;
	CHECK_INT(state_of(cx, token), LINK_EXPIRED);
}

TEST(a_closed_chart_takes_no_answers_and_its_link_is_dead)
{
	PatientId patient = patient_here(cx);
	Filling filling = begin(cx, patient, "Adulto");
	const char *token = "";
	int64_t rows, id;

	CHECK(link_make(cx, filling.head.id, LINK_DAYS, &token) == OK);
	CHECK(sql_test_close_chart(cx, patient.v, &rows) == OK);
	CHECK_INT(state_of(cx, token), LINK_REVOKED);
	CHECK(anamnesis_save(cx, filling.head.id, &(Form){ 0 }) == ERR_CONFLICT);
	CHECK(anamnesis_start(cx, patient, filling.head.questionnaire_id, "link", &id) ==
		ERR_CONFLICT);
}

/* ---- questionnaires ---- */

TEST(a_change_makes_a_new_version_and_old_answers_keep_theirs)
{
	PatientId patient = patient_here(cx);
	Filling old = send_with_allergy(cx, patient, NULL), now;
	int64_t paper = old.head.questionnaire_id, id = 0, fresh = 0;

	CHECK(questionnaire_add_question(cx, paper,
		      &(QuestionForm){ .text = "Tem plano de saúde?", .kind = "yesno" },
		      &id) == OK);
	CHECK(anamnesis_start(cx, patient, paper, "reception", &fresh) == OK);
	CHECK(anamnesis_get(cx, fresh, &now) == OK);
	CHECK_INT(now.head.number, 1);
	CHECK(anamnesis_drop(cx, fresh) == OK);
	CHECK(questionnaire_publish(cx, paper) == OK);
	CHECK(questionnaire_publish(cx, paper) == ERR_CONFLICT);
	CHECK(anamnesis_start(cx, patient, paper, "reception", &fresh) == OK);
	CHECK(anamnesis_get(cx, fresh, &now) == OK);
	CHECK_INT(now.head.number, 2);
	CHECK_INT(now.asked_count, old.asked_count + 1);
	CHECK(anamnesis_get(cx, old.head.id, &now) == OK);
	CHECK_INT(now.head.number, 1);
	CHECK_INT(now.asked_count, old.asked_count);
}

TEST(a_published_question_does_not_change)
{
	Filling filling = begin(cx, patient_here(cx), "Adulto");

	CHECK(questionnaire_save_question(cx, filling.asked[0].question.id,
		      &(QuestionForm){ .text = "Outra coisa?", .kind = "yesno" }) != OK);
}

TEST(a_draft_may_be_thrown_away)
{
	int64_t paper, version = 0, id = 0;

	CHECK(anamnesis_start_company(cx) == OK);
	paper = paper_named(cx, "Criança");
	CHECK(questionnaire_discard(cx, paper) == ERR_CONFLICT);
	CHECK(questionnaire_draft(cx, paper, &version) == OK);
	CHECK(questionnaire_add_question(
		      cx, paper, &(QuestionForm){ .text = "Outra?", .kind = "text" }, &id) == OK);
	CHECK(questionnaire_remove_question(cx, id) == OK);
	CHECK(questionnaire_discard(cx, paper) == OK);
	CHECK(questionnaire_publish(cx, paper) == ERR_CONFLICT);
}

TEST(a_question_warns_only_by_answers_that_it_has)
{
	static const char *const options[] = { "Sim", "Não" }, *const other[] = { "Talvez" },
				 *const same[] = { "Sim", "Sim" };
	QuestionForm in = { .text = "Fuma?", .kind = "choice", .options = { options, 1 } };
	int64_t paper, id;

	CHECK(anamnesis_start_company(cx) == OK);
	paper = paper_named(cx, "Adulto");
	CHECK(questionnaire_add_question(cx, paper, &in, &id) == ERR_INVALID);
	in.options = (Strs){ same, 2 };
	CHECK(questionnaire_add_question(cx, paper, &in, &id) == ERR_INVALID);
	in.options = (Strs){ options, 2 };
	in.alert_kind = "other";
	CHECK(questionnaire_add_question(cx, paper, &in, &id) == ERR_INVALID);
	in.alert_on = (Strs){ other, 1 };
	CHECK(questionnaire_add_question(cx, paper, &in, &id) == ERR_INVALID);
	in.alert_on = (Strs){ options, 1 };
	CHECK(questionnaire_add_question(cx, paper, &in, &id) == OK);
}

/* ---- signatures ---- */

TEST(a_signature_becomes_a_path_of_our_own)
{
	const char *path, *points;

	CHECK(signature_read(cx, drawn, &path, &points) == OK);
	CHECK_TEXT(path, "M10 20Q10 20 35 50Q60 80 90 55L120 30M150 90Q150 90 185 65L220 40");
	CHECK(str_starts(points, "[ [10,20,0,0.5,60,80,16,0.5"));
}

TEST(what_is_no_signature_is_refused)
{
	static const char *const bad[] = { "", "{}", "[]", "[[]]", "[[1,2,3]]", "[[1,2,3,0.5]]",
		"[[1e9,2,3,0.5,90,90,4,0.5]]", "[[\"a\",2,3,0.5,90,90,4,0.5]]",
		"[[10,20,0,0.5,60,80", "[[10,20,0,7,200,80,16,0.5]]",
		"[[10,20,-1,0.5,200,80,16,0.5]]", "[null]", "[[1,2,3,0.5],3]" };
	const char *path, *points;

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(signature_read(cx, bad[i], &path, &points) == ERR_INVALID);
}

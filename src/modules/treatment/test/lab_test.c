/* Laboratory cases, and recalls. */
#include "modules/treatment/lab.h"

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/notice/notice.h"
#include "modules/treatment/recall.h"
#include "modules/treatment/catalogue.h"
#include "treatment_fixture.h"

static PatientId begin(Ctx *cx)
{
	PatientId patient = a_patient(cx, "Ana Prado");

	cx->user = a_dentist(cx, "Ianara");
	return patient;
}

static int64_t laboratory(Ctx *cx)
{
	Laboratory *list = NULL;
	size_t count = 0;

	CHECK(laboratory_save(cx, 0, &(LaboratoryForm){ .name = "Dente Certo", .days = 7 }) == OK);
	CHECK(laboratory_list(cx, &list, &count) == OK);
	return list[0].id;
}

static int64_t crown(Ctx *cx, PatientId patient, int64_t lab)
{
	int64_t id = 0;

	CHECK(lab_add(cx,
		      &(LabCaseForm){ .patient_id = patient.v,
			      .laboratory_id = lab,
			      .work = "Coroa",
			      .teeth = "26",
			      .expected_on = DATE_NONE },
		      &id) == OK);
	return id;
}

/* A visit with cx->user. */
static void book_in_days(Ctx *cx, PatientId patient, int days)
{
	int64_t branch = a_branch(cx);
	AppointmentId id;

	may_be_booked(cx, cx->user.v);
	CHECK(agenda_book(cx,
		      &(Booking){ .branch_id = branch,
			      .dentist_id = cx->user.v,
			      .patient_id = patient.v,
			      .title = "Cimentação",
			      .starts_at = cx->now + days * 86400,
			      .ends_at = cx->now + days * 86400 + 1800,
			      .outside_hours = true },
		      &id) == OK);
}

static LabCase get(Ctx *cx, int64_t id)
{
	LabCase item = { 0 };

	CHECK(lab_get(cx, id, &item) == OK);
	return item;
}

TEST(a_case_goes_step_by_step_and_never_skips_one)
{
	PatientId patient = begin(cx);
	int64_t id = crown(cx, patient, laboratory(cx));

	CHECK(lab_step(cx, id, LAB_RECEIVED) == ERR_CONFLICT);
	CHECK(lab_step(cx, id, LAB_SENT) == OK);
	CHECK_INT(get(cx, id).expected_on, date_today(cx->now, cx->zone) + 7);
	CHECK(lab_step(cx, id, LAB_SENT) == ERR_CONFLICT);
	CHECK(lab_step(cx, id, LAB_RECEIVED) == OK);
	CHECK(lab_step(cx, id, LAB_CHECKED) == OK);
	CHECK_INT(get(cx, id).step, LAB_CHECKED);
	CHECK(lab_cancel(cx, id, "tarde") == ERR_CONFLICT);
}

TEST(what_came_back_bad_is_made_again_with_a_reason)
{
	int64_t id = crown(cx, begin(cx), laboratory(cx));

	CHECK(lab_step(cx, id, LAB_SENT) == OK);
	CHECK(lab_send_back(cx, id, "cor errada") == ERR_CONFLICT);
	CHECK(lab_step(cx, id, LAB_RECEIVED) == OK);
	CHECK(lab_send_back(cx, id, NULL) == ERR_INVALID);
	CHECK(lab_send_back(cx, id, "cor errada") == OK);
	CHECK_INT(get(cx, id).step, LAB_SENT);
	CHECK_INT(get(cx, id).sent_back, 1);
}

TEST(a_case_that_is_promised_too_late_says_so)
{
	PatientId patient = begin(cx);
	int64_t id = crown(cx, patient, laboratory(cx));

	CHECK(lab_step(cx, id, LAB_SENT) == OK);
	CHECK(!get(cx, id).late);
	CHECK(patient_tell_visits(
		      cx, patient, &(PatientVisits){ .next_at = cx->now + 3 * 86400 }) == OK);
	CHECK(get(cx, id).late);
	CHECK(lab_step(cx, id, LAB_RECEIVED) == OK);
	CHECK(!get(cx, id).late);
}

TEST(a_case_that_comes_too_late_rings_the_bell_once_a_visit)
{
	PatientId patient = begin(cx);
	int64_t id = crown(cx, patient, laboratory(cx)), unread = 0;

	account_set_perms(treatment_module.perm, treatment_module.perm_count);
	CHECK(lab_step(cx, id, LAB_SENT) == OK);
	CHECK(lab_warn(cx, NULL) == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 0);
	book_in_days(cx, patient, 2);
	for (int i = 0; i < 2; i++)
		CHECK(lab_warn(cx, NULL) == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 1);
}

TEST(a_laboratory_of_another_clinic_is_no_laboratory)
{
	int64_t lab = laboratory(cx), id;

	begin(cx);
	test_as_company(cx, 2);
	CHECK(lab_add(cx, &(LabCaseForm){ .laboratory_id = lab, .work = "Coroa" }, &id) ==
		ERR_INVALID);
	CHECK(bad_find(cx, "laboratory_id"));
}

/* ---- recalls ---- */

static int64_t clean(Ctx *cx, PatientId patient, int64_t at)
{
	Procedure *list = NULL;
	size_t count = 0;
	int64_t id = 0;

	CHECK(procedure_search(cx, "profilaxia", 0, &list, &count) == OK);
	CHECK(act_add(cx,
		      &(Act){ .patient_id = patient.v,
			      .kind = "done",
			      .area = list[0].area,
			      .region = !strcmp(list[0].area, "arch") ? "ASAI" : NULL,
			      .procedure_id = list[0].id,
			      .done_at = at },
		      &id) == OK);
	return id;
}

/* What is due for the patient until far away. */
static Recall *due(Ctx *cx, size_t want)
{
	Recall *list = NULL;
	size_t count = 0;

	CHECK(recall_list_due(cx, date_today(cx->now, cx->zone) + 4000, 0, &list, &count) == OK);
	CHECK_INT(count, want);
	return list;
}

static PatientId begin_recalls(Ctx *cx)
{
	PatientId patient = begin(cx);

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(recall_start_company(cx) == OK);
	return patient;
}

TEST(a_cleaning_calls_the_patient_back_in_six_months_and_the_next_one_ends_it)
{
	PatientId patient = begin_recalls(cx);
	int32_t today = date_today(cx->now, cx->zone);

	clean(cx, patient, cx->now - 200 * 86400);
	Recall first = due(cx, 1)[0];
	CHECK_TEXT(first.rule, "Profilaxia");
	CHECK_INT(first.due_on, date_add_months(date_today(cx->now - 200 * 86400, cx->zone), 6));
	clean(cx, patient, cx->now);
	Recall second = due(cx, 1)[0];
	CHECK(second.id != first.id);
	CHECK_INT(second.due_on, date_add_months(today, 6));
	CHECK(recall_get(cx, first.id, &first) == OK);
	CHECK_TEXT(first.state, "done");
}

TEST(no_answer_hides_for_a_week_and_a_no_ends_it)
{
	PatientId patient = begin_recalls(cx);
	Recall recall;

	clean(cx, patient, cx->now - 400 * 86400);
	recall = due(cx, 1)[0];
	CHECK(recall_try(cx, recall.id,
		      &(AttemptForm){ .channel = "whatsapp", .outcome = "no_answer" }) == OK);
	due(cx, 0);
	cx->now += 8 * 86400;
	CHECK_INT(due(cx, 1)[0].attempts, 1);
	CHECK(recall_try(cx, recall.id,
		      &(AttemptForm){ .channel = "phone", .outcome = "declined" }) == OK);
	cx->now += 8 * 86400;
	due(cx, 0);
	CHECK(recall_try(cx, recall.id,
		      &(AttemptForm){ .channel = "phone", .outcome = "no_answer" }) ==
		ERR_CONFLICT);
}

TEST(a_date_set_by_hand_stays_and_the_second_writer_is_told)
{
	PatientId patient = begin_recalls(cx);
	Recall recall;

	clean(cx, patient, cx->now - 100 * 86400);
	recall = due(cx, 1)[0];
	RecallForm form = {
		.due_on = recall.due_on + 30, .hidden_until = DATE_NONE, .version = recall.version
	};
	CHECK(recall_move(cx, recall.id, &form) == OK);
	CHECK_INT(due(cx, 1)[0].due_on, recall.due_on + 30);
	CHECK(recall_move(cx, recall.id, &form) == ERR_STALE);
}

TEST(who_was_not_seen_for_a_year_is_to_be_won_back)
{
	PatientId patient = begin_recalls(cx);
	LostPatient *lost;
	int64_t id, again;
	size_t count;

	CHECK(patient_tell_visits(cx, patient,
		      &(PatientVisits){ .visits = 1, .last_at = cx->now - 500 * 86400LL }) == OK);
	CHECK(recall_list_lost(cx, 12, &lost, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(recall_reactivate(cx, patient, &id) == OK);
	CHECK(recall_reactivate(cx, patient, &again) == OK);
	CHECK_INT(again, id);
	CHECK(recall_try(cx, id, &(AttemptForm){ .channel = "phone", .outcome = "declined" }) ==
		OK);
	CHECK(recall_list_lost(cx, 12, &lost, &count) == OK);
	CHECK_INT(count, 0);
}

static LostPatient *lost_of(Ctx *cx, size_t want)
{
	LostPatient *lost = NULL;
	size_t count = 0;

	CHECK(recall_list_lost(cx, 12, &lost, &count) == OK);
	CHECK_INT(count, want);
	return lost;
}

TEST(who_is_closed_or_became_another_record_is_not_called)
{
	PatientId closed = begin_recalls(cx), merged;
	RecallCounts counts;
	int64_t id;

	for (int i = 0; i < 2; i++) {
		merged = i ? a_patient(cx, "Duas Vezes") : closed;
		CHECK(patient_tell_visits(cx, merged,
			      &(PatientVisits){
				      .visits = 1, .last_at = cx->now - 500 * 86400LL }) == OK);
		clean(cx, merged, cx->now - 400 * 86400);
	}
	int64_t open = due(cx, 2)[0].id;
	lost_of(cx, 2);
	ask(cx, "update patient.patient set merged_into = (select min(id) from patient.patient)"
		" where name = 'Duas Vezes' returning 1");
	CHECK(recall_reactivate(cx, merged, &id) == ERR_NOT_FOUND);
	lost_of(cx, 1);
	ask(cx, "update patient.patient set restricted = true where name <> 'Duas Vezes' returning "
		"1");
	due(cx, 0);
	lost_of(cx, 0);
	CHECK(recall_count(cx, &counts) == OK);
	CHECK_INT(counts.late + counts.soon, 0);
	CHECK(recall_reactivate(cx, closed, &id) == ERR_CONFLICT);
	CHECK(recall_try(cx, open, &(AttemptForm){ .channel = "phone", .outcome = "voicemail" }) ==
		ERR_CONFLICT);
}

TEST(a_cleaning_of_years_ago_written_down_today_calls_nobody_back_again)
{
	PatientId patient = begin_recalls(cx);
	Recall now;

	clean(cx, patient, cx->now);
	now = due(cx, 1)[0];
	clean(cx, patient, cx->now - 2000 * 86400LL);
	CHECK_INT(due(cx, 1)[0].id, now.id);
	CHECK_INT(due(cx, 1)[0].due_on, now.due_on);
}

TEST(a_rule_keeps_its_words_as_they_were_written_and_finds_them_without_accents)
{
	PatientId patient = begin(cx);
	RecallRule *rule;
	size_t count;

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(recall_save_rule(cx, 0,
		      &(RecallRuleForm){ .name = "Limpeza",
			      .words = "Profilaxía, Endodôntico",
			      .months = 6 }) == OK);
	CHECK(recall_list_rules(cx, &rule, &count) == OK);
	CHECK_TEXT(rule[0].words, "Profilaxía, Endodôntico");
	clean(cx, patient, cx->now);
	CHECK_TEXT(due(cx, 1)[0].rule, "Limpeza");
}

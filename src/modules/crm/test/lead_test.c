#include "test.h"

#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"
#include "modules/crm/leads_view.h"
#include "modules/audit/audit.h"
#include "crm_fixture.h"
#include "test_db.h"

static LeadForm marta(void)
{
	return (LeadForm){ .name = "Marta Vasconcelos",
		.phone = "+5511987654321",
		.email = "marta@exemplo.com",
		.value_cents = 2850000,
		.source = "Indicação",
		.expected_on = DATE_NONE };
}

/* A company with its default pipeline, and one lead in it. */
static LeadId start(Ctx *cx)
{
	LeadForm form = marta();
	LeadId id = { 0 };

	cx->user = (UserId){ 0 };
	CHECK(crm_start_company(cx) == OK);
	CHECK(crm_add_lead(cx, &form, LEAD_BY_HAND, &id) == OK);
	return id;
}

TEST(a_new_lead_stands_in_the_first_stage_and_is_counted)
{
	LeadId id = start(cx);
	Pipeline pipeline = pipeline_of(cx);
	Lead lead;

	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.stage, "Novo contato");
	CHECK_TEXT(lead.source, "Indicação");
	CHECK_TEXT(lead.status, "open");
	CHECK_INT(pipeline.stage[0].lead_count, 1);
	CHECK_INT(pipeline.stage[0].value_cents, 2850000);
}

TEST(the_totals_of_the_board_are_the_sum_of_its_leads)
{
	LeadId id = start(cx);
	LeadForm form = marta();
	Pipeline pipeline;
	LeadId other;

	form.phone = form.email = NULL;
	form.value_cents = 100;
	CHECK(crm_add_lead(cx, &form, LEAD_BY_HAND, &other) == OK);
	CHECK(crm_move_lead(cx, id, pipeline_of(cx).stage[2].id, 0) == OK);
	pipeline = pipeline_of(cx);
	CHECK_INT(pipeline.stage[0].lead_count, 1);
	CHECK_INT(pipeline.stage[0].value_cents, 100);
	CHECK_INT(pipeline.stage[2].lead_count, 1);
	CHECK_INT(pipeline.stage[2].value_cents, 2850000);
	CHECK(crm_merge_leads(cx, id, other) == OK);
	pipeline = pipeline_of(cx);
	CHECK_INT(pipeline.stage[0].lead_count, 0);
	CHECK_INT(pipeline.stage[0].value_cents, 0);
}

TEST(another_clinic_does_not_see_the_lead)
{
	LeadId id = start(cx);
	Lead lead;

	test_as_company(cx, 2);
	CHECK(crm_get_lead(cx, id, &lead) == ERR_NOT_FOUND);
	CHECK(crm_reopen_lead(cx, id) == ERR_NOT_FOUND);
}

/* Without a filter the columns' totals answer; one that all leads pass is counted lead by lead. */
static void check_both_counts(Ctx *cx, LeadFilter filter, int64_t wanted)
{
	int64_t count, slow, cents, slow_cents;

	CHECK(crm_count_leads(cx, &filter, &count, &cents) == OK);
	filter.created_from = date_of(1970, 1, 2);
	CHECK(crm_count_leads(cx, &filter, &slow, &slow_cents) == OK);
	CHECK_INT(count, wanted);
	CHECK_INT(slow, wanted);
	CHECK_INT(cents, slow_cents);
}

TEST(the_list_counts_open_leads_by_the_columns_and_one_by_one_alike)
{
	LeadFilter filter = lead_filter_none();
	Pipeline pipeline;
	LeadForm form = marta();
	LeadId id = start(cx), other;

	pipeline = pipeline_of(cx);
	form.value_cents = 777;
	form.phone = NULL;
	form.stage_id = pipeline.stage[1].id;
	CHECK(crm_add_lead(cx, &form, LEAD_BY_HAND, &other) == OK);
	check_both_counts(cx, filter, 2);
	filter.stage_id = pipeline.stage[1].id;
	check_both_counts(cx, filter, 1);
	filter.stage_id = 0;
	filter.pipeline_id = pipeline.id;
	check_both_counts(cx, filter, 2);
	filter.pipeline_id = pipeline.id + 1000;
	check_both_counts(cx, filter, 0);
	test_as_company(cx, 2);
	check_both_counts(cx, lead_filter_none(), 0);
	test_as_company(cx, 1);
	CHECK(id.v != other.v);
}

TEST(a_lost_lead_needs_a_reason_and_can_come_back)
{
	LeadId id = start(cx);
	SqlCrmLossReasons *reason;
	size_t count;
	Lead lead;

	CHECK(crm_move_lead(cx, id, pipeline_of(cx).stage[1].id, 0) == OK);
	CHECK(crm_lose_lead(cx, id, 999999, NULL) == ERR_INVALID);
	CHECK(bad_find(cx, "loss_reason_id"));
	CHECK(sql_crm_loss_reasons(cx, &reason, &count) == OK);
	CHECK(crm_lose_lead(cx, id, reason[0].id, "caro") == OK);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.status, "lost");
	CHECK_INT(pipeline_of(cx).stage[1].lead_count, 0);
	CHECK(crm_reopen_lead(cx, id) == OK);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.status, "open");
	CHECK_TEXT(lead.stage, "Em conversa");
	CHECK(!lead.loss_reason);
}

TEST(the_second_of_two_savers_of_a_lead_is_told)
{
	LeadId id = start(cx);
	LeadForm form = marta();
	Lead lead;

	form.version = 1;
	form.value_cents = 1;
	CHECK(crm_save_lead(cx, id, &form) == OK);
	form.value_cents = 2;
	CHECK(crm_save_lead(cx, id, &form) == ERR_CONFLICT);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_INT(lead.value_cents, 1);
}

TEST(a_converted_lead_is_a_patient_with_its_history_and_source)
{
	LeadId id = start(cx);
	PatientId patient, again;
	Patient who;
	Event *event;
	size_t count;
	Lead lead;

	CHECK(crm_add_activity(cx, id, ACTIVITY_NOTE, "quer parcelar") == OK);
	CHECK(crm_convert_lead(cx, id, 0, &patient) == OK);
	CHECK(patient_get(cx, patient, &who) == OK);
	CHECK_TEXT(who.name, "Marta Vasconcelos");
	CHECK_TEXT(who.source, "Indicação");
	CHECK_INT(who.lead_id, id.v);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.status, "won");
	CHECK_TEXT(lead.stage, "Fechado");
	CHECK(audit_list_events(cx, "patient", patient.v, 0, 0, 50, &event, &count) == OK);
	CHECK(count >= 3);
	CHECK(crm_convert_lead(cx, id, 0, &again) == OK);
	CHECK_INT(again.v, patient.v);
}

/* What the lead's page says of whom it became. */
static int64_t became(Ctx *cx, LeadId id)
{
	Lead lead;

	CHECK(crm_get_lead(cx, id, &lead) == OK);
	return lead.patient_id;
}

TEST(a_lead_follows_a_merge_of_patients_and_comes_back_when_it_is_parted)
{
	LeadId id = start(cx), other = { 0 };
	LeadForm form = { .name = "Marta V", .phone = "+5511912345678", .expected_on = DATE_NONE };
	PatientId gone, kept, into;
	int64_t merge;

	CHECK(crm_add_lead(cx, &form, LEAD_BY_HAND, &other) == OK);
	CHECK(crm_convert_lead(cx, id, 0, &gone) == OK);
	CHECK(crm_convert_lead(cx, other, 0, &kept) == OK);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK_INT(became(cx, id), kept.v);
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_INT(became(cx, id), gone.v);
	CHECK_INT(became(cx, other), kept.v);
}

TEST(who_asks_to_be_forgotten_is_no_longer_found_among_the_leads)
{
	LeadId id = start(cx), twin = { 0 };
	LeadForm form = marta();
	PatientId patient;
	size_t count;
	Twin *found;
	Lead lead;

	form.email = "outra@exemplo.com";
	form.interest = "Implante, tem diabetes";
	CHECK(crm_add_lead(cx, &form, LEAD_BY_HAND, &twin) == OK);
	CHECK(crm_merge_leads(cx, id, twin) == OK);
	CHECK(crm_convert_lead(cx, id, 0, &patient) == OK);
	CHECK(patient_anonymise(cx, patient) == OK);
	for (size_t i = 0; i < 2; i++) {
		CHECK(crm_get_lead(cx, i ? twin : id, &lead) == OK);
		CHECK_TEXT(lead.name, "Paciente anonimizado");
		CHECK(!lead.phone && !lead.email && !lead.interest && !lead.consent);
	}
	CHECK(crm_find_twins(cx, "+5511987654321", "marta@exemplo.com", NULL, 0, &found, &count) ==
		OK);
	CHECK_INT(count, 0);
	/* the figures are those of before: it came by a friend and was won */
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.source, "Indicação");
	CHECK_TEXT(lead.status, "won");
	CHECK_INT(lead.value_cents, 2850000);
}

TEST(twins_are_found_among_leads_and_patients)
{
	LeadId id = start(cx);
	PatientId patient;
	size_t count;
	Twin *twin;

	CHECK(patient_register(cx,
		      &(PatientForm){
			      .name = "Marta V", .phone = "+551187654321", .birth = DATE_NONE },
		      NULL, 0, &patient) == OK);
	CHECK(crm_find_twins(cx, "+5511987654321", NULL, NULL, 0, &twin, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(twin[0].kind, "patient");
	CHECK(crm_find_twins(cx, "+5511987654321", NULL, NULL, id.v, &twin, &count) == OK);
	CHECK_INT(count, 1);
}

TEST(a_card_dropped_between_two_stays_between_them)
{
	LeadForm form = marta();
	LeadId a = start(cx), b, c;
	SqlCardRow *card;
	size_t count;
	Pipeline pipeline = pipeline_of(cx);

	form.phone = form.email = NULL;
	CHECK(crm_add_lead(cx, &form, LEAD_BY_HAND, &b) == OK);
	CHECK(crm_add_lead(cx, &form, LEAD_BY_HAND, &c) == OK);
	/* newest on top: c b a; drop c before a, many times, until ranks run out */
	for (int i = 0; i < 40; i++) {
		CHECK(crm_move_lead(cx, c, pipeline.stage[0].id, a.v) == OK);
		CHECK(crm_move_lead(cx, b, pipeline.stage[0].id, a.v) == OK);
	}
	CHECK(sql_crm_board(cx, pipeline.id, 10, NULL, NULL, &card, &count) == OK);
	CHECK_INT(count, 3);
	CHECK_INT(card[0].id, c.v);
	CHECK_INT(card[1].id, b.v);
	CHECK_INT(card[2].id, a.v);
}

TEST(the_open_task_due_first_is_the_next_action)
{
	LeadId id = start(cx);
	int64_t late, soon;
	Lead lead;

	CHECK(crm_add_task(cx,
		      &(TaskForm){ .title = "depois", .due_at = cx->now + 9000, .lead_id = id.v },
		      &late) == OK);
	CHECK(crm_add_task(cx,
		      &(TaskForm){ .title = "logo",
			      .due_at = cx->now + 60,
			      .lead_id = id.v,
			      .rrule = "FREQ=DAILY" },
		      &soon) == OK);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.next_title, "logo");
	CHECK(crm_finish_task(cx, soon) == OK);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.next_title, "depois");
	CHECK(crm_undo_task(cx, soon) == OK);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_INT(lead.next_task_id, soon);
}

TEST(a_search_finds_names_without_accents_and_phones)
{
	static const char *const questions[] = { "vasconcelos", "MARTA vasc", "98765-4321",
		"(11) 98765", "marta@ex" };
	int64_t next;
	size_t count;
	Lead *lead;

	start(cx);
	for (size_t i = 0; i < COUNT(questions); i++) {
		CHECK(crm_list_leads(cx,
			      &(LeadFilter){ .q = questions[i],
				      .created_from = DATE_NONE,
				      .created_to = DATE_NONE,
				      .ended_from = DATE_NONE,
				      .ended_to = DATE_NONE },
			      &lead, &count, &next) == OK);
		CHECK_INT(count, 1);
	}
}

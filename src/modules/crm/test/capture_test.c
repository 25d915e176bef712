#include "test.h"

#include "modules/account/account.h"
#include "modules/crm/capture.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"
#include "platform/auth/key.h"
#include "crm_fixture.h"
#include "test_db.h"

static SqlFormRow first_form(Ctx *cx)
{
	SqlFormList *list;
	SqlFormRow form = { 0 };
	size_t count;

	CHECK(crm_start_company(cx) == OK);
	CHECK(sql_form_list(cx, 0, &list, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(sql_form_by_id(cx, list[0].id, &form) == OK);
	cx->user = (UserId){ 0 };
	return form;
}

static Captured carla(void)
{
	return (Captured){ .name = "Carla Nunes",
		.phone = "+5511977776666",
		.email = "carla@exemplo.com",
		.interest = "Clareamento",
		.utm_campaign = "verao-2026" };
}

/* As if it had come `days` ago, so that the next visit is no double press. */
static void age(Ctx *cx, LeadId id, int days)
{
	int64_t rows, at = cx->now - days * (int64_t)86400 - 3600;

	CHECK(sql_crm_backdate(cx, id.v, at, at, &at, &rows) == OK);
}

static int64_t leads_in_all(Ctx *cx)
{
	int64_t count = 0, value;

	CHECK(crm_count_leads(cx,
		      &(LeadFilter){ .status = "all",
			      .created_from = DATE_NONE,
			      .created_to = DATE_NONE,
			      .ended_from = DATE_NONE,
			      .ended_to = DATE_NONE },
		      &count, &value) == OK);
	return count;
}

TEST(who_writes_for_the_first_time_is_a_new_lead_of_the_form)
{
	SqlFormRow form = first_form(cx);
	Captured in = carla();
	CaptureOutcome what;
	SqlFormList *list;
	size_t count;
	LeadId id;
	Lead lead;

	in.consent = true;
	CHECK(capture_save(cx, &form, &in, &what, &id) == OK);
	CHECK_INT(what, CAPTURE_NEW);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.name, "Carla Nunes");
	CHECK_TEXT(lead.stage, "Novo contato");
	CHECK_TEXT(lead.source, "Site");
	CHECK_TEXT(lead.utm_campaign, "verao-2026");
	CHECK(lead.consent);
	CHECK_INT(events_titled(cx, id, "Lead chegou pelo formulário do site"), 1);
	CHECK(sql_form_list(cx, 0, &list, &count) == OK);
	CHECK_INT(list[0].lead_count, 1);
}

TEST(a_form_asks_for_a_way_to_answer)
{
	SqlFormRow form = first_form(cx);
	Captured in = { .name = "Sem contato" };
	CaptureOutcome what;
	LeadId id;

	CHECK(capture_save(cx, &form, &in, &what, &id) == ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "phone"), "Informe um telefone ou um e-mail.");
	CHECK_INT(leads_in_all(cx), 0);
}

TEST(who_writes_again_is_no_second_lead)
{
	SqlFormRow form = first_form(cx);
	Captured in = carla();
	CaptureOutcome what;
	LeadId id, again;
	Lead lead;

	in.email = in.interest = NULL;
	CHECK(capture_save(cx, &form, &in, &what, &id) == OK);
	age(cx, id, 3);
	in = (Captured){ .name = "Carla N.",
		.phone = "+5511977776666",
		.email = "nova@exemplo.com",
		.interest = "Implante",
		.consent = true };
	CHECK(capture_save(cx, &form, &in, &what, &again) == OK);
	CHECK_INT(what, CAPTURE_AGAIN);
	CHECK_INT(again.v, id.v);
	CHECK_INT(leads_in_all(cx), 1);
	CHECK_INT(events_titled(cx, id, "Voltou pelo formulário"), 1);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.name, "Carla Nunes"); /* what the clinic knows stays */
	CHECK_TEXT(lead.email, "nova@exemplo.com");
	CHECK_TEXT(lead.interest, "Implante");
	CHECK(lead.consent);
}

TEST(the_email_too_finds_the_lead_and_the_other_phone_is_kept)
{
	SqlFormRow form = first_form(cx);
	Captured in = carla();
	CaptureOutcome what;
	LeadId id, again;
	Lead lead;

	CHECK(capture_save(cx, &form, &in, &what, &id) == OK);
	age(cx, id, 1);
	in.phone = "+5511966665555";
	CHECK(capture_save(cx, &form, &in, &what, &again) == OK);
	CHECK_INT(again.v, id.v);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.phone, "+5511977776666");
	CHECK_TEXT(lead.phone2, "+5511966665555");
	in.email = NULL;
	CHECK(capture_save(cx, &form, &in, &what, &again) == OK);
	CHECK_INT(again.v, id.v); /* by the second phone */
}

TEST(a_button_pressed_twice_is_one_visit)
{
	SqlFormRow form = first_form(cx);
	Captured in = carla();
	CaptureOutcome what;
	LeadId id, again;
	Lead lead;

	CHECK(capture_save(cx, &form, &in, &what, &id) == OK);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	cx->now = lead.created_at + 2;
	CHECK(capture_save(cx, &form, &in, &what, &again) == OK);
	CHECK_INT(again.v, id.v);
	CHECK_INT(events_titled(cx, id, "Voltou pelo formulário"), 0);
}

static int64_t any_reason(Ctx *cx)
{
	SqlCrmLossReasons *reason;
	size_t count;

	CHECK(sql_crm_loss_reasons(cx, &reason, &count) == OK);
	return reason[0].id;
}

TEST(who_was_lost_lately_is_reopened)
{
	SqlFormRow form = first_form(cx);
	Captured in = carla();
	CaptureOutcome what;
	LeadId id, again;
	Lead lead;

	CHECK(capture_save(cx, &form, &in, &what, &id) == OK);
	CHECK(crm_lose_lead(cx, id, any_reason(cx), NULL) == OK);
	age(cx, id, 30);
	CHECK(capture_save(cx, &form, &in, &what, &again) == OK);
	CHECK_INT(what, CAPTURE_REOPENED);
	CHECK_INT(again.v, id.v);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.status, "open");
	CHECK_INT(events_titled(cx, id, "Voltou pelo formulário"), 1);
}

TEST(who_was_lost_long_ago_or_won_is_a_new_lead)
{
	SqlFormRow form = first_form(cx);
	Captured in = carla();
	CaptureOutcome what;
	PatientId patient;
	LeadId lost, won, newest;

	CHECK(capture_save(cx, &form, &in, &what, &lost) == OK);
	CHECK(crm_lose_lead(cx, lost, any_reason(cx), NULL) == OK);
	age(cx, lost, CAPTURE_LOST_DAYS + 1);
	CHECK(capture_save(cx, &form, &in, &what, &won) == OK);
	CHECK_INT(what, CAPTURE_NEW);
	CHECK(won.v != lost.v);
	CHECK(crm_convert_lead(cx, won, 0, &patient) == OK);
	age(cx, won, 1);
	CHECK(capture_save(cx, &form, &in, &what, &newest) == OK);
	CHECK_INT(what, CAPTURE_NEW);
	CHECK(newest.v != won.v && newest.v != lost.v);
}

TEST(the_form_of_another_clinic_is_not_there)
{
	SqlFormRow form = first_form(cx), found;
	bool is_there;

	test_as_company(cx, 2);
	CHECK(sql_form_of_token(cx, form.token, &found, &is_there) == OK);
	CHECK(!is_there);
}

TEST(a_form_whose_stage_and_owner_are_gone_still_takes_leads)
{
	SqlFormRow form = first_form(cx);
	Captured in = carla();
	CaptureOutcome what;
	LeadId id;
	Lead lead;

	form.stage_id = 987654321;
	form.owner_id = 987654321;
	CHECK(capture_save(cx, &form, &in, &what, &id) == OK);
	CHECK(crm_get_lead(cx, id, &lead) == OK);
	CHECK_TEXT(lead.stage, "Novo contato");
	CHECK_INT(lead.owner_id, 0);
}

TEST(the_owner_is_told_or_everybody_who_may_edit_leads)
{
	SqlFormRow form = first_form(cx);
	int64_t renata = member(cx, "renata", "manager"), jess = member(cx, "jess", "reception");
	int64_t caio = member(cx, "caio", "dentist");
	Captured in = carla();
	CaptureOutcome what;
	LeadId id;

	account_set_perms(crm_module.perm, crm_module.perm_count);
	CHECK(capture_save(cx, &form, &in, &what, &id) == OK);
	CHECK_INT(unread(cx, renata), 1);
	CHECK_INT(unread(cx, jess), 1);
	CHECK_INT(unread(cx, caio), 0);
	form.owner_id = jess;
	in.phone = "+5511955554444";
	in.email = NULL;
	CHECK(capture_save(cx, &form, &in, &what, &id) == OK);
	CHECK_INT(unread(cx, renata), 1);
	CHECK_INT(unread(cx, jess), 2);
	age(cx, id, 2);
	CHECK(capture_save(cx, &form, &in, &what, &id) == OK); /* comes back: its owner alone */
	CHECK_INT(unread(cx, renata), 1);
	CHECK_INT(unread(cx, jess), 3);
}

TEST(a_stamp_is_good_only_for_its_form_and_after_a_breath)
{
	const char *stamp;

	CHECK(auth_set_secret("a secret that is long enough for the tests", NULL));
	stamp = capture_stamp(cx, "token-of-the-form", cx->now);
	CHECK_INT(capture_check_stamp(cx, "token-of-the-form", stamp), STAMP_QUICK);
	cx->now += CAPTURE_FILL_S;
	CHECK_INT(capture_check_stamp(cx, "token-of-the-form", stamp), STAMP_GOOD);
	CHECK_INT(capture_check_stamp(cx, "token-of-another", stamp), STAMP_BAD);
	CHECK_INT(capture_check_stamp(cx, "token-of-the-form", NULL), STAMP_BAD);
	CHECK_INT(capture_check_stamp(cx, "token-of-the-form", "17.abc"), STAMP_BAD);
	CHECK_INT(capture_check_stamp(cx, "token-of-the-form", arena_printf(cx->mem, "1%s", stamp)),
		STAMP_BAD);
	cx->now += CAPTURE_LIFE_S;
	CHECK_INT(capture_check_stamp(cx, "token-of-the-form", stamp), STAMP_BAD);
	cx->company = (CompanyId){ 2 };
	CHECK_INT(capture_check_stamp(cx, "token-of-the-form",
			  capture_stamp(&(Ctx){ .mem = cx->mem, .company = { 1 }, .now = cx->now },
				  "token-of-the-form", cx->now - 10)),
		STAMP_BAD);
}

TEST(one_address_cannot_flood_the_funnel_nor_block_the_others)
{
	int taken = 0;

	cx->company = (CompanyId){ 771 };
	cx->peer = "203.0.113.9";
	for (int i = 0; i < 100; i++)
		taken += capture_may_take(cx);
	CHECK_INT(taken, CAPTURE_PEER_PER_MINUTE);
	cx->peer = "203.0.113.10";
	CHECK(capture_may_take(cx));
	cx->company = (CompanyId){ 772 };
	taken = 0;
	for (int i = 0; i < 200; i++) {
		cx->peer = arena_printf(cx->mem, "198.51.100.%d", i);
		taken += capture_may_take(cx);
	}
	CHECK_INT(taken, CAPTURE_PER_MINUTE);
}

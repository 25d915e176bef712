/* Registering, saving, telling, families and what heads and lists show. */
#include "test.h"

#include "core/clock.h"
#include "modules/patient/cep.sql.h"
#include "modules/patient/patient_view.h"
#include "test_db.h"

static const PatientForm ana = { .name = "Ana O'Kelly",
	.cpf = "52998224725",
	.phone = "+5511987654321",
	.email = "ana@exemplo.com",
	.birth = DATE_NONE };

static PatientId registered(Ctx *cx, const PatientForm *in)
{
	PatientId id = { 0 };

	cx->user = (UserId){ 0 };
	CHECK(patient_register(cx, in, NULL, 0, &id) == OK);
	return id;
}

static PatientHead head_of(Ctx *cx, PatientId id)
{
	PatientHead head = { 0 };

	CHECK(patient_head_ask(cx, id) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	return head;
}

TEST(two_clinics_may_have_the_same_patient)
{
	PatientId id = registered(cx, &ana);
	Patient patient;

	CHECK(patient_get(cx, id, &patient) == OK);
	CHECK_TEXT(patient.name, "Ana O'Kelly");
	test_as_company(cx, 2);
	CHECK(patient_get(cx, id, &patient) == ERR_NOT_FOUND);
	CHECK(patient_register(cx, &ana, NULL, 0, &id) == OK);
}

TEST(one_clinic_has_a_cpf_only_once)
{
	PatientId id = registered(cx, &ana);

	CHECK(patient_register(cx, &ana, NULL, 0, &id) == ERR_CONFLICT);
	CHECK(bad_find(cx, "cpf"));
}

TEST(a_twin_is_found_by_phone_without_the_ninth_digit_too)
{
	PatientTwin *twin;
	size_t count;

	registered(cx, &ana);
	CHECK(patient_find_twins(cx, "+551187654321", NULL, NULL, &twin, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(patient_find_twins(cx, NULL, "ana@exemplo.com", "52998224725", &twin, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(twin[0].why, "cpf");
}

TEST(the_second_of_two_savers_is_told)
{
	PatientId id = registered(cx, &ana);
	PatientForm form = ana;
	Patient patient;

	form.version = 1;
	form.notes = "prefere manhãs";
	CHECK(patient_save(cx, id, &form) == OK);
	form.notes = "prefere tardes";
	CHECK(patient_save(cx, id, &form) == ERR_CONFLICT);
	CHECK_INT(cx->bad_count, 0);
	CHECK(patient_get(cx, id, &patient) == OK);
	CHECK_TEXT(patient.notes, "prefere manhãs");
}

TEST(saving_what_is_there_already_changes_nothing)
{
	PatientId id = registered(cx, &ana);
	PatientForm form;
	Patient patient;

	CHECK(patient_get(cx, id, &patient) == OK);
	form = patient_form_of(&patient);
	form.version = 0;
	CHECK(patient_save(cx, id, &form) == OK);
	CHECK(patient_get(cx, id, &patient) == OK);
	CHECK_INT(patient.version, 1);
}

TEST(everything_of_the_form_comes_back)
{
	static const char *const times[] = { "morning", "saturday" };
	static const char *const tags[] = { " implante ", "VIP", "vip" };
	static const char *const channels[] = { "sms", "whatsapp" };
	PatientForm form = { .name = "Rui",
		.social_name = "Rute",
		.rg = "1.234",
		.sex = "other",
		.gender = "não-binária",
		.occupation = "pintora",
		.birth = date_of(1990, 2, 28),
		.phone = "+551133334444",
		.phone2 = "+5511999998888",
		.phone2_note = "Irmão",
		.whatsapp = "phone2",
		.cep = "01310-100",
		.street = "Av. Paulista",
		.number = "1000",
		.complement = "cj 5",
		.district = "Bela Vista",
		.city = "São Paulo",
		.uf = "sp",
		.channel = "sms",
		.times = { times, 2 },
		.consents = { channels, 2 },
		.consent = true,
		.tags = { tags, 3 },
		.source = "Rádio",
		.notes = "a\nb" };
	PatientId id = registered(cx, &form);
	PatientForm back;
	const char *titles;
	SqlCepFind cep;
	Patient p;
	bool found;

	CHECK(patient_get(cx, id, &p) == OK);
	back = patient_form_of(&p);
	CHECK_TEXT(p.cep, "01310100");
	CHECK_TEXT(p.uf, "SP");
	CHECK_INT(p.tags.count, 2);
	CHECK_TEXT(p.tags.v[0], "implante");
	CHECK_TEXT(p.whatsapp, "phone2");
	CHECK_TEXT(p.consents.v[0], "sms");
	form.cep = p.cep;
	form.uf = p.uf;
	form.tags = p.tags;
	CHECK(!patient_difference(cx, &p, &form, &titles));
	CHECK(!patient_difference(cx, &p, &back, &titles));
	CHECK(sql_cep_find(cx, "01310100", &cep, &found) == OK);
	CHECK(found);
	CHECK_TEXT(cep.street, "Av. Paulista");
}

TEST(a_birth_in_the_future_or_of_another_century_is_wrong)
{
	PatientForm form = ana;
	PatientId id;

	form.birth = date_of(2027, 1, 1);
	CHECK(patient_register(cx, &form, NULL, 0, &id) == ERR_INVALID);
	form.birth = date_of(1880, 1, 1);
	CHECK(patient_register(cx, &form, NULL, 0, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "birth"));
}

TEST(consent_alone_means_all_channels_and_a_channel_means_consent)
{
	static const char *const one[] = { "email" };
	PatientForm form = ana;
	PatientId id;
	Patient p;

	form.consent = true;
	id = registered(cx, &form);
	CHECK(patient_get(cx, id, &p) == OK);
	CHECK_INT(p.consents.count, 4);
	form = patient_form_of(&p);
	form.consents = (Strs){ one, 1 };
	CHECK(patient_save(cx, id, &form) == OK);
	CHECK(patient_get(cx, id, &p) == OK);
	CHECK_INT(p.consents.count, 1);
	CHECK(p.consent);
	form = patient_form_of(&p);
	form.consent = false;
	CHECK(patient_save(cx, id, &form) == OK);
	CHECK(patient_get(cx, id, &p) == OK);
	CHECK_INT(p.consents.count, 0);
	CHECK(!p.consent);
}

TEST(a_mobile_has_whatsapp_until_somebody_says_otherwise)
{
	PatientForm form = ana;
	PatientId id = registered(cx, &form);
	Patient p;

	CHECK_TEXT(head_of(cx, id).whatsapp, "+5511987654321");
	CHECK(patient_get(cx, id, &p) == OK);
	form = patient_form_of(&p);
	form.whatsapp = "none";
	CHECK(patient_save(cx, id, &form) == OK);
	CHECK(!head_of(cx, id).whatsapp);
	form = (PatientForm){ .name = "Fixo", .phone = "+551133334444", .birth = DATE_NONE };
	CHECK(!head_of(cx, registered(cx, &form)).whatsapp);
}

TEST(the_head_shows_name_card_visits_and_balance)
{
	PatientForm form = ana;
	PatientHead head;
	PatientId id;

	form.social_name = "Aninha";
	form.insurer = "Odontoprev";
	form.card_until = DATE_NONE;
	id = registered(cx, &form);
	head = head_of(cx, id);
	CHECK_TEXT(head.name, "Aninha");
	CHECK_TEXT(head.legal, "Ana O'Kelly");
	CHECK_TEXT(head.insurance, "Odontoprev");
	CHECK(!head.has_balance);
	CHECK_INT(head.alert_count, 0);
	CHECK(patient_tell_visits(cx, id,
		      &(PatientVisits){ .visits = 14,
			      .no_shows = 2,
			      .last_at = cx->now - 60,
			      .next_at = cx->now + 3600 }) == OK);
	CHECK(patient_tell_balance(cx, id, 419000) == OK);
	CHECK(patient_tell_images(cx, id, 12) == OK);
	head = head_of(cx, id);
	CHECK(head.has_balance);
	CHECK_INT(head.balance, 419000);
	CHECK_INT(head.no_shows, 2);
	CHECK_INT(head.image_count, 12);
	CHECK_INT(head.next_visit, cx->now + 3600);
	cx->now += 7200;
	CHECK_INT(head_of(cx, id).next_visit, 0);
	test_as_company(cx, 2);
	CHECK(patient_tell_balance(cx, id, 1) == ERR_NOT_FOUND);
	CHECK(patient_head_ask(cx, id) == OK);
	CHECK(patient_head_read(cx, &head) == ERR_NOT_FOUND);
}

TEST(a_card_that_ran_out_is_not_the_insurance)
{
	PatientForm form = ana;
	PatientId id;
	int64_t card;

	form.insurer = "Velho";
	form.card_until = date_of(2026, 1, 31);
	id = registered(cx, &form);
	CHECK(!head_of(cx, id).insurance);
	CHECK(patient_add_card(cx, id,
		      &(InsuranceCard){ .insurer = "Novo", .valid_until = DATE_NONE },
		      &card) == OK);
	CHECK_TEXT(head_of(cx, id).insurance, "Novo");
	CHECK(patient_remove_card(cx, id, card) == OK);
	CHECK(patient_remove_card(cx, id, card) == ERR_NOT_FOUND);
	CHECK(!head_of(cx, id).insurance);
}

TEST(a_family_is_seen_from_both_sides)
{
	PatientForm child = { .name = "Davi",
		.birth = date_of(2018, 2, 28),
		.guardian = "Tia Rosa",
		.guardian_phone = "+5511911112222",
		.card_until = DATE_NONE };
	PatientId mother = registered(cx, &ana), id = registered(cx, &child);
	Kin *kin;
	int64_t made;
	size_t count;

	CHECK(patient_add_kin(cx, id,
		      &(Kin){ .kind = "mother", .other_id = mother.v, .pays = true, .signs = true },
		      &made) == OK);
	CHECK(patient_add_kin(cx, id, &(Kin){ .kind = "mother", .other_id = mother.v }, &made) ==
		ERR_CONFLICT);
	CHECK(patient_list_kin(cx, id, &kin, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(kin[0].name, "Tia Rosa");
	CHECK(kin[0].signs);
	CHECK_TEXT(kin[1].name, "Ana O'Kelly");
	CHECK(patient_list_kin(cx, mother, &kin, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(kin[0].theirs);
	CHECK_TEXT(kin[0].name, "Davi");
	CHECK_TEXT(patient_kin_title(kin[0].kind, kin[0].theirs), "Filho(a)");
	CHECK(patient_remove_kin(cx, mother, kin[0].id) == ERR_NOT_FOUND);
	CHECK(patient_remove_kin(cx, id, kin[0].id) == OK);
}

TEST(nobody_is_their_own_family_or_that_of_another_clinic)
{
	PatientId id = registered(cx, &ana), stranger;
	int64_t made;

	CHECK(patient_add_kin(cx, id, &(Kin){ .kind = "mother", .other_id = id.v }, &made) ==
		ERR_INVALID);
	CHECK(patient_add_kin(cx, id, &(Kin){ .kind = "mother" }, &made) == ERR_INVALID);
	test_as_company(cx, 2);
	stranger = registered(cx, &ana);
	test_as_company(cx, 1);
	CHECK(patient_add_kin(cx, id, &(Kin){ .kind = "mother", .other_id = stranger.v }, &made) ==
		ERR_INVALID);
	CHECK(bad_find(cx, "other_id"));
}

TEST(a_card_or_guardian_without_a_name_is_asked_for)
{
	PatientForm form = ana;
	PatientId id;

	form.card_number = "123";
	CHECK(patient_register(cx, &form, NULL, 0, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "insurer"));
	form = (PatientForm){ .name = "B", .birth = DATE_NONE, .guardian_phone = "+5511911112222" };
	CHECK(patient_register(cx, &form, NULL, 0, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "guardian"));
}

TEST(a_closed_record_takes_nothing_more)
{
	PatientId id = registered(cx, &ana);
	PatientForm form;
	Patient p;
	int64_t made;

	PQclear(PQexec(db_native(cx->db), "update patient.patient set restricted = true"));
	CHECK(patient_get(cx, id, &p) == OK);
	CHECK(p.restricted && head_of(cx, id).restricted);
	form = patient_form_of(&p);
	form.notes = "mais";
	CHECK(patient_save(cx, id, &form) == ERR_CONFLICT);
	CHECK(patient_add_kin(cx, id, &(Kin){ .kind = "mother", .name = "M" }, &made) ==
		ERR_CONFLICT);
}

TEST(who_is_met_twice_is_one_patient_and_a_brother_another)
{
	PatientId first, second, brother;

	cx->user = (UserId){ 0 };
	CHECK(patient_meet(cx, "  José  da Silva ", "(11) 98888-7777", NULL, "Site", &first) == OK);
	CHECK(patient_meet(cx, "jose da silva", "11 8888-7777", NULL, "Site", &second) ==
		ERR_INVALID);
	CHECK(patient_meet(cx, "jose da silva", "+5511988887777", NULL, "Site", &second) == OK);
	CHECK_INT(first.v, second.v);
	CHECK(patient_meet(cx, "João da Silva", "11988887777", NULL, "Site", &brother) == OK);
	CHECK(brother.v != first.v);
	CHECK(patient_meet(cx, "", "11988887777", NULL, NULL, &brother) == ERR_INVALID);
}

TEST(hostile_text_is_only_text)
{
	PatientForm form = { .name = "Robert'); drop table patient.patient; --<script>",
		.birth = DATE_NONE,
		.notes = "\\ % _ ' \" <b> \xF0\x9F\xA6\xB7" };
	PatientId id = registered(cx, &form);
	PatientHit *hit;
	Patient p;
	size_t count;

	CHECK(patient_get(cx, id, &p) == OK);
	CHECK_TEXT(p.name, form.name);
	CHECK_TEXT(p.notes, form.notes);
	CHECK(patient_search(cx, "%_'\\", 8, &hit, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(patient_search(cx, "'); drop", 8, &hit, &count) == OK);
	CHECK_INT(count, 1);
}

static const char *shown(Ctx *cx, const char *part, const char *text)
{
	Html h;

	html_init(&h, cx, "");
	for (size_t i = 0; i < patient_part_count; i++)
		if (!strcmp(patient_parts[i].name, part))
			return patient_part_shown(&h, &patient_parts[i], text);
	return "no such part";
}

TEST(two_values_are_compared_in_the_words_of_people)
{
	CHECK_TEXT(shown(cx, "tags", "{\"a,b\",c,\"d\\\"e\"}"), "a,b, c, d\"e");
	CHECK_TEXT(shown(cx, "consents", "{email,whatsapp}"), "E-mail, WhatsApp");
	CHECK_TEXT(shown(cx, "times", "{morning}"), "Manhã");
	CHECK_TEXT(shown(cx, "birth", "1980-02-01"), "01/02/1980");
	CHECK_TEXT(shown(cx, "cpf", "52998224725"), "529.982.247-25");
	CHECK_TEXT(shown(cx, "whatsapp", "both"), "Nos dois");
	CHECK(!shown(cx, "notes", NULL));
}

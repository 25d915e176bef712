/* The register of incidents: due dates, versions that stay, reminders. */
#include "modules/privacy/incident.h"

#include "test.h"

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/notice/notice.h"
#include "modules/privacy/incident.sql.h"
#include "platform/db/db.h"
#include "platform/mail/mail.h"
#include "test_db.h"

static IncidentForm stolen_phone(const Ctx *cx)
{
	return (IncidentForm){ .title = "Celular da recepção roubado",
		.what = "O aparelho estava sem senha.",
		.known_at = cx->now,
		.data = "Nomes e telefones",
		.risk = "open",
		.anpd_on = DATE_NONE,
		.complement_on = DATE_NONE,
		.people_on = DATE_NONE,
		.ended_on = DATE_NONE };
}

static int64_t registered(Ctx *cx, const IncidentForm *in)
{
	int64_t id = 0;

	CHECK(incident_add(cx, in, &id) == OK);
	return id;
}

/* Wednesday at noon, in a week without holidays. */
static void on_a_wednesday(Ctx *cx)
{
	cx->now = time_of_minute(date_of(2026, 3, 11), 12 * 60, cx->zone);
}

static int64_t on_a_wednesday_registered(Ctx *cx, IncidentForm *in)
{
	on_a_wednesday(cx);
	*in = stolen_phone(cx);
	return registered(cx, in);
}

TEST(business_days_leave_out_weekends_and_national_holidays)
{
	CHECK_INT(business_day(date_of(2026, 3, 11), 3), date_of(2026, 3, 16));
	/* Good Friday 3 April and Tiradentes 21 April 2026 */
	CHECK_INT(business_day(date_of(2026, 4, 1), 3), date_of(2026, 4, 7));
	CHECK_INT(business_day(date_of(2026, 4, 20), 1), date_of(2026, 4, 22));
	/* Carnival is optional: counting it gives the earlier, safer date */
	CHECK_INT(business_day(date_of(2026, 2, 13), 1), date_of(2026, 2, 16));
	CHECK_INT(business_day(date_of(2026, 3, 16), -1), date_of(2026, 3, 13));
	CHECK_INT(business_day(date_of(2026, 3, 14), 0), date_of(2026, 3, 14));
}

TEST(an_incident_is_due_in_three_business_days_and_in_six_for_a_small_agent)
{
	Incident incident;
	IncidentForm in;

	on_a_wednesday(cx);
	in = stolen_phone(cx);
	CHECK(incident_get(cx, registered(cx, &in), &incident) == OK);
	CHECK_INT(incident.due_on, date_of(2026, 3, 16));
	CHECK_INT(incident.people, -1);
	CHECK(privacy_save_profile(cx, &(PrivacyProfile){ .small_agent = true }) == OK);
	CHECK(incident_get(cx, registered(cx, &in), &incident) == OK);
	CHECK_INT(incident.due_on, date_of(2026, 3, 19));
}

TEST(each_change_is_a_version_and_all_of_them_stay)
{
	Incident *version;
	IncidentForm in;
	int64_t id;
	size_t count;

	id = on_a_wednesday_registered(cx, &in);
	in.version = 1;
	in.people = "12";
	in.measures = "Linha bloqueada.";
	CHECK(incident_save(cx, id, &in) == OK);
	CHECK(incident_save(cx, id, &in) == ERR_STALE);
	CHECK(incident_list_versions(cx, id, &version, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_INT(version[0].people, 12);
	CHECK_INT(version[1].people, -1);
	CHECK_TEXT(incident_difference(cx->mem, &version[1], &version[0]),
		"Quantas pessoas, Medidas tomadas");
}

TEST(the_program_may_not_delete_or_change_what_stands_in_the_register)
{
	PGresult *r = PQexec(db_native(cx->db),
		"select t, p from unnest(array['privacy.incident', 'privacy.incident_version',"
		" 'privacy.incident_patient', 'privacy.incident_reminder']) t,"
		" unnest(array['update', 'delete', 'truncate']) p"
		" where has_table_privilege('siso_app', t, p)");

	CHECK_INT(PQntuples(r), 0);
	CHECK(PQresultStatus(r) == PGRES_TUPLES_OK);
	PQclear(r);
}

TEST(a_relevant_incident_ends_when_anpd_and_people_were_told)
{
	IncidentDuty duty[INCIDENT_DUTIES];
	Incident incident;
	IncidentForm in;
	int64_t id;

	id = on_a_wednesday_registered(cx, &in);
	CHECK(incident_get(cx, id, &incident) == OK);
	CHECK_INT(incident_duties(&incident, duty), 3);
	in.version = 1;
	in.risk = "relevant";
	CHECK(incident_save(cx, id, &in) == ERR_INVALID); /* no reason */
	in.risk_why = "Sem senha.";
	in.ended_on = date_today(cx->now, cx->zone);
	CHECK(incident_save(cx, id, &in) == ERR_INVALID);
	in.anpd_on = in.ended_on;
	CHECK(incident_save(cx, id, &in) == ERR_INVALID);
	in.people_on = in.ended_on;
	CHECK(incident_save(cx, id, &in) == OK);
	CHECK(incident_get(cx, id, &incident) == OK);
	CHECK_INT(incident_duties(&incident, duty), 0);
	CHECK_INT(incident.complement_due_on, date_of(2026, 4, 9));
}

TEST(dates_of_an_incident_are_in_their_order)
{
	IncidentForm in;
	int64_t id;

	on_a_wednesday(cx);
	in = stolen_phone(cx);
	in.known_at = cx->now + 60;
	CHECK(incident_add(cx, &in, &id) == ERR_INVALID);
	in = stolen_phone(cx);
	in.happened_at = cx->now + 60;
	CHECK(incident_add(cx, &in, &id) == ERR_INVALID);
	in = stolen_phone(cx);
	in.complement_on = date_today(cx->now, cx->zone);
	CHECK(incident_add(cx, &in, &id) == ERR_INVALID);
	in = stolen_phone(cx);
	in.people = "muitas";
	CHECK(incident_add(cx, &in, &id) == ERR_INVALID);
}

static int64_t letters(Ctx *cx)
{
	MailItem *item;
	size_t count;

	CHECK(mail_list(cx, 0, 100, &item, &count) == OK);
	return (int64_t)count;
}

/* Its links in e-mails lead to the main host. */
static void has_host(Ctx *cx)
{
	PGresult *r = PQexec(db_native(cx->db),
		"insert into company.domain (company_id, host, main)"
		" values (1, 'incidente.exemplo.test', true) on conflict do nothing");

	CHECK(PQresultStatus(r) == PGRES_COMMAND_OK);
	PQclear(r);
}

TEST(who_keeps_the_register_is_reminded_before_on_the_day_and_once_when_late)
{
	IncidentForm in;
	UserId owner;
	int64_t unread, before;

	account_set_perms(privacy_module.perm, privacy_module.perm_count);
	on_a_wednesday(cx);
	has_host(cx);
	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = "Dona Incidente",
			      .email = "dona.incidente@exemplo.test",
			      .password = "sorriso-aberto-2026",
			      .role = "owner" },
		      &owner) == OK);
	cx->user = owner;
	in = stolen_phone(cx);
	registered(cx, &in);
	before = letters(cx);
	CHECK(incident_warn(cx, "{}") == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 0); /* due on Monday: too early */
	cx->now += 2 * 86400;
	CHECK(incident_warn(cx, "{}") == OK);
	CHECK(incident_warn(cx, "{}") == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 3); /* judge, ANPD, people */
	CHECK(letters(cx) >= before + 3);
	cx->now += 3 * 86400;
	CHECK(incident_warn(cx, "{}") == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 6);
	cx->now += 86400;
	CHECK(incident_warn(cx, "{}") == OK);
	cx->now += 86400;
	CHECK(incident_warn(cx, "{}") == OK);
	CHECK(notice_count_unread(cx, &unread) == OK);
	CHECK_INT(unread, 9);
}

static PatientId a_patient(Ctx *cx, const char *name)
{
	PatientId id = { 0 };

	CHECK(patient_register(
		      cx, &(PatientForm){ .name = name, .birth = DATE_NONE }, NULL, 0, &id) == OK);
	return id;
}

TEST(a_patient_is_linked_and_taken_out_and_both_stand_in_the_register)
{
	IncidentPatient *list;
	PatientId patient;
	IncidentForm in;
	int64_t id;
	size_t count;

	id = on_a_wednesday_registered(cx, &in);
	patient = a_patient(cx, "Ivo Afetado");
	CHECK(incident_link_patient(cx, id, patient, true) == OK);
	CHECK(incident_list_patients(cx, id, &list, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(list[0].name, "Ivo Afetado");
	CHECK(incident_link_patient(cx, id, patient, false) == OK);
	CHECK(incident_list_patients(cx, id, &list, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(incident_link_patient(cx, id, (PatientId){ 987654321 }, true) == ERR_NOT_FOUND);
}

TEST(two_records_of_one_patient_are_one_in_the_register_once_they_are_merged)
{
	IncidentPatient *list;
	PatientId kept, gone;
	IncidentForm in;
	int64_t id, merge;
	size_t count;

	id = on_a_wednesday_registered(cx, &in);
	kept = a_patient(cx, "Iara Dupla");
	gone = a_patient(cx, "Iara Duplicada");
	CHECK(incident_link_patient(cx, id, kept, true) == OK);
	CHECK(incident_link_patient(cx, id, gone, true) == OK);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK(incident_list_patients(cx, id, &list, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(list[0].id, kept.v);
	CHECK(incident_link_patient(cx, id, gone, false) == OK);
	CHECK(incident_list_patients(cx, id, &list, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(the_register_of_another_company_is_not_found)
{
	IncidentForm in;
	Incident *list, incident;
	size_t count;
	int64_t id;

	id = on_a_wednesday_registered(cx, &in);
	test_as_company(cx, 2);
	CHECK(incident_get(cx, id, &incident) == ERR_NOT_FOUND);
	CHECK(incident_list(cx, &list, &count) == OK);
	for (size_t i = 0; i < count; i++)
		CHECK(list[i].id != id);
}

TEST(the_register_on_paper_runs_over_pages_and_is_a_pdf)
{
	char *what = arena_alloc(cx->mem, 4001);
	IncidentForm in;
	Str bytes;

	on_a_wednesday(cx);
	in = stolen_phone(cx);
	memset(what, 'a', 4000);
	for (size_t i = 3; i < 4000; i += 4)
		what[i] = i % 16 == 3 ? '\n' : ' ';
	what[4000] = 0;
	in.what = what;
	registered(cx, &in);
	CHECK(incident_pdf(cx, 0, &bytes) == OK);
	CHECK(bytes.len > 2000 && !memcmp(bytes.ptr, "%PDF-", 5));
	CHECK(incident_pdf(cx, 987654321, &bytes) == ERR_NOT_FOUND);
}

/* What the LGPD asks: consents, requests, twenty years, copies. */
#include "modules/privacy/privacy.h"

#include "test.h"

#include "core/clock.h"
#include "modules/notice/notice.h"
#include "modules/privacy/privacy.sql.h"
#include "test_db.h"

static PatientId patient_born(Ctx *cx, int32_t birth)
{
	PatientId id = { 0 };

	CHECK(patient_register(cx,
		      &(PatientForm){ .name = "Zuleica Quintanilha",
			      .cpf = "52998224725",
			      .phone = "+5511987654321",
			      .birth = birth },
		      NULL, 0, &id) == OK);
	return id;
}

/* A text of the test's own and its id. */
static int64_t text(Ctx *cx, const char *body)
{
	ConsentText *list = NULL;
	size_t count = 0;

	CHECK(consent_write_text(cx,
		      &(ConsentTextForm){
			      .purpose = "marketing", .title = "Novidades", .body = body }) == OK);
	CHECK(consent_list_texts(cx, &list, &count) == OK);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].purpose, "marketing"))
			return list[i].id;
	return 0;
}

/* The last visit was so many years ago. */
static void seen_years_ago(Ctx *cx, PatientId patient, int years)
{
	CHECK(patient_tell_visits(cx, patient,
		      &(PatientVisits){
			      .visits = 1, .last_at = cx->now - years * 366LL * 86400 }) == OK);
}

TEST(the_last_answer_counts_and_both_stay)
{
	PatientId patient = patient_born(cx, DATE_NONE);
	int64_t id = text(cx, "Um.");
	Consent *list, *log;
	size_t count, logged;

	CHECK(consent_give(cx, patient,
		      &(ConsentForm){ .text_id = id, .granted = true, .channel = "paper" }) == OK);
	CHECK(consent_give(cx, patient, &(ConsentForm){ .text_id = id, .channel = "phone" }) == OK);
	CHECK(consent_list(cx, patient, &list, &count) == OK);
	CHECK(consent_list_log(cx, patient, &log, &logged) == OK);
	CHECK_INT(count, 1);
	CHECK(!list[0].granted);
	CHECK_INT(logged, 2);
}

TEST(a_new_version_of_a_text_leaves_old_answers_with_the_old_one)
{
	PatientId patient = patient_born(cx, DATE_NONE);
	int64_t first = text(cx, "Um."), second;
	Consent *list;
	size_t count;

	CHECK(consent_give(cx, patient,
		      &(ConsentForm){ .text_id = first, .granted = true, .channel = "counter" }) ==
		OK);
	second = text(cx, "Dois.");
	CHECK(second != first);
	CHECK(consent_list(cx, patient, &list, &count) == OK);
	CHECK_INT(list[0].text_id, first);
	CHECK_INT(list[0].version, 1);
}

TEST(a_request_is_due_in_fifteen_days_and_answered_once)
{
	PatientId patient = patient_born(cx, DATE_NONE);
	PrivacyRequest *list;
	int64_t id;
	size_t count;

	CHECK(privacy_ask(cx, patient, &(PrivacyRequestForm){ .kind = "access" }, &id) == OK);
	CHECK(privacy_list_requests(cx, true, &list, &count) == OK);
	CHECK_INT(list[0].due_on, date_today(cx->now, cx->zone) + 15);
	CHECK(privacy_answer(cx, id, &(PrivacyAnswerForm){ .answer = "Cópia entregue." }) == OK);
	CHECK(privacy_answer(cx, id, &(PrivacyAnswerForm){ .answer = "De novo." }) == ERR_CONFLICT);
	CHECK(privacy_list_requests(cx, true, &list, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(a_record_is_kept_twenty_years_after_the_last_entry)
{
	PatientId patient = patient_born(cx, date_of(1980, 1, 1));
	Retention keep;

	CHECK(privacy_retention(cx, patient, &keep) == OK);
	CHECK(!keep.clinical);
	CHECK(keep.over);
	seen_years_ago(cx, patient, 5);
	CHECK(privacy_retention(cx, patient, &keep) == OK);
	CHECK(keep.clinical);
	CHECK(!keep.over);
	CHECK(privacy_anonymise(cx, patient, "pedido") == ERR_CONFLICT);
	seen_years_ago(cx, patient, 21);
	CHECK(privacy_retention(cx, patient, &keep) == OK);
	CHECK(keep.over);
}

TEST(the_record_of_a_child_is_kept_until_thirty_eight)
{
	int32_t birth = date_today(cx->now, cx->zone) - 365 * 30;
	PatientId patient = patient_born(cx, birth);
	Retention keep;

	seen_years_ago(cx, patient, 25); /* at five */
	CHECK(privacy_retention(cx, patient, &keep) == OK);
	CHECK_INT(keep.until, date_add_months(birth, 12 * 38));
	CHECK(!keep.over);
}

TEST(a_closed_patient_is_not_found_and_comes_back_with_a_reason)
{
	PatientId patient = patient_born(cx, DATE_NONE);
	PatientHit *hit;
	size_t count;
	Closing last;

	CHECK(privacy_restrict(cx, patient, NULL) == ERR_INVALID);
	CHECK(privacy_restrict(cx, patient, "Pediu eliminação") == OK);
	CHECK(privacy_restrict(cx, patient, "outra vez") == ERR_CONFLICT);
	CHECK(patient_search(cx, "zuleica quintanilha", 10, &hit, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(privacy_reopen(cx, patient, "Voltou a tratar") == OK);
	CHECK(patient_search(cx, "zuleica quintanilha", 10, &hit, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(privacy_last_closing(cx, patient, &last) == OK);
	CHECK_TEXT(last.kind, "reopened");
}

TEST(anonymous_means_without_name_documents_and_contacts_for_good)
{
	PatientId patient = patient_born(cx, date_of(1950, 1, 1));
	Patient left;

	CHECK(privacy_anonymise(cx, patient, "Nunca foi atendida e pediu") == OK);
	CHECK(patient_get(cx, patient, &left) == OK);
	CHECK_TEXT(left.name, "Paciente anonimizado");
	CHECK(!left.cpf);
	CHECK(!left.phone);
	CHECK_INT(left.birth, DATE_NONE);
	CHECK(privacy_reopen(cx, patient, "engano") == ERR_CONFLICT);
}

static void run_sql(Ctx *cx, const char *sql)
{
	PGresult *r = PQexec(db_native(cx->db), sql);

	CHECK(PQresultStatus(r) == PGRES_COMMAND_OK);
	PQclear(r);
}

static const char *value_of(Ctx *cx, const char *sql)
{
	PGresult *r = PQexec(db_native(cx->db), sql);
	const char *text = PQntuples(r) ? arena_dup(cx->mem, PQgetvalue(r, 0, 0)) : "";

	CHECK(PQresultStatus(r) == PGRES_TUPLES_OK);
	PQclear(r);
	return text;
}

TEST(of_an_anonymous_patient_no_photo_and_no_image_is_held)
{
	PatientId patient = patient_born(cx, date_of(1950, 1, 1));

	for (int i = 0; i < 4; i++)
		run_sql(cx,
			arena_printf(cx->mem,
				"insert into siso.file (company_id, hash, type, size_bytes) values "
				"(1, repeat('%d', 64), 'image/jpeg', 10)",
				i));
	run_sql(cx,
		arena_printf(cx->mem,
			"update patient.patient set photo = repeat('0', 64) where company_id = 1 "
			"and id = %" PRId64,
			patient.v));
	run_sql(cx,
		arena_printf(cx->mem,
			"insert into patient.image (company_id, patient_id, category, taken_on, "
			"note, file, type, size_bytes, state, view, thumb) values (1, %" PRId64
			", 'extraoral', '1999-01-01', 'sorriso de Zuleica', repeat('1', 64), "
			"'image/jpeg', 10, 'ready', repeat('2', 64), repeat('3', 64))",
			patient.v));
	run_sql(cx, "update patient.image set added_at = '1999-01-01'");
	CHECK(patient_anonymise(cx, patient) == OK);
	CHECK_TEXT(value_of(cx,
			   "select sum(holders) from siso.file where company_id = 1 and hash in "
			   "(repeat('0', 64), repeat('1', 64), repeat('2', 64), repeat('3', 64))"),
		"0");
	CHECK_TEXT(
		value_of(cx, arena_printf(cx->mem,
				     "select coalesce(note, '') || state || void_reason from "
				     "patient.image where company_id = 1 and patient_id = %" PRId64,
				     patient.v)),
		"failedCadastro anonimizado");
}

/* Everything that a clinic writes about somebody, with the name in each. */
static PatientId named_everywhere(Ctx *cx)
{
	PatientId patient = patient_born(cx, date_of(1950, 1, 1));
	int64_t kin, asked, consent = text(cx, "Um.");

	CHECK(patient_add_kin(cx, patient, &(Kin){ .kind = "mother", .name = "Mãe de Zuleica" },
		      &kin) == OK);
	CHECK(consent_give(cx, patient,
		      &(ConsentForm){ .text_id = consent,
			      .granted = true,
			      .channel = "paper",
			      .evidence = "assinado por Zuleica" }) == OK);
	CHECK(privacy_ask(cx, patient,
		      &(PrivacyRequestForm){ .kind = "erasure", .text = "Eu, Zuleica, peço" },
		      &asked) == OK);
	run_sql(cx,
		"insert into patient.questionnaire (company_id, name, name_key, declares) values "
		"(1, 'Ficha', 'ficha', 'Declaro')");
	run_sql(cx,
		"insert into patient.questionnaire_version (company_id, questionnaire_id, number) "
		"select 1, max(id), 1 from patient.questionnaire");
	run_sql(cx, "insert into patient.question (company_id, version_id, key, position, section, "
		    "text, kind) select 1, max(id), 'x', 1, '', 'Nome?', 'text' from "
		    "patient.questionnaire_version");
	run_sql(cx, arena_printf(cx->mem,
			    "insert into patient.anamnesis (company_id, patient_id, "
			    "questionnaire_id, version_id, way) select 1, %" PRId64
			    ", questionnaire_id, id, 'tablet' from patient.questionnaire_version "
			    "order by id desc limit 1",
			    patient.v));
	run_sql(cx,
		"insert into patient.answer (company_id, anamnesis_id, question_id, value) select "
		"1, max(a.id), max(q.id), 'Zuleica' from patient.anamnesis a, patient.question q");
	run_sql(cx, arena_printf(cx->mem,
			    "insert into patient.anamnesis (company_id, patient_id, "
			    "questionnaire_id, version_id, way, state, sent_at, signer, signer_is, "
			    "signer_ip, signer_agent, signature_path, seal) select 1, %" PRId64
			    ", questionnaire_id, id, 'tablet', 'sent', now(), 'Zuleica Q.', "
			    "'patient', '10.0.0.9', 'tablet de Zuleica', 'M1 1L2 2', "
			    "repeat('a', 64) from patient.questionnaire_version order by id desc "
			    "limit 1",
			    patient.v));
	run_sql(cx, arena_printf(cx->mem,
			    "insert into treatment.plan (company_id, patient_id, dentist_id, name) "
			    "values (1, %" PRId64 ", 1, 'Plano')",
			    patient.v));
	run_sql(cx,
		"insert into treatment.quote (company_id, plan_id, number, frozen, frozen_hash, "
		"total_cents, valid_until, sent_to, evidence) select 1, max(id), 1, "
		"'{\"patient\":\"Zuleica\"}', repeat('b', 64), 1, '2026-12-01', "
		"'zuleica@exemplo.com', "
		"'{\"name\":\"Zuleica\",\"via\":\"link\",\"ip\":\"10.0.0.9\"}' "
		"from treatment.plan");
	CHECK(notice_add(cx, 1, "Zuleica respondeu a anamnese", NULL,
		      arena_printf(cx->mem, "/patients/%" PRId64 "/anamnesis", patient.v), NULL,
		      NULL) == OK);
	CHECK(notice_add(cx, 1, "De outra", NULL,
		      arena_printf(cx->mem, "/patients/%" PRId64 "1", patient.v), NULL,
		      NULL) == OK);
	return patient;
}

/* Where the name is still found, of all tables that the program may read. */
static const char *where_named(Ctx *cx)
{
	return value_of(cx,
		"select coalesce(string_agg(name, ' ' order by name), '') from (select "
		"c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = "
		"c.relnamespace where c.relkind in ('r', 'p') and not c.relispartition and "
		"n.nspname !~ "
		"'^(pg_|information_schema|ext)' and has_table_privilege(c.oid, 'select')) t where "
		"(xpath('/row/n/text()', query_to_xml(format('select count(*) as n from %s x where "
		"x::text ilike %L', name, '%zuleica%'), false, true, '')))[1]::text <> '0'");
}

TEST(a_name_that_is_taken_away_is_found_only_where_it_has_to_stay)
{
	PatientId patient = named_everywhere(cx);

	CHECK(strstr(where_named(cx), "notice.notice patient.anamnesis patient.answer"));
	CHECK(strstr(where_named(cx), "treatment.quote"));
	CHECK(patient_anonymise(cx, patient) == OK);
	CHECK(notice_forget(cx, arena_printf(cx->mem, "/patients/%" PRId64, patient.v)) == OK);
	/* sealed books, and the proof of what was asked and answered: privacy_stays */
	CHECK_TEXT(where_named(cx), "audit.change audit.event privacy.consent privacy.request");
	CHECK_TEXT(value_of(cx, "select signer || signature_path || coalesce(signer_ip, '') from "
				"patient.anamnesis where company_id = 1 and state = 'sent'"),
		"Paciente anonimizado");
	CHECK_TEXT(value_of(cx, "select evidence from treatment.quote where company_id = 1"),
		"{\"via\": \"link\"}");
	CHECK_TEXT(value_of(cx, "select count(*) from notice.notice where company_id = 1"), "1");
}

/* How many rows of the source a copy holds. */
static int rows_of(Ctx *cx, PatientId patient, const char *source)
{
	SqlPrivacyExportEverything *row = NULL;
	size_t count = 0;
	int found = 0;

	CHECK(sql_privacy_export_everything(cx, patient.v, &row, &count) == OK);
	for (size_t i = 0; i < count; i++)
		found += !strcmp(row[i].source, source);
	return found;
}

TEST(a_copy_holds_every_row_about_the_patient_and_none_of_another_clinic)
{
	PatientId patient = patient_born(cx, DATE_NONE);
	int64_t id;

	CHECK(privacy_ask(cx, patient, &(PrivacyRequestForm){ .kind = "access" }, &id) == OK);
	CHECK_INT(rows_of(cx, patient, "patient.patient"), 1);
	CHECK_INT(rows_of(cx, patient, "patient.brief"), 1);
	CHECK_INT(rows_of(cx, patient, "privacy.request"), 1);
	CHECK(rows_of(cx, patient, "audit.event") > 0);
	test_as_company(cx, 2);
	CHECK_INT(rows_of(cx, patient, "patient.patient"), 0);
	CHECK_INT(rows_of(cx, patient, "audit.event"), 0);
}

TEST(a_table_is_copied_page_by_page_without_a_gap)
{
	SqlPrivacyExportPage *row;
	const char *after = NULL;
	size_t count, all = 0;

	for (int i = 0; i < 7; i++)
		CHECK(consent_write_text(cx,
			      &(ConsentTextForm){ .purpose = "ai", .title = "T", .body = "B" }) ==
			OK);
	do {
		CHECK(sql_privacy_export_page(cx, "privacy.text", after, 3, &row, &count) == OK);
		all += count;
		after = count ? row[count - 1].key : after;
	} while (count == 3);
	CHECK_INT(all, 7);
}

TEST(one_copy_at_a_time)
{
	PatientId patient = patient_born(cx, DATE_NONE);
	int64_t first, second;

	CHECK(privacy_start_export(cx, patient, &first) == OK);
	CHECK(privacy_start_export(cx, patient, &second) == OK);
	CHECK_INT(second, first);
	cx->now += (PRIVACY_EXPORT_HOURS + 1) * 3600; /* no worker ever ended it */
	CHECK(privacy_start_export(cx, patient, &second) == OK);
	CHECK(second != first);
}

/* Two records of one person, each with an answer and a request. */
static void two_records(Ctx *cx, PatientId *kept, PatientId *gone)
{
	int64_t id = text(cx, "Um."), request;

	*kept = patient_born(cx, DATE_NONE);
	CHECK(patient_register(cx, &(PatientForm){ .name = "Zuleica Q.", .birth = DATE_NONE }, NULL,
		      0, gone) == OK);
	CHECK(consent_give(cx, *kept,
		      &(ConsentForm){ .text_id = id, .granted = true, .channel = "paper" }) == OK);
	CHECK(consent_give(cx, *gone, &(ConsentForm){ .text_id = id, .channel = "phone" }) == OK);
	CHECK(privacy_ask(cx, *gone, &(PrivacyRequestForm){ .kind = "access" }, &request) == OK);
}

/* How many answers and requests the page of a patient shows, and what counts. */
static void check_seen(Ctx *cx, PatientId id, size_t answers, size_t requests, bool granted)
{
	PrivacyRequest *request;
	Consent *list, *log;
	size_t count;

	CHECK(consent_list(cx, id, &list, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(list[0].granted == granted);
	CHECK(consent_list_log(cx, id, &log, &count) == OK);
	CHECK_INT(count, answers);
	CHECK(privacy_list_requests_of(cx, id, &request, &count) == OK);
	CHECK_INT(count, requests);
}

TEST(answers_and_requests_follow_a_merge_and_come_back)
{
	PatientId kept = { 0 }, gone = { 0 }, into;
	PrivacyRequest *request;
	int64_t merge;
	size_t count;

	two_records(cx, &kept, &gone);
	check_seen(cx, kept, 1, 0, true);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	check_seen(cx, kept, 2, 1, false); /* the last answer, whichever record has it */
	CHECK(privacy_list_requests(cx, true, &request, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(request[0].patient_id, kept.v);
	CHECK_TEXT(request[0].patient, "Zuleica Quintanilha");
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	check_seen(cx, kept, 1, 0, true);
	check_seen(cx, gone, 1, 1, false);
}

TEST(who_read_the_chart_is_listed_of_both_records)
{
	PatientId kept = { 0 }, gone = { 0 };
	ChartRead *read;
	int64_t merge;
	size_t count;
	PGresult *r;

	two_records(cx, &kept, &gone);
	r = PQexec(db_native(cx->db),
		arena_printf(cx->mem,
			"insert into audit.read (company_id, at, user_id, subject, subject_id)"
			" values (1, now(), 1, 'patient', %" PRId64
			"), (1, now(), 1, 'patient', %" PRId64 ")",
			kept.v, gone.v));
	CHECK(PQresultStatus(r) == PGRES_COMMAND_OK);
	PQclear(r);
	CHECK(privacy_list_reads(cx, kept, &read, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(patient_merge(cx, gone, kept, NULL, &merge) == OK);
	CHECK(privacy_list_reads(cx, kept, &read, &count) == OK);
	CHECK_INT(count, 2);
}

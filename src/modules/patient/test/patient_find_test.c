/* Search and list: what is found, in which order, and that fifty thousand patients are no burden.
 * Plans are judged by the pages they read, not by the clock. */
#include "test.h"

#include "core/clock.h"
#include "modules/patient/patient_rooms.h"
#include "platform/db/queries.h"
#include "platform/json/json.h"
#include "test_db.h"

static PatientId add(Ctx *cx, const char *name, const char *phone, const char *cpf, int32_t birth)
{
	PatientId id = { 0 };

	cx->user = (UserId){ 0 };
	CHECK(patient_register(cx,
		      &(PatientForm){ .name = name, .phone = phone, .cpf = cpf, .birth = birth },
		      NULL, 0, &id) == OK);
	return id;
}

static const char *first_of(Ctx *cx, const char *question, size_t want)
{
	PatientHit *hit;
	size_t count;

	CHECK(patient_search(cx, question, 8, &hit, &count) == OK);
	CHECK_INT(count, want);
	return count ? hit[0].name : "";
}

TEST(a_patient_is_found_by_what_people_say)
{
	add(cx, "José Antônio Conceição", "+5511987654321", "52998224725", date_of(1980, 2, 1));
	add(cx, "Antônia Prado", "+5511912340000", NULL, DATE_NONE);
	add(cx, "Zuleica Antonini", "+551133334321", NULL, date_of(1980, 2, 1));

	CHECK_TEXT(first_of(cx, "conceicao jose", 1), "José Antônio Conceição");
	CHECK_TEXT(first_of(cx, "ANTÔN", 3), "Antônia Prado");
	CHECK_TEXT(first_of(cx, "529.982", 1), "José Antônio Conceição");
	CHECK_TEXT(first_of(cx, "529.982.247-25", 1), "José Antônio Conceição");
	CHECK_TEXT(first_of(cx, "7654321", 1), "José Antônio Conceição");
	first_of(cx, "4321", 2);
	CHECK_TEXT(first_of(cx, "(11) 98765-4321", 1), "José Antônio Conceição");
	CHECK_TEXT(first_of(cx, "11 8765-4321", 1), "José Antônio Conceição");
	first_of(cx, "01/02/1980", 2);
	first_of(cx, "01021980", 2);
	first_of(cx, "98224", 1); /* inside the CPF: the words find it */
	first_of(cx, "", 0);
	first_of(cx, "ninguem assim", 0);
	test_as_company(cx, 2);
	first_of(cx, "antoni", 0);
}

TEST(the_name_that_begins_so_comes_first)
{
	add(cx, "Carla Anastácia", NULL, NULL, DATE_NONE);
	add(cx, "Ana Paula", NULL, NULL, DATE_NONE);
	add(cx, "Mariana Lima", NULL, NULL, DATE_NONE);

	CHECK_TEXT(first_of(cx, "ana", 3), "Ana Paula");
}

static PatientLines list(Ctx *cx, PatientFilter filter, int32_t limit)
{
	PatientLines lines = { 0 };

	CHECK(patient_list_lines(cx, &filter, limit, &lines) == OK);
	return lines;
}

TEST(the_list_is_paged_by_name_both_ways)
{
	static const char *const names[] = { "Eva", "ana", "Célia", "Bia", "Davi" };
	PatientLines page;

	for (size_t i = 0; i < COUNT(names); i++)
		add(cx, names[i], NULL, NULL, DATE_NONE);
	page = list(cx, (PatientFilter){ 0 }, 2);
	CHECK_TEXT(page.line[0].name, "ana");
	CHECK_TEXT(page.line[1].name, "Bia");
	CHECK_INT(page.prev, 0);
	page = list(cx, (PatientFilter){ .after = page.next }, 2);
	CHECK_TEXT(page.line[0].name, "Célia");
	page = list(cx, (PatientFilter){ .after = page.next }, 2);
	CHECK_TEXT(page.line[0].name, "Eva");
	CHECK_INT(page.next, 0);
	page = list(cx, (PatientFilter){ .before = page.prev }, 2);
	CHECK_TEXT(page.line[0].name, "Célia");
	CHECK_TEXT(page.line[1].name, "Davi");
	page = list(cx, (PatientFilter){ .before = page.prev }, 2);
	CHECK_TEXT(page.line[0].name, "ana");
	CHECK_INT(page.prev, 0);
	CHECK(page.next != 0);
	page = list(cx, (PatientFilter){ .sort = "newest" }, 2);
	CHECK_TEXT(page.line[0].name, "Davi");
	page = list(cx, (PatientFilter){ .sort = "newest", .after = page.next }, 2);
	page = list(cx, (PatientFilter){ .sort = "newest", .before = page.prev }, 2);
	CHECK_TEXT(page.line[0].name, "Davi");
	CHECK_TEXT(page.line[1].name, "Bia");
}

TEST(a_search_is_paged_both_ways_too)
{
	static const char *const names[] = { "Eva Sá", "Ana Sá", "Célia Sá", "Bia Sá", "Zé" };
	PatientLines page;

	for (size_t i = 0; i < COUNT(names); i++)
		add(cx, names[i], NULL, NULL, DATE_NONE);
	page = list(cx, (PatientFilter){ .q = "sa" }, 2);
	CHECK_TEXT(page.line[0].name, "Ana Sá");
	page = list(cx, (PatientFilter){ .q = "sa", .after = page.next }, 2);
	CHECK_TEXT(page.line[0].name, "Célia Sá");
	CHECK_INT(page.next, 0);
	page = list(cx, (PatientFilter){ .q = "sa", .before = page.prev }, 2);
	CHECK_TEXT(page.line[0].name, "Ana Sá");
	CHECK_TEXT(page.line[1].name, "Bia Sá");
	CHECK_INT(page.prev, 0);
	page = list(cx, (PatientFilter){ .q = "sa", .sort = "newest" }, 9);
	CHECK_INT(page.count, 4);
	CHECK_TEXT(page.line[0].name, "Bia Sá");
}

TEST(the_list_is_filtered)
{
	static const char *const vip[] = { "VIP" };
	PatientForm form = { .name = "Rica",
		.birth = date_of(1980, 3, 9),
		.tags = { vip, 1 },
		.insurer = "Amil",
		.card_until = DATE_NONE };
	PatientWords words;
	PatientId rica, poor;

	cx->now = time_now();
	CHECK(patient_register(cx, &form, NULL, 0, &rica) == OK);
	poor = add(cx, "Pobre", NULL, NULL, date_of(1990, 4, 1));
	CHECK_INT(list(cx, (PatientFilter){ .tag = "VIP" }, 9).count, 1);
	CHECK_INT(list(cx, (PatientFilter){ .tag = "vip" }, 9).count, 0);
	CHECK_INT(list(cx, (PatientFilter){ .insurer = "Amil" }, 9).count, 1);
	CHECK_INT(list(cx, (PatientFilter){ .birth_month = 4 }, 9).count, 1);
	CHECK_INT(list(cx, (PatientFilter){ .q = "ri", .birth_month = 4 }, 9).count, 0);
	CHECK(patient_tell_visits(cx, poor,
		      &(PatientVisits){ .visits = 1, .last_at = cx->now - 200 * 86400 }) == OK);
	CHECK_INT(list(cx, (PatientFilter){ .away = 6 }, 9).count, 1);
	CHECK_INT(list(cx, (PatientFilter){ .away = 12 }, 9).count, 0);
	CHECK(patient_words_ask(cx) == OK);
	CHECK(patient_words_read(cx, &words) == OK);
	CHECK_INT(words.tag_count, 1);
	CHECK_TEXT(words.insurer[0].value, "Amil");
}

TEST(a_tag_of_nobody_is_forgotten)
{
	static const char *const tag[] = { "raro" };
	PatientForm form = { .name = "Um", .birth = DATE_NONE, .tags = { tag, 1 } };
	PatientWords words;
	PatientId id;
	Patient p;

	CHECK(patient_register(cx, &form, NULL, 0, &id) == OK);
	CHECK(patient_get(cx, id, &p) == OK);
	form = patient_form_of(&p);
	form.tags = (Strs){ 0 };
	CHECK(patient_save(cx, id, &form) == OK);
	CHECK(patient_words_ask(cx) == OK);
	CHECK(patient_words_read(cx, &words) == OK);
	CHECK_INT(words.tag_count, 0);
}

/* ---- fifty thousand ---- */

enum { MANY = 50000, BIG_COMPANY = 50 };

static void run(PGconn *conn, const char *sql)
{
	PGresult *r = PQexec(conn, sql);

	if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		test_fail(__FILE__, __LINE__, "%s: %s", sql, PQresultErrorMessage(r));
	PQclear(r);
}

/* A company of its own, committed. One in three has a convênio, as in life: a planner that knows of
 * none reads whole tables. Vacuumed each time: what other tests rolled back lies about, and counts.
 */
static void make_many(Ctx *cx)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));
	PGresult *r;

	run(conn, "set app.company_id = '50'");
	r = PQexec(conn, "insert into company.company (id, name) overriding system value"
			 " values (50, 'Grande') on conflict do nothing returning id");
	if (PQntuples(r)) {
		run(conn,
			"insert into patient.patient (company_id, name, birth, cpf, phone, "
			"phone_key,"
			" search) select 50, n || ' ' || s, date '1950-01-01' + (i % 25000)::int,"
			" lpad((i * 7919 % 99999999999)::text, 11, '0'), '+55119' || lpad(i::text, "
			"8, '0'),"
			" '119' || lpad(i::text, 7, '0'), lower(n || ' ' || s) || ' 55119' || "
			"lpad(i::text, 8, '0')"
			" || ' ' || lpad((i * 7919 % 99999999999)::text, 11, '0')"
			" from generate_series(1::bigint, 50000) i, lateral (select"
			" (array['maria','jose','ana','joao','carla','pedro','lucia','paulo'])[1 + "
			"i % 8] as n,"
			" (array['silva','souza','lima','costa','alves','ramos','dias'])[1 + i % 7]"
			" || ' ' || chr(97 + (i % 26)::int) || chr(97 + (i / 26 % 26)::int) as s) "
			"x");
		run(conn, "insert into patient.brief (company_id, patient_id, name)"
			  " select 50, id, name from patient.patient where company_id = 50");
		run(conn, "insert into patient.insurance (company_id, patient_id, insurer)"
			  " select 50, id, 'Convênio ' || id % 9 from patient.patient"
			  " where company_id = 50 and id % 3 = 0");
	}
	run(conn, "vacuum analyze patient.patient, patient.brief, patient.insurance");
	PQclear(r);
	PQfinish(conn);
}

static const SqlQuery *query_named(const char *name)
{
	for (size_t i = 0; i < sql_query_count; i++)
		if (!strcmp(sql_queries[i].name, name))
			return &sql_queries[i];
	test_fail(__FILE__, __LINE__, "no query %s", name);
	return NULL;
}

/* Pages that the query's generic plan reads as siso_app, behind the wall. values: SQL literals. */
static int64_t pages_of(Ctx *cx, PGconn *conn, const char *name, const char *values)
{
	const SqlQuery *query = query_named(name);
	Buf text;
	json_t *tree, *plan;
	PGresult *r;
	int64_t pages = -1;

	buf_init(&text, cx->mem, 1 << 16);
	buf_puts(&text, "prepare q (");
	for (int i = 0; i < query->param_count; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", query->param[i].type);
	buf_printf(&text, ") as %s", query->text);
	run(conn, buf_text(&text));
	r = PQexec(conn, arena_printf(cx->mem,
				 "explain (analyze, buffers, format json) execute q (%s)", values));
	CHECK(PQresultStatus(r) == PGRES_TUPLES_OK);
	if (PQntuples(r) && json_parse(cx, str_of(PQgetvalue(r, 0, 0)), &tree) == OK) {
		plan = json_object_get(json_array_get(tree, 0), "Plan");
		pages = json_integer_value(json_object_get(plan, "Shared Hit Blocks")) +
			json_integer_value(json_object_get(plan, "Shared Read Blocks"));
	}
	PQclear(r);
	run(conn, "deallocate q");
	return pages;
}

/* Somebody in the middle. */
static const char *some_id(Ctx *cx, PGconn *conn)
{
	PGresult *r = PQexec(conn, "select max(id) - 25000 from patient.patient");
	const char *id = arena_dup(cx->mem, PQgetvalue(r, 0, 0));

	PQclear(r);
	return id;
}

/* 8 KB pages: one costs about a microsecond when it lies in memory. */
static void judge(Ctx *cx, PGconn *conn, const char *name, const char *values, int64_t most)
{
	int64_t pages = pages_of(cx, conn, name, values);

	if (pages < 0 || pages > most)
		test_fail(__FILE__, __LINE__,
			"%s (%s) reads %" PRId64 " pages, %" PRId64 " are enough", name, values,
			pages, most);
}

TEST(among_fifty_thousand_every_question_reads_few_pages)
{
	const char *id;
	PGconn *conn;

	make_many(cx);
	conn = PQconnectdb(test_conninfo(cx, "siso_app"));
	run(conn, "set app.company_id = '50'");
	run(conn, "set plan_cache_mode = force_generic_plan");
	id = some_id(cx, conn);
	/* the first parameter is always the company */
	judge(cx, conn, "patient_find_words", "50, '%maria%', null, null", 500);
	judge(cx, conn, "patient_find_words", "50, '%maria%', '%silva%', null", 800);
	judge(cx, conn, "patient_find_words", "50, '%nobody%', null, null", 1500);
	judge(cx, conn, "patient_find_birth", "50, '1980-02-01', 8", 60);
	judge(cx, conn, "patient_find_digits",
		"50, '0000395', '0000396', '12345', '12346', null, 8", 120);
	judge(cx, conn, "patient_find_digits",
		"50, '11900012345', '11900012346', '54321000911', '54321000912', '1190012345', 8",
		120);
	judge(cx, conn, "patient_head", arena_printf(cx->mem, "50, %s", id), 40);
	judge(cx, conn, "list_forward", "50, null, null, null, null, null, null, null, null, 51",
		500);
	judge(cx, conn, "list_backward",
		arena_printf(cx->mem, "50, null, null, null, null, null, null, null, %s, 51", id),
		500);
	judge(cx, conn, "words_forward", "50, '%nobody%', null, null, null, 51", 1500);
	judge(cx, conn, "words_forward", "50, '%maria%', null, null, null, 51", 1500);
	judge(cx, conn, "words_newest", "50, '%nobody%', null, null, null, 51", 1500);
	judge(cx, conn, "words_backward",
		arena_printf(cx->mem, "50, '%%maria%%', null, null, %s, 51", id), 1500);
	PQfinish(conn);
}

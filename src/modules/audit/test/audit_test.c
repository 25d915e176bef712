/* The books on a real PostgreSQL: each test in a transaction of company 1 that is rolled back, but
 * where it says that it commits. */
#include "modules/audit/audit.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/random.h"
#include "modules/audit/audit.sql.h"
#include "modules/audit/audit_view.h"
#include "modules/audit/audit_words.h"
#include "platform/db/db.h"
#include "test.h"
#include "test_db.h"

/* ---- differences ---- */

TEST(a_diff_tells_only_what_differs)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", "Ana", "Ana");
	diff_text(&diff, "email", NULL, "a@x.test");
	diff_text(&diff, "note", "\"x\"", NULL);
	diff_int(&diff, "value", 5, 5);
	diff_int(&diff, "age", 5, 6);
	CHECK_TEXT(diff_done(&diff),
		"{\"email\":[null,\"a@x.test\"],\"note\":[\"\\\"x\\\"\",null],\"age\":[5,6]}");
}

TEST(a_diff_of_equals_is_nothing)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", NULL, NULL);
	diff_int(&diff, "value", 5, 5);
	CHECK_TEXT(diff_done(&diff), NULL);
}

TEST(a_long_text_is_cut_between_characters)
{
	char *text = arena_alloc(cx->mem, 6001);
	const char *json;
	Diff diff;

	for (int i = 0; i < 6000; i += 3)
		memcpy(text + i, "\xE2\x82\xAC", 3); /* three bytes each: 2048 falls inside one */
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "note", NULL, text);
	json = diff_done(&diff);
	CHECK(str_is_clean_utf8(str_of(json)));
	CHECK(strlen(json) > 2000 && strlen(json) < 2100);
}

/* ---- changes ---- */

TEST(a_change_by_an_api_key_says_which)
{
	SqlAuditChanges *row;
	size_t count;

	cx->user = (UserId){ 0 };
	cx->key = 12;
	cx->key_name = "Site da clínica";
	CHECK(audit_add_change(cx, &(Change){ .action = "lead.create" }) == OK);
	CHECK(sql_audit_changes(cx, &(SqlAuditChangesIn){ .n = 1 }, &row, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(row[0].user_id_null);
	CHECK_TEXT(row[0].reason, "Chave de API Site da clínica (12)");
}

TEST(a_change_is_written_with_who_and_from_where)
{
	SqlAuditChanges *row;
	size_t count;

	cx->peer = "203.0.113.9";
	CHECK(audit_add_change(cx, &(Change){ .action = "lead.update",
					   .subject = "lead",
					   .subject_id = 9,
					   .diff = "{\"name\":[\"a\",\"b\"]}",
					   .reason = "pedido" }) == OK);
	CHECK(sql_audit_changes(cx, &(SqlAuditChangesIn){ .n = 10 }, &row, &count) == OK);
	CHECK(count > 0);
	CHECK_TEXT(row[0].action, "lead.update");
	CHECK_INT(row[0].user_id, 1);
	CHECK_INT(row[0].subject_id, 9);
	CHECK_TEXT(row[0].diff, "{\"name\": [\"a\", \"b\"]}");
	CHECK_TEXT(row[0].reason, "pedido");
	CHECK_TEXT(row[0].peer, "203.0.113.9");
}

TEST(the_books_of_another_company_are_not_seen)
{
	SqlAuditChanges *row;
	size_t count;
	Event *event;

	CHECK(audit_add_change(cx, &(Change){ .action = "test.hidden" }) == OK);
	CHECK(audit_add_event(cx, &(Event){ .subject = "lead",
					  .subject_id = 777001,
					  .kind = "note",
					  .title = "Nota" }) == OK);
	test_as_company(cx, 2);
	CHECK(sql_audit_changes(cx, &(SqlAuditChangesIn){ .action = "test.hidden", .n = 10 }, &row,
		      &count) == OK);
	CHECK_INT(count, 0);
	CHECK(audit_list_events(cx, "lead", 777001, 0, 0, 30, &event, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(a_very_long_reason_is_cut_and_not_refused)
{
	char *reason = arena_alloc(cx->mem, 5001);

	memset(reason, 'x', 5000);
	CHECK(audit_add_change(cx, &(Change){ .action = "lead.update", .reason = reason }) == OK);
}

static const char *run_as_app(Ctx *cx, int64_t company, const char *sql)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_app"));
	PGresult *r;
	const char *text;

	PQclear(PQexec(conn, arena_printf(cx->mem, "set app.company_id = '%" PRId64 "'", company)));
	r = PQexec(conn, sql);
	if (PQresultStatus(r) == PGRES_FATAL_ERROR)
		text = arena_dup(cx->mem, PQresultErrorField(r, PG_DIAG_SQLSTATE));
	else
		text = PQntuples(r) ? arena_dup(cx->mem, PQgetvalue(r, 0, 0)) : "";
	PQclear(r);
	PQfinish(conn);
	return text;
}

TEST(what_was_written_is_neither_changed_nor_deleted_by_the_program)
{
	/* Not `link`: an undone merge of two patients gives the timeline back (0072). */
	static const char *const books[] = { "change", "event", "read", "seal" };

	for (size_t i = 0; i < COUNT(books); i++) {
		CHECK_TEXT(run_as_app(cx, 1,
				   arena_printf(cx->mem, "update audit.%s set company_id = 1",
					   books[i])),
			"42501");
		CHECK_TEXT(
			run_as_app(cx, 1, arena_printf(cx->mem, "delete from audit.%s", books[i])),
			"42501");
		CHECK_TEXT(run_as_app(cx, 1, arena_printf(cx->mem, "truncate audit.%s", books[i])),
			"42501");
	}
	CHECK_TEXT(run_as_app(cx, 1,
			   "insert into audit.change (company_id, action) values (2, 'lead.x')"),
		"42501");
}

/* ---- timelines ---- */

static void add(Ctx *cx, const char *subject, int64_t id, const char *title, int64_t at)
{
	CHECK(audit_add_event(cx, &(Event){ .subject = subject,
					  .subject_id = id,
					  .kind = "note",
					  .title = title,
					  .at = at }) == OK);
}

TEST(a_timeline_is_newest_first_and_pages)
{
	Event *event;
	size_t count;

	for (int i = 0; i < 7; i++)
		add(cx, "lead", 777002, arena_printf(cx->mem, "n%d", i), TEST_NOW + (i * 3) % 7);
	CHECK(audit_list_events(cx, "lead", 777002, 0, 0, 3, &event, &count) == OK);
	CHECK_INT(count, 3);
	CHECK_TEXT(event[0].title, "n2"); /* at +6 */
	CHECK_TEXT(event[1].title, "n4"); /* at +5 */
	CHECK_TEXT(event[2].title, "n6"); /* at +4 */
	CHECK_INT(event[0].user, 1);
	CHECK(audit_list_events(cx, "lead", 777002, 0, event[2].id, 30, &event, &count) == OK);
	CHECK_INT(count, 4);
	CHECK_TEXT(event[0].title, "n1");
	CHECK_TEXT(event[3].title, "n0");
}

TEST(entries_of_the_same_second_page_without_loss)
{
	int64_t before = 0, seen = 0;
	Event *event;
	size_t count;

	for (int i = 0; i < 10; i++)
		add(cx, "lead", 777003, "x", TEST_NOW);
	do {
		CHECK(audit_list_events(cx, "lead", 777003, 0, before, 3, &event, &count) == OK);
		seen += (int64_t)count;
		if (count)
			before = event[count - 1].id;
	} while (count && seen < 100);
	CHECK_INT(seen, 10);
}

TEST(a_timeline_is_carried_over_through_several_steps)
{
	Event *event;
	size_t count;

	add(cx, "lead", 777004, "primeiro", TEST_NOW);
	CHECK(audit_join_events(cx, "lead", 777004, "lead", 777005) == OK);
	add(cx, "lead", 777005, "segundo", TEST_NOW + 1);
	CHECK(audit_join_events(cx, "lead", 777005, "patient", 777006) == OK);
	CHECK(audit_join_events(cx, "lead", 777005, "patient", 777006) == OK); /* twice is once */
	add(cx, "patient", 777006, "terceiro", TEST_NOW + 2);
	add(cx, "lead", 777004, "quarto", TEST_NOW + 3); /* later entries too */
	CHECK(audit_list_events(cx, "patient", 777006, 0, 0, 30, &event, &count) == OK);
	CHECK_INT(count, 4);
	CHECK_TEXT(event[0].title, "quarto");
	CHECK_TEXT(event[3].title, "primeiro");
	CHECK_TEXT(event[3].subject, "lead");
	CHECK(audit_list_events(cx, "lead", 777004, 0, 0, 30, &event, &count) == OK);
	CHECK_INT(count, 2);
}

TEST(timelines_joined_in_a_ring_end)
{
	Event *event;
	size_t count;

	add(cx, "lead", 777007, "a", TEST_NOW);
	add(cx, "lead", 777008, "b", TEST_NOW);
	CHECK(audit_join_events(cx, "lead", 777007, "lead", 777008) == OK);
	CHECK(audit_join_events(cx, "lead", 777008, "lead", 777007) == OK);
	CHECK(audit_list_events(cx, "lead", 777007, 0, 0, 30, &event, &count) == OK);
	CHECK_INT(count, 2);
}

/* Round trips: 2 when all years were opened. */
static int asked_for(Ctx *cx, int64_t subject, int64_t born)
{
	int before = cx->query_count;
	Event *event;
	size_t count;

	CHECK(audit_list_events(cx, "lead", subject, born, 0, 30, &event, &count) == OK);
	CHECK(count >= 1);
	return cx->query_count - before;
}

TEST(years_before_a_subject_was_are_not_opened_but_for_what_was_carried_over_to_it)
{
	PGresult *r = PQexec(db_native(cx->db),
		"update company.company set created_at = '2016-01-01' where id = 1");

	CHECK_TEXT(PQcmdTuples(r), "1");
	PQclear(r);
	add(cx, "lead", 777010, "a", TEST_NOW);
	add(cx, "lead", 777011, "b", TEST_NOW);
	asked_for(cx, 777010, 0); /* the connection prepares what is new to it */
	CHECK_INT(asked_for(cx, 777010, 0), 2);
	CHECK_INT(asked_for(cx, 777010, time_now()), 1);
	CHECK_INT(asked_for(cx, 777010, time_now() - 400 * (int64_t)86400), 2);
	CHECK(audit_join_events(cx, "lead", 777011, "lead", 777010) == OK);
	CHECK_INT(asked_for(cx, 777010, time_now()), 2);
}

TEST(an_imported_history_keeps_its_dates)
{
	Event *event;
	size_t count;

	add(cx, "lead", 777009, "antigo",
		1262304000); /* 2010: no partition of that month is needed */
	CHECK(audit_list_events(cx, "lead", 777009, 0, 0, 30, &event, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(event[0].at, 1262304000);
}

/* ---- who read a chart; these commit ---- */

TEST(chart_reads_of_several_companies_are_written_in_one_flush)
{
	Ctx flush = { .mem = cx->mem, .now = cx->now };
	const char *before1 = run_as_app(cx, 1, "select count(*) from audit.read");
	const char *before2 = run_as_app(cx, 2, "select count(*) from audit.read");
	int64_t n1, n2, m1, m2;

	flush.db = db_open(&(DbConfig){ test_conninfo(cx, "siso_app"), "siso test" });
	for (int i = 0; i < 300; i++) {
		cx->company.v = i % 3 ? 1 : 2;
		audit_note_read(cx, "patient", i + 1);
	}
	cx->company.v = 1;
	CHECK(audit_flush_reads(&flush) == OK);
	CHECK(audit_flush_reads(&flush) == OK); /* nothing is left */
	db_close(flush.db);
	str_int64(str_of(before1), &n1);
	str_int64(str_of(before2), &n2);
	str_int64(str_of(run_as_app(cx, 1, "select count(*) from audit.read")), &m1);
	str_int64(str_of(run_as_app(cx, 2, "select count(*) from audit.read")), &m2);
	CHECK_INT(m1 - n1, 200);
	CHECK_INT(m2 - n2, 100);
}

TEST(chart_reads_wait_while_postgresql_is_away)
{
	Ctx flush = { .mem = cx->mem, .now = cx->now };
	int64_t n, m;

	str_int64(str_of(run_as_app(cx, 1, "select count(*) from audit.read")), &n);
	flush.db = db_open(&(DbConfig){ "host=/nowhere dbname=x connect_timeout=1", "siso test" });
	audit_note_read(cx, "patient", 5);
	CHECK(audit_flush_reads(&flush) != OK);
	db_close(flush.db);
	flush.db = db_open(&(DbConfig){ test_conninfo(cx, "siso_app"), "siso test" });
	CHECK(audit_flush_reads(&flush) == OK);
	db_close(flush.db);
	str_int64(str_of(run_as_app(cx, 1, "select count(*) from audit.read")), &m);
	CHECK_INT(m - n, 1);
}

/* ---- the seal; these commit as company 2 ---- */

static const char *as_super(Ctx *cx, const char *sql)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, "siso_owner"));
	PGresult *r = PQexec(conn, sql);
	const char *text = PQntuples(r) ? arena_dup(cx->mem, PQgetvalue(r, 0, 0)) : "";

	if (PQresultStatus(r) == PGRES_FATAL_ERROR)
		test_fail(__FILE__, __LINE__, "%s", PQresultErrorMessage(r));
	PQclear(r);
	PQfinish(conn);
	return text;
}

/* Other tests write and hold transactions open beside this one: so it asks about its own rows. */
TEST(a_row_still_uncommitted_is_sealed_later_and_not_lost)
{
	PGconn *slow = PQconnectdb(test_conninfo(cx, "siso_app"));
	const char *xid, *sealed = "f";
	PGresult *r;

	PQclear(PQexec(slow,
		"begin; set local app.company_id = '2';"
		" insert into audit.change (company_id, action) values (2, 'test.slow')"));
	r = PQexec(slow, "select pg_current_xact_id()");
	xid = arena_dup(cx->mem, PQgetvalue(r, 0, 0));
	PQclear(r);
	run_as_app(cx, 2, "insert into audit.change (company_id, action) values (2, 'test.fast')");
	run_as_app(cx, 2, "select audit.seal_changes()");
	CHECK_TEXT(run_as_app(cx, 2,
			   arena_printf(cx->mem,
				   "select coalesce(max(upto), '0') <= '%s'::xid8 from audit.seal",
				   xid)),
		"t");
	PQclear(PQexec(slow, "commit"));
	PQfinish(slow);
	for (int i = 0; i < 100 && strcmp(sealed, "t") != 0; i++) {
		run_as_app(cx, 2, "select audit.seal_changes()");
		sealed = run_as_app(cx, 2,
			arena_printf(
				cx->mem, "select max(upto) > '%s'::xid8 from audit.seal", xid));
		usleep(50000);
	}
	CHECK_TEXT(sealed, "t");
	CHECK_TEXT(run_as_app(cx, 2,
			   "select sum(n) = (select count(*) from audit.change"
			   " where xid < (select max(upto) from audit.seal)) from audit.seal"),
		"t");
	CHECK_TEXT(run_as_app(cx, 2, "select audit.first_broken_seal()"), "0");
}

/* Seal until the row with this mark is in; the number of its seal. */
static const char *seal_of(Ctx *cx, const char *mark)
{
	const char *seq = "";

	for (int i = 0; i < 100 && !*seq; i++) {
		run_as_app(cx, 2, "select audit.seal_changes()");
		seq = run_as_app(cx, 2,
			arena_printf(cx->mem,
				"select s.seq from audit.seal s join audit.change c on c.xid >= "
				"s.since and"
				" c.xid < s.upto where c.request_id = '%s'",
				mark));
		usleep(50000);
	}
	return seq;
}

static void forge(Ctx *cx, const char *mark, const char *reason)
{
	as_super(cx, arena_printf(cx->mem,
			     "update audit.change set reason = '%s' where company_id = 2 and "
			     "request_id = '%s'",
			     reason, mark));
}

TEST(a_row_changed_behind_the_program_s_back_breaks_the_seal)
{
	const char *mark = crypto_token(cx->mem, 9), *seq;

	run_as_app(cx, 2,
		arena_printf(cx->mem,
			"insert into audit.change (company_id, action, reason, request_id)"
			" values (2, 'test.true', 'wahr', '%s')",
			mark));
	seq = seal_of(cx, mark);
	CHECK_TEXT(run_as_app(cx, 2, "select audit.first_broken_seal()"), "0");
	forge(cx, mark, "falsch");
	CHECK_TEXT(run_as_app(cx, 2, "select audit.first_broken_seal()"), seq);
	forge(cx, mark, "wahr");
	CHECK_TEXT(run_as_app(cx, 2, "select audit.first_broken_seal()"), "0");
}

TEST(the_months_ahead_are_there_and_are_made_once)
{
	CHECK_TEXT(run_as_app(cx, 1, "select audit.add_months(3)"), "0");
	CHECK_TEXT(
		as_super(cx, "select count(*) from pg_class c join pg_namespace n on n.oid = "
			     "c.relnamespace"
			     " where n.nspname = 'audit' and c.relispartition and c.relkind = 'r'"
			     " and not (c.relrowsecurity and c.relforcerowsecurity)"),
		"0");
	CHECK_TEXT(run_as_app(cx, 1, "select audit.add_months(99)"), "P0001");
}

/* ---- words ---- */

TEST(actions_are_told_in_the_clinic_s_words)
{
	CHECK_TEXT(audit_action_title(cx->mem, "account.sign_in"), "Entrou no sistema");
	CHECK_TEXT(audit_action_title(cx->mem, "lead.update"), "Lead: alterado");
	CHECK_TEXT(audit_action_title(cx->mem, "strange.thing"), "strange.thing");
	CHECK_TEXT(audit_subject_title(cx->mem, "lead", 7), "Lead nº 7");
	CHECK_TEXT(audit_subject_title(cx->mem, NULL, 0), NULL);
}

/* Is the JSON that begins here a difference, and not something told to others? */
static bool is_diff(const char *text, const char *at)
{
	const char *from = at - 200 < text ? text : at - 200, *last = NULL;

	while ((from = strstr(from, ".diff = ")) != NULL && from < at)
		last = from++;
	return last && memchr(last, ';', (size_t)(at - last)) == NULL;
}

/* An action and a subject that a source names in a Change have words. */
static void check_names_of(Ctx *cx, const char *path, const char *text)
{
	static const char *const marks[] = { ".action = \"", ".subject = \"" };

	for (const char *change = text; (change = strstr(change, "(Change){")) != NULL; change++)
		for (size_t i = 0; i < COUNT(marks); i++) {
			const char *at = strstr(change, marks[i]), *name, *told;

			if (!at || at > strchr(change, ';'))
				continue;
			at += strlen(marks[i]);
			name = arena_copy(cx->mem, at, strcspn(at, "\""));
			told = i ? audit_subject_title(cx->mem, name, 0)
				 : audit_action_title(cx->mem, name);
			if (!strcmp(told, name))
				printf("%s: no words for %s\n", path, name);
			CHECK(strcmp(told, name) != 0);
		}
}

/* Every column that a source writes into a difference by its name has a word. */
static int check_columns_of(Ctx *cx, const char *path)
{
	static const char *const marks[] = { "diff_text(&diff, \"", "diff_int(&diff, \"", "{\\\"" };
	static char text[1 << 20];
	FILE *file = fopen(path, "r");
	const Words *words;
	int found = 0;

	if (!file)
		abort();
	text[fread(text, 1, sizeof text - 1, file)] = '\0';
	(void)fclose(file);
	check_names_of(cx, path, text);
	for (size_t i = 0; i < COUNT(marks); i++)
		for (const char *at = text; (at = strstr(at, marks[i])) != NULL; at++) {
			const char *name = at + strlen(marks[i]);

			if (i == 2 && !is_diff(text, at))
				continue;
			name = arena_copy(cx->mem, name, strcspn(name, "\\\""));
			if (!audit_column(NULL, name, &words))
				printf("%s: no word for %s\n", path, name);
			CHECK(audit_column(NULL, name, &words) != NULL);
			found++;
		}
	return found;
}

TEST(everything_that_a_module_writes_in_the_book_has_words)
{
	const char *root = getenv("SISO_SOURCE") ? getenv("SISO_SOURCE") : ".";
	glob_t files;
	int found = 0;

	CHECK(glob(arena_printf(cx->mem, "%s/src/modules/*/*.c", root), 0, NULL, &files) == 0);
	for (size_t i = 0; i < files.gl_pathc; i++)
		found += check_columns_of(cx, files.gl_pathv[i]);
	globfree(&files);
	CHECK(found > 80);
}

static void check_line(Ctx *cx, const char *subject, const char *diff, const char *want)
{
	const UiOption people = { .value = "7", .label = "Ianara Pinho" };
	const AuditView view = { .user = &people, .user_count = 1 };
	AuditRow row = { 0 };

	audit_diff_lines(cx, &view, subject, diff, &row);
	CHECK_INT(row.diff_count, 1);
	CHECK_TEXT(arena_printf(cx->mem, "%s: %s > %s", row.diff->field,
			   row.diff->before ? row.diff->before : "",
			   row.diff->after ? row.diff->after : ""),
		want);
}

TEST(a_difference_is_told_as_the_screen_says_it)
{
	static const char *const lines[][3] = {
		{ "lead", "{\"value_cents\":[0,124000]}",
			"Valor estimado: R$\u00a00,00 > R$\u00a01.240,00" },
		{ "lead", "{\"hot\":[0,1]}", "Lead quente: não > sim" },
		{ "lead", "{\"owner_id\":[0,7]}", "Responsável:  > Ianara Pinho" },
		{ "lead", "{\"tags\":[\"{}\",\"{a,\\\"b c\\\"}\"]}", "Etiquetas:  > a, b c" },
		{ "lead", "{\"custom\":[null,\"{\\\"Cor\\\":\\\"azul\\\",\\\"Veio\\\":true}\"]}",
			"Campos da clínica:  > Cor: azul, Veio: sim" },
		{ "patient", "{\"sex\":[null,\"female\"]}", "Sexo:  > Feminino" },
		{ "patient", "{\"birth\":[null,\"1990-02-01\"]}", "Nascimento:  > 01/02/1990" },
		{ "patient", "{\"times\":[null,\"{morning,saturday}\"]}",
			"Horários preferidos:  > Manhã, Sábado" },
		{ "patient", "{\"phone\":[null,\"+5511987654321\"]}",
			"Telefone:  > (11) 98765-4321" },
		{ "procedure", "{\"area\":[\"tooth\",\"mouth\"]}", "Onde: Um dente > Boca toda" },
		{ "appointment", "{\"presence\":[\"scheduled\",\"no_show\"]}",
			"Situação: Agendado > Faltou" },
		{ "appointment", "{\"chair_id\":[2,0]}", "Cadeira: nº 2 > " },
		{ "image", "{\"category\":[\"document\",\"periapical\"]}",
			"Tipo: Documento > Periapical" },
		{ "user", "{\"role\":[\"reception\",\"dentist\"]}", "Perfil: Recepção > Dentista" },
		{ "no subject", "{\"strange\":[\"a\",\"b\"]}", "strange: a > b" },
	};

	for (size_t i = 0; i < COUNT(lines); i++)
		check_line(cx, lines[i][0], lines[i][1], lines[i][2]);
}

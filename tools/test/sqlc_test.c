/* What sqlc makes of good files, byte for byte, and what it says of bad ones. The behaviour of the
 * code it makes is tested against PostgreSQL in src/platform/db/test. */
#include "sqlc.h"
#include "test.h"

static const char *read_file(Ctx *cx, const char *name)
{
	const char *root = getenv("SISO_SOURCE") ? getenv("SISO_SOURCE") : ".";
	FILE *file = fopen(arena_printf(cx->mem, "%s/tools/test/%s", root, name), "rbe");
	char *text = arena_alloc(cx->mem, 1 << 16);

	CHECK(file != NULL);
	if (!file || !fread(text, 1, (1 << 16) - 1, file))
		return "";
	fclose(file);
	return text;
}

/* The queries of text; *ret_errors what was wrong, or "". */
static SqlcQuery *compile(Ctx *cx, const char *text, const char **ret_errors)
{
	SqlcErrors errors = { 0 };
	SqlcQuery *first;

	buf_init(&errors.text, cx->mem, 1 << 20);
	first = sqlc_read(cx->mem, "src/x/x.sql", str_of(text), &errors);
	*ret_errors = buf_text(&errors.text);
	return first;
}

static SqlcQuery *compile_well(Ctx *cx, const char *text)
{
	const char *errors;
	SqlcQuery *first = compile(cx, text, &errors);

	CHECK_TEXT(errors, "");
	CHECK(first != NULL);
	return first ? first : NEW(cx->mem, SqlcQuery);
}

/* The statement that a body becomes, with parameters a bigint and b text. */
static const char *statement(Ctx *cx, const char *body)
{
	return compile_well(cx,
		arena_printf(cx->mem, "-- query q(a bigint, b text) one (n bigint)\n%s;\n", body))
		->text;
}

TEST(the_golden_file_gives_the_golden_code)
{
	const char *errors;
	SqlcErrors none = { 0 };
	SqlcQuery *first;
	Buf out;

	buf_init(&none.text, cx->mem, 1 << 20);
	first = sqlc_read(
		cx->mem, "src/x/golden.sql", str_of(read_file(cx, "sqlc_test_golden.sql")), &none);
	errors = buf_text(&none.text);
	CHECK_TEXT(errors, "");
	buf_init(&out, cx->mem, 1 << 20);
	sqlc_write_header(&out, "src/x/golden.sql", "x/golden.sql.h", first);
	CHECK_TEXT(buf_text(&out), read_file(cx, "sqlc_test_golden.h.txt"));
	buf_init(&out, cx->mem, 1 << 20);
	sqlc_write_source(&out, "src/x/golden.sql", "x/golden.sql.h", first);
	CHECK_TEXT(buf_text(&out), read_file(cx, "sqlc_test_golden.c.txt"));
}

TEST(a_colon_is_a_parameter_only_where_a_value_may_stand)
{
	CHECK_TEXT(statement(cx, "select :a + length(:b)"), "select $1 + length($2)");
	CHECK_TEXT(statement(cx, "select :a::text || ':a' || :b"), "select $1::text || ':a' || $2");
	CHECK_TEXT(statement(cx, "select :b || 'it''s :a' || (:a)"),
		"select $2 || 'it''s :a' || ($1)");
	CHECK_TEXT(statement(cx, "select \":a\", :a, :b"), "select \":a\", $1, $2");
	CHECK_TEXT(statement(cx, "select e'\\':a', E'\\\\', :a, :b"),
		"select e'\\':a', E'\\\\', $1, $2");
	CHECK_TEXT(statement(cx, "select $$ :a ' $$, $x$ $$ :b $x$, :a, :b"),
		"select $$ :a ' $$, $x$ $$ :b $x$, $1, $2");
	CHECK_TEXT(statement(cx, "select x[1:2], :a, :b"), "select x[1:2], $1, $2");
	CHECK_TEXT(statement(cx, "select f(n => :a), :b"), "select f(n => $1), $2");
	CHECK_TEXT(statement(cx, "select a$1b, :a, :b"), "select a$1b, $1, $2");
}

TEST(the_company_is_the_first_parameter_wherever_it_stands)
{
	SqlcQuery *query = compile_well(
		cx, "-- query q(a bigint) exec\nupdate t set x = :a where c = :company;\n");

	CHECK(query->takes_company);
	CHECK_TEXT(query->text, "update t set x = $2 where c = $1");
	CHECK(!query->reads_only);
}

TEST(comments_and_blank_lines_stay_out_of_the_statement)
{
	CHECK_TEXT(statement(cx, "  select :a, -- it's :nothing\n\n\t /* :no /* nested */ 'x */ "
				 ":b\n   from t  "),
		"select $1,\n $2\n from t");
	CHECK_TEXT(statement(cx, "select :a - -:b"), "select $1 - -$2");
	CHECK_TEXT(statement(cx, "select '  two  spaces  ', :a,\t:b"),
		"select '  two  spaces  ', $1, $2");
}

TEST(a_header_may_go_over_several_lines)
{
	SqlcQuery *query = compile_well(cx, "-- about it\n-- query q(\n--   a bigint?,\n--   b "
					    "text[])\n-- many\n-- (x text?,\n--  y date)\n"
					    "select :a, :b;");

	CHECK_INT(query->param_count, 2);
	CHECK(query->param[0].nullable && !query->param[1].nullable);
	CHECK_INT(query->column_count, 2);
	CHECK_TEXT(query->column[1].type->name, "date");
	CHECK_INT(query->line, 2);
	CHECK_TEXT(query->note, "about it\n");
	CHECK(query->kind == SQLC_MANY);
}

TEST(only_the_comment_that_touches_a_query_is_its_contract)
{
	SqlcQuery *query = compile_well(cx, "-- of the file\n\n-- query a() exec\ndelete from "
					    "t;\n-- of b\n-- query b() exec\ndelete from t;");

	CHECK(query->note == NULL);
	CHECK_TEXT(query->next->note, "of b\n");
}

TEST(a_plain_select_only_reads)
{
	static const struct {
		const char *text;
		bool reads;
	} cases[] = {
		{ "select 1", true },
		{ "SELECT updated_at from t", true },
		{ "with x as (select 1) select * from x", true },
		{ "values (1)", true },
		{ "select 1 from t for update", false },
		{ "select 1 from t for no key share", false },
		{ "with x as (delete from t returning 1) select * from x", false },
		{ "select nextval('s')", false },
		{ "select pg_advisory_xact_lock(1)", false },
		{ "select set_config('a', 'b', true)", false },
		{ "insert into t values (1) returning 1", false },
		{ "call p()", false },
	};

	for (size_t i = 0; i < COUNT(cases); i++) {
		SqlcQuery *query = compile_well(cx,
			arena_printf(cx->mem, "-- query q() one (n bigint)\n%s;", cases[i].text));

		if (query->reads_only != cases[i].reads)
			test_fail(__FILE__, __LINE__, "%s", cases[i].text);
	}
}

TEST(queries_share_rows_and_parts)
{
	SqlcQuery *query = compile_well(cx,
		"-- part inner\nand b = :b;\n-- part outer\nfrom t where a = :a {inner};\n"
		"-- row pair (x bigint, y text)\n"
		"-- query one_pair(a bigint, b text) one pair\nselect x, y {outer};\n"
		"-- query all_pairs(b text, a bigint) many pair\nselect x, y {outer} order by "
		"x;\n");

	CHECK_TEXT(query->text, "select x, y from t where a = $1 and b = $2");
	CHECK_TEXT(query->next->text, "select x, y from t where a = $2 and b = $1 order by x");
	CHECK_TEXT(query->struct_name, "SqlPair");
	CHECK_TEXT(query->next->struct_name, "SqlPair");
	CHECK(query->row_first && !query->next->row_first);
}

static const struct {
	const char *text, *error;
} mistakes[] = {
	{ "select 1;", "1: this belongs to no query: begin with -- query name(…)" },
	{ "-- query Q() exec\nx;", "1: name of a query is not lower_case: Q" },
	{ "-- query 1q() exec\nx;", "1: name of a query is not lower_case: 1q" },
	{ "-- query (a int) exec\nx;", "1: expected the name of a query" },
	{ "-- query q exec\nx;", "1: expected ( and the parameters" },
	{ "-- query q(a int b int) exec\nx;", "1: expected , or ) after a" },
	{ "-- query q(a int,\n--  b uuid) exec\nx;",
		"2: b: there is no type \"uuid\" here (bigint int smallint bool text "
		"double timestamptz date "
		"jsonb text[] bigint[])" },
	{ "-- query q(a) exec\nx;", "1: a has no type" },
	{ "-- query q(a int, a text) exec\nx;", "1: a stands here twice" },
	{ "-- query q(for int) exec\nx;",
		"1: the name for is taken by C or by the generated code" },
	{ "-- query q(cx int) exec\nx;", "1: the name cx is taken by C or by the generated code" },
	{ "-- query q(company bigint) exec\nx;", "1: :company is cx->company: do not declare it" },
	{ "-- query q(a text[]?) exec\nx :a;", "1: a: an array parameter is never null" },
	{ "-- query q()\nx;", "1: query q: expected one, find, many or exec after the ()" },
	{ "-- query q() some\nx;", "1: query q: expected one, find, many or exec after the ()" },
	{ "-- query q() one ()\nx;", "1: query q returns no columns: make it exec" },
	{ "-- query q() many nothing\nx;", "1: query q: there is no row nothing above" },
	{ "-- query q() exec (a int)\nx;", "1: query q: something stands behind its header" },
	{ "-- query q() one (a int?, a_null bool)\nx;",
		"1: a_null is made for the nullable column a: name the other one "
		"otherwise" },
	{ "-- query q() exec\nselect 1", "2: query q: the statement (with ;) does not end" },
	{ "-- query q() exec\nselect 1\n-- query p() exec\nx;",
		"3: query q: the statement (with ;) does not end" },
	{ "-- query q() exec\n;", "1: query q is empty" },
	{ "-- query q() exec\nselect 1; select 2;", "2: query q: one query is one statement" },
	{ "-- query q() exec\nselect $1;", "2: query q: write :name, not $1" },
	{ "-- query q(a int) exec\nselect :a,\n :b;", "3: query q has no parameter b" },
	{ "-- query q(a int) exec\nselect 1;", "1: query q does not use its parameter a" },
	{ "-- query q() exec\nselect 'open;\n",
		"3: query q: a string or quoted name does not end" },
	{ "-- query q() exec\nselect /* open;\n", "3: query q: a comment does not end" },
	{ "-- query q() exec\nselect $x$ open;\n",
		"3: query q: a dollar-quoted string does not end" },
	{ "-- query q() exec\nx;\n-- query q() exec\nx;", "3: query q stands already in line 1" },
	{ "-- query a_b() one (n int)\nx;\n-- query ab() exec\nx;", NULL },
	{ "-- query a_1() one (n int)\nx;\n-- query a1() exec\nx;",
		"3: query a1 stands already in line 1" },
	{ "-- query q() exec\nselect {nothing};", "2: query q: there is no part nothing above" },
	{ "-- part p\n{p};\n-- query q() exec\nselect {p};", "2: part p contains itself" },
	{ "-- part p\nfrom t\n", "2: part p does not end (with ;)" },
	{ "-- query q() exec\nselect '\x01';", "2: a control character stands here" },
};

TEST(what_is_wrong_is_said_with_file_and_line)
{
	for (size_t i = 0; i < COUNT(mistakes); i++) {
		const char *errors;

		compile(cx, mistakes[i].text, &errors);
		CHECK_TEXT(errors, mistakes[i].error ? arena_printf(cx->mem, "src/x/x.sql:%s\n",
							       mistakes[i].error)
						     : "");
	}
}

TEST(after_a_wrong_query_the_others_are_still_read)
{
	const char *errors;
	SqlcQuery *first = compile(cx,
		"-- query a(x uuid) exec\nselect 1;\n-- query b() exec\ndelete from t;\n"
		"-- query c() exec\nselect :y;\n",
		&errors);

	CHECK(first && !strcmp(first->name, "b") && !first->next);
	CHECK(strstr(errors, "x.sql:1: x: there is no type") != NULL);
	CHECK(strstr(errors, "x.sql:6: query c has no parameter y") != NULL);
}

TEST(limits_hold)
{
	const char *errors;
	Buf text;

	buf_init(&text, cx->mem, 1 << 20);
	buf_puts(&text, "-- query q(a0 int");
	for (int i = 1; i <= SQLC_ITEMS_MAX; i++)
		buf_printf(&text, ", a%d int", i);
	buf_puts(&text, ") exec\nselect 1;");
	compile(cx, buf_text(&text), &errors);
	CHECK_TEXT(errors, "src/x/x.sql:1: more than 200 of a parameter\n");
	compile(cx,
		"-- query "
		"a_name_that_is_longer_than_what_postgresql_keeps_of_the_names_of_statements() "
		"exec\nx;",
		&errors);
	CHECK(strstr(errors, "is longer than 60") != NULL);
	buf_init(&text, cx->mem, 1 << 20);
	for (int i = 0; i < 100; i++)
		buf_puts(&text, "-- query Q() exec\nx;\n");
	compile(cx, buf_text(&text), &errors);
	CHECK_INT(strlen(errors),
		SQLC_ERRORS_MAX * strlen("src/x/x.sql:1: name of a query is not lower_case: Q\n") +
			15);
}

TEST(two_files_may_not_have_a_query_of_one_name)
{
	SqlcErrors errors = { 0 };
	SqlcQuery *a = compile_well(cx, "-- query q() exec\ndelete from a;");

	buf_init(&errors.text, cx->mem, 1 << 20);
	a->next = sqlc_read(
		cx->mem, "src/y/y.sql", str_of("\n-- query q() exec\ndelete from b;"), &errors);
	CHECK(!sqlc_check_unique(a, &errors));
	CHECK_TEXT(
		buf_text(&errors.text), "src/y/y.sql:2: query q stands already in src/x/x.sql:1\n");
}

TEST(the_list_holds_every_query)
{
	Buf out;

	buf_init(&out, cx->mem, 1 << 20);
	sqlc_write_list(
		&out, compile_well(cx, "-- query a(n int) exec\ndelete from \"t\" where n = :n;"));
	CHECK_TEXT(buf_text(&out),
		"/* Made by sqlc: every query of the program. */\n#include "
		"\"platform/db/queries.h\"\n\n"
		"static const SqlColumn a_param[] = {\n\t{ \"n\", \"int\", false },\n};\n\n"
		"const SqlQuery sql_queries[] = {\n{ \"a\",\n\t\"delete from \\\"t\\\" where n = "
		"$1\",\n"
		"\t\"src/x/x.sql\", 1, a_param, 1, NULL, 0, false },\n{ 0 } };\nconst size_t "
		"sql_query_count = 1;\n");
	buf_init(&out, cx->mem, 1 << 20);
	sqlc_write_list(&out, NULL);
	CHECK(strstr(buf_text(&out), "sql_query_count = 0;") != NULL);
}

TEST(text_becomes_a_c_string_that_reads_the_same)
{
	Buf out;

	buf_init(&out, cx->mem, 1 << 20);
	sqlc_write_string(&out, str_of("a \"b\" \\ \t\n\nção\x7f"
				       "1"));
	CHECK_TEXT(buf_text(&out), "\t\"a \\\"b\\\" \\\\ \\t\\n\"\n\t\"\\n\"\n\t\"ção\\1771\"");
	buf_init(&out, cx->mem, 1 << 20);
	sqlc_write_string(&out, str_of(""));
	CHECK_TEXT(buf_text(&out), "\t\"\"");
}

TEST(paths_lose_the_folders_of_this_machine)
{
	CHECK_TEXT(sqlc_tree_path("../../src/modules/crm/crm.sql"), "src/modules/crm/crm.sql");
	CHECK_TEXT(sqlc_tree_path("/x/src/siso/src/a.sql"), "src/a.sql");
	CHECK_TEXT(sqlc_tree_path("other/asrc/a.sql"), "other/asrc/a.sql");
}

TEST(migrations_are_named_numbered_and_sorted)
{
	static const char *const bad[] = { "x/1_a.sql", "x/0001a.sql", "x/0001_.sql",
		"x/0001_A.sql", "x/0000_a.sql", "x/0001_a.txt", "x/abcd_a.sql", "" };
	SqlcErrors errors = { 0 };
	SqlcMigration list[3];
	Buf out;

	buf_init(&errors.text, cx->mem, 1 << 20);
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!sqlc_read_migration(cx->mem, bad[i], str_of("select 1"), &errors, &list[0]));
	CHECK(!sqlc_read_migration(cx->mem, "x/0001_a.sql", str_of(" \n"), &errors, &list[0]));
	CHECK_INT(errors.count, COUNT(bad) + 1);
	CHECK(sqlc_read_migration(
		cx->mem, "../src/y/0012_b.sql", str_of("b\n"), &errors, &list[0]));
	CHECK(sqlc_read_migration(
		cx->mem, "../src/x/0003_a_2.sql", str_of("a"), &errors, &list[1]));
	CHECK(sqlc_sort_migrations(list, 2, &errors));
	buf_init(&out, cx->mem, 1 << 20);
	sqlc_write_migrations(&out, cx->mem, list, 2);
	CHECK_TEXT(buf_text(&out), "/* Made by sqlc: every migration of the program. */\n#include "
				   "\"platform/db/migrate.h\"\n\n"
				   "const Migration migrations[] = {\n"
				   "{ 3, \"0003_a_2\", \"src/x/0003_a_2.sql\", "
				   "\"ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee4"
				   "8bb\",\n\t\"a\" },\n"
				   "{ 12, \"0012_b\", \"src/y/0012_b.sql\", "
				   "\"0263829989b6fd954f72baaf2fc64bc2e2f01d692d4de72986ea808f6e998"
				   "13f\",\n\t\"b\\n\" },\n"
				   "{ 0 } };\nconst size_t migration_count = 2;\n");
	list[2] = list[0];
	CHECK(!sqlc_sort_migrations(list, 3, &errors));
}

/* Each rule of the house finds what it is for, at its line, and nothing else. */
#include "lint.h"
#include "test.h"

static const char banned_h[] = "#pragma GCC poison strcpy gets\n#pragma GCC poison atoi\n";

static Lint *begin(Ctx *cx)
{
	Lint *l = NEW(cx->mem, Lint);

	lint_init(l, cx->mem);
	l->show_warnings = true;
	lint_learn_banned(l, str_of(banned_h));
	return l;
}

static const char *lint_one(Ctx *cx, const char *path, const char *text)
{
	Lint *l = begin(cx);

	lint_file(l, path, str_of(text));
	lint_tree(l);
	return buf_text(&l->out);
}

/* The only finding in the file is `want`, "2: rule: part of the reason"; "" for none. */
static void check(
	Ctx *cx, const char *file, int at, const char *path, const char *text, const char *want)
{
	const char *got = lint_one(cx, path, text);
	const char *mark = strrchr(want, ':');
	const char *begin_of =
		mark ? arena_printf(cx->mem, "%s:%.*s:", path, (int)(mark - want), want) : "";
	const char *newline = strchr(got, '\n');

	if (!mark ? got[0] != '\0'
		  : !str_starts(got, begin_of) || !strstr(got, mark + 2) || !newline || newline[1])
		test_fail(file, at, "%s\n\tgot %s\n\twanted %s", text, got, want);
}

#define FINDS(path, text, want) check(cx, __FILE__, __LINE__, path, text, want)
#define CLEAN(path, text)       check(cx, __FILE__, __LINE__, path, text, "")

TEST(includes_point_down)
{
	FINDS("src/core/a.c", "#include \"platform/db/db.h\"\n",
		"1: layer: core may not know platform");
	FINDS("src/platform/db/a.c", "\n#include \"modules/crm/crm.h\"\n",
		"2: layer: may not know modules");
	FINDS("src/modules/crm/a.c", "#include \"app/app.h\"\n", "1: layer: climbs");
	FINDS("src/modules/crm/a.c", "#include \"modules/patient/patient_view.h\"\n",
		"1: layer: see of the module only");
	FINDS("src/modules/crm/a.c", "#include \"modules/patient/patient.sql.h\"\n",
		"1: layer: see of the module only");
	FINDS("src/modules/crm/a.c", "#include \"modules/patient/html/patient.h\"\n",
		"1: layer: see of the module only");
	FINDS("src/app/a.c", "# include \"modules/crm/crm_view.h\"\n",
		"1: layer: only \"modules/crm/crm.h\"");
	FINDS("src/platform/ui/html/a.html", "%include \"modules/crm/crm_view.h\"\n",
		"1: layer: may not know modules");
	FINDS("src/core/a.c", "#include \"str.h\"\n", "1: include: full path");
	FINDS("src/core/a.c", "#include \"../core/str.h\"\n", "1: include: full path");
	CLEAN("src/modules/crm/a.c",
		"#include \"modules/crm/lead.h\"\n#include \"modules/module.h\"\n"
		"#include \"modules/patient/patient.h\"\n#include <stdio.h>\n");
	CLEAN("src/modules/crm/test/a.c",
		"#include \"test.h\"\n#include \"modules/crm/crm.sql.h\"\n");
	CLEAN("src/modules/list.c", "#include \"modules.def\"\n#include \"modules/module.h\"\n");
	CLEAN("src/core/a.c", "/* #include \"app/app.h\" */\n");
}

/* What lint says of files in which each includes the next, the last one the first. */
static const char *lint_ring(Ctx *cx, const char *const *name, size_t count)
{
	Lint *l = begin(cx);

	for (size_t i = 0; i < count; i++)
		lint_file(l, arena_printf(cx->mem, "src/%s.c", name[i]),
			str_of(arena_printf(
				cx->mem, "\n#include \"%s.h\"\n", name[(i + 1) % count])));
	lint_tree(l);
	return buf_text(&l->out);
}

#define RING(...)                                                                                  \
	lint_ring(cx, (const char *const[]){ __VA_ARGS__ },                                        \
		COUNT(((const char *const[]){ __VA_ARGS__ })))

TEST(rooms_do_not_know_each_other_in_a_circle)
{
	CHECK_TEXT(RING("modules/crm/crm", "modules/patient/patient"),
		"src/modules/crm/crm.c:2: circle: modules/crm → modules/patient → modules/crm\n"
		"src/modules/patient/patient.c:2: circle: modules/patient → modules/crm → "
		"modules/patient\n");
	CHECK(strstr(RING("platform/db/a", "platform/web/b", "platform/ui/c"),
		"src/platform/db/a.c:2: circle: "
		"platform/db → platform/web → platform/ui → platform/db\n"));
	CHECK(strstr(RING("modules/module", "modules/crm/crm"),
		"src/modules/module.c:2: circle: modules → modules/crm → modules\n"));
	CHECK(strstr(RING("app/a", "program/b"), "src/app/a.c:2: circle: app → program → app\n"));
	CHECK_TEXT(RING("modules/crm/crm", "modules/crm/lead"), "");
	CHECK_TEXT(RING("core/a", "core/b", "core/c"), "");
}

TEST(banned_functions_are_found_in_code_only)
{
	FINDS("src/core/a.c", "int x = atoi(s);\n", "1: banned: atoi()");
	FINDS("src/core/a.c", "int x = a + gets (s);\n", "1: banned: gets()");
	FINDS("tools/a.c", "\tstrcpy(a, b);\n", "1: banned: strcpy()");
	FINDS("src/core/a.c", "\tsystem(\"ls\");\n", "1: banned: no shell");
	FINDS("src/core/a.c", "\tf = popen(c, \"r\");\n", "1: banned: no shell");
	CLEAN("src/core/a.c", "/* atoi(s) */ // gets(s)\nchar *s = \"system(x) \\\" gets(x)\";\n");
	CLEAN("src/core/a.c", "x->system(a);\nx.gets(a);\nmy_atoi(a);\natoi_x(b);\nint atoi;\n");
	CLEAN("src/core/a.c", "char c = '\"', d = '\\'';\nputs(\"gets(\");\n");
	CLEAN("src/core/a.c", "/* a\n * gets(x)\n */\n");
	CLEAN("src/core/banned.h",
		"#ifndef CORE_BANNED_H\n#define CORE_BANNED_H\ngets()\n#endif\n");
}

TEST(modules_take_memory_from_the_arena_only)
{
	FINDS("src/modules/crm/a.c", "p = malloc(3);\n", "1: heap: cx->mem");
	FINDS("src/modules/crm/a.c", "free(p);\n", "1: heap: free()");
	CLEAN("src/platform/db/a.c", "p = malloc(3);\n");
	CLEAN("src/modules/crm/test/a.c", "p = malloc(3);\n");
	CLEAN("src/modules/crm/a.c", "slot_free(p);\nx->free(p);\n");
}

TEST(only_platform_db_sends_plain_statements)
{
	FINDS("src/modules/crm/a.c", "PQexecParams(c, s);\n", "1: query: outside of platform/db");
	CLEAN("src/platform/db/a.c", "PQexec(c, s);\n");
	CLEAN("test/test_db.c", "PQexec(c, s);\n");
}

TEST(white_space_is_tidy)
{
	FINDS("docs/a.md", "a\nb \n", "2: space: at the end of the line");
	FINDS("docs/a.md", "a\r\n", "1: space: at the end of the line");
	FINDS("src/core/a.c", "  \tint x;\n", "1: space: a space before a tab");
	FINDS("docs/a.md", "a", "1: space: no line end");
	CLEAN("docs/a.md", "\t  a  b\n\n");
	CLEAN("docs/a.md", "");
}

TEST(paths_of_one_machine_are_found)
{
	FINDS("docs/a.md",
		"see /"
		"home/ana/x\n",
		"1: machine: one machine");
	FINDS("src/core/a.c",
		"open(\"/"
		"root/x\");\n",
		"1: machine: one machine");
	CLEAN("docs/a.md", "https://a.b/"
			   "home/x ../"
			   "work/x net/"
			   "work/\n");
}

TEST(tests_write_where_they_are_told)
{
	FINDS("src/modules/crm/test/a.c",
		"int x;\nchar p[] = \"/"
		"tmp/x-XXXXXX\";\n",
		"2: scratch: test_scratch()");
	FINDS("test/browser/a.test.mjs",
		"const p = '/"
		"tmp/x';\n",
		"1: scratch: os.tmpdir()");
	CLEAN("test/a.c", "x = getenv(\"TMPDIR\") ? y : \"/"
			  "tmp\";\n");
	CLEAN("src/program/a.c", "x = \"/"
				 "tmp\";\n");
}

TEST(promises_name_an_issue)
{
	FINDS("src/core/a.c",
		"/* TO"
		"DO: later */\n",
		"1: promise: (#issue)");
	FINDS("web/a.js",
		"// FIX"
		"ME(ana) x\n",
		"1: promise: (#issue)");
	CLEAN("src/core/a.c", "/* TODO(#12): when the API allows it */\n");
	CLEAN("docs/a.md", "TODO dia: MÉTODO:\n");
}

TEST(what_asks_while_one_types_says_which_request_counts)
{
	FINDS("src/modules/crm/html/a.html",
		"<input hx-get=\"/x\" hx-trigger=\"input changed delay:200ms\">\n",
		"1: sync: the last one counts");
	FINDS("src/modules/crm/html/a.html", "<form method=\"get\" hx-get=\"/x\">\n",
		"1: sync: the last one counts");
	CLEAN("src/modules/crm/html/a.html", "<form hx-sync=\"this:replace\" hx-get=\"/x\">\n<p "
					     "hx-get=\"/x\" hx-trigger=\"load\">\n");
}

TEST(code_is_not_left_in_comments)
{
	FINDS("src/core/a.c", "int x; // y = 1;\n", "1: left-over: commented-out");
	CLEAN("src/core/a.c", "int x; // why; because\nchar *s = \"//;\";\n");
	CLEAN("src/core/a.c", "/* redis://x and\n * a list;\n */\n");
}

/* What lint says of files in two modules. */
static const char *lint_two(Ctx *cx, const char *name, const char *one, const char *two)
{
	Lint *l = begin(cx);

	lint_file(l, arena_printf(cx->mem, "src/modules/agenda/%s", name), str_of(one));
	lint_file(l, arena_printf(cx->mem, "src/modules/crm/%s", name), str_of(two));
	lint_tree(l);
	return buf_text(&l->out);
}

TEST(two_functions_never_share_a_name)
{
	CHECK_TEXT(lint_two(cx, "a.c", "int one(void)\n{\n}\n\nint f(void)\n{\n}\n",
			   "char *f(int a,\n\tint b)\n{\n}\n"),
		"src/modules/crm/a.c:1: name: f() is also in src/modules/agenda/a.c:5\n");
	CHECK_TEXT(lint_two(cx, "a.html", "%template opens page(int x)\n%end\n",
			   "%template page()\n%end\n"),
		"src/modules/crm/a.html:1: name: page() is also in src/modules/agenda/a.html:1\n");
	CHECK_TEXT(lint_two(cx, "a.sql", "-- query x_by_id(id bigint) one (id bigint)\nselect 1;\n",
			   "-- query x_by_id() exec\nselect 1;\n"),
		"src/modules/crm/a.sql:1: name: sql_x_by_id() is also in "
		"src/modules/agenda/a.sql:1\n");
	CHECK_TEXT(lint_two(cx, "a.c", "int f(void)\n{\n}\n", "static int f(void)\n{\n}\n"), "");
	CHECK_TEXT(
		lint_two(cx, "a.c", "int f(void)\n{\n}\n", "int f(void);\n\nint x = f();\n"), "");
	CHECK_TEXT(lint_two(cx, "test/a.c", "int f(void)\n{\n}\n", "int f(void)\n{\n}\n"), "");
	CHECK_TEXT(lint_two(cx, "a.html", "%template static row(int x)\n%end\n",
			   "%template static row(int x)\n%end\n"),
		"");
}

TEST(guards_are_named_by_the_path)
{
	CLEAN("src/core/str.h", "/* x */\n#ifndef CORE_STR_H\n#define CORE_STR_H\n#endif\n");
	CLEAN("src/platform/db/db.h", "#ifndef DB_DB_H\n#define DB_DB_H\n#endif\n");
	CLEAN("src/modules/crm/test/a.h", "#ifndef CRM_TEST_A_H\n#define CRM_TEST_A_H\n#endif\n");
	CLEAN("src/modules/module.h",
		"#ifndef MODULES_MODULE_H\n#define MODULES_MODULE_H\n#endif\n");
	CLEAN("tools/x.h", "#ifndef TOOLS_X_H\n#define TOOLS_X_H\n#endif\n");
	FINDS("src/core/str.h", "#ifndef STR_H\n#define STR_H\n#endif\n", "1: guard: CORE_STR_H");
	FINDS("src/core/str.h", "#pragma once\n", "1: guard: CORE_STR_H");
}

TEST(public_functions_have_a_contract)
{
#define HEADER "/* What. */\n#ifndef CORE_A_H\n#define CORE_A_H\n\n#include \"core/str.h\"\n\n"
	FINDS("src/core/a.h",
		HEADER "enum { A };\n\nint f(void);\nint g(int x,\n\tint y);\n\n#endif\n",
		"9: contract: without a comment");
	CLEAN("src/core/a.h", HEADER "int f(void);\n\n#endif\n");
	CLEAN("src/core/a.h",
		HEADER "enum { A };\n\n/* both */\nint f(void);\nint g(void);\n\n#endif\n");
	CLEAN("src/core/a.h",
		HEADER "enum { A };\n\nint f(void); /* this */\nint g(void);\n\n#endif\n");
	CLEAN("src/core/a.h",
		HEADER "typedef int F(int x);\n\nstruct A *a;\n\nextern int (*x)(void);\n\n"
		       "#define F(x) g(x)\n\nTEST(x)\n\n#endif\n");
#undef HEADER
}

static const char *repeat(
	Ctx *cx, const char *begin_of, const char *line, int count, const char *end)
{
	Buf text;

	buf_init(&text, cx->mem, 1 << 20);
	buf_puts(&text, begin_of);
	for (int i = 0; i < count; i++)
		buf_puts(&text, line);
	buf_puts(&text, end);
	return buf_text(&text);
}

TEST(long_functions_and_files_and_deep_nesting_are_warned_of)
{
	FINDS("src/core/a.c", repeat(cx, "int f(void)\n{\n", "\tx();\n", 61, "}\n"),
		"2: warning: length: 61 lines");
	CLEAN("src/core/a.c", repeat(cx, "int f(void)\n{\n", "\tx();\n", 60, "}\n"));
	FINDS("src/core/a.c", repeat(cx, "", "int x;\n", 601, ""), "1: warning: length: 601 lines");
	FINDS("src/core/a.c",
		"int f(void)\n{\n\tif (a) {\n\t\tfor (;;) {\n\t\t\twhile (b) {\n\t\t\t\tswitch (c) "
		"{\n"
		"\t\t\t\tcase 1:\n\t\t\t\t\tif (d) "
		"{\n\t\t\t\t\t\te();\n\t\t\t\t\t}\n\t\t\t\t}\n\t\t\t}\n"
		"\t\t}\n\t}\n}\n",
		"8: warning: nesting: 5 levels");
	CLEAN("src/core/a.c",
		"static const X x[] = {\n\t{\n\t\t{\n\t\t\t{\n\t\t\t\t{\n\t\t\t\t\t{ 1 }\n"
		"\t\t\t\t}\n\t\t\t}\n\t\t}\n\t}\n};\n");
}

TEST(warnings_fail_only_when_strict)
{
	Lint *l = begin(cx);

	lint_file(l, "src/core/a.c", str_of(repeat(cx, "", "int x;\n", 601, "")));
	CHECK_INT(l->errors, 0);
	CHECK_INT(l->warnings, 1);
	l->strict = true;
	lint_file(l, "src/core/a.c", str_of(repeat(cx, "", "int x;\n", 601, "")));
	CHECK_INT(l->errors, 1);
	l = begin(cx);
	l->show_warnings = false;
	lint_file(l, "src/core/a.c", str_of(repeat(cx, "", "int x;\n", 601, "")));
	CHECK_TEXT(buf_text(&l->out), "");
}

static void add_files(Lint *l, const char *const *path, size_t count)
{
	for (size_t i = 0; i < count; i++)
		lint_file(l, path[i], STR_LIT(""));
}

TEST(a_module_in_the_build_has_every_room)
{
	static const char *const rooms[] = { "src/modules/crm/meson.build",
		"src/modules/crm/README.md", "src/modules/crm/crm.sql",
		"src/modules/crm/migrations/0060_crm.sql", "src/modules/crm/test/crm_test.c" };
	Lint *l = begin(cx);

	lint_file(l, "src/modules.def", STR_LIT("/* all */\nMODULE(crm)\nMODULE(agenda)\n"));
	add_files(l, rooms, COUNT(rooms));
	lint_file(l, "src/modules/crm/crm.h",
		STR_LIT("#ifndef CRM_CRM_H\n#define CRM_CRM_H\n#endif\n"));
	lint_tree(l);
	CHECK_TEXT(buf_text(&l->out), "");
	lint_file(l, "src/modules/crm/html/lead.html", STR_LIT(""));
	lint_tree(l);
	CHECK_TEXT(buf_text(&l->out),
		"src/modules/crm/meson.build:1: room: the module has no crm_view.h\n");
	l = begin(cx);
	lint_file(l, "src/modules.def", STR_LIT("MODULE(crm)\n"));
	add_files(l, rooms, 1);
	lint_tree(l);
	CHECK_INT(l->errors, 5);
	l = begin(cx);
	l->draft = true;
	lint_file(l, "src/modules.def", STR_LIT("MODULE(crm)\n"));
	add_files(l, rooms, 1);
	lint_tree(l);
	CHECK_INT(l->errors, 0);
}

TEST(a_migration_has_a_number_of_its_own)
{
	Lint *l = begin(cx);

	lint_file(l, "src/modules/crm/migrations/0060_crm.sql", STR_LIT("a\n"));
	lint_file(l, "src/modules/audit/migrations/0060_audit.sql", STR_LIT("b\n"));
	lint_file(l, "src/modules/audit/migrations/61-audit.sql", STR_LIT("c\n"));
	lint_tree(l);
	CHECK_TEXT(buf_text(&l->out),
		"src/modules/audit/migrations/0060_audit.sql:1: migration: number 0060 is taken by "
		"src/modules/crm/migrations/0060_crm.sql\n"
		"src/modules/audit/migrations/61-audit.sql:1: migration: its name is not "
		"NNNN_what.sql\n");
}

TEST(a_released_migration_is_never_edited_nor_removed)
{
	Lint *l = begin(cx);
	const char *sums;

	lint_file(l, "src/modules/crm/migrations/0061_b.sql", STR_LIT("b\n"));
	lint_file(l, "src/modules/crm/migrations/0060_a.sql", STR_LIT("abc"));
	sums = lint_sums(l);
	CHECK(str_starts(sums, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
			       "  src/modules/crm/migrations/0060_a.sql\n"));
	l = begin(cx);
	lint_file(l, "src/modules/crm/migrations/0060_a.sql", STR_LIT("abc\n"));
	lint_file(l, "migrations.sum", str_of(sums));
	lint_tree(l);
	CHECK_TEXT(buf_text(&l->out),
		"src/modules/crm/migrations/0060_a.sql:1: migration: released migrations are never "
		"edited: "
		"write a new one\n"
		"migrations.sum:2: migration: src/modules/crm/migrations/0061_b.sql is released "
		"but gone\n");
	FINDS("migrations.sum", "nonsense\n", "1: migration: sha256sum");
}

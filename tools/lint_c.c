/* Rules of C files: names that are banned, lengths, guards, comments. A light lexer
 * takes comments and strings apart first, so that no rule is fooled by what only looks like code.
 */
#include "lint.h"

enum { FUNCTION_LINES = 60, FILE_LINES = 600, NESTING = 4 };

static void check_include(Lint *l, const Source *source, int number, Str line)
{
	Str s = str_trim(line);
	const char *quote;

	if (!s.len || s.ptr[0] != '#')
		return;
	s = str_trim((Str){ s.ptr + 1, s.len - 1 });
	if (s.len < 9 || memcmp(s.ptr, "include", 7) != 0)
		return;
	s = str_trim((Str){ s.ptr + 7, s.len - 7 });
	if (!s.len || s.ptr[0] != '"')
		return;
	quote = memchr(s.ptr + 1, '"', s.len - 1);
	if (quote)
		lint_include(
			l, source->path, number, (Str){ s.ptr + 1, (size_t)(quote - s.ptr - 1) });
}

/* ---- names ---- */

/* Is the name at `at` used as a function, and not as a member or a longer name? */
static bool is_call(const char *begin, const char *at, size_t len)
{
	const char *behind = at + len;

	if (at > begin && (lint_is_word(at[-1]) || at[-1] == '.' ||
				  (at[-1] == '>' && at - 1 > begin && at[-2] == '-')))
		return false;
	while (*behind == ' ')
		behind++;
	return *behind == '(';
}

static void check_call(Lint *l, const Source *source, int number, const char *code,
	const char *name, const char *rule, const char *why)
{
	const char *at = code;

	while ((at = strstr(at, name)) != NULL) {
		if (is_call(code, at, strlen(name))) {
			lint_error(l, source->path, number, rule, "%s(): %s", name, why);
			return;
		}
		at++;
	}
}

static void check_names(Lint *l, const Source *source, int number, const char *code)
{
	static const char *const heap[] = { "malloc", "calloc", "realloc", "reallocarray", "free",
		"strdup", "strndup", "asprintf", "vasprintf" };
	const char *path = source->path;
	bool test = lint_is_test(path);
	const char *exec = strstr(code, "PQexec");

	if (!strcmp(path, "src/core/banned.h"))
		return;
	for (size_t i = 0; i < l->banned.count; i++)
		check_call(l, source, number, code, l->banned.v[i], "banned", "see core/banned.h");
	check_call(l, source, number, code, "system", "banned",
		"no shell: use posix_spawn with an argv");
	check_call(l, source, number, code, "popen", "banned",
		"no shell: use posix_spawn with an argv");
	for (size_t i = 0; str_starts(path, "src/modules/") && !test && i < COUNT(heap); i++)
		check_call(l, source, number, code, heap[i], "heap", "modules use cx->mem only");
	if (exec && (exec == code || !lint_is_word(exec[-1])) && str_starts(path, "src/") &&
		!test && !str_starts(path, "src/platform/db/"))
		lint_error(l, path, number, "query",
			"PQexec* outside of platform/db: write a named query");
}

/* ---- functions ---- */

typedef struct Body { /* of the function being read */
	int begin;
	int deepest;
	int deepest_line;
} Body;

/* Blocks are what a control word opens; literals and initializers nest without being hard to read.
 */
static bool opens_block(Str code)
{
	static const char *const words[] = { "if", "else", "for", "while", "do", "switch" };

	if (!code.len || code.ptr[code.len - 1] != '{')
		return false;
	if (code.ptr[0] == '}')
		code = str_trim((Str){ code.ptr + 1, code.len - 1 });
	for (size_t i = 0; i < COUNT(words); i++) {
		size_t len = strlen(words[i]);

		if (code.len > len && !memcmp(code.ptr, words[i], len) &&
			!lint_is_word(code.ptr[len]))
			return true;
	}
	return false;
}

static int indent_of(Str line)
{
	int tabs = 0;

	while ((size_t)tabs < line.len && line.ptr[tabs] == '\t')
		tabs++;
	return tabs;
}

/* clang-format puts a function's braces alone at the start of a line; nothing else stands so. */
static void check_function(Lint *l, const Source *source, int number, Str code, Body *body)
{
	if (str_is(code, "{")) {
		*body = (Body){ .begin = number };
	} else if (str_is(code, "}") && body->begin) {
		int lines = number - body->begin - 1;

		if (lines > FUNCTION_LINES)
			lint_warn(l, source->path, body->begin, "length",
				"a function of %d lines; %d are enough", lines, FUNCTION_LINES);
		if (body->deepest > NESTING)
			lint_warn(l, source->path, body->deepest_line, "nesting",
				"%d levels deep; %d are enough", body->deepest, NESTING);
		*body = (Body){ 0 };
	} else if (body->begin && opens_block(str_trim(code)) && indent_of(code) > body->deepest) {
		body->deepest = indent_of(code);
		body->deepest_line = number;
	}
}

/* ---- headers ---- */

/* "src/platform/html/html.h" -> "HTML_HTML_H", "src/modules/crm/test/x.h" -> "CRM_TEST_X_H" */
static char *guard_of(Lint *l, const char *path)
{
	static const char *const roots[] = { "src/platform/", "src/modules/", "src/" };
	const char *begin = path;
	char *guard;

	for (size_t i = 0; i < COUNT(roots); i++)
		if (str_starts(path, roots[i]) && strchr(path + strlen(roots[i]), '/')) {
			begin = path + strlen(roots[i]);
			break;
		}
	guard = arena_dup(l->mem, begin);
	for (char *c = guard; *c; c++) {
		if (*c >= 'a' && *c <= 'z')
			*c = (char)(*c - 32);
		else if (!lint_is_word(*c))
			*c = '_';
	}
	return guard;
}

static void check_guard(Lint *l, const Source *source)
{
	const char *guard = guard_of(l, source->path);
	const char *wanted = arena_printf(l->mem, "#ifndef %s\n#define %s\n", guard, guard);

	if (!strstr(arena_copy(l->mem, source->text.ptr, source->text.len), wanted))
		lint_error(l, source->path, 1, "guard", "the include guard is not %s", guard);
}

/* Does a function's prototype begin in this line of a header? */
static bool is_prototype(Str code)
{
	static const char *const others[] = { "typedef", "struct", "enum", "union", "static",
		"extern", "_Static_assert", "__attribute__" };

	if (!code.len || !lint_is_word(code.ptr[0]) || !memchr(code.ptr, '(', code.len))
		return false;
	for (size_t i = 0; i < COUNT(others); i++)
		if (code.len > strlen(others[i]) &&
			!memcmp(code.ptr, others[i], strlen(others[i])) &&
			!lint_is_word(code.ptr[strlen(others[i])]))
			return false;
	/* a macro that stands alone, TEST(x), has no space before its bracket */
	return memchr(
		code.ptr, ' ', (size_t)((const char *)memchr(code.ptr, '(', code.len) - code.ptr));
}

static bool has_text(const char *begin, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (begin[i] != ' ' && begin[i] != '\t')
			return true;
	return false;
}

/* A prototype has a comment in its group: the lines around it up to the next blank ones. The
 * comment that opens the file speaks for the first group. */
static void check_prototypes(Lint *l, const Source *source)
{
	Str rest = source->text, line;
	int number = 0, first = 0;
	bool commented = false, code_seen = false, opened = false;

	while (lint_next_line(&rest, &line)) {
		size_t at = (size_t)(line.ptr - source->text.ptr);
		Str code = { source->code + at, line.len };

		number++;
		commented |= has_text(source->comment + at, line.len);
		code_seen |= code.len && lint_is_word(code.ptr[0]);
		if (!first && is_prototype(code))
			first = number;
		if (str_trim(line).len && rest.len)
			continue;
		if (first && !commented && opened)
			lint_miss(l, source->path, first, "contract",
				"public functions without a comment above them or their group");
		opened |= code_seen;
		first = 0;
		commented = false;
	}
}

/* ---- the whole file ---- */

enum { LINE_MARK = 1 }; /* stands in the comments where a // comment begins */

/* Fill the two views: every byte goes to one of them, the others are spaces. */
static void take_apart(Lint *l, Source *source)
{
	enum { CODE, STRING, LINE, BLOCK } state = CODE;
	size_t len = source->text.len;
	const char *text = source->text.ptr;
	char quote = 0;

	source->code = arena_alloc(l->mem, len + 1);
	source->comment = arena_alloc(l->mem, len + 1);
	for (size_t i = 0; i < len; i++) {
		char c = text[i], next = i + 1 < len ? text[i + 1] : '\0';
		bool both = false; /* a mark of two bytes */

		source->code[i] = source->comment[i] = c == '\n' || c == '\t' ? c : ' ';
		if (state == CODE && c == '/' && (next == '/' || next == '*')) {
			state = next == '/' ? LINE : BLOCK;
			if (state == LINE)
				source->comment[i] = LINE_MARK;
			both = true;
		} else if (state == CODE) {
			source->code[i] = c;
			quote = c;
			state = c == '"' || c == '\'' ? STRING : CODE;
		} else if (state == STRING) {
			both = c == '\\' && next != '\n' && next;
			if (c == quote || c == '\n') {
				source->code[i] = c;
				state = CODE;
			}
		} else if (c == '\n' && state == LINE) {
			state = CODE;
		} else if (state == BLOCK && c == '*' && next == '/') {
			state = CODE;
			both = true;
		} else {
			source->comment[i] = c;
		}
		if (both && ++i < len)
			source->code[i] = source->comment[i] = ' ';
	}
}

/* "// x = 1;" is code that somebody left. */
static void check_left_code(Lint *l, const Source *source, int number, size_t at, size_t len)
{
	Str comment = str_trim((Str){ source->comment + at, len });

	if (memchr(comment.ptr, LINE_MARK, comment.len) && comment.ptr[comment.len - 1] == ';')
		lint_error(l, source->path, number, "left-over", "commented-out code");
}

void lint_c(Lint *l, const Source *taken)
{
	Source whole = *taken, *source = &whole;
	Str rest = source->text, line;
	Body body = { 0 };
	int number = 0;

	take_apart(l, source);
	lint_note_names(l, source);
	while (lint_next_line(&rest, &line)) {
		size_t at = (size_t)(line.ptr - source->text.ptr);
		char *code = source->code + at, end = code[line.len];

		number++;
		check_include(l, source, number, line);
		check_left_code(l, source, number, at, line.len);
		code[line.len] = '\0';
		check_names(l, source, number, code);
		check_function(l, source, number, (Str){ code, line.len }, &body);
		code[line.len] = end;
	}
	if (number > FILE_LINES)
		lint_warn(l, source->path, 1, "length", "a file of %d lines; %d are enough", number,
			FILE_LINES);
	if (str_ends(source->path, ".h")) {
		check_guard(l, source);
		if (str_starts(source->path, "src/") && !lint_is_test(source->path) &&
			!str_ends(source->path, "_view.h"))
			check_prototypes(l, source);
	}
}

/* Rules of every text file: white space, paths of somebody's machine, promises without an issue. */
#include "lint.h"

bool lint_is_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '_';
}

bool lint_next_line(Str *rest, Str *ret_line)
{
	if (!rest->len)
		return false;
	return str_cut(rest, '\n', ret_line);
}

bool lint_is_test(const char *path)
{
	return str_starts(path, "test/") || strstr(path, "/test/");
}

static void check_blanks(Lint *l, const char *path, int line, Str s)
{
	size_t indent = 0;

	if (s.len && strchr(" \t\r", s.ptr[s.len - 1]))
		lint_error(l, path, line, "space", "white space at the end of the line");
	while (indent < s.len && strchr(" \t", s.ptr[indent]))
		indent++;
	for (size_t i = 0; i + 1 < indent; i++)
		if (s.ptr[i] == ' ' && s.ptr[i + 1] == '\t') {
			lint_error(l, path, line, "space", "a space before a tab");
			break;
		}
}

/* Homes of people and build machines: a file that names one works on that machine only. */
static void check_machine(Lint *l, const char *path, int line, Str s)
{
	static const char *const roots[] = { "/"
					     "home/",
		"/"
		"root/",
		"/"
		"work/",
		"/"
		"Users/" };

	for (size_t i = 0; i < COUNT(roots); i++) {
		const char *at = memmem(s.ptr, s.len, roots[i], strlen(roots[i]));

		if (at && (at == s.ptr || (!lint_is_word(at[-1]) && !strchr("./}", at[-1]))))
			lint_error(
				l, path, line, "machine", "%s… is a path of one machine", roots[i]);
	}
}

/* TODO, FIXME and XXX name an issue: TODO(#12): why. */
static void check_promise(Lint *l, const char *path, int line, Str s)
{
	static const char *const words[] = { "TODO", "FIXME", "XXX" };

	for (size_t i = 0; i < COUNT(words); i++) {
		size_t len = strlen(words[i]);
		const char *at = memmem(s.ptr, s.len, words[i], len), *end = s.ptr + s.len;

		if (!at || (at > s.ptr && lint_is_word(at[-1])) || at + len == end)
			continue;
		if (at[len] == ':' ||
			(at[len] == '(' && (at + len + 1 == end || at[len + 1] != '#')))
			lint_error(l, path, line, "promise", "write %s(#issue): why", words[i]);
	}
}

/* Tests that write into one folder for all disturb each other, and machines where it is full. */
static void check_scratch(Lint *l, const char *path, int line, Str s)
{
	static const char *const quoted[] = { "\"/"
					      "tmp",
		"'/"
		"tmp" };

	for (size_t i = 0; i < COUNT(quoted); i++)
		if (memmem(s.ptr, s.len, quoted[i], strlen(quoted[i])) &&
			!memmem(s.ptr, s.len, "TMPDIR", 6))
			lint_error(l, path, line, "scratch",
				"a test writes under TMPDIR: test_scratch(), os.tmpdir()");
}

static void check_template_include(Lint *l, const char *path, int line, Str s)
{
	static const char begin[] = "%include \"";
	const size_t len = sizeof begin - 1;

	if (s.len > len && !memcmp(s.ptr, begin, len) && s.ptr[s.len - 1] == '"')
		lint_include(l, path, line, (Str){ s.ptr + len, s.len - len - 1 });
}

static bool has(Str s, const char *text)
{
	return memmem(s.ptr, s.len, text, strlen(text));
}

/* Of requests of one element htmx drops those after the second while the first is on its way: on a
 * slow line what was typed last would never be asked for. */
static void check_sync(Lint *l, const char *path, int line, Str s)
{
	bool typed = has(s, "hx-trigger=\"input") || has(s, "hx-trigger=\"change") ||
		     has(s, "hx-trigger=\"submit, input") || (has(s, "<form") && has(s, "hx-get="));

	if (typed && !has(s, "hx-sync="))
		lint_error(l, path, line, "sync", "what asks while one types needs hx-sync: %s",
			"the last one counts (\"this:replace\")");
}

void lint_text(Lint *l, const Source *source)
{
	bool is_template = str_ends(source->path, ".html"), is_test = lint_is_test(source->path);
	Str rest = source->text, line;
	int number = 0;

	if (source->text.len && source->text.ptr[source->text.len - 1] != '\n')
		lint_error(l, source->path, 1, "space", "the last line has no line end");
	while (lint_next_line(&rest, &line)) {
		number++;
		check_blanks(l, source->path, number, line);
		check_machine(l, source->path, number, line);
		check_promise(l, source->path, number, line);
		if (is_test)
			check_scratch(l, source->path, number, line);
		if (is_template) {
			check_template_include(l, source->path, number, line);
			check_sync(l, source->path, number, line);
		}
	}
}

/* Names that the linker sees: of two functions with one name it silently takes the one whose
 * library comes first. C, templates and queries share one room. */
#include "lint.h"

static void note(Lint *l, const char *path, int line, Str name)
{
	if (l->name_count == LINT_NAMES_MAX)
		lint_error(l, path, line, "name", "more functions than lint can hold");
	else if (name.len)
		l->name[l->name_count++] =
			(LintName){ arena_copy(l->mem, name.ptr, name.len), path, line };
}

/* The word before the first bracket, or the one in it: "Err f(int x)", "Err(f)(int x)" where f is a
 * macro too. */
static Str name_before_bracket(Str code)
{
	const char *bracket = code.len ? memchr(code.ptr, '(', code.len) : NULL, *begin;
	const char *twice = code.len ? memmem(code.ptr, code.len, ")(", 2) : NULL;

	if (twice)
		bracket = twice;
	begin = bracket;
	while (begin && begin > code.ptr && lint_is_word(begin[-1]))
		begin--;
	return (Str){ begin, (size_t)(bracket - begin) };
}

/* A function's head begins the line that begins with a word, its body a line that is "{". */
static void note_functions(Lint *l, const Source *source)
{
	Str rest = { source->code, source->text.len }, line, head = { "", 0 };
	int number = 0, head_line = 0;

	while (lint_next_line(&rest, &line)) {
		number++;
		if (line.len && lint_is_word(line.ptr[0])) {
			head = line;
			head_line = number;
		} else if (str_is(line, "{") && !memmem(head.ptr, head.len, "static ", 7)) {
			note(l, source->path, head_line, name_before_bracket(head));
		}
	}
}

/* "%template opens page_open(…)", "-- query lead_by_id(…)". */
static void note_marked(Lint *l, const Source *source, const char *mark, const char *prefix)
{
	Str rest = source->text, line, name;
	int number = 0;

	while (lint_next_line(&rest, &line)) {
		number++;
		if (line.len < strlen(mark) || memcmp(line.ptr, mark, strlen(mark)) != 0 ||
			memmem(line.ptr, line.len, " static ", 8))
			continue;
		name = name_before_bracket(line);
		note(l, source->path, number,
			str_of(arena_printf(l->mem, "%s%.*s", prefix, (int)name.len, name.ptr)));
	}
}

void lint_note_names(Lint *l, const Source *source)
{
	if (!str_starts(source->path, "src/") || lint_is_test(source->path))
		return;
	if (str_ends(source->path, ".c"))
		note_functions(l, source);
	else if (str_ends(source->path, ".html"))
		note_marked(l, source, "%template ", "");
	else if (str_ends(source->path, ".sql"))
		note_marked(l, source, "-- query ", "sql_");
}

static int by_name(const void *a, const void *b)
{
	const LintName *left = a, *right = b;
	int order = strcmp(left->name, right->name);

	return order ? order : strcmp(left->path, right->path);
}

void lint_check_names(Lint *l)
{
	qsort(l->name, l->name_count, sizeof l->name[0], by_name);
	for (size_t i = 1; i < l->name_count; i++)
		if (!strcmp(l->name[i - 1].name, l->name[i].name))
			lint_error(l, l->name[i].path, l->name[i].line, "name",
				"%s() is also in %s:%d", l->name[i].name, l->name[i - 1].path,
				l->name[i - 1].line);
}

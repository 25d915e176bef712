/* Rules of the tree as a whole: every module has every room, migrations are numbered once and, when
 * frozen in migrations.sum, never edited again. */
#include <sodium.h>

#include "lint.h"

static bool has_path(const Lint *l, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < l->path_count; i++)
		if (!strcmp(l->path[i], path) ||
			(path[len - 1] == '/' && !strncmp(l->path[i], path, len)))
			return true;
	return false;
}

static void check_room(Lint *l, const char *folder, const char *room)
{
	if (!has_path(l, arena_printf(l->mem, "%s%s", folder, room)))
		lint_miss(l, arena_printf(l->mem, "%smeson.build", folder), 1, "room",
			"the module has no %s", room);
}

/* A module is checked when it is in the build: when it has a meson.build. */
static void check_module(Lint *l, const char *name)
{
	const char *folder = arena_printf(l->mem, "src/modules/%s/", name);

	if (!has_path(l, arena_printf(l->mem, "%smeson.build", folder)))
		return;
	check_room(l, folder, "README.md");
	check_room(l, folder, arena_printf(l->mem, "%s.h", name));
	check_room(l, folder, arena_printf(l->mem, "%s.sql", name));
	check_room(l, folder, "migrations/");
	check_room(l, folder, "test/");
	if (has_path(l, arena_printf(l->mem, "%shtml/", folder)))
		check_room(l, folder, arena_printf(l->mem, "%s_view.h", name));
}

static void check_modules(Lint *l)
{
	static const char begin[] = "MODULE(";
	Str rest = str_of(l->modules), line;

	while (lint_next_line(&rest, &line)) {
		Str name = { line.ptr + sizeof begin - 1, 0 };

		if (line.len < sizeof begin || memcmp(line.ptr, begin, sizeof begin - 1) != 0)
			continue;
		while (name.ptr + name.len < line.ptr + line.len &&
			lint_is_word(name.ptr[name.len]))
			name.len++;
		check_module(l, arena_copy(l->mem, name.ptr, name.len));
	}
}

/* ---- migrations ---- */

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static void check_numbers(Lint *l)
{
	for (size_t i = 0; i < l->migration_count; i++) {
		const char *path = l->migration[i].path, *name = file_name(path);

		if (strspn(name, "0123456789") != 4 || name[4] != '_' ||
			strspn(name + 5, "abcdefghijklmnopqrstuvwxyz0123456789_") + 9 !=
				strlen(name))
			lint_error(l, path, 1, "migration", "its name is not NNNN_what.sql");
		for (size_t k = 0; k < i; k++)
			if (!strncmp(name, file_name(l->migration[k].path), 4))
				lint_error(l, path, 1, "migration", "number %.4s is taken by %s",
					name, l->migration[k].path);
	}
}

static const LintMigration *find_migration(const Lint *l, Str path)
{
	for (size_t i = 0; i < l->migration_count; i++)
		if (str_is(path, l->migration[i].path))
			return &l->migration[i];
	return NULL;
}

/* Each line of migrations.sum: 64 hex digits, two spaces, path (as sha256sum writes). */
static void check_sums(Lint *l)
{
	Str rest = str_of(l->sums), line;
	int number = 0;

	while (lint_next_line(&rest, &line)) {
		const LintMigration *found;
		Str path;

		number++;
		if (line.len < 67 || memcmp(line.ptr + 64, "  ", 2) != 0) {
			lint_error(l, "migrations.sum", number, "migration",
				"not a line of sha256sum");
			continue;
		}
		path = (Str){ line.ptr + 66, line.len - 66 };
		found = find_migration(l, path);
		if (!found)
			lint_error(l, "migrations.sum", number, "migration",
				"%.*s is released but gone", (int)path.len, path.ptr);
		else if (memcmp(found->sum, line.ptr, 64) != 0)
			lint_error(l, found->path, 1, "migration",
				"released migrations are never edited: write a new one");
	}
}

void lint_tree(Lint *l)
{
	check_modules(l);
	lint_check_circles(l);
	lint_check_names(l);
	check_numbers(l);
	check_sums(l);
}

static int by_number(const void *a, const void *b)
{
	const LintMigration *left = a, *right = b;

	return strcmp(file_name(left->path), file_name(right->path));
}

const char *lint_sums(Lint *l)
{
	Buf out;

	buf_init(&out, l->mem, 1 << 20);
	qsort(l->migration, l->migration_count, sizeof l->migration[0], by_number);
	for (size_t i = 0; i < l->migration_count; i++)
		buf_printf(&out, "%s  %s\n", l->migration[i].sum, l->migration[i].path);
	return buf_text(&out);
}

/* ---- taking files in ---- */

void lint_init(Lint *l, Arena *mem)
{
	*l = (Lint){ .mem = mem, .modules = "", .sums = "" };
	buf_init(&l->out, mem, 4 << 20);
}

static void say(Lint *l, const char *path, int line, const char *rule, const char *kind,
	const char *format, va_list args) PRINTF(6, 0);

static void say(Lint *l, const char *path, int line, const char *rule, const char *kind,
	const char *format, va_list args)
{
	buf_printf(&l->out, "%s:%d: %s%s: %s\n", path, line, kind, rule,
		arena_vprintf(l->mem, format, args));
}

void lint_error(Lint *l, const char *path, int line, const char *rule, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(l, path, line, rule, "", format, args);
	va_end(args);
	l->errors++;
}

void lint_warn(Lint *l, const char *path, int line, const char *rule, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (l->strict || l->show_warnings)
		say(l, path, line, rule, l->strict ? "" : "warning: ", format, args);
	va_end(args);
	l->warnings++;
	l->errors += l->strict;
}

void lint_miss(Lint *l, const char *path, int line, const char *rule, const char *format, ...)
{
	va_list args;

	if (l->draft)
		return;
	va_start(args, format);
	say(l, path, line, rule, "", format, args);
	va_end(args);
	l->errors++;
}

void lint_learn_banned(Lint *l, Str banned_h)
{
	static const char poison[] = "#pragma GCC poison ";
	const char **name = NEW_ARRAY(l->mem, const char *, LINT_LISTS_MAX);
	size_t count = 0;
	Str line, word;

	while (lint_next_line(&banned_h, &line)) {
		if (line.len < sizeof poison || memcmp(line.ptr, poison, sizeof poison - 1) != 0)
			continue;
		line = (Str){ line.ptr + sizeof poison - 1, line.len - (sizeof poison - 1) };
		while (count < LINT_LISTS_MAX && str_cut(&line, ' ', &word))
			if (word.len)
				name[count++] = arena_copy(l->mem, word.ptr, word.len);
	}
	l->banned = (Strs){ name, count };
}

static void note_migration(Lint *l, const char *path, Str text)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	LintMigration *migration = &l->migration[l->migration_count];

	if (l->migration_count == LINT_LISTS_MAX) {
		lint_error(l, path, 1, "migration", "more migrations than lint can hold");
		return;
	}
	l->migration_count++;
	migration->path = arena_dup(l->mem, path);
	crypto_hash_sha256(hash, (const unsigned char *)text.ptr, text.len);
	sodium_bin2hex(migration->sum, sizeof migration->sum, hash, sizeof hash);
}

void lint_file(Lint *l, const char *path, Str text)
{
	Source source = { .path = arena_dup(l->mem, path), .text = text };

	if (l->path_count < LINT_FILES_MAX)
		l->path[l->path_count++] = source.path;
	lint_text(l, &source);
	if (str_ends(path, ".c") || str_ends(path, ".h"))
		lint_c(l, &source);
	else
		lint_note_names(l, &source);
	if (strstr(path, "/migrations/") && str_ends(path, ".sql"))
		note_migration(l, path, text);
	if (!strcmp(path, "src/modules.def"))
		l->modules = arena_copy(l->mem, text.ptr, text.len);
	if (!strcmp(path, "migrations.sum"))
		l->sums = arena_copy(l->mem, text.ptr, text.len);
}

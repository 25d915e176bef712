/* lint [--warn] [--strict] [--stamp FILE] DIR: check the tree and print what breaks a rule of the
 * house; exit 1 when anything does. lint --sums DIR: print what migrations.sum should hold at a
 * release. */
#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>

#include "lint.h"

enum { FILE_MAX = 1 << 20 };

static const char *const extensions[] = { ".c", ".h", ".def", ".html", ".sql", ".md", ".build",
	".js", ".mjs", ".css", ".sh", ".yml", ".sum", ".txt", ".conf" };

static bool is_text(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;

	for (size_t i = 0; i < COUNT(extensions); i++)
		if (str_ends(name, extensions[i]))
			return true;
	return !strchr(name, '.'); /* scripts */
}

/* Read a whole file into mem; false when it cannot be read or is no text of ours. */
static bool read_file(Arena *mem, const char *path, Str *ret)
{
	FILE *file = fopen(path, "rb");
	struct stat info;
	char *bytes;
	size_t size;

	if (!file)
		return false;
	if (fstat(fileno(file), &info) != 0 || !S_ISREG(info.st_mode) || info.st_size > FILE_MAX) {
		fclose(file);
		return false;
	}
	bytes = arena_alloc(mem, (size_t)info.st_size + 1);
	size = fread(bytes, 1, (size_t)info.st_size, file);
	fclose(file);
	*ret = (Str){ bytes, size };
	return !memchr(bytes, '\0', size);
}

/* Folders that are not written by hand: what git and the build keep, packages, the running
 * program's data. */
static bool is_skipped(const char *path, const char *name)
{
	return name[0] == '.' || !strcmp(name, "node_modules") || !strcmp(path, "build") ||
	       !strcmp(path, "data");
}

static bool walk(Lint *l, const char *root, const char *folder)
{
	const char *full = arena_printf(l->mem, "%s/%s", root, folder);
	DIR *dir = opendir(full);
	struct dirent *entry;

	if (!dir) {
		fprintf(stderr, "lint: could not open %s: %s\n", full, strerror(errno));
		return false;
	}
	while ((entry = readdir(dir)) != NULL) {
		const char *path =
			arena_printf(l->mem, "%s%s%s", folder, folder[0] ? "/" : "", entry->d_name);
		Str text;

		if (is_skipped(path, entry->d_name))
			continue;
		if (entry->d_type == DT_DIR)
			walk(l, root, path);
		else if (entry->d_type == DT_REG && is_text(path) &&
			 read_file(l->mem, arena_printf(l->mem, "%s/%s", root, path), &text))
			lint_file(l, path, text);
	}
	closedir(dir);
	return true;
}

static bool write_stamp(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file || fclose(file) != 0) {
		fprintf(stderr, "lint: could not write %s: %s\n", path, strerror(errno));
		return false;
	}
	return true;
}

/* Print the findings; the exit status. */
static int report(Lint *l, const char *stamp, bool sums)
{
	fputs(buf_text(&l->out), stderr);
	if (l->errors) {
		fprintf(stderr, "lint: %d found\n", l->errors);
		return 1;
	}
	if (l->show_warnings)
		printf("lint: %zu files, %d warnings\n", l->path_count, l->warnings);
	if (sums)
		fputs(lint_sums(l), stdout);
	return stamp && !write_stamp(stamp);
}

int main(int argc, char **argv)
{
	Arena *mem = arena_new(1 << 30);
	Lint *l = NEW(mem, Lint);
	const char *root = NULL, *stamp = NULL;
	bool sums = false;
	int status = 2;
	Str banned;

	lint_init(l, mem);
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--warn"))
			l->show_warnings = true;
		else if (!strcmp(argv[i], "--strict"))
			l->strict = true;
		else if (!strcmp(argv[i], "--draft"))
			l->draft = true;
		else if (!strcmp(argv[i], "--sums"))
			sums = true;
		else if (!strcmp(argv[i], "--stamp") && i + 1 < argc)
			stamp = argv[++i];
		else
			root = argv[i];
	}
	if (!root) {
		fprintf(stderr,
			"usage: lint [--warn] [--strict] [--draft] [--stamp FILE] [--sums] DIR\n");
	} else if (!read_file(mem, arena_printf(mem, "%s/src/core/banned.h", root), &banned)) {
		fprintf(stderr, "lint: %s is not the root of the tree: no src/core/banned.h\n",
			root);
	} else {
		lint_learn_banned(l, banned);
		if (walk(l, root, "")) {
			lint_tree(l);
			status = report(l, stamp, sums);
		}
	}
	arena_free(mem);
	return status;
}

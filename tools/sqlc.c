/* sqlc: the command line.
 *   sqlc in.sql out.h out.c            typed functions for the queries of one file
 *   sqlc --list out.c in.sql…          the list of all queries
 *   sqlc --migrations out.c in.sql…    the list of all migrations
 *   sqlc --text name out.c in          a file's text as `const char name[]` */
#include "sqlc.h"

#include <errno.h>

enum { OUTPUT_BYTES = 32 << 20 };

static bool complain(const char *verb, const char *path)
{
	fprintf(stderr, "sqlc: could not %s %s: %s\n", verb, path, strerror(errno));
	return false;
}

static bool read_file(Arena *mem, const char *path, Str *ret)
{
	FILE *file = fopen(path, "rbe");
	char *bytes = arena_alloc(mem, SQLC_FILE_BYTES + 1);
	size_t size;

	if (!file)
		return complain("read", path);
	size = fread(bytes, 1, SQLC_FILE_BYTES + 1, file);
	fclose(file);
	if (size > SQLC_FILE_BYTES) {
		fprintf(stderr, "%s:1: larger than %d bytes\n", path, SQLC_FILE_BYTES);
		return false;
	}
	*ret = (Str){ arena_copy(mem, bytes, size), size };
	return true;
}

static bool write_file(const char *path, Buf *text)
{
	FILE *file = fopen(path, "wbe");
	bool written;

	if (!file)
		return complain("write", path);
	written = fwrite(text->bytes, 1, text->len, file) == text->len;
	written = !fclose(file) && written;
	if (!written || text->overflow) {
		remove(path);
		return complain("write", path);
	}
	return true;
}

static bool no_errors(SqlcErrors *errors)
{
	if (errors->count)
		fputs(buf_text(&errors->text), stderr);
	return !errors->count;
}

static bool compile(Arena *mem, const char *in, const char *header, const char *source)
{
	SqlcErrors errors = { 0 };
	SqlcQuery *first;
	Buf out;
	Str text;
	/* as others include it: from src/ on */
	const char *from_tree = sqlc_tree_path(header);

	buf_init(&errors.text, mem, 1 << 20);
	if (!read_file(mem, in, &text))
		return false;
	first = sqlc_read(mem, in, text, &errors);
	if (!no_errors(&errors))
		return false;
	for (SqlcQuery *query = first; query; query = query->next)
		query->file = sqlc_tree_path(query->file);
	from_tree += str_starts(from_tree, "src/") ? 4 : 0;
	buf_init(&out, mem, OUTPUT_BYTES);
	sqlc_write_header(&out, sqlc_tree_path(in), from_tree, first);
	if (!write_file(header, &out))
		return false;
	buf_init(&out, mem, OUTPUT_BYTES);
	sqlc_write_source(&out, sqlc_tree_path(in), from_tree, first);
	return write_file(source, &out);
}

static bool list_queries(Arena *mem, const char *out_path, char **in, int count)
{
	SqlcErrors errors = { 0 };
	SqlcQuery *first = NULL, **last = &first;
	Buf out;
	Str text;

	buf_init(&errors.text, mem, 1 << 20);
	for (int i = 0; i < count; i++) {
		if (!read_file(mem, in[i], &text))
			return false;
		*last = sqlc_read(mem, in[i], text, &errors);
		for (; *last; last = &(*last)->next)
			(*last)->file = sqlc_tree_path((*last)->file);
	}
	if (!sqlc_check_unique(first, &errors))
		return no_errors(&errors);
	buf_init(&out, mem, OUTPUT_BYTES);
	sqlc_write_list(&out, first);
	return write_file(out_path, &out);
}

static bool list_migrations(Arena *mem, const char *out_path, char **in, int count)
{
	SqlcMigration *list = NEW_ARRAY(mem, SqlcMigration, (size_t)count + 1);
	SqlcErrors errors = { 0 };
	Buf out;
	Str text;

	buf_init(&errors.text, mem, 1 << 20);
	for (int i = 0; i < count; i++) {
		if (!read_file(mem, in[i], &text))
			return false;
		if (!sqlc_read_migration(mem, in[i], text, &errors, &list[i]))
			return no_errors(&errors);
	}
	if (!sqlc_sort_migrations(list, (size_t)count, &errors))
		return no_errors(&errors);
	buf_init(&out, mem, OUTPUT_BYTES);
	sqlc_write_migrations(&out, mem, list, (size_t)count);
	return write_file(out_path, &out);
}

static bool embed(Arena *mem, const char *name, const char *out_path, const char *in)
{
	Buf out;
	Str text;

	if (!read_file(mem, in, &text))
		return false;
	buf_init(&out, mem, OUTPUT_BYTES);
	buf_printf(&out,
		"/* Made by sqlc from %s. */\nextern const char %s[];\nconst char %s[] =\n",
		sqlc_tree_path(in), name, name);
	sqlc_write_string(&out, text);
	buf_puts(&out, ";\n");
	return write_file(out_path, &out);
}

int main(int argc, char **argv)
{
	Arena *mem = arena_new((size_t)1 << 30);
	bool done = false;

	if (argc >= 3 && !strcmp(argv[1], "--list"))
		done = list_queries(mem, argv[2], argv + 3, argc - 3);
	else if (argc >= 3 && !strcmp(argv[1], "--migrations"))
		done = list_migrations(mem, argv[2], argv + 3, argc - 3);
	else if (argc == 5 && !strcmp(argv[1], "--text"))
		done = embed(mem, argv[2], argv[3], argv[4]);
	else if (argc == 4 && argv[1][0] != '-')
		done = compile(mem, argv[1], argv[2], argv[3]);
	else
		fputs("usage: sqlc in.sql out.h out.c | --list out.c in.sql... | "
		      "--migrations out.c in.sql... | --text name out.c in\n",
			stderr);
	arena_free(mem);
	return done ? 0 : 1;
}

/* tmplc in.html out.c: compile a page template to C. Errors are "file:line: why" and exit 1, and
 * then out.c is not written. */
#include <errno.h>

#include "tmplc.h"

enum { SOURCE_MAX = 1 << 20 };

static bool read_file(Arena *mem, const char *path, Str *ret)
{
	FILE *file = fopen(path, "rb");
	char *bytes = arena_alloc(mem, SOURCE_MAX + 1);
	size_t size;
	bool whole;

	if (!file) {
		fprintf(stderr, "%s: could not open: %s\n", path, strerror(errno));
		return false;
	}
	size = fread(bytes, 1, SOURCE_MAX + 1, file);
	whole = !ferror(file) && size <= SOURCE_MAX;
	fclose(file);
	if (!whole)
		fprintf(stderr, "%s: could not be read, or is larger than 1 MiB\n", path);
	*ret = (Str){ bytes, size };
	return whole;
}

static bool write_file(const char *path, Str text)
{
	FILE *file = fopen(path, "wb");
	bool written = file && fwrite(text.ptr, 1, text.len, file) == text.len;

	if (file && fclose(file) != 0)
		written = false;
	if (!written) {
		fprintf(stderr, "%s: could not write: %s\n", path, strerror(errno));
		remove(path);
	}
	return written;
}

int main(int argc, char **argv)
{
	Arena *mem = arena_new(256 << 20);
	const char *error = NULL;
	Str source, text;
	bool done = false;

	if (argc != 3)
		fprintf(stderr, "usage: tmplc in.html out.c\n");
	else if (read_file(mem, argv[1], &source)) {
		done = tmplc_compile(mem, argv[1], source, &text, &error);
		if (error)
			fprintf(stderr, "%s\n", error);
		done = done && write_file(argv[2], text);
	}
	arena_free(mem);
	return done ? 0 : 1;
}

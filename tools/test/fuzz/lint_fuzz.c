/* Whatever a file holds, each rule reads it to its end and not beyond. */
#include "lint.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static const char *const paths[] = { "src/modules/crm/a.c", "src/core/a.h",
		"src/platform/ui/html/a.html", "src/modules.def", "migrations.sum",
		"src/modules/crm/migrations/0060_a.sql" };
	Arena *mem = arena_new(1 << 30);
	Lint *l = NEW(mem, Lint);
	Str text;

	if (size && !memchr(bytes + 1, '\0', size - 1)) { /* files with NUL are not text */
		lint_init(l, mem);
		text = (Str){ (const char *)bytes + 1, size - 1 };
		lint_learn_banned(l, text);
		lint_file(l, "src/modules/crm/meson.build", text);
		lint_file(l, paths[bytes[0] % COUNT(paths)], text);
		lint_tree(l);
	}
	arena_free(mem);
	return 0;
}

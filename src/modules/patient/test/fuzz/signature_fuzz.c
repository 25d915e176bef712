/* Any bytes as a signature: what is taken must be a path of our own making, and JSON again. */
#include "modules/patient/anamnesis_sign.h"
#include "platform/json/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem };
	const char *path, *points;

	if (signature_read(&cx, arena_copy(mem, bytes, size), &path, &points) == OK) {
		json_t *tree;

		assert(*path == 'M' && strspn(path, "MQL .-0123456789") == strlen(path));
		assert(json_parse(&cx, str_of(points), &tree) == OK);
	} else {
		assert(bad_find(&cx, "signature"));
	}
	arena_free(mem);
	return 0;
}

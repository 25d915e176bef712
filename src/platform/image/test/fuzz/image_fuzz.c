/* Any bytes may be the beginning of an upload. What was cleaned once is clean. */
#include "platform/image/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void clean(const uint8_t *bytes, size_t size)
{
	Ctx cx = { .mem = arena_new(ARENA_LIMIT) };
	Str once, twice;

	if (image_clean(&cx, (Str){ (const char *)bytes, size }, &once) == OK) {
		assert(image_clean(&cx, once, &twice) == OK);
		assert(once.len == twice.len && !memcmp(once.ptr, twice.ptr, once.len));
	}
	arena_free(cx.mem);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	ImageSize got = { -1, -1 };

	if (image_size(bytes, size, &got))
		assert(got.width >= 0 && got.height >= 0 && !got.width == !got.height);
	clean(bytes, size);
	return 0;
}

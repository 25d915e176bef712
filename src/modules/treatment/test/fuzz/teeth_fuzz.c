/* Hostile bytes for lists of teeth, and for the places beside a procedure: what they answer must be
 * teeth, few enough, and each once. */
#include <string.h>

#include "core/random.h"
#include "modules/treatment/plan.h"
#include "modules/treatment/teeth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_list(Ctx *cx, const char *text)
{
	Int64s list = { 0 };

	if (teeth_read(cx, text, &list) != OK)
		return;
	assert(list.count <= TEETH_LIST_MAX);
	for (size_t i = 0; i < list.count; i++) {
		assert(tooth_is_valid((int)list.v[i]));
		for (size_t j = 0; j < i; j++)
			assert(list.v[j] != list.v[i]);
	}
	teeth_text(cx->mem, list);
}

static void check_places(Ctx *cx, const char *text)
{
	static const char *const areas[] = { "tooth", "surface", "range" };

	for (size_t i = 0; i < COUNT(areas); i++) {
		Procedure procedure = { .id = 1, .area = areas[i], .paint = "bridge" };
		size_t count = 0;
		Act *act;

		if (plan_read_places(cx, &procedure, text, NULL, &act, &count) != OK)
			continue;
		assert(count >= 1 && count <= PLACES_MAX);
		for (size_t j = 0; j < count; j++) {
			assert(act[j].tooth ? tooth_is_valid(act[j].tooth)
					    : act[j].teeth_count > 0);
			assert(act[j].teeth_count <= PLACES_MAX);
			assert(!act[j].surfaces || faces_fit(act[j].tooth, act[j].surfaces));
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *mem = arena_new(1 << 20);
	Ctx cx = { .mem = mem };
	const char *text = arena_copy(mem, data, size);

	check_list(&cx, text);
	check_places(&cx, text);
	arena_free(mem);
	return 0;
}

#include "test.h"

TEST(an_arena_gives_zeroed_aligned_memory)
{
	for (size_t size = 1; size < 100000; size = size * 3 + 1) {
		unsigned char *at = arena_alloc(cx->mem, size);

		CHECK((uintptr_t)at % 16 == 0);
		CHECK(at[0] == 0 && at[size - 1] == 0);
		memset(at, 0xff, size);
	}
}

static void count_up(void *counter)
{
	++*(int *)counter;
}

TEST(a_reset_runs_what_was_deferred_once)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	int count = 0;

	arena_defer(mem, count_up, &count);
	arena_defer(mem, count_up, &count);
	arena_reset(mem);
	CHECK_INT(count, 2);
	arena_reset(mem);
	CHECK_INT(count, 2);
	CHECK_INT(arena_used(mem), 0);
	arena_free(mem);
}

TEST(printing_into_an_arena_gives_the_whole_text)
{
	CHECK_TEXT(arena_printf(cx->mem, "%d-%s", 42, "abc"), "42-abc");
	CHECK(arena_dup(cx->mem, NULL) == NULL);
	CHECK_TEXT(arena_copy(cx->mem, "abcdef", 3), "abc");
}

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

TEST(room_that_grows_keeps_its_bytes_and_stays_where_it_can)
{
	char *at = arena_room(cx->mem, 100), *first = at, *other;

	memset(at, 'a', 100);
	at = arena_grow(cx->mem, at, 100, 5000);
	CHECK(at == first);
	memset(at + 100, 'b', 4900);
	other = arena_alloc(cx->mem, 10);
	at = arena_grow(cx->mem, at, 5000, 9000);
	CHECK(at != first);
	CHECK(at[0] == 'a' && at[99] == 'a' && at[100] == 'b' && at[4999] == 'b');
	memset(at + 5000, 'c', 4000);
	at = arena_grow(cx->mem, at, 9000, 2 << 20);
	CHECK(at[0] == 'a' && at[4999] == 'b' && at[8999] == 'c');
	CHECK(!other[0] && !other[9]);
	at[(2 << 20) - 1] = 'd';
}

TEST(long_and_short_texts_are_printed_whole)
{
	char *text;

	for (int length = 250; length < 260; length++) {
		text = arena_printf(cx->mem, "%0*d", length, 7);
		CHECK_INT(strlen(text), length);
		CHECK(text[length - 1] == '7');
	}
}

/* How long a list page of 200 rows takes to render. */
#include "core/clock.h"
#include "platform/html/test/golden.h"

enum { ROWS = 200, ROUNDS = 2000 };

int main(void)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Row *row = calloc(ROWS, sizeof(Row));
	int64_t best = INT64_MAX;
	size_t bytes = 0;

	for (int i = 0; row && i < ROWS; i++)
		row[i] = (Row){ .id = 1000 + i,
			.name = "Marta Vasconcelos d'Ávila",
			.value = 124000 + i,
			.phone = "(11) 98765-4321",
			.tag = { "implante", "retorno" },
			.tag_count = 2,
			.stalled = i % 7 == 0 };
	for (int i = 0; row && i < ROUNDS; i++) {
		Ctx cx = { .mem = mem, .zone = "America/Sao_Paulo" };
		int64_t begin = time_now_us(), took;
		Html h;

		html_init(&h, &cx, NULL);
		golden_list(&h, row, ROWS);
		took = time_now_us() - begin;
		best = took < best ? took : best;
		bytes = h.buf.len;
		arena_reset(mem);
	}
	printf("list page of %d rows, %zu bytes: %" PRId64 " us at best of %d\n", ROWS, bytes, best,
		ROUNDS);
	free(row);
	arena_free(mem);
	return 0;
}

/* Any bytes through the parsers of times, dates and arrays. */
#include "platform/db/db_conn.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	char *text = arena_copy(mem, bytes, size);
	Strs strs = db_parse_strs(mem, text);
	size_t length = 0;

	for (size_t i = 0; i < strs.count; i++)
		length += strs.v[i] ? strlen(strs.v[i]) : 0;
	assert(length <= size);
	assert(db_parse_int64s(mem, text).count <= size);
	db_parse_time(text);
	db_parse_date(text);
	/* what we write we can read */
	if (strs.count) {
		Strs again = db_parse_strs(mem, db_text_strs(mem, strs));

		assert(again.count == strs.count);
		for (size_t i = 0; i < strs.count; i++)
			assert(str_same(again.v[i], strs.v[i]));
	}
	arena_free(mem);
	return 0;
}

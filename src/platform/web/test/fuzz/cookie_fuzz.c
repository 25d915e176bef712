/* Any Cookie header: the value found lies inside it. */
#include "platform/web/cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "a", "session", "csrf", "" };
	Str header = { (const char *)data, size }, value;

	for (size_t i = 0; i < COUNT(names); i++)
		if (cookie_find(header, names[i], &value) && value.len &&
			(value.ptr < header.ptr || value.ptr + value.len > header.ptr + header.len))
			abort();
	return 0;
}

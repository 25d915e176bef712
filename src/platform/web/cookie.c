/* "a=1; b=2". Browsers send the most specific path first, so the first of a name counts. */
#include "platform/web/cookie.h"

bool cookie_find(Str header, const char *name, Str *ret)
{
	Str piece;

	while (str_cut(&header, ';', &piece)) {
		Str key, value = str_trim(piece);
		const char *equals = value.len ? memchr(value.ptr, '=', value.len) : NULL;

		if (!equals)
			continue;
		key = (Str){ value.ptr, (size_t)(equals - value.ptr) };
		value = (Str){ equals + 1, value.len - key.len - 1 };
		if (!str_is(str_trim(key), name))
			continue;
		value = str_trim(value);
		if (value.len >= 2 && value.ptr[0] == '"' && value.ptr[value.len - 1] == '"')
			value = (Str){ value.ptr + 1, value.len - 2 };
		*ret = value;
		return true;
	}
	return false;
}

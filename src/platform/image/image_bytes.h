/* Reading numbers and words in foreign bytes, each step held against what is there. Not for other
 * folders. */
#ifndef IMAGE_IMAGE_BYTES_H
#define IMAGE_IMAGE_BYTES_H

#include "core/str.h"

typedef struct Bytes {
	const unsigned char *at;
	size_t size;
	bool little;
} Bytes;

/* n bytes as a number; false: they are not there. */
static inline bool bytes_number(const Bytes *b, size_t offset, int n, uint32_t *ret)
{
	uint32_t value = 0;

	if (offset > b->size || b->size - offset < (size_t)n)
		return false;
	for (int i = 0; i < n; i++)
		value = value << 8 | b->at[offset + (size_t)(b->little ? n - 1 - i : i)];
	*ret = value;
	return true;
}

static inline bool bytes_start(const Bytes *b, size_t offset, const char *text, size_t size)
{
	return offset <= b->size && b->size - offset >= size && !memcmp(b->at + offset, text, size);
}

#endif

/* encoding: what a CSV file's bytes are written in, and turning them into UTF-8. */
#ifndef SHEET_ENCODING_H
#define SHEET_ENCODING_H

#include "core/str.h"

typedef enum Encoding {
	ENCODING_UTF8,
	ENCODING_WINDOWS_1252,
	ENCODING_UTF16_LE,
	ENCODING_UTF16_BE
} Encoding;

/* Bytes of UTF-8 that one byte of input can become, and a carried one before it. */
enum { ENCODING_GROWTH = 3, ENCODING_CARRY = 4 };

typedef struct Decoder {
	Encoding encoding;
	unsigned char carry[ENCODING_CARRY]; /* a cut character of the chunk before */
	size_t carried;
} Decoder;

/* Encoding of the byte order mark that bytes begin with; its size in *ret_size, 0: none (UTF-8). */
Encoding encoding_of_mark(const unsigned char *bytes, size_t size, size_t *ret_size);
/* Is chunk, after the chunks before it, still UTF-8? Start with *state 0; 0 at the end too, or the
 * last character is cut. Overlong forms are not told apart: this only chooses an encoding. */
bool encoding_may_be_utf8(const unsigned char *chunk, size_t size, int *state);
/* Decode chunk into out, which has room for (size + ENCODING_CARRY) * ENCODING_GROWTH bytes. */
size_t encoding_decode(Decoder *decoder, const unsigned char *chunk, size_t size, char *out);

#endif

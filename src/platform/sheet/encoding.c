/* Windows-1252 holds ISO-8859-1 but for the control characters nobody wants, so it serves for both.
 */
#include "platform/sheet/encoding.h"

/* 0x80 to 0x9F; 0 where the code page has no character. */
static const uint16_t windows_1252[32] = { 0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020,
	0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0, 0x2018, 0x2019, 0x201C,
	0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178 };

Encoding encoding_of_mark(const unsigned char *bytes, size_t size, size_t *ret_size)
{
	*ret_size = 0;
	if (size >= 3 && !memcmp(bytes, "\xEF\xBB\xBF", 3)) {
		*ret_size = 3;
		return ENCODING_UTF8;
	}
	if (size >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE) {
		*ret_size = 2;
		return ENCODING_UTF16_LE;
	}
	if (size >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF) {
		*ret_size = 2;
		return ENCODING_UTF16_BE;
	}
	return ENCODING_UTF8;
}

bool encoding_may_be_utf8(const unsigned char *chunk, size_t size, int *state)
{
	for (size_t i = 0; i < size; i++) {
		unsigned char c = chunk[i];

		if (*state) {
			if ((c & 0xC0) != 0x80)
				return false;
			--*state;
		} else if (c >= 0x80) {
			if (c < 0xC2 || c > 0xF4)
				return false;
			*state = c >= 0xF0 ? 3 : c >= 0xE0 ? 2 : 1;
		}
	}
	return true;
}

static size_t put_utf8(char *out, uint32_t code)
{
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xC0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xE0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3F));
		out[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3F));
	out[2] = (char)(0x80 | (code >> 6 & 0x3F));
	out[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

static size_t decode_1252(const unsigned char *chunk, size_t size, char *out)
{
	size_t n = 0;

	for (size_t i = 0; i < size; i++) {
		uint32_t code = chunk[i];

		if (code >= 0x80 && code < 0xA0)
			code = windows_1252[code - 0x80];
		if (code || !chunk[i])
			n += put_utf8(out + n, code);
	}
	return n;
}

static uint32_t unit_at(Encoding encoding, const unsigned char *p)
{
	return encoding == ENCODING_UTF16_LE ? (uint32_t)(p[1] << 8 | p[0])
					     : (uint32_t)(p[0] << 8 | p[1]);
}

/* Decode one character of 2 or 4 bytes; 0: it is cut. A lone surrogate is dropped: *ret_code is
 * UINT32_MAX. */
static size_t utf16_next(Encoding encoding, const unsigned char *p, size_t left, uint32_t *ret_code)
{
	uint32_t first, second;

	if (left < 2)
		return 0;
	first = unit_at(encoding, p);
	*ret_code = first;
	if (first < 0xD800 || first > 0xDFFF)
		return 2;
	*ret_code = UINT32_MAX;
	if (first >= 0xDC00)
		return 2;
	if (left < 4)
		return 0;
	second = unit_at(encoding, p + 2);
	if (second < 0xDC00 || second > 0xDFFF)
		return 2;
	*ret_code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
	return 4;
}

static size_t decode_utf16(Decoder *decoder, const unsigned char *chunk, size_t size, char *out)
{
	size_t n = 0, i = 0, step;
	uint32_t code;

	while (decoder->carried && i < size) {
		decoder->carry[decoder->carried++] = chunk[i++];
		step = utf16_next(decoder->encoding, decoder->carry, decoder->carried, &code);
		if (!step)
			continue;
		if (code != UINT32_MAX)
			n += put_utf8(out + n, code);
		decoder->carried -= step;
		memmove(decoder->carry, decoder->carry + step, decoder->carried);
	}
	while ((step = utf16_next(decoder->encoding, chunk + i, size - i, &code))) {
		if (code != UINT32_MAX)
			n += put_utf8(out + n, code);
		i += step;
	}
	if (i < size) {
		memcpy(decoder->carry, chunk + i, size - i);
		decoder->carried = size - i;
	}
	return n;
}

size_t encoding_decode(Decoder *decoder, const unsigned char *chunk, size_t size, char *out)
{
	switch (decoder->encoding) {
	case ENCODING_WINDOWS_1252:
		return decode_1252(chunk, size, out);
	case ENCODING_UTF16_LE:
	case ENCODING_UTF16_BE:
		return decode_utf16(decoder, chunk, size, out);
	default:
		memcpy(out, chunk, size);
		return size;
	}
}

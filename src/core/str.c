/* Strings at the border: UTF-8 checks, folding for search, and the growing buffer. */
#include "core/str.h"

Str str_of(const char *text)
{
	return text ? (Str){ text, strlen(text) } : (Str){ "", 0 };
}

bool str_is(Str s, const char *text)
{
	return strlen(text) == s.len && !memcmp(s.ptr, text, s.len);
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

Str str_trim(Str s)
{
	while (s.len && is_space(s.ptr[0])) {
		s.ptr++;
		s.len--;
	}
	while (s.len && is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool str_cut(Str *rest, char separator, Str *ret_piece)
{
	const char *at;

	if (!rest->ptr)
		return false;
	at = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
	if (!at) {
		*ret_piece = *rest;
		*rest = (Str){ NULL, 0 };
		return true;
	}
	*ret_piece = (Str){ rest->ptr, (size_t)(at - rest->ptr) };
	rest->len -= ret_piece->len + 1;
	rest->ptr = at + 1;
	return true;
}

bool str_int64(Str s, int64_t *ret)
{
	bool negative = s.len && s.ptr[0] == '-';
	int64_t value = 0;
	size_t i = negative ? 1 : 0;

	if (i == s.len)
		return false;
	if (s.len < 18) { /* too short to be too large */
		for (; i < s.len && s.ptr[i] >= '0' && s.ptr[i] <= '9'; i++)
			value = value * 10 + s.ptr[i] - '0';
		if (i == s.len)
			*ret = negative ? -value : value;
		return i == s.len;
	}
	for (; i < s.len; i++) {
		int digit = s.ptr[i] - '0';

		if (digit < 0 || digit > 9)
			return false;
		if (__builtin_mul_overflow(value, (int64_t)10, &value))
			return false;
		if (__builtin_add_overflow(value, (int64_t)(negative ? -digit : digit), &value))
			return false;
	}
	*ret = value;
	return true;
}

bool str_starts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

bool str_ends(const char *text, const char *suffix)
{
	size_t length = strlen(text), tail = strlen(suffix);

	return length >= tail && !memcmp(text + length - tail, suffix, tail);
}

bool str_is_empty(const char *text)
{
	return !text || !text[0];
}

bool strs_have(Strs list, const char *text)
{
	for (size_t i = 0; i < list.count; i++)
		if (!strcmp(list.v[i], text))
			return true;
	return false;
}

bool str_has_word(const char *words, Str word)
{
	Str rest = str_of(words), each;

	while (str_cut(&rest, ' ', &each))
		if (each.len == word.len && !memcmp(each.ptr, word.ptr, word.len))
			return true;
	return false;
}

bool str_same(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return !strcmp(a, b);
}

/* Decode one code point; returns its length, 0 when the bytes are not UTF-8. */
static size_t utf8_next(const unsigned char *p, size_t left, uint32_t *ret)
{
	static const uint32_t least[5] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t need;
	uint32_t code;

	if (p[0] < 0x80) {
		*ret = p[0];
		return 1;
	}
	need = p[0] >= 0xF0 ? 4 : p[0] >= 0xE0 ? 3 : p[0] >= 0xC0 ? 2 : 0;
	if (!need || p[0] > 0xF4 || need > left)
		return 0;
	code = p[0] & (0xFFu >> (need + 1));
	for (size_t i = 1; i < need; i++) {
		if ((p[i] & 0xC0) != 0x80)
			return 0;
		code = code << 6 | (p[i] & 0x3Fu);
	}
	if (code < least[need] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
		return 0;
	*ret = code;
	return need;
}

static bool is_hostile(uint32_t code)
{
	if (code < 0x20)
		return code != '\t' && code != '\n' && code != '\r';
	return code == 0x7F || (code >= 0x202A && code <= 0x202E) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xFEFF;
}

bool str_is_clean_utf8(Str s)
{
	const unsigned char *p = (const unsigned char *)s.ptr;
	uint32_t code;

	for (size_t i = 0, step; i < s.len; i += step) {
		step = utf8_next(p + i, s.len - i, &code);
		if (!step || is_hostile(code))
			return false;
	}
	return true;
}

size_t str_utf8_length(Str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.len; i++)
		if (((unsigned char)s.ptr[i] & 0xC0) != 0x80)
			count++;
	return count;
}

char *str_head(Arena *mem, const char *text, size_t max_bytes)
{
	size_t length = strlen(text);

	if (length > max_bytes) {
		length = max_bytes;
		while (length && ((unsigned char)text[length] & 0xC0) == 0x80)
			length--;
	}
	return arena_copy(mem, text, length);
}

/* U+00C0 to U+00FF without accent, lower case; '?' keeps the character as it is. */
static const char latin1_fold[] =
	"aaaaaaaceeeeiiiidnooooo?ouuuuytsaaaaaaaceeeeiiiidnooooo?ouuuuyty";

char *str_fold(Arena *mem, const char *text)
{
	Str s = str_trim(str_of(text));
	char *out = arena_alloc(mem, s.len + 1);
	size_t n = 0;
	bool gap = false;

	for (size_t i = 0; i < s.len; i++) {
		unsigned char c = (unsigned char)s.ptr[i];

		if (is_space((char)c)) {
			gap = true;
			continue;
		}
		if (gap)
			out[n++] = ' ';
		gap = false;
		if (c >= 'A' && c <= 'Z') {
			out[n++] = (char)(c + 32);
		} else if (c == 0xC3 && i + 1 < s.len) {
			unsigned char low = (unsigned char)s.ptr[i + 1];
			char folded = low >= 0x80 && low <= 0xBF ? latin1_fold[low - 0x80] : '?';

			if (folded == '?')
				out[n++] = (char)c;
			else
				out[n++] = folded, i++;
		} else if (c == 0xCC && i + 1 < s.len) {
			i++; /* combining marks U+0300 to U+033F: NFD input folds like NFC */
		} else {
			out[n++] = (char)c;
		}
	}
	out[n] = '\0';
	return out;
}

void buf_init(Buf *buf, Arena *mem, size_t max_bytes)
{
	*buf = (Buf){ .mem = mem, .max_bytes = max_bytes };
}

static void buf_grow(Buf *buf, size_t need)
{
	size_t room = buf->room ? buf->room : 256;

	while (room < need)
		room *= 2;
	buf->bytes = arena_grow(buf->mem, buf->bytes, buf->room, room);
	buf->room = room;
}

void buf_add(Buf *buf, const void *bytes, size_t size)
{
	if (buf->overflow || size > buf->max_bytes || buf->len > buf->max_bytes - size) {
		buf->overflow = true;
		return;
	}
	if (buf->len + size + 1 > buf->room)
		buf_grow(buf, buf->len + size + 1);
	if (size)
		memcpy(buf->bytes + buf->len, bytes, size);
	buf->len += size;
}

void buf_puts(Buf *buf, const char *text)
{
	if (text)
		buf_add(buf, text, strlen(text));
}

void buf_putc(Buf *buf, char c)
{
	/* most often there is room */
	if (buf->overflow || buf->len >= buf->max_bytes || buf->len + 2 > buf->room) {
		buf_add(buf, &c, 1);
		return;
	}
	buf->bytes[buf->len++] = c;
}

void buf_printf(Buf *buf, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buf_puts(buf, arena_vprintf(buf->mem, format, args));
	va_end(args);
}

void buf_int64(Buf *buf, int64_t value)
{
	char digits[24];
	size_t at = sizeof digits;
	uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	do
		digits[--at] = (char)('0' + left % 10);
	while (left /= 10);
	if (value < 0)
		digits[--at] = '-';
	buf_add(buf, digits + at, sizeof digits - at);
}

const char *buf_text(Buf *buf)
{
	if (!buf->bytes)
		return "";
	buf->bytes[buf->len] = '\0';
	return buf->bytes;
}

/* str: bytes with a length, and a buffer that grows in an arena. */
#ifndef CORE_STR_H
#define CORE_STR_H

#include "core/arena.h"

/* Read-only bytes, not NUL-terminated: what a parser sees. */
typedef struct Str {
	const char *ptr;
	size_t len;
} Str;

/* Lists that cross module borders and go to and from SQL arrays. */
typedef struct Strs {
	const char *const *v;
	size_t count;
} Strs;

typedef struct Int64s {
	const int64_t *v;
	size_t count;
} Int64s;

#define STR_LIT(literal) ((Str){ "" literal, sizeof(literal) - 1 })
Str str_of(const char *text); /* NULL is empty */
bool str_is(Str s, const char *text);
Str str_trim(Str s); /* ASCII white space at both ends */
/* Cut *rest at the first separator: returns what stands before it. False when *rest is at its end.
 */
bool str_cut(Str *rest, char separator, Str *ret_piece);
/* Whole decimal number, with sign, nothing around it; false on overflow or anything else. */
bool str_int64(Str s, int64_t *ret);
bool str_starts(const char *text, const char *prefix);
bool str_ends(const char *text, const char *suffix);
bool str_is_empty(const char *text);         /* NULL or "" */
bool str_same(const char *a, const char *b); /* NULL equals only NULL */
bool strs_have(Strs list, const char *text);
bool str_has_word(const char *words, Str word); /* words separated by single spaces */

/* True when bytes are valid UTF-8 (no surrogates, no overlong forms) without NUL and without the
 * control characters that no form needs (C0 but \t \n \r, DEL, bidi overrides U+202A-E, 2066-9). */
bool str_is_clean_utf8(Str s);
/* Characters (code points) in valid UTF-8. */
size_t str_utf8_length(Str s);
/* Copy of the first max_bytes bytes at most, whole characters only, of valid UTF-8. */
char *str_head(Arena *mem, const char *text, size_t max_bytes);
/* Lower case without accents, as stored in `search` columns: pt-BR and Latin-1 letters folded,
 * runs of white space to one space, ends trimmed. The one function for storing and asking. */
char *str_fold(Arena *mem, const char *text);

/* Growing text in an arena. max_bytes bounds it; past that it is cut and `overflow` stays set. */
typedef struct Buf {
	Arena *mem;
	char *bytes;
	size_t len;
	size_t room;
	size_t max_bytes;
	bool overflow;
} Buf;

void buf_init(Buf *buf, Arena *mem, size_t max_bytes);
void buf_add(Buf *buf, const void *bytes, size_t size);
void buf_puts(Buf *buf, const char *text);
void buf_putc(Buf *buf, char c);
void buf_printf(Buf *buf, const char *format, ...) PRINTF(2, 3);
void buf_int64(Buf *buf, int64_t value);
/* NUL-terminated view of the content; valid until the next addition. */
const char *buf_text(Buf *buf);

#endif

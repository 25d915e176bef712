/* Characters, words and lines of a .sql file. */
#include "sqlc_reader.h"

void sqlc_error(SqlcErrors *errors, const char *file, int line, const char *format, ...)
{
	char message[512];
	va_list args;

	if (errors->count++ >= SQLC_ERRORS_MAX)
		return;
	va_start(args, format);
	vsnprintf(message, sizeof message, format, args);
	va_end(args);
	buf_printf(&errors->text, "%s:%d: %s\n", file, line, message);
}

bool lex_is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

bool lex_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* The character `ahead` of the place, or -1 behind the end. */
int lex_peek(const Reader *r, size_t ahead)
{
	return r->at + ahead < r->text.len ? (unsigned char)r->text.ptr[r->at + ahead] : -1;
}

int lex_take(Reader *r)
{
	int c = lex_peek(r, 0);

	if (c < 0)
		return c;
	r->at++;
	r->line += c == '\n';
	return c;
}

bool lex_starts(const Reader *r, const char *word)
{
	size_t length = strlen(word);

	return r->text.len - r->at >= length && !memcmp(r->text.ptr + r->at, word, length);
}

void lex_skip_blanks(Reader *r)
{
	while (lex_peek(r, 0) == ' ' || lex_peek(r, 0) == '\t' || lex_peek(r, 0) == '\r')
		lex_take(r);
}

Str lex_take_line(Reader *r)
{
	size_t from = r->at;
	Str line;

	while (lex_peek(r, 0) >= 0 && lex_peek(r, 0) != '\n')
		r->at++;
	line = str_trim((Str){ r->text.ptr + from, r->at - from });
	lex_take(r);
	return line;
}

Str lex_take_word(Reader *r)
{
	size_t from = r->at;

	while (lex_is_letter(lex_peek(r, 0)) || lex_is_digit(lex_peek(r, 0)))
		r->at++;
	return (Str){ r->text.ptr + from, r->at - from };
}

/* "-- row name (" and "-- part name" at the line's end: not every comment that begins so. */
static bool at_named(const Reader *r, const char *lead, int then)
{
	Reader ahead = *r;

	if (!lex_starts(r, lead))
		return false;
	ahead.at += strlen(lead);
	if (!lex_take_word(&ahead).len)
		return false;
	lex_skip_blanks(&ahead);
	return lex_peek(&ahead, 0) == then;
}

bool lex_at_header(const Reader *r)
{
	return lex_starts(r, "-- query ") || at_named(r, "-- row ", '(') ||
	       at_named(r, "-- part ", '\n');
}

/* In a header: skip blanks, and a line's end when the next line goes on with dashes. */
void lex_skip_header_space(Reader *r)
{
	for (;;) {
		Reader before;

		lex_skip_blanks(r);
		if (lex_peek(r, 0) != '\n')
			return;
		before = *r;
		lex_take(r);
		lex_skip_blanks(r);
		if (!lex_starts(r, "--") || lex_at_header(r)) {
			*r = before;
			return;
		}
		r->at += 2;
	}
}

bool lex_take_char(Reader *r, char c)
{
	lex_skip_header_space(r);
	if (lex_peek(r, 0) != c)
		return false;
	lex_take(r);
	return true;
}

/* A name that can stand in C: lower case, digits and underscores. NULL after an error. */
const char *lex_take_name(Reader *r, const char *of_what)
{
	const char *name;
	Str word;

	lex_skip_header_space(r);
	word = lex_take_word(r);
	if (!word.len) {
		sqlc_error(r->errors, r->file, r->line, "expected the name of a %s", of_what);
		return NULL;
	}
	name = arena_copy(r->mem, word.ptr, word.len);
	if (lex_is_digit(name[0]) ||
		strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != word.len) {
		sqlc_error(r->errors, r->file, r->line, "name of a %s is not lower_case: %s",
			of_what, name);
		return NULL;
	}
	if (word.len > SQLC_NAME_MAX) {
		sqlc_error(r->errors, r->file, r->line, "name of a %s is longer than %d: %s",
			of_what, SQLC_NAME_MAX, name);
		return NULL;
	}
	return name;
}

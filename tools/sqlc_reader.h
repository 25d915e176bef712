/* sqlc_reader: the inside of reading: the place in the text, and who reads what. */
#ifndef TOOLS_SQLC_READER_H
#define TOOLS_SQLC_READER_H

#include "sqlc.h"

/* Columns that several queries return: "-- row name (…)". */
typedef struct Row {
	const char *name;
	SqlcItem *column;
	size_t column_count;
	bool used;
	struct Row *next;
} Row;

/* Text that several queries contain as {name}: "-- part name", then lines up to a semicolon. */
typedef struct Part {
	const char *name;
	Str text;
	int line;
	struct Part *next;
} Part;

typedef struct Reader {
	Arena *mem;
	const char *file;
	Str text;
	size_t at;
	int line;
	SqlcErrors *errors;
	SqlcQuery *query; /* the one being read */
	Buf body;         /* its text so far */
	Str first_word;   /* of the statement */
	bool writes;
	Row *row;
	Part *part;
	int depth; /* of parts being copied */
} Reader;

/* ---- sqlc_lex.c: characters, words and lines ---- */

bool lex_is_letter(int c);
bool lex_is_digit(int c);
/* The character `ahead` of the place, or -1 behind the end. */
int lex_peek(const Reader *r, size_t ahead);
int lex_take(Reader *r);
bool lex_starts(const Reader *r, const char *word);
void lex_skip_blanks(Reader *r);
Str lex_take_line(Reader *r);
Str lex_take_word(Reader *r);
/* Does a query, a row or a part begin here? */
bool lex_at_header(const Reader *r);
/* In a header: skip blanks, and a line's end when the next line goes on with dashes. */
void lex_skip_header_space(Reader *r);
/* In a header: take c when it is next. */
bool lex_take_char(Reader *r, char c);
/* A name that can stand in C: lower case, digits and underscores. NULL after an error. */
const char *lex_take_name(Reader *r, const char *of_what);

/* ---- sqlc_header.c: "-- query name(…) kind (…)" ---- */

/* "(name type, …)" into *ret. */
bool header_take_items(Reader *r, const char *what, SqlcItem **ret, size_t *ret_count);
bool header_check_columns(Reader *r);
/* Up to the end of the header's last line, into r->query. */
bool header_read(Reader *r);

/* ---- sqlc_body.c: the statement ---- */

/* Up to the semicolon, into r->query. */
bool body_read(Reader *r);

#endif

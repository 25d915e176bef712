/* The statement of a query, through a small lexer of PostgreSQL's quoting, so that a colon in a
 * string, a comment or a cast is no parameter. */
#include "sqlc_reader.h"

/* A statement with one of these may change something, or lock it. */
static const char *const writing_words[] = { "insert", "update", "delete", "merge", "truncate",
	"into", "share", "call", "nextval", "setval", "set_config", "pg_notify", "do", "copy" };

static bool copy_token(Reader *r);

static void add_space(Reader *r, char c)
{
	if (r->body.len && r->body.bytes[r->body.len - 1] == ' ' && c == '\n')
		r->body.len--;
	if (r->body.len && r->body.bytes[r->body.len - 1] != ' ' &&
		r->body.bytes[r->body.len - 1] != '\n')
		buf_putc(&r->body, c);
	else if (r->body.len && r->body.bytes[r->body.len - 1] == '\n' && c == ' ')
		buf_putc(&r->body, c);
}

static bool unfinished(Reader *r, const char *what)
{
	sqlc_error(r->errors, r->file, r->line, "query %s: %s does not end", r->query->name, what);
	return false;
}

/* From the opening quote to the closing one; a doubled quote stays inside. */
static bool copy_quoted(Reader *r, bool backslashes)
{
	int quote = lex_take(r);

	buf_putc(&r->body, (char)quote);
	for (;;) {
		int c = lex_take(r);

		if (c < 0)
			return unfinished(r, "a string or quoted name");
		buf_putc(&r->body, (char)c);
		if (c == '\\' && backslashes && lex_peek(r, 0) >= 0)
			buf_putc(&r->body, (char)lex_take(r));
		else if (c == quote && lex_peek(r, 0) != quote)
			return true;
		else if (c == quote)
			buf_putc(&r->body, (char)lex_take(r));
	}
}

static bool skip_block_comment(Reader *r)
{
	int depth = 0;

	do {
		if (lex_starts(r, "/*") || lex_starts(r, "*/")) {
			depth += lex_starts(r, "/*") ? 1 : -1;
			r->at += 2;
		} else if (lex_take(r) < 0) {
			return unfinished(r, "a comment");
		}
	} while (depth);
	add_space(r, ' ');
	return true;
}

/* $tag$ … $tag$; a $1 is refused. */
static bool copy_dollar(Reader *r)
{
	size_t from = r->at, length = 1;
	const char *tag;

	if (lex_is_digit(lex_peek(r, 1))) {
		sqlc_error(r->errors, r->file, r->line, "query %s: write :name, not $%c",
			r->query->name, lex_peek(r, 1));
		return false;
	}
	while (lex_is_letter(lex_peek(r, length)) ||
		(length > 1 && lex_is_digit(lex_peek(r, length))))
		length++;
	if (lex_peek(r, length) != '$') {
		buf_putc(&r->body, (char)lex_take(r));
		return true;
	}
	tag = arena_copy(r->mem, r->text.ptr + from, length + 1);
	r->at += length + 1;
	while (!lex_starts(r, tag))
		if (lex_take(r) < 0)
			return unfinished(r, "a dollar-quoted string");
	r->at += length + 1;
	buf_add(&r->body, r->text.ptr + from, r->at - from);
	return true;
}

static bool copy_param(Reader *r)
{
	SqlcQuery *query = r->query;
	Str word;

	lex_take(r);
	word = lex_take_word(r);
	if (str_is(word, "company")) {
		/* numbered when all is read: it may turn up only in the last line */
		query->takes_company = true;
		buf_puts(&r->body, "\x01:");
		return true;
	}
	for (size_t i = 0; i < query->param_count; i++) {
		if (str_is(word, query->param[i].name)) {
			query->param[i].used = true;
			buf_printf(&r->body, "\x01%zu:", i + 1);
			return true;
		}
	}
	sqlc_error(r->errors, r->file, r->line, "query %s has no parameter %.*s", query->name,
		(int)word.len, word.ptr);
	return false;
}

static bool word_is(Str word, const char *lower)
{
	if (strlen(lower) != word.len)
		return false;
	for (size_t i = 0; i < word.len; i++) {
		char c = word.ptr[i];

		if ((c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c) != lower[i])
			return false;
	}
	return true;
}

static bool copy_word(Reader *r)
{
	Str word = lex_take_word(r);

	buf_add(&r->body, word.ptr, word.len);
	if (!r->first_word.len)
		r->first_word = word;
	for (size_t i = 0; i < COUNT(writing_words); i++)
		r->writes |= word_is(word, writing_words[i]);
	r->writes |= word.len > 11 && word_is((Str){ word.ptr, 11 }, "pg_advisory");
	if (lex_peek(r, 0) == '\'' && word_is(word, "e"))
		return copy_quoted(r, /* backslashes= */ true);
	/* a dollar may stand inside a name */
	while (lex_peek(r, 0) == '$' || lex_is_digit(lex_peek(r, 0)) ||
		lex_is_letter(lex_peek(r, 0)))
		buf_putc(&r->body, (char)lex_take(r));
	return true;
}

static bool copy_line_comment(Reader *r)
{
	if (lex_at_header(r))
		return unfinished(r, "the statement (with ;)");
	lex_take_line(r);
	add_space(r, '\n');
	return true;
}

/* "{name}": the tokens of a part, in place. */
static bool copy_part(Reader *r)
{
	Str text = r->text, name;
	size_t at;
	int line = r->line;
	bool good = true;

	lex_take(r);
	name = lex_take_word(r);
	if (lex_take(r) != '}') {
		sqlc_error(r->errors, r->file, r->line, "query %s: expected {name of a part}",
			r->query->name);
		return false;
	}
	at = r->at;
	for (const Part *part = r->part; part; part = part->next) {
		if (!str_is(name, part->name))
			continue;
		if (++r->depth > SQLC_PARTS_DEPTH) {
			sqlc_error(r->errors, r->file, line, "part %s contains itself", part->name);
			return false;
		}
		r->text = part->text;
		r->at = 0;
		r->line = part->line;
		while (good && lex_peek(r, 0) >= 0)
			good = copy_token(r);
		r->text = text;
		r->at = at;
		r->line = line;
		r->depth--;
		return good;
	}
	sqlc_error(r->errors, r->file, line, "query %s: there is no part %.*s above",
		r->query->name, (int)name.len, name.ptr);
	return false;
}

/* One token of the statement into r->body. */
static bool copy_token(Reader *r)
{
	int c = lex_peek(r, 0);

	if (c == '\'' || c == '"')
		return copy_quoted(r, /* backslashes= */ false);
	if (lex_starts(r, "--"))
		return copy_line_comment(r);
	if (lex_starts(r, "/*"))
		return skip_block_comment(r);
	if (c == '$')
		return copy_dollar(r);
	if (c == ':' && lex_is_letter(lex_peek(r, 1)))
		return copy_param(r);
	if (c == '{')
		return copy_part(r);
	if (lex_is_letter(c))
		return copy_word(r);
	if (lex_starts(r, "::"))
		buf_putc(&r->body, (char)lex_take(r));
	lex_take(r);
	if (c == '\n')
		add_space(r, '\n');
	else if (c == ' ' || c == '\t' || c == '\r')
		add_space(r, ' ');
	else
		buf_putc(&r->body, (char)c);
	return true;
}

/* Put the numbers in: $1 is the company when it is used. */
static const char *number_params(Reader *r)
{
	Str rest = str_trim((Str){ r->body.bytes, r->body.len }), piece;
	size_t shift = r->query->takes_company;
	int64_t number;
	Buf out;

	buf_init(&out, r->mem, SQLC_FILE_BYTES * 2);
	str_cut(&rest, '\x01', &piece);
	buf_add(&out, piece.ptr, piece.len);
	while (str_cut(&rest, '\x01', &piece)) {
		Str digits;

		str_cut(&piece, ':', &digits);
		if (!str_int64(digits, &number))
			number = 1 - (int64_t)shift;
		buf_printf(&out, "$%" PRId64, number + (int64_t)shift);
		if (piece.ptr)
			buf_add(&out, piece.ptr, piece.len);
	}
	return buf_text(&out);
}

static bool check_used(Reader *r)
{
	for (size_t i = 0; i < r->query->param_count; i++) {
		if (!r->query->param[i].used) {
			sqlc_error(r->errors, r->file, r->query->line,
				"query %s does not use its parameter %s", r->query->name,
				r->query->param[i].name);
			return false;
		}
	}
	return true;
}

/* The statement up to its semicolon. */
bool body_read(Reader *r)
{
	SqlcQuery *query = r->query;

	buf_init(&r->body, r->mem, SQLC_FILE_BYTES * 2);
	r->first_word = (Str){ 0 };
	r->writes = false;
	r->depth = 0;
	while (lex_peek(r, 0) != ';') {
		if (lex_peek(r, 0) < 0)
			return unfinished(r, "the statement (with ;)");
		if (!copy_token(r))
			return false;
	}
	lex_take(r);
	lex_skip_blanks(r);
	if (lex_peek(r, 0) >= 0 && lex_peek(r, 0) != '\n' && !lex_starts(r, "--")) {
		sqlc_error(r->errors, r->file, r->line, "query %s: one query is one statement",
			query->name);
		return false;
	}
	lex_take_line(r);
	if (!r->first_word.len) {
		sqlc_error(r->errors, r->file, query->line, "query %s is empty", query->name);
		return false;
	}
	query->reads_only =
		!r->writes && (word_is(r->first_word, "select") || word_is(r->first_word, "with") ||
				      word_is(r->first_word, "values"));
	query->text = number_params(r);
	return check_used(r);
}

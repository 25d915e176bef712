/* Reading .sql files: comments and headers line by line, then the statement through a small lexer
 * of PostgreSQL's quoting, so that a colon in a string, a comment or a cast is no parameter. */
#include "sqlc.h"

static const SqlcType types[] = {
	{"bigint",       "int64_t",      "db_text_int64",  true,  "db_value_int64",          false, false},
	{ "int",         "int32_t",      "db_text_int64",  true,  "(int32_t)db_value_int64", false, false},
	{ "smallint",    "int32_t",      "db_text_int64",  true,  "(int32_t)db_value_int64", false, false},
	{ "bool",        "bool",         "db_text_bool",   false, "db_value_bool",           false, false},
	{ "double",      "double",       "db_text_double", true,  "db_value_double",         false, false},
	{ "timestamptz", "int64_t",      "db_text_time",   true,  "db_value_time",           false, false},
	{ "date",        "int32_t",      "db_text_date",   true,  "db_value_date",           false, false},
	{ "text",        "const char *", NULL,             false, "db_value_text",           true,  false},
	{ "jsonb",       "const char *", NULL,             false, "db_value_text",           true,  false},
	{ "text[]",      "Strs",         "db_text_strs",   true,  "db_value_strs",           true,  true },
	{ "bigint[]",    "Int64s",       "db_text_int64s", true,  "db_value_int64s",         true,  true },
};

/* Words that C, or the generated functions, already use. */
static const char *const taken_names[] = { "auto", "bool", "break", "case", "char", "const",
	"continue", "cx", "default", "do", "double", "else", "enum", "extern", "false", "float",
	"for", "goto", "if", "inline", "int", "long", "param", "register", "restrict", "ret",
	"ret_count", "ret_found", "ret_rows", "return", "short", "signed", "sizeof", "static",
	"struct", "switch", "true", "typedef", "typeof", "union", "unsigned", "void", "volatile",
	"while", "asm" };

/* A statement with one of these may change something, or lock it. */
static const char *const writing_words[] = { "insert", "update", "delete", "merge", "truncate",
	"into", "share", "call", "nextval", "setval", "set_config", "pg_notify", "do", "copy" };

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

static bool copy_token(Reader *r);

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

static bool is_letter(int c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c >= 0x80;
}

static bool is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* The character `ahead` of the place, or -1 behind the end. */
static int peek(const Reader *r, size_t ahead)
{
	return r->at + ahead < r->text.len ? (unsigned char)r->text.ptr[r->at + ahead] : -1;
}

static int take(Reader *r)
{
	int c = peek(r, 0);

	if (c < 0)
		return c;
	r->at++;
	r->line += c == '\n';
	return c;
}

static bool starts(const Reader *r, const char *word)
{
	size_t length = strlen(word);

	return r->text.len - r->at >= length && !memcmp(r->text.ptr + r->at, word, length);
}

static void skip_blanks(Reader *r)
{
	while (peek(r, 0) == ' ' || peek(r, 0) == '\t' || peek(r, 0) == '\r')
		take(r);
}

static Str take_line(Reader *r)
{
	size_t from = r->at;
	Str line;

	while (peek(r, 0) >= 0 && peek(r, 0) != '\n')
		r->at++;
	line = str_trim((Str){ r->text.ptr + from, r->at - from });
	take(r);
	return line;
}

static Str take_word(Reader *r)
{
	size_t from = r->at;

	while (is_letter(peek(r, 0)) || is_digit(peek(r, 0)))
		r->at++;
	return (Str){ r->text.ptr + from, r->at - from };
}

/* "-- row name (" and "-- part name" at the line's end: not every comment that begins so. */
static bool at_named(const Reader *r, const char *lead, int then)
{
	Reader ahead = *r;

	if (!starts(r, lead))
		return false;
	ahead.at += strlen(lead);
	if (!take_word(&ahead).len)
		return false;
	skip_blanks(&ahead);
	return peek(&ahead, 0) == then;
}

static bool at_header(const Reader *r)
{
	return starts(r, "-- query ") || at_named(r, "-- row ", '(') || at_named(r, "-- part ", '\n');
}

/* In a header: skip blanks, and a line's end when the next line goes on with dashes. */
static void skip_header_space(Reader *r)
{
	for (;;) {
		Reader before;

		skip_blanks(r);
		if (peek(r, 0) != '\n')
			return;
		before = *r;
		take(r);
		skip_blanks(r);
		if (!starts(r, "--") || at_header(r)) {
			*r = before;
			return;
		}
		r->at += 2;
	}
}

static bool take_char(Reader *r, char c)
{
	skip_header_space(r);
	if (peek(r, 0) != c)
		return false;
	take(r);
	return true;
}

static bool is_taken(const char *name)
{
	for (size_t i = 0; i < COUNT(taken_names); i++)
		if (!strcmp(taken_names[i], name))
			return true;
	return false;
}

/* A name that can stand in C: lower case, digits and underscores. NULL after an error. */
static const char *take_name(Reader *r, const char *of_what)
{
	const char *name;
	Str word;

	skip_header_space(r);
	word = take_word(r);
	if (!word.len) {
		sqlc_error(r->errors, r->file, r->line, "expected the name of a %s", of_what);
		return NULL;
	}
	name = arena_copy(r->mem, word.ptr, word.len);
	if (is_digit(name[0]) ||
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

static const SqlcType *take_type(Reader *r, const char *of)
{
	const char *name;
	Str word;

	skip_header_space(r);
	word = take_word(r);
	name = arena_printf(r->mem, "%.*s%s", (int)word.len, word.ptr, starts(r, "[]") ? "[]" : "");
	if (starts(r, "[]"))
		r->at += 2;
	for (size_t i = 0; i < COUNT(types); i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	if (!*name)
		sqlc_error(r->errors, r->file, r->line, "%s has no type", of);
	else
		sqlc_error(r->errors, r->file, r->line, "%s: there is no type \"%s\" here (%s)", of,
			name,
			"bigint int smallint bool text double timestamptz date jsonb text[] "
			"bigint[]");
	return NULL;
}

static bool check_new_name(Reader *r, const SqlcItem *list, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(list[i].name, name)) {
			sqlc_error(r->errors, r->file, r->line, "%s stands here twice", name);
			return false;
		}
	}
	if (!is_taken(name))
		return true;
	sqlc_error(r->errors, r->file, r->line,
		"the name %s is taken by C or by the generated code", name);
	return false;
}

static bool take_item(Reader *r, const char *what, SqlcItem *list, size_t count)
{
	SqlcItem *item = &list[count];

	if (count == SQLC_ITEMS_MAX) {
		sqlc_error(
			r->errors, r->file, r->line, "more than %d of a %s", SQLC_ITEMS_MAX, what);
		return false;
	}
	item->name = take_name(r, what);
	if (!item->name || !check_new_name(r, list, count, item->name))
		return false;
	item->type = take_type(r, item->name);
	if (!item->type)
		return false;
	item->nullable = take_char(r, '?');
	return true;
}

/* "(name type, …)" into *ret. */
static bool take_items(Reader *r, const char *what, SqlcItem **ret, size_t *ret_count)
{
	SqlcItem *list = NEW_ARRAY(r->mem, SqlcItem, SQLC_ITEMS_MAX + 1);
	size_t count = 0;

	if (!take_char(r, '(')) {
		sqlc_error(r->errors, r->file, r->line, "expected ( and the %ss", what);
		return false;
	}
	while (!take_char(r, ')')) {
		if (count && !take_char(r, ',')) {
			sqlc_error(r->errors, r->file, r->line, "expected , or ) after %s",
				list[count - 1].name);
			return false;
		}
		if (!take_item(r, what, list, count))
			return false;
		count++;
	}
	*ret = list;
	*ret_count = count;
	return true;
}

static bool take_kind(Reader *r, SqlcKind *ret)
{
	static const char *const kinds[] = { "one", "find", "many", "exec" };
	Str word;

	skip_header_space(r);
	word = take_word(r);
	for (size_t i = 0; i < COUNT(kinds); i++) {
		if (str_is(word, kinds[i])) {
			*ret = (SqlcKind)i;
			return true;
		}
	}
	sqlc_error(r->errors, r->file, r->line,
		"query %s: expected one, find, many or exec after the ()", r->query->name);
	return false;
}

static bool check_params(Reader *r)
{
	const SqlcQuery *query = r->query;

	for (size_t i = 0; i < query->param_count; i++) {
		const SqlcItem *item = &query->param[i];

		if (!strcmp(item->name, "company")) {
			sqlc_error(r->errors, r->file, query->line,
				":company is cx->company: do not declare it");
			return false;
		}
		if (item->nullable && item->type->is_array) {
			sqlc_error(r->errors, r->file, query->line,
				"%s: an array parameter is never null", item->name);
			return false;
		}
	}
	return true;
}

/* A null number has a sibling x_null: no other column may have that name. */
static bool check_columns(Reader *r)
{
	const SqlcQuery *query = r->query;

	if (query->kind != SQLC_EXEC && !query->column_count) {
		sqlc_error(r->errors, r->file, query->line,
			"query %s returns no columns: make it exec", query->name);
		return false;
	}
	for (size_t i = 0; i < query->column_count; i++) {
		for (size_t j = 0; j < query->column_count; j++) {
			const char *sibling =
				arena_printf(r->mem, "%s_null", query->column[i].name);

			if (query->column[i].nullable && !strcmp(sibling, query->column[j].name)) {
				sqlc_error(r->errors, r->file, query->line,
					"%s is made for the nullable column %s: name the other one "
					"otherwise",
					sibling, query->column[i].name);
				return false;
			}
		}
	}
	return true;
}

static const char *struct_name(Arena *mem, const char *name)
{
	char *text = arena_printf(mem, "Sql_%s", name), *to = text;

	for (const char *from = text; *from; from++) {
		if (*from == '_')
			continue;
		*to++ = from > text && from[-1] == '_' && *from >= 'a' && *from <= 'z'
				? (char)(*from - 'a' + 'A')
				: *from;
	}
	*to = '\0';
	return text;
}

/* "(…)", or the name of a row. */
static bool take_columns(Reader *r)
{
	SqlcQuery *query = r->query;
	const char *name;

	skip_header_space(r);
	query->row_name = query->name;
	query->row_first = true;
	if (peek(r, 0) == '(')
		return take_items(r, "column", &query->column, &query->column_count);
	name = take_name(r, "row");
	if (!name)
		return false;
	for (Row *row = r->row; row; row = row->next) {
		if (strcmp(row->name, name) != 0)
			continue;
		query->row_name = row->name;
		query->struct_name = struct_name(r->mem, row->name);
		query->column = row->column;
		query->column_count = row->column_count;
		query->row_first = !row->used;
		row->used = true;
		return true;
	}
	sqlc_error(r->errors, r->file, r->line, "query %s: there is no row %s above", query->name,
		name);
	return false;
}

/* "-- query name(…) kind (…)" up to the end of its last line. */
static bool read_header(Reader *r)
{
	SqlcQuery *query = r->query;

	query->line = r->line;
	r->at += strlen("-- query ");
	query->name = take_name(r, "query");
	if (!query->name || !take_items(r, "parameter", &query->param, &query->param_count))
		return false;
	query->own_name = query->struct_name = struct_name(r->mem, query->name);
	if (!take_kind(r, &query->kind))
		return false;
	if (query->kind != SQLC_EXEC && !take_columns(r))
		return false;
	skip_blanks(r);
	if (peek(r, 0) >= 0 && peek(r, 0) != '\n') {
		sqlc_error(r->errors, r->file, r->line,
			"query %s: something stands behind its header", query->name);
		return false;
	}
	take(r);
	return check_params(r) && check_columns(r);
}

/* ---- the statement ---- */

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
	int quote = take(r);

	buf_putc(&r->body, (char)quote);
	for (;;) {
		int c = take(r);

		if (c < 0)
			return unfinished(r, "a string or quoted name");
		buf_putc(&r->body, (char)c);
		if (c == '\\' && backslashes && peek(r, 0) >= 0)
			buf_putc(&r->body, (char)take(r));
		else if (c == quote && peek(r, 0) != quote)
			return true;
		else if (c == quote)
			buf_putc(&r->body, (char)take(r));
	}
}

static bool skip_block_comment(Reader *r)
{
	int depth = 0;

	do {
		if (starts(r, "/*") || starts(r, "*/")) {
			depth += starts(r, "/*") ? 1 : -1;
			r->at += 2;
		} else if (take(r) < 0) {
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

	if (is_digit(peek(r, 1))) {
		sqlc_error(r->errors, r->file, r->line, "query %s: write :name, not $%c",
			r->query->name, peek(r, 1));
		return false;
	}
	while (is_letter(peek(r, length)) || (length > 1 && is_digit(peek(r, length))))
		length++;
	if (peek(r, length) != '$') {
		buf_putc(&r->body, (char)take(r));
		return true;
	}
	tag = arena_copy(r->mem, r->text.ptr + from, length + 1);
	r->at += length + 1;
	while (!starts(r, tag))
		if (take(r) < 0)
			return unfinished(r, "a dollar-quoted string");
	r->at += length + 1;
	buf_add(&r->body, r->text.ptr + from, r->at - from);
	return true;
}

static bool copy_param(Reader *r)
{
	SqlcQuery *query = r->query;
	Str word;

	take(r);
	word = take_word(r);
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
	Str word = take_word(r);

	buf_add(&r->body, word.ptr, word.len);
	if (!r->first_word.len)
		r->first_word = word;
	for (size_t i = 0; i < COUNT(writing_words); i++)
		r->writes |= word_is(word, writing_words[i]);
	r->writes |= word.len > 11 && word_is((Str){ word.ptr, 11 }, "pg_advisory");
	if (peek(r, 0) == '\'' && word_is(word, "e"))
		return copy_quoted(r, /* backslashes= */ true);
	return true;
}

static bool copy_line_comment(Reader *r)
{
	if (at_header(r))
		return unfinished(r, "the statement (with ;)");
	take_line(r);
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

	take(r);
	name = take_word(r);
	if (take(r) != '}') {
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
		while (good && peek(r, 0) >= 0)
			good = copy_token(r);
		r->text = text;
		r->at = at;
		r->line = line;
		r->depth--;
		return good;
	}
	sqlc_error(r->errors, r->file, line, "query %s: there is no part %.*s above", r->query->name,
		(int)name.len, name.ptr);
	return false;
}

/* One token of the statement into r->body. */
static bool copy_token(Reader *r)
{
	int c = peek(r, 0);

	if (c == '\'' || c == '"')
		return copy_quoted(r, /* backslashes= */ false);
	if (starts(r, "--"))
		return copy_line_comment(r);
	if (starts(r, "/*"))
		return skip_block_comment(r);
	if (c == '$')
		return copy_dollar(r);
	if (c == ':' && is_letter(peek(r, 1)))
		return copy_param(r);
	if (c == '{')
		return copy_part(r);
	if (is_letter(c))
		return copy_word(r);
	if (starts(r, "::"))
		buf_putc(&r->body, (char)take(r));
	take(r);
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
	Str rest = { r->body.bytes, r->body.len }, piece;
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
static bool read_body(Reader *r)
{
	SqlcQuery *query = r->query;

	buf_init(&r->body, r->mem, SQLC_FILE_BYTES * 2);
	r->first_word = (Str){ 0 };
	r->writes = false;
	r->depth = 0;
	while (peek(r, 0) != ';') {
		if (peek(r, 0) < 0)
			return unfinished(r, "the statement (with ;)");
		if (!copy_token(r))
			return false;
	}
	take(r);
	skip_blanks(r);
	if (peek(r, 0) >= 0 && peek(r, 0) != '\n' && !starts(r, "--")) {
		sqlc_error(r->errors, r->file, r->line, "query %s: one query is one statement",
			query->name);
		return false;
	}
	take_line(r);
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

/* ---- the file ---- */

/* After an error: go to the next query's header. */
static void skip_to_header(Reader *r)
{
	while (peek(r, 0) >= 0 && !at_header(r))
		take_line(r);
}

static bool check_first_use(Reader *r, const SqlcQuery *first)
{
	for (const SqlcQuery *other = first; other; other = other->next) {
		if (!strcmp(other->own_name, r->query->own_name) ||
			!strcmp(other->struct_name, r->query->own_name)) {
			sqlc_error(r->errors, r->file, r->query->line,
				"query %s stands already in line %d", r->query->name, other->line);
			return false;
		}
	}
	return true;
}

static void add_note(Buf *note, Str line)
{
	line.ptr += 2;
	line.len -= 2;
	line = str_trim(line);
	/* a comment must not end the C comment it is carried into */
	for (size_t i = 0; i < line.len; i++) {
		if (i && line.ptr[i] == '/' && line.ptr[i - 1] == '*')
			buf_putc(note, ' ');
		if (i && line.ptr[i] == '*' && line.ptr[i - 1] == '/')
			buf_putc(note, ' ');
		if ((unsigned char)line.ptr[i] >= ' ')
			buf_putc(note, line.ptr[i]);
	}
	buf_putc(note, '\n');
}

/* "-- row name (…)" */
static bool read_row(Reader *r)
{
	SqlcQuery none = { .name = "of a row", .line = r->line };
	Row *row = NEW(r->mem, Row);

	r->at += strlen("-- row ");
	r->query = &none;
	row->name = take_name(r, "row");
	if (!row->name || !take_items(r, "column", &row->column, &row->column_count))
		return false;
	none.column = row->column;
	none.column_count = row->column_count;
	take_line(r);
	row->next = r->row;
	r->row = row;
	return check_columns(r);
}

/* "-- part name", then its text up to the semicolon at the end of a line. */
static bool read_part(Reader *r)
{
	Part *part = NEW(r->mem, Part);
	size_t from;

	r->at += strlen("-- part ");
	part->name = take_name(r, "part");
	if (!part->name)
		return false;
	take_line(r);
	from = r->at;
	part->line = r->line;
	while (!starts(r, ";\n") && peek(r, 0) >= 0 && !at_header(r))
		take(r);
	if (!starts(r, ";\n")) {
		sqlc_error(r->errors, r->file, part->line, "part %s does not end (with ;)", part->name);
		return false;
	}
	part->text = (Str){ r->text.ptr + from, r->at - from };
	take_line(r);
	part->next = r->part;
	r->part = part;
	return true;
}

/* Read the query whose header the place is at. */
static SqlcQuery *read_query(Reader *r, const SqlcQuery *first, Buf *note)
{
	r->query = NEW(r->mem, SqlcQuery);
	r->query->file = r->file;
	r->query->note = note->len ? arena_copy(r->mem, note->bytes, note->len) : NULL;
	if (!read_header(r) || !check_first_use(r, first) || !read_body(r)) {
		skip_to_header(r);
		return NULL;
	}
	return r->query;
}

/* Text without control characters, so that \x01 can mark a place in it. */
static bool check_bytes(const char *file, Str text, SqlcErrors *errors)
{
	int line = 1;

	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		line += c == '\n';
		if (c < ' ' && c != '\n' && c != '\t' && c != '\r') {
			sqlc_error(errors, file, line, "a control character stands here");
			return false;
		}
	}
	return true;
}

SqlcQuery *sqlc_read(Arena *mem, const char *file, Str text, SqlcErrors *errors)
{
	Reader r = { .mem = mem, .file = file, .text = text, .line = 1, .errors = errors };
	SqlcQuery *first = NULL, **last = &first;
	Buf note;

	if (!check_bytes(file, text, errors))
		return NULL;
	buf_init(&note, mem, SQLC_FILE_BYTES);
	while (r.at < text.len) {
		skip_blanks(&r);
		if (starts(&r, "-- query ")) {
			SqlcQuery *query = read_query(&r, first, &note);

			note.len = 0;
			if (!query)
				continue;
			*last = query;
			last = &query->next;
		} else if (at_header(&r)) {
			note.len = 0;
			if (!(starts(&r, "-- row ") ? read_row(&r) : read_part(&r)))
				skip_to_header(&r);
		} else if (starts(&r, "--")) {
			add_note(&note, take_line(&r));
		} else if (peek(&r, 0) == '\n') {
			note.len = 0;
			take(&r);
		} else if (peek(&r, 0) >= 0) {
			sqlc_error(errors, file, r.line,
				"this belongs to no query: begin with -- query name(…)");
			skip_to_header(&r);
		}
	}
	return first;
}

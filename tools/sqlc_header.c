/* The header of a query: name, parameters, kind and columns, over as many comment lines as it
 * takes. */
#include "sqlc_reader.h"

static const SqlcType types[] = {
	{ "bigint", "int64_t", "db_text_int64", true, "db_value_int64", false, false },
	{ "int", "int32_t", "db_text_int64", true, "(int32_t)db_value_int64", false, false },
	{ "smallint", "int32_t", "db_text_int64", true, "(int32_t)db_value_int64", false, false },
	{ "bool", "bool", "db_text_bool", false, "db_value_bool", false, false },
	{ "double", "double", "db_text_double", true, "db_value_double", false, false },
	{ "timestamptz", "int64_t", "db_text_time", true, "db_value_time", false, false },
	{ "date", "int32_t", "db_text_date", true, "db_value_date", false, false },
	{ "text", "const char *", NULL, false, "db_value_text", true, false },
	{ "jsonb", "const char *", NULL, false, "db_value_text", true, false },
	{ "text[]", "Strs", "db_text_strs", true, "db_value_strs", true, true },
	{ "bigint[]", "Int64s", "db_text_int64s", true, "db_value_int64s", true, true },
};

/* Words that C, or the generated functions, already use. */
static const char *const taken_names[] = { "auto", "bool", "break", "case", "char", "const",
	"continue", "cx", "default", "do", "double", "else", "enum", "extern", "false", "float",
	"for", "goto", "if", "inline", "int", "long", "param", "register", "restrict", "ret",
	"ret_count", "ret_found", "ret_rows", "return", "short", "signed", "sizeof", "static",
	"struct", "switch", "true", "typedef", "typeof", "union", "unsigned", "void", "volatile",
	"while", "asm" };

static bool is_taken(const char *name)
{
	for (size_t i = 0; i < COUNT(taken_names); i++)
		if (!strcmp(taken_names[i], name))
			return true;
	return false;
}

static const SqlcType *take_type(Reader *r, const char *of)
{
	const char *name;
	Str word;

	lex_skip_header_space(r);
	word = lex_take_word(r);
	name = arena_printf(
		r->mem, "%.*s%s", (int)word.len, word.ptr, lex_starts(r, "[]") ? "[]" : "");
	if (lex_starts(r, "[]"))
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
	item->name = lex_take_name(r, what);
	if (!item->name || !check_new_name(r, list, count, item->name))
		return false;
	item->type = take_type(r, item->name);
	if (!item->type)
		return false;
	item->nullable = lex_take_char(r, '?');
	return true;
}

/* "(name type, …)" into *ret. */
bool header_take_items(Reader *r, const char *what, SqlcItem **ret, size_t *ret_count)
{
	SqlcItem *list = NEW_ARRAY(r->mem, SqlcItem, SQLC_ITEMS_MAX + 1);
	size_t count = 0;

	if (!lex_take_char(r, '(')) {
		sqlc_error(r->errors, r->file, r->line, "expected ( and the %ss", what);
		return false;
	}
	while (!lex_take_char(r, ')')) {
		if (count && !lex_take_char(r, ',')) {
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

	lex_skip_header_space(r);
	word = lex_take_word(r);
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
bool header_check_columns(Reader *r)
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

	lex_skip_header_space(r);
	query->row_name = query->name;
	query->row_first = true;
	if (lex_peek(r, 0) == '(')
		return header_take_items(r, "column", &query->column, &query->column_count);
	name = lex_take_name(r, "row");
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
bool header_read(Reader *r)
{
	SqlcQuery *query = r->query;

	query->line = r->line;
	r->at += strlen("-- query ");
	query->name = lex_take_name(r, "query");
	if (!query->name || !header_take_items(r, "parameter", &query->param, &query->param_count))
		return false;
	query->own_name = query->struct_name = struct_name(r->mem, query->name);
	if (!take_kind(r, &query->kind))
		return false;
	if (query->kind != SQLC_EXEC && !take_columns(r))
		return false;
	lex_skip_blanks(r);
	if (lex_peek(r, 0) >= 0 && lex_peek(r, 0) != '\n') {
		sqlc_error(r->errors, r->file, r->line,
			"query %s: something stands behind its header", query->name);
		return false;
	}
	lex_take(r);
	return check_params(r) && header_check_columns(r);
}

/* Writing the C of a file's queries, the list of all queries, and the list of migrations. */
#include "sqlc.h"

#include <sodium.h>

static const char *const kind_notes[] = {
	[SQLC_ONE] = "One row; ERR_NOT_FOUND without it.",
	[SQLC_FIND] = "At most one row; *ret_found says whether there is one.",
	[SQLC_MANY] = "All rows; *ret is in cx->mem.",
	[SQLC_EXEC] = "*ret_rows is the number of rows it touched.",
};

const char *sqlc_tree_path(const char *path)
{
	const char *found = NULL;

	for (const char *at = path; (at = strstr(at, "src/")); at += 4)
		if (at == path || at[-1] == '/')
			found = at;
	return found ? found : path;
}

static void write_literal(Buf *out, Str text)
{
	buf_putc(out, '"');
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c == '\n')
			buf_puts(out, "\\n");
		else if (c == '\t')
			buf_puts(out, "\\t");
		else if (c < ' ' || c == 0x7f)
			buf_printf(out, "\\%03o", c);
		else
			buf_putc(out, (char)c);
	}
	buf_putc(out, '"');
}

void sqlc_write_string(Buf *out, Str text)
{
	if (!text.len)
		buf_puts(out, "\t\"\"");
	while (text.len) {
		const char *end = memchr(text.ptr, '\n', text.len);
		size_t length = end ? (size_t)(end - text.ptr) + 1 : text.len;

		buf_putc(out, '\t');
		write_literal(out, (Str){ text.ptr, length });
		text.ptr += length;
		text.len -= length;
		if (text.len)
			buf_putc(out, '\n');
	}
}

static void write_member(Buf *out, const char *c_type, const char *name)
{
	buf_printf(out, "%s%s%s", c_type, str_ends(c_type, "*") ? "" : " ", name);
}

static bool is_text(const SqlcItem *item)
{
	return !strcmp(item->type->c_type, "const char *");
}

/* Too many to tell apart in a call: they come in a struct. */
static bool takes_struct(const SqlcQuery *query)
{
	return query->param_count > SQLC_PARAMS_MAX;
}

/* "const int32_t *stage" */
static void write_param(Buf *out, const SqlcItem *item)
{
	if (item->nullable && !is_text(item))
		buf_printf(out, "const %s *%s", item->type->c_type, item->name);
	else
		write_member(out, item->type->c_type, item->name);
}

/* ", int64_t id, const int32_t *stage", or ", const SqlLeadInsertIn *in" */
static void write_params(Buf *out, const SqlcQuery *query)
{
	if (takes_struct(query)) {
		buf_printf(out, ", const %sIn *in", query->own_name);
		return;
	}
	for (size_t i = 0; i < query->param_count; i++) {
		buf_puts(out, ", ");
		write_param(out, &query->param[i]);
	}
}

/* ", SqlLead **ret, size_t *ret_count" */
static void write_results(Buf *out, const SqlcQuery *query)
{
	switch (query->kind) {
	case SQLC_ONE:
		buf_printf(out, ", %s *ret", query->struct_name);
		break;
	case SQLC_FIND:
		buf_printf(out, ", %s *ret, bool *ret_found", query->struct_name);
		break;
	case SQLC_MANY:
		buf_printf(out, ", %s **ret, size_t *ret_count", query->struct_name);
		break;
	case SQLC_EXEC:
		buf_puts(out, ", int64_t *ret_rows");
		break;
	}
}

/* "Err sql_x…(Ctx *cx, …)" */
static void write_signature(
	Buf *out, const SqlcQuery *query, const char *suffix, bool params, bool results)
{
	buf_printf(out, "Err sql_%s%s(Ctx *cx", query->name, suffix);
	if (params)
		write_params(out, query);
	if (results)
		write_results(out, query);
	buf_putc(out, ')');
}

/* ---- header ---- */

static void write_in_struct(Buf *out, const SqlcQuery *query)
{
	buf_printf(out, "typedef struct %sIn {\n", query->own_name);
	for (size_t i = 0; i < query->param_count; i++) {
		buf_putc(out, '\t');
		write_param(out, &query->param[i]);
		buf_printf(out, ";%s\n", query->param[i].nullable ? " /* NULL: null */" : "");
	}
	buf_printf(out, "} %sIn;\n\n", query->own_name);
}

static void write_struct(Buf *out, const SqlcQuery *query)
{
	buf_printf(out, "typedef struct %s {\n", query->struct_name);
	for (size_t i = 0; i < query->column_count; i++) {
		const SqlcItem *item = &query->column[i];

		buf_putc(out, '\t');
		write_member(out, item->type->c_type, item->name);
		buf_printf(
			out, ";%s\n", item->nullable && is_text(item) ? " /* NULL: null */" : "");
		if (item->nullable && !is_text(item))
			buf_printf(out, "\tbool %s_null;\n", item->name);
	}
	buf_printf(out, "} %s;\n\n", query->struct_name);
}

static void write_note(Buf *out, const SqlcQuery *query)
{
	Str rest = str_of(query->note), line;

	buf_puts(out, "/* ");
	while (rest.len && str_cut(&rest, '\n', &line))
		buf_printf(out, "%.*s\n * ", (int)line.len, line.ptr);
	buf_printf(out, "%s */\n", kind_notes[query->kind]);
}

static void write_guard(Buf *out, const char *header)
{
	for (const char *at = header; *at; at++) {
		char c = *at >= 'a' && *at <= 'z' ? (char)(*at - 'a' + 'A') : *at;

		buf_putc(out, (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '_');
	}
}

void sqlc_write_header(Buf *out, const char *file, const char *header, const SqlcQuery *first)
{
	buf_printf(out, "/* Made by sqlc from %s: change that. */\n#ifndef ", file);
	write_guard(out, header);
	buf_puts(out, "\n#define ");
	write_guard(out, header);
	buf_puts(out, "\n\n#include \"platform/db/db.h\"\n\n");
	for (const SqlcQuery *query = first; query; query = query->next) {
		if (query->column_count && query->row_first)
			write_struct(out, query);
		if (takes_struct(query))
			write_in_struct(out, query);
		write_note(out, query);
		buf_puts(out, "MUST_CHECK ");
		write_signature(out, query, "", true, true);
		buf_puts(out, ";\nMUST_CHECK ");
		write_signature(out, query, "_send", true, false);
		buf_puts(out, ";\nMUST_CHECK ");
		write_signature(out, query, "_read", false, true);
		buf_puts(out, ";\n\n");
	}
	buf_puts(out, "#endif\n");
}

/* ---- source ---- */

static void write_column_table(Buf *out, const char *name, const char *what, bool company,
	const SqlcItem *list, size_t count)
{
	if (!count && !company)
		return;
	buf_printf(out, "static const SqlColumn %s_%s[] = {\n", name, what);
	if (company)
		buf_puts(out, "\t{ \"company\", \"bigint\", false },\n");
	for (size_t i = 0; i < count; i++)
		buf_printf(out, "\t{ \"%s\", \"%s\", %s },\n", list[i].name, list[i].type->name,
			list[i].nullable ? "true" : "false");
	buf_puts(out, "};\n");
}

static void write_tables(Buf *out, const SqlcQuery *query)
{
	write_column_table(
		out, query->name, "param", query->takes_company, query->param, query->param_count);
	write_column_table(out, query->name, "column", false, query->column, query->column_count);
}

/* The initialiser of a SqlQuery. */
static void write_query(Buf *out, const SqlcQuery *query)
{
	size_t param_count = query->param_count + query->takes_company;

	buf_printf(out, "{ \"%s\",\n", query->name);
	sqlc_write_string(out, str_of(query->text));
	buf_puts(out, ",\n\t");
	write_literal(out, str_of(query->file));
	buf_printf(out, ", %d, ", query->line);
	if (param_count)
		buf_printf(out, "%s_param, %zu, ", query->name, param_count);
	else
		buf_puts(out, "NULL, 0, ");
	if (query->column_count)
		buf_printf(out, "%s_column, %zu, ", query->name, query->column_count);
	else
		buf_puts(out, "NULL, 0, ");
	buf_printf(out, "%s }", query->reads_only ? "true" : "false");
}

/* The text of one parameter: "stage ? db_text_int64(cx->mem, *stage) : NULL" */
static void write_param_text(Buf *out, const SqlcItem *item, const char *in)
{
	const SqlcType *type = item->type;

	if (!type->to_text) {
		buf_printf(out, "%s%s", in, item->name);
		return;
	}
	if (item->nullable)
		buf_printf(out, "%s%s ? ", in, item->name);
	buf_printf(out, "%s(%s%s%s%s)", type->to_text, type->needs_mem ? "cx->mem, " : "",
		item->nullable ? "*" : "", in, item->name);
	if (item->nullable)
		buf_puts(out, " : NULL");
}

static void write_send(Buf *out, const SqlcQuery *query)
{
	bool any = query->param_count || query->takes_company;

	write_signature(out, query, "_send", true, false);
	buf_puts(out, "\n{\n");
	if (any) {
		buf_puts(out, "\tconst char *const param[] = {\n");
		if (query->takes_company)
			buf_puts(out, "\t\tdb_text_int64(cx->mem, cx->company.v),\n");
		for (size_t i = 0; i < query->param_count; i++) {
			buf_puts(out, "\t\t");
			write_param_text(out, &query->param[i], takes_struct(query) ? "in->" : "");
			buf_puts(out, ",\n");
		}
		buf_puts(out, "\t};\n\n");
	}
	buf_printf(out, "\treturn db_send(cx, &%s_query, %s);\n}\n\n", query->name,
		any ? "param" : "NULL");
}

/* The function that fills a struct from a row. */
static void write_row(Buf *out, const SqlcQuery *query)
{
	bool mem = false;

	for (size_t i = 0; i < query->column_count; i++)
		mem |= query->column[i].type->value_needs_mem;
	buf_printf(out, "static void %s_row(%sconst PGresult *r, int row, %s *ret)\n{\n",
		query->row_name, mem ? "Ctx *cx, " : "", query->struct_name);
	for (size_t i = 0; i < query->column_count; i++) {
		const SqlcItem *item = &query->column[i];

		buf_printf(out, "\tret->%s = %s(%sr, row, %zu);\n", item->name, item->type->value,
			item->type->value_needs_mem ? "cx->mem, " : "", i);
		if (item->nullable && !is_text(item))
			buf_printf(
				out, "\tret->%s_null = PQgetisnull(r, row, %zu);\n", item->name, i);
	}
	buf_puts(out, "}\n\n");
}

/* "lead_row(cx, r, " */
static void write_row_call(Buf *out, const SqlcQuery *query)
{
	bool mem = false;

	for (size_t i = 0; i < query->column_count; i++)
		mem |= query->column[i].type->value_needs_mem;
	buf_printf(out, "%s_row(%sr, ", query->row_name, mem ? "cx, " : "");
}

static void write_read(Buf *out, const SqlcQuery *query)
{
	write_signature(out, query, "_read", false, true);
	buf_puts(out, "\n{\n\tPGresult *r;\n\n");
	buf_printf(out, "\tTRY(db_read(cx, &%s_query, &r));\n", query->name);
	switch (query->kind) {
	case SQLC_ONE:
	case SQLC_FIND:
		buf_printf(out, "\tTRY(db_%s_row(cx, &%s_query, r%s));\n",
			query->kind == SQLC_ONE ? "one" : "find", query->name,
			query->kind == SQLC_ONE ? "" : ", ret_found");
		buf_puts(out, query->kind == SQLC_FIND ? "\tif (*ret_found)\n\t\t" : "\t");
		write_row_call(out, query);
		buf_puts(out, "0, ret);\n");
		break;
	case SQLC_MANY:
		buf_puts(out, "\t*ret_count = (size_t)PQntuples(r);\n");
		buf_printf(
			out, "\t*ret = NEW_ARRAY(cx->mem, %s, *ret_count);\n", query->struct_name);
		buf_puts(out, "\tfor (size_t i = 0; i < *ret_count; i++)\n\t\t");
		write_row_call(out, query);
		buf_puts(out, "(int)i, &(*ret)[i]);\n");
		break;
	case SQLC_EXEC:
		buf_puts(out, "\t*ret_rows = db_value_rows(r);\n");
		break;
	}
	buf_puts(out, "\treturn OK;\n}\n\n");
}

/* The usual form: send and read at once. */
static void write_both(Buf *out, const SqlcQuery *query)
{
	static const char *const results[] = { "ret", "ret, ret_found", "ret, ret_count",
		"ret_rows" };

	write_signature(out, query, "", true, true);
	buf_printf(out, "\n{\n\tTRY(sql_%s_send(cx", query->name);
	for (size_t i = 0; i < query->param_count && !takes_struct(query); i++)
		buf_printf(out, ", %s", query->param[i].name);
	if (takes_struct(query))
		buf_puts(out, ", in");
	buf_printf(
		out, "));\n\treturn sql_%s_read(cx, %s);\n}\n", query->name, results[query->kind]);
}

void sqlc_write_source(Buf *out, const char *file, const char *header, const SqlcQuery *first)
{
	buf_printf(
		out, "/* Made by sqlc from %s: change that. */\n#include \"%s\"\n", file, header);
	for (const SqlcQuery *query = first; query; query = query->next) {
		buf_putc(out, '\n');
		write_tables(out, query);
		buf_printf(out, "static const SqlQuery %s_query = ", query->name);
		write_query(out, query);
		buf_puts(out, ";\n\n");
		write_send(out, query);
		if (query->column_count && query->row_first)
			write_row(out, query);
		write_read(out, query);
		write_both(out, query);
	}
}

void sqlc_write_list(Buf *out, const SqlcQuery *first)
{
	size_t count = 0;

	buf_puts(out, "/* Made by sqlc: every query of the program. */\n");
	buf_puts(out, "#include \"platform/db/queries.h\"\n\n");
	for (const SqlcQuery *query = first; query; query = query->next)
		write_tables(out, query);
	buf_puts(out, "\nconst SqlQuery sql_queries[] = {\n");
	for (const SqlcQuery *query = first; query; query = query->next, count++) {
		write_query(out, query);
		buf_puts(out, ",\n");
	}
	buf_printf(out, "{ 0 } };\nconst size_t sql_query_count = %zu;\n", count);
}

/* ---- migrations ---- */

bool sqlc_read_migration(
	Arena *mem, const char *file, Str text, SqlcErrors *errors, SqlcMigration *ret)
{
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	size_t stem = strlen(base) - (str_ends(base, ".sql") ? 4 : 0);
	int64_t number;

	if (!str_ends(base, ".sql") || stem < 6 || !str_int64((Str){ base, 4 }, &number) ||
		number < 1 || base[4] != '_' ||
		strspn(base, "abcdefghijklmnopqrstuvwxyz0123456789_") != stem) {
		sqlc_error(errors, file, 1, "a migration's file is called NNNN_what.sql");
		return false;
	}
	if (!str_trim(text).len || memchr(text.ptr, '\0', text.len)) {
		sqlc_error(errors, file, 1, "the migration is empty or holds a NUL");
		return false;
	}
	*ret = (SqlcMigration){ (int)number, arena_copy(mem, base, stem), sqlc_tree_path(file),
		text };
	return true;
}

static int compare_numbers(const void *a, const void *b)
{
	return ((const SqlcMigration *)a)->number - ((const SqlcMigration *)b)->number;
}

bool sqlc_sort_migrations(SqlcMigration *list, size_t count, SqlcErrors *errors)
{
	if (count)
		qsort(list, count, sizeof *list, compare_numbers);
	for (size_t i = 1; i < count; i++) {
		if (list[i].number != list[i - 1].number)
			continue;
		sqlc_error(errors, list[i].file, 1, "number %04d is also that of %s",
			list[i].number, list[i - 1].file);
		return false;
	}
	return true;
}

void sqlc_write_migrations(Buf *out, Arena *mem, const SqlcMigration *list, size_t count)
{
	buf_puts(out, "/* Made by sqlc: every migration of the program. */\n");
	buf_puts(out, "#include \"platform/db/migrate.h\"\n\nconst Migration migrations[] = {\n");
	for (size_t i = 0; i < count; i++) {
		unsigned char hash[crypto_hash_sha256_BYTES];
		char *hex = arena_alloc(mem, sizeof hash * 2 + 1);

		crypto_hash_sha256(hash, (const unsigned char *)list[i].text.ptr, list[i].text.len);
		sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash);
		buf_printf(out, "{ %d, \"%s\", \"%s\", \"%s\",\n", list[i].number, list[i].name,
			list[i].file, hex);
		sqlc_write_string(out, list[i].text);
		buf_puts(out, " },\n");
	}
	buf_printf(out, "{ 0 } };\nconst size_t migration_count = %zu;\n", count);
}

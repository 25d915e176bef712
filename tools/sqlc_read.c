/* A .sql file: comments, queries, rows and parts, one after the other. */
#include "sqlc_reader.h"

/* After an error: go to the next query's header. */
static void skip_to_header(Reader *r)
{
	while (lex_peek(r, 0) >= 0 && !lex_at_header(r))
		lex_take_line(r);
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
	row->name = lex_take_name(r, "row");
	if (!row->name || !header_take_items(r, "column", &row->column, &row->column_count))
		return false;
	none.column = row->column;
	none.column_count = row->column_count;
	lex_take_line(r);
	row->next = r->row;
	r->row = row;
	return header_check_columns(r);
}

/* "-- part name", then its text up to the semicolon at the end of a line. */
static bool read_part(Reader *r)
{
	Part *part = NEW(r->mem, Part);
	size_t from;

	r->at += strlen("-- part ");
	part->name = lex_take_name(r, "part");
	if (!part->name)
		return false;
	lex_take_line(r);
	from = r->at;
	part->line = r->line;
	while (!lex_starts(r, ";\n") && lex_peek(r, 0) >= 0 && !lex_at_header(r))
		lex_take(r);
	if (!lex_starts(r, ";\n")) {
		sqlc_error(r->errors, r->file, part->line, "part %s does not end (with ;)",
			part->name);
		return false;
	}
	part->text = (Str){ r->text.ptr + from, r->at - from };
	lex_take_line(r);
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
	if (!header_read(r) || !check_first_use(r, first) || !body_read(r)) {
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
		lex_skip_blanks(&r);
		if (lex_starts(&r, "-- query ")) {
			SqlcQuery *query = read_query(&r, first, &note);

			note.len = 0;
			if (!query)
				continue;
			*last = query;
			last = &query->next;
		} else if (lex_at_header(&r)) {
			note.len = 0;
			if (!(lex_starts(&r, "-- row ") ? read_row(&r) : read_part(&r)))
				skip_to_header(&r);
		} else if (lex_starts(&r, "--")) {
			add_note(&note, lex_take_line(&r));
		} else if (lex_peek(&r, 0) == '\n') {
			note.len = 0;
			lex_take(&r);
		} else if (lex_peek(&r, 0) >= 0) {
			sqlc_error(errors, file, r.line,
				"this belongs to no query: begin with -- query name(…)");
			skip_to_header(&r);
		}
	}
	return first;
}

bool sqlc_check_unique(const SqlcQuery *first, SqlcErrors *errors)
{
	for (const SqlcQuery *a = first; a; a = a->next)
		for (const SqlcQuery *b = first; b != a; b = b->next)
			if (!strcmp(a->name, b->name))
				sqlc_error(errors, a->file, a->line,
					"query %s stands already in %s:%d", a->name, b->file,
					b->line);
	return !errors->count;
}

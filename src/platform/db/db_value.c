/* Values in PostgreSQL's text format, with the settings that db_conn.c asks for: ISO dates, UTC. */
#include "core/clock.h"
#include "platform/db/db_conn.h"

static const struct {
	const char *name;
	Oid oid;
} types[] = {
	{ "bigint", 20 },
	{ "int", 23 },
	{ "smallint", 21 },
	{ "bool", 16 },
	{ "text", 25 },
	{ "double", 701 },
	{ "timestamptz", 1184 },
	{ "date", 1082 },
	{ "jsonb", 3802 },
	{ "text[]", 1009 },
	{ "bigint[]", 1016 },
};

Oid db_type_oid(const char *type)
{
	for (size_t i = 0; i < COUNT(types); i++)
		if (!strcmp(types[i].name, type))
			return types[i].oid;
	return 0;
}

/* ---- to text ---- */

const char *db_text_int64(Arena *mem, int64_t value)
{
	Buf out;

	buf_init(&out, mem, 32);
	buf_int64(&out, value);
	return buf_text(&out);
}

const char *db_text_bool(bool value)
{
	return value ? "t" : "f";
}

const char *db_text_double(Arena *mem, double value)
{
	return arena_printf(mem, "%.17g", value);
}

const char *db_text_time(Arena *mem, int64_t at)
{
	if (at == INT64_MAX || at == INT64_MIN)
		return at > 0 ? "infinity" : "-infinity";
	return time_text_iso(mem, at);
}

const char *db_text_date(Arena *mem, int32_t date)
{
	/* INT32_MIN is DATE_NONE of the forms */
	if (date == INT32_MIN)
		return NULL;
	return date_text_iso(mem, date);
}

const char *db_text_strs(Arena *mem, Strs list)
{
	Buf out;

	buf_init(&out, mem, ARENA_LIMIT);
	buf_putc(&out, '{');
	for (size_t i = 0; i < list.count; i++) {
		buf_puts(&out, i ? "," : "");
		if (!list.v[i]) {
			buf_puts(&out, "NULL");
			continue;
		}
		buf_putc(&out, '"');
		for (const char *at = list.v[i]; *at; at++) {
			if (*at == '"' || *at == '\\')
				buf_putc(&out, '\\');
			buf_putc(&out, *at);
		}
		buf_putc(&out, '"');
	}
	buf_putc(&out, '}');
	return buf_text(&out);
}

const char *db_text_int64s(Arena *mem, Int64s list)
{
	Buf out;

	buf_init(&out, mem, ARENA_LIMIT);
	buf_putc(&out, '{');
	for (size_t i = 0; i < list.count; i++) {
		buf_puts(&out, i ? "," : "");
		buf_int64(&out, list.v[i]);
	}
	buf_putc(&out, '}');
	return buf_text(&out);
}

/* ---- from text ---- */

/* Digits at *at (nine at most), which moves behind them; 0 when there are none. */
static int64_t take_number(const char **at)
{
	int64_t value = 0;

	while (**at >= '0' && **at <= '9' && value < 100000000)
		value = value * 10 + *(*at)++ - '0';
	return value;
}

static bool take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

/* "2026-11-22"; a year may have more than four digits. */
static int64_t take_date(const char **at)
{
	int64_t year = take_number(at), month, day;

	take_char(at, '-');
	month = take_number(at);
	take_char(at, '-');
	day = take_number(at);
	if (year > 300000 || month < 1 || month > 12 || day < 1 || day > 31)
		return 0;
	/* year 1 BC is year 0 of the proleptic calendar */
	if (strstr(*at, " BC"))
		year = 1 - year;
	return date_of((int)year, (int)month, (int)day);
}

int32_t db_parse_date(const char *text)
{
	if (!strcmp(text, "infinity"))
		return INT32_MAX;
	if (!strcmp(text, "-infinity"))
		return -INT32_MAX;
	return (int32_t)take_date(&text);
}

int64_t db_parse_time(const char *text)
{
	int64_t days, seconds, offset = 0;
	int sign;

	if (!strcmp(text, "infinity"))
		return INT64_MAX;
	if (!strcmp(text, "-infinity"))
		return INT64_MIN;
	days = take_date(&text);
	take_char(&text, ' ');
	seconds = take_number(&text) * 3600;
	if (take_char(&text, ':'))
		seconds += take_number(&text) * 60;
	if (take_char(&text, ':'))
		seconds += take_number(&text);
	if (take_char(&text, '.'))
		take_number(&text);
	sign = *text == '-' ? -1 : 1;
	if (take_char(&text, '+') || take_char(&text, '-')) {
		offset = take_number(&text) * 3600;
		if (take_char(&text, ':'))
			offset += take_number(&text) * 60;
	}
	return days * 86400 + seconds % 100000 - sign * (offset % 100000);
}

/* One element of an array's text into *room, which moves behind it; *at stops at the , or } after.
 */
static const char *take_element(char **room, const char **at)
{
	bool quoted = take_char(at, '"');
	char *out = *room, *to = out;

	while (**at && (quoted ? **at != '"' : **at != ',' && **at != '}')) {
		if (**at == '\\' && (*at)[1])
			++*at;
		*to++ = *(*at)++;
	}
	*to++ = '\0';
	*room = to;
	if (quoted)
		take_char(at, '"');
	return quoted || strcmp(out, "NULL") != 0 ? out : NULL;
}

/* Upper bound of the number of elements. */
static size_t count_commas(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == ',';
	return count;
}

/* Behind the opening brace; NULL: empty or no array. Bounds like [0:1]= are skipped. */
static const char *open_array(const char *text)
{
	const char *equals = *text == '[' ? strchr(text, '=') : NULL;

	if (equals)
		text = equals + 1;
	return text[0] == '{' && text[1] != '}' ? text + 1 : NULL;
}

Strs db_parse_strs(Arena *mem, const char *text)
{
	const char *at = open_array(text);
	const char **list;
	size_t count = 0;
	char *room;

	if (!at)
		return (Strs){ 0 };
	list = NEW_ARRAY(mem, const char *, count_commas(at));
	room = arena_alloc(mem, strlen(at) + 2); /* each element ends where its comma stood */
	do
		list[count++] = take_element(&room, &at);
	while (take_char(&at, ','));
	return (Strs){ list, count };
}

Int64s db_parse_int64s(Arena *mem, const char *text)
{
	const char *at = open_array(text);
	int64_t *list;
	size_t count = 0;

	if (!at)
		return (Int64s){ 0 };
	list = NEW_ARRAY(mem, int64_t, count_commas(at));
	do {
		size_t length = strcspn(at, ",}");

		/* NULL leaves 0 */
		str_int64((Str){ at, length }, &list[count++]);
		at += length;
	} while (take_char(&at, ','));
	return (Int64s){ list, count };
}

int64_t db_value_rows(const PGresult *r)
{
	int64_t rows = 0;

	/* PQcmdTuples only reads, but was born without const */
	str_int64(str_of(PQcmdTuples((PGresult *)(uintptr_t)r)), &rows);
	return rows;
}

int64_t db_value_int64(const PGresult *r, int row, int column)
{
	int64_t value = 0;

	str_int64((Str){ PQgetvalue(r, row, column), (size_t)PQgetlength(r, row, column) }, &value);
	return value;
}

bool db_value_bool(const PGresult *r, int row, int column)
{
	return PQgetvalue(r, row, column)[0] == 't';
}

double db_value_double(const PGresult *r, int row, int column)
{
	return strtod(PQgetvalue(r, row, column), NULL);
}

int64_t db_value_time(const PGresult *r, int row, int column)
{
	return PQgetisnull(r, row, column) ? 0 : db_parse_time(PQgetvalue(r, row, column));
}

int32_t db_value_date(const PGresult *r, int row, int column)
{
	return PQgetisnull(r, row, column) ? INT32_MIN : db_parse_date(PQgetvalue(r, row, column));
}

const char *db_value_text(Arena *mem, const PGresult *r, int row, int column)
{
	(void)mem;
	return PQgetisnull(r, row, column) ? NULL : PQgetvalue(r, row, column);
}

Strs db_value_strs(Arena *mem, const PGresult *r, int row, int column)
{
	return db_parse_strs(mem, PQgetvalue(r, row, column));
}

Int64s db_value_int64s(Arena *mem, const PGresult *r, int row, int column)
{
	return db_parse_int64s(mem, PQgetvalue(r, row, column));
}

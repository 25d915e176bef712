/* What a line of the book says of each column, in the words of the screen. */
#include "core/br.h"
#include "core/clock.h"
#include "core/money.h"
#include "modules/audit/audit_view.h"
#include "modules/audit/audit_words.h"
#include "platform/db/db.h"

typedef struct Column {
	const char *name;
	const Field *field; /* NULL: nobody has words for it */
	const Words *words;
} Column;

/* One stored word: as its module calls it, as a permission is called, or as it stands. */
static const char *word_of(const Column *column, const char *text)
{
	const char *word = NULL;

	if (column->words && column->words->value)
		word = column->words->value(column->name, text);
	return word ? word : audit_perm_title(text);
}

/* A list as db_text_strs wrote it, or words between spaces. */
static const char *list_text(Ctx *cx, const Column *column, const char *text)
{
	Strs list = db_parse_strs(cx->mem, text);
	Str rest = str_of(text), word;
	Buf out;

	buf_init(&out, cx->mem, 64 << 10);
	if (text[0] == '{')
		for (size_t i = 0; i < list.count; i++)
			buf_printf(&out, "%s%s", i ? ", " : "", word_of(column, list.v[i]));
	else
		while (str_cut(&rest, ' ', &word))
			buf_printf(&out, "%s%s", out.len ? ", " : "",
				word_of(column, arena_copy(cx->mem, word.ptr, word.len)));
	return out.len ? buf_text(&out) : NULL;
}

/* {"Cor": "azul", …}: the clinic's own fields. */
static const char *object_text(Ctx *cx, const char *text)
{
	json_t *object, *value;
	const char *key;
	Buf out;

	if (json_parse(cx, str_of(text), &object) != OK)
		return text;
	buf_init(&out, cx->mem, 64 << 10);
	json_object_foreach(object, key, value)
	{
		buf_printf(&out, "%s%s: ", out.len ? ", " : "", key);
		if (json_is_number(value))
			buf_printf(&out, "%g", json_number_value(value));
		else if (json_is_boolean(value))
			buf_printf(&out, "%s", json_is_true(value) ? "sim" : "não");
		else if (json_is_string(value))
			buf_printf(&out, "%s", json_string_value(value));
	}
	return out.len ? buf_text(&out) : NULL;
}

static const char *text_said(Ctx *cx, const Column *column, const char *text)
{
	int32_t date;

	switch (column->field ? column->field->type : FIELD_TEXT) {
	case FIELD_DATE:
		return date_parse(text, &date) ? date_text(cx->mem, date) : text;
	case FIELD_PHONE:
		return phone_text(cx->mem, text);
	case FIELD_CPF:
		return cpf_text(cx->mem, text);
	case FIELD_CNPJ:
		return cnpj_text(cx->mem, text);
	case FIELD_TEXTS:
		return list_text(cx, column, text);
	case FIELD_JSON:
		return object_text(cx, text);
	default:
		return word_of(column, text);
	}
}

/* A person by name; anything else that has a number by that. */
static const char *id_said(Ctx *cx, const Column *column, const AuditView *view, int64_t id)
{
	static const char *const people[] = { "owner_id", "dentist_id", "user_id" };
	const char *number = arena_printf(cx->mem, "%" PRId64, id);

	for (size_t i = 0; i < COUNT(people); i++)
		for (size_t j = 0; !strcmp(people[i], column->name) && j < view->user_count; j++)
			if (!strcmp(view->user[j].value, number))
				return view->user[j].label;
	return arena_printf(cx->mem, "nº %s", number);
}

static const char *number_said(Ctx *cx, const Column *column, const AuditView *view, int64_t value)
{
	switch (column->field ? column->field->type : FIELD_INT) {
	case FIELD_MONEY:
		return money_text(cx->mem, value);
	case FIELD_BOOL:
		return value ? "sim" : "não";
	case FIELD_DATE:
		return value == DATE_NONE ? NULL : date_text(cx->mem, (int32_t)value);
	case FIELD_TIME:
		return value ? time_text(cx->mem, value, cx->zone) : NULL;
	case FIELD_ID:
		return value ? id_said(cx, column, view, value) : NULL;
	default:
		return arena_printf(cx->mem, "%" PRId64, value);
	}
}

static const char *said(Ctx *cx, const Column *column, const AuditView *view, const json_t *value)
{
	if (json_is_integer(value))
		return number_said(cx, column, view, (int64_t)json_integer_value(value));
	return json_is_string(value)
		       ? text_said(cx, column, arena_dup(cx->mem, json_string_value(value)))
		       : NULL;
}

void audit_diff_lines(
	Ctx *cx, const AuditView *view, const char *subject, const char *text, AuditRow *row)
{
	const char *name;
	json_t *object, *pair;
	AuditDiff *diff;

	if (!text || json_parse(cx, str_of(text), &object) != OK || !json_is_object(object))
		return;
	diff = NEW_ARRAY(cx->mem, AuditDiff, json_object_size(object) + 1);
	json_object_foreach(object, name, pair)
	{
		Column column = { .name = arena_dup(cx->mem, name) };

		if (!json_is_array(
			    pair)) /* what is no difference: acts once wrote themselves whole */
			continue;
		column.field = audit_column(subject, name, &column.words);
		diff[row->diff_count++] =
			(AuditDiff){ audit_column_title(cx->mem, subject, column.name),
				said(cx, &column, view, json_array_get(pair, 0)),
				said(cx, &column, view, json_array_get(pair, 1)) };
	}
	row->diff = diff;
}

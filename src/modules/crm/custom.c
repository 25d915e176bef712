/* Fields that a company adds to its leads: the values are one JSON object, checked against the
 * company's definitions; what it has not defined is refused. */
#include "core/clock.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"

enum { CUSTOM_TEXT_MAX = 500 };

static Err refuse(Ctx *cx, const char *key, const char *sentence)
{
	return err_field(cx, arena_printf(cx->mem, "custom.%s", key), sentence);
}

/* The stored form of a value: numbers and texts stay texts, dates become ISO. */
static Err check_value(Ctx *cx, const SqlCrmFields *field, const char *text, const char **ret)
{
	int32_t date;
	char *end;

	*ret = text;
	if (str_utf8_length(str_of(text)) > CUSTOM_TEXT_MAX)
		return refuse(cx, field->key, "No máximo 500 caracteres.");
	if (!strcmp(field->type, "choice") && !strs_have(field->choices, text))
		return refuse(cx, field->key, "Escolha uma opção da lista.");
	if (!strcmp(field->type, "date")) {
		if (!date_parse(text, &date))
			return refuse(cx, field->key, "Data no formato 22/11/2026.");
		*ret = date_text_iso(cx->mem, date);
	}
	if (!strcmp(field->type, "number")) {
		char *dotted = arena_dup(cx->mem, text);

		for (char *c = dotted; *c; c++)
			if (*c == ',')
				*c = '.';
		(void)strtod(dotted, &end);
		if (*end || end == dotted || strspn(dotted, "-0123456789.") != strlen(dotted))
			return refuse(cx, field->key, "Use só números, por exemplo 12,5.");
		*ret = dotted;
	}
	return OK;
}

/* The name came from outside: it is shown to who sent it, but does not stand in the log. */
static Err refuse_unknown(Ctx *cx, const char *name)
{
	if (cx->bad_count < BAD_FIELDS_MAX)
		cx->bad[cx->bad_count++] =
			(BadField){ arena_printf(cx->mem, "custom.%s", str_head(cx->mem, name, 64)),
				"Campo desconhecido." };
	return err_set(cx, ERR_INVALID, "custom has a name that no field knows");
}

/* Refused instead of dropped: who sends it would believe that it was kept. */
static Err check_members(Ctx *cx, json_t *object, const SqlCrmFields *field, size_t count)
{
	const char *name;
	json_t *value;
	Err err = OK;

	json_object_foreach(object, name, value)
	{
		size_t i = 0;

		while (i < count && strcmp(field[i].key, name) != 0)
			i++;
		if (i == count)
			err = refuse_unknown(cx, name);
		else if (!json_is_string(value) && !json_is_number(value) && !json_is_null(value))
			err = refuse(cx, name, "Esperado um texto ou um número.");
	}
	return err;
}

static const char *text_of(Ctx *cx, const json_t *value)
{
	if (json_is_string(value))
		return json_string_value(value)[0] ? json_string_value(value) : NULL;
	if (json_is_integer(value))
		return arena_printf(cx->mem, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
	if (json_is_real(value))
		return arena_printf(cx->mem, "%.10g", json_real_value(value));
	return NULL;
}

Err custom_check(Ctx *cx, const char *custom, const char **ret)
{
	SqlCrmFields *field;
	size_t count;

	TRY(sql_crm_fields(cx, &field, &count));
	return custom_check_by(cx, field, count, custom, ret);
}

Err custom_check_by(
	Ctx *cx, const SqlCrmFields *field, size_t count, const char *custom, const char **ret)
{
	json_t *object = NULL;
	Json out;
	Err err;

	if (custom)
		TRY(json_parse(cx, str_of(custom), &object));
	err = check_members(cx, object, field, count);
	json_init(&out, cx->mem);
	json_put_object(&out, NULL);
	for (size_t i = 0; i < count; i++) {
		const char *text = text_of(cx, json_object_get(object, field[i].key));
		const char *stored;

		if (!text && field[i].required && field[i].active && custom)
			err = refuse(cx, field[i].key, "Preencha este campo.");
		if (!text)
			continue;
		if (check_value(cx, &field[i], text, &stored) != OK)
			err = ERR_INVALID;
		else
			json_put_text(&out, field[i].key, stored);
	}
	*ret = json_done(&out);
	return err;
}

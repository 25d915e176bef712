/* API bodies by the same rows as forms. A value of the wrong JSON type is told so; the rest of the
 * checking is form_field.c's. */
#include "platform/web/form_json.h"

#include "platform/web/form_field.h"

/* ---- reading ---- */

static bool is_text_type(FieldType type)
{
	switch (type) {
	case FIELD_INT:
	case FIELD_MONEY:
	case FIELD_ID:
	case FIELD_BOOL:
	case FIELD_TEXTS:
	case FIELD_IDS:
	case FIELD_JSON:
		return false;
	default:
		return true;
	}
}

/* The text of a JSON string; NULL: it has a NUL inside and is longer than it looks. */
static const char *whole_text(json_t *value)
{
	const char *text = json_string_value(value);

	return strlen(text) == json_string_length(value) ? text : NULL;
}

static const char *set_string(Ctx *cx, const Field *field, json_t *value, void *in)
{
	const char *text;

	if (!json_is_string(value))
		return "Esperado um texto (JSON string).";
	text = whole_text(value);
	return text ? field_set_text(cx, field, text, in)
		    : "Tem caracteres que não podem ser usados aqui.";
}

static const char *set_number(Ctx *cx, const Field *field, json_t *value, void *in)
{
	if (!json_is_integer(value))
		return field->type == FIELD_MONEY ? "Esperado um número inteiro de centavos."
						  : "Esperado um número inteiro.";
	return field_set_number(cx, field, json_integer_value(value), in);
}

static const char *set_bool(const Field *field, json_t *value, void *in)
{
	if (!json_is_boolean(value))
		return "Esperado true ou false.";
	*(bool *)field_at(field, in) = json_is_true(value);
	return field->required && json_is_false(value) ? "Marque para continuar." : NULL;
}

static const char *set_texts(Ctx *cx, const Field *field, json_t *value, void *in)
{
	size_t count = json_array_size(value);
	const char **text = NEW_ARRAY(cx->mem, const char *, count + 1);

	for (size_t i = 0; i < count; i++) {
		json_t *item = json_array_get(value, i);

		text[i] = json_is_string(item) ? whole_text(item) : NULL;
		if (!text[i])
			return "Esperada uma lista de textos.";
	}
	return field_set_texts(cx, field, (Strs){ text, count }, in);
}

static const char *set_ids(Ctx *cx, const Field *field, json_t *value, void *in)
{
	size_t count = json_array_size(value);
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, count + 1);

	for (size_t i = 0; i < count; i++) {
		json_t *item = json_array_get(value, i);

		if (!json_is_integer(item))
			return "Esperada uma lista de números inteiros.";
		id[i] = json_integer_value(item);
	}
	return field_set_ids(cx, field, (Int64s){ id, count }, in);
}

/* Strings and names inside must be as clean as any other input. Depth is json_parse's limit. */
static bool is_clean(json_t *value)
{
	const char *name;
	json_t *member;
	size_t i;

	if (json_is_string(value))
		return str_is_clean_utf8(
			(Str){ json_string_value(value), json_string_length(value) });
	json_array_foreach(value, i, member) if (!is_clean(member)) return false;
	json_object_foreach(value, name,
		member) if (!str_is_clean_utf8(str_of(name)) || !is_clean(member)) return false;
	return true;
}

static const char *set_object(Ctx *cx, const Field *field, json_t *value, void *in)
{
	const char *text;

	if (!json_is_object(value))
		return "Esperado um objeto (JSON object).";
	if (!is_clean(value))
		return "Tem caracteres que não podem ser usados aqui.";
	if (!json_object_size(value))
		return field_set_empty(cx, field, in);
	text = json_tree_text(cx->mem, value, FORM_JSON_MAX);
	if (!text)
		return "O objeto passa do tamanho permitido.";
	*(const char **)field_at(field, in) = text;
	return NULL;
}

static const char *set_field(Ctx *cx, const Field *field, json_t *value, void *in)
{
	if (!value || json_is_null(value)) {
		if (field->type == FIELD_TEXTS)
			return field_set_texts(cx, field, (Strs){ NULL, 0 }, in);
		if (field->type == FIELD_IDS)
			return field_set_ids(cx, field, (Int64s){ NULL, 0 }, in);
		return field_set_empty(cx, field, in);
	}
	if (is_text_type(field->type))
		return set_string(cx, field, value, in);
	if (field->type == FIELD_BOOL)
		return set_bool(field, value, in);
	if (field->type == FIELD_JSON)
		return set_object(cx, field, value, in);
	if (field->type != FIELD_TEXTS && field->type != FIELD_IDS)
		return set_number(cx, field, value, in);
	if (!json_is_array(value))
		return "Esperada uma lista (JSON array).";
	return field->type == FIELD_TEXTS ? set_texts(cx, field, value, in)
					  : set_ids(cx, field, value, in);
}

/* The name came from outside: it may be shown to who sent it, but not stand in the log. */
static void refuse_name(Ctx *cx, const char *name)
{
	if (cx->bad_count < BAD_FIELDS_MAX)
		cx->bad[cx->bad_count++] =
			(BadField){ str_is_clean_utf8(str_of(name)) ? str_head(cx->mem, name, 64)
								    : "?",
				"Campo desconhecido." };
	(void)err_set(cx, ERR_INVALID, "body has a member that no field knows");
}

static bool names_are_known(Ctx *cx, json_t *body, const Field *field, size_t count)
{
	const char *name;
	json_t *value;
	bool good = true;

	json_object_foreach(body, name, value)
	{
		size_t i = 0;

		while (i < count && strcmp(field[i].name, name))
			i++;
		if (i == count) {
			refuse_name(cx, name);
			good = false;
		}
	}
	return good;
}

static bool fill(Ctx *cx, json_t *body, const Field *field, size_t count, void *in, bool some)
{
	bool good;

	if (!json_is_object(body)) {
		(void)err_tell(cx, ERR_INVALID, "Esperado um objeto (JSON object).",
			"body is no JSON object");
		return false;
	}
	good = names_are_known(cx, body, field, count);
	for (size_t i = 0; i < count; i++) {
		json_t *value = json_object_get(body, field[i].name);
		const char *sentence = NULL;

		if (value || !some)
			sentence = set_field(cx, &field[i], value, in);
		if (sentence) {
			(void)err_field(cx, field[i].name, sentence);
			good = false;
		}
	}
	return good;
}

bool form_fill_json(Ctx *cx, json_t *body, const Field *field, size_t count, void *in)
{
	return fill(cx, body, field, count, in, /* some= */ false);
}

bool form_fill_json_some(Ctx *cx, json_t *body, const Field *field, size_t count, void *in)
{
	return fill(cx, body, field, count, in, /* some= */ true);
}

/* ---- writing ---- */

static int64_t number_at(const OutField *out, const void *at)
{
	return out->size == sizeof(int32_t) ? *(const int32_t *)at : *(const int64_t *)at;
}

static void put_texts(Json *j, const char *name, const Strs *list)
{
	json_put_array(j, name);
	for (size_t i = 0; i < list->count; i++)
		json_put_text(j, NULL, list->v[i]);
	json_close(j);
}

static void put_rows(Json *j, const OutField *out, const Rows *rows)
{
	json_put_array(j, out->name);
	for (size_t i = 0; i < rows->count; i++) {
		json_put_object(j, NULL);
		json_put_out(
			j, out->row, out->row_count, (const char *)rows->v + i * out->row_size);
		json_close(j);
	}
	json_close(j);
}

static void put_one(Json *j, const OutField *out, const void *at)
{
	const char *text;
	int64_t number;

	switch (out->type) {
	case OUT_TEXT:
		json_put_text(j, out->name, *(const char *const *)at);
		break;
	case OUT_JSON:
		text = *(const char *const *)at;
		if (text)
			json_put_raw(j, out->name, text);
		else
			json_put_null(j, out->name);
		break;
	case OUT_BOOL:
		json_put_bool(j, out->name, *(const bool *)at);
		break;
	case OUT_DATE:
		if (*(const int32_t *)at == DATE_NONE)
			json_put_null(j, out->name);
		else
			json_put_date(j, out->name, *(const int32_t *)at);
		break;
	case OUT_TEXTS:
		put_texts(j, out->name, at);
		break;
	case OUT_ROWS:
		put_rows(j, out, at);
		break;
	case OUT_TIME:
		json_put_time(j, out->name, number_at(out, at));
		break;
	default:
		number = number_at(out, at);
		if (out->type == OUT_ID && !number)
			json_put_null(j, out->name);
		else
			json_put_int(j, out->name, number);
	}
}

void json_put_out(Json *j, const OutField *out, size_t count, const void *row)
{
	for (size_t i = 0; i < count; i++)
		put_one(j, &out[i], (const char *)row + out[i].offset);
}

/* One row for each type, so that JSON Schema and the words for people cannot drift apart. */
#include "platform/web/openapi_schema.h"

typedef struct TypeRow {
	const char *type;   /* of JSON */
	const char *format; /* of JSON Schema */
	const char *note;   /* Portuguese: what the type alone does not say */
	const char *words;  /* Portuguese: the type for people */
	bool empties;       /* may be null when it is not required */
} TypeRow;

/* clang-format off */
static const TypeRow in_types[] = {
	[FIELD_TEXT] = { "string", NULL, NULL, "texto", true },
	[FIELD_LONG] = { "string", NULL, "Pode ter várias linhas.", "texto longo", true },
	[FIELD_SECRET] = { "string", "password", NULL, "segredo", true },
	[FIELD_EMAIL] = { "string", "email", NULL, "e-mail", true },
	[FIELD_PHONE] = { "string", NULL, "Telefone com DDD; guardado como E.164 (+5511987654321).",
		"telefone", true },
	[FIELD_CPF] = { "string", NULL, "11 dígitos; pontos e traço são aceitos.", "CPF", true },
	[FIELD_CNPJ] = { "string", NULL,
		"14 caracteres, letras também; pontos, barra e traço são aceitos.", "CNPJ", true },
	[FIELD_COLOR] = { "string", NULL, "#rrggbb", "cor", true },
	[FIELD_CHOICE] = { "string", NULL, NULL, "escolha", true },
	[FIELD_INT] = { "integer", "int64", NULL, "número inteiro", true },
	[FIELD_MONEY] = { "integer", "int64", "Em centavos de real.", "centavos", true },
	[FIELD_ID] = { "integer", "int64", NULL, "id", true },
	[FIELD_BOOL] = { "boolean", NULL, NULL, "sim ou não", true },
	[FIELD_DATE] = { "string", "date", NULL, "data", true },
	[FIELD_TIME] = { "string", "date-time",
		"Com deslocamento; sem ele, no fuso da clínica.", "data e hora", true },
	[FIELD_TEXTS] = { "array", NULL, NULL, "lista de textos", true },
	[FIELD_IDS] = { "array", NULL, NULL, "lista de ids", true },
	[FIELD_JSON] = { "object", NULL, "Campos personalizados, por chave.", "objeto", true },
};

static const TypeRow out_types[] = {
	[OUT_TEXT] = { "string", NULL, NULL, "texto", true },
	[OUT_INT] = { "integer", "int64", NULL, "número inteiro", false },
	[OUT_MONEY] = { "integer", "int64", "Em centavos de real.", "centavos", false },
	[OUT_ID] = { "integer", "int64", NULL, "id", true },
	[OUT_BOOL] = { "boolean", NULL, NULL, "sim ou não", false },
	[OUT_DATE] = { "string", "date", NULL, "data", true },
	[OUT_TIME] = { "string", "date-time", NULL, "data e hora (UTC)", true },
	[OUT_TEXTS] = { "array", NULL, NULL, "lista de textos", false },
	[OUT_JSON] = { "object", NULL, NULL, "objeto", true },
	[OUT_ROWS] = { "array", NULL, NULL, "lista de objetos", false },
};
/* clang-format on */

bool field_is_required(const Field *field)
{
	bool text = field->type == FIELD_TEXT || field->type == FIELD_LONG ||
		    field->type == FIELD_SECRET;

	return field->required || (text && field->min > 0);
}

static void put_type(Json *j, const TypeRow *row, bool may_be_null)
{
	if (may_be_null) {
		json_put_array(j, "type");
		json_put_text(j, NULL, row->type);
		json_put_text(j, NULL, "null");
		json_close(j);
	} else {
		json_put_text(j, "type", row->type);
	}
	if (row->format)
		json_put_text(j, "format", row->format);
}

static void put_note(Json *j, const char *note)
{
	if (note)
		json_put_text(j, "description", note);
}

static void put_choices(Json *j, const char *choices, bool may_be_null)
{
	Str rest = str_of(choices), word;
	char text[128];

	json_put_array(j, "enum");
	while (str_cut(&rest, ' ', &word)) {
		if (!word.len || word.len >= sizeof(text))
			continue;
		memcpy(text, word.ptr, word.len);
		text[word.len] = '\0';
		json_put_text(j, NULL, text);
	}
	if (may_be_null)
		json_put_null(j, NULL);
	json_close(j);
}

static void put_text_limits(Json *j, const Field *field)
{
	if (field->min > 0)
		json_put_int(j, "minLength", field->min);
	if (field->max > 0)
		json_put_int(j, "maxLength", field->max);
}

static void put_number_limits(Json *j, const Field *field)
{
	if (field->type == FIELD_ID) {
		json_put_int(j, "minimum", 1);
		return;
	}
	if (field->min || field->max) {
		json_put_int(j, "minimum", field->min);
		json_put_int(j, "maximum", field->max);
	}
}

static void put_items(Json *j, const Field *field)
{
	json_put_object(j, "items");
	if (field->type == FIELD_IDS) {
		json_put_text(j, "type", "integer");
		json_put_text(j, "format", "int64");
		json_put_int(j, "minimum", 1);
	} else {
		json_put_text(j, "type", "string");
		if (field->choices)
			put_choices(j, field->choices, false);
	}
	json_close(j);
	if (field->min > 0)
		json_put_int(j, "minItems", field->min);
	if (field->max > 0)
		json_put_int(j, "maxItems", field->max);
}

void schema_of_field(Json *j, const Field *field)
{
	const TypeRow *row = &in_types[field->type];
	bool may_be_null = row->empties && !field_is_required(field);

	put_type(j, row, may_be_null);
	json_put_text(j, "title", field->title);
	put_note(j, row->note);
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_LONG:
		put_text_limits(j, field);
		break;
	case FIELD_SECRET:
		put_text_limits(j, field);
		json_put_bool(j, "writeOnly", true);
		break;
	case FIELD_COLOR:
		json_put_text(j, "pattern", "^#?[0-9a-fA-F]{6}$");
		break;
	case FIELD_CHOICE:
		put_choices(j, field->choices, may_be_null);
		break;
	case FIELD_INT:
	case FIELD_MONEY:
	case FIELD_ID:
		put_number_limits(j, field);
		break;
	case FIELD_TEXTS:
	case FIELD_IDS:
		put_items(j, field);
		break;
	default:
		break;
	}
}

void schema_of_row(Json *j, const OutField *out, size_t count)
{
	json_put_text(j, "type", "object");
	json_put_array(j, "required");
	for (size_t i = 0; i < count; i++)
		json_put_text(j, NULL, out[i].name);
	json_close(j);
	json_put_object(j, "properties");
	for (size_t i = 0; i < count; i++) {
		json_put_object(j, out[i].name);
		schema_of_out(j, &out[i]);
		json_close(j);
	}
	json_close(j);
}

void schema_of_out(Json *j, const OutField *out)
{
	const TypeRow *row = &out_types[out->type];

	put_type(j, row, row->empties);
	json_put_text(j, "title", out->title);
	put_note(j, row->note);
	if (out->type == OUT_TEXTS) {
		json_put_object(j, "items");
		json_put_text(j, "type", "string");
		json_close(j);
	}
	if (out->type == OUT_ROWS) {
		json_put_object(j, "items");
		schema_of_row(j, out->row, out->row_count);
		json_close(j);
	}
}

/* ---- for people ---- */

static bool counts_characters(FieldType type)
{
	return type == FIELD_TEXT || type == FIELD_LONG || type == FIELD_SECRET;
}

const char *schema_words(Arena *mem, const Field *field)
{
	const char *words = in_types[field->type].words;

	if (field->choices)
		return arena_printf(mem, "%s: %s", words, field->choices);
	if (counts_characters(field->type) && field->max > 0)
		return arena_printf(mem, "%s, até %" PRId64 " caracteres", words, field->max);
	if ((field->type == FIELD_INT || field->type == FIELD_MONEY) && (field->min || field->max))
		return arena_printf(
			mem, "%s, de %" PRId64 " a %" PRId64, words, field->min, field->max);
	return words;
}

const char *schema_out_words(const OutField *out)
{
	return out_types[out->type].words;
}

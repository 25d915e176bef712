/* Forms as browsers send them: decoded once into pairs, then read by a table of fields. What a
 * value must look like stands in form_field.c. */
#include "platform/web/form.h"

#include "platform/json/json.h"
#include "platform/web/form_field.h"

#define BROKEN "O formulário chegou incompleto. Volte e tente de novo."

const char *form_value(const Form *form, const char *name)
{
	for (size_t i = form->count; i > 0; i--)
		if (!strcmp(form->pair[i - 1].name, name))
			return form->pair[i - 1].value;
	return NULL;
}

Strs form_values(const Form *form, Arena *mem, const char *name)
{
	const char **value;
	size_t count = 0;

	for (size_t i = 0; i < form->count; i++)
		count += !strcmp(form->pair[i].name, name);
	if (!count)
		return (Strs){ NULL, 0 };
	value = NEW_ARRAY(mem, const char *, count);
	count = 0;
	for (size_t i = 0; i < form->count; i++)
		if (!strcmp(form->pair[i].name, name))
			value[count++] = form->pair[i].value;
	return (Strs){ value, count };
}

/* ---- decoding ---- */

static int hex_value(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
				      : -1;
}

/* U+202A-E, U+2066-9 and U+FEFF: invisible, and pasted by nobody on purpose. */
static bool is_direction_mark(const unsigned char *p, size_t left)
{
	if (left < 3)
		return false;
	if (p[0] == 0xE2 && p[1] == 0x80)
		return p[2] >= 0xAA && p[2] <= 0xAE;
	if (p[0] == 0xE2 && p[1] == 0x81)
		return p[2] >= 0xA6 && p[2] <= 0xA9;
	return p[0] == 0xEF && p[1] == 0xBB && p[2] == 0xBF;
}

static size_t drop_direction_marks(char *text, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < size;) {
		if (is_direction_mark((unsigned char *)text + i, size - i))
			i += 3;
		else
			text[n++] = text[i++];
	}
	return n;
}

const char *form_decode(Arena *mem, Str piece)
{
	char *text = arena_alloc(mem, piece.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < piece.len; i++) {
		char c = piece.ptr[i];

		if (c == '+') {
			c = ' ';
		} else if (c == '%') {
			int high = i + 2 < piece.len ? hex_value(piece.ptr[i + 1]) : -1;
			int low = i + 2 < piece.len ? hex_value(piece.ptr[i + 2]) : -1;

			if (high < 0 || low < 0)
				return NULL;
			c = (char)(high << 4 | low);
			i += 2;
		}
		text[n++] = c;
	}
	n = drop_direction_marks(text, n);
	text[n] = '\0';
	return str_is_clean_utf8((Str){ text, n }) ? text : NULL;
}

static size_t count_pieces(Str body)
{
	size_t count = 1;

	for (size_t i = 0; i < body.len; i++)
		count += body.ptr[i] == '&';
	return count;
}

Err form_parse(Ctx *cx, Str body, Form *ret)
{
	size_t most = count_pieces(body), count = 0;
	FormPair *pair;
	Str piece;

	if (most > FORM_PAIRS_MAX)
		return err_tell(cx, ERR_BAD_REQUEST, BROKEN, "form has %zu pairs", most);
	pair = NEW_ARRAY(cx->mem, FormPair, most);
	while (str_cut(&body, '&', &piece)) {
		Str value = piece, name;

		if (!piece.len)
			continue;
		str_cut(&value, '=', &name);
		pair[count].name = form_decode(cx->mem, name);
		pair[count].value = form_decode(cx->mem, value.ptr ? value : (Str){ "", 0 });
		if (!pair[count].name || !pair[count].value)
			return err_tell(cx, ERR_BAD_REQUEST, BROKEN,
				"form pair %zu is not clean UTF-8", count);
		count++;
	}
	*ret = (Form){ pair, count };
	return OK;
}

/* ---- filling ---- */

/* The key of "name.key", or NULL when sent is no member of the field. */
static const char *member_key(const char *sent, const char *name)
{
	size_t length = strlen(name);

	return !strncmp(sent, name, length) && sent[length] == '.' && sent[length + 1]
		       ? sent + length + 1
		       : NULL;
}

static bool was_sent(const Form *form, const Field *field)
{
	for (size_t i = 0; i < form->count; i++) {
		const char *name = form->pair[i].name;

		if (!strcmp(name, field->name) ||
			(field->type == FIELD_JSON && member_key(name, field->name)))
			return true;
	}
	return false;
}

/* A later pair of the same name takes the place of an earlier one. */
static bool is_last(const Form *form, size_t i)
{
	for (size_t k = i + 1; k < form->count; k++)
		if (!strcmp(form->pair[k].name, form->pair[i].name))
			return false;
	return true;
}

/* name.key=value … as a JSON object; an emptied member is null. */
static const char *set_members(Ctx *cx, const Form *form, const Field *field, void *in)
{
	size_t size = 0, count = 0;
	Json j;

	json_init(&j, cx->mem);
	json_put_object(&j, NULL);
	for (size_t i = 0; i < form->count; i++) {
		const char *key = member_key(form->pair[i].name, field->name);
		Str value = str_trim(str_of(form->pair[i].value));

		if (!key || !is_last(form, i))
			continue;
		size += strlen(key) + value.len;
		if (size > FORM_JSON_MAX)
			return "Os campos juntos passam do tamanho permitido.";
		if (value.len)
			json_put_text(&j, key, arena_copy(cx->mem, value.ptr, value.len));
		else
			json_put_null(&j, key);
		count++;
	}
	if (!count)
		return field_set_empty(cx, field, in);
	*(const char **)field_at(field, in) = json_done(&j);
	return NULL;
}

static const char *set_ids(Ctx *cx, const Form *form, const Field *field, void *in)
{
	Strs texts = form_values(form, cx->mem, field->name);
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, texts.count + 1);
	size_t count = 0;

	for (size_t i = 0; i < texts.count; i++) {
		Str s = str_trim(str_of(texts.v[i]));

		if (s.len && !str_int64(s, &id[count++]))
			return "Escolha entre as opções.";
	}
	return field_set_ids(cx, field, (Int64s){ id, count }, in);
}

static const char *set_field(Ctx *cx, const Form *form, const Field *field, void *in)
{
	switch (field->type) {
	case FIELD_TEXTS:
		return field_set_texts(cx, field, form_values(form, cx->mem, field->name), in);
	case FIELD_IDS:
		return set_ids(cx, form, field, in);
	case FIELD_JSON:
		return set_members(cx, form, field, in);
	default:
		return field_set_text(cx, field, form_value(form, field->name), in);
	}
}

bool form_fill(Ctx *cx, const Form *form, const Field *field, size_t count, void *in)
{
	bool good = true;

	for (size_t i = 0; i < count; i++) {
		const char *sentence = set_field(cx, form, &field[i], in);

		if (sentence) {
			err_field(cx, field[i].name, sentence);
			good = false;
		}
	}
	return good;
}

bool form_fill_some(Ctx *cx, const Form *form, const Field *field, size_t count, void *in)
{
	bool good = true;

	for (size_t i = 0; i < count; i++)
		if (was_sent(form, &field[i]) && !form_fill(cx, form, &field[i], 1, in))
			good = false;
	return good;
}

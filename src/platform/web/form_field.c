/* What each kind of field accepts, and what it answers to anything else. Sentences say what to do,
 * with an example, as a colleague at the front desk would. */
#include "platform/web/form_field.h"

#include "core/br.h"
#include "core/clock.h"
#include "core/money.h"
#include "platform/web/form_words.h"

/* Dates outside are slips of the hand (0206 for 2006), unless the field's row says otherwise. */
enum { YEAR_LEAST = 1850, YEAR_MOST = 2199 };

#define NOT_A_CHOICE "Escolha uma das opções."
#define ODD_BYTES    "Tem caracteres que não podem ser usados aqui."

static void put_text(const Field *field, void *in, const char *text)
{
	*(const char **)field_at(field, in) = text;
}

static bool is_must(const Field *field)
{
	bool text = field->type == FIELD_TEXT || field->type == FIELD_LONG ||
		    field->type == FIELD_SECRET;

	return field->required || (text && field->min > 0);
}

const char *field_missing(Ctx *cx, const Field *field)
{
	bool choose = field->type == FIELD_CHOICE || field->type == FIELD_ID ||
		      field->type == FIELD_IDS || (field->type == FIELD_TEXTS && field->choices);

	if (field->type == FIELD_BOOL)
		return "Marque para continuar.";
	return arena_printf(cx->mem, "%s %s.", choose ? "Escolha" : "Informe",
		words_with_article(cx->mem, field->title));
}

const char *field_set_empty(Ctx *cx, const Field *field, void *in)
{
	if (is_must(field))
		return field_missing(cx, field);
	switch (field->type) {
	case FIELD_INT:
	case FIELD_MONEY:
	case FIELD_ID:
	case FIELD_TIME:
		*(int64_t *)field_at(field, in) = 0;
		break;
	case FIELD_BOOL:
		*(bool *)field_at(field, in) = false;
		break;
	case FIELD_DATE:
		*(int32_t *)field_at(field, in) = DATE_NONE;
		break;
	case FIELD_TEXTS:
		*(Strs *)field_at(field, in) = (Strs){ NULL, 0 };
		break;
	case FIELD_IDS:
		*(Int64s *)field_at(field, in) = (Int64s){ NULL, 0 };
		break;
	default:
		put_text(field, in, NULL);
	}
	return NULL;
}

static const char *characters(Ctx *cx, const char *bound, int64_t count)
{
	return arena_printf(cx->mem, "%s %s %s.", bound, number_text(cx->mem, count),
		count == 1 ? "caractere" : "caracteres");
}

static const char *check_length(Ctx *cx, const Field *field, const char *text)
{
	int64_t length = (int64_t)str_utf8_length(str_of(text));

	if (length < field->min)
		return characters(cx, "Pelo menos", field->min);
	if (field->max > 0 && length > field->max)
		return characters(cx, "No máximo", field->max);
	return NULL;
}

/* One line: tabs and line ends inside become spaces. */
static char *one_line(Arena *mem, Str s)
{
	char *line = arena_copy(mem, s.ptr, s.len);

	for (char *at = line; *at; at++)
		if (*at == '\t' || *at == '\n' || *at == '\r')
			*at = ' ';
	return line;
}

/* Several lines: line ends become \n. */
static char *many_lines(Arena *mem, Str s)
{
	char *text = arena_alloc(mem, s.len + 1);
	size_t n = 0;

	for (size_t i = 0; i < s.len; i++) {
		bool carriage_return = s.ptr[i] == '\r';

		if (carriage_return && i + 1 < s.len && s.ptr[i + 1] == '\n')
			continue;
		text[n++] = carriage_return ? '\n' : s.ptr[i];
	}
	text[n] = '\0';
	return text;
}

static const char *set_plain(Ctx *cx, const Field *field, Str s, void *in)
{
	const char *text, *sentence;

	text = field->type == FIELD_TEXT   ? one_line(cx->mem, s)
	       : field->type == FIELD_LONG ? many_lines(cx->mem, s)
					   : arena_copy(cx->mem, s.ptr, s.len);
	sentence = check_length(cx, field, text);
	if (!sentence)
		put_text(field, in, text);
	return sentence;
}

static const char *set_phone(Ctx *cx, const Field *field, const char *text, void *in)
{
	char e164[17];

	if (phone_parse(text, e164) != PHONE_INVALID) {
		put_text(field, in, arena_dup(cx->mem, e164));
		return NULL;
	}
	if (phone_suggest(text, e164))
		return arena_printf(
			cx->mem, "Falta o nono dígito? Quer dizer %s?", phone_text(cx->mem, e164));
	return "Telefone com DDD, por exemplo (11) 98765-4321.";
}

static const char *set_email(Ctx *cx, const Field *field, const char *text, void *in)
{
	char email[255];

	if (!email_parse(text, email))
		return "E-mail completo, por exemplo nome@exemplo.com.br.";
	put_text(field, in, arena_dup(cx->mem, email));
	return NULL;
}

static const char *set_identifier(Ctx *cx, const Field *field, const char *text, void *in)
{
	char cpf[12], cnpj[15];

	if (field->type == FIELD_CPF) {
		if (!cpf_parse(text, cpf))
			return "CPF não confere: verifique os dígitos.";
		put_text(field, in, arena_dup(cx->mem, cpf));
		return NULL;
	}
	if (!cnpj_parse(text, cnpj))
		return "CNPJ não confere: verifique os dígitos.";
	put_text(field, in, arena_dup(cx->mem, cnpj));
	return NULL;
}

static const char *set_color(Ctx *cx, const Field *field, Str s, void *in)
{
	char *color;

	if (s.len && s.ptr[0] == '#')
		s = (Str){ s.ptr + 1, s.len - 1 };
	if (s.len != 6 || strspn(s.ptr, "0123456789abcdefABCDEF") < 6)
		return "Cor com seis dígitos, por exemplo #1a7f5a.";
	color = arena_printf(cx->mem, "#%.6s", s.ptr);
	for (char *at = color; *at; at++)
		if (*at >= 'A' && *at <= 'F')
			*at = (char)(*at + 32);
	put_text(field, in, color);
	return NULL;
}

/* The choice as it stands in the row, or NULL. */
static const char *find_choice(Ctx *cx, const char *choices, Str wanted)
{
	Str rest = str_of(choices), word;

	while (wanted.len && str_cut(&rest, ' ', &word))
		if (word.len == wanted.len && !memcmp(word.ptr, wanted.ptr, word.len))
			return arena_copy(cx->mem, word.ptr, word.len);
	return NULL;
}

static const char *set_choice(Ctx *cx, const Field *field, Str s, void *in)
{
	const char *choice = find_choice(cx, field->choices, s);

	if (!choice)
		return NOT_A_CHOICE;
	put_text(field, in, choice);
	return NULL;
}

/* Browsers say on, APIs and imports true or sim. */
static const char *set_bool(Ctx *cx, const Field *field, const char *text, void *in)
{
	static const char *const yes[] = { "1", "on", "true", "sim", "s", "verdadeiro", "x" };
	static const char *const no[] = { "0", "off", "false", "nao", "n", "falso" };
	const char *word = str_fold(cx->mem, text);
	bool *at = field_at(field, in);

	for (size_t i = 0; i < COUNT(yes); i++) {
		if (!strcmp(word, yes[i])) {
			*at = true;
			return NULL;
		}
	}
	for (size_t i = 0; i < COUNT(no); i++) {
		if (!strcmp(word, no[i])) {
			*at = false;
			return field->required ? field_missing(cx, field) : NULL;
		}
	}
	return "Responda sim ou não.";
}

/* Text of a bound as the person would type it. */
static const char *bound_text(Ctx *cx, const Field *field, int64_t bound)
{
	switch (field->type) {
	case FIELD_MONEY:
		return money_text(cx->mem, bound);
	case FIELD_DATE:
		return date_text(cx->mem, (int32_t)bound);
	case FIELD_TIME:
		return time_text(cx->mem, bound, cx->zone);
	default:
		return number_text(cx->mem, bound);
	}
}

static const char *check_bounds(Ctx *cx, const Field *field, int64_t value)
{
	bool when = field->type == FIELD_DATE || field->type == FIELD_TIME;

	if (!field->min && !field->max)
		return NULL;
	if (value < field->min)
		return arena_printf(cx->mem, "%s %s.", when ? "A partir de" : "No mínimo",
			bound_text(cx, field, field->min));
	if (value > field->max)
		return arena_printf(cx->mem, "%s %s.", when ? "Até" : "No máximo",
			bound_text(cx, field, field->max));
	return NULL;
}

static const char *set_date(Ctx *cx, const Field *field, const char *text, void *in)
{
	const char *sentence;
	int year, month, day;
	int32_t date;

	if (!date_parse(text, &date))
		return "Data como dia/mês/ano, por exemplo 22/11/2026.";
	date_split(date, &year, &month, &day);
	if (!field->min && !field->max && (year < YEAR_LEAST || year > YEAR_MOST))
		return "Confira o ano desta data.";
	sentence = check_bounds(cx, field, date);
	if (!sentence)
		*(int32_t *)field_at(field, in) = date;
	return sentence;
}

static const char *set_time(Ctx *cx, const Field *field, const char *text, void *in)
{
	const char *sentence;
	int64_t at;
	int year;

	if (!time_parse(text, cx->zone, &at))
		return "Data e hora, por exemplo 22/11/2026 14:30.";
	year = time_clock(at, cx->zone).year;
	if (!field->min && !field->max && (year < YEAR_LEAST || year > YEAR_MOST))
		return "Confira o ano desta data.";
	sentence = check_bounds(cx, field, at);
	if (!sentence)
		*(int64_t *)field_at(field, in) = at;
	return sentence;
}

const char *field_set_number(Ctx *cx, const Field *field, int64_t value, void *in)
{
	const char *sentence = field->type == FIELD_ID ? NULL : check_bounds(cx, field, value);

	if (field->type == FIELD_ID && value <= 0)
		return NOT_A_CHOICE;
	if (!sentence)
		*(int64_t *)field_at(field, in) = value;
	return sentence;
}

static const char *set_number_text(Ctx *cx, const Field *field, Str s, void *in)
{
	int64_t value;

	if (field->type == FIELD_MONEY) {
		if (!money_parse(arena_copy(cx->mem, s.ptr, s.len), &value))
			return "Valor em reais, por exemplo 1.240,00.";
	} else if (!str_int64(s, &value)) {
		return field->type == FIELD_ID ? NOT_A_CHOICE : "Número inteiro, por exemplo 12.";
	}
	return field_set_number(cx, field, value, in);
}

const char *field_set_text(Ctx *cx, const Field *field, const char *text, void *in)
{
	/* a password is as typed: its blanks count */
	Str s = field->type == FIELD_SECRET ? str_of(text) : str_trim(str_of(text));
	const char *trimmed;

	if (!str_is_clean_utf8(s))
		return ODD_BYTES;
	if (!s.len)
		return field_set_empty(cx, field, in);
	trimmed = arena_copy(cx->mem, s.ptr, s.len);
	switch (field->type) {
	case FIELD_EMAIL:
		return set_email(cx, field, trimmed, in);
	case FIELD_PHONE:
		return set_phone(cx, field, trimmed, in);
	case FIELD_CPF:
	case FIELD_CNPJ:
		return set_identifier(cx, field, trimmed, in);
	case FIELD_COLOR:
		return set_color(cx, field, str_of(trimmed), in);
	case FIELD_CHOICE:
		return set_choice(cx, field, s, in);
	case FIELD_INT:
	case FIELD_MONEY:
	case FIELD_ID:
		return set_number_text(cx, field, s, in);
	case FIELD_BOOL:
		return set_bool(cx, field, trimmed, in);
	case FIELD_DATE:
		return set_date(cx, field, trimmed, in);
	case FIELD_TIME:
		return set_time(cx, field, trimmed, in);
	default:
		return set_plain(cx, field, s, in);
	}
}

const char *field_item_count(Ctx *cx, const Field *field, size_t count)
{
	int64_t most = field->max > 0 ? field->max : FORM_ITEMS_MAX;

	if (!count && (field->required || field->min > 0))
		return field_missing(cx, field);
	if ((int64_t)count < field->min)
		return arena_printf(cx->mem, "Pelo menos %" PRId64 " itens.", field->min);
	if ((int64_t)count > most)
		return arena_printf(
			cx->mem, "No máximo %" PRId64 " %s.", most, most == 1 ? "item" : "itens");
	return NULL;
}

const char *field_set_texts(Ctx *cx, const Field *field, Strs list, void *in)
{
	const char **item = NEW_ARRAY(cx->mem, const char *, list.count + 1);
	const char *sentence;
	size_t count = 0;

	for (size_t i = 0; i < list.count; i++) {
		Str s = str_trim(str_of(list.v[i]));

		if (!str_is_clean_utf8(s))
			return ODD_BYTES;
		if (!s.len)
			continue;
		if (str_utf8_length(s) > FORM_ITEM_MAX)
			return characters(cx, "Cada item com no máximo", FORM_ITEM_MAX);
		item[count] =
			field->choices ? find_choice(cx, field->choices, s) : one_line(cx->mem, s);
		if (!item[count++])
			return NOT_A_CHOICE;
	}
	sentence = field_item_count(cx, field, count);
	if (!sentence)
		*(Strs *)field_at(field, in) = (Strs){ item, count };
	return sentence;
}

const char *field_set_ids(Ctx *cx, const Field *field, Int64s list, void *in)
{
	const char *sentence = field_item_count(cx, field, list.count);

	for (size_t i = 0; i < list.count; i++)
		if (list.v[i] <= 0)
			return NOT_A_CHOICE;
	if (!sentence)
		*(Int64s *)field_at(field, in) = list;
	return sentence;
}

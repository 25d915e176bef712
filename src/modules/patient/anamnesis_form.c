/* What was typed into a questionnaire: field "q<id>" for the answer, "d<id>" for the detail beside
 * it, "changed" with the id of each question that was touched. While it is being filled, what is
 * wrong is left out; when it is sent, it is said. */
#include "core/clock.h"
#include "modules/patient/anamnesis_view.h"

/* The chosen options, one a line, each once and in the order of the question. */
static const char *read_choices(Ctx *cx, const SqlQuestionRow *q, Strs sent)
{
	Buf buf;

	buf_init(&buf, cx->mem, ANSWER_MAX + 400);
	for (size_t i = 0; i < q->options.count; i++)
		for (size_t j = 0; j < sent.count; j++)
			if (!strcmp(q->options.v[i], sent.v[j])) {
				buf_printf(&buf, "%s%s", buf.len ? "\n" : "", q->options.v[i]);
				break;
			}
	return buf.len ? buf_text(&buf) : NULL;
}

/* "12,50" and "12.5" are "12,5"; NULL: no number a person would write. */
static const char *read_number(Ctx *cx, const char *text)
{
	size_t len = strlen(text), digits = 0, commas = 0;
	char *copy = arena_dup(cx->mem, text);

	for (size_t i = 0; i < len; i++) {
		if (copy[i] == '.')
			copy[i] = ',';
		commas += copy[i] == ',';
		digits += copy[i] >= '0' && copy[i] <= '9';
	}
	if (!digits || digits > 12 || commas > 1 || digits + commas != len || *copy == ',' ||
		copy[len - 1] == ',')
		return NULL;
	if (commas) {
		while (copy[len - 1] == '0')
			copy[--len] = '\0';
		if (copy[len - 1] == ',')
			copy[--len] = '\0';
	}
	return copy;
}

static const char *read_date(Ctx *cx, const char *text)
{
	int32_t date;

	return date_parse(text, &date) ? date_text_iso(cx->mem, date) : NULL;
}

/* The answer as stored; NULL: none, or none that fits. */
static const char *read_value(Ctx *cx, const SqlQuestionRow *q, const Form *form, const char *name)
{
	const char *text = form_value(form, name);
	Str trimmed = str_trim(str_of(text));

	if (!strcmp(q->kind, "choices"))
		return read_choices(cx, q, form_values(form, cx->mem, name));
	if (!trimmed.len)
		return NULL;
	text = arena_copy(cx->mem, trimmed.ptr, trimmed.len);
	if (!strcmp(q->kind, "yesno"))
		return !strcmp(text, "yes") || !strcmp(text, "no") || !strcmp(text, "unknown")
			       ? text
			       : NULL;
	if (!strcmp(q->kind, "choice"))
		return strs_have(q->options, text) ? text : NULL;
	if (!strcmp(q->kind, "number"))
		return read_number(cx, text);
	if (!strcmp(q->kind, "date"))
		return read_date(cx, text);
	return str_utf8_length(trimmed) <= ANSWER_MAX ? text : NULL;
}

static const char *read_detail(
	Ctx *cx, const SqlQuestionRow *q, const Form *form, const char *value)
{
	Str text;

	if (!q->detail || !value || (!strcmp(q->kind, "yesno") && strcmp(value, "yes") != 0))
		return NULL;
	text = str_trim(str_of(form_value(form, arena_printf(cx->mem, "d%" PRId64, q->id))));
	if (!text.len)
		return NULL;
	return str_head(cx->mem, arena_copy(cx->mem, text.ptr, text.len), DETAIL_MAX);
}

static const char *why_not(const SqlQuestionRow *q, bool typed)
{
	if (!typed)
		return "Responda esta pergunta.";
	if (!strcmp(q->kind, "number"))
		return "Escreva um número, como 12 ou 12,5.";
	if (!strcmp(q->kind, "date"))
		return "Escreva uma data, como 22/11/2026.";
	return "Escolha uma das opções, ou escreva menos.";
}

/* Two may fill in the same one, the patient on the phone and the reception: who names what was
 * changed says nothing of the rest. Who signs, signs all that is on the page. */
static bool is_told(Strs changed, const SqlQuestionRow *q, Arena *mem)
{
	return !changed.count || strs_have(changed, arena_printf(mem, "%" PRId64, q->id));
}

Err answers_read(Ctx *cx, const Form *form, bool strict, Filling *filling)
{
	const Strs changed = strict ? (Strs){ 0 } : form_values(form, cx->mem, "changed");
	Err err = OK;

	filling->answered = 0;
	for (size_t i = 0; i < filling->asked_count; i++) {
		Asked *asked = &filling->asked[i];
		const SqlQuestionRow *q = &asked->question;
		const char *name = arena_printf(cx->mem, "q%" PRId64, q->id);
		bool typed = !str_is_empty(form_value(form, name));

		if (is_told(changed, q, cx->mem)) {
			asked->value = read_value(cx, q, form, name);
			asked->detail = read_detail(cx, q, form, asked->value);
		}
		filling->answered += asked->value != NULL;
		if (strict && !asked->value && (q->required || typed))
			err = err_field(cx, name, why_not(q, typed));
	}
	return err;
}

const char *answer_text(Arena *mem, const char *kind, const char *value)
{
	int32_t date;
	char *text;

	if (!value)
		return NULL;
	if (!strcmp(kind, "yesno"))
		return !strcmp(value, "yes") ? "Sim" : !strcmp(value, "no") ? "Não" : "Não sabe";
	if (!strcmp(kind, "date") && date_parse(value, &date))
		return date_text(mem, date);
	if (strcmp(kind, "choices") != 0)
		return value;
	text = arena_dup(mem, value);
	for (char *c = text; *c; c++)
		if (*c == '\n')
			*c = ';';
	return text;
}

bool answer_has(const char *value, const char *option)
{
	Str rest = str_of(value), line;

	while (str_cut(&rest, '\n', &line))
		if (str_is(line, option))
			return true;
	return false;
}

size_t section_end(const Filling *filling, size_t at)
{
	const char *section = filling->asked[at].question.section;

	while (at < filling->asked_count && !strcmp(filling->asked[at].question.section, section))
		at++;
	return at;
}

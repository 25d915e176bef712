/* A list of teeth as people type it. */
#include "modules/treatment/teeth.h"

#include <ctype.h>

#include "modules/treatment/chart_line.h"

/* Each once; at most all 60 of a mouth. */
static void add(Int64s *list, int64_t *tooth, int number)
{
	for (size_t i = 0; i < list->count; i++)
		if (tooth[i] == number)
			return;
	if (list->count < TEETH_LIST_MAX)
		tooth[list->count++] = number;
}

/* A number, at most three digits of it. */
static int number_at(const char **at)
{
	int number = 0;

	for (int i = 0; i < 3 && isdigit((unsigned char)**at); i++)
		number = number * 10 + *(*at)++ - '0';
	return number;
}

static const char *skip_spaces(const char *at)
{
	while (*at == ' ')
		at++;
	return at;
}

/* "16", "13-15": what stands at *at goes into the list. False: no tooth, or not of one arch. */
static bool read_stretch(const char **at, Int64s *list, int64_t *tooth)
{
	int from = number_at(at), to, between[16];
	const char *rest = skip_spaces(*at);
	size_t count;

	if (!tooth_is_valid(from) || isdigit((unsigned char)**at))
		return false;
	add(list, tooth, from);
	if (*rest != '-')
		return true;
	*at = skip_spaces(rest + 1);
	to = number_at(at);
	if (!tooth_is_valid(to) || isdigit((unsigned char)**at))
		return false;
	count = chart_teeth_between(from, to, between, COUNT(between));
	for (size_t i = 0; i < count; i++) /* as it was typed: from, to */
		add(list, tooth, between[between[0] == from ? i : count - 1 - i]);
	return count > 0;
}

Err teeth_read(Ctx *cx, const char *text, Int64s *ret)
{
	int64_t *tooth = NEW_ARRAY(cx->mem, int64_t, TEETH_LIST_MAX);
	Int64s list = { tooth, 0 };

	for (const char *at = text ? text : ""; *at;) {
		const char *from = at;

		if (isdigit((unsigned char)*at)) {
			if (!read_stretch(&at, &list, tooth))
				return err_field(cx, "teeth",
					arena_printf(cx->mem, "Não existe o dente %.*s.",
						(int)(at - from), from));
		} else if (strchr(" ,;e/", *at++) == NULL) {
			return err_field(
				cx, "teeth", "Escreva os dentes por número: 16, 26, 13-15.");
		}
	}
	*ret = list;
	return OK;
}

const char *teeth_text(Arena *mem, Int64s teeth)
{
	Buf buf;

	buf_init(&buf, mem, 1000);
	for (size_t i = 0; i < teeth.count; i++)
		buf_printf(&buf, "%s%" PRId64, i ? ", " : "", teeth.v[i]);
	return buf_text(&buf);
}

/* Places as people type them beside a procedure: "16", "16 MO, 25 D", "13-15", "superior". */
#include "modules/treatment/plan.h"

#include <ctype.h>

static Err wrong(Ctx *cx, const char *sentence)
{
	return err_field(cx, "where", sentence);
}

static int tooth_at(const char **at)
{
	int tooth = 0;

	while (isdigit((unsigned char)**at) && tooth < 1000)
		tooth = tooth * 10 + (*(*at)++ - '0');
	return tooth;
}

static bool is_between(char c)
{
	return c == ',' || c == ';' || c == '/' || c == '+' || isspace((unsigned char)c);
}

/* "16 MO, 25 D" and "16MO 25D": a tooth and the letters behind it, again and again. */
static Err read_teeth(Ctx *cx, const Act *like, const char *text, bool faces, Act *ret, size_t *n)
{
	while (*text) {
		char letters[12] = "";
		size_t len = 0;
		Act *act = &ret[*n];

		while (is_between(*text))
			text++;
		if (!*text)
			break;
		if (*n == PLACES_MAX)
			return wrong(cx, "São lugares demais para uma vez.");
		*act = *like;
		act->tooth = tooth_at(&text);
		if (!tooth_is_valid(act->tooth))
			return wrong(cx, "Escreva o número do dente, como 16 ou 25.");
		while (isspace((unsigned char)*text))
			text++;
		while (isalpha((unsigned char)*text) && len < sizeof letters - 1)
			letters[len++] = *text++;
		if (len && !faces)
			return wrong(
				cx, "Este procedimento vale para o dente todo: não escreva faces.");
		if (len && !faces_read(act->tooth, letters, &act->surfaces))
			return wrong(cx, arena_printf(cx->mem, "O dente %d não tem a face %s.",
						 act->tooth, letters));
		(*n)++;
	}
	return *n ? OK : wrong(cx, "Escreva o dente.");
}

/* Where a tooth stands in a row of the screen; -1: not in this one. */
static int place_in(const uint8_t *row, int tooth)
{
	for (int i = 0; row[i]; i++)
		if (row[i] == tooth)
			return i;
	return -1;
}

static const uint8_t *row_of(int tooth)
{
	static const uint8_t *const rows[] = { chart_upper, chart_lower, chart_upper_deciduous,
		chart_lower_deciduous };

	for (size_t i = 0; i < COUNT(rows); i++)
		if (place_in(rows[i], tooth) >= 0)
			return rows[i];
	return NULL;
}

static Err add_stretch(Ctx *cx, Act *act, ActTooth *tooth, int from, int to)
{
	const uint8_t *row = row_of(from);
	int a = row ? place_in(row, from) : -1, b = row ? place_in(row, to) : -1, step;

	if (a < 0 || b < 0)
		return wrong(cx, "Escreva dentes da mesma arcada, como 13-15.");
	step = a <= b ? 1 : -1;
	for (int i = a; i != b + step; i += step) {
		if (act->teeth_count == PLACES_MAX)
			return wrong(cx, "São dentes demais para um só trabalho.");
		tooth[act->teeth_count++] = (ActTooth){ row[i], "member" };
	}
	return OK;
}

static void name_roles(const Procedure *procedure, const Act *act, ActTooth *tooth)
{
	if (strcmp(procedure->paint, "bridge") != 0)
		return;
	for (size_t i = 0; i < act->teeth_count; i++)
		tooth[i].role = i == 0 || i + 1 == act->teeth_count ? "pillar" : "pontic";
}

/* "13-15" or "13 14 15": one act over all of them. */
static Err read_range(Ctx *cx, const Procedure *procedure, const char *text, Act *act)
{
	ActTooth *tooth = NEW_ARRAY(cx->mem, ActTooth, PLACES_MAX);

	while (*text) {
		int from, to;

		while (is_between(*text))
			text++;
		if (!*text)
			break;
		from = to = tooth_at(&text);
		while (*text == ' ')
			text++;
		if (*text == '-') {
			text++;
			while (*text == ' ')
				text++;
			to = tooth_at(&text);
		}
		if (!tooth_is_valid(from) || !tooth_is_valid(to))
			return wrong(cx, "Escreva os dentes, como 13-15.");
		TRY(add_stretch(cx, act, tooth, from, to));
	}
	name_roles(procedure, act, tooth);
	act->teeth = tooth;
	return act->teeth_count ? OK : wrong(cx, "Escreva os dentes, como 13-15.");
}

Err plan_read_places(Ctx *cx, const Procedure *procedure, const char *where, const char *region,
	Act **ret, size_t *ret_count)
{
	const char *area = procedure->area, *text = where ? where : "";
	Act *act = NEW_ARRAY(cx->mem, Act, PLACES_MAX);

	act[0] = (Act){ .kind = "planned", .procedure_id = procedure->id };
	*ret = act;
	*ret_count = 0;
	if (!strcmp(area, "tooth") || !strcmp(area, "surface")) {
		Act like = act[0];

		return read_teeth(cx, &like, text, !strcmp(area, "surface"), act, ret_count);
	}
	*ret_count = 1;
	if (!strcmp(area, "range"))
		return read_range(cx, procedure, text, act);
	if (!strcmp(area, "mouth"))
		return OK;
	if (!region || !region_is_valid(region))
		return err_field(cx, "region", "Escolha a região.");
	act->region = region;
	return OK;
}

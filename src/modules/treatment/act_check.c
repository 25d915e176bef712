/* May an act be written? Title, drawing and area come from what it is: a condition, or a procedure
 * of the catalogue; chart_refuses judges where it stands. */
#include "modules/treatment/act.h"

enum { NOTE_MAX = 500, TEETH_MAX = 16 };

static bool region_is_arch(const char *region)
{
	return !strcmp(region, "AS") || !strcmp(region, "AI") || !strcmp(region, "ASAI");
}

/* A condition stands where it is pointed at: some teeth, a region, faces, or the tooth. */
static Err rule_of_condition(Ctx *cx, Act *act, AreaRule *ret)
{
	const Condition *condition = chart_condition(act->condition);

	if (!condition || act->procedure_id)
		return err_field(cx, "condition", "Escolha o que foi visto.");
	if (condition->existing != !strcmp(act->kind, "existing"))
		return err_field(cx, "kind",
			condition->existing ? "Isto é trabalho existente, não um achado."
					    : "Isto é um achado, não um trabalho existente.");
	act->title = condition->title;
	act->paint = condition->paint;
	*ret = (AreaRule){ .faces_min = condition->faces_min, .faces_max = condition->faces_max };
	if (act->teeth_count)
		act->area = "range";
	else if (act->region)
		act->area = region_is_arch(act->region) ? "arch" : "region";
	else
		act->area = condition->faces_min || act->surfaces ? "surface" : "tooth";
	if (str_same(act->area, "surface") && !condition->faces_max)
		return err_field(cx, "surfaces", "Vale para o dente todo: não marque faces.");
	if (!strcmp(act->area, "range") && strcmp(condition->paint, "bridge") != 0)
		return err_field(cx, "tooth", "Marque um dente de cada vez.");
	return OK;
}

static Err rule_of_procedure(Ctx *cx, Act *act, AreaRule *ret)
{
	Procedure procedure;
	Err err;

	if (!act->procedure_id || act->condition)
		return err_field(cx, "procedure_id", "Escolha o procedimento.");
	err = procedure_get(cx, act->procedure_id, /* price_table= */ 0, &procedure);
	if (err == ERR_NOT_FOUND)
		return err_field(cx, "procedure_id", "Este procedimento não está no catálogo.");
	TRY(err);
	act->title = procedure.name;
	act->paint = procedure.paint;
	act->area = procedure.area;
	*ret = (AreaRule){ .faces_min = procedure.surfaces_min,
		.faces_max = procedure.surfaces_max,
		.dentition = procedure.dentition };
	return OK;
}

static const char *field_of(const Act *act)
{
	if (!strcmp(act->area, "surface") && tooth_is_valid(act->tooth) && !act->region &&
		!act->teeth_count)
		return "surfaces";
	return !strcmp(act->area, "arch") || !strcmp(act->area, "region") ? "region" : "tooth";
}

static Err check_teeth(Ctx *cx, const Act *act)
{
	static const char roles[] = " member pillar pontic cantilever ";

	if (act->teeth_count > TEETH_MAX)
		return err_field(cx, "tooth", "São dentes demais para um só trabalho.");
	for (size_t i = 0; i < act->teeth_count; i++) {
		const ActTooth *t = &act->teeth[i];

		if (!tooth_is_valid(t->tooth) ||
			!strstr(roles, arena_printf(cx->mem, " %s ", t->role ? t->role : "?")))
			return err_field(cx, "tooth", "Um dos dentes não existe.");
		for (size_t j = 0; j < i; j++)
			if (act->teeth[j].tooth == t->tooth)
				return err_field(
					cx, "tooth", "O mesmo dente foi marcado duas vezes.");
	}
	return OK;
}

static Err check_times(Ctx *cx, Act *act)
{
	bool done = !strcmp(act->kind, "done");

	if (done && !act->done_at)
		act->done_at = cx->now;
	if (!done)
		act->done_at = 0;
	if (!act->recorded_at)
		act->recorded_at = done ? act->done_at : cx->now;
	if (act->recorded_at > cx->now + ACT_CLOCKS_APART_S ||
		act->done_at > cx->now + ACT_CLOCKS_APART_S)
		return err_field(cx, "done_at", "A data ainda não chegou.");
	return OK;
}

Err act_check(Ctx *cx, Act *act)
{
	const char *why;
	AreaRule rule;

	if (!act_verb(act->kind))
		return err_field(
			cx, "kind", "Diga se é achado, existente, planejado ou realizado.");
	if (act->note && str_utf8_length(str_of(act->note)) > NOTE_MAX)
		return err_field(cx, "note", "A observação passa de 500 letras.");
	TRY(check_times(cx, act));
	if (!strcmp(act->kind, "finding") || !strcmp(act->kind, "existing"))
		TRY(rule_of_condition(cx, act, &rule));
	else
		TRY(rule_of_procedure(cx, act, &rule));
	rule.area = act->area;
	TRY(check_teeth(cx, act));
	why = chart_refuses(
		cx->mem, &rule, act->tooth, act->surfaces, act->region, act->teeth_count);
	return why ? err_field(cx, field_of(act), why) : OK;
}

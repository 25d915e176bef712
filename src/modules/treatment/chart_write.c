/* Writing on the chart, by pointing and by typing. */
#include "modules/treatment/chart_write.h"

#include "modules/treatment/tooth_state.h"

/* ---- what ---- */

bool what_read(const char *text, What *ret, unsigned *ret_faces)
{
	Str rest = str_of(text), piece;
	int64_t number;

	*ret = (What){ 0 };
	if (!str_cut(&rest, ':', &piece) || piece.len != 1)
		return false;
	if (*piece.ptr == 'c' && str_cut(&rest, ':', &piece)) {
		for (size_t i = 0; i < chart_condition_count; i++)
			if (str_is(piece, chart_conditions[i].name))
				ret->condition = &chart_conditions[i];
	} else if (*piece.ptr == 'p' && str_cut(&rest, ':', &piece)) {
		if (!str_int64(piece, &ret->procedure_id) || ret->procedure_id <= 0)
			return false;
	}
	if (!ret->condition && !ret->procedure_id)
		return false;
	if (!rest.len)
		return true;
	if (!str_int64(rest, &number) || number < 1 || number > 127)
		return false;
	*ret_faces = (unsigned)number;
	return true;
}

static bool has_region(const Selection *at)
{
	return !str_is_empty(at->region);
}

/* A drawing that goes over teeth: a bridge is one act. */
static bool is_stretch(const Selection *at, const What *what)
{
	if (what->condition)
		return !strcmp(what->condition->paint, "bridge") && at->count > 1;
	return !strcmp(what->procedure.area, "range");
}

/* What stands on teeth by what it is, else on the mouth or a region. */
bool chart_is_on_teeth(const Procedure *p)
{
	return !strcmp(p->area, "tooth") || !strcmp(p->area, "surface") ||
	       !strcmp(p->area, "range");
}

static bool is_on_teeth(const What *what)
{
	return what->condition || chart_is_on_teeth(&what->procedure);
}

static const char *refuse_condition(Arena *mem, const Selection *at, const What *what)
{
	const Condition *c = what->condition;

	if (c->existing != !strcmp(at->kind, "existing") &&
		(!strcmp(at->kind, "finding") || !strcmp(at->kind, "existing")))
		return c->existing ? "Isto é trabalho existente, não um achado."
				   : "Isto é um achado, não um trabalho existente.";
	if (at->count)
		return NULL;
	if (has_region(at) && strstr(" denture ortho gum ", arena_printf(mem, " %s ", c->paint)))
		return NULL;
	return "Marque ao menos um dente.";
}

const char *chart_write_refuses(Arena *mem, const Selection *at, const What *what)
{
	const Procedure *p = &what->procedure;
	AreaRule rule = { p->area, p->surfaces_min, p->surfaces_max, p->dentition };
	const char *region = has_region(at) ? at->region : NULL, *why = NULL;

	if (what->condition)
		return refuse_condition(mem, at, what);
	if (is_stretch(at, what))
		return chart_refuses(mem, &rule, 0, 0, NULL, at->count);
	if (!is_on_teeth(what))
		return chart_refuses(mem, &rule, 0, at->faces, region, 0);
	if (!at->count)
		return "Marque ao menos um dente.";
	for (size_t i = 0; i < at->count && !why; i++)
		why = chart_refuses(mem, &rule, at->tooth[i], at->faces, region, 0);
	return why;
}

/* ---- writing ---- */

/* Ends that stand carry; what is gone hangs between them, or freely at an end. */
static const char *role_of(const Selection *at, size_t i, const bool *gone, bool any_gone)
{
	bool end = i == 0 || i + 1 == at->count;

	if (any_gone)
		return !gone[i] ? "pillar" : end ? "cantilever" : "pontic";
	return end ? "pillar" : "pontic";
}

static Act stretch_of(Ctx *cx, const Selection *at, const Act *now, size_t now_count)
{
	ActTooth *teeth = NEW_ARRAY(cx->mem, ActTooth, at->count);
	bool gone[LINE_TEETH_MAX], any = false;

	for (size_t i = 0; i < at->count; i++) {
		ToothState state = tooth_state(at->tooth[i], now, now_count);

		gone[i] = state.absent != LOOK_NONE;
		any = any || gone[i];
	}
	for (size_t i = 0; i < at->count; i++)
		teeth[i] = (ActTooth){ at->tooth[i], role_of(at, i, gone, any) };
	return (Act){ .teeth = teeth, .teeth_count = at->count };
}

static Err write_one(Ctx *cx, const Selection *at, const What *what, Act act, int64_t *ret)
{
	int64_t line;

	act.patient_id = at->patient;
	act.kind = at->kind;
	act.note = str_is_empty(at->note) ? NULL : at->note;
	act.done_at = !strcmp(at->kind, "done") ? at->done_at : 0;
	if (what->condition) {
		act.condition = what->condition->name;
		act.kind = what->condition->existing ? "existing" : "finding";
		if (!what->condition->faces_max)
			act.surfaces = 0;
	} else {
		act.procedure_id = what->procedure_id;
	}
	TRY(act_add(cx, &act, ret));
	if (strcmp(act.kind, "planned") != 0)
		return OK;
	TRY(act_get(cx, *ret, &act));
	return plan_take_act(cx, &act, &line);
}

Err chart_write(Ctx *cx, const Selection *at, const What *what, const Act *now, size_t now_count,
	Int64s *ret_acts)
{
	size_t n = is_stretch(at, what) || !at->count || !is_on_teeth(what) ? 1 : at->count;
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, n);
	const char *why = chart_write_refuses(cx->mem, at, what);

	if (why)
		return err_field(cx, "what", why);
	for (size_t i = 0; i < n; i++) {
		Act act = { 0 };

		if (is_stretch(at, what))
			act = stretch_of(cx, at, now, now_count);
		else if (is_on_teeth(what) && at->count)
			act = (Act){ .tooth = at->tooth[i], .surfaces = at->faces };
		else
			act.region = has_region(at) ? at->region : NULL;
		TRY(write_one(cx, at, what, act, &id[i]));
	}
	*ret_acts = (Int64s){ id, n };
	return OK;
}

/* ---- typed lines ---- */

static bool is_about_teeth(const char *kind)
{
	return !strcmp(kind, "finding") || !strcmp(kind, "existing");
}

/* How many canals a tooth usually has, as the names of procedures say it. */
static const char *canals_of(int tooth)
{
	int place = tooth % 10;

	if (tooth_is_deciduous(tooth) ? place >= 4 : place >= 6)
		return "multirradicular";
	return place == 4 && tooth_is_upper(tooth) ? "birradicular" : "unirradicular";
}

bool chart_suits(const Procedure *p, const Selection *at)
{
	return !strstr(p->name, "rradicular") ||
	       (at->count && strstr(p->name, canals_of(at->tooth[0])));
}

static bool spread_over_mouth(const Procedure *p, const Selection *at)
{
	return !strcmp(p->area, "mouth") && has_region(at) && !at->count;
}

/* The first procedure that these words name and that may stand there. */
static Err find_procedure(
	Ctx *cx, const char *words, Selection *at, What *ret, const char **ret_why)
{
	Procedure *list;
	size_t count;

	*ret_why = NULL;
	TRY(procedure_search(cx, words, /* price_table= */ 0, &list, &count));
	for (size_t pass = 0; pass < 2; pass++)
		for (size_t i = 0; i < count; i++) {
			What what = { .procedure_id = list[i].id, .procedure = list[i] };
			Selection here = *at;
			const char *why;

			/* done for the whole mouth, asked for a part: the part is a remark */
			if (spread_over_mouth(&list[i], at)) {
				here.note = region_name(at->region);
				here.region = NULL;
			}
			why = chart_write_refuses(cx->mem, &here, &what);
			if (!why && (pass || chart_suits(&list[i], at))) {
				*ret = what;
				*at = here;
				return OK;
			}
			if (why && !*ret_why)
				*ret_why = arena_printf(cx->mem, "%s: %s", list[i].name, why);
		}
	return OK;
}

static Err understand_condition(
	Ctx *cx, const ChartLine *line, Selection *at, What *ret, bool *ret_found)
{
	const Condition *c =
		chart_line_condition(line->words, !strcmp(at->kind, "existing") ? 1 : -1);
	const char *why;

	if (!c && is_about_teeth(at->kind))
		c = chart_line_condition(line->words, 0);
	*ret_found = c != NULL;
	if (!c)
		return OK;
	at->kind = c->existing ? "existing" : "finding";
	*ret = (What){ .condition = c };
	why = chart_write_refuses(cx->mem, at, ret);
	if (!why && c->faces_min && !at->faces && at->count)
		why = "Diga as faces: 16 MO cárie.";
	return why ? err_field(cx, "line", why) : OK;
}

Err chart_understand(Ctx *cx, int64_t patient, const char *text, const char *kind, Selection *ret,
	What *ret_what)
{
	const char *why = NULL;
	bool found = false;
	ChartLine line;

	chart_line_read(cx->mem, text, &line);
	if (line.bad)
		return err_field(cx, "line", line.bad);
	*ret = (Selection){ .patient = patient,
		.count = line.count,
		.faces = line.faces,
		.region = line.region,
		.kind = line.kind ? line.kind : kind };
	memcpy(ret->tooth, line.tooth, sizeof ret->tooth);
	*ret_what = (What){ 0 };
	if (!is_about_teeth(ret->kind)) {
		TRY(find_procedure(cx, line.words, ret, ret_what, &why));
		if (ret_what->procedure_id)
			return OK;
	}
	if (!why && (!line.kind || is_about_teeth(ret->kind)))
		TRY(understand_condition(cx, &line, ret, ret_what, &found));
	if (found)
		return OK;
	return err_field(cx, "line",
		why ? why
		    : arena_printf(cx->mem,
			      "Não encontramos \"%s\" no catálogo nem entre os achados.",
			      line.words));
}

const char *selection_text(Arena *mem, const Selection *at)
{
	Buf buf;

	if (!at->count)
		return has_region(at) ? region_name(at->region) : "Boca";
	buf_init(&buf, mem, 400);
	for (size_t i = 0; i < at->count; i++)
		buf_printf(&buf, "%s%d", i ? ", " : "", at->tooth[i]);
	if (at->faces)
		buf_printf(&buf, " %s", faces_text(mem, at->tooth[0], at->faces));
	return buf_text(&buf);
}

/* Filling the chart's page: rows of teeth, what may be written on them, and their history. */
#include "core/money.h"
#include "modules/treatment/act.sql.h"
#include "modules/treatment/chart_view.h"

enum { MIXED_FROM = 6, PERMANENT_FROM = 13, CHOICES_MAX = 8, STEPS_SIDE = 8, STEPS_TOOTH = 40 };

/* ---- rows ---- */

static bool has_deciduous(const ChartView *v)
{
	for (size_t i = 0; i < v->act_count; i++)
		if (v->act[i].tooth && tooth_is_deciduous(v->act[i].tooth))
			return true;
	return false;
}

static int age_of(const Ctx *cx, int32_t birth)
{
	int y1, m1, d1, y2, m2, d2;

	date_split(birth, &y1, &m1, &d1);
	date_split(date_today(cx->now, cx->zone), &y2, &m2, &d2);
	return y2 - y1 - (m2 < m1 || (m2 == m1 && d2 < d1));
}

static Dentition dentition_of(Req *q, const ChartView *v)
{
	const char *asked = req_query(q, "d");
	int age;

	if (str_same(asked, "permanent"))
		return DENTITION_PERMANENT;
	if (str_same(asked, "deciduous"))
		return DENTITION_DECIDUOUS;
	if (str_same(asked, "mixed"))
		return DENTITION_MIXED;
	if (v->head->birth == DATE_NONE)
		return has_deciduous(v) ? DENTITION_MIXED : DENTITION_PERMANENT;
	age = age_of(q->cx, v->head->birth);
	if (age < MIXED_FROM)
		return DENTITION_DECIDUOUS;
	return age < PERMANENT_FROM ? DENTITION_MIXED : DENTITION_PERMANENT;
}

ToothView chart_tooth_view(Arena *mem, const ChartView *v, int tooth)
{
	ToothState state = tooth_state(tooth, v->act, v->act_count);
	ToothView t = { .label = tooth_aloud(mem, tooth, v->act, v->act_count),
		.examined = state.examined,
		.absent = state.absent != LOOK_NONE };

	tooth_draw(mem, &state, &t.draw);
	return t;
}

static void add_quadrant(Arena *mem, ChartView *v, const char *title, const char *class,
	const uint8_t *tooth, size_t n)
{
	QuadrantView *to = &v->quadrant[v->quadrant_count++];

	*to = (QuadrantView){ title, class, NEW_ARRAY(mem, ToothView, n), n };
	for (size_t i = 0; i < n; i++)
		to->tooth[i] = chart_tooth_view(mem, v, tooth[i]);
}

static void fill_quadrants(Arena *mem, ChartView *v)
{
	bool permanent = v->dentition != DENTITION_DECIDUOUS;
	bool deciduous = v->dentition != DENTITION_PERMANENT;

	if (permanent) {
		add_quadrant(mem, v, "Superior direito", "is-right", chart_upper, 8);
		add_quadrant(mem, v, "Superior esquerdo", "is-left", chart_upper + 8, 8);
	}
	if (deciduous) {
		add_quadrant(mem, v, "Decíduos superiores direitos", "is-right is-small",
			chart_upper_deciduous, 5);
		add_quadrant(mem, v, "Decíduos superiores esquerdos", "is-left is-small",
			chart_upper_deciduous + 5, 5);
		add_quadrant(mem, v, "Decíduos inferiores direitos", "is-right is-small is-lower",
			chart_lower_deciduous, 5);
		add_quadrant(mem, v, "Decíduos inferiores esquerdos", "is-left is-small is-lower",
			chart_lower_deciduous + 5, 5);
	}
	if (permanent) {
		add_quadrant(mem, v, "Inferior direito", "is-right is-lower", chart_lower, 8);
		add_quadrant(mem, v, "Inferior esquerdo", "is-left is-lower", chart_lower + 8, 8);
	}
}

/* Supernumerary teeth of which something is known, and the one just asked for. */
static void fill_extra(Arena *mem, ChartView *v, int asked)
{
	v->extra = NEW_ARRAY(mem, ToothView, 8);
	for (int tooth = 19; tooth <= 89; tooth += 10) {
		bool known = tooth == asked;

		for (size_t i = 0; i < v->act_count; i++)
			known = known || v->act[i].tooth == tooth;
		for (size_t i = 0; i < v->at.count; i++)
			known = known || v->at.tooth[i] == tooth;
		if (known)
			v->extra[v->extra_count++] = chart_tooth_view(mem, v, tooth);
	}
}

/* ---- comparing with today ---- */

static void mark_changes(Arena *mem, ChartView *v, const Act *today, size_t count)
{
	ChartView now = { .act = today, .act_count = count };

	for (size_t k = 0; k < v->quadrant_count; k++)
		for (size_t i = 0; i < v->quadrant[k].count; i++) {
			ToothView *t = &v->quadrant[k].tooth[i];
			ToothView other = chart_tooth_view(mem, &now, t->draw.tooth);

			t->changed = !str_same(t->label, other.label);
		}
}

/* The last second of a day, or now. */
static int64_t end_of_day(const Ctx *cx, int32_t day)
{
	Clock clock = { 0 };
	int64_t at;

	date_split(day + 1, &clock.year, &clock.month, &clock.day);
	at = time_of_clock(&clock, cx->zone) - 1;
	return at < cx->now ? at : cx->now;
}

/* The one asked for, else the active one, else the first. */
static Err read_plans(Req *q, ChartView *v)
{
	int64_t asked = req_query_int(q, "plan", 0);
	SqlActPlans *row;
	ChartPlan *plan;

	TRY(sql_act_plans_read(q->cx, &row, &v->plan_count));
	plan = NEW_ARRAY(q->cx->mem, ChartPlan, v->plan_count + 1);
	for (size_t i = 0; i < v->plan_count; i++) {
		plan[i] = (ChartPlan){ row[i].id, row[i].name, row[i].active };
		if (!i || plan[i].id == asked)
			v->plan = &plan[i];
	}
	v->plans = plan;
	return OK;
}

/* Alternatives do not add up: of what waits for a yes, only one plan's is shown. */
static size_t drop_other_proposals(const ChartView *v, Act *act, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (!act[i].proposal || !v->plan || act[i].proposal == v->plan->id)
			act[n++] = act[i];
	return n;
}

/* What the chart shows, and then (`at`) was; one round trip. */
typedef struct ChartActs {
	int64_t at; /* 0: now */
	Act *act, *today;
	size_t count, today_count;
} ChartActs;

static Err read_acts(Req *q, ChartView *v, ChartActs *acts)
{
	int32_t *days;

	TRY(act_list_read(q->cx, acts->at, /* voided= */ false, &acts->act, &acts->count));
	if (acts->at)
		TRY(act_list_read(q->cx, 0, false, &acts->today, &acts->today_count));
	TRY(act_days_read(q->cx, &days, &v->day_count));
	v->days = days;
	return OK;
}

static Err load(Req *q, int64_t id, ChartView *v, ChartActs *acts)
{
	PatientHead *head = NEW(q->cx->mem, PatientHead);

	TRY(patient_head_ask(q->cx, (PatientId){ id }));
	TRY(sql_act_plans_send(q->cx, id));
	TRY(act_list_ask(q->cx, id, acts->at, /* voided= */ false));
	if (acts->at)
		TRY(act_list_ask(q->cx, id, 0, false));
	TRY(act_days_ask(q->cx, id));
	TRY(patient_head_read(q->cx, head));
	TRY(read_plans(q, v));
	TRY(read_acts(q, v, acts));
	v->q = q;
	v->head = head;
	v->at.patient = head->id;
	return OK;
}

Err chart_fill(Req *q, ChartView *v)
{
	ChartActs acts = { 0 };
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (v->day != DATE_NONE && v->day >= date_today(q->cx->now, q->cx->zone))
		v->day = DATE_NONE;
	if (v->day != DATE_NONE)
		acts.at = end_of_day(q->cx, v->day);
	TRY(load(q, id, v, &acts));
	if (v->head->id != id) /* merged: all of it is the other's */
		TRY(load(q, v->head->id, v, &acts));
	v->act = acts.act;
	v->act_count = drop_other_proposals(v, acts.act, acts.count);
	acts.today_count = drop_other_proposals(v, acts.today, acts.today_count);
	/* what is planned goes to the active plan: it is written where it is seen */
	v->writes = req_may(q, "treatment.write") && !v->head->restricted && v->day == DATE_NONE &&
		    (!v->plan || v->plan->active || !v->plans[0].active);
	v->dentition = dentition_of(q, v);
	v->quadrant_count = v->extra_count = 0;
	fill_quadrants(q->cx->mem, v);
	fill_extra(q->cx->mem, v, (int)req_query_int(q, "extra", 0));
	if (v->day != DATE_NONE && v->compare)
		mark_changes(q->cx->mem, v, acts.today, acts.today_count);
	return OK;
}

const Act *chart_act(const ChartView *v, int64_t id)
{
	for (size_t i = 0; i < v->all_count; i++)
		if (v->all[i].id == id)
			return &v->all[i];
	return NULL;
}

const char *act_look(const Act *act)
{
	const Condition *condition = chart_condition(act->condition);

	if (!strcmp(act->kind, "planned"))
		return look_class(LOOK_PLAN);
	if (!strcmp(act->kind, "done"))
		return look_class(LOOK_DONE);
	if (!strcmp(act->kind, "existing"))
		return look_class(LOOK_EXIST);
	if (!strcmp(act->kind, "referred"))
		return look_class(LOOK_REFER);
	return look_class(condition && condition->bad ? LOOK_BAD : LOOK_NOTE);
}

/* ---- what may be written ---- */

typedef struct Choices {
	ChoiceView *list;
	size_t count;
} Choices;

static bool chosen_already(const Choices *c, const char *value)
{
	for (size_t i = 0; i < c->count; i++)
		if (!strcmp(c->list[i].value, value))
			return true;
	return false;
}

static bool matches(Arena *mem, const char *title, const char *question)
{
	return str_is_empty(question) ||
	       strstr(str_fold(mem, title), str_fold(mem, question)) != NULL;
}

static void choose_conditions(Arena *mem, const ChartView *v, Choices *ret)
{
	bool existing = !strcmp(v->at.kind, "existing");

	for (size_t i = 0; i < chart_condition_count; i++) {
		const Condition *c = &chart_conditions[i];
		What what = { .condition = c };
		int faces = faces_count(v->at.faces);

		if (c->existing != existing || !matches(mem, c->title, v->question) ||
			chart_write_refuses(mem, &v->at, &what))
			continue;
		/* with faces marked, what has faces; without, what has none */
		if (faces ? faces < c->faces_min || faces > c->faces_max : c->faces_min > 0)
			continue;
		ret->list[ret->count++] = (ChoiceView){ .value = arena_printf(mem, "c:%s", c->name),
			.label = c->title };
	}
}

/* What needs the tooth itself is not offered where it is gone. */
static bool has_what_it_needs(const ChartView *v, const Procedure *p)
{
	static const char of_teeth[] =
		" filling canal post extraction sealant veneer scaling redo ";
	char paint[24];

	if (v->at.count != 1)
		return true;
	snprintf(paint, sizeof paint, " %s ", p->paint);
	return !strstr(of_teeth, paint) ||
	       !tooth_state(v->at.tooth[0], v->act, v->act_count).absent;
}

static void choose_procedure(Arena *mem, const ChartView *v, const Procedure *p, unsigned faces,
	const char *why, Choices *ret)
{
	What what = { .procedure_id = p->id, .procedure = *p };
	Selection at = v->at;
	const char *value;

	at.faces = faces;
	if (ret->count == CHOICES_MAX || chart_write_refuses(mem, &at, &what) ||
		!has_what_it_needs(v, p))
		return;
	/* what is done to the whole mouth is offered there, or when somebody looks for it */
	if (v->at.count && !chart_is_on_teeth(p) && str_is_empty(v->question))
		return;
	if (why && !chart_suits(p, &at))
		return;
	value = faces && faces != v->at.faces ? arena_printf(mem, "p:%" PRId64 ":%u", p->id, faces)
					      : arena_printf(mem, "p:%" PRId64, p->id);
	if (chosen_already(ret, value))
		return;
	ret->list[ret->count++] = (ChoiceView){ .value = value,
		.label = p->name,
		.detail = p->price_cents ? money_text(mem, p->price_cents) : NULL,
		.why = why };
}

/* What a finding asks for, in words of the catalogue. */
static const char *const remedies[][2] = { { "caries", "resina" }, { "bad_filling", "resina" },
	{ "fracture", "resina" }, { "residual_root", "raiz residual" },
	{ "extraction_needed", "exodontia" }, { "canal_needed", "tratamento endodontico" },
	{ "apical_lesion", "tratamento endodontico" }, { "calculus", "raspagem" },
	{ "pocket", "raspagem" }, { "missing", "implante" }, { "impacted", "incluso" },
	{ "half_impacted", "semi" } };

/* Was it treated since? What stands there now says so. */
static bool still_asks(const ToothState *t, const Act *found)
{
	bool asks = false;

	for (int i = 0; i < FACES; i++)
		asks = asks ||
		       ((found->surfaces >> i & 1) && (t->face[i].now == LOOK_BAD || t->redo[i]));
	if (found->surfaces)
		return asks;
	if (!strcmp(found->condition, "missing"))
		return t->absent && !t->part[PART_PONTIC].now && !t->part[PART_IMPLANT].now;
	if (!strcmp(found->condition, "canal_needed") || !strcmp(found->condition, "apical_lesion"))
		return !t->absent && !t->part[PART_CANAL].now;
	return !t->absent;
}

static Err choose_remedies(Req *q, const ChartView *v, Choices *ret)
{
	ToothState now = tooth_state(v->at.tooth[0], v->act, v->act_count);
	Arena *mem = q->cx->mem;
	Procedure *list;
	size_t count;

	for (size_t i = 0; i < v->act_count && v->at.count == 1; i++) {
		const Act *act = &v->act[i];

		if (strcmp(act->kind, "finding") || !act_on_tooth(act, v->at.tooth[0]) ||
			!still_asks(&now, act))
			continue;
		for (size_t r = 0; r < COUNT(remedies); r++) {
			if (strcmp(remedies[r][0], act->condition))
				continue;
			TRY(procedure_search(q->cx, remedies[r][1], 0, &list, &count));
			for (size_t k = 0; k < count; k++)
				choose_procedure(mem, v, &list[k],
					v->at.faces ? v->at.faces : act->surfaces,
					arena_printf(mem, "%s %s", act->title,
						faces_text(mem, act->tooth, act->surfaces)),
					ret);
		}
	}
	return OK;
}

Err chart_fill_choices(Req *q, ChartView *v)
{
	Choices c = { NEW_ARRAY(q->cx->mem, ChoiceView, chart_condition_count + CHOICES_MAX + 1),
		0 };
	Procedure *list;
	size_t count;

	if (!v->writes)
		return OK;
	if (!strcmp(v->at.kind, "finding") || !strcmp(v->at.kind, "existing")) {
		choose_conditions(q->cx->mem, v, &c);
	} else {
		if (str_is_empty(v->question))
			TRY(choose_remedies(q, v, &c));
		TRY(procedure_search(q->cx, v->question, 0, &list, &count));
		for (size_t i = 0; i < count; i++)
			choose_procedure(q->cx->mem, v, &list[i], v->at.faces, NULL, &c);
	}
	v->choice = c.list;
	v->choice_count = c.count;
	return OK;
}

Err chart_fill_history(Req *q, ChartView *v)
{
	int64_t *teeth = NEW_ARRAY(q->cx->mem, int64_t, v->at.count + 1);
	ActStep *step;
	Act *all;

	for (size_t i = 0; i < v->at.count; i++)
		teeth[i] = v->at.tooth[i];
	TRY(act_list_ask(q->cx, v->head->id, 0, /* voided= */ true));
	TRY(act_steps_ask(q->cx, v->head->id, (Int64s){ 0 }, STEPS_SIDE));
	if (v->at.count)
		TRY(act_steps_ask(q->cx, v->head->id, (Int64s){ teeth, v->at.count }, STEPS_TOOTH));
	TRY(act_list_read(q->cx, 0, true, &all, &v->all_count));
	v->all = all;
	TRY(act_steps_read(q->cx, &step, &v->step_count));
	v->step = step;
	if (v->at.count) {
		TRY(act_steps_read(q->cx, &step, &v->history_count));
		v->history = step;
	}
	v->index = tooth_index(false, v->act, v->act_count);
	v->index_deciduous = tooth_index(true, v->act, v->act_count);
	return OK;
}

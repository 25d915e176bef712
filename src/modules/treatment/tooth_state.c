/* One tooth, as its acts leave it. Later acts stand over earlier ones. */
#include "modules/treatment/tooth_state.h"

#include "modules/treatment/act.h"

const char *look_class(Look look)
{
	static const char *const classes[] = { "", "o-note", "o-bad", "o-exist", "o-done", "o-plan",
		"o-refer" };

	return classes[look];
}

/* ---- where an act stands ---- */

bool act_on_tooth(const Act *act, int tooth)
{
	if (act->tooth)
		return act->tooth == tooth;
	for (size_t i = 0; i < act->teeth_count; i++)
		if (act->teeth[i].tooth == tooth)
			return true;
	return false;
}

bool region_has_tooth(const char *region, int tooth)
{
	bool upper = tooth_is_upper(tooth), right = tooth_is_right(tooth);
	bool front = tooth % 10 <= 3;

	if (!strcmp(region, "ASAI"))
		return true;
	if (!strcmp(region, "AS"))
		return upper;
	if (!strcmp(region, "AI"))
		return !upper;
	if (!strncmp(region, "HA", 2) && strlen(region) == 4)
		return (region[2] == 'S') == upper && (region[3] == 'D') == right;
	if (region[0] != 'S' || region[1] < '1' || region[1] > '6' || region[2])
		return false;
	if (front)
		return region[1] == (upper ? '2' : '5');
	if (upper)
		return region[1] == (right ? '1' : '3');
	return region[1] == (right ? '6' : '4');
}

static Look look_of(const Act *act)
{
	const Condition *condition;

	if (!strcmp(act->kind, "planned"))
		return LOOK_PLAN;
	if (!strcmp(act->kind, "done"))
		return LOOK_DONE;
	if (!strcmp(act->kind, "existing"))
		return LOOK_EXIST;
	if (!strcmp(act->kind, "referred"))
		return LOOK_REFER;
	condition = chart_condition(act->condition);
	return condition && condition->bad ? LOOK_BAD : LOOK_NOTE;
}

static bool look_is_work(Look look)
{
	return look == LOOK_DONE || look == LOOK_EXIST;
}

/* ---- what it does to the tooth ---- */

static void stand(Stand *stand, Look look)
{
	if (look == LOOK_PLAN || look == LOOK_REFER)
		stand->next = look;
	else
		stand->now = look;
}

static void on_faces(ToothState *t, const Act *act, Look look)
{
	unsigned faces = act->surfaces;

	for (int i = 0; i < FACES; i++) {
		if (!(faces >> i & 1))
			continue;
		stand(&t->face[i], look);
		if (look == LOOK_PLAN || look == LOOK_REFER)
			continue;
		t->face_paint[i] = act->paint;
		t->redo[i] = !strcmp(act->paint, "redo");
	}
}

static void clear_faces(ToothState *t)
{
	for (int i = 0; i < FACES; i++) {
		t->face[i].now = LOOK_NONE;
		t->redo[i] = false;
	}
}

/* Gone: nothing of before is left, but what is planned in its place. */
static void lose(ToothState *t, Look look)
{
	Stand implant = t->part[PART_IMPLANT], pontic = t->part[PART_PONTIC];
	Stand denture = t->part[PART_DENTURE];
	bool left = t->bar_left, right = t->bar_right;

	*t = (ToothState){
		.tooth = t->tooth, .absent = look, .bar_left = left, .bar_right = right
	};
	t->part[PART_IMPLANT].next = implant.next;
	t->part[PART_PONTIC] = pontic;
	t->part[PART_DENTURE] = denture;
}

static void on_crown(ToothState *t, Look look)
{
	stand(&t->part[PART_CROWN], look);
	if (look_is_work(look)) {
		clear_faces(t);
		t->part[PART_ROOT].now = t->part[PART_FRACTURE].now = LOOK_NONE;
	}
}

static void on_implant(ToothState *t, Look look)
{
	stand(&t->part[PART_IMPLANT], look);
	if (look_is_work(look))
		t->absent = LOOK_NONE;
}

static void on_healthy(ToothState *t)
{
	for (int i = 0; i < FACES; i++)
		if (t->face[i].now == LOOK_BAD || t->face[i].now == LOOK_NOTE)
			t->face[i].now = LOOK_NONE;
	for (int i = 0; i < PART_COUNT; i++)
		if (t->part[i].now == LOOK_BAD)
			t->part[i].now = LOOK_NONE;
	t->healthy = true;
}

static void on_bridge(ToothState *t, const Act *act, Look look)
{
	const char *role = "member";
	size_t at = 0;

	while (at < act->teeth_count && act->teeth[at].tooth != t->tooth)
		at++;
	if (at == act->teeth_count)
		return;
	role = act->teeth[at].role;
	stand(&t->part[strcmp(role, "pillar") ? PART_PONTIC : PART_PILLAR], look);
	t->bar_left = t->bar_left || at > 0;
	t->bar_right = t->bar_right || at + 1 < act->teeth_count;
	if (look_is_work(look))
		clear_faces(t);
}

/* Drawings that are one part and nothing more. */
static const struct {
	const char *paint;
	Part part;
} simple_parts[] = {
	{ "canal", PART_CANAL },
	{ "post", PART_POST },
	{ "impacted", PART_IMPACTED },
	{ "lesion", PART_LESION },
	{ "gum", PART_GUM },
	{ "scaling", PART_SCALING },
	{ "ortho", PART_BRACKET },
	{ "denture", PART_DENTURE },
	{ "flag", PART_FLAG },
};

static bool on_simple_part(ToothState *t, const char *paint, Look look)
{
	for (size_t i = 0; i < COUNT(simple_parts); i++)
		if (!strcmp(simple_parts[i].paint, paint)) {
			stand(&t->part[simple_parts[i].part], look);
			return true;
		}
	return false;
}

static void on_tooth(ToothState *t, const Act *act, Look look)
{
	const char *paint = act->paint;

	if (!strcmp(paint, "healthy"))
		on_healthy(t);
	else if (!strcmp(paint, "missing") || (!strcmp(paint, "extraction") && look_is_work(look)))
		lose(t, look);
	else if (!strcmp(paint, "extraction"))
		stand(&t->part[PART_EXTRACTION], look);
	else if (!strcmp(paint, "crown"))
		on_crown(t, look);
	else if (!strcmp(paint, "implant"))
		on_implant(t, look);
	else if (!strcmp(paint, "bridge"))
		on_bridge(t, act, look);
	else if (!strcmp(paint, "root")) {
		clear_faces(t);
		t->part[PART_CROWN].now = LOOK_NONE;
		stand(&t->part[PART_ROOT], look);
	} else if (!strcmp(paint, "fracture") && !act->surfaces)
		stand(&t->part[PART_FRACTURE], look);
	else if (!strcmp(paint, "veneer")) {
		Act front = *act;

		front.surfaces |= FACE_VESTIBULAR;
		on_faces(t, &front, look);
		stand(&t->part[PART_VENEER], look);
	} else if (!strcmp(paint, "sealant") && !act->surfaces)
		stand(&t->part[PART_SEALANT], look);
	else if (act->surfaces)
		on_faces(t, act, look);
	else if (!on_simple_part(t, paint, look) && !strcmp(paint, "filling"))
		stand(&t->part[PART_FLAG], look);
}

ToothState tooth_state(int tooth, const Act *act, size_t count)
{
	ToothState t = { .tooth = tooth };

	for (size_t i = 0; i < count; i++) {
		Look look = look_of(&act[i]);

		if (act[i].voided_at)
			continue;
		if (act_on_tooth(&act[i], tooth)) {
			on_tooth(&t, &act[i], look);
			t.healthy = t.healthy && look != LOOK_BAD;
			t.examined = true;
		} else if (act[i].region && region_has_tooth(act[i].region, tooth)) {
			on_simple_part(&t, act[i].paint, look);
		}
	}
	return t;
}

/* ---- reading aloud ---- */

static void say(Buf *buf, Arena *mem, const Act *act)
{
	if (buf->len)
		buf_puts(buf, "; ");
	if (act->procedure_id)
		buf_printf(buf, "%s: ", act_verb(act->kind));
	buf_puts(buf, act->title);
	if (act->surfaces)
		buf_printf(buf, " %s", faces_text(mem, act->tooth, act->surfaces));
	else if (act->teeth_count)
		buf_printf(buf, " %s", act_place(mem, act));
}

const char *tooth_aloud(Arena *mem, int tooth, const Act *act, size_t count)
{
	Buf buf;

	buf_init(&buf, mem, 1000);
	for (size_t i = 0; i < count; i++)
		if (!act[i].voided_at && act_on_tooth(&act[i], tooth))
			say(&buf, mem, &act[i]);
	return arena_printf(mem, "Dente %d, %s: %s", tooth, tooth_name(tooth),
		buf.len ? buf_text(&buf) : "não examinado");
}

/* ---- counting ---- */

static bool is_decayed(const ToothState *t)
{
	for (int i = 0; i < FACES; i++)
		if (t->face[i].now == LOOK_BAD && !strcmp(t->face_paint[i], "caries"))
			return true;
	return t->part[PART_ROOT].now == LOOK_BAD;
}

static bool is_filled(const ToothState *t)
{
	for (int i = 0; i < FACES; i++)
		if ((look_is_work(t->face[i].now) || t->redo[i]) &&
			strcmp(t->face_paint[i], "sealant") != 0)
			return true;
	return look_is_work(t->part[PART_CROWN].now) || look_is_work(t->part[PART_PILLAR].now);
}

static void count_tooth(ToothIndex *index, const ToothState *t, bool deciduous)
{
	index->teeth++;
	index->examined += t->examined;
	/* ceo-d: a tooth of milk that is not there has fallen; one that must go counts */
	if (deciduous ? t->part[PART_EXTRACTION].now == LOOK_BAD ||
				t->part[PART_EXTRACTION].next != LOOK_NONE
		      : t->absent != LOOK_NONE || t->part[PART_IMPLANT].now != LOOK_NONE)
		index->lost++;
	else if (is_decayed(t))
		index->decayed++;
	else if (is_filled(t))
		index->filled++;
}

ToothIndex tooth_index(bool deciduous, const Act *act, size_t count)
{
	const uint8_t *row[] = { deciduous ? chart_upper_deciduous : chart_upper,
		deciduous ? chart_lower_deciduous : chart_lower };
	ToothIndex index = { 0 };

	for (size_t r = 0; r < COUNT(row); r++)
		for (size_t i = 0; row[r][i]; i++) {
			ToothState t;

			if (!deciduous && row[r][i] % 10 == 8)
				continue;
			t = tooth_state(row[r][i], act, count);
			count_tooth(&index, &t, deciduous);
		}
	index.sum = index.decayed + index.lost + index.filled;
	return index;
}

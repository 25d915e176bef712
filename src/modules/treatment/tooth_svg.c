/* Drawing one tooth: marks in the order in which they lie over one another. */
#include "modules/treatment/tooth_svg.h"

#include "modules/treatment/tooth_shapes.h"

enum { FACE_INDEX_CERVICAL = 5, FACE_INDEX_ROOT = 6, BOX = 34 };

/* What is drawn on the tooth itself, in the coordinates of tooth_shapes.c. */
#define CROSS_BIG   "M-13 10L13 64M13 10L-13 64"
#define CROSS_SMALL "M-6 36L6 48M6 36L-6 48"
#define CERVICAL    "M-9 44Q0 37.6 9 44V49Q0 42.6-9 49Z"
#define SCREW                                                                                      \
	"M-5 41V13Q-5 6 0 6Q5 6 5 13V41ZM-6.6 15L6.6 18.4M-6.6 21L6.6 24.4M-6.6 27L6.6 30.4M-6.6 " \
	"33L6.6 36.4"
#define POST      "M-1.8 20H1.8L3.2 48H-3.2Z"
#define CRACK     "M-14 50L-8 56L-3 49L3 58L8 50L14 56"
#define GUM       "M-17 39.5q4.25-4.5 8.5 0t8.5 0t8.5 0t8.5 0"
#define TICKS     "M-15 38.5H15M-11 34.5V42M-5.5 34.5V42M0 34.5V42M5.5 34.5V42M11 34.5V42"
#define LESION    "M-6.5 5a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0Z"
#define IMPACTED  "M-20 52a20 19 0 1 0 40 0a20 19 0 1 0-40 0Z"
#define BRACKET   "M-5 51.5H5V61H-5ZM-23 56.2H-5M5 56.2H23"
#define BASE      "M-23 39.5H23V46.5H-23Z"
#define FLAG      "M17.5 1.5l4.5 4.5l-4.5 4.5l-4.5-4.5Z"
#define BAR_LEFT  "M-23 52.5H0V58.5H-23Z"
#define BAR_RIGHT "M0 52.5H23V58.5H0Z"
#define BAR_BOTH  "M-23 52.5H23V58.5H-23Z"

static void put(Mark *list, size_t *count, const char *class, const char *d, const char *face)
{
	if (*count < TOOTH_MARKS && *d)
		list[(*count)++] = (Mark){ class, d, face };
}

typedef struct Pen {
	Arena *mem;
	const ToothState *t;
	const ToothShape *shape;
	ToothDrawing *to;
} Pen;

static void body(Pen *p, const char *class, const char *d)
{
	put(p->to->body, &p->to->body_count, class, d, NULL);
}

/* "w" fills, "l" is a line. What is next lies over what is now. */
static void part(Pen *p, Part part, const char *how, const char *d)
{
	const Stand *s = &p->t->part[part];

	if (s->now)
		body(p, arena_printf(p->mem, "%s %s", how, look_class(s->now)), d);
	if (s->next)
		body(p, arena_printf(p->mem, "%s %s", how, look_class(s->next)), d);
}

static bool is_there(const ToothState *t, Part part)
{
	return t->part[part].now != LOOK_NONE || t->part[part].next != LOOK_NONE;
}

static const char *face_of(Arena *mem, int tooth, int i)
{
	return arena_printf(mem, "%c", face_letter(tooth, (Face)(1 << i)));
}

/* Neck and root are faces that lie on the body. */
static void body_face(Pen *p, int i, const char *d)
{
	const Stand *s = &p->t->face[i];

	put(p->to->body, &p->to->body_count,
		arena_printf(p->mem, "tb %s", look_class(p->t->redo[i] ? LOOK_BAD : s->now)), d,
		face_of(p->mem, p->t->tooth, i));
	if (s->next)
		body(p, arena_printf(p->mem, "w %s", look_class(s->next)), d);
}

static void ghost(Pen *p)
{
	body(p, "tghost", p->shape->root);
	body(p, "tghost", p->shape->crown);
	if (p->t->part[PART_IMPLANT].next || is_there(p->t, PART_PONTIC))
		return;
	body(p, arena_printf(p->mem, "l tx %s", look_class(p->t->absent)), CROSS_SMALL);
}

static void root(Pen *p)
{
	const ToothState *t = p->t;

	if (t->part[PART_IMPLANT].now) {
		part(p, PART_IMPLANT, "w", SCREW);
		return;
	}
	body(p, "tr", p->shape->root);
	body_face(p, FACE_INDEX_ROOT, p->shape->root);
	part(p, PART_ROOT, "w", p->shape->root);
	part(p, PART_CANAL, "l tk", p->shape->canal);
	part(p, PART_POST, "w", POST);
	if (t->part[PART_IMPLANT].next)
		part(p, PART_IMPLANT, "w", SCREW);
	part(p, PART_LESION, "l", LESION);
}

static void crown(Pen *p)
{
	const ToothState *t = p->t;

	if (t->part[PART_ROOT].now == LOOK_BAD && !t->part[PART_CROWN].now) {
		body(p, "tghost", p->shape->crown);
		return;
	}
	body(p, "tc", p->shape->crown);
	if (!t->part[PART_CROWN].now && *p->shape->groove)
		body(p, "tg", p->shape->groove);
	part(p, PART_CROWN, "w", p->shape->crown);
	part(p, PART_VENEER, "w tv", p->shape->crown);
	body_face(p, FACE_INDEX_CERVICAL, CERVICAL);
	part(p, PART_FRACTURE, "l", CRACK);
}

static void bridge(Pen *p)
{
	const ToothState *t = p->t;
	const Stand *s = &t->part[is_there(t, PART_PONTIC) ? PART_PONTIC : PART_PILLAR];
	/* the patient's left is drawn mirrored */
	bool mirrored = !tooth_is_right(t->tooth);
	bool left = mirrored ? t->bar_right : t->bar_left;
	bool right = mirrored ? t->bar_left : t->bar_right;
	Look look = s->next ? s->next : s->now;

	if (!look)
		return;
	if (t->absent)
		body(p, "tc", p->shape->crown);
	body(p, arena_printf(p->mem, "w %s", look_class(look)), p->shape->crown);
	if (left || right)
		body(p, arena_printf(p->mem, "w tbar %s", look_class(look)),
			!right  ? BAR_LEFT
			: !left ? BAR_RIGHT
				: BAR_BOTH);
}

static void draw_body(Pen *p)
{
	if (p->t->absent) {
		ghost(p);
		part(p, PART_IMPLANT, "w", SCREW);
	} else {
		root(p);
		crown(p);
	}
	bridge(p);
	part(p, PART_IMPACTED, "l tdash", IMPACTED);
	part(p, PART_GUM, "l", GUM);
	part(p, PART_SCALING, "l", TICKS);
	part(p, PART_BRACKET, "w", BRACKET);
	part(p, PART_DENTURE, "w tbase", BASE);
	if (!p->t->absent)
		part(p, PART_EXTRACTION, "l", CROSS_BIG);
	part(p, PART_FLAG, "w", FLAG);
}

/* ---- the diagram of the faces ---- */

/* Five panes in a box: the centre is small on teeth that bite, a strip on those that cut. On the
 * screen; a mirrored tooth has mirrored panes. */
typedef struct Panes {
	const char *top, *right, *bottom, *left, *centre;
} Panes;

static const Panes biting = { "M0 0H34L23 11H11Z", "M34 0V34L23 23V11Z", "M34 34H0L11 23H23Z",
	"M0 34V0L11 11V23Z", "M11 11H23V23H11Z" };
static const Panes cutting = { "M0 0H34L28 13H6Z", "M34 0V34L28 21V13Z", "M34 34H0L6 21H28Z",
	"M0 34V0L6 13V21Z", "M6 13H28V21H6Z" };

/* M D V P O, by where the tooth stands: the vestibular pane is away from the tongue, the mesial one
 * towards the midline. */
static const char *pane(const ToothState *t, int i)
{
	const Panes *p = tooth_has_centre_occlusal(t->tooth) ? &biting : &cutting;
	bool upper = tooth_is_upper(t->tooth), right = tooth_is_right(t->tooth);

	switch ((Face)(1 << i)) {
	case FACE_MESIAL:
		return right ? p->right : p->left;
	case FACE_DISTAL:
		return right ? p->left : p->right;
	case FACE_VESTIBULAR:
		return upper ? p->top : p->bottom;
	case FACE_ORAL:
		return upper ? p->bottom : p->top;
	default:
		return p->centre;
	}
}

static const char *pane_class(Pen *p, int i)
{
	const ToothState *t = p->t;
	Look look = t->face[i].now;
	const char *paint = t->face_paint[i];

	/* its pattern is its own: what is there and what it asks for */
	if (t->redo[i])
		return "tf o-redo";
	if (paint && (!strcmp(paint, "sealant") || !strcmp(paint, "spot")))
		return arena_printf(p->mem, "tf tf-line %s", look_class(look));
	return look ? arena_printf(p->mem, "tf %s", look_class(look)) : "tf";
}

static void draw_faces(Pen *p)
{
	ToothDrawing *to = p->to;
	const ToothState *t = p->t;

	for (int i = 0; i < FACE_INDEX_CERVICAL; i++)
		put(to->faces, &to->face_count, pane_class(p, i), pane(t, i),
			face_of(p->mem, t->tooth, i));
	for (int i = 0; i < FACE_INDEX_CERVICAL; i++)
		if (t->face[i].next)
			put(to->faces, &to->face_count,
				arena_printf(p->mem, "w %s%s", look_class(t->face[i].next),
					t->face[i].now ? " is-over" : ""),
				pane(t, i), NULL);
	if (is_there(t, PART_SEALANT))
		put(to->faces, &to->face_count,
			arena_printf(p->mem, "l %s",
				look_class(t->part[PART_SEALANT].now ? t->part[PART_SEALANT].now
								     : t->part[PART_SEALANT].next)),
			"M11 17q3-6 6 0t6 0", NULL);
	if (t->healthy)
		put(to->faces, &to->face_count, "l o-ok", "M12.5 17.5l3.2 3.2l6-7", NULL);
}

void tooth_draw(Arena *mem, const ToothState *state, ToothDrawing *ret)
{
	Pen p = { mem, state, tooth_shape(state->tooth), ret };
	bool upper = tooth_is_upper(state->tooth), right = tooth_is_right(state->tooth);
	const char *size = tooth_is_deciduous(state->tooth) ? ".82" : "1";

	*ret = (ToothDrawing){ .tooth = state->tooth,
		.faces_at = upper ? "translate(6 79)" : "translate(6 22)",
		.number_y = upper ? 128 : 14 };
	/* small teeth stand on the line of the others' edges */
	ret->body_at = arena_printf(mem, "translate(23 %s) scale(%s%s %s%s)",
		upper ? (size[0] == '.' ? "16.4" : "4") : (size[0] == '.' ? "118.6" : "131"),
		right ? "" : "-", size, upper ? "" : "-", size);
	draw_body(&p);
	draw_faces(&p);
}

/* What the acts of a tooth add up to, and where they are drawn. */
#include "test.h"

#include "modules/treatment/tooth_svg.h"

enum { M = FACE_MESIAL, D = FACE_DISTAL, V = FACE_VESTIBULAR, P = FACE_ORAL, O = FACE_CENTRE };

static Act found(const char *condition, const char *paint, int tooth, unsigned faces)
{
	return (Act){ .kind = "finding",
		.condition = condition,
		.title = condition,
		.paint = paint,
		.tooth = tooth,
		.surfaces = faces };
}

static Act work(const char *kind, const char *paint, int tooth, unsigned faces)
{
	return (Act){ .kind = kind,
		.procedure_id = 1,
		.title = paint,
		.paint = paint,
		.tooth = tooth,
		.surfaces = faces };
}

static int face_at(unsigned face)
{
	return __builtin_ctz(face);
}

static const Mark *face_mark(const ToothDrawing *d, const char *face)
{
	for (size_t i = 0; i < d->face_count; i++)
		if (d->faces[i].face && !strcmp(d->faces[i].face, face))
			return &d->faces[i];
	return NULL;
}

static ToothDrawing drawing(Ctx *cx, int tooth, const Act *act, size_t count)
{
	ToothState state = tooth_state(tooth, act, count);
	ToothDrawing d;

	tooth_draw(cx->mem, &state, &d);
	return d;
}

TEST(a_tooth_without_acts_was_not_examined_and_is_not_healthy)
{
	ToothState t = tooth_state(16, NULL, 0);

	CHECK(!t.examined && !t.healthy);
	CHECK_TEXT(tooth_aloud(cx->mem, 16, NULL, 0),
		"Dente 16, Primeiro molar superior direito: não examinado");
}

TEST(what_was_done_later_stands_over_what_was_found)
{
	Act act[] = { found("caries", "caries", 16, M | O), work("done", "filling", 16, M | O),
		work("planned", "crown", 16, 0) };
	ToothState t = tooth_state(16, act, 2);

	CHECK_INT(t.face[face_at(M)].now, LOOK_DONE);
	t = tooth_state(16, act, 3);
	CHECK_INT(t.part[PART_CROWN].now, LOOK_NONE);
	CHECK_INT(t.part[PART_CROWN].next, LOOK_PLAN);
	act[2].kind = "done"; /* the crown covers the filling */
	t = tooth_state(16, act, 3);
	CHECK_INT(t.face[face_at(M)].now, LOOK_NONE);
	CHECK_INT(t.part[PART_CROWN].now, LOOK_DONE);
}

TEST(a_plan_does_not_hide_what_is_there)
{
	Act act[] = { found("caries", "caries", 16, O), work("planned", "filling", 16, O) };
	ToothState t = tooth_state(16, act, 2);

	CHECK_INT(t.face[face_at(O)].now, LOOK_BAD);
	CHECK_INT(t.face[face_at(O)].next, LOOK_PLAN);
}

TEST(a_lost_tooth_keeps_nothing_and_an_implant_fills_its_place)
{
	Act act[] = { work("done", "filling", 36, O), found("missing", "missing", 36, 0),
		work("planned", "implant", 36, 0) };
	ToothState t = tooth_state(36, act, 2);

	CHECK(t.absent == LOOK_NOTE);
	CHECK_INT(t.face[face_at(O)].now, LOOK_NONE);
	t = tooth_state(36, act, 3);
	CHECK(t.absent && t.part[PART_IMPLANT].next == LOOK_PLAN);
	act[2].kind = "done";
	t = tooth_state(36, act, 3);
	CHECK(!t.absent && t.part[PART_IMPLANT].now == LOOK_DONE);
	act[1] = work("done", "extraction", 36, 0);
	t = tooth_state(36, act, 2);
	CHECK(t.absent == LOOK_DONE);
	act[1].kind = "planned";
	t = tooth_state(36, act, 2);
	CHECK(!t.absent && t.part[PART_EXTRACTION].next == LOOK_PLAN);
}

TEST(a_void_act_says_nothing)
{
	Act act[] = { found("caries", "caries", 16, O) };

	act[0].voided_at = 1;
	CHECK(!tooth_state(16, act, 1).examined);
}

TEST(healthy_ends_what_was_bad_and_bad_ends_healthy)
{
	Act act[] = { found("caries", "caries", 16, O), found("healthy", "healthy", 16, 0),
		found("caries", "caries", 16, M) };
	ToothState t = tooth_state(16, act, 2);

	CHECK(t.healthy && !t.face[face_at(O)].now);
	t = tooth_state(16, act, 3);
	CHECK(!t.healthy && t.face[face_at(M)].now == LOOK_BAD);
}

TEST(a_bridge_joins_its_teeth_and_says_who_carries)
{
	ActTooth teeth[] = { { 15, "pillar" }, { 14, "pontic" }, { 13, "pillar" } };
	Act act[] = { found("missing", "missing", 14, 0), { .kind = "planned",
								  .procedure_id = 1,
								  .title = "Ponte",
								  .paint = "bridge",
								  .teeth = teeth,
								  .teeth_count = 3 } };
	ToothState left = tooth_state(15, act, 2), middle = tooth_state(14, act, 2);
	ToothState right = tooth_state(13, act, 2);

	CHECK(!left.bar_left && left.bar_right);
	CHECK(middle.bar_left && middle.bar_right);
	CHECK(right.bar_left && !right.bar_right);
	CHECK(middle.absent && middle.part[PART_PONTIC].next == LOOK_PLAN);
	CHECK(left.part[PART_PILLAR].next == LOOK_PLAN);
	CHECK(!tooth_state(12, act, 2).examined);
}

TEST(mesial_faces_the_midline_and_vestibular_is_away_from_the_tongue)
{
	/* of a box of 34: right pane, left pane, top, bottom */
	CHECK_TEXT(face_mark(&(ToothDrawing){ 0 }, "M") ? "" : "none", "none");
	for (int quadrant = 1; quadrant <= 8; quadrant++) {
		int tooth = quadrant * 10 + 5;
		ToothDrawing d = drawing(cx, tooth, NULL, 0);
		bool upper = tooth_is_upper(tooth);
		const Mark *mesial = face_mark(&d, "M"), *front = face_mark(&d, "V");
		const Mark *tongue = face_mark(&d, upper ? "P" : "L");

		CHECK(mesial && front && tongue && face_mark(&d, "O"));
		CHECK_INT(strncmp(mesial->d, "M34 0V34", 8) == 0, tooth_is_right(tooth));
		CHECK_INT(strncmp(front->d, "M0 0H34", 7) == 0, upper);
		CHECK_INT(strncmp(tongue->d, "M34 34H0", 8) == 0, upper);
	}
}

TEST(every_state_of_a_face_has_a_drawing_of_its_own)
{
	Act act[] = { found("caries", "caries", 16, M), work("existing", "filling", 16, D),
		work("done", "filling", 16, V), work("planned", "filling", 16, P),
		found("bad_filling", "redo", 16, O) };
	ToothDrawing d = drawing(cx, 16, act, COUNT(act));
	bool planned = false;

	CHECK_TEXT(face_mark(&d, "M")->class, "tf o-bad");
	CHECK_TEXT(face_mark(&d, "D")->class, "tf o-exist");
	CHECK_TEXT(face_mark(&d, "V")->class, "tf o-done");
	CHECK_TEXT(face_mark(&d, "P")->class, "tf");
	CHECK_TEXT(face_mark(&d, "O")->class, "tf o-redo");
	for (size_t i = 0; i < d.face_count; i++)
		planned = planned || !strcmp(d.faces[i].class, "w o-plan");
	CHECK(planned);
}

TEST(every_drawing_changes_the_tooth)
{
	ToothDrawing bare = drawing(cx, 26, NULL, 0);

	for (size_t i = 0; i < chart_paint_count; i++) {
		const char *name = chart_paints[i].name;
		ActTooth teeth[] = { { 26, "pillar" }, { 27, "pillar" } };
		Act act = found(strcmp(name, "healthy") ? "caries" : "healthy", name, 26,
			chart_paints[i].whole_tooth ? 0 : O);
		ToothDrawing d;
		bool same;

		if (!strcmp(name, "bridge")) {
			act.tooth = 0;
			act.teeth = teeth;
			act.teeth_count = 2;
		}
		d = drawing(cx, 26, &act, 1);
		same = d.body_count == bare.body_count && d.face_count == bare.face_count;
		for (size_t k = 0; same && k < d.body_count; k++)
			same = !strcmp(d.body[k].class, bare.body[k].class);
		for (size_t k = 0; same && k < d.face_count; k++)
			same = !strcmp(d.faces[k].class, bare.faces[k].class);
		CHECK_INT(same, !strcmp(name, "none"));
	}
}

TEST(a_tooth_is_read_aloud_with_all_that_stands_on_it)
{
	Act act[] = { found("caries", "caries", 16, M | O), work("planned", "filling", 16, M | O) };

	act[0].title = "Cárie";
	act[1].title = "Restauração em resina 2 faces";
	CHECK_TEXT(tooth_aloud(cx->mem, 16, act, 2),
		"Dente 16, Primeiro molar superior direito: Cárie MO; Planejado: Restauração em "
		"resina 2 faces MO");
}

TEST(regions_hold_their_teeth)
{
	CHECK(region_has_tooth("S1", 14) && !region_has_tooth("S1", 13));
	CHECK(region_has_tooth("S2", 21) && region_has_tooth("S5", 33));
	CHECK(region_has_tooth("S4", 36) && region_has_tooth("S6", 46));
	CHECK(region_has_tooth("AS", 55) && !region_has_tooth("AS", 41));
	CHECK(region_has_tooth("HAID", 47) && !region_has_tooth("HAID", 37));
	CHECK(region_has_tooth("ASAI", 11));
	CHECK(!region_has_tooth("LG", 11));
}

TEST(the_index_counts_decayed_lost_and_filled_without_wisdom_teeth)
{
	Act act[] = { found("caries", "caries", 16, O), found("missing", "missing", 46, 0),
		work("done", "filling", 26, O), found("healthy", "healthy", 11, 0),
		found("caries", "caries", 18, O), work("existing", "sealant", 36, O),
		work("done", "filling", 16, M) };
	ToothIndex x = tooth_index(false, act, COUNT(act));

	CHECK_INT(x.decayed, 1); /* filled on one face and decayed on another is decayed */
	CHECK_INT(x.lost, 1);
	CHECK_INT(x.filled, 1);
	CHECK_INT(x.sum, 3);
	CHECK_INT(x.teeth, 28);
	CHECK_INT(x.examined, 5);
}

TEST(the_index_of_milk_teeth_counts_what_must_go_and_not_what_fell)
{
	Act act[] = { found("missing", "missing", 51, 0),
		found("extraction_needed", "extraction", 54, 0), found("caries", "caries", 55, O) };
	ToothIndex x = tooth_index(true, act, COUNT(act));

	CHECK_INT(x.lost, 1);
	CHECK_INT(x.decayed, 1);
	CHECK_INT(x.teeth, 20);
}

/* Teeth, faces, rules and typed lines, by the facts of FDI and TISS. */
#include "test.h"

#include "modules/treatment/chart.h"
#include "modules/treatment/chart_line.h"
#include "modules/treatment/chart_regions.h"
#include "platform/json/json.h"

static json_t *teeth_vector(Ctx *cx)
{
	char *text = test_vector(cx->mem, "teeth.json");
	json_t *json = NULL;

	if (!text) {
		test_skip("vectors/teeth.json is not here");
		return NULL;
	}
	json = json_loads(text, 0, NULL);
	CHECK(json);
	return json;
}

static void compare_row(json_t *layout, const char *name, const uint8_t *row)
{
	json_t *want = json_object_get(layout, name);
	size_t count = 0;

	while (row[count])
		count++;
	CHECK_INT(count, json_array_size(want));
	for (size_t i = 0; i < count; i++)
		CHECK_INT(row[i], json_integer_value(json_array_get(want, i)));
}

TEST(the_rows_of_the_screen_are_those_of_iso_3950)
{
	json_t *all = teeth_vector(cx), *layout = json_object_get(all, "layout_left_to_right");

	if (!all)
		return;
	compare_row(layout, "permanent_upper", chart_upper);
	compare_row(layout, "permanent_lower", chart_lower);
	compare_row(layout, "deciduous_upper", chart_upper_deciduous);
	compare_row(layout, "deciduous_lower", chart_lower_deciduous);
	json_decref(all);
}

static void compare_faces(Ctx *cx, int tooth, json_t *faces)
{
	unsigned all = 0, one;

	for (size_t i = 0; i < json_array_size(faces); i++) {
		CHECK(faces_read(tooth, json_string_value(json_array_get(faces, i)), &one));
		CHECK(!(all & one));
		all |= one;
	}
	CHECK_INT(all, FACE_MESIAL | FACE_DISTAL | FACE_VESTIBULAR | FACE_ORAL | FACE_CENTRE);
	CHECK_INT(strlen(faces_text(cx->mem, tooth, all)), 5);
}

TEST(every_tooth_of_tiss_is_known_with_its_side_dentition_and_faces)
{
	json_t *all = teeth_vector(cx), *list = json_object_get(all, "teeth");
	size_t known = 0;

	if (!all)
		return;
	for (size_t i = 0; i < json_array_size(list); i++) {
		json_t *t = json_array_get(list, i);
		int tooth = (int)json_integer_value(json_object_get(t, "fdi"));

		CHECK(tooth_is_valid(tooth));
		CHECK_INT(tooth_is_deciduous(tooth), json_is_true(json_object_get(t, "deciduous")));
		CHECK_INT(tooth_is_upper(tooth),
			!strcmp(json_string_value(json_object_get(t, "arch")), "superior"));
		CHECK_INT(tooth_is_right(tooth),
			!strcmp(json_string_value(json_object_get(t, "side")), "direito"));
		CHECK_INT(tooth_is_supernumerary(tooth),
			json_is_true(json_object_get(t, "supernumerary")));
		CHECK(*tooth_name(tooth));
		if (!tooth_is_supernumerary(tooth))
			compare_faces(cx, tooth, json_object_get(t, "faces"));
	}
	for (int tooth = -5; tooth < 120; tooth++)
		known += tooth_is_valid(tooth);
	CHECK_INT(known, json_array_size(list));
	json_decref(all);
}

TEST(every_region_of_tiss_is_known)
{
	json_t *all = teeth_vector(cx), *list = json_object_get(all, "regions");

	if (!all)
		return;
	CHECK_INT(chart_region_count, json_array_size(list));
	for (size_t i = 0; i < json_array_size(list); i++)
		CHECK(region_is_valid(
			json_string_value(json_object_get(json_array_get(list, i), "code"))));
	CHECK(!region_is_valid("S7"));
	CHECK(!region_is_valid(NULL));
	json_decref(all);
}

TEST(a_tooth_has_its_name_and_its_successor)
{
	CHECK_TEXT(tooth_name(26), "Primeiro molar superior esquerdo");
	CHECK_TEXT(tooth_name(41), "Incisivo central inferior direito");
	CHECK_TEXT(tooth_name(85), "Segundo molar decíduo inferior direito");
	CHECK_TEXT(tooth_name(66), "");
	CHECK_INT(tooth_successor(54), 14);
	CHECK_INT(tooth_successor(85), 45);
	CHECK_INT(tooth_successor(14), 0);
	CHECK_INT(tooth_successor(59), 0);
}

TEST(faces_are_named_by_where_the_tooth_stands)
{
	unsigned faces = 0;

	CHECK(faces_read(16, "mod", &faces));
	CHECK_INT(faces, FACE_MESIAL | FACE_CENTRE | FACE_DISTAL);
	CHECK_TEXT(faces_text(cx->mem, 16, faces), "MOD");
	CHECK_TEXT(faces_text(cx->mem, 11, faces), "MID");
	CHECK_TEXT(faces_text(cx->mem, 16, FACE_ORAL | FACE_VESTIBULAR), "VP");
	CHECK_TEXT(faces_text(cx->mem, 46, FACE_ORAL | FACE_VESTIBULAR), "VL");
	CHECK_TEXT(faces_text(cx->mem, 46, 0), "");
	CHECK(!faces_read(16, "MI", &faces)); /* a molar has no incisal edge */
	CHECK(!faces_read(11, "MO", &faces));
	CHECK(!faces_read(46, "P", &faces));
	CHECK(!faces_read(46, "MM", &faces));
	CHECK(!faces_read(46, "", &faces));
	CHECK(faces_read(46, "b", &faces)); /* bucal */
	CHECK_INT(faces, FACE_VESTIBULAR);
	CHECK(!faces_fit(16, 0));
	CHECK(!faces_fit(16, 128));
	CHECK(!faces_fit(10, 1));
	CHECK_INT(faces_count(FACE_MESIAL | FACE_ROOT), 2);
}

TEST(what_a_procedure_asks_for_is_enforced_with_a_sentence)
{
	AreaRule two = { "surface", 2, 2, "any" }, tooth = { "tooth", 0, 0, "permanent" };
	AreaRule baby = { "tooth", 0, 0, "deciduous" }, mouth = { "mouth", 0, 0, "any" };
	AreaRule arch = { "arch", 0, 0, "any" }, region = { "region", 0, 0, "any" };
	AreaRule range = { "range", 0, 0, "any" };

	CHECK(!chart_refuses(cx->mem, &two, 16, FACE_MESIAL | FACE_CENTRE, NULL, 0));
	CHECK_TEXT(chart_refuses(cx->mem, &two, 16, FACE_MESIAL, NULL, 0),
		"Marque exatamente 2 faces.");
	CHECK(chart_refuses(cx->mem, &two, 16, 0, NULL, 0));
	CHECK(chart_refuses(cx->mem, &two, 0, 3, NULL, 0));
	CHECK(chart_refuses(cx->mem, &two, 16, 255, NULL, 0));
	CHECK(chart_refuses(cx->mem, &two, 99, 3, NULL, 0));
	CHECK(!chart_refuses(cx->mem, &tooth, 16, 0, NULL, 0));
	CHECK(chart_refuses(cx->mem, &tooth, 16, FACE_MESIAL, NULL, 0));
	CHECK_TEXT(chart_refuses(cx->mem, &tooth, 54, 0, NULL, 0),
		"Este procedimento é só para dentes permanentes.");
	CHECK(!chart_refuses(cx->mem, &baby, 54, 0, NULL, 0));
	CHECK(chart_refuses(cx->mem, &baby, 16, 0, NULL, 0));
	CHECK(!chart_refuses(cx->mem, &mouth, 0, 0, NULL, 0));
	CHECK(chart_refuses(cx->mem, &mouth, 16, 0, NULL, 0));
	CHECK(!chart_refuses(cx->mem, &arch, 0, 0, "AS", 0));
	CHECK(chart_refuses(cx->mem, &arch, 0, 0, "S1", 0));
	CHECK(chart_refuses(cx->mem, &arch, 0, 0, NULL, 0));
	CHECK(!chart_refuses(cx->mem, &region, 0, 0, "S1", 0));
	CHECK(chart_refuses(cx->mem, &region, 0, 0, "XX", 0));
	CHECK(!chart_refuses(cx->mem, &range, 0, 0, NULL, 3));
	CHECK(chart_refuses(cx->mem, &range, 0, 0, NULL, 1));
}

TEST(every_condition_has_a_drawing_and_a_sane_rule)
{
	for (size_t i = 0; i < chart_condition_count; i++) {
		const Condition *c = &chart_conditions[i];

		CHECK(chart_paint(c->paint));
		CHECK(c->faces_min <= c->faces_max && c->faces_max <= 7);
		CHECK(chart_condition(c->name) == c);
		CHECK(!c->tiss || strchr("AEHCR", c->tiss));
		CHECK(!(c->existing && c->bad));
	}
	CHECK(!chart_condition("nope"));
	CHECK(!chart_condition(NULL));
	CHECK(!chart_paint(NULL));
}

/* ---- typed lines ---- */

static ChartLine line_of(Ctx *cx, const char *text)
{
	ChartLine line;

	chart_line_read(cx->mem, text, &line);
	return line;
}

TEST(a_line_says_where_and_what)
{
	ChartLine line = line_of(cx, "16 MO resina");

	CHECK(!line.bad);
	CHECK_INT(line.count, 1);
	CHECK_INT(line.tooth[0], 16);
	CHECK_INT(line.faces, FACE_MESIAL | FACE_CENTRE);
	CHECK_TEXT(line.words, "resina");
	CHECK(!line.kind);
	line = line_of(cx, "36 canal");
	CHECK_INT(line.faces, 0);
	CHECK_TEXT(line.words, "canal");
	line = line_of(cx, "16mo Resina composta");
	CHECK_INT(line.faces, FACE_MESIAL | FACE_CENTRE);
	CHECK_TEXT(line.words, "resina composta");
	line = line_of(cx, "47 do resina");
	CHECK_INT(line.faces, FACE_DISTAL | FACE_CENTRE);
}

TEST(a_line_may_name_many_teeth_or_a_stretch_of_an_arch)
{
	ChartLine line = line_of(cx, "16, 17 e 26 O cárie");

	CHECK_INT(line.count, 3);
	CHECK_INT(line.faces, FACE_CENTRE);
	CHECK(!line.range);
	CHECK_TEXT(line.words, "carie");
	line = line_of(cx, "13–15 ponte");
	CHECK(line.range);
	CHECK_INT(line.count, 3);
	CHECK_INT(line.tooth[0], 15); /* as on the screen */
	CHECK_INT(line.tooth[2], 13);
	line = line_of(cx, "12 a 22 faceta");
	CHECK_INT(line.count, 4);
	line = line_of(cx, "13-35 ponte");
	CHECK_TEXT(line.bad, "De 13 a 35 não é um trecho da mesma arcada.");
}

TEST(a_line_may_name_a_region_or_the_whole_mouth)
{
	ChartLine line = line_of(cx, "sup profilaxia");

	CHECK_TEXT(line.region, "AS");
	CHECK_TEXT(line.words, "profilaxia");
	CHECK_TEXT(line_of(cx, "arcada inferior raspagem").region, "AI");
	CHECK_TEXT(line_of(cx, "sup e inf clareamento").region, "ASAI");
	CHECK_TEXT(line_of(cx, "sup dir raspagem").region, "HASD");
	CHECK_TEXT(line_of(cx, "q3 raspagem").region, "HAIE");
	CHECK_TEXT(line_of(cx, "S5 raspagem").region, "S5");
	line = line_of(cx, "boca profilaxia");
	CHECK(line.mouth && !line.region && !line.bad);
	line = line_of(cx, "profilaxia");
	CHECK(!line.bad && !line.mouth && !line.count);
}

TEST(a_line_may_say_what_kind_it_is)
{
	CHECK_TEXT(line_of(cx, "36 canal feito").kind, "done");
	CHECK_TEXT(line_of(cx, "feito 36 canal").kind, "done");
	CHECK_TEXT(line_of(cx, "existente 36 coroa").kind, "existing");
	CHECK_TEXT(line_of(cx, "36 coroa existente").words, "coroa");
}

TEST(a_line_that_cannot_be_is_refused_with_a_sentence)
{
	CHECK_TEXT(line_of(cx, "19x resina").bad, "O dente 19 não tem estas faces.");
	CHECK_TEXT(line_of(cx, "99 resina").bad, "O dente 99 não existe.");
	CHECK_TEXT(line_of(cx, "160 resina").bad, "\"160\" não é um dente.");
	CHECK_TEXT(line_of(cx, "11mo resina").bad, "O dente 11 não tem estas faces.");
	CHECK(line_of(cx, "16").bad);
	CHECK(line_of(cx, "16 MO").bad);
	CHECK(line_of(cx, "").bad);
	CHECK(line_of(cx, NULL).bad);
	CHECK(line_of(cx, "16 \xff").bad);
}

TEST(words_name_conditions_by_their_beginning)
{
	CHECK_TEXT(chart_line_condition("ausente", 0)->name, "missing");
	CHECK_TEXT(chart_line_condition("hígido", 0) ? "x" : "no accents here", "no accents here");
	CHECK_TEXT(chart_line_condition("raiz residual", 0)->name, "residual_root");
	CHECK_TEXT(chart_line_condition("semi-incluso", 0)->name, "half_impacted");
	CHECK_TEXT(chart_line_condition("coroa", 1)->name, "crowned");
	CHECK(!chart_line_condition("coroa", -1));
	CHECK(!chart_line_condition("microabrasao", 0)); /* begins otherwise */
	CHECK(!chart_line_condition("", 0));
	for (size_t i = 0; i < chart_condition_count; i++)
		CHECK(chart_condition(chart_conditions[i].name));
}

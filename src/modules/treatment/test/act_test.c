/* The lines of the chart: written, finished, taken back, and shown as they were. */
#include "modules/treatment/act.h"
#include "modules/treatment/catalogue.h"
#include "modules/treatment/chart_write.h"
#include "modules/treatment/perio.h"
#include "modules/treatment/plan.h"
#include "treatment_fixture.h"

static int64_t start(Ctx *cx)
{
	cx->user = (UserId){ 0 };
	CHECK(catalogue_start_company(cx) == OK);
	return a_patient(cx, "Sônia Regina Barreto").v;
}

static int64_t procedure_of(Ctx *cx, const char *words, const char *area)
{
	Procedure *list;
	size_t count;

	CHECK(procedure_search(cx, words, 0, &list, &count) == OK);
	for (size_t i = 0; i < count; i++)
		if (!strcmp(list[i].area, area))
			return list[i].id;
	test_fail(__FILE__, __LINE__, "a procedure of that area");
	return 0;
}

static int64_t caries(Ctx *cx, int64_t patient, int tooth, unsigned faces)
{
	int64_t id = 0;

	CHECK(act_add(cx,
		      &(Act){ .patient_id = patient,
			      .kind = "finding",
			      .condition = "caries",
			      .tooth = tooth,
			      .surfaces = faces },
		      &id) == OK);
	return id;
}

static Act act_of(Ctx *cx, int64_t id)
{
	Act act = { 0 };

	CHECK(act_get(cx, id, &act) == OK);
	return act;
}

TEST(a_finding_stands_on_its_faces)
{
	int64_t patient = start(cx), id = caries(cx, patient, 16, FACE_MESIAL | FACE_CENTRE);
	Act act = act_of(cx, id);

	CHECK_TEXT(act.title, "Cárie");
	CHECK_TEXT(act.area, "surface");
	CHECK_TEXT(act.paint, "caries");
	CHECK_TEXT(act_place(cx->mem, &act), "16 MO");
	CHECK_INT(act.recorded_at, cx->now);
	CHECK_INT(act.done_at, 0);
}

static Err add(Ctx *cx, Act act)
{
	int64_t id;

	cx->bad_count = 0;
	return act_add(cx, &act, &id);
}

TEST(what_cannot_stand_there_is_refused_and_the_field_is_named)
{
	int64_t p = start(cx), two = procedure_of(cx, "resina 2 faces", "surface");

	CHECK(add(cx, (Act){ .patient_id = p,
			      .kind = "finding",
			      .condition = "caries",
			      .tooth = 16 }) == ERR_INVALID);
	CHECK(bad_find(cx, "surfaces"));
	CHECK(add(cx, (Act){ .patient_id = p,
			      .kind = "finding",
			      .condition = "caries",
			      .tooth = 19 + 80,
			      .surfaces = 1 }) == ERR_INVALID);
	CHECK(bad_find(cx, "tooth"));
	CHECK(add(cx, (Act){ .patient_id = p,
			      .kind = "planned",
			      .procedure_id = two,
			      .tooth = 16,
			      .surfaces = FACE_MESIAL }) == ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "surfaces"), "Marque exatamente 2 faces.");
	CHECK(add(cx, (Act){ .patient_id = p,
			      .kind = "finding",
			      .condition = "missing",
			      .tooth = 16,
			      .surfaces = 1 }) == ERR_INVALID);
	CHECK(add(cx, (Act){ .patient_id = p,
			      .kind = "finding",
			      .condition = "crowned",
			      .tooth = 16 }) == ERR_INVALID);
	CHECK(bad_find(cx, "kind"));
	CHECK(add(cx, (Act){ .patient_id = p, .kind = "planned", .tooth = 16 }) == ERR_INVALID);
	CHECK(bad_find(cx, "procedure_id"));
	CHECK(add(cx, (Act){ .patient_id = p,
			      .kind = "planned",
			      .procedure_id = 999999,
			      .tooth = 16 }) == ERR_INVALID);
	CHECK(add(cx, (Act){ .patient_id = p, .kind = "guessed", .tooth = 16 }) == ERR_INVALID);
	CHECK(add(cx, (Act){ .patient_id = p,
			      .kind = "done",
			      .procedure_id = two,
			      .tooth = 16,
			      .surfaces = 17,
			      .done_at = cx->now + 86400 }) == ERR_INVALID);
	CHECK(bad_find(cx, "done_at"));
}

static int64_t planned_filling(Ctx *cx, int64_t patient)
{
	int64_t id = 0;

	CHECK(act_add(cx,
		      &(Act){ .patient_id = patient,
			      .kind = "planned",
			      .tooth = 16,
			      .surfaces = FACE_MESIAL | FACE_CENTRE,
			      .procedure_id = procedure_of(cx, "resina 2 faces", "surface") },
		      &id) == OK);
	return id;
}

TEST(what_was_planned_is_done_once)
{
	int64_t patient = start(cx), id = planned_filling(cx, patient);

	CHECK(act_finish(cx, id, 0, cx->now - 600) == OK);
	CHECK_TEXT(act_of(cx, id).kind, "done");
	CHECK_INT(act_of(cx, id).done_at, cx->now - 600);
	CHECK(act_finish(cx, id, 0, 0) == ERR_CONFLICT);
}

TEST(what_was_done_by_mistake_is_planned_again_with_a_reason)
{
	int64_t patient = start(cx), id = planned_filling(cx, patient);

	CHECK(act_reopen(cx, id, "engano") == ERR_CONFLICT);
	CHECK(act_finish(cx, id, 0, 0) == OK);
	CHECK(act_reopen(cx, id, "") == ERR_INVALID);
	CHECK(act_reopen(cx, id, "engano") == OK);
	CHECK_TEXT(act_of(cx, id).kind, "planned");
	CHECK_INT(act_of(cx, id).done_at, 0);
}

TEST(nothing_is_deleted_only_voided_with_a_reason)
{
	int64_t patient = start(cx), id = caries(cx, patient, 16, FACE_MESIAL);
	Act *list;
	size_t count;

	CHECK(act_void(cx, id, NULL) == ERR_INVALID);
	CHECK(act_void(cx, id, "dente errado") == OK);
	CHECK(act_void(cx, id, "de novo") == ERR_CONFLICT);
	CHECK(act_list(cx, patient, 0, false, &list, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(act_list(cx, patient, 0, true, &list, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(list[0].void_reason, "dente errado");
}

TEST(the_chart_of_a_day_is_what_was_known_then)
{
	int64_t patient = start(cx), day = 86400, id = 0;
	Act *list;
	size_t count;

	CHECK(act_add(cx,
		      &(Act){ .patient_id = patient,
			      .kind = "planned",
			      .tooth = 36,
			      .recorded_at = cx->now - 10 * day,
			      .procedure_id = procedure_of(cx, "exodontia simples", "tooth") },
		      &id) == OK);
	CHECK(act_finish(cx, id, 0, cx->now - 5 * day) == OK);
	CHECK(act_list(cx, patient, cx->now - 11 * day, false, &list, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(act_list(cx, patient, cx->now - 7 * day, false, &list, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(list[0].kind, "planned");
	CHECK_INT(list[0].done_at, 0);
	CHECK(act_list(cx, patient, cx->now - 1 * day, false, &list, &count) == OK);
	CHECK_TEXT(list[0].kind, "done");
	CHECK(act_void(cx, id, "engano") == OK);
	CHECK(act_list(cx, patient, cx->now - 1 * day, false, &list, &count) == OK);
	CHECK_INT(count, 1); /* void since today: it stood there yesterday */
	CHECK(!list[0].void_reason);
	CHECK(act_list(cx, patient, cx->now, false, &list, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(a_bridge_is_one_act_over_several_teeth)
{
	int64_t patient = start(cx), id = 0;
	ActTooth teeth[] = { { 15, "pillar" }, { 14, "pontic" }, { 13, "pillar" } };
	Act act = { .patient_id = patient,
		.kind = "existing",
		.condition = "bridged",
		.teeth = teeth,
		.teeth_count = COUNT(teeth) };

	CHECK(act_add(cx, &act, &id) == OK);
	act = act_of(cx, id);
	CHECK_TEXT(act.area, "range");
	CHECK_INT(act.teeth_count, 3);
	CHECK_INT(act.teeth[1].tooth, 14);
	CHECK_TEXT(act.teeth[1].role, "pontic");
	CHECK_TEXT(act_place(cx->mem, &act), "15–13");
	teeth[2].tooth = 15;
	CHECK(add(cx, (Act){ .patient_id = patient,
			      .kind = "existing",
			      .condition = "bridged",
			      .teeth = teeth,
			      .teeth_count = 3 }) == ERR_INVALID);
}

static Err roles(Ctx *cx, int64_t id, const char *a, const char *b, const char *c)
{
	const char *role[] = { a, b, c };

	return act_set_roles(cx, id, (Strs){ role, COUNT(role) });
}

TEST(who_carries_in_a_bridge_is_corrected_and_somebody_always_does)
{
	int64_t patient = start(cx), id = 0;
	ActTooth teeth[] = { { 15, "pillar" }, { 14, "pontic" }, { 13, "pillar" } };
	Act act = { .patient_id = patient,
		.kind = "existing",
		.condition = "bridged",
		.teeth = teeth,
		.teeth_count = COUNT(teeth) };

	CHECK(act_add(cx, &act, &id) == OK);
	CHECK(roles(cx, id, "pillar", "pillar", "cantilever") == OK);
	act = act_of(cx, id);
	CHECK_INT(act.version, 2);
	CHECK_TEXT(act.teeth[1].role, "pillar");
	CHECK_TEXT(act.teeth[2].role, "cantilever");
	CHECK(roles(cx, id, "pontic", "pontic", "pontic") == ERR_INVALID);
	CHECK(roles(cx, id, "pillar", "cantilever", "pillar") == ERR_INVALID);
	CHECK(roles(cx, id, "pillar", "crown", "pillar") == ERR_INVALID);
	CHECK(bad_find(cx, "role"));
	CHECK(act_set_roles(cx, id, (Strs){ 0 }) == ERR_INVALID);
	CHECK(roles(cx, caries(cx, patient, 16, FACE_MESIAL), "pillar", "pontic", "pillar") ==
		ERR_INVALID);
	CHECK_TEXT(act_of(cx, id).teeth[2].role, "cantilever");
	test_as_company(cx, 2);
	CHECK(roles(cx, id, "pillar", "pontic", "pillar") == ERR_NOT_FOUND);
}

TEST(the_second_of_two_dentists_is_told)
{
	int64_t patient = start(cx), id = planned_filling(cx, patient);
	int64_t other = a_patient(cx, "Outra Pessoa").v;

	CHECK(act_expect(cx, id, patient, 1) == OK);
	CHECK(act_finish(cx, id, 0, 0) == OK);
	CHECK(act_expect(cx, id, patient, 1) == ERR_CONFLICT);
	CHECK(act_expect(cx, id, patient, 2) == OK);
	CHECK(act_expect(cx, id, other, 2) == ERR_NOT_FOUND);
}

TEST(another_clinic_does_not_see_the_mouth)
{
	int64_t patient = start(cx), id = caries(cx, patient, 16, FACE_MESIAL);
	size_t count;
	Act *list, act;

	test_as_company(cx, 2);
	CHECK(act_get(cx, id, &act) == ERR_NOT_FOUND);
	CHECK(act_void(cx, id, "não é meu") == ERR_NOT_FOUND);
	CHECK(act_list(cx, patient, 0, true, &list, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(each_step_is_kept_with_its_reason)
{
	int64_t patient = start(cx), id = planned_filling(cx, patient), tooth = 16, other = 26;
	ActStep *step;
	size_t count;

	CHECK(act_finish(cx, id, 0, 0) == OK);
	CHECK(act_reopen(cx, id, "refazer") == OK);
	CHECK(act_steps_ask(cx, patient, (Int64s){ &tooth, 1 }, 50) == OK);
	CHECK(act_steps_read(cx, &step, &count) == OK);
	CHECK_INT(count, 3);
	CHECK_TEXT(step[0].kind, "planned");
	CHECK_TEXT(step[0].reason, "refazer");
	CHECK_TEXT(step[1].kind, "done");
	CHECK(act_steps_ask(cx, patient, (Int64s){ &other, 1 }, 50) == OK);
	CHECK(act_steps_read(cx, &step, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(act_steps_ask(cx, patient, (Int64s){ 0 }, 50) == OK);
	CHECK(act_steps_read(cx, &step, &count) == OK);
	CHECK_INT(count, 3);
}

/* ---- pointing and typing ---- */

typedef struct Written {
	Err err;
	const char *why;
	Act act;
	size_t count;
} Written;

/* Type a line on an empty or given mouth, and look at the first act that it made. */
static Written type(Ctx *cx, int64_t patient, const char *line, const char *kind)
{
	Written ret = { 0 };
	Selection at;
	size_t count;
	Int64s ids;
	What what;
	Act *now;

	cx->bad_count = 0;
	CHECK(act_list(cx, patient, 0, false, &now, &count) == OK);
	ret.err = chart_understand(cx, patient, line, kind, &at, &what);
	if (ret.err == OK)
		ret.err = chart_write(cx, &at, &what, now, count, &ids);
	ret.why = bad_find(cx, "line") ? bad_find(cx, "line") : bad_find(cx, "what");
	if (ret.err == OK) {
		ret.act = act_of(cx, ids.v[0]);
		ret.count = ids.count;
	}
	return ret;
}

TEST(a_typed_line_finds_the_procedure_that_fits_faces_and_roots)
{
	int64_t patient = start(cx);
	Written w = type(cx, patient, "16 MO resina", "planned");

	CHECK(w.err == OK);
	CHECK_TEXT(w.act.title, "Restauração em resina 2 faces");
	CHECK_TEXT(w.act.kind, "planned");
	CHECK_INT(w.act.surfaces, FACE_MESIAL | FACE_CENTRE);
	w = type(cx, patient, "36 tratamento endodontico", "planned");
	CHECK_TEXT(w.act.title, "Tratamento endodôntico multirradicular");
	w = type(cx, patient, "11 tratamento endodontico feito", "planned");
	CHECK_TEXT(w.act.title, "Tratamento endodôntico unirradicular");
	CHECK_TEXT(w.act.kind, "done");
}

TEST(a_typed_condition_is_what_it_is_whatever_was_being_written)
{
	int64_t patient = start(cx);
	Written w = type(cx, patient, "46 ausente", "planned");

	CHECK(w.err == OK);
	CHECK_TEXT(w.act.kind, "finding");
	CHECK_TEXT(w.act.condition, "missing");
	w = type(cx, patient, "36 coroa", "finding");
	CHECK_TEXT(w.act.kind, "existing");
	CHECK_TEXT(w.act.condition, "crowned");
	w = type(cx, patient, "16, 17 O carie", "finding");
	CHECK_INT(w.count, 2);
	w = type(cx, patient, "16 carie", "finding");
	CHECK(w.err == ERR_INVALID && w.why);
	w = type(cx, patient, "16 xyzzy", "planned");
	CHECK(w.err == ERR_INVALID && w.why);
}

TEST(work_for_the_whole_mouth_keeps_the_arch_as_a_remark)
{
	int64_t patient = start(cx);
	Written w = type(cx, patient, "sup profilaxia", "planned");

	CHECK(w.err == OK);
	CHECK_TEXT(w.act.area, "mouth");
	CHECK_TEXT(w.act.note, "Arcada superior");
}

TEST(lost_teeth_of_a_bridge_hang_between_those_that_stand)
{
	int64_t patient = start(cx);
	Written w;

	CHECK(type(cx, patient, "14 ausente", "finding").err == OK);
	CHECK(type(cx, patient, "12 ausente", "finding").err == OK);
	w = type(cx, patient, "15-12 ponte", "existing");
	CHECK(w.err == OK);
	CHECK_INT(w.count, 1);
	CHECK_INT(w.act.teeth_count, 4);
	CHECK_TEXT(w.act.teeth[0].role, "pillar");
	CHECK_TEXT(w.act.teeth[1].role, "pontic");
	CHECK_TEXT(w.act.teeth[2].role, "pillar");
	CHECK_TEXT(w.act.teeth[3].role, "cantilever");
}

TEST(what_is_planned_stands_in_the_active_plan_and_leaves_it_when_void)
{
	int64_t patient = start(cx);
	Written w = type(cx, patient, "16 MO resina", "planned");
	PlanLine *line;
	size_t count;

	CHECK(plan_open_lines(cx, patient, &line, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(line[0].act_id, w.act.id);
	CHECK(act_void(cx, w.act.id, "dente errado") == OK);
	CHECK(plan_open_lines(cx, patient, &line, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(the_buttons_of_the_inspector_are_read_strictly)
{
	unsigned faces = 0;
	What what;

	CHECK(what_read("c:caries", &what, &faces) && what.condition);
	CHECK(what_read("p:12:17", &what, &faces) && what.procedure_id == 12);
	CHECK_INT(faces, 17);
	CHECK(!what_read("p:0", &what, &faces));
	CHECK(!what_read("p:-3", &what, &faces));
	CHECK(!what_read("p:12:128", &what, &faces));
	CHECK(!what_read("c:nothing", &what, &faces));
	CHECK(!what_read("x:1", &what, &faces));
	CHECK(!what_read(NULL, &what, &faces));
	CHECK(!what_read("", &what, &faces));
}

/* ---- two records of one person ---- */

TEST(both_charts_follow_a_merge_and_part_again)
{
	int64_t stays = start(cx), goes = a_patient(cx, "Sônia Barreto").v, merge = 0, exam = 0;
	int64_t mine = caries(cx, stays, 16, FACE_MESIAL),
		theirs = caries(cx, goes, 26, FACE_MESIAL);
	PerioExam chart;
	PatientId into;

	CHECK(perio_begin(cx, goes, &exam) == OK);
	CHECK(patient_merge(cx, (PatientId){ goes }, (PatientId){ stays }, NULL, &merge) == OK);
	CHECK_INT(act_of(cx, theirs).patient_id, stays);
	CHECK_INT(act_of(cx, mine).patient_id, stays);
	CHECK(perio_get(cx, exam, &chart) == OK);
	CHECK_INT(chart.patient_id, stays);
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_INT(act_of(cx, theirs).patient_id, goes);
	CHECK_INT(act_of(cx, mine).patient_id, stays);
	CHECK(perio_get(cx, exam, &chart) == OK);
	CHECK_INT(chart.patient_id, goes);
}

/* Periodontal exams: figures by the shared vectors, and what may be written. */
#include "modules/treatment/perio_view.h"
#include "treatment_fixture.h"

static int64_t patient_of(Ctx *cx, const char *name)
{
	cx->user = (UserId){ 0 };
	return a_patient(cx, name).v;
}

static PerioTooth blank(int tooth)
{
	PerioTooth t = { .tooth = tooth, .mobility = PERIO_NONE, .furcation = PERIO_NONE };

	for (int i = 0; i < PERIO_SITES; i++)
		t.site[i] = (PerioSite){ .margin = PERIO_NONE, .probing = PERIO_NONE };
	return t;
}

static PerioTooth probed(int tooth, int probing, int margin)
{
	PerioTooth t = blank(tooth);

	for (int i = 0; i < PERIO_SITES; i++)
		t.site[i] = (PerioSite){ .margin = margin, .probing = probing };
	return t;
}

static PerioExam exam_with(PerioTooth tooth)
{
	PerioExam exam = { 0 };

	for (int i = 0; i < PERIO_TEETH; i++)
		exam.tooth[i] = blank(i < 16 ? chart_upper[i] : chart_lower[i - 16]);
	exam.tooth[perio_index(tooth.tooth)] = tooth;
	return exam;
}

TEST(attachment_is_probing_plus_margin_and_never_typed)
{
	CHECK_INT(perio_nic(&(PerioSite){ .probing = 4, .margin = 2 }), 6);
	CHECK_INT(perio_nic(&(PerioSite){ .probing = 5, .margin = -2 }), 3);
	CHECK_INT(perio_nic(&(PerioSite){ .probing = 3, .margin = 0 }), 3);
	CHECK_INT(perio_nic(&(PerioSite){ .probing = 3, .margin = PERIO_NONE }), PERIO_NONE);
	CHECK_INT(perio_nic(&(PerioSite){ .probing = PERIO_NONE, .margin = 1 }), PERIO_NONE);
}

TEST(figures_are_tenths_rounded_half_up)
{
	CHECK_INT(perio_tenths_percent(45, 192), 234);
	CHECK_INT(perio_tenths_percent(0, 0), -1);
	CHECK_INT(perio_tenths_percent(1, 3), 333);
	CHECK_INT(perio_tenths_percent(192, 192), 1000);
	CHECK_INT(perio_mean_tenths(27, 10), 27);
	CHECK_INT(perio_mean_tenths(1, 20), 1);
	CHECK_INT(perio_mean_tenths(0, 0), -1);
}

TEST(sums_are_of_what_was_examined_on_teeth_that_are_there)
{
	PerioTooth t = probed(16, 5, 1);
	PerioExam exam;
	PerioSums s;

	t.site[0].probing = 6;
	t.site[1].probing = PERIO_NONE;
	t.site[0].bleeding = t.site[2].bleeding = true;
	exam = exam_with(t);
	s = perio_sums(&exam);
	CHECK_INT(s.teeth, 32);
	CHECK_INT(s.sites, 5);
	CHECK_INT(s.bleeding, 2);
	CHECK_INT(s.bleeding_tenths, 400);
	CHECK_INT(s.pockets4, 5);
	CHECK_INT(s.pockets6, 1);
	CHECK_INT(s.probing_tenths, 52);
	CHECK_INT(s.nic_tenths, 62);
	exam.tooth[perio_index(16)].missing = true;
	s = perio_sums(&exam);
	CHECK_INT(s.sites, 0);
	CHECK_INT(s.bleeding_tenths, -1);
	CHECK_INT(s.teeth, 31);
}

TEST(a_lost_tooth_does_not_better_the_comparison)
{
	PerioExam before = exam_with(probed(16, 8, 0)), after = exam_with(blank(16));
	PerioPairs p;

	before.tooth[perio_index(26)] = probed(26, 5, 0);
	after.tooth[perio_index(16)].missing = true;
	after.tooth[perio_index(26)] = probed(26, 3, 0);
	after.tooth[perio_index(36)] = probed(36, 2, 0);
	p = perio_pairs(&before, &after);
	CHECK_INT(p.sites, 6);
	CHECK_INT(p.before_tenths, 50);
	CHECK_INT(p.after_tenths, 30);
	CHECK_INT(p.better, 6);
	CHECK_INT(p.worse, 0);
	CHECK_INT(p.pockets_before, 6);
	CHECK_INT(p.pockets_after, 0);
}

TEST(furcations_are_where_roots_part)
{
	CHECK(perio_has_furcation(16) && perio_has_furcation(48) && perio_has_furcation(14));
	CHECK(perio_has_furcation(24) && !perio_has_furcation(34) && !perio_has_furcation(15));
	CHECK(!perio_has_furcation(11));
}

static int64_t begin(Ctx *cx, int64_t patient)
{
	int64_t id = 0;

	CHECK(perio_begin(cx, patient, &id) == OK);
	return id;
}

TEST(an_exam_begins_once_and_knows_what_the_chart_knows)
{
	int64_t patient = patient_of(cx, "Vera Matos"), act, id;
	PerioExam exam;

	CHECK(act_add(cx,
		      &(Act){ .patient_id = patient,
			      .kind = "finding",
			      .condition = "missing",
			      .tooth = 46 },
		      &act) == OK);
	CHECK(act_add(cx,
		      &(Act){ .patient_id = patient,
			      .kind = "existing",
			      .condition = "implanted",
			      .tooth = 36 },
		      &act) == OK);
	id = begin(cx, patient);
	CHECK_INT(begin(cx, patient), id);
	CHECK(perio_get(cx, id, &exam) == OK);
	CHECK(exam.tooth[perio_index(46)].missing);
	CHECK(exam.tooth[perio_index(36)].implant && !exam.tooth[perio_index(36)].missing);
	CHECK(!exam.tooth[perio_index(16)].missing);
}

TEST(a_tooth_is_written_and_read_again)
{
	int64_t id = begin(cx, patient_of(cx, "Vera Matos"));
	PerioTooth in = probed(16, 4, -2), *out;
	PerioExam exam;

	in.mobility = 1;
	in.furcation = 2;
	in.site[5].margin = PERIO_NONE;
	in.site[5].plaque = true;
	CHECK(perio_save_tooth(cx, id, &in) == OK);
	CHECK(perio_get(cx, id, &exam) == OK);
	out = &exam.tooth[perio_index(16)];
	CHECK_INT(out->site[0].margin, -2);
	CHECK_INT(out->site[0].probing, 4);
	CHECK_INT(out->site[5].margin, PERIO_NONE);
	CHECK(out->site[5].plaque && !out->site[4].plaque);
	CHECK_INT(out->mobility, 1);
	CHECK_INT(out->furcation, 2);
	CHECK_INT(out->version, 1);
}

static Err save(Ctx *cx, int64_t exam, PerioTooth t)
{
	cx->bad_count = 0;
	return perio_save_tooth(cx, exam, &t);
}

TEST(figures_that_cannot_be_are_refused)
{
	int64_t id = begin(cx, patient_of(cx, "Vera Matos"));
	PerioTooth grade = blank(11);

	CHECK(save(cx, id, probed(16, 16, 0)) == ERR_INVALID);
	CHECK(bad_find(cx, "probing"));
	CHECK(save(cx, id, probed(16, -1, 0)) == ERR_INVALID);
	CHECK(save(cx, id, probed(16, 3, 21)) == ERR_INVALID);
	CHECK(bad_find(cx, "margin"));
	CHECK(save(cx, id, probed(16, 3, -11)) == ERR_INVALID);
	CHECK(save(cx, id, probed(16, 15, -10)) == OK);
	CHECK(save(cx, id, probed(54, 3, 0)) == ERR_INVALID);
	CHECK(save(cx, id, probed(19, 3, 0)) == ERR_INVALID);
	grade.furcation = 1;
	CHECK(save(cx, id, grade) == ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "furcation"), "Este dente não tem furca.");
	grade.furcation = PERIO_NONE;
	grade.mobility = 4;
	CHECK(save(cx, id, grade) == ERR_INVALID);
}

TEST(the_second_of_two_writers_of_a_tooth_is_told)
{
	int64_t id = begin(cx, patient_of(cx, "Vera Matos"));
	PerioTooth t = probed(16, 3, 0);

	CHECK(save(cx, id, t) == OK);
	CHECK(save(cx, id, t) == ERR_CONFLICT); /* saw an empty tooth */
	t.version = 1;
	CHECK(save(cx, id, t) == OK);
	CHECK(save(cx, id, t) == ERR_CONFLICT);
}

TEST(a_closed_exam_never_changes)
{
	int64_t patient = patient_of(cx, "Vera Matos"), id = begin(cx, patient);

	CHECK(perio_close(cx, id, cx->now, NULL) == ERR_CONFLICT); /* nothing measured */
	CHECK(save(cx, id, probed(16, 3, 0)) == OK);
	CHECK(perio_close(cx, id, cx->now, "retorno em 4 meses") == OK);
	CHECK(perio_close(cx, id, cx->now, NULL) == ERR_CONFLICT);
	CHECK(save(cx, id, probed(17, 3, 0)) == ERR_CONFLICT);
	CHECK(begin(cx, patient) != id);
}

TEST(a_draft_is_put_away_and_may_come_back_and_a_closed_exam_may_not)
{
	int64_t patient = patient_of(cx, "Vera Matos"), id = begin(cx, patient);
	PerioExam exam, *list;
	size_t count;

	CHECK(save(cx, id, probed(16, 3, 0)) == OK);
	CHECK(perio_discard(cx, id) == OK);
	CHECK(perio_get(cx, id, &exam) == ERR_NOT_FOUND);
	CHECK(perio_list(cx, patient, &list, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(save(cx, id, probed(17, 3, 0)) == ERR_CONFLICT);
	CHECK(perio_discard(cx, id) == ERR_CONFLICT);
	CHECK(perio_restore(cx, id) == OK);
	CHECK(perio_get(cx, id, &exam) == OK);
	CHECK_INT(exam.tooth[perio_index(16)].site[0].probing, 3);
	CHECK(perio_restore(cx, id) == ERR_CONFLICT);
	/* another draft was begun meanwhile */
	CHECK(perio_discard(cx, id) == OK);
	CHECK(begin(cx, patient) != id);
	CHECK(perio_restore(cx, id) == ERR_CONFLICT);
	id = begin(cx, patient);
	CHECK(save(cx, id, probed(16, 3, 0)) == OK);
	CHECK(perio_close(cx, id, cx->now, NULL) == OK);
	CHECK(perio_discard(cx, id) == ERR_CONFLICT);
	CHECK(perio_restore(cx, id) == ERR_CONFLICT);
}

TEST(another_clinic_sees_no_exam)
{
	int64_t patient = patient_of(cx, "Vera Matos"), id = begin(cx, patient);
	PerioExam exam, *list;
	size_t count;

	test_as_company(cx, 2);
	CHECK(perio_get(cx, id, &exam) == ERR_NOT_FOUND);
	CHECK(save(cx, id, probed(16, 3, 0)) == ERR_NOT_FOUND);
	CHECK(perio_list(cx, patient, &list, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(mesial_sites_face_the_midline)
{
	CHECK_INT(perio_site_at(16, false, 2), 0);
	CHECK_INT(perio_site_at(26, false, 0), 0);
	CHECK_INT(perio_site_at(46, true, 0), 5);
	CHECK_TEXT(perio_site_name(cx->mem, 16, 5), "16 distal palatino");
	CHECK_TEXT(perio_site_name(cx->mem, 46, 3), "46 mesial lingual");
}

TEST(the_line_of_the_pockets_has_gaps_where_nothing_was_measured)
{
	PerioExam exam = exam_with(probed(18, 4, 1));

	/* 18 is the first on the screen; the enamel is at 74, four units a millimetre */
	CHECK_TEXT(perio_line(cx->mem, &exam, true, false, true), "M11 54L33 54L55 54");
	CHECK_TEXT(perio_line(cx->mem, &exam, true, false, false), "M11 70L33 70L55 70");
	CHECK_TEXT(perio_line(cx->mem, &exam, false, false, true), "");
	exam.tooth[perio_index(18)].site[1].probing = PERIO_NONE;
	CHECK_TEXT(perio_line(cx->mem, &exam, true, false, true), "M11 54M55 54");
	exam.tooth[perio_index(18)].missing = true;
	CHECK_TEXT(perio_line(cx->mem, &exam, true, false, true), "");
}

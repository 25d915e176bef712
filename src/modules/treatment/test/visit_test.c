/* Visits at the chair, and a dentist's day. */
#include "modules/treatment/visit.h"

#include "core/clock.h"
#include "modules/treatment/act.h"
#include "modules/treatment/catalogue.h"
#include "modules/treatment/lab.h"
#include "modules/treatment/note.h"
#include "modules/treatment/plan.h"
#include "modules/treatment/recall.h"
#include "platform/db/db.h"
#include "treatment_fixture.h"

typedef struct Scene {
	PatientId patient;
	int64_t dentist, branch, chair;
} Scene;

/* A dentist, signed in, with a chair, and a patient. */
static Scene begin(Ctx *cx)
{
	UserId user = a_dentist(cx, "Ianara");
	Scene s = { .dentist = user.v, .branch = a_branch(cx) };

	CHECK(patient_register(cx,
		      &(PatientForm){ .name = "Ana Prado", .birth = date_of(1990, 1, 2) }, NULL, 0,
		      &s.patient) == OK);
	s.chair = ask(cx,
		arena_printf(cx->mem,
			"insert into agenda.chair (company_id, branch_id, name) values (1, %" PRId64
			", 'Sala 1') returning id",
			s.branch));
	may_be_booked(cx, s.dentist);
	cx->user = user;
	return s;
}

/* A visit of today at the hour. */
static int64_t book(Ctx *cx, const Scene *s, int hour, int64_t chair)
{
	Clock clock = time_clock(cx->now, cx->zone);
	AppointmentId id = { 0 };

	clock.hour = hour;
	clock.minute = clock.second = 0;
	CHECK(agenda_book(cx,
		      &(Booking){ .branch_id = s->branch,
			      .dentist_id = s->dentist,
			      .chair_id = chair,
			      .patient_id = s->patient.v,
			      .title = "Avaliação",
			      .starts_at = time_of_clock(&clock, cx->zone),
			      .ends_at = time_of_clock(&clock, cx->zone) + 1800,
			      .outside_hours = true },
		      &id) == OK);
	return id.v;
}

static Presence presence(Ctx *cx, int64_t appointment)
{
	Appointment at = { 0 };

	CHECK(agenda_get(cx, (AppointmentId){ appointment }, &at) == OK);
	return at.presence;
}

TEST(beginning_a_visit_seats_the_patient_and_ending_it_dismisses_them)
{
	Scene s = begin(cx);
	int64_t appointment = book(cx, &s, 10, s.chair), id = 0, again = 0;
	Visit visit;

	CHECK(visit_start(cx, s.patient, appointment, 0, &id) == OK);
	CHECK_INT(presence(cx, appointment), PRESENCE_IN_CHAIR);
	CHECK(visit_start(cx, s.patient, appointment, 0, &again) == OK);
	CHECK_INT(again, id);
	CHECK(visit_end(cx, id,
		      &(VisitEnd){ .materials = "Resina A2",
			      .next_in_days = 180,
			      .next_minutes = 40 }) == OK);
	CHECK_INT(presence(cx, appointment), PRESENCE_DONE);
	CHECK(visit_get(cx, id, &visit) == OK);
	CHECK_INT(visit.next_in_days, 180);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == ERR_CONFLICT);
}

/* A filling of 16 in the active plan, approved; its line and act. */
static PlanLine filling(Ctx *cx, const Scene *s)
{
	PlanLine *line = NULL;
	Procedure *list = NULL;
	int64_t plan = 0;
	size_t count = 0;

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(procedure_search(cx, "resina 2 faces", 0, &list, &count) == OK && count > 0);
	CHECK(catalogue_save(cx, list[0].id,
		      &(ProcedureForm){ .name = list[0].name,
			      .specialty = list[0].specialty,
			      .area = "surface",
			      .dentition = "any",
			      .paint = "filling",
			      .kit = "[{\"name\":\"Resina A2\",\"quantity\":\"1 g\"},"
				     "{\"name\":\"Adesivo\",\"quantity\":\"\"}]",
			      .surfaces_min = 2,
			      .surfaces_max = 2,
			      .minutes = 45,
			      .sessions = 1,
			      .price_cents = 42000,
			      .version = list[0].version }) == OK);
	CHECK(plan_create(cx, s->patient.v, &(PlanForm){ .name = "Plano" }, &plan) == OK);
	CHECK(plan_add_lines(cx, plan, &(LineForm){ .procedure_id = list[0].id, .where = "16 MO" },
		      &count) == OK);
	CHECK(plan_approve(cx, plan, "clinic", (Int64s){ 0 }, &count) == OK);
	CHECK(plan_open_lines(cx, s->patient.v, &line, &count) == OK);
	CHECK_INT(count, 1);
	return line[0];
}

static int64_t visit_of_act(Ctx *cx, int64_t id)
{
	Act act = { 0 };

	CHECK(act_get(cx, id, &act) == OK);
	return act.visit_id;
}

TEST(what_is_written_in_the_chair_belongs_to_the_visit_and_yesterdays_does_not)
{
	Scene s = begin(cx);
	PlanLine line = filling(cx, &s);
	int64_t id = 0, found = 0, before = 0;
	VisitAct *act;
	size_t count;

	CHECK(visit_start(cx, s.patient, 0, 0, &id) == OK);
	CHECK(act_add(cx,
		      &(Act){ .patient_id = s.patient.v,
			      .kind = "finding",
			      .condition = "caries",
			      .tooth = 26,
			      .surfaces = FACE_CENTRE },
		      &found) == OK);
	CHECK(act_add(cx,
		      &(Act){ .patient_id = s.patient.v,
			      .kind = "done",
			      .procedure_id = line.procedure_id,
			      .tooth = 25,
			      .surfaces = FACE_CENTRE | FACE_DISTAL,
			      .done_at = cx->now - 86400 },
		      &before) == OK);
	CHECK(act_finish(cx, line.act_id, 0, cx->now) == OK);
	CHECK_INT(visit_of_act(cx, found), id);
	CHECK_INT(visit_of_act(cx, line.act_id), id);
	CHECK_INT(visit_of_act(cx, before), 0);
	CHECK(visit_list_acts(cx, id, &act, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_TEXT(act[0].title, "Restauração em resina 2 faces");
	CHECK_TEXT(act[0].place, "16 MO");
	CHECK_TEXT(act[1].title, "Cárie");
	CHECK_TEXT(act[1].kind, "finding");
	/* of a visit that is over nothing more */
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == OK);
	CHECK(act_void(cx, found, "engano") == OK);
	CHECK(act_add(cx,
		      &(Act){ .patient_id = s.patient.v,
			      .kind = "finding",
			      .condition = "healthy",
			      .tooth = 27 },
		      &found) == OK);
	CHECK_INT(visit_of_act(cx, found), 0);
}

TEST(a_visit_ends_with_what_was_done_its_materials_and_the_next_visit)
{
	Scene s = begin(cx);
	PlanLine line = filling(cx, &s);
	int64_t id = 0;
	VisitAct *act;
	LineKit *kit;
	size_t count;
	Visit visit;

	CHECK(visit_start(cx, s.patient, 0, 0, &id) == OK);
	CHECK(visit_list_kits(cx, s.patient.v, &kit, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(kit[0].line_id, line.id);
	CHECK_TEXT(kit[0].text, "Resina A2 1 g, Adesivo");
	CHECK(visit_end(cx, id,
		      &(VisitEnd){ .materials = kit[0].text,
			      .next_in_days = 30,
			      .next_minutes = 60,
			      .next_note = "Polimento",
			      .line = { &line.id, 1 } }) == OK);
	CHECK(visit_get(cx, id, &visit) == OK);
	CHECK_TEXT(visit.materials, "Resina A2 1 g, Adesivo");
	CHECK_INT(visit.next_minutes, 60);
	CHECK_INT(visit.done.count, 1);
	CHECK_TEXT(visit.done.v[0], "Restauração em resina 2 faces, 16 MO");
	CHECK(plan_line_get(cx, line.id, &line) == OK);
	CHECK_TEXT(line.state, "done");
	CHECK(visit_list_acts(cx, id, &act, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(act[0].kind, "done");
}

/* The one recall of the scene's patient. */
static Recall recall_of(Ctx *cx, const Scene *s)
{
	Recall *list = NULL;
	size_t count = 0;

	CHECK(recall_list_of(cx, s->patient, &list, &count) == OK);
	CHECK_INT(count, 1);
	return list[0];
}

static void visit_asking(Ctx *cx, const Scene *s, int days, const char *what)
{
	int64_t id = 0;

	CHECK(visit_start(cx, s->patient, 0, 0, &id) == OK);
	CHECK(visit_end(cx, id,
		      &(VisitEnd){ .next_in_days = days, .next_minutes = 60, .next_note = what }) ==
		OK);
}

TEST(a_next_visit_asked_for_stands_on_the_list_until_it_is_booked_and_comes_back_when_it_falls_away)
{
	Scene s = begin(cx);
	int32_t today = date_today(cx->now, cx->zone);
	Recall recall, *due;
	AppointmentId at;
	size_t count;

	visit_asking(cx, &s, 15, "Polimento");
	recall = recall_of(cx, &s);
	CHECK_TEXT(recall_title(cx->mem, &recall), "Pedido de Ianara");
	CHECK_TEXT(recall.state, "pending");
	CHECK_TEXT(recall.note, "Polimento");
	CHECK_INT(recall.due_on, today + 15);
	CHECK_INT(recall.minutes, 60);
	CHECK(recall_list_due(cx, today + 20, RECALL_ASKED, &due, &count) == OK);
	CHECK_INT(count, 1);
	cx->now += 15 * 86400;
	at.v = book(cx, &s, 23, s.chair);
	recall = recall_of(cx, &s);
	CHECK_TEXT(recall.state, "scheduled");
	CHECK_INT(recall.appointment_id, at.v);
	CHECK(agenda_cancel(cx, at, /* patient= */ true, "gripe", SCOPE_ONE) == OK);
	CHECK_TEXT(recall_of(cx, &s).state, "pending");
}

TEST(the_last_next_visit_asked_for_counts_and_who_comes_is_no_more_waited_for)
{
	Scene s = begin(cx);
	int64_t appointment, id = 0;
	Recall recall;

	cx->now += 6 * 86400;
	appointment = book(cx, &s, 10, s.chair);
	cx->now -= 6 * 86400;
	visit_asking(cx, &s, 20, "Polimento");
	CHECK_TEXT(recall_of(cx, &s).state, "pending"); /* that one is for something else */
	visit_asking(cx, &s, 10, "Polimento");
	recall = recall_of(cx, &s);
	CHECK_TEXT(recall.state, "scheduled"); /* it is booked already */
	CHECK_INT(recall.appointment_id, appointment);
	visit_asking(cx, &s, 200, "Revisão");
	recall = recall_of(cx, &s);
	CHECK_TEXT(recall.state, "pending"); /* too far ahead for that one */
	CHECK_TEXT(recall.note, "Revisão");
	visit_asking(cx, &s, 7, "Sutura");
	CHECK_TEXT(recall_of(cx, &s).state, "scheduled");
	cx->now += 6 * 86400;
	CHECK(visit_start(cx, s.patient, appointment, 0, &id) == OK);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == OK);
	CHECK_TEXT(recall_of(cx, &s).state, "done");
}

TEST(a_rule_that_was_booked_and_not_done_stands_on_the_list_again)
{
	Scene s = begin(cx);
	int64_t appointment, id = 0;
	Procedure *list = NULL;
	size_t count = 0;
	Recall recall;

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(recall_start_company(cx) == OK);
	CHECK(procedure_search(cx, "profilaxia", 0, &list, &count) == OK && count > 0);
	CHECK(act_add(cx,
		      &(Act){ .patient_id = s.patient.v,
			      .kind = "done",
			      .procedure_id = list[0].id,
			      .done_at = cx->now - 180 * 86400 },
		      &id) == OK);
	CHECK_TEXT(recall_of(cx, &s).state, "pending");
	appointment = book(cx, &s, 10, s.chair);
	recall = recall_of(cx, &s);
	CHECK_TEXT(recall.state, "scheduled");
	CHECK(visit_start(cx, s.patient, appointment, 0, &id) == OK);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == OK);
	CHECK_TEXT(recall_of(cx, &s).state, "pending");
	CHECK_INT(recall_of(cx, &s).id, recall.id);
}

TEST(a_visit_without_a_chair_asks_for_one)
{
	Scene s = begin(cx);
	int64_t appointment = book(cx, &s, 10, 0), id = 0;

	CHECK(visit_start(cx, s.patient, appointment, 0, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "chair_id"));
	cx->bad_count = 0;
	CHECK(visit_start(cx, s.patient, appointment, s.chair, &id) == OK);
}

TEST(a_visit_is_begun_only_for_the_patient_who_booked_it)
{
	Scene s = begin(cx);
	int64_t appointment = book(cx, &s, 10, s.chair), id;
	PatientId other;

	CHECK(patient_register(cx, &(PatientForm){ .name = "Beto", .birth = DATE_NONE }, NULL, 0,
		      &other) == OK);
	CHECK(visit_start(cx, other, appointment, 0, &id) == ERR_NOT_FOUND);
}

TEST(the_day_shows_patients_in_order_and_what_is_missing)
{
	Scene s = begin(cx);
	int64_t late = book(cx, &s, 15, s.chair), early = book(cx, &s, 8, s.chair), id = 0, note;
	int32_t today = date_today(cx->now, cx->zone);
	DentistDay day;

	CHECK(visit_start(cx, s.patient, early, 0, &id) == OK);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == OK);
	CHECK(visit_day(cx, s.dentist, today, &day) == OK);
	CHECK_INT(day.visit_count, 2);
	CHECK_INT(day.visit[0].at.id, early);
	CHECK(day.visit[0].note_missing);
	CHECK_INT(day.visit[1].at.id, late);
	CHECK_INT(day.visit[1].visit_id, 0);
	CHECK_INT(day.done, 1);
	CHECK(note_write(cx, s.patient, &(NoteForm){ .text = "Tudo bem.", .visit_id = id },
		      &note) == OK);
	CHECK(visit_day(cx, s.dentist, today, &day) == OK);
	CHECK(!day.visit[0].note_missing);
	CHECK(day.visit[0].unsigned_note);
	CHECK_INT(day.note_count, 1);
	CHECK(note_sign(cx, note, 1) == OK);
	CHECK(visit_day(cx, s.dentist, today, &day) == OK);
	CHECK_INT(day.note_count, 0);
}

static DayVisit only_visit(Ctx *cx, const Scene *s)
{
	DentistDay day = { 0 };

	CHECK(visit_day(cx, s->dentist, date_today(cx->now, cx->zone), &day) == OK);
	CHECK_INT(day.visit_count, 1);
	return day.visit[0];
}

TEST(other_modules_choose_among_a_patients_visits)
{
	Scene s = begin(cx);
	PastVisit *past = NULL;
	int64_t first = 0, second = 0;
	size_t count;

	CHECK(visit_start(cx, s.patient, 0, 0, &first) == OK);
	CHECK(visit_end(cx, first, &(VisitEnd){ 0 }) == OK);
	cx->now += 3600;
	CHECK(visit_start(cx, s.patient, 0, 0, &second) == OK);
	CHECK(module_visits_ask(cx, s.patient.v) == OK);
	CHECK(module_visits_read(cx, &past, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_INT(past[0].id, second); /* the newest first */
	CHECK_INT(past[1].id, first);
	CHECK_TEXT(past[1].dentist, "Ianara");
	s.patient = a_patient(cx, "Bia");
	CHECK(module_visits_ask(cx, s.patient.v) == OK);
	CHECK(module_visits_read(cx, &past, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(an_image_is_missed_once_something_is_planned)
{
	Scene s = begin(cx);
	PlanLine line;

	(void)book(cx, &s, 10, s.chair);
	CHECK(!only_visit(cx, &s).image_missing);
	line = filling(cx, &s);
	CHECK(only_visit(cx, &s).image_missing);
	CHECK(strstr(only_visit(cx, &s).planned, line.name) != NULL);
	CHECK(patient_tell_images(cx, s.patient, 2) == OK);
	CHECK(!only_visit(cx, &s).image_missing);
	CHECK(patient_tell_images(cx, s.patient, 0) == OK); /* the last was thrown away */
	CHECK(only_visit(cx, &s).image_missing);
	CHECK(plan_cancel_line(cx, line.id, "Outro caminho.") == OK);
	CHECK(!only_visit(cx, &s).image_missing);
}

TEST(a_laboratory_case_is_missed_until_it_is_back)
{
	Scene s = begin(cx);
	Laboratory *lab = NULL;
	size_t count = 0;
	int64_t first = 0, second = 0;
	LabCaseForm crown = {
		.patient_id = s.patient.v, .work = "Coroa", .teeth = "26", .expected_on = DATE_NONE
	};

	(void)book(cx, &s, 10, s.chair);
	CHECK(laboratory_save(cx, 0, &(LaboratoryForm){ .name = "Dente Certo", .days = 7 }) == OK);
	CHECK(laboratory_list(cx, &lab, &count) == OK);
	crown.laboratory_id = lab[0].id;
	CHECK(!only_visit(cx, &s).lab_out);
	CHECK(lab_add(cx, &crown, &first) == OK);
	CHECK(only_visit(cx, &s).lab_out); /* written and not even sent */
	CHECK(lab_step(cx, first, LAB_SENT) == OK);
	CHECK(only_visit(cx, &s).lab_out);
	CHECK(lab_step(cx, first, LAB_RECEIVED) == OK);
	CHECK(!only_visit(cx, &s).lab_out);
	CHECK(lab_send_back(cx, first, "A cor não confere.") == OK);
	CHECK(only_visit(cx, &s).lab_out);
	CHECK(lab_add(cx, &crown, &second) == OK);
	CHECK(lab_step(cx, first, LAB_RECEIVED) == OK);
	CHECK(only_visit(cx, &s).lab_out); /* the other is still away */
	CHECK(lab_cancel(cx, second, "Não precisa mais.") == OK);
	CHECK(!only_visit(cx, &s).lab_out);
}

TEST(an_anamnesis_is_missed_when_it_is_a_year_old)
{
	Scene s = begin(cx);
	static const int days[] = { 364, 366 };

	(void)book(cx, &s, 10, s.chair);
	CHECK(only_visit(cx, &s).anamnesis_missing); /* never answered */
	for (size_t i = 0; i < COUNT(days); i++) {
		ask(cx, arena_printf(cx->mem,
				"update patient.brief set anamnesis_at = to_timestamp(%" PRId64
				") where patient_id = %" PRId64,
				cx->now - days[i] * INT64_C(86400), s.patient.v));
		CHECK_INT(only_visit(cx, &s).anamnesis_missing, days[i] > 365);
	}
}

TEST(who_came_without_an_appointment_stands_in_the_day_too)
{
	Scene s = begin(cx);
	int32_t today = date_today(cx->now, cx->zone);
	DentistDay day;
	int64_t id = 0;

	CHECK(visit_start(cx, s.patient, 0, 0, &id) == OK);
	CHECK(visit_day(cx, s.dentist, today, &day) == OK);
	CHECK_INT(day.walk_in_count, 1);
	CHECK_INT(day.walk_in[0].id, id);
	CHECK_INT(day.walk_in[0].ended_at, 0);
	CHECK(visit_day(cx, s.dentist, today - 1, &day) == OK);
	CHECK_INT(day.walk_in_count, 0);
	cx->now += 86400; /* forgotten: it is still open */
	CHECK(visit_day(cx, s.dentist, today + 1, &day) == OK);
	CHECK_INT(day.walk_in_count, 1);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == OK);
	CHECK(visit_day(cx, s.dentist, today + 1, &day) == OK);
	CHECK_INT(day.walk_in_count, 0);
}

TEST(a_visit_of_another_clinic_is_not_there)
{
	Scene s = begin(cx);
	int64_t id = 0;
	Visit visit;

	CHECK(visit_start(cx, s.patient, 0, 0, &id) == OK);
	test_as_company(cx, 2);
	CHECK(visit_get(cx, id, &visit) == ERR_NOT_FOUND);
	CHECK(visit_end(cx, id, &(VisitEnd){ 0 }) == ERR_NOT_FOUND);
}

TEST(a_visit_counts_no_session_of_another_patient_and_none_twice)
{
	Scene s = begin(cx), other;
	int64_t visit = 0, plan = 0, foreign = 0;
	PlanLine *line = NULL;
	Procedure *work;
	size_t count = 0;

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(procedure_search(cx, "zircônia", 0, &work, &count) == OK);
	other = s;
	other.patient = a_patient(cx, "Outra Pessoa");
	for (int i = 0; i < 2; i++) {
		CHECK(plan_create(cx, i ? s.patient.v : other.patient.v,
			      &(PlanForm){ .name = "Plano" }, &plan) == OK);
		CHECK(plan_add_lines(cx, plan,
			      &(LineForm){ .procedure_id = work[0].id, .where = "26" },
			      &count) == OK);
		CHECK(plan_approve(cx, plan, "clinic", (Int64s){ 0 }, &count) == OK);
		if (!i) {
			CHECK(plan_open_lines(cx, other.patient.v, &line, &count) == OK);
			foreign = line[0].id;
		}
	}
	CHECK(plan_open_lines(cx, s.patient.v, &line, &count) == OK);
	CHECK_INT(line[0].sessions, 3);
	CHECK(visit_start(cx, s.patient, 0, 0, &visit) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(db_settle(cx, visit_end(cx, visit, &(VisitEnd){ .line = { &foreign, 1 } })) ==
		ERR_CONFLICT);
	CHECK(visit_end(cx, visit,
		      &(VisitEnd){ .line = { (int64_t[]){ line[0].id, line[0].id }, 2 } }) == OK);
	CHECK(plan_open_lines(cx, s.patient.v, &line, &count) == OK);
	CHECK_INT(line[0].sessions_done, 1);
}

TEST(a_visit_that_fell_through_is_not_begun)
{
	Scene s = begin(cx);
	int64_t appointment = book(cx, &s, 10, s.chair), id = 0;

	cx->now += 86400;
	CHECK(agenda_set_presence(cx, (AppointmentId){ appointment }, PRESENCE_NO_SHOW, 0) == OK);
	CHECK(db_savepoint(cx) == OK);
	CHECK(db_settle(cx, visit_start(cx, s.patient, appointment, s.chair, &id)) == ERR_CONFLICT);
	CHECK_INT(ask(cx, "select count(*) from treatment.visit"), 0);
}

#include "modules/account/account.h"
#include "modules/treatment/catalogue.h"
#include "modules/treatment/plan.h"
#include "modules/treatment/visit.h"
#include "treatment_fixture.h"

static const Allowance anything = { .percent = 100, .unlimited = true };

static int64_t somebody(Ctx *cx)
{
	cx->user = (UserId){ 0 };
	cx->zone = "America/Sao_Paulo";
	CHECK(catalogue_start_company(cx) == OK);
	return a_patient(cx, "Sônia Regina Barreto").v;
}

static int64_t work(Ctx *cx, const char *name)
{
	Procedure *list;
	size_t count;

	CHECK(procedure_search(cx, name, 0, &list, &count) == OK && count > 0);
	return list[0].id;
}

static void put(Ctx *cx, int64_t plan, const char *name, const char *where)
{
	size_t count;

	CHECK(plan_add_lines(cx, plan,
		      &(LineForm){ .procedure_id = work(cx, name), .where = where }, &count) == OK);
}

/* Two fillings and a cleaning: 420 + 320 + 220. */
static Plan small_plan(Ctx *cx)
{
	int64_t patient = somebody(cx), id = 0;
	Plan plan = { 0 };

	CHECK(plan_create(cx, patient, &(PlanForm){ .name = "Plano" }, &id) == OK);
	put(cx, id, "resina 2 faces", "16 MO");
	put(cx, id, "resina 1 face", "25 D");
	put(cx, id, "profilaxia", NULL);
	CHECK(plan_get(cx, id, &plan) == OK);
	CHECK_INT(plan.line_count, 3);
	return plan;
}

static Plan again(Ctx *cx, const Plan *plan)
{
	Plan now = { 0 };

	CHECK(plan_get(cx, plan->id, &now) == OK);
	return now;
}

static const char *act_kind(Ctx *cx, int64_t id)
{
	Act act = { 0 };

	CHECK(act_get(cx, id, &act) == OK);
	return act.voided_at ? "void" : act.kind;
}

static void check_sums(const Plan *plan)
{
	int64_t total = 0;

	for (size_t i = 0; i < plan->line_count; i++)
		if (strcmp(plan->line[i].state, "cancelled") != 0)
			total += plan->line[i].total_cents;
	CHECK_INT(total, plan->total);
	CHECK_INT(plan->subtotal - plan->discount, plan->total);
}

TEST(a_line_stands_in_the_chart_with_its_tooth_and_the_price_of_the_day)
{
	Plan plan = small_plan(cx);
	Act act;

	CHECK_TEXT(plan.line[0].place, "16 MO");
	CHECK_INT(plan.line[0].price_cents, 42000);
	CHECK_TEXT(plan.line[2].place, "Geral");
	CHECK_INT(plan.total, 96000);
	CHECK(plan.active);
	CHECK(act_get(cx, plan.line[0].act_id, &act) == OK);
	CHECK_TEXT(act.kind, "planned");
	CHECK_INT(act.tooth, 16);
	CHECK_INT(act.surfaces, FACE_MESIAL | FACE_CENTRE);
}

TEST(what_the_chart_plans_comes_into_the_active_plan_once)
{
	int64_t patient = somebody(cx), line = 0, other = 0;
	Act act = { .kind = "planned",
		.patient_id = patient,
		.tooth = 26,
		.procedure_id = work(cx, "zircônia") };
	PlanLine *open;
	size_t count;

	CHECK(act_add(cx, &act, &act.id) == OK);
	CHECK(plan_take_act(cx, &act, &line) == OK);
	CHECK(plan_take_act(cx, &act, &other) == OK);
	CHECK_INT(other, line);
	CHECK(plan_open_lines(cx, patient, &open, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(open[0].name, "Coroa em zircônia");
	CHECK_INT(open[0].sessions, 3);
}

TEST(several_teeth_typed_at_once_are_several_lines_and_a_bridge_is_one_act)
{
	int64_t patient = somebody(cx), id = 0;
	Plan plan;
	Act act;

	CHECK(plan_create(cx, patient, &(PlanForm){ .name = "Plano" }, &id) == OK);
	put(cx, id, "resina 1 face", "16 M, 25d 37O");
	put(cx, id, "ponte fixa", "13-15");
	CHECK(plan_get(cx, id, &plan) == OK);
	CHECK_INT(plan.line_count, 4);
	CHECK_TEXT(plan.line[1].place, "25 D");
	CHECK(act_get(cx, plan.line[3].act_id, &act) == OK);
	CHECK_INT(act.teeth_count, 3);
}

TEST(a_face_that_the_tooth_has_not_is_refused_beside_the_place)
{
	int64_t patient = somebody(cx), id = 0;
	size_t count;

	CHECK(plan_create(cx, patient, &(PlanForm){ .name = "Plano" }, &id) == OK);
	CHECK(plan_add_lines(cx, id,
		      &(LineForm){ .procedure_id = work(cx, "resina 2 faces"), .where = "16 M" },
		      &count) == ERR_INVALID);
	CHECK(bad_find(cx, "where") != NULL);
	CHECK(plan_add_lines(cx, id,
		      &(LineForm){ .procedure_id = work(cx, "zircônia"), .where = "16 M" },
		      &count) == ERR_INVALID);
	CHECK(plan_add_lines(cx, id,
		      &(LineForm){ .procedure_id = work(cx, "zircônia"), .where = "99" },
		      &count) == ERR_INVALID);
}

TEST(a_price_that_changes_in_the_catalogue_leaves_the_line_as_it_was_written)
{
	Plan plan = small_plan(cx);
	Procedure now;

	CHECK(procedure_get(cx, plan.line[0].procedure_id, 0, &now) == OK);
	CHECK_INT(now.price_cents, plan.line[0].price_cents);
	CHECK(catalogue_set_price(cx, now.id, 0, 99900) == OK);
	plan = again(cx, &plan);
	CHECK_INT(plan.line[0].price_cents, 42000);
}

TEST(the_discount_of_the_whole_is_spread_by_largest_remainder_to_the_cent)
{
	Plan plan = small_plan(cx);

	for (int64_t cents = 0; cents < 400; cents += 7) {
		CHECK(plan_set_discount(cx, plan.id, cents, &anything) == OK);
		plan = again(cx, &plan);
		check_sums(&plan);
		CHECK_INT(plan.discount, cents);
	}
	CHECK(plan_set_discount(cx, plan.id, 96000, &anything) == OK);
	plan = again(cx, &plan);
	CHECK_INT(plan.total, 0);
	CHECK(plan_set_discount(cx, plan.id, 96001, &anything) == ERR_INVALID);
	CHECK(plan_set_discount(cx, plan.id, -1, &anything) == ERR_INVALID);
}

TEST(three_equal_lines_share_a_hundred_cents_as_34_33_33)
{
	PlanLine line[3] = { { .price_cents = 1000, .state = "planned" },
		{ .price_cents = 1000, .state = "planned" },
		{ .price_cents = 1000, .state = "planned" } };
	Plan plan = { .line = line, .line_count = 3, .whole_cents = 100 };

	plan_spread(&plan);
	CHECK_INT(line[0].share_cents, 34);
	CHECK_INT(line[1].share_cents, 33);
	CHECK_INT(line[2].share_cents, 33);
	check_sums(&plan);
}

TEST(a_discount_beyond_the_limit_of_the_role_is_refused_beside_the_field)
{
	Allowance dentist = { .percent = 5 };
	Plan plan = small_plan(cx);
	const PlanLine *line = &plan.line[0];
	LineEdit in = { .price_cents = line->price_cents,
		.discount_cents = 2101,
		.sessions = 1,
		.version = line->version };

	CHECK(plan_save_line(cx, line->id, &in, &dentist) == ERR_INVALID);
	CHECK(strstr(bad_find(cx, "discount"), "Seu limite é 5%") != NULL);
	cx->bad_count = 0;
	in.discount_cents = 2100;
	CHECK(plan_save_line(cx, line->id, &in, &dentist) == OK);
	/* The line's discount counts towards the limit of the whole: 4800 - 2100. */
	CHECK(plan_set_discount(cx, plan.id, 2701, &dentist) == ERR_INVALID);
	CHECK(plan_set_discount(cx, plan.id, 2700, &dentist) == OK);
}

TEST(only_who_discounts_without_limit_changes_the_price_itself)
{
	Allowance dentist = { .percent = 100 };
	Plan plan = small_plan(cx);
	LineEdit in = { .price_cents = 10000, .sessions = 1, .version = plan.line[0].version };

	CHECK(plan_save_line(cx, plan.line[0].id, &in, &dentist) == ERR_INVALID);
	CHECK(plan_save_line(cx, plan.line[0].id, &in, &anything) == OK);
	CHECK(plan_save_line(cx, plan.line[0].id, &in, &anything) == ERR_STALE);
}

TEST(approving_twice_approves_once_and_keeps_every_cent)
{
	Plan plan = small_plan(cx);
	size_t count;

	CHECK(plan_set_discount(cx, plan.id, 3001, &anything) == OK);
	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ &plan.line[1].id, 1 }, &count) == OK);
	CHECK_INT(count, 1);
	plan = again(cx, &plan);
	CHECK_TEXT(plan.state, "approved");
	CHECK_TEXT(plan.line[0].state, "planned");
	CHECK_INT(plan.discount, 3001);
	check_sums(&plan);
	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ &plan.line[1].id, 1 }, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ 0 }, &count) == OK);
	CHECK_INT(count, 2);
	plan = again(cx, &plan);
	CHECK_INT(plan.discount, 3001);
	check_sums(&plan);
}

TEST(a_line_that_is_approved_keeps_its_price_when_others_come_and_go)
{
	Plan plan = small_plan(cx);
	int64_t total;
	size_t count;

	CHECK(plan_set_discount(cx, plan.id, 1000, &anything) == OK);
	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ 0 }, &count) == OK);
	total = again(cx, &plan).line[0].total_cents;
	put(cx, plan.id, "zircônia", "26");
	CHECK(plan_set_discount(cx, plan.id, 5000, &anything) == OK);
	plan = again(cx, &plan);
	CHECK_INT(plan.line[0].total_cents, total);
	CHECK_INT(plan.line[3].share_cents, 5000);
	check_sums(&plan);
}

TEST(sessions_lead_to_done_in_line_act_and_plan_and_back_again)
{
	int64_t patient = somebody(cx), id = 0;
	size_t count;
	Plan plan;

	CHECK(plan_create(cx, patient, &(PlanForm){ .name = "Plano" }, &id) == OK);
	put(cx, id, "unirradicular", "11");
	CHECK(plan_get(cx, id, &plan) == OK);
	CHECK(plan_line_session(cx, plan.line[0].id, 0) == ERR_CONFLICT);
	CHECK(plan_approve(cx, id, "clinic", (Int64s){ 0 }, &count) == OK);
	CHECK(plan_line_session(cx, plan.line[0].id, 0) == OK);
	plan = again(cx, &plan);
	CHECK_TEXT(plan.line[0].state, "in_progress");
	CHECK_TEXT(plan.state, "in_progress");
	CHECK_TEXT(act_kind(cx, plan.line[0].act_id), "planned");
	CHECK(plan_line_session(cx, plan.line[0].id, 0) == OK);
	plan = again(cx, &plan);
	CHECK_TEXT(plan.line[0].state, "done");
	CHECK_TEXT(plan.state, "done");
	CHECK_INT(plan.done, plan.total);
	CHECK_TEXT(act_kind(cx, plan.line[0].act_id), "done");
	CHECK(plan_undo_session(cx, plan.line[0].id) == OK);
	plan = again(cx, &plan);
	CHECK_TEXT(plan.line[0].state, "in_progress");
	CHECK_TEXT(plan.state, "in_progress");
	CHECK_TEXT(act_kind(cx, plan.line[0].act_id), "planned");
	CHECK(plan_undo_session(cx, plan.line[0].id) == OK);
	CHECK(plan_undo_session(cx, plan.line[0].id) == ERR_CONFLICT);
	CHECK_TEXT(again(cx, &plan).state, "approved");
}

TEST(what_is_done_reopened_or_voided_in_the_chart_carries_its_line_along)
{
	Plan plan = small_plan(cx);
	size_t count;

	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ 0 }, &count) == OK);
	CHECK(act_finish(cx, plan.line[0].act_id, 0, cx->now) == OK);
	CHECK_TEXT(again(cx, &plan).line[0].state, "done");
	CHECK_TEXT(again(cx, &plan).state, "in_progress");
	CHECK(act_reopen(cx, plan.line[0].act_id, "engano") == OK);
	CHECK_TEXT(again(cx, &plan).line[0].state, "approved");
	CHECK(act_void(cx, plan.line[1].act_id, "dente errado") == OK);
	plan = again(cx, &plan);
	CHECK_TEXT(plan.line[1].state, "cancelled");
	CHECK_INT(plan.total, 64000);
}

TEST(a_cancelled_line_voids_its_act_and_needs_a_reason)
{
	Plan plan = small_plan(cx);

	CHECK(plan_cancel_line(cx, plan.line[0].id, "") == ERR_INVALID);
	CHECK(plan_cancel_line(cx, plan.line[0].id, "Paciente desistiu") == OK);
	CHECK_TEXT(act_kind(cx, plan.line[0].act_id), "void");
	plan = again(cx, &plan);
	CHECK_INT(plan.total, 54000);
	check_sums(&plan);
}

TEST(work_done_again_costs_nothing_more_and_says_why)
{
	Plan plan = small_plan(cx);
	int64_t line = plan.line[0].id;
	size_t count;

	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ 0 }, &count) == OK);
	CHECK(plan_redo_line(cx, line, "caiu") == ERR_CONFLICT);
	CHECK(plan_line_session(cx, line, 0) == OK);
	CHECK(plan_cancel_line(cx, line, "x") == ERR_CONFLICT);
	CHECK(plan_redo_line(cx, line, "") == ERR_INVALID);
	CHECK(plan_redo_line(cx, line, "A restauração caiu") == OK);
	CHECK_TEXT(again(cx, &plan).line[0].state, "redo");
	CHECK_TEXT(act_kind(cx, plan.line[0].act_id), "planned");
	CHECK(plan_line_session(cx, line, 0) == OK);
	plan = again(cx, &plan);
	CHECK_TEXT(plan.line[0].state, "done");
	CHECK_INT(plan.total, 96000);
}

TEST(of_several_alternatives_one_is_active)
{
	Plan plan = small_plan(cx), *list;
	int64_t other = 0;
	size_t count;

	CHECK(plan_create(cx, plan.patient_id, &(PlanForm){ .name = "B", .copy_of = plan.id },
		      &other) == OK);
	CHECK(plan_list_ask(cx, plan.patient_id) == OK);
	CHECK(plan_list_read(cx, &list, &count) == OK);
	CHECK_INT(count, 2);
	CHECK(list[0].active && !list[1].active);
	CHECK_INT(list[1].total, 96000);
	CHECK_TEXT(list[1].line[0].place, "16 MO");
	CHECK(plan_activate(cx, other) == OK);
	CHECK(plan_list_ask(cx, plan.patient_id) == OK);
	CHECK(plan_list_read(cx, &list, &count) == OK);
	CHECK_INT(list[0].id, other);
	CHECK(!list[1].active);
}

/* Whose proposal the act is; -1: it is not there. */
static int64_t proposal(Ctx *cx, int64_t patient, int64_t act)
{
	Act *list;
	size_t count;

	CHECK(act_list(cx, patient, 0, false, &list, &count) == OK);
	for (size_t i = 0; i < count; i++)
		if (list[i].id == act)
			return list[i].proposal;
	return -1;
}

TEST(the_chart_knows_whose_proposal_an_act_is_until_it_is_agreed_on)
{
	Plan plan = small_plan(cx);
	int64_t copy, first = plan.line[0].act_id, second;
	size_t count;
	Plan other;

	CHECK(plan_create(cx, plan.patient_id, &(PlanForm){ .name = "B", .copy_of = plan.id },
		      &copy) == OK);
	CHECK(plan_get(cx, copy, &other) == OK);
	second = other.line[0].act_id;
	CHECK_INT(proposal(cx, plan.patient_id, first), plan.id);
	CHECK_INT(proposal(cx, plan.patient_id, second), copy);
	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ &plan.line[0].id, 1 }, &count) == OK);
	CHECK_INT(proposal(cx, plan.patient_id, first), 0);
	CHECK_INT(proposal(cx, plan.patient_id, second), copy);
	CHECK(plan_cancel_line(cx, other.line[0].id, "não quis") == OK);
	CHECK_INT(proposal(cx, plan.patient_id, second), -1);
}

static bool is_active(Ctx *cx, int64_t plan)
{
	Plan now = { 0 };

	CHECK(plan_get(cx, plan, &now) == OK);
	return now.active;
}

TEST(a_merge_that_is_taken_back_leaves_both_patients_their_active_plan)
{
	Plan kept = small_plan(cx);
	PatientId into = { kept.patient_id }, from = { 0 }, stayed;
	int64_t carried, second, merge;

	CHECK(patient_register(cx, &(PatientForm){ .name = "Sônia B.", .birth = DATE_NONE }, NULL,
		      0, &from) == OK);
	CHECK(plan_create(cx, from.v, &(PlanForm){ .name = "Dela" }, &carried) == OK);
	CHECK(plan_create(cx, from.v, &(PlanForm){ .name = "Outro" }, &second) == OK);
	CHECK(patient_merge(cx, from, into,
		      &(PatientForm){ .birth = DATE_NONE, .card_until = DATE_NONE }, &merge) == OK);
	CHECK(is_active(cx, kept.id) && !is_active(cx, carried));
	CHECK(patient_unmerge(cx, merge, &stayed) == OK);
	CHECK(is_active(cx, kept.id) && is_active(cx, carried) && !is_active(cx, second));
	/* what somebody chose meanwhile stays chosen */
	CHECK(patient_merge(cx, from, into,
		      &(PatientForm){ .birth = DATE_NONE, .card_until = DATE_NONE }, &merge) == OK);
	CHECK(plan_activate(cx, second) == OK);
	CHECK(patient_unmerge(cx, merge, &stayed) == OK);
	CHECK(is_active(cx, second) && !is_active(cx, carried) && !is_active(cx, kept.id));
}

TEST(refusing_needs_a_known_reason_and_can_be_taken_back)
{
	Plan plan = small_plan(cx);
	size_t count;

	CHECK(plan_refuse(cx, plan.id, "mood", NULL) == ERR_INVALID);
	CHECK(plan_refuse(cx, plan.id, "price", "Vai pensar") == OK);
	CHECK_TEXT(again(cx, &plan).state, "refused");
	CHECK(plan_activate(cx, plan.id) == ERR_CONFLICT);
	CHECK(plan_reopen(cx, plan.id) == OK);
	CHECK_TEXT(again(cx, &plan).state, "planned");
	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ 0 }, &count) == OK);
	CHECK(plan_refuse(cx, plan.id, "price", NULL) == ERR_CONFLICT);
	CHECK(plan_unapprove(cx, plan.id) == OK);
	CHECK_TEXT(again(cx, &plan).line[0].state, "presented");
}

TEST(a_plan_that_is_called_off_takes_its_planned_acts_out_of_the_chart)
{
	Plan plan = small_plan(cx);
	size_t count;

	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ 0 }, &count) == OK);
	CHECK(plan_line_session(cx, plan.line[0].id, 0) == OK);
	CHECK(plan_cancel(cx, plan.id, "Mudou de cidade") == OK);
	plan = again(cx, &plan);
	CHECK_TEXT(plan.state, "cancelled");
	CHECK(!plan.active);
	CHECK_TEXT(act_kind(cx, plan.line[0].act_id), "done");
	CHECK_TEXT(act_kind(cx, plan.line[1].act_id), "void");
}

TEST(lines_are_put_in_order_by_hand)
{
	Plan plan = small_plan(cx);
	int64_t ids[] = { plan.line[2].id, plan.line[0].id };

	CHECK(plan_order_lines(cx, plan.id, (Int64s){ ids, 2 }) == OK);
	CHECK_TEXT(again(cx, &plan).line[0].place, "Geral");
	CHECK_TEXT(again(cx, &plan).line[2].place, "25 D");
	CHECK(plan_shift_line(cx, ids[0], 1) == OK);
	CHECK_TEXT(again(cx, &plan).line[0].place, "16 MO");
}

TEST(another_company_neither_sees_nor_touches_a_plan)
{
	Plan plan = small_plan(cx), theirs;
	size_t count;

	test_as_company(cx, 2);
	CHECK(plan_get(cx, plan.id, &theirs) == ERR_NOT_FOUND);
	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ 0 }, &count) == ERR_NOT_FOUND);
	CHECK(plan_cancel_line(cx, plan.line[0].id, "x") == ERR_NOT_FOUND);
}

TEST(to_a_closed_patient_nothing_is_added)
{
	Plan plan = small_plan(cx);
	PatientId patient = { plan.patient_id };
	LineForm line = { .procedure_id = work(cx, "resina 1 face"), .where = "26 O" };
	PlanForm other = { .name = "Outro" };
	int64_t id = 0;
	size_t count;

	CHECK(patient_close(cx, patient, /* closed= */ true) == OK);
	CHECK(plan_create(cx, patient.v, &other, &id) == ERR_CONFLICT);
	CHECK(plan_add_lines(cx, plan.id, &line, &count) == ERR_CONFLICT);
	CHECK(visit_start(cx, patient, 0, 0, &id) == ERR_CONFLICT);
	CHECK(patient_close(cx, patient, /* closed= */ false) == OK);
	CHECK(plan_add_lines(cx, plan.id, &line, &count) == OK);
}

TEST(a_limit_of_discount_holds_for_lines_and_the_whole_together)
{
	static const Allowance five = { .percent = 5 };
	Plan plan = small_plan(cx);
	LineEdit edit = { .price_cents = 42000, .discount_cents = 2100, .sessions = 1 };

	CHECK(plan_set_discount(cx, plan.id, 4800, &five) == OK); /* 5 % of 960,00 */
	plan = again(cx, &plan);
	edit.version = plan.line[0].version;
	CHECK(plan_save_line(cx, plan.line[0].id, &edit, &five) == ERR_INVALID);
	CHECK(bad_find(cx, "discount") != NULL);
	cx->bad_count = 0;
	CHECK(plan_set_discount(cx, plan.id, 2700, &five) == OK);
	CHECK(plan_save_line(cx, plan.line[0].id, &edit, &five) == OK);
}

TEST(nothing_is_approved_done_or_called_off_of_a_patient_who_is_closed)
{
	Plan plan = small_plan(cx);
	size_t count;

	CHECK(plan_approve(cx, plan.id, "clinic", (Int64s){ 0 }, &count) == OK);
	ask(cx, "update patient.patient set restricted = true returning 1");
	CHECK(plan_line_session(cx, plan.line[0].id, 0) == ERR_CONFLICT);
	CHECK(plan_cancel(cx, plan.id, "Não quer") == ERR_CONFLICT);
	CHECK(plan_unapprove(cx, plan.id) == ERR_CONFLICT);
	CHECK(plan_set_discount(cx, plan.id, 100, &anything) == ERR_CONFLICT);
}

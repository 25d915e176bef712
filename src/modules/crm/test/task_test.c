/* Tasks that remind and repeat, and who is mentioned in a note. */
#include "test.h"

#include "core/clock.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"
#include "crm_fixture.h"
#include "test_db.h"

static LeadId start(Ctx *cx)
{
	LeadId id = { 0 };

	cx->user = (UserId){ 0 };
	CHECK(crm_start_company(cx) == OK);
	CHECK(crm_add_lead(cx, &(LeadForm){ .name = "Marta", .expected_on = DATE_NONE },
		      LEAD_BY_HAND, &id) == OK);
	return id;
}

TEST(who_is_mentioned_in_a_note_hears_of_it_and_nobody_else)
{
	LeadId id = start(cx);
	int64_t renata = member(cx, "Renata Sales", "reception"),
		jessica = member(cx, "Jéssica Lima", "reception");
	int64_t re = member(cx, "Rê", "reception");

	CHECK(crm_add_activity(cx, id, ACTIVITY_NOTE, "Decide com @renata, e a @Jessica liga") ==
		OK);
	CHECK_INT(unread(cx, renata), 1);
	CHECK_INT(unread(cx, jessica), 1);
	CHECK_INT(unread(cx, re), 0);
	CHECK(crm_add_activity(cx, id, ACTIVITY_CALL, "renata sem arroba, e-mail a@b.c") == OK);
	CHECK_INT(unread(cx, renata), 1);
	/* not who wrote it */
	cx->user = (UserId){ renata };
	CHECK(crm_add_activity(cx, id, ACTIVITY_NOTE, "nota de @renata") == OK);
	CHECK_INT(unread(cx, renata), 1);
}

TEST(the_tasks_of_a_lead_that_was_converted_are_the_patients_also_those_that_repeat)
{
	LeadId id = start(cx);
	TaskForm form = { .type = "call",
		.title = "Ligar depois da consulta",
		.lead_id = id.v,
		.due_at = cx->now + 3600,
		.priority = "normal",
		.rrule = "FREQ=WEEKLY" };
	PatientId patient;
	Task before, *task;
	int64_t first;
	size_t count;

	CHECK(crm_add_task(cx, &form, &first) == OK);
	CHECK(crm_get_task(cx, first, &before) == OK);
	CHECK_INT(before.patient_id, 0);
	CHECK(crm_convert_lead(cx, id, 0, &patient) == OK);
	CHECK(crm_finish_task(cx, first) == OK);
	CHECK(crm_list_lead_tasks(cx, id, &task, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_INT(task[0].patient_id, patient.v);
	CHECK_INT(task[1].patient_id, patient.v);
}

TEST(a_task_reminds_once_and_before_it_is_due)
{
	LeadId id = start(cx);
	int64_t ana = member(cx, "Ana", "reception"), task;
	TaskForm form = { .type = "call",
		.title = "Ligar",
		.lead_id = id.v,
		.assignee_id = ana,
		.remind_min = 60 };

	form.due_at = cx->now + 2 * 3600; /* too early to say */
	CHECK(crm_add_task(cx, &form, &task) == OK);
	CHECK(task_remind(cx, "{}") == OK);
	CHECK_INT(unread(cx, ana), 0);
	form.due_at = cx->now + 1800;
	CHECK(crm_add_task(cx, &form, &task) == OK);
	CHECK(task_remind(cx, "{}") == OK);
	CHECK(task_remind(cx, "{}") == OK);
	CHECK_INT(unread(cx, ana), 1);
}

TEST(a_finished_task_that_repeats_comes_again_on_its_next_day)
{
	LeadId id = start(cx);
	int64_t task;
	size_t count = 0;
	Task *list;

	CHECK(crm_add_task(cx,
		      &(TaskForm){ .type = "call",
			      .title = "Ligar",
			      .lead_id = id.v,
			      .due_at = cx->now - 20 * (int64_t)86400,
			      .rrule = "FREQ=WEEKLY" },
		      &task) == OK);
	CHECK(crm_finish_task(cx, task) == OK);
	CHECK(crm_finish_task(cx, task) == OK); /* a second press of the button */
	CHECK(crm_list_lead_tasks(cx, id, &list, &count) == OK);
	CHECK_INT(count, 2);
	for (size_t i = 0; i < count; i++)
		if (!list[i].done_at)
			CHECK_INT(list[i].due_at, cx->now + 86400); /* never in the past */
}

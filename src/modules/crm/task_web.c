/* Meu dia, and tasks. */
#include "modules/crm/crm_view.h"

enum { DAYS_AHEAD = 7 };

const UiOption task_types[] = {
	{ .value = "call", .label = "Ligação" },
	{ .value = "whatsapp", .label = "WhatsApp" },
	{ .value = "email", .label = "E-mail" },
	{ .value = "meeting", .label = "Reunião" },
	{ .value = "visit", .label = "Visita" },
	{ .value = "other", .label = "Outra" },
};
const size_t task_type_count = COUNT(task_types);

const UiOption task_priorities[] = {
	{ .value = "normal", .label = "Normal" },
	{ .value = "high", .label = "Alta" },
	{ .value = "low", .label = "Baixa" },
};
const size_t task_priority_count = COUNT(task_priorities);

const UiOption task_repeats[] = {
	{ .value = "FREQ=DAILY", .label = "Todo dia" },
	{ .value = "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", .label = "De segunda a sexta" },
	{ .value = "FREQ=WEEKLY", .label = "Toda semana" },
	{ .value = "FREQ=WEEKLY;INTERVAL=2", .label = "A cada duas semanas" },
	{ .value = "FREQ=MONTHLY", .label = "Todo mês" },
	{ .value = "FREQ=MONTHLY;INTERVAL=6", .label = "A cada seis meses" },
	{ .value = "FREQ=YEARLY", .label = "Todo ano" },
};
const size_t task_repeat_count = COUNT(task_repeats);

static const struct {
	const char *type, *icon;
} task_icons[] = {
	{ "call", "phone" },
	{ "whatsapp", "message-circle" },
	{ "email", "mail" },
	{ "meeting", "users" },
	{ "visit", "map-pin" },
	{ "other", "list-checks" },
};

const char *task_icon(const char *type)
{
	for (size_t i = 0; i < COUNT(task_icons); i++)
		if (!strcmp(task_icons[i].type, type))
			return task_icons[i].icon;
	return "list-checks";
}

const char *task_type_title(const char *type)
{
	for (size_t i = 0; i < COUNT(task_types); i++)
		if (!strcmp(task_types[i].value, type))
			return task_types[i].label;
	return "Tarefa";
}

/* GET /tasks?everyone=1: what is due, the late first. */
Err crm_day(Req *q)
{
	DayView view = { .q = q, .everyone = req_query_int(q, "everyone", 0) == 1 };
	Task *task;

	view.midnight = time_of_date(date_today(q->cx->now, q->cx->zone) + 1, q->cx->zone);
	TRY(crm_list_day(q->cx, view.everyone ? 0 : q->cx->user.v,
		view.midnight + DAYS_AHEAD * 86400, &task, &view.task_count));
	view.task = task;
	crm_day_page(&q->html, &view);
	return send_html(q, 200);
}

static Err page_task(Req *q, TaskFormView *view, int status)
{
	TRY(lead_choices(q->cx, &view->choice));
	crm_task_form(&q->html, view);
	return send_html(q, status);
}

/* GET /tasks/new */
Err crm_blank_task(Req *q)
{
	return page_task(q, &(TaskFormView){ .q = q }, 200);
}

/* GET /leads/:id/tasks/new */
Err crm_blank_lead_task(Req *q)
{
	Lead lead;

	TRY(lead_asked(q, &lead));
	return page_task(q, &(TaskFormView){ .q = q, .lead = &lead }, 200);
}

/* GET /tasks/:id/edit */
Err crm_edit_task(Req *q)
{
	Task task;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(crm_get_task(q->cx, id, &task));
	return page_task(q, &(TaskFormView){ .q = q, .task = &task }, 200);
}

static Err back_from(Req *q, int64_t lead)
{
	return lead ? redirect(q, "/leads/%" PRId64, lead) : redirect(q, "/tasks");
}

/* POST /tasks. 303 to the lead or the day; 422 with the form. */
Err crm_create_task(Req *q)
{
	TaskFormView view = { .q = q };
	TaskForm in;
	int64_t id;
	Lead lead;
	Err err = ERR_INVALID;

	if (form_read(q, task_fields, task_field_count, &in))
		err = crm_add_task(q->cx, &in, &id);
	if (err == ERR_INVALID) {
		if (in.lead_id && crm_get_lead(q->cx, (LeadId){ in.lead_id }, &lead) == OK)
			view.lead = &lead;
		return page_task(q, &view, 422);
	}
	TRY(err);
	answer_toast(q, "Tarefa criada", NULL);
	return back_from(q, in.lead_id);
}

/* POST /tasks/:id. 303; 422 with the form; 409 when it is done already. */
Err crm_update_task(Req *q)
{
	Task task;
	TaskForm in;
	int64_t id;
	Err err = ERR_INVALID;

	TRY(req_id(q, "id", &id));
	TRY(crm_get_task(q->cx, id, &task));
	if (form_read(q, task_fields, task_field_count, &in))
		err = crm_save_task(q->cx, id, &in);
	if (err == ERR_INVALID)
		return page_task(q, &(TaskFormView){ .q = q, .task = &task }, 422);
	TRY(err);
	answer_toast(q, "Tarefa salva", NULL);
	return back_from(q, task.lead_id);
}

/* To the page where the button was pressed: the lead's, or the day. */
static Err back_to_page(Req *q, int64_t lead)
{
	const char *back = form_value(&q->form, "back");

	return back_from(q, back && str_starts(back, "/leads/") ? lead : 0);
}

/* POST /tasks/:id/done, with a way back. */
Err crm_done_task(Req *q)
{
	Task task;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(form_parse(q->cx, q->body, &q->form));
	TRY(crm_get_task(q->cx, id, &task));
	TRY(crm_finish_task(q->cx, id));
	answer_toast(q, "Tarefa feita", arena_printf(q->cx->mem, "/tasks/%" PRId64 "/undo", id));
	return back_to_page(q, task.lead_id);
}

/* POST /tasks/:id/undo */
Err crm_undone_task(Req *q)
{
	Task task;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(form_parse(q->cx, q->body, &q->form));
	TRY(crm_get_task(q->cx, id, &task));
	TRY(crm_undo_task(q->cx, id));
	answer_toast(q, "Tarefa reaberta", NULL);
	return back_to_page(q, task.lead_id);
}

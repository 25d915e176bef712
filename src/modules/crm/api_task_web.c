/* Tasks for programs: as api_web.c does leads. */
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"
#include "modules/crm/crm_web.h"
#include "platform/web/api.h"

/* The task of the path, locked: what If-Match was true of is still true when it changes. */
static Err task_to_change(Req *q, int64_t *ret)
{
	SqlCrmLockTask now;

	TRY(req_id(q, "id", ret));
	TRY(sql_crm_lock_task(q->cx, *ret, &now));
	return req_if_match(q, now.version);
}

static Err send_task(Req *q, int status, int64_t id)
{
	Task task;

	TRY(crm_get_task(q->cx, id, &task));
	answer_version(q, task.version);
	return send_row(q, status, &task);
}

static Err list_tasks(Req *q)
{
	TaskFilter filter = { 0 };
	int64_t next;
	size_t count;
	Task *task;

	TRY(api_read(q, &filter));
	TRY(crm_list_tasks(q->cx, &filter, &task, &count, &next));
	return send_rows(q, task, sizeof *task, count, next);
}

static Err create_task(Req *q)
{
	TaskForm in;
	int64_t id;

	TRY(api_read(q, &in));
	TRY(crm_add_task(q->cx, &in, &id));
	api_made(q, id);
	return send_task(q, 201, id);
}

static Err show_task(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return send_task(q, 200, id);
}

static Err update_task(Req *q)
{
	TaskForm in;
	int64_t id;
	Task task;

	TRY(task_to_change(q, &id));
	TRY(crm_get_task(q->cx, id, &task));
	in = (TaskForm){ .type = task.type,
		.title = task.title,
		.note = task.note,
		.priority = task.priority,
		.rrule = task.rrule,
		.due_at = task.due_at,
		.assignee_id = task.assignee_id,
		.remind_min = task.remind_min > 0 ? task.remind_min : 0,
		.lead_id = task.lead_id };
	TRY(api_read_some(q, &in));
	if (in.lead_id != task.lead_id)
		return err_field(q->cx, "lead_id", "A tarefa fica no lead em que foi criada.");
	TRY(crm_save_task(q->cx, id, &in));
	return send_task(q, 200, id);
}

static Err finish_task(Req *q)
{
	int64_t id;

	TRY(task_to_change(q, &id));
	TRY(crm_finish_task(q->cx, id));
	return send_task(q, 200, id);
}

static Err undo_task(Req *q)
{
	int64_t id;

	TRY(task_to_change(q, &id));
	TRY(crm_undo_task(q->cx, id));
	return send_task(q, 200, id);
}

static Err list_lead_tasks(Req *q)
{
	size_t count;
	Task *task;
	Lead lead;

	TRY(lead_asked(q, &lead));
	TRY(crm_list_lead_tasks(q->cx, (LeadId){ lead.id }, &task, &count));
	return send_rows(q, task, sizeof *task, count, /* next= */ 0);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/api/v1/leads/:id/tasks", list_lead_tasks, "crm.read", API,
		.summary = "Tarefas de um lead, abertas primeiro; até 50", ROWS(task_out) },
	{ GET, "/api/v1/tasks", list_tasks, "crm.read", API, .summary = "Tarefas, com filtros",
		IN(task_filter_fields), ROWS(task_out) },
	{ POST, "/api/v1/tasks", create_task, "crm.write", API, .summary = "Criar uma tarefa",
		IN(task_fields), ROW(task_out) },
	{ GET, "/api/v1/tasks/:id", show_task, "crm.read", API, .summary = "Uma tarefa", ROW(task_out) },
	{ PATCH, "/api/v1/tasks/:id", update_task, "crm.write", API, .summary = "Mudar só o que for enviado",
		IN(task_fields), ROW(task_out) },
	{ POST, "/api/v1/tasks/:id/done", finish_task, "crm.write", API, .body = BODY_NONE,
		.summary = "Concluir; a que se repete cria a seguinte", ROW(task_out), DONE },
	{ POST, "/api/v1/tasks/:id/undo", undo_task, "crm.write", API, .body = BODY_NONE,
		.summary = "Reabrir", ROW(task_out), DONE },
};
/* clang-format on */

const RouteList crm_task_api = { routes, COUNT(routes), NULL };

/* Tasks of leads, and what people write down about them. */
#include "core/clock.h"
#include "core/rrule.h"
#include "modules/account/account.h"
#include "modules/audit/audit.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"
#include "modules/notice/notice.h"
#include "platform/web/form_json.h"

const Field task_fields[] = {
	CHOICE_FIELD(TaskForm, type, "Tipo", "call whatsapp email meeting visit other", false),
	FIELD(TaskForm, title, FIELD_TEXT, "O que fazer", 1, 200, true),
	FIELD(TaskForm, note, FIELD_LONG, "Detalhes", 0, 2000, false),
	CHOICE_FIELD(TaskForm, priority, "Prioridade", "low normal high", false),
	FIELD(TaskForm, rrule, FIELD_TEXT, "Repetição", 0, 200, false),
	FIELD(TaskForm, due_at, FIELD_TIME, "Quando", 0, 0, true),
	FIELD(TaskForm, assignee_id, FIELD_ID, "Responsável", 0, 0, false),
	FIELD(TaskForm, remind_min, FIELD_INT, "Lembrar antes (minutos)", 0, 20160, false),
	FIELD(TaskForm, lead_id, FIELD_ID, "Lead", 0, 0, false),
};
const size_t task_field_count = COUNT(task_fields);

const OutField task_out[] = {
	OUT(Task, id, OUT_ID, "Identificador"),
	OUT(Task, lead_id, OUT_ID, "Lead"),
	OUT(Task, lead, OUT_TEXT, "Nome do lead"),
	OUT(Task, patient_id, OUT_ID, "Paciente que o lead virou"),
	OUT(Task, type, OUT_TEXT, "Tipo: call, whatsapp, email, meeting, visit, other"),
	OUT(Task, title, OUT_TEXT, "O que fazer"),
	OUT(Task, note, OUT_TEXT, "Detalhes"),
	OUT(Task, priority, OUT_TEXT, "Prioridade: low, normal, high"),
	OUT(Task, rrule, OUT_TEXT, "Repetição (RFC 5545)"),
	OUT(Task, due_at, OUT_TIME, "Quando"),
	OUT(Task, overdue, OUT_BOOL, "Atrasada"),
	OUT(Task, done_at, OUT_TIME, "Feita em"),
	OUT(Task, assignee_id, OUT_ID, "Responsável"),
	OUT(Task, assignee, OUT_TEXT, "Nome do responsável"),
	OUT(Task, remind_min, OUT_INT, "Lembrete, em minutos antes; -1: sem lembrete"),
	OUT(Task, version, OUT_INT, "Versão"),
};

const Field task_filter_fields[] = {
	FIELD(TaskFilter, lead_id, FIELD_ID, "Lead", 0, 0, false),
	FIELD(TaskFilter, assignee_id, FIELD_ID, "Responsável", 0, 0, false),
	CHOICE_FIELD(TaskFilter, status, "Situação", "open done all", false),
	FIELD(TaskFilter, due_from, FIELD_TIME, "Para quando: de", 0, 0, false),
	FIELD(TaskFilter, due_to, FIELD_TIME, "Para quando: antes de", 0, 0, false),
	FIELD(TaskFilter, after, FIELD_ID, "Cursor: o next da página anterior", 0, 0, false),
	FIELD(TaskFilter, limit, FIELD_INT, "Quantas", 1, 200, false),
};

static Task task_of_row(const Ctx *cx, const SqlTaskRow *r)
{
	return (Task){ .id = r->id,
		.lead_id = r->lead_id,
		.patient_id = r->patient_id,
		.lead = r->lead,
		.type = r->type,
		.title = r->title,
		.note = r->note,
		.priority = r->priority,
		.rrule = r->rrule,
		.due_at = r->due_at,
		.done_at = r->done_at,
		.assignee_id = r->assignee_id,
		.assignee = r->assignee,
		.remind_min = r->remind_min_null ? -1 : r->remind_min,
		.version = r->version,
		.overdue = !r->done_at && r->due_at < cx->now };
}

static void tasks_of_rows(
	Ctx *cx, const SqlTaskRow *row, size_t count, Task **ret, size_t *ret_count)
{
	*ret = NEW_ARRAY(cx->mem, Task, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = task_of_row(cx, &row[i]);
	*ret_count = count;
}

Err task_refresh_next(Ctx *cx, int64_t lead)
{
	int64_t rows;

	return lead ? sql_crm_next_task(cx, lead, &rows) : OK;
}

static Err check_lead(Ctx *cx, int64_t id)
{
	Lead lead;
	Err err = id ? crm_get_lead(cx, (LeadId){ id }, &lead) : OK;

	return err == ERR_NOT_FOUND ? err_field(cx, "lead_id", "Este lead não existe.") : err;
}

/* What the field table cannot say. */
static Err check_task(Ctx *cx, const TaskForm *in)
{
	Member member;
	Rrule rule;

	if (in->assignee_id && account_get_member(cx, in->assignee_id, &member) != OK)
		return err_field(cx, "assignee_id", "Escolha uma pessoa da equipe.");
	/* a task knows only its next one, so nobody could count them */
	if (in->rrule && (!rrule_parse(in->rrule, &rule) || rule.count))
		return err_field(cx, "rrule", "Esta repetição não é conhecida.");
	return OK;
}

/* The task as the API shows it, to whoever listens. */
static Err tell(Ctx *cx, int64_t id, const char *event)
{
	Json json;
	Task task;

	TRY(crm_get_task(cx, id, &task));
	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_out(&json, task_out, COUNT(task_out), &task);
	return module_tell(cx, event, id, json_done(&json));
}

static const char *or_else(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

Err crm_add_task(Ctx *cx, const TaskForm *in, int64_t *ret)
{
	int64_t assignee = in->assignee_id ? in->assignee_id : cx->user.v;
	int32_t remind = (int32_t)in->remind_min;
	SqlCrmInsertTask row;

	TRY(check_task(cx, in));
	TRY(check_lead(cx, in->lead_id));
	TRY(sql_crm_insert_task(cx,
		&(SqlCrmInsertTaskIn){ .lead_id = db_id_or_null(&in->lead_id),
			.type = or_else(in->type, "call"),
			.title = in->title,
			.note = in->note,
			.due_at = in->due_at,
			.priority = or_else(in->priority, "normal"),
			.assignee_id = db_id_or_null(&assignee),
			.remind_min = remind ? &remind : NULL,
			.rrule = in->rrule,
			.user_id = db_id_or_null(&cx->user.v) },
		&row));
	TRY(task_refresh_next(cx, in->lead_id));
	TRY(audit_add_change(
		cx, &(Change){ .action = "task.create", .subject = "task", .subject_id = row.id }));
	if (in->lead_id)
		TRY(lead_event(cx, (LeadId){ in->lead_id }, "task.created",
			arena_printf(cx->mem, "Tarefa para %s: %s",
				time_text_relative(cx->mem, in->due_at, cx->now, cx->zone),
				in->title),
			in->note));
	*ret = row.id;
	return tell(cx, row.id, "task.created");
}

Err crm_get_task(Ctx *cx, int64_t id, Task *ret)
{
	SqlTaskRow row;

	TRY(sql_crm_task(cx, id, &row));
	*ret = task_of_row(cx, &row);
	return OK;
}

Err crm_save_task(Ctx *cx, int64_t id, const TaskForm *in)
{
	int32_t remind = (int32_t)in->remind_min;
	int64_t rows;
	Task task;

	TRY(check_task(cx, in));
	TRY(crm_get_task(cx, id, &task));
	TRY(sql_crm_update_task(cx,
		&(SqlCrmUpdateTaskIn){ .id = id,
			.type = or_else(in->type, task.type),
			.title = in->title,
			.note = in->note,
			.due_at = in->due_at,
			.priority = or_else(in->priority, task.priority),
			.assignee_id = db_id_or_null(&in->assignee_id),
			.remind_min = remind ? &remind : NULL,
			.rrule = in->rrule },
		&rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Esta tarefa já foi concluída.",
			"task %" PRId64 " is done", id);
	TRY(task_refresh_next(cx, task.lead_id));
	return audit_add_change(
		cx, &(Change){ .action = "task.update", .subject = "task", .subject_id = id });
}

/* The next of a series, counted from when this one was due, but never in the past. */
static Err add_following(Ctx *cx, const Task *task)
{
	SqlCrmInsertTask row;
	int32_t remind = task->remind_min;
	int64_t due = task->due_at;
	Rrule rule;

	if (!task->rrule || !rrule_parse(task->rrule, &rule))
		return OK;
	do {
		if (!rrule_next(&rule, due, cx->zone, &due))
			return OK;
	} while (due <= cx->now);
	TRY(sql_crm_insert_task(cx,
		&(SqlCrmInsertTaskIn){ .lead_id = db_id_or_null(&task->lead_id),
			.type = task->type,
			.title = task->title,
			.note = task->note,
			.due_at = due,
			.priority = task->priority,
			.assignee_id = db_id_or_null(&task->assignee_id),
			.remind_min = remind >= 0 ? &remind : NULL,
			.rrule = task->rrule,
			.user_id = db_id_or_null(&cx->user.v) },
		&row));
	return tell(cx, row.id, "task.created");
}

Err crm_finish_task(Ctx *cx, int64_t id)
{
	int64_t rows;
	Task task;

	TRY(crm_get_task(cx, id, &task));
	TRY(sql_crm_finish_task(cx, id, db_id_or_null(&cx->user.v), &rows));
	if (!rows)
		return OK; /* a second press of the button */
	TRY(add_following(cx, &task));
	TRY(task_refresh_next(cx, task.lead_id));
	TRY(audit_add_change(
		cx, &(Change){ .action = "task.done", .subject = "task", .subject_id = id }));
	if (task.lead_id)
		TRY(lead_event(cx, (LeadId){ task.lead_id }, "task.done",
			arena_printf(cx->mem, "Tarefa feita: %s", task.title), NULL));
	return tell(cx, id, "task.done");
}

Err crm_undo_task(Ctx *cx, int64_t id)
{
	int64_t rows;
	Task task;

	TRY(crm_get_task(cx, id, &task));
	TRY(sql_crm_undo_task(cx, id, &rows));
	if (!rows)
		return OK;
	TRY(task_refresh_next(cx, task.lead_id));
	TRY(audit_add_change(
		cx, &(Change){ .action = "task.undo", .subject = "task", .subject_id = id }));
	if (task.lead_id)
		TRY(lead_event(cx, (LeadId){ task.lead_id }, "task.undone",
			arena_printf(cx->mem, "Tarefa reaberta: %s", task.title), NULL));
	return OK;
}

Err crm_list_lead_tasks(Ctx *cx, LeadId id, Task **ret, size_t *ret_count)
{
	SqlTaskRow *row;
	size_t count;

	TRY(sql_crm_lead_tasks(cx, id.v, &row, &count));
	tasks_of_rows(cx, row, count, ret, ret_count);
	return OK;
}

Err crm_list_tasks(
	Ctx *cx, const TaskFilter *filter, Task **ret, size_t *ret_count, int64_t *ret_next)
{
	int32_t limit = filter->limit ? (int32_t)filter->limit : 50;
	SqlTaskRow *row;
	size_t count;

	TRY(sql_crm_tasks(cx,
		&(SqlCrmTasksIn){ .lead_id = db_id_or_null(&filter->lead_id),
			.assignee_id = db_id_or_null(&filter->assignee_id),
			.status = or_else(filter->status, "open"),
			.due_from = db_id_or_null(&filter->due_from),
			.due_to = db_id_or_null(&filter->due_to),
			.after = db_id_or_null(&filter->after),
			.n = limit + 1 }, /* one more says whether there is a next page */
		&row, &count));
	*ret_next = 0;
	if (count > (size_t)limit) {
		count = (size_t)limit;
		*ret_next = row[count - 1].id;
	}
	tasks_of_rows(cx, row, count, ret, ret_count);
	return OK;
}

Err crm_list_day(Ctx *cx, int64_t assignee, int64_t until, Task **ret, size_t *ret_count)
{
	SqlTaskRow *row;
	size_t count;

	TRY(sql_crm_day(cx, db_id_or_null(&assignee), until, &row, &count));
	tasks_of_rows(cx, row, count, ret, ret_count);
	return OK;
}

Err task_remind(Ctx *cx, const char *data)
{
	SqlCrmReminders *task;
	size_t count;

	(void)data;
	TRY(sql_crm_reminders(cx, cx->now, &task, &count));
	for (size_t i = 0; i < count; i++)
		TRY(notice_add(cx, task[i].assignee_id,
			arena_printf(cx->mem, "Lembrete: %s", task[i].title), NULL,
			task[i].lead_id ? arena_printf(cx->mem, "/leads/%" PRId64, task[i].lead_id)
					: "/tasks",
			"clock",
			arena_printf(
				cx->mem, "task-%" PRId64 "-%" PRId64, task[i].id, task[i].due_at)));
	return OK;
}

/* ---- activities ---- */

static const struct {
	const char *kind, *title;
} activities[] = {
	[ACTIVITY_NOTE] = { "note", "Nota" },
	[ACTIVITY_CALL] = { "call", "Ligação" },
	[ACTIVITY_MEETING] = { "meeting", "Reunião" },
	[ACTIVITY_EMAIL] = { "email", "E-mail" },
	[ACTIVITY_WHATSAPP] = { "whatsapp", "WhatsApp" },
};

ActivityKind activity_named(const char *kind)
{
	for (size_t i = 0; kind && i < COUNT(activities); i++)
		if (!strcmp(activities[i].kind, kind))
			return (ActivityKind)i;
	return ACTIVITY_NOTE;
}

/* "@renata" or "@Renata Azevedo": the first name alone is enough, accents do not matter. */
static bool is_mentioned(Ctx *cx, const char *folded, const char *name)
{
	const char *first = str_fold(cx->mem, name);
	size_t length = strcspn(first, " ");

	for (const char *at = folded; (at = strchr(at, '@')); at++) {
		char after = strncmp(at + 1, first, length) ? 'x' : at[1 + length];

		if (length && !(after >= 'a' && after <= 'z') && !(after >= '0' && after <= '9'))
			return true;
	}
	return false;
}

static Err notify_mentioned(Ctx *cx, LeadId id, const char *text)
{
	const char *folded = str_fold(cx->mem, text), *url;
	Member *member;
	size_t count;
	Lead lead;

	if (!strchr(text, '@'))
		return OK;
	TRY(crm_get_lead(cx, id, &lead));
	url = arena_printf(cx->mem, "/leads/%" PRId64, id.v);
	TRY(account_list_members(cx, NULL, &member, &count));
	for (size_t i = 0; i < count; i++)
		if (member[i].user != cx->user.v && is_mentioned(cx, folded, member[i].name))
			TRY(notice_add(cx, member[i].user,
				arena_printf(cx->mem, "Mencionaram você em %s", lead.name), text,
				url, "at-sign", NULL));
	return OK;
}

Err crm_add_activity(Ctx *cx, LeadId id, ActivityKind kind, const char *text)
{
	int64_t rows;

	TRY(sql_crm_touch_lead(cx, id.v, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "no lead %" PRId64, id.v);
	TRY(lead_event(cx, id, activities[kind].kind, activities[kind].title, text));
	return notify_mentioned(cx, id, text);
}

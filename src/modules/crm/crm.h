/* crm: leads on their way to becoming patients: pipelines, leads, tasks, automations, capture,
 * conversion, figures. Owns the schema crm. Words: README.md. */
#ifndef CRM_CRM_H
#define CRM_CRM_H

#include "modules/module.h"
#include "modules/patient/patient.h"

extern const Module crm_module;

typedef struct LeadId {
	int64_t v;
} LeadId;

typedef struct Lead {
	int64_t id;
	int64_t pipeline_id, stage_id;
	const char *pipeline, *stage, *stage_color, *stage_kind;
	const char *status; /* open won lost */
	const char *name, *phone, *phone2, *email, *cpf, *interest;
	int64_t value_cents;
	int64_t source_id;
	const char *source, *source_icon;
	const char *utm_source, *utm_medium, *utm_campaign, *utm_term, *utm_content;
	int64_t owner_id;
	const char *owner;
	Strs tags;
	int32_t expected_on;
	bool hot, consent;
	const char *custom; /* JSON object */
	int64_t stage_since;
	bool stalled; /* longer in the stage than it allows */
	int64_t next_task_id, next_due;
	const char *next_title;
	int64_t touched_at, ended_at;
	int64_t loss_reason_id;
	const char *loss_reason, *loss_note;
	int64_t patient_id;
	int64_t created_at, updated_at;
	int version;
	int64_t merged_into; /* 0: itself */
} Lead;

/* What may be typed about a lead: the one table behind page, API, import and export. Sized, so that
 * route tables may name it: a forgotten number does not compile. */
typedef struct LeadForm {
	const char *name, *phone, *phone2, *email, *cpf, *interest;
	int64_t value_cents;
	int64_t stage_id;   /* 0: the first stage of the first pipeline */
	int64_t source_id;  /* 0: unknown */
	const char *source; /* by name instead: import, API, capture; made when new */
	const char *utm_source, *utm_medium, *utm_campaign, *utm_term, *utm_content;
	int64_t owner_id;
	Strs tags;
	int32_t expected_on;
	bool hot, consent;
	const char *custom;
	int64_t version; /* that the person saw, when editing */
} LeadForm;
extern const Field lead_fields[22];
extern const OutField lead_out[42];
extern const size_t lead_out_count;

typedef enum LeadOrigin { LEAD_BY_HAND, LEAD_BY_FORM, LEAD_BY_API, LEAD_BY_IMPORT } LeadOrigin;

/* Another lead or patient who may be the same person. */
typedef struct Twin {
	const char *kind; /* "lead" or "patient" */
	int64_t id;
	const char *name, *phone, *email;
	const char *why; /* "phone", "email", "cpf" */
	const char *status;
} Twin;

/* ---- leads ---- */

/* Create. Runs the entry rules of the stage, tells "lead.created". Twins do not stop it: the caller
 * asks crm_find_twins first when a person can choose. ERR_NOT_FOUND/INVALID: stage, source or owner
 * is not the company's. */
MUST_CHECK Err crm_add_lead(Ctx *cx, const LeadForm *in, LeadOrigin origin, LeadId *ret);
MUST_CHECK Err crm_get_lead(Ctx *cx, LeadId id, Lead *ret);
/* Save what was typed. ERR_CONFLICT: in->version is old; crm_get_lead shows what is there now. Adds
 * one event naming the changed fields, and a diff to the audit. Tells "lead.updated". */
MUST_CHECK Err crm_save_lead(Ctx *cx, LeadId id, const LeadForm *in);
/* Move to a stage (of any pipeline) before the lead `before` in that column (0: at the end; -1:
 * keep order on top). Reopens a lost or won lead. Tells "lead.moved". */
MUST_CHECK Err crm_move_lead(Ctx *cx, LeadId id, int64_t stage, int64_t before);
/* Lose with a reason; tells "lead.lost". */
MUST_CHECK Err crm_lose_lead(Ctx *cx, LeadId id, int64_t reason, const char *note);
/* Open again in its last open stage; tells "lead.reopened". */
MUST_CHECK Err crm_reopen_lead(Ctx *cx, LeadId id);
/* Phone by DDD + last 8 digits, e-mail, CPF, among leads (not `except`) and patients; at most 10.
 */
MUST_CHECK Err crm_find_twins(Ctx *cx, const char *phone, const char *email, const char *cpf,
	int64_t except, Twin **ret, size_t *ret_count);
/* `gone` becomes part of `kept`: empty fields are filled, tags joined, tasks and timeline carried
 * over; `gone` stays, marked. Tells "lead.merged". */
MUST_CHECK Err crm_merge_leads(Ctx *cx, LeadId kept, LeadId gone);
/* The lead became a patient: an existing one (patient != 0) or a new one from its data. Status won,
 * stage the pipeline's won stage; history joined. Tells "lead.converted". ERR_CONFLICT: a patient
 * has this CPF (the twins say who). */
MUST_CHECK Err crm_convert_lead(Ctx *cx, LeadId id, int64_t patient, PatientId *ret);
MUST_CHECK Err crm_set_owner(Ctx *cx, LeadId id, int64_t owner);
MUST_CHECK Err crm_add_tags(Ctx *cx, LeadId id, Strs tags);

typedef enum ActivityKind {
	ACTIVITY_NOTE,
	ACTIVITY_CALL,
	ACTIVITY_MEETING,
	ACTIVITY_EMAIL,
	ACTIVITY_WHATSAPP
} ActivityKind;

/* Write down what was said or done; "@Renata" mentions notify the member. */
MUST_CHECK Err crm_add_activity(Ctx *cx, LeadId id, ActivityKind kind, const char *text);

/* ---- finding ---- */

/* Filters of list, export, figures' links and bulk change; 0 and NULL: not asked. */
typedef struct LeadFilter {
	const char *q;      /* folded words, digits of a phone, e-mail */
	const char *status; /* open won lost all; NULL: open */
	int64_t pipeline_id, stage_id, source_id, owner_id, loss_reason_id;
	const char *campaign, *tag;
	bool stalled, overdue, no_task, mine;
	int64_t reached_id; /* entered this stage, between the two dates */
	int32_t reached_from, reached_to;
	const char *expected; /* "2026-12", "late": before this month, "later": in a year or more */
	const char *patient;  /* yes no */
	const char *without;  /* source campaign owner expected: those that have none */
	int32_t created_from, created_to, ended_from, ended_to; /* DATE_NONE: open */
	const char *sort; /* created, name, value, due, stage; "-" first: descending */
	int64_t after;    /* cursor */
	int64_t limit;    /* ≤ 200; 0: 50 */
} LeadFilter;
extern const Field lead_filter_fields[26];
extern const size_t lead_filter_field_count;

/* ret_next: cursor of the next page, 0 at the end. */
MUST_CHECK Err crm_list_leads(
	Ctx *cx, const LeadFilter *filter, Lead **ret, size_t *ret_count, int64_t *ret_next);
MUST_CHECK Err crm_count_leads(
	Ctx *cx, const LeadFilter *filter, int64_t *ret_count, int64_t *ret_value_cents);

/* ---- pipelines ---- */

typedef struct Stage {
	int64_t id, pipeline_id;
	const char *name, *color, *kind;
	int position, probability, stalled_days, version;
	bool active;
	int64_t lead_count, value_cents; /* open and won leads in it */
} Stage;

typedef struct Pipeline {
	int64_t id;
	const char *name;
	int position, version;
	bool active;
	Stage *stage;
	size_t stage_count;
} Pipeline;

/* All active pipelines with their active stages and totals, in one round trip. */
MUST_CHECK Err crm_list_pipelines(Ctx *cx, Pipeline **ret, size_t *ret_count);

/* ---- tasks ---- */

typedef struct Task {
	int64_t id, lead_id;
	int64_t patient_id; /* whom the lead became */
	const char *lead;   /* its name */
	const char *type, *title, *note, *priority, *rrule;
	int64_t due_at, done_at, assignee_id;
	const char *assignee;
	int remind_min; /* -1: none */
	int version;
	bool overdue;
} Task;

typedef struct TaskForm {
	const char *type, *title, *note, *priority, *rrule;
	int64_t due_at, assignee_id, remind_min;
	int64_t lead_id;
} TaskForm;
extern const Field task_fields[9];
extern const size_t task_field_count;
extern const OutField task_out[16];

/* Tells "task.created". */
MUST_CHECK Err crm_add_task(Ctx *cx, const TaskForm *in, int64_t *ret);
MUST_CHECK Err crm_get_task(Ctx *cx, int64_t id, Task *ret);
MUST_CHECK Err crm_save_task(Ctx *cx, int64_t id, const TaskForm *in);
/* Done; a recurring one makes the next. Tells "task.done". crm_undo_task opens it again. */
MUST_CHECK Err crm_finish_task(Ctx *cx, int64_t id);
MUST_CHECK Err crm_undo_task(Ctx *cx, int64_t id);
MUST_CHECK Err crm_list_lead_tasks(Ctx *cx, LeadId id, Task **ret, size_t *ret_count);
/* Filters of the API's list of tasks; 0 and NULL: not asked. */
typedef struct TaskFilter {
	int64_t lead_id, assignee_id;
	const char *status;       /* open done all; NULL: open */
	int64_t due_from, due_to; /* moments; due_to itself is left out */
	int64_t after, limit;     /* limit ≤ 200; 0: 50 */
} TaskFilter;
extern const Field task_filter_fields[7];

/* Newest first. ret_next: cursor of the next page, 0 at the end. */
MUST_CHECK Err crm_list_tasks(
	Ctx *cx, const TaskFilter *filter, Task **ret, size_t *ret_count, int64_t *ret_next);
/* Open tasks of an assignee (0: all) due before `until`, overdue first; at most 200. */
MUST_CHECK Err crm_list_day(
	Ctx *cx, int64_t assignee, int64_t until, Task **ret, size_t *ret_count);

#endif

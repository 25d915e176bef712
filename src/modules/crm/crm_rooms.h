/* What the files of the module share: helpers of the services, and the handlers in files of their
 * own. Not for other modules. */
#ifndef CRM_CRM_ROOMS_H
#define CRM_CRM_ROOMS_H

#include "modules/crm/crm.h"
#include "modules/crm/crm.sql.h"

/* NULL for 0: nullable id parameters of queries. */

/* lead.c: a lead from the row that every query of leads returns. */
Lead lead_of_row(const Ctx *cx, const SqlLeadRow *r);
/* A stored lead as if it had been typed again, for changing a part of it. */
LeadForm lead_form_of(const Lead *lead);
/* The lead as the API shows it, for module_tell. */
MUST_CHECK Err lead_tell(Ctx *cx, LeadId id, const char *event);
/* Tell the owner of a lead, or, when nobody has it, everybody who may edit leads. */
MUST_CHECK Err lead_tell_team(
	Ctx *cx, LeadId id, const char *title, const char *body, const char *icon);
/* One entry on the lead's timeline. body may be NULL. */
MUST_CHECK Err lead_event(
	Ctx *cx, LeadId id, const char *kind, const char *title, const char *body);

/* What is stored beside what was typed. lead_derive fills search and keys; custom is checked text.
 */
typedef struct LeadDerived {
	const char *search, *phone_key, *phone2_key, *custom;
	int64_t source_id;
} LeadDerived;
void lead_derive(Ctx *cx, const LeadForm *in, LeadDerived *ret);
/* The row of a new lead; points into cx, in and more. */
SqlCrmInsertLeadIn lead_new_row(const Ctx *cx, const LeadForm *in, const LeadDerived *more,
	int64_t stage, int64_t pipeline);

/* crm_list_pipelines in a pipeline with other queries: behind sql_crm_stages_send. */
MUST_CHECK Err pipelines_read(Ctx *cx, Pipeline **ret, size_t *ret_count);

/* list.c: all pipelines, and of them the one with this id or else the first. ERR_NOT_FOUND, with
 * what to do about it: there is none. */
MUST_CHECK Err pipelines_shown(Ctx *cx, int64_t wanted, const Pipeline **ret, size_t *ret_count,
	const Pipeline **ret_shown);

/* custom.c: check custom (JSON object text or NULL) against the company's fields; *ret is the text
 * to store. Marks "custom.<key>" fields. */
MUST_CHECK Err custom_check(Ctx *cx, const char *custom, const char **ret);
/* The same against definitions that were read before. */
MUST_CHECK Err custom_check_by(
	Ctx *cx, const SqlCrmFields *field, size_t count, const char *custom, const char **ret);

/* The two ways into a stage, without what the stage does by itself and without telling other
 * modules: rule.c puts both around them. lead.c: ret_stay is the moment when it entered. */
MUST_CHECK Err lead_insert(Ctx *cx, const LeadForm *in, LeadOrigin origin, LeadId *ret,
	int64_t *ret_stage, int64_t *ret_stay);
/* move.c: as crm_move_lead. ret_entered: it was not there before. */
MUST_CHECK Err lead_put(Ctx *cx, LeadId id, int64_t stage, int64_t before, bool *ret_entered);

/* rule.c: run what the stage does when a lead enters; called in the transaction of the move. */
MUST_CHECK Err rule_on_enter(Ctx *cx, LeadId id, int64_t stage, int64_t stay);

/* Jobs: rules of days that are due; reminders of tasks. */
MUST_CHECK Err rule_tick(Ctx *cx, const char *data);
MUST_CHECK Err task_remind(Ctx *cx, const char *data);
/* A change or a spreadsheet of many leads, an import; spreadsheets that are old. */
MUST_CHECK Err bulk_run(Ctx *cx, const char *data);
MUST_CHECK Err export_run(Ctx *cx, const char *data);
MUST_CHECK Err lead_import_run(Ctx *cx, const char *data);
MUST_CHECK Err sheets_sweep(Ctx *cx, const char *data);

/* follow.c, Module.on_event: patient.merged and .unmerged point leads at who took the patient over
 * and back, patient.anonymised takes from the patient's leads what says who it was. */
MUST_CHECK Err follow_on_event(Ctx *cx, const char *name, int64_t id, const char *json);

/* task.c: "call" is ACTIVITY_CALL; NULL: a note. */
ActivityKind activity_named(const char *kind);
/* task.c: keep lead.next_* the open task due first. */
MUST_CHECK Err task_refresh_next(Ctx *cx, int64_t lead);

#endif

/* Handlers of the module that stand in files of their own, and what starts and fills a company. */
#ifndef CRM_CRM_WEB_H
#define CRM_CRM_WEB_H

#include "modules/crm/crm.h"

/* board_web.c */
Handler crm_board, crm_board_more, crm_drop, crm_move;
/* lead_web.c: the lead of the path; how it is lost, on the page as in the API */
MUST_CHECK Err lead_asked(Req *q, Lead *ret);
typedef struct LoseForm {
	int64_t loss_reason_id;
	const char *loss_note;
} LoseForm;
extern const Field lose_fields[2];
Handler crm_show_lead, crm_more_events, crm_blank_lead, crm_edit_lead, crm_create_lead,
	crm_update_lead, crm_show_twins, crm_write_note, crm_ask_lose, crm_lose, crm_reopen,
	crm_ask_convert, crm_convert, crm_merge;
/* automation_web.c */
Handler crm_list_rules, crm_blank_rule, crm_create_rule, crm_edit_rule, crm_update_rule,
	crm_activate_rule, crm_pause_rule, crm_remove_rule, crm_order_rules, crm_rule_up,
	crm_rule_down;
/* capture_web.c: the public form; forms_web.c: its settings */
Handler crm_show_capture, crm_take_capture, crm_thank_capture;
Handler crm_list_forms, crm_blank_form, crm_create_form, crm_edit_form, crm_update_form;
/* leads_web.c, bulk_web.c, export_web.c */
Handler crm_leads, crm_create_view, crm_update_view, crm_delete_view, crm_bulk, crm_export,
	crm_ask_export, crm_send_export;
/* figures_web.c, figures_sheet.c */
Handler crm_show_figures, crm_figures_sheet;
/* task_web.c */
Handler crm_day, crm_blank_task, crm_blank_lead_task, crm_edit_task, crm_create_task,
	crm_update_task, crm_done_task, crm_undone_task;

/* settings_web.c */
Handler crm_show_funnels, crm_create_funnel, crm_rename_funnel, crm_archive_funnel,
	crm_create_stage, crm_update_stage, crm_archive_stage, crm_order_stages, crm_stage_up,
	crm_stage_down;
Handler crm_show_lists, crm_create_source, crm_update_source, crm_create_reason, crm_update_reason,
	crm_create_field, crm_update_field;

/* settings_web.c: ids in the order that somebody dragged them into. order_is_whole, after they were
 * put so: ERR_CONFLICT when not all of them were found, each once. */
MUST_CHECK Err order_read(Req *q, Int64s *ret);
MUST_CHECK Err order_is_whole(Ctx *cx, Int64s ids, int64_t rows);
/* One place up (-1) or down (+1), for those who do not drag. False: there is no such place. */
bool order_shift(int64_t *ids, size_t count, size_t at, int by);

/* api_web.c, and behind it api_task_web.c */
extern const RouteList crm_api, crm_task_api;

/* start.c: the default pipeline, sources and reasons of a new company; the demonstration's leads.
 */
Err crm_start_company(Ctx *cx);
Err crm_demo(Ctx *cx);

#endif

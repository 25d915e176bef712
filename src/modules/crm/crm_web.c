/* The module's tables: routes, permissions, navigation; and the palette's hits. */
#include "core/br.h"
#include "core/search.h"
#include "modules/crm/crm_view.h"
#include "modules/crm/crm_web.h"
#include "modules/crm/leads_rooms.h"
#include "platform/sheet/sheet.h"

static const struct {
	const char *kind, *icon, *tone;
} event_looks[] = {
	{ "lead.created", "user-plus", "slate" },
	{ "lead.stage", "arrow-right", "blue" },
	{ "lead.lost", "circle-x", "red" },
	{ "lead.reopened", "rotate-ccw", "amber" },
	{ "lead.converted", "user-check", "green" },
	{ "lead.merged", "git-merge", "violet" },
	{ "lead.updated", "pencil", "slate" },
	{ "lead.owner", "user-cog", "slate" },
	{ "task.created", "list-checks", "slate" },
	{ "task.done", "check", "green" },
	{ "task.undone", "undo-2", "amber" },
	{ "note", "sticky-note", "amber" },
	{ "call", "phone", "blue" },
	{ "meeting", "users", "violet" },
	{ "email", "mail", "blue" },
	{ "whatsapp", "message-circle", "green" },
	{ "lead.form", "rotate-ccw", "violet" },
	{ "lead.tags", "tag", "slate" },
	{ "rule", "zap", "violet" },
	{ "patient.created", "heart-pulse", "green" },
};

const char *event_icon(const char *kind)
{
	for (size_t i = 0; i < COUNT(event_looks); i++)
		if (!strcmp(event_looks[i].kind, kind))
			return event_looks[i].icon;
	return "history";
}

const char *event_tone(const char *kind)
{
	for (size_t i = 0; i < COUNT(event_looks); i++)
		if (!strcmp(event_looks[i].kind, kind))
			return event_looks[i].tone;
	return "slate";
}

static Err find(Ctx *cx, const char *question, Hits *hits)
{
	const char *word[SEARCH_WORDS];
	SqlCrmFind *row;
	size_t count;

	search_patterns(cx->mem, question, word);
	if (!word[0])
		return OK;
	TRY(sql_crm_find(cx, word[0], word[1], word[2], 8, &row, &count));
	for (size_t i = 0; i < count && hits->count < COUNT(hits->hit); i++)
		hits->hit[hits->count++] = (Hit){ .kind = "Lead",
			.title = row[i].name,
			.detail = arena_printf(cx->mem, "%s%s%s",
				row[i].phone ? phone_text(cx->mem, row[i].phone) : "",
				row[i].phone ? " · " : "",
				!strcmp(row[i].status, "lost") ? "perdido" : row[i].stage),
			.icon = "funnel",
			.url = url_printf(cx->mem, "/leads/%" PRId64, row[i].id) };
	return OK;
}

static const Route routes[] = {
	{ GET, "/funnel", crm_board, "crm.read" },
	{ GET, "/funnel/column", crm_board_more, "crm.read" },
	{ GET, "/leads", crm_leads, "crm.read" },
	{ POST, "/leads/views", crm_create_view, "crm.read" },
	{ POST, "/leads/views/:id", crm_update_view, "crm.read" },
	{ POST, "/leads/views/:id/delete", crm_delete_view, "crm.read" },
	{ POST, "/leads/bulk", crm_bulk, "crm.write", .lane = LANE_HEAVY },
	{ GET, "/leads/export", crm_export, "crm.export", .lane = LANE_HEAVY },
	{ POST, "/leads/export", crm_ask_export, "crm.export", .lane = LANE_HEAVY },
	{ GET, "/leads/exports/:id", crm_send_export, "crm.export" },
	{ GET, "/leads/new", crm_blank_lead, "crm.write" },
	{ GET, "/leads/twins", crm_show_twins, "crm.write" },
	{ POST, "/leads", crm_create_lead, "crm.write" },
	{ GET, "/leads/:id", crm_show_lead, "crm.read" },
	{ GET, "/leads/:id/events", crm_more_events, "crm.read" },
	{ GET, "/leads/:id/edit", crm_edit_lead, "crm.write" },
	{ POST, "/leads/:id", crm_update_lead, "crm.write" },
	{ PATCH, "/leads/:id/stage", crm_drop, "crm.write" },
	{ POST, "/leads/:id/move", crm_move, "crm.write" },
	{ POST, "/leads/:id/notes", crm_write_note, "crm.write" },
	{ GET, "/leads/:id/lose", crm_ask_lose, "crm.write" },
	{ POST, "/leads/:id/lose", crm_lose, "crm.write" },
	{ POST, "/leads/:id/reopen", crm_reopen, "crm.write" },
	{ GET, "/leads/:id/convert", crm_ask_convert, "crm.convert" },
	{ POST, "/leads/:id/convert", crm_convert, "crm.convert" },
	{ POST, "/leads/:id/merge", crm_merge, "crm.write" },
	{ GET, "/leads/:id/tasks/new", crm_blank_lead_task, "crm.write" },
	{ GET, "/tasks", crm_day, "crm.read" },
	{ GET, "/tasks/new", crm_blank_task, "crm.write" },
	{ POST, "/tasks", crm_create_task, "crm.write" },
	{ GET, "/tasks/:id/edit", crm_edit_task, "crm.write" },
	{ POST, "/tasks/:id", crm_update_task, "crm.write" },
	{ POST, "/tasks/:id/done", crm_done_task, "crm.write" },
	{ POST, "/tasks/:id/undo", crm_undone_task, "crm.write" },
	{ GET, "/settings/funnels", crm_show_funnels, "crm.admin" },
	{ POST, "/settings/funnels", crm_create_funnel, "crm.admin" },
	{ POST, "/settings/funnels/:id", crm_rename_funnel, "crm.admin" },
	{ POST, "/settings/funnels/:id/archive", crm_archive_funnel, "crm.admin" },
	{ PATCH, "/settings/funnels/:id/order", crm_order_stages, "crm.admin" },
	{ POST, "/settings/funnels/:id/stages", crm_create_stage, "crm.admin" },
	{ POST, "/settings/stages/:id", crm_update_stage, "crm.admin" },
	{ POST, "/settings/stages/:id/up", crm_stage_up, "crm.admin" },
	{ POST, "/settings/stages/:id/down", crm_stage_down, "crm.admin" },
	{ POST, "/settings/stages/:id/archive", crm_archive_stage, "crm.admin" },
	{ GET, "/f/:token", crm_show_capture, PERM_ANYONE, ROUTE_PUBLIC_FORM | ROUTE_EMBED,
		.rate_per_minute = 120 },
	{ POST, "/f/:token", crm_take_capture, PERM_ANYONE, ROUTE_PUBLIC_FORM | ROUTE_EMBED,
		.body_max = 16 << 10, .rate_per_minute = 30 },
	{ GET, "/f/:token/thanks", crm_thank_capture, PERM_ANYONE,
		ROUTE_PUBLIC_FORM | ROUTE_EMBED },
	{ GET, "/reports/crm", crm_show_figures, "crm.figures", .lane = LANE_HEAVY,
		.timeout_ms = 20000 },
	{ GET, "/reports/crm/:table", crm_figures_sheet, "crm.figures", .lane = LANE_HEAVY,
		.timeout_ms = 20000 },
	{ GET, "/settings/automations", crm_list_rules, "crm.admin" },
	{ POST, "/settings/automations", crm_create_rule, "crm.admin" },
	{ GET, "/settings/automations/new", crm_blank_rule, "crm.admin" },
	{ PATCH, "/settings/automations/order", crm_order_rules, "crm.admin" },
	{ GET, "/settings/automations/:id", crm_edit_rule, "crm.admin" },
	{ POST, "/settings/automations/:id", crm_update_rule, "crm.admin" },
	{ POST, "/settings/automations/:id/activate", crm_activate_rule, "crm.admin" },
	{ POST, "/settings/automations/:id/pause", crm_pause_rule, "crm.admin" },
	{ POST, "/settings/automations/:id/remove", crm_remove_rule, "crm.admin" },
	{ POST, "/settings/automations/:id/up", crm_rule_up, "crm.admin" },
	{ POST, "/settings/automations/:id/down", crm_rule_down, "crm.admin" },
	{ GET, "/settings/forms", crm_list_forms, "crm.admin" },
	{ GET, "/settings/forms/new", crm_blank_form, "crm.admin" },
	{ POST, "/settings/forms", crm_create_form, "crm.admin" },
	{ GET, "/settings/forms/:id", crm_edit_form, "crm.admin" },
	{ POST, "/settings/forms/:id", crm_update_form, "crm.admin" },
	{ GET, "/settings/lead-lists", crm_show_lists, "crm.admin" },
	{ POST, "/settings/sources", crm_create_source, "crm.admin" },
	{ POST, "/settings/sources/:id", crm_update_source, "crm.admin" },
	{ POST, "/settings/loss-reasons", crm_create_reason, "crm.admin" },
	{ POST, "/settings/loss-reasons/:id", crm_update_reason, "crm.admin" },
	{ POST, "/settings/lead-fields", crm_create_field, "crm.admin" },
	{ POST, "/settings/lead-fields/:id", crm_update_field, "crm.admin" },
};

static const Route imports[] = {
	{ GET, "/leads/import", import_list, "crm.export", .arg = &lead_import },
	{ PUT, "/leads/import", import_upload, "crm.export", .body = BODY_FILE,
		.body_max = SHEET_FILE_MAX, .lane = LANE_HEAVY, .arg = &lead_import },
	{ GET, "/leads/import/model", import_model, "crm.export", .arg = &lead_import },
	{ GET, "/leads/import/:id", import_show, "crm.export", .arg = &lead_import },
	{ POST, "/leads/import/:id", import_start, "crm.export", .arg = &lead_import },
	{ POST, "/leads/import/:id/preview", import_preview, "crm.export", .arg = &lead_import },
	{ GET, "/leads/import/:id/progress", import_progress, "crm.export", .arg = &lead_import },
	{ GET, "/leads/import/:id/errors", import_errors, "crm.export", .lane = LANE_HEAVY,
		.arg = &lead_import },
	{ POST, "/leads/import/:id/resume", import_resume, "crm.export", .arg = &lead_import },
	{ POST, "/leads/import/:id/discard", import_discard, "crm.export", .arg = &lead_import },
	{ POST, "/leads/import/:id/undo", import_undo, "crm.export", .lane = LANE_HEAVY,
		.arg = &lead_import },
};

static const RouteList import_routes = { imports, COUNT(imports), &crm_api };

static const Perm perms[] = {
	{ "crm.read", "Ver o funil e os leads", "owner manager reception dentist" },
	{ "crm.write", "Criar e editar leads e tarefas", "owner manager reception", "crm.read" },
	{ "crm.convert", "Converter lead em paciente", "owner manager reception", "crm.read" },
	{ "crm.export", "Exportar e importar leads", "owner manager", "crm.read" },
	{ "crm.figures", "Ver os números do funil", "owner manager", "crm.read" },
	{ "crm.admin", "Configurar funis, campos e automações", "owner manager" },
};

static const Job jobs[] = {
	{ "crm.rules", rule_tick, 5, 60 },
	{ "crm.remind", task_remind, 5, 30 },
	{ "crm.bulk", bulk_run, 10, 3600 },
	{ "crm.export", export_run, 5, 900 },
	{ "crm.import", lead_import_run, 10, 3600 },
	{ "crm.sheets", sheets_sweep, 5, 60 },
};

static const Cron crons[] = {
	{ .name = "crm.rules",
		.pattern = "*/15 * * * *",
		.job = "crm.rules",
		.every_company = true },
	{ .name = "crm.remind",
		.pattern = "*/5 * * * *",
		.job = "crm.remind",
		.every_company = true },
	{ .name = "crm.sheets",
		.pattern = "40 3 * * *",
		.job = "crm.sheets",
		.every_company = true },
};

static const Nav nav[] = {
	{ "Comercial", 50, "Funil de vendas", "/funnel", "kanban", "crm.read", "g f", true },
	{ "Comercial", 55, "Tarefas", "/tasks", "list-checks", "crm.read", "g d", true },
	{ "Comercial", 58, "Números do funil", "/reports/crm", "chart-column", "crm.figures",
		"g n" },
	{ "Configurações/Comercial", 940, "Funis", "/settings/funnels", "kanban", "crm.admin" },
	{ "Configurações/Comercial", 941, "Automações", "/settings/automations", "zap",
		"crm.admin" },
	{ "Configurações/Comercial", 942, "Formulários", "/settings/forms", "clipboard-list",
		"crm.admin" },
	{ "Configurações/Comercial", 943, "Listas do CRM", "/settings/lead-lists", "tags",
		"crm.admin" },
	{ "Criar", 10, "Novo lead", "/leads/new", "user-plus", "crm.write", "n o", false },
	{ "Criar", 40, "Importar leads", "/leads/import", "file-up", "crm.export" },
	{ "Criar", 30, "Nova tarefa", "/tasks/new", "list-checks", "crm.write", "n r", false },
};

static const Field lead_columns[] = {
	{ "gone", "Unido com", FIELD_ID },
	{ "patient_id", "Paciente", FIELD_ID },
	{ "leads", "Leads", FIELD_INT },
};

static const Words words[] = {
	{ "lead", lead_fields, COUNT(lead_fields) },
	{ "lead lead.import lead.export", lead_columns, COUNT(lead_columns) },
};

const Module crm_module = {
	.words = words,
	.words_count = COUNT(words),
	.name = "crm",
	.title = "CRM",
	.route = routes,
	.route_count = COUNT(routes),
	.api = &import_routes,
	.perm = perms,
	.perm_count = COUNT(perms),
	.nav = nav,
	.nav_count = COUNT(nav),
	.job = jobs,
	.job_count = COUNT(jobs),
	.cron = crons,
	.cron_count = COUNT(crons),
	.find = find,
	.find_perm = "crm.read",
	.on_event = follow_on_event,
	.on_company = crm_start_company,
	.demo = crm_demo,
};

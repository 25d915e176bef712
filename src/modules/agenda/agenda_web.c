/* The agenda as a module: what it declares to the program. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"
#include "modules/agenda/agenda_view.h"

/* clang-format off */
static const Route routes[] = {
	{ GET, "/agenda", agenda_show, "agenda.read" },
	{ GET, "/agenda/day.json", agenda_show_json, "agenda.read" },
	{ GET, "/agenda/load.json", agenda_show_load, "agenda.read" },
	{ GET, "/agenda/patients", agenda_visit_find_patients, "agenda.write" },
	{ GET, "/agenda/slots", agenda_visit_find_slots, "agenda.read" },
	{ GET, "/agenda/new", agenda_visit_blank, "agenda.write" },
	{ POST, "/agenda/visits", agenda_visit_create, "agenda.write" },
	{ GET, "/agenda/visits/:id", agenda_visit_show, "agenda.read" },
	{ POST, "/agenda/visits/:id", agenda_visit_save, "agenda.write" },
	{ GET, "/agenda/visits/:id/edit", agenda_visit_edit, "agenda.write" },
	{ PATCH, "/agenda/visits/:id/time", agenda_visit_drop, "agenda.write", .body = BODY_FORM },
	{ POST, "/agenda/visits/:id/presence", agenda_visit_presence, "agenda.write" },
	{ POST, "/agenda/visits/:id/confirmation", agenda_visit_confirmation, "agenda.write" },
	{ GET, "/agenda/visits/:id/cancel", agenda_visit_ask_cancel, "agenda.write" },
	{ POST, "/agenda/visits/:id/cancel", agenda_visit_cancel, "agenda.write" },
	{ POST, "/agenda/visits/:id/undo", agenda_visit_undo, "agenda.write" },
	{ POST, "/agenda/visits/:id/unbook", agenda_visit_unbook, "agenda.write" },
};

static const Nav nav[] = {
	{ "Atendimento", 10, "Agenda", "/agenda", "calendar-days", "agenda.read", "g a", true },
	{ "Criar", 10, "Nova consulta", "/agenda/new", "calendar-plus", "agenda.write", "n c", false },
	{ "Atendimento", 12, "Lista de espera", "/agenda/waiting", "hourglass", "agenda.read", "g e", false },
	{ "Configurações/Atendimento", 930, "Agenda", "/settings/agenda", "calendar-clock", "agenda.admin", NULL, false },
};
/* clang-format on */

static const Card cards[] = {
	{ .order = 10,
		.perm = "agenda.read",
		.ask = agenda_visit_card_ask,
		.show = agenda_visit_card_show },
	{ .order = 12, .perm = "agenda.read", .ask = waiting_card_ask, .show = waiting_card_show },
};

static const Perm perms[] = {
	{ "agenda.read", "Ver a agenda", "owner manager dentist reception finance assistant" },
	{ "agenda.write", "Marcar, mover e atualizar consultas",
		"owner manager dentist reception assistant", "agenda.read" },
	{ "agenda.encaixe", "Fazer encaixe sobre outra consulta", "owner manager dentist",
		"agenda.write" },
	{ "agenda.admin", "Configurar horários, cadeiras e agendamento on-line", "owner manager" },
};

static const Field state_columns[] = {
	{ "presence", "Situação", FIELD_TEXT },
	{ "confirmation", "Confirmação", FIELD_TEXT },
};

static const char *state_word(const char *column, const char *code)
{
	return str_same(column, "presence") ? presence_title(presence_of(code))
					    : confirmation_title(confirmation_of(code));
}

static const Words words[] = {
	{ "appointment", state_columns, COUNT(state_columns), state_word },
	{ "appointment", agenda_change_fields, COUNT(agenda_change_fields) },
};

const Module agenda_module = {
	.words = words,
	.words_count = COUNT(words),
	.name = "agenda",
	.title = "Agenda",
	.route = routes,
	.route_count = COUNT(routes),
	.api = &agenda_api,
	.perm = perms,
	.perm_count = COUNT(perms),
	.nav = nav,
	.nav_count = COUNT(nav),
	.card = cards,
	.card_count = COUNT(cards),
	.demo = agenda_demo,
	.job = door_jobs,
	.job_count = DOOR_JOB_COUNT,
	.cron = door_crons,
	.cron_count = DOOR_CRON_COUNT,
	.on_event = agenda_on_event,
	.on_company = agenda_start_company,
};

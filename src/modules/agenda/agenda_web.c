/* The agenda as a module: what it declares to the program. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"

static const Nav nav[] = {
	{ "Configurações", 930, "Agenda", "/settings/agenda", "calendar-clock", "agenda.admin", NULL, false },
};

static const Perm perms[] = {
	{"agenda.read",     "Ver a agenda",					 "owner manager dentist reception finance assistant"},
	{ "agenda.write",   "Marcar, mover e atualizar consultas",
         "owner manager dentist reception assistant"										   },
	{ "agenda.encaixe", "Fazer encaixe sobre outra consulta",                   "owner manager dentist"                            },
	{ "agenda.admin",   "Configurar horários, cadeiras e agendamento on-line", "owner manager"                                    },
};

const Module agenda_module = {
	.name = "agenda",
	.title = "Agenda",
	.nav = nav,
	.nav_count = COUNT(nav),
	.api = &agenda_api,
	.perm = perms,
	.perm_count = COUNT(perms),
	.demo = agenda_demo,
	.on_event = agenda_on_event,
	.on_company = agenda_start_company,
};

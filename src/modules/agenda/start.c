/* What a company starts with, and what this module hears. The demonstration is in demo.c. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"
#include "modules/agenda/waiting.h"

typedef struct FirstType {
	const char *name, *tone;
	int minutes;
	bool online;
} FirstType;

static const FirstType first_types[] = {
	{ "Avaliação", "blue", 30, true },
	{ "Profilaxia", "teal", 45, true },
	{ "Restauração", "green", 60, false },
	{ "Manutenção de aparelho", "violet", 30, false },
	{ "Canal", "pink", 90, false },
	{ "Cirurgia", "red", 90, false },
	{ "Prótese", "orange", 60, false },
	{ "Clareamento", "amber", 60, false },
	{ "Retorno", "slate", 30, false },
	{ "Urgência", "red", 30, true },
};

Err agenda_start_company(Ctx *cx)
{
	size_t count;
	Branch *branch;
	int64_t rows;

	TRY(company_list_branches(cx, &branch, &count));
	for (size_t i = 0; i < COUNT(first_types); i++)
		TRY(sql_agenda_add_type(cx, first_types[i].name, first_types[i].tone,
			first_types[i].minutes, (int32_t)i + 1, first_types[i].online, &rows));
	TRY(sql_agenda_add_rule(cx, &rows));
	return count ? sql_agenda_add_chair(cx, branch[0].id, "Sala 1", 1, &rows) : OK;
}

Err agenda_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	TRY(doors_on_event(cx, name, id, json));
	TRY(waiting_on_event(cx, name, id));
	return visits_on_event(cx, name, id, json);
}

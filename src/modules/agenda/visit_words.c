/* The history of a visit in words, and the line under a patient's name. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/agenda_view.h"

const char *agenda_change_icon(const AgendaChange *c)
{
	if (!strcmp(c->axis, "presence"))
		return presence_of(c->after) < PRESENCE_COUNT ? presence_icon(presence_of(c->after))
							      : "history";
	if (!strcmp(c->axis, "confirmation"))
		return "message-circle";
	if (!strcmp(c->axis, "moved"))
		return "calendar-clock";
	return !strcmp(c->axis, "made") ? "calendar-plus" : "pencil";
}

const char *agenda_change_tone(const AgendaChange *c)
{
	if (!strcmp(c->axis, "presence") && presence_of(c->after) < PRESENCE_COUNT)
		return presence_tone(presence_of(c->after));
	return strcmp(c->axis, "confirmation") == 0 ? "blue" : "slate";
}

static const char *step(const AgendaChange *c)
{
	if (!strcmp(c->axis, "presence") && presence_of(c->after) < PRESENCE_COUNT)
		return presence_title(presence_of(c->after));
	if (!strcmp(c->axis, "confirmation") && confirmation_of(c->after) < CONFIRMATION_COUNT)
		return confirmation_title(confirmation_of(c->after));
	return c->after;
}

const char *agenda_change_title(Arena *mem, const AgendaChange *c)
{
	const char *done = c->undone ? " (desfeito)" : "";

	if (!strcmp(c->axis, "made"))
		return arena_printf(mem, "Consulta marcada%s", done);
	if (!strcmp(c->axis, "moved"))
		return arena_printf(mem, "Remarcada%s", done);
	if (!strcmp(c->axis, "edited"))
		return arena_printf(mem, "Alterada%s", done);
	if (!strcmp(c->axis, "confirmation"))
		return arena_printf(mem, "Confirmação: %s%s", step(c), done);
	return arena_printf(mem, "%s%s", step(c), done);
}

const char *agenda_change_text(Arena *mem, const AgendaChange *c)
{
	bool people = !strcmp(c->axis, "moved") || !strcmp(c->axis, "edited");

	if (people && c->before && c->after)
		return arena_printf(mem, "De %s para %s%s%s", c->before, c->after,
			c->reason ? ". " : "", c->reason ? c->reason : "");
	return c->reason;
}

bool agenda_visit_can_undo(const VisitView *v)
{
	for (size_t i = 0; i < v->change_count; i++)
		if (!v->change[i].undone && strcmp(v->change[i].axis, "made") != 0)
			return true;
	return false;
}

const char *agenda_visit_sub(Html *h, const VisitView *v)
{
	const PatientHead *p = v->patient;
	const char *phone = p && p->phone ? fmt_phone(h, p->phone) : NULL;
	int year, month, day, now_year, now_month, now_day, age;

	if (!p || p->birth == DATE_NONE)
		return phone ? phone : "";
	date_split(p->birth, &year, &month, &day);
	date_split(date_today(h->cx->now, v->zone), &now_year, &now_month, &now_day);
	age = now_year - year - (now_month < month || (now_month == month && now_day < day));
	return arena_printf(h->mem, "%s%s%s", fmt_count(h, age, "ano", "anos"), phone ? " · " : "",
		phone ? phone : "");
}

/* The day as the page's script reads it: short names, times of the wall clock. */
#include "modules/agenda/agenda_view.h"

/* "08:30" of the first day shown, "2026-11-25T08:30" of another. */
static const char *wall_minute(const AgendaView *v, int32_t date, int minute)
{
	Arena *mem = v->q->cx->mem;
	int32_t day = date + minute / (24 * 60);
	int hour = minute / 60 % 24;
	char *text;

	if (day != v->ask.first)
		return arena_printf(
			mem, "%sT%02d:%02d", date_text_iso(mem, day), hour, minute % 60);
	/* two of each visit: by hand, not by printf */
	text = arena_dup(mem, "00:00");
	text[0] = (char)('0' + hour / 10);
	text[1] = (char)('0' + hour % 10);
	text[3] = (char)('0' + minute % 60 / 10);
	text[4] = (char)('0' + minute % 10);
	return text;
}

static const char *wall(const AgendaView *v, int64_t at)
{
	Clock c = time_clock(at, v->ask.zone);

	return wall_minute(v, date_of(c.year, c.month, c.day), c.hour * 60 + c.minute);
}

static void put_column(Json *j, const GridColumn *column, Html *h)
{
	json_put_object(j, NULL);
	json_put_int(j, "id", column->id);
	json_put_text(j, "name", column->title);
	if (column->sub)
		json_put_text(j, "sub", column->sub);
	json_put_text(j, "tone", column->tone);
	json_put_text(j, "ini", fmt_initials(h, column->title));
	json_put_int(j, "full", column->percent);
	json_put_date(j, "date", column->date);
	json_close(j);
}

/* Whose visit it is, where a column is not a person. */
static void put_people(Json *j, const AgendaView *v, Html *h)
{
	if (v->ask.mode == MODE_DAY && !v->ask.by_chair)
		return;
	json_put_array(j, "people");
	for (size_t i = 0; i < v->dentist_count; i++) {
		json_put_object(j, NULL);
		json_put_int(j, "id", v->dentist[i].user);
		json_put_text(j, "ini", fmt_initials(h, v->dentist[i].name));
		json_put_text(j, "name", v->dentist[i].name);
		json_close(j);
	}
	json_close(j);
}

static void put_shade(Json *j, const AgendaView *v, const GridColumn *column, const GridShade *s)
{
	int from = s->from > v->open_minute ? s->from : v->open_minute;
	int to = s->to < v->close_minute ? s->to : v->close_minute;

	if (from >= to)
		return;
	json_put_object(j, NULL);
	json_put_int(j, "c", column->id);
	json_put_text(j, "s", wall_minute(v, column->date, from));
	json_put_text(j, "e", wall_minute(v, column->date, to));
	json_put_text(j, "k", s->kind);
	if (s->title) {
		json_put_text(j, "t", s->title);
		json_put_text(j, "i", s->icon);
	}
	if (s->tone)
		json_put_text(j, "tone", s->tone);
	json_close(j);
}

static void put_marks(Json *j, const AgendaView *v, const Appointment *a)
{
	const SqlDayBrief *brief = agenda_brief_of(v, a->patient_id);

	if (a->patient_alert)
		json_put_text(
			j, "al", brief && brief->alert_text ? brief->alert_text : "Alerta clínico");
	if (a->chair_name)
		json_put_text(j, "room", a->chair_name);
	if (brief && brief->first_at == a->starts_at)
		json_put_bool(j, "first", true);
	if (a->encaixe)
		json_put_bool(j, "enc", true);
	if (a->series_id)
		json_put_bool(j, "ser", true);
	if (a->confirmation == CONFIRMATION_DECLINED)
		json_put_bool(j, "no", true);
	if (a->presence == PRESENCE_ARRIVED)
		json_put_int(j, "w", a->arrived_at);
}

/* drawn: name and title stand in the card that the server drew. */
static void put_visit(Json *j, const AgendaView *v, const Appointment *a, bool drawn)
{
	json_put_object(j, NULL);
	json_put_int(j, "id", a->id);
	json_put_int(j, "v", a->version);
	json_put_int(j, "d", a->dentist_id);
	json_put_int(j, "ch", a->chair_id);
	if (!drawn) {
		json_put_text(j, "n", a->patient_name);
		json_put_text(j, "t", agenda_visit_what(a));
	}
	json_put_text(j, "s", wall(v, a->starts_at));
	json_put_text(j, "e", wall(v, a->ends_at));
	json_put_text(j, "k", agenda_looks[agenda_look(a)].name);
	put_marks(j, v, a);
	json_close(j);
}

static void put_frame(Json *j, const AgendaView *v)
{
	Arena *mem = v->q->cx->mem;

	json_put_text(j, "zone", v->ask.zone);
	json_put_date(j, "today", v->ask.today);
	json_put_date(j, "date", v->ask.date);
	json_put_date(j, "first", v->ask.first);
	json_put_date(j, "last", v->ask.first + v->ask.days - 1);
	json_put_text(j, "view", agenda_modes[v->ask.mode]);
	json_put_bool(j, "chairs", v->ask.by_chair);
	json_put_text(j, "open",
		arena_printf(mem, "%02d:%02d", v->open_minute / 60, v->open_minute % 60));
	json_put_text(j, "close",
		arena_printf(mem, "%02d:%02d", v->close_minute / 60, v->close_minute % 60));
	json_put_int(j, "step", v->rule.step_minutes);
	json_put_bool(j, "write", req_may(v->q, "agenda.write"));
	json_put_array(j, "off");
	for (int i = 0; i < LOOK_COUNT; i++)
		if (v->ask.hidden >> i & 1)
			json_put_text(j, NULL, agenda_looks[i].name);
	json_close(j);
}

JsonText agenda_json(const AgendaView *v, Html *h, const char *panel)
{
	Json j;

	json_init(&j, v->q->cx->mem);
	json_put_object(&j, NULL);
	put_frame(&j, v);
	json_put_array(&j, "columns");
	for (size_t i = 0; i < v->column_count; i++)
		put_column(&j, &v->column[i], h);
	json_close(&j);
	put_people(&j, v, h);
	json_put_array(&j, "shades");
	for (size_t i = 0; i < v->column_count; i++)
		for (size_t k = 0; k < v->column[i].shade_count; k++)
			put_shade(&j, v, &v->column[i], &v->column[i].shade[k]);
	json_close(&j);
	json_put_array(&j, "visits");
	for (size_t i = 0; i < v->visit_count; i++)
		if (v->visit[i].presence != PRESENCE_CANCELLED)
			put_visit(&j, v, &v->visit[i],
				!panel && !(v->ask.hidden >> agenda_look(&v->visit[i]) & 1));
	json_close(&j);
	if (panel)
		json_put_text(&j, "panel", panel);
	return json_for_html(&j);
}

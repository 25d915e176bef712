/* The month: how many visits each day has and how full it is; and the list of a week. */
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/agenda_view.h"

static void add_openings(
	MonthDay *day, size_t count, const AgendaAsk *ask, const Opening *opening, size_t openings)
{
	for (size_t i = 0; i < openings; i++) {
		int64_t at = date_today(opening[i].from, ask->zone) - day[0].date;

		if (at < 0 || at >= (int64_t)count ||
			(ask->dentist && opening[i].dentist_id != ask->dentist))
			continue;
		day[at].open_minutes += (int)((opening[i].to - opening[i].from) / 60);
	}
}

static void add_figures(MonthDay *day, size_t count, const SqlDayFigures *row, size_t rows)
{
	for (size_t i = 0; i < rows; i++) {
		int32_t at = row[i].on_date - day[0].date;

		if (at < 0 || at >= (int32_t)count)
			continue;
		day[at].visits = row[i].visits;
		day[at].unconfirmed = row[i].unconfirmed;
		day[at].busy_minutes = row[i].busy;
	}
}

static void add_holidays(
	MonthDay *day, size_t count, const AgendaAsk *ask, const Block *block, size_t blocks)
{
	for (size_t i = 0; i < blocks; i++) {
		int32_t from = date_today(block[i].from, ask->zone);
		int32_t to = date_today(block[i].to - 1, ask->zone);

		if (strcmp(block[i].kind, "holiday") != 0 || block[i].user_id || block[i].chair_id)
			continue;
		for (int32_t date = from; date <= to; date++)
			if (date >= day[0].date && date < day[0].date + (int32_t)count)
				day[date - day[0].date].holiday = block[i].title;
	}
}

Err month_load(Req *q, const AgendaAsk *ask, int32_t first, MonthDay *day, size_t count)
{
	Ctx *cx = q->cx;
	int64_t from = time_of_date(first, ask->zone);
	int64_t to = time_of_date(first + (int32_t)count, ask->zone);
	Opening *opening;
	Block *block;
	SqlDayFigures *row;
	size_t openings, blocks, rows;

	for (size_t i = 0; i < count; i++)
		day[i] = (MonthDay){ .date = first + (int32_t)i,
			.today = first + (int32_t)i == ask->today };
	TRY(sql_day_figures(cx, from, to, ask->zone, db_id_or_null(&ask->branch),
		db_id_or_null(&ask->dentist), db_id_or_null(&ask->type), &row, &rows));
	TRY(agenda_list_openings(cx, from, to, ask->branch, &opening, &openings));
	TRY(agenda_list_blocks(cx, from, to, &block, &blocks));
	add_figures(day, count, row, rows);
	add_openings(day, count, ask, opening, openings);
	add_holidays(day, count, ask, block, blocks);
	for (size_t i = 0; i < count; i++) {
		day[i].closed = !day[i].open_minutes || day[i].holiday;
		day[i].percent = day[i].open_minutes && !day[i].holiday
					 ? day[i].busy_minutes * 100 / day[i].open_minutes
					 : -1;
		if (day[i].percent > 100)
			day[i].percent = 100;
	}
	return OK;
}

const char *agenda_load_tone(int percent)
{
	return percent < 0 || percent >= 90 ? "red" : percent >= 60 ? "amber" : "green";
}

static Err load_frame(Ctx *cx, AgendaView *v)
{
	TRY(agenda_list_dentists(cx, &v->dentist, &v->dentist_count));
	TRY(agenda_list_visit_types(cx, &v->type, &v->type_count));
	return company_list_branches(cx, &v->branch, &v->branch_count);
}

/* The visits of one dentist stand in the cells themselves; of everybody's they would not fit. */
static Err load_visits(Req *q, const AgendaAsk *ask, MonthView *view)
{
	int32_t first = view->day[0].date;
	size_t count;
	Appointment *visit;

	if (!ask->dentist)
		return OK;
	TRY(agenda_list(q->cx,
		&(AgendaQuery){ .from = time_of_date(first, ask->zone),
			.to = time_of_date(first + (int32_t)view->day_count, ask->zone),
			.branch_id = ask->branch,
			.dentist_id = ask->dentist,
			.visit_type_id = ask->type },
		&visit, &count));
	for (size_t i = 0; i < view->day_count; i++)
		view->day[i].visit = NEW_ARRAY(q->cx->mem, const Appointment *, count + 1);
	for (size_t i = 0; i < count; i++) {
		int32_t at = date_today(visit[i].starts_at, ask->zone) - first;

		if (at >= 0 && at < (int32_t)view->day_count)
			view->day[at].visit[view->day[at].visit_count++] = &visit[i];
	}
	return OK;
}

Err agenda_show_month(Req *q, const AgendaAsk *ask)
{
	AgendaView agenda = { .q = q, .ask = *ask };
	MonthView *view = NEW_ARRAY(q->cx->mem, MonthView, 1);
	int32_t first = ask->first - (date_weekday(ask->first) - 1);

	view->q = q;
	view->agenda = &agenda;
	view->day_count = MONTH_CELLS;
	if (first + MONTH_CELLS - WEEK_DAYS >= ask->first + ask->days)
		view->day_count -= WEEK_DAYS;
	TRY(load_frame(q->cx, &agenda));
	TRY(month_load(q, ask, first, view->day, view->day_count));
	TRY(load_visits(q, ask, view));
	for (size_t i = 0; i < view->day_count; i++)
		view->day[i].inside = view->day[i].date >= ask->first &&
				      view->day[i].date < ask->first + ask->days;
	agenda_month_page(&q->html, view);
	return send_html(q, 200);
}

Err agenda_show_list(Req *q, const AgendaAsk *ask)
{
	AgendaView *view = NEW_ARRAY(q->cx->mem, AgendaView, 1);

	view->ask = *ask;
	TRY(agenda_load(q, view));
	agenda_list_page(&q->html, view);
	return send_html(q, 200);
}

/* The week of everybody: a row for each dentist, a cell for each day. The week of one is the grid
 * of day_grid.c. */
#include "modules/agenda/agenda_view.h"

static void fill_cell(AgendaView *v, const Dentist *dentist, WeekCell *cell)
{
	int64_t from = day_start(cell->date, v->ask.zone);
	int64_t to = day_start(cell->date + 1, v->ask.zone);

	cell->visit = NEW_ARRAY(v->q->cx->mem, const GridVisit *, v->grid_count + 1);
	for (size_t i = 0; i < v->grid_count; i++) {
		const GridVisit *g = &v->grid[i];

		if (g->date != cell->date || g->visit->dentist_id != dentist->user ||
			g->look == LOOK_CANCELLED || g->rest)
			continue;
		cell->visit[cell->visit_count++] = g;
		if (g->look != LOOK_NO_SHOW && !g->visit->encaixe)
			cell->busy_minutes += g->to - g->from;
	}
	for (size_t i = 0; i < v->opening_count; i++) {
		const Opening *o = &v->opening[i];

		if (o->dentist_id == dentist->user && o->from < to && o->to > from)
			cell->open_minutes += (int)((o->to - o->from) / 60) - agenda_blocked(v, o);
	}
	for (size_t i = 0; i < v->block_count; i++) {
		const Block *b = &v->block[i];

		if (b->from < to && b->to > from && b->to - b->from >= (to - from) / 3 &&
			!b->chair_id && (!b->user_id || b->user_id == dentist->user) &&
			strcmp(b->kind, "reserved") != 0)
			cell->away = b->title;
	}
	if (cell->open_minutes < 0)
		cell->open_minutes = 0;
}

static bool is_shown(const AgendaView *v, const Dentist *dentist)
{
	for (size_t i = 0; i < v->opening_count; i++)
		if (v->opening[i].dentist_id == dentist->user)
			return true;
	for (size_t i = 0; i < v->visit_count; i++)
		if (v->visit[i].dentist_id == dentist->user)
			return true;
	return false;
}

Err agenda_show_week(Req *q, AgendaView *agenda)
{
	WeekView view = { .q = q, .agenda = agenda };
	Arena *mem = q->cx->mem;

	view.row = NEW_ARRAY(mem, WeekRow, agenda->dentist_count + 1);
	for (size_t i = 0; i < agenda->dentist_count; i++) {
		WeekRow *row = &view.row[view.row_count];

		if (!is_shown(agenda, &agenda->dentist[i]))
			continue;
		view.row_count++;
		row->dentist = &agenda->dentist[i];
		for (size_t k = 0; k < agenda->column_count; k++) {
			row->cell[k].date = agenda->column[k].date;
			fill_cell(agenda, row->dentist, &row->cell[k]);
		}
	}
	agenda_week_page(&q->html, &view);
	return send_html(q, 200);
}

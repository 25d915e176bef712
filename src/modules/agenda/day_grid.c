/* How the day and the week are laid out: columns, lanes of visits at the same time, and how full it
 * all is. Pure reckoning; what is read is day_load.c's. */
#include "modules/agenda/agenda_view.h"

enum { DAY_MINUTES = 24 * 60 };

static bool counts_as_busy(const Appointment *visit)
{
	return visit->presence != PRESENCE_CANCELLED && visit->presence != PRESENCE_NO_SHOW &&
	       !visit->encaixe;
}

/* What a visit that began the day before leaves for this one. The list names a visit once. */
static void place_rest(AgendaView *v, const GridVisit *first)
{
	int to = minute_of(first->visit->ends_at, first->date + 1, v->ask.zone);

	if (to <= 0 || v->ask.mode == MODE_LIST)
		return;
	v->grid[v->grid_count] = *first;
	v->grid[v->grid_count].date++;
	v->grid[v->grid_count].from = 0;
	v->grid[v->grid_count].to = to < DAY_MINUTES ? to : DAY_MINUTES;
	v->grid[v->grid_count++].rest = true;
}

static void place_visits(AgendaView *v)
{
	const AgendaAsk *ask = &v->ask;
	int64_t now = v->q->cx->now;

	v->grid = NEW_ARRAY(v->q->cx->mem, GridVisit, 2 * v->visit_count + 1);
	for (size_t i = 0; i < v->visit_count; i++) {
		const Appointment *visit = &v->visit[i];
		Look look = agenda_look(visit);
		Clock clock = time_clock(visit->starts_at, ask->zone);
		int32_t date = date_of(clock.year, clock.month, clock.day);
		int to = minute_of(visit->ends_at, date, ask->zone);

		v->count[look]++;
		if (ask->hidden >> look & 1)
			continue;
		v->grid[v->grid_count] = (GridVisit){ .visit = visit,
			.brief = agenda_brief_of(v, visit->patient_id),
			.dentist = agenda_dentist(v, visit->dentist_id),
			.look = look,
			.from = clock.hour * 60 + clock.minute,
			.to = to < DAY_MINUTES ? to : DAY_MINUTES,
			.date = date,
			.past = visit->ends_at < now };
		place_rest(v, &v->grid[v->grid_count++]);
	}
}

/* ---- columns ---- */

static bool is_in(const AgendaView *v, const GridColumn *column, const Appointment *visit)
{
	if (v->ask.mode == MODE_WEEK)
		return true;
	return column->id == (v->ask.by_chair ? visit->chair_id : visit->dentist_id);
}

static bool works(const AgendaView *v, int64_t dentist)
{
	for (size_t i = 0; i < v->opening_count; i++)
		if (v->opening[i].dentist_id == dentist)
			return true;
	for (size_t i = 0; i < v->visit_count; i++)
		if (v->visit[i].dentist_id == dentist)
			return true;
	return false;
}

/* Those who work that day; when nobody does, everybody, so that the day can still be used. */
static void add_dentists(AgendaView *v)
{
	bool closed = !v->opening_count && !v->visit_count;

	for (size_t i = 0; i < v->dentist_count; i++) {
		const Dentist *d = &v->dentist[i];

		if (v->ask.dentist ? v->ask.dentist != d->user
			: closed   ? !d->active
				   : !works(v, d->user))
			continue;
		v->column[v->column_count++] = (GridColumn){ .id = d->user,
			.title = d->name,
			.sub = d->specialty,
			.tone = d->tone,
			.date = v->ask.date };
	}
}

static void add_chairs(AgendaView *v)
{
	bool late = false;

	for (size_t i = 0; i < v->chair_count; i++) {
		const Chair *c = &v->chair[i];

		if (!c->active || (v->ask.branch && c->branch_id != v->ask.branch))
			continue;
		v->column[v->column_count++] = (GridColumn){ .id = c->id,
			.title = c->name,
			.sub = v->branch_count > 1 ? c->branch : NULL,
			.tone = "slate",
			.date = v->ask.date };
	}
	for (size_t i = 0; i < v->visit_count; i++)
		late = late || !v->visit[i].chair_id;
	if (late || !v->column_count)
		v->column[v->column_count++] = (GridColumn){ .id = CHAIR_NONE,
			.title = "Sem cadeira",
			.sub = "A definir",
			.tone = "slate",
			.date = v->ask.date };
}

static bool day_is_empty(const AgendaView *v, int32_t date)
{
	int64_t from = day_start(date, v->ask.zone), to = day_start(date + 1, v->ask.zone);

	for (size_t i = 0; i < v->opening_count; i++)
		if (v->opening[i].from < to && v->opening[i].to > from)
			return false;
	for (size_t i = 0; i < v->visit_count; i++)
		if (v->visit[i].starts_at < to && v->visit[i].ends_at > from)
			return false;
	return true;
}

static const char *const short_days[] = { "seg", "ter", "qua", "qui", "sex", "sáb", "dom" };

static void add_days(AgendaView *v)
{
	for (int i = 0; i < v->ask.days; i++) {
		int32_t date = v->ask.first + i;
		int year, month, day;

		if (i == WEEK_DAYS - 1 && day_is_empty(v, date))
			continue;
		date_split(date, &year, &month, &day);
		v->column[v->column_count++] = (GridColumn){ .id = date,
			.title = arena_printf(v->q->cx->mem, "%s %d", short_days[i], day),
			.tone = "slate",
			.date = date,
			.today = date == v->ask.today };
	}
}

/* ---- lanes ---- */

static bool is_free(const GridColumn *column, size_t until, int lane, int from)
{
	for (size_t i = 0; i < until; i++)
		if (column->visit[i]->lane == lane && column->visit[i]->to > from)
			return false;
	return true;
}

/* Visits that overlap, directly or through others, share the width; they come by time. */
static void lay_lanes(GridColumn *column)
{
	size_t first = 0;
	int end = -1, lanes = 0;

	for (size_t i = 0; i <= column->visit_count; i++) {
		GridVisit *g = i < column->visit_count ? column->visit[i] : NULL;

		if (!g || g->from >= end) {
			for (size_t j = first; j < i; j++)
				column->visit[j]->lanes = lanes;
			first = i;
			lanes = 0;
		}
		if (!g)
			break;
		for (g->lane = 0; !is_free(column, i, g->lane, g->from); g->lane++)
			;
		if (g->lane >= lanes)
			lanes = g->lane + 1;
		if (g->to > end)
			end = g->to;
	}
}

static void fill_column(AgendaView *v, GridColumn *column)
{
	column->visit = NEW_ARRAY(v->q->cx->mem, GridVisit *, v->grid_count + 1);
	for (size_t i = 0; i < v->grid_count; i++) {
		GridVisit *g = &v->grid[i];

		if (g->date == column->date && is_in(v, column, g->visit) &&
			g->look != LOOK_CANCELLED)
			column->visit[column->visit_count++] = g;
	}
	lay_lanes(column);
}

/* ---- how full ---- */

static int overlap(int64_t from, int64_t to, int64_t other_from, int64_t other_to)
{
	int64_t a = from > other_from ? from : other_from, b = to < other_to ? to : other_to;

	return b > a ? (int)((b - a) / 60) : 0;
}

int agenda_blocked(const AgendaView *v, const Opening *o)
{
	int minutes = 0;

	for (size_t i = 0; i < v->block_count; i++) {
		const Block *b = &v->block[i];

		if (!strcmp(b->kind, "reserved") || b->chair_id ||
			(b->user_id && b->user_id != o->dentist_id) ||
			(b->branch_id && b->branch_id != o->branch_id))
			continue;
		minutes += overlap(o->from, o->to, b->from, b->to);
	}
	return minutes;
}

static bool opens(const AgendaView *v, const GridColumn *column, const Opening *o)
{
	int64_t from = day_start(column->date, v->ask.zone);

	if (o->to <= from || o->from >= day_start(column->date + 1, v->ask.zone))
		return false;
	if (v->ask.dentist && o->dentist_id != v->ask.dentist)
		return false;
	if (v->ask.mode == MODE_WEEK)
		return true;
	if (!v->ask.by_chair)
		return o->dentist_id == column->id;
	for (size_t i = 0; i < v->chair_count; i++)
		if (v->chair[i].id == column->id)
			return v->chair[i].branch_id == o->branch_id;
	return true;
}

static int by_start(const void *a, const void *b)
{
	const Opening *const *left = a, *const *right = b;

	return ((*left)->from > (*right)->from) - ((*left)->from < (*right)->from);
}

/* A chair can be used whenever somebody works: hours of several people count once. */
static int union_minutes(Opening **opening, size_t count)
{
	int64_t at = INT64_MIN, seconds = 0;

	for (size_t i = 0; i < count; i++) {
		int64_t from = opening[i]->from > at ? opening[i]->from : at;

		if (opening[i]->to > from) {
			seconds += opening[i]->to - from;
			at = opening[i]->to;
		}
	}
	return (int)(seconds / 60);
}

static void fill_hours(AgendaView *v, GridColumn *column)
{
	Opening **opening = NEW_ARRAY(v->q->cx->mem, Opening *, v->opening_count + 1);
	size_t count = 0;

	for (size_t i = 0; i < v->opening_count; i++) {
		Opening *o = &v->opening[i];

		if (!opens(v, column, o))
			continue;
		opening[count++] = o;
		column->open_minutes += (int)((o->to - o->from) / 60) - agenda_blocked(v, o);
	}
	for (size_t i = 0; i < v->visit_count; i++) {
		const Appointment *visit = &v->visit[i];
		Clock clock = time_clock(visit->starts_at, v->ask.zone);

		if (counts_as_busy(visit) && is_in(v, column, visit) &&
			date_of(clock.year, clock.month, clock.day) == column->date)
			column->busy_minutes += (int)((visit->ends_at - visit->starts_at) / 60);
	}
	qsort(opening, count, sizeof opening[0], by_start);
	if (v->ask.mode == MODE_DAY && v->ask.by_chair)
		column->open_minutes = union_minutes(opening, count);
	if (column->open_minutes < 0)
		column->open_minutes = 0;
	column->percent =
		column->open_minutes ? column->busy_minutes * 100 / column->open_minutes : -1;
	if (column->percent > 100)
		column->percent = 100;
	agenda_shade(v, column, opening, count);
}

static void fit_rows(AgendaView *v)
{
	v->open_minute = v->rule.open_minute / 60 * 60;
	v->close_minute = (v->rule.close_minute + 29) / 30 * 30;
	for (size_t i = 0; i < v->grid_count; i++) {
		if (v->grid[i].date < v->ask.first || v->grid[i].date >= v->ask.first + v->ask.days)
			continue;
		if (v->grid[i].from < v->open_minute)
			v->open_minute = v->grid[i].from / 60 * 60;
		if (v->grid[i].to > v->close_minute)
			v->close_minute = (v->grid[i].to + 29) / 30 * 30;
	}
}

static void sum_up(AgendaView *v)
{
	for (size_t i = 0; i < v->column_count; i++)
		v->busy_minutes += v->column[i].busy_minutes;
	for (size_t i = 0; i < v->opening_count; i++) {
		const Opening *o = &v->opening[i];

		if (!v->ask.dentist || v->ask.dentist == o->dentist_id)
			v->open_minutes += (int)((o->to - o->from) / 60) - agenda_blocked(v, o);
	}
}

void agenda_lay_out(AgendaView *v)
{
	size_t most = v->dentist_count + v->chair_count + WEEK_DAYS + 1;

	v->column = NEW_ARRAY(v->q->cx->mem, GridColumn, most);
	place_visits(v);
	fit_rows(v);
	if (v->ask.mode == MODE_WEEK)
		add_days(v);
	else if (v->ask.by_chair)
		add_chairs(v);
	else
		add_dentists(v);
	for (size_t i = 0; i < v->column_count; i++) {
		fill_column(v, &v->column[i]);
		fill_hours(v, &v->column[i]);
	}
	sum_up(v);
}

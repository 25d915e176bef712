/* What of a column is not free: before and after work, lunch, blocks, holidays, and time that is
 * kept for certain visits. */
#include "modules/agenda/agenda_view.h"

enum { DAY_MINUTES = 24 * 60, LUNCH_FROM = 11 * 60, LUNCH_TO = 14 * 60 + 30, LUNCH_LONGEST = 180 };

static const struct {
	const char *kind, *title, *icon;
} block_words[] = {
	{ "lunch", "Almoço", "coffee" },
	{ "absence", "Ausência", "calendar-x" },
	{ "holiday", "Feriado", "sun" },
	{ "meeting", "Reunião", "users" },
	{ "maintenance", "Manutenção", "settings" },
	{ "reserved", "Reservado", "bookmark" },
};

static void add(GridColumn *column, GridShade shade)
{
	if (shade.from < 0)
		shade.from = 0;
	if (shade.to > DAY_MINUTES)
		shade.to = DAY_MINUTES;
	if (shade.from < shade.to)
		column->shade[column->shade_count++] = shade;
}

/* What stands between two stretches of work. */
static void add_gap(GridColumn *column, int from, int to, bool between)
{
	bool lunch =
		between && from >= LUNCH_FROM && from <= LUNCH_TO && to - from <= LUNCH_LONGEST;

	add(column, (GridShade){ .from = from,
			    .to = to,
			    .kind = lunch ? "lunch" : "closed",
			    .title = lunch ? "Almoço" : NULL,
			    .icon = "coffee" });
}

/* The openings come by time. */
static void add_gaps(AgendaView *v, GridColumn *column, Opening **opening, size_t count)
{
	int at = 0;

	for (size_t i = 0; i < count; i++) {
		int from = minute_of(opening[i]->from, column->date, v->ask.zone);
		int to = minute_of(opening[i]->to, column->date, v->ask.zone);

		if (from > at)
			add_gap(column, at, from, i > 0);
		if (to > at)
			at = to;
	}
	if (!count)
		add(column, (GridShade){ .from = 0,
				    .to = DAY_MINUTES,
				    .kind = "closed",
				    .title = "Sem atendimento",
				    .icon = "calendar-x" });
	else
		add_gap(column, at, DAY_MINUTES, /* between= */ false);
}

static bool applies(const AgendaView *v, const GridColumn *column, const Block *b)
{
	int64_t from = day_start(column->date, v->ask.zone);

	if (b->from >= day_start(column->date + 1, v->ask.zone) || b->to <= from)
		return false;
	if (b->branch_id && v->ask.branch && b->branch_id != v->ask.branch)
		return false;
	if (v->ask.mode == MODE_WEEK)
		return !b->chair_id && (!b->user_id || b->user_id == v->ask.dentist);
	if (v->ask.by_chair)
		return !b->user_id && (!b->chair_id || b->chair_id == column->id);
	return !b->chair_id && (!b->user_id || b->user_id == column->id);
}

static const char *type_names(const AgendaView *v, const Block *b)
{
	Buf buf;

	buf_init(&buf, v->q->cx->mem, 200);
	for (size_t i = 0; i < b->visit_types.count; i++) {
		const VisitType *type = agenda_type(v, b->visit_types.v[i]);

		if (type)
			buf_printf(&buf, "%s%s", buf.len ? ", " : "", type->name);
	}
	return buf.len ? buf_text(&buf) : NULL;
}

static GridShade shade_of(const AgendaView *v, const GridColumn *column, const Block *b)
{
	GridShade shade = { .from = minute_of(b->from, column->date, v->ask.zone),
		.to = minute_of(b->to, column->date, v->ask.zone),
		.kind = "block",
		.title = b->title,
		.icon = "ban" };

	for (size_t i = 0; i < COUNT(block_words); i++)
		if (!strcmp(block_words[i].kind, b->kind)) {
			shade.icon = block_words[i].icon;
			if (str_is_empty(shade.title))
				shade.title = block_words[i].title;
		}
	if (!strcmp(b->kind, "reserved")) {
		const char *names = type_names(v, b);
		const VisitType *first =
			b->visit_types.count ? agenda_type(v, b->visit_types.v[0]) : NULL;

		shade.kind = "reserved";
		shade.title = names ? names : shade.title;
		shade.tone = first ? first->tone : "blue";
	} else if (!strcmp(b->kind, "holiday") || !strcmp(b->kind, "lunch")) {
		shade.kind = b->kind;
	}
	return shade;
}

/* What closes one branch is not said of who works that day in others alone. */
static bool concerns(const AgendaView *v, const GridColumn *column, const Block *b,
	Opening **opening, size_t count)
{
	bool there = !b->branch_id || !count;

	for (size_t i = 0; i < count && !there; i++)
		there = opening[i]->branch_id == b->branch_id;
	return there && applies(v, column, b);
}

/* On a holiday nothing else needs to be said of the column. */
static bool add_holiday(AgendaView *v, GridColumn *column, Opening **opening, size_t count)
{
	for (size_t i = 0; i < v->block_count; i++) {
		GridShade shade;

		if (strcmp(v->block[i].kind, "holiday") != 0 ||
			!concerns(v, column, &v->block[i], opening, count))
			continue;
		shade = shade_of(v, column, &v->block[i]);
		if (shade.from > 0 || shade.to < DAY_MINUTES)
			continue;
		add(column, shade);
		return true;
	}
	return false;
}

void agenda_shade(AgendaView *v, GridColumn *column, Opening **opening, size_t count)
{
	column->shade = NEW_ARRAY(v->q->cx->mem, GridShade, v->block_count + v->opening_count + 2);
	if (add_holiday(v, column, opening, count))
		return;
	add_gaps(v, column, opening, count);
	for (size_t i = 0; i < v->block_count; i++)
		if (concerns(v, column, &v->block[i], opening, count))
			add(column, shade_of(v, column, &v->block[i]));
}

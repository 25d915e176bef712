/* What the address of the agenda asks for, and addresses that ask for something else. */
#include "modules/agenda/agenda_view.h"

const char *const agenda_modes[MODE_COUNT] = { "day", "week", "month", "list" };

const LookWords agenda_looks[LOOK_COUNT] = {
	{ "open", "Agendado", "slate", "circle-dashed" },
	{ "confirmed", "Confirmado", "blue", "circle-check" },
	{ "arrived", "Na recepção", "amber", "hourglass" },
	{ "in_chair", "Em atendimento", "violet", "stethoscope" },
	{ "done", "Atendido", "green", "badge-check" },
	{ "no_show", "Faltou", "red", "user-round-x" },
	{ "cancelled", "Cancelado", "slate", "ban" },
};

Look agenda_look(const Appointment *visit)
{
	switch (visit->presence) {
	case PRESENCE_ARRIVED:
		return LOOK_ARRIVED;
	case PRESENCE_IN_CHAIR:
		return LOOK_IN_CHAIR;
	case PRESENCE_DONE:
		return LOOK_DONE;
	case PRESENCE_NO_SHOW:
		return LOOK_NO_SHOW;
	case PRESENCE_CANCELLED:
		return LOOK_CANCELLED;
	default:
		return visit->confirmation == CONFIRMATION_CONFIRMED ? LOOK_CONFIRMED : LOOK_OPEN;
	}
}

const char *agenda_visit_what(const Appointment *visit)
{
	if (!str_is_empty(visit->title))
		return visit->title;
	return visit->visit_type ? visit->visit_type : "Consulta";
}

int64_t day_start(int32_t date, const char *zone)
{
	Clock clock = { 0 };

	date_split(date, &clock.year, &clock.month, &clock.day);
	return time_of_clock(&clock, zone);
}

int minute_of(int64_t at, int32_t date, const char *zone)
{
	Clock clock = time_clock(at, zone);
	int32_t day = date_of(clock.year, clock.month, clock.day);

	return (day - date) * 24 * 60 + clock.hour * 60 + clock.minute;
}

static AgendaMode mode_of(const char *text)
{
	for (int i = 0; i < MODE_COUNT; i++)
		if (text && !strcmp(text, agenda_modes[i]))
			return (AgendaMode)i;
	return MODE_DAY;
}

/* "done,no_show": what the chips have taken away. */
static unsigned hidden_of(const char *text)
{
	Str rest = str_of(text), piece;
	unsigned hidden = 0;

	while (str_cut(&rest, ',', &piece))
		for (int i = 0; i < LOOK_COUNT; i++)
			if (str_is(piece, agenda_looks[i].name))
				hidden |= 1U << i;
	return hidden;
}

static void span(AgendaAsk *ask)
{
	int year, month, day;

	switch (ask->mode) {
	case MODE_WEEK:
		ask->first = ask->date - (date_weekday(ask->date) - 1);
		ask->days = WEEK_DAYS;
		break;
	case MODE_LIST:
		ask->first = ask->date;
		ask->days = LIST_DAYS;
		break;
	case MODE_MONTH:
		date_split(ask->date, &year, &month, &day);
		ask->first = date_of(year, month, 1);
		ask->days = date_add_months(ask->first, 1) - ask->first;
		break;
	default:
		ask->first = ask->date;
		ask->days = 1;
	}
}

Err agenda_ask(Req *q, AgendaAsk *ret)
{
	const char *by = req_query(q, "by"), *date = req_query(q, "date");

	*ret = (AgendaAsk){ .mode = mode_of(req_query(q, "view")),
		.by_chair = by && !strcmp(by, "chair"),
		.branch = req_query_int(q, "branch", 0),
		.dentist = req_query_int(q, "dentist", 0),
		.type = req_query_int(q, "type", 0),
		.hidden = hidden_of(req_query(q, "off")) };
	TRY(agenda_zone(q->cx, ret->branch, &ret->zone));
	ret->today = date_today(q->cx->now, ret->zone);
	if (!date || !date_parse(date, &ret->date) || ret->date < date_of(1990, 1, 1) ||
		ret->date > date_of(2199, 12, 31))
		ret->date = ret->today;
	span(ret);
	return OK;
}

static const char page[] = "/agenda";

static void put_name(Buf *url, const char *name)
{
	buf_putc(url, url->len < sizeof(page) ? '?' : '&');
	buf_puts(url, name);
	buf_putc(url, '=');
}

static void put_text(Buf *url, const char *name, const char *value)
{
	put_name(url, name);
	buf_puts(url, value);
}

static void put_id(Buf *url, const char *name, int64_t id)
{
	if (!id)
		return;
	put_name(url, name);
	buf_int64(url, id);
}

static void put_hidden(Buf *url, unsigned hidden)
{
	bool more = false;

	if (hidden)
		put_name(url, "off");
	for (int i = 0; i < LOOK_COUNT; i++)
		if (hidden >> i & 1) {
			if (more)
				buf_putc(url, ',');
			buf_puts(url, agenda_looks[i].name);
			more = true;
		}
}

static Url url_of(Arena *mem, const AgendaAsk *ask, AgendaMode mode, int32_t date, unsigned hidden)
{
	Buf url;

	buf_init(&url, mem, 64);
	buf_puts(&url, page);
	if (mode != MODE_DAY)
		put_text(&url, "view", agenda_modes[mode]);
	if (date != ask->today)
		put_text(&url, "date", date_text_iso(mem, date));
	if (ask->by_chair)
		put_text(&url, "by", "chair");
	put_id(&url, "branch", ask->branch);
	put_id(&url, "dentist", ask->dentist);
	put_id(&url, "type", ask->type);
	put_hidden(&url, hidden);
	return (Url){ buf_text(&url) };
}

Url agenda_url(Arena *mem, const AgendaAsk *ask, AgendaMode mode, int32_t date)
{
	return url_of(mem, ask, mode, date, ask->hidden);
}

Url agenda_url_chip(Arena *mem, const AgendaAsk *ask, Look toggled)
{
	return url_of(mem, ask, ask->mode, ask->date, ask->hidden ^ 1U << toggled);
}

/* ---- titles ---- */

static const char *const weekdays[] = { "Segunda-feira", "Terça-feira", "Quarta-feira",
	"Quinta-feira", "Sexta-feira", "Sábado", "Domingo" };
static const char *const months[] = { "janeiro", "fevereiro", "março", "abril", "maio", "junho",
	"julho", "agosto", "setembro", "outubro", "novembro", "dezembro" };

const char *agenda_month_name(int month)
{
	return months[month - 1];
}

static const char *range_title(Arena *mem, int32_t first, int32_t last)
{
	int from_year, from_month, from_day, year, month, day;

	date_split(first, &from_year, &from_month, &from_day);
	date_split(last, &year, &month, &day);
	if (from_month == month)
		return arena_printf(
			mem, "%d a %d de %s de %d", from_day, day, months[month - 1], year);
	return arena_printf(mem, "%d de %s a %d de %s", from_day, months[from_month - 1], day,
		months[month - 1]);
}

const char *agenda_title(Arena *mem, const AgendaAsk *ask)
{
	int year, month, day, this_year, ignored;

	date_split(ask->date, &year, &month, &day);
	date_split(ask->today, &this_year, &ignored, &ignored);
	if (ask->mode == MODE_MONTH)
		return arena_printf(mem, "%c%s de %d", months[month - 1][0] - 'a' + 'A',
			months[month - 1] + 1, year);
	if (ask->mode != MODE_DAY)
		return range_title(mem, ask->first, ask->first + ask->days - 1);
	return arena_printf(mem, year == this_year ? "%s, %d de %s" : "%s, %d de %s de %d",
		weekdays[date_weekday(ask->date) - 1], day, months[month - 1], year);
}

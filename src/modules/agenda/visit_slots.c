/* The search for free time: "60 minutes with Dra. Ianara in the afternoon, chair 2". */
#include "modules/agenda/agenda_view.h"
#include "modules/agenda/doors_rooms.h"

enum { SEARCH_DAYS = 60, SLOTS_SHOWN = 60, MINUTES_USUAL = 30, URL_MOST = 4096 };

typedef struct SlotsForm {
	int64_t visit_type_id, dentist_id, chair_id, branch_id, minutes, visit;
	const char *period;
	int32_t from;
	Int64s weekday;
} SlotsForm;

static const Field fields[] = {
	FIELD(SlotsForm, visit_type_id, FIELD_ID, "Tipo de consulta", 0, 0, false),
	FIELD(SlotsForm, dentist_id, FIELD_ID, "Profissional", 0, 0, false),
	FIELD(SlotsForm, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(SlotsForm, branch_id, FIELD_ID, "Unidade", 0, 0, false),
	FIELD(SlotsForm, minutes, FIELD_INT, "Duração", 5, VISIT_MINUTES, false),
	FIELD(SlotsForm, visit, FIELD_ID, "Consulta", 0, 0, false),
	CHOICE_FIELD(SlotsForm, period, "Período", "morning afternoon evening", false),
	FIELD(SlotsForm, from, FIELD_DATE, "A partir de", 0, 0, false),
	FIELD(SlotsForm, weekday, FIELD_IDS, "Dias", 0, 7, false),
};

static const struct {
	const char *name;
	int from, to;
} periods[] = {
	{ "morning", 0, 12 * 60 },
	{ "afternoon", 12 * 60, 18 * 60 },
	{ "evening", 18 * 60, 24 * 60 },
};

const char *agenda_slot_who(const VisitFormView *choice, const Slot *slot)
{
	for (size_t i = 0; i < choice->dentist_count; i++)
		if (choice->dentist[i].user == slot->dentist_id)
			return choice->dentist[i].name;
	return "";
}

static void put_number(Buf *buf, const char *name, int64_t value)
{
	if (value > 0)
		buf_printf(buf, "&%s=%" PRId64, name, value);
}

static void put_text(Buf *buf, Arena *mem, const char *name, const char *text)
{
	if (!str_is_empty(text)) /* url_printf writes what an address may hold */
		buf_printf(buf, "&%s=%s", name, url_printf(mem, "?%s", text).text + 1);
}

static void put_about(Buf *buf, Arena *mem, const VisitAbout *about)
{
	put_number(buf, "patient", about->patient);
	put_number(buf, "waiting", about->waiting);
	put_number(buf, "line", about->line);
	put_text(buf, mem, "title", about->title);
	put_text(buf, mem, "back", about->back);
}

Url agenda_slot_url(Arena *mem, const SlotsView *v, const Slot *slot)
{
	const char *value = arena_printf(mem, "%" PRId64 ",%" PRId64 ",%" PRId64 ",%" PRId64,
		slot->starts_at, slot->dentist_id, slot->chair_id, slot->branch_id);
	Buf buf;

	if (v->visit)
		return url_printf(
			mem, "/agenda/visits/%" PRId64 "/edit?slot=%s", v->visit->id, value);
	buf_init(&buf, mem, URL_MOST);
	buf_printf(&buf, "/agenda/new?slot=%s&type=%" PRId64 "&minutes=%" PRId64, value,
		v->ask.visit_type_id, (slot->ends_at - slot->starts_at) / 60);
	put_about(&buf, mem, &v->about);
	return (Url){ buf_text(&buf) };
}

Url agenda_slots_url(Arena *mem, const VisitFormView *v)
{
	const VisitForm *start = &v->start;
	VisitAbout about = { start->patient_id, start->waiting_id, start->line_id, start->title,
		start->back };
	Buf buf;

	if (v->visit)
		return url_printf(mem, "/agenda/slots?visit=%" PRId64, v->visit->id);
	buf_init(&buf, mem, URL_MOST);
	buf_puts(&buf, "/agenda/slots?");
	put_number(&buf, "dentist_id", start->dentist_id);
	put_number(&buf, "visit_type_id", start->visit_type_id);
	put_number(&buf, "minutes", start->minutes);
	put_about(&buf, mem, &about);
	return (Url){ buf_text(&buf) };
}

static Err begin(Req *q, const SlotsForm *in, SlotsView *view)
{
	SlotQuery *ask = &view->ask;
	int32_t today;

	TRY(agenda_zone(q->cx, in->branch_id, &view->zone));
	today = date_today(q->cx->now, view->zone);
	view->from = in->from == DATE_NONE || in->from < today ? today : in->from;
	view->period = in->period;
	*ask = (SlotQuery){ .dentist_id = in->dentist_id,
		.chair_id = in->chair_id,
		.branch_id = in->branch_id,
		.visit_type_id = in->visit_type_id,
		.minutes = (int)in->minutes,
		.weekdays = weekday_bits(in->weekday),
		.limit = SLOTS_SHOWN };
	ask->from = view->from == today ? q->cx->now : time_of_date(view->from, view->zone);
	ask->to = time_of_date(view->from + SEARCH_DAYS, view->zone);
	if (!ask->minutes && !ask->visit_type_id)
		ask->minutes = MINUTES_USUAL;
	for (size_t i = 0; i < COUNT(periods); i++)
		if (in->period && !strcmp(in->period, periods[i].name)) {
			ask->from_minute = periods[i].from;
			ask->to_minute = periods[i].to;
		}
	return OK;
}

/* A visit that is moved brings its own dentist, type and length, until others are chosen. */
static Err begin_move(Req *q, SlotsForm *in, SlotsView *view)
{
	Appointment *visit = NEW_ARRAY(q->cx->mem, Appointment, 1);

	TRY(agenda_get(q->cx, (AppointmentId){ in->visit }, visit));
	view->visit = visit;
	if (req_query(q, "dentist_id"))
		return OK;
	in->dentist_id = visit->dentist_id;
	in->visit_type_id = visit->visit_type_id;
	in->branch_id = visit->branch_id;
	in->minutes = (visit->ends_at - visit->starts_at) / 60;
	return OK;
}

/* GET /agenda/slots */
Err agenda_visit_find_slots(Req *q)
{
	SlotsView view = { .q = q };
	SlotsForm in = { .from = DATE_NONE };

	view.about = (VisitAbout){ .patient = req_query_int(q, "patient", 0),
		.waiting = req_query_int(q, "waiting", 0),
		.line = req_query_int(q, "line", 0),
		.title = req_query(q, "title"),
		.back = req_query(q, "back") };
	if (!query_read(q, fields, COUNT(fields), &in))
		in = (SlotsForm){ .from = DATE_NONE };
	if (in.visit)
		TRY(begin_move(q, &in, &view));
	TRY(begin(q, &in, &view));
	TRY(agenda_visit_choices(q->cx, &view.choice));
	TRY(agenda_find_slots(q->cx, &view.ask, &view.slot, &view.slot_count));
	agenda_visit_slots_page(&q->html, &view);
	return send_html(q, 200);
}

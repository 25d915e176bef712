/* GET /agenda/print: the day on paper, one sheet a dentist, for when the screen is not at hand. */
#include "core/clock.h"
#include "modules/agenda/kiosk_view.h"

static const char *phone_of(const SqlDoorPhones *row, size_t count, int64_t patient)
{
	for (size_t i = 0; i < count; i++)
		if (row[i].patient_id == patient)
			return row[i].phone;
	return NULL;
}

/* All of the sheets in one round trip. */
static Err load(Ctx *cx, PrintView *view)
{
	const AgendaQuery asked = { .from = time_of_date(view->day, cx->zone),
		.to = time_of_date(view->day + 1, cx->zone),
		.dentist_id = view->dentist };
	SqlDoorPhones *phone;
	size_t count;

	TRY(sql_door_phones_send(cx, asked.from, asked.to));
	TRY(agenda_day_ask(cx, &asked));
	TRY(sql_door_phones_read(cx, &phone, &count));
	TRY(agenda_day_read(cx, &asked, &view->of));
	view->phone = NEW_ARRAY(cx->mem, const char *, view->of.visit_count + 1);
	for (size_t i = 0; i < view->of.visit_count; i++)
		view->phone[i] = phone_of(phone, count, view->of.visit[i].patient_id);
	return OK;
}

/* GET /agenda/print?day=&dentist= */
static Err show_print(Req *q)
{
	PrintView view = { .q = q, .dentist = req_query_int(q, "dentist", 0) };
	const char *day = req_query(q, "day");

	if (!day || !date_parse(day, &view.day))
		view.day = date_today(q->cx->now, q->cx->zone);
	TRY(load(q->cx, &view));
	print_page(&q->html, &view);
	return send_html(q, 200);
}

static const Route routes[] = {
	{ GET, "/agenda/print", show_print, "agenda.read" },
};
const RouteList print_routes = { routes, COUNT(routes), NULL };

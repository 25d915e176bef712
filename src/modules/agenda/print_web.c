/* GET /agenda/print: the day on paper, one sheet a dentist, for when the screen is not at hand. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_view.h"
#include "modules/agenda/kiosk_view.h"

static int compare_phones(const void *a, const void *b)
{
	const SqlDoorPhones *x = a, *y = b;

	return x->patient_id < y->patient_id ? -1 : x->patient_id > y->patient_id;
}

/* The zone of a visit's branch: asked once a branch. */
static Err zone_of(Ctx *cx, const PrintView *view, size_t i, const char **ret)
{
	for (size_t j = 0; j < i; j++)
		if (view->visit[j].branch_id == view->visit[i].branch_id) {
			*ret = view->zone[j];
			return OK;
		}
	return agenda_zone(cx, view->visit[i].branch_id, ret);
}

static Err phones(Ctx *cx, PrintView *view)
{
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, view->visit_count + 1);
	SqlDoorPhones *row;
	size_t count;

	for (size_t i = 0; i < view->visit_count; i++)
		id[i] = view->visit[i].patient_id;
	TRY(sql_door_phones(cx, (Int64s){ id, view->visit_count }, &row, &count));
	qsort(row, count, sizeof *row, compare_phones);
	view->phone = NEW_ARRAY(cx->mem, const char *, view->visit_count + 1);
	view->zone = NEW_ARRAY(cx->mem, const char *, view->visit_count + 1);
	for (size_t i = 0; i < view->visit_count; i++) {
		SqlDoorPhones key = { .patient_id = id[i] }, *found = NULL;

		if (count)
			found = bsearch(&key, row, count, sizeof *row, compare_phones);
		view->phone[i] = found ? found->phone : NULL;
		TRY(zone_of(cx, view, i, &view->zone[i]));
	}
	return OK;
}

static Err load(Ctx *cx, PrintView *view)
{
	Clock clock = { 0 };
	Appointment *visit;
	DoorOptions option;
	Dentist *column;
	int64_t from;

	date_split(view->day, &clock.year, &clock.month, &clock.day);
	from = time_of_clock(&clock, cx->zone);
	date_split(view->day + 1, &clock.year, &clock.month, &clock.day);
	TRY(agenda_list(cx,
		&(AgendaQuery){ .from = from,
			.to = time_of_clock(&clock, cx->zone),
			.dentist_id = view->dentist },
		&visit, &view->visit_count));
	view->visit = visit;
	TRY(agenda_list_dentists(cx, &column, &view->column_count));
	view->column = column;
	TRY(door_options(cx, &option));
	view->option = option.dentist;
	view->option_count = option.dentist_count;
	return phones(cx, view);
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

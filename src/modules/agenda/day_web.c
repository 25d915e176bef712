/* The page of the agenda, and what its script asks for again: the day as data, the panel, the load
 * of a month. */
#include "modules/agenda/agenda_view.h"

static Err load(Req *q, AgendaView **ret)
{
	AgendaView *view = NEW_ARRAY(q->cx->mem, AgendaView, 1);

	TRY(agenda_ask(q, &view->ask));
	if (view->ask.mode != MODE_WEEK)
		view->ask.mode = MODE_DAY;
	*ret = view;
	return OK;
}

/* GET /agenda?view=&date=&by=&dentist=&branch=&type=&off= */
Err agenda_show(Req *q)
{
	AgendaView *view = NEW_ARRAY(q->cx->mem, AgendaView, 1);
	AgendaAsk ask;

	TRY(agenda_ask(q, &ask));
	if (ask.mode == MODE_MONTH)
		return agenda_show_month(q, &ask);
	if (ask.mode == MODE_LIST)
		return agenda_show_list(q, &ask);
	view->ask = ask;
	TRY(agenda_load(q, view));
	if (ask.mode == MODE_WEEK && !ask.dentist && view->dentist_count > 1)
		return agenda_show_week(q, view);
	agenda_page(&q->html, view);
	return send_html(q, 200);
}

/* GET /agenda/day.json, with the query of the page: the data as they stand in it, and the panel. */
Err agenda_show_json(Req *q)
{
	AgendaView *view;

	TRY(load(q, &view));
	TRY(agenda_load(q, view));
	agenda_panel(&q->html, view);
	return send_text(q, 200, "application/json",
		agenda_json(view, &q->html, html_text_of(&q->html)).json);
}

/* GET /agenda/load.json?month=2026-11-01: {"2026-11-24": 78, …}, percent of the open minutes. */
Err agenda_show_load(Req *q)
{
	const char *month = req_query(q, "month");
	MonthDay day[31 + 1];
	AgendaAsk ask;
	int32_t first;
	size_t count;

	TRY(agenda_ask(q, &ask));
	if (!month || !date_parse(month, &first) || first < 0 || first > date_of(2199, 12, 1))
		return err_set(q->cx, ERR_BAD_REQUEST, "month is no date");
	count = (size_t)(date_add_months(first, 1) - first);
	if (count > COUNT(day))
		count = COUNT(day);
	TRY(month_load(q, &ask, first, day, count));
	json_put_object(&q->json, NULL);
	for (size_t i = 0; i < count; i++)
		if (day[i].visits)
			json_put_int(&q->json, date_text_iso(q->cx->mem, day[i].date),
				day[i].percent < 0 ? 100 : day[i].percent);
	return send_json(q, 200);
}

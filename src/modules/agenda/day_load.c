/* What the day and the week are made of, read in few round trips. */
#include "modules/agenda/agenda_view.h"

enum { OPEN_MINUTE = 7 * 60, CLOSE_MINUTE = 20 * 60, STEP_MINUTES = 15, WAITING_SHOWN = 20 };

const Dentist *agenda_dentist(const AgendaView *v, int64_t user)
{
	for (size_t i = 0; i < v->dentist_count; i++)
		if (v->dentist[i].user == user)
			return &v->dentist[i];
	return NULL;
}

const SqlDayBrief *agenda_brief_of(const AgendaView *v, int64_t patient)
{
	for (size_t i = 0; i < v->brief_count; i++)
		if (v->brief[i].patient_id == patient)
			return &v->brief[i];
	return NULL;
}

const VisitType *agenda_type(const AgendaView *v, int64_t id)
{
	for (size_t i = 0; i < v->type_count; i++)
		if (v->type[i].id == id)
			return &v->type[i];
	return NULL;
}

static void take(AgendaView *v, const AgendaDay *day)
{
	v->dentist = day->dentist;
	v->dentist_count = day->dentist_count;
	v->chair = day->chair;
	v->chair_count = day->chair_count;
	v->type = day->type;
	v->type_count = day->type_count;
	v->branch = day->branch;
	v->branch_count = day->branch_count;
	v->visit = day->visit;
	v->visit_count = day->visit_count;
	v->opening = day->opening;
	v->opening_count = day->opening_count;
	v->block = day->block;
	v->block_count = day->block_count;
}

/* One round trip for all. */
static Err load_all(Ctx *cx, AgendaView *v, const AgendaQuery *what)
{
	AgendaDay day;
	bool found;

	TRY(agenda_day_ask(cx, what));
	TRY(sql_day_brief_send(cx, what->from, what->to));
	TRY(sql_day_rule_send(cx));
	TRY(sql_day_waiting_send(cx, WAITING_SHOWN));
	TRY(agenda_day_read(cx, what, &day));
	take(v, &day);
	TRY(sql_day_brief_read(cx, &v->brief, &v->brief_count));
	TRY(sql_day_rule_read(cx, &v->rule, &found));
	if (!found)
		v->rule = (SqlDayRule){ .open_minute = OPEN_MINUTE,
			.close_minute = CLOSE_MINUTE,
			.step_minutes = STEP_MINUTES };
	return sql_day_waiting_read(cx, &v->waiting, &v->waiting_count);
}

Err agenda_load(Req *q, AgendaView *ret)
{
	Ctx *cx = q->cx;
	AgendaAsk ask = ret->ask;
	int64_t from = day_start(ask.first, ask.zone);
	int64_t to = day_start(ask.first + ask.days, ask.zone);
	AgendaQuery what = { .from = from,
		.to = to,
		.branch_id = ask.branch,
		.dentist_id = ask.dentist,
		.visit_type_id = ask.type,
		.cancelled = ask.mode == MODE_LIST };

	*ret = (AgendaView){ .q = q, .ask = ask, .now_minute = -1 };
	TRY(load_all(cx, ret, &what));
	if (ask.today >= ask.first && ask.today < ask.first + ask.days)
		ret->now_minute = minute_of(cx->now, ask.today, ask.zone);
	agenda_lay_out(ret);
	return OK;
}

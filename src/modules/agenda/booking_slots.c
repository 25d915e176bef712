/* The week and the times that a public page shows. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/booking_view.h"

enum { WEEK = 7, DAYS_ASKED = 119, PART_MOST = 500 };

typedef struct Asked {
	int64_t type, dentist, branch;
	bool online;
	int minutes; /* of a visit that moves; 0: as the type takes */
} Asked;

/* With a link a visit moves as the clinic's rule of notice says, also to a dentist who is not
 * online. */
static Err find(Ctx *cx, const Asked *asked, int64_t from, int64_t to, size_t limit, Slot **ret,
	size_t *ret_count)
{
	SqlDoorRuleRow rule;

	*ret_count = 0;
	if (!asked->online) {
		int64_t first, last;

		TRY(rule_get(cx, &rule));
		first = cx->now + rule.notice_minutes * (int64_t)MINUTE_S;
		last = cx->now + rule.horizon_days * (int64_t)DAY_S;
		from = from > first ? from : first;
		to = to < last ? to : last;
	}
	if (from < cx->now)
		from = cx->now;
	if (to <= from)
		return OK;
	return agenda_find_slots(cx,
		&(SlotQuery){ .from = from,
			.to = to,
			.visit_type_id = asked->type,
			.dentist_id = asked->dentist,
			.branch_id = asked->branch,
			.online = asked->online,
			.minutes = asked->minutes,
			.limit = limit },
		ret, ret_count);
}

/* One a time: of several dentists the first. */
static size_t one_a_time(Slot *slot, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++)
		if (!n || slot[n - 1].starts_at != slot[i].starts_at)
			slot[n++] = slot[i];
	return n;
}

static Err first_day(Ctx *cx, const Asked *asked, int32_t from, int32_t *ret)
{
	int64_t begin = time_of_date(from, cx->zone);
	size_t count;
	Slot *slot;

	TRY(find(cx, asked, begin, begin + DAYS_ASKED * (int64_t)DAY_S, 1, &slot, &count));
	*ret = count ? date_today(slot[0].starts_at, cx->zone) : DATE_NONE;
	return OK;
}

static Err load_week(Ctx *cx, const Asked *asked, SlotsView *view)
{
	int32_t first = view->day - (view->day - view->today) % WEEK;
	BookingDay *week = NEW_ARRAY(cx->mem, BookingDay, WEEK);
	size_t count;
	Slot *slot;

	for (int i = 0; i < WEEK; i++) {
		week[i].date = first + i;
		TRY(find(cx, asked, time_of_date(first + i, cx->zone),
			time_of_date(first + i + 1, cx->zone), PART_MOST, &slot, &count));
		week[i].count = count ? one_a_time(slot, count) : 0;
		if (first + i == view->day) {
			view->slot = slot;
			view->slot_count = week[i].count;
		}
	}
	view->week = week;
	view->week_count = WEEK;
	view->prev = first > view->today ? first - WEEK : DATE_NONE;
	return first_day(cx, asked, first + WEEK, &view->next);
}

Err slot_find_shown(Ctx *cx, int64_t type, int minutes, bool online, const Slot *in, Slot *ret)
{
	Asked asked = { type, in->dentist_id, in->branch_id, online, minutes };
	size_t count;
	Slot *list;

	TRY(find(cx, &asked, time_of_date(date_today(in->starts_at, cx->zone), cx->zone),
		in->starts_at + DAY_S, PART_MOST, &list, &count));
	for (size_t i = 0; i < count; i++)
		if (list[i].starts_at == in->starts_at && list[i].branch_id == in->branch_id) {
			*ret = list[i];
			return OK;
		}
	return err_tell(cx, ERR_CONFLICT, "Este horário acabou de ser ocupado. Escolha outro.",
		"the slot is not shown");
}

static Err name_places(Ctx *cx, SlotsView *view)
{
	Branch *branch;
	size_t count;

	TRY(company_list_branches(cx, &branch, &count));
	view->zone = NEW_ARRAY(cx->mem, const char *, view->slot_count + 1);
	view->branch = NEW_ARRAY(cx->mem, const char *, view->slot_count + 1);
	for (size_t i = 0; i < view->slot_count; i++) {
		view->zone[i] = cx->zone;
		for (size_t j = 0; j < count; j++)
			if (branch[j].id == view->slot[i].branch_id) {
				view->zone[i] = branch[j].zone;
				view->branch[i] = count > 1 ? branch[j].name : NULL;
			}
	}
	return OK;
}

Url slots_url(Arena *mem, const SlotsView *v, int32_t day)
{
	const char *date = date_text_iso(mem, day);

	if (v->token)
		return url_printf(mem, "/consulta/%s/remarcar?day=%s", v->token, date);
	return url_printf(mem,
		"/agendar?type=%" PRId64 "&branch=%" PRId64 "&dentist=%" PRId64 "&day=%s", v->type,
		v->branch_id, v->dentist, date);
}

Err slots_load(Ctx *cx, int64_t type, int64_t dentist, int32_t day, bool online, SlotsView *ret)
{
	Asked asked = { type, dentist, ret->branch_id, online, ret->minutes };
	int32_t today = date_today(cx->now, cx->zone);

	ret->today = today;
	ret->next = ret->prev = DATE_NONE;
	if (day == DATE_NONE || day < today)
		TRY(first_day(cx, &asked, today, &day));
	ret->none = day == DATE_NONE;
	if (ret->none)
		return OK;
	ret->day = day;
	TRY(load_week(cx, &asked, ret));
	return name_places(cx, ret);
}

/* Who works when, what closes the time, and in which zone that is meant. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"

enum { FRAME_DAYS_MOST = 132 };

/* ---- holidays ---- */

/* A row for the date decides; without one the national calendar, optional days apart: many clinics
 * work on Carnival, and those that do not write it down. */
const char *frame_holiday(const Frame *frame, int64_t branch_id, int32_t date)
{
	const char *name, *local = NULL;
	int year, month, day, y, m, d;
	bool optional, works = false;

	date_split(date, &year, &month, &day);
	for (size_t i = 0; i < frame->holiday_count; i++) {
		const SqlAgendaHolidays *h = &frame->holiday[i];

		if (h->branch_id && h->branch_id != branch_id)
			continue;
		date_split(h->on_date, &y, &m, &d);
		if (m != month || d != day || (y != year && !h->yearly))
			continue;
		if (h->works)
			works = true;
		else
			local = h->name;
	}
	if (local)
		return local;
	name = date_holiday(date, &optional);
	return name && !optional && !works ? name : NULL;
}

static Block holiday_block(
	Ctx *cx, const Frame *frame, int32_t date, int64_t branch_id, const char *zone)
{
	Clock clock = { 0 };
	Block block = { .branch_id = branch_id,
		.kind = "holiday",
		.title = frame_holiday(frame, branch_id, date) };

	(void)cx;
	date_split(date, &clock.year, &clock.month, &clock.day);
	block.from = time_of_clock(&clock, zone);
	date_split(date + 1, &clock.year, &clock.month, &clock.day);
	block.to = time_of_clock(&clock, zone);
	return block;
}

/* ---- reading it all ---- */

static void note_days(Ctx *cx, Frame *frame)
{
	int32_t last = date_today(frame->to, "UTC") + 2;

	frame->first_day = date_today(frame->from, "UTC") - 2;
	frame->day_count = last - frame->first_day;
	frame->midnight = NEW_ARRAY(
		cx->mem, int64_t, frame->branch_count * (size_t)(frame->day_count + 1) + 1);
	for (size_t b = 0; b < frame->branch_count; b++)
		for (int i = 0; i <= frame->day_count; i++) {
			Clock clock = { 0 };

			date_split(frame->first_day + i, &clock.year, &clock.month, &clock.day);
			frame->midnight[b * (size_t)(frame->day_count + 1) + (size_t)i] =
				time_of_clock(&clock, frame->branch[b].zone);
		}
}

/* Of the range, wherever the clock hangs: zones go from UTC-12 to UTC+14. */
static int32_t weekdays_of(int64_t from, int64_t to)
{
	int32_t day = date_today(from - 12 * HOUR_S, NULL);
	int32_t last = date_today(to - 1 + 14 * HOUR_S, NULL), bits = 0;

	for (int i = 0; i < 7 && day <= last; i++, day++)
		bits |= 1 << date_weekday(day);
	return bits;
}

Err frame_ask(Ctx *cx, int64_t from, int64_t to, int64_t dentist_id)
{
	const int64_t *dentist = db_id_or_null(&dentist_id);

	if (to - from > FRAME_DAYS_MOST * (int64_t)DAY_S || to < from)
		return err_set(cx, ERR_INVALID, "more than %d days asked", FRAME_DAYS_MOST);
	TRY(company_branches_ask(cx));
	TRY(sql_agenda_dentists_send(cx));
	TRY(sql_agenda_chairs_send(cx));
	TRY(sql_agenda_shifts_send(cx, dentist, weekdays_of(from, to), from, to));
	TRY(sql_agenda_extra_shifts_send(cx, dentist, from, to));
	TRY(sql_agenda_blocks_send(cx, from, to));
	return sql_agenda_holidays_send(cx);
}

Err frame_read(Ctx *cx, int64_t from, int64_t to, Frame *ret)
{
	SqlAgendaBlocks *row;

	*ret = (Frame){ .from = from, .to = to };
	TRY(company_branches_read(cx, &ret->branch, &ret->branch_count));
	TRY(sql_agenda_dentists_read(cx, &ret->dentist, &ret->dentist_count));
	TRY(sql_agenda_chairs_read(cx, &ret->chair, &ret->chair_count));
	TRY(sql_agenda_shifts_read(cx, &ret->shift, &ret->shift_count));
	TRY(sql_agenda_extra_shifts_read(cx, &ret->extra, &ret->extra_count));
	TRY(sql_agenda_blocks_read(cx, &row, &ret->block_count));
	TRY(sql_agenda_holidays_read(cx, &ret->holiday, &ret->holiday_count));
	ret->block = NEW_ARRAY(cx->mem, Block, ret->block_count + 1);
	for (size_t i = 0; i < ret->block_count; i++)
		ret->block[i] = (Block){ .id = row[i].id,
			.user_id = row[i].user_id,
			.chair_id = row[i].chair_id,
			.branch_id = row[i].branch_id,
			.from = row[i].starts_at,
			.to = row[i].ends_at,
			.kind = row[i].kind,
			.title = row[i].title,
			.visit_types = row[i].visit_types };
	note_days(cx, ret);
	return OK;
}

Err frame_load(Ctx *cx, int64_t from, int64_t to, int64_t dentist_id, Frame *ret)
{
	TRY(frame_ask(cx, from, to, dentist_id));
	return frame_read(cx, from, to, ret);
}

const char *frame_zone(const Ctx *cx, const Frame *frame, int64_t branch_id)
{
	const Branch *branch = branch_find(frame->branch, frame->branch_count, branch_id);

	if (!branch_id)
		return cx->zone;
	return branch ? branch->zone : NULL;
}

/* ---- openings ---- */

/* The moment of a minute of the day. On a day when the clock changes the wall clock is asked. */
static int64_t minute_of_day(const Frame *frame, size_t branch, int day, int minute)
{
	const int64_t *midnight =
		&frame->midnight[branch * (size_t)(frame->day_count + 1) + (size_t)day];
	Clock clock = { .hour = minute / 60, .minute = minute % 60 };

	if (minute == 1440)
		return midnight[1];
	if (midnight[1] - midnight[0] == DAY_S)
		return midnight[0] + minute * (int64_t)MINUTE_S;
	date_split(frame->first_day + day, &clock.year, &clock.month, &clock.day);
	return time_of_clock(&clock, frame->branch[branch].zone);
}

static bool shift_is_on(const SqlAgendaShifts *shift, int32_t date)
{
	int32_t monday, first;

	if (date_weekday(date) != shift->weekday ||
		(!shift->valid_from_null && date < shift->valid_from) ||
		(!shift->valid_to_null && date > shift->valid_to))
		return false;
	if (shift->every != 2)
		return true;
	monday = date - date_weekday(date);
	first = shift->valid_from - date_weekday(shift->valid_from);
	return (monday - first) / 7 % 2 == 0;
}

static int compare_openings(const void *a, const void *b)
{
	const Opening *x = a, *y = b;

	if (x->dentist_id != y->dentist_id)
		return x->dentist_id < y->dentist_id ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* What touches or overlaps in one place is one stretch. */
static size_t join_openings(Opening *list, size_t count)
{
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		Opening *last = n ? &list[n - 1] : NULL;

		if (last && last->dentist_id == list[i].dentist_id &&
			last->branch_id == list[i].branch_id &&
			last->chair_id == list[i].chair_id && last->extra == list[i].extra &&
			list[i].from <= last->to) {
			if (list[i].to > last->to)
				last->to = list[i].to;
		} else {
			list[n++] = list[i];
		}
	}
	return n;
}

static const SqlAgendaDentists *works(const Frame *frame, int64_t user_id)
{
	for (size_t i = 0; i < frame->dentist_count; i++)
		if (frame->dentist[i].user_id == user_id)
			return frame->dentist[i].active ? &frame->dentist[i] : NULL;
	return NULL;
}

/* 0, chosen late, when it is out of use or stands in another branch. */
static int64_t chair_in_use(const Frame *frame, int64_t id, int64_t branch_id)
{
	for (size_t i = 0; i < frame->chair_count; i++)
		if (frame->chair[i].id == id)
			return frame->chair[i].active && frame->chair[i].branch_id == branch_id ? id
												: 0;
	return 0;
}

/* Hours that name no chair are in the dentist's usual one. */
static int64_t chair_of(
	const Frame *frame, const SqlAgendaDentists *dentist, int64_t chair_id, int64_t branch_id)
{
	return chair_in_use(frame, chair_id ? chair_id : dentist->chair_id, branch_id);
}

static size_t add_shift(const Frame *frame, const SqlAgendaShifts *shift, Opening *list)
{
	const SqlAgendaDentists *dentist = works(frame, shift->user_id);
	size_t branch = 0, n = 0;

	while (branch < frame->branch_count && frame->branch[branch].id != shift->branch_id)
		branch++;
	if (!dentist || branch == frame->branch_count)
		return 0;
	for (int day = 0; day < frame->day_count; day++) {
		Opening opening = { .dentist_id = shift->user_id,
			.branch_id = shift->branch_id,
			.chair_id = chair_of(frame, dentist, shift->chair_id, shift->branch_id) };

		if (!shift_is_on(shift, frame->first_day + day))
			continue;
		opening.from = minute_of_day(frame, branch, day, shift->from_minute);
		opening.to = minute_of_day(frame, branch, day, shift->to_minute);
		if (opening.from < frame->to && opening.to > frame->from &&
			opening.to > opening.from)
			list[n++] = opening;
	}
	return n;
}

static size_t add_extra(const Frame *frame, const SqlAgendaExtraShifts *extra, Opening *list)
{
	const SqlAgendaDentists *dentist = works(frame, extra->user_id);

	if (!dentist)
		return 0;
	list[0] = (Opening){ extra->user_id, extra->branch_id,
		chair_of(frame, dentist, extra->chair_id, extra->branch_id), extra->starts_at,
		extra->ends_at, /* extra= */ true };
	return 1;
}

void frame_openings(
	Ctx *cx, const Frame *frame, int64_t branch_id, Opening **ret, size_t *ret_count)
{
	size_t n = 0, most = frame->shift_count * (size_t)(frame->day_count / 7 + 1);

	*ret = NEW_ARRAY(cx->mem, Opening, most + frame->extra_count + 1);
	for (size_t i = 0; i < frame->shift_count; i++)
		if (!branch_id || frame->shift[i].branch_id == branch_id)
			n += add_shift(frame, &frame->shift[i], *ret + n);
	for (size_t i = 0; i < frame->extra_count; i++)
		if (!branch_id || frame->extra[i].branch_id == branch_id)
			n += add_extra(frame, &frame->extra[i], *ret + n);
	qsort(*ret, n, sizeof **ret, compare_openings);
	*ret_count = join_openings(*ret, n);
}

Err agenda_list_openings(
	Ctx *cx, int64_t from, int64_t to, int64_t branch_id, Opening **ret, size_t *ret_count)
{
	Frame frame;

	TRY(frame_load(cx, from, to, /* dentist_id= */ 0, &frame));
	frame_openings(cx, &frame, branch_id, ret, ret_count);
	return OK;
}

/* ---- blocks ---- */

static int compare_blocks(const void *a, const void *b)
{
	const Block *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

/* Holidays of the calendar: of all branches as one, or of each that has one of its own. */
static size_t add_holidays(Ctx *cx, const Frame *frame, Block *list)
{
	size_t n = 0;

	for (int day = 0; day < frame->day_count; day++) {
		int32_t date = frame->first_day + day;

		if (frame_holiday(frame, /* branch_id= */ 0, date)) {
			list[n++] = holiday_block(cx, frame, date, 0, cx->zone);
			continue;
		}
		for (size_t b = 0; b < frame->branch_count; b++)
			if (frame_holiday(frame, frame->branch[b].id, date))
				list[n++] = holiday_block(cx, frame, date, frame->branch[b].id,
					frame->branch[b].zone);
	}
	return n;
}

void frame_blocks(Ctx *cx, const Frame *frame, Block **ret, size_t *ret_count)
{
	size_t n = frame->block_count, kept = 0;
	Block *list = NEW_ARRAY(
		cx->mem, Block, n + (size_t)frame->day_count * (frame->branch_count + 1) + 1);

	memcpy(list, frame->block, n * sizeof *list);
	n += add_holidays(cx, frame, list + n);
	for (size_t i = 0; i < n; i++)
		if (list[i].from < frame->to && list[i].to > frame->from)
			list[kept++] = list[i];
	qsort(list, kept, sizeof *list, compare_blocks);
	*ret = list;
	*ret_count = kept;
}

Err agenda_list_blocks(Ctx *cx, int64_t from, int64_t to, Block **ret, size_t *ret_count)
{
	Frame frame;

	TRY(frame_load(cx, from, to, /* dentist_id= */ 0, &frame));
	frame_blocks(cx, &frame, ret, ret_count);
	return OK;
}

bool frame_block_closes(const Block *block, int64_t dentist_id, int64_t branch_id, int64_t chair_id,
	int64_t visit_type_id)
{
	if ((block->user_id && block->user_id != dentist_id) ||
		(block->branch_id && block->branch_id != branch_id) ||
		(block->chair_id && block->chair_id != chair_id))
		return false;
	if (strcmp(block->kind, "reserved") != 0)
		return true;
	for (size_t i = 0; i < block->visit_types.count; i++)
		if (block->visit_types.v[i] == visit_type_id)
			return false;
	return true;
}

/* ---- may this be booked? ---- */

/* Does the dentist work all through [from, to), in shifts of one branch that may follow one
 * another?
 */
static bool covered(const Opening *list, size_t count, int64_t branch_id, int64_t from, int64_t to,
	int64_t *ret_branch, bool *ret_extra)
{
	for (size_t i = 0; i < count; i++) {
		int64_t reached = from;

		if ((branch_id && list[i].branch_id != branch_id) || list[i].from > from ||
			list[i].to <= from)
			continue;
		*ret_extra = list[i].extra;
		for (size_t k = i; k < count && reached < to; k++)
			if (list[k].branch_id == list[i].branch_id && list[k].from <= reached &&
				list[k].to > reached)
				reached = list[k].to;
		if (reached >= to) {
			*ret_branch = list[i].branch_id;
			return true;
		}
	}
	return false;
}

static const char *block_sentence(Ctx *cx, const Block *block, const char *zone)
{
	static const struct {
		const char *kind, *word;
	} words[] = { { "lunch", "almoço" }, { "absence", "ausência" }, { "holiday", "feriado" },
		{ "meeting", "reunião" }, { "maintenance", "manutenção" } };
	const char *word = "bloqueio", *from = time_text_hm(cx->mem, block->from, zone),
		   *to = time_text_hm(cx->mem, block->to, zone);

	if (!strcmp(block->kind, "reserved"))
		return arena_printf(cx->mem,
			"O horário das %s às %s é reservado a outros tipos de consulta.", from, to);
	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(words[i].kind, block->kind))
			word = words[i].word;
	if (*block->title)
		return arena_printf(
			cx->mem, "O horário está bloqueado (%s: %s).", word, block->title);
	return arena_printf(cx->mem, "O horário está bloqueado (%s das %s às %s).", word, from, to);
}

const char *frame_closed(
	Ctx *cx, const Frame *frame, const Booking *in, int64_t branch_id, int64_t from, int64_t to)
{
	for (size_t i = 0; i < frame->block_count; i++) {
		const Block *block = &frame->block[i];

		if (block->from < to && block->to > from &&
			frame_block_closes(
				block, in->dentist_id, branch_id, in->chair_id, in->visit_type_id))
			return block_sentence(cx, block, frame_zone(cx, frame, branch_id));
	}
	return NULL;
}

const char *frame_refusal(Ctx *cx, const Frame *frame, const Booking *in, int64_t from, int64_t to,
	const SqlAgendaFacts *facts, int64_t *branch_id)
{
	bool extra = false, works;
	const char *zone, *holiday;
	Opening *opening;
	size_t count, n = 0;

	frame_openings(cx, frame, *branch_id, &opening, &count);
	for (size_t i = 0; i < count; i++) /* the frame may be of everybody */
		if (opening[i].dentist_id == in->dentist_id)
			opening[n++] = opening[i];
	works = covered(opening, n, *branch_id, from, to, branch_id, &extra);
	if (!*branch_id)
		*branch_id = facts->home_branch;
	if (!*branch_id && frame->branch_count)
		*branch_id = frame->branch[0].id;
	zone = frame_zone(cx, frame, *branch_id);
	holiday = frame_holiday(frame, *branch_id, date_today(from, zone));
	if (holiday && !extra)
		return arena_printf(cx->mem, "%s é feriado: %s.",
			date_text(cx->mem, date_today(from, zone)), holiday);
	if (!works)
		return arena_printf(cx->mem, "%s não atende em %s.", facts->dentist_name,
			visit_when(cx, from, zone));
	return frame_closed(cx, frame, in, *branch_id, from, to);
}

/* Free slots: what is left of the openings when blocks, holidays and visits are taken out. The rows
 * come week by week and are put together here; PostgreSQL would need ten times as long. */
#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"

enum {
	DAYS_MOST = 120,
	SLOTS_DEFAULT = 50,
	SLOTS_MOST = 500,
	MINUTES_DEFAULT = 30,
	STEP_DEFAULT = 15,
	ROOM_FIRST = 256,
	ROOM_MOST = 20000, /* slots of one stretch of days; beyond, the rest is not looked at */
	NEAREST_DAYS = 30
};

/* Everything a search knows before it looks at visits. */
typedef struct Search {
	SlotQuery in;
	Frame frame;
	int64_t chair_branch;
	SqlAgendaTypeDentists *own; /* how long single dentists take */
	size_t own_count;
	int type_minutes, type_buffer, step;
	Opening *opening; /* of all days asked, by dentist and time */
	size_t opening_count;
} Search;

/* The visits of one stretch of days. */
typedef struct Busy {
	SqlAgendaBusy *row; /* by dentist and time */
	size_t count;
	SqlAgendaChairBusy *chair; /* by time; only when a chair is asked for */
	size_t chair_count;
	const SqlAgendaBusy *
		*seated; /* those with a chair, by chair and time; made when first asked */
	size_t seated_count;
} Busy;

typedef struct Found {
	Arena *mem;
	Slot *v;
	size_t count, room;
} Found;

/* A time that is not free. */
typedef struct Cut {
	int64_t from, to;
} Cut;

/* ---- before looking ---- */

static Err load_rule(Ctx *cx, Search *search)
{
	SqlAgendaOwnRule rule = { .horizon_days = 60, .step_minutes = STEP_DEFAULT };
	SlotQuery *in = &search->in;
	bool found;

	TRY(sql_agenda_own_rule(cx, &rule, &found));
	search->step = in->step_minutes ? in->step_minutes : rule.step_minutes;
	if (search->step < 1 || search->step > 720)
		return err_field(cx, "step_minutes", "O passo vai de 1 a 720 minutos.");
	if (in->online) {
		int64_t last = cx->now + rule.horizon_days * (int64_t)DAY_S;

		if (in->from < cx->now + rule.notice_minutes * (int64_t)MINUTE_S)
			in->from = cx->now + rule.notice_minutes * (int64_t)MINUTE_S;
		if (in->to > last)
			in->to = last;
	}
	return OK;
}

static Err load_type(Ctx *cx, Search *search)
{
	int64_t id = search->in.visit_type_id;
	SqlAgendaVisitTypes *type;
	size_t count;

	search->type_minutes = MINUTES_DEFAULT;
	if (!id)
		return OK;
	TRY(sql_agenda_visit_types_send(cx));
	TRY(sql_agenda_type_dentists_send(cx, id));
	TRY(sql_agenda_visit_types_read(cx, &type, &count));
	TRY(sql_agenda_type_dentists_read(cx, &search->own, &search->own_count));
	for (size_t i = 0; i < count; i++)
		if (type[i].id == id && (type[i].online || !search->in.online) &&
			(type[i].active || search->in.minutes)) { /* a visit that stands moves */
			search->type_minutes = type[i].minutes;
			search->type_buffer = type[i].buffer_minutes;
			return OK;
		}
	return err_field(cx, "visit_type_id", "Escolha um tipo de consulta da lista.");
}

static Err load_chair(Ctx *cx, Search *search)
{
	SqlAgendaFacts facts;

	if (!search->in.chair_id)
		return OK;
	TRY(sql_agenda_facts(cx, 0, 0, search->in.chair_id, 0, &facts));
	if (facts.chair_branch_null)
		return err_field(cx, "chair_id", "Escolha uma cadeira da lista.");
	search->chair_branch = facts.chair_branch;
	return OK;
}

static Err check_asked(Ctx *cx, const SlotQuery *in)
{
	if (in->to - in->from > DAYS_MOST * (int64_t)DAY_S)
		return err_field(cx, "to", "Procure em no máximo 120 dias de uma vez.");
	if (in->minutes < 0 || in->minutes > 24 * 60)
		return err_field(cx, "minutes", "Uma consulta dura no máximo 24 horas.");
	if (in->from_minute < 0 || in->to_minute < 0 || in->from_minute > 1440 ||
		in->to_minute > 1440)
		return err_field(cx, "from_minute", "O horário vai de 0 a 1440 minutos.");
	return OK;
}

static Err search_begin(Ctx *cx, const SlotQuery *in, Search *ret)
{
	int64_t from = in->from < cx->now ? cx->now : in->from;

	*ret = (Search){ .in = *in };
	ret->in.from = from;
	TRY(check_asked(cx, &ret->in));
	TRY(load_rule(cx, ret));
	if (ret->in.to <= ret->in.from) {
		ret->in.to = ret->in.from;
		return OK;
	}
	TRY(load_type(cx, ret));
	TRY(load_chair(cx, ret));
	TRY(frame_load(cx, ret->in.from, ret->in.to, in->dentist_id, &ret->frame));
	frame_openings(cx, &ret->frame, in->branch_id, &ret->opening, &ret->opening_count);
	return OK;
}

/* The dentist's row when slots of this one are wanted; *ret_minutes as it takes. */
static const SqlAgendaDentists *wanted(const Search *search, int64_t id, int *ret_minutes)
{
	const SqlAgendaDentists *found = NULL;

	for (size_t i = 0; i < search->frame.dentist_count && !found; i++)
		if (search->frame.dentist[i].user_id == id)
			found = &search->frame.dentist[i];
	if (!found || !found->active || (search->in.online && !found->online) ||
		(search->in.dentist_id && search->in.dentist_id != id))
		return NULL;
	*ret_minutes = search->type_minutes;
	for (size_t i = 0; i < search->own_count; i++)
		if (search->own[i].user_id == id) {
			if (!search->own[i].offered)
				return NULL;
			if (!search->own[i].minutes_null)
				*ret_minutes = search->own[i].minutes;
		}
	if (search->in.minutes)
		*ret_minutes = search->in.minutes;
	return found;
}

/* ---- the visits of a stretch ---- */

static int compare_seated(const void *a, const void *b)
{
	const SqlAgendaBusy *x = *(const SqlAgendaBusy *const *)a,
			    *y = *(const SqlAgendaBusy *const *)b;

	if (x->chair_id != y->chair_id)
		return x->chair_id < y->chair_id ? -1 : 1;
	return x->starts_at < y->starts_at ? -1 : x->starts_at > y->starts_at;
}

static void sort_seated(Arena *mem, Busy *busy)
{
	busy->seated = NEW_ARRAY(mem, const SqlAgendaBusy *, busy->count + 1);
	for (size_t i = 0; i < busy->count; i++)
		if (busy->row[i].chair_id)
			busy->seated[busy->seated_count++] = &busy->row[i];
	qsort(busy->seated, busy->seated_count, sizeof *busy->seated, compare_seated);
}

/* Of all dentists, because they share chairs; of one alone when its chair is not asked for. */
static Err load_busy(Ctx *cx, const Search *search, int64_t from, int64_t to, Busy *ret)
{
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, search->frame.dentist_count + 1);
	size_t n = 0;

	*ret = (Busy){ 0 };
	for (size_t i = 0; i < search->frame.dentist_count; i++)
		id[n++] = search->frame.dentist[i].user_id;
	TRY(sql_agenda_busy_send(cx, (Int64s){ id, n }, from, to, cx->now));
	if (search->in.chair_id)
		TRY(sql_agenda_chair_busy_send(cx, search->in.chair_id, from, to, cx->now));
	TRY(sql_agenda_busy_read(cx, &ret->row, &ret->count));
	if (search->in.chair_id)
		TRY(sql_agenda_chair_busy_read(cx, &ret->chair, &ret->chair_count));
	return OK;
}

static bool is_before(const SqlAgendaBusy *row, int64_t dentist, int64_t from)
{
	return row->dentist_id != dentist ? row->dentist_id < dentist : row->starts_at < from;
}

/* The first visit of the dentist that begins at `from` or later. */
static size_t first_busy(const Busy *busy, int64_t dentist, int64_t from)
{
	size_t low = 0, high = busy->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (is_before(&busy->row[middle], dentist, from))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool chair_is_free(Arena *mem, Busy *busy, int64_t chair, int64_t from, int64_t to)
{
	const SqlAgendaBusy asked = { .chair_id = chair, .starts_at = from - VISIT_MOST_S };
	const SqlAgendaBusy *key = &asked;
	size_t low = 0, high;

	if (!busy->seated)
		sort_seated(mem, busy);
	high = busy->seated_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (compare_seated(&busy->seated[middle], &key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < busy->seated_count && busy->seated[low]->chair_id == chair &&
		busy->seated[low]->starts_at < to;
		low++)
		if (busy->seated[low]->busy_to > from)
			return false;
	return true;
}

/* ---- cutting ---- */

static int compare_cuts(const void *a, const void *b)
{
	const Cut *x = a, *y = b;

	return x->from < y->from ? -1 : x->from > y->from;
}

static size_t cut_blocks(const Search *search, const Opening *opening, Cut *cut)
{
	size_t n = 0;

	for (size_t i = 0; i < search->frame.block_count; i++) {
		const Block *block = &search->frame.block[i];

		if (block->from >= opening->to)
			break;
		if (block->to > opening->from &&
			frame_block_closes(block, opening->dentist_id, opening->branch_id,
				search->in.chair_id, search->in.visit_type_id))
			cut[n++] = (Cut){ block->from, block->to };
	}
	return n;
}

/* A visit needs `after` seconds before the next one begins: its own buffer. */
static size_t cut_visits(
	const Search *search, const Busy *busy, const Opening *opening, int64_t after, Cut *cut)
{
	size_t n = 0;

	for (size_t i = first_busy(busy, opening->dentist_id, opening->from - VISIT_MOST_S);
		i < busy->count && busy->row[i].dentist_id == opening->dentist_id &&
		busy->row[i].starts_at < opening->to + after;
		i++)
		if (busy->row[i].busy_to > opening->from)
			cut[n++] = (Cut){ busy->row[i].starts_at - after, busy->row[i].busy_to };
	for (size_t i = 0; search->in.chair_id && i < busy->chair_count; i++)
		if (busy->chair[i].starts_at < opening->to + after &&
			busy->chair[i].busy_to > opening->from)
			cut[n++] =
				(Cut){ busy->chair[i].starts_at - after, busy->chair[i].busy_to };
	return n;
}

/* ---- what is left ---- */

typedef struct Fit {
	const Search *search;
	Arena *mem;
	Busy *busy;
	const Opening *opening;
	const char *zone;
	int64_t length, after;
	int32_t closed_day; /* the last day seen that is a holiday, and … */
	int32_t open_day;   /* … that is none */
} Fit;

static bool is_holiday(Fit *fit, int32_t date)
{
	if (fit->opening->extra)
		return false;
	if (date != fit->closed_day && date != fit->open_day) {
		if (frame_holiday(&fit->search->frame, fit->opening->branch_id, date))
			fit->closed_day = date;
		else
			fit->open_day = date;
	}
	return date == fit->closed_day;
}

static bool suits(Fit *fit, int64_t at)
{
	const SlotQuery *in = &fit->search->in;
	Clock clock = time_clock(at, fit->zone);
	int minute = clock.hour * 60 + clock.minute;

	if (is_holiday(fit, date_of(clock.year, clock.month, clock.day)))
		return false;
	if (in->weekdays && !(in->weekdays >> (clock.weekday - 1) & 1))
		return false;
	if (!in->from_minute && !in->to_minute)
		return true;
	return minute >= in->from_minute &&
	       (!in->to_minute || minute + fit->length / MINUTE_S <= in->to_minute);
}

static int64_t chair_for(const Fit *fit, int64_t at)
{
	int64_t chair = fit->opening->chair_id, to = at + fit->length + fit->after;
	const Frame *frame = &fit->search->frame;

	if (fit->search->in.chair_id)
		return fit->search->in.chair_id;
	if (!chair || !chair_is_free(fit->mem, fit->busy, chair, at, to))
		return 0;
	for (size_t i = 0; i < frame->block_count && frame->block[i].from < to; i++)
		if (frame->block[i].chair_id == chair && frame->block[i].to > at)
			return 0;
	return chair;
}

/* The first moment at or after `at` whose minute of the day is a multiple of the step. */
static int64_t on_grid(const Fit *fit, int64_t at)
{
	Clock clock = time_clock(at, fit->zone);
	int64_t seconds =
		clock.hour * (int64_t)HOUR_S + clock.minute * (int64_t)MINUTE_S + clock.second;
	int64_t step = fit->search->step * (int64_t)MINUTE_S, past = seconds % step;

	return past ? at + step - past : at;
}

static void add_slot(Found *found, Slot slot)
{
	if (found->count == found->room) {
		Slot *more = NEW_ARRAY(found->mem, Slot, found->room * 2);

		memcpy(more, found->v, found->count * sizeof *more);
		found->v = more;
		found->room *= 2;
	}
	found->v[found->count++] = slot;
}

static void add_gap(Fit *fit, int64_t from, int64_t to, Found *found)
{
	const SlotQuery *in = &fit->search->in;

	if (from < in->from)
		from = in->from;
	if (to > in->to + fit->length)
		to = in->to + fit->length;
	if (to - from < fit->length)
		return;
	for (int64_t at = on_grid(fit, from); at + fit->length <= to && at < in->to;
		at += fit->search->step * (int64_t)MINUTE_S) {
		if (found->count == ROOM_MOST)
			return;
		if (suits(fit, at))
			add_slot(found, (Slot){ at, at + fit->length, fit->opening->dentist_id,
						chair_for(fit, at), fit->opening->branch_id });
	}
}

static void add_opening(Fit *fit, Cut *cut, int64_t from, int64_t to, Found *found)
{
	const Opening *opening = fit->opening;
	int64_t free_from = opening->from > from ? opening->from : from;
	int64_t end = opening->to;
	size_t n = cut_blocks(fit->search, opening, cut);

	/* a stretch of days owns the slots that begin in it */
	if (end > to + fit->length)
		end = to + fit->length;
	n += cut_visits(fit->search, fit->busy, opening, fit->after, cut + n);
	qsort(cut, n, sizeof *cut, compare_cuts);
	for (size_t i = 0; i < n; i++) {
		if (cut[i].from > free_from)
			add_gap(fit, free_from, cut[i].from < end ? cut[i].from : end, found);
		if (cut[i].to > free_from)
			free_from = cut[i].to;
	}
	if (end > free_from)
		add_gap(fit, free_from, end, found);
}

static int compare_slots(const void *a, const void *b)
{
	const Slot *x = a, *y = b;

	if (x->starts_at != y->starts_at)
		return x->starts_at < y->starts_at ? -1 : 1;
	return x->dentist_id < y->dentist_id ? -1 : x->dentist_id > y->dentist_id;
}

/* Two shifts of one dentist may offer the same time; once is enough. */
static void sort_slots(Found *found, size_t from)
{
	size_t n = from;

	qsort(found->v + from, found->count - from, sizeof *found->v, compare_slots);
	for (size_t i = from; i < found->count; i++)
		if (n == from || compare_slots(&found->v[n - 1], &found->v[i]) != 0)
			found->v[n++] = found->v[i];
	found->count = n;
}

static Err search_stretch(Ctx *cx, const Search *search, int64_t from, int64_t to, Found *found)
{
	size_t before = found->count;
	Busy busy;
	Cut *cut;

	TRY(load_busy(cx, search, from, to + DAY_S, &busy));
	cut = NEW_ARRAY(
		cx->mem, Cut, search->frame.block_count + busy.count + busy.chair_count + 1);
	for (size_t i = 0; i < search->opening_count; i++) {
		const Opening *opening = &search->opening[i];
		const SqlAgendaDentists *dentist;
		int minutes, buffer = search->type_buffer;
		Fit fit;

		if (opening->to <= from || opening->from >= to ||
			(search->chair_branch && search->chair_branch != opening->branch_id))
			continue;
		dentist = wanted(search, opening->dentist_id, &minutes);
		if (!dentist)
			continue;
		if (dentist->buffer_minutes > buffer)
			buffer = dentist->buffer_minutes;
		fit = (Fit){ search, cx->mem, &busy, opening,
			frame_zone(cx, &search->frame, opening->branch_id),
			minutes * (int64_t)MINUTE_S, buffer * (int64_t)MINUTE_S, INT32_MIN,
			INT32_MIN };
		add_opening(&fit, cut, from, to, found);
	}
	sort_slots(found, before);
	return OK;
}

Err agenda_find_slots(Ctx *cx, const SlotQuery *in, Slot **ret, size_t *ret_count)
{
	size_t limit = in->limit ? in->limit : SLOTS_DEFAULT;
	Found found = { .mem = cx->mem, .room = ROOM_FIRST };
	int64_t step = WEEK_S;
	Search search;

	if (limit > SLOTS_MOST)
		limit = SLOTS_MOST;
	TRY(search_begin(cx, in, &search));
	found.v = NEW_ARRAY(cx->mem, Slot, found.room);
	for (int64_t from = search.in.from; from < search.in.to && found.count < limit;
		from += step, step = from - search.in.from < 3 * WEEK_S ? WEEK_S : 4 * WEEK_S) {
		int64_t to = from + step < search.in.to ? from + step : search.in.to;

		TRY(search_stretch(cx, &search, from, to, &found));
	}
	*ret = found.v;
	*ret_count = found.count < limit ? found.count : limit;
	return OK;
}

/* ---- after a refusal ---- */

static int64_t distance(int64_t a, int64_t b)
{
	return a > b ? a - b : b - a;
}

/* The n nearest to `at`, in their order: an insertion into a short list. */
static size_t keep_nearest(const Slot *slot, size_t count, int64_t at, size_t n, Slot *ret)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		size_t k;

		if (kept == n &&
			distance(slot[i].starts_at, at) >= distance(ret[n - 1].starts_at, at))
			continue;
		k = kept < n ? kept++ : n - 1;
		for (; k && distance(ret[k - 1].starts_at, at) > distance(slot[i].starts_at, at);
			k--)
			ret[k] = ret[k - 1];
		ret[k] = slot[i];
	}
	return kept;
}

Err agenda_nearest(Ctx *cx, const Booking *in, size_t n, Slot **ret, size_t *ret_count)
{
	static const int reach[] = { 1, 7, NEAREST_DAYS };
	int64_t minutes =
		in->ends_at > in->starts_at ? (in->ends_at - in->starts_at) / MINUTE_S : 0;
	Slot *slot = NULL;
	size_t count = 0;

	*ret = NEW_ARRAY(cx->mem, Slot, n + 1);
	*ret_count = 0;
	for (size_t i = 0; n && i < COUNT(reach) && count < n; i++) {
		int64_t side = reach[i] * (int64_t)DAY_S;
		SlotQuery asked = { .from = in->starts_at - side,
			.to = in->starts_at + side,
			.minutes = (int)minutes,
			.dentist_id = in->dentist_id,
			.chair_id = in->chair_id,
			.branch_id = in->branch_id,
			.visit_type_id = in->visit_type_id,
			.limit = SLOTS_MOST };

		TRY(agenda_find_slots(cx, &asked, &slot, &count));
	}
	*ret_count = keep_nearest(slot, count, in->starts_at, n, *ret);
	return OK;
}

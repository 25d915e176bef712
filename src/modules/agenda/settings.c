/* settings: the rules behind Configurações › Agenda: hours that do not overlap, blocks that repeat,
 * visits that a change leaves outside. */
#include <strings.h>

#include "core/clock.h"
#include "core/random.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"
#include "modules/audit/audit.h"
#include "platform/db/db.h"
#include "platform/web/events.h"

enum { AHEAD_DAYS = 120 };

/* ---- words ---- */

const char *minute_text(Arena *mem, int minute)
{
	return arena_printf(mem, "%02d:%02d", minute / 60, minute % 60);
}

const char *weekday_title(int weekday)
{
	static const char *const name[] = { "Segunda", "Terça", "Quarta", "Quinta", "Sexta",
		"Sábado", "Domingo" };

	return weekday >= 1 && weekday <= 7 ? name[weekday - 1] : "";
}

const char *weekday_short(int weekday)
{
	static const char *const name[] = { "seg", "ter", "qua", "qui", "sex", "sáb", "dom" };

	return weekday >= 1 && weekday <= 7 ? name[weekday - 1] : "";
}

uint8_t weekday_bits(Int64s days)
{
	uint8_t bits = 0;

	for (size_t i = 0; i < days.count; i++)
		if (days.v[i] >= 1 && days.v[i] <= 7)
			bits |= (uint8_t)(1U << (days.v[i] - 1));
	return bits;
}

/* The hours of one weekday: "08:00–12:00 e 13:00–18:00". */
static const char *day_hours(Arena *mem, const SqlDoorShiftRow *shift, size_t count, int weekday)
{
	Buf buf;

	buf_init(&buf, mem, 400);
	for (size_t i = 0; i < count; i++)
		if (shift[i].weekday == weekday)
			buf_printf(&buf, "%s%s–%s%s", buf.len ? ", " : "",
				minute_text(mem, shift[i].from_minute),
				minute_text(mem, shift[i].to_minute),
				shift[i].every == 2 ? " (quinzenal)" : "");
	return buf_text(&buf);
}

const char *shifts_summary(Arena *mem, const SqlDoorShiftRow *shift, size_t count)
{
	const char *hours[8];
	Buf buf;

	buf_init(&buf, mem, 1000);
	for (int day = 1; day <= 7; day++)
		hours[day] = arena_dup(mem, day_hours(mem, shift, count, day));
	for (int day = 1, last; day <= 7; day = last + 1) {
		for (last = day; last < 7 && !strcmp(hours[last + 1], hours[day]); last++)
			;
		if (!*hours[day])
			continue;
		buf_printf(&buf, "%s%s", buf.len ? " · " : "", weekday_short(day));
		if (last > day)
			buf_printf(
				&buf, "%s%s", last == day + 1 ? " e " : " a ", weekday_short(last));
		buf_printf(&buf, " %s", hours[day]);
	}
	return buf_text(&buf);
}

const char *secret_hash(Arena *mem, const char *secret)
{
	return crypto_sha256_hex(mem, secret, strlen(secret));
}

void agenda_frame_changed(Ctx *cx, int64_t at)
{
	events_publish_later(cx, (UserId){ 0 }, "agenda",
		arena_printf(cx->mem, "{\"id\":0,\"day\":\"%s\"}",
			date_text_iso(cx->mem, date_today(at, cx->zone))));
}

Err rule_get(Ctx *cx, SqlDoorRuleRow *ret)
{
	bool found;

	TRY(sql_door_rule(cx, ret, &found));
	if (!found)
		*ret = (SqlDoorRuleRow){ .notice_minutes = 120,
			.horizon_days = 60,
			.cancel_minutes = 1440,
			.step_minutes = 15,
			.open_minute = 420,
			.close_minute = 1200,
			.offer_count = 3,
			.offer_minutes = 30,
			.version = 1 };
	return OK;
}

/* ---- hours ---- */

static int32_t monday_of(int32_t date)
{
	return date - date_weekday(date) + 1;
}

bool shift_runs(const ShiftForm *shift, int32_t date)
{
	if (date_weekday(date) != shift->weekday)
		return false;
	if (shift->valid_from != DATE_NONE && date < shift->valid_from)
		return false;
	if (shift->valid_to != DATE_NONE && date > shift->valid_to)
		return false;
	return shift->every != 2 || (monday_of(date) - monday_of(shift->valid_from)) / 7 % 2 == 0;
}

/* Both are weekly or fortnightly, so four weeks from the later beginning show every case. */
bool shifts_meet(const ShiftForm *a, const ShiftForm *b)
{
	int32_t from = a->valid_from > b->valid_from ? a->valid_from : b->valid_from;

	if (a->weekday != b->weekday || a->from_minute >= b->to_minute ||
		b->from_minute >= a->to_minute)
		return false;
	if (from == DATE_NONE) {
		from = a->valid_to == DATE_NONE ? b->valid_to : a->valid_to;
		if (b->valid_to != DATE_NONE && b->valid_to < from)
			from = b->valid_to;
		from = from == DATE_NONE ? 0 : from - 27;
	}
	for (int32_t date = from; date < from + 28; date++)
		if (shift_runs(a, date) && shift_runs(b, date))
			return true;
	return false;
}

static ShiftForm shift_of(const SqlDoorShiftRow *row)
{
	return (ShiftForm){ row->branch_id, row->chair_id, row->weekday, row->from_minute,
		row->to_minute, row->valid_from_null ? DATE_NONE : row->valid_from,
		row->valid_to_null ? DATE_NONE : row->valid_to, row->every };
}

static Err check_chair(Ctx *cx, int64_t chair_id, int64_t branch_id)
{
	SqlDoorChairs *chair;
	size_t count;

	if (!chair_id)
		return OK;
	TRY(sql_door_chairs(cx, &chair, &count));
	for (size_t i = 0; i < count; i++)
		if (chair[i].id == chair_id && (!branch_id || chair[i].branch_id == branch_id))
			return OK;
	return err_field(cx, "chair_id", "Esta cadeira é de outra unidade.");
}

static Err check_shift(Ctx *cx, int64_t user, int64_t id, const ShiftForm *in)
{
	SqlDoorShiftRow *row;
	size_t count;

	if (in->to_minute <= in->from_minute)
		return err_field(cx, "to", "O fim precisa ser depois do início.");
	if (in->valid_from != DATE_NONE && in->valid_to != DATE_NONE &&
		in->valid_to < in->valid_from)
		return err_field(cx, "valid_to", "A última data é antes da primeira.");
	if (in->every == 2 && in->valid_from == DATE_NONE)
		return err_field(cx, "valid_from",
			"Diga a primeira data: é dela que se contam as semanas alternadas.");
	TRY(check_chair(cx, in->chair_id, in->branch_id));
	TRY(sql_door_shifts(cx, user, &row, &count));
	for (size_t i = 0; i < count; i++) {
		ShiftForm other = shift_of(&row[i]);

		if (row[i].id != id && shifts_meet(in, &other))
			return err_field(cx, "from",
				arena_printf(cx->mem,
					"Encontra-se com outro horário: %s, %s às %s em %s.",
					weekday_title(other.weekday),
					minute_text(cx->mem, other.from_minute),
					minute_text(cx->mem, other.to_minute), row[i].branch));
	}
	return OK;
}

Err shift_save(Ctx *cx, int64_t user, int64_t id, const ShiftForm *in)
{
	const int32_t *from = in->valid_from == DATE_NONE ? NULL : &in->valid_from;
	const int32_t *to = in->valid_to == DATE_NONE ? NULL : &in->valid_to;
	const int64_t *chair = in->chair_id ? &in->chair_id : NULL;
	SqlDoorShiftAdd added;
	int64_t rows;

	TRY(check_shift(cx, user, id, in));
	if (id) {
		TRY(sql_door_shift_save(cx,
			&(SqlDoorShiftSaveIn){ .id = id,
				.branch_id = in->branch_id,
				.chair_id = chair,
				.weekday = in->weekday,
				.from_minute = in->from_minute,
				.to_minute = in->to_minute,
				.valid_from = from,
				.valid_to = to,
				.every = in->every },
			&rows));
	} else {
		TRY(sql_door_shift_add(cx,
			&(SqlDoorShiftAddIn){ .user_id = user,
				.branch_id = in->branch_id,
				.chair_id = chair,
				.weekday = in->weekday,
				.from_minute = in->from_minute,
				.to_minute = in->to_minute,
				.valid_from = from,
				.valid_to = to,
				.every = in->every },
			&added));
	}
	agenda_frame_changed(cx, cx->now);
	return audit_add_change(cx,
		&(Change){ .action = "agenda.hours", .subject = "dentist", .subject_id = user });
}

/* Is [from, to) of the visit within openings of its dentist and branch? They come by time. */
static bool is_open(const SqlDoorVisitRow *visit, const Opening *open, size_t count)
{
	int64_t at = visit->starts_at;

	for (size_t i = 0; i < count && at < visit->ends_at; i++)
		if (open[i].dentist_id == visit->dentist_id &&
			open[i].branch_id == visit->branch_id && open[i].from <= at &&
			open[i].to > at)
			at = open[i].to;
	return at >= visit->ends_at;
}

Err visits_outside(Ctx *cx, int64_t user, SqlDoorVisitRow **ret, size_t *ret_count)
{
	int64_t until = cx->now + AHEAD_DAYS * (int64_t)DAY_S;
	SqlDoorVisitRow *visit;
	size_t count, open_count, n = 0;
	Opening *open;

	TRY(sql_door_visits_ahead(cx, user, cx->now, until, &visit, &count));
	TRY(agenda_list_openings(cx, cx->now - DAY_S / 2, until, 0, &open, &open_count));
	for (size_t i = 0; i < count; i++)
		if (!is_open(&visit[i], open, open_count))
			visit[n++] = visit[i];
	*ret = visit;
	*ret_count = n;
	return OK;
}

size_t visits_new(Arena *mem, const SqlDoorVisitRow *before, size_t before_count,
	const SqlDoorVisitRow *after, size_t after_count, const SqlDoorVisitRow **ret)
{
	SqlDoorVisitRow *list = NEW_ARRAY(mem, SqlDoorVisitRow, after_count + 1);
	size_t n = 0;

	for (size_t i = 0; i < after_count; i++) {
		bool known = false;

		for (size_t j = 0; j < before_count; j++)
			known = known || before[j].id == after[i].id;
		if (!known)
			list[n++] = after[i];
	}
	*ret = list;
	return n;
}

/* ---- blocks ---- */

static Err check_block(Ctx *cx, const BlockForm *in, const char *zone)
{
	if (in->to <= in->from)
		return err_field(cx, "to", "O fim precisa ser depois do início.");
	if (in->to - in->from > 60 * (int64_t)DAY_S)
		return err_field(cx, "to", "No máximo 60 dias; para mais, repita o bloqueio.");
	if (!strcmp(in->kind, "reserved") && !in->visit_types.count)
		return err_field(
			cx, "visit_types", "Escolha para que tipos de consulta o horário fica.");
	if (in->weekdays && in->until == DATE_NONE)
		return err_field(cx, "until", "Diga até quando repete.");
	if (in->weekdays && in->until < date_today(in->from, zone))
		return err_field(cx, "until", "A repetição termina antes de começar.");
	if (in->weekdays && in->to - in->from > DAY_S)
		return err_field(cx, "to", "Para repetir, o bloqueio cabe em um dia.");
	return check_chair(cx, in->chair_id, in->branch_id);
}

static Err add_one(
	Ctx *cx, const BlockForm *in, int64_t from, int64_t to, int64_t series, int64_t *ret)
{
	SqlDoorBlockAdd row;

	TRY(sql_door_block_add(cx,
		&(SqlDoorBlockAddIn){ .user_id = db_id_or_null(&in->user_id),
			.chair_id = db_id_or_null(&in->chair_id),
			.branch_id = db_id_or_null(&in->branch_id),
			.kind = in->kind,
			.title = in->title ? in->title : "",
			.visit_types =
				!strcmp(in->kind, "reserved") ? in->visit_types : (Int64s){ 0 },
			.starts_at = from,
			.ends_at = to,
			.series_id = db_id_or_null(&series),
			.created_by = db_id_or_null(&cx->user.v) },
		&row));
	*ret = row.id;
	return OK;
}

/* The same wall clock on a later date. */
static int64_t on_date(int64_t at, int32_t date, const char *zone)
{
	Clock clock = time_clock(at, zone);

	date_split(date, &clock.year, &clock.month, &clock.day);
	return time_of_clock(&clock, zone);
}

static Err add_repeats(Ctx *cx, const BlockForm *in, const char *zone, int64_t first, size_t *made)
{
	int32_t day = date_today(in->from, zone);
	int32_t last_day = date_today(in->to - 1, zone), from_day = day;
	int64_t rows, id;

	if (!in->weekdays)
		return OK;
	TRY(sql_door_block_join(cx, first, first, &rows));
	for (day++; day <= in->until; day++) {
		if (!(in->weekdays >> (date_weekday(day) - 1) & 1))
			continue;
		if (++*made > BLOCK_REPEATS_MAX)
			return err_field(cx, "until",
				arena_printf(cx->mem, "No máximo %d repetições de uma vez.",
					BLOCK_REPEATS_MAX));
		TRY(add_one(cx, in, on_date(in->from, day, zone),
			on_date(in->to - 1, day + last_day - from_day, zone) + 1, first, &id));
	}
	return OK;
}

Err block_add(Ctx *cx, const BlockForm *in, int64_t *ret_id, size_t *ret_made)
{
	const char *zone;

	TRY(agenda_zone(cx, in->branch_id, &zone));
	TRY(check_block(cx, in, zone));
	TRY(add_one(cx, in, in->from, in->to, 0, ret_id));
	*ret_made = 1;
	TRY(add_repeats(cx, in, zone, *ret_id, ret_made));
	agenda_frame_changed(cx, in->from);
	return audit_add_change(cx,
		&(Change){ .action = "agenda.block", .subject = "block", .subject_id = *ret_id });
}

Err block_save(Ctx *cx, int64_t id, int64_t version, const BlockForm *in)
{
	const char *zone;
	int64_t rows;

	TRY(agenda_zone(cx, in->branch_id, &zone));
	TRY(check_block(cx, in, zone));
	TRY(sql_door_block_save(cx,
		&(SqlDoorBlockSaveIn){ .id = id,
			.user_id = db_id_or_null(&in->user_id),
			.chair_id = db_id_or_null(&in->chair_id),
			.branch_id = db_id_or_null(&in->branch_id),
			.kind = in->kind,
			.title = in->title ? in->title : "",
			.visit_types =
				!strcmp(in->kind, "reserved") ? in->visit_types : (Int64s){ 0 },
			.starts_at = in->from,
			.ends_at = in->to,
			.version = (int32_t)version },
		&rows));
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "block %" PRId64 " changed meanwhile", id);
	agenda_frame_changed(cx, in->from);
	return audit_add_change(
		cx, &(Change){ .action = "agenda.block", .subject = "block", .subject_id = id });
}

/* Configurações › Agenda: blocks, and the holidays of a year. */
#include "core/clock.h"
#include "modules/agenda/doors_view.h"
#include "modules/audit/audit.h"

#define HOME "/settings/agenda"

const UiOption door_block_kinds[] = {
	{ .value = "absence", .label = "Ausência", .hint = "Férias, congresso, licença" },
	{ .value = "lunch", .label = "Almoço" },
	{ .value = "meeting", .label = "Reunião" },
	{ .value = "maintenance", .label = "Manutenção" },
	{ .value = "holiday", .label = "Clínica fechada" },
	{ .value = "reserved", .label = "Reservado para tipos de consulta" },
};
const size_t door_block_kind_count = COUNT(door_block_kinds);

const char *block_kind_title(const char *kind)
{
	for (size_t i = 0; i < COUNT(door_block_kinds); i++)
		if (str_same(door_block_kinds[i].value, kind))
			return door_block_kinds[i].label;
	return "";
}

/* ---- blocks ---- */

/* GET /settings/agenda/blocks */
static Err show_blocks(Req *q)
{
	BlocksView view = { .q = q };
	SqlDoorBlockRow *block;

	TRY(sql_door_blocks(q->cx, q->cx->now, 0, &block, &view.block_count));
	view.block = block;
	settings_blocks_page(&q->html, &view);
	return send_html(q, 200);
}

static Err page_block(Req *q, BlockView *view, int status)
{
	view->q = q;
	view->dentist = req_query_int(q, "dentist", 0);
	TRY(door_options(q->cx, &view->option));
	settings_block_page(&q->html, view);
	return send_html(q, status);
}

/* GET /settings/agenda/blocks/new?dentist= */
static Err blank_block(Req *q)
{
	return page_block(q, &(BlockView){ 0 }, 200);
}

typedef struct BlockInput {
	int64_t user_id, chair_id, branch_id;
	const char *kind, *title, *from, *to;
	Int64s visit_types, weekdays;
	int32_t first, last, until;
	bool sure;
	int64_t version;
} BlockInput;

static const Field block_fields[] = {
	FIELD(BlockInput, user_id, FIELD_ID, "Dentista", 0, 0, false),
	FIELD(BlockInput, chair_id, FIELD_ID, "Cadeira", 0, 0, false),
	FIELD(BlockInput, branch_id, FIELD_ID, "Unidade", 0, 0, false),
	CHOICE_FIELD(BlockInput, kind, "Motivo",
		"absence lunch meeting maintenance holiday reserved", true),
	FIELD(BlockInput, title, FIELD_TEXT, "Título", 0, 80, false),
	FIELD(BlockInput, first, FIELD_DATE, "Data", 0, 0, true),
	FIELD(BlockInput, from, FIELD_TEXT, "Início", 0, 5, false),
	FIELD(BlockInput, last, FIELD_DATE, "Último dia", 0, 0, false),
	FIELD(BlockInput, to, FIELD_TEXT, "Fim", 0, 5, false),
	FIELD(BlockInput, visit_types, FIELD_IDS, "Tipos de consulta", 0, 100, false),
	FIELD(BlockInput, weekdays, FIELD_IDS, "Repete", 0, 7, false),
	FIELD(BlockInput, until, FIELD_DATE, "Até", 0, 0, false),
	FIELD(BlockInput, sure, FIELD_BOOL, "Certeza", 0, 0, false),
	FIELD(BlockInput, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

static Err moment_of(Ctx *cx, const char *field, int32_t date, const char *text, int otherwise,
	const char *zone, int64_t *ret)
{
	int minute = otherwise;

	if (text && !time_parse_hm(text, &minute))
		return err_field(cx, field, "Escreva a hora como 08:00.");
	if (text && !minute)
		minute = otherwise;
	*ret = time_of_minute(date, minute, zone);
	return OK;
}

/* Without times the whole days are meant; by the clock of the branch, if it is of one. */
static Err block_of(Ctx *cx, const BlockInput *in, BlockForm *ret)
{
	const char *zone;

	TRY(agenda_zone(cx, in->branch_id, &zone));
	*ret = (BlockForm){ .user_id = in->user_id,
		.chair_id = in->chair_id,
		.branch_id = in->branch_id,
		.kind = in->kind,
		.title = in->title,
		.visit_types = in->visit_types,
		.weekdays = weekday_bits(in->weekdays),
		.until = in->until };
	if (in->last != DATE_NONE && in->last < in->first)
		return err_field(cx, "last", "O último dia é antes do primeiro.");
	TRY(moment_of(cx, "from", in->first, in->from, 0, zone, &ret->from));
	return moment_of(cx, "to", in->last == DATE_NONE ? in->first : in->last, in->to, 1440, zone,
		&ret->to);
}

/* id 0: a new one. Visits that stand in the time are shown first. */
static Err save_block(Req *q, int64_t id, BlockView *view, bool *ret_wait, size_t *ret_made)
{
	SqlDoorVisitRow *visit;
	BlockInput in;
	BlockForm form;
	int64_t made = id;

	if (!form_read(q, block_fields, COUNT(block_fields), &in))
		return ERR_INVALID;
	TRY(block_of(q->cx, &in, &form));
	if (id)
		TRY(block_save(q->cx, id, in.version, &form));
	else
		TRY(block_add(q->cx, &form, &made, ret_made));
	if (in.sure || !strcmp(in.kind, "reserved"))
		return OK;
	TRY(sql_door_visits_in_block(
		q->cx, made, /* repeats= */ !id, q->cx->now, &visit, &view->outside_count));
	view->outside = visit;
	*ret_wait = view->outside_count > 0;
	return OK;
}

static Err answer_block(Req *q, BlockView *view)
{
	size_t made = 1;
	bool wait = false;
	Err err = save_block(q, view->block ? view->block->id : 0, view, &wait, &made);

	if (err == ERR_INVALID)
		return page_block(q, view, 422);
	TRY(err);
	if (wait)
		return page_block(q, view, 409);
	answer_toast(q,
		made > 1 ? arena_printf(q->cx->mem, "%zu bloqueios criados", made)
			 : "Bloqueio salvo",
		NULL);
	return redirect(q, HOME "/blocks");
}

/* POST /settings/agenda/blocks. 303; 422; 409 with the visits that stand in the time. */
static Err create_block(Req *q)
{
	return answer_block(q, &(BlockView){ 0 });
}

static Err block_asked(Req *q, SqlDoorBlockRow *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return sql_door_block(q->cx, id, ret);
}

/* GET /settings/agenda/blocks/:id */
static Err show_block(Req *q)
{
	SqlDoorBlockRow block;

	TRY(block_asked(q, &block));
	return page_block(q, &(BlockView){ .block = &block }, 200);
}

/* POST /settings/agenda/blocks/:id */
static Err update_block(Req *q)
{
	SqlDoorBlockRow block;

	TRY(block_asked(q, &block));
	return answer_block(q, &(BlockView){ .block = &block });
}

/* POST /settings/agenda/blocks/:id/remove; with following, those behind it too. */
static Err remove_block(Req *q)
{
	SqlDoorBlockRow block;
	int64_t rows;

	TRY(block_asked(q, &block));
	if (form_value(&q->form, "following") && !block.series_id_null)
		TRY(sql_door_block_remove_following(
			q->cx, block.series_id, block.starts_at, &rows));
	else
		TRY(sql_door_block_remove(q->cx, block.id, &rows));
	TRY(audit_add_change(q->cx,
		&(Change){
			.action = "agenda.unblock", .subject = "block", .subject_id = block.id }));
	agenda_frame_changed(q->cx, block.starts_at);
	answer_toast(q, rows > 1 ? "Bloqueios removidos" : "Bloqueio removido", NULL);
	return redirect(q, HOME "/blocks");
}

/* ---- holidays ---- */

static void add_national(
	HolidayRow *list, size_t *n, int32_t date, const SqlDoorHolidays *own, size_t own_count)
{
	bool optional = false;
	const char *name = date_holiday(date, &optional);

	if (!name)
		return;
	list[*n] =
		(HolidayRow){ .date = date, .name = name, .national = true, .optional = optional };
	for (size_t i = 0; i < own_count; i++)
		if (own[i].works && own[i].on_date == date)
			list[*n].works = true;
	++*n;
}

static void add_local(
	HolidayRow *list, size_t *n, int32_t date, const SqlDoorHolidays *own, size_t own_count)
{
	int year, month, day, own_year, own_month, own_day;

	date_split(date, &year, &month, &day);
	for (size_t i = 0; i < own_count; i++) {
		date_split(own[i].on_date, &own_year, &own_month, &own_day);
		if (own[i].works || own_month != month || own_day != day ||
			(own_year != year && (!own[i].yearly || own_year > year)))
			continue;
		list[(*n)++] = (HolidayRow){ .id = own[i].id,
			.date = date,
			.name = own[i].name,
			.branch = own[i].branch,
			.yearly = own[i].yearly };
	}
}

static Err page_holidays(Req *q, int status)
{
	HolidaysView view = { .q = q };
	SqlDoorHolidays *own;
	HolidayRow *list;
	int32_t today = date_today(q->cx->now, q->cx->zone), first, last;
	size_t own_count, n = 0;
	int month, day;

	date_split(today, &view.year, &month, &day);
	view.year = (int)req_query_int(q, "year", view.year);
	if (view.year < 2000 || view.year > 2100)
		return err_set(q->cx, ERR_NOT_FOUND, "no such year");
	TRY(door_options(q->cx, &view.option));
	TRY(sql_door_holidays(q->cx, &own, &own_count));
	list = NEW_ARRAY(q->cx->mem, HolidayRow, own_count + 40);
	first = date_of(view.year, 1, 1);
	last = date_of(view.year, 12, 31);
	for (int32_t date = first; date <= last; date++) {
		add_national(list, &n, date, own, own_count);
		add_local(list, &n, date, own, own_count);
	}
	view.row = list;
	view.row_count = n;
	settings_holidays_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/agenda/holidays?year= */
static Err show_holidays(Req *q)
{
	return page_holidays(q, 200);
}

typedef struct HolidayForm {
	int32_t on_date;
	const char *name;
	int64_t branch_id;
	bool yearly;
} HolidayForm;

static const Field holiday_fields[] = {
	FIELD(HolidayForm, on_date, FIELD_DATE, "Data", 0, 0, true),
	FIELD(HolidayForm, name, FIELD_TEXT, "Nome", 1, 60, true),
	FIELD(HolidayForm, branch_id, FIELD_ID, "Unidade", 0, 0, false),
	FIELD(HolidayForm, yearly, FIELD_BOOL, "Todo ano", 0, 0, false),
};

static Err back_to_year(Req *q, int32_t date, const char *toast)
{
	int year, month, day;

	TRY(audit_add_change(q->cx, &(Change){ .action = "agenda.holiday", .subject = "agenda" }));
	agenda_frame_changed(q->cx, q->cx->now);
	answer_toast(q, toast, NULL);
	date_split(date, &year, &month, &day);
	return redirect(q, HOME "/holidays?year=%d", year);
}

/* POST /settings/agenda/holidays: a local one. 303; 422 with the form. */
static Err create_holiday(Req *q)
{
	SqlDoorHolidayAdd row;
	HolidayForm in;
	Err err;

	if (!form_read(q, holiday_fields, COUNT(holiday_fields), &in))
		return page_holidays(q, 422);
	err = sql_door_holiday_add(q->cx, in.on_date, in.name, in.branch_id ? &in.branch_id : NULL,
		in.yearly, /* works= */ false, &row);
	if (err == ERR_NOT_FOUND)
		return err_tell(q->cx, ERR_NOT_FOUND, "Escolha uma unidade da lista.",
			"no branch %" PRId64, in.branch_id);
	TRY(err);
	return back_to_year(q, in.on_date, "Feriado criado");
}

typedef struct WorksForm {
	int32_t on_date;
	bool works;
} WorksForm;

static const Field works_fields[] = {
	FIELD(WorksForm, on_date, FIELD_DATE, "Data", 0, 0, true),
	FIELD(WorksForm, works, FIELD_BOOL, "Trabalhamos", 0, 0, false),
};

/* POST /settings/agenda/holidays/works: the clinic opens on this national holiday, or no longer. */
static Err set_works(Req *q)
{
	SqlDoorHolidayAdd row;
	const char *name;
	WorksForm in;
	bool optional;
	int64_t rows;

	if (!form_read(q, works_fields, COUNT(works_fields), &in))
		return ERR_INVALID;
	name = date_holiday(in.on_date, &optional);
	if (!name)
		return err_set(q->cx, ERR_NOT_FOUND, "no holiday on that date");
	TRY(sql_door_holiday_forget_works(q->cx, in.on_date, &rows));
	if (in.works)
		TRY(sql_door_holiday_add(q->cx, in.on_date, name, NULL, false, true, &row));
	return back_to_year(q, in.on_date,
		in.works ? "A clínica trabalha neste dia" : "A clínica fecha neste dia");
}

/* POST /settings/agenda/holidays/:id/remove */
static Err remove_holiday(Req *q)
{
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_door_holiday_remove(q->cx, id, &rows));
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "no holiday %" PRId64, id);
	return back_to_year(q, date_today(q->cx->now, q->cx->zone), "Feriado removido");
}

#define ADMIN "agenda.admin"

static const Route routes[] = {
	{ GET, HOME "/blocks", show_blocks, ADMIN },
	{ GET, HOME "/blocks/new", blank_block, ADMIN },
	{ POST, HOME "/blocks", create_block, ADMIN },
	{ GET, HOME "/blocks/:id", show_block, ADMIN },
	{ POST, HOME "/blocks/:id", update_block, ADMIN },
	{ POST, HOME "/blocks/:id/remove", remove_block, ADMIN },
	{ GET, HOME "/holidays", show_holidays, ADMIN },
	{ POST, HOME "/holidays", create_holiday, ADMIN },
	{ POST, HOME "/holidays/works", set_works, ADMIN },
	{ POST, HOME "/holidays/:id/remove", remove_holiday, ADMIN },
};
const RouteList settings_block_routes = { routes, COUNT(routes), &settings_rule_routes };

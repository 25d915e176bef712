/* Configurações › Agenda: dentists, chairs, visit types. Nothing that visits refer to is deleted:
 * it is put out of use. */
#include "core/random.h"
#include "modules/account/account.h"
#include "modules/agenda/doors_view.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"

#define HOME "/settings/agenda"

const UiOption door_tones[] = {
	{ .value = "teal", .label = "Turquesa" },
	{ .value = "blue", .label = "Azul" },
	{ .value = "violet", .label = "Violeta" },
	{ .value = "pink", .label = "Rosa" },
	{ .value = "orange", .label = "Laranja" },
	{ .value = "amber", .label = "Âmbar" },
	{ .value = "green", .label = "Verde" },
	{ .value = "red", .label = "Vermelho" },
	{ .value = "slate", .label = "Cinza" },
};
const size_t door_tone_count = COUNT(door_tones);
#define TONES "teal blue violet pink orange amber green red slate"

static UiOption option(Arena *mem, int64_t id, const char *label)
{
	return (UiOption){ .value = arena_printf(mem, "%" PRId64, id), .label = label };
}

static Err branch_options(Ctx *cx, DoorOptions *ret)
{
	UiOption *list;
	Branch *branch;
	size_t count;

	TRY(company_list_branches(cx, &branch, &count));
	list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (branch[i].active)
			list[ret->branch_count++] = option(cx->mem, branch[i].id, branch[i].name);
	ret->branch = list;
	return OK;
}

static Err chair_options(Ctx *cx, DoorOptions *ret)
{
	SqlDoorChairs *chair;
	UiOption *list;
	size_t count;

	TRY(sql_door_chairs(cx, &chair, &count));
	list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (chair[i].active) {
			list[ret->chair_count] = option(cx->mem, chair[i].id, chair[i].name);
			list[ret->chair_count++].group =
				ret->branch_count > 1 ? chair[i].branch : NULL;
		}
	ret->chair = list;
	return OK;
}

Err door_options(Ctx *cx, DoorOptions *ret)
{
	SqlDoorDentists *dentist;
	SqlDoorTypes *type;
	UiOption *list;
	size_t count;

	*ret = (DoorOptions){ 0 };
	TRY(branch_options(cx, ret));
	TRY(chair_options(cx, ret));
	TRY(sql_door_dentists(cx, &dentist, &count));
	list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (dentist[i].active)
			list[ret->dentist_count++] =
				option(cx->mem, dentist[i].user_id, dentist[i].name);
	ret->dentist = list;
	TRY(sql_door_types(cx, &type, &count));
	list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (size_t i = 0; i < count; i++)
		if (type[i].active)
			list[ret->type_count++] = option(cx->mem, type[i].id, type[i].name);
	ret->type = list;
	return OK;
}

static Err note(Req *q, const char *action, const char *subject, int64_t id, const char *toast)
{
	agenda_frame_changed(q->cx, q->cx->now);
	answer_toast(q, toast, NULL);
	return audit_add_change(
		q->cx, &(Change){ .action = action, .subject = subject, .subject_id = id });
}

/* ---- dentists ---- */

/* Members who treat and have no column yet: dentists first. */
static Err members_without(Ctx *cx, const SqlDoorDentists *dentist, size_t dentist_count,
	const UiOption **ret, size_t *ret_count)
{
	UiOption *list;
	Member *member;
	size_t count, n = 0;

	TRY(account_list_members(cx, NULL, &member, &count));
	list = NEW_ARRAY(cx->mem, UiOption, count + 1);
	for (int dentists = 1; dentists >= 0; dentists--)
		for (size_t i = 0; i < count; i++) {
			bool known = (strcmp(member[i].role, "dentist") == 0) != dentists;

			for (size_t j = 0; j < dentist_count; j++)
				known = known || dentist[j].user_id == member[i].user;
			if (!known)
				list[n++] = option(cx->mem, member[i].user,
					arena_printf(cx->mem, "%s (%s)", member[i].name,
						member[i].role_title));
		}
	*ret = list;
	*ret_count = n;
	return OK;
}

/* GET /settings/agenda */
static Err show_dentists(Req *q)
{
	DentistsView view = { .q = q };
	SqlDoorDentists *dentist;
	SqlDoorShiftRow *shift;
	const UiOption *member;
	size_t shift_count, member_count;

	TRY(sql_door_dentists_send(q->cx));
	TRY(sql_door_all_shifts_send(q->cx));
	TRY(sql_door_dentists_read(q->cx, &dentist, &view.dentist_count));
	TRY(sql_door_all_shifts_read(q->cx, &shift, &shift_count));
	TRY(members_without(q->cx, dentist, view.dentist_count, &member, &member_count));
	view.hours = NEW_ARRAY(q->cx->mem, const char *, view.dentist_count + 1);
	for (size_t i = 0; i < view.dentist_count; i++) {
		size_t first = 0, n = 0;

		while (first < shift_count && shift[first].user_id != dentist[i].user_id)
			first++;
		while (first + n < shift_count && shift[first + n].user_id == dentist[i].user_id)
			n++;
		view.hours[i] = shifts_summary(q->cx->mem, shift + first, n);
	}
	view.dentist = dentist;
	view.more = member_count > 0;
	settings_dentists_page(&q->html, &view);
	return send_html(q, 200);
}

typedef struct DentistForm {
	int64_t user_id;
	const char *prefix, *specialty, *tone;
	int64_t chair_id, buffer_minutes;
	bool online, active;
	int64_t version;
} DentistForm;

static const Field dentist_fields[] = {
	FIELD(DentistForm, user_id, FIELD_ID, "Pessoa", 0, 0, false),
	CHOICE_FIELD(DentistForm, prefix, "Tratamento", "Dr. Dra.", false),
	FIELD(DentistForm, specialty, FIELD_TEXT, "Especialidade", 0, 60, false),
	CHOICE_FIELD(DentistForm, tone, "Cor", TONES, true),
	FIELD(DentistForm, chair_id, FIELD_ID, "Cadeira de costume", 0, 0, false),
	FIELD(DentistForm, buffer_minutes, FIELD_INT, "Intervalo", 0, 120, false),
	FIELD(DentistForm, online, FIELD_BOOL, "On-line", 0, 0, false),
	FIELD(DentistForm, active, FIELD_BOOL, "Ativo", 0, 0, false),
	FIELD(DentistForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

static Err show_blank_dentist(Req *q, int status)
{
	DentistView view = { .q = q };
	SqlDoorDentists *dentist;
	size_t count;

	TRY(sql_door_dentists(q->cx, &dentist, &count));
	TRY(members_without(q->cx, dentist, count, &view.member, &view.member_count));
	TRY(door_options(q->cx, &view.option));
	settings_dentist_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/agenda/dentists/new */
static Err blank_dentist(Req *q)
{
	return show_blank_dentist(q, 200);
}

static Err chair_is_known(Ctx *cx, int64_t id)
{
	SqlDoorChairs *chair;
	size_t count;

	if (!id)
		return OK;
	TRY(sql_door_chairs(cx, &chair, &count));
	for (size_t i = 0; i < count; i++)
		if (chair[i].id == id)
			return OK;
	return err_field(cx, "chair_id", "Escolha uma cadeira da lista.");
}

static Err add_dentist(Ctx *cx, const DentistForm *in)
{
	const UiOption *member;
	SqlDoorDentists *dentist;
	size_t count, member_count;
	int64_t rows = 0;

	TRY(chair_is_known(cx, in->chair_id));
	TRY(sql_door_dentists(cx, &dentist, &count));
	TRY(members_without(cx, dentist, count, &member, &member_count));
	for (size_t i = 0; i < member_count && !rows; i++)
		if (!strcmp(member[i].value, arena_printf(cx->mem, "%" PRId64, in->user_id)))
			TRY(sql_door_dentist_add(cx,
				&(SqlDoorDentistAddIn){ .user_id = in->user_id,
					.prefix = in->prefix,
					.specialty = in->specialty,
					.tone = in->tone,
					.chair_id = in->chair_id ? &in->chair_id : NULL,
					.buffer_minutes = (int32_t)in->buffer_minutes,
					.online = in->online },
				&rows));
	return rows ? OK : err_field(cx, "user_id", "Escolha uma pessoa da lista.");
}

/* POST /settings/agenda/dentists. 303 to the hours; 422 with the form. */
static Err create_dentist(Req *q)
{
	DentistForm in;
	Err err = form_read(q, dentist_fields, COUNT(dentist_fields), &in) ? add_dentist(q->cx, &in)
									   : ERR_INVALID;

	if (err == ERR_INVALID)
		return show_blank_dentist(q, 422);
	TRY(err);
	TRY(note(q, "dentist.create", "dentist", in.user_id,
		"Dentista na agenda. Agora, os horários"));
	return redirect(q, HOME "/dentists/%" PRId64, in.user_id);
}

static Err dentist_of(Req *q, SqlDoorDentists *ret)
{
	SqlDoorDentists *dentist;
	size_t count;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(sql_door_dentists(q->cx, &dentist, &count));
	for (size_t i = 0; i < count; i++)
		if (dentist[i].user_id == id) {
			*ret = dentist[i];
			return OK;
		}
	return err_set(q->cx, ERR_NOT_FOUND, "no dentist %" PRId64, id);
}

static Err page_dentist(Req *q, const SqlDoorDentists *dentist, const char *feed, int status)
{
	DentistView view = { .q = q, .dentist = dentist, .feed = feed };
	SqlDoorShiftRow *shift;
	SqlDoorExtras *extra;
	SqlDoorBlockRow *block;

	TRY(door_options(q->cx, &view.option));
	TRY(sql_door_shifts_send(q->cx, dentist->user_id));
	TRY(sql_door_extras_send(q->cx, dentist->user_id, q->cx->now));
	TRY(sql_door_blocks_send(q->cx, q->cx->now, dentist->user_id));
	TRY(sql_door_shifts_read(q->cx, &shift, &view.shift_count));
	TRY(sql_door_extras_read(q->cx, &extra, &view.extra_count));
	TRY(sql_door_blocks_read(q->cx, &block, &view.block_count));
	view.shift = shift;
	view.extra = extra;
	view.block = block;
	settings_dentist_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/agenda/dentists/:id */
static Err show_dentist(Req *q)
{
	SqlDoorDentists dentist;

	TRY(dentist_of(q, &dentist));
	return page_dentist(q, &dentist, NULL, 200);
}

/* POST /settings/agenda/dentists/:id. 303; 422 with the form; 409 when it changed meanwhile. */
static Err update_dentist(Req *q)
{
	SqlDoorDentists dentist;
	DentistForm in;
	int64_t rows;
	Err err;

	TRY(dentist_of(q, &dentist));
	err = form_read(q, dentist_fields, COUNT(dentist_fields), &in)
		      ? chair_is_known(q->cx, in.chair_id)
		      : ERR_INVALID;
	if (err == ERR_INVALID)
		return page_dentist(q, &dentist, NULL, 422);
	TRY(err);
	TRY(sql_door_dentist_save(q->cx,
		&(SqlDoorDentistSaveIn){ .user_id = dentist.user_id,
			.prefix = in.prefix,
			.specialty = in.specialty,
			.tone = in.tone,
			.chair_id = in.chair_id ? &in.chair_id : NULL,
			.buffer_minutes = (int32_t)in.buffer_minutes,
			.online = in.online,
			.active = in.active,
			.version = (int32_t)in.version },
		&rows));
	if (!rows)
		return err_set(q->cx, ERR_CONFLICT, "dentist %" PRId64 " changed meanwhile",
			dentist.user_id);
	TRY(note(q, "dentist.update", "dentist", dentist.user_id, "Dentista salvo"));
	return redirect(q, HOME);
}

typedef struct OrderForm {
	Int64s ids;
} OrderForm;

static const Field order_fields[] = {
	FIELD(OrderForm, ids, FIELD_IDS, "Ordem", 1, 200, true),
};

/* PATCH /settings/agenda/dentists/order: the columns from left to right. */
static Err order_dentists(Req *q)
{
	OrderForm in;
	int64_t rows;

	if (!form_read(q, order_fields, COUNT(order_fields), &in))
		return ERR_INVALID;
	TRY(sql_door_dentist_order(q->cx, in.ids, &rows));
	agenda_frame_changed(q->cx, q->cx->now);
	return send_nothing(q);
}

/* PATCH /settings/agenda/types/order */
static Err order_types(Req *q)
{
	OrderForm in;
	int64_t rows;

	if (!form_read(q, order_fields, COUNT(order_fields), &in))
		return ERR_INVALID;
	TRY(sql_door_type_order(q->cx, in.ids, &rows));
	return send_nothing(q);
}

typedef struct FeedForm {
	bool names, off;
} FeedForm;

static const Field feed_fields[] = {
	FIELD(FeedForm, names, FIELD_BOOL, "Nomes", 0, 0, false),
	FIELD(FeedForm, off, FIELD_BOOL, "Desligar", 0, 0, false),
};

/* POST /settings/agenda/dentists/:id/feed: a new secret address, shown this once; with off, none.
 */
static Err renew_feed(Req *q)
{
	const char *secret = crypto_token(q->cx->mem, 32), *base;
	SqlDoorDentists dentist;
	FeedForm in;
	int64_t rows;

	TRY(dentist_of(q, &dentist));
	if (!form_read(q, feed_fields, COUNT(feed_fields), &in))
		return ERR_INVALID;
	TRY(sql_door_dentist_set_feed(q->cx, dentist.user_id,
		in.off ? NULL : secret_hash(q->cx->mem, secret), in.names, &rows));
	TRY(note(q, in.off ? "feed.revoke" : "feed.renew", "dentist", dentist.user_id,
		in.off ? "Endereço do calendário desligado" : "Endereço novo criado"));
	if (in.off)
		return redirect(q, HOME "/dentists/%" PRId64, dentist.user_id);
	TRY(company_base_url(q->cx, &base));
	TRY(dentist_of(q, &dentist));
	return page_dentist(
		q, &dentist, arena_printf(q->cx->mem, "%s/agenda/feed/%s.ics", base, secret), 200);
}

/* ---- chairs ---- */

typedef struct ChairForm {
	int64_t branch_id;
	const char *name;
	bool active, sure;
	int64_t version;
} ChairForm;

static const Field chair_fields[] = {
	FIELD(ChairForm, branch_id, FIELD_ID, "Unidade", 0, 0, false),
	FIELD(ChairForm, name, FIELD_TEXT, "Nome", 1, 40, true),
	FIELD(ChairForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
	FIELD(ChairForm, sure, FIELD_BOOL, "Certeza", 0, 0, false),
	FIELD(ChairForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

static Err page_chairs(Req *q, ChairsView *view, int status)
{
	SqlDoorChairs *chair;

	view->q = q;
	TRY(door_options(q->cx, &view->option));
	TRY(sql_door_chairs(q->cx, &chair, &view->chair_count));
	view->chair = chair;
	settings_chairs_page(&q->html, view);
	return send_html(q, status);
}

/* GET /settings/agenda/chairs */
static Err show_chairs(Req *q)
{
	return page_chairs(q, &(ChairsView){ 0 }, 200);
}

static Err name_is_free(Ctx *cx, int64_t branch, const char *name, int64_t but)
{
	SqlDoorChairNamed known;
	bool found;

	TRY(sql_door_chair_named(cx, branch, name, but, &known, &found));
	return found ? err_field(cx, "name", "Já existe uma cadeira com este nome na unidade.")
		     : OK;
}

static Err add_chair(Ctx *cx, const ChairForm *in, int64_t *ret)
{
	SqlDoorChairAdd row;
	Branch *branch;
	size_t count;
	bool known = false, added;

	TRY(company_list_branches(cx, &branch, &count));
	for (size_t i = 0; i < count; i++)
		known = known || branch[i].id == in->branch_id;
	if (!known)
		return err_field(cx, "branch_id", "Escolha a unidade.");
	TRY(name_is_free(cx, in->branch_id, in->name, 0));
	TRY(sql_door_chair_add(cx, in->branch_id, in->name, &row, &added));
	if (!added)
		return err_field(cx, "name", "São no máximo 200 cadeiras.");
	*ret = row.id;
	return OK;
}

/* POST /settings/agenda/chairs. 303; 422 with what is wrong. */
static Err create_chair(Req *q)
{
	int64_t id = 0;
	ChairForm in;
	Err err = form_read(q, chair_fields, COUNT(chair_fields), &in) ? add_chair(q->cx, &in, &id)
								       : ERR_INVALID;

	if (err == ERR_INVALID)
		return page_chairs(q, &(ChairsView){ 0 }, 422);
	TRY(err);
	TRY(note(q, "chair.create", "chair", id, "Cadeira criada"));
	return redirect(q, HOME "/chairs");
}

/* One that is closed while visits stand in it: the list first, then it is done with sure. */
static Err check_chair_change(
	Req *q, int64_t id, const ChairForm *in, ChairsView *view, bool *ret_wait)
{
	SqlDoorVisitRow *visit;
	SqlDoorChairs *chair;
	size_t count;
	int64_t branch = 0;

	*ret_wait = false;
	TRY(sql_door_chairs(q->cx, &chair, &count));
	for (size_t i = 0; i < count; i++)
		if (chair[i].id == id)
			branch = chair[i].branch_id;
	if (!branch)
		return err_set(q->cx, ERR_NOT_FOUND, "no chair %" PRId64, id);
	TRY(name_is_free(q->cx, branch, in->name, id));
	if (in->active || in->sure)
		return OK;
	TRY(sql_door_visits_within(
		q->cx, 0, id, 0, q->cx->now, q->cx->now + 365 * INT64_C(86400), &visit, &count));
	*ret_wait = count > 0;
	*view = (ChairsView){ .outside = visit, .outside_count = count, .closing = id };
	return OK;
}

/* POST /settings/agenda/chairs/:id. 303; 422; 409 with the visits of a chair that is to be closed.
 */
static Err update_chair(Req *q)
{
	ChairsView view = { 0 };
	bool wait = false;
	int64_t id, rows;
	ChairForm in;
	Err err;

	TRY(req_id(q, "id", &id));
	err = form_read(q, chair_fields, COUNT(chair_fields), &in)
		      ? check_chair_change(q, id, &in, &view, &wait)
		      : ERR_INVALID;
	if (err == ERR_INVALID)
		return page_chairs(q, &(ChairsView){ 0 }, 422);
	TRY(err);
	if (wait)
		return page_chairs(q, &view, 409);
	TRY(sql_door_chair_save(q->cx, id, in.name, in.active, (int32_t)in.version, &rows));
	if (!rows)
		return err_set(q->cx, ERR_CONFLICT, "chair %" PRId64 " changed meanwhile", id);
	TRY(note(q, "chair.update", "chair", id, "Cadeira salva"));
	return redirect(q, HOME "/chairs");
}

#define ADMIN "agenda.admin"

static const Route routes[] = {
	{ GET, HOME, show_dentists, ADMIN },
	{ GET, HOME "/dentists/new", blank_dentist, ADMIN },
	{ POST, HOME "/dentists", create_dentist, ADMIN },
	{ PATCH, HOME "/dentists/order", order_dentists, ADMIN },
	{ GET, HOME "/dentists/:id", show_dentist, ADMIN },
	{ POST, HOME "/dentists/:id", update_dentist, ADMIN },
	{ POST, HOME "/dentists/:id/feed", renew_feed, ADMIN },
	{ GET, HOME "/chairs", show_chairs, ADMIN },
	{ POST, HOME "/chairs", create_chair, ADMIN },
	{ POST, HOME "/chairs/:id", update_chair, ADMIN },
	{ PATCH, HOME "/types/order", order_types, ADMIN },
};
const RouteList settings_routes = { routes, COUNT(routes), &settings_type_routes };

/* Configurações › Agenda: dentists. Nothing that visits refer to is deleted: it is put out of use.
 */
#include "core/random.h"
#include "modules/account/account.h"
#include "modules/agenda/doors_view.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"

#define HOME "/settings/agenda"

#define TONES "teal blue violet pink orange amber green red slate"

Err settings_note(Req *q, const char *action, const char *subject, int64_t id, const char *toast)
{
	agenda_frame_changed(q->cx, q->cx->now);
	answer_toast(q, toast, NULL);
	return audit_add_change(
		q->cx, &(Change){ .action = action, .subject = subject, .subject_id = id });
}

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
				list[n++] = ui_option(cx->mem, member[i].user,
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
	TRY(settings_note(q, "dentist.create", "dentist", in.user_id,
		"Dentista na agenda. Agora, os horários"));
	return redirect(q, HOME "/dentists/%" PRId64, in.user_id);
}

Err door_dentist(Ctx *cx, int64_t user, SqlDoorDentists *ret)
{
	SqlDoorDentists *dentist;
	size_t count;

	TRY(sql_door_dentists(cx, &dentist, &count));
	for (size_t i = 0; i < count; i++)
		if (dentist[i].user_id == user) {
			*ret = dentist[i];
			return OK;
		}
	return err_set(cx, ERR_NOT_FOUND, "no dentist %" PRId64, user);
}

static Err dentist_of(Req *q, SqlDoorDentists *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return door_dentist(q->cx, id, ret);
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
	TRY(settings_note(q, "dentist.update", "dentist", dentist.user_id, "Dentista salvo"));
	return redirect(q, HOME);
}

typedef struct OrderForm {
	Int64s ids;
} OrderForm;

static const Field order_fields[] = {
	FIELD(OrderForm, ids, FIELD_IDS, "Ordem", 1, 200, true),
};

Err settings_read_order(Req *q, Int64s *ret)
{
	OrderForm in;

	if (!form_read(q, order_fields, COUNT(order_fields), &in))
		return ERR_INVALID;
	*ret = in.ids;
	return OK;
}

/* PATCH /settings/agenda/dentists/order: the columns from left to right. */
static Err order_dentists(Req *q)
{
	int64_t rows;
	Int64s ids;

	TRY(settings_read_order(q, &ids));
	TRY(sql_door_dentist_order(q->cx, ids, &rows));
	agenda_frame_changed(q->cx, q->cx->now);
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
	TRY(settings_note(q, in.off ? "feed.revoke" : "feed.renew", "dentist", dentist.user_id,
		in.off ? "Endereço do calendário desligado" : "Endereço novo criado"));
	if (in.off)
		return redirect(q, HOME "/dentists/%" PRId64, dentist.user_id);
	TRY(company_base_url(q->cx, &base));
	TRY(dentist_of(q, &dentist));
	return page_dentist(
		q, &dentist, arena_printf(q->cx->mem, "%s/agenda/feed/%s.ics", base, secret), 200);
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
};
const RouteList settings_routes = { routes, COUNT(routes), &settings_chair_routes };

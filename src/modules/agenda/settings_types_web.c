/* Configurações › Agenda › Tipos de consulta: what is booked, how long it takes and with whom. */
#include "modules/agenda/doors_view.h"

#define HOME "/settings/agenda/types"

typedef struct TypeForm {
	const char *name, *tone;
	int64_t minutes, buffer_minutes;
	bool online, active;
	int64_t version;
} TypeForm;

static const Field type_fields[] = {
	FIELD(TypeForm, name, FIELD_TEXT, "Nome", 1, 60, true),
	CHOICE_FIELD(
		TypeForm, tone, "Cor", "teal blue violet pink orange amber green red slate", true),
	FIELD(TypeForm, minutes, FIELD_INT, "Duração", 5, 720, true),
	FIELD(TypeForm, buffer_minutes, FIELD_INT, "Intervalo", 0, 120, false),
	FIELD(TypeForm, online, FIELD_BOOL, "On-line", 0, 0, false),
	FIELD(TypeForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
	FIELD(TypeForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

/* GET /settings/agenda/types */
static Err show_types(Req *q)
{
	TypesView view = { .q = q };
	SqlDoorTypes *type;

	TRY(sql_door_types(q->cx, &type, &view.type_count));
	view.type = type;
	settings_types_page(&q->html, &view);
	return send_html(q, 200);
}

static Err page_type(Req *q, const SqlDoorTypes *type, int status)
{
	TypeView view = { .q = q, .type = type };
	SqlDoorTypeDentists *dentist;

	TRY(sql_door_type_dentists(q->cx, type ? type->id : 0, &dentist, &view.dentist_count));
	view.dentist = dentist;
	settings_type_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/agenda/types/new */
static Err blank_type(Req *q)
{
	return page_type(q, NULL, 200);
}

static Err type_of(Req *q, SqlDoorTypes *ret)
{
	SqlDoorTypes *type;
	size_t count;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(sql_door_types(q->cx, &type, &count));
	for (size_t i = 0; i < count; i++)
		if (type[i].id == id) {
			*ret = type[i];
			return OK;
		}
	return err_set(q->cx, ERR_NOT_FOUND, "no visit type %" PRId64, id);
}

/* GET /settings/agenda/types/:id */
static Err show_type(Req *q)
{
	SqlDoorTypes type;

	TRY(type_of(q, &type));
	return page_type(q, &type, 200);
}

static Err name_is_free(Ctx *cx, const char *name, int64_t but)
{
	SqlDoorTypeNamed known;
	bool found;

	TRY(sql_door_type_named(cx, name, but, &known, &found));
	return found ? err_field(cx, "name", "Já existe um tipo com este nome.") : OK;
}

/* The lines of the dentists: "offer-<user>" ticked, "minutes-<user>" a number or nothing. */
static Err read_dentists(Req *q, SqlDoorTypeDentists *line, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const char *field = arena_printf(q->cx->mem, "minutes-%" PRId64, line[i].user_id);
		Str typed = str_trim(str_of(form_value(&q->form, field)));
		int64_t minutes = 0;

		line[i].offered = form_value(&q->form, arena_printf(q->cx->mem, "offer-%" PRId64,
							       line[i].user_id)) != NULL;
		line[i].minutes_null = !typed.len;
		if (typed.len && (!str_int64(typed, &minutes) || minutes < 5 || minutes > 720))
			return err_field(q->cx, field, "De 5 a 720 minutos, ou em branco.");
		line[i].minutes = (int32_t)minutes;
	}
	return OK;
}

static Err save_dentists(Req *q, int64_t id)
{
	SqlDoorTypeDentists *line;
	size_t count;
	int64_t rows;

	TRY(sql_door_type_dentists(q->cx, id, &line, &count));
	TRY(read_dentists(q, line, count));
	for (size_t i = 0; i < count; i++)
		TRY(sql_door_type_set_dentist(q->cx, id, line[i].user_id,
			line[i].minutes_null ? NULL : &line[i].minutes, line[i].offered, &rows));
	return OK;
}

static Err add_type(Req *q, const TypeForm *in, int64_t *ret)
{
	SqlDoorTypeAdd row;
	bool added;

	TRY(name_is_free(q->cx, in->name, 0));
	TRY(sql_door_type_add(q->cx, in->name, (int32_t)in->minutes, (int32_t)in->buffer_minutes,
		in->tone, in->online, &row, &added));
	if (!added)
		return err_field(q->cx, "name", "São no máximo 200 tipos de consulta.");
	*ret = row.id;
	return save_dentists(q, row.id);
}

/* POST /settings/agenda/types. 303 to the list; 422 with the form. */
static Err create_type(Req *q)
{
	int64_t id = 0;
	TypeForm in;
	Err err = form_read(q, type_fields, COUNT(type_fields), &in) ? add_type(q, &in, &id)
								     : ERR_INVALID;

	if (err == ERR_INVALID)
		return page_type(q, NULL, 422);
	TRY(err);
	TRY(settings_note(q, "visit_type.create", "visit_type", id, "Tipo de consulta criado"));
	return redirect(q, HOME);
}

static Err save_type(Req *q, int64_t id, const TypeForm *in)
{
	int64_t rows;

	TRY(name_is_free(q->cx, in->name, id));
	TRY(sql_door_type_save(q->cx,
		&(SqlDoorTypeSaveIn){ .id = id,
			.name = in->name,
			.minutes = (int32_t)in->minutes,
			.buffer_minutes = (int32_t)in->buffer_minutes,
			.tone = in->tone,
			.online = in->online,
			.active = in->active,
			.version = (int32_t)in->version },
		&rows));
	if (!rows)
		return err_set(q->cx, ERR_CONFLICT, "visit type %" PRId64 " changed meanwhile", id);
	return save_dentists(q, id);
}

/* POST /settings/agenda/types/:id. 303; 422 with the form; 409 when it changed meanwhile. Visits
 * that are booked keep their length. */
static Err update_type(Req *q)
{
	SqlDoorTypes type;
	TypeForm in;
	Err err;

	TRY(type_of(q, &type));
	err = form_read(q, type_fields, COUNT(type_fields), &in) ? save_type(q, type.id, &in)
								 : ERR_INVALID;
	if (err == ERR_INVALID)
		return page_type(q, &type, 422);
	TRY(err);
	TRY(settings_note(q, "visit_type.update", "visit_type", type.id, "Tipo de consulta salvo"));
	return redirect(q, HOME);
}

/* PATCH /settings/agenda/types/order */
static Err order_types(Req *q)
{
	int64_t rows;
	Int64s ids;

	TRY(settings_read_order(q, &ids));
	TRY(sql_door_type_order(q->cx, ids, &rows));
	return send_nothing(q);
}

static const Route routes[] = {
	{ GET, HOME, show_types, "agenda.admin" },
	{ GET, HOME "/new", blank_type, "agenda.admin" },
	{ POST, HOME, create_type, "agenda.admin" },
	{ PATCH, HOME "/order", order_types, "agenda.admin" },
	{ GET, HOME "/:id", show_type, "agenda.admin" },
	{ POST, HOME "/:id", update_type, "agenda.admin" },
};
const RouteList settings_type_routes = { routes, COUNT(routes), &settings_hours_routes };

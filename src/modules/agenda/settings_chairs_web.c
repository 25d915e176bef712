/* Configurações › Agenda › Cadeiras. One that visits stand in is closed when the person is sure. */
#include "modules/agenda/doors_view.h"

#define HOME "/settings/agenda/chairs"

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
	TRY(settings_note(q, "chair.create", "chair", id, "Cadeira criada"));
	return redirect(q, HOME);
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
	TRY(sql_door_visits_in_chair(
		q->cx, id, q->cx->now, q->cx->now + 365 * INT64_C(86400), &visit, &count));
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
	TRY(settings_note(q, "chair.update", "chair", id, "Cadeira salva"));
	return redirect(q, HOME);
}

static const Route routes[] = {
	{ GET, HOME, show_chairs, "agenda.admin" },
	{ POST, HOME, create_chair, "agenda.admin" },
	{ POST, HOME "/:id", update_chair, "agenda.admin" },
};
const RouteList settings_chair_routes = { routes, COUNT(routes), &settings_type_routes };

/* Configurações › Procedimentos: the catalogue, searched and edited; the TUSS table from a sheet.
 */
#include "modules/treatment/plan_web.h"
#include "platform/sheet/sheet.h"

enum { TUSS_PICK = 12 };

static Err specialty_options(Ctx *cx, const UiOption **ret, size_t *ret_count)
{
	UiOption *option;
	Strs list;

	TRY(catalogue_specialties(cx, &list));
	option = NEW_ARRAY(cx->mem, UiOption, list.count + 1);
	for (size_t i = 0; i < list.count; i++)
		option[i] = (UiOption){ .value = list.v[i], .label = list.v[i] };
	*ret = option;
	*ret_count = list.count;
	return OK;
}

/* GET /settings/procedures?q=&specialty=&inactive= */
static Err list(Req *q)
{
	CatalogueView view = { .q = q };
	Procedure *procedure;

	view.query = (CatalogueQuery){ .question = req_query(q, "q"),
		.specialty = req_query(q, "specialty"),
		.inactive = str_same(req_query(q, "inactive"), "1") };
	if (str_is_empty(view.query.specialty))
		view.query.specialty = NULL;
	TRY(catalogue_list(q->cx, &view.query, &procedure, &view.count));
	TRY(specialty_options(q->cx, &view.specialty, &view.specialty_count));
	TRY(tuss_count(q->cx, &view.tuss));
	view.procedure = procedure;
	catalogue_list_page(&q->html, &view);
	return send_html(q, 200);
}

/* POST /settings/procedures/start: the built-in list, for a company that began before it. */
static Err start(Req *q)
{
	TRY(catalogue_start_company(q->cx));
	answer_toast(q, "Lista de procedimentos pronta", NULL);
	return redirect(q, "/settings/procedures");
}

/* ---- one procedure ---- */

const UiOption procedure_areas[6] = {
	{ .value = "mouth", .label = "Boca toda" },
	{ .value = "arch", .label = "Arcada" },
	{ .value = "region", .label = "Região" },
	{ .value = "tooth", .label = "Um dente" },
	{ .value = "range", .label = "Vários dentes, um só trabalho" },
	{ .value = "surface", .label = "Faces de um dente" },
};
const UiOption procedure_dentitions[3] = {
	{ .value = "any", .label = "Qualquer" },
	{ .value = "permanent", .label = "Só permanentes" },
	{ .value = "deciduous", .label = "Só decíduos" },
};

const char *procedure_word(const char *column, const char *code)
{
	const bool area = !strcmp(column, "area");
	const UiOption *option = area ? procedure_areas : procedure_dentitions;

	if (!strcmp(column, "paint"))
		return chart_paint(code) ? chart_paint(code)->title : NULL;
	if (!area && strcmp(column, "dentition") != 0)
		return NULL;
	for (size_t i = 0; i < (area ? COUNT(procedure_areas) : COUNT(procedure_dentitions)); i++)
		if (!strcmp(option[i].value, code))
			return option[i].label;
	return NULL;
}

const Field procedure_fields[] = {
	FIELD(ProcedureForm, name, FIELD_TEXT, "Nome", 1, 160, true),
	FIELD(ProcedureForm, code, FIELD_TEXT, "Código TUSS", 0, 12, false),
	FIELD(ProcedureForm, layman, FIELD_TEXT, "Nome para o paciente", 0, 160, false),
	FIELD(ProcedureForm, specialty, FIELD_TEXT, "Especialidade", 1, 60, true),
	CHOICE_FIELD(ProcedureForm, area, "Onde", "mouth arch region tooth range surface", true),
	CHOICE_FIELD(ProcedureForm, dentition, "Dentição", "any permanent deciduous", true),
	FIELD(ProcedureForm, paint, FIELD_TEXT, "Desenho", 1, 20, true),
	FIELD(ProcedureForm, surfaces_min, FIELD_INT, "Faces, no mínimo", 0, 6, false),
	FIELD(ProcedureForm, surfaces_max, FIELD_INT, "Faces, no máximo", 0, 6, false),
	FIELD(ProcedureForm, minutes, FIELD_INT, "Minutos", 5, 720, true),
	FIELD(ProcedureForm, sessions, FIELD_INT, "Sessões", 1, 60, true),
	FIELD(ProcedureForm, price_cents, FIELD_MONEY, "Valor", 0, INT64_C(100000000000), true),
	FIELD(ProcedureForm, cost_cents, FIELD_MONEY, "Custo", 0, INT64_C(100000000000), false),
	FIELD(ProcedureForm, needs_lab, FIELD_BOOL, "Laboratório", 0, 0, false),
	FIELD(ProcedureForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

static void typed_kit(Req *q, ProcedureView *view)
{
	Strs name = form_values(&q->form, q->cx->mem, "kit_name");
	Strs quantity = form_values(&q->form, q->cx->mem, "kit_quantity");

	for (size_t i = 0; i < name.count && view->kit_count < KIT_MAX; i++)
		if (!str_is_empty(name.v[i]))
			view->kit[view->kit_count++] =
				(KitRow){ name.v[i], i < quantity.count ? quantity.v[i] : "" };
}

static Err stored_kit(Req *q, ProcedureView *view)
{
	const char *text;
	json_t *kit;

	TRY(catalogue_kit(q->cx, view->procedure->id, &text));
	if (!text)
		return OK;
	TRY(json_parse(q->cx, str_of(text), &kit));
	for (size_t i = 0; i < json_array_size(kit) && view->kit_count < KIT_MAX; i++) {
		const json_t *row = json_array_get(kit, i);

		view->kit[view->kit_count++] =
			(KitRow){ json_string_value(json_object_get(row, "name")),
				json_string_value(json_object_get(row, "quantity")) };
	}
	return OK;
}

static Err send_form(Req *q, const Procedure *procedure, int status)
{
	ProcedureView view = { .q = q, .procedure = procedure };

	if (status != 200)
		typed_kit(q, &view);
	else if (procedure)
		TRY(stored_kit(q, &view));
	TRY(specialty_options(q->cx, &view.specialty, &view.specialty_count));
	TRY(tuss_count(q->cx, &view.tuss));
	catalogue_form_page(&q->html, &view);
	return send_html(q, status);
}

static Err check_kit(Req *q, const ProcedureView *view, const char **ret)
{
	Json j;

	*ret = NULL;
	json_init(&j, q->cx->mem);
	json_put_array(&j, NULL);
	for (size_t i = 0; i < view->kit_count; i++) {
		if (str_utf8_length(str_of(view->kit[i].name)) > 120 ||
			str_utf8_length(str_of(view->kit[i].quantity)) > 40)
			return err_field(
				q->cx, "kit", "Um material tem até 120 letras, e a quantidade 40.");
		json_put_object(&j, NULL);
		json_put_text(&j, "name", view->kit[i].name);
		json_put_text(&j, "quantity", view->kit[i].quantity);
		json_close(&j);
	}
	json_close(&j);
	if (view->kit_count)
		*ret = json_done(&j);
	return OK;
}

static Err read_form(Req *q, ProcedureForm *in)
{
	ProcedureView kit = { 0 };

	if (!form_read(q, procedure_fields, COUNT(procedure_fields), in))
		return ERR_INVALID;
	typed_kit(q, &kit);
	return check_kit(q, &kit, &in->kit);
}

/* GET /settings/procedures/new */
static Err blank(Req *q)
{
	return send_form(q, NULL, 200);
}

/* POST /settings/procedures. 303 to the list; 422 with the form. */
static Err create(Req *q)
{
	ProcedureForm in;
	int64_t id;
	Err err = read_form(q, &in);

	if (err == OK)
		err = catalogue_add(q->cx, &in, &id);
	if (err == ERR_INVALID)
		return send_form(q, NULL, 422);
	TRY(err);
	answer_toast(q, "Procedimento criado", NULL);
	return redirect(q, "/settings/procedures");
}

static Err procedure_asked(Req *q, Procedure *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return procedure_get(q->cx, id, 0, ret);
}

/* GET /settings/procedures/:id */
static Err edit(Req *q)
{
	Procedure procedure;

	TRY(procedure_asked(q, &procedure));
	return send_form(q, &procedure, 200);
}

/* POST /settings/procedures/:id. 303; 422; 412. */
static Err update(Req *q)
{
	Procedure procedure;
	ProcedureForm in;
	Err err;

	TRY(procedure_asked(q, &procedure));
	err = read_form(q, &in);
	if (err == OK)
		err = catalogue_save(q->cx, procedure.id, &in);
	if (err == ERR_INVALID)
		return send_form(q, &procedure, 422);
	TRY(err);
	answer_toast(q, "Procedimento salvo", NULL);
	return redirect(q, "/settings/procedures");
}

static Err set_active(Req *q, bool active, const char *toast, const char *undo)
{
	Procedure procedure;

	TRY(procedure_asked(q, &procedure));
	TRY(catalogue_set_active(q->cx, procedure.id, active));
	answer_toast(q, toast,
		arena_printf(
			q->cx->mem, "/settings/procedures/%" PRId64 "/%s", procedure.id, undo));
	return redirect(q, "/settings/procedures");
}

static Err deactivate(Req *q)
{
	return set_active(q, false, "Procedimento desativado", "activate");
}

static Err activate(Req *q)
{
	return set_active(q, true, "Procedimento de volta ao catálogo", "deactivate");
}

/* ---- the TUSS table in the form ---- */

/* GET /settings/procedures/tuss?tuss=: codes by words or by their beginning. */
static Err find_tuss(Req *q)
{
	TussPick view = { .question = req_query(q, "tuss") };
	TussRow *row;

	TRY(tuss_search(q->cx, view.question, TUSS_PICK, &row, &view.count));
	view.row = row;
	catalogue_tuss_list(&q->html, &view);
	return send_html(q, 200);
}

/* GET /settings/procedures/tuss/:code?name=: the field of the code with it, and that of the name
 * when there is none yet. */
static Err take_tuss(Req *q)
{
	TussPick view = { .question = req_segment(q, "code"),
		.names = str_is_empty(req_query(q, "name")) };
	TussRow *row;

	TRY(tuss_search(q->cx, view.question, 1, &row, &view.count));
	if (!view.count || !str_same(row[0].code, view.question))
		return err_set(q->cx, ERR_NOT_FOUND, "no such TUSS code");
	view.row = row;
	catalogue_tuss_taken(&q->html, &view);
	return send_html(q, 200);
}

/* ---- the TUSS table ---- */

/* GET /settings/tuss */
static Err tuss(Req *q)
{
	TussView view = { .q = q };

	TRY(tuss_count(q->cx, &view.total));
	catalogue_tuss_page(&q->html, &view);
	return send_html(q, 200);
}

/* PUT /settings/tuss: a spreadsheet. 303 to what is in it. */
static Err upload(Req *q)
{
	int64_t id;

	TRY(tuss_upload(q->cx, q->body_file, &id));
	return redirect(q, "/settings/tuss/%" PRId64, id);
}

/* GET /settings/tuss/:id: what would be taken over, and what is wrong by row. */
static Err look(Req *q)
{
	TussView view = { .q = q };

	TRY(req_id(q, "id", &view.import));
	TRY(tuss_look(q->cx, view.import, &view.sheet));
	TRY(tuss_count(q->cx, &view.total));
	catalogue_tuss_page(&q->html, &view);
	return send_html(q, 200);
}

/* POST /settings/tuss/:id */
static Err take(Req *q)
{
	size_t count;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(tuss_take(q->cx, id, &count));
	answer_toast(q, arena_printf(q->cx->mem, "%zu códigos importados", count), NULL);
	return redirect(q, "/settings/procedures");
}

static const Route routes[] = {
	{ GET, "/settings/procedures", list, "treatment.admin" },
	{ POST, "/settings/procedures", create, "treatment.admin" },
	{ POST, "/settings/procedures/start", start, "treatment.admin" },
	{ GET, "/settings/procedures/new", blank, "treatment.admin" },
	{ GET, "/settings/procedures/tuss", find_tuss, "treatment.admin" },
	{ GET, "/settings/procedures/tuss/:code", take_tuss, "treatment.admin" },
	{ GET, "/settings/procedures/:id", edit, "treatment.admin" },
	{ POST, "/settings/procedures/:id", update, "treatment.admin" },
	{ POST, "/settings/procedures/:id/deactivate", deactivate, "treatment.admin" },
	{ POST, "/settings/procedures/:id/activate", activate, "treatment.admin" },
	{ GET, "/settings/tuss", tuss, "treatment.admin" },
	{ PUT, "/settings/tuss", upload, "treatment.admin", .body = BODY_FILE,
		.body_max = SHEET_FILE_MAX, .lane = LANE_HEAVY },
	{ GET, "/settings/tuss/:id", look, "treatment.admin", .lane = LANE_HEAVY },
	{ POST, "/settings/tuss/:id", take, "treatment.admin", .lane = LANE_HEAVY },
};

const RouteList catalogue_routes = { routes, COUNT(routes), &price_routes };

/* Configurações › Procedimentos › Preços: the grid of all tables, changed cell by cell or by
 * percent; and how much each role may take off. */
#include "modules/treatment/plan.sql.h"
#include "modules/treatment/plan_web.h"

/* Prices of all tables beside each procedure: one query a table, few tables. */
static Err fill_grid(Ctx *cx, PricesView *view)
{
	Procedure *private, *list;
	int64_t *cents;
	size_t count;

	TRY(catalogue_list(cx, &(CatalogueQuery){ 0 }, &private, &view->count));
	view->procedure = private;
	cents = NEW_ARRAY(cx->mem, int64_t, view->count * view->table_count + 1);
	for (size_t t = 0; t < view->table_count; t++) {
		TRY(catalogue_list(
			cx, &(CatalogueQuery){ .price_table = view->table[t].id }, &list, &count));
		for (size_t i = 0; i < count && i < view->count; i++)
			cents[i * view->table_count + t] = list[i].price_cents;
	}
	view->cents = cents;
	return OK;
}

static Err fill_limits(Ctx *cx, PricesView *view)
{
	SqlPlanRoleLimits *row;
	size_t count;

	TRY(sql_plan_role_limits(cx, &row, &count));
	for (size_t i = 0; i < count && i < COUNT(view->limit); i++) {
		view->limit[i].role = row[i].role;
		view->limit[i].title = row[i].title;
		view->limit[i].percent =
			row[i].percent_null ? plan_usual_limit(row[i].role) : row[i].percent;
		view->limit_count++;
	}
	return OK;
}

static Err send_prices(Req *q, int status)
{
	PricesView view = { .q = q };
	PriceTable *table;
	size_t count;

	TRY(price_tables(q->cx, &table, &count));
	for (size_t i = 0; i < count && table[i].active; i++)
		view.table_count++;
	view.table = table;
	TRY(fill_grid(q->cx, &view));
	TRY(fill_limits(q->cx, &view));
	catalogue_prices_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/prices */
static Err prices(Req *q)
{
	return send_prices(q, 200);
}

/* POST /settings/prices/:procedure/:table (table 0: private) with cents: the cell again. 422: what
 * was typed stays, and why it was refused. */
static Err set(Req *q)
{
	PriceCell cell = { .typed = form_value(&q->form, "cents") };
	Procedure procedure;
	PriceTable table = { .name = "Particular" };
	Err err;

	TRY(req_id(q, "procedure", &cell.procedure));
	if (strcmp(req_segment(q, "table"), "0") != 0)
		TRY(req_id(q, "table", &cell.table));
	TRY(procedure_get(q->cx, cell.procedure, cell.table, &procedure));
	if (cell.table)
		TRY(price_table_get(q->cx, cell.table, &table));
	cell.name = procedure.name;
	cell.table_name = table.name;
	cell.cents = procedure.price_cents;
	if (money_parse(cell.typed ? cell.typed : "", &cell.cents))
		err = catalogue_set_price(q->cx, cell.procedure, cell.table, cell.cents);
	else
		err = err_field(q->cx, "cents", "Informe um valor como 420,00.");
	if (err == ERR_INVALID)
		cell.bad = bad_find(q->cx, "cents");
	else
		TRY(err);
	cell.saved = !cell.bad;
	catalogue_price_cell(&q->html, &cell);
	return send_html(q, cell.bad ? 422 : 200);
}

/* ---- tables ---- */

static Err sources(Ctx *cx, const UiOption **ret, size_t *ret_count)
{
	const UiOption *table;
	UiOption *option;
	size_t count;

	TRY(plan_tables(cx, &table, &count));
	option = NEW_ARRAY(cx->mem, UiOption, count + 1);
	option[0] = (UiOption){ .value = "0", .label = "Particular" };
	for (size_t i = 0; i < count; i++)
		option[i + 1] = table[i];
	*ret = option;
	*ret_count = count + 1;
	return OK;
}

static Err send_table(Req *q, const PriceTable *table, int status)
{
	PriceTableView view = { .q = q, .table = table };

	TRY(sources(q->cx, &view.source, &view.source_count));
	catalogue_table_page(&q->html, &view);
	return send_html(q, status);
}

typedef struct TableForm {
	const char *name, *insurer, *percent;
	int64_t copy_of, version;
	bool active;
} TableForm;

const Field price_table_fields[] = {
	FIELD(TableForm, name, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(TableForm, insurer, FIELD_TEXT, "Convênio", 0, 80, false),
	FIELD(TableForm, percent, FIELD_TEXT, "Percentual", 0, 10, false),
	FIELD(TableForm, copy_of, FIELD_INT, "Copiar de", 0, INT64_MAX, false),
	FIELD(TableForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
	FIELD(TableForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
};

/* "-12,5" as tenths; nothing is 0. Cents of a number are its hundredths. */
static Err percent_of(Ctx *cx, const char *text, int64_t *ret)
{
	int64_t hundredths = 0;

	if (!str_is_empty(text) && !money_parse(text, &hundredths))
		return err_field(cx, "percent", "Informe um número como 8 ou -12,5.");
	*ret = hundredths / 10;
	return OK;
}

/* GET /settings/prices/tables/new */
static Err blank_table(Req *q)
{
	return send_table(q, NULL, 200);
}

/* POST /settings/prices/tables. 303 to the grid; 422 with the form. */
static Err create_table(Req *q)
{
	Err err = ERR_INVALID;
	int64_t id, tenths;
	TableForm in;

	if (form_read(q, price_table_fields, COUNT(price_table_fields), &in))
		err = percent_of(q->cx, in.percent, &tenths);
	if (err == OK)
		err = price_table_add(q->cx,
			&(PriceTableForm){ .name = in.name,
				.insurer = in.insurer,
				.copy_of = in.copy_of,
				.tenths = tenths },
			&id);
	if (err == ERR_INVALID)
		return send_table(q, NULL, 422);
	TRY(err);
	answer_toast(q, "Tabela criada", NULL);
	return redirect(q, "/settings/prices");
}

static Err table_asked(Req *q, PriceTable *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return price_table_get(q->cx, id, ret);
}

/* GET /settings/prices/tables/:id */
static Err edit_table(Req *q)
{
	PriceTable table;

	TRY(table_asked(q, &table));
	return send_table(q, &table, 200);
}

/* POST /settings/prices/tables/:id */
static Err update_table(Req *q)
{
	Err err = ERR_INVALID;
	PriceTable table;
	TableForm in;

	TRY(table_asked(q, &table));
	if (form_read(q, price_table_fields, COUNT(price_table_fields), &in))
		err = price_table_save(q->cx, table.id,
			&(PriceTableForm){ .name = in.name,
				.insurer = in.insurer,
				.version = in.version,
				.active = in.active });
	if (err == ERR_INVALID)
		return send_table(q, &table, 422);
	TRY(err);
	answer_toast(q, "Tabela salva", NULL);
	return redirect(q, "/settings/prices");
}

/* ---- a whole table by percent ---- */

typedef struct ChangeForm {
	const char *percent, *table;
	int64_t step;
} ChangeForm;

static const Field change_fields[] = {
	FIELD(ChangeForm, percent, FIELD_TEXT, "Percentual", 0, 10, false),
	FIELD(ChangeForm, table, FIELD_TEXT, "Tabela", 0, 20, false),
	FIELD(ChangeForm, step, FIELD_INT, "Arredondar", 0, 1000, false),
};

static Err read_change(Req *q, const ChangeForm *in, PriceChangeView *view)
{
	TRY(percent_of(q->cx, in->percent, &view->change.tenths));
	if (view->change.tenths < -999 || view->change.tenths > 9999)
		return err_field(q->cx, "percent", "Informe de -99,9% a 999,9%.");
	view->change.step = in->step == 100 || in->step == 500 || in->step == 1000 ? in->step : 1;
	if (!str_int64(str_of(in->table ? in->table : "0"), &view->table) || view->table < 0)
		return err_field(q->cx, "table", "Escolha a tabela.");
	return OK;
}

static Err send_change(Req *q, PriceChangeView *view, int status)
{
	Procedure *procedure;

	view->q = q;
	TRY(sources(q->cx, &view->source, &view->source_count));
	if (view->shown) {
		TRY(catalogue_list(q->cx, &(CatalogueQuery){ .price_table = view->table },
			&procedure, &view->count));
		view->procedure = procedure;
		for (size_t i = 0; i < view->count; i++)
			view->changed += price_changed(procedure[i].price_cents, &view->change) !=
					 procedure[i].price_cents;
	}
	catalogue_change_page(&q->html, view);
	return send_html(q, status);
}

/* GET /settings/prices/change?table=&percent=&step=: before and after, nothing changed yet. */
static Err look_change(Req *q)
{
	PriceChangeView view = { .change.step = 1 };
	ChangeForm in = { 0 };
	Err err = ERR_INVALID;

	if (query_read(q, change_fields, COUNT(change_fields), &in))
		err = read_change(q, &in, &view);
	view.shown = err == OK && view.change.tenths != 0;
	return send_change(q, &view, err == OK ? 200 : 422);
}

/* POST /settings/prices/change: done as it was shown. */
static Err change(Req *q)
{
	PriceChangeView view = { .change.step = 1 };
	Err err = ERR_INVALID;
	ChangeForm in;
	size_t count;

	if (form_read(q, change_fields, COUNT(change_fields), &in))
		err = read_change(q, &in, &view);
	if (err == OK)
		err = price_change_all(q->cx, view.table, &view.change, &count);
	if (err == ERR_INVALID)
		return send_change(q, &view, 422);
	TRY(err);
	answer_toast(q, arena_printf(q->cx->mem, "%zu preços mudaram", count), NULL);
	return redirect(q, "/settings/prices");
}

/* ---- limits of discount ---- */

/* POST /settings/discounts with role=percent, …: each role's own field is named by it. */
static Err set_limits(Req *q)
{
	SqlPlanRoleLimits *row;
	int64_t percent, rows;
	size_t count;
	Buf was, is;
	Diff diff;

	buf_init(&was, q->cx->mem, 2000);
	buf_init(&is, q->cx->mem, 2000);
	TRY(sql_plan_role_limits(q->cx, &row, &count));
	for (size_t i = 0; i < count; i++) {
		const char *name = arena_printf(q->cx->mem, "limit-%s", row[i].role);
		const char *typed = form_value(&q->form, name);

		if (!typed)
			continue;
		if (!str_int64(str_trim(str_of(typed)), &percent) || percent < 0 || percent > 100) {
			(void)err_field(q->cx, name, "De 0 a 100.");
			continue;
		}
		TRY(sql_plan_set_limit(q->cx, row[i].role, (int32_t)percent, &rows));
		buf_printf(&was, "%s%s %d%%", was.len ? ", " : "", row[i].title, row[i].percent);
		buf_printf(&is, "%s%s %" PRId64 "%%", is.len ? ", " : "", row[i].title, percent);
	}
	if (q->cx->bad_count)
		return send_prices(q, 422);
	diff_begin(&diff, q->cx->mem);
	diff_text(&diff, "limits", buf_text(&was), buf_text(&is));
	TRY(audit_add_change(q->cx, &(Change){ .action = "discount.limits",
					    .subject = "company",
					    .subject_id = q->cx->company.v,
					    .diff = diff_done(&diff) }));
	answer_toast(q, "Limites de desconto salvos", NULL);
	return redirect(q, "/settings/prices");
}

static const Route routes[] = {
	{ GET, "/settings/prices", prices, "treatment.admin" },
	{ POST, "/settings/prices/cells/:procedure/:table", set, "treatment.admin" },
	{ GET, "/settings/prices/tables/new", blank_table, "treatment.admin" },
	{ POST, "/settings/prices/tables", create_table, "treatment.admin" },
	{ GET, "/settings/prices/tables/:id", edit_table, "treatment.admin" },
	{ POST, "/settings/prices/tables/:id", update_table, "treatment.admin" },
	{ GET, "/settings/prices/change", look_change, "treatment.admin" },
	{ POST, "/settings/prices/change", change, "treatment.admin" },
	{ POST, "/settings/discounts", set_limits, "treatment.admin" },
};

const RouteList price_routes = { routes, COUNT(routes), &plan_api };

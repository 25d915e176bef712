/* What procedures cost: the private price, tables of insurers, and whole tables changed at once. */
#include "modules/treatment/catalogue.h"
#include "modules/treatment/catalogue.sql.h"

#include "core/money.h"

static PriceTable table_of(const SqlPriceTableRow *r)
{
	return (PriceTable){ r->id, r->name, r->insurer, r->active, r->version, r->prices };
}

Err price_tables(Ctx *cx, PriceTable **ret, size_t *ret_count)
{
	SqlPriceTableRow *row;

	TRY(sql_price_table_list(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, PriceTable, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = table_of(&row[i]);
	return OK;
}

Err price_table_get(Ctx *cx, int64_t id, PriceTable *ret)
{
	SqlPriceTableRow row;

	TRY(sql_price_table_by_id(cx, id, &row));
	*ret = table_of(&row);
	return OK;
}

int64_t price_changed(int64_t cents, const PriceChange *change)
{
	int64_t step = change->step > 0 ? change->step : 1;
	int64_t product = cents * (1000 + change->tenths);

	/* Twice the product over twice 1000 * step: halves go up. */
	return (2 * product + 1000 * step) / (2 * 1000 * step) * step;
}

/* Prices of all active procedures in `from`, changed, into the arrays. Only those that cost
 * something, or, for a new table, all. */
static Err changed_prices(Ctx *cx, int64_t from, const PriceChange *change, bool all,
	Int64s *ret_ids, Int64s *ret_cents)
{
	Procedure *list;
	int64_t *ids, *cents;
	size_t count, n = 0;

	TRY(catalogue_list(cx, &(CatalogueQuery){ .price_table = from }, &list, &count));
	ids = NEW_ARRAY(cx->mem, int64_t, count + 1);
	cents = NEW_ARRAY(cx->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++) {
		int64_t now = price_changed(list[i].price_cents, change);

		if (!all && now == list[i].price_cents)
			continue;
		ids[n] = list[i].id;
		cents[n++] = now;
	}
	*ret_ids = (Int64s){ ids, n };
	*ret_cents = (Int64s){ cents, n };
	return OK;
}

static Err check_tenths(Ctx *cx, int64_t tenths)
{
	if (tenths < -999 || tenths > 9999)
		return err_field(cx, "percent", "Informe de -99,9% a 999,9%.");
	return OK;
}

Err price_table_add(Ctx *cx, const PriceTableForm *in, int64_t *ret_id)
{
	SqlPriceTableRow *tables;
	SqlPriceTableInsert row;
	Int64s ids, cents;
	size_t count;
	int64_t rows;
	bool added;

	TRY(check_tenths(cx, in->tenths));
	TRY(sql_price_table_list(cx, &tables, &count));
	if (count >= PRICE_TABLES_MAX)
		return err_tell(cx, ERR_LIMIT, "São até 40 tabelas de preços.", "too many tables");
	TRY(sql_price_table_insert(cx, in->name, in->insurer, &row, &added));
	if (!added)
		return err_field(cx, "name", "Já há uma tabela com este nome.");
	TRY(changed_prices(cx, in->copy_of, &(PriceChange){ .tenths = in->tenths, .step = 1 },
		/* all= */ true, &ids, &cents));
	TRY(sql_price_set_many(cx, row.id, ids, cents, &rows));
	*ret_id = row.id;
	return audit_add_change(cx, &(Change){ .action = "price_table.create",
					    .subject = "price_table",
					    .subject_id = row.id });
}

Err price_table_save(Ctx *cx, int64_t id, const PriceTableForm *in)
{
	SqlPriceTableNamed other;
	PriceTable old;
	int64_t rows;
	bool found;
	Diff diff;

	TRY(price_table_get(cx, id, &old));
	TRY(sql_price_table_named(cx, in->name, id, &other, &found));
	if (found)
		return err_field(cx, "name", "Já há uma tabela com este nome.");
	TRY(sql_price_table_update(
		cx, id, (int32_t)in->version, in->name, in->insurer, in->active, &rows));
	if (!rows)
		return err_set(cx, ERR_STALE, "price table %" PRId64 " changed meanwhile", id);
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", old.name, in->name);
	diff_text(&diff, "insurer", old.insurer, in->insurer);
	diff_int(&diff, "active", old.active, in->active);
	return audit_add_change(cx, &(Change){ .action = "price_table.update",
					    .subject = "price_table",
					    .subject_id = id,
					    .diff = diff_done(&diff) });
}

Err catalogue_set_price(Ctx *cx, int64_t procedure, int64_t table, int64_t cents)
{
	SqlPriceSetPrivate before;
	Procedure old;
	int64_t rows;
	bool found;
	Diff diff;

	if (cents < 0 || cents > INT64_C(100000000000))
		return err_field(cx, "cents", "Informe um valor como 420,00.");
	if (table)
		TRY(price_table_get(cx, table, &(PriceTable){ 0 }));
	TRY(procedure_get(cx, procedure, table, &old));
	if (old.price_cents == cents)
		return OK;
	if (table)
		TRY(sql_price_set(cx, table, procedure, cents, &rows));
	else
		TRY(sql_price_set_private(cx, procedure, cents, &before, &found));
	diff_begin(&diff, cx->mem);
	diff_int(&diff, "price_cents", old.price_cents, cents);
	diff_int(&diff, "price_table_id", 0, table);
	return audit_add_change(cx, &(Change){ .action = "price.set",
					    .subject = "procedure",
					    .subject_id = procedure,
					    .diff = diff_done(&diff) });
}

Err price_change_all(Ctx *cx, int64_t table, const PriceChange *change, size_t *ret_count)
{
	Int64s ids, cents;
	int64_t rows;

	TRY(check_tenths(cx, change->tenths));
	if (table)
		TRY(price_table_get(cx, table, &(PriceTable){ 0 }));
	TRY(changed_prices(cx, table, change, /* all= */ false, &ids, &cents));
	if (table)
		TRY(sql_price_set_many(cx, table, ids, cents, &rows));
	else
		TRY(sql_price_set_private_many(cx, ids, cents, &rows));
	*ret_count = ids.count;
	return audit_add_change(cx,
		&(Change){ .action = "price.change_all",
			.subject = "price_table",
			.subject_id = table,
			.diff = arena_printf(cx->mem,
				"{\"percent\": [null, \"%s%%\"], \"step\": [null, %" PRId64 "]}",
				number_text_tenths(cx->mem, change->tenths), change->step) });
}

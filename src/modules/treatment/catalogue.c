/* The clinic's procedures: found, edited, put away. Never deleted: plans name them. */
#include "modules/treatment/catalogue.h"
#include "modules/treatment/catalogue.sql.h"

#include "core/search.h"

enum { PICKED = 50 };

const char *catalogue_search_text(
	Ctx *cx, const char *name, const char *layman, const char *code, const char *specialty)
{
	const char *more[] = { layman ? str_fold(cx->mem, layman) : NULL, code,
		specialty ? str_fold(cx->mem, specialty) : NULL };

	return search_text(cx->mem, name, more, COUNT(more));
}

static Procedure procedure_of(const SqlProcedureRow *r)
{
	return (Procedure){ .id = r->id,
		.code = r->code,
		.name = r->name,
		.layman = r->layman,
		.specialty = r->specialty,
		.area = r->area,
		.dentition = r->dentition,
		.paint = r->paint,
		.surfaces_min = r->surfaces_min,
		.surfaces_max = r->surfaces_max,
		.minutes = r->minutes,
		.sessions = r->sessions,
		.price_cents = r->price_cents,
		.cost_cents = r->cost_cents,
		.needs_lab = r->needs_lab,
		.active = r->active,
		.version = r->version };
}

Err procedure_get(Ctx *cx, int64_t id, int64_t price_table, Procedure *ret)
{
	SqlProcedureRow row;

	TRY(sql_procedure_by_id(cx, id, price_table ? &price_table : NULL, &row));
	*ret = procedure_of(&row);
	return OK;
}

Err procedure_search(
	Ctx *cx, const char *question, int64_t price_table, Procedure **ret, size_t *ret_count)
{
	const char *asked = str_fold(cx->mem, question ? question : "");
	const char *word[SEARCH_WORDS];
	SqlProcedureRow *row;

	search_patterns(cx->mem, asked, word);
	TRY(sql_procedure_pick(cx,
		&(SqlProcedurePickIn){ .word1 = word[0],
			.word2 = word[1],
			.word3 = word[2],
			.head = word[0] ? word[0] + 1 : "",
			.code = asked,
			.price_table = price_table ? &price_table : NULL,
			.n = PICKED },
		&row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Procedure, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = procedure_of(&row[i]);
	return OK;
}

Err catalogue_list(Ctx *cx, const CatalogueQuery *in, Procedure **ret, size_t *ret_count)
{
	const char *word[SEARCH_WORDS];
	SqlProcedureRow *row;

	search_patterns(cx->mem, in->question ? in->question : "", word);
	TRY(sql_procedure_list(cx, word[0], word[1], word[2], in->specialty, !in->inactive,
		in->price_table ? &in->price_table : NULL, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Procedure, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = procedure_of(&row[i]);
	return OK;
}

Err catalogue_specialties(Ctx *cx, Strs *ret)
{
	SqlProcedureSpecialties *row;
	const char **name;
	size_t count;

	TRY(sql_procedure_specialties(cx, &row, &count));
	name = NEW_ARRAY(cx->mem, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		name[i] = row[i].name;
	*ret = (Strs){ name, count };
	return OK;
}

Err catalogue_kit(Ctx *cx, int64_t id, const char **ret)
{
	SqlProcedureKit row;

	TRY(sql_procedure_kit(cx, id, &row));
	*ret = row.kit;
	return OK;
}

/* ---- writing ---- */

static bool is_code(const char *code)
{
	return strlen(code) == 8 && strspn(code, "0123456789") == 8;
}

/* What has no area of faces has no number of them. */
static Err check(Ctx *cx, ProcedureForm *in)
{
	bool faces = !strcmp(in->area, "surface");

	if (in->code && !is_code(in->code))
		(void)err_field(cx, "code", "O código TUSS tem 8 números.");
	if (!chart_paint(in->paint))
		(void)err_field(cx, "paint", "Escolha um desenho da lista.");
	if (faces && (in->surfaces_min < 1 || in->surfaces_max < in->surfaces_min))
		(void)err_field(
			cx, "surfaces_max", "São de 1 a 6 faces, o máximo não menor que o mínimo.");
	if (!faces)
		in->surfaces_min = in->surfaces_max = 0;
	return cx->bad_count ? ERR_INVALID : OK;
}

static Err name_is_taken(Ctx *cx)
{
	return err_field(cx, "name", "Já há um procedimento com este nome.");
}

static Err update(Ctx *cx, int64_t id, int64_t version, const ProcedureForm *in)
{
	int64_t rows;

	TRY(sql_procedure_update(cx,
		&(SqlProcedureUpdateIn){ .id = id,
			.version = (int32_t)version,
			.code = in->code,
			.name = in->name,
			.layman = in->layman,
			.specialty = in->specialty,
			.area = in->area,
			.surfaces_min = (int32_t)in->surfaces_min,
			.surfaces_max = (int32_t)in->surfaces_max,
			.dentition = in->dentition,
			.paint = in->paint,
			.minutes = (int32_t)in->minutes,
			.sessions = (int32_t)in->sessions,
			.price = in->price_cents,
			.cost = in->cost_cents,
			.lab = in->needs_lab,
			.kit = in->kit,
			.search = catalogue_search_text(
				cx, in->name, in->layman, in->code, in->specialty) },
		&rows));
	return rows ? OK : err_set(cx, ERR_STALE, "procedure %" PRId64 " changed meanwhile", id);
}

Err catalogue_add(Ctx *cx, const ProcedureForm *form, int64_t *ret_id)
{
	ProcedureForm checked = *form, *in = &checked;
	SqlProcedureInsert row;
	bool added;

	TRY(check(cx, in));
	TRY(sql_procedure_insert(cx, in->name, in->area, &row, &added));
	if (!added)
		return name_is_taken(cx);
	TRY(update(cx, row.id, /* version= */ 0, in));
	*ret_id = row.id;
	return audit_add_change(cx, &(Change){ .action = "procedure.create",
					    .subject = "procedure",
					    .subject_id = row.id });
}

/* "Resina A2 (1 g), Luva": how a kit is told in the book of changes. NULL: none. */
static Err kit_words(Ctx *cx, const char *kit, const char **ret)
{
	json_t *list;
	Buf words;

	*ret = NULL;
	if (!kit)
		return OK;
	TRY(json_parse(cx, str_of(kit), &list));
	buf_init(&words, cx->mem, 4000);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		const char *quantity = json_string_value(json_object_get(row, "quantity"));

		buf_printf(&words, "%s%s", i ? ", " : "",
			json_string_value(json_object_get(row, "name")));
		if (!str_is_empty(quantity))
			buf_printf(&words, " (%s)", quantity);
	}
	*ret = buf_text(&words);
	return OK;
}

static Err difference(Ctx *cx, const Procedure *old, const char *old_kit, const ProcedureForm *in,
	const char **ret)
{
	const char *had, *has;
	Diff diff;

	TRY(kit_words(cx, old_kit, &had));
	TRY(kit_words(cx, in->kit, &has));
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", old->name, in->name);
	diff_text(&diff, "code", old->code, in->code);
	diff_text(&diff, "layman", old->layman, in->layman);
	diff_text(&diff, "specialty", old->specialty, in->specialty);
	diff_text(&diff, "area", old->area, in->area);
	diff_text(&diff, "dentition", old->dentition, in->dentition);
	diff_text(&diff, "paint", old->paint, in->paint);
	diff_int(&diff, "surfaces_min", old->surfaces_min, in->surfaces_min);
	diff_int(&diff, "surfaces_max", old->surfaces_max, in->surfaces_max);
	diff_int(&diff, "needs_lab", old->needs_lab, in->needs_lab);
	diff_int(&diff, "price_cents", old->price_cents, in->price_cents);
	diff_int(&diff, "cost_cents", old->cost_cents, in->cost_cents);
	diff_int(&diff, "minutes", old->minutes, in->minutes);
	diff_int(&diff, "sessions", old->sessions, in->sessions);
	diff_text(&diff, "kit", had, has);
	*ret = diff_done(&diff);
	return OK;
}

Err catalogue_save(Ctx *cx, int64_t id, const ProcedureForm *form)
{
	ProcedureForm checked = *form, *in = &checked;
	SqlProcedureNamed other;
	const char *diff, *kit;
	Procedure old;
	bool found;

	TRY(procedure_get(cx, id, 0, &old));
	TRY(catalogue_kit(cx, id, &kit));
	TRY(check(cx, in));
	TRY(sql_procedure_named(cx, in->name, id, &other, &found));
	if (found)
		return name_is_taken(cx);
	TRY(update(cx, id, in->version, in));
	TRY(difference(cx, &old, kit, in, &diff));
	return !diff ? OK
		     : audit_add_change(cx, &(Change){ .action = "procedure.update",
						    .subject = "procedure",
						    .subject_id = id,
						    .diff = diff });
}

Err catalogue_set_active(Ctx *cx, int64_t id, bool active)
{
	Procedure old;
	int64_t rows;

	TRY(procedure_get(cx, id, 0, &old));
	TRY(sql_procedure_set_active(cx, id, active, &rows));
	if (!rows)
		return OK;
	return audit_add_change(
		cx, &(Change){ .action = active ? "procedure.activate" : "procedure.deactivate",
			    .subject = "procedure",
			    .subject_id = id });
}

Err catalogue_count_uses(Ctx *cx, const char *data)
{
	int64_t rows;

	(void)data;
	return sql_procedure_count_uses(cx, cx->now - 365 * 86400, &rows);
}

/* What the columns of an uploaded spreadsheet mean: a person settles it, with the first rows before
 * their eyes as they will be understood. */
#include "core/br.h"
#include "core/money.h"
#include "modules/crm/leads_view.h"
#include "platform/web/form_json.h"

enum { SAMPLES = 3, SAMPLE_MAX = 60 };

/* The first rows of the file. */
typedef struct Head {
	Ctx *cx; /* whose memory keeps the cells */
	SheetRow row[IMPORT_PREVIEW + 1];
	size_t row_count;
	size_t column_count;
} Head;

static Err keep(Ctx *cx, const SheetRow *row, void *arg)
{
	Head *head = arg;
	const char **cell = NEW_ARRAY(head->cx->mem, const char *, row->cell.count + 1);

	(void)cx;
	for (size_t i = 0; i < row->cell.count; i++)
		cell[i] = arena_dup(head->cx->mem, row->cell.v[i]);
	head->row[head->row_count++] = (SheetRow){ row->number, { cell, row->cell.count } };
	if (row->cell.count > head->column_count)
		head->column_count =
			row->cell.count < IMPORT_COLUMNS_MAX ? row->cell.count : IMPORT_COLUMNS_MAX;
	return OK;
}

static Err read_head(Ctx *cx, const SqlImportRow *import, Head *ret)
{
	const char *path;

	*ret = (Head){ .cx = cx };
	TRY(import_path(cx, import->file, &path));
	return sheet_read(cx, path, &(SheetOptions){ .stop_after = IMPORT_PREVIEW + 1 }, keep, ret);
}

/* ---- columns ---- */

static const char *column_name(Arena *mem, size_t i)
{
	return i < 26 ? arena_printf(mem, "Coluna %c", (char)('A' + i))
		      : arena_printf(
				mem, "Coluna %c%c", (char)('A' + i / 26 - 1), (char)('A' + i % 26));
}

/* "Ana Lima, Bruno Sá, Caio" */
static const char *sample_of(Arena *mem, const Head *head, size_t column, bool headings)
{
	int given = 0;
	Buf out;

	buf_init(&out, mem, 4 * SAMPLE_MAX);
	for (size_t i = headings; i < head->row_count && given < SAMPLES; i++) {
		const char *cell =
			column < head->row[i].cell.count ? head->row[i].cell.v[column] : "";

		if (*cell && out.len + strlen(cell) < 3 * SAMPLE_MAX)
			buf_printf(&out, "%s%s", given++ ? " · " : "", cell);
	}
	return buf_text(&out);
}

static void describe_columns(ImportMapView *v, const Head *head, const char *const *target)
{
	Arena *mem = v->q->cx->mem;
	ImportColumn *column = NEW_ARRAY(mem, ImportColumn, head->column_count + 1);

	for (size_t i = 0; i < head->column_count; i++) {
		const char *heading =
			v->option.headings && head->row_count && i < head->row[0].cell.count
				? head->row[0].cell.v[i]
				: "";

		column[i] = (ImportColumn){ .heading = *heading ? heading : column_name(mem, i),
			.sample = sample_of(mem, head, i, v->option.headings),
			.target = target[i],
			.bad = bad_find(v->q->cx, arena_printf(mem, "c%zu", i)) };
	}
	v->column = column;
	v->column_count = head->column_count;
}

/* ---- preview ---- */

static const char *field_words(Ctx *cx, const Field *field, const LeadForm *form)
{
	const void *at = (const char *)form + field->offset;
	const Strs *list = at;
	Buf out;

	switch (field->type) {
	case FIELD_PHONE:
		return phone_text(cx->mem, *(const char *const *)at);
	case FIELD_CPF:
		return cpf_text(cx->mem, *(const char *const *)at);
	case FIELD_MONEY:
		return money_text(cx->mem, *(const int64_t *)at);
	case FIELD_DATE:
		return date_text(cx->mem, *(const int32_t *)at);
	case FIELD_BOOL:
		return *(const bool *)at ? "Sim" : "Não";
	case FIELD_TEXTS:
		buf_init(&out, cx->mem, 1000);
		for (size_t i = 0; i < list->count; i++)
			buf_printf(&out, "%s%s", i ? ", " : "", list->v[i]);
		return buf_text(&out);
	default:
		return *(const char *const *)at;
	}
}

static const char *typed_in(Ctx *cx, const ImportPlan *plan, Strs cell, const char *target)
{
	const char *text = "";

	for (size_t i = 0; i < plan->column_count && i < cell.count; i++)
		if (plan->target[i] && !strcmp(plan->target[i], target) && *cell.v[i])
			text = *text ? arena_printf(cx->mem, "%s %s", text, cell.v[i]) : cell.v[i];
	return text;
}

static ImportCell preview_cell(
	Ctx *cx, const ImportPlan *plan, const ImportRow *row, Strs cell, const char *target)
{
	ImportCell ret = { .text = typed_in(cx, plan, cell, target) };

	for (size_t i = 0; i < row->bad_count; i++)
		if (!strcmp(row->bad[i].field, target))
			ret.bad = row->bad[i].sentence;
	if (ret.bad || !*ret.text)
		return ret;
	for (size_t i = 0; i < lead_field_count; i++)
		if (!strcmp(lead_fields[i].name, target))
			ret.text = field_words(cx, &lead_fields[i], &row->form);
	return ret;
}

static bool is_shown(const ImportMapView *v, const char *name)
{
	for (size_t i = 0; i < v->shown_count; i++)
		if (!strcmp(v->shown[i].name, name))
			return true;
	return false;
}

static void choose_shown(ImportMapView *v, const ImportPlan *plan)
{
	ImportTarget *shown = NEW_ARRAY(v->q->cx->mem, ImportTarget, plan->column_count + 1);

	v->shown = shown;
	for (size_t i = 0; i < plan->column_count; i++)
		for (size_t j = 0; plan->target[i] && j < v->target_count; j++)
			if (!strcmp(plan->target[i], v->target[j].name) &&
				!is_shown(v, plan->target[i]))
				shown[v->shown_count++] = v->target[j];
}

static const char *other_bad(Ctx *cx, const ImportMapView *v, const ImportRow *row)
{
	const char *text = NULL;

	for (size_t i = 0; i < row->bad_count; i++)
		if (!is_shown(v, row->bad[i].field))
			text = text ? arena_printf(cx->mem, "%s %s", text, row->bad[i].sentence)
				    : row->bad[i].sentence;
	return text;
}

static Err fill_preview(Ctx *cx, ImportMapView *v, const ImportPlan *plan, const Head *head)
{
	size_t first = plan->option.headings;
	size_t rows = head->row_count > first ? head->row_count - first : 0;
	ImportCell *cell;
	const char **bad;
	int64_t *line;

	if (rows > IMPORT_PREVIEW)
		rows = IMPORT_PREVIEW;
	choose_shown(v, plan);
	cell = NEW_ARRAY(cx->mem, ImportCell, rows * v->shown_count + 1);
	bad = NEW_ARRAY(cx->mem, const char *, rows + 1);
	line = NEW_ARRAY(cx->mem, int64_t, rows + 1);
	for (size_t i = 0; i < rows; i++) {
		const SheetRow *row = &head->row[first + i];
		ImportRow parsed = { 0 };

		TRY(import_parse(cx, plan, row->cell, &parsed));
		for (size_t j = 0; j < v->shown_count; j++)
			cell[i * v->shown_count + j] =
				preview_cell(cx, plan, &parsed, row->cell, v->shown[j].name);
		bad[i] = other_bad(cx, v, &parsed);
		line[i] = row->number;
		v->bad_rows += parsed.bad_count > 0;
	}
	v->cell = cell;
	v->row_bad = bad;
	v->line = line;
	v->row_count = rows;
	return OK;
}

/* ---- the page ---- */

static Err fill_view(Req *q, const SqlImportRow *import, const Head *head, const ImportPlan *plan,
	ImportMapView *ret)
{
	const char **target = NEW_ARRAY(q->cx->mem, const char *, IMPORT_COLUMNS_MAX);

	*ret = (ImportMapView){ .q = q, .import = import, .option = plan->option };
	for (size_t i = 0; i < plan->column_count && i < IMPORT_COLUMNS_MAX; i++)
		target[i] = plan->target[i];
	ret->target = import_targets(q->cx, plan->field, plan->field_count, &ret->target_count);
	TRY(lead_choices(q->cx, &ret->choice));
	describe_columns(ret, head, target);
	return fill_preview(q->cx, ret, plan, head);
}

Err crm_map_import(Req *q, const SqlImportRow *import)
{
	ImportMapView view;
	ImportPlan plan;
	Head head;

	TRY(import_plan(q->cx, import->id, import->mapping, import->options, &plan));
	TRY(read_head(q->cx, import, &head));
	TRY(fill_view(q, import, &head, &plan, &view));
	crm_import_map_page(&q->html, &view);
	return send_html(q, 200);
}

/* ---- what was sent ---- */

static bool may_repeat(const char *target)
{
	for (size_t i = 0; i < lead_field_count; i++)
		if (!strcmp(lead_fields[i].name, target))
			return lead_fields[i].type == FIELD_TEXT ||
			       lead_fields[i].type == FIELD_TEXTS;
	return false;
}

static const char *known_target(const ImportTarget *target, size_t count, const char *name)
{
	for (size_t i = 0; name && i < count; i++)
		if (!strcmp(target[i].name, name))
			return target[i].name;
	return NULL;
}

/* The selects c0, c1, … of the form; marks what cannot be. */
static Err read_columns(Req *q, size_t count, const char **ret)
{
	size_t field_count, target_count;
	ImportTarget *target;
	SqlCrmFields *field;
	bool named = false;

	TRY(sql_crm_fields(q->cx, &field, &field_count));
	target = import_targets(q->cx, field, field_count, &target_count);
	for (size_t i = 0; i < count; i++) {
		const char *name = arena_printf(q->cx->mem, "c%zu", i);

		ret[i] = known_target(target, target_count, form_value(&q->form, name));
		named = named || str_same(ret[i], "name");
		for (size_t j = 0; ret[i] && j < i && !may_repeat(ret[i]); j++)
			if (str_same(ret[j], ret[i]))
				err_field(q->cx, name, "Outra coluna já vai para este campo.");
	}
	if (!named)
		err_field(q->cx, "c0", "Escolha a coluna que tem o nome da pessoa.");
	return OK;
}

/* Form, file and plan of a POST to an import that has not begun. */
static Err read_posted(
	Req *q, SqlImportRow *import, Head *head, ImportPlan *plan, ImportMapView *view)
{
	const char *target[IMPORT_COLUMNS_MAX] = { 0 };
	ImportOptions option = { 0 };
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(sql_crm_import(q->cx, id, import));
	if (strcmp(import->state, "mapping") != 0)
		return err_tell(q->cx, ERR_CONFLICT, "Esta importação já começou.",
			"import %" PRId64 " has begun", id);
	TRY(read_head(q->cx, import, head));
	if (!form_read(q, import_option_fields, import_option_count, &option))
		option.twins = option.twins ? option.twins : "skip";
	TRY(read_columns(q, head->column_count, target));
	import->mapping = import_mapping_json(q->cx, target, head->column_count);
	import->options = import_options_json(q->cx, &option);
	TRY(import_plan(q->cx, id, import->mapping, import->options, plan));
	return fill_view(q, import, head, plan, view);
}

/* POST /leads/import/:id/preview: the first rows under the mapping that stands in the form. */
Err crm_preview_import(Req *q)
{
	SqlImportRow import;
	ImportMapView view;
	ImportPlan plan;
	Head head;

	TRY(read_posted(q, &import, &head, &plan, &view));
	crm_import_preview(&q->html, &view);
	return send_html(q, 200);
}

/* POST /leads/import/:id: begin. 303 to the progress; 422 with the page: no column is the name, two
 * columns are one field. */
Err crm_start_import(Req *q)
{
	SqlImportRow import;
	ImportMapView view;
	ImportPlan plan;
	int64_t rows;
	Head head;

	TRY(read_posted(q, &import, &head, &plan, &view));
	if (q->cx->bad_count) {
		crm_import_map_page(&q->html, &view);
		return send_html(q, 422);
	}
	TRY(sql_crm_start_import(q->cx, import.id, import.mapping, import.options, &rows));
	if (!rows)
		return err_tell(q->cx, ERR_CONFLICT, "Esta importação já começou.",
			"import %" PRId64 " has begun", import.id);
	TRY(job_add(q->cx, "crm.import",
		arena_printf(q->cx->mem, "{\"id\":%" PRId64 "}", import.id), NULL));
	return redirect(q, "/leads/import/%" PRId64, import.id);
}

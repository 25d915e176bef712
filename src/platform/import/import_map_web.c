/* What the columns of an uploaded spreadsheet mean: a person settles it, with the first rows before
 * their eyes as they will be understood. */
#include "platform/import/import_rooms.h"

enum { SAMPLES = 3, SAMPLE_MAX = 60 };

/* ---- columns ---- */

static const char *column_name(Arena *mem, size_t i)
{
	return i < 26 ? arena_printf(mem, "Coluna %c", (char)('A' + i))
		      : arena_printf(
				mem, "Coluna %c%c", (char)('A' + i / 26 - 1), (char)('A' + i % 26));
}

/* "Ana Lima · Bruno Sá · Caio" */
static const char *sample_of(Arena *mem, const ImportHead *head, size_t column, bool headings)
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

static void describe_columns(ImportMapView *v, const ImportHead *head)
{
	Arena *mem = v->q->cx->mem;
	ImportColumn *column = NEW_ARRAY(mem, ImportColumn, v->map->column.count + 1);
	Strs first = v->import->headings ? head->row[0].cell : (Strs){ 0 };

	v->column = column;
	v->column_count = v->map->column.count;
	for (size_t i = 0; i < v->column_count; i++)
		column[i] = (ImportColumn){
			.heading =
				i < first.count && *first.v[i] ? first.v[i] : column_name(mem, i),
			.sample = sample_of(mem, head, i, v->import->headings),
		};
}

/* ---- preview ---- */

static const char *typed_in(Ctx *cx, const ImportMap *map, Strs cell, const char *target)
{
	const char *text = "";

	for (size_t i = 0; i < map->column.count && i < cell.count; i++)
		if (!strcmp(map->column.v[i], target) && *cell.v[i])
			text = *text ? arena_printf(cx->mem, "%s %s", text, cell.v[i]) : cell.v[i];
	return text;
}

static ImportCell preview_cell(
	Ctx *cx, const ImportMap *map, const ImportRow *row, Strs cell, const char *target)
{
	ImportCell ret = { .text = typed_in(cx, map, cell, target) };
	const Field *field = import_field(map->kind, target);

	for (size_t i = 0; i < row->bad_count; i++)
		if (!strcmp(row->bad[i].field, target))
			ret.bad = row->bad[i].sentence;
	if (!ret.bad && *ret.text && field && field->type != FIELD_CHOICE)
		ret.text = import_words(cx, field, row->record);
	return ret;
}

static bool is_shown(const ImportMapView *v, const char *name)
{
	for (size_t i = 0; i < v->shown_count; i++)
		if (!strcmp(v->shown[i].name, name))
			return true;
	return false;
}

static void choose_shown(ImportMapView *v)
{
	ImportTarget *shown = NEW_ARRAY(v->q->cx->mem, ImportTarget, v->map->column.count + 1);

	v->shown = shown;
	for (size_t i = 0; i < v->map->column.count; i++) {
		const ImportTarget *target = import_target(v->map, v->map->column.v[i]);

		if (target && !is_shown(v, target->name))
			shown[v->shown_count++] = *target;
	}
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

static Err fill_preview(Ctx *cx, ImportMapView *v, const ImportHead *head)
{
	size_t first = v->import->headings;
	size_t rows = head->row_count > first ? head->row_count - first : 0;
	ImportCell *cell;
	const char **bad;
	int64_t *line;

	if (rows > IMPORT_PREVIEW)
		rows = IMPORT_PREVIEW;
	choose_shown(v);
	cell = NEW_ARRAY(cx->mem, ImportCell, rows * v->shown_count + 1);
	bad = NEW_ARRAY(cx->mem, const char *, rows + 1);
	line = NEW_ARRAY(cx->mem, int64_t, rows + 1);
	for (size_t i = 0; i < rows; i++) {
		const SheetRow *row = &head->row[first + i];
		ImportRow parsed;

		TRY(import_parse(cx, v->map, row, &parsed));
		for (size_t j = 0; j < v->shown_count; j++)
			cell[i * v->shown_count + j] =
				preview_cell(cx, v->map, &parsed, row->cell, v->shown[j].name);
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

void import_options(Html *h, const ImportMapView *v)
{
	v->kind->draw_options(h, v);
}

/* All that the page needs to hold together. */
typedef struct Mapping {
	Import import;
	ImportHead head;
	ImportMap map;
	ImportMapView view;
} Mapping;

/* m->import, head and map are there already. */
static Err fill_view(Req *q, Mapping *m)
{
	const ImportKind *kind = q->route->arg;

	m->view = (ImportMapView){ .q = q, .kind = kind, .import = &m->import, .map = &m->map };
	if (kind->choices)
		TRY(kind->choices(q->cx, &m->view.choices));
	describe_columns(&m->view, &m->head);
	return fill_preview(q->cx, &m->view, &m->head);
}

static Err read_head(Req *q, Mapping *m)
{
	const char *path;

	TRY(import_path(q->cx, &m->import, &path));
	return import_read_head(q->cx, path, /* whole= */ false, &m->head);
}

Err import_show_map(Req *q, const Import *import)
{
	Mapping *m = NEW(q->cx->mem, Mapping);

	m->import = *import;
	TRY(read_head(q, m));
	TRY(import_map(q->cx, q->route->arg, &m->import, &m->map));
	TRY(fill_view(q, m));
	import_map_page(&q->html, &m->view);
	return send_html(q, 200);
}

/* ---- what was sent ---- */

static bool may_repeat(const Field *field)
{
	return field && (field->type == FIELD_TEXT || field->type == FIELD_TEXTS);
}

/* The selects c0, c1, … of the form; marks what cannot be. */
static void read_columns(Req *q, Mapping *m)
{
	const ImportKind *kind = q->route->arg;
	size_t count = m->import.target.count;
	const char **target = NEW_ARRAY(q->cx->mem, const char *, count + 1);

	for (size_t i = 0; i < count; i++) {
		const char *name = arena_printf(q->cx->mem, "c%zu", i);
		const ImportTarget *chosen = import_target(&m->map, form_value(&q->form, name));

		target[i] = chosen ? chosen->name : "";
		if (chosen && strs_have((Strs){ target, i }, target[i]) &&
			!may_repeat(import_field(kind, target[i])))
			err_field(q->cx, name, "Outra coluna já vai para este campo.");
	}
	m->import.target = m->map.column = (Strs){ target, count };
	if (!strs_have(m->import.target, "name"))
		err_field(q->cx, "c0", kind->no_name);
}

static void put_texts(Json *json, const char *name, const Strs *list)
{
	json_put_array(json, name);
	for (size_t i = 0; i < list->count; i++)
		json_put_text(json, NULL, list->v[i]);
	json_close(json);
}

/* What kind->option can be: choices, truths, ids and lists of texts. */
static const char *options_json(Ctx *cx, const ImportKind *kind, const void *option)
{
	Json json;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	for (size_t i = 0; i < kind->option_count; i++) {
		const Field *field = &kind->option[i];
		const void *at = (const char *)option + field->offset;

		if (field->type == FIELD_BOOL)
			json_put_bool(&json, field->name, *(const bool *)at);
		else if (field->type == FIELD_ID && *(const int64_t *)at)
			json_put_int(&json, field->name, *(const int64_t *)at);
		else if (field->type == FIELD_CHOICE)
			json_put_text(&json, field->name, *(const char *const *)at);
		else if (field->type == FIELD_TEXTS)
			put_texts(&json, field->name, at);
	}
	return json_done(&json);
}

/* Form, file and plan of a POST to an import that has not begun. */
static Err read_posted(Req *q, Mapping *m)
{
	static const Field headings[] = { { .name = "headings", .type = FIELD_BOOL } };
	const ImportKind *kind = q->route->arg;
	void *option = arena_alloc(q->cx->mem, kind->option_size);
	int32_t had;

	TRY(import_asked(q, &m->import));
	if (strcmp(m->import.state, "mapping") != 0)
		return err_tell(q->cx, ERR_CONFLICT, "Esta importação já começou.",
			"import %" PRId64 " has begun", m->import.id);
	TRY(read_head(q, m));
	had = m->import.headings;
	if (form_read(q, kind->option, kind->option_count, option))
		m->import.options = options_json(q->cx, kind, option);
	form_read(q, headings, COUNT(headings), &m->import.headings);
	m->import.row_count += had - m->import.headings;
	TRY(import_map(q->cx, kind, &m->import, &m->map));
	read_columns(q, m);
	return fill_view(q, m);
}

/* POST …/import/:id/preview: the first rows under the mapping that stands in the form. */
Err import_preview(Req *q)
{
	Mapping *m = NEW(q->cx->mem, Mapping);

	TRY(read_posted(q, m));
	import_preview_part(&q->html, &m->view);
	return send_html(q, 200);
}

/* POST …/import/:id: begin. 303 to the progress; 422 with the page: no column is the name, two
 * columns are one field. */
Err import_start(Req *q)
{
	Mapping *m = NEW(q->cx->mem, Mapping);
	const Import *import = &m->import;
	const ImportKind *kind = q->route->arg;
	int64_t rows;

	TRY(read_posted(q, m));
	if (q->cx->bad_count) {
		import_map_page(&q->html, &m->view);
		return send_html(q, 422);
	}
	TRY(kind->table->settle(q->cx, import->id, import->target, import->headings,
		import->options, import->row_count, &rows));
	if (!rows)
		return err_tell(q->cx, ERR_CONFLICT, "Esta importação já começou.",
			"import %" PRId64 " has begun", import->id);
	TRY(import_add_job(q->cx, kind->job, import->id));
	return redirect_path(q, import_url(q->cx->mem, kind, import->id, "").text);
}

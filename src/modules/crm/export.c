/* Leads as a spreadsheet. The columns follow from lead_out, the table of the API: a new field of a
 * lead is exported without a word here. */
#include "core/br.h"
#include "core/clock.h"
#include "modules/crm/leads_view.h"
#include "platform/sheet/sheet.h"

enum { EXPORT_PAGE = 1000, EXPORT_COLUMNS_MAX = 200 };

/* Headings that the API's description does not give. */
static const struct {
	const char *name, *heading;
} headings[] = {
	{ "next_due", "Próxima ação em" },
	{ "next_title", "Próxima ação" },
};

/* Where a column's cells come from: a member of Lead, or one of the company's fields. */
typedef struct Source {
	const OutField *out;
	const SqlCrmFields *custom;
} Source;

typedef struct Export {
	SheetColumn column[EXPORT_COLUMNS_MAX];
	Source source[EXPORT_COLUMNS_MAX];
	size_t count;
	bool has_custom;
	SheetWriter *writer;
} Export;

static const OutField *out_named(const char *name)
{
	for (size_t i = 0; i < lead_out_count; i++)
		if (!strcmp(lead_out[i].name, name))
			return &lead_out[i];
	return NULL;
}

/* "Telefone (E.164)" is "Telefone"; the name of what has an id is titled as the id is: "Origem". */
static const char *heading_of(Arena *mem, const OutField *out)
{
	const OutField *id = out_named(arena_printf(mem, "%s_id", out->name));
	const char *title = id ? id->title : out->title;
	Str head = str_trim((Str){ title, strcspn(title, ",:(") });

	for (size_t i = 0; i < COUNT(headings); i++)
		if (!strcmp(headings[i].name, out->name))
			return headings[i].heading;
	return arena_copy(mem, head.ptr, head.len);
}

/* Ids of what also stands there by name, and what only programs need. */
static bool is_left_out(const OutField *out)
{
	return (out->type == OUT_ID && strcmp(out->name, "id") != 0 &&
		       strcmp(out->name, "patient_id") != 0) ||
	       out->type == OUT_JSON || !strcmp(out->name, "version");
}

static SheetKind kind_of(OutType type)
{
	switch (type) {
	case OUT_MONEY:
		return SHEET_MONEY;
	case OUT_INT:
	case OUT_ID:
		return SHEET_NUMBER;
	case OUT_DATE:
		return SHEET_DATE;
	case OUT_TIME:
		return SHEET_TIME;
	case OUT_BOOL:
		return SHEET_BOOL;
	default:
		return SHEET_TEXT;
	}
}

static void add_column(Export *x, const char *title, SheetKind kind, Source source)
{
	if (x->count >= EXPORT_COLUMNS_MAX)
		return;
	x->column[x->count] = (SheetColumn){ .title = title, .kind = kind };
	x->source[x->count++] = source;
}

static Err choose_columns(Ctx *cx, Export *x)
{
	SqlCrmFields *field;
	size_t count;

	for (size_t i = 0; i < lead_out_count; i++)
		if (!is_left_out(&lead_out[i]))
			add_column(x, heading_of(cx->mem, &lead_out[i]), kind_of(lead_out[i].type),
				(Source){ .out = &lead_out[i] });
	TRY(sql_crm_fields(cx, &field, &count));
	for (size_t i = 0; i < count; i++)
		add_column(x, field[i].title,
			!strcmp(field[i].type, "date") ? SHEET_DATE : SHEET_TEXT,
			(Source){ .custom = &field[i] });
	x->has_custom = count > 0;
	return OK;
}

/* ---- cells ---- */

static const char *status_text(const char *status)
{
	return !strcmp(status, "won") ? "Ganho" : !strcmp(status, "lost") ? "Perdido" : "Aberto";
}

static SheetCell text_cell(const char *text)
{
	return (SheetCell){ .text = text ? text : "", .empty = str_is_empty(text) };
}

/* Phones and documents as people write them; they are read again as well. */
static SheetCell text_member(Ctx *cx, const OutField *out, const char *text)
{
	if (text && str_starts(out->name, "phone"))
		text = phone_text(cx->mem, text);
	else if (text && !strcmp(out->name, "cpf"))
		text = cpf_text(cx->mem, text);
	else if (text && !strcmp(out->name, "status"))
		text = status_text(text);
	return text_cell(text);
}

static const char *joined(Ctx *cx, Strs list)
{
	Buf out;

	buf_init(&out, cx->mem, SHEET_CELL_MAX);
	for (size_t i = 0; i < list.count; i++)
		buf_printf(&out, "%s%s", i ? ", " : "", list.v[i]);
	return buf_text(&out);
}

static SheetCell member_cell(Ctx *cx, const OutField *out, const Lead *lead)
{
	const char *at = (const char *)lead + out->offset;
	int64_t number;

	switch (out->type) {
	case OUT_TEXT:
		return text_member(cx, out, *(const char *const *)(const void *)at);
	case OUT_TEXTS:
		return text_cell(joined(cx, *(const Strs *)(const void *)at));
	case OUT_BOOL:
		return (SheetCell){ .number = *(const bool *)at };
	case OUT_DATE:
		number = *(const int32_t *)(const void *)at;
		return (SheetCell){ .number = number, .empty = number == DATE_NONE };
	default:
		number = out->size == sizeof(int32_t) ? *(const int32_t *)(const void *)at
						      : *(const int64_t *)(const void *)at;
		return (SheetCell){ .number = number,
			.empty = !number && (out->type == OUT_TIME || out->type == OUT_ID) };
	}
}

/* Numbers are kept with a point, dates as ISO. */
static SheetCell custom_cell(Ctx *cx, const SqlCrmFields *field, const json_t *custom)
{
	const char *text = json_string_value(json_object_get(custom, field->key));
	char *copy = arena_dup(cx->mem, text);
	int32_t date;

	if (str_is_empty(text))
		return (SheetCell){ .text = "", .empty = true };
	if (!strcmp(field->type, "date"))
		return date_parse(text, &date) ? (SheetCell){ .number = date }
					       : (SheetCell){ .empty = true };
	if (!strcmp(field->type, "number"))
		for (char *c = copy; *c; c++)
			if (*c == '.')
				*c = ',';
	return text_cell(copy);
}

static Err write_lead(Ctx *cx, const Export *x, const Lead *lead)
{
	SheetCell cell[EXPORT_COLUMNS_MAX];
	json_t *custom = NULL;

	if (x->has_custom)
		TRY(json_parse(cx, str_of(lead->custom), &custom));
	for (size_t i = 0; i < x->count; i++)
		cell[i] = x->source[i].custom ? custom_cell(cx, x->source[i].custom, custom)
					      : member_cell(cx, x->source[i].out, lead);
	return sheet_row(x->writer, cell);
}

/* ---- which leads ---- */

/* Those with the ids; ids that are nobody's are left out. */
static Err write_ids(Ctx *cx, const Export *x, Int64s ids, int64_t *ret_count)
{
	Lead lead;

	for (size_t i = 0; i < ids.count; i++) {
		Err err = crm_get_lead(cx, (LeadId){ ids.v[i] }, &lead);

		if (err == ERR_NOT_FOUND || (err == OK && lead.merged_into))
			continue;
		TRY(err);
		TRY(write_lead(cx, x, &lead));
		++*ret_count;
	}
	return OK;
}

/* Page by page, each in memory of its own: there may be more leads than an arena holds. */
static Err write_filter(
	Ctx *cx, const Export *x, LeadFilter filter, int64_t limit, int64_t *ret_count)
{
	Ctx page = *cx;
	int64_t next = 0;
	Err err = OK;

	page.mem = arena_new(ARENA_LIMIT);
	do {
		Lead *lead;
		size_t count = 0;

		filter.limit = limit - *ret_count < EXPORT_PAGE ? limit - *ret_count : EXPORT_PAGE;
		err = crm_list_leads(&page, &filter, &lead, &count, &next);
		for (size_t i = 0; err == OK && i < count; i++)
			err = write_lead(&page, x, &lead[i]);
		*ret_count += (int64_t)count;
		filter.after = next;
		if (err != OK && page.err.log)
			err_set(cx, err, "%s", page.err.log);
		arena_reset(page.mem);
	} while (err == OK && next && *ret_count < limit);
	arena_free(page.mem);
	return err;
}

Err export_write(
	Ctx *cx, const ExportAsk *ask, int64_t limit, const char **ret_path, int64_t *ret_count)
{
	Export *x = NEW(cx->mem, Export);
	const char *path;
	int64_t count = 0;

	TRY(sheet_new_path(cx, ask->format, &path));
	TRY(choose_columns(cx, x));
	TRY(sheet_open(cx, path, ask->format, "Leads", x->column, x->count, &x->writer));
	if (ask->ids.count)
		TRY(write_ids(cx, x, ask->ids, &count));
	else
		TRY(write_filter(cx, x, ask->filter, limit, &count));
	TRY(sheet_close(x->writer));
	*ret_path = path;
	*ret_count = count;
	return OK;
}

const char *export_name(Ctx *cx, int64_t at)
{
	return arena_printf(cx->mem, "leads-%s", date_text_iso(cx->mem, date_today(at, cx->zone)));
}

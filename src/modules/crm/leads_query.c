/* The address of the list: filter and columns as a query string, which links, saved views, bulk
 * changes and exports share. */
#include "modules/crm/leads_view.h"

LeadFilter lead_filter_none(void)
{
	return (LeadFilter){ .created_from = DATE_NONE,
		.created_to = DATE_NONE,
		.ended_from = DATE_NONE,
		.ended_to = DATE_NONE,
		.reached_from = DATE_NONE,
		.reached_to = DATE_NONE };
}

/* ---- filter to text ---- */

static const void *value_at(const LeadFilter *filter, const Field *field)
{
	return (const char *)filter + field->offset;
}

/* As it stands in the address; NULL: not asked. */
static const char *field_text(Arena *mem, const LeadFilter *filter, const Field *field)
{
	const void *value = value_at(filter, field);
	int64_t number;
	int32_t date;

	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_CHOICE:
		return str_is_empty(*(const char *const *)value) ? NULL
								 : *(const char *const *)value;
	case FIELD_BOOL:
		return *(const bool *)value ? "1" : NULL;
	case FIELD_DATE:
		date = *(const int32_t *)value;
		return date == DATE_NONE ? NULL : date_text_iso(mem, date);
	default:
		number = *(const int64_t *)value;
		return number ? arena_printf(mem, "%" PRId64, number) : NULL;
	}
}

/* The page of the list is no part of what is asked. */
static bool is_paging(const Field *field)
{
	return !strcmp(field->name, "after") || !strcmp(field->name, "limit");
}

/* url_printf encodes; the path in front is only to please it. */
static const char *encode_pair(Arena *mem, const char *name, const char *value)
{
	return url_printf(mem, "/?%s=%s", name, value).text + 2;
}

const char *lead_filter_query(Arena *mem, const LeadFilter *filter)
{
	Buf out;

	buf_init(&out, mem, 8 * LEADS_QUERY_MAX);
	for (size_t i = 0; i < lead_filter_field_count; i++) {
		const Field *field = &lead_filter_fields[i];
		const char *text = is_paging(field) ? NULL : field_text(mem, filter, field);

		if (!text || (!strcmp(field->name, "status") && !strcmp(text, "open")))
			continue;
		buf_puts(&out, out.len ? "&" : "");
		buf_puts(&out, encode_pair(mem, field->name, text));
	}
	return buf_text(&out);
}

Err lead_filter_parse(Ctx *cx, const char *query, LeadFilter *ret, bool *ret_odd)
{
	size_t before = cx->bad_count;
	Form form;

	*ret = lead_filter_none();
	TRY(form_parse(cx, str_of(query), &form));
	*ret_odd = !form_fill(cx, &form, lead_filter_fields, lead_filter_field_count, ret);
	cx->bad_count = before;
	return OK;
}

/* ---- columns ---- */

static const LeadColumn our_columns[] = {
	{ "stage", "Etapa", "stage", .usual = true, .phone = true },
	{ "phone", "Telefone", .usual = true },
	{ "email", "E-mail" },
	{ "interest", "Interesse" },
	{ "value", "Valor", "value", .number = true, .usual = true, .phone = true },
	{ "next", "Próxima ação", "due", .usual = true, .phone = true },
	{ "owner", "Responsável", .usual = true },
	{ "source", "Origem", .usual = true },
	{ "campaign", "Campanha" },
	{ "tags", "Etiquetas" },
	{ "status", "Situação" },
	{ "stalled", "Na etapa desde" },
	{ "expected", "Previsão" },
	{ "touched", "Último contato" },
	{ "created", "Criado em", "created" },
	{ "ended", "Encerrado em" },
	{ "reason", "Motivo da perda" },
	{ "consent", "Novidades" },
};

static bool is_listed(const char *cols, const char *key)
{
	Str rest = str_of(cols), word;

	while (str_cut(&rest, ',', &word))
		if (str_is(word, key))
			return true;
	return false;
}

LeadColumn *lead_columns(Arena *mem, const char *cols, const LeadChoices *choice, size_t *ret_count)
{
	LeadColumn *column = NEW_ARRAY(mem, LeadColumn, COUNT(our_columns) + choice->field_count);
	size_t count = COUNT(our_columns);

	memcpy(column, our_columns, sizeof our_columns);
	for (size_t i = 0; i < choice->field_count; i++)
		if (choice->field[i].active && count < LEADS_COLUMNS_MAX)
			column[count++] = (LeadColumn){ .key = choice->field[i].key,
				.title = choice->field[i].title,
				.custom = true };
	for (size_t i = 0; i < count; i++) {
		const char *key = column[i].custom ? arena_printf(mem, "custom.%s", column[i].key)
						   : column[i].key;

		column[i].shown = cols ? is_listed(cols, key) : column[i].usual;
	}
	*ret_count = count;
	return column;
}

const char *lead_columns_text(Arena *mem, const LeadColumn *column, size_t count)
{
	bool usual = true;
	Buf out;

	buf_init(&out, mem, LEADS_QUERY_MAX);
	for (size_t i = 0; i < count; i++) {
		usual = usual && column[i].shown == column[i].usual;
		if (column[i].shown)
			buf_printf(&out, "%s%s%s", out.len ? "," : "",
				column[i].custom ? "custom." : "", column[i].key);
	}
	return usual ? NULL : out.len ? buf_text(&out) : "none";
}

/* ---- addresses ---- */

static Url list_url(const LeadsView *v, const LeadFilter *filter, const char *more)
{
	Arena *mem = v->q->cx->mem;
	const char *query = lead_filter_query(mem, filter);
	Buf out;

	buf_init(&out, mem, 16 * LEADS_QUERY_MAX);
	buf_printf(&out, "/leads?%s", query);
	if (v->cols)
		buf_printf(&out, "&cols=%s", v->cols);
	if (v->current)
		buf_printf(&out, "&view=%" PRId64, v->current->id);
	buf_puts(&out, more);
	return (Url){ buf_text(&out) };
}

Url leads_url(const LeadsView *v, const LeadFilter *filter)
{
	return list_url(v, filter, "");
}

bool leads_sorted_by(const LeadsView *v, const LeadColumn *column, bool *ret_down)
{
	const char *sort = str_is_empty(v->filter.sort) ? "-created" : v->filter.sort;

	*ret_down = *sort == '-';
	return column->sort && !strcmp(sort + *ret_down, column->sort);
}

/* Names and dates begin small, amounts and creation large; the second press turns it round. */
Url leads_sort_url(const LeadsView *v, const LeadColumn *column)
{
	LeadFilter filter = v->filter;
	bool down, sorted = leads_sorted_by(v, column, &down);
	bool large = !strcmp(column->sort, "value") || !strcmp(column->sort, "created");

	down = sorted ? !down : large;
	filter.sort = arena_printf(v->q->cx->mem, "%s%s", down ? "-" : "", column->sort);
	return list_url(v, &filter, "");
}

/* The last of the cursors "941.891.", and what stands before it. */
static const char *trail_last(Arena *mem, const char *trail, const char **ret_before)
{
	size_t size = strlen(trail), at;

	if (size)
		size--; /* its dot */
	for (at = size; at > 0 && trail[at - 1] != '.'; at--)
		;
	*ret_before = arena_copy(mem, trail, at);
	return arena_copy(mem, trail + at, size - at);
}

Url leads_page_url(const LeadsView *v, bool forward)
{
	Arena *mem = v->q->cx->mem;
	const char *before, *last;

	if (forward)
		return v->next ? list_url(v, &v->filter,
					 arena_printf(mem,
						 "&after=%" PRId64 "&trail=%s%" PRId64 ".", v->next,
						 v->trail, v->filter.after))
			       : (Url){ NULL };
	if (!*v->trail)
		return (Url){ NULL };
	last = trail_last(mem, v->trail, &before);
	if (!strcmp(last, "0"))
		return list_url(v, &v->filter, "");
	return list_url(v, &v->filter, arena_printf(mem, "&after=%s&trail=%s", last, before));
}

const LeadsHidden *leads_hidden(const LeadsView *v, const char *without, size_t *ret_count)
{
	Arena *mem = v->q->cx->mem;
	LeadsHidden *hidden = NEW_ARRAY(mem, LeadsHidden, lead_filter_field_count + 2);
	size_t count = 0;

	for (size_t i = 0; i < lead_filter_field_count; i++) {
		const Field *field = &lead_filter_fields[i];
		const char *text = is_paging(field) ? NULL : field_text(mem, &v->filter, field);

		if (text && !is_listed(without, field->name))
			hidden[count++] = (LeadsHidden){ field->name, text };
	}
	if (v->cols && !is_listed(without, "cols"))
		hidden[count++] = (LeadsHidden){ "cols", v->cols };
	if (v->current)
		hidden[count++] =
			(LeadsHidden){ "view", arena_printf(mem, "%" PRId64, v->current->id) };
	*ret_count = count;
	return hidden;
}

/* The list of leads: filter, columns, order, pages, and the views that people keep. */
#include "core/money.h"
#include "modules/crm/leads_view.h"

enum { TRAIL_MAX = 600, VIEWS_MAX = 40 };

/* ---- what is asked ---- */

/* "phone,stage": from the address, or from the ticks of the chooser (col, col, …). */
static const char *asked_columns(Req *q, const LeadChoices *choice)
{
	Arena *mem = q->cx->mem;
	const char *cols = req_query(q, "cols");
	LeadColumn *column;
	size_t count;
	Form form;
	Strs ticked;
	Buf out;

	if (req_query(q, "choose") && form_parse(q->cx, str_of(q->query), &form) == OK) {
		ticked = form_values(&form, mem, "col");
		buf_init(&out, mem, LEADS_QUERY_MAX);
		buf_puts(&out, "none");
		for (size_t i = 0; i < ticked.count; i++)
			buf_printf(&out, ",%s", ticked.v[i]);
		cols = buf_text(&out);
	}
	column = lead_columns(mem, str_is_empty(cols) ? NULL : cols, choice, &count);
	return lead_columns_text(mem, column, count);
}

static const char *asked_trail(Req *q)
{
	const char *trail = req_query(q, "trail");
	size_t size = trail ? strlen(trail) : 0;

	if (!size || size > TRAIL_MAX || strspn(trail, "0123456789.") != size ||
		trail[size - 1] != '.')
		return "";
	return trail;
}

/* What a view keeps: the filter and, when they are not the usual ones, the columns. */
static const char *query_of(Arena *mem, const LeadFilter *filter, const char *cols)
{
	const char *query = lead_filter_query(mem, filter);

	return cols ? arena_printf(mem, "%s%scols=%s", query, *query ? "&" : "", cols) : query;
}

static Err read_views(Req *q, LeadsView *v)
{
	int64_t wanted = req_query_int(q, "view", 0);
	SqlCrmViews *view;

	TRY(sql_crm_views(q->cx, q->cx->user.v, &view, &v->view_count));
	v->view = view;
	for (size_t i = 0; i < v->view_count; i++)
		if (view[i].id == wanted)
			v->current = &view[i];
	v->changed = strcmp(v->query, v->current ? v->current->query : "") != 0;
	return OK;
}

static Err read_asked(Req *q, LeadsView *v)
{
	*v = (LeadsView){ .q = q, .trail = asked_trail(q) };
	TRY(lead_filter_parse(q->cx, q->query, &v->filter, &v->odd));
	v->filter.limit = LEADS_PAGE;
	if (!*v->trail)
		v->filter.after = 0; /* a page in the middle has a way back */
	TRY(lead_choices(q->cx, &v->choice));
	v->cols = asked_columns(q, &v->choice);
	v->column = lead_columns(q->cx->mem, v->cols, &v->choice, &v->column_count);
	v->query = query_of(q->cx->mem, &v->filter, v->cols);
	return read_views(q, v);
}

/* ---- chips: what is asked, in words ---- */

static const char *label_of(const UiOption *option, size_t count, int64_t id)
{
	const char *label = choice_label(option, count, id);

	return label ? label : "?";
}

static const char *stage_name(const LeadsView *v, int64_t pipeline, int64_t stage)
{
	for (size_t i = 0; i < v->choice.pipeline_count; i++) {
		const Pipeline *p = &v->choice.pipeline[i];

		if (p->id == pipeline)
			return p->name;
		for (size_t j = 0; j < p->stage_count; j++)
			if (p->stage[j].id == stage)
				return p->stage[j].name;
	}
	return "?";
}

static void add_chip(LeadsView *v, const LeadFilter *without, const char *format, const char *text)
{
	if (v->chip_count < LEADS_CHIPS_MAX)
		v->chip[v->chip_count++] =
			(LeadChip){ text ? arena_printf(v->q->cx->mem, "%s: %s", format, text)
					 : format,
				leads_url(v, without) };
}

static const char *status_word(const char *status)
{
	return !strcmp(status, "won")    ? "Ganhos"
	       : !strcmp(status, "lost") ? "Perdidos"
	       : !strcmp(status, "all")  ? "Todos, também encerrados"
					 : "Abertos";
}

#define CHIP(member, none, asked, title, text)                                                     \
	do {                                                                                       \
		if (asked) {                                                                       \
			LeadFilter without = *f;                                                   \
			without.member = (none);                                                   \
			add_chip(v, &without, title, text);                                        \
		}                                                                                  \
	} while (0)

static void date_chips(LeadsView *v, const LeadFilter *f)
{
	Arena *mem = v->q->cx->mem;

	CHIP(created_from, DATE_NONE, f->created_from != DATE_NONE, "Criados a partir de",
		date_text(mem, f->created_from));
	CHIP(created_to, DATE_NONE, f->created_to != DATE_NONE, "Criados até",
		date_text(mem, f->created_to));
	CHIP(ended_from, DATE_NONE, f->ended_from != DATE_NONE, "Encerrados a partir de",
		date_text(mem, f->ended_from));
	CHIP(ended_to, DATE_NONE, f->ended_to != DATE_NONE, "Encerrados até",
		date_text(mem, f->ended_to));
	CHIP(reached_from, DATE_NONE, f->reached_id && f->reached_from != DATE_NONE,
		"Chegaram a partir de", date_text(mem, f->reached_from));
	CHIP(reached_to, DATE_NONE, f->reached_id && f->reached_to != DATE_NONE, "Chegaram até",
		date_text(mem, f->reached_to));
}

static const char *without_word(const char *without)
{
	return !strcmp(without, "source")     ? "Sem origem"
	       : !strcmp(without, "campaign") ? "Sem campanha"
	       : !strcmp(without, "owner")    ? "Sem responsável"
					      : "Sem previsão";
}

/* What the figures' links ask. */
static void figure_chips(LeadsView *v, const LeadFilter *f)
{
	CHIP(reached_id, 0, f->reached_id, "Chegou à etapa", stage_name(v, 0, f->reached_id));
	CHIP(expected, NULL, !str_is_empty(f->expected), "Previsão",
		str_same(f->expected, "late")    ? "atrasada"
		: str_same(f->expected, "later") ? "daqui a um ano ou mais"
		: strlen(f->expected) == 7
			? arena_printf(v->q->cx->mem, "%s/%.4s", f->expected + 5, f->expected)
			: f->expected);
	CHIP(patient, NULL, f->patient,
		str_same(f->patient, "yes") ? "Viraram paciente" : "Sem ficha de paciente", NULL);
	CHIP(without, NULL, f->without, without_word(f->without), NULL);
}

/* Those that have a switch of their own (mine, overdue, stalled, no_task) are not repeated. */
static void fill_chips(LeadsView *v)
{
	const LeadFilter *f = &v->filter;

	CHIP(q, NULL, !str_is_empty(f->q), "Busca", f->q);
	CHIP(status, NULL, !str_is_empty(f->status) && strcmp(f->status, "open") != 0,
		status_word(f->status), NULL);
	CHIP(pipeline_id, 0, f->pipeline_id, "Funil", stage_name(v, f->pipeline_id, 0));
	CHIP(stage_id, 0, f->stage_id, "Etapa", stage_name(v, 0, f->stage_id));
	CHIP(source_id, 0, f->source_id, "Origem",
		label_of(v->choice.source, v->choice.source_count, f->source_id));
	CHIP(owner_id, 0, f->owner_id, "Responsável",
		label_of(v->choice.owner, v->choice.owner_count, f->owner_id));
	CHIP(loss_reason_id, 0, f->loss_reason_id, "Motivo",
		label_of(v->choice.reason, v->choice.reason_count, f->loss_reason_id));
	CHIP(campaign, NULL, !str_is_empty(f->campaign), "Campanha", f->campaign);
	CHIP(tag, NULL, !str_is_empty(f->tag), "Etiqueta", f->tag);
	figure_chips(v, f);
	date_chips(v, f);
}

/* ---- the page ---- */

/* The plain list of open leads is counted by the board's totals: no walk over 60 000 leads. */
static bool count_by_totals(LeadsView *v)
{
	LeadFilter plain = v->filter;

	plain.pipeline_id = plain.stage_id = 0;
	plain.sort = NULL;
	if (*lead_filter_query(v->q->cx->mem, &plain))
		return false;
	for (size_t i = 0; i < v->choice.pipeline_count; i++)
		for (size_t j = 0; j < v->choice.pipeline[i].stage_count; j++) {
			const Stage *stage = &v->choice.pipeline[i].stage[j];

			if (strcmp(stage->kind, "open") != 0 ||
				(v->filter.stage_id && v->filter.stage_id != stage->id) ||
				(v->filter.pipeline_id &&
					v->filter.pipeline_id != stage->pipeline_id))
				continue;
			v->total += stage->lead_count;
			v->value_cents += stage->value_cents;
		}
	return true;
}

static bool custom_is_shown(const LeadsView *v)
{
	for (size_t i = 0; i < v->column_count; i++)
		if (v->column[i].custom && v->column[i].shown)
			return true;
	return false;
}

static Err read_leads(Req *q, LeadsView *v)
{
	Lead *lead;

	TRY(crm_list_leads(q->cx, &v->filter, &lead, &v->lead_count, &v->next));
	v->lead = lead;
	if (!count_by_totals(v))
		TRY(crm_count_leads(q->cx, &v->filter, &v->total, &v->value_cents));
	if (!custom_is_shown(v))
		return OK;
	v->custom = NEW_ARRAY(q->cx->mem, json_t *, v->lead_count + 1);
	for (size_t i = 0; i < v->lead_count; i++)
		TRY(json_parse(q->cx, str_of(lead[i].custom), &v->custom[i]));
	return OK;
}

const char *leads_custom(Arena *mem, const LeadsView *v, size_t row, const char *key)
{
	const char *text = json_string_value(json_object_get(v->custom[row], key));
	int32_t date;

	/* dates are stored as ISO texts */
	return text && strlen(text) == 10 && text[4] == '-' && date_parse(text, &date)
		       ? date_text(mem, date)
		       : text;
}

/* GET /leads?filters&cols=&view=: the page; for htmx (the search box) the list alone. */
Err crm_leads(Req *q)
{
	LeadsView view;

	TRY(read_asked(q, &view));
	TRY(read_leads(q, &view));
	fill_chips(&view);
	if (q->htmx)
		crm_leads_part(&q->html, &view);
	else
		crm_leads_page(&q->html, &view);
	return send_html(q, 200);
}

/* ---- views ---- */

typedef struct ViewForm {
	const char *name, *query;
	bool shared;
} ViewForm;

static const Field view_fields[] = {
	FIELD(ViewForm, name, FIELD_TEXT, "Nome", 1, 60, true),
	FIELD(ViewForm, query, FIELD_TEXT, "Filtro", 0, LEADS_QUERY_MAX, false),
	FIELD(ViewForm, shared, FIELD_BOOL, "Para toda a equipe", 0, 0, false),
};

/* What was sent as a filter, as we would have written it. */
static Err clean_query(Req *q, const char *sent, const char **ret)
{
	LeadColumn *column;
	LeadChoices choice;
	LeadFilter filter;
	size_t count;
	Form form;
	bool odd;

	TRY(lead_filter_parse(q->cx, sent, &filter, &odd));
	TRY(form_parse(q->cx, str_of(sent), &form));
	TRY(lead_choices(q->cx, &choice));
	column = lead_columns(q->cx->mem, form_value(&form, "cols"), &choice, &count);
	*ret = query_of(q->cx->mem, &filter, lead_columns_text(q->cx->mem, column, count));
	if (strlen(*ret) > LEADS_QUERY_MAX)
		return err_tell(q->cx, ERR_INVALID, "Este filtro é longo demais para ser guardado.",
			"query of a view has %zu bytes", strlen(*ret));
	return OK;
}

static Err to_view(Req *q, const char *query, int64_t id)
{
	return redirect_path(q, arena_printf(q->cx->mem, "/leads?%s&view=%" PRId64, query, id));
}

static bool may_share(const Req *q)
{
	return req_may(q, "crm.admin");
}

/* POST /leads/views: keep the list as it is under a name. 303 to it; 422 without a name; 402 when
 * there are too many. */
Err crm_create_view(Req *q)
{
	SqlCrmInsertView made;
	SqlCrmCountViews held;
	const char *query;
	ViewForm in;

	if (!form_read(q, view_fields, COUNT(view_fields), &in))
		return ERR_INVALID;
	TRY(clean_query(q, in.query, &query));
	TRY(sql_crm_count_views(q->cx, q->cx->user.v, &held));
	if (held.n >= VIEWS_MAX)
		return err_tell(q->cx, ERR_LIMIT,
			"Já há 40 visões. Exclua uma antes de criar outra.", "too many views");
	TRY(sql_crm_insert_view(
		q->cx, in.shared && may_share(q) ? NULL : &q->cx->user.v, in.name, query, &made));
	answer_toast(q, "Visão salva", NULL);
	return to_view(q, query, made.id);
}

static const Field rename_fields[] = {
	FIELD(ViewForm, name, FIELD_TEXT, "Nome", 0, 60, false),
	FIELD(ViewForm, query, FIELD_TEXT, "Filtro", 0, LEADS_QUERY_MAX, false),
};

/* POST /leads/views/:id: another name, or the filter that is shown now. 404: not theirs to change.
 */
Err crm_update_view(Req *q)
{
	const char *sent, *query, *shown;
	int64_t id, rows;
	ViewForm in;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, rename_fields, COUNT(rename_fields), &in))
		return ERR_INVALID;
	sent = form_value(&q->form, "query");
	TRY(clean_query(q, sent ? sent : "", &query));
	shown = form_value(&q->form, "shown");
	TRY(sql_crm_update_view(
		q->cx, id, q->cx->user.v, may_share(q), in.name, sent ? query : NULL, &rows));
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "view %" PRId64 " is not theirs", id);
	answer_toast(q, sent ? "Visão atualizada" : "Visão renomeada", NULL);
	if (!sent)
		TRY(clean_query(q, shown ? shown : "", &query));
	return to_view(q, query, id);
}

/* POST /leads/views/:id/delete. 303 to the plain list. */
Err crm_delete_view(Req *q)
{
	int64_t id, rows;

	TRY(req_id(q, "id", &id));
	TRY(sql_crm_delete_view(q->cx, id, q->cx->user.v, may_share(q), &rows));
	if (!rows)
		return err_set(q->cx, ERR_NOT_FOUND, "view %" PRId64 " is not theirs", id);
	answer_toast(q, "Visão excluída", NULL);
	return redirect(q, "/leads");
}

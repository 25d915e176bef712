/* Finding leads: the list with its filters, the count behind each figure, the palette; and the
 * pipelines with their totals. */
#include "core/clock.h"
#include "core/search.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"

const Field lead_filter_fields[] = {
	FIELD(LeadFilter, q, FIELD_TEXT, "Busca", 0, 120, false),
	CHOICE_FIELD(LeadFilter, status, "Situação", "open won lost all", false),
	FIELD(LeadFilter, pipeline_id, FIELD_ID, "Funil", 0, 0, false),
	FIELD(LeadFilter, stage_id, FIELD_ID, "Etapa", 0, 0, false),
	FIELD(LeadFilter, source_id, FIELD_ID, "Origem", 0, 0, false),
	FIELD(LeadFilter, owner_id, FIELD_ID, "Responsável", 0, 0, false),
	FIELD(LeadFilter, loss_reason_id, FIELD_ID, "Motivo da perda", 0, 0, false),
	FIELD(LeadFilter, campaign, FIELD_TEXT, "Campanha", 0, 120, false),
	FIELD(LeadFilter, tag, FIELD_TEXT, "Etiqueta", 0, 60, false),
	FIELD(LeadFilter, stalled, FIELD_BOOL, "Parados", 0, 0, false),
	FIELD(LeadFilter, overdue, FIELD_BOOL, "Com tarefa atrasada", 0, 0, false),
	FIELD(LeadFilter, no_task, FIELD_BOOL, "Sem próxima ação", 0, 0, false),
	FIELD(LeadFilter, mine, FIELD_BOOL, "Meus", 0, 0, false),
	FIELD(LeadFilter, reached_id, FIELD_ID, "Chegou à etapa", 0, 0, false),
	FIELD(LeadFilter, reached_from, FIELD_DATE, "Chegou de", 0, 0, false),
	FIELD(LeadFilter, reached_to, FIELD_DATE, "Chegou até", 0, 0, false),
	FIELD(LeadFilter, expected, FIELD_TEXT, "Previsto para (mês 2026-12, late ou later)", 0, 7,
		false),
	CHOICE_FIELD(LeadFilter, patient, "Virou paciente", "yes no", false),
	CHOICE_FIELD(LeadFilter, without, "Sem", "source campaign owner expected", false),
	FIELD(LeadFilter, created_from, FIELD_DATE, "Criado de", 0, 0, false),
	FIELD(LeadFilter, created_to, FIELD_DATE, "Criado até", 0, 0, false),
	FIELD(LeadFilter, ended_from, FIELD_DATE, "Encerrado de", 0, 0, false),
	FIELD(LeadFilter, ended_to, FIELD_DATE, "Encerrado até", 0, 0, false),
	CHOICE_FIELD(LeadFilter, sort, "Ordem; - na frente: decrescente",
		"created name value due stage -created -name -value -due -stage", false),
	FIELD(LeadFilter, after, FIELD_ID, "Cursor: o next da página anterior", 0, 0, false),
	FIELD(LeadFilter, limit, FIELD_INT, "Quantos", 1, 200, false),
};
const size_t lead_filter_field_count = COUNT(lead_filter_fields);

/* The filter as parameters; what is not asked is null. */
typedef struct Asked {
	SqlCrmLeadsIn in;
	int64_t owner, from_created, to_created, from_ended, to_ended, from_reached, to_reached;
	int32_t from_expected, to_expected;
	const char *word[SEARCH_WORDS];
} Asked;

/* The same for the queries that sort and that count. */
#define LEADS_ASKED(in)                                                                            \
	.status = (in)->status, .pipeline_id = (in)->pipeline_id, .stage_id = (in)->stage_id,      \
	.source_id = (in)->source_id, .owner_id = (in)->owner_id,                                  \
	.loss_reason_id = (in)->loss_reason_id, .campaign = (in)->campaign, .tag = (in)->tag,      \
	.word1 = (in)->word1, .word2 = (in)->word2, .word3 = (in)->word3,                          \
	.created_from = (in)->created_from, .created_to = (in)->created_to,                        \
	.ended_from = (in)->ended_from, .ended_to = (in)->ended_to, .overdue = (in)->overdue,      \
	.no_task = (in)->no_task, .stalled = (in)->stalled, .now = (in)->now,                      \
	.reached_id = (in)->reached_id, .reached_from = (in)->reached_from,                        \
	.reached_to = (in)->reached_to, .expected_from = (in)->expected_from,                      \
	.expected_to = (in)->expected_to, .patient = (in)->patient, .without = (in)->without

static const int64_t *midnight(const Ctx *cx, int32_t date, int days, int64_t *store)
{
	Clock clock = { 0 };

	if (date == DATE_NONE)
		return NULL;
	date_split(date + days, &clock.year, &clock.month, &clock.day);
	*store = time_of_clock(&clock, cx->zone);
	return store;
}

/* The months that `expected` means, as dates; NULL: that side is open. */
static void ask_expected(const Ctx *cx, const char *expected, Asked *a)
{
	int year, month, day;
	int32_t first;

	date_split(date_today(cx->now, cx->zone), &year, &month, &day);
	first = date_of(year, month, 1);
	if (str_same(expected, "late")) {
		a->to_expected = first;
		a->in.expected_to = &a->to_expected;
	} else if (str_same(expected, "later")) {
		a->from_expected = date_add_months(first, 12);
		a->in.expected_from = &a->from_expected;
	} else if (expected && strlen(expected) == 7 &&
		   date_parse(arena_printf(cx->mem, "%s-01", expected), &a->from_expected)) {
		a->to_expected = date_add_months(a->from_expected, 1);
		a->in.expected_from = &a->from_expected;
		a->in.expected_to = &a->to_expected;
	}
}

static void ask(Ctx *cx, const LeadFilter *f, Asked *a)
{
	*a = (Asked){ .owner = f->mine ? cx->user.v : f->owner_id };
	search_patterns(cx->mem, f->q, a->word);
	a->in = (SqlCrmLeadsIn){
		.status = f->status ? f->status : "open",
		.pipeline_id = db_id_or_null(&f->pipeline_id),
		.stage_id = db_id_or_null(&f->stage_id),
		.source_id = db_id_or_null(&f->source_id),
		.owner_id = db_id_or_null(&a->owner),
		.loss_reason_id = db_id_or_null(&f->loss_reason_id),
		.campaign = f->campaign,
		.tag = f->tag,
		.word1 = a->word[0],
		.word2 = a->word[1],
		.word3 = a->word[2],
		.created_from = midnight(cx, f->created_from, 0, &a->from_created),
		.created_to = midnight(cx, f->created_to, 1, &a->to_created),
		.ended_from = midnight(cx, f->ended_from, 0, &a->from_ended),
		.ended_to = midnight(cx, f->ended_to, 1, &a->to_ended),
		.overdue = f->overdue,
		.no_task = f->no_task,
		.stalled = f->stalled,
		.now = cx->now,
		.after = db_id_or_null(&f->after),
		.reached_id = db_id_or_null(&f->reached_id),
		.reached_from = midnight(cx, f->reached_from, 0, &a->from_reached),
		.reached_to = midnight(cx, f->reached_to, 1, &a->to_reached),
		.patient = f->patient,
		.without = f->without,
	};
	ask_expected(cx, f->expected, a);
}

static bool is_sorted(const LeadFilter *filter)
{
	return !str_is_empty(filter->sort) && strcmp(filter->sort, "-created") != 0;
}

static Err list_sorted(Ctx *cx, const LeadFilter *filter, const SqlCrmLeadsIn *in, int32_t n,
	SqlLeadRow **ret, size_t *ret_count)
{
	bool down = filter->sort[0] == '-';

	return sql_crm_leads_sorted(cx,
		&(SqlCrmLeadsSortedIn){ LEADS_ASKED(in), .sort = filter->sort + down, .down = down,
			.skip = filter->after, .n = n },
		ret, ret_count);
}

Err crm_list_leads(
	Ctx *cx, const LeadFilter *filter, Lead **ret, size_t *ret_count, int64_t *ret_next)
{
	int32_t limit = filter->limit ? (int32_t)filter->limit : 50;
	bool sorted = is_sorted(filter);
	SqlLeadRow *row;
	size_t count;
	Asked asked;

	ask(cx, filter, &asked);
	asked.in.n = limit + 1; /* one more says whether there is a next page */
	if (sorted)
		TRY(list_sorted(cx, filter, &asked.in, limit + 1, &row, &count));
	else
		TRY(sql_crm_leads(cx, &asked.in, &row, &count));
	*ret_next = 0;
	if (count > (size_t)limit) {
		count = (size_t)limit;
		*ret_next = sorted ? filter->after + limit : row[count - 1].id;
	}
	*ret = NEW_ARRAY(cx->mem, Lead, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = lead_of_row(cx, &row[i]);
	*ret_count = count;
	return OK;
}

/* Open leads, of a column at most: then the columns' totals know. */
static bool is_by_column(const LeadFilter *f)
{
	return str_is_empty(f->q) && (str_is_empty(f->status) || str_same(f->status, "open")) &&
	       !f->source_id && !f->owner_id && !f->loss_reason_id && str_is_empty(f->campaign) &&
	       str_is_empty(f->tag) && !f->stalled && !f->overdue && !f->no_task && !f->mine &&
	       !f->reached_id && str_is_empty(f->expected) && str_is_empty(f->patient) &&
	       str_is_empty(f->without) && f->created_from == DATE_NONE &&
	       f->created_to == DATE_NONE && f->ended_from == DATE_NONE && f->ended_to == DATE_NONE;
}

static Err count_open(Ctx *cx, const LeadFilter *f, int64_t *ret_count, int64_t *ret_value_cents)
{
	SqlCrmCountOpen row;

	TRY(sql_crm_count_open(
		cx, db_id_or_null(&f->pipeline_id), db_id_or_null(&f->stage_id), &row));
	*ret_count = row.n;
	*ret_value_cents = row.value_cents;
	return OK;
}

Err crm_count_leads(Ctx *cx, const LeadFilter *filter, int64_t *ret_count, int64_t *ret_value_cents)
{
	SqlCrmCountLeads row;
	Asked a;

	if (is_by_column(filter))
		return count_open(cx, filter, ret_count, ret_value_cents);
	ask(cx, filter, &a);
	TRY(sql_crm_count_leads(cx, &(SqlCrmCountLeadsIn){ LEADS_ASKED(&a.in) }, &row));
	*ret_count = row.n;
	*ret_value_cents = row.value_cents;
	return OK;
}

Err pipelines_read(Ctx *cx, Pipeline **ret, size_t *ret_count)
{
	SqlCrmStages *row;
	size_t count, n = 0;
	Pipeline *list;
	Stage *stage;

	TRY(sql_crm_stages_read(cx, &row, &count));
	list = NEW_ARRAY(cx->mem, Pipeline, count + 1);
	stage = NEW_ARRAY(cx->mem, Stage, count + 1);
	for (size_t i = 0; i < count; i++) {
		stage[i] = (Stage){ .id = row[i].id,
			.pipeline_id = row[i].pipeline_id,
			.name = row[i].name,
			.color = row[i].color,
			.kind = row[i].kind,
			.position = row[i].position,
			.probability = row[i].probability,
			.stalled_days = row[i].stalled_days,
			.version = row[i].version,
			.active = true,
			.lead_count = row[i].lead_count,
			.value_cents = row[i].value_cents };
		if (!n || list[n - 1].id != row[i].pipeline_id)
			list[n++] = (Pipeline){ .id = row[i].pipeline_id,
				.name = row[i].pipeline,
				.position = row[i].pipeline_position,
				.version = row[i].pipeline_version,
				.active = true,
				.stage = &stage[i] };
		list[n - 1].stage_count++;
	}
	*ret = list;
	*ret_count = n;
	return OK;
}

Err crm_list_pipelines(Ctx *cx, Pipeline **ret, size_t *ret_count)
{
	TRY(sql_crm_stages_send(cx));
	return pipelines_read(cx, ret, ret_count);
}

Err pipelines_shown(Ctx *cx, int64_t wanted, const Pipeline **ret, size_t *ret_count,
	const Pipeline **ret_shown)
{
	Pipeline *list;

	TRY(crm_list_pipelines(cx, &list, ret_count));
	if (!*ret_count)
		return err_tell(cx, ERR_NOT_FOUND,
			"A clínica ainda não tem um funil. Crie um em Configurações, Funis.",
			"no pipeline");
	*ret = *ret_shown = list;
	for (size_t i = 0; i < *ret_count; i++)
		if (list[i].id == wanted)
			*ret_shown = &list[i];
	return OK;
}

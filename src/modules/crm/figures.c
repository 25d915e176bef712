/* Periods, and the answers of figures.sql put in the order in which they are read. */
#include "modules/crm/figures.h"

#include "core/clock.h"

static int32_t month_first(int32_t date)
{
	int year, month, day;

	date_split(date, &year, &month, &day);
	return date_of(year, month, 1);
}

static Err custom_period(Ctx *cx, int32_t from, int32_t to, Period *ret)
{
	if (from == DATE_NONE)
		return err_field(cx, "from", "Informe a primeira data.");
	if (to == DATE_NONE)
		return err_field(cx, "to", "Informe a última data.");
	if (to < from)
		return err_field(cx, "to", "A última data vem antes da primeira.");
	if (to - from >= PERIOD_DAYS_MAX)
		return err_field(cx, "to", "Escolha no máximo dois anos.");
	*ret = (Period){ .from = from, .to = to };
	return OK;
}

/* The same days of the month, or the year, before. */
static void compare_months(Period *p, int months)
{
	p->before_from = date_add_months(p->from, -months);
	p->before_to = date_add_months(p->to, -months);
}

Err figures_period(Ctx *cx, const char *kind, int32_t from, int32_t to, Period *ret)
{
	int32_t today = date_today(cx->now, cx->zone), month = month_first(today);
	Period p = { .from = month, .to = today };
	int year, month_number, day;

	kind = kind ? kind : "month";
	date_split(today, &year, &month_number, &day);
	if (!strcmp(kind, "last_month")) {
		p = (Period){ .from = date_add_months(month, -1), .to = month - 1 };
		p.before_from = date_add_months(month, -2);
		p.before_to = p.from - 1;
	} else if (!strcmp(kind, "year")) {
		p.from = date_of(year, 1, 1);
		compare_months(&p, 12);
	} else if (!strcmp(kind, "month")) {
		compare_months(&p, 1);
	} else {
		if (!strcmp(kind, "days30"))
			p.from = today - 29;
		else if (!strcmp(kind, "days90"))
			p.from = today - 89;
		else
			TRY(custom_period(cx, from, to, &p));
		p.before_to = p.from - 1;
		p.before_from = p.before_to - (p.to - p.from);
	}
	p.kind = kind;
	*ret = p;
	return OK;
}

int64_t conversion_tenths(int64_t won, int64_t lost)
{
	return won + lost ? (won * 2000 + won + lost) / (2 * (won + lost)) : -1;
}

/* ---- slices ---- */

static const char *const month_names[] = { "jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago",
	"set", "out", "nov", "dez" };

typedef enum SliceKind { SLICE_DAY, SLICE_WEEK, SLICE_MONTH } SliceKind;

static SliceKind slice_kind(const Period *p)
{
	int32_t days = p->to - p->from + 1;

	return days <= 14 ? SLICE_DAY : days <= 100 ? SLICE_WEEK : SLICE_MONTH;
}

/* The last day of the slice that begins at `from`. Weeks end on Sundays. */
static int32_t slice_end(SliceKind kind, int32_t from, int32_t last)
{
	int32_t end = from;

	if (kind == SLICE_WEEK)
		end = from + 7 - date_weekday(from);
	if (kind == SLICE_MONTH)
		end = date_add_months(month_first(from), 1) - 1;
	return end < last ? end : last;
}

static const char *slice_label(Arena *mem, SliceKind kind, int32_t from, int32_t today)
{
	int year, month, day, this_year, unused;

	date_split(from, &year, &month, &day);
	date_split(today, &this_year, &unused, &unused);
	if (kind != SLICE_MONTH)
		return arena_printf(mem, "%02d/%02d", day, month);
	if (year == this_year)
		return month_names[month - 1];
	return arena_printf(mem, "%s %02d", month_names[month - 1], year % 100);
}

static void cut_slices(Ctx *cx, Figures *f)
{
	const Period *p = &f->period;
	SliceKind kind = slice_kind(p);
	int32_t today = date_today(cx->now, cx->zone);

	f->slice = NEW_ARRAY(cx->mem, FigureSlice, (size_t)(p->to - p->from) + 1);
	for (int32_t from = p->from; from <= p->to;) {
		int32_t end = slice_end(kind, from, p->to);

		f->slice[f->slice_count++] = (FigureSlice){
			.from = from, .to = end, .label = slice_label(cx->mem, kind, from, today)
		};
		from = end + 1;
	}
}

/* ---- asking ---- */

/* The period as moments: before, before_end, since, until. */
typedef struct Moments {
	int64_t before, before_end, since, until;
} Moments;

static Moments moments_of(const Ctx *cx, const Period *p)
{
	return (Moments){ time_of_date(p->before_from, cx->zone),
		time_of_date(p->before_to + 1, cx->zone), time_of_date(p->from, cx->zone),
		time_of_date(p->to + 1, cx->zone) };
}

/* Edges of slices for width_bucket: 1 is the period before, 2 the days between, 3 and on ours. */
enum { EDGE_BEFORE = 1, EDGE_BETWEEN, EDGE_FIRST };

static Int64s edges_of(Ctx *cx, const Figures *f, const Moments *m)
{
	int64_t *edge = NEW_ARRAY(cx->mem, int64_t, f->slice_count + 2);

	edge[0] = m->before;
	edge[1] = m->before_end;
	for (size_t i = 0; i < f->slice_count; i++)
		edge[i + 2] = time_of_date(f->slice[i].from, cx->zone);
	return (Int64s){ edge, f->slice_count + 2 };
}

static Err send_all(Ctx *cx, const Figures *f, const Moments *m)
{
	int64_t id = f->pipeline->id;

	TRY(sql_figure_cohort_send(cx, id, m->before, m->before_end, m->since, m->until));
	TRY(sql_figure_ended_send(cx, id, m->before, m->until, edges_of(cx, f, m)));
	TRY(sql_figure_cycle_send(cx, id, m->before, m->before_end, m->since, m->until));
	TRY(sql_figure_reasons_send(cx, id, m->before, m->before_end, m->since, m->until));
	TRY(sql_figure_stages_send(cx, id, m->since, m->until));
	return sql_figure_forecast_send(cx, id);
}

/* ---- reading ---- */

static Err read_cohort(Ctx *cx, Figures *f)
{
	SqlFigureCohort *row;
	size_t count;

	TRY(sql_figure_cohort_read(cx, &row, &count));
	f->source.row = NEW_ARRAY(cx->mem, FigureGroup, count + 1);
	f->campaign.row = NEW_ARRAY(cx->mem, FigureGroup, count + 1);
	f->owner.row = NEW_ARRAY(cx->mem, FigureGroup, count + 1);
	for (size_t i = 0; i < count; i++) {
		const SqlFigureCohort *r = &row[i];
		FigureGroups *groups = !strcmp(r->part, "source")     ? &f->source
				       : !strcmp(r->part, "campaign") ? &f->campaign
								      : &f->owner;

		if (!strcmp(r->part, "all")) {
			f->now.leads = r->leads;
			f->now.patients = r->patients;
			f->before.leads = r->leads_before;
			f->before.patients = r->patients_before;
			continue;
		}
		groups->row[groups->count++] = (FigureGroup){ .id = r->id,
			.name = r->name,
			.active = r->active,
			.leads = r->leads,
			.leads_before = r->leads_before,
			.won = r->won,
			.won_cents = r->won_cents,
			.lost = r->lost,
			.patients = r->patients };
	}
	return OK;
}

static void add_ended(FigureSum *sum, const SqlFigureEnded *r)
{
	bool won = !strcmp(r->status, "won");

	*(won ? &sum->won : &sum->lost) += r->n;
	*(won ? &sum->won_cents : &sum->lost_cents) += r->cents;
}

static Err read_ended(Ctx *cx, Figures *f)
{
	SqlFigureEnded *row;
	size_t count;

	TRY(sql_figure_ended_read(cx, &row, &count));
	for (size_t i = 0; i < count; i++) {
		FigureSlice *slice;

		if (row[i].slice == EDGE_BEFORE)
			add_ended(&f->before, &row[i]);
		if (row[i].slice < EDGE_FIRST)
			continue;
		add_ended(&f->now, &row[i]);
		slice = &f->slice[row[i].slice - EDGE_FIRST];
		if (!strcmp(row[i].status, "won")) {
			slice->won = row[i].n;
			slice->won_cents = row[i].cents;
		} else {
			slice->lost = row[i].n;
			slice->lost_cents = row[i].cents;
		}
	}
	return OK;
}

static Err read_cycle(Ctx *cx, Figures *f)
{
	SqlFigureCycle row;

	TRY(sql_figure_cycle_read(cx, &row));
	f->now.days_tenths = row.days_null ? -1 : (int64_t)(row.days * 10 + 0.5);
	f->before.days_tenths = row.days_before_null ? -1 : (int64_t)(row.days_before * 10 + 0.5);
	f->no_patient = row.no_patient;
	return OK;
}

static FigureStage *stage_of(Figures *f, int64_t id)
{
	for (size_t i = 0; i < f->stage_count; i++)
		if (f->stage[i].stage->id == id)
			return &f->stage[i];
	return NULL; /* archived since: its leads went through, it is no row any more */
}

static Err read_stages(Ctx *cx, Figures *f)
{
	SqlFigureStages *row;
	FigureStage *stage;
	size_t count;

	f->stage_count = f->pipeline->stage_count;
	f->stage = NEW_ARRAY(cx->mem, FigureStage, f->stage_count + 1);
	for (size_t i = 0; i < f->stage_count; i++)
		f->stage[i].stage = &f->pipeline->stage[i];
	TRY(sql_figure_stages_read(cx, &row, &count));
	for (size_t i = 0; i < count; i++) {
		stage = stage_of(f, row[i].stage_id);
		if (!stage)
			continue;
		stage->reached = row[i].reached;
		stage->further = row[i].further;
		stage->lost = row[i].lost;
		stage->left = row[i].left_count;
		stage->median_s = (int64_t)(row[i].median + 0.5);
		stage->p90_s = (int64_t)(row[i].p90 + 0.5);
	}
	return OK;
}

/* ---- the forecast: what is late, twelve months, what is later, what has no date ---- */

static void add_month(FigureMonth *month, const SqlFigureForecast *r)
{
	month->count += r->n;
	month->cents += r->cents;
	month->weighted_cents += r->weighted_cents;
}

static FigureMonth *month_of(Figures *f, const SqlFigureForecast *r, int32_t first)
{
	enum { LATE, MONTHS, LATER = MONTHS + FORECAST_MONTHS, NO_DATE };

	if (r->month_null)
		return &f->month[NO_DATE];
	if (r->month < first)
		return &f->month[LATE];
	for (int i = 0; i < FORECAST_MONTHS; i++)
		if (r->month == date_add_months(first, i))
			return &f->month[MONTHS + i];
	return &f->month[LATER];
}

static Err read_forecast(Ctx *cx, Figures *f)
{
	int32_t today = date_today(cx->now, cx->zone), first = month_first(today);
	SqlFigureForecast *row;
	int year, month, day;
	size_t count, n = 0;

	TRY(sql_figure_forecast_read(cx, &row, &count));
	f->month = NEW_ARRAY(cx->mem, FigureMonth, FORECAST_MONTHS + 3);
	f->month[n++] = (FigureMonth){ .expected = "late", .label = "Atrasada" };
	for (int i = 0; i < FORECAST_MONTHS; i++) {
		int32_t date = date_add_months(first, i);

		date_split(date, &year, &month, &day);
		f->month[n++] =
			(FigureMonth){ .expected = arena_printf(cx->mem, "%04d-%02d", year, month),
				.label = slice_label(cx->mem, SLICE_MONTH, date, today) };
	}
	f->month[n++] = (FigureMonth){ .expected = "later", .label = "Depois" };
	f->month[n++] = (FigureMonth){ .label = "Sem previsão" };
	f->month_count = n;
	for (size_t i = 0; i < count; i++)
		add_month(month_of(f, &row[i], first), &row[i]);
	return OK;
}

Err crm_figures(Ctx *cx, const Pipeline *pipeline, const Period *period, Figures *ret)
{
	Moments moments = moments_of(cx, period);
	Figures figures = { .period = *period, .pipeline = pipeline };
	SqlFigureReasons *reason;

	*ret = figures; /* which may be where the period stands */
	cut_slices(cx, ret);
	TRY(send_all(cx, ret, &moments));
	TRY(read_cohort(cx, ret));
	TRY(read_ended(cx, ret));
	TRY(read_cycle(cx, ret));
	TRY(sql_figure_reasons_read(cx, &reason, &ret->reason_count));
	ret->reason = reason;
	TRY(read_stages(cx, ret));
	return read_forecast(cx, ret);
}

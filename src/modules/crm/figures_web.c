/* GET /reports/crm: the funnel in numbers; each leads to the leads behind it. */
#include "modules/crm/figures_view.h"

const UiOption period_kinds[] = {
	{ .value = "month", .label = "Este mês" },
	{ .value = "last_month", .label = "Mês passado" },
	{ .value = "days30", .label = "30 dias" },
	{ .value = "days90", .label = "90 dias" },
	{ .value = "year", .label = "Este ano" },
	{ .value = "custom", .label = "Escolher datas" },
};
const size_t period_kind_count = COUNT(period_kinds);

/* ---- words ---- */

const char *figure_short(Arena *mem, int64_t cents)
{
	int64_t reais = (cents + 50) / 100;

	if (reais >= 1000000)
		return arena_printf(
			mem, "%s mi", number_text_tenths(mem, (reais + 50000) / 100000));
	if (reais >= 100000)
		return arena_printf(mem, "%s mil", number_text(mem, (reais + 500) / 1000));
	if (reais >= 1000)
		return arena_printf(mem, "%s mil", number_text_tenths(mem, (reais + 50) / 100));
	return number_text(mem, reais);
}

const char *figure_money(Arena *mem, int64_t cents)
{
	if (cents < 100000000)
		return money_text_short(mem, cents);
	return arena_printf(mem, "R$\u00a0%s", figure_short(mem, cents));
}

const char *figure_percent(Arena *mem, int64_t part, int64_t whole)
{
	int64_t tenths = (part * 2000 + whole) / (2 * whole);

	if (tenths % 10 == 0)
		return arena_printf(mem, "%" PRId64 "%%", tenths / 10);
	return arena_printf(mem, "%s%%", number_text_tenths(mem, tenths));
}

const char *figure_span(Arena *mem, int64_t seconds)
{
	int64_t tenths = (seconds + 4320) / 8640;

	if (seconds < 60)
		return "menos de 1 min";
	if (seconds < 3600)
		return arena_printf(mem, "%" PRId64 " min", (seconds + 30) / 60);
	if (seconds < 2 * 86400)
		return arena_printf(mem, "%" PRId64 " h", (seconds + 1800) / 3600);
	if (tenths >= 100 || tenths % 10 == 0)
		return arena_printf(mem, "%s dias", number_text(mem, (tenths + 5) / 10));
	return arena_printf(mem, "%s dias", number_text_tenths(mem, tenths));
}

static UiStat stat(const char *label, const char *value, bool up, bool good, const char *delta)
{
	return (UiStat){ .label = label,
		.value = value,
		.delta = delta,
		.delta_up = up,
		.delta_tone = good ? "green" : "red" };
}

UiStat figure_stat(Arena *mem, const char *label, const char *value, int64_t now, int64_t before,
	bool more_is_good)
{
	int64_t percent;
	UiStat same = { .label = label, .value = value };

	if (before <= 0 || now < 0)
		return same;
	if (now == before) {
		same.hint = "igual ao período anterior";
		return same;
	}
	percent = ((now - before) * 200 + (now > before ? before : -before)) / (2 * before);
	if (!percent)
		percent = now > before ? 1 : -1;
	return stat(label, value, now > before, (now > before) == more_is_good,
		arena_printf(mem, "%s%" PRId64 "%%", percent > 0 ? "+" : "−",
			percent > 0 ? percent : -percent));
}

UiStat figure_rate(Arena *mem, const char *label, int64_t now, int64_t before)
{
	const char *value = now < 0 ? "–" : figure_percent(mem, now, 1000);
	int64_t points = now - before;

	if (now < 0 || before < 0)
		return (UiStat){ .label = label, .value = value };
	if (!points)
		return (UiStat){
			.label = label, .value = value, .hint = "igual ao período anterior"
		};
	return stat(label, value, points > 0, points > 0,
		arena_printf(mem, "%s%s p.p.", points > 0 ? "+" : "−",
			number_text_tenths(mem, points > 0 ? points : -points)));
}

/* ---- addresses ---- */

LeadFilter figure_filter(const Figures *f, const char *status)
{
	LeadFilter filter = lead_filter_none();

	filter.pipeline_id = f->pipeline->id;
	filter.status = status;
	return filter;
}

LeadFilter figure_created(const Figures *f, const char *status)
{
	LeadFilter filter = figure_filter(f, status);

	filter.created_from = f->period.from;
	filter.created_to = f->period.to;
	return filter;
}

LeadFilter figure_ended(const Figures *f, const char *status)
{
	LeadFilter filter = figure_filter(f, status);

	filter.ended_from = f->period.from;
	filter.ended_to = f->period.to;
	return filter;
}

Url figure_url(Arena *mem, const LeadFilter *filter)
{
	return (Url){ arena_printf(mem, "/leads?%s", lead_filter_query(mem, filter)) };
}

/* period=…&from=…&to=…&pipeline_id=… */
static const char *own_query(
	const FiguresView *v, const char *period, int64_t pipeline, const char *path)
{
	Arena *mem = v->q->cx->mem;
	const Period *p = &v->f->period;
	Buf out;

	buf_init(&out, mem, 500);
	buf_printf(&out, "%s?period=%s", path, period);
	if (!strcmp(period, "custom"))
		buf_printf(&out, "&from=%s&to=%s", date_text_iso(mem, p->from),
			date_text_iso(mem, p->to));
	if (pipeline != v->pipeline[0].id)
		buf_printf(&out, "&pipeline_id=%" PRId64, pipeline);
	return buf_text(&out);
}

Url figures_url(const FiguresView *v, const char *period, int64_t pipeline)
{
	return (Url){ own_query(v, period, pipeline, "/reports/crm") };
}

Url figures_whole_url(const FiguresView *v)
{
	return (Url){ arena_printf(v->q->cx->mem, "%s&whole=1",
		own_query(v, v->f->period.kind, v->f->pipeline->id, "/reports/crm")) };
}

Url figures_sheet_url(const FiguresView *v, const char *table)
{
	return (Url){ own_query(v, v->f->period.kind, v->f->pipeline->id,
		arena_printf(v->q->cx->mem, "/reports/crm/%s", table)) };
}

/* ---- the page ---- */

typedef struct FiguresForm {
	const char *period;
	int32_t from, to;
	int64_t pipeline_id;
} FiguresForm;

static const Field figures_fields[] = {
	CHOICE_FIELD(FiguresForm, period, "Período", "month last_month days30 days90 year custom",
		false),
	FIELD(FiguresForm, from, FIELD_DATE, "De", 0, 0, false),
	FIELD(FiguresForm, to, FIELD_DATE, "Até", 0, 0, false),
	FIELD(FiguresForm, pipeline_id, FIELD_ID, "Funil", 0, 0, false),
};

Err figures_asked(
	Req *q, Figures *ret, const Pipeline **ret_pipeline, size_t *ret_count, bool *ret_wrong)
{
	const Pipeline *shown;
	FiguresForm in;
	Period period;
	Err err = ERR_INVALID;

	if (query_read(q, figures_fields, COUNT(figures_fields), &in))
		err = figures_period(q->cx, in.period, in.from, in.to, &period);
	*ret_wrong = err == ERR_INVALID;
	if (*ret_wrong)
		err = figures_period(q->cx, NULL, DATE_NONE, DATE_NONE, &period);
	TRY(err);
	TRY(pipelines_shown(q->cx, in.pipeline_id, ret_pipeline, ret_count, &shown));
	*ret = (Figures){ .period = period, .pipeline = shown };
	return OK;
}

/* GET /reports/crm?period=&from=&to=&pipeline_id=&whole=. The page is there at once and htmx asks
 * the same address for the figures, which take their time in a large clinic; whole: with its
 * figures, for browsers without scripts. 422: the dates say no period; the page shows this month
 * and what is wrong beside them. */
Err crm_show_figures(Req *q)
{
	FiguresView view = { .q = q };
	Figures figures;
	bool wrong;

	TRY(figures_asked(q, &figures, &view.pipeline, &view.pipeline_count, &wrong));
	view.f = &figures;
	view.counted = q->htmx || req_query(q, "whole");
	if (view.counted)
		TRY(crm_figures(q->cx, figures.pipeline, &figures.period, &figures));
	view.asked = wrong ? "custom" : figures.period.kind;
	view.from = req_query(q, "from");
	view.to = req_query(q, "to");
	if (!wrong || !view.from)
		view.from = date_text_iso(q->cx->mem, figures.period.from);
	if (!wrong || !view.to)
		view.to = date_text_iso(q->cx->mem, figures.period.to);
	if (q->htmx)
		crm_figures_part(&q->html, &view);
	else
		crm_figures_page(&q->html, &view);
	return send_html(q, wrong ? 422 : 200);
}

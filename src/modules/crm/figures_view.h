/* What the page of the funnel's figures shows. */
#ifndef CRM_FIGURES_VIEW_H
#define CRM_FIGURES_VIEW_H

#include "modules/crm/crm_view.h"
#include "modules/crm/figures.h"
#include "modules/crm/leads_rooms.h"

typedef struct FiguresView {
	Req *q;
	const Figures *f;
	const Pipeline *pipeline; /* all of them */
	size_t pipeline_count;
	const char *asked;     /* the period that was asked for, also when it was refused */
	const char *from, *to; /* as typed or as they are, for the date fields */
	bool counted;          /* false: `f` has a period and a pipeline only */
} FiguresView;
/* The page; its figures come by themselves when they are not counted yet. */
void crm_figures_page(Html *h, const FiguresView *v);
void crm_figures_part(Html *h, const FiguresView *v);

extern const UiOption period_kinds[];
extern const size_t period_kind_count;

/* The period and the pipeline that the address asks for, nothing counted (crm_figures does), and
 * all pipelines. *ret_wrong: its dates say no period, and the period is this month. */
MUST_CHECK Err figures_asked(
	Req *q, Figures *ret, const Pipeline **ret_pipeline, size_t *ret_count, bool *ret_wrong);

/* The page's own address with another period or pipeline; with its figures at once; the spreadsheet
 * of a table. */
Url figures_url(const FiguresView *v, const char *period, int64_t pipeline);
Url figures_whole_url(const FiguresView *v);
Url figures_sheet_url(const FiguresView *v, const char *table);

/* The list behind a figure. Start from a filter of the funnel, set what the figure counts. */
LeadFilter figure_filter(const Figures *f, const char *status);
LeadFilter figure_created(const Figures *f, const char *status); /* came in the period */
LeadFilter figure_ended(const Figures *f, const char *status);   /* ended in the period */
Url figure_url(Arena *mem, const LeadFilter *filter);

/* "12,4 mil", "1,2 mi": reais, for bars. */
const char *figure_short(Arena *mem, int64_t cents);
/* "R$ 12.340"; from a million on "R$ 1,2 mi". */
const char *figure_money(Arena *mem, int64_t cents);
/* "62,5%", "50%"; whole > 0 */
const char *figure_percent(Arena *mem, int64_t part, int64_t whole);
/* "40 min", "5 h", "2,5 dias" */
const char *figure_span(Arena *mem, int64_t seconds);

/* A stat with its difference to the period before. more_is_good: green when it rises. */
UiStat figure_stat(Arena *mem, const char *label, const char *value, int64_t now, int64_t before,
	bool more_is_good);
/* The same of rates in tenths of a percent, -1 unknown: in points. */
UiStat figure_rate(Arena *mem, const char *label, int64_t now, int64_t before);

#endif

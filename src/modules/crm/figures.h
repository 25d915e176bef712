/* figures: what the funnel says in numbers over a period, beside the period before. Not for other
 * modules. What each number means: README.md. */
#ifndef CRM_FIGURES_H
#define CRM_FIGURES_H

#include "modules/crm/crm.h"
#include "modules/crm/figures.sql.h"

enum { PERIOD_DAYS_MAX = 731, FORECAST_MONTHS = 12 };

/* Whole days, both ends included, on the company's clock; and what it is compared with. */
typedef struct Period {
	const char *kind; /* month last_month days30 days90 year custom */
	int32_t from, to;
	int32_t before_from, before_to;
} Period;

/* kind NULL: this month until today. A month is compared with the same days of the month before, a
 * year with those of the year before, all else with as many days just before. ERR_INVALID: custom
 * without both dates, turned round, or longer than PERIOD_DAYS_MAX (marks "from", "to"). */
MUST_CHECK Err figures_period(Ctx *cx, const char *kind, int32_t from, int32_t to, Period *ret);

/* Totals of a period. */
typedef struct FigureSum {
	int64_t leads, patients; /* came in it; of them became patients until today */
	int64_t won, won_cents;  /* ended in it */
	int64_t lost, lost_cents;
	int64_t days_tenths; /* from coming to being won, the middle one; -1: nobody was won */
} FigureSum;

typedef struct FigureStage {
	const Stage *stage;
	int64_t reached, further, lost; /* entered it in the period; went on; were lost out of it */
	int64_t left;                   /* left it in the period */
	int64_t median_s, p90_s;        /* of those */
} FigureStage;

typedef struct FigureSlice { /* a day, a week or a month of the period */
	int32_t from, to;
	const char *label;
	int64_t won, won_cents, lost, lost_cents;
} FigureSlice;

typedef struct FigureMonth {
	const char *expected; /* as the list's filter says it; NULL: without a date */
	const char *label;
	int64_t count, cents, weighted_cents;
} FigureMonth;

typedef struct FigureGroup { /* a source, a campaign, an owner */
	int64_t id;
	const char *name; /* NULL: the leads that have none */
	bool active;
	int64_t leads, leads_before, won, won_cents, lost, patients;
} FigureGroup;

typedef struct FigureGroups {
	FigureGroup *row;
	size_t count;
} FigureGroups;

typedef struct Figures {
	Period period;
	const Pipeline *pipeline;
	FigureSum now, before;
	int64_t no_patient; /* won in the period and nobody's patient yet */
	FigureStage *stage;
	size_t stage_count;
	FigureSlice *slice;
	size_t slice_count;
	const SqlFigureReasons *reason;
	size_t reason_count;
	FigureMonth *month;
	size_t month_count;
	FigureGroups source, campaign, owner;
} Figures;

/* All figures of a pipeline, in one round trip. */
MUST_CHECK Err crm_figures(Ctx *cx, const Pipeline *pipeline, const Period *period, Figures *ret);

/* won of all that ended, in tenths of a percent; -1: nothing ended. */
int64_t conversion_tenths(int64_t won, int64_t lost);

#endif

/* What the pages of the chart show. */
#ifndef TREATMENT_CHART_VIEW_H
#define TREATMENT_CHART_VIEW_H

#include "core/clock.h"
#include "modules/treatment/act.h"
#include "modules/treatment/chart_regions.h"
#include "modules/treatment/chart_write.h"
#include "modules/treatment/tooth_svg.h"
#include "platform/ui/ui.h"

typedef struct ToothView {
	ToothDrawing draw;
	const char *label; /* read aloud */
	bool examined, absent, changed;
	bool oob; /* swapped wherever it stands in the page */
} ToothView;

typedef struct QuadrantView {
	const char *title, *class;
	ToothView *tooth;
	size_t count;
} QuadrantView;

enum { CHART_QUADRANTS = 8 };

/* Something that can be written on what is chosen. */
typedef struct ChoiceView {
	const char *value; /* of what_read */
	const char *label, *detail, *why;
} ChoiceView;

/* A plan whose proposals the chart can show. */
typedef struct ChartPlan {
	int64_t id;
	const char *name;
	bool active;
} ChartPlan;

typedef struct ChartView {
	Req *q;
	const PatientHead *head;
	/* as known at the day shown; left out: void ones, and what other plans than `plan` propose
	 */
	const Act *act;
	size_t act_count;
	const ChartPlan *plans; /* with something to show, the active one first */
	size_t plan_count;
	const ChartPlan *plan; /* shown; NULL: there is none */
	Dentition dentition;
	QuadrantView quadrant[CHART_QUADRANTS];
	size_t quadrant_count;
	ToothView *extra; /* supernumerary */
	size_t extra_count;
	bool writes;
	int32_t day; /* shown; DATE_NONE: today */
	bool compare;
	const int32_t *days;
	size_t day_count;
	ToothIndex index, index_deciduous;
	const ActStep *step;
	size_t step_count;
	/* what is chosen, and what may be written there */
	Selection at;
	const char *question;
	const ChoiceView *choice;
	size_t choice_count;
	const ActStep *history; /* of what is chosen */
	size_t history_count;
	const Act *all; /* void ones too, for the words of steps */
	size_t all_count;
	bool oob; /* the side card is swapped where it stands */
} ChartView;

typedef struct LineView {
	const char *place, *what, *kind, *detail, *bad;
} LineView;

void chart_page(Html *h, const ChartView *v);
void chart_main(Html *h, const ChartView *v);
void chart_inspector(Html *h, const ChartView *v);
void chart_choices(Html *h, const ChartView *v);
void chart_side(Html *h, const ChartView *v);
void chart_extra(Html *h, const ChartView *v);
void chart_list(Html *h, const ChartView *v);
void chart_tooth(Html *h, const ToothView *t);
void chart_line_preview(Html *h, const LineView *v);

/* ---- chart_page.c: filling the view ---- */

/* Patient, acts (as known at v->day), rows of teeth. ERR_NOT_FOUND. */
MUST_CHECK Err chart_fill(Req *q, ChartView *v);
/* One tooth of the view, as its acts leave it. */
ToothView chart_tooth_view(Arena *mem, const ChartView *v, int tooth);
/* What may be written on v->at, by v->question or by what stands there. */
MUST_CHECK Err chart_fill_choices(Req *q, ChartView *v);
/* Index, last steps of the mouth, steps of what is chosen. */
MUST_CHECK Err chart_fill_history(Req *q, ChartView *v);
const Act *chart_act(const ChartView *v, int64_t id); /* NULL: of nobody here */
/* "o-plan" of an act, for its swatch. */
const char *act_look(const Act *act);

#endif

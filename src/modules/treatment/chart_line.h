/* chart_line: one typed line of the chart, "16 MO resina", "36 canal", "13-15 ponte", "sup
 * profilaxia", "46 ausente". Foreign text in, where and what out; no database. */
#ifndef TREATMENT_CHART_LINE_H
#define TREATMENT_CHART_LINE_H

#include "modules/treatment/chart.h"

enum { LINE_TEETH_MAX = 32, LINE_BYTES_MAX = 200 };

typedef struct ChartLine {
	int tooth[LINE_TEETH_MAX];
	size_t count;
	bool range; /* "13-15": along the arch, and all between */
	unsigned faces;
	const char *region; /* NULL: none */
	bool mouth;         /* said so: "boca", "geral" */
	const char *kind;   /* "done" of "feito"; NULL: nothing was said */
	const char *words;  /* what: folded, never NULL */
	const char *bad;    /* why it cannot be understood, in Portuguese; NULL: it can */
} ChartLine;

/* Strings live in mem. */
void chart_line_read(Arena *mem, const char *text, ChartLine *ret);
/* The condition that the words name ("carie", "ausente", "coroa"), or NULL. existing: which of the
 * two is meant when both fit (0: either, 1: existing work, -1: a finding). */
const Condition *chart_line_condition(const char *words, int existing);
/* Teeth of one arch from one to the other, in the order of the screen; 0: they are of two. */
size_t chart_teeth_between(int from, int to, int *ret, size_t max);

#endif

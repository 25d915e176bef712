/* What the pages of the periodontal chart show. */
#ifndef TREATMENT_PERIO_VIEW_H
#define TREATMENT_PERIO_VIEW_H

#include "core/clock.h"
#include "modules/treatment/perio.h"
#include "modules/treatment/tooth_shapes.h"
#include "platform/ui/ui.h"

typedef struct PerioView {
	Req *q;
	const PatientHead *head;
	const PerioExam *exam;   /* NULL: none yet */
	const PerioExam *before; /* compared with; NULL: none */
	const PerioExam *list;
	size_t count;
	bool writes; /* the exam is a draft and the reader may write */
	bool oob;
} PerioView;

void perio_page(Html *h, const PerioView *v);
/* What changes when a tooth was written: figures, attachment levels of the tooth, drawing. */
void perio_saved(Html *h, const PerioView *v, int tooth);

/* ---- perio_svg.c: one side of an arch ---- */

enum { PERIO_MM = 4, PERIO_COLUMN = 66, PERIO_WIDTH = 16 * PERIO_COLUMN, PERIO_HEIGHT = 118 };

/* The order of a tooth's sites on the screen, from left to right. */
int perio_site_at(int tooth, bool oral, int column);
/* "16 distal vestibular" */
const char *perio_site_name(Arena *mem, int tooth, int site);
/* SVG path of the margin or of the pocket's floor; gaps where nothing was measured. */
const char *perio_line(Arena *mem, const PerioExam *exam, bool upper, bool oral, bool floor);
/* The area between the two: the pocket. */
const char *perio_pocket(Arena *mem, const PerioExam *exam, bool upper, bool oral);
/* Of a drawing's y: the line of the enamel. */
int perio_neck(void);

#endif

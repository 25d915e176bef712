/* tooth_svg: a tooth as paths: root, crown and the diagram of its faces, with what stands there.
 * The template writes them (html/chart.html); colours and patterns are classes (web/css/chart.css).
 */
#ifndef TREATMENT_TOOTH_SVG_H
#define TREATMENT_TOOTH_SVG_H

#include "modules/treatment/tooth_state.h"

enum { TOOTH_WIDTH = 46, TOOTH_HEIGHT = 134, TOOTH_MARKS = 40 };

typedef struct Mark {
	const char *class;
	const char *d;    /* SVG path */
	const char *face; /* "M": may be clicked; NULL: only drawn */
} Mark;

typedef struct ToothDrawing {
	int tooth;
	const char *body_at, *faces_at; /* SVG transforms */
	int number_y;
	Mark body[TOOTH_MARKS], faces[TOOTH_MARKS];
	size_t body_count, face_count;
} ToothDrawing;

/* Everything that the state says, in the order of painting. */
void tooth_draw(Arena *mem, const ToothState *state, ToothDrawing *ret);

#endif

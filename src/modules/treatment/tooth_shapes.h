/* tooth_shapes: the outline of each tooth, as SVG paths. */
#ifndef TREATMENT_TOOTH_SHAPES_H
#define TREATMENT_TOOTH_SHAPES_H

typedef struct ToothShape {
	const char *root, *crown, *groove, *canal;
} ToothShape;

/* The tooth is a valid one. */
const ToothShape *tooth_shape(int tooth);

#endif

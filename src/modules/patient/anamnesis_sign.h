/* anamnesis_sign: drawn signatures, from the numbers that a browser sends to a path of our own. */
#ifndef PATIENT_ANAMNESIS_SIGN_H
#define PATIENT_ANAMNESIS_SIGN_H

#include "core/ctx.h"

enum {
	SIGNATURE_WIDTH = 600, /* the box that a signature is stored in */
	SIGNATURE_HEIGHT = 200,
	SIGNATURE_POINTS_MAX = 2000
};

/* Strokes drawn in a box of SIGNATURE_WIDTH × SIGNATURE_HEIGHT, as JSON [[x,y,ms,pressure, …], …],
 * to an SVG path, and the same JSON made compact. ERR_INVALID (marks "signature"): broken, too many
 * points, out of the box, or hardly a line. */
MUST_CHECK Err signature_read(
	Ctx *cx, const char *json, const char **ret_path, const char **ret_points);

#endif

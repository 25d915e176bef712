/* demo: what the demonstration's patients have in their mouths, and what is proposed to them. */
#ifndef TREATMENT_DEMO_H
#define TREATMENT_DEMO_H

#include "modules/treatment/treatment_rooms.h"

enum { DAY_S = 86400 };

MUST_CHECK Err treatment_demo(Ctx *cx);
/* The patient of that name; 0: the demonstration of this company has none. */
MUST_CHECK Err demo_patient(Ctx *cx, const char *name, int64_t *ret);
/* The procedure of that name; id 0: this clinic has thrown it out of its list. */
MUST_CHECK Err demo_procedure(Ctx *cx, const char *name, Procedure *ret);
/* chart_demo.c: teeth, and planned work in the active plan. */
MUST_CHECK Err chart_demo(Ctx *cx);
/* plan_demo.c: plans presented, approved, refused, waiting; after the chart. */
MUST_CHECK Err plan_demo(Ctx *cx);
/* perio_demo.c: two exams of a mouth, before and after treatment. */
MUST_CHECK Err perio_demo(Ctx *cx);
/* work_demo.c: laboratories, recalls, a next visit asked for. */
MUST_CHECK Err work_demo(Ctx *cx);

#endif

/* demo: what the demonstration's patients have in their mouths, and what is proposed to them. */
#ifndef TREATMENT_DEMO_H
#define TREATMENT_DEMO_H

#include "core/ctx.h"

MUST_CHECK Err treatment_demo(Ctx *cx);
/* chart_demo.c: teeth, and planned work in the active plan. */
MUST_CHECK Err chart_demo(Ctx *cx);
/* plan_demo.c: plans presented, approved, refused, waiting; after the chart. */
MUST_CHECK Err plan_demo(Ctx *cx);
/* work_demo.c: laboratories, recalls, a next visit asked for. */
MUST_CHECK Err work_demo(Ctx *cx);

#endif

/* The demonstration of treatment, in the order of a clinic: first the mouth, then what follows. */
#include "modules/treatment/demo.h"

#include "modules/treatment/perio.h"

Err treatment_demo(Ctx *cx)
{
	TRY(chart_demo(cx));
	TRY(plan_demo(cx));
	TRY(perio_demo(cx));
	return work_demo(cx);
}

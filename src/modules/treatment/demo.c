/* The demonstration of treatment, in the order of a clinic: first the mouth, then what follows. */
#include "modules/treatment/demo.h"

Err treatment_demo(Ctx *cx)
{
	return chart_demo(cx);
}

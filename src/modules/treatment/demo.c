/* The demonstration of treatment, in the order of a clinic: first the mouth, then what follows. */
#include "modules/treatment/demo.h"

Err demo_patient(Ctx *cx, const char *name, int64_t *ret)
{
	PatientHit *hit;
	size_t count;

	TRY(patient_search(cx, name, 1, &hit, &count));
	*ret = count && str_same(hit[0].name, name) ? hit[0].id : 0;
	return OK;
}

Err demo_procedure(Ctx *cx, const char *name, Procedure *ret)
{
	Procedure *list;
	size_t count;

	TRY(procedure_search(cx, name, /* price_table= */ 0, &list, &count));
	*ret = (Procedure){ 0 };
	for (size_t i = 0; i < count && !ret->id; i++)
		if (!strcmp(list[i].name, name))
			*ret = list[i];
	return OK;
}

Err treatment_demo(Ctx *cx)
{
	TRY(chart_demo(cx));
	TRY(plan_demo(cx));
	TRY(perio_demo(cx));
	return work_demo(cx);
}

/* A patient's visits, for modules that hang something on one. */
#include "modules/treatment/treatment.h"

#include "modules/treatment/visit_list.sql.h"

Err treatment_visits_ask(Ctx *cx, PatientId patient)
{
	return sql_visit_list_of_send(cx, patient.v, TREATMENT_VISITS);
}

Err treatment_visits_read(Ctx *cx, PastVisit **ret, size_t *ret_count)
{
	SqlVisitListOf *row;

	TRY(sql_visit_list_of_read(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, PastVisit, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (PastVisit){ row[i].id, row[i].started_at, row[i].dentist };
	return OK;
}

/* "Consultas" on the patient's summary: the next visits and the last ones. */
#include "modules/agenda/agenda_view.h"

Err agenda_visit_card_ask(Ctx *cx, int64_t patient)
{
	return sql_day_of_patient_send(cx, patient, cx->now);
}

Err agenda_visit_card_show(Req *q, int64_t patient)
{
	VisitCardView view = { .patient = patient, .may_write = req_may(q, "agenda.write") };
	SqlDayOfPatient *row;

	TRY(sql_day_of_patient_read(q->cx, &row, &view.row_count));
	view.row = row;
	agenda_visit_card(&q->html, &view);
	return OK;
}

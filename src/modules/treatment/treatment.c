/* Whom all of it is about, and the books it is written in. */
#include "modules/treatment/treatment_rooms.h"

Err treatment_head(Ctx *cx, int64_t patient, PatientHead *ret)
{
	TRY(patient_head_ask(cx, (PatientId){ patient }));
	return patient_head_read(cx, ret);
}

Err treatment_writable(Ctx *cx, const PatientHead *head)
{
	if (!head->restricted)
		return OK;
	return err_tell(cx, ERR_CONFLICT,
		"O cadastro deste paciente está encerrado: nada mais pode ser registrado.",
		"patient %" PRId64 " is restricted", head->id);
}

Err treatment_writable_head(Ctx *cx, int64_t patient, PatientHead *ret)
{
	TRY(treatment_head(cx, patient, ret));
	return treatment_writable(cx, ret);
}

Err treatment_record(
	Ctx *cx, int64_t patient, const Change *change, const char *title, const char *body)
{
	TRY(audit_add_change(cx, change));
	if (!title)
		return OK;
	return audit_add_event(cx, &(Event){ .subject = "patient",
					   .subject_id = patient,
					   .kind = change->action,
					   .title = title,
					   .body = body });
}

/* Closing a patient, opening again, and taking away what says who it was (asked by privacy). */
#include "modules/patient/patient_close.sql.h"
#include "modules/patient/patient_rooms.h"
#include "platform/storage/storage.h"

static const char gone[] = "Paciente anonimizado";

Err patient_close(Ctx *cx, PatientId id, bool closed)
{
	PatientForm form;
	Patient patient;
	int64_t rows;

	TRY(patient_get(cx, id, &patient));
	form = patient_form_of(&patient);
	TRY(sql_patient_set_closed(
		cx, id.v, closed, closed ? "" : patient_search_text(cx, &form), &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT,
			closed ? "Este cadastro já está fechado."
			       : "Este cadastro não está fechado.",
			"patient %" PRId64 " is closed or not", id.v);
	if (closed)
		TRY(sql_patient_wipe_consent(cx, id.v, &rows));
	return OK;
}

static Err drop_photos(Ctx *cx, PatientId id)
{
	SqlPatientWipePhotos *row;
	size_t count;

	TRY(sql_patient_wipe_photos(cx, id.v, &row, &count));
	for (size_t i = 0; i < count; i++)
		TRY(storage_drop(cx, row[i].photo));
	return OK;
}

static Err drop_images(Ctx *cx, PatientId id)
{
	SqlPatientWipeImages *row;
	size_t count;

	TRY(sql_patient_wipe_images(cx, id.v, &row, &count));
	for (size_t i = 0; i < count; i++) {
		TRY(storage_drop(cx, row[i].file));
		if (row[i].view)
			TRY(storage_drop(cx, row[i].view));
		if (row[i].thumb)
			TRY(storage_drop(cx, row[i].thumb));
	}
	return count ? patient_tell_images(cx, id, 0) : OK;
}

bool patient_is_anonymous(const PatientHead *head)
{
	return head->restricted && !strcmp(head->legal, gone);
}

Err patient_anonymise(Ctx *cx, PatientId id)
{
	Patient patient;
	int64_t rows;

	TRY(patient_get(cx, id, &patient));
	TRY(drop_photos(cx, id)); /* while they are named */
	TRY(drop_images(cx, id));
	TRY(sql_patient_wipe(cx, id.v, gone, &rows));
	TRY(sql_patient_wipe_brief(cx, id.v, gone, &rows));
	TRY(sql_patient_wipe_kin(cx, id.v, &rows));
	TRY(sql_patient_wipe_insurance(cx, id.v, &rows));
	TRY(sql_patient_wipe_consent(cx, id.v, &rows));
	TRY(sql_patient_wipe_merge(cx, id.v, &rows));
	TRY(sql_patient_wipe_signatures(cx, id.v, gone, &rows));
	TRY(sql_patient_wipe_unsigned(cx, id.v, &rows));
	TRY(sql_patient_wipe_open(cx, id.v, &rows));
	return module_tell(cx, "patient.anonymised", id.v,
		arena_printf(cx->mem, "{\"id\":%" PRId64 ",\"name\":\"%s\"}", id.v, gone));
}

/* The head of a patient's pages, and patient.brief, which other modules join and tell. */
#include "modules/patient/patient_head.sql.h"
#include "modules/patient/patient_rooms.h"

Err patient_head_ask(Ctx *cx, PatientId id)
{
	TRY(sql_patient_head_send(cx, id.v));
	return sql_patient_head_alerts_send(cx, id.v);
}

Err patient_head_read(Ctx *cx, PatientHead *ret)
{
	SqlPatientHeadAlerts *row;
	PatientAlert *alert;
	SqlPatientHead r;
	size_t count;

	TRY(sql_patient_head_read(cx, &r));
	TRY(sql_patient_head_alerts_read(cx, &row, &count));
	alert = NEW_ARRAY(cx->mem, PatientAlert, count + 1);
	for (size_t i = 0; i < count; i++)
		alert[i] = (PatientAlert){ row[i].id, row[i].kind, row[i].text, row[i].severe };
	*ret = (PatientHead){ .id = r.id,
		.name = r.name,
		.legal = r.legal,
		.cpf = r.cpf,
		.phone = r.phone,
		.whatsapp = r.whatsapp,
		.insurance = r.insurance,
		.photo = r.photo,
		.birth = r.birth,
		.has_balance = !r.balance_cents_null,
		.balance = r.balance_cents,
		.no_shows = r.no_shows,
		.visits = r.visits,
		.next_visit = r.next_visit_at >= cx->now ? r.next_visit_at : 0,
		.alert = alert,
		.alert_count = count,
		.image_count = r.images,
		.restricted = r.restricted,
		.version = r.version };
	return OK;
}

Err patient_brief_ask(Ctx *cx, PatientId id, const PatientForm *in)
{
	return sql_patient_brief_write_send(cx, id.v, in->social_name ? in->social_name : in->name,
		in->phone, in->birth == DATE_NONE ? NULL : &in->birth);
}

Err patient_brief_read(Ctx *cx)
{
	int64_t rows;

	return sql_patient_brief_write_read(cx, &rows);
}

/* Telling of a patient who is not here is the teller's mistake. */
static Err told(Ctx *cx, PatientId id, int64_t rows)
{
	return rows ? OK : err_set(cx, ERR_NOT_FOUND, "no patient %" PRId64 " to tell of", id.v);
}

Err patient_visits_ask(Ctx *cx, PatientId id, const PatientVisits *in)
{
	return sql_patient_brief_visits_send(cx, id.v, in->visits, in->no_shows,
		in->first_at ? &in->first_at : NULL, in->last_at ? &in->last_at : NULL,
		in->next_at ? &in->next_at : NULL);
}

Err patient_visits_read(Ctx *cx, PatientId id)
{
	int64_t rows;

	TRY(sql_patient_brief_visits_read(cx, &rows));
	return told(cx, id, rows);
}

Err patient_tell_visits(Ctx *cx, PatientId id, const PatientVisits *in)
{
	TRY(patient_visits_ask(cx, id, in));
	return patient_visits_read(cx, id);
}

Err patient_tell_balance(Ctx *cx, PatientId id, int64_t cents)
{
	int64_t rows;

	TRY(sql_patient_brief_balance(cx, id.v, cents, &rows));
	return told(cx, id, rows);
}

Err patient_tell_images(Ctx *cx, PatientId id, int64_t count)
{
	int64_t rows;

	TRY(sql_patient_brief_images(cx, id.v, (int32_t)count, &rows));
	return told(cx, id, rows);
}

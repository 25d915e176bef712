/* The patient's form: new, edit, two people at once, addresses by CEP. */
#include "core/br.h"
#include "modules/patient/cep.sql.h"
#include "modules/patient/patient_view.h"
#include "modules/patient/patient_web.h"

/* All that stands on the page beside what was typed: one round trip. */
static Err page_form(Req *q, PatientFormView *view, int status)
{
	const PatientId id = { view->patient ? view->patient->id : 0 };

	TRY(patient_family_read(q, id, &view->family));
	patient_form_page(&q->html, view);
	return send_html(q, status);
}

/* GET /patients/new?name=&phone= */
Err patient_blank(Req *q)
{
	return page_form(q, &(PatientFormView){ .q = q }, 200);
}

static Err patient_asked(Req *q, Patient *ret)
{
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	return patient_get(q->cx, id, ret);
}

/* GET /patients/:id/edit. 303 to the one that took a merged one over. */
Err patient_edit(Req *q)
{
	Patient patient;

	TRY(patient_asked(q, &patient));
	if (patient.merged_into)
		return redirect(q, "/patients/%" PRId64, patient.merged_into);
	return page_form(q, &(PatientFormView){ .q = q, .patient = &patient }, 200);
}

/* Checkboxes by channel are all that the page asks of consent. */
static bool read_form(Req *q, bool is_new, PatientForm *in)
{
	const size_t count = is_new ? PATIENT_FIELDS : PATIENT_SAVE_FIELDS;

	*in = (PatientForm){ .card_until = DATE_NONE };
	if (!form_read(q, patient_fields, count, in))
		return false;
	in->consent = in->consents.count > 0;
	return true;
}

/* Somebody who may be the same person, unless the reader has seen them and is sure. */
static Err twins_of(Req *q, const PatientForm *in, PatientFormView *view)
{
	PatientTwin *twin;

	if (form_value(&q->form, "sure"))
		return OK;
	TRY(patient_find_twins(q->cx, in->phone, in->email, in->cpf, &twin, &view->twin_count));
	view->twin = twin;
	return OK;
}

/* POST /patients. 303 to the new patient; 422 with the form; 409 with it when a twin is known. */
Err patient_create(Req *q)
{
	PatientFormView view = { .q = q };
	Err err = ERR_INVALID;
	PatientForm in;
	PatientId id;

	if (read_form(q, /* is_new= */ true, &in)) {
		TRY(twins_of(q, &in, &view));
		err = view.twin_count ? ERR_CONFLICT : patient_register(q->cx, &in, NULL, 0, &id);
	}
	if (err == ERR_INVALID || err == ERR_CONFLICT)
		return page_form(q, &view, err == ERR_INVALID ? 422 : 409);
	TRY(err);
	answer_toast(q, "Paciente cadastrado", NULL);
	return redirect(q, "/patients/%" PRId64, id.v);
}

/* What was typed against what is there now: saved by somebody else, part of another record, or
 * closed. *patient becomes the record that the form is of from now on. */
static Err hold_against(Req *q, const PatientForm *typed, Patient *patient, PatientFormView *view)
{
	TRY(patient_get(q->cx, (PatientId){ patient->id }, patient));
	view->closed = patient->restricted;
	view->merged = patient->merged_into != 0;
	if (view->merged)
		TRY(patient_get(q->cx, (PatientId){ patient->merged_into }, patient));
	view->theirs = view->closed ? NULL : patient;
	view->mine = typed;
	return OK;
}

/* POST /patients/:id. 303 to the patient; 422 with the form; 409 with it when it cannot be saved as
 * it is, and why: what was typed stays. */
Err patient_update(Req *q)
{
	PatientFormView view = { .q = q };
	Err err = ERR_INVALID;
	Patient patient;
	PatientForm in;

	TRY(patient_asked(q, &patient));
	view.patient = &patient;
	if (read_form(q, /* is_new= */ false, &in))
		err = patient_save(q->cx, (PatientId){ patient.id }, &in);
	if (err == ERR_CONFLICT && !q->cx->bad_count)
		TRY(hold_against(q, &in, &patient, &view));
	if (err == ERR_INVALID || err == ERR_CONFLICT)
		return page_form(q, &view, err_status(err));
	TRY(err);
	answer_toast(q, "Cadastro salvo", NULL);
	return redirect(q, "/patients/%" PRId64, patient.id);
}

/* ---- addresses ---- */

/* GET /cep/:cep: what is known of it, as JSON; 204 when nothing is: the form is never blocked. */
Err patient_cep(Req *q)
{
	SqlCepFind row;
	char cep[9];
	bool found;

	if (!cep_parse(req_segment(q, "cep"), cep))
		return send_nothing(q);
	TRY(sql_cep_find(q->cx, cep, &row, &found));
	if (!found)
		return send_nothing(q);
	json_put_object(&q->json, NULL);
	json_put_text(&q->json, "street", row.street);
	json_put_text(&q->json, "district", row.district);
	json_put_text(&q->json, "city", row.city);
	json_put_text(&q->json, "uf", row.uf);
	return send_json(q, 200);
}

const char *patient_field_value(const PatientFormView *v, const char *name, const char *stored)
{
	const char *typed = form_value(&v->q->form, name);

	return typed ? typed : stored;
}

bool patient_ticked(const PatientFormView *v, const char *name, const char *value, Strs stored)
{
	const Strs list = v->q->form.count ? form_values(&v->q->form, v->q->cx->mem, name) : stored;

	for (size_t i = 0; i < list.count; i++)
		if (str_same(list.v[i], value))
			return true;
	return false;
}

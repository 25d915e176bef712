/* Patients: identity and contacts. */
#include "modules/patient/patient.h"

#include "core/br.h"
#include "core/clock.h"
#include "core/search.h"
#include "modules/audit/audit.h"
#include "modules/patient/patient.sql.h"
#include "modules/patient/patient_rooms.h"
#include "platform/web/form_json.h"

const Field patient_fields[] = {
	FIELD(PatientForm, name, FIELD_TEXT, "Nome", 1, 120, true),
	FIELD(PatientForm, social_name, FIELD_TEXT, "Nome social", 0, 120, false),
	FIELD(PatientForm, birth, FIELD_DATE, "Nascimento", 0, 0, false),
	FIELD(PatientForm, cpf, FIELD_CPF, "CPF", 0, 0, false),
	FIELD(PatientForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(PatientForm, phone2, FIELD_PHONE, "Outro telefone", 0, 0, false),
	FIELD(PatientForm, email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(PatientForm, notes, FIELD_LONG, "Observações", 0, 4000, false),
	FIELD(PatientForm, consent, FIELD_BOOL, "Novidades", 0, 0, false),
	FIELD(PatientForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};

Patient patient_of_row(const SqlPatientRow *r)
{
	return (Patient){ .id = r->id,
		.name = r->name,
		.social_name = r->social_name,
		.cpf = r->cpf,
		.phone = r->phone,
		.phone2 = r->phone2,
		.email = r->email,
		.source = r->source,
		.notes = r->notes,
		.birth = r->birth,
		.lead_id = r->lead_id,
		.consent = r->consent,
		.created_at = r->created_at,
		.version = r->version,
		.merged_into = r->merged_into };
}

Err patient_get(Ctx *cx, PatientId id, Patient *ret)
{
	SqlPatientRow row;

	TRY(sql_patient_by_id(cx, id.v, &row));
	*ret = patient_of_row(&row);
	return OK;
}

Err patient_whole_ask(Ctx *cx, PatientId id)
{
	return sql_patient_by_id_send(cx, id.v);
}

Err patient_whole_read(Ctx *cx, Patient *ret)
{
	SqlPatientRow row;

	TRY(sql_patient_by_id_read(cx, &row));
	*ret = patient_of_row(&row);
	return OK;
}

Err patient_tell(Ctx *cx, PatientId id, const char *event)
{
	Patient patient;
	Json json;

	TRY(patient_get(cx, id, &patient));
	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_out(&json, patient_out, patient_out_count, &patient);
	return module_tell(cx, event, id.v, json_done(&json));
}

static const char *search_of(Ctx *cx, const PatientForm *in)
{
	char day[9] = "";
	int y, m, d;

	if (in->birth != DATE_NONE) {
		date_split(in->birth, &y, &m, &d);
		snprintf(day, sizeof day, "%02d%02d%04d", d % 100, m % 100, y % 10000);
	}
	const char *more[] = { in->social_name ? str_fold(cx->mem, in->social_name) : NULL,
		in->email, in->phone, in->phone2, in->cpf, day[0] ? day : NULL };
	return search_text(cx->mem, in->name, more, COUNT(more));
}

static const char *key_of(Ctx *cx, const char *phone)
{
	return phone ? phone_key(cx->mem, phone) : NULL;
}

static Err cpf_is_taken(Ctx *cx)
{
	(void)err_field(cx, "cpf",
		"Outro paciente já tem este CPF. Procure por ele antes de criar outro cadastro.");
	return err_tell(
		cx, ERR_CONFLICT, "Outro paciente já tem este CPF.", "CPF is another patient's");
}

Err patient_register(
	Ctx *cx, const PatientForm *in, const char *source, int64_t lead_id, PatientId *ret)
{
	SqlPatientInsert row;
	bool added;

	TRY(sql_patient_insert(cx,
		&(SqlPatientInsertIn){ .name = in->name,
			.social_name = in->social_name,
			.birth = in->birth == DATE_NONE ? NULL : &in->birth,
			.cpf = in->cpf,
			.phone = in->phone,
			.phone2 = in->phone2,
			.email = in->email,
			.source = source,
			.lead_id = lead_id ? &lead_id : NULL,
			.consent = in->consent,
			.notes = in->notes,
			.search = search_of(cx, in),
			.phone_key = key_of(cx, in->phone),
			.phone2_key = key_of(cx, in->phone2),
			.user_id = cx->user.v ? &cx->user.v : NULL },
		&row, &added));
	if (!added)
		return cpf_is_taken(cx);
	*ret = (PatientId){ row.id };
	TRY(patient_brief_write(cx, *ret, in));
	TRY(audit_add_change(cx,
		&(Change){
			.action = "patient.create", .subject = "patient", .subject_id = row.id }));
	TRY(audit_add_event(cx, &(Event){ .subject = "patient",
					.subject_id = row.id,
					.kind = "patient.created",
					.title = "Paciente cadastrado" }));
	return patient_tell(cx, *ret, "patient.created");
}

static const char *difference(Ctx *cx, const Patient *old, const PatientForm *in)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", old->name, in->name);
	diff_text(&diff, "social_name", old->social_name, in->social_name);
	diff_text(&diff, "cpf", old->cpf, in->cpf);
	diff_text(&diff, "phone", old->phone, in->phone);
	diff_text(&diff, "phone2", old->phone2, in->phone2);
	diff_text(&diff, "email", old->email, in->email);
	diff_int(&diff, "birth", old->birth, in->birth);
	diff_int(&diff, "consent", old->consent, in->consent);
	diff_text(&diff, "notes", old->notes, in->notes);
	return diff_done(&diff);
}

Err patient_save(Ctx *cx, PatientId id, const PatientForm *in)
{
	const char *diff;
	int64_t rows;
	Patient old;
	Err err;

	TRY(patient_get(cx, id, &old));
	TRY(db_savepoint(cx));
	err = sql_patient_update(cx,
		&(SqlPatientUpdateIn){ .id = id.v,
			.version = (int32_t)in->version,
			.name = in->name,
			.social_name = in->social_name,
			.birth = in->birth == DATE_NONE ? NULL : &in->birth,
			.cpf = in->cpf,
			.phone = in->phone,
			.phone2 = in->phone2,
			.email = in->email,
			.consent = in->consent,
			.notes = in->notes,
			.search = search_of(cx, in),
			.phone_key = key_of(cx, in->phone),
			.phone2_key = key_of(cx, in->phone2) },
		&rows);
	if (err == ERR_CONFLICT) {
		TRY(db_undo(cx));
		return cpf_is_taken(cx);
	}
	TRY(err);
	TRY(db_release(cx));
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "patient %" PRId64 " is not at version %" PRId64,
			id.v, in->version);
	diff = difference(cx, &old, in);
	if (!diff)
		return OK;
	TRY(patient_brief_write(cx, id, in));
	TRY(audit_add_change(cx, &(Change){ .action = "patient.update",
					 .subject = "patient",
					 .subject_id = id.v,
					 .diff = diff }));
	return patient_tell(cx, id, "patient.updated");
}

Err patient_find_twins(Ctx *cx, const char *phone, const char *email, const char *cpf,
	PatientTwin **ret, size_t *ret_count)
{
	SqlPatientTwins *row;
	size_t count, n = 0;

	TRY(sql_patient_twins(cx, key_of(cx, phone), email, cpf, &row, &count));
	*ret = NEW_ARRAY(cx->mem, PatientTwin, count + 1);
	for (size_t i = 0; i < count && n < 10; i++) {
		bool seen = false;

		for (size_t j = 0; j < n; j++)
			seen |= (*ret)[j].id == row[i].id;
		if (!seen)
			(*ret)[n++] = (PatientTwin){ row[i].id, row[i].name, row[i].phone,
				row[i].email, row[i].cpf, row[i].why, row[i].birth };
	}
	*ret_count = n;
	return OK;
}

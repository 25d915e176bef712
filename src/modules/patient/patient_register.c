/* New patients, one or many: what is written of each, in a few round trips for all. */
#include "core/clock.h"
#include "modules/patient/cep.sql.h"
#include "modules/patient/patient_head.sql.h"
#include "modules/patient/patient_rooms.h"

Err patient_check_new(Ctx *cx, PatientForm *in)
{
	TRY(patient_settle(cx, NULL, in));
	return patient_check_family(cx, in);
}

static Err insert_send(Ctx *cx, const PatientNew *one)
{
	const PatientForm *in = &one->form;
	PatientDerived more = patient_derive(cx, in);

	return sql_patient_insert_send(
		cx, &(SqlPatientInsertIn){ PATIENT_TYPED(in), PATIENT_DERIVED(in, more),
			    .lead_id = one->lead_id ? &one->lead_id : NULL,
			    .user_id = db_id_or_null(&cx->user.v) });
}

/* Those that came in move to the front of ret; all others keep the id 0. */
static Err insert_all(Ctx *cx, PatientNew *one, size_t count, PatientNew *ret, size_t *ret_count)
{
	for (size_t i = 0; i < count; i++)
		TRY(insert_send(cx, &one[i]));
	*ret_count = 0;
	for (size_t i = 0; i < count; i++) {
		SqlPatientInsert row;
		bool added;

		TRY(sql_patient_insert_read(cx, &row, &added));
		one[i].id = (PatientId){ added ? row.id : 0 };
		if (added)
			ret[(*ret_count)++] = one[i];
	}
	return OK;
}

static bool teaches_cep(const PatientForm *in)
{
	return in->cep && in->city && in->uf;
}

/* Consents by channel, and addresses that the next form offers. */
static Err write_beside(Ctx *cx, const PatientNew *one, size_t count)
{
	int64_t rows;

	for (size_t i = 0; i < count; i++) {
		const PatientForm *in = &one[i].form;

		if (in->consents.count)
			TRY(sql_patient_consent_write_send(
				cx, one[i].id.v, in->consents, db_id_or_null(&cx->user.v)));
		if (teaches_cep(in))
			TRY(sql_cep_learn_send(
				cx, in->cep, in->street, in->district, in->city, in->uf));
	}
	for (size_t i = 0; i < count; i++) {
		if (one[i].form.consents.count)
			TRY(sql_patient_consent_write_read(cx, &rows));
		if (teaches_cep(&one[i].form))
			TRY(sql_cep_learn_read(cx, &rows));
	}
	return OK;
}

static Err learn_tags(Ctx *cx, const PatientNew *one, size_t count)
{
	size_t room = 1, n = 0;

	for (size_t i = 0; i < count; i++)
		room += one[i].form.tags.count;
	const char **tag = NEW_ARRAY(cx->mem, const char *, room);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < one[i].form.tags.count; j++)
			tag[n++] = one[i].form.tags.v[j];
	return patient_learn(cx, "tag", (Strs){ tag, n });
}

static Err write_books(Ctx *cx, Int64s ids)
{
	TRY(audit_add_changes(
		cx, &(Change){ .action = "patient.create", .subject = "patient" }, ids));
	return audit_add_events(cx,
		&(Event){ .subject = "patient",
			.kind = "patient.created",
			.title = "Paciente cadastrado" },
		ids);
}

Err patient_register_many(Ctx *cx, PatientNew *all, size_t count)
{
	PatientNew *one = NEW_ARRAY(cx->mem, PatientNew, count + 1);
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, count + 1), rows;
	size_t n;

	TRY(insert_all(cx, all, count, one, &n));
	if (!n)
		return OK;
	for (size_t i = 0; i < n; i++)
		id[i] = one[i].id.v;
	TRY(learn_tags(cx, one, n));
	TRY(write_beside(cx, one, n));
	TRY(patient_register_family(cx, one, n));
	TRY(sql_patient_brief_start(cx, (Int64s){ id, n }, date_today(cx->now, cx->zone), &rows));
	TRY(write_books(cx, (Int64s){ id, n }));
	return patient_tell_many(cx, (Int64s){ id, n }, "patient.created");
}

Err patient_register(
	Ctx *cx, const PatientForm *form, const char *source, int64_t lead_id, PatientId *ret)
{
	PatientNew one = { .form = *form, .lead_id = lead_id };

	one.form.source = form->source ? form->source : source;
	TRY(patient_check_new(cx, &one.form));
	TRY(patient_register_many(cx, &one, 1));
	*ret = one.id;
	return one.id.v ? OK : patient_cpf_is_taken(cx);
}

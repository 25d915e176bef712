/* Patients for programs: the services of the pages, told by the same table of fields. */
#include "core/search.h"
#include "modules/patient/clinical.h"
#include "modules/patient/patient_rooms.h"

enum { PAGE_USUAL = 50, PAGE_MOST = 200 };

const OutField patient_out[] = {
	OUT(Patient, id, OUT_ID, "Identificador"),
	OUT(Patient, name, OUT_TEXT, "Nome"),
	OUT(Patient, social_name, OUT_TEXT, "Nome social"),
	OUT(Patient, birth, OUT_DATE, "Nascimento"),
	OUT(Patient, cpf, OUT_TEXT, "CPF"),
	OUT(Patient, phone, OUT_TEXT, "Telefone (E.164)"),
	OUT(Patient, phone2, OUT_TEXT, "Outro telefone (E.164)"),
	OUT(Patient, email, OUT_TEXT, "E-mail"),
	OUT(Patient, notes, OUT_TEXT, "Observações"),
	OUT(Patient, consent, OUT_BOOL, "Aceita receber novidades"),
	OUT(Patient, source, OUT_TEXT, "De onde veio"),
	OUT(Patient, lead_id, OUT_ID, "Lead de que se tornou paciente"),
	OUT(Patient, merged_into, OUT_ID, "Paciente a que este foi unido"),
	OUT(Patient, created_at, OUT_TIME, "Criado em"),
	OUT(Patient, version, OUT_INT, "Versão, para gravar sem apagar o que outro mudou"),
};

const size_t patient_out_count = COUNT(patient_out);

/* What a list shows: opening one patient is recorded, listing them is not, so notes stay out. */
static const OutField patient_row_out[] = {
	OUT(Patient, id, OUT_ID, "Identificador"),
	OUT(Patient, name, OUT_TEXT, "Nome"),
	OUT(Patient, social_name, OUT_TEXT, "Nome social"),
	OUT(Patient, birth, OUT_DATE, "Nascimento"),
	OUT(Patient, phone, OUT_TEXT, "Telefone (E.164)"),
	OUT(Patient, email, OUT_TEXT, "E-mail"),
	OUT(Patient, lead_id, OUT_ID, "Lead de que se tornou paciente"),
	OUT(Patient, created_at, OUT_TIME, "Criado em"),
	OUT(Patient, version, OUT_INT, "Versão"),
};

typedef struct Asked {
	const char *q;
	int64_t after, limit;
} Asked;

static const Field asked_fields[] = {
	FIELD(Asked, q, FIELD_TEXT, "Nome, CPF, telefone ou nascimento", 0, 120, false),
	FIELD(Asked, after, FIELD_ID, "Cursor: o next da página anterior", 0, 0, false),
	FIELD(Asked, limit, FIELD_INT, "Quantos", 1, PAGE_MOST, false),
};

static Err list(Req *q)
{
	const char *word[SEARCH_WORDS];
	Asked asked = { 0 };
	SqlPatientRow *row;
	Patient *patient;
	size_t count;
	int32_t limit;
	int64_t next = 0;

	if (!query_read(q, asked_fields, COUNT(asked_fields), &asked))
		return ERR_INVALID;
	limit = asked.limit ? (int32_t)asked.limit : PAGE_USUAL;
	search_patterns(q->cx->mem, asked.q, word);
	TRY(sql_patient_list(q->cx, word[0], word[1], word[2], asked.after ? &asked.after : NULL,
		limit + 1, &row, &count));
	if (count > (size_t)limit) {
		count = (size_t)limit;
		next = row[count - 1].id;
	}
	patient = NEW_ARRAY(q->cx->mem, Patient, count + 1);
	for (size_t i = 0; i < count; i++)
		patient[i] = patient_of_row(&row[i]);
	return send_rows(q, patient, sizeof *patient, count, next);
}

static Err send_patient(Req *q, int status, PatientId id)
{
	Patient patient;

	TRY(patient_get(q->cx, id, &patient));
	answer_version(q, patient.version);
	return send_row(q, status, &patient);
}

static Err show(Req *q)
{
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	return send_patient(q, 200, id);
}

/* 409 with the field cpf: another patient has it. */
static Err create(Req *q)
{
	PatientForm in;
	PatientId id;

	if (!form_read(q, patient_fields, COUNT(patient_fields), &in))
		return ERR_INVALID;
	TRY(patient_register(q->cx, &in, /* source= */ NULL, /* lead_id= */ 0, &id));
	answer_header(q, "Location", arena_printf(q->cx->mem, "/api/v1/patients/%" PRId64, id.v));
	return send_patient(q, 201, id);
}

/* Only what was sent. 409: `version` is old, or the CPF is another's; 412: If-Match is old. */
static Err update(Req *q)
{
	PatientForm in;
	Patient old;
	PatientId id;
	Err err;

	TRY(req_id(q, "id", &id.v));
	TRY(patient_get(q->cx, id, &old));
	TRY(req_if_match(q, old.version));
	if (old.merged_into)
		return err_tell(q->cx, ERR_CONFLICT,
			"Este paciente foi unido a outro: veja merged_into.",
			"patient %" PRId64 " was merged into %" PRId64, id.v, old.merged_into);
	in = (PatientForm){ .name = old.name,
		.social_name = old.social_name,
		.cpf = old.cpf,
		.phone = old.phone,
		.phone2 = old.phone2,
		.email = old.email,
		.notes = old.notes,
		.birth = old.birth,
		.consent = old.consent,
		.version = old.version };
	if (!form_read_some(q, patient_fields, COUNT(patient_fields), &in))
		return ERR_INVALID;
	err = patient_save(q->cx, id, &in);
	/* somebody was faster between reading and saving */
	if (err == ERR_CONFLICT && !q->cx->bad_count && in.version == old.version &&
		!str_is_empty(q->if_match))
		return err_set(q->cx, ERR_STALE, "patient %" PRId64 " changed meanwhile", id.v);
	TRY(err);
	return send_patient(q, 200, id);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/api/v1/patients", list, "patient.read", ROUTE_API, .summary = "Pacientes, os mais novos primeiro",
		.in = asked_fields, .in_count = COUNT(asked_fields),
		.out = patient_row_out, .out_count = COUNT(patient_row_out), .out_list = true },
	{ POST, "/api/v1/patients", create, "patient.write", ROUTE_API, .summary = "Cadastrar um paciente",
		.in = patient_fields, .in_count = COUNT(patient_fields),
		.out = patient_out, .out_count = COUNT(patient_out) },
	{ GET, "/api/v1/patients/:id", show, "patient.read", ROUTE_API | ROUTE_READS_CHART,
		.summary = "Um paciente; quem leu fica registrado",
		.out = patient_out, .out_count = COUNT(patient_out) },
	{ PATCH, "/api/v1/patients/:id", update, "patient.write", ROUTE_API, .summary = "Mudar só o que for enviado",
		.in = patient_fields, .in_count = COUNT(patient_fields),
		.out = patient_out, .out_count = COUNT(patient_out) },
};
/* clang-format on */

const RouteList patient_api = { routes, COUNT(routes), &anamnesis_routes };

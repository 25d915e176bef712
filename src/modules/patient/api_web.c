/* Patients for programs: the services of the pages, told by the same table of fields. */
#include "modules/patient/clinical.h"
#include "modules/patient/patient_rooms.h"
#include "platform/web/api.h"

enum { PAGE_USUAL = 50 };

const OutField patient_out[] = {
	OUT(Patient, id, OUT_ID, "Identificador"),
	OUT(Patient, name, OUT_TEXT, "Nome"),
	OUT(Patient, social_name, OUT_TEXT, "Nome social"),
	OUT(Patient, birth, OUT_DATE, "Nascimento"),
	OUT(Patient, cpf, OUT_TEXT, "CPF"),
	OUT(Patient, rg, OUT_TEXT, "RG"),
	OUT(Patient, sex, OUT_TEXT, "Sexo: female, male, other"),
	OUT(Patient, gender, OUT_TEXT, "Gênero, nas palavras da pessoa"),
	OUT(Patient, occupation, OUT_TEXT, "Profissão"),
	OUT(Patient, phone, OUT_TEXT, "Telefone (E.164)"),
	OUT(Patient, phone2, OUT_TEXT, "Outro telefone (E.164)"),
	OUT(Patient, phone2_note, OUT_TEXT, "De quem é o outro telefone"),
	OUT(Patient, whatsapp, OUT_TEXT, "Qual telefone tem WhatsApp: phone, phone2, both, none"),
	OUT(Patient, email, OUT_TEXT, "E-mail"),
	OUT(Patient, cep, OUT_TEXT, "CEP"),
	OUT(Patient, street, OUT_TEXT, "Rua"),
	OUT(Patient, number, OUT_TEXT, "Número"),
	OUT(Patient, complement, OUT_TEXT, "Complemento"),
	OUT(Patient, district, OUT_TEXT, "Bairro"),
	OUT(Patient, city, OUT_TEXT, "Cidade"),
	OUT(Patient, uf, OUT_TEXT, "Estado"),
	OUT(Patient, channel, OUT_TEXT, "Canal preferido: whatsapp, phone, email, sms"),
	OUT(Patient, times, OUT_TEXTS,
		"Horários preferidos: morning, afternoon, evening, saturday"),
	OUT(Patient, consents, OUT_TEXTS, "Canais por que aceita novidades"),
	OUT(Patient, consent, OUT_BOOL, "Aceita novidades por algum canal"),
	OUT(Patient, tags, OUT_TEXTS, "Etiquetas"),
	OUT(Patient, source, OUT_TEXT, "De onde veio"),
	OUT(Patient, notes, OUT_TEXT, "Observações"),
	OUT(Patient, lead_id, OUT_ID, "Lead de que se tornou paciente"),
	OUT(Patient, restricted, OUT_BOOL, "Cadastro encerrado: nada pode ser acrescentado"),
	OUT(Patient, merged_into, OUT_ID, "Paciente a que este foi unido"),
	OUT(Patient, created_at, OUT_TIME, "Criado em"),
	OUT(Patient, version, OUT_INT, "Versão, para gravar sem apagar o que outro mudou"),
};
const size_t patient_out_count = COUNT(patient_out);

/* What a list shows: opening one patient is recorded, listing them is not, so notes stay out. */
static const OutField line_out[] = {
	OUT(PatientLine, id, OUT_ID, "Identificador"),
	OUT(PatientLine, name, OUT_TEXT, "Nome"),
	OUT(PatientLine, social_name, OUT_TEXT, "Nome social"),
	OUT(PatientLine, birth, OUT_DATE, "Nascimento"),
	OUT(PatientLine, phone, OUT_TEXT, "Telefone (E.164)"),
	OUT(PatientLine, email, OUT_TEXT, "E-mail"),
	OUT(PatientLine, insurance, OUT_TEXT, "Convênio; vazio: particular"),
	OUT(PatientLine, tags, OUT_TEXTS, "Etiquetas"),
	OUT(PatientLine, alert, OUT_BOOL, "Tem alerta clínico"),
	OUT(PatientLine, lead_id, OUT_ID, "Lead de que se tornou paciente"),
	OUT(PatientLine, last_visit, OUT_TIME, "Última visita"),
	OUT(PatientLine, next_visit, OUT_TIME, "Próxima visita"),
	OUT(PatientLine, created_at, OUT_TIME, "Criado em"),
	OUT(PatientLine, version, OUT_INT, "Versão"),
};

/* The newest first unless the program asks otherwise; only forwards, as every list of the API. */
static Err list(Req *q)
{
	PatientFilter filter = { 0 };
	PatientLines lines;

	TRY(api_read(q, &filter));
	filter.sort = filter.sort ? filter.sort : "newest";
	TRY(patient_list_lines(
		q->cx, &filter, filter.limit ? (int32_t)filter.limit : PAGE_USUAL, &lines));
	return send_rows(q, lines.line, sizeof *lines.line, lines.count, lines.next);
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
	PatientForm in = { .card_until = DATE_NONE };
	PatientId id;

	TRY(api_read(q, &in));
	TRY(patient_register(q->cx, &in, /* source= */ NULL, /* lead_id= */ 0, &id));
	api_made(q, id.v);
	return send_patient(q, 201, id);
}

/* Only what was sent. 409: `version` is old, the CPF is another's, or the patient was merged or
 * closed; 412: If-Match is old. */
static Err update(Req *q)
{
	PatientForm in;
	Patient old;
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(patient_lock(q->cx, id)); /* what If-Match was true of is still true when it changes */
	TRY(patient_get(q->cx, id, &old));
	TRY(req_if_match(q, old.version));
	in = patient_form_of(&old);
	TRY(api_read_some(q, &in));
	TRY(patient_save(q->cx, id, &in));
	return send_patient(q, 200, id);
}

/* ---- cards and contacts ---- */

static const OutField card_out[] = {
	OUT(InsuranceCard, id, OUT_ID, "Identificador"),
	OUT(InsuranceCard, insurer, OUT_TEXT, "Convênio"),
	OUT(InsuranceCard, plan, OUT_TEXT, "Plano"),
	OUT(InsuranceCard, number, OUT_TEXT, "Número da carteirinha"),
	OUT(InsuranceCard, valid_until, OUT_DATE, "Validade"),
	OUT(InsuranceCard, holder, OUT_TEXT, "Titular, se for outra pessoa"),
};

static const OutField contact_out[] = {
	OUT(Kin, id, OUT_ID, "Identificador"),
	OUT(Kin, other_id, OUT_ID, "O outro, quando também é paciente"),
	OUT(Kin, kind, OUT_TEXT, "O que o outro é do paciente"),
	OUT(Kin, name, OUT_TEXT, "Nome"),
	OUT(Kin, phone, OUT_TEXT, "Telefone (E.164)"),
	OUT(Kin, cpf, OUT_TEXT, "CPF"),
	OUT(Kin, pays, OUT_BOOL, "Paga o tratamento"),
	OUT(Kin, signs, OUT_BOOL, "Assina pelo paciente"),
	OUT(Kin, theirs, OUT_BOOL, "Consta na família do outro, e kind é visto de lá"),
};

/* The patient of the path: an empty list of nobody would be a lie. */
static Err patient_asked(Req *q, PatientId *ret)
{
	Patient patient;

	TRY(req_id(q, "id", &ret->v));
	return patient_get(q->cx, *ret, &patient);
}

static Err list_cards(Req *q)
{
	InsuranceCard *card;
	PatientId id;
	size_t count;

	TRY(patient_asked(q, &id));
	TRY(patient_list_cards(q->cx, id, &card, &count));
	return send_rows(q, card, sizeof *card, count, 0);
}

static Err create_card(Req *q)
{
	InsuranceCard card = { 0 };
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(api_read(q, &card));
	TRY(patient_add_card(q->cx, id, &card, &card.id));
	return send_row(q, 201, &card);
}

static Err delete_card(Req *q)
{
	int64_t card;
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(req_id(q, "card", &card));
	TRY(patient_remove_card(q->cx, id, card));
	return send_nothing(q);
}

static Err list_contacts(Req *q)
{
	PatientId id;
	size_t count;
	Kin *kin;

	TRY(patient_asked(q, &id));
	TRY(patient_list_kin(q->cx, id, &kin, &count));
	return send_rows(q, kin, sizeof *kin, count, 0);
}

static Err create_contact(Req *q)
{
	Kin kin = { 0 };
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(api_read(q, &kin));
	TRY(patient_add_kin(q->cx, id, &kin, &kin.id));
	return send_row(q, 201, &kin);
}

static Err delete_contact(Req *q)
{
	int64_t kin;
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(req_id(q, "contact", &kin));
	TRY(patient_remove_kin(q->cx, id, kin));
	return send_nothing(q);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/api/v1/patients", list, "patient.read", API, .summary = "Pacientes, os mais novos primeiro",
		.in = patient_filter_fields, .in_count = 9, ROWS(line_out) },
	{ POST, "/api/v1/patients", create, "patient.write", API, .summary = "Cadastrar um paciente",
		IN(patient_fields), ROW(patient_out) },
	{ GET, "/api/v1/patients/:id", show, "patient.read", ROUTE_API | ROUTE_READS_CHART,
		.summary = "Um paciente; quem leu fica registrado", ROW(patient_out) },
	{ PATCH, "/api/v1/patients/:id", update, "patient.write", API, .summary = "Mudar só o que for enviado",
		.in = patient_fields, .in_count = PATIENT_SAVE_FIELDS, ROW(patient_out) },
	{ GET, "/api/v1/patients/:id/insurance", list_cards, "patient.read", API, .summary = "Convênios de um paciente",
		ROWS(card_out) },
	{ POST, "/api/v1/patients/:id/insurance", create_card, "patient.write", API, .summary = "Incluir um convênio",
		IN(insurance_card_fields), ROW(card_out) },
	{ DELETE, "/api/v1/patients/:id/insurance/:card", delete_card, "patient.write", API, .summary = "Retirar um convênio" },
	{ GET, "/api/v1/patients/:id/contacts", list_contacts, "patient.read", API,
		.summary = "Família e responsáveis de um paciente", ROWS(contact_out) },
	{ POST, "/api/v1/patients/:id/contacts", create_contact, "patient.write", API,
		.summary = "Incluir alguém da família ou um responsável",
		IN(kin_fields), ROW(contact_out) },
	{ DELETE, "/api/v1/patients/:id/contacts/:contact", delete_contact, "patient.write", API,
		.summary = "Retirar alguém da família" },
};
/* clang-format on */

const RouteList patient_api = { routes, COUNT(routes), &anamnesis_routes };

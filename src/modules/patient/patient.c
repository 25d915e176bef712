/* Patients: identity and contacts. */
#include "modules/patient/patient.h"

#include "core/br.h"
#include "core/clock.h"
#include "core/search.h"
#include "modules/patient/cep.sql.h"
#include "modules/patient/patient_rooms.h"

#define CHANNELS "whatsapp email sms phone"

const Field patient_fields[PATIENT_FIELDS] = {
	FIELD(PatientForm, name, FIELD_TEXT, "Nome", 1, PATIENT_NAME_MAX, true),
	FIELD(PatientForm, social_name, FIELD_TEXT, "Nome social", 0, 120, false),
	FIELD(PatientForm, birth, FIELD_DATE, "Nascimento", 0, 0, false),
	FIELD(PatientForm, cpf, FIELD_CPF, "CPF", 0, 0, false),
	FIELD(PatientForm, rg, FIELD_TEXT, "RG", 0, 30, false),
	CHOICE_FIELD(PatientForm, sex, "Sexo", "female male other", false),
	FIELD(PatientForm, gender, FIELD_TEXT, "Gênero", 0, 60, false),
	FIELD(PatientForm, occupation, FIELD_TEXT, "Profissão", 0, 80, false),
	FIELD(PatientForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(PatientForm, phone2, FIELD_PHONE, "Outro telefone", 0, 0, false),
	FIELD(PatientForm, phone2_note, FIELD_TEXT, "De quem é o outro telefone", 0, 40, false),
	CHOICE_FIELD(PatientForm, whatsapp, "WhatsApp", "phone phone2 both none", false),
	FIELD(PatientForm, email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(PatientForm, cep, FIELD_TEXT, "CEP", 0, 12, false),
	FIELD(PatientForm, street, FIELD_TEXT, "Rua", 0, 120, false),
	FIELD(PatientForm, number, FIELD_TEXT, "Número", 0, 20, false),
	FIELD(PatientForm, complement, FIELD_TEXT, "Complemento", 0, 60, false),
	FIELD(PatientForm, district, FIELD_TEXT, "Bairro", 0, 80, false),
	FIELD(PatientForm, city, FIELD_TEXT, "Cidade", 0, 80, false),
	FIELD(PatientForm, uf, FIELD_TEXT, "Estado", 0, 2, false),
	CHOICE_FIELD(PatientForm, channel, "Canal preferido", CHANNELS, false),
	{ .name = "times",
		.title = "Horários preferidos",
		.type = FIELD_TEXTS,
		.offset = offsetof(PatientForm, times),
		.max = 4,
		.choices = "morning afternoon evening saturday" },
	{ .name = "consents",
		.title = "Canais autorizados",
		.type = FIELD_TEXTS,
		.offset = offsetof(PatientForm, consents),
		.max = 4,
		.choices = CHANNELS },
	FIELD(PatientForm, tags, FIELD_TEXTS, "Etiquetas", 0, 20, false),
	FIELD(PatientForm, source, FIELD_TEXT, "Origem", 0, 60, false),
	FIELD(PatientForm, notes, FIELD_LONG, "Observações", 0, 4000, false),
	FIELD(PatientForm, consent, FIELD_BOOL, "Aceita receber novidades", 0, 0, false),
	FIELD(PatientForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
	FIELD(PatientForm, insurer, FIELD_TEXT, "Convênio", 0, 80, false),
	FIELD(PatientForm, plan, FIELD_TEXT, "Plano", 0, 80, false),
	FIELD(PatientForm, card_number, FIELD_TEXT, "Número da carteirinha", 0, 40, false),
	FIELD(PatientForm, card_until, FIELD_DATE, "Validade da carteirinha", 0, 0, false),
	FIELD(PatientForm, guardian, FIELD_TEXT, "Responsável", 0, 120, false),
	CHOICE_FIELD(
		PatientForm, guardian_kind, "Parentesco do responsável", PATIENT_KIN_KINDS, false),
	FIELD(PatientForm, guardian_phone, FIELD_PHONE, "Telefone do responsável", 0, 0, false),
	FIELD(PatientForm, guardian_cpf, FIELD_CPF, "CPF do responsável", 0, 0, false),
};

static const char *whatsapp_word(const SqlPatientRow *r)
{
	bool first = r->phone && r->phone_whatsapp, second = r->phone2 && r->phone2_whatsapp;

	if (!r->phone && !r->phone2)
		return NULL;
	if (first)
		return second ? "both" : "phone";
	return second ? "phone2" : "none";
}

Patient patient_of_row(const SqlPatientRow *r)
{
	return (Patient){ PATIENT_TYPED(r), .id = r->id, .birth = r->birth,
		.whatsapp = whatsapp_word(r), .consents = r->consents, .photo = r->photo,
		.lead_id = r->lead_id, .created_at = r->created_at, .version = r->version,
		.restricted = r->restricted, .merged_into = r->merged_into };
}

PatientForm patient_form_of(const Patient *p)
{
	return (PatientForm){ PATIENT_TYPED(p), .birth = p->birth, .whatsapp = p->whatsapp,
		.consents = p->consents, .version = p->version, .card_until = DATE_NONE };
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

Err patient_lock(Ctx *cx, PatientId id)
{
	SqlPatientLock row;

	TRY(sql_patient_lock(cx, id.v, &row));
	if (row.merged_into)
		return err_tell(cx, ERR_CONFLICT, "Este cadastro foi unido a outro.",
			"patient %" PRId64 " was merged into %" PRId64, id.v, row.merged_into);
	if (row.restricted)
		return err_tell(cx, ERR_CONFLICT, "Este cadastro está encerrado.",
			"patient %" PRId64 " is closed", id.v);
	return OK;
}

/* ---- what is stored beside what was typed ---- */

const char *patient_search_text(Ctx *cx, const PatientForm *in)
{
	char day[12] = "";
	int y, m, d;

	if (in->birth != DATE_NONE) {
		date_split(in->birth, &y, &m, &d);
		snprintf(day, sizeof day, "%02d%02d%04d", d % 100, m % 100, y % 10000);
	}
	const char *more[] = { in->social_name ? str_fold(cx->mem, in->social_name) : NULL,
		in->email, in->phone, in->phone2, in->cpf, day[0] ? day : NULL };
	return search_text(cx->mem, in->name, more, COUNT(more));
}

const char *patient_phone_key(Ctx *cx, const char *phone)
{
	return phone ? phone_key(cx->mem, phone) : NULL;
}

static bool is_mobile(const char *phone)
{
	char e164[17];

	return phone && phone_parse(phone, e164) != PHONE_LANDLINE;
}

PatientDerived patient_derive(Ctx *cx, const PatientForm *in)
{
	const char *word = in->whatsapp ? in->whatsapp : is_mobile(in->phone) ? "phone" : "none";

	return (PatientDerived){ .search = patient_search_text(cx, in),
		.phone_key = patient_phone_key(cx, in->phone),
		.phone2_key = patient_phone_key(cx, in->phone2),
		.whatsapp = str_same(word, "phone") || str_same(word, "both"),
		.whatsapp2 = str_same(word, "phone2") || str_same(word, "both") };
}

/* Each channel once, in the order of the table. */
static Strs channels(Arena *mem, Strs asked, bool all)
{
	static const char *const names[] = { "email", "phone", "sms", "whatsapp" };
	const char **v = NEW_ARRAY(mem, const char *, COUNT(names));
	size_t n = 0;

	for (size_t i = 0; i < COUNT(names); i++)
		for (size_t j = 0; j < (all ? 1 : asked.count); j++)
			if (all || str_same(asked.v[j], names[i])) {
				v[n++] = names[i];
				break;
			}
	return (Strs){ v, n };
}

static bool same_texts(Strs a, Strs b)
{
	if (a.count != b.count)
		return false;
	for (size_t i = 0; i < a.count; i++)
		if (!str_same(a.v[i], b.v[i]))
			return false;
	return true;
}

/* `consent` alone means all channels, or none; the list of channels says more and so wins. */
static void settle_consent(Ctx *cx, const Patient *old, PatientForm *in)
{
	bool before = old && old->consent;
	Strs asked = channels(cx->mem, in->consents, false);

	if (in->consent != before && same_texts(asked, old ? old->consents : (Strs){ 0 }))
		asked = channels(cx->mem, asked, in->consent);
	if (!in->consent && before && same_texts(in->consents, old->consents))
		asked.count = 0;
	in->consents = asked;
	in->consent = asked.count > 0;
}

/* Trimmed, each once whatever its case. */
static Err settle_tags(Ctx *cx, PatientForm *in)
{
	const char **tag = NEW_ARRAY(cx->mem, const char *, in->tags.count + 1);
	size_t n = 0;

	for (size_t i = 0; i < in->tags.count; i++) {
		Str text = str_trim(str_of(in->tags.v[i]));
		const char *clean = arena_copy(cx->mem, text.ptr, text.len);
		bool seen = !text.len;

		if (str_utf8_length(text) > PATIENT_TAG_MAX)
			return err_field(cx, "tags", "Cada etiqueta pode ter até 40 letras.");
		for (size_t j = 0; j < n; j++)
			seen |= !strcmp(str_fold(cx->mem, tag[j]), str_fold(cx->mem, clean));
		if (!seen)
			tag[n++] = clean;
	}
	in->tags = (Strs){ tag, n };
	return OK;
}

static Err settle_address(Ctx *cx, PatientForm *in)
{
	char cep[9], uf[3] = "";

	if (in->cep) {
		if (!cep_parse(in->cep, cep))
			return err_field(cx, "cep", "O CEP tem 8 números.");
		in->cep = arena_dup(cx->mem, cep);
	}
	if (!in->uf)
		return OK;
	for (size_t i = 0; i < 2 && in->uf[i]; i++)
		uf[i] = (char)(in->uf[i] & ~0x20);
	if (!uf_is_valid(uf))
		return err_field(cx, "uf", "Use a sigla do estado, como SP.");
	in->uf = arena_dup(cx->mem, uf);
	return OK;
}

Err patient_settle(Ctx *cx, const Patient *old, PatientForm *in)
{
	enum { YEARS_MOST = 130 };
	int32_t today = date_today(cx->now, cx->zone);

	if (in->birth != DATE_NONE && in->birth > today)
		return err_field(cx, "birth", "O nascimento está no futuro. Confira o ano.");
	if (in->birth != DATE_NONE && in->birth < date_add_months(today, -12 * YEARS_MOST))
		return err_field(cx, "birth", "Confira o ano do nascimento.");
	TRY(settle_address(cx, in));
	TRY(settle_tags(cx, in));
	settle_consent(cx, old, in);
	if (!in->phone2)
		in->phone2_note = NULL;
	return OK;
}

Err patient_cpf_is_taken(Ctx *cx)
{
	(void)err_field(cx, "cpf",
		"Outro paciente já tem este CPF. Procure por ele antes de criar outro cadastro.");
	return err_tell(
		cx, ERR_CONFLICT, "Outro paciente já tem este CPF.", "CPF is another patient's");
}

/* The rows beside the patient's own. */
static Err write_around(Ctx *cx, PatientId id, const PatientForm *in)
{
	bool learns = in->cep && in->city && in->uf;
	int64_t rows;

	TRY(patient_learn(cx, "tag", in->tags));
	TRY(patient_brief_ask(cx, id, in));
	TRY(sql_patient_consent_write_send(cx, id.v, in->consents, db_id_or_null(&cx->user.v)));
	if (learns)
		TRY(sql_cep_learn_send(cx, in->cep, in->street, in->district, in->city, in->uf));
	TRY(patient_brief_read(cx));
	TRY(sql_patient_consent_write_read(cx, &rows));
	return learns ? sql_cep_learn_read(cx, &rows) : OK;
}

/* ---- save ---- */

/* ERR_CONFLICT without a wrong field: it is not at this version any more. */
static Err update(Ctx *cx, PatientId id, const PatientForm *in)
{
	PatientDerived more = patient_derive(cx, in);
	int64_t rows;
	Err err;

	TRY(db_savepoint(cx));
	err = sql_patient_update(cx,
		&(SqlPatientUpdateIn){ PATIENT_TYPED(in), PATIENT_DERIVED(in, more), .id = id.v,
			.version = (int32_t)in->version },
		&rows);
	err = db_settle(cx, err);
	if (err == ERR_CONFLICT)
		return patient_cpf_is_taken(cx);
	TRY(err);
	return rows ? OK
		    : err_set(cx, ERR_CONFLICT, "patient %" PRId64 " is not at version %" PRId64,
			      id.v, in->version);
}

Err patient_save(Ctx *cx, PatientId id, const PatientForm *form)
{
	PatientForm in = *form;
	const char *diff, *titles;
	Patient old;

	TRY(patient_lock(cx, id));
	TRY(patient_get(cx, id, &old));
	TRY(patient_settle(cx, &old, &in));
	diff = patient_difference(cx, &old, &in, &titles);
	if (!diff)
		return OK;
	TRY(update(cx, id, &in));
	TRY(write_around(cx, id, &in));
	TRY(patient_forget_tags(cx, old.tags, in.tags));
	TRY(audit_add_change(cx, &(Change){ .action = "patient.update",
					 .subject = "patient",
					 .subject_id = id.v,
					 .diff = diff }));
	TRY(patient_event(
		cx, id, "patient.updated", arena_printf(cx->mem, "Mudou: %s", titles), NULL));
	return patient_tell(cx, id, "patient.updated");
}

Err patient_find_twins(Ctx *cx, const char *phone, const char *email, const char *cpf,
	PatientTwin **ret, size_t *ret_count)
{
	SqlPatientTwins *row;
	size_t count, n = 0;

	TRY(sql_patient_twins(cx, patient_phone_key(cx, phone), email, cpf, &row, &count));
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

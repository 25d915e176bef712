/* What is said of a patient: to other modules, to the books, to two people who edit at once. */
#include "core/clock.h"
#include "modules/patient/patient_rooms.h"
#include "platform/db/db.h"
#include "platform/web/form_json.h"

/* patient_difference compares by this table; a title may stand for several fields. */
const PatientPart patient_parts[] = {
	PATIENT_PART(name, PART_TEXT, "nome", "Nome"),
	PATIENT_PART(social_name, PART_TEXT, "nome social", "Nome social"),
	PATIENT_PART(birth, PART_DATE, "nascimento", "Nascimento"),
	PATIENT_PART(cpf, PART_TEXT, "CPF", "CPF"),
	PATIENT_PART(rg, PART_TEXT, "RG", "RG"),
	PATIENT_PART(sex, PART_TEXT, "sexo", "Sexo"),
	PATIENT_PART(gender, PART_TEXT, "gênero", "Gênero"),
	PATIENT_PART(occupation, PART_TEXT, "profissão", "Profissão"),
	PATIENT_PART(phone, PART_TEXT, "telefone", "Telefone"),
	PATIENT_PART(phone2, PART_TEXT, "telefone", "Outro telefone"),
	PATIENT_PART(phone2_note, PART_TEXT, "telefone", "De quem é o outro telefone"),
	PATIENT_PART(whatsapp, PART_TEXT, "WhatsApp", "WhatsApp"),
	PATIENT_PART(email, PART_TEXT, "e-mail", "E-mail"),
	PATIENT_PART(cep, PART_TEXT, "endereço", "CEP"),
	PATIENT_PART(street, PART_TEXT, "endereço", "Rua"),
	PATIENT_PART(number, PART_TEXT, "endereço", "Número"),
	PATIENT_PART(complement, PART_TEXT, "endereço", "Complemento"),
	PATIENT_PART(district, PART_TEXT, "endereço", "Bairro"),
	PATIENT_PART(city, PART_TEXT, "endereço", "Cidade"),
	PATIENT_PART(uf, PART_TEXT, "endereço", "Estado"),
	PATIENT_PART(channel, PART_TEXT, "preferências", "Canal preferido"),
	PATIENT_PART(times, PART_TEXTS, "preferências", "Horários preferidos"),
	PATIENT_PART(consents, PART_TEXTS, "autorização de contato", "Canais autorizados"),
	PATIENT_PART(tags, PART_TEXTS, "etiquetas", "Etiquetas"),
	PATIENT_PART(source, PART_TEXT, "origem", "Origem"),
	PATIENT_PART(notes, PART_TEXT, "observações", "Observações"),
};
const size_t patient_part_count = COUNT(patient_parts);

const char *patient_part_text(Arena *mem, const PatientPart *part, const void *of, size_t offset)
{
	const char *at = (const char *)of + offset;
	int32_t date;
	Strs list;

	switch (part->kind) {
	case PART_TEXT:
		return *(const char *const *)(const void *)at;
	case PART_DATE:
		memcpy(&date, at, sizeof date);
		return date == DATE_NONE ? NULL : date_text_iso(mem, date);
	case PART_TEXTS:
		memcpy(&list, at, sizeof list);
		return list.count ? db_text_strs(mem, list) : NULL;
	}
	return NULL;
}

void patient_part_copy(const PatientPart *part, PatientForm *to, const PatientForm *from)
{
	const size_t size = part->kind == PART_DATE    ? sizeof(int32_t)
			    : part->kind == PART_TEXTS ? sizeof(Strs)
						       : sizeof(char *);

	memcpy((char *)to + part->of_form, (const char *)from + part->of_form, size);
}

const char *patient_difference(
	Ctx *cx, const Patient *old, const PatientForm *in, const char **ret_titles)
{
	const char *said = NULL;
	Diff diff;
	Buf titles;

	buf_init(&titles, cx->mem, 1000);
	diff_begin(&diff, cx->mem);
	for (size_t i = 0; i < COUNT(patient_parts); i++) {
		const PatientPart *part = &patient_parts[i];
		const char *before = patient_part_text(cx->mem, part, old, part->of_patient);
		const char *after = patient_part_text(cx->mem, part, in, part->of_form);

		if (str_same(before, after))
			continue;
		diff_text(&diff, part->name, before, after);
		if (!str_same(said, part->said))
			buf_printf(&titles, "%s%s", titles.len ? ", " : "", part->said);
		said = part->said;
	}
	*ret_titles = buf_text(&titles);
	return diff_done(&diff);
}

Err patient_event(Ctx *cx, PatientId id, const char *kind, const char *title, const char *body)
{
	return audit_add_event(cx, &(Event){ .subject = "patient",
					   .subject_id = id.v,
					   .kind = kind,
					   .title = title,
					   .body = body });
}

static const char *patient_json(Arena *mem, const Patient *patient)
{
	Json json;

	json_init(&json, mem);
	json_put_object(&json, NULL);
	json_put_out(&json, patient_out, patient_out_count, patient);
	return json_done(&json);
}

Err patient_tell(Ctx *cx, PatientId id, const char *event)
{
	Patient patient;

	TRY(patient_get(cx, id, &patient));
	return module_tell(cx, event, id.v, patient_json(cx->mem, &patient));
}

Err patient_tell_many(Ctx *cx, Int64s ids, const char *event)
{
	SqlPatientRow *row;
	size_t count;

	TRY(sql_patient_by_ids(cx, ids, &row, &count));
	const char **json = NEW_ARRAY(cx->mem, const char *, count + 1);
	int64_t *id = NEW_ARRAY(cx->mem, int64_t, count + 1);

	for (size_t i = 0; i < count; i++) {
		Patient patient = patient_of_row(&row[i]);

		id[i] = row[i].id;
		json[i] = patient_json(cx->mem, &patient);
	}
	return module_tell_many(cx, event, (Int64s){ id, count }, json);
}

/* The words that people read for what is stored by name. */
#include "modules/patient/patient_view.h"

const UiOption patient_sexes[3] = {
	{ .value = "female", .label = "Feminino" },
	{ .value = "male", .label = "Masculino" },
	{ .value = "other", .label = "Outro" },
};
const UiOption patient_channels[4] = {
	{ .value = "whatsapp", .label = "WhatsApp" },
	{ .value = "phone", .label = "Ligação" },
	{ .value = "email", .label = "E-mail" },
	{ .value = "sms", .label = "SMS" },
};
const UiOption patient_times[4] = {
	{ .value = "morning", .label = "Manhã" },
	{ .value = "afternoon", .label = "Tarde" },
	{ .value = "evening", .label = "Noite" },
	{ .value = "saturday", .label = "Sábado" },
};
const UiOption patient_kin_kinds[9] = {
	{ .value = "mother", .label = "Mãe" },
	{ .value = "father", .label = "Pai" },
	{ .value = "guardian", .label = "Responsável legal" },
	{ .value = "spouse", .label = "Cônjuge" },
	{ .value = "child", .label = "Filho ou filha" },
	{ .value = "sibling", .label = "Irmão ou irmã" },
	{ .value = "grandparent", .label = "Avó ou avô" },
	{ .value = "caregiver", .label = "Cuidador ou cuidadora" },
	{ .value = "other", .label = "Outro vínculo" },
};
const UiOption patient_whatsapps[4] = {
	{ .value = "phone", .label = "No telefone principal" },
	{ .value = "phone2", .label = "No outro telefone" },
	{ .value = "both", .label = "Nos dois" },
	{ .value = "none", .label = "Em nenhum" },
};
const UiOption patient_states[27] = {
	{ .value = "AC", .label = "AC" },
	{ .value = "AL", .label = "AL" },
	{ .value = "AM", .label = "AM" },
	{ .value = "AP", .label = "AP" },
	{ .value = "BA", .label = "BA" },
	{ .value = "CE", .label = "CE" },
	{ .value = "DF", .label = "DF" },
	{ .value = "ES", .label = "ES" },
	{ .value = "GO", .label = "GO" },
	{ .value = "MA", .label = "MA" },
	{ .value = "MG", .label = "MG" },
	{ .value = "MS", .label = "MS" },
	{ .value = "MT", .label = "MT" },
	{ .value = "PA", .label = "PA" },
	{ .value = "PB", .label = "PB" },
	{ .value = "PE", .label = "PE" },
	{ .value = "PI", .label = "PI" },
	{ .value = "PR", .label = "PR" },
	{ .value = "RJ", .label = "RJ" },
	{ .value = "RN", .label = "RN" },
	{ .value = "RO", .label = "RO" },
	{ .value = "RR", .label = "RR" },
	{ .value = "RS", .label = "RS" },
	{ .value = "SC", .label = "SC" },
	{ .value = "SE", .label = "SE" },
	{ .value = "SP", .label = "SP" },
	{ .value = "TO", .label = "TO" },
};
const UiOption patient_months[12] = {
	{ .value = "1", .label = "Janeiro" },
	{ .value = "2", .label = "Fevereiro" },
	{ .value = "3", .label = "Março" },
	{ .value = "4", .label = "Abril" },
	{ .value = "5", .label = "Maio" },
	{ .value = "6", .label = "Junho" },
	{ .value = "7", .label = "Julho" },
	{ .value = "8", .label = "Agosto" },
	{ .value = "9", .label = "Setembro" },
	{ .value = "10", .label = "Outubro" },
	{ .value = "11", .label = "Novembro" },
	{ .value = "12", .label = "Dezembro" },
};
const UiOption patient_aways[5] = {
	{ .value = "3", .label = "3 meses" },
	{ .value = "6", .label = "6 meses" },
	{ .value = "12", .label = "1 ano" },
	{ .value = "18", .label = "1 ano e meio" },
	{ .value = "24", .label = "2 anos" },
};

const char *patient_label(const UiOption *option, size_t count, const char *value)
{
	for (size_t i = 0; i < count; i++)
		if (str_same(option[i].value, value))
			return option[i].label;
	return value;
}

const char *patient_labels(Arena *mem, const UiOption *option, size_t count, Strs values)
{
	Buf text;

	if (!values.count)
		return NULL;
	buf_init(&text, mem, 1000);
	for (size_t i = 0; i < values.count; i++)
		buf_printf(&text, "%s%s", i ? ", " : "", patient_label(option, count, values.v[i]));
	return buf_text(&text);
}

/* One item of a PostgreSQL array's text, without its quotes; *at moves behind the comma. */
static const char *next_item(Arena *mem, const char **at)
{
	const char *p = *at;
	const bool quoted = *p == '"';
	Buf item;

	buf_init(&item, mem, 1000);
	for (p += quoted; *p && *p != (quoted ? '"' : ',') && (quoted || *p != '}'); p++) {
		if (*p == '\\' && p[1])
			p++;
		buf_putc(&item, *p);
	}
	p += quoted && *p == '"';
	*at = p + (*p == ',');
	return buf_text(&item);
}

static const char *list_shown(Arena *mem, const PatientPart *part, const char *text)
{
	const UiOption *option = str_same(part->name, "times") ? patient_times : patient_channels;
	const char *at = text + 1;
	Buf out;

	buf_init(&out, mem, 2000);
	while (*at && *at != '}') {
		const char *item = next_item(mem, &at);

		buf_printf(&out, "%s%s", out.len ? ", " : "",
			patient_label(option, COUNT(patient_times), item));
	}
	return buf_text(&out);
}

const char *patient_part_shown(Html *h, const PatientPart *part, const char *text)
{
	int32_t date;

	if (!text)
		return NULL;
	if (part->kind == PART_TEXTS)
		return list_shown(h->mem, part, text);
	if (part->kind == PART_DATE)
		return date_parse(text, &date) ? fmt_date(h, date) : text;
	if (str_same(part->name, "cpf"))
		return fmt_cpf(h, text);
	if (str_same(part->name, "cep"))
		return cep_text(h->mem, text);
	if (str_same(part->name, "phone") || str_same(part->name, "phone2"))
		return fmt_phone(h, text);
	if (str_same(part->name, "sex"))
		return patient_label(patient_sexes, COUNT(patient_sexes), text);
	if (str_same(part->name, "channel"))
		return patient_label(patient_channels, COUNT(patient_channels), text);
	if (str_same(part->name, "whatsapp"))
		return patient_label(patient_whatsapps, COUNT(patient_whatsapps), text);
	return text;
}

/* The words that people read for what is stored by name. */
#include "modules/patient/patient_view.h"
#include "platform/db/db.h"

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

const char *patient_word(const char *column, const char *code)
{
	static const struct {
		const char *column;
		const UiOption *option;
		size_t count;
	} tables[] = {
		{ "sex", patient_sexes, COUNT(patient_sexes) },
		{ "whatsapp", patient_whatsapps, COUNT(patient_whatsapps) },
		{ "channel", patient_channels, COUNT(patient_channels) },
		{ "consents", patient_channels, COUNT(patient_channels) },
		{ "times", patient_times, COUNT(patient_times) },
	};

	for (size_t i = 0; i < COUNT(tables); i++)
		if (!strcmp(tables[i].column, column))
			return patient_label(tables[i].option, tables[i].count, code);
	return NULL;
}

const char *patient_part_shown(Html *h, const PatientPart *part, const char *text)
{
	const UiOption *option = str_same(part->name, "times") ? patient_times : patient_channels;
	const char *word;
	int32_t date;

	if (!text)
		return NULL;
	if (part->kind == PART_TEXTS)
		return patient_labels(
			h->mem, option, COUNT(patient_times), db_parse_strs(h->mem, text));
	if (part->kind == PART_DATE)
		return date_parse(text, &date) ? fmt_date(h, date) : text;
	if (str_same(part->name, "cpf"))
		return fmt_cpf(h, text);
	if (str_same(part->name, "cep"))
		return cep_text(h->mem, text);
	if (str_same(part->name, "phone") || str_same(part->name, "phone2"))
		return fmt_phone(h, text);
	word = patient_word(part->name, text);
	return word ? word : text;
}

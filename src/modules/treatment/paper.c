/* Prescriptions, certificates and requests: data, rules, and the warning about allergies. */
#include "modules/treatment/paper.h"

#include "core/clock.h"
#include "modules/treatment/paper.sql.h"

const Field paper_fields[] = {
	CHOICE_FIELD(
		PaperForm, kind, "Tipo", "prescription certificate attendance exam referral", true),
	FIELD(PaperForm, text, FIELD_LONG, "Texto", 0, 8000, false),
	FIELD(PaperForm, name, FIELD_TEXTS, "Medicamento", 0, PAPER_DRUGS_MAX, false),
	FIELD(PaperForm, quantity, FIELD_TEXTS, "Quantidade", 0, PAPER_DRUGS_MAX, false),
	FIELD(PaperForm, use, FIELD_TEXTS, "Como usar", 0, PAPER_DRUGS_MAX, false),
	FIELD(PaperForm, days, FIELD_INT, "Dias de afastamento", 0, 365, false),
	FIELD(PaperForm, visit_id, FIELD_ID, "Atendimento", 0, 0, false),
	FIELD(PaperForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
	FIELD(PaperForm, sure, FIELD_BOOL, "Li o aviso", 0, 0, false),
};
const size_t paper_field_count = COUNT(paper_fields);

static const struct {
	const char *kind, *title;
} kinds[] = {
	{ "prescription", "Receita" },
	{ "certificate", "Atestado" },
	{ "attendance", "Declaração de comparecimento" },
	{ "exam", "Pedido de exame" },
	{ "referral", "Encaminhamento" },
};

const char *paper_kind_title(const char *kind)
{
	for (size_t i = 0; i < COUNT(kinds); i++)
		if (!strcmp(kinds[i].kind, kind))
			return kinds[i].title;
	return "Documento";
}

/* ---- drugs as JSON ---- */

static const char *item(Strs list, size_t i)
{
	return i < list.count && list.v[i] ? list.v[i] : "";
}

static bool is_prescription(const char *kind)
{
	return !strcmp(kind, "prescription");
}

static const char *drugs_json(Ctx *cx, const PaperForm *in)
{
	Json json;

	json_init(&json, cx->mem);
	json_put_array(&json, NULL);
	for (size_t i = 0; is_prescription(in->kind) && i < in->name.count; i++) {
		if (!*item(in->name, i))
			continue;
		json_put_object(&json, NULL);
		json_put_text(&json, "name", item(in->name, i));
		json_put_text(&json, "quantity", item(in->quantity, i));
		json_put_text(&json, "use", item(in->use, i));
		json_close(&json);
	}
	json_close(&json);
	return json_done(&json);
}

static const char *text_of(Arena *mem, const json_t *drug, const char *key)
{
	const char *text = json_string_value(json_object_get(drug, key));

	return text ? arena_dup(mem, text) : "";
}

static Err read_drugs(Ctx *cx, const char *text, Paper *ret)
{
	json_t *list;
	size_t count;
	Drug *drug;

	TRY(json_parse(cx, str_of(text), &list));
	count = json_array_size(list);
	drug = NEW_ARRAY(cx->mem, Drug, count + 1);
	for (size_t i = 0; i < count; i++) {
		const json_t *row = json_array_get(list, i);

		drug[i] = (Drug){ text_of(cx->mem, row, "name"), text_of(cx->mem, row, "quantity"),
			text_of(cx->mem, row, "use") };
	}
	ret->drug = drug;
	ret->drug_count = count;
	return OK;
}

static Err paper_of_row(Ctx *cx, const SqlPaperRow *r, Paper *ret)
{
	*ret = (Paper){ .id = r->id,
		.patient_id = r->patient_id,
		.visit_id = r->visit_id,
		.dentist_id = r->dentist_id,
		.kind = r->kind,
		.state = r->state,
		.text = r->text,
		.dentist = r->dentist,
		.void_reason = r->void_reason,
		.days = r->days,
		.created_at = r->created_at,
		.issued_at = r->issued_at,
		.version = r->version };
	return read_drugs(cx, r->drugs, ret);
}

Err paper_get(Ctx *cx, int64_t id, Paper *ret)
{
	SqlPaperRow row;

	TRY(sql_paper_by_id(cx, id, &row));
	return paper_of_row(cx, &row, ret);
}

Err paper_list(Ctx *cx, PatientId patient, Paper **ret, size_t *ret_count)
{
	SqlPaperRow *row;

	TRY(sql_paper_list(cx, patient.v, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Paper, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		TRY(paper_of_row(cx, &row[i], &(*ret)[i]));
	return OK;
}

/* ---- allergies ---- */

/* Words of an allergy as people write it, and drugs of that family that dentists prescribe (all
 * folded). From the leaflets registered at Anvisa (bulário eletrônico), contraindications. */
static const struct {
	const char *allergy, *drugs;
} families[] = {
	{ "penicilin", "amoxicilina ampicilina penicilina oxacilina clavulanato" },
	{ "cefalosporin", "cefalexina cefadroxila cefazolina cefuroxima" },
	{ "sulfa", "sulfametoxazol trimetoprima" },
	{ "dipirona", "dipirona metamizol novalgina" },
	{ "aas", "acido acetilsalicilico aspirina aas" },
	{ "aspirina", "acido acetilsalicilico aspirina aas" },
	{ "anti-inflamatori",
		"ibuprofeno nimesulida diclofenaco cetoprofeno naproxeno piroxicam cetorolaco" },
	{ "aine", "ibuprofeno nimesulida diclofenaco cetoprofeno naproxeno piroxicam cetorolaco" },
	{ "clindamicina", "clindamicina" },
	{ "azitromicina", "azitromicina claritromicina eritromicina" },
	{ "macrolid", "azitromicina claritromicina eritromicina" },
	{ "paracetamol", "paracetamol" },
	{ "codeina", "codeina" },
	{ "iodo", "iodopovidona pvpi" },
};

/* Does one of the words (three letters and more) of list stand in drug? Both folded. */
static bool names_one(const char *drug, const char *list)
{
	Str rest = str_of(list), word;

	while (str_cut(&rest, ' ', &word)) {
		char text[64];

		if (word.len < 3 || word.len >= sizeof text)
			continue;
		memcpy(text, word.ptr, word.len);
		text[word.len] = '\0';
		if (strstr(drug, text))
			return true;
	}
	return false;
}

static bool touches(const char *drug, const char *allergy)
{
	for (size_t i = 0; i < COUNT(families); i++)
		if (strstr(allergy, families[i].allergy) && names_one(drug, families[i].drugs))
			return true;
	/* a family we do not know: the word itself */
	return strlen(allergy) >= 4 && strstr(drug, allergy) != NULL;
}

const char *paper_allergy(
	Arena *mem, const PatientHead *head, const PaperForm *in, const char **ret_drug)
{
	for (size_t i = 0; is_prescription(in->kind) && i < in->name.count; i++) {
		const char *drug = str_fold(mem, item(in->name, i));

		for (size_t j = 0; *drug && j < head->alert_count; j++) {
			const PatientAlert *alert = &head->alert[j];

			if (strcmp(alert->kind, "allergy") != 0 ||
				!touches(drug, str_fold(mem, alert->text)))
				continue;
			*ret_drug = item(in->name, i);
			return alert->text;
		}
	}
	return NULL;
}

/* ---- writing ---- */

static Err check(Ctx *cx, const PaperForm *in)
{
	bool any = false;

	for (size_t i = 0; i < in->name.count; i++)
		any |= *item(in->name, i) != '\0';
	if (is_prescription(in->kind))
		return any ? OK : err_field(cx, "name", "Escreva pelo menos um medicamento.");
	if (!strcmp(in->kind, "certificate") && in->days)
		return OK;
	return in->text ? OK : err_field(cx, "text", "Escreva o texto.");
}

static Err record(
	Ctx *cx, const Paper *paper, const char *action, const char *what, const char *reason)
{
	const Change change = {
		.action = action, .subject = "paper", .subject_id = paper->id, .reason = reason
	};

	return treatment_record(cx, paper->patient_id, &change,
		arena_printf(cx->mem, "%s %s", paper_kind_title(paper->kind), what),
		/* body= */ NULL);
}

Err paper_write(Ctx *cx, PatientId patient, const PaperForm *in, int64_t *ret_id)
{
	int32_t days = (int32_t)in->days;
	SqlPaperInsert row;

	TRY(check(cx, in));
	TRY(sql_paper_insert(cx,
		&(SqlPaperInsertIn){ .patient = patient.v,
			.visit = in->visit_id ? &in->visit_id : NULL,
			.user_id = cx->user.v,
			.kind = in->kind,
			.text = in->text ? in->text : "",
			.drugs = drugs_json(cx, in),
			.days = days ? &days : NULL },
		&row));
	*ret_id = row.id;
	return audit_add_change(
		cx, &(Change){ .action = "paper.write", .subject = "paper", .subject_id = row.id });
}

Err paper_save(Ctx *cx, int64_t id, const PaperForm *in)
{
	int32_t days = (int32_t)in->days;
	int64_t rows;
	Paper paper;

	TRY(check(cx, in));
	TRY(paper_get(cx, id, &paper));
	if (strcmp(paper.state, "draft") != 0)
		return err_tell(cx, ERR_CONFLICT,
			"O que foi emitido não muda mais. Anule e escreva outro.",
			"paper %" PRId64 " is %s", id, paper.state);
	TRY(sql_paper_update(cx, id, (int32_t)in->version, in->text ? in->text : "",
		drugs_json(cx, in), days ? &days : NULL, &rows));
	if (!rows)
		return err_set(
			cx, ERR_STALE, "paper %" PRId64 " is past %" PRId64, id, in->version);
	return audit_add_change(
		cx, &(Change){ .action = "paper.change", .subject = "paper", .subject_id = id });
}

Err paper_issue(Ctx *cx, int64_t id)
{
	int64_t rows;
	Paper paper;

	TRY(paper_get(cx, id, &paper));
	TRY(sql_paper_issue(cx, id, cx->user.v, cx->now, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT,
			paper.dentist_id == cx->user.v ? "Este documento já foi emitido."
						       : "Só quem escreveu pode emitir.",
			"paper %" PRId64 " is %s of %" PRId64, id, paper.state, paper.dentist_id);
	return record(cx, &paper, "paper.issue", "— emissão", NULL);
}

Err paper_void(Ctx *cx, int64_t id, const char *reason)
{
	int64_t rows;
	Paper paper;

	if (!reason)
		return err_field(cx, "reason", "Diga por que é anulado.");
	TRY(paper_get(cx, id, &paper));
	TRY(sql_paper_void(cx, id, reason, cx->now, &rows));
	if (!rows)
		return err_tell(
			cx, ERR_CONFLICT, "Já está anulado.", "paper %" PRId64 " is void", id);
	return record(cx, &paper, "paper.void", "— anulação", reason);
}

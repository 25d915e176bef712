/* Insurance cards, and the family: who belongs to whom, who pays, who signs. */
#include "core/br.h"
#include "core/clock.h"
#include "modules/patient/patient_family.sql.h"
#include "modules/patient/patient_rooms.h"
#include "platform/db/db.h"

/* ---- cards ---- */

const Field insurance_card_fields[INSURANCE_CARD_FIELDS] = {
	FIELD(InsuranceCard, insurer, FIELD_TEXT, "Convênio", 1, 80, true),
	FIELD(InsuranceCard, plan, FIELD_TEXT, "Plano", 0, 80, false),
	FIELD(InsuranceCard, number, FIELD_TEXT, "Número da carteirinha", 0, 40, false),
	FIELD(InsuranceCard, valid_until, FIELD_DATE, "Validade", 0, 0, false),
	FIELD(InsuranceCard, holder, FIELD_TEXT, "Titular, se for outra pessoa", 0, 120, false),
};

Err patient_cards_ask(Ctx *cx, PatientId id)
{
	return sql_family_cards_send(cx, id.v);
}

Err patient_cards_read(Ctx *cx, InsuranceCard **ret, size_t *ret_count)
{
	SqlFamilyCards *row;

	TRY(sql_family_cards_read(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, InsuranceCard, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (InsuranceCard){ row[i].id, row[i].insurer, row[i].plan, row[i].number,
			row[i].holder, row[i].valid_until };
	return OK;
}

Err patient_list_cards(Ctx *cx, PatientId id, InsuranceCard **ret, size_t *ret_count)
{
	TRY(patient_cards_ask(cx, id));
	return patient_cards_read(cx, ret, ret_count);
}

Err patient_brief_insurance(Ctx *cx, PatientId id)
{
	int64_t rows;

	return sql_family_brief(cx, id.v, date_today(cx->now, cx->zone), &rows);
}

static Err write_card(Ctx *cx, PatientId id, const InsuranceCard *card, int64_t *ret)
{
	SqlFamilyAddCard row;

	TRY(sql_family_add_card(cx, id.v, card->insurer, card->plan, card->number, card->holder,
		card->valid_until == DATE_NONE ? NULL : &card->valid_until, &row));
	*ret = row.id;
	TRY(patient_learn(cx, "insurer", (Strs){ &card->insurer, 1 }));
	return patient_brief_insurance(cx, id);
}

static Err note_change(Ctx *cx, PatientId id, const char *field, const char *before,
	const char *after, const char *title)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_text(&diff, field, before, after);
	TRY(audit_add_change(cx, &(Change){ .action = "patient.update",
					 .subject = "patient",
					 .subject_id = id.v,
					 .diff = diff_done(&diff) }));
	TRY(patient_event(cx, id, "patient.updated", title, after ? after : before));
	return patient_tell(cx, id, "patient.updated");
}

Err patient_add_card(Ctx *cx, PatientId id, const InsuranceCard *card, int64_t *ret)
{
	TRY(patient_lock(cx, id));
	if (str_is_empty(card->insurer))
		return err_field(cx, "insurer", "Informe o convênio.");
	TRY(write_card(cx, id, card, ret));
	return note_change(cx, id, "insurer", NULL, card->insurer, "Convênio incluído");
}

Err patient_remove_card(Ctx *cx, PatientId id, int64_t card)
{
	InsuranceCard *list;
	int64_t rows;
	size_t count;

	TRY(patient_lock(cx, id));
	TRY(patient_list_cards(cx, id, &list, &count));
	TRY(sql_family_remove_card(cx, id.v, card, &rows));
	if (!rows)
		return err_set(
			cx, ERR_NOT_FOUND, "patient %" PRId64 " has no card %" PRId64, id.v, card);
	TRY(patient_brief_insurance(cx, id));
	for (size_t i = 0; i < count; i++)
		if (list[i].id == card)
			return note_change(
				cx, id, "insurer", list[i].insurer, NULL, "Convênio retirado");
	return OK;
}

/* ---- family ---- */

const Field kin_fields[KIN_FIELDS] = {
	FIELD(Kin, other_id, FIELD_ID, "Paciente, quando o outro também é", 0, 0, false),
	CHOICE_FIELD(Kin, kind, "Parentesco", PATIENT_KIN_KINDS, true),
	FIELD(Kin, name, FIELD_TEXT, "Nome, quando não é paciente", 0, 120, false),
	FIELD(Kin, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(Kin, cpf, FIELD_CPF, "CPF", 0, 0, false),
	FIELD(Kin, pays, FIELD_BOOL, "Paga o tratamento", 0, 0, false),
	FIELD(Kin, signs, FIELD_BOOL, "Assina pelo paciente", 0, 0, false),
};

Err patient_kin_ask(Ctx *cx, PatientId id)
{
	return sql_family_kin_send(cx, id.v);
}

Err patient_kin_read(Ctx *cx, Kin **ret, size_t *ret_count)
{
	SqlFamilyKin *row;

	TRY(sql_family_kin_read(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Kin, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (Kin){ row[i].id, row[i].other_id, row[i].kind, row[i].name,
			row[i].phone, row[i].cpf, row[i].pays, row[i].signs, row[i].theirs };
	return OK;
}

Err patient_list_kin(Ctx *cx, PatientId id, Kin **ret, size_t *ret_count)
{
	TRY(patient_kin_ask(cx, id));
	return patient_kin_read(cx, ret, ret_count);
}

static Err write_kin(Ctx *cx, PatientId id, const Kin *kin, int64_t *ret)
{
	const bool linked = kin->other_id != 0;
	SqlFamilyAddKin row;
	bool added;

	TRY(sql_family_add_kin(cx,
		&(SqlFamilyAddKinIn){ .patient_id = id.v,
			.other_id = linked ? &kin->other_id : NULL,
			.kind = kin->kind ? kin->kind : "other",
			.name = linked ? NULL : kin->name,
			.phone = linked ? NULL : kin->phone,
			.cpf = linked ? NULL : kin->cpf,
			.pays = kin->pays,
			.signs = kin->signs },
		&row, &added));
	if (!added)
		return err_tell(cx, ERR_CONFLICT, "Esta pessoa já está na família.",
			"patient %" PRId64 " is kin of %" PRId64 " already", kin->other_id, id.v);
	*ret = row.id;
	return OK;
}

Err patient_add_kin(Ctx *cx, PatientId id, const Kin *kin, int64_t *ret)
{
	const char *name = kin->name;
	Patient other;

	TRY(patient_lock(cx, id));
	if (!kin->other_id && str_is_empty(kin->name))
		return err_field(cx, "name", "Escolha um paciente ou informe o nome.");
	if (kin->other_id == id.v)
		return err_field(cx, "other_id", "Escolha outra pessoa.");
	if (kin->other_id) {
		Err err = patient_get(cx, (PatientId){ kin->other_id }, &other);

		if (err == ERR_NOT_FOUND || (err == OK && other.merged_into))
			return err_field(cx, "other_id", "Escolha um paciente da lista.");
		TRY(err);
		name = other.name;
	}
	TRY(write_kin(cx, id, kin, ret));
	return note_change(cx, id, "family", NULL, name, "Família: pessoa incluída");
}

Err patient_remove_kin(Ctx *cx, PatientId id, int64_t kin)
{
	SqlFamilyRemoveKin row;
	Patient other;
	bool found;

	TRY(patient_lock(cx, id));
	TRY(sql_family_remove_kin(cx, id.v, kin, &row, &found));
	if (!found)
		return err_set(
			cx, ERR_NOT_FOUND, "patient %" PRId64 " has no kin %" PRId64, id.v, kin);
	if (row.other_id) {
		TRY(patient_get(cx, (PatientId){ row.other_id }, &other));
		row.name = other.name;
	}
	return note_change(cx, id, "family", row.name, NULL, "Família: pessoa retirada");
}

Err patient_check_family(Ctx *cx, const PatientForm *in)
{
	if (!in->insurer && (in->plan || in->card_number))
		return err_field(cx, "insurer", "Informe de qual convênio é a carteirinha.");
	if (!in->guardian && (in->guardian_phone || in->guardian_cpf))
		return err_field(cx, "guardian", "Informe o nome do responsável.");
	return OK;
}

enum { COLUMNS = 4 };

/* Rows to be inserted together: the patients, and columns of text. */
typedef struct Sheaf {
	int64_t *patient;
	const char **column[COLUMNS];
	size_t count;
} Sheaf;

static Sheaf sheaf_new(Arena *mem, size_t count)
{
	Sheaf sheaf = { .patient = NEW_ARRAY(mem, int64_t, count + 1) };

	for (size_t i = 0; i < COLUMNS; i++)
		sheaf.column[i] = NEW_ARRAY(mem, const char *, count + 1);
	return sheaf;
}

static void sheaf_add(
	Sheaf *sheaf, PatientId id, const char *a, const char *b, const char *c, const char *d)
{
	size_t i = sheaf->count++;

	sheaf->patient[i] = id.v;
	sheaf->column[0][i] = a;
	sheaf->column[1][i] = b;
	sheaf->column[2][i] = c;
	sheaf->column[3][i] = d;
}

static Strs sheaf_column(const Sheaf *sheaf, size_t i)
{
	return (Strs){ sheaf->column[i], sheaf->count };
}

static Err add_cards(Ctx *cx, const Sheaf *cards)
{
	int64_t rows;

	TRY(sql_family_add_cards(cx, (Int64s){ cards->patient, cards->count },
		sheaf_column(cards, 0), sheaf_column(cards, 1), sheaf_column(cards, 2),
		sheaf_column(cards, 3), &rows));
	return patient_learn(cx, "insurer", sheaf_column(cards, 0));
}

static Err add_guardians(Ctx *cx, const Sheaf *kin)
{
	int64_t rows;

	return sql_family_add_guardians(cx, (Int64s){ kin->patient, kin->count },
		sheaf_column(kin, 0), sheaf_column(kin, 1), sheaf_column(kin, 2),
		sheaf_column(kin, 3), &rows);
}

Err patient_register_family(Ctx *cx, const PatientNew *one, size_t count)
{
	Sheaf cards = sheaf_new(cx->mem, count), kin = sheaf_new(cx->mem, count);

	for (size_t i = 0; i < count; i++) {
		const PatientForm *in = &one[i].form;

		if (in->insurer)
			sheaf_add(&cards, one[i].id, in->insurer, in->plan, in->card_number,
				in->card_until == DATE_NONE
					? NULL
					: db_text_date(cx->mem, in->card_until));
		if (in->guardian)
			sheaf_add(&kin, one[i].id,
				in->guardian_kind ? in->guardian_kind : "guardian", in->guardian,
				in->guardian_phone, in->guardian_cpf);
	}
	if (cards.count)
		TRY(add_cards(cx, &cards));
	return kin.count ? add_guardians(cx, &kin) : OK;
}

const char *patient_kin_title(const char *kind, bool theirs)
{
	static const struct {
		const char *kind, *title, *theirs;
	} words[] = {
		{ "mother", "Mãe", "Filho(a)" },
		{ "father", "Pai", "Filho(a)" },
		{ "spouse", "Cônjuge", "Cônjuge" },
		{ "child", "Filho(a)", "Mãe ou pai" },
		{ "sibling", "Irmão ou irmã", "Irmão ou irmã" },
		{ "grandparent", "Avó ou avô", "Neto(a)" },
		{ "guardian", "Responsável legal", "Responde por" },
		{ "caregiver", "Cuidador(a)", "Cuida de" },
	};

	for (size_t i = 0; i < COUNT(words); i++)
		if (str_same(words[i].kind, kind))
			return theirs ? words[i].theirs : words[i].title;
	return "Outro vínculo";
}

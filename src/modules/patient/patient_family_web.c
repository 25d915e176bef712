/* Insurance cards and family of a patient: small forms beside the big one, answered in place. */
#include "core/br.h"
#include "modules/patient/patient_view.h"
#include "modules/patient/patient_web.h"

typedef struct CardForm {
	const char *insurer, *plan, *number, *holder;
	int32_t valid_until;
} CardForm;

static const Field card_fields[] = {
	FIELD(CardForm, insurer, FIELD_TEXT, "Convênio", 1, 80, true),
	FIELD(CardForm, plan, FIELD_TEXT, "Plano", 0, 80, false),
	FIELD(CardForm, number, FIELD_TEXT, "Número da carteirinha", 0, 40, false),
	FIELD(CardForm, valid_until, FIELD_DATE, "Validade", 0, 0, false),
	FIELD(CardForm, holder, FIELD_TEXT, "Titular", 0, 120, false),
};

typedef struct KinForm {
	int64_t other_id;
	const char *kind, *name, *phone, *cpf;
	bool pays, signs;
} KinForm;

static const Field kin_fields[] = {
	FIELD(KinForm, other_id, FIELD_ID, "Paciente", 0, 0, false),
	CHOICE_FIELD(KinForm, kind, "Parentesco", PATIENT_KIN_KINDS, true),
	FIELD(KinForm, name, FIELD_TEXT, "Nome", 0, 120, false),
	FIELD(KinForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(KinForm, cpf, FIELD_CPF, "CPF", 0, 0, false),
	FIELD(KinForm, pays, FIELD_BOOL, "Paga o tratamento", 0, 0, false),
	FIELD(KinForm, signs, FIELD_BOOL, "Assina pelo paciente", 0, 0, false),
};

static Err read_family(Req *q, PatientId id, FamilyView *view)
{
	InsuranceCard *card;
	Kin *kin;

	view->q = q;
	view->patient_id = id.v;
	TRY(patient_words_ask(q->cx));
	TRY(patient_cards_ask(q->cx, id));
	TRY(patient_kin_ask(q->cx, id));
	TRY(patient_words_read(q->cx, &view->words));
	TRY(patient_cards_read(q->cx, &card, &view->card_count));
	TRY(patient_kin_read(q->cx, &kin, &view->kin_count));
	view->card = card;
	view->kin = kin;
	return OK;
}

/* The part that changed for htmx; else back to the edit page. */
static Err answer(Req *q, PatientId id, Err err, void (*part)(Html *h, const FamilyView *v))
{
	FamilyView view = { 0 };

	if (err != OK && err != ERR_INVALID && (err != ERR_CONFLICT || !q->htmx))
		return err;
	if (err == OK && !q->htmx)
		return redirect(q, "/patients/%" PRId64 "/edit", id.v);
	if (err != OK && !q->cx->bad_count)
		view.problem = q->cx->err.sentence;
	TRY(read_family(q, id, &view));
	view.open = err != OK;
	part(&q->html, &view);
	return send_html(q, err == OK ? 200 : 422);
}

/* POST /patients/:id/cards */
Err patient_card_create(Req *q)
{
	Err err = ERR_INVALID;
	CardForm in;
	PatientId id;
	int64_t made;

	TRY(req_id(q, "id", &id.v));
	if (form_read(q, card_fields, COUNT(card_fields), &in))
		err = patient_add_card(q->cx, id,
			&(InsuranceCard){
				0, in.insurer, in.plan, in.number, in.holder, in.valid_until },
			&made);
	if (err == OK)
		q->form = (Form){ 0 };
	return answer(q, id, err, patient_cards_part);
}

/* POST /patients/:id/cards/:card/remove */
Err patient_card_remove(Req *q)
{
	PatientId id;
	int64_t card;

	TRY(req_id(q, "id", &id.v));
	TRY(req_id(q, "card", &card));
	return answer(q, id, patient_remove_card(q->cx, id, card), patient_cards_part);
}

/* POST /patients/:id/family */
Err patient_kin_create(Req *q)
{
	Err err = ERR_INVALID;
	PatientId id;
	KinForm in;
	int64_t made;

	TRY(req_id(q, "id", &id.v));
	if (form_read(q, kin_fields, COUNT(kin_fields), &in))
		err = patient_add_kin(q->cx, id,
			&(Kin){ .other_id = in.other_id,
				.kind = in.kind,
				.name = in.name,
				.phone = in.phone,
				.cpf = in.cpf,
				.pays = in.pays,
				.signs = in.signs },
			&made);
	if (err == OK)
		q->form = (Form){ 0 };
	return answer(q, id, err, patient_kin_part);
}

/* POST /patients/:id/family/:kin/remove */
Err patient_kin_remove(Req *q)
{
	PatientId id;
	int64_t kin;

	TRY(req_id(q, "id", &id.v));
	TRY(req_id(q, "kin", &kin));
	return answer(q, id, patient_remove_kin(q->cx, id, kin), patient_kin_part);
}

/* GET /patients/pick?q=&except=&field=: hits to choose one from, as radio buttons. */
Err patient_pick(Req *q)
{
	enum { FEW = 6 };
	const char *field = req_query(q, "field");
	PickView view = { .question = req_query(q, "q"),
		.except = req_query_int(q, "except", 0),
		.field = str_same(field, "from") ? "from" : "other_id" };
	PatientHit *hit;

	TRY(patient_search(q->cx, view.question, FEW, &hit, &view.count));
	view.hit = hit;
	patient_pick_part(&q->html, &view);
	return send_html(q, 200);
}

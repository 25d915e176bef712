/* Insurance cards and family of a patient: small forms beside the big one, answered in place. */
#include "modules/patient/patient_view.h"
#include "modules/patient/patient_web.h"

Err patient_family_read(Req *q, PatientId id, FamilyView *ret)
{
	InsuranceCard *card;
	Kin *kin;

	TRY(patient_words_ask(q->cx));
	TRY(patient_cards_ask(q->cx, id));
	TRY(patient_kin_ask(q->cx, id));
	TRY(patient_words_read(q->cx, &ret->words));
	TRY(patient_cards_read(q->cx, &card, &ret->card_count));
	TRY(patient_kin_read(q->cx, &kin, &ret->kin_count));
	ret->q = q;
	ret->patient_id = id.v;
	ret->card = card;
	ret->kin = kin;
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
	TRY(patient_family_read(q, id, &view));
	view.open = err != OK;
	part(&q->html, &view);
	return send_html(q, err == OK ? 200 : 422);
}

/* POST /patients/:id/cards */
Err patient_card_create(Req *q)
{
	InsuranceCard card = { 0 };
	Err err = ERR_INVALID;
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	if (form_read(q, insurance_card_fields, INSURANCE_CARD_FIELDS, &card))
		err = patient_add_card(q->cx, id, &card, &card.id);
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
	Kin kin = { 0 };
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	if (form_read(q, kin_fields, KIN_FIELDS, &kin))
		err = patient_add_kin(q->cx, id, &kin, &kin.id);
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

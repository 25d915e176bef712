/* Making one of two: choose the other, choose what is kept, and the way back. */
#include "modules/patient/patient_view.h"
#include "modules/patient/patient_web.h"
#include "platform/web/form_json.h"

/* Shown with the other's id, chosen or typed in the address. */
static Err page_merge(Req *q, PatientId id, PatientId other, int status)
{
	MergeView view = { .q = q };
	Patient into, from;

	TRY(patient_get(q->cx, id, &into));
	if (into.merged_into)
		return redirect(q, "/patients/%" PRId64, into.merged_into);
	view.into = &into;
	if (other.v && other.v != id.v) {
		TRY(patient_get(q->cx, other, &from));
		view.from = from.merged_into ? NULL : &from;
	}
	if (!view.from) {
		PatientTwin *twin;

		TRY(patient_find_twins(
			q->cx, into.phone, into.email, into.cpf, &twin, &view.twin_count));
		view.twin = twin;
	}
	patient_merge_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /patients/:id/merge?from= */
Err patient_ask_merge(Req *q)
{
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	return page_merge(q, id, (PatientId){ req_query_int(q, "from", 0) }, 200);
}

typedef struct MergeForm {
	int64_t from;
} MergeForm;

static const Field merge_fields[] = {
	FIELD(MergeForm, from, FIELD_ID, "Outro cadastro", 0, 0, true),
};

/* The radio button of each field that differs says whose value is kept: "from" or "into". */
static PatientForm chosen(Req *q, const Patient *from)
{
	PatientForm in = { .birth = DATE_NONE, .card_until = DATE_NONE };
	const PatientForm theirs = patient_form_of(from);

	for (size_t i = 0; i < patient_part_count; i++) {
		const PatientPart *part = &patient_parts[i];
		const char *name = arena_printf(q->cx->mem, "keep.%s", part->name);

		if (str_same(form_value(&q->form, name), "from"))
			patient_part_copy(part, &in, &theirs);
	}
	return in;
}

/* POST /patients/:id/merge. 303 to the patient, with a way back; 422 without the other. */
Err patient_do_merge(Req *q)
{
	PatientForm in;
	int64_t merge;
	MergeForm form;
	Patient from;
	PatientId id;
	Err err;

	TRY(req_id(q, "id", &id.v));
	if (!form_read(q, merge_fields, COUNT(merge_fields), &form))
		return page_merge(q, id, (PatientId){ 0 }, 422);
	TRY(patient_get(q->cx, (PatientId){ form.from }, &from));
	in = chosen(q, &from);
	err = patient_merge(q->cx, (PatientId){ form.from }, id, &in, &merge);
	if (err == ERR_INVALID)
		return page_merge(q, id, (PatientId){ 0 }, 422);
	TRY(err);
	answer_toast(q, "Cadastros unidos",
		arena_printf(q->cx->mem, "/patients/merges/%" PRId64 "/undo", merge));
	return redirect(q, "/patients/%" PRId64, id.v);
}

/* POST /patients/merges/:merge/undo */
Err patient_undo_merge(Req *q)
{
	PatientId into;
	int64_t merge;

	TRY(req_id(q, "merge", &merge));
	TRY(patient_unmerge(q->cx, merge, &into));
	answer_toast(q, "União desfeita: os dois cadastros voltaram", NULL);
	return redirect(q, "/patients/%" PRId64, into.v);
}

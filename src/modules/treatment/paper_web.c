/* Receitas: the tab of the patient's page with prescriptions, certificates and requests. */
#include "modules/treatment/visit_web.h"

static Err show_tab(Req *q, PatientId patient, PapersView *view, int status)
{
	PatientHead head;
	Paper *paper;

	TRY(treatment_head(q->cx, patient.v, &head));
	if (head.id != patient.v)
		return redirect(q, "/patients/%" PRId64 "/papers", head.id);
	TRY(paper_list(q->cx, patient, &paper, &view->paper_count));
	view->head = &head;
	view->paper = paper;
	paper_tab_page(&q->html, view);
	return send_html(q, status);
}

static bool is_kind(const char *kind)
{
	return kind && strcmp(paper_kind_title(kind), "Documento") != 0;
}

/* GET /patients/:id/papers?kind=: with a kind the form of a new one is open. */
static Err tab(Req *q)
{
	PapersView view = { .q = q, .kind = req_query(q, "kind") };
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!is_kind(view.kind))
		view.kind = NULL;
	return show_tab(q, (PatientId){ id }, &view, 200);
}

/* Does an allergy speak against it, and has nobody said yet that they know? The sentence stands
 * beside the drug. */
static Err warn(Req *q, const PatientHead *head, const PaperForm *in)
{
	const char *drug = "";
	const char *allergy = in->sure ? NULL : paper_allergy(q->cx->mem, head, in, &drug);

	return !allergy ? OK
			: err_field(q->cx, "sure",
				  arena_printf(q->cx->mem,
					  "Alergia registrada: %s. Confira %s antes de continuar.",
					  allergy, drug));
}

static Err issue_if_asked(Req *q, int64_t id)
{
	bool issue = form_value(&q->form, "issue") != NULL;

	if (issue)
		TRY(paper_issue(q->cx, id));
	answer_toast(q, issue ? "Documento emitido" : "Rascunho salvo", NULL);
	return OK;
}

/* POST /patients/:id/papers. 303 to the tab; 422 with the form. */
static Err create(Req *q)
{
	PapersView view = { .q = q };
	PaperForm in = { 0 };
	PatientHead head;
	int64_t id, paper;
	Err err = ERR_INVALID;

	TRY(req_id(q, "id", &id));
	TRY(treatment_writable_head(q->cx, id, &head));
	if (form_read(q, paper_fields, paper_field_count, &in))
		err = warn(q, &head, &in);
	if (err == OK)
		err = paper_write(q->cx, (PatientId){ head.id }, &in, &paper);
	if (err == ERR_INVALID) {
		view.kind = is_kind(in.kind) ? in.kind : "prescription";
		return show_tab(q, (PatientId){ head.id }, &view, 422);
	}
	TRY(err);
	TRY(issue_if_asked(q, paper));
	return redirect(q, "/patients/%" PRId64 "/papers", head.id);
}

static Err paper_asked(Req *q, Paper *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return paper_get(q->cx, id, ret);
}

/* GET /papers/:id/edit: a draft in the form. */
static Err edit(Req *q)
{
	PapersView view = { .q = q };
	Paper paper;

	TRY(paper_asked(q, &paper));
	if (strcmp(paper.state, "draft") != 0)
		return redirect(q, "/patients/%" PRId64 "/papers", paper.patient_id);
	view.edit = &paper;
	view.kind = paper.kind;
	return show_tab(q, (PatientId){ paper.patient_id }, &view, 200);
}

/* POST /papers/:id. 303 to the tab; 422 with the form. */
static Err update(Req *q)
{
	PapersView view = { .q = q };
	PaperForm in = { 0 };
	PatientHead head;
	Paper paper;
	Err err = ERR_INVALID;

	TRY(paper_asked(q, &paper));
	TRY(treatment_writable_head(q->cx, paper.patient_id, &head));
	if (form_read(q, paper_fields, paper_field_count, &in))
		err = warn(q, &head, &in);
	if (err == OK)
		err = paper_save(q->cx, paper.id, &in);
	if (err == ERR_INVALID) {
		view.edit = &paper;
		view.kind = paper.kind;
		return show_tab(q, (PatientId){ paper.patient_id }, &view, 422);
	}
	TRY(err);
	TRY(issue_if_asked(q, paper.id));
	return redirect(q, "/patients/%" PRId64 "/papers", paper.patient_id);
}

typedef struct VoidForm {
	const char *reason;
} VoidForm;

static const Field void_fields[] = {
	FIELD(VoidForm, reason, FIELD_TEXT, "Motivo", 1, 200, true),
};

/* POST /papers/:id/void. 303 to the tab; 422 with what is wrong. */
static Err make_void(Req *q)
{
	PapersView view = { .q = q };
	VoidForm in;
	Paper paper;

	TRY(paper_asked(q, &paper));
	if (!form_read(q, void_fields, COUNT(void_fields), &in))
		return show_tab(q, (PatientId){ paper.patient_id }, &view, 422);
	TRY(paper_void(q->cx, paper.id, in.reason));
	answer_toast(q, "Documento anulado", NULL);
	return redirect(q, "/patients/%" PRId64 "/papers", paper.patient_id);
}

static const Route routes[] = {
	{ GET, "/patients/:id/papers", tab, "treatment.note", .flags = ROUTE_READS_CHART },
	{ POST, "/patients/:id/papers", create, "treatment.note" },
	{ GET, "/papers/:id/edit", edit, "treatment.note" },
	{ POST, "/papers/:id", update, "treatment.note" },
	{ POST, "/papers/:id/void", make_void, "treatment.note" },
};

const RouteList paper_routes = { routes, COUNT(routes), &lab_routes };

/* Laboratory: the list of what is out, a case, the laboratories. */
#include "modules/treatment/lab_view.h"
#include "modules/treatment/plan_web.h"
#include "platform/db/db.h"

/* GET /lab?over=1 */
static Err list(Req *q)
{
	LabView view = { .q = q, .over = req_query_int(q, "over", 0) == 1 };
	LabCase *item;

	TRY(lab_list(q->cx, view.over, &item, &view.item_count));
	view.item = item;
	lab_page(&q->html, &view);
	return send_html(q, 200);
}

static Err fill_choices(Req *q, LabCaseView *view)
{
	UiOption *laboratory;
	Laboratory *lab;
	size_t labs;

	TRY(laboratory_list(q->cx, &lab, &labs));
	laboratory = NEW_ARRAY(q->cx->mem, UiOption, labs + 1);
	for (size_t i = 0; i < labs; i++)
		if (lab[i].active || (view->item && view->item->laboratory_id == lab[i].id))
			laboratory[view->laboratory_count++] =
				ui_option(q->cx->mem, lab[i].id, lab[i].name);
	view->laboratory = laboratory;
	return plan_dentists(q->cx, &view->dentist, &view->dentist_count);
}

static Err page(Req *q, LabCaseView *view, int status)
{
	TRY(fill_choices(q, view));
	lab_case_page(&q->html, view);
	return send_html(q, status);
}

static Err blank_for(Req *q, int64_t patient, int status)
{
	LabCaseView view = { .q = q, .plan_line_id = req_query_int(q, "line", 0) };
	PatientHead head;

	TRY(treatment_head(q->cx, patient, &head));
	view.head = &head;
	return page(q, &view, status);
}

/* GET /patients/:id/lab/new?line= */
static Err blank(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return blank_for(q, id, 200);
}

/* POST /patients/:id/lab. 303 to the case; 422 with the form. */
static Err create(Req *q)
{
	LabCaseForm in;
	int64_t id, item = 0;
	Err err = ERR_INVALID;

	TRY(req_id(q, "id", &id));
	if (form_read(q, lab_case_fields, lab_case_field_count, &in)) {
		in.patient_id = id;
		err = lab_add(q->cx, &in, &item);
	}
	if (err == ERR_INVALID)
		return blank_for(q, id, 422);
	TRY(err);
	answer_toast(q, "Trabalho anotado", NULL);
	return redirect(q, "/lab/%" PRId64, item);
}

static Err case_asked(Req *q, LabCase *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return lab_get(q->cx, id, ret);
}

/* GET /lab/:id */
static Err show(Req *q)
{
	LabCase item;

	TRY(case_asked(q, &item));
	return page(q, &(LabCaseView){ .q = q, .item = &item }, 200);
}

/* POST /lab/:id. 303 to the case; 422 with the form. */
static Err update(Req *q)
{
	LabCaseForm in;
	LabCase item;
	Err err = ERR_INVALID;

	TRY(case_asked(q, &item));
	if (form_read(q, lab_case_fields, lab_case_field_count, &in))
		err = lab_save(q->cx, item.id, &in);
	if (err == ERR_INVALID)
		return page(q, &(LabCaseView){ .q = q, .item = &item }, 422);
	TRY(err);
	answer_toast(q, "Trabalho salvo", NULL);
	return redirect(q, "/lab/%" PRId64, item.id);
}

typedef struct StepForm {
	const char *to, *reason;
} StepForm;

static const Field step_fields[] = {
	CHOICE_FIELD(StepForm, to, "Passo", "sent received checked back cancelled", true),
	FIELD(StepForm, reason, FIELD_TEXT, "Motivo", 0, 200, false),
};

static Err take_step(Req *q, int64_t id, const StepForm *in)
{
	if (!strcmp(in->to, "back"))
		return lab_send_back(q->cx, id, in->reason);
	if (!strcmp(in->to, "cancelled"))
		return lab_cancel(q->cx, id, in->reason);
	return lab_step(q->cx, id,
		!strcmp(in->to, "sent")       ? LAB_SENT
		: !strcmp(in->to, "received") ? LAB_RECEIVED
					      : LAB_CHECKED);
}

/* POST /lab/:id/step {to, reason}. 303 to the case; 422 with what is wrong. */
static Err step(Req *q)
{
	StepForm in;
	LabCase item;
	Err err = ERR_INVALID;

	TRY(case_asked(q, &item));
	if (form_read(q, step_fields, COUNT(step_fields), &in))
		err = take_step(q, item.id, &in);
	if (err == ERR_INVALID)
		return page(q, &(LabCaseView){ .q = q, .item = &item }, 422);
	TRY(err);
	return redirect(q, "/lab/%" PRId64, item.id);
}

static Err page_laboratories(Req *q, int64_t open, int status)
{
	LaboratoriesView view = { .q = q, .open = open };
	Laboratory *laboratory;

	TRY(laboratory_list(q->cx, &laboratory, &view.laboratory_count));
	view.laboratory = laboratory;
	laboratories_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/laboratories?open= */
static Err laboratories(Req *q)
{
	return page_laboratories(q, req_query_int(q, "open", -1), 200);
}

static Err save_laboratory(Req *q, int64_t id)
{
	LaboratoryForm in;
	Err err = ERR_INVALID;

	if (form_read(q, laboratory_fields, laboratory_field_count, &in))
		err = laboratory_save(q->cx, id, &in);
	if (err == ERR_INVALID)
		return page_laboratories(q, id, 422);
	TRY(err);
	answer_toast(q, "Laboratório salvo", NULL);
	return redirect(q, "/settings/laboratories");
}

/* POST /settings/laboratories */
static Err create_laboratory(Req *q)
{
	return save_laboratory(q, 0);
}

/* POST /settings/laboratories/:id */
static Err update_laboratory(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return save_laboratory(q, id);
}

Err lab_card_ask(Ctx *cx, int64_t patient)
{
	return lab_list_of_ask(cx, (PatientId){ patient });
}

Err lab_card_show(Req *q, int64_t patient)
{
	LabView view = { .q = q, .patient = patient };
	LabCase *item;

	TRY(lab_list_of_read(q->cx, &item, &view.item_count));
	view.item = item;
	lab_card(&q->html, &view);
	return OK;
}

static const Route routes[] = {
	{ GET, "/lab", list, "treatment.lab" },
	{ GET, "/lab/:id", show, "treatment.lab" },
	{ POST, "/lab/:id", update, "treatment.lab" },
	{ POST, "/lab/:id/step", step, "treatment.lab" },
	{ GET, "/patients/:id/lab/new", blank, "treatment.lab" },
	{ POST, "/patients/:id/lab", create, "treatment.lab" },
	{ GET, "/settings/laboratories", laboratories, "treatment.admin" },
	{ POST, "/settings/laboratories", create_laboratory, "treatment.admin" },
	{ POST, "/settings/laboratories/:id", update_laboratory, "treatment.admin" },
};

const RouteList lab_routes = { routes, COUNT(routes), &recall_routes };

/* One lead: drawer and page, form, notes, ways out. */
#include "modules/crm/crm_view.h"

Err lead_asked(Req *q, Lead *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return crm_get_lead(q->cx, (LeadId){ id }, ret);
}

static void stage_choices(Ctx *cx, LeadChoices *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < ret->pipeline_count; i++)
		n += ret->pipeline[i].stage_count;
	ret->stage = NEW_ARRAY(cx->mem, UiOption, n + 1);
	for (size_t i = 0; i < ret->pipeline_count; i++) {
		const Pipeline *pipeline = &ret->pipeline[i];

		for (size_t j = 0; j < pipeline->stage_count; j++)
			if (!strcmp(pipeline->stage[j].kind, "open"))
				ret->stage[ret->stage_count++] = (UiOption){
					.value = db_text_int64(cx->mem, pipeline->stage[j].id),
					.label = pipeline->stage[j].name,
					.group = ret->pipeline_count > 1 ? pipeline->name : NULL
				};
	}
}

Err lead_choices(Ctx *cx, LeadChoices *ret)
{
	SqlCrmLossReasons *reason;
	SqlCrmSources *source;
	SqlCrmFields *field;
	Pipeline *pipeline;
	Member *member;
	size_t sources, reasons, members;

	*ret = (LeadChoices){ 0 };
	TRY(sql_crm_sources_send(cx));
	TRY(sql_crm_loss_reasons_send(cx));
	TRY(sql_crm_fields_send(cx));
	TRY(sql_crm_stages_send(cx));
	TRY(sql_crm_sources_read(cx, &source, &sources));
	TRY(sql_crm_loss_reasons_read(cx, &reason, &reasons));
	TRY(sql_crm_fields_read(cx, &field, &ret->field_count));
	TRY(pipelines_read(cx, &pipeline, &ret->pipeline_count));
	TRY(account_list_members(cx, NULL, &member, &members));
	ret->pipeline = pipeline;
	ret->field = field;
	stage_choices(cx, ret);
	ret->source = NEW_ARRAY(cx->mem, UiOption, sources + 1);
	for (size_t i = 0; i < sources; i++)
		if (source[i].active)
			ret->source[ret->source_count++] =
				ui_option(cx->mem, source[i].id, source[i].name);
	ret->reason = NEW_ARRAY(cx->mem, UiOption, reasons + 1);
	for (size_t i = 0; i < reasons; i++)
		if (reason[i].active)
			ret->reason[ret->reason_count++] =
				ui_option(cx->mem, reason[i].id, reason[i].name);
	ret->owner = NEW_ARRAY(cx->mem, UiOption, members + 1);
	for (size_t i = 0; i < members; i++)
		ret->owner[ret->owner_count++] = ui_option(cx->mem, member[i].user, member[i].name);
	return OK;
}

const char *choice_label(const UiOption *option, size_t count, int64_t id)
{
	int64_t value;

	for (size_t i = 0; i < count; i++)
		if (str_int64(str_of(option[i].value), &value) && value == id)
			return option[i].label;
	return NULL;
}

static Err events_of(Req *q, LeadView *view, int64_t before)
{
	Event *event;

	TRY(audit_list_events(q->cx, "lead", view->lead->id, view->lead->created_at, before,
		EVENTS_PAGE + 1, &event, &view->event_count));
	view->event = event;
	if (view->event_count > EVENTS_PAGE) {
		view->event_count = EVENTS_PAGE;
		view->event_next = event[EVENTS_PAGE - 1].id;
	}
	return OK;
}

static Err fill_view(Req *q, LeadView *view)
{
	Task *task;
	Twin *twin;
	json_t *custom;

	TRY(crm_list_lead_tasks(q->cx, (LeadId){ view->lead->id }, &task, &view->task_count));
	TRY(crm_find_twins(q->cx, view->lead->phone, view->lead->email, view->lead->cpf,
		view->lead->id, &twin, &view->twin_count));
	TRY(events_of(q, view, 0));
	TRY(lead_choices(q->cx, &view->choice));
	TRY(json_parse(q->cx, str_of(view->lead->custom), &custom));
	view->task = task;
	view->twin = twin;
	view->custom = custom;
	for (size_t i = 0; i < view->choice.pipeline_count; i++)
		if (view->choice.pipeline[i].id == view->lead->pipeline_id)
			view->pipeline = &view->choice.pipeline[i];
	return OK;
}

/* GET /leads/:id: the drawer for htmx, else the page. 303 to the lead that took a merged one over.
 */
Err crm_show_lead(Req *q)
{
	LeadView view = { .q = q };
	Lead lead;

	TRY(account_note_members(q->cx));
	TRY(lead_asked(q, &lead));
	if (lead.merged_into)
		return redirect(q, "/leads/%" PRId64, lead.merged_into);
	view.lead = &lead;
	TRY(fill_view(q, &view));
	if (q->htmx)
		crm_lead_drawer(&q->html, &view);
	else
		crm_lead_page(&q->html, &view);
	return send_html(q, 200);
}

/* GET /leads/:id/events?before=: older entries of the timeline. */
Err crm_more_events(Req *q)
{
	LeadView view = { .q = q };
	Lead lead;

	TRY(lead_asked(q, &lead));
	view.lead = &lead;
	TRY(events_of(q, &view, req_query_int(q, "before", 0)));
	crm_lead_events(&q->html, &view);
	return send_html(q, 200);
}

/* ---- the form ---- */

static Err page_form(Req *q, LeadFormView *view, int status)
{
	json_t *custom = NULL;

	TRY(lead_choices(q->cx, &view->choice));
	if (view->lead)
		TRY(json_parse(q->cx, str_of(view->lead->custom), &custom));
	view->custom = custom;
	crm_lead_form(&q->html, view);
	return send_html(q, status);
}

Err crm_blank_lead(Req *q)
{
	return page_form(q, &(LeadFormView){ .q = q }, 200);
}

Err crm_edit_lead(Req *q)
{
	Lead lead;

	TRY(lead_asked(q, &lead));
	return page_form(q, &(LeadFormView){ .q = q, .lead = &lead }, 200);
}

/* POST /leads. 303 to the board; 422 with the form; 409 with it when somebody with this contact is
 * known and the sender did not say that they are sure. */
Err crm_create_lead(Req *q)
{
	LeadFormView view = { .q = q };
	LeadForm in;
	Twin *twin;
	LeadId id;
	Err err;

	if (!form_read(q, lead_fields, COUNT(lead_fields), &in))
		return page_form(q, &view, 422);
	if (!form_value(&q->form, "sure")) {
		TRY(crm_find_twins(q->cx, in.phone, in.email, in.cpf, 0, &twin, &view.twin_count));
		view.twin = twin;
		if (view.twin_count)
			return page_form(q, &view, 409);
	}
	err = crm_add_lead(q->cx, &in, LEAD_BY_HAND, &id);
	if (err == ERR_INVALID)
		return page_form(q, &view, 422);
	TRY(err);
	answer_toast(q, "Lead criado", NULL);
	return redirect(q, "/leads/%" PRId64, id.v);
}

/* POST /leads/:id. 303 to the lead; 422 with the form; 409 with it and the differences when
 * somebody saved meanwhile: what was typed stays. */
Err crm_update_lead(Req *q)
{
	LeadFormView view = { .q = q };
	Lead lead;
	LeadForm in;
	Err err;

	TRY(lead_asked(q, &lead));
	view.lead = &lead;
	if (!form_read(q, lead_fields, COUNT(lead_fields), &in))
		return page_form(q, &view, 422);
	err = crm_save_lead(q->cx, (LeadId){ lead.id }, &in);
	if (err == ERR_INVALID)
		return page_form(q, &view, 422);
	if (err == ERR_CONFLICT) {
		view.theirs = &lead;
		view.mine = &in;
		return page_form(q, &view, 409);
	}
	TRY(err);
	answer_toast(q, "Lead salvo", NULL);
	return redirect(q, "/leads/%" PRId64, lead.id);
}

typedef struct ContactForm {
	const char *phone, *email, *cpf;
	int64_t except;
} ContactForm;

/* Texts, not typed fields: half a phone number is not wrong yet. */
static const Field contact_fields[] = {
	FIELD(ContactForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(ContactForm, email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(ContactForm, cpf, FIELD_CPF, "CPF", 0, 0, false),
	FIELD(ContactForm, except, FIELD_ID, "Menos", 0, 0, false),
};

/* GET /leads/twins?phone=&email=&cpf=: who has this contact already; nothing while it is
 * incomplete. */
Err crm_show_twins(Req *q)
{
	ContactForm in = { 0 };
	Twin *twin = NULL;
	size_t count = 0;

	if (query_read(q, contact_fields, COUNT(contact_fields), &in))
		TRY(crm_find_twins(q->cx, in.phone, in.email, in.cpf, in.except, &twin, &count));
	crm_twins(&q->html, twin, count);
	return send_html(q, 200);
}

/* ---- what happens to a lead ---- */

typedef struct NoteForm {
	const char *kind, *text;
} NoteForm;

static const Field note_fields[] = {
	CHOICE_FIELD(NoteForm, kind, "Tipo", "note call meeting email whatsapp", false),
	FIELD(NoteForm, text, FIELD_LONG, "Texto", 1, 4000, true),
};

/* POST /leads/:id/notes. 303 to the lead; 422 when empty. */
Err crm_write_note(Req *q)
{
	NoteForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, note_fields, COUNT(note_fields), &in))
		return ERR_INVALID;
	TRY(crm_add_activity(q->cx, (LeadId){ id }, activity_named(in.kind), in.text));
	answer_toast(q, "Registrado no histórico", NULL);
	return redirect(q, "/leads/%" PRId64, id);
}

const Field lose_fields[] = {
	FIELD(LoseForm, loss_reason_id, FIELD_ID, "Motivo", 0, 0, true),
	FIELD(LoseForm, loss_note, FIELD_LONG, "Detalhes", 0, 1000, false),
};

static Err page_lose(Req *q, const Lead *lead, int status)
{
	LoseView view = { .q = q, .lead = lead };

	TRY(lead_choices(q->cx, &view.choice));
	crm_lose_page(&q->html, &view);
	return send_html(q, status);
}

Err crm_ask_lose(Req *q)
{
	Lead lead;

	TRY(lead_asked(q, &lead));
	return page_lose(q, &lead, 200);
}

/* POST /leads/:id/lose. 303 to the board, with a way back; 422 without a reason. */
Err crm_lose(Req *q)
{
	Lead lead;
	LoseForm in;
	Err err = ERR_INVALID;

	TRY(lead_asked(q, &lead));
	if (form_read(q, lose_fields, COUNT(lose_fields), &in))
		err = crm_lose_lead(q->cx, (LeadId){ lead.id }, in.loss_reason_id, in.loss_note);
	if (err == ERR_INVALID)
		return page_lose(q, &lead, 422);
	TRY(err);
	answer_toast(q, "Lead marcado como perdido",
		arena_printf(q->cx->mem, "/leads/%" PRId64 "/reopen", lead.id));
	return redirect(q, "/funnel");
}

/* POST /leads/:id/reopen. */
Err crm_reopen(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(crm_reopen_lead(q->cx, (LeadId){ id }));
	answer_toast(q, "Lead reaberto", NULL);
	return redirect(q, "/leads/%" PRId64, id);
}

static Err page_convert(Req *q, const Lead *lead, int status)
{
	ConvertView view = { .q = q, .lead = lead };
	PatientTwin *twin;

	TRY(patient_find_twins(
		q->cx, lead->phone, lead->email, lead->cpf, &twin, &view.twin_count));
	view.twin = twin;
	crm_convert_page(&q->html, &view);
	return send_html(q, status);
}

Err crm_ask_convert(Req *q)
{
	Lead lead;

	TRY(lead_asked(q, &lead));
	if (lead.patient_id)
		return redirect(q, "/patients/%" PRId64, lead.patient_id);
	return page_convert(q, &lead, 200);
}

typedef struct ConvertForm {
	int64_t patient;
} ConvertForm;

static const Field convert_fields[] = {
	FIELD(ConvertForm, patient, FIELD_INT, "Paciente", 0, INT64_MAX, true),
};

/* POST /leads/:id/convert. 303 to the patient; 409 with the choice when the CPF is somebody's. */
Err crm_convert(Req *q)
{
	Lead lead;
	ConvertForm in;
	PatientId id;
	Err err;

	TRY(lead_asked(q, &lead));
	if (!form_read(q, convert_fields, COUNT(convert_fields), &in))
		return page_convert(q, &lead, 422);
	err = crm_convert_lead(q->cx, (LeadId){ lead.id }, in.patient, &id);
	if (err == ERR_CONFLICT && q->cx->bad_count)
		return page_convert(q, &lead, 409);
	TRY(err);
	answer_toast(q, "Lead convertido em paciente", NULL);
	return redirect(q, "/patients/%" PRId64, id.v);
}

typedef struct MergeForm {
	int64_t gone;
} MergeForm;

static const Field merge_fields[] = {
	FIELD(MergeForm, gone, FIELD_ID, "Lead", 0, 0, true),
};

/* POST /leads/:id/merge: another lead becomes part of this one. */
Err crm_merge(Req *q)
{
	MergeForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, merge_fields, COUNT(merge_fields), &in))
		return ERR_INVALID;
	TRY(crm_merge_leads(q->cx, (LeadId){ id }, (LeadId){ in.gone }));
	answer_toast(q, "Cadastros unidos", NULL);
	return redirect(q, "/leads/%" PRId64, id);
}

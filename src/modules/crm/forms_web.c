/* Configurações of the capture forms: what they say and ask, where their leads go, how to put them
 * on a site. A form is never deleted, only taken out of use: leads remember it. */
#include "core/random.h"
#include "modules/company/company.h"
#include "modules/crm/capture_view.h"

enum { RECENT_DAYS = 30 };

/* GET /settings/forms */
Err crm_list_forms(Req *q)
{
	FormsView view = { .q = q };
	SqlFormList *form;

	TRY(company_base_url(q->cx, &view.base));
	TRY(sql_form_list(
		q->cx, q->cx->now - RECENT_DAYS * (int64_t)86400, &form, &view.form_count));
	view.form = form;
	crm_forms_page(&q->html, &view);
	return send_html(q, 200);
}

static Err page_of(Req *q, const SqlFormRow *form, int status)
{
	FormView view = { .q = q, .form = form };

	TRY(company_base_url(q->cx, &view.base));
	TRY(lead_choices(q->cx, &view.choice));
	crm_form_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/forms/new */
Err crm_blank_form(Req *q)
{
	return page_of(q, NULL, 200);
}

static Err form_asked(Req *q, SqlFormRow *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return sql_form_by_id(q->cx, id, ret);
}

/* GET /settings/forms/:id */
Err crm_edit_form(Req *q)
{
	SqlFormRow form;

	TRY(form_asked(q, &form));
	return page_of(q, &form, 200);
}

typedef struct FormForm {
	const char *title, *text, *thanks, *consent_text;
	int64_t stage_id, source_id, owner_id;
	bool ask_email, ask_interest, active;
} FormForm;

static const Field form_fields[] = {
	FIELD(FormForm, title, FIELD_TEXT, "Título", 1, 120, true),
	FIELD(FormForm, text, FIELD_LONG, "Texto", 0, 500, false),
	FIELD(FormForm, thanks, FIELD_LONG, "Agradecimento", 1, 500, true),
	FIELD(FormForm, consent_text, FIELD_LONG, "Texto do aceite", 1, 500, true),
	FIELD(FormForm, stage_id, FIELD_ID, "Etapa", 0, 0, false),
	FIELD(FormForm, source_id, FIELD_ID, "Origem", 0, 0, false),
	FIELD(FormForm, owner_id, FIELD_ID, "Responsável", 0, 0, false),
	FIELD(FormForm, ask_email, FIELD_BOOL, "Pedir e-mail", 0, 0, false),
	FIELD(FormForm, ask_interest, FIELD_BOOL, "Perguntar o interesse", 0, 0, false),
	FIELD(FormForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
};

static bool is_offered(const UiOption *option, size_t count, int64_t id)
{
	return !id || choice_label(option, count, id);
}

static Err check_form(Ctx *cx, const FormForm *in)
{
	LeadChoices choice;

	TRY(lead_choices(cx, &choice));
	if (!is_offered(choice.stage, choice.stage_count, in->stage_id))
		return err_field(cx, "stage_id", "Escolha uma etapa aberta da lista.");
	if (!is_offered(choice.source, choice.source_count, in->source_id))
		return err_field(cx, "source_id", "Escolha uma origem da lista.");
	if (!is_offered(choice.owner, choice.owner_count, in->owner_id))
		return err_field(cx, "owner_id", "Escolha uma pessoa da equipe.");
	return OK;
}

static Err changed(Req *q, const char *action, int64_t id, const char *toast)
{
	TRY(audit_add_change(
		q->cx, &(Change){ .action = action, .subject = "form", .subject_id = id }));
	answer_toast(q, toast, NULL);
	return redirect(q, "/settings/forms/%" PRId64, id);
}

static Err read_form(Req *q, FormForm *in)
{
	return form_read(q, form_fields, COUNT(form_fields), in) ? check_form(q->cx, in)
								 : ERR_INVALID;
}

/* Columns of a form, whether it is inserted or saved. */
#define FORM_TYPED(in)                                                                             \
	.title = (in)->title, .text = (in)->text, .thanks = (in)->thanks,                          \
	.stage_id = db_id_or_null(&(in)->stage_id), .source_id = db_id_or_null(&(in)->source_id),  \
	.owner_id = db_id_or_null(&(in)->owner_id), .ask_email = (in)->ask_email,                  \
	.ask_interest = (in)->ask_interest, .consent_text = (in)->consent_text,                    \
	.active = (in)->active

/* POST /settings/forms. 303 to it, with its link; 422 with what is wrong. */
Err crm_create_form(Req *q)
{
	SqlFormInsert row;
	FormForm in;
	Err err = read_form(q, &in);

	if (err == ERR_INVALID)
		return page_of(q, NULL, 422);
	TRY(err);
	TRY(sql_form_insert(q->cx,
		&(SqlFormInsertIn){ FORM_TYPED(&in), .token = crypto_token(q->cx->mem, 16) },
		&row));
	return changed(q, "form.create", row.id, "Formulário criado");
}

/* POST /settings/forms/:id. 303 to it; 422 with what is wrong. */
Err crm_update_form(Req *q)
{
	SqlFormRow form;
	FormForm in;
	int64_t rows;
	Err err;

	TRY(form_asked(q, &form));
	err = read_form(q, &in);
	if (err == ERR_INVALID)
		return page_of(q, &form, 422);
	TRY(err);
	TRY(sql_form_update(q->cx, &(SqlFormUpdateIn){ FORM_TYPED(&in), .id = form.id }, &rows));
	return changed(q, "form.update", form.id, "Formulário salvo");
}

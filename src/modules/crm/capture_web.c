/* The public form: shown, filled in, thanked for. It stands alone or in a frame of the clinic's own
 * site, and sets no cookie. A robot gets the thanks and nothing is saved. */
#include "modules/crm/capture_view.h"

typedef struct CaptureForm {
	const char *name, *phone, *email, *interest;
	bool consent;
} CaptureForm;

static const Field capture_fields[] = {
	FIELD(CaptureForm, name, FIELD_TEXT, "Nome", 1, 120, true),
	FIELD(CaptureForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(CaptureForm, email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(CaptureForm, interest, FIELD_TEXT, "Interesse", 0, 200, false),
	FIELD(CaptureForm, consent, FIELD_BOOL, "Aceite", 0, 0, false),
};

static Err form_asked(Req *q, SqlFormRow *ret)
{
	bool found;

	TRY(sql_form_of_token(q->cx, req_segment(q, "token"), ret, &found));
	if (!found)
		return err_set(q->cx, ERR_NOT_FOUND, "no form has this token");
	if (!ret->active)
		return err_tell(q->cx, ERR_NOT_FOUND,
			"Este formulário não recebe mais contatos. Procure a clínica por outro "
			"canal.",
			"form %" PRId64 " is not active", ret->id);
	return OK;
}

static bool is_embedded(Req *q)
{
	return str_same(req_query(q, "embed"), "1");
}

/* The first 120 characters: a campaign's name never stops a person. */
static const char *cut_short(Arena *mem, const char *text)
{
	size_t bytes = 0;

	if (str_is_empty(text))
		return NULL;
	for (int n = 0; text[bytes]; n++) {
		if (n == UTM_MAX)
			return arena_copy(mem, text, bytes);
		for (bytes++; ((unsigned char)text[bytes] & 0xC0) == 0x80;)
			bytes++;
	}
	return text;
}

/* From the page's address when it is opened, from its hidden fields when it is sent. */
static void read_utm(Req *q, CaptureView *view)
{
	static const char *const name[UTM_COUNT] = { "utm_source", "utm_medium", "utm_campaign",
		"utm_term", "utm_content" };

	for (size_t i = 0; i < UTM_COUNT; i++)
		view->utm[i] = (Utm){ name[i],
			cut_short(q->cx->mem, q->method == GET ? req_query(q, name[i])
							       : form_value(&q->form, name[i])) };
}

static CaptureView view_of(Req *q, const SqlFormRow *form)
{
	CaptureView view = { .q = q, .form = form, .embed = is_embedded(q) };

	read_utm(q, &view);
	/* Who is shown the form a second time has filled it in already. */
	view.stamp = capture_stamp(
		q->cx, form->token, q->method == GET ? q->cx->now : q->cx->now - CAPTURE_FILL_S);
	return view;
}

/* GET /f/:token?embed=1&utm_…=. 404: another company's, or not in use. */
Err crm_show_capture(Req *q)
{
	CaptureView view;
	SqlFormRow form;

	TRY(form_asked(q, &form));
	view = view_of(q, &form);
	crm_capture_page(&q->html, &view);
	return send_html(q, 200);
}

static Err thank(Req *q, const SqlFormRow *form)
{
	return is_embedded(q) ? redirect(q, "/f/%s/thanks?embed=1", form->token)
			      : redirect(q, "/f/%s/thanks", form->token);
}

static Err show_again(Req *q, const SqlFormRow *form, const char *notice, int status)
{
	CaptureView view = view_of(q, form);

	view.notice = notice;
	crm_capture_page(&q->html, &view);
	return send_html(q, status);
}

static Err save(Req *q, const SqlFormRow *form, const CaptureForm *in)
{
	CaptureView view = view_of(q, form);
	CaptureOutcome outcome;
	LeadId lead;

	return capture_save(q->cx, form,
		&(Captured){ .name = in->name,
			.phone = in->phone,
			.email = form->ask_email ? in->email : NULL,
			.interest = form->ask_interest ? in->interest : NULL,
			.consent = in->consent,
			.utm_source = view.utm[0].value,
			.utm_medium = view.utm[1].value,
			.utm_campaign = view.utm[2].value,
			.utm_term = view.utm[3].value,
			.utm_content = view.utm[4].value },
		&outcome, &lead);
}

/* POST /f/:token. 303 to the thanks; 422 with what is wrong beside its field; 429 with all that was
 * typed; 404 as the page. Robots (the trap is filled, or nobody can be so quick) hear thanks. */
Err crm_take_capture(Req *q)
{
	StampVerdict stamp;
	SqlFormRow form;
	CaptureForm in = { 0 };
	Err err = ERR_INVALID;

	TRY(form_asked(q, &form));
	stamp = capture_check_stamp(q->cx, form.token, form_value(&q->form, "stamp"));
	if (!str_is_empty(form_value(&q->form, "homepage")) || stamp == STAMP_QUICK)
		return thank(q, &form);
	if (!capture_may_take(q->cx))
		return show_again(q, &form,
			"Chegaram muitos contatos agora. Espere um minuto e envie de novo.", 429);
	if (form_read(q, capture_fields, COUNT(capture_fields), &in) && stamp == STAMP_GOOD)
		err = save(q, &form, &in);
	if (err == ERR_INVALID)
		return show_again(q, &form,
			stamp == STAMP_BAD ? "Esta página ficou aberta por muito tempo. Confira "
					     "seus dados e envie de novo."
					   : NULL,
			422);
	TRY(err);
	return thank(q, &form);
}

/* GET /f/:token/thanks */
Err crm_thank_capture(Req *q)
{
	SqlFormRow form;

	TRY(form_asked(q, &form));
	crm_thanks_page(&q->html, &(CaptureView){ .q = q, .form = &form, .embed = is_embedded(q) });
	return send_html(q, 200);
}

/* Anamneses on the patient's page: the tab, filling in at the counter, links, and what was said. */
#include "modules/patient/anamnesis_web.h"
#include "modules/patient/clinical.h"

#include "modules/company/company.h"
#include "platform/auth/totp.h"

Err clinical_head_read(Req *q, PatientHead *ret)
{
	PatientId id;

	TRY(req_id(q, "id", &id.v));
	TRY(patient_head_ask(q->cx, id));
	return patient_head_read(q->cx, ret);
}

Err clinical_head(Req *q, PatientHead *ret)
{
	TRY(clinical_head_read(q, ret));
	if (ret->restricted)
		return err_tell(q->cx, ERR_CONFLICT,
			"Este cadastro está encerrado: nada pode ser acrescentado.",
			"patient %" PRId64 " is restricted", ret->id);
	return OK;
}

/* ---- the tab ---- */

/* The last signed one, and whether it is time to ask again. */
static void judge_age(AnamnesisTab *view, const SqlQuestionnaireRow *paper, size_t paper_count)
{
	const SqlAnamnesisRow *last = NULL;
	int months = 12;

	for (size_t i = 0; i < view->filling_count; i++)
		if (view->filling[i].sent_at && (!last || view->filling[i].sent_at > last->sent_at))
			last = &view->filling[i];
	if (!last)
		return;
	for (size_t i = 0; i < paper_count; i++)
		if (paper[i].id == last->questionnaire_id)
			months = paper[i].months;
	view->last_at = last->sent_at;
	view->old = date_add_months(date_today(last->sent_at, view->q->cx->zone), months) <=
		    date_today(view->q->cx->now, view->q->cx->zone);
}

static void take_papers(AnamnesisTab *view, SqlQuestionnaireRow *paper, size_t count)
{
	judge_age(view, paper, count);
	view->paper = paper;
	for (size_t i = 0; i < count; i++)
		if (paper[i].active && !paper[i].published_id_null)
			paper[view->paper_count++] = paper[i];
}

Err anamnesis_show_tab(
	Req *q, const PatientHead *head, int status, bool add_alert, int64_t end_alert)
{
	AnamnesisTab view = { .q = q,
		.head = head,
		.clinical = req_may(q, "patient.clinical"),
		.judges = req_may(q, "patient.alert") && !head->restricted,
		.writes = req_may(q, "patient.anamnesis") && !head->restricted,
		.add_alert = add_alert,
		.end_alert = end_alert };
	SqlQuestionnaireRow *paper;
	SqlAnamnesisRow *filling;
	SqlAlertRow *alert;
	size_t paper_count;

	TRY(sql_questionnaire_list_send(q->cx));
	TRY(sql_anamnesis_list_send(q->cx, head->id));
	TRY(sql_alert_all_send(q->cx, head->id));
	TRY(sql_questionnaire_list_read(q->cx, &paper, &paper_count));
	TRY(sql_anamnesis_list_read(q->cx, &filling, &view.filling_count));
	TRY(sql_alert_all_read(q->cx, &alert, &view.alert_count));
	view.filling = filling;
	view.alert = alert;
	for (size_t i = 0; i < view.alert_count; i++)
		view.standing += alert[i].ended_at_null;
	take_papers(&view, paper, paper_count);
	anamnesis_tab(&q->html, &view);
	return send_html(q, status);
}

/* GET /patients/:id/anamnesis */
static Err tab(Req *q)
{
	PatientHead head;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(clinical_head_read(q, &head));
	if (head.id != id)
		return redirect(q, "/patients/%" PRId64 "/anamnesis", head.id);
	return anamnesis_show_tab(q, &head, 200, /* add_alert= */ false, /* end_alert= */ 0);
}

/* ---- beginning ---- */

typedef struct StartForm {
	int64_t questionnaire_id;
	const char *way;
} StartForm;

static const Field start_fields[] = {
	FIELD(StartForm, questionnaire_id, FIELD_ID, "Questionário", 0, 0, true),
	CHOICE_FIELD(StartForm, way, "Como", "reception tablet link", true),
};

/* POST /patients/:id/anamnesis. 303 to the questions. */
static Err start(Req *q)
{
	PatientHead head;
	StartForm in;
	int64_t id;

	TRY(clinical_head(q, &head));
	if (!form_read(q, start_fields, COUNT(start_fields), &in))
		return ERR_INVALID;
	TRY(anamnesis_start(q->cx, (PatientId){ head.id }, in.questionnaire_id, in.way, &id));
	return redirect(q, "/patients/%" PRId64 "/anamnesis/%" PRId64 "/fill#%s", head.id, id,
		strcmp(in.way, "reception") ? "link" : "questions");
}

Err filling_asked(Req *q, const char *segment, const PatientHead *head, Filling *ret)
{
	int64_t id;

	TRY(req_id(q, segment, &id));
	TRY(anamnesis_get(q->cx, id, ret));
	if (ret->head.patient_id != head->id)
		return err_set(
			q->cx, ERR_NOT_FOUND, "anamnesis %" PRId64 " is another patient's", id);
	return OK;
}

/* ---- filling in at the counter ---- */

static Err show_fill(Req *q, const PatientHead *head, const Filling *filling, int status)
{
	int64_t id = filling->head.id;
	SqlLinkStanding link;
	bool found;

	TRY(sql_link_standing(q->cx, id, &link, &found));
	anamnesis_fill_page(&q->html,
		&(FillView){ .q = q,
			.head = head,
			.filling = filling,
			.save = url_printf(q->cx->mem,
				"/patients/%" PRId64 "/anamnesis/%" PRId64 "/save", head->id, id),
			.send = url_printf(q->cx->mem, "/patients/%" PRId64 "/anamnesis/%" PRId64,
				head->id, id),
			.link = found ? &link : NULL });
	return send_html(q, status);
}

/* GET /patients/:id/anamnesis/:filling/fill. 303 to what was said when it is signed. */
static Err fill(Req *q)
{
	PatientHead head;
	Filling filling;

	TRY(clinical_head_read(q, &head));
	TRY(filling_asked(q, "filling", &head, &filling));
	if (strcmp(filling.head.state, "open") != 0)
		return redirect(q, "/patients/%" PRId64 "/anamnesis", head.id);
	return show_fill(q, &head, &filling, 200);
}

/* POST /patients/:id/anamnesis/:filling/save: each answer as it is given. 409: it was sent. */
static Err save(Req *q)
{
	PatientHead head;
	Filling filling;

	TRY(clinical_head(q, &head));
	TRY(filling_asked(q, "filling", &head, &filling));
	TRY(anamnesis_save(q->cx, filling.head.id, &q->form));
	return send_nothing(q);
}

/* POST /patients/:id/anamnesis/:filling: signed. 303; 422 with the questions; 409: it was sent. */
static Err sign(Req *q)
{
	PatientHead head;
	Filling filling;
	Err err;

	TRY(clinical_head(q, &head));
	TRY(filling_asked(q, "filling", &head, &filling));
	err = anamnesis_send(q->cx, filling.head.id, &q->form,
		&(Signature){ .name = form_value(&q->form, "signer"),
			.guardian = form_value(&q->form, "guardian") != NULL,
			.points = form_value(&q->form, "signature"),
			.ip = q->cx->peer,
			.agent = q->user_agent });
	if (err == ERR_INVALID) {
		TRY(answers_read(q->cx, &q->form, /* strict= */ false, &filling));
		return show_fill(q, &head, &filling, 422);
	}
	TRY(err);
	answer_toast(q, "Anamnese assinada", NULL);
	return redirect(q, "/patients/%" PRId64 "/anamnesis", head.id);
}

/* POST /patients/:id/anamnesis/:filling/drop */
static Err drop(Req *q)
{
	PatientHead head;
	Filling filling;

	TRY(clinical_head(q, &head));
	TRY(filling_asked(q, "filling", &head, &filling));
	TRY(anamnesis_drop(q->cx, filling.head.id));
	answer_toast(q, "Preenchimento descartado", NULL);
	return redirect(q, "/patients/%" PRId64 "/anamnesis", head.id);
}

/* ---- the patient's own way ---- */

typedef struct LinkForm {
	int64_t days;
} LinkForm;

static const Field link_fields[] = {
	FIELD(LinkForm, days, FIELD_INT, "Validade", 0, LINK_DAYS_MAX, false),
};

static const char *first_name(Arena *mem, const char *name)
{
	Str rest = str_of(name), first;

	return str_cut(&rest, ' ', &first) ? arena_copy(mem, first.ptr, first.len) : "";
}

/* POST /patients/:id/anamnesis/:filling/link: the link, the only time that it is seen. */
static Err make_link(Req *q)
{
	const char *token, *base;
	LinkView view = { 0 };
	PatientHead head;
	Filling filling;
	LinkForm in;

	TRY(clinical_head(q, &head));
	TRY(filling_asked(q, "filling", &head, &filling));
	if (!form_read(q, link_fields, COUNT(link_fields), &in))
		return ERR_INVALID;
	TRY(link_make(q->cx, filling.head.id, (int)in.days, &token));
	TRY(company_base_url(q->cx, &base));
	view.url = arena_printf(q->cx->mem, "%s/anamnesis/%s", base, token);
	view.tablet = in.days == 0;
	view.expires_at =
		q->cx->now + (in.days ? in.days * (int64_t)86400 : (int64_t)LINK_TABLET_S);
	view.text = arena_printf(q->cx->mem,
		"Olá, %s! Antes da sua consulta na %s, responda a ficha de saúde: %s",
		first_name(q->cx->mem, head.name), q->site->name, view.url);
	view.whatsapp = head.whatsapp;
	view.code = totp_qr(q->cx->mem, view.url);
	anamnesis_link_box(&q->html, &view);
	return send_html(q, 200);
}

/* ---- what was said ---- */

static Err name_of(Req *q, int64_t user, const char **ret)
{
	Member member;

	*ret = NULL;
	if (!user)
		return OK;
	TRY(account_get_member(q->cx, user, &member));
	*ret = member.name;
	return OK;
}

/* GET /patients/:id/anamnesis/:filling. 303 to the questions while it is open. */
static Err show(Req *q)
{
	FillingView view = { .q = q, .judges = req_may(q, "patient.alert") };
	SqlAlertRow *alert;
	PatientHead head;
	Filling filling;
	size_t count;

	TRY(clinical_head_read(q, &head));
	TRY(filling_asked(q, "filling", &head, &filling));
	if (strcmp(filling.head.state, "sent") != 0)
		return redirect(q, "/patients/%" PRId64 "/anamnesis/%" PRId64 "/fill", head.id,
			filling.head.id);
	TRY(sql_alert_all(q->cx, head.id, &alert, &count));
	for (size_t i = 0; i < count; i++)
		if (alert[i].anamnesis_id == filling.head.id)
			alert[view.alert_count++] = alert[i];
	TRY(anamnesis_mark_denied(q->cx, &filling));
	view.alert = alert;
	view.head = &head;
	view.filling = &filling;
	TRY(name_of(q, filling.head.reviewed_by, &view.reviewer));
	TRY(name_of(q, filling.head.started_by, &view.starter));
	anamnesis_page(&q->html, &view);
	return send_html(q, 200);
}

/* POST /patients/:id/anamnesis/:filling/review. 409: reviewed meanwhile. */
static Err review(Req *q)
{
	PatientHead head;
	Filling filling;

	TRY(clinical_head(q, &head));
	TRY(filling_asked(q, "filling", &head, &filling));
	TRY(anamnesis_review(q->cx, filling.head.id));
	answer_toast(q, "Anamnese conferida", NULL);
	return redirect(q, "/patients/%" PRId64 "/anamnesis", head.id);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/patients/:id/anamnesis", tab, "patient.anamnesis", ROUTE_READS_CHART },
	{ POST, "/patients/:id/anamnesis", start, "patient.anamnesis" },
	{ GET, "/patients/:id/anamnesis/:filling", show, "patient.clinical", ROUTE_READS_CHART },
	{ POST, "/patients/:id/anamnesis/:filling", sign, "patient.anamnesis" },
	{ GET, "/patients/:id/anamnesis/:filling/fill", fill, "patient.anamnesis", ROUTE_READS_CHART },
	{ POST, "/patients/:id/anamnesis/:filling/save", save, "patient.anamnesis" },
	{ POST, "/patients/:id/anamnesis/:filling/drop", drop, "patient.anamnesis" },
	{ POST, "/patients/:id/anamnesis/:filling/link", make_link, "patient.anamnesis" },
	{ POST, "/patients/:id/anamnesis/:filling/review", review, "patient.alert" },
};

/* clang-format on */

const RouteList anamnesis_routes = { routes, COUNT(routes), &clinical_api };

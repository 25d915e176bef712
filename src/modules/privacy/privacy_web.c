/* LGPD: the patient's tab, and the clinic's page under Configurações. */
#include "modules/privacy/export.h"
#include "modules/privacy/incident_view.h"
#include "modules/privacy/privacy_view.h"
#include "platform/storage/storage.h"

static Err show(Req *q, int64_t id, int status)
{
	PrivacyPatientView view = { .q = q };
	PatientId patient = { id };
	PrivacyRequest *request;
	PrivacyExport copy;
	ConsentText *text;
	PatientHead head;
	Consent *consent, *log;
	ChartRead *read;
	bool found;

	TRY(patient_head_ask(q->cx, patient));
	TRY(patient_head_read(q->cx, &head));
	if (head.id != id)
		return redirect(q, "/patients/%" PRId64 "/privacy", head.id);
	TRY(consent_list_texts(q->cx, &text, &view.text_count));
	TRY(consent_list(q->cx, patient, &consent, &view.consent_count));
	TRY(consent_list_log(q->cx, patient, &log, &view.log_count));
	TRY(privacy_list_requests_of(q->cx, patient, &request, &view.request_count));
	TRY(privacy_list_reads(q->cx, patient, &read, &view.read_count));
	TRY(privacy_retention(q->cx, patient, &view.retention));
	TRY(privacy_last_closing(q->cx, patient, &view.closing));
	TRY(privacy_last_export(q->cx, patient, &found, &copy));
	view.head = &head;
	view.text = text;
	view.consent = consent;
	view.log = log;
	view.request = request;
	view.read = read;
	view.copy = found ? &copy : NULL;
	privacy_patient_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /patients/:id/privacy */
static Err tab(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return show(q, id, 200);
}

/* 303 to the tab with a toast, or the tab again with what is wrong. */
static Err done(Req *q, int64_t id, Err err, const char *toast)
{
	if (err == ERR_INVALID)
		return show(q, id, 422);
	TRY(err);
	answer_toast(q, toast, NULL);
	return redirect(q, "/patients/%" PRId64 "/privacy", id);
}

/* POST /patients/:id/consents */
static Err give(Req *q)
{
	ConsentForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	return done(q, id,
		form_read(q, consent_fields, consent_field_count, &in)
			? consent_give(q->cx, (PatientId){ id }, &in)
			: ERR_INVALID,
		"Resposta registrada");
}

/* POST /patients/:id/privacy-requests */
static Err ask(Req *q)
{
	PrivacyRequestForm in;
	int64_t id, request;

	TRY(req_id(q, "id", &id));
	return done(q, id,
		form_read(q, privacy_request_fields, privacy_request_field_count, &in)
			? privacy_ask(q->cx, (PatientId){ id }, &in, &request)
			: ERR_INVALID,
		"Pedido registrado");
}

/* POST /privacy-requests/:id */
static Err answer(Req *q)
{
	PrivacyAnswerForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (!form_read(q, privacy_answer_fields, privacy_answer_field_count, &in))
		return ERR_INVALID;
	TRY(privacy_answer(q->cx, id, &in));
	answer_toast(q, "Pedido respondido", NULL);
	return redirect(q, "/settings/privacy");
}

typedef struct CloseForm {
	const char *action, *reason;
} CloseForm;

static const Field close_fields[] = {
	CHOICE_FIELD(CloseForm, action, "O que fazer", "restrict reopen anonymise", true),
	FIELD(CloseForm, reason, FIELD_TEXT, "Motivo", 1, 500, true),
};

static Err take(Req *q, PatientId id, const CloseForm *in)
{
	if (!strcmp(in->action, "restrict"))
		return privacy_restrict(q->cx, id, in->reason);
	if (!strcmp(in->action, "reopen"))
		return privacy_reopen(q->cx, id, in->reason);
	return privacy_anonymise(q->cx, id, in->reason);
}

/* POST /patients/:id/closing */
static Err close_patient(Req *q)
{
	CloseForm in;
	int64_t id;

	TRY(req_id(q, "id", &id));
	return done(q, id,
		form_read(q, close_fields, COUNT(close_fields), &in)
			? take(q, (PatientId){ id }, &in)
			: ERR_INVALID,
		"Feito e registrado");
}

/* POST /patients/:id/copies */
static Err copy_patient(Req *q)
{
	int64_t id, copy;
	PatientHead head;

	TRY(req_id(q, "id", &id));
	TRY(patient_head_ask(q->cx, (PatientId){ id }));
	TRY(patient_head_read(q->cx, &head));
	return done(q, head.id, privacy_start_export(q->cx, (PatientId){ head.id }, &copy),
		"A cópia está sendo feita");
}

/* GET /copies/:id?from=: its state, for the page that waits. */
static Err copy_state(Req *q)
{
	PrivacyExport copy;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(privacy_get_export(q->cx, id, &copy));
	privacy_copy(&q->html, &copy, NULL);
	return send_html(q, 200);
}

/* GET /copies/:id/file. 404: not made, or let go of after a week. */
static Err copy_file(Req *q)
{
	PrivacyExport copy;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(privacy_get_export(q->cx, id, &copy));
	if (!copy.file)
		return err_set(q->cx, ERR_NOT_FOUND, "copy %" PRId64 " is %s", id, copy.state);
	return send_file(q, storage_uri(q->cx, copy.file), "application/zip",
		copy.patient_id
			? arena_printf(q->cx->mem, "paciente-%" PRId64 ".zip", copy.patient_id)
			: "clinica.zip",
		/* inline_view= */ false);
}

/* ---- the clinic ---- */

static Err page_settings(Req *q, const char *open, int status)
{
	PrivacySettingsView view = { .q = q, .open = open };
	PrivacyRequest *request;
	PrivacyExport copy;
	ConsentText *text;
	bool found;

	TRY(consent_list_texts(q->cx, &text, &view.text_count));
	TRY(privacy_list_requests(q->cx, true, &request, &view.request_count));
	TRY(privacy_get_profile(q->cx, &view.profile));
	TRY(privacy_last_export(q->cx, (PatientId){ 0 }, &found, &copy));
	view.text = text;
	view.request = request;
	view.copy = found ? &copy : NULL;
	privacy_settings_page(&q->html, &view);
	return send_html(q, status);
}

/* GET /settings/privacy?open= */
static Err settings(Req *q)
{
	return page_settings(q, req_query(q, "open"), 200);
}

/* POST /settings/privacy/texts */
static Err write_text(Req *q)
{
	ConsentTextForm in = { 0 };

	if (!form_read(q, consent_text_fields, consent_text_field_count, &in))
		return page_settings(q, in.purpose ? in.purpose : "marketing", 422);
	TRY(consent_write_text(q->cx, &in));
	answer_toast(q, "Nova versão do termo salva", NULL);
	return redirect(q, "/settings/privacy");
}

/* POST /settings/privacy/profile */
static Err save_profile(Req *q)
{
	PrivacyProfile in;
	Err err = ERR_INVALID;

	if (form_read(q, privacy_profile_fields, PRIVACY_PROFILE_FIELDS, &in))
		err = privacy_save_profile(q->cx, &in);
	if (err == ERR_INVALID)
		return page_settings(q, NULL, 422);
	TRY(err);
	answer_toast(q, "Encarregado salvo", NULL);
	return redirect(q, "/settings/privacy");
}

/* POST /settings/privacy/copies */
static Err copy_company(Req *q)
{
	int64_t copy;

	TRY(privacy_start_export(q->cx, (PatientId){ 0 }, &copy));
	answer_toast(q, "A cópia está sendo feita", NULL);
	return redirect(q, "/settings/privacy");
}

/* Every clinic begins with texts that say the usual; it may change them. */
static Err start_company(Ctx *cx)
{
	static const ConsentTextForm first[] = {
		{ "treatment", "Tratamento de dados para o atendimento",
			"Autorizo a clínica a registrar e guardar meus dados pessoais e de saúde "
			"para o meu "
			"atendimento odontológico, pelo prazo que a lei exige (no mínimo 20 anos "
			"após o último "
			"registro). Sei que posso pedir acesso, correção e cópia a qualquer "
			"momento." },
		{ "marketing", "Novidades e campanhas",
			"Autorizo a clínica a me enviar novidades e campanhas pelos canais que "
			"escolhi. Posso "
			"retirar esta autorização quando quiser, sem prejuízo do meu "
			"atendimento." },
		{ "images", "Uso de imagens",
			"Autorizo o uso das minhas imagens clínicas (antes e depois), sem meu "
			"nome, para "
			"divulgação e ensino. Posso retirar esta autorização quando quiser; o que "
			"já foi "
			"publicado deixará de ser divulgado." },
	};

	for (size_t i = 0; i < COUNT(first); i++)
		TRY(consent_write_text(cx, &first[i]));
	return OK;
}

static const Route routes[] = {
	{ GET, "/patients/:id/privacy", tab, "patient.privacy" },
	{ POST, "/patients/:id/consents", give, "patient.privacy" },
	{ POST, "/patients/:id/privacy-requests", ask, "patient.privacy" },
	{ POST, "/patients/:id/closing", close_patient, "patient.privacy" },
	{ POST, "/patients/:id/copies", copy_patient, "patient.privacy" },
	{ POST, "/privacy-requests/:id", answer, "patient.privacy" },
	{ GET, "/copies/:id", copy_state, "patient.privacy" },
	{ GET, "/copies/:id/file", copy_file, "patient.privacy" },
	{ GET, "/settings/privacy", settings, "patient.privacy" },
	{ POST, "/settings/privacy/texts", write_text, "patient.privacy" },
	{ POST, "/settings/privacy/profile", save_profile, "patient.privacy" },
	{ POST, "/settings/privacy/copies", copy_company, "patient.export" },
};

static const Nav nav[] = {
	{ "Configurações/Segurança", 972, "Privacidade e cópias", "/settings/privacy",
		"shield-check", "patient.privacy" },
	{ "Configurações/Segurança", 973, "Incidentes de segurança", "/incidents", "shield-alert",
		"privacy.incident" },
};

static const Perm perms[] = {
	{ "privacy.incident", "Registrar incidentes de segurança", "owner" },
};

static const Tab tabs[] = {
	{ 90, "Privacidade", "privacy", "patient.privacy" },
};

static const Job jobs[] = {
	{ "privacy.export", privacy_run_export, 3, 3600 },
	{ "privacy.incident", incident_warn, 5, 60 },
	{ "privacy.sweep", privacy_sweep_exports, 5, 60 },
};

static const Cron crons[] = {
	{ .name = "privacy.incident",
		.pattern = "10 7 * * *",
		.job = "privacy.incident",
		.every_company = true },
	{ .name = "privacy.sweep",
		.pattern = "50 3 * * *",
		.job = "privacy.sweep",
		.every_company = true },
};

static const Words words[] = {
	{ "incident", incident_fields, INCIDENT_FIELDS },
	{ "company", privacy_profile_fields, PRIVACY_PROFILE_FIELDS },
};

const Module privacy_module = {
	.words = words,
	.words_count = COUNT(words),
	.name = "privacy",
	.title = "Privacidade",
	.always = true,
	.route = routes,
	.route_count = COUNT(routes),
	.api = &incident_routes,
	.perm = perms,
	.perm_count = COUNT(perms),
	.nav = nav,
	.nav_count = COUNT(nav),
	.tab = tabs,
	.tab_count = COUNT(tabs),
	.job = jobs,
	.job_count = COUNT(jobs),
	.cron = crons,
	.cron_count = COUNT(crons),
	.on_company = start_company,
};

/* Patients: list, page, form. */
#include "core/br.h"
#include "core/search.h"
#include "modules/patient/clinical.h"
#include "modules/patient/patient_rooms.h"
#include "modules/patient/patient_view.h"

enum { PATIENTS_PAGE = 50 };

/* GET /patients?q=&after= */
static Err list(Req *q)
{
	PatientsView view = { .q = q, .question = req_query(q, "q") };
	int64_t after = req_query_int(q, "after", 0);
	const char *word[SEARCH_WORDS];
	SqlPatientCount total;
	SqlPatientRow *row;
	Patient *patient;

	search_patterns(q->cx->mem, view.question, word);
	TRY(sql_patient_list_send(
		q->cx, word[0], word[1], word[2], after > 0 ? &after : NULL, PATIENTS_PAGE + 1));
	TRY(sql_patient_count_send(q->cx));
	TRY(sql_patient_list_read(q->cx, &row, &view.patient_count));
	TRY(sql_patient_count_read(q->cx, &total));
	if (view.patient_count > PATIENTS_PAGE) {
		view.patient_count = PATIENTS_PAGE;
		view.next = row[PATIENTS_PAGE - 1].id;
	}
	patient = NEW_ARRAY(q->cx->mem, Patient, view.patient_count + 1);
	for (size_t i = 0; i < view.patient_count; i++)
		patient[i] = patient_of_row(&row[i]);
	view.patient = patient;
	view.total = str_is_empty(view.question) ? total.n : -1;
	patient_list_page(&q->html, &view);
	return send_html(q, 200);
}

static Err patient_asked(Req *q, Patient *ret)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	return patient_get(q->cx, (PatientId){ id }, ret);
}

static Err blank(Req *q)
{
	patient_form_page(&q->html, &(PatientFormView){ .q = q });
	return send_html(q, 200);
}

static Err edit(Req *q)
{
	Patient patient;

	TRY(patient_asked(q, &patient));
	patient_form_page(&q->html, &(PatientFormView){ .q = q, .patient = &patient });
	return send_html(q, 200);
}

/* Somebody who may be the same person, unless the reader has seen them and is sure. */
static Err twins_of(Req *q, const PatientForm *in, PatientFormView *view)
{
	PatientTwin *twin;

	if (form_value(&q->form, "sure"))
		return OK;
	TRY(patient_find_twins(q->cx, in->phone, in->email, in->cpf, &twin, &view->twin_count));
	view->twin = twin;
	return OK;
}

/* POST /patients. 303 to the new patient; 422 with the form; 409 with it when a twin is known. */
static Err create(Req *q)
{
	PatientFormView view = { .q = q };
	PatientForm in;
	PatientId id;
	Err err = ERR_INVALID;

	if (form_read(q, patient_fields, COUNT(patient_fields), &in)) {
		TRY(twins_of(q, &in, &view));
		err = view.twin_count ? ERR_CONFLICT : patient_register(q->cx, &in, NULL, 0, &id);
	}
	if (err == ERR_INVALID || err == ERR_CONFLICT) {
		patient_form_page(&q->html, &view);
		return send_html(q, err == ERR_INVALID ? 422 : 409);
	}
	TRY(err);
	answer_toast(q, "Paciente cadastrado", NULL);
	return redirect(q, "/patients/%" PRId64, id.v);
}

/* POST /patients/:id. 303 to the patient; 422 with the form; 409 when it changed meanwhile. */
static Err update(Req *q)
{
	Patient patient;
	PatientForm in;
	Err err = ERR_INVALID;

	TRY(patient_asked(q, &patient));
	if (form_read(q, patient_fields, COUNT(patient_fields), &in))
		err = patient_save(q->cx, (PatientId){ patient.id }, &in);
	if (err == ERR_INVALID || (err == ERR_CONFLICT && q->cx->bad_count)) {
		patient_form_page(&q->html, &(PatientFormView){ .q = q, .patient = &patient });
		return send_html(q, err_status(err));
	}
	TRY(err);
	answer_toast(q, "Cadastro salvo", NULL);
	return redirect(q, "/patients/%" PRId64, patient.id);
}

static Err find(Ctx *cx, const char *question, Hits *hits)
{
	enum { FEW = 8 };
	PatientHit *hit;
	size_t count;

	TRY(patient_search(cx, question, FEW, &hit, &count));
	for (size_t i = 0; i < count && hits->count < COUNT(hits->hit); i++)
		hits->hit[hits->count++] = (Hit){ .kind = "Paciente",
			.title = hit[i].name,
			.detail = hit[i].phone ? phone_text(cx->mem, hit[i].phone) : "",
			.icon = "user-round",
			.url = url_printf(cx->mem, "/patients/%" PRId64, hit[i].id) };
	return OK;
}

static const Route routes[] = {
	{ GET, "/patients", list, "patient.read" },
	{ GET, "/patients/new", blank, "patient.write" },
	{ POST, "/patients", create, "patient.write" },
	{ GET, "/patients/:id", patient_show, "patient.read", .flags = ROUTE_READS_CHART },
	{ GET, "/patients/:id/events", patient_more_events, "patient.read" },
	{ GET, "/patients/:id/documents", patient_documents, "patient.read",
		.flags = ROUTE_READS_CHART },
	{ GET, "/patients/:id/prescriptions", patient_prescriptions, "patient.clinical",
		.flags = ROUTE_READS_CHART },
	{ GET, "/patients/:id/finance", patient_finance, "patient.read",
		.flags = ROUTE_READS_CHART },
	{ GET, "/patients/:id/edit", edit, "patient.write", .flags = ROUTE_READS_CHART },
	{ POST, "/patients/:id", update, "patient.write" },
};

static const Perm perms[] = {
	{ "patient.read", "Ver pacientes", "owner manager dentist reception finance assistant" },
	{ "patient.write", "Cadastrar e editar pacientes", "owner manager dentist reception" },
	{ "patient.merge", "Juntar cadastros repetidos", "owner manager reception" },
	{ "patient.clinical", "Ver anamnese, alertas e imagens",
		"owner manager dentist assistant" },
	{ "patient.anamnesis", "Enviar e preencher anamnese",
		"owner manager dentist reception assistant" },
	{ "patient.alert", "Confirmar e encerrar alertas", "owner dentist" },
	{ "patient.forms", "Configurar os questionários de anamnese", "owner manager dentist" },
	{ "patient.image", "Enviar e organizar imagens", "owner dentist assistant" },
	{ "patient.export", "Importar e exportar pacientes", "owner manager" },
	{ "patient.privacy", "Atender pedidos da LGPD", "owner manager" },
};

static const Nav nav[] = {
	{ "Atendimento", 20, "Pacientes", "/patients", "users", "patient.read", "g p", true },
	{ "Configurações", 930, "Anamnese", "/settings/anamnesis", "clipboard-list", "patient.forms" },
	{ "Criar", 20, "Novo paciente", "/patients/new", "user-plus", "patient.write", "n p",
		false },
};

/* Shown empty until the modules that fill them come. */
static const Tab tabs[] = {
	{ 20, "Anamnese", "anamnesis", "patient.anamnesis" },
	{ 50, "Documentos", "documents", "patient.read" },
	{ 60, "Receitas", "prescriptions", "patient.clinical" },
	{ 70, "Financeiro", "finance", "patient.read" },
};

const Module patient_module = {
	.name = "patient",
	.title = "Pacientes",
	.route = routes,
	.route_count = COUNT(routes),
	.api = &patient_api,
	.perm = perms,
	.perm_count = COUNT(perms),
	.nav = nav,
	.nav_count = COUNT(nav),
	.tab = tabs,
	.tab_count = COUNT(tabs),
	.find = find,
	.find_perm = "patient.read",
	.on_company = anamnesis_start_company,
	.demo = patient_demo,
};

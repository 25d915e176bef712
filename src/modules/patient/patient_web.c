/* Patients: the list, and what the module declares. */
#include "core/br.h"
#include "modules/patient/clinical.h"
#include "modules/patient/patient_list.sql.h"
#include "modules/patient/patient_view.h"
#include "modules/patient/image.h"
#include "modules/patient/image_web.h"
#include "modules/patient/patient_import.h"
#include "modules/patient/patient_web.h"

enum { LIST_PAGE = 50 };

/* GET /patients?q=&tag=&…: the page; for htmx (the search box) the list alone. */
static Err list(Req *q)
{
	PatientsView view = { .q = q };
	SqlListCount total;

	if (!query_read(q, patient_filter_fields, patient_filter_field_count, &view.filter)) {
		q->cx->bad_count = 0; /* a mangled address shows the whole list */
		view.filter = (PatientFilter){ 0 };
	}
	view.filtered = patient_is_filtered(&view.filter);
	TRY(patient_list_lines(q->cx, &view.filter, LIST_PAGE, &view.list));
	TRY(sql_list_count_send(q->cx));
	TRY(patient_words_ask(q->cx));
	TRY(sql_list_count_read(q->cx, &total));
	TRY(patient_words_read(q->cx, &view.words));
	view.total = total.n;
	if (q->htmx)
		patient_list_part(&q->html, &view);
	else
		patient_list_page(&q->html, &view);
	return send_html(q, 200);
}

Url patients_url(Arena *mem, const PatientFilter *f, const char *name, int64_t cursor)
{
	return url_printf(mem,
		"/patients?q=%s&tag=%s&insurer=%s&birth_month=%s&away=%s&sort=%s&%s=%s", f->q,
		f->tag, f->insurer,
		f->birth_month ? arena_printf(mem, "%" PRId64, f->birth_month) : NULL,
		f->away ? arena_printf(mem, "%" PRId64, f->away) : NULL, f->sort, name,
		cursor ? arena_printf(mem, "%" PRId64, cursor) : NULL);
}

static Err find(Ctx *cx, const char *question, Hits *hits)
{
	enum { FEW = 8 };
	PatientHit *hit;
	size_t count;

	TRY(patient_search(cx, question, FEW, &hit, &count));
	for (size_t i = 0; i < count && hits->count < COUNT(hits->hit); i++) {
		const char *age =
			hit[i].birth == DATE_NONE
				? ""
				: age_text(cx->mem, hit[i].birth, date_today(cx->now, cx->zone));
		const char *phone = hit[i].phone ? phone_text(cx->mem, hit[i].phone) : "";

		hits->hit[hits->count++] = (Hit){ .kind = "Paciente",
			.title = hit[i].name,
			.detail = arena_printf(
				cx->mem, "%s%s%s", phone, *phone && *age ? " · " : "", age),
			.icon = "user-round",
			.url = url_printf(cx->mem, "/patients/%" PRId64, hit[i].id) };
	}
	return OK;
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/patients", list, "patient.read" },
	{ GET, "/patients/new", patient_blank, "patient.write" },
	{ POST, "/patients", patient_create, "patient.write" },
	{ GET, "/patients/:id", patient_show, "patient.read", .flags = ROUTE_READS_CHART },
	{ POST, "/patients/:id", patient_update, "patient.write" },
	{ GET, "/patients/:id/edit", patient_edit, "patient.write", .flags = ROUTE_READS_CHART },
	{ GET, "/patients/:id/events", patient_more_events, "patient.read" },
	{ POST, "/patients/:id/cards", patient_card_create, "patient.write" },
	{ POST, "/patients/:id/cards/:card/remove", patient_card_remove, "patient.write" },
	{ POST, "/patients/:id/family", patient_kin_create, "patient.write" },
	{ POST, "/patients/:id/family/:kin/remove", patient_kin_remove, "patient.write" },
	{ GET, "/patients/pick", patient_pick, "patient.read" },
	{ GET, "/cep/:cep", patient_cep, "patient.write", .flags = ROUTE_PLAIN },
	{ GET, "/patients/:id/photo", patient_photo, "patient.read" },
	{ PUT, "/patients/:id/photo", patient_put_photo, "patient.write", .body = BODY_FILE, .body_max = PATIENT_PHOTO_MAX },
	{ POST, "/patients/:id/photo/remove", patient_remove_photo, "patient.write" },
	{ GET, "/patients/:id/merge", patient_ask_merge, "patient.merge", .flags = ROUTE_READS_CHART },
	{ POST, "/patients/:id/merge", patient_do_merge, "patient.merge" },
	{ POST, "/patients/merges/:merge/undo", patient_undo_merge, "patient.merge" },
	{ GET, "/patients/:id/documents", patient_documents, "patient.read", .flags = ROUTE_READS_CHART },
	{ GET, "/patients/:id/finance", patient_finance, "patient.read", .flags = ROUTE_READS_CHART },
};
/* clang-format on */

static const Perm perms[] = {
	{ "patient.read", "Ver pacientes", "owner manager dentist reception finance assistant" },
	{ "patient.write", "Cadastrar e editar pacientes", "owner manager dentist reception",
		"patient.read" },
	{ "patient.merge", "Juntar cadastros repetidos", "owner manager reception",
		"patient.read" },
	{ "patient.clinical", "Ver anamnese, alertas e imagens", "owner manager dentist assistant",
		"patient.read" },
	{ "patient.anamnesis", "Enviar e preencher anamnese",
		"owner manager dentist reception assistant", "patient.read" },
	{ "patient.alert", "Confirmar e encerrar alertas", "owner dentist", "patient.read" },
	{ "patient.forms", "Configurar os questionários de anamnese", "owner manager dentist" },
	{ "patient.image", "Enviar e organizar imagens", "owner dentist assistant",
		"patient.read" },
	{ "patient.export", "Importar e exportar pacientes", "owner manager", "patient.read" },
	{ "patient.privacy", "Atender pedidos da LGPD", "owner manager", "patient.read" },
};

static const Nav nav[] = {
	{ "Criar", 45, "Importar pacientes", "/patients/import", "file-up", "patient.export" },
	{ "Atendimento", 20, "Pacientes", "/patients", "users", "patient.read", "g p", true },
	{ "Configurações/Atendimento", 931, "Anamnese", "/settings/anamnesis", "clipboard-list",
		"patient.forms" },
	{ "Criar", 20, "Novo paciente", "/patients/new", "user-plus", "patient.write", "n p",
		false },
};

/* Shown empty until the modules that fill them come. */
static const Tab tabs[] = {
	{ 20, "Anamnese", "anamnesis", "patient.anamnesis" },
	{ 40, "Imagens", "images", "patient.clinical" },
	{ 50, "Documentos", "documents", "patient.read" },
	{ 70, "Financeiro", "finance", "patient.read" },
};

static const Job jobs[] = {
	{ "patient.image", image_run, 4, 180 },
	{ "patient.import", patient_import_job, 10, 3600 },
	{ "patient.import.undo", patient_import_undo_job, 10, 3600 },
	{ "patient.import.files", patient_import_files_job, 5, 60 },
};

static const Cron crons[] = {
	{ .name = "patient.import.files",
		.pattern = "50 3 * * *",
		.job = "patient.import.files",
		.every_company = true },
};

static const Field patient_columns[] = {
	{ "family", "Família", FIELD_TEXT },
	{ "from", "Do cadastro", FIELD_ID },
};

static const char *image_word(const char *column, const char *code)
{
	return str_same(column, "category") ? image_category_title(code) : NULL;
}

static const Words words[] = {
	{ "patient", patient_fields, COUNT(patient_fields), patient_word },
	{ "patient", patient_columns, COUNT(patient_columns) },
	{ "image", image_fields, COUNT(image_fields), image_word },
};

const Module patient_module = {
	.words = words,
	.words_count = COUNT(words),
	.name = "patient",
	.title = "Pacientes",
	.route = routes,
	.route_count = COUNT(routes),
	.api = &patient_import_routes,
	.perm = perms,
	.perm_count = COUNT(perms),
	.nav = nav,
	.nav_count = COUNT(nav),
	.tab = tabs,
	.tab_count = COUNT(tabs),
	.find = find,
	.find_perm = "patient.read",
	.job = jobs,
	.job_count = COUNT(jobs),
	.cron = crons,
	.cron_count = COUNT(crons),
	.on_company = anamnesis_start_company,
	.demo = patient_demo,
};

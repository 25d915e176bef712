/* Configurações of the clinic: identity, appearance, branches, domains, plan; and the public files
 * made from them: /theme.css, /manifest.webmanifest, /logo, /favicon. */
#include "core/br.h"
#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/company/company.sql.h"
#include "modules/company/company_rooms.h"
#include "modules/company/company_view.h"
#include "platform/db/db.h"

const UiOption company_zones[] = {
	{ .value = "America/Sao_Paulo", .label = "Brasília, São Paulo, Rio (UTC−3)" },
	{ .value = "America/Bahia", .label = "Bahia (UTC−3)" },
	{ .value = "America/Fortaleza", .label = "Ceará, Maranhão, Piauí, RN, Paraíba (UTC−3)" },
	{ .value = "America/Recife", .label = "Pernambuco (UTC−3)" },
	{ .value = "America/Maceio", .label = "Alagoas, Sergipe (UTC−3)" },
	{ .value = "America/Belem", .label = "Pará, Amapá (UTC−3)" },
	{ .value = "America/Araguaina", .label = "Tocantins (UTC−3)" },
	{ .value = "America/Cuiaba", .label = "Mato Grosso (UTC−4)" },
	{ .value = "America/Campo_Grande", .label = "Mato Grosso do Sul (UTC−4)" },
	{ .value = "America/Manaus", .label = "Amazonas (UTC−4)" },
	{ .value = "America/Porto_Velho", .label = "Rondônia (UTC−4)" },
	{ .value = "America/Boa_Vista", .label = "Roraima (UTC−4)" },
	{ .value = "America/Rio_Branco", .label = "Acre (UTC−5)" },
	{ .value = "America/Noronha", .label = "Fernando de Noronha (UTC−2)" },
};
const size_t company_zone_count = COUNT(company_zones);

const Palette company_palettes[] = {
	{ "Pinho", { 165, 85, 430, 10 } },
	{ "Mar", { 230, 110, 450, 10 } },
	{ "Céu", { 250, 130, 480, 10 } },
	{ "Aurora", { 292, 160, 470, 14 } },
	{ "Orquídea", { 325, 150, 460, 14 } },
	{ "Coral", { 25, 150, 480, 12 } },
	{ "Terra", { 50, 90, 430, 8 } },
	{ "Ouro", { 85, 90, 450, 8 } },
	{ "Oliva", { 120, 80, 430, 8 } },
	{ "Menta", { 180, 80, 440, 12 } },
	{ "Petróleo", { 205, 75, 400, 10 } },
	{ "Grafite", { 260, 15, 350, 8 } },
};
const size_t company_palette_count = COUNT(company_palettes);

static Theme theme_of(const Company *company)
{
	return (Theme){ company->hue, company->chroma, company->lightness, company->radius };
}

/* ---- identity ---- */

typedef struct CompanyForm {
	const char *name, *short_name, *legal_name, *cnpj, *email, *phone, *zone;
	int64_t version;
} CompanyForm;

static const Field company_fields[] = {
	FIELD(CompanyForm, name, FIELD_TEXT, "Nome", 1, 120, true),
	FIELD(CompanyForm, short_name, FIELD_TEXT, "Nome curto", 0, 40, false),
	FIELD(CompanyForm, legal_name, FIELD_TEXT, "Razão social", 0, 200, false),
	FIELD(CompanyForm, cnpj, FIELD_CNPJ, "CNPJ", 0, 0, false),
	FIELD(CompanyForm, email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(CompanyForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(CompanyForm, zone, FIELD_TEXT, "Fuso horário", 1, 60, true),
	FIELD(CompanyForm, version, FIELD_INT, "Versão", 0, INT32_MAX, true),
};

static Err page_company(Req *q, int status)
{
	Company company;

	TRY(company_get(q->cx, &company));
	company_page(&q->html, &(CompanyView){ q, &company });
	return send_html(q, status);
}

static Err show(Req *q)
{
	return page_company(q, 200);
}

static Err save_company(Ctx *cx, const CompanyForm *in)
{
	Company before;
	SqlCompanySave row;
	Diff diff;
	bool saved;

	if (!time_zone_exists(in->zone))
		return err_field(cx, "zone", "Escolha um fuso da lista.");
	TRY(company_get(cx, &before));
	TRY(sql_company_save(cx,
		&(SqlCompanySaveIn){ .name = in->name,
			.short_name = in->short_name,
			.legal_name = in->legal_name,
			.cnpj = in->cnpj,
			.email = in->email,
			.phone = in->phone,
			.zone = in->zone,
			.version = in->version },
		&row, &saved));
	if (!saved)
		return err_set(cx, ERR_CONFLICT, "company version %" PRId64 " is old", in->version);
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", before.name, in->name);
	diff_text(&diff, "short_name", before.short_name, in->short_name);
	diff_text(&diff, "legal_name", before.legal_name, in->legal_name);
	diff_text(&diff, "cnpj", before.cnpj, in->cnpj);
	diff_text(&diff, "email", before.email, in->email);
	diff_text(&diff, "phone", before.phone, in->phone);
	diff_text(&diff, "zone", before.zone, in->zone);
	TRY(audit_add_change(cx, &(Change){ .action = "company.update",
					 .subject = "company",
					 .subject_id = cx->company.v,
					 .diff = diff_done(&diff) }));
	return company_touch(cx);
}

/* POST /settings/company. 303 back; 422 with the form; 409 when somebody saved meanwhile. */
static Err save(Req *q)
{
	CompanyForm in;
	Err err = form_read(q, company_fields, COUNT(company_fields), &in)
			  ? save_company(q->cx, &in)
			  : ERR_INVALID;

	if (err == ERR_INVALID)
		return page_company(q, 422);
	TRY(err);
	answer_toast(q, "Dados da clínica salvos", NULL);
	return redirect(q, "/settings/company");
}

/* ---- appearance ---- */

typedef struct ThemeForm {
	int64_t hue, chroma, lightness, radius;
} ThemeForm;

static const Field theme_fields[] = {
	FIELD(ThemeForm, hue, FIELD_INT, "Matiz", 0, 359, true),
	FIELD(ThemeForm, chroma, FIELD_INT, "Intensidade", 0, 250, true),
	FIELD(ThemeForm, lightness, FIELD_INT, "Luminosidade", 300, 650, true),
	FIELD(ThemeForm, radius, FIELD_INT, "Cantos", 0, 20, true),
};

static Theme theme_of_form(const ThemeForm *in)
{
	return (Theme){ (int)in->hue, (int)in->chroma, (int)in->lightness, (int)in->radius };
}

static Err page_theme(Req *q, bool mended)
{
	Company company;
	ThemeView view;

	TRY(company_get(q->cx, &company));
	view = (ThemeView){
		.q = q, .company = &company, .theme = theme_of(&company), .mended = mended
	};
	view.contrast = theme_contrast(&view.theme);
	company_theme_page(&q->html, &view);
	return send_html(q, 200);
}

static Err show_theme(Req *q)
{
	return page_theme(q, req_query_int(q, "mended", 0) == 1);
}

/* GET /settings/theme/contrast?hue=…: the ratios of a colour that is being tried. */
static Err show_contrast(Req *q)
{
	ThemeForm in;
	ThemeView view = { .q = q };

	if (!query_read(q, theme_fields, COUNT(theme_fields), &in))
		return ERR_INVALID;
	view.theme = theme_of_form(&in);
	view.contrast = theme_contrast(&view.theme);
	company_theme_contrast(&q->html, &view);
	return send_html(q, 200);
}

/* POST /settings/theme. An unreadable colour is darkened until it is readable, and the page says
 * so. */
static Err save_theme(Req *q)
{
	Company before;
	ThemeForm in;
	Theme theme;
	Diff diff;
	bool mended;
	int64_t rows;

	if (!form_read(q, theme_fields, COUNT(theme_fields), &in))
		return ERR_INVALID;
	theme = theme_of_form(&in);
	mended = !theme_is_readable(&theme);
	theme = theme_mend(theme);
	TRY(company_get(q->cx, &before));
	diff_begin(&diff, q->cx->mem);
	diff_int(&diff, "hue", before.hue, theme.hue);
	diff_int(&diff, "chroma", before.chroma, theme.chroma);
	diff_int(&diff, "lightness", before.lightness, theme.lightness);
	diff_int(&diff, "radius", before.radius, theme.radius);
	TRY(sql_company_save_theme(
		q->cx, theme.hue, theme.chroma, theme.lightness, theme.radius, &rows));
	TRY(audit_add_change(q->cx, &(Change){ .action = "company.theme",
					    .subject = "company",
					    .subject_id = q->cx->company.v,
					    .diff = diff_done(&diff) }));
	TRY(company_touch(q->cx));
	answer_toast(q, "Aparência salva", NULL);
	return mended ? redirect(q, "/settings/theme?mended=1") : redirect(q, "/settings/theme");
}

/* GET /theme.css: the company's tokens; ?hue=… tries others (numbers only, so anyone may). */
static Err theme_css_file(Req *q)
{
	Company company;
	ThemeForm in;
	Theme theme;

	if (req_query(q, "hue") && query_read(q, theme_fields, COUNT(theme_fields), &in)) {
		theme = theme_of_form(&in);
		answer_header(q, "Cache-Control", "no-store");
	} else {
		TRY(company_get(q->cx, &company));
		theme = theme_of(&company);
		answer_header(q, "Cache-Control",
			req_query(q, "v") ? "public, max-age=31536000, immutable"
					  : "public, max-age=60");
	}
	return send_text(q, 200, "text/css; charset=utf-8", theme_css(q->cx->mem, &theme));
}

/* GET /manifest.webmanifest: the clinic as an app on a phone. */
static Err manifest(Req *q)
{
	Company company;
	Theme theme;
	Json *j = &q->json;

	TRY(company_get(q->cx, &company));
	theme = theme_of(&company);
	json_put_object(j, NULL);
	json_put_text(j, "name", company.name);
	json_put_text(j, "short_name", company.short_name ? company.short_name : company.name);
	json_put_text(j, "lang", "pt-BR");
	json_put_text(j, "start_url", "/");
	json_put_text(j, "scope", "/");
	json_put_text(j, "display", "standalone");
	json_put_text(j, "background_color", "#ffffff");
	json_put_text(j, "theme_color", theme_primary_hex(q->cx->mem, &theme));
	json_put_array(j, "icons");
	json_put_object(j, NULL);
	json_put_text(j, "src", "/favicon");
	json_put_text(j, "sizes", "any");
	json_put_text(j, "purpose", "any");
	json_close(j);
	json_close(j);
	json_close(j);
	answer_header(q, "Cache-Control", "public, max-age=300");
	return send_text(q, 200, "application/manifest+json", json_done(j));
}

/* ---- plan ---- */

static Err show_plan(Req *q)
{
	Company company;
	SqlCompanyMonthUse *use;
	SqlCompanySeats seats;
	PlanView view = { .q = q, .company = &company };
	size_t count;

	TRY(company_get(q->cx, &company));
	TRY(sql_company_seats(q->cx, &seats));
	view.users = seats.users;
	view.storage = seats.storage;
	TRY(sql_company_month_use(q->cx, &use, &count));
	for (size_t i = 0; i < count; i++)
		if (!strcmp(use[i].kind, "message"))
			view.messages = use[i].n;
	company_plan_page(&q->html, &view);
	return send_html(q, 200);
}

static const Route routes[] = {
	{ GET, "/settings/company", show, "company.write" },
	{ POST, "/settings/company", save, "company.write" },
	{ PUT, "/settings/logo", company_put_logo, "company.write", .body = BODY_FILE,
		.body_max = 2 << 20 },
	{ PUT, "/settings/favicon", company_put_favicon, "company.write", .body = BODY_FILE,
		.body_max = 512 << 10 },
	{ GET, "/settings/theme", show_theme, "company.write" },
	{ GET, "/settings/theme/contrast", show_contrast, "company.write" },
	{ POST, "/settings/theme", save_theme, "company.write" },
	{ GET, "/settings/branches", company_show_branches, "company.write" },
	{ GET, "/settings/branches/new", company_blank_branch, "company.write" },
	{ POST, "/settings/branches", company_create_branch, "company.write" },
	{ GET, "/settings/branches/:id", company_edit_branch, "company.write" },
	{ POST, "/settings/branches/:id", company_update_branch, "company.write" },
	{ GET, "/settings/domains", company_show_domains, "company.write" },
	{ POST, "/settings/domains", company_add_domain, "company.write" },
	{ POST, "/settings/domains/main", company_main_domain, "company.write" },
	{ POST, "/settings/domains/remove", company_remove_domain, "company.write" },
	{ GET, "/settings/plan", show_plan, "company.write" },
	{ GET, "/theme.css", theme_css_file, PERM_ANYONE, ROUTE_PLAIN },
	{ GET, "/manifest.webmanifest", manifest, PERM_ANYONE, ROUTE_PLAIN },
	{ GET, "/logo", company_logo, PERM_ANYONE, ROUTE_PLAIN },
	{ GET, "/favicon", company_favicon, PERM_ANYONE, ROUTE_PLAIN },
};

static const Perm perms[] = {
	{ "company.write", "Mudar dados, aparência, unidades e domínios da clínica",
		"owner manager" },
	{ "company.jobs", "Ver e refazer o trabalho automático que falhou", "owner" },
};

static const Nav nav[] = {
	{ "Configurações/Geral", 900, "Clínica", "/settings/company", "building-2",
		"company.write" },
	{ "Configurações/Geral", 905, "Aparência", "/settings/theme", "palette", "company.write" },
	{ "Configurações/Geral", 910, "Unidades", "/settings/branches", "map-pin",
		"company.write" },
	{ "Configurações/Geral", 915, "Domínios", "/settings/domains", "globe", "company.write" },
	{ "Configurações/Segurança", 974, "Trabalho automático", "/settings/jobs", "timer",
		"company.jobs" },
	{ "Configurações/Geral", 917, "Plano", "/settings/plan", "gauge", "company.write" },
};

static const Field plan_columns[] = {
	{ "plan", "Plano", FIELD_TEXT },
	{ "users_max", "Usuários", FIELD_INT },
	{ "messages_max", "Mensagens no mês", FIELD_INT },
	{ "storage_max", "Arquivos, em bytes", FIELD_INT },
	{ "features", "Módulos", FIELD_TEXT },
};

static const Words words[] = {
	{ "company", company_fields, COUNT(company_fields) },
	{ "company", theme_fields, COUNT(theme_fields) },
	{ "company", plan_columns, COUNT(plan_columns) },
	{ "branch", branch_fields, COUNT(branch_fields) },
	{ "domain", domain_fields, COUNT(domain_fields) },
};

const Module company_module = {
	.name = "company",
	.title = "Clínica",
	.always = true,
	.route = routes,
	.route_count = COUNT(routes),
	.api = &jobs_routes,
	.perm = perms,
	.perm_count = COUNT(perms),
	.nav = nav,
	.nav_count = COUNT(nav),
	.words = words,
	.words_count = COUNT(words),
};

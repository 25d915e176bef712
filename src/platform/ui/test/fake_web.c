#include "platform/ui/test/fake_web.h"

FakeWeb fake_web;

bool req_may(const Req *q, const char *perm)
{
	(void)q;
	return !str_same(perm, fake_web.refused);
}

bool req_feature(const Req *q, const char *feature)
{
	(void)q;
	return !str_same(feature, "stock");
}

const char *req_flash(Req *q, const char **ret_undo)
{
	const char *text = fake_web.flash;

	(void)q;
	*ret_undo = fake_web.undo;
	fake_web.flash = NULL;
	return text;
}

const char *req_query(Req *q, const char *name)
{
	(void)q;
	if (!strcmp(name, "page"))
		return fake_web.page;
	return strcmp(name, "q") ? NULL : fake_web.question;
}

Err send_html(Req *q, int status)
{
	(void)q;
	fake_web.sent = status;
	return OK;
}

const char *form_value(const Form *form, const char *name)
{
	for (size_t i = form->count; i-- > 0;)
		if (!strcmp(form->pair[i].name, name))
			return form->pair[i].value;
	return NULL;
}

/* ---- a clinic ---- */

static const Nav navs[] = {
	{ "Atendimento", 10, "Agenda", "/agenda", "calendar-days", "agenda.read", "g a", true },
	{ "Atendimento", 20, "Pacientes", "/patients", "users", "patient.read", "g p", true },
	{ "Atendimento", 25, "Tratamentos", "/treatments", "clipboard-list", "patient.read", NULL,
		false },
	{ "Comercial", 30, "Funil de vendas", "/leads", "kanban", "crm.read", "g f", true },
	{ "Comercial", 32, "Meu dia", "/tasks", "list-checks", "crm.read", "g d", false },
	{ "Comercial", 34, "Conversas", "/messages", "message-circle", "crm.read", NULL, false },
	{ "Gestão", 50, "Financeiro", "/finance", "wallet", "finance.read", NULL, false },
	{ "Gestão", 55, "Estoque", "/stock", "package", "stock.read", NULL, false },
	{ "Gestão", 60, "Relatórios", "/reports", "chart-column", "finance.read", "g r", false },
	{ "Criar", 70, "Novo lead", "/leads/new", "user-plus", "crm.write", "n l", false },
	{ "Criar", 71, "Nova tarefa", "/tasks/new", "list-checks", "crm.write", "n t", false },
	{ "Criar", 72, "Novo paciente", "/patients/new", "contact", "patient.write", "n p", false },
	{ "Configurações/Geral", 90, "Clínica", "/settings/company", "building-2", "company.write",
		NULL, false },
	{ "Configurações/Geral", 91, "Aparência", "/settings/theme", "palette", "company.write",
		NULL, false },
	{ "Configurações/Equipe", 92, "Pessoas", "/settings/people", "users", "account.write", NULL,
		false },
};

static UiNav entries[COUNT(navs)];

static Err chrome(Req *q, UiChrome *ret)
{
	(void)q;
	*ret = (UiChrome){ .unit = "Unidade Centro", .unread = 3 };
	ret->count[0].path = "/leads";
	ret->count[0].count = 14;
	ret->count[1].path = "/tasks";
	ret->count[1].count = 4;
	ret->count_count = 2;
	return OK;
}

static Err find(Ctx *cx, const char *question, Hits *ret)
{
	(void)cx;
	if (strncmp("marta vasconcelos", question, strlen(question)) != 0)
		return OK;
	ret->hit[ret->count++] = (Hit){ "Leads", "Marta Vasconcelos", "(11) 99631-4420",
		"user-round", { "/leads/5" } };
	ret->hit[ret->count++] =
		(Hit){ "Pacientes", "Marta <b>Souza</b>", NULL, "users", { "/patients/9" } };
	return OK;
}

void fake_setup(void)
{
	for (size_t i = 0; i < COUNT(navs); i++)
		entries[i] = (UiNav){ &navs[i], strcmp(navs[i].path, "/stock") ? NULL : "stock" };
	ui_setup(&(UiSetup){
		.nav = entries,
		.nav_count = COUNT(entries),
		.chrome = chrome,
		.find = find,
		.profile_path = "/account",
		.sign_out_path = "/sign-out",
		.notifications_path = "/design?page=drawer",
		.switcher_path = "/design?page=switcher",
		.theme_path = "/theme.css",
		.logo_path = "/logo",
	});
}

Req *fake_request(Arena *mem)
{
	static const Site site = { .id = { 1 },
		.version = 3,
		.name = "Odontologia Ianara Pinho",
		.short_name = "Ianara Pinho",
		.host = "ianara.localhost",
		.zone = "America/Sao_Paulo" };
	static const Who who = { .session = 1,
		.name = "Renata Azevedo",
		.email = "renata@ianarapinho.com.br",
		.role = "reception",
		.role_title = "Recepção" };
	Ctx *cx = NEW(mem, Ctx);
	Req *q = NEW(mem, Req);

	*cx = (Ctx){ .mem = mem,
		.company = { 1 },
		.user = { 2 },
		.now = 1795528200, /* 24/11/2026 10:50 in São Paulo */
		.zone = "America/Sao_Paulo",
		.request_id = "7f3a91c2" };
	*q = (Req){
		.cx = cx, .method = GET, .path = "/design", .query = "", .site = &site, .who = &who
	};
	html_init(&q->html, cx, "token-of-this-browser");
	return q;
}

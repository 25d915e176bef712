/* The dentist's side as a module: what it declares to the program. */
#include "modules/treatment/catalogue.h"
#include "modules/treatment/note.h"
#include "modules/treatment/plan.h"
#include "modules/treatment/visit_web.h"

static const Perm perms[] = {
	{ "treatment.read", "Ver odontograma, planos e exames", "owner manager dentist assistant" },
	{ "treatment.write", "Registrar no odontograma e atender", "owner dentist" },
	{ "treatment.note", "Ler e escrever a evolução clínica", "owner dentist" },
	{ "treatment.plan", "Montar, apresentar e enviar orçamentos",
		"owner manager dentist reception" },
	{ "treatment.discount", "Dar desconto acima do limite", "owner manager" },
	{ "treatment.lab", "Acompanhar trabalhos de laboratório",
		"owner manager dentist reception assistant" },
	{ "treatment.recall", "Trabalhar as listas de retorno", "owner manager dentist reception" },
	{ "treatment.admin", "Configurar procedimentos, preços e modelos", "owner manager" },
};

static const Tab tabs[] = {
	{ 30, "Evolução", "notes", "treatment.note" },
	{ 60, "Receitas", "papers", "treatment.note" },
};

static const Nav nav[] = {
	{ "Atendimento", 5, "Meu dia", "/my-day", "stethoscope", "treatment.write", "g m", false },
	{ "Configurações", 962, "Modelos de evolução", "/settings/note-templates", "file-text", "treatment.admin" },
};

static Err start_company(Ctx *cx)
{
	TRY(catalogue_start_company(cx));
	return note_start_company(cx);
}

const Module treatment_module = {
	.name = "treatment", .title = "Tratamentos",
	.api = &visit_routes,
	.perm = perms, .perm_count = COUNT(perms),
	.nav = nav, .nav_count = COUNT(nav),
	.tab = tabs, .tab_count = COUNT(tabs),
	.on_company = start_company, .on_event = plan_on_event,
};

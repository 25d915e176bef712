/* GET /design (development): every component in every state, and ?page=board, empty, draft,
 * sign-in, capture, error, drawer, switcher for the larger shapes. The browser tests look at these
 * too. */
#include "platform/ui/design_view.h"

const UiOption design_sources[] = {
	{ "instagram", "Instagram", NULL, "Redes" },
	{ "facebook", "Facebook", NULL, "Redes" },
	{ "google", "Google", NULL, "Busca" },
	{ "indicacao", "Indicação", NULL, "Pessoas" },
};
const size_t design_source_count = COUNT(design_sources);

const UiOption design_plans[] = {
	{ "particular", "Particular", "A clínica recebe do paciente.", NULL },
	{ "convenio", "Convênio", "A clínica recebe da operadora.", NULL },
};
const size_t design_plan_count = COUNT(design_plans);

const DesignColumn design_column[] = {
	{ 1, "Novo contato", "slate",
		{
			{ 11, "Letícia Moraes", "Alinhadores invisíveis", "Instagram", "camera",
				"Renata Azevedo", "Responder agora", "amber", 980000, true, false },
			{ 12, "Bruno Cardoso", "Implante unitário", "Google", "globe",
				"Paulo Mendes", "Hoje, 14:00", "slate", 420000, false, false },
			{ 13, "Denise Albuquerque", "Clareamento", "WhatsApp", "message-circle",
				"Renata Azevedo", "Hoje, 16:30", "slate", 110000, false, false },
			{ 14, "Igor Santana", "Avaliação geral", "Campanha", "megaphone",
				"Paulo Mendes", "Amanhã, 09:00", "slate", 0, false, false },
		},
		4 },
	{ 2, "Em conversa", "blue",
		{
			{ 21, "Marta Vasconcelos", "Protocolo superior", "Indicação", "users",
				"Paulo Mendes", "Atrasada 1 dia", "red", 2850000, true, true },
			{ 22, "Rodrigo Paiva", "Lentes de contato dental", "Instagram", "camera",
				"Renata Azevedo", "Hoje, 11:30", "amber", 1640000, false, false },
			{ 23, "Camila Freire", "Ortodontia do filho", "WhatsApp", "message-circle",
				"Renata Azevedo", "Qui, 10:00", "slate", 630000, false, false },
		},
		3 },
	{ 3, "Avaliação", "violet",
		{
			{ 31, "Larissa Campos", "Avaliação ortodôntica", "Instagram", "camera",
				"Renata Azevedo", "Hoje, 14:00", "green", 720000, false, false },
			{ 32, "Eduardo Pinheiro", "Implantes 35 e 36", "Google", "globe",
				"Paulo Mendes", "Hoje, 17:00", "green", 890000, false, false },
			{ 33, "Simone Queiroz", "Prótese total", "Indicação", "users",
				"Paulo Mendes", "Qua, 15:30", "slate", 540000, false, false },
		},
		3 },
	{ 4, "Orçamento", "amber",
		{
			{ 41, "Cláudio Menezes", "Implante 46 e coroa", "Indicação", "users",
				"Paulo Mendes", "Atrasada 2 dias", "red", 765000, true, false },
			{ 42, "Aline Bittencourt", "Facetas em resina (8)", "Instagram", "camera",
				"Renata Azevedo", "Hoje, 15:00", "amber", 624000, false, false },
			{ 43, "Otávio Reis", "Canal e coroa 37", "WhatsApp", "message-circle",
				"Paulo Mendes", "Sex, 09:30", "slate", 375000, false, false },
		},
		3 },
	{ 5, "Fechado", "green",
		{
			{ 51, "Sônia Regina Barreto", "Coroa em zircônia 26", "Indicação", "users",
				"Paulo Mendes", "Assinado 03/11", "green", 689000, false, false },
			{ 52, "Helena Prado", "Aparelho fixo", "Instagram", "camera",
				"Renata Azevedo", "Assinado 10/11", "green", 840000, false, false },
		},
		2 },
};
const size_t design_column_count = COUNT(design_column);

int64_t design_sum(const DesignColumn *column)
{
	int64_t sum = 0;

	for (size_t i = 0; i < column->card_count; i++)
		sum += column->card[i].value;
	return sum;
}

static void show_page(Req *q, const char *which)
{
	Html *h = &q->html;

	if (str_same(which, "board")) {
		UiPage page = { .q = q,
			.title = "Funil de vendas",
			.nav = "/leads",
			.script = "funnel.js",
			.fit = true,
			.tools = true };

		design_board_page(h, &page);
	} else if (str_same(which, "draft")) {
		/* Where it stands in the settings group, it shows their menu too. */
		design_draft_page(h, &(UiPage){ .q = q,
					     .title = "Rascunho",
					     .nav = "/settings/company",
					     .crumb = &(UiCrumb){ "Componentes", { "/design" } },
					     .crumb_count = 1 });
	} else if (str_same(which, "empty")) {
		design_empty_page(h, &(UiPage){ .q = q, .title = "Tarefas", .nav = "/tasks" });
	} else if (str_same(which, "sign-in")) {
		design_sign_in(h, &(UiPublic){ .q = q,
					  .title = "Entrar",
					  .heading = "Bom dia!",
					  .text = "Entre para abrir a agenda de hoje." });
	} else if (str_same(which, "capture")) {
		design_capture(
			h, &(UiCapture){ .q = q,
				   .title = "Fale com a clínica",
				   .heading = "Marque sua avaliação",
				   .text = "Deixe seu telefone: respondemos no mesmo dia." });
	} else {
		(void)err_field(q->cx, "cpf-bad", "Confira os dígitos finais.");
		(void)err_field(q->cx, "source-bad", "Escolha de onde veio o contato.");
		design_page(h, &(UiPage){ .q = q,
				       .title = "Componentes",
				       .nav = "/design",
				       .script = "sort.js" });
	}
}

/* 200 with the page or the fragment asked for. */
Err ui_design_show(Req *q)
{
	const char *which = req_query(q, "page");

	if (str_same(which, "error"))
		return ERR_BUG;
	if (str_same(which, "drawer"))
		design_drawer(&q->html);
	else if (str_same(which, "switcher"))
		design_switcher(&q->html);
	else
		show_page(q, which);
	return send_html(q, 200);
}

/* Configurações, Trabalho automático: what the worker could not do (an e-mail, a webhook, an
 * import), why, and once more. */
#include "modules/company/company_view.h"

enum { JOBS_PAGE = 50 };

/* By the first word of a job's name. */
static const struct {
	const char *area, *title, *icon;
} areas[] = {
	{ "mail", "Envio de e-mail", "mail" },
	{ "webhook", "Aviso a outro sistema", "webhook" },
	{ "crm", "Funil e leads", "filter" },
	{ "account", "Pessoas e acesso", "users" },
	{ "audit", "Registro de alterações", "history" },
	{ "storage", "Arquivos", "folder" },
	{ "patient", "Pacientes", "user" },
	{ "agenda", "Agenda", "calendar" },
	{ "treatment", "Tratamentos", "file-text" },
};

/* What the codes of the outbox mean for people. */
static const char *const reasons[][2] = {
	{ "unavailable", "Um serviço externo não respondeu." },
	{ "not-found", "O que seria usado não existe mais." },
	{ "invalid", "Os dados foram recusados." },
	{ "conflict", "Outra alteração veio antes." },
	{ "plan-limit", "O limite do plano foi atingido." },
	{ "too-large", "Grande demais." },
	{ "crashed", "O programa parou no meio do trabalho." },
	{ "forbidden", "Falta permissão." },
	{ "internal", "Um defeito do sistema: avise o suporte." },
};

const char *job_area(const char *name, const char **ret_icon)
{
	size_t length = strcspn(name, ".");

	for (size_t i = 0; i < COUNT(areas); i++)
		if (strlen(areas[i].area) == length && !strncmp(areas[i].area, name, length)) {
			*ret_icon = areas[i].icon;
			return areas[i].title;
		}
	*ret_icon = "timer";
	return "Outro trabalho";
}

const char *job_reason(const char *code)
{
	for (size_t i = 0; code && i < COUNT(reasons); i++)
		if (!strcmp(reasons[i][0], code))
			return reasons[i][1];
	return "Não deu certo depois de todas as tentativas.";
}

/* GET /settings/jobs?before= */
static Err list(Req *q)
{
	JobsView view = { .q = q };
	QueueItem *item;

	TRY(queue_list(
		q->cx, "failed", req_query_int(q, "before", 0), JOBS_PAGE + 1, &item, &view.count));
	TRY(queue_counts(q->cx, &view.counts));
	view.item = item;
	if (view.count > JOBS_PAGE) {
		view.count = JOBS_PAGE;
		view.next = item[JOBS_PAGE - 1].id;
	}
	jobs_page(&q->html, &view);
	return send_html(q, 200);
}

/* POST /settings/jobs/:id/retry: with all its attempts. */
static Err retry(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(queue_retry(q->cx, id));
	answer_toast(q, "De volta à fila", NULL);
	return redirect(q, "/settings/jobs");
}

/* POST /settings/jobs/:id/discard */
static Err discard(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(queue_discard(q->cx, id));
	answer_toast(q, "Descartado", NULL);
	return redirect(q, "/settings/jobs");
}

static const Route routes[] = {
	{ GET, "/settings/jobs", list, "company.jobs" },
	{ POST, "/settings/jobs/:id/retry", retry, "company.jobs" },
	{ POST, "/settings/jobs/:id/discard", discard, "company.jobs" },
};

const RouteList jobs_routes = { routes, COUNT(routes), NULL };

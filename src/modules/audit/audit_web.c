/* audit_web: the page of the books, and what the module declares. */
#include "core/clock.h"
#include "modules/audit/audit.sql.h"
#include "modules/audit/audit_jobs.h"
#include "modules/audit/audit_view.h"
#include "modules/audit/audit_words.h"

enum { ROWS = 50 };

/* ---- filters ---- */

typedef struct Filter {
	const char *book, *action;
	int64_t user, before;
	int32_t since, till;
	bool check;
} Filter;

static const Field filter_fields[] = {
	FIELD(Filter, book, FIELD_TEXT, "Livro", 0, 10, false),
	FIELD(Filter, action, FIELD_TEXT, "O quê", 0, 60, false),
	FIELD(Filter, user, FIELD_ID, "Quem", 0, 0, false),
	FIELD(Filter, before, FIELD_ID, "Antes de", 0, 0, false),
	FIELD(Filter, since, FIELD_DATE, "De", 0, 0, false),
	FIELD(Filter, till, FIELD_DATE, "Até", 0, 0, false),
	FIELD(Filter, check, FIELD_BOOL, "Conferir", 0, 0, false),
};

/* First second of a day in the clinic's zone. */
static int64_t start_of(int32_t date, const char *zone)
{
	Clock clock = { .hour = 0 };

	date_split(date, &clock.year, &clock.month, &clock.day);
	return time_of_clock(&clock, zone);
}

typedef struct Span {
	int64_t since, till;
	const int64_t *since_at, *till_at; /* NULL: open */
} Span;

static void span_of(const Ctx *cx, const Filter *filter, Span *ret)
{
	*ret = (Span){ 0 };
	if (filter->since != DATE_NONE) {
		ret->since = start_of(filter->since, cx->zone);
		ret->since_at = &ret->since;
	}
	if (filter->till != DATE_NONE) {
		ret->till = start_of(filter->till + 1, cx->zone);
		ret->till_at = &ret->till;
	}
}

/* ---- rows ---- */

static Url next_url(Arena *mem, const AuditView *view, int64_t last)
{
	return url_printf(mem,
		"/settings/audit?book=%s&action=%s&user=%s&since=%s&till=%s&before=%" PRId64,
		view->reads ? "reads" : "", view->action_on, view->user_on, view->since, view->till,
		last);
}

static const char *who(const char *name, bool nobody)
{
	if (name)
		return name;
	return nobody ? "Sistema ou integração" : "Pessoa que não está mais na clínica";
}

static Err load_changes(Ctx *cx, const Filter *filter, AuditView *view)
{
	SqlAuditChanges *row;
	AuditRow *out;
	size_t count;
	Span span;

	span_of(cx, filter, &span);
	TRY(sql_audit_changes(cx,
		&(SqlAuditChangesIn){ .before = filter->before ? &filter->before : NULL,
			.user = filter->user ? &filter->user : NULL,
			.action = filter->action,
			.since = span.since_at,
			.till = span.till_at,
			.n = ROWS + 1 },
		&row, &count));
	out = NEW_ARRAY(cx->mem, AuditRow, count + 1);
	for (size_t i = 0; i < count && i < ROWS; i++) {
		out[i] = (AuditRow){ .at = row[i].at,
			.who = who(row[i].user_name, row[i].user_id_null),
			.what = audit_action_title(cx->mem, row[i].action),
			.subject = audit_subject_title(cx->mem, row[i].subject, row[i].subject_id),
			.reason = row[i].reason,
			.peer = row[i].peer };
		audit_diff_lines(cx, view, row[i].subject, row[i].diff, &out[i]);
	}
	view->row = out;
	view->row_count = count < ROWS ? count : ROWS;
	if (count > ROWS)
		view->next = next_url(cx->mem, view, row[ROWS - 1].id);
	return OK;
}

static Err load_reads(Ctx *cx, const Filter *filter, AuditView *view)
{
	SqlAuditReads *row;
	AuditRow *out;
	size_t count;
	Span span;

	span_of(cx, filter, &span);
	TRY(sql_audit_reads(cx, filter->before ? &filter->before : NULL,
		filter->user ? &filter->user : NULL, span.since_at, span.till_at, ROWS + 1, &row,
		&count));
	out = NEW_ARRAY(cx->mem, AuditRow, count + 1);
	for (size_t i = 0; i < count && i < ROWS; i++)
		out[i] = (AuditRow){ .at = row[i].at,
			.who = row[i].user_id < 0 ? arena_printf(cx->mem, "Chave de API %" PRId64,
							    -row[i].user_id)
						  : who(row[i].user_name, row[i].user_id == 0),
			.what = "Abriu o prontuário",
			.subject = audit_subject_title(cx->mem, row[i].subject, row[i].subject_id),
			.peer = row[i].peer };
	view->row = out;
	view->row_count = count < ROWS ? count : ROWS;
	if (count > ROWS)
		view->next = next_url(cx->mem, view, row[ROWS - 1].id);
	return OK;
}

static Err load_seal(Ctx *cx, bool check, AuditView *view)
{
	SqlAuditLastSeal last;
	SqlAuditBrokenSeal broken = { .seq = -1 };
	AuditSeal *seal;
	bool found;

	TRY(sql_audit_last_seal(cx, &last, &found));
	if (!found)
		return OK;
	if (check)
		TRY(sql_audit_broken_seal(cx, &broken));
	seal = NEW(cx->mem, AuditSeal);
	*seal = (AuditSeal){ last.seq, last.at, last.hash, broken.seq };
	view->seal = seal;
	return OK;
}

static Err load_people(Ctx *cx, AuditView *view)
{
	SqlAuditPeople *person;
	UiOption *option;

	TRY(sql_audit_people(cx, &person, &view->user_count));
	option = NEW_ARRAY(cx->mem, UiOption, view->user_count + 1);
	for (size_t i = 0; i < view->user_count; i++)
		option[i] = ui_option(cx->mem, person[i].user_id, person[i].name);
	view->user = option;
	return OK;
}

/* ---- page ---- */

static const UiOption kinds[] = {
	{ .value = "account.sign_in", .label = "Entradas no sistema" },
	{ .value = "account.", .label = "Pessoas e acesso" },
	{ .value = "lead.", .label = "Leads" },
	{ .value = "patient.", .label = "Pacientes" },
	{ .value = "crm.", .label = "Configuração do CRM" },
	{ .value = "appointment.", .label = "Consultas" },
	{ .value = "plan.", .label = "Planos e orçamentos" },
	{ .value = "procedure.", .label = "Procedimentos" },
	{ .value = "company.", .label = "Clínica" },
};

static const char *date_or_empty(Arena *mem, int32_t date)
{
	return date == DATE_NONE ? "" : date_text_iso(mem, date);
}

/* GET /settings/audit. 200; a filter that makes no sense is left out. */
static Err list(Req *q)
{
	AuditView view = { .q = q, .action = kinds, .action_count = COUNT(kinds) };
	Filter filter;

	if (!query_read(q, filter_fields, COUNT(filter_fields), &filter)) {
		q->cx->bad_count = 0;
		filter = (Filter){ .since = DATE_NONE, .till = DATE_NONE };
	}
	view.reads = str_same(filter.book, "reads");
	view.action_on = filter.action ? filter.action : "";
	view.user_on = filter.user ? arena_printf(q->cx->mem, "%" PRId64, filter.user) : "";
	view.since = date_or_empty(q->cx->mem, filter.since);
	view.till = date_or_empty(q->cx->mem, filter.till);
	TRY(load_people(q->cx, &view));
	if (view.reads) {
		TRY(load_reads(q->cx, &filter, &view));
	} else {
		TRY(load_changes(q->cx, &filter, &view));
		TRY(load_seal(q->cx, filter.check, &view));
	}
	audit_page(&q->html, &view);
	return send_html(q, 200);
}

/* clang-format off */
static const Route routes[] = {
	{ GET, "/settings/audit", list, "audit.read", .timeout_ms = 15000 },
};

static const Perm perms[] = {
	{ "audit.read", "Ver o registro de alterações e leituras", "manager" },
};

static const Nav nav[] = {
	{ "Configurações/Segurança", 970, "Registro", "/settings/audit", "history", "audit.read" },
};

static const Job jobs[] = {
	{ "audit.seal", audit_seal, 5, 120 },
	{ "audit.months", audit_months, 5, 60 },
};

static const Cron crons[] = {
	{ "audit.seal", "7 * * * *", NULL, "audit.seal", true },
	{ "audit.months", "20 2 * * *", "America/Sao_Paulo", "audit.months", false },
};

const Module audit_module = {
	.name = "audit", .title = "Registro", .always = true,
	.route = routes, .route_count = COUNT(routes),
	.perm = perms, .perm_count = COUNT(perms),
	.nav = nav, .nav_count = COUNT(nav),
	.job = jobs, .job_count = COUNT(jobs),
	.cron = crons, .cron_count = COUNT(crons),
};
/* clang-format on */

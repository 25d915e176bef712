/* The tables of all modules as one: routes, permissions, jobs, schedules, navigation. Filled once
 * at start, read-only afterwards. */
#include "app/app.h"

#include "app/outside.h"
#include "app/pages.h"
#include "platform/mail/mail.h"
#include "platform/ui/ui.h"

enum { ROUTES_MAX = 1000, PERMS_MAX = 256, JOBS_MAX = 200 };

static RouteRow route_rows[ROUTES_MAX];
static Perm perm_rows[PERMS_MAX];
static Job job_rows[JOBS_MAX];
static Cron cron_rows[JOBS_MAX];

/* What this process serves: set by app_read_options before anything is read. */
static enum { SIDE_BOTH, SIDE_API, SIDE_WEB } side = SIDE_BOTH;
static const char *chosen; /* "crm,agenda"; NULL: all modules */

static bool is_chosen(const char *module)
{
	Str rest = str_of(chosen), name;

	if (!chosen)
		return true;
	while (str_cut(&rest, ',', &name))
		if (str_is(name, module))
			return true;
	return false;
}

static bool is_module(Str name)
{
	for (size_t i = 0; i < module_count; i++)
		if (str_is(name, modules[i]->name))
			return true;
	return false;
}

static bool are_modules(const char *names)
{
	Str rest = str_of(names), name;

	while (str_cut(&rest, ',', &name))
		if (!is_module(name)) {
			fprintf(stderr, "siso: there is no module \"%.*s\"\n", (int)name.len,
				name.ptr);
			return false;
		}
	return true;
}

bool app_read_options(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--only=api")) {
			side = SIDE_API;
		} else if (!strcmp(argv[i], "--only=web")) {
			side = SIDE_WEB;
		} else if (str_starts(argv[i], "--modules=") && argv[i][10]) {
			chosen = argv[i] + 10;
		} else {
			fprintf(stderr, "usage: siso %s [--only=api|web] [--modules=NAME,NAME]\n",
				argv[0]);
			return false;
		}
	}
	return !chosen || are_modules(chosen);
}

static bool is_of_side(const Route *route)
{
	bool api = route->flags & ROUTE_API;

	return side == SIDE_BOTH || (side == SIDE_API) == api;
}

static void add_routes(
	size_t *count, const Route *route, size_t n, const char *module, const char *feature)
{
	assert(*count + n <= ROUTES_MAX);
	for (size_t i = 0; i < n; i++)
		if (is_of_side(&route[i]))
			route_rows[(*count)++] = (RouteRow){ &route[i], module,
				route[i].feature ? route[i].feature : feature };
}

const RouteRow *app_routes(size_t *ret_count)
{
	size_t count = 0;

	add_routes(&count, page_routes, page_route_count, "app", NULL);
	add_routes(&count, ui_routes, ui_route_count, "ui", NULL);
	add_routes(&count, mail_routes, mail_route_count, "mail", NULL);
	for (size_t i = 0; i < module_count; i++) {
		const Module *m = modules[i];
		const char *feature = m->always ? NULL : m->name;

		if (!m->always && !is_chosen(m->name))
			continue;
		add_routes(&count, m->route, m->route_count, m->name, feature);
		for (const RouteList *list = m->api; list; list = list->next)
			add_routes(&count, list->v, list->count, m->name, feature);
	}
	*ret_count = count;
	return route_rows;
}

const Perm *app_perms(size_t *ret_count)
{
	size_t count = 0;

	for (size_t i = 0; i < module_count; i++)
		for (size_t j = 0; j < modules[i]->perm_count; j++) {
			assert(count < PERMS_MAX);
			perm_rows[count++] = modules[i]->perm[j];
		}
	*ret_count = count;
	return perm_rows;
}

static const Job own_jobs[] = {
	{ "storage.sweep", outside_sweep, 3, 600 },
};

static const Cron own_crons[] = {
	{ .name = "storage.sweep",
		.pattern = "40 3 * * *",
		.job = "storage.sweep",
		.every_company = true },
};

static void add_jobs(size_t *count, const Job *job, size_t n)
{
	assert(*count + n <= JOBS_MAX);
	for (size_t i = 0; i < n; i++)
		job_rows[(*count)++] = job[i];
}

static void add_crons(size_t *count, const Cron *cron, size_t n)
{
	assert(*count + n <= JOBS_MAX);
	for (size_t i = 0; i < n; i++)
		cron_rows[(*count)++] = cron[i];
}

const Job *app_jobs(size_t *ret_count)
{
	size_t count = 0;

	add_jobs(&count, own_jobs, COUNT(own_jobs));
	add_jobs(&count, mail_jobs, mail_job_count);
	for (size_t i = 0; i < module_count; i++)
		add_jobs(&count, modules[i]->job, modules[i]->job_count);
	*ret_count = count;
	return job_rows;
}

const Cron *app_crons(size_t *ret_count)
{
	size_t count = 0;

	add_crons(&count, own_crons, COUNT(own_crons));
	add_crons(&count, mail_crons, mail_cron_count);
	for (size_t i = 0; i < module_count; i++)
		add_crons(&count, modules[i]->cron, modules[i]->cron_count);
	*ret_count = count;
	return cron_rows;
}

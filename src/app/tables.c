/* The tables of all modules as one: routes, permissions, jobs, schedules, navigation. Filled once at
 * start, read-only afterwards. */
#include "app/app.h"

#include "platform/mail/mail.h"
#include "platform/ui/ui.h"

enum { ROUTES_MAX = 1000, PERMS_MAX = 256, JOBS_MAX = 200 };

static RouteRow route_rows[ROUTES_MAX];
static Perm perm_rows[PERMS_MAX];
static Job job_rows[JOBS_MAX];
static Cron cron_rows[JOBS_MAX];

static void add_routes(
	size_t *count, const Route *route, size_t n, const char *module, const char *feature)
{
	assert(*count + n <= ROUTES_MAX);
	for (size_t i = 0; i < n; i++)
		route_rows[(*count)++] = (RouteRow){ &route[i], module,
			route[i].feature ? route[i].feature : feature };
}

const RouteRow *app_routes(size_t *ret_count)
{
	size_t count = 0;

	add_routes(&count, ui_routes, ui_route_count, "ui", NULL);
	add_routes(&count, mail_routes, mail_route_count, "mail", NULL);
	for (size_t i = 0; i < module_count; i++)
		add_routes(&count, modules[i]->route, modules[i]->route_count, modules[i]->name,
			modules[i]->always ? NULL : modules[i]->name);
	*ret_count = count;
	return route_rows;
}

/* Copy one kind of table of every module behind another. */
#define GATHER(rows, max, member)                                                              \
	do {                                                                                   \
		size_t count = 0;                                                              \
		for (size_t i = 0; i < module_count; i++)                                      \
			for (size_t j = 0; j < modules[i]->member##_count; j++) {              \
				assert(count < (max));                                         \
				(rows)[count++] = modules[i]->member[j];                       \
			}                                                                      \
		*ret_count = count;                                                            \
		return rows;                                                                   \
	} while (0)

const Perm *app_perms(size_t *ret_count)
{
	GATHER(perm_rows, PERMS_MAX, perm);
}

static const Job mail_send_job = { MAIL_SEND, mail_send_job_run, 8, 60 };

const Job *app_jobs(size_t *ret_count)
{
	size_t count = 0;

	job_rows[count++] = mail_send_job;
	for (size_t i = 0; i < module_count; i++)
		for (size_t j = 0; j < modules[i]->job_count; j++) {
			assert(count < JOBS_MAX);
			job_rows[count++] = modules[i]->job[j];
		}
	*ret_count = count;
	return job_rows;
}

const Cron *app_crons(size_t *ret_count)
{
	GATHER(cron_rows, JOBS_MAX, cron);
}

/* app: the commands that put platform and modules together: `siso serve`, `work`, `demo`,
 * `company`, `user`, `cep`, `routes`. The only place that knows all modules. */
#ifndef APP_APP_H
#define APP_APP_H

#include "modules/module.h"
#include "platform/web/router.h"

/* What the environment says; src/program/program.h lists the names. */
typedef struct AppConfig {
	const char *app_url, *owner_url, *queue_url; /* conninfo of the three roles */
	const char *redis;                           /* NULL: none */
	const char *secret;
	const char *data;
	bool development;
	int listen_fd, events_fd, ready_fd; /* -1: not given */
} AppConfig;

/* False: something needed is missing; said on stderr. Strings live as long as the program. */
bool app_config(AppConfig *ret);
/* Keys, permissions, routes, pages: once, before any request or job. False: said on stderr. */
bool app_init(const AppConfig *config);

/* All tables of all modules, one after the other. */
const RouteRow *app_routes(size_t *ret_count);
const Perm *app_perms(size_t *ret_count);
const Job *app_jobs(size_t *ret_count);
const Cron *app_crons(size_t *ret_count);

/* A context for work outside a request: own arena and connection. app_close ends both. */
Ctx *app_open(const char *conninfo, const char *role);
void app_close(Ctx *cx);
/* Run `run` in a transaction for a company; commit when it returns OK. */
MUST_CHECK Err app_in_company(Ctx *cx, int64_t company, Err (*run)(Ctx *cx, void *arg), void *arg);

/* The commands of main.c; each returns the program's exit status. */
int app_serve(int argc, char **argv);
int app_work(int argc, char **argv);
int app_demo(int argc, char **argv);
int app_company(int argc, char **argv);
int app_user(int argc, char **argv);
int app_cep(int argc, char **argv);
int app_print_routes(int argc, char **argv);
int app_print_queries(int argc, char **argv);

/* The options of `siso serve` and `siso routes`, before app_routes: --only=api|web for the routes
 * of the API or the pages alone, --modules=crm,agenda for those modules and what every company has.
 * Navigation still shows all of it: another process behind the same nginx serves the rest. False:
 * said on stderr. */
bool app_read_options(int argc, char **argv);

#endif

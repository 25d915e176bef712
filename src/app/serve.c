/* `siso serve`: the web program. Sockets come from the parent; workers answer; one more thread
 * keeps the caches true and writes down who read a chart. */
#include "app/app.h"

#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "app/chrome.sql.h"
#include "app/pages.h"
#include "core/clock.h"
#include "core/log.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/db/db.h"
#include "platform/queue/queue.h"
#include "platform/scgi/scgi.h"
#include "platform/web/builtin.h"
#include "platform/web/events.h"
#include "platform/web/sentry.h"

static volatile sig_atomic_t stopping;

static void watch_once(Ctx *cx)
{
	Err err;

	cx->now = time_now();
	cx->company = (CompanyId){ 0 };
	db_begin(cx, /* read_only= */ true, /* timeout_ms= */ 2000);
	err = company_watch(cx);
	builtin_note_database(err == OK);
	db_rollback(cx);
	if (err == OK)
		err = audit_flush_reads(cx);
	if (err != OK)
		LOG(LOG_WARN, "watch failed", LOG_TEXT("why", cx->err.log));
	arena_reset(cx->mem);
}

static void *watch(void *config)
{
	Ctx *cx = app_open(((const AppConfig *)config)->app_url, "siso watch");

	while (!stopping) {
		watch_once(cx);
		sleep(1);
	}
	watch_once(cx);
	app_close(cx);
	return NULL;
}

/* A superuser, or a role that owns the tables, would see every clinic: the wall would be paint.
 * When PostgreSQL is away the question is asked by nobody, and the wall stands as it did. */
static bool role_is_safe(const AppConfig *config)
{
	Ctx *cx = app_open(config->app_url, "siso start");
	SqlAppRole role;
	bool safe = true, asked;

	db_begin(cx, /* read_only= */ true, /* timeout_ms= */ 5000);
	asked = sql_app_role(cx, &role) == OK;
	builtin_note_database(asked);
	if (asked && role.looks_over) {
		fprintf(stderr,
			"siso: the database role \"%s\" of DATABASE_URL could see over the wall "
			"between\n"
			"clinics (superuser, owner, BYPASSRLS or member of such a role). Use "
			"siso_app.\n",
			role.name);
		safe = false;
	}
	db_rollback(cx);
	app_close(cx);
	return safe;
}

static void say_ready(const AppConfig *config)
{
	if (config->ready_fd < 0)
		return;
	if (write(config->ready_fd, "1", 1) != 1)
		LOG(LOG_WARN, "could not say that requests are taken");
	close(config->ready_fd);
}

static Queue *start_relay(const AppConfig *config)
{
	size_t job_count;
	const Job *job = app_jobs(&job_count);

	if (!config->queue_url)
		return NULL; /* the workers' relay alone: up to a second later */
	return queue_start(&(QueueConfig){ .app_conninfo = config->app_url,
		.queue_conninfo = config->queue_url,
		.redis = config->redis,
		.job = job,
		.job_count = job_count });
}

static int serve(const AppConfig *config, const int *fd, size_t fd_count)
{
	ScgiConfig scgi = { .listen_fd = fd,
		.listen_count = fd_count,
		.conninfo = config->app_url,
		.role = "siso web",
		.answer = router_answer,
		.finish = router_finish,
		.sort = router_sort };
	Queue *relay = start_relay(config);
	pthread_t watcher;
	bool clean;
	int signal;
	sigset_t stop;
	ScgiServer *server;

	scgi_defaults(&scgi);
	if (!sentry_start(&(SentryConfig){ .dsn = getenv("SENTRY_DSN"),
		    .release = "siso@0.1.0",
		    .environment = config->development ? "development" : "production" }))
		fprintf(stderr, "siso: SENTRY_DSN is malformed; errors are not reported\n");
	events_join(config->app_url);
	if (config->events_fd >= 0)
		events_start(&(EventsConfig){ .listen_fd = config->events_fd });
	pthread_create(&watcher, NULL, watch, (void *)(uintptr_t)config);
	server = scgi_start(&scgi);
	say_ready(config);
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	sigwait(&stop, &signal);
	clean = scgi_stop(server);
	if (!clean)
		_exit(1); /* something still runs after the drain time: the parent knows */
	stopping = 1;
	pthread_join(watcher, NULL);
	if (config->events_fd >= 0)
		events_stop();
	events_leave();
	queue_stop(relay);
	sentry_stop();
	return 0;
}

int app_serve(int argc, char **argv)
{
	static AppConfig config;
	sigset_t stop;
	int fd;

	if (!app_read_options(argc, argv))
		return 2;
	sigemptyset(&stop);
	sigaddset(&stop, SIGTERM);
	sigaddset(&stop, SIGINT);
	pthread_sigmask(SIG_BLOCK, &stop, NULL);
	if (!app_config(&config) || !app_init(&config) || !role_is_safe(&config))
		return 1;
	fd = config.listen_fd;
	if (fd < 0)
		fd = scgi_listen(getenv("SISO_LISTEN") ? getenv("SISO_LISTEN") : "siso.sock");
	if (fd < 0) {
		fprintf(stderr, "siso: could not listen: %m\n");
		return 1;
	}
	return serve(&config, &fd, 1);
}

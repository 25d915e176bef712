/* `siso work`: runs the jobs of all modules. */
#include "app/app.h"

#include <signal.h>
#include <unistd.h>

#include "modules/company/company.h"
#include "platform/queue/queue.h"
#include "platform/web/events.h"

static volatile sig_atomic_t stop;

static void on_stop(int signal)
{
	(void)signal;
	stop = 1;
}

static Err companies(Ctx *cx, QueueCompany **ret, size_t *ret_count)
{
	CompanyZone *list;
	size_t count;

	TRY(company_list_active(cx, &list, &count));
	*ret = NEW_ARRAY(cx->mem, QueueCompany, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = (QueueCompany){ list[i].id, list[i].zone };
	*ret_count = count;
	return OK;
}

static Err before_job(Ctx *cx)
{
	Company company;

	if (!cx->company.v)
		return OK;
	TRY(company_get(cx, &company));
	cx->zone = company.zone;
	return OK;
}

int app_work(int argc, char **argv)
{
	static AppConfig config;
	size_t job_count, cron_count;
	const Job *job = app_jobs(&job_count);
	const Cron *cron = app_crons(&cron_count);
	const char *threads = getenv("SISO_WORK_THREADS");
	int64_t n = 4;
	bool done;

	(void)argc;
	(void)argv;
	if (!app_config(&config) || !app_init(&config))
		return 1;
	if (!config.queue_url) {
		fprintf(stderr, "siso: DATABASE_QUEUE_URL (role siso_queue) is not set\n");
		return 1;
	}
	if (threads && (!str_int64(str_of(threads), &n) || n < 1 || n > 64)) {
		fprintf(stderr, "siso: SISO_WORK_THREADS is a number from 1 to 64\n");
		return 1;
	}
	sigaction(SIGTERM, &(struct sigaction){ .sa_handler = on_stop }, NULL);
	sigaction(SIGINT, &(struct sigaction){ .sa_handler = on_stop }, NULL);
	if (config.ready_fd >= 0) {
		if (write(config.ready_fd, "1", 1) != 1)
			return 1;
		close(config.ready_fd);
	}
	events_join(config.app_url);
	done = queue_work(&(QueueConfig){ .app_conninfo = config.app_url,
				  .queue_conninfo = config.queue_url,
				  .redis = config.redis,
				  .threads = (int)n,
				  .job = job,
				  .job_count = job_count,
				  .cron = cron,
				  .cron_count = cron_count,
				  .companies = companies,
				  .before_job = before_job },
		&stop);
	events_leave();
	return done ? 0 : 1;
}

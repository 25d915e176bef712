/* Threads and their roles. See README.md: one thread more than requests may run at once, so one is
 * always free to look after the sockets (the leader). When a request is whole, the leader takes it
 * itself and leaves the sockets to the next free thread: the request needs no second thread to wake
 * up. */
#include "platform/scgi/server.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include "core/clock.h"
#include "platform/db/db.h"
#include "platform/web/metrics.h"

enum { WORKERS_MAX = 64, STACK_BYTES = 2 << 20 };

/* For /metrics: the server of this process, NULL when none runs. */
static ScgiServer *running;

/* Between 4 and 32. */
static unsigned usual_workers(unsigned processors)
{
	unsigned workers = processors * 4;

	return workers < 4 ? 4 : workers > 32 ? 32 : workers;
}

static unsigned larger(long a, long b)
{
	return (unsigned)(a > b ? a : b);
}

void scgi_defaults(ScgiConfig *config)
{
	static const LaneLimits none = { 0 };
	LaneLimits *normal = &config->lane[LANE_NORMAL], *heavy = &config->lane[LANE_HEAVY];
	unsigned processors = larger(1, sysconf(_SC_NPROCESSORS_ONLN));

	if (!config->workers)
		config->workers = usual_workers(processors);
	if (config->workers > WORKERS_MAX)
		config->workers = WORKERS_MAX;
	if (!memcmp(normal, &none, sizeof(none)))
		*normal = (LaneLimits){ .running = config->workers,
			.running_tenant = larger(2, config->workers / 2),
			.fresh_tenant = larger(1, processors / 2),
			.waiting = 1024,
			.waiting_tenant = 256,
			.wait_ms = 3000 };
	if (!memcmp(heavy, &none, sizeof(none)))
		*heavy = (LaneLimits){ .running = larger(1, config->workers / 4),
			.running_tenant = 1,
			.fresh_tenant = 1,
			.waiting = 64,
			.waiting_tenant = 8,
			.wait_ms = 20000 };
	if (!config->body_max)
		config->body_max = 1 << 20;
	if (!config->drain_s)
		config->drain_s = 30;
}

/* ---- the work of a thread ---- */

static bool nothing_left(const ScgiServer *server)
{
	return server->deaf && !server->listed && lanes_are_idle(server->lanes);
}

static void wake_leader(ScgiServer *server)
{
	if (write(server->wake, &(uint64_t){ 1 }, sizeof(uint64_t)) < 0)
		return; /* full: it is being woken already */
}

static void end_if_done(ScgiServer *server)
{
	if (server->done || !nothing_left(server))
		return;
	server->done = true;
	pthread_cond_broadcast(&server->idle);
	pthread_cond_broadcast(&server->ended);
	wake_leader(server);
}

/* Called and returns with the lock held. */
static void run_job(ScgiServer *server, Worker *worker, LaneJob *job)
{
	LaneJob place = *job; /* the connection is gone when its answer is */

	if (!server->led && server->idle_count)
		pthread_cond_signal(&server->idle);
	pthread_mutex_unlock(&server->lock);
	conn_answer(worker, (Conn *)job);
	pthread_mutex_lock(&server->lock);
	lanes_done(server->lanes, &place);
}

static void lead(ScgiServer *server, Worker *worker)
{
	server->led = true;
	pthread_mutex_unlock(&server->lock);
	receive_round(server, worker);
	pthread_mutex_lock(&server->lock);
	server->led = false;
}

static void *work(void *arg)
{
	Worker *worker = arg;
	ScgiServer *server = worker->server;

	/* A connection made by a request under load costs that request a tenth of a second. The
	 * first thread goes to the sockets at once. */
	if (worker->db && worker->number)
		(void)db_is_up(worker->db);
	pthread_mutex_lock(&server->lock);
	for (;;) {
		LaneJob *job = lanes_next(server->lanes, time_now_us());

		if (job) {
			run_job(server, worker, job);
			continue;
		}
		end_if_done(server);
		if (server->done)
			break;
		if (!server->led) {
			lead(server, worker);
			continue;
		}
		server->idle_count++;
		pthread_cond_wait(&server->idle, &server->lock);
		server->idle_count--;
	}
	pthread_mutex_unlock(&server->lock);
	return NULL;
}

/* ---- start and stop ---- */

static void write_metrics(Buf *out)
{
	static const char *const lane_names[LANE_COUNT] = { "normal", "heavy" };
	ScgiServer *server = running;

	if (!server)
		return;
	pthread_mutex_lock(&server->lock);
	for (size_t i = 0; i < LANE_COUNT; i++) {
		LaneCounts counts = lanes_counts(server->lanes, (Lane)i);

		buf_printf(
			out, "siso_lane_running{lane=\"%s\"} %u\n", lane_names[i], counts.running);
		buf_printf(
			out, "siso_lane_waiting{lane=\"%s\"} %u\n", lane_names[i], counts.waiting);
		buf_printf(out, "siso_lane_started_total{lane=\"%s\"} %" PRIu64 "\n", lane_names[i],
			counts.started);
		buf_printf(out, "siso_lane_refused_total{lane=\"%s\"} %" PRIu64 "\n", lane_names[i],
			counts.refused);
		buf_printf(out, "siso_lane_expired_total{lane=\"%s\"} %" PRIu64 "\n", lane_names[i],
			counts.expired);
	}
	buf_printf(out, "siso_workers %u\n", server->config.workers);
	pthread_mutex_unlock(&server->lock);
	buf_printf(out, "siso_scgi_accepted_total %" PRIu64 "\n", atomic_load(&server->accepted));
	buf_printf(out, "siso_scgi_malformed_total %" PRIu64 "\n", atomic_load(&server->malformed));
	buf_printf(out, "siso_scgi_abandoned_total %" PRIu64 "\n", atomic_load(&server->abandoned));
	buf_printf(out, "siso_scgi_parked_total %" PRIu64 "\n", atomic_load(&server->parked));
	buf_printf(out, "siso_scgi_cut_total %" PRIu64 "\n", atomic_load(&server->cut));
	buf_printf(out, "siso_scgi_accept_failed_total %" PRIu64 "\n",
		atomic_load(&server->accept_failed));
}

static void start_worker(ScgiServer *server, Worker *worker, int number)
{
	const ScgiConfig *config = &server->config;
	pthread_attr_t attr;

	worker->server = server;
	worker->number = number;
	worker->mem = arena_new(ARENA_LIMIT);
	if (config->conninfo)
		worker->db = db_open(
			&(DbConfig){ config->conninfo, config->role ? config->role : "siso web" });
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	if (pthread_create(&worker->thread, &attr, work, worker))
		abort();
	pthread_attr_destroy(&attr);
}

ScgiServer *scgi_start(const ScgiConfig *config)
{
	ScgiServer *server = calloc(1, sizeof(*server));

	if (!server)
		abort();
	server->config = *config;
	scgi_defaults(&server->config);
	server->epoll = epoll_create1(EPOLL_CLOEXEC);
	server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&server->lock, NULL);
	pthread_cond_init(&server->idle, NULL);
	pthread_cond_init(&server->ended, NULL);
	server->lanes = lanes_new(server->config.lane, server->config.workers);
	/* One more than may run: so one is always free for the sockets. */
	server->worker_count = server->config.workers + 1;
	server->worker = calloc(server->worker_count, sizeof(Worker));
	if (server->epoll < 0 || server->wake < 0 || !server->worker ||
		!receive_listen(server, true)) {
		perror("scgi");
		abort();
	}
	running = server;
	metrics_add_source(write_metrics);
	/* An inherited socket may be a blocking one. */
	for (size_t i = 0; i < config->listen_count; i++)
		fcntl(config->listen_fd[i], F_SETFL,
			fcntl(config->listen_fd[i], F_GETFL) | O_NONBLOCK);
	for (size_t i = 0; i < server->worker_count; i++)
		start_worker(server, &server->worker[i], (int)i);
	return server;
}

static bool wait_until_done(ScgiServer *server)
{
	struct timespec end;
	bool done;

	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += server->config.drain_s;
	pthread_mutex_lock(&server->lock);
	server->stopping = true;
	wake_leader(server);
	while (!server->done &&
		pthread_cond_timedwait(&server->ended, &server->lock, &end) != ETIMEDOUT)
		continue;
	done = server->done;
	pthread_mutex_unlock(&server->lock);
	return done;
}

bool scgi_stop(ScgiServer *server)
{
	if (!wait_until_done(server))
		return false;
	for (size_t i = 0; i < server->worker_count; i++) {
		Worker *worker = &server->worker[i];

		pthread_join(worker->thread, NULL);
		db_close(worker->db);
		arena_free(worker->mem);
	}
	if (running == server)
		running = NULL;
	lanes_free(server->lanes);
	pthread_cond_destroy(&server->idle);
	pthread_cond_destroy(&server->ended);
	pthread_mutex_destroy(&server->lock);
	close(server->epoll);
	close(server->wake);
	free(server->worker);
	free(server);
	return true;
}

bool scgi_serve(const ScgiConfig *config)
{
	ScgiServer *server;
	sigset_t signals;
	int got;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	pthread_sigmask(SIG_BLOCK, &signals, NULL);
	server = scgi_start(config);
	sigwait(&signals, &got);
	return scgi_stop(server);
}

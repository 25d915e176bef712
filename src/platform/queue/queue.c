/* queue: starting and stopping the threads, waking them, and what they share. */
#include "platform/queue/queue.h"

#include <errno.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/random.h"
#include "platform/queue/cron.h"
#include "platform/queue/queue_driver.h"

enum { REDIS_RETRY_US = 3 * 1000000 };

/* The process's queue, for queue_wake: set by queue_start, cleared by queue_stop. */
static pthread_mutex_t running_mutex = PTHREAD_MUTEX_INITIALIZER;
static Queue *running;

/* ---- waking ---- */

void queue_wake(void)
{
	pthread_mutex_lock(&running_mutex);
	if (running) {
		pthread_mutex_lock(&running->wake_mutex);
		running->wakes++;
		pthread_cond_broadcast(&running->wake);
		pthread_mutex_unlock(&running->wake_mutex);
	}
	pthread_mutex_unlock(&running_mutex);
}

void queue_wake_after(void *unused)
{
	(void)unused;
	queue_wake();
}

void queue_wait(Queue *queue, uint64_t *seen, int ms)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += ms / 1000;
	until.tv_nsec += (long)(ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&queue->wake_mutex);
	while (*seen == queue->wakes)
		if (pthread_cond_timedwait(&queue->wake, &queue->wake_mutex, &until) == ETIMEDOUT)
			break;
	*seen = queue->wakes;
	pthread_mutex_unlock(&queue->wake_mutex);
}

void queue_redis_trouble(Queue *queue, const char *what)
{
	atomic_store(&queue->redis_retry_us, time_now_us() + REDIS_RETRY_US);
	if (atomic_exchange(&queue->redis_up, false))
		LOG(LOG_WARN, "redis is away, working from postgresql", LOG_TEXT("why", what));
}

const char *queue_driver_name(const Queue *queue)
{
	if (!queue)
		return "off";
	return atomic_load(&queue->redis_up) ? redis_driver.name : pg_driver.name;
}

Ctx queue_context(Arena *mem, Db *db)
{
	return (Ctx){ .mem = mem,
		.db = db,
		.now = time_now(),
		.zone = "America/Sao_Paulo",
		.request_id = "queue",
		.peer = "" };
}

/* ---- checking the tables ---- */

static const Job *find_job(const QueueConfig *config, const char *name)
{
	for (size_t i = 0; i < config->job_count; i++)
		if (str_same(config->job[i].name, name))
			return &config->job[i];
	return NULL;
}

static bool is_wrong(const char *what, const char *name)
{
	LOG(LOG_ERROR, "the queue's tables are wrong", LOG_TEXT("what", what),
		LOG_TEXT("name", name));
	return false;
}

static bool tables_are_right(const QueueConfig *config)
{
	for (size_t i = 0; i < config->job_count; i++) {
		const Job *job = &config->job[i];

		if (!job->run || job->attempts < 1 || job->timeout_s < 1)
			return is_wrong("a job without function, attempts or timeout", job->name);
		if (find_job(config, job->name) != job)
			return is_wrong("two jobs of one name", job->name);
	}
	for (size_t i = 0; i < config->cron_count; i++) {
		const Cron *cron = &config->cron[i];
		CronPattern pattern;

		if (!cron_parse(cron->pattern, &pattern) || cron_next(&pattern, 0, "UTC") < 0)
			return is_wrong("a schedule with a broken pattern", cron->name);
		if (cron->zone && !time_zone_exists(cron->zone))
			return is_wrong("a schedule with an unknown zone", cron->name);
		if (!find_job(config, cron->job))
			return is_wrong("a schedule of an unknown job", cron->name);
		for (size_t k = 0; k < i; k++)
			if (str_same(config->cron[k].name, cron->name))
				return is_wrong("two schedules of one name", cron->name);
	}
	return true;
}

/* ---- starting and stopping ---- */

static void default_int(int *value, int otherwise)
{
	if (*value <= 0)
		*value = otherwise;
}

static void fill_defaults(QueueConfig *config)
{
	if (!config->redis_prefix)
		config->redis_prefix = "bull";
	if (!config->redis_queue)
		config->redis_queue = "siso";
	if (str_is_empty(config->redis))
		config->redis = NULL;
	default_int(&config->poll_ms, 1000);
	default_int(&config->retry_ms, 10000);
	default_int(&config->lease_s, 60);
	default_int(&config->lock_ms, 30000);
	default_int(&config->stalled_ms, 30000);
	default_int(&config->sweep_s, 10);
	default_int(&config->reconcile_s, 60);
	default_int(&config->grace_s, 25);
}

static Bull *open_bull(const Queue *queue, const char *role)
{
	if (!queue->config.redis)
		return NULL;
	return bull_open(&(BullConfig){ .address = queue->config.redis,
		.prefix = queue->config.redis_prefix,
		.queue = queue->config.redis_queue,
		.worker = queue->worker,
		.role = role,
		.lock_ms = queue->config.lock_ms });
}

static void open_slot(Queue *queue, Slot *slot)
{
	slot->queue = queue;
	slot->mem = arena_new(ARENA_LIMIT);
	slot->app =
		db_open(&(DbConfig){ .conninfo = queue->config.app_conninfo, .role = "siso job" });
	slot->bull = open_bull(queue, ":w:siso");
	pthread_mutex_init(&slot->mutex, NULL);
}

static void close_slot(Slot *slot)
{
	PQfreeCancel(slot->cancel);
	bull_close(slot->bull);
	db_close(slot->app);
	arena_free(slot->mem);
	pthread_mutex_destroy(&slot->mutex);
}

static Queue *open_queue(const QueueConfig *config)
{
	Queue *queue = calloc(1, sizeof *queue);
	pthread_condattr_t monotonic;
	uint8_t random[8];
	const char *conninfo = config->queue_conninfo;

	assert(queue);
	queue->config = *config;
	fill_defaults(&queue->config);
	crypto_random(random, sizeof random);
	for (size_t i = 0; i < sizeof random; i++)
		snprintf(queue->worker + 2 * i, 3, "%02x", random[i]);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&queue->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_mutex_init(&queue->wake_mutex, NULL);
	pthread_mutex_init(&queue->turn, NULL);
	pthread_mutex_init(&queue->claim_mutex, NULL);
	queue->claim_db = db_open(&(DbConfig){ .conninfo = conninfo, .role = "siso claim" });
	queue->keeper_db = db_open(&(DbConfig){ .conninfo = conninfo, .role = "siso keeper" });
	queue->relay_db = db_open(&(DbConfig){ .conninfo = conninfo, .role = "siso relay" });
	queue->relay_bull = open_bull(queue, "");
	queue->keeper_bull = open_bull(queue, "");
	queue->slot_count = config->threads > 0 ? (size_t)config->threads : 0;
	queue->slot = calloc(queue->slot_count + 1, sizeof *queue->slot);
	assert(queue->slot);
	for (size_t i = 0; i < queue->slot_count; i++)
		open_slot(queue, &queue->slot[i]);
	return queue;
}

static void close_queue(Queue *queue)
{
	for (size_t i = 0; i < queue->slot_count; i++)
		close_slot(&queue->slot[i]);
	free(queue->slot);
	bull_close(queue->relay_bull);
	bull_close(queue->keeper_bull);
	db_close(queue->claim_db);
	db_close(queue->keeper_db);
	db_close(queue->relay_db);
	pthread_cond_destroy(&queue->wake);
	pthread_mutex_destroy(&queue->wake_mutex);
	pthread_mutex_destroy(&queue->turn);
	pthread_mutex_destroy(&queue->claim_mutex);
	free(queue);
}

static void start_thread(pthread_t *thread, void *(*run)(void *), void *arg)
{
	int failed = pthread_create(thread, NULL, run, arg);

	assert(!failed);
}

Queue *queue_start(const QueueConfig *config)
{
	Queue *queue;

	if (!tables_are_right(config))
		return NULL;
	signal(SIGPIPE, SIG_IGN); /* hiredis writes to sockets that the other side has closed */
	queue = open_queue(config);
	atomic_store(&queue->redis_up, queue->keeper_bull && bull_is_up(queue->keeper_bull));
	pthread_mutex_lock(&running_mutex);
	assert(!running);
	running = queue;
	pthread_mutex_unlock(&running_mutex);
	start_thread(&queue->keeper, queue_keep, queue);
	if (queue->config.redis)
		start_thread(&queue->relay, queue_relay, queue);
	for (size_t i = 0; i < queue->slot_count; i++)
		start_thread(&queue->slot[i].thread, queue_work_slot, &queue->slot[i]);
	LOG(LOG_INFO, "queue started", LOG_TEXT("driver", queue_driver_name(queue)),
		LOG_NUMBER("threads", queue->slot_count));
	return queue;
}

void queue_stop(Queue *queue)
{
	if (!queue)
		return;
	atomic_store(&queue->stop_us, time_now_us() + queue->config.grace_s * INT64_C(1000000));
	atomic_store(&queue->stopping, true);
	queue_wake();
	for (size_t i = 0; i < queue->slot_count; i++)
		pthread_join(queue->slot[i].thread, NULL);
	atomic_store(&queue->ended, true);
	queue_wake();
	pthread_join(queue->keeper, NULL);
	if (queue->config.redis)
		pthread_join(queue->relay, NULL);
	pthread_mutex_lock(&running_mutex);
	running = NULL;
	pthread_mutex_unlock(&running_mutex);
	close_queue(queue);
	LOG(LOG_INFO, "queue stopped");
}

bool queue_work(const QueueConfig *config, const volatile sig_atomic_t *stop)
{
	Queue *queue = queue_start(config);

	if (!queue)
		return false;
	while (!*stop)
		usleep(100000);
	queue_stop(queue);
	return true;
}

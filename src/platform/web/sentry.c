/* An envelope is three lines of JSON: what it is, what kind of item follows, the item. Envelopes
 * wait in a short ring for the sending thread; when it is full the newest is dropped, because the
 * first errors of a flood say the most. */
#include "platform/web/sentry.h"

#include <ctype.h>
#include <curl/curl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/random.h"
#include "platform/web/metrics.h"
#include "platform/web/response.h"
#include "platform/web/routes.h"

enum { QUEUE = 64, TIMEOUT_S = 5, STOP_S = 2, MESSAGE_MAX = 300, STACK_MAX = 4000 };

static pthread_t thread;
static bool started;
static char url[512], auth[256], release_name[64], environment_name[32];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t more = PTHREAD_COND_INITIALIZER;
static char *queue[QUEUE]; /* under the lock, as all below */
static size_t first, waiting;
static bool stopping;
static _Atomic uint64_t sent_count, dropped_count;

/* ---- the thread ---- */

static size_t ignore(char *bytes, size_t size, size_t count, void *arg)
{
	(void)bytes;
	(void)arg;
	return size * count;
}

/* Seconds to be silent: a server that is flooded says so with 429 and Retry-After. */
static int send_one(CURL *curl, const char *envelope)
{
	struct curl_slist *header =
		curl_slist_append(NULL, "Content-Type: application/x-sentry-envelope");
	curl_off_t retry_s = 0;
	long status = 0;

	header = curl_slist_append(header, auth);
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_HTTPHEADER, header);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDS, envelope);
	curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(envelope));
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)TIMEOUT_S);
	curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
	curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
	if (curl_easy_perform(curl) == CURLE_OK) {
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
		curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_s);
	}
	curl_slist_free_all(header);
	atomic_fetch_add(status == 200 ? &sent_count : &dropped_count, 1);
	if (status != 429)
		return 0;
	return retry_s > 0 && retry_s < 3600 ? (int)retry_s : 60;
}

static char *next_envelope(void)
{
	char *envelope = NULL;

	pthread_mutex_lock(&lock);
	while (!waiting && !stopping)
		pthread_cond_wait(&more, &lock);
	if (waiting) {
		envelope = queue[first];
		first = (first + 1) % QUEUE;
		waiting--;
	}
	pthread_mutex_unlock(&lock);
	return envelope;
}

static void *run(void *arg)
{
	CURL *curl = curl_easy_init();
	int64_t silent_until_us = 0;
	char *envelope;

	(void)arg;
	while ((envelope = next_envelope())) {
		if (time_now_us() < silent_until_us)
			atomic_fetch_add(&dropped_count, 1);
		else
			silent_until_us =
				time_now_us() + (int64_t)send_one(curl, envelope) * 1000000;
		free(envelope);
	}
	curl_easy_cleanup(curl);
	return NULL;
}

static void put(const char *envelope)
{
	pthread_mutex_lock(&lock);
	if (waiting < QUEUE && !stopping) {
		queue[(first + waiting) % QUEUE] = strdup(envelope);
		waiting++;
		pthread_cond_signal(&more);
	} else {
		atomic_fetch_add(&dropped_count, 1);
	}
	pthread_mutex_unlock(&lock);
}

/* ---- start and stop ---- */

/* "https://key@host/path/7" -> address and header of its envelope endpoint. */
static bool read_dsn(const char *dsn)
{
	const char *scheme_end = strstr(dsn, "://"), *at, *project;
	Str key;
	int n;

	if (!scheme_end || (!str_starts(dsn, "https://") && !str_starts(dsn, "http://")))
		return false;
	at = strchr(scheme_end + 3, '@');
	project = strrchr(dsn, '/');
	if (!at || project < at || !project[1] || project == at + 1)
		return false;
	key = (Str){ scheme_end + 3, (size_t)(at - scheme_end - 3) };
	for (size_t i = 0; i < key.len; i++)
		if (!isalnum((unsigned char)key.ptr[i]))
			return false;
	n = snprintf(url, sizeof(url), "%.*s://%.*s/api/%s/envelope/", (int)(scheme_end - dsn), dsn,
		(int)(project - at - 1), at + 1, project + 1);
	if (n < 0 || (size_t)n >= sizeof(url) || !key.len)
		return false;
	n = snprintf(auth, sizeof(auth),
		"X-Sentry-Auth: Sentry sentry_version=7, sentry_client=siso/1, sentry_key=%.*s",
		(int)key.len, key.ptr);
	return n > 0 && (size_t)n < sizeof(auth);
}

static void write_metrics(Buf *out)
{
	buf_printf(out,
		"siso_sentry_sent_total %" PRIu64 "\nsiso_sentry_dropped_total %" PRIu64 "\n",
		atomic_load(&sent_count), atomic_load(&dropped_count));
}

bool sentry_start(const SentryConfig *config)
{
	if (str_is_empty(config->dsn))
		return true;
	if (!read_dsn(config->dsn))
		return false;
	snprintf(release_name, sizeof(release_name), "%s", config->release ? config->release : "");
	snprintf(environment_name, sizeof(environment_name), "%s",
		config->environment ? config->environment : "");
	curl_global_init(CURL_GLOBAL_DEFAULT);
	stopping = false;
	metrics_add_source(write_metrics);
	if (pthread_create(&thread, NULL, run, NULL))
		abort();
	started = true;
	return true;
}

void sentry_stop(void)
{
	struct timespec end;

	if (!started)
		return;
	pthread_mutex_lock(&lock);
	stopping = true;
	pthread_cond_signal(&more);
	pthread_mutex_unlock(&lock);
	clock_gettime(CLOCK_REALTIME, &end);
	end.tv_sec += STOP_S;
	/* A server that does not answer is not worth a slow stop: the thread ends with the process.
	 */
	if (pthread_timedjoin_np(thread, NULL, &end))
		pthread_detach(thread);
	started = false;
}

/* ---- what is told ---- */

static bool starts_number(const char *c)
{
	return isdigit((unsigned char)c[0]) && isdigit((unsigned char)c[1]) &&
	       isdigit((unsigned char)c[2]);
}

const char *sentry_blot(Arena *mem, const char *text, size_t max)
{
	Buf out;

	buf_init(&out, mem, max + 1);
	for (const char *c = text; *c && out.len < max;) {
		size_t word = strcspn(c, " \t\r\n()<>\"'");

		if (word && memchr(c, '@', word) && !memchr(c, '/', word)) {
			buf_putc(&out, '*'); /* an address of e-mail, not one of a script */
			c += word;
		} else if (starts_number(c)) {
			buf_putc(&out, '*');
			while (isdigit((unsigned char)*c))
				c++;
		} else if (*c == '?' && c[1] && !isspace((unsigned char)c[1])) {
			buf_puts(&out, "?*");
			while (*c && *c != ':' && !isspace((unsigned char)*c) && *c != ')')
				c++;
		} else {
			buf_putc(&out, *c++);
		}
	}
	return buf_text(&out);
}

static const char *new_event_id(Arena *mem)
{
	unsigned char bytes[16];
	Buf hex;

	crypto_random(bytes, sizeof(bytes));
	buf_init(&hex, mem, 64);
	for (size_t i = 0; i < sizeof(bytes); i++)
		buf_printf(&hex, "%02x", bytes[i]);
	return buf_text(&hex);
}

/* Begin the item; the caller adds and then calls finish. */
static const char *begin(Json *j, const Req *q, const char *platform, const char *logger)
{
	const char *id = new_event_id(q->cx->mem);

	json_init(j, q->cx->mem);
	json_put_object(j, NULL);
	json_put_text(j, "event_id", id);
	json_put_time(j, "timestamp", q->cx->now);
	json_put_text(j, "platform", platform);
	json_put_text(j, "logger", logger);
	json_put_text(j, "level", "error");
	if (*release_name)
		json_put_text(j, "release", release_name);
	if (*environment_name)
		json_put_text(j, "environment", environment_name);
	json_put_object(j, "tags");
	json_put_int(j, "company", q->cx->company.v);
	json_put_text(j, "request_id", q->cx->request_id);
	json_close(j);
	if (q->cx->user.v) {
		json_put_object(j, "user");
		json_put_text(j, "id", arena_printf(q->cx->mem, "%" PRId64, q->cx->user.v));
		json_close(j);
	}
	return id;
}

static void finish(Json *j, const Req *q, const char *id)
{
	const char *item = json_done(j);
	Arena *mem = q->cx->mem;

	put(arena_printf(mem,
		"{\"event_id\":\"%s\",\"sent_at\":\"%s\"}\n"
		"{\"type\":\"event\",\"content_type\":\"application/json\",\"length\":%zu}\n%s\n",
		id, time_text_iso(mem, time_now()), strlen(item), item));
}

static void put_exception(Json *j, const char *type, const char *value)
{
	json_put_object(j, "exception");
	json_put_array(j, "values");
	json_put_object(j, NULL);
	json_put_text(j, "type", type);
	json_put_text(j, "value", value);
	json_close(j);
	json_close(j);
	json_close(j);
}

void sentry_request_failed(const Req *q)
{
	const char *id, *route;
	Json j;

	if (!started)
		return;
	route = q->route
			? arena_printf(q->cx->mem, "%s %s", method_names[q->method], q->route->path)
			: "";
	id = begin(&j, q, "native", "siso.server");
	json_put_text(&j, "transaction", route);
	put_exception(&j, err_type(q->response->err), q->cx->err.log ? q->cx->err.log : "");
	finish(&j, q, id);
}

/* ---- browsers ---- */

static const char *text_of(const Req *q, const char *name, size_t max)
{
	const char *text = json_string_value(json_object_get(req_json(q), name));

	return sentry_blot(q->cx->mem, text ? text : "", max);
}

Err sentry_browser_error(Req *q)
{
	const char *message = text_of(q, "message", MESSAGE_MAX);
	const char *source = text_of(q, "source", 200);
	const char *id;
	Json j;

	/* The file says where; the message could quote a page. */
	LOG(LOG_WARN, "browser error", LOG_TEXT("request", q->cx->request_id),
		LOG_NUMBER("company", q->cx->company.v), LOG_TEXT("source", source),
		LOG_NUMBER("line", json_integer_value(json_object_get(req_json(q), "line"))));
	if (started) {
		id = begin(&j, q, "javascript", "siso.browser");
		json_put_text(&j, "transaction", text_of(q, "page", 200));
		put_exception(&j, "Error", message);
		json_put_object(&j, "extra");
		json_put_text(&j, "source", source);
		json_put_int(&j, "line", json_integer_value(json_object_get(req_json(q), "line")));
		json_put_int(
			&j, "column", json_integer_value(json_object_get(req_json(q), "column")));
		json_put_text(&j, "stack", text_of(q, "stack", STACK_MAX));
		json_put_text(&j, "browser", sentry_blot(q->cx->mem, q->user_agent, 200));
		json_close(&j);
		finish(&j, q, id);
	}
	return send_nothing(q);
}

/* The server of platform/web/events.h. Listeners are found by company in a table of lists; epoll
 * only says who has come and who has gone. The last publications are kept for a moment, so a
 * browser that comes back with Last-Event-ID misses nothing. */
#include "platform/web/events.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/random.h"
#include "platform/db/db.h"
#include "platform/scgi/scgi_read.h"
#include "platform/scgi/server.h"
#include "platform/web/metrics.h"

enum {
	BUCKETS = 1024,
	KEPT = 1024,       /* publications that can be told again */
	TEXT_MAX = 4096,   /* of one publication */
	HEAD_ROOM = 16384, /* of a request */
	HEAD_S = 5,
	ROUND = 64,
	TICK_MS = 500,
};

typedef struct Listener {
	struct Listener *prev,
		*next; /* of the same bucket; of those still asking: the bucket `asking` */
	struct Listener **list;
	int fd;
	int64_t company, user;
	int64_t end_us; /* when it has to come again, or must have asked */
	char *head;     /* the request while it comes; then NULL */
	size_t head_size;
	bool gone;
} Listener;

typedef struct Publication {
	uint64_t number;
	int64_t company, user;
	char *text; /* ready to be sent */
	size_t size;
} Publication;

/* One a process (events.h), so its state stands here. */
static EventsConfig config;
static pthread_t thread;
static bool started;
static int poller, waker;
static char boot[12]; /* numbers of another life of the process mean nothing */
static _Atomic bool stopping, broken;
static _Atomic uint64_t listener_count, published_count, lost_count, slow_count;

/* The thread's own. */
static Listener *buckets[BUCKETS], *asking;
static uint64_t sent_number; /* up to here all have been told */

/* Under the lock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Publication kept[KEPT]; /* ring: number % KEPT */
static uint64_t last_number;

/* ---- publishing ---- */

static bool is_name(const char *name)
{
	size_t length = strlen(name);

	return length && length <= 64 &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") ==
		       length;
}

void events_hear(CompanyId company, UserId user, const char *name, const char *data)
{
	Publication *slot;
	char *text;
	int size;

	if (!started)
		return;
	pthread_mutex_lock(&lock);
	last_number++;
	size = asprintf(&text, "id: %s-%" PRIu64 "\nevent: %s\ndata: %s\n\n", boot, last_number,
		name, data);
	if (size < 0)
		abort();
	slot = &kept[last_number % KEPT];
	free(slot->text);
	*slot = (Publication){ last_number, company.v, user.v, text, (size_t)size };
	pthread_mutex_unlock(&lock);
	atomic_fetch_add(&published_count, 1);
	if (write(waker, &(uint64_t){ 1 }, sizeof(uint64_t)) < 0)
		return; /* it is being woken already */
}

void events_publish(CompanyId company, UserId user, const char *name, const char *data)
{
	assert(is_name(name) && !strpbrk(data, "\r\n") && strlen(data) < TEXT_MAX);
	events_hear(company, user, name, data);
	bridge_pass_on(company, user, name, data);
}

void events_break(void)
{
	if (!started)
		return;
	atomic_store(&broken, true);
	if (write(waker, &(uint64_t){ 1 }, sizeof(uint64_t)) < 0)
		return; /* it is being woken already */
}

typedef struct Later {
	CompanyId company;
	UserId user;
	const char *name, *data;
} Later;

static void publish_now(void *arg)
{
	const Later *later = arg;

	events_publish(later->company, later->user, later->name, later->data);
}

void events_publish_later(Ctx *cx, UserId user, const char *name, const char *data)
{
	Later *later = NEW(cx->mem, Later);

	*later = (Later){ cx->company, user, arena_dup(cx->mem, name), arena_dup(cx->mem, data) };
	db_after_commit(cx, publish_now, later);
}

/* ---- listeners ---- */

static void link_to(Listener *listener, Listener **list)
{
	listener->list = list;
	listener->prev = NULL;
	listener->next = *list;
	if (listener->next)
		listener->next->prev = listener;
	*list = listener;
}

static void unlink_from(Listener *listener)
{
	if (listener->prev)
		listener->prev->next = listener->next;
	else
		*listener->list = listener->next;
	if (listener->next)
		listener->next->prev = listener->prev;
}

static void drop(Listener *listener)
{
	unlink_from(listener);
	close(listener->fd);
	free(listener->head);
	free(listener);
	atomic_fetch_sub(&listener_count, 1);
}

static Listener **bucket_of(int64_t company)
{
	return &buckets[((uint64_t)company * 0x9E3779B97F4A7C15u) >> 54];
}

/* A socket that is full belongs to somebody who has not read for a long time: the browser comes
 * back and reads the page. False: dropped. */
static bool tell(Listener *listener, const char *text, size_t size)
{
	if (send(listener->fd, text, size, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)size)
		return true;
	atomic_fetch_add(&slow_count, 1);
	drop(listener);
	return false;
}

static bool is_for(const Listener *listener, const Publication *what)
{
	return what->company == listener->company && (!what->user || what->user == listener->user);
}

/* What was published since the browser heard the last one. Called with the lock held. False:
 * dropped. */
static bool tell_missed(Listener *listener, const char *last_id)
{
	size_t length = strlen(boot);
	int64_t heard;

	if (strncmp(last_id, boot, length) || last_id[length] != '-' ||
		!str_int64(str_of(last_id + length + 1), &heard) || heard < 0)
		return true;
	for (uint64_t n = (uint64_t)heard + 1; n <= sent_number; n++) {
		const Publication *what = &kept[n % KEPT];

		if (what->number == n && is_for(listener, what) &&
			!tell(listener, what->text, what->size))
			return false;
	}
	return true;
}

static void begin_stream(Listener *listener, const char *last_id)
{
	static const char hello[] = "Status: 200 OK\r\nContent-Type: text/event-stream\r\n"
				    "Cache-Control: no-store\r\nX-Accel-Buffering: no\r\n"
				    "X-Content-Type-Options: nosniff\r\n\r\n"
				    "retry: 3000\n: hello\n\n";
	/* Not all at the same second after a restart. */
	int64_t life_us = (int64_t)config.life_s * 1000000, some;

	crypto_random(&some, sizeof(some));
	listener->end_us = time_now_us() + life_us - (some & 0xffff) * life_us / 0x80000;
	unlink_from(listener);
	link_to(listener, bucket_of(listener->company));
	if (!tell(listener, hello, sizeof(hello) - 1))
		return;
	pthread_mutex_lock(&lock);
	(void)tell_missed(listener, last_id);
	pthread_mutex_unlock(&lock);
}

static void refuse(Listener *listener, const char *status)
{
	char text[96];
	int size = snprintf(text, sizeof(text), "Status: %s\r\nContent-Length: 0\r\n\r\n", status);

	if (tell(listener, text, (size_t)size))
		drop(listener);
}

static void take_request(Listener *listener)
{
	ScgiRequest request;
	char *head = listener->head;

	listener->head = NULL;
	if (!scgi_read(head, listener->head_size, &request))
		refuse(listener, "400 Bad Request");
	else if (!str_int64(str_of(request.value[SCGI_COMPANY]), &listener->company) ||
		 listener->company <= 0 ||
		 !str_int64(str_of(request.value[SCGI_USER]), &listener->user))
		refuse(listener, "403 Forbidden"); /* nginx has not asked the router */
	else
		begin_stream(listener, request.value[SCGI_LAST_EVENT_ID]);
	free(head);
}

/* Bytes of a request, or the end of the stream. */
static void hear(Listener *listener)
{
	size_t total;
	ssize_t n;

	if (!listener->head) {
		drop(listener); /* a listener has nothing to say */
		return;
	}
	n = recv(listener->fd, listener->head + listener->head_size,
		HEAD_ROOM - 1 - listener->head_size, MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		drop(listener);
		return;
	}
	listener->head_size += (size_t)n;
	switch (scgi_measure((Str){ listener->head, listener->head_size }, 0, &total)) {
	case SCGI_WHOLE:
		take_request(listener);
		return;
	case SCGI_MORE:
		if (listener->head_size < HEAD_ROOM - 1)
			return;
		break;
	case SCGI_BAD:
		break;
	}
	drop(listener);
}

static void welcome(int fd)
{
	Listener *listener = calloc(1, sizeof(*listener));
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.ptr = listener };

	if (!listener || !(listener->head = malloc(HEAD_ROOM)))
		abort();
	listener->fd = fd;
	listener->end_us = time_now_us() + HEAD_S * 1000000;
	atomic_fetch_add(&listener_count, 1);
	link_to(listener, &asking);
	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event))
		drop(listener);
}

static void accept_some(void)
{
	for (int i = 0; i < ROUND; i++) {
		int fd = accept4(config.listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd < 0 && errno != EAGAIN && errno != EINTR && errno != ECONNABORTED)
			usleep(5000); /* no descriptors: do not spin */
		if (fd < 0)
			return;
		if (atomic_load(&listener_count) >= (uint64_t)config.listeners_max)
			close(fd);
		else
			welcome(fd);
	}
}

/* ---- the thread ---- */

static void tell_company(const Publication *what)
{
	Listener *next;

	for (Listener *listener = *bucket_of(what->company); listener; listener = next) {
		next = listener->next;
		if (is_for(listener, what))
			(void)tell(listener, what->text, what->size);
	}
}

static void drop_all(Listener **list)
{
	while (*list)
		drop(*list);
}

static void end_all_streams(void)
{
	for (size_t i = 0; i < BUCKETS; i++)
		drop_all(&buckets[i]);
}

/* The next publication that has not been told, as a copy: nobody who publishes waits for the
 * telling. */
static bool next_news(Publication *ret)
{
	const Publication *what;
	bool more = false;

	pthread_mutex_lock(&lock);
	if (last_number - sent_number > KEPT) {
		/* The ring went round before we looked: nobody may believe to have heard all. */
		atomic_fetch_add(&lost_count, last_number - sent_number);
		sent_number = last_number;
		end_all_streams();
	}
	if (sent_number < last_number) {
		what = &kept[++sent_number % KEPT];
		*ret = *what;
		ret->text = strndup(what->text, what->size);
		if (!ret->text)
			abort();
		more = true;
	}
	pthread_mutex_unlock(&lock);
	return more;
}

static void tell_news(void)
{
	Publication what;

	while (next_news(&what)) {
		tell_company(&what);
		free(what.text);
	}
}

static void drop_overdue(Listener *list, int64_t now_us)
{
	Listener *next;

	for (Listener *listener = list; listener; listener = next) {
		next = listener->next;
		if (listener->end_us < now_us)
			drop(listener);
	}
}

static void beat(Listener *list)
{
	Listener *next;

	for (Listener *listener = list; listener; listener = next) {
		next = listener->next;
		(void)tell(listener, ":\n\n", 3);
	}
}

static void look_after(int64_t now_us, int64_t *beat_us)
{
	bool due = now_us >= *beat_us;

	drop_overdue(asking, now_us);
	for (size_t i = 0; i < BUCKETS; i++) {
		drop_overdue(buckets[i], now_us);
		if (due)
			beat(buckets[i]);
	}
	if (due)
		*beat_us = now_us + (int64_t)config.heartbeat_s * 1000000;
}

static void take_events(struct epoll_event *event, int count)
{
	uint64_t times;

	for (int i = 0; i < count; i++) {
		if (event[i].data.ptr == &config)
			accept_some();
		else if (event[i].data.ptr != &waker)
			hear(event[i].data.ptr);
		else if (read(waker, &times, sizeof(times)) < 0)
			continue; /* woken for nothing */
	}
}

static void *run(void *arg)
{
	int64_t beat_us = time_now_us() + (int64_t)config.heartbeat_s * 1000000, next_us = 0;

	(void)arg;
	while (!atomic_load(&stopping)) {
		struct epoll_event event[ROUND];
		int count = epoll_wait(poller, event, ROUND, TICK_MS);
		int64_t now_us = time_now_us();

		/* News first: an event may drop the listener that another one is about. */
		take_events(event, count);
		if (atomic_exchange(&broken, false))
			end_all_streams();
		tell_news();
		if (now_us >= next_us) {
			look_after(now_us, &beat_us);
			next_us = now_us + TICK_MS * 1000;
		}
	}
	end_all_streams();
	drop_all(&asking);
	return NULL;
}

static void write_metrics(Buf *out)
{
	buf_printf(out,
		"siso_event_listeners %" PRIu64 "\nsiso_events_published_total %" PRIu64
		"\nsiso_events_lost_total %" PRIu64 "\nsiso_event_listeners_slow_total %" PRIu64
		"\n",
		atomic_load(&listener_count), atomic_load(&published_count),
		atomic_load(&lost_count), atomic_load(&slow_count));
}

static void watch(int fd, void *mark)
{
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = mark };

	if (epoll_ctl(poller, EPOLL_CTL_ADD, fd, &event)) {
		perror("events");
		abort();
	}
}

void events_start(const EventsConfig *wanted)
{
	uint32_t number;

	assert(!started);
	config = *wanted;
	if (!config.listeners_max)
		config.listeners_max = 20000;
	if (!config.heartbeat_s)
		config.heartbeat_s = 20;
	if (!config.life_s)
		config.life_s = 900;
	crypto_random(&number, sizeof(number));
	snprintf(boot, sizeof(boot), "%08" PRIx32, number);
	fcntl(config.listen_fd, F_SETFL, fcntl(config.listen_fd, F_GETFL) | O_NONBLOCK);
	poller = epoll_create1(EPOLL_CLOEXEC);
	waker = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	watch(config.listen_fd, &config);
	watch(waker, &waker);
	atomic_store(&stopping, false);
	started = true;
	metrics_add_source(write_metrics);
	if (pthread_create(&thread, NULL, run, NULL))
		abort();
}

void events_stop(void)
{
	if (!started)
		return;
	atomic_store(&stopping, true);
	if (write(waker, &(uint64_t){ 1 }, sizeof(uint64_t)) < 0)
		perror("events: wake");
	pthread_join(thread, NULL);
	started = false;
	for (size_t i = 0; i < KEPT; i++) {
		free(kept[i].text);
		kept[i] = (Publication){ 0 };
	}
	last_number = sent_number = 0;
	close(poller);
	close(waker);
}

/* The server on a real socket, with a handler that sleeps, echoes and answers much. */
#include "platform/scgi/scgi.h"
#include "test.h"

#include <poll.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/clock.h"
#include "platform/web/response.h"

enum { BIG = 4 << 20 };

static char path[108];
static int listen_fd;
static _Atomic int finished, running_heavy, most_heavy, holding;
static sem_t gate;

static bool sort_by_path(const Req *q, Lane *ret_lane, uint64_t *ret_tenant)
{
	*ret_lane = str_starts(q->path, "/heavy") ? LANE_HEAVY : LANE_NORMAL;
	*ret_tenant = strlen(q->host);
	return !strcmp(q->path, "/now");
}

/* "/hold" and "/heavy" wait until the test lets one of them go. */
static void hold(const Req *q)
{
	bool heavy = str_starts(q->path, "/heavy");

	if (heavy) {
		int now = atomic_fetch_add(&running_heavy, 1) + 1;

		if (now > atomic_load(&most_heavy))
			atomic_store(&most_heavy, now);
	}
	atomic_fetch_add(&holding, 1);
	sem_wait(&gate);
	if (heavy)
		atomic_fetch_sub(&running_heavy, 1);
}

static void let_go(size_t count)
{
	for (size_t i = 0; i < count; i++)
		sem_post(&gate);
}

/* Until so many wait in their handlers. */
static void wait_for_holding(int count)
{
	for (int i = 0; i < 5000 && atomic_load(&holding) < count; i++)
		usleep(1000);
	CHECK(atomic_load(&holding) >= count);
}

static void answer(Req *q)
{
	response_init(q);
	if (str_starts(q->path, "/hold") || str_starts(q->path, "/heavy"))
		hold(q);
	if (!strcmp(q->path, "/sleep"))
		usleep(20000);
	if (!strcmp(q->path, "/big")) {
		char *bytes = arena_alloc(q->cx->mem, BIG);

		memset(bytes, 'b', BIG);
		(void)send_bytes(q, 200, "text/plain", bytes, BIG);
		return;
	}
	(void)send_text(q, 200, "text/plain",
		arena_printf(q->cx->mem, "%s?%s %.*s", q->path, q->query, (int)q->body.len,
			q->body.ptr));
}

static void finish(Req *q)
{
	(void)q;
	atomic_fetch_add(&finished, 1);
}

static ScgiServer *start_another(ScgiConfig config)
{
	config.listen_fd = &listen_fd;
	config.listen_count = 1;
	config.answer = answer;
	config.finish = finish;
	config.sort = sort_by_path;
	return scgi_start(&config);
}

static ScgiServer *start(ScgiConfig config)
{
	snprintf(path, sizeof(path), "%s/siso-scgi-%d", test_folder(), (int)getpid());
	listen_fd = scgi_listen(path);
	CHECK(listen_fd >= 0);
	atomic_store(&finished, 0);
	atomic_store(&most_heavy, 0);
	atomic_store(&holding, 0);
	sem_init(&gate, 0, 0);
	return start_another(config);
}

static bool stop(ScgiServer *server)
{
	bool drained = scgi_stop(server);

	close(listen_fd);
	unlink(path);
	return drained;
}

static int dial(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	memcpy(address.sun_path, path, strlen(path) + 1);
	CHECK(fd >= 0 && !connect(fd, (const struct sockaddr *)&address, sizeof(address)));
	return fd;
}

static Str request(Ctx *cx, const char *method, const char *host, const char *uri, const char *body)
{
	char *head = arena_printf(cx->mem, "CONTENT_LENGTH|%zu|METHOD|%s|PATH|%s|HOST|%s|",
		strlen(body), method, uri, host);
	size_t size = strlen(head);
	Buf all;

	for (char *c = head; *c; c++)
		if (*c == '|')
			*c = '\0';
	buf_init(&all, cx->mem, 1 << 20);
	buf_printf(&all, "%zu:", size);
	buf_add(&all, head, size);
	buf_printf(&all, ",%s", body);
	return (Str){ all.bytes, all.len };
}

static void put(int fd, Str bytes)
{
	CHECK_INT(write(fd, bytes.ptr, bytes.len), bytes.len);
}

static int ask(Ctx *cx, const char *host, const char *uri)
{
	int fd = dial();

	put(fd, request(cx, "GET", host, uri, ""));
	return fd;
}

/* All that comes until the end; closes. */
static Str take(Ctx *cx, int fd)
{
	static char some[65536];
	ssize_t n;
	Buf all;

	buf_init(&all, cx->mem, BIG + 1000);
	while ((n = read(fd, some, sizeof(some))) > 0)
		buf_add(&all, some, (size_t)n);
	close(fd);
	return (Str){ buf_text(&all), all.len };
}

static const char *get(Ctx *cx, const char *uri)
{
	return take(cx, ask(cx, "a", uri)).ptr;
}

TEST(a_request_is_answered_and_the_connection_closed)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 2 });
	int fd = dial();
	Str got;

	put(fd, request(cx, "POST", "a", "/echo", "x=1"));
	got = take(cx, fd);
	CHECK_TEXT(got.ptr, "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: "
			    "10\r\n\r\n/echo? x=1");
	CHECK(stop(server));
	CHECK_INT(atomic_load(&finished), 1);
}

TEST(a_method_of_nobody_is_405_and_what_is_no_scgi_is_hung_up_on)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 2 });
	int fd = dial();

	put(fd, request(cx, "BREW", "a", "/", ""));
	CHECK(str_starts(take(cx, fd).ptr, "Status: 405"));
	fd = dial();
	put(fd, str_of("GET / HTTP/1.1\r\n\r\n"));
	CHECK_INT(take(cx, fd).len, 0);
	CHECK(str_starts(get(cx, "/still-there"), "Status: 200"));
	CHECK(stop(server));
}

TEST(a_peer_that_stalls_holds_nobody_up)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 1 });
	Str whole = request(cx, "POST", "a", "/late", "abc");
	int slow[20];
	int64_t began = time_now_us();

	for (size_t i = 0; i < COUNT(slow); i++) {
		slow[i] = dial();
		put(slow[i], (Str){ whole.ptr, i });
	}
	for (int i = 0; i < 20; i++)
		CHECK(str_starts(get(cx, "/fast"), "Status: 200"));
	CHECK(time_now_us() - began < 8000000); /* the deadline of a stalled one is 10 s */
	for (size_t i = 0; i < COUNT(slow); i++) {
		put(slow[i], (Str){ whole.ptr + i, whole.len - i });
		CHECK(str_ends(take(cx, slow[i]).ptr, "/late? abc"));
	}
	CHECK(stop(server));
}

TEST(a_peer_that_leaves_in_the_middle_is_forgotten)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 1 });
	Str whole = request(cx, "POST", "a", "/late", "abc");

	for (size_t i = 0; i < 30; i++) {
		int fd = dial();

		put(fd, (Str){ whole.ptr, i });
		usleep((useconds_t)(i % 3) * 1000);
		if (i % 2)
			put(fd, str_of("\1 not SCGI any more, whatever the beginning was"));
		close(fd);
	}
	CHECK(str_starts(get(cx, "/fast"), "Status: 200"));
	CHECK(stop(server));
}

TEST(an_answer_larger_than_the_socket_needs_no_worker_to_wait)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 1 });
	int slow = ask(cx, "a", "/big"), other = ask(cx, "a", "/big");
	Str got;

	CHECK(str_starts(get(cx, "/small"), "Status: 200")); /* the only worker is free */
	got = take(cx, slow);
	CHECK(got.len > BIG && got.ptr[got.len - 1] == 'b');
	CHECK(take(cx, other).len == got.len);
	CHECK(stop(server));
}

TEST(heavy_requests_leave_workers_for_the_others)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 4 });
	int heavy[6];

	for (size_t i = 0; i < COUNT(heavy); i++)
		heavy[i] = ask(cx, "a", "/heavy");
	wait_for_holding(1);
	for (int i = 0; i < 10; i++)
		CHECK(str_starts(get(cx, "/fast"), "Status: 200"));
	let_go(COUNT(heavy));
	for (size_t i = 0; i < COUNT(heavy); i++)
		CHECK(str_starts(take(cx, heavy[i]).ptr, "Status: 200"));
	CHECK_INT(atomic_load(&most_heavy), 1);
	CHECK(stop(server));
}

TEST(who_would_wait_too_long_hears_503_with_retry_after)
{
	ScgiConfig config = { .workers = 2 };
	ScgiServer *server;
	int fd[8];

	config.lane[LANE_NORMAL] = (LaneLimits){ .running = 2,
		.running_tenant = 2,
		.waiting = 100,
		.waiting_tenant = 5,
		.wait_ms = 120 };
	server = start(config);
	for (size_t i = 0; i < 2; i++)
		fd[i] = ask(cx, "a", "/hold");
	wait_for_holding(2);
	for (size_t i = 2; i < COUNT(fd); i++)
		fd[i] = ask(cx, "a", "/hold");
	/* Five may wait, and do so in vain; the sixth is refused at once. */
	for (size_t i = 2; i < COUNT(fd); i++) {
		const char *got = take(cx, fd[i]).ptr;

		CHECK(str_starts(got, "Status: 503"));
		CHECK(strstr(got, "Retry-After: "));
		CHECK(strstr(got, "Tente de novo"));
	}
	let_go(2);
	for (size_t i = 0; i < 2; i++)
		CHECK(str_starts(take(cx, fd[i]).ptr, "Status: 200"));
	CHECK(stop(server));
}

TEST(one_company_cannot_take_all_workers)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 4 });
	int busy[8];

	for (size_t i = 0; i < COUNT(busy); i++)
		busy[i] = ask(cx, "a", "/hold");
	wait_for_holding(2);
	CHECK(str_starts(take(cx, ask(cx, "other", "/fast")).ptr, "Status: 200"));
	CHECK_INT(atomic_load(&holding), 2);
	let_go(COUNT(busy));
	for (size_t i = 0; i < COUNT(busy); i++)
		CHECK(str_starts(take(cx, busy[i]).ptr, "Status: 200"));
	CHECK(stop(server));
}

TEST(health_is_answered_while_all_workers_are_busy)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 1 });
	int busy = ask(cx, "a", "/hold");

	wait_for_holding(1);
	CHECK(str_starts(get(cx, "/now"), "Status: 200"));
	let_go(1);
	CHECK(str_starts(take(cx, busy).ptr, "Status: 200"));
	CHECK(stop(server));
}

TEST(a_stop_finishes_what_was_received)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 2 });
	int fd[6];

	for (size_t i = 0; i < COUNT(fd); i++)
		fd[i] = ask(cx, i % 2 ? "a" : "other", "/sleep");
	CHECK(stop(server));
	for (size_t i = 0; i < COUNT(fd); i++)
		CHECK(str_starts(take(cx, fd[i]).ptr, "Status: 200"));
	CHECK_INT(atomic_load(&finished), COUNT(fd));
}

TEST(a_page_nobody_waits_for_any_more_is_not_made)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 1 });
	int busy = ask(cx, "a", "/hold");

	wait_for_holding(1);
	close(ask(cx, "a", "/never"));
	usleep(150000); /* it has waited long enough to be doubted */
	let_go(1);
	CHECK(str_starts(take(cx, busy).ptr, "Status: 200"));
	CHECK(stop(server));
	CHECK_INT(atomic_load(&finished), 1);
}

TEST(a_stop_that_takes_too_long_is_told)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 1, .drain_s = 1 });
	int busy = ask(cx, "a", "/hold");

	wait_for_holding(1);
	CHECK(!scgi_stop(server));
	let_go(1);
	CHECK(str_starts(take(cx, busy).ptr, "Status: 200"));
	CHECK(stop(server));
}

enum { CLIENTS = 8, EACH = 150 };

static void *client(void *arg)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem };
	int *good = arg;

	for (int i = 0; i < EACH; i++) {
		Str got;
		int fd = dial();

		put(fd, request(&cx, "POST", i % 3 ? "aa" : "b", "/echo", "hello"));
		got = (Str){ arena_alloc(mem, 512), 0 };
		for (ssize_t n;
			(n = read(fd, (char *)(uintptr_t)got.ptr + got.len, 511 - got.len)) > 0;)
			got.len += (size_t)n;
		close(fd);
		*good += str_ends(got.ptr, "/echo? hello");
		arena_reset(mem);
	}
	arena_free(mem);
	return NULL;
}

TEST(many_clients_at_once_lose_nothing)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 4 });
	pthread_t thread[CLIENTS];
	int good[CLIENTS] = { 0 }, all = 0;

	for (size_t i = 0; i < CLIENTS; i++)
		CHECK(!pthread_create(&thread[i], NULL, client, &good[i]));
	for (size_t i = 0; i < CLIENTS; i++) {
		pthread_join(thread[i], NULL);
		all += good[i];
	}
	CHECK(stop(server));
	CHECK_INT(all, CLIENTS * EACH);
	CHECK_INT(atomic_load(&finished), CLIENTS * EACH);
}

static _Atomic bool chaos_ends;

/* Begins requests and leaves; asks for much and reads nothing; sends rubbish. */
static void *chaos(void *arg)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem };

	for (unsigned i = 0; !atomic_load(&chaos_ends); i++) {
		Str whole = request(&cx, i % 2 ? "GET" : "POST", "ccc", "/big", "");
		int fd = dial();
		size_t part = i * 7 % (whole.len + 1);

		/* The server may hang up on rubbish first. */
		if (send(fd, whole.ptr, part, MSG_NOSIGNAL) > 0 && i % 3 == 0)
			usleep(500);
		if (i % 5 == 0)
			(void)!send(fd, "rubbish", 7, MSG_NOSIGNAL);
		close(fd);
		arena_reset(mem);
	}
	arena_free(mem);
	return arg;
}

TEST(peers_that_misbehave_hurt_nobody)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 3 });
	pthread_t thread[CLIENTS], bad[2];
	int good[CLIENTS] = { 0 }, all = 0;

	atomic_store(&chaos_ends, false);
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!pthread_create(&bad[i], NULL, chaos, NULL));
	for (size_t i = 0; i < CLIENTS; i++)
		CHECK(!pthread_create(&thread[i], NULL, client, &good[i]));
	for (size_t i = 0; i < CLIENTS; i++) {
		pthread_join(thread[i], NULL);
		all += good[i];
	}
	atomic_store(&chaos_ends, true);
	for (size_t i = 0; i < COUNT(bad); i++)
		pthread_join(bad[i], NULL);
	CHECK(stop(server));
	CHECK_INT(all, CLIENTS * EACH);
}

TEST(a_restart_under_load_loses_nothing)
{
	ScgiServer *server = start((ScgiConfig){ .workers = 2 });
	pthread_t thread[CLIENTS];
	int good[CLIENTS] = { 0 }, all = 0;

	for (size_t i = 0; i < CLIENTS; i++)
		CHECK(!pthread_create(&thread[i], NULL, client, &good[i]));
	for (int i = 0; i < 5; i++) {
		ScgiServer *next;

		usleep(10000);
		if (i % 2) { /* the new one first, then the old one goes */
			next = start_another((ScgiConfig){ .workers = 2 });
			CHECK(scgi_stop(server));
		} else { /* a moment without any: the socket keeps who comes */
			CHECK(scgi_stop(server));
			usleep(10000);
			next = start_another((ScgiConfig){ .workers = 2 });
		}
		server = next;
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		pthread_join(thread[i], NULL);
		all += good[i];
	}
	CHECK(stop(server));
	CHECK_INT(all, CLIENTS * EACH);
}

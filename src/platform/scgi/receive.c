/* The leader's round. Nothing here blocks but epoll_wait: a peer that stalls costs its connection's
 * memory until the deadline, not anybody's time. */
#include "platform/scgi/server.h"

#include <errno.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "core/clock.h"

enum {
	EVENTS = 64,
	ACCEPTS = 64, /* of one round: then those that came get their turn */
	FIRST_ROOM = 8192,
	READ_S = 10,
	TICK_MS = 50,
};

/* epoll's data for what is no connection. */
static char listening, waking;

bool receive_listen(ScgiServer *server, bool on)
{
	for (size_t i = 0; i < server->config.listen_count; i++) {
		/* Exclusive: of several processes on one socket only one is woken. */
		struct epoll_event event = { .events = EPOLLIN | EPOLLEXCLUSIVE,
			.data.ptr = &listening };

		if (epoll_ctl(server->epoll, on ? EPOLL_CTL_ADD : EPOLL_CTL_DEL,
			    server->config.listen_fd[i], &event))
			return false;
	}
	if (on) {
		struct epoll_event event = { .events = EPOLLIN, .data.ptr = &waking };

		return !epoll_ctl(server->epoll, EPOLL_CTL_ADD, server->wake, &event);
	}
	return true;
}

static bool find_method(const char *name, Method *ret)
{
	static const char *const methods[] = { "GET", "POST", "PUT", "PATCH", "DELETE" };

	if (!strcmp(name, "HEAD"))
		name = "GET"; /* nginx leaves the body out */
	for (size_t i = 0; i < COUNT(methods); i++)
		if (!strcmp(name, methods[i])) {
			*ret = (Method)i;
			return true;
		}
	return false;
}

/* conn holds a whole request. Answered here when nobody needs to be asked, else chained for the
 * lanes. */
static void take_whole(ScgiServer *server, Worker *worker, Conn *conn, Conn **whole)
{
	Ctx cx;
	Req q;

	conn_unwatch(server, conn);
	if (!scgi_read(conn->bytes, conn->len, &conn->request)) {
		atomic_fetch_add(&server->malformed, 1);
		conn_free(server, conn);
		return;
	}
	if (!find_method(conn->request.value[SCGI_METHOD], &conn->method)) {
		conn_dismiss(server, conn, "405 Method Not Allowed");
		return;
	}
	conn_request(worker, conn, &cx, &q);
	if (server->config.sort(&q, &conn->job.lane, &conn->job.tenant)) {
		conn_answer(worker, conn);
		return;
	}
	conn->next = *whole;
	*whole = conn;
}

/* Room for the whole request once its size is known, and a byte for the NUL behind it. */
static void make_room(Conn *conn)
{
	size_t room = conn->total ? conn->total + 1 : FIRST_ROOM;

	if (conn->room >= room)
		return;
	conn->bytes = realloc(conn->bytes, room);
	if (!conn->bytes)
		abort();
	conn->room = room;
}

/* Read what is there. */
static void read_more(ScgiServer *server, Worker *worker, Conn *conn, Conn **whole)
{
	for (;;) {
		ScgiState state;
		ssize_t n;

		make_room(conn);
		n = recv(conn->fd, conn->bytes + conn->len, conn->room - 1 - conn->len,
			MSG_DONTWAIT);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			if (!conn->registered && !conn_watch(server, conn, READ_S))
				conn_free(server, conn);
			return;
		}
		if (n <= 0) {
			atomic_fetch_add(&server->cut, 1);
			conn_free(server, conn);
			return;
		}
		conn->len += (size_t)n;
		state = scgi_measure(
			(Str){ conn->bytes, conn->len }, server->config.body_max, &conn->total);
		if (state == SCGI_WHOLE) {
			take_whole(server, worker, conn, whole);
			return;
		}
		if (state == SCGI_BAD) {
			atomic_fetch_add(&server->malformed, 1);
			conn_free(server, conn);
			return;
		}
	}
}

static Conn *conn_new(int fd)
{
	Conn *conn = calloc(1, sizeof(*conn));

	if (!conn)
		abort();
	conn->fd = fd;
	return conn;
}

static void accept_some(ScgiServer *server, Worker *worker, Conn **whole)
{
	for (size_t i = 0; i < server->config.listen_count; i++)
		for (int k = 0; k < ACCEPTS; k++) {
			int fd = accept4(server->config.listen_fd[i], NULL, NULL,
				SOCK_CLOEXEC | SOCK_NONBLOCK);

			if (fd < 0 && (errno == EINTR || errno == ECONNABORTED))
				continue;
			if (fd < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
				/* Out of descriptors or memory: the socket stays readable, so wait
				 * a moment instead of spinning; answers being written free some. */
				atomic_fetch_add(&server->accept_failed, 1);
				usleep(5000);
			}
			if (fd < 0)
				break;
			atomic_fetch_add_explicit(&server->accepted, 1, memory_order_relaxed);
			read_more(server, worker, conn_new(fd), whole);
		}
}

/* Connections whose peer has not moved in time. */
static void drop_late(ScgiServer *server, int64_t now_us)
{
	for (;;) {
		Conn *late = NULL;

		pthread_mutex_lock(&server->lock);
		for (Conn *conn = server->listed; conn && !late; conn = conn->next)
			if (conn->deadline_us < now_us)
				late = conn;
		pthread_mutex_unlock(&server->lock);
		if (!late)
			return;
		atomic_fetch_add(&server->cut, 1);
		conn_free(server, late);
	}
}

/* The chain is newest first; the lanes want the oldest first. */
static Conn *reversed(Conn *chain)
{
	Conn *turned = NULL;

	while (chain) {
		Conn *next = chain->next;

		chain->next = turned;
		turned = chain;
		chain = next;
	}
	return turned;
}

static void queue_all(ScgiServer *server, Conn *whole, int64_t now_us, bool check_clock)
{
	Conn *refused = NULL;

	whole = reversed(whole);
	pthread_mutex_lock(&server->lock);
	while (whole) {
		Conn *conn = whole;

		whole = conn->next;
		conn->next = NULL;
		if (!lanes_push(server->lanes, &conn->job, now_us)) {
			conn->next = refused;
			refused = conn;
		}
	}
	while (check_clock) {
		LaneJob *job = lanes_expired(server->lanes, now_us);

		if (!job)
			break;
		((Conn *)job)->next = refused;
		refused = (Conn *)job;
	}
	pthread_mutex_unlock(&server->lock);
	while (refused) {
		Conn *conn = refused;

		refused = conn->next;
		conn->next = NULL;
		conn_refuse(server, conn);
	}
}

/* Nothing to look after by the clock: sleep until something happens. Who waits may be one whose
 * turn comes when another's job is no longer fresh. */
static int patience_ms(ScgiServer *server)
{
	bool listed, waiting;

	pthread_mutex_lock(&server->lock);
	listed = server->listed;
	waiting = lanes_are_waiting(server->lanes);
	pthread_mutex_unlock(&server->lock);
	return waiting ? LANE_FRESH_MS : listed ? TICK_MS : -1;
}

static void stop_listening(ScgiServer *server, Worker *worker, Conn **whole)
{
	bool now;

	pthread_mutex_lock(&server->lock);
	now = server->stopping && !server->deaf;
	server->deaf |= now;
	pthread_mutex_unlock(&server->lock);
	if (!now)
		return;
	/* Who is connected already is served; who comes later waits for our successor. */
	accept_some(server, worker, whole);
	receive_listen(server, false);
}

void receive_round(ScgiServer *server, Worker *worker)
{
	struct epoll_event event[EVENTS];
	int n = epoll_wait(server->epoll, event, EVENTS, patience_ms(server));
	Conn *whole = NULL;
	int64_t now_us;
	bool check_clock;

	for (int i = 0; i < n; i++) {
		Conn *conn = event[i].data.ptr;

		if (event[i].data.ptr == &listening) {
			accept_some(server, worker, &whole);
		} else if (event[i].data.ptr == &waking) {
			uint64_t times;

			if (read(server->wake, &times, sizeof(times)) < 0)
				continue; /* another round took it */
			stop_listening(server, worker, &whole);
		} else if (conn->writing) {
			conn_write_more(server, conn);
		} else {
			read_more(server, worker, conn, &whole);
		}
	}
	now_us = time_now_us();
	check_clock = now_us >= server->next_check_us;
	queue_all(server, whole, now_us, check_clock);
	if (!check_clock)
		return;
	drop_late(server, now_us);
	server->next_check_us = now_us + TICK_MS * 1000;
}

/* One connection: being watched, answered, refused, given back. */
#include "platform/scgi/server.h"

#include <errno.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "core/clock.h"
#include "platform/web/response.h"

enum { WRITE_S = 20, ABANDONED_US = 50000 };

void conn_free(ScgiServer *server, Conn *conn)
{
	conn_unwatch(server, conn);
	close(conn->fd);
	free(conn->bytes);
	free(conn);
}

static void list(ScgiServer *server, Conn *conn, int timeout_s)
{
	conn->deadline_us = time_now_us() + (int64_t)timeout_s * 1000000;
	conn->prev = NULL;
	conn->next = server->listed;
	if (conn->next)
		conn->next->prev = conn;
	server->listed = conn;
}

static void unlist(ScgiServer *server, Conn *conn)
{
	if (conn->prev)
		conn->prev->next = conn->next;
	else
		server->listed = conn->next;
	if (conn->next)
		conn->next->prev = conn->prev;
	conn->next = NULL;
	conn->prev = NULL;
}

bool conn_watch(ScgiServer *server, Conn *conn, int timeout_s)
{
	struct epoll_event event = { .events = conn->writing ? EPOLLOUT : EPOLLIN,
		.data.ptr = conn };
	bool added;

	pthread_mutex_lock(&server->lock);
	list(server, conn, timeout_s);
	conn->registered = true;
	/* Inside the lock: the leader may have its event, and free it, before we look again. */
	added = !epoll_ctl(server->epoll, EPOLL_CTL_ADD, conn->fd, &event);
	if (!added) {
		unlist(server, conn);
		conn->registered = false;
	}
	pthread_mutex_unlock(&server->lock);
	return added;
}

void conn_unwatch(ScgiServer *server, Conn *conn)
{
	if (!conn->registered)
		return;
	pthread_mutex_lock(&server->lock);
	epoll_ctl(server->epoll, EPOLL_CTL_DEL, conn->fd, NULL);
	conn->registered = false;
	unlist(server, conn);
	pthread_mutex_unlock(&server->lock);
}

/* ---- writing ---- */

/* Keep what the socket would not take and let the leader write it: a worker waits for no reader. */
static void park(ScgiServer *server, Conn *conn, const struct iovec *part, size_t count)
{
	size_t size = 0;
	char *bytes, *at;

	for (size_t i = 0; i < count; i++)
		size += part[i].iov_len;
	bytes = malloc(size + 1);
	if (!bytes)
		abort();
	at = bytes;
	for (size_t i = 0; i < count; i++)
		at = mempcpy(at, part[i].iov_base, part[i].iov_len);
	/* The request's bytes are still needed by whoever answers: they are swapped at the end. */
	free(conn->bytes);
	conn->bytes = bytes;
	conn->len = size;
	conn->sent = 0;
	conn->writing = true;
	atomic_fetch_add(&server->parked, 1);
	if (!conn_watch(server, conn, WRITE_S)) {
		conn_free(server, conn);
		return;
	}
	/* The leader may be asleep without a clock. */
	if (write(server->wake, &(uint64_t){ 1 }, sizeof(uint64_t)) < 0)
		return; /* it is awake already */
}

/* Write as much as goes. True: all has left, or nobody is there to read it. */
static bool write_now(int fd, struct iovec *part, size_t *count, struct iovec **ret_rest)
{
	while (*count) {
		struct msghdr message = { .msg_iov = part, .msg_iovlen = *count };
		ssize_t n = sendmsg(fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) {
			*ret_rest = part;
			return false;
		}
		if (n < 0)
			return true;
		while (*count && (size_t)n >= part->iov_len) {
			n -= (ssize_t)part->iov_len;
			part++;
			(*count)--;
		}
		if (*count) {
			part->iov_base = (char *)part->iov_base + n;
			part->iov_len -= (size_t)n;
		}
	}
	return true;
}

void conn_write_more(ScgiServer *server, Conn *conn)
{
	struct iovec part = { conn->bytes + conn->sent, conn->len - conn->sent }, *rest;
	size_t count = 1;

	if (write_now(conn->fd, &part, &count, &rest)) {
		conn_free(server, conn);
		return;
	}
	conn->sent = conn->len - rest->iov_len;
}

/* ---- answering ---- */

void conn_request(Worker *worker, const Conn *conn, Ctx *cx, Req *ret)
{
	const char *const *value = conn->request.value;

	*cx = (Ctx){
		.mem = worker->mem,
		.db = worker->db,
		.request_id = value[SCGI_REQUEST_ID],
		.peer = value[SCGI_PEER],
	};
	*ret = (Req){
		.cx = cx,
		.method = conn->method,
		.path = value[SCGI_PATH],
		.query = value[SCGI_QUERY],
		.host = value[SCGI_HOST],
		.cookie = value[SCGI_COOKIE],
		.accept = value[SCGI_ACCEPT],
		.accept_encoding = value[SCGI_ACCEPT_ENCODING],
		.if_none_match = value[SCGI_IF_NONE_MATCH],
		.if_match = value[SCGI_IF_MATCH],
		.idempotency_key = value[SCGI_IDEMPOTENCY_KEY],
		.authorization = value[SCGI_AUTHORIZATION],
		.origin = value[SCGI_ORIGIN],
		.fetch_site = value[SCGI_SITE],
		.user_agent = value[SCGI_USER_AGENT],
		.htmx = !strcmp(value[SCGI_HX_REQUEST], "true"),
		.https = !strcmp(value[SCGI_HTTPS], "on"),
		.content_type = value[SCGI_TYPE],
		.body = conn->request.body,
		.body_file = value[SCGI_BODY_FILE],
		.file_name = value[SCGI_FILE_NAME],
	};
}

/* nginx hangs up when its client does. A page that nobody waits for any more is not worth a query.
 */
static bool is_abandoned(const Conn *conn)
{
	struct pollfd peer = { .fd = conn->fd, .events = POLLRDHUP };

	return conn->method == GET && conn->job.started_us - conn->job.queued_us > ABANDONED_US &&
	       poll(&peer, 1, 0) == 1;
}

void conn_answer(Worker *worker, Conn *conn)
{
	ScgiServer *server = worker->server;
	struct iovec part[2], *rest;
	char *request = conn->bytes;
	size_t count = 2;
	Buf head;
	Ctx cx;
	Req q;

	if (is_abandoned(conn)) {
		atomic_fetch_add(&server->abandoned, 1);
		conn_free(server, conn);
		return;
	}
	conn_request(worker, conn, &cx, &q);
	server->config.answer(&q);
	buf_init(&head, cx.mem, 64 << 10);
	response_write_head(q.response, &head);
	part[0] = (struct iovec){ head.bytes, head.len };
	part[1] = (struct iovec){ (void *)(uintptr_t)q.response->body, q.response->size };
	conn->bytes = NULL; /* q reads the request until the end of finish */
	if (write_now(conn->fd, part, &count, &rest))
		conn_free(server, conn);
	else
		park(server, conn, rest, count);
	if (server->config.finish)
		server->config.finish(&q);
	free(request);
	arena_reset(worker->mem);
}

static void say(ScgiServer *server, Conn *conn, const char *head, const char *body)
{
	struct iovec part[2], *rest;
	size_t count = 2;

	part[0] = (struct iovec){ (void *)(uintptr_t)head, strlen(head) };
	part[1] = (struct iovec){ (void *)(uintptr_t)body, strlen(body) };
	if (write_now(conn->fd, part, &count, &rest))
		conn_free(server, conn);
	else
		park(server, conn, rest, count);
}

void conn_dismiss(ScgiServer *server, Conn *conn, const char *status)
{
	char head[128];

	snprintf(head, sizeof(head), "Status: %s\r\nContent-Length: 0\r\n\r\n", status);
	say(server, conn, head, "");
}

void conn_refuse(ScgiServer *server, Conn *conn)
{
	static const char page[] =
		"<!doctype html><html lang=\"pt-BR\"><head><meta charset=\"utf-8\">"
		"<title>Um instante</title></head><body><p>Muita gente usando o sistema agora. "
		"Tente de novo em alguns segundos.</p></body></html>\n";
	static const char problem[] =
		"{\"type\":\"/api/v1/docs#problem-unavailable\",\"title\":\"O sistema está "
		"ocupado. Tente de novo em instantes.\",\"status\":503}\n";
	const char *const *value = conn->request.value;
	bool json = strstr(value[SCGI_ACCEPT], "json") || str_starts(value[SCGI_PATH], "/api/");
	const char *body = json                       ? problem
			   : server->config.busy_page ? server->config.busy_page
						      : page;
	char head[256];
	int retry_s;

	pthread_mutex_lock(&server->lock);
	retry_s = lanes_retry_s(server->lanes, conn->job.lane);
	pthread_mutex_unlock(&server->lock);
	snprintf(head, sizeof(head),
		"Status: 503 Service Unavailable\r\nContent-Type: %s\r\nContent-Length: %zu\r\n"
		"Cache-Control: no-store\r\nRetry-After: %d\r\n\r\n",
		json ? "application/problem+json" : "text/html; charset=utf-8", strlen(body),
		retry_s);
	say(server, conn, head, body);
}

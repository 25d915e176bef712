/* What reaches a Sentry server: here a socket that takes one request and answers 200. */
#include "fake_site.h"
#include "platform/web/sentry.h"
#include "test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct Server {
	int fd;
	int port;
	pthread_t thread;
	char got[16384];
} Server;

static bool has_all(const char *got)
{
	const char *length = strstr(got, "Content-Length: "), *body = strstr(got, "\r\n\r\n");

	return length && body && strlen(body + 4) >= (size_t)strtol(length + 16, NULL, 10);
}

static void *take_one(void *arg)
{
	Server *server = arg;
	struct pollfd waiting = { .fd = server->fd, .events = POLLIN };
	size_t size = 0;
	int fd;

	if (poll(&waiting, 1, 10000) != 1)
		return NULL;
	fd = accept(server->fd, NULL, NULL);
	while (!has_all(server->got)) {
		ssize_t n = read(fd, server->got + size, sizeof(server->got) - 1 - size);

		if (n <= 0)
			break;
		size += (size_t)n;
	}
	if (write(fd, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", 40) < 0)
		size = 0;
	close(fd);
	return NULL;
}

static void listen_on_any_port(Server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof(address);

	*server = (Server){ .fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) };
	CHECK(!bind(server->fd, (const struct sockaddr *)&address, sizeof(address)));
	CHECK(!listen(server->fd, 4));
	CHECK(!getsockname(server->fd, (struct sockaddr *)&address, &size));
	server->port = ntohs(address.sin_port);
	CHECK(!pthread_create(&server->thread, NULL, take_one, server));
}

static void start(Ctx *cx, Server *server)
{
	listen_on_any_port(server);
	CHECK(sentry_start(&(SentryConfig){
		arena_printf(cx->mem, "http://abc123@127.0.0.1:%d/7", server->port), "siso@1",
		"test" }));
}

static void end(Server *server)
{
	pthread_join(server->thread, NULL);
	sentry_stop();
	close(server->fd);
}

TEST(a_request_that_failed_is_told_with_its_route_and_no_more)
{
	static Server server;
	Req *q;

	fake_site_start();
	start(cx, &server);
	q = fake_signed_in(cx, GET, "/things/500?x=Maria");
	CHECK_INT(fake_answer(q), 500);
	end(&server);
	CHECK(str_starts(server.got, "POST /api/7/envelope/ HTTP/1.1\r\n"));
	CHECK(strstr(server.got, "sentry_key=abc123"));
	CHECK(strstr(server.got, "\"transaction\":\"GET /things/:id\""));
	CHECK(strstr(server.got, "\"value\":\"broken\""));
	CHECK(strstr(server.got, "\"company\":1"));
	CHECK(!strstr(server.got, "Maria"));
}

TEST(a_browser_error_is_passed_on_without_what_was_typed)
{
	static Server server;
	Req *q;

	fake_site_start();
	start(cx, &server);
	cx->peer = "198.51.100.60";
	q = fake_signed_in(cx, POST, "/browser-error");
	fake_json(q,
		"{\"message\":\"no x of 11987654321 ana@example.com\",\"source\":"
		"\"https://a.test/static/app.js?q=Ana\",\"line\":3,\"page\":\"/leads?q=Ana\"}");
	CHECK_INT(fake_answer(q), 204);
	end(&server);
	CHECK(strstr(server.got, "\"value\":\"no x of * *\""));
	CHECK(strstr(server.got, "\"source\":\"https://a.test/static/app.js?*\""));
	CHECK(strstr(server.got, "\"line\":3"));
	CHECK(!strstr(server.got, "Ana"));
	CHECK(!strstr(server.got, "87654321")); /* shorter, and an id at random may hold it */
}

TEST(a_browser_error_from_elsewhere_or_too_large_is_refused)
{
	Req *q;

	fake_site_start();
	cx->peer = "198.51.100.61";
	q = fake_signed_in(cx, POST, "/browser-error");
	q->fetch_site = "cross-site";
	fake_json(q, "{}");
	CHECK_INT(fake_answer(q), 403);
	q = fake_signed_in(cx, POST, "/browser-error");
	fake_json(q, arena_printf(cx->mem, "{\"message\":\"%9000d\"}", 1));
	CHECK_INT(fake_answer(q), 413);
	q = fake_signed_in(cx, POST, "/browser-error");
	fake_json(q, "[1]");
	CHECK_INT(fake_answer(q), 204); /* nothing to tell, nothing broken */
}

TEST(a_dsn_is_checked_at_the_start)
{
	static const char *const wrong[] = { "https://host/7", "https://k@host", "ftp://k@h/7",
		"https://k@/7", "https://k\r\nX: y@h/7", "k@h/7" };

	CHECK(sentry_start(&(SentryConfig){ NULL, NULL, NULL }));
	CHECK(sentry_start(&(SentryConfig){ "", NULL, NULL }));
	for (size_t i = 0; i < COUNT(wrong); i++)
		CHECK(!sentry_start(&(SentryConfig){ wrong[i], NULL, NULL }));
}

TEST(blotting_leaves_code_readable)
{
	CHECK_TEXT(sentry_blot(cx->mem, "at f (https://a/b.js:12:345)", 100),
		"at f (https://a/b.js:12:*)");
	CHECK_TEXT(sentry_blot(cx->mem, "x = y ? 1 : 2", 100), "x = y ? 1 : 2");
	CHECK_TEXT(sentry_blot(cx->mem, "abcdef", 3), "abc");
}

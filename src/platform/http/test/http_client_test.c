/* http_client against a small server in a thread of the test. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <unistd.h>

#include "core/clock.h"
#include "platform/http/http_client.h"
#include "test.h"

typedef struct Server {
	int fd, port;
	pthread_t thread;
	char seen[8192]; /* the last request, as it came */
} Server;

static void answer(int fd, const char *text)
{
	size_t left = strlen(text);

	while (left > 0) {
		ssize_t sent = send(fd, text, left, MSG_NOSIGNAL);

		if (sent <= 0)
			return;
		text += sent;
		left -= (size_t)sent;
	}
}

static void answer_big(int fd)
{
	static char bytes[4096];

	memset(bytes, 'x', sizeof bytes - 1);
	answer(fd, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
	for (int i = 0; i < 1000; i++)
		answer(fd, bytes);
}

/* Headers, and the body when its length is said. */
static void read_request(Server *server, int fd)
{
	size_t len = 0, wanted = 0;

	for (;;) {
		ssize_t got = recv(fd, server->seen + len, sizeof server->seen - 1 - len, 0);
		const char *end, *length;

		if (got <= 0)
			return;
		len += (size_t)got;
		server->seen[len] = '\0';
		end = strstr(server->seen, "\r\n\r\n");
		length = strstr(server->seen, "Content-Length: ");
		wanted = length ? strtoul(length + strlen("Content-Length: "), NULL, 10) : 0;
		if (end && len >= (size_t)(end + 4 - server->seen) + wanted)
			return;
	}
}

static void serve_one(Server *server, int fd)
{
	read_request(server, fd);
	if (strstr(server->seen, " /slow"))
		usleep(600000);
	if (strstr(server->seen, " /big"))
		answer_big(fd);
	else if (strstr(server->seen, " /moved"))
		answer(fd, "HTTP/1.1 302 Found\r\nLocation: /ok\r\nContent-Length: 0\r\n\r\n");
	else if (strstr(server->seen, " /broken"))
		answer(fd, "HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf");
	else if (strstr(server->seen, " /headers"))
		for (int i = 0; i < 5000; i++)
			answer(fd, i ? "X-Many: 0123456789012345678901234567890\r\n"
				     : "HTTP/1.1 200 OK\r\n");
	else
		answer(fd, "HTTP/1.1 500 Oops\r\nContent-Type: text/plain\r\nX-Id: 7\r\n"
			   "Content-Length: 5\r\n\r\nhello");
	close(fd);
}

static void *serve(void *arg)
{
	Server *server = arg;

	for (;;) {
		int fd = accept(server->fd, NULL, NULL);

		if (fd < 0)
			return NULL;
		serve_one(server, fd);
	}
}

static void start_server(Server *server)
{
	struct sockaddr_in address = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;

	memset(server, 0, sizeof *server);
	server->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert(bind(server->fd, (struct sockaddr *)&address, size) == 0);
	assert(listen(server->fd, 16) == 0);
	assert(getsockname(server->fd, (struct sockaddr *)&address, &size) == 0);
	server->port = ntohs(address.sin_port);
	assert(pthread_create(&server->thread, NULL, serve, server) == 0);
}

static void stop_server(Server *server)
{
	shutdown(server->fd, SHUT_RDWR);
	pthread_join(server->thread, NULL);
	close(server->fd);
}

static const char *url(Ctx *cx, const Server *server, const char *path)
{
	return arena_printf(cx->mem, "http://127.0.0.1:%d%s", server->port, path);
}

static void allow_private(bool allow)
{
	http_init(&(HttpConfig){ .allow_private = allow });
}

TEST(any_status_is_an_answer_with_its_headers_and_body)
{
	Server server;
	HttpAnswer got;

	start_server(&server);
	CHECK(http_send(cx, &(HttpRequest){ .url = url(cx, &server, "/x") }, &got) == OK);
	CHECK_INT(got.status, 500);
	CHECK_TEXT(got.content_type, "text/plain");
	CHECK_TEXT(http_header(&got, "x-id"), "7");
	CHECK_TEXT(http_header(&got, "x-none"), NULL);
	CHECK_TEXT(got.body.ptr, "hello");
	CHECK_INT(got.body.len, 5);
	stop_server(&server);
}

TEST(method_headers_and_body_arrive_as_given)
{
	Server server;
	HttpAnswer got;
	const HttpHeader header[] = { { "Content-Type", "application/json" }, { "X-Empty", "" } };

	start_server(&server);
	CHECK(http_send(cx,
		      &(HttpRequest){ .url = url(cx, &server, "/x?a=1"),
			      .method = "PUT",
			      .header = header,
			      .header_count = COUNT(header),
			      .body = STR_LIT("{\"n\":1}") },
		      &got) == OK);
	CHECK(str_starts(server.seen, "PUT /x?a=1 HTTP/1.1\r\n"));
	CHECK(strstr(server.seen, "Content-Type: application/json\r\n") != NULL);
	CHECK(strstr(server.seen, "X-Empty:\r\n") != NULL);
	CHECK(str_ends(server.seen, "\r\n\r\n{\"n\":1}"));
	stop_server(&server);
}

TEST(a_redirect_is_not_followed)
{
	Server server;
	HttpAnswer got;

	start_server(&server);
	CHECK(http_send(cx, &(HttpRequest){ .url = url(cx, &server, "/moved") }, &got) == OK);
	CHECK_INT(got.status, 302);
	CHECK_TEXT(http_header(&got, "location"), "/ok");
	stop_server(&server);
}

TEST(a_slow_a_broken_and_an_absent_server_are_unavailable)
{
	Server server;
	HttpAnswer got;
	int64_t start = time_now_us();

	start_server(&server);
	CHECK(http_send(cx, &(HttpRequest){ .url = url(cx, &server, "/slow"), .timeout_ms = 200 },
		      &got) == ERR_UNAVAILABLE);
	CHECK(time_now_us() - start < 500000);
	CHECK(http_send(cx, &(HttpRequest){ .url = url(cx, &server, "/broken") }, &got) ==
		ERR_UNAVAILABLE);
	stop_server(&server);
	CHECK(http_send(cx, &(HttpRequest){ .url = url(cx, &server, "/") }, &got) ==
		ERR_UNAVAILABLE);
	CHECK(http_send(cx, &(HttpRequest){ .url = "http://does-not-exist.invalid/" }, &got) ==
		ERR_UNAVAILABLE);
}

TEST(an_answer_larger_than_allowed_is_cut_off)
{
	Server server;
	HttpAnswer got;

	start_server(&server);
	CHECK(http_send(cx, &(HttpRequest){ .url = url(cx, &server, "/big"), .answer_max = 1000 },
		      &got) == ERR_TOO_LARGE);
	CHECK(http_send(cx, &(HttpRequest){ .url = url(cx, &server, "/big") }, &got) ==
		ERR_TOO_LARGE);
	CHECK(http_send(cx,
		      &(HttpRequest){ .url = url(cx, &server, "/big"), .answer_max = 8 << 20 },
		      &got) == OK);
	CHECK_INT(got.body.len, 4095000);
	CHECK(http_send(cx, &(HttpRequest){ .url = url(cx, &server, "/headers") }, &got) ==
		ERR_TOO_LARGE);
	stop_server(&server);
}

TEST(other_schemes_and_broken_urls_are_refused)
{
	static const char *const bad[] = { "file:///etc/passwd", "ftp://a.example/", "gopher://a/",
		"", "a b", "http://", "//host/x", "javascript:1", "http://[::1", "smtp://h/" };
	HttpAnswer got;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (http_send(cx, &(HttpRequest){ .url = bad[i] }, &got) != ERR_INVALID)
			test_fail(__FILE__, __LINE__, "%s was not refused", bad[i]);
}

TEST(a_header_cannot_smuggle_another)
{
	const HttpHeader header = { "X-A", "1\r\nX-B: 2" };
	HttpAnswer got;

	CHECK(http_send(cx,
		      &(HttpRequest){
			      .url = "http://127.0.0.1:1/", .header = &header, .header_count = 1 },
		      &got) == ERR_INVALID);
}

TEST(a_foreign_url_cannot_reach_this_machine_or_its_network)
{
	Server server;
	HttpAnswer got;
	const char *bad[] = { NULL, "http://localhost/", "http://127.1/", "http://0/",
		"http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://169.254.169.254/latest/",
		"http://10.0.0.1/", "http://192.168.1.1/", "http://2130706433/",
		"http://user:secret@example.com/", "http://example.com:25/",
		"http://example.com:6379/x" };

	start_server(&server);
	bad[0] = url(cx, &server, "/x");
	allow_private(false);
	for (size_t i = 0; i + 1 < COUNT(bad); i++) {
		HttpRequest request = { .url = bad[i], .foreign = true, .timeout_ms = 2000 };

		if (http_send(cx, &request, &got) != ERR_INVALID)
			test_fail(__FILE__, __LINE__, "%s was not refused", bad[i]);
	}
	CHECK_INT(server.seen[0], 0);
	allow_private(true);
	CHECK(http_send(cx, &(HttpRequest){ .url = bad[0], .foreign = true }, &got) == OK);
	allow_private(false);
	CHECK(!http_is_allowed("http://example.com:25/"));
	CHECK(!http_is_allowed("ftp://example.com/"));
	CHECK(!http_is_allowed("http://127.0.0.1:8080/"));
	CHECK(!http_is_allowed("http://127.1:8080/"));
	CHECK(!http_is_allowed("http://2130706433/"));
	CHECK(!http_is_allowed("http://0x7f000001/"));
	CHECK(!http_is_allowed("http://10.1.2.3/"));
	CHECK(!http_is_allowed("http://169.254.169.254/latest"));
	CHECK(!http_is_allowed("http://[::1]:8080/"));
	CHECK(!http_is_allowed("http://[::ffff:10.0.0.1]/"));
	CHECK(!http_is_allowed("https://localhost/"));
	CHECK(!http_is_allowed("https://LOCALHOST:8443/"));
	CHECK(http_is_allowed("https://[2001:4860:4860::8888]/"));
	CHECK(http_is_allowed("https://8.8.8.8/"));
	CHECK(http_is_allowed("https://example.com/hook?x=1"));
	CHECK(http_is_allowed("https://example.com:8443/"));
	stop_server(&server);
}

static bool is_public(const char *text)
{
	struct sockaddr_in ip4 = { .sin_family = AF_INET };
	struct sockaddr_in6 ip6 = { .sin6_family = AF_INET6 };

	if (inet_pton(AF_INET, text, &ip4.sin_addr) == 1)
		return http_is_public((struct sockaddr *)&ip4);
	assert(inet_pton(AF_INET6, text, &ip6.sin6_addr) == 1);
	return http_is_public((struct sockaddr *)&ip6);
}

TEST(public_addresses_are_told_from_the_others)
{
	static const char *const fine[] = { "1.1.1.1", "8.8.8.8", "100.63.255.255", "100.128.0.0",
		"172.15.0.1", "172.32.0.1", "169.253.1.1", "223.255.255.255", "2606:4700::1111",
		"2800:3f0::1", "2001:4860::8888", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8",
		"2002:808:808::1" };
	static const char *const bad[] = { "0.0.0.0", "0.1.2.3", "10.255.1.1", "100.64.0.1",
		"100.127.255.255", "127.0.0.1", "127.255.255.254", "169.254.169.254", "172.16.0.1",
		"172.31.255.255", "192.0.0.1", "192.0.2.7", "192.168.0.1", "198.18.0.1",
		"198.19.255.255", "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.1.1.1",
		"240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1", "::127.0.0.1",
		"64:ff9b::7f00:1", "64:ff9b:1::1", "100::1", "2001::1", "2001:1ff::1",
		"2001:db8::1", "2002:7f00:1::1", "2002:a00:1::1", "fc00::1", "fd12::1", "fe80::1",
		"fec0::1", "ff02::1", "3fff::1", "4000::1" };

	for (size_t i = 0; i < COUNT(fine); i++)
		if (!is_public(fine[i]))
			test_fail(__FILE__, __LINE__, "%s is public", fine[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (is_public(bad[i]))
			test_fail(__FILE__, __LINE__, "%s is not public", bad[i]);
}

TEST(hmac_is_that_of_rfc_4231)
{
	CHECK_TEXT(http_hmac_hex(cx->mem, STR_LIT("Jefe"), STR_LIT("what do ya want for nothing?")),
		"5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

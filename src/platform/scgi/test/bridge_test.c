/* Two processes of one installation: the other one is played by a connection of its own. */
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <libpq-fe.h>

#include "platform/db/notify.h"
#include "platform/scgi/scgi.h"
#include "platform/web/events.h"
#include "test.h"

static char path[100];
static int listening;
static char heard_line[200];

static const char *conninfo(Ctx *cx)
{
	const char *folder = getenv("SISO_TEST_SOCKET");

	CHECK(folder); /* script/test starts PostgreSQL */
	return arena_printf(cx->mem, "host=%s dbname=postgres user=postgres", folder);
}

static int listen_as(Ctx *cx, int company)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char *head = arena_printf(cx->mem,
		"CONTENT_LENGTH|0|METHOD|GET|PATH|/events|HOST|a|COMPANY|%d|USER|9|", company);
	char *request = arena_printf(cx->mem, "%zu:%s,", strlen(head), head);
	size_t size = strlen(request);

	for (char *c = request; *c; c++)
		if (*c == '|')
			*c = '\0';
	memcpy(address.sun_path, path, strlen(path) + 1);
	CHECK(fd >= 0 && !connect(fd, (const struct sockaddr *)&address, sizeof(address)));
	CHECK_INT(write(fd, request, size), size);
	return fd;
}

/* What comes within two seconds until wanted is in it; NULL: the stream ended. */
static const char *read_until(Ctx *cx, int fd, const char *wanted)
{
	Buf all;

	buf_init(&all, cx->mem, 1 << 16);
	for (int i = 0; i < 40 && !strstr(buf_text(&all), wanted); i++) {
		struct pollfd waiting = { .fd = fd, .events = POLLIN };
		char some[1024];
		ssize_t n = poll(&waiting, 1, 50) > 0 ? read(fd, some, sizeof some) : -1;

		if (!n)
			return NULL;
		if (n > 0)
			buf_add(&all, some, (size_t)n);
	}
	return buf_text(&all);
}

static void start(Ctx *cx)
{
	snprintf(path, sizeof path, "%s/siso-bridge-%d", test_folder(), (int)getpid());
	listening = scgi_listen(path);
	CHECK(listening >= 0);
	events_join(conninfo(cx));
	events_start(&(EventsConfig){ .listen_fd = listening });
}

static void stop(void)
{
	events_stop();
	events_leave();
	close(listening);
	unlink(path);
}

static void note_line(const char *text)
{
	snprintf(heard_line, sizeof heard_line, "%s", text);
}

static Notify *other_process(Ctx *cx)
{
	Notify *other = notify_open(conninfo(cx), "siso_events");
	bool is_new;

	CHECK(notify_ready(other, &is_new) && is_new);
	return other;
}

TEST(listeners_hear_what_another_process_publishes)
{
	Notify *other;
	const char *text;
	int a, b;

	start(cx);
	a = listen_as(cx, 1);
	b = listen_as(cx, 2);
	CHECK(strstr(read_until(cx, a, ": hello"), ": hello"));
	CHECK(strstr(read_until(cx, b, ": hello"), ": hello"));
	other = other_process(cx);
	/* until our own thread listens */
	for (int i = 0; i < 40; i++) {
		CHECK(notify_send(other, "0badc0de 1 0 lead.moved {\"id\":4, \"to\":5}"));
		text = read_until(cx, a, "lead.moved");
		if (strstr(text, "lead.moved"))
			break;
	}
	CHECK(strstr(text, "event: lead.moved\ndata: {\"id\":4, \"to\":5}\n\n"));
	/* what is no line of ours is left alone */
	CHECK(notify_send(other, ""));
	CHECK(notify_send(other, "0badc0de x 0 lead.moved {}"));
	CHECK(notify_send(other, "0badc0de 1 0 lead.moved"));
	CHECK(notify_send(other, "0badc0de 2 7 mine {}"));
	CHECK(notify_send(other, "0badc0de 2 9 mine {\"id\":9}"));
	text = read_until(cx, b, "mine");
	CHECK(strstr(text, "data: {\"id\":9}"));
	CHECK(!strstr(text, "lead.moved"));
	notify_close(other);
	close(a);
	close(b);
	stop();
}

TEST(what_we_publish_reaches_other_processes_and_our_own_listeners_once)
{
	const char *text;
	Notify *other;
	int a;

	start(cx);
	a = listen_as(cx, 1);
	CHECK(strstr(read_until(cx, a, ": hello"), ": hello"));
	other = other_process(cx);
	heard_line[0] = '\0';
	events_publish((CompanyId){ 1 }, (UserId){ 0 }, "agenda", "{\"id\":77}");
	for (int i = 0; i < 40 && !heard_line[0]; i++)
		CHECK(notify_wait(other, -1, 50, note_line));
	CHECK(strstr(heard_line, " 1 0 agenda {\"id\":77}"));
	events_publish((CompanyId){ 1 }, (UserId){ 0 }, "last", "{}");
	text = read_until(cx, a, "last");
	CHECK(strstr(text, "agenda"));
	CHECK(!strstr(strstr(text, "agenda") + 1, "agenda"));
	notify_close(other);
	close(a);
	stop();
}

/* End every connection that hears events, but ours. */
static void kill_others(Ctx *cx)
{
	PGconn *conn = PQconnectdb(conninfo(cx));
	PGresult *r = PQexec(conn, "select pg_terminate_backend(pid, 2000) from pg_stat_activity "
				   "where application_name = 'siso events'");

	CHECK_INT(PQntuples(r), 1);
	PQclear(r);
	PQfinish(conn);
}

TEST(who_was_cut_off_ends_its_streams_so_that_pages_are_read_again)
{
	int a;

	start(cx);
	a = listen_as(cx, 1);
	CHECK(strstr(read_until(cx, a, ": hello"), ": hello"));
	usleep(200000); /* its thread has connected */
	kill_others(cx);
	CHECK(!read_until(cx, a, "never"));
	close(a);
	stop();
}

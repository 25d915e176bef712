/* Listeners on a real socket: who hears what. */
#include "platform/web/events.h"
#include "platform/web/test/fake_db.h"
#include "test.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/clock.h"
#include "platform/scgi/scgi.h"

static char path[108];
static int listen_fd;

static void start(int life_s)
{
	snprintf(path, sizeof(path), "%s/siso-events-%d", test_folder(), (int)getpid());
	listen_fd = scgi_listen(path);
	CHECK(listen_fd >= 0);
	events_start(&(EventsConfig){ .listen_fd = listen_fd, .heartbeat_s = 1, .life_s = life_s });
}

static void stop(void)
{
	events_stop();
	close(listen_fd);
	unlink(path);
}

/* pairs: "COMPANY|1|USER|9|" */
static int listen_as(Ctx *cx, const char *pairs)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char *head =
		arena_printf(cx->mem, "CONTENT_LENGTH|0|METHOD|GET|PATH|/events|HOST|a|%s", pairs);
	size_t size = strlen(head);
	char start_of[24];

	for (char *c = head; *c; c++)
		if (*c == '|')
			*c = '\0';
	memcpy(address.sun_path, path, strlen(path) + 1);
	CHECK(fd >= 0 && !connect(fd, (const struct sockaddr *)&address, sizeof(address)));
	snprintf(start_of, sizeof(start_of), "%zu:", size);
	CHECK(write(fd, start_of, strlen(start_of)) > 0);
	CHECK_INT(write(fd, head, size), size);
	CHECK_INT(write(fd, ",", 1), 1);
	return fd;
}

/* All that comes until wanted is in it, or half a second has passed, or the stream ends. */
static const char *hear(Ctx *cx, int fd, const char *wanted)
{
	int64_t end = time_now_us() + 500000;
	Buf heard;

	buf_init(&heard, cx->mem, 1 << 20);
	while (time_now_us() < end && !strstr(buf_text(&heard), wanted)) {
		struct pollfd waiting = { .fd = fd, .events = POLLIN };
		char some[4096];
		ssize_t n = poll(&waiting, 1, 50) > 0 ? read(fd, some, sizeof(some)) : -1;

		if (n == 0)
			break;
		if (n > 0)
			buf_add(&heard, some, (size_t)n);
	}
	return buf_text(&heard);
}

static bool is_ended(int fd)
{
	struct pollfd waiting = { .fd = fd, .events = POLLIN };
	char some[4096];

	while (poll(&waiting, 1, 300) > 0)
		if (read(fd, some, sizeof(some)) <= 0)
			return true;
	return false;
}

TEST(a_listener_hears_its_company_and_nobody_elses)
{
	int a, b, user;

	start(0);
	a = listen_as(cx, "COMPANY|1|USER|9|");
	b = listen_as(cx, "COMPANY|2|USER|9|");
	user = listen_as(cx, "COMPANY|1|USER|8|");
	CHECK(str_starts(
		hear(cx, a, ": hello"), "Status: 200 OK\r\nContent-Type: text/event-stream"));
	(void)hear(cx, b, ": hello");
	(void)hear(cx, user, ": hello");
	events_publish((CompanyId){ 1 }, (UserId){ 0 }, "lead.moved", "{\"id\":4}");
	events_publish((CompanyId){ 1 }, (UserId){ 8 }, "notice", "{\"id\":5}");
	CHECK(strstr(hear(cx, user, "notice"), "event: notice\ndata: {\"id\":5}\n\n"));
	CHECK(strstr(hear(cx, a, "moved"), "event: lead.moved\ndata: {\"id\":4}\n\n"));
	CHECK(!strstr(hear(cx, a, "notice"), "notice"));
	CHECK(!strstr(hear(cx, b, "event"), "event"));
	close(a);
	close(b);
	close(user);
	stop();
}

TEST(a_listener_whom_the_router_did_not_name_is_refused)
{
	int fd;

	start(0);
	fd = listen_as(cx, "USER|9|");
	CHECK(str_starts(hear(cx, fd, "\r\n\r\n"), "Status: 403"));
	CHECK(is_ended(fd));
	close(fd);
	fd = listen_as(cx, "COMPANY|1x|USER|9|");
	CHECK(str_starts(hear(cx, fd, "\r\n\r\n"), "Status: 403"));
	close(fd);
	stop();
}

TEST(who_comes_back_hears_what_was_missed)
{
	const char *first, *id;
	int fd;

	start(0);
	fd = listen_as(cx, "COMPANY|1|USER|9|");
	(void)hear(cx, fd, ": hello");
	events_publish((CompanyId){ 1 }, (UserId){ 0 }, "one", "{}");
	first = hear(cx, fd, "one");
	close(fd);
	id = strstr(first, "id: ");
	CHECK(id);
	events_publish((CompanyId){ 1 }, (UserId){ 0 }, "two", "{}");
	events_publish((CompanyId){ 2 }, (UserId){ 0 }, "other", "{}");
	usleep(50000);
	fd = listen_as(cx, arena_printf(cx->mem, "COMPANY|1|USER|9|LAST_EVENT_ID|%.*s|",
				   (int)strcspn(id + 4, "\n"), id + 4));
	first = hear(cx, fd, "two");
	CHECK(strstr(first, "event: two"));
	CHECK(!strstr(first, "event: one"));
	CHECK(!strstr(first, "other"));
	close(fd);
	stop();
}

TEST(an_idle_stream_is_kept_alive_and_ends_in_time)
{
	int fd;

	start(2);
	fd = listen_as(cx, "COMPANY|1|USER|9|");
	(void)hear(cx, fd, ": hello");
	usleep(1200000);
	CHECK(strstr(hear(cx, fd, ":\n\n"), ":\n\n"));
	usleep(1500000);
	CHECK(is_ended(fd));
	close(fd);
	stop();
}

TEST(a_listener_that_does_not_read_holds_nobody_up)
{
	char data[4000];
	int deaf, other;

	memset(data, 'x', sizeof(data) - 1);
	data[sizeof(data) - 1] = '\0';
	start(0);
	deaf = listen_as(cx, "COMPANY|1|USER|1|");
	other = listen_as(cx, "COMPANY|2|USER|2|");
	(void)hear(cx, deaf, ": hello");
	(void)hear(cx, other, ": hello");
	for (int i = 0; i < 200; i++)
		events_publish((CompanyId){ 1 }, (UserId){ 0 }, "big", data);
	events_publish((CompanyId){ 2 }, (UserId){ 0 }, "small", "{}");
	CHECK(strstr(hear(cx, other, "small"), "event: small"));
	CHECK(is_ended(deaf));
	close(deaf);
	close(other);
	stop();
}

TEST(what_is_published_before_the_start_is_nobodys)
{
	int fd;

	events_publish((CompanyId){ 1 }, (UserId){ 0 }, "early", "{}");
	start(0);
	fd = listen_as(cx, "COMPANY|1|USER|9|LAST_EVENT_ID|00000000-0|");
	CHECK(!strstr(hear(cx, fd, "early"), "early"));
	close(fd);
	stop();
}

TEST(a_change_is_told_after_its_commit)
{
	int fd;

	start(0);
	fd = listen_as(cx, "COMPANY|1|USER|9|");
	(void)hear(cx, fd, ": hello");
	events_publish_later(cx, (UserId){ 0 }, "lead.moved", "{\"id\":1}");
	CHECK(strstr(hear(cx, fd, "moved"), "event: lead.moved"));
	CHECK_TEXT(fake_db.story, "after");
	close(fd);
	stop();
}

/* The supervisor's parts that need no process: texts of configuration, files, and when a child
 * comes back. The whole is tested by up.test.mjs. */
#include "test.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/clock.h"
#include "program/child.h"
#include "program/home.h"
#include "program/nginx_conf.h"
#include "program/services.h"

static NginxConf plain_conf(void)
{
	return (NginxConf){
		.data = "/srv/siso", .bind = "127.0.0.1", .port = 8080, .workers = 2, .files = 20000
	};
}

static int64_t setting(const char *text, const char *name)
{
	const char *found = strstr(text, name);

	return found ? strtol(found + strlen(name), NULL, 10) : -1;
}

TEST(nginx_conf_has_no_mark_left_and_names_its_folder)
{
	NginxConf conf = plain_conf();
	const char *text = nginx_conf_text(cx->mem, &conf);

	CHECK(!strchr(text, '@'));
	CHECK(strstr(text, "server \"unix:/srv/siso/run/app.sock\" max_fails=0;") != NULL);
	CHECK(strstr(text, "server \"unix:/srv/siso/run/./app.sock\" max_fails=0;") != NULL);
	CHECK(strstr(text, "worker_connections 9000;") != NULL);
}

TEST(nginx_conf_fits_on_a_page)
{
	NginxConf conf = plain_conf();
	int lines = 0;

	conf.static_dir = "/srv/static";
	for (const char *p = nginx_conf_text(cx->mem, &conf); *p; p++)
		lines += *p == '\n';
	CHECK(lines < 120);
}

TEST(nginx_conf_passes_exactly_the_names_that_the_program_knows)
{
	static const char *const names[] = { "METHOD", "PATH", "QUERY", "HOST", "PEER",
		"REQUEST_ID", "HTTPS", "COOKIE", "TYPE", "ACCEPT", "ORIGIN", "SITE",
		"IF_NONE_MATCH", "IF_MATCH", "IDEMPOTENCY_KEY", "AUTHORIZATION", "HX_REQUEST",
		"USER_AGENT", "BODY_FILE", "FILE_NAME", "ACCEPT_ENCODING", "LAST_EVENT_ID",
		"COMPANY", "USER" };
	NginxConf conf = plain_conf();
	const char *text = nginx_conf_text(cx->mem, &conf);

	for (size_t i = 0; i < COUNT(names); i++)
		CHECK(strstr(text, arena_printf(cx->mem, "scgi_param %s $", names[i])) != NULL);
	for (const char *p = strstr(text, "scgi_param "); p; p = strstr(p, "scgi_param ")) {
		bool known = false;

		p += strlen("scgi_param ");
		for (size_t i = 0; i < COUNT(names); i++)
			known = known || strncmp(p, names[i], strcspn(p, " ")) == 0;
		CHECK(known);
	}
}

TEST(nginx_listens_where_it_is_told)
{
	NginxConf conf = plain_conf();

	CHECK(!strstr(nginx_conf_text(cx->mem, &conf), "[::"));
	conf.ipv6 = true;
	CHECK(strstr(nginx_conf_text(cx->mem, &conf), "listen [::1]:8080") != NULL);
	conf.bind = "*";
	CHECK(strstr(nginx_conf_text(cx->mem, &conf), "listen 8080 ") != NULL);
	CHECK(strstr(nginx_conf_text(cx->mem, &conf), "listen [::]:8080 ") != NULL);
	conf.bind = "10.0.0.7";
	CHECK(strstr(nginx_conf_text(cx->mem, &conf), "listen 10.0.0.7:8080 ") != NULL);
	CHECK(!strstr(nginx_conf_text(cx->mem, &conf), "[::"));
	conf.bind = "fe80::7";
	CHECK(strstr(nginx_conf_text(cx->mem, &conf), "listen [fe80::7]:8080 ") != NULL);
}

TEST(nginx_serves_brotli_only_where_the_module_is)
{
	NginxConf conf = plain_conf();

	conf.static_dir = "/srv/static";
	CHECK(!strstr(nginx_conf_text(cx->mem, &conf), "brotli"));
	conf.brotli = true;
	CHECK(strstr(nginx_conf_text(cx->mem, &conf), "load_module /") != NULL);
	CHECK(strstr(nginx_conf_text(cx->mem, &conf), "brotli_static on;") != NULL);
}

TEST(postgres_is_sized_to_the_machine_and_always_durable)
{
	const char *small = postgres_settings(cx->mem, "/srv/siso/run", 4096, 100000);
	const char *large = postgres_settings(cx->mem, "/srv/siso/run", 24576, 100000);
	const char *tiny = postgres_settings(cx->mem, "/srv/siso/run", 256, 900);

	CHECK_INT(setting(small, "shared_buffers = "), 512);
	CHECK_INT(setting(large, "shared_buffers = "), 6144);
	CHECK_INT(setting(tiny, "shared_buffers = "), 64);
	CHECK_INT(setting(small, "max_wal_size = "), 2048);
	CHECK_INT(setting(large, "max_wal_size = "), 8192);
	CHECK_INT(setting(tiny, "max_wal_size = "), 128);
	CHECK(strstr(tiny, "synchronous_commit = on\n") != NULL);
	CHECK(strstr(tiny, "full_page_writes = on\n") != NULL);
	CHECK(strstr(tiny, "listen_addresses = ''\n") != NULL);
	CHECK(strstr(tiny, "log_parameter_max_length = 0\n") != NULL);
}

TEST(a_child_that_keeps_failing_is_started_ever_more_rarely)
{
	Child child = { .name = "x", .wanted = true };
	int64_t delay = 0, before = 0;

	for (int i = 0; i < 12; i++) {
		child.pid = 1 << 30; /* nobody's */
		child.since_us = time_now_us();
		child_ended(&child, 0);
		delay = child.due_us - time_now_us();
		CHECK(delay >= before - 1000);
		before = delay;
	}
	CHECK(delay > 29 * 1000000 && delay <= 30 * 1000000);
	child.pid = 1 << 30;
	child.since_us = time_now_us() - 60 * 1000000;
	child_ended(&child, 0);
	CHECK(child.due_us - time_now_us() <= 100000);
}

TEST(a_child_that_is_not_wanted_stays_away)
{
	Child child = { .name = "x", .pid = 1 << 30 };

	child_ended(&child, 0);
	CHECK_INT(child.due_us, 0);
	CHECK_INT(child.pid, 0);
}

static const char *scratch(Ctx *cx)
{
	char *folder = test_scratch(cx->mem, "siso-program-XXXXXX");

	CHECK(mkdtemp(folder) != NULL);
	return folder;
}

TEST(a_file_is_replaced_whole_and_with_its_mode)
{
	const char *folder = scratch(cx);
	const char *path = arena_printf(cx->mem, "%s/a", folder);
	struct stat info;

	CHECK(file_write(path, "one", 0644));
	CHECK(file_write(path, "two", 0600));
	CHECK_TEXT(file_read(cx->mem, path), "two");
	CHECK(stat(path, &info) == 0 && (info.st_mode & 0777) == 0600);
	CHECK(access(arena_printf(cx->mem, "%s.new", path), F_OK) != 0);
	CHECK(!file_write(arena_printf(cx->mem, "%s/no/such", folder), "x", 0600));
	CHECK(file_read(cx->mem, arena_printf(cx->mem, "%s/none", folder)) == NULL);
	unlink(path);
	rmdir(folder);
}

TEST(a_log_that_grew_too_large_is_cut_while_its_writer_lives)
{
	const char *folder = scratch(cx);
	const char *path = arena_printf(cx->mem, "%s/log", folder);
	const char *old = arena_printf(cx->mem, "%s.1", path);
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	CHECK(write(fd, "first\n", 6) == 6);
	log_cut(path, 100);
	CHECK_TEXT(file_read(cx->mem, path), "first\n");
	log_cut(path, 5);
	CHECK(write(fd, "second\n", 7) == 7);
	CHECK_TEXT(file_read(cx->mem, path), "second\n");
	CHECK_TEXT(file_read(cx->mem, old), "first\n");
	CHECK(log_says(path, "second") && !log_says(path, "first"));
	close(fd);
	unlink(path);
	unlink(old);
	rmdir(folder);
}

/* deploy/ holds what a machine's own nginx needs; it must not drift from what siso up writes. */
static char *deployed(Ctx *cx, const char *name)
{
	const char *root = getenv("SISO_SOURCE");

	return file_read(cx->mem, arena_printf(cx->mem, "%s/deploy/%s", root ? root : ".", name));
}

TEST(the_pages_of_a_real_server_are_those_of_siso_up)
{
	CHECK_TEXT(deployed(cx, "pages/busy.html"), nginx_busy_html);
	CHECK_TEXT(deployed(cx, "pages/busy.json"), nginx_busy_json);
	CHECK_TEXT(deployed(cx, "pages/large.html"), nginx_large_html);
	CHECK_TEXT(deployed(cx, "pages/large.json"), nginx_large_json);
	CHECK_TEXT(deployed(cx, "pages/many.html"), nginx_many_html);
	CHECK_TEXT(deployed(cx, "pages/many.json"), nginx_many_json);
}

TEST(the_nginx_of_a_real_server_tells_the_program_the_same)
{
	NginxConf conf = plain_conf();
	char *theirs = deployed(cx, "nginx.conf");
	Str ours = str_of(nginx_conf_text(cx->mem, &conf)), line;
	int compared = 0;

	CHECK(theirs != NULL);
	while (theirs && str_cut(&ours, '\n', &line)) {
		const char *text = arena_copy(cx->mem, line.ptr, line.len);

		if (str_starts(text, "daemon off"))
			continue; /* how many processes: the machine's own matter */
		if (!strstr(text, "scgi_param ") && !strstr(text, "limit_") &&
			!strstr(text, "map ") && !strstr(text, "_timeout ") &&
			!strstr(text, "error_page "))
			continue;
		if (!strstr(theirs, text))
			test_fail(__FILE__, __LINE__, "deploy/nginx.conf lacks: %s", text);
		compared++;
	}
	CHECK(compared > 30);
}

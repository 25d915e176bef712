/* nginx: the private front. It runs as the same user as the program, because the files of uploads
 * are its own (0600). */
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/str.h"
#include "program/nginx_conf.h"
#include "program/services.h"

#define NGINX "/usr/sbin/nginx"

enum { START_S = 15, STOP_S = 8, FILES_MAX = 20000, WORKERS_MAX = 8 };

static bool has_ipv6(void)
{
	struct sockaddr_in6 address = { .sin6_family = AF_INET6,
		.sin6_addr = IN6ADDR_LOOPBACK_INIT };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 && bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0;

	if (fd >= 0)
		close(fd);
	return has;
}

static int open_files(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max > FILES_MAX)
		return FILES_MAX;
	return (int)limit.rlim_max;
}

static bool write_pages(Arena *mem, const Home *home)
{
	static const char *const name[] = { "busy.html", "busy.json", "large.html", "large.json",
		"many.html", "many.json" };
	const char *const text[] = { nginx_busy_html, nginx_busy_json, nginx_large_html,
		nginx_large_json, nginx_many_html, nginx_many_json };
	const char *folder = arena_printf(mem, "%s/pages", home->nginx);

	if (!folder_make(folder, 0700))
		return false;
	for (size_t i = 0; i < COUNT(name); i++) {
		const char *path = arena_printf(mem, "%s/%s", folder, name[i]);

		if (!str_same(file_read(mem, path), text[i]) && !file_write(path, text[i], 0600))
			return false;
	}
	return true;
}

static NginxConf conf_of(const Home *home)
{
	long processors = sysconf(_SC_NPROCESSORS_ONLN);

	return (NginxConf){ .data = home->data,
		.static_dir = home->static_dir,
		.bind = home->bind,
		.port = home->port,
		.files = open_files(),
		.ipv6 = has_ipv6(),
		.workers =
			processors > 0 && processors < WORKERS_MAX ? (int)processors : WORKERS_MAX,
		.brotli = access(NGINX_BROTLI, R_OK) == 0 };
}

bool nginx_configure(Up *up, bool *ret_changed)
{
	const Home *home = &up->home;
	Arena *mem = arena_new(ARENA_LIMIT);
	const char *path = arena_printf(mem, "%s/nginx.conf", home->nginx);
	NginxConf conf = conf_of(home);
	const char *text = nginx_conf_text(mem, &conf);
	bool written;

	*ret_changed = !str_same(file_read(mem, path), text);
	written = write_pages(mem, home) && (!*ret_changed || file_write(path, text, 0600));
	if (!written)
		say_problem("não foi possível gravar em %s: %s\n  Confira o espaço (df -h).",
			home->nginx, strerror(errno));
	arena_free(mem);
	return written;
}

/* Its pid file is written once the port is bound. */
static bool is_ready(Up *up)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	char *text = file_read(mem, arena_printf(mem, "%s/nginx.pid", up->home.run));
	bool ready = text && strtol(text, NULL, 10) == up->child[CHILD_NGINX].pid;

	arena_free(mem);
	return ready;
}

bool nginx_start(Up *up)
{
	Home *home = &up->home;
	Child *child = &up->child[CHILD_NGINX];
	Waited waited = WAIT_DIED;
	bool changed;
	Step step;

	if (access(NGINX, X_OK) != 0) {
		say_problem("o nginx não está instalado.\n  Instale: script/bootstrap packages");
		return false;
	}
	if (!nginx_configure(up, &changed))
		return false;
	*child = (Child){ .name = "nginx", .stop_signal = SIGQUIT, .stop_s = STOP_S };
	child->log = arena_printf(home->mem, "%s/nginx.log", home->log);
	child_args(child, NGINX, "-p", home->nginx, "-e", child->log, "-c",
		arena_printf(home->mem, "%s/nginx.conf", home->nginx));
	step_begin(&step, "nginx");
	if (child_start(child))
		waited = supervise_wait(up, CHILD_NGINX, is_ready, START_S, &step);
	if (waited == WAIT_DONE) {
		child->wanted = true;
		step_end(&step);
		return true;
	}
	step_fail(&step);
	if (waited != WAIT_STOPPED) {
		say_tail(child->log, 12);
		say_problem("o nginx não começou. O registro completo está em %s", child->log);
	}
	return false;
}

/* redis: the queue's memory. PostgreSQL holds the truth, so a log that Redis can no longer read is
 * put aside and the queue is filled again from there. */
#include <errno.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/clock.h"
#include "core/str.h"
#include "program/services.h"

enum { START_S = 60, STOP_S = 20 };

static const char *settings(const Home *home)
{
	return arena_printf(home->mem,
		"# Written by siso at each start.\n"
		"port 0\n"
		"unixsocket \"%s/redis.sock\"\n"
		"unixsocketperm 700\n"
		"dir \"%s\"\n"
		"daemonize no\n"
		"databases 1\n"
		"save \"\"\n"
		"appendonly yes\n"
		"appendfsync everysec\n"
		"aof-load-truncated yes\n"
		"maxmemory-policy noeviction\n",
		home->run, home->redis);
}

/* It takes connections, and has read its log. */
bool redis_answers(Up *up)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval patience = { 1, 0 };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char answer[8] = "";
	bool ready;

	snprintf(address.sun_path, sizeof(address.sun_path), "%s/redis.sock", up->home.run);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	ready = connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0 &&
		write(fd, "PING\r\n", 6) == 6 && read(fd, answer, sizeof(answer) - 1) > 0 &&
		str_starts(answer, "+PONG");
	close(fd);
	return ready;
}

static void put_log_aside(const Home *home)
{
	const char *from = arena_printf(home->mem, "%s/appendonlydir", home->redis);
	const char *to = arena_printf(home->mem, "%s.ruim-%" PRId64, from, time_now());

	if (rename(from, to) == 0)
		say("  O registro da fila estava ilegível e foi guardado em %s.\n"
		    "  A fila é refeita a partir do banco de dados.",
			to);
}

bool redis_start(Up *up)
{
	Home *home = &up->home;
	Child *child = &up->child[CHILD_REDIS];
	const char *conf = arena_printf(home->mem, "%s/redis.conf", home->redis);
	Waited waited = WAIT_DIED;
	Step step;

	if (access("/usr/bin/redis-server", X_OK) != 0) {
		say_problem("o Redis não está instalado.\n  Instale: script/bootstrap packages\n"
			    "  Ou fique sem ele: REDIS_URL=none script/server");
		return false;
	}
	*child = (Child){ .name = "Redis", .stop_signal = SIGTERM, .stop_s = STOP_S };
	child->log = arena_printf(home->mem, "%s/redis.log", home->log);
	child_args(child, "/usr/bin/redis-server", conf);
	step_begin(&step, "Redis");
	for (int round = 0; round < 2 && waited == WAIT_DIED; round++) {
		if (round == 1 && !log_says(child->log, "reading the append only file"))
			break;
		if (round == 1)
			put_log_aside(home);
		if (file_write(conf, settings(home), 0600) && child_start(child))
			waited = supervise_wait(up, CHILD_REDIS, redis_answers, START_S, &step);
	}
	if (waited == WAIT_DONE) {
		child->wanted = true;
		step_end(&step);
		return true;
	}
	step_fail(&step);
	if (waited != WAIT_STOPPED) {
		say_tail(child->log, 12);
		say_problem("o Redis não começou. O registro completo está em %s\n"
			    "  Para seguir sem ele: REDIS_URL=none script/server",
			child->log);
	}
	return false;
}

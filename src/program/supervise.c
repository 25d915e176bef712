/* supervise: one thread, one poll. A signalfd brings signals as data, so nothing runs inside a
 * handler. */
#include "program/supervise.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"

enum {
	TURN_MS = 20,
	/* Requests wait in the socket's backlog for a web program that comes back sooner than this;
	 * else they are turned away, and nginx shows the page that says so. */
	PATIENCE_US = 2 * 1000000,
	DISK_LOW_MB = 50,
	STOP_AGAIN_S = 5,
};

bool supervise_open(Up *up)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	up->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (up->signals >= 0)
		return true;
	say_problem(
		"não foi possível preparar os sinais: %s\n  Confira o limite de arquivos abertos "
		"(ulimit -n).",
		strerror(errno));
	return false;
}

static void read_signals(Up *up)
{
	struct signalfd_siginfo info;

	while (read(up->signals, &info, sizeof(info)) == (ssize_t)sizeof(info)) {
		if (info.ssi_signo == SIGINT || info.ssi_signo == SIGTERM)
			up->stops++;
		else if (info.ssi_signo == SIGHUP)
			up->reload = true;
	}
}

static void say_end(Up *up, const Child *child)
{
	int64_t room = home_free_bytes(up->home.data);
	Arena *mem = arena_new(ARENA_LIMIT);

	say("  %s parou (%s); volta em %.1f s. Registro: %s", child->name,
		child_end_text(mem, child->status), (double)(child->due_us - time_now_us()) / 1e6,
		child->log);
	if (room >= 0 && room < (int64_t)DISK_LOW_MB << 20)
		say("  Disco cheio: restam %" PRId64
		    " MB em %s. Libere espaço; o Siso volta sozinho.",
			room >> 20, up->home.data);
	arena_free(mem);
}

static void reap(Up *up)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0) {
		for (size_t i = 0; i < CHILD_COUNT; i++) {
			Child *child = &up->child[i];

			if (child->pid != pid)
				continue;
			child_ended(child, status);
			if (child->wanted && !child->told && !up->stopping)
				say_end(up, child);
		}
	}
}

static void start_due(Up *up)
{
	int64_t now = time_now_us();

	if (up->stopping)
		return;
	for (size_t i = 0; i < CHILD_COUNT; i++) {
		Child *child = &up->child[i];

		if (child->pid || !child->wanted || !child->due_us || child->due_us > now)
			continue;
		if (!child_start(child)) {
			child->failures++;
			child->due_us = now + PATIENCE_US;
		}
	}
}

/* Nobody will answer soon: during the start, or while the web program keeps failing. */
static bool must_turn_away(const Up *up)
{
	const Child *web = &up->child[CHILD_WEB];

	return up->pages > 0 && up->child[CHILD_NGINX].pid && !web->pid &&
	       !up->child[CHILD_WEB_NEXT].pid &&
	       (!web->due_us || web->due_us - time_now_us() > PATIENCE_US);
}

/* Accept and close: nginx takes that for a failed program and answers 503 with its own page. */
static void turn_away(int listener)
{
	int fd;

	while ((fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK)) >= 0)
		close(fd);
}

void supervise_turn(Up *up, int wait_ms)
{
	bool away = must_turn_away(up);
	struct pollfd fds[3] = { 0 };

	fds[0].fd = up->signals;
	fds[1].fd = away ? up->pages : -1;
	fds[2].fd = away ? up->events : -1;
	for (size_t i = 0; i < COUNT(fds); i++)
		fds[i].events = POLLIN;
	poll(fds, COUNT(fds), wait_ms);
	read_signals(up);
	reap(up);
	if (fds[1].revents)
		turn_away(up->pages);
	if (fds[2].revents)
		turn_away(up->events);
	start_due(up);
}

Waited supervise_wait(Up *up, ChildName name, bool (*ready)(Up *up), int seconds, Step *step)
{
	int64_t until = time_now_us() + (int64_t)seconds * 1000000;

	while (!ready(up)) {
		if (up->stops && !up->stopping)
			return WAIT_STOPPED;
		if (!up->child[name].pid)
			return WAIT_DIED;
		if (time_now_us() > until)
			return WAIT_LATE;
		supervise_turn(up, TURN_MS);
		if (step)
			step_tick(step);
	}
	return WAIT_DONE;
}

static bool tool_ended(Up *up)
{
	return !up->child[CHILD_TOOL].pid;
}

Waited supervise_run(Up *up, int seconds, Step *step)
{
	Child *tool = &up->child[CHILD_TOOL];
	Waited waited;

	if (!child_start(tool))
		return WAIT_DIED;
	waited = supervise_wait(up, CHILD_TOOL, tool_ended, seconds, step);
	if (waited == WAIT_DONE)
		return WIFEXITED(tool->status) && WEXITSTATUS(tool->status) == 0 ? WAIT_DONE
										 : WAIT_DIED;
	supervise_stop(up, CHILD_TOOL);
	return waited;
}

void supervise_stop(Up *up, ChildName name)
{
	Child *child = &up->child[name];
	int64_t until = time_now_us() + (int64_t)child->stop_s * 1000000;
	int stops = up->stops;

	child->wanted = false;
	child->due_us = 0;
	if (!child->pid)
		return;
	kill(child->pid, child->stop_signal);
	while (child->pid) {
		supervise_turn(up, TURN_MS);
		/* Asked again: hurry. PostgreSQL alone keeps its time, to write its last
		 * checkpoint. */
		if (up->stops > stops && name != CHILD_POSTGRES)
			until = 0;
		if (child->pid && time_now_us() > until) {
			kill(-child->pid, name == CHILD_POSTGRES ? SIGQUIT : SIGKILL);
			until = time_now_us() + (int64_t)STOP_AGAIN_S * 1000000;
		}
	}
}

void supervise_stop_all(Up *up)
{
	static const ChildName order[] = { CHILD_TOOL, CHILD_NGINX, CHILD_WEB_NEXT, CHILD_WEB,
		CHILD_WORK, CHILD_REDIS, CHILD_POSTGRES };

	up->stopping = true;
	for (size_t i = 0; i < COUNT(order); i++) {
		/* The worker finishes its jobs while the web program answers its last requests. */
		if (order[i] == CHILD_WEB && up->child[CHILD_WORK].pid)
			kill(up->child[CHILD_WORK].pid, SIGTERM);
		supervise_stop(up, order[i]);
	}
}

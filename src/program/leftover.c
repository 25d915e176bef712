/* leftover: find by /proc who holds a lock file open, and end it gently, then not. */
#include "program/leftover.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/str.h"
#include "program/say.h"

enum {
	GRACE_MS = 8000, /* for what the parent's death has already asked of them */
	GENTLE_MS = 20000,
	TURN_MS = 50,
};

static bool holds(Arena *mem, const char *pid, const char *lock)
{
	const char *place = arena_printf(mem, "/proc/%s/fd", pid);
	DIR *fds = opendir(place);
	bool found = false;

	if (!fds)
		return false; /* gone, or another user's: then it is not ours */
	for (struct dirent *fd; !found && (fd = readdir(fds));) {
		char target[PATH_MAX];
		ssize_t size = readlink(
			arena_printf(mem, "%s/%s", place, fd->d_name), target, sizeof(target) - 1);

		if (size < 0)
			continue;
		target[size] = '\0';
		found = strcmp(target, lock) == 0;
	}
	closedir(fds);
	return found;
}

/* PostgreSQL takes SIGINT as "disconnect all and stop"; its SIGTERM would wait for its clients. */
static int gentle_signal(Arena *mem, const char *pid)
{
	char *name = file_read(mem, arena_printf(mem, "/proc/%s/comm", pid));

	return name && str_starts(name, "postgres") ? SIGINT : SIGTERM;
}

static void signal_holders(const Home *home, bool gentle)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	const char *lock = arena_printf(mem, "%s/descendants.lock", home->run);
	DIR *processes = opendir("/proc");

	for (struct dirent *entry; processes && (entry = readdir(processes));) {
		int64_t pid;

		if (!str_int64(str_of(entry->d_name), &pid) || pid == getpid() ||
			!holds(mem, entry->d_name, lock))
			continue;
		kill((pid_t)pid, gentle ? gentle_signal(mem, entry->d_name) : SIGKILL);
	}
	if (processes)
		closedir(processes);
	arena_free(mem);
}

static bool wait_for_lock(const Home *home, Step *step, int ms)
{
	for (; ms > 0; ms -= TURN_MS) {
		if (flock(home->descendants, LOCK_EX | LOCK_NB) == 0)
			return true;
		if (errno != EWOULDBLOCK && errno != EINTR)
			return false;
		if (step)
			step_tick(step);
		usleep(TURN_MS * 1000);
	}
	return false;
}

static void remove_traces(const Home *home)
{
	static const char *const trace[] = { ".s.PGSQL.5432", ".s.PGSQL.5432.lock", "redis.sock",
		"nginx.pid" };

	for (size_t i = 0; i < COUNT(trace); i++)
		unlink(arena_printf(home->mem, "%s/%s", home->run, trace[i]));
	/* Its pid may be anybody's by now; PostgreSQL would take that for a running server. */
	unlink(arena_printf(home->mem, "%s/postmaster.pid", home->postgres));
}

bool leftover_end(Home *home)
{
	Step step;
	bool ended;

	if (!wait_for_lock(home, NULL, TURN_MS)) {
		step_begin(&step, "Esperando terminar o que ficou da execução anterior");
		ended = wait_for_lock(home, &step, GRACE_MS);
		for (int round = 0; !ended && round < 2; round++) {
			signal_holders(home, /* gentle= */ round == 0);
			ended = wait_for_lock(home, &step, GENTLE_MS);
		}
		if (!ended) {
			step_fail(&step);
			say_problem("ainda há processos de uma execução anterior em %s.\n"
				    "  Veja quais: fuser -v %s/descendants.lock",
				home->data, home->run);
			return false;
		}
		step_end(&step);
	}
	remove_traces(home);
	return true;
}

/* child: fork, arrange, exec. The supervisor has one thread, so the child may prepare itself at
 * leisure. */
#include "program/child.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/clock.h"

enum {
	STEADY_US = 20 * 1000000, /* who lived that long had not failed */
	DELAY_FIRST_US = 100000,
	DELAY_MAX_US = 30 * 1000000,
	EXIT_NOT_STARTED = 127,
};

static void add(const char **list, size_t room, const char *text)
{
	size_t i = 0;

	while (list[i])
		i++;
	assert(i + 1 < room);
	list[i] = text;
}

void child_add_args(Child *child, const char *const *args)
{
	for (size_t i = 0; args[i]; i++)
		add(child->argv, CHILD_ARGS_MAX, args[i]);
}

void child_env(Child *child, const char *assignment)
{
	add(child->env, CHILD_ENVS_MAX, assignment);
}

void child_fd(Child *child, int fd)
{
	size_t i = 0;

	while (child->fd[i])
		i++;
	assert(i < CHILD_FDS_MAX);
	child->fd[i] = fd;
}

void child_clear(Child *child)
{
	assert(!child->pid);
	arena_free(child->mem);
	*child = (Child){ 0 };
}

static void set_env(const char *assignment)
{
	const char *equals = strchr(assignment, '=');
	char name[64];

	assert(equals && (size_t)(equals - assignment) < sizeof(name));
	memcpy(name, assignment, (size_t)(equals - assignment));
	name[equals - assignment] = '\0';
	setenv(name, equals + 1, 1);
}

_Noreturn static void become_child(const Child *child, pid_t parent, int log)
{
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	char *argv[CHILD_ARGS_MAX];
	sigset_t none;

	/* A session of its own: Ctrl-C reaches the supervisor alone, and the kernel's scheduler
	 * groups the program apart from what loads it (src/platform/scgi/README.md). */
	setsid();
	prctl(PR_SET_PDEATHSIG, child->stop_signal);
	if (getppid() != parent)
		_exit(EXIT_NOT_STARTED); /* died before the line above */
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(null, STDIN_FILENO);
	dup2(log, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	for (size_t i = 0; i < CHILD_FDS_MAX && child->fd[i]; i++)
		fcntl(child->fd[i], F_SETFD, 0);
	for (size_t i = 0; child->env[i]; i++)
		set_env(child->env[i]);
	for (size_t i = 0; i < CHILD_ARGS_MAX; i++)
		argv[i] = child->argv[i] ? strdup(child->argv[i]) : NULL;
	execv(argv[0], argv);
	dprintf(STDERR_FILENO, "could not start %s: %m\n", argv[0]);
	_exit(EXIT_NOT_STARTED);
}

bool child_start(Child *child)
{
	int log = open(child->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	pid_t parent = getpid(), pid;

	if (log < 0)
		return false;
	pid = fork();
	if (pid == 0)
		become_child(child, parent, log);
	close(log);
	if (pid < 0)
		return false;
	child->pid = pid;
	child->since_us = time_now_us();
	child->due_us = 0;
	child->told = false;
	return true;
}

void child_ended(Child *child, int status)
{
	int64_t now = time_now_us(), delay = DELAY_FIRST_US;

	/* nginx's workers outlive a killed master and keep its port. */
	if (!child->spare_group)
		kill(-child->pid, SIGKILL);
	child->pid = 0;
	child->status = status;
	if (!child->wanted)
		return;
	child->failures =
		child->told || now - child->since_us > STEADY_US ? 0 : child->failures + 1;
	if (child->told)
		delay = 0;
	for (int i = 1; i < child->failures && delay < DELAY_MAX_US; i++)
		delay *= 2;
	child->due_us = now + (delay < DELAY_MAX_US ? delay : DELAY_MAX_US);
}

const char *child_end_text(Arena *mem, int status)
{
	if (WIFSIGNALED(status))
		return arena_printf(
			mem, "sinal %d, %s", WTERMSIG(status), strsignal(WTERMSIG(status)));
	return arena_printf(mem, "código %d", WEXITSTATUS(status));
}

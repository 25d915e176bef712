/* child: one process that the supervisor starts: in its own process group (Ctrl-C reaches only the
 * supervisor, which stops all in order), told to stop when the supervisor dies, its output in a
 * log. */
#ifndef PROGRAM_CHILD_H
#define PROGRAM_CHILD_H

#include <sys/types.h>

#include "core/arena.h"

enum { CHILD_ARGS_MAX = 24, CHILD_ENVS_MAX = 24, CHILD_FDS_MAX = 3 };

typedef struct Child {
	const char *name; /* for the person: "PostgreSQL", "web" */
	const char *log;  /* path; standard output and error are appended to it */
	const char *argv[CHILD_ARGS_MAX];
	const char *env[CHILD_ENVS_MAX]; /* "NAME=value", on top of the supervisor's */
	int fd[CHILD_FDS_MAX];           /* kept open over the exec; 0: none */
	int stop_signal;                 /* asks for an orderly end */
	int stop_s;                      /* how long that may take before SIGKILL */
	bool spare_group; /* an unexpected end does not kill what is left of its group */

	Arena *mem; /* of argv and env, when they are the child's own; or NULL */

	pid_t pid;        /* 0: not running */
	int status;       /* of the last end, as of waitpid */
	bool wanted;      /* started again when it ends */
	bool told;        /* its next end was asked for: no failure, started again at once */
	int failures;     /* ends in a row soon after the start */
	int64_t since_us; /* of the last start */
	int64_t due_us;   /* when it is started again; 0: not waiting */
} Child;

/* child_args(child, "/bin/true", "-x"): the command line, program first. */
#define child_args(child, ...) child_add_args((child), (const char *const[]){ __VA_ARGS__, NULL })
void child_add_args(Child *child, const char *const *args);
void child_env(Child *child, const char *assignment);
void child_fd(Child *child, int fd);

/* Forget a child that does not run; gives its memory back. */
void child_clear(Child *child);
/* Fork and exec. False: errno says why (no process, no log). */
MUST_CHECK bool child_start(Child *child);
/* Note that the process ended with status: pid becomes 0; if wanted, due_us is set by how often it
 * has failed lately (0.1 s … 30 s). The rest of its group is killed. */
void child_ended(Child *child, int status);
/* "sinal 9 (Killed)", "código 1"; in mem. */
const char *child_end_text(Arena *mem, int status);

#endif

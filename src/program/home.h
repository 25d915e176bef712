/* home: the folder that holds everything (SISO_DATA), who owns it, and the lock that keeps a second
 * supervisor out. What is where:
 *   postgres/  the cluster          redis/  the append-only file     nginx/  nginx.conf and its
 * bodies files/     what people uploaded  mail/   e-mails of development   log/    one file a
 * process run/       sockets, pids, locks  secret  the installation's secret */
#ifndef PROGRAM_HOME_H
#define PROGRAM_HOME_H

#include <sys/types.h>

#include "core/arena.h"

typedef struct Home {
	Arena *mem;
	const char *data; /* absolute, without symbolic links */
	const char *run, *log, *postgres, *redis, *nginx, *files, *mail, *secret;
	const char *exe;        /* what is started as serve and work */
	const char *static_dir; /* NULL: none was built */
	const char *bind;       /* address for nginx: "127.0.0.1", "*" */
	int port;
	bool fresh;      /* there was nothing here: the first start */
	int lock;        /* held by the supervisor alone */
	int descendants; /* held by every process that the supervisor starts, and by their children
			  */
} Home;

/* Read the environment into a zeroed home, and find the program's own files. False: said why. */
MUST_CHECK bool home_configure(Home *home, Arena *mem);
/* Make or take the folder. As root: give up root for the folder's owner (the user siso for a new
 * one), and put the folder or the program where that user can reach it. Checks free space. False:
 * said why. */
MUST_CHECK bool home_take(Home *home);
/* Lock out a second supervisor and end what an earlier one that was killed left behind.
 * False: said why. */
MUST_CHECK bool home_lock(Home *home);
/* The installation's secret, made once. False: said why. */
MUST_CHECK bool home_secret(Home *home);
/* Bytes that an ordinary user may still write under path; -1: not known. */
int64_t home_free_bytes(const char *path);

/* mkdir -p with the mode for each folder made. False: errno says why. */
MUST_CHECK bool folder_make(const char *path, mode_t mode);
/* Replace a file's content at once: a crash leaves the old or the new one. False: errno says why.
 */
MUST_CHECK bool file_write(const char *path, const char *text, mode_t mode);
/* Whole content of a small file in mem, or NULL. */
char *file_read(Arena *mem, const char *path);

/* Do the last lines of a log have text in them? */
bool log_says(const char *path, const char *text);
/* Keep an append-only log below a size: past it, the content moves to <path>.1 while its writer
 * lives. */
void log_cut(const char *path, int64_t max_bytes);

#endif

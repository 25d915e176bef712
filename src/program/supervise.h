/* supervise: the supervisor's state and its one loop. Everything that waits turns the loop, so a
 * child that dies is started again and Ctrl-C is heard at any moment. */
#ifndef PROGRAM_SUPERVISE_H
#define PROGRAM_SUPERVISE_H

#include "program/child.h"
#include "program/home.h"
#include "program/say.h"

/* In the order of starting; stopping goes the other way but for nginx, which stops first. */
typedef enum ChildName {
	CHILD_POSTGRES,
	CHILD_REDIS,
	CHILD_NGINX,
	CHILD_WEB,
	CHILD_WEB_NEXT, /* while a restart hands over */
	CHILD_WORK,
	CHILD_TOOL, /* initdb, migrate, demo: runs to its end */
	CHILD_COUNT
} ChildName;

typedef struct Up {
	Home home;
	Child child[CHILD_COUNT];
	int signals; /* signalfd */
	int pages;   /* listening SCGI sockets, held here so that a restart loses nothing */
	int events;
	int ready; /* while a restart hands over: the new web program says here that it is ready */
	int stops; /* SIGINT and SIGTERM seen; the second one hurries */
	bool stopping; /* nothing is started again */
	bool reload;   /* SIGHUP seen */
	bool own_postgres, own_redis;
	const char *database_url, *owner_url, *queue_url, *admin_url,
		*redis_url; /* as children get them */
} Up;

typedef enum Waited { WAIT_DONE, WAIT_DIED, WAIT_LATE, WAIT_STOPPED } Waited;

/* Block the signals that the loop reads. False: said why. */
MUST_CHECK bool supervise_open(Up *up);
/* One turn: signals, ended children, children that are due, requests that nobody would answer. */
void supervise_turn(Up *up, int wait_ms);
/* Turn until ready(up) says so, `child` dies, seconds pass or a stop is asked for. step may be
 * NULL. */
Waited supervise_wait(Up *up, ChildName child, bool (*ready)(Up *up), int seconds, Step *step);
/* Start CHILD_TOOL as prepared and turn until it ends. WAIT_DONE: status 0; WAIT_DIED: another. */
Waited supervise_run(Up *up, int seconds, Step *step);
/* Ask one child to end and turn until it has; SIGKILL when its time is over. */
void supervise_stop(Up *up, ChildName child);
/* Stop everything in order: nginx, web, worker, Redis, PostgreSQL. */
void supervise_stop_all(Up *up);

#endif

/* server: what the files of this folder share. */
#ifndef SCGI_SERVER_H
#define SCGI_SERVER_H

#include <pthread.h>
#include <stdatomic.h>

#include "platform/scgi/scgi.h"
#include "platform/scgi/scgi_read.h"

/* One connection of nginx: one request, one answer. */
typedef struct Conn {
	LaneJob job;              /* first: a job is its connection */
	struct Conn *prev, *next; /* among those whose peer we wait for */
	int fd;
	bool writing;    /* else reading */
	bool registered; /* in the epoll set, and among the listed */
	int64_t deadline_us;
	char *bytes; /* request, or the part of the answer that is not written yet */
	size_t len, room;
	size_t total; /* of the whole request; 0: not known yet */
	size_t sent;
	ScgiRequest request;
	Method method;
} Conn;

typedef struct Worker {
	struct ScgiServer *server;
	pthread_t thread;
	Arena *mem;
	Db *db;
	int number;
} Worker;

struct ScgiServer {
	ScgiConfig config;
	int epoll;
	int wake;             /* eventfd: something changed while the leader may sleep */
	pthread_mutex_t lock; /* of all below, but the counters */
	pthread_cond_t idle;  /* a thread is wanted */
	pthread_cond_t ended;
	Lanes *lanes;
	Conn *listed; /* connections that are read or written */
	bool led;     /* one thread looks after the sockets */
	unsigned idle_count;
	bool stopping;         /* takes no more */
	bool deaf;             /* the leader has left the listening sockets */
	bool done;             /* and nothing is left */
	int64_t next_check_us; /* the leader's: when it looks at deadlines again */
	size_t worker_count;
	Worker *worker;
	_Atomic uint64_t accepted, malformed, abandoned, parked, accept_failed, cut;
};

/* One round of the leader: wait for the sockets, take what came, put whole requests into the lanes.
 * receive.c */
void receive_round(ScgiServer *server, Worker *worker);
/* Watch (or no longer watch) the listening sockets. */
bool receive_listen(ScgiServer *server, bool on);

/* Answer the request of conn and give it back. answer.c */
void conn_answer(Worker *worker, Conn *conn);
/* 503 for one that cannot be served now. */
void conn_refuse(ScgiServer *server, Conn *conn);
/* An answer without a body: "405 Method Not Allowed". */
void conn_dismiss(ScgiServer *server, Conn *conn, const char *status);
/* Go on writing; gives conn back when all has left. */
void conn_write_more(ScgiServer *server, Conn *conn);
void conn_free(ScgiServer *server, Conn *conn);
/* Wait for conn's peer, at most timeout_s. False: the kernel would not; conn must be given back. */
bool conn_watch(ScgiServer *server, Conn *conn, int timeout_s);
void conn_unwatch(ScgiServer *server, Conn *conn);
/* events.c and bridge.c: tell our own listeners; end all streams; pass on to other processes. */
void events_hear(CompanyId company, UserId user, const char *name, const char *data);
void events_break(void);
void bridge_pass_on(CompanyId company, UserId user, const char *name, const char *data);
/* The Req of a whole request; cx is filled too. */
void conn_request(Worker *worker, const Conn *conn, Ctx *cx, Req *ret);

#endif

/* scgi: the program as nginx sees it. Receives SCGI requests on sockets that were handed over, lets
 * them wait in lanes, and has each answered by a worker thread that owns an arena and a database
 * connection. What an answer is, the router knows; this folder knows sockets and threads. README.md
 * tells why it is built as it is. */
#ifndef SCGI_SCGI_H
#define SCGI_SCGI_H

#include "platform/scgi/lanes.h"
#include "platform/web/web.h"

typedef struct ScgiConfig {
	const int *listen_fd; /* listening stream sockets; the program does not close them */
	size_t listen_count;
	unsigned workers;            /* requests at once; 0: four a core, between 4 and 32 */
	LaneLimits lane[LANE_COUNT]; /* all zero: see scgi_defaults */
	const char *conninfo;        /* of PostgreSQL; NULL: workers have no database */
	const char *role;            /* application name, "siso web" */
	size_t body_max;             /* 0: 1 MiB; nginx and the routes allow less */
	int drain_s;                 /* how long a stop waits for what was begun; 0: 30 */
	const char *busy_page;       /* whole HTML page of a 503; NULL: one plain sentence */
	/* Fill q->response (router_answer), and what comes after the bytes have left
	 * (router_finish). */
	void (*answer)(Req *q);
	void (*finish)(Req *q);
	/* Lane and tenant of q; true: answer it at once, without a worker (router_sort). Must not
	 * block. */
	bool (*sort)(const Req *q, Lane *ret_lane, uint64_t *ret_tenant);
} ScgiConfig;

typedef struct ScgiServer ScgiServer;

/* Fill what is zero in config with the usual numbers. */
void scgi_defaults(ScgiConfig *config);

/* A socket that the parent left open for us under this name (LISTEN_FDS, LISTEN_FDNAMES, as systemd
 * and `siso up` do it), or -1. */
int scgi_inherited(const char *name);
/* Listen on a unix socket (mode 0660; an old file is replaced) or on "127.0.0.1:9000". -1: errno.
 */
int scgi_listen(const char *address);

/* Begin to serve, with threads of its own. The caller has blocked SIGTERM and SIGINT in all
 * threads. */
ScgiServer *scgi_start(const ScgiConfig *config);
/* Take no more, finish what was received. True: all is done and given back. False: something still
 * runs after drain_s: exit at once, or call again. */
bool scgi_stop(ScgiServer *server);
/* scgi_start, wait for SIGTERM or SIGINT, scgi_stop. */
bool scgi_serve(const ScgiConfig *config);

#endif

/* services: the private PostgreSQL, Redis and nginx: their configuration, start and readiness. Each
 * function prints its steps and, on failure, the reason and the way out. */
#ifndef PROGRAM_SERVICES_H
#define PROGRAM_SERVICES_H

#include "program/supervise.h"

/* A variable of the environment; NULL when it is missing or empty. */
const char *env_given(const char *name);
/* Fill in the addresses of PostgreSQL and Redis. False: some are given and one is missing; said
 * which. */
MUST_CHECK bool servers_find(Up *up);

/* Major version of a cluster that exists, or of the newest PostgreSQL installed; its programs'
 * folder. */
typedef struct PgVersion {
	int major;
	const char *bin; /* "/usr/lib/postgresql/15/bin" */
} PgVersion;

/* Which PostgreSQL serves home->postgres. False: said why (none installed; the data is of another).
 */
MUST_CHECK bool postgres_find(const Home *home, PgVersion *ret);
/* Make the cluster when there is none, write its settings, start it and wait until it takes
 * connections. */
MUST_CHECK bool postgres_start(Up *up);
/* Settings for a machine with that much memory and free disk: the text of siso.conf. */
const char *postgres_settings(Arena *mem, const char *run, int64_t memory_mb, int64_t disk_mb);

/* Write its settings, start it and wait until it answers; a log that it cannot read is put aside.
 */
MUST_CHECK bool redis_start(Up *up);
/* The folder's own Redis answers PING. */
bool redis_answers(Up *up);

/* Nobody listens on home->bind:port. False: said why and how out. */
MUST_CHECK bool port_is_free(const Home *home);
/* The listening SCGI sockets, up->pages and up->events. */
MUST_CHECK bool sockets_open(Up *up);
/* Write its configuration, start it and wait until it has the port. */
MUST_CHECK bool nginx_start(Up *up);
/* Write nginx.conf and the pages it shows by itself; *ret_changed: not as it was. */
MUST_CHECK bool nginx_configure(Up *up, bool *ret_changed);
/* Status of GET /readyz through nginx; 0: no answer within two seconds. */
int nginx_probe(const Home *home);

#endif

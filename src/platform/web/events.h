/* events: what happens now, told to the browsers that have a page open (server-sent events). A
 * thread of its own on a socket of its own, so a listener holds no worker. Who may listen, nginx
 * has asked the router before (GET /may-listen) and passes on as COMPANY and USER; a listener hears
 * its own company alone. Data are ids: the page asks for what changed with its own rights.
 *
 * The listeners of this process hear what this process publishes, and what all others do once it
 * has joined them. */
#ifndef WEB_EVENTS_H
#define WEB_EVENTS_H

#include "core/ctx.h"

typedef struct EventsConfig {
	int listen_fd;     /* not closed */
	int listeners_max; /* 0: 20000 */
	int heartbeat_s;   /* 0: 20; nginx gives up after 60 */
	int life_s;        /* 0: 900; then the browser comes again, and its right is asked again */
} EventsConfig;

/* Once in a process, before the first publication. */
void events_start(const EventsConfig *config);
/* Join the other processes of the installation through PostgreSQL: what is published here reaches
 * their listeners, and the other way round; a process without listeners (the worker) joins too.
 * Once, before the first publication. A connection and a thread of its own. */
void events_join(const char *conninfo);
void events_leave(void); /* does nothing when not joined */
/* End all streams and the thread. Does nothing when it was not started. */
void events_stop(void);

/* Tell the listeners of company; user 0: all of them, else that user's. name: letters, digits and
 * .-_ of the program's own ("lead.moved"); data: one line of JSON, ids only. Any thread; never
 * waits. When too much is queued, the streams are ended instead: browsers come back and read the
 * page again. */
void events_publish(CompanyId company, UserId user, const char *name, const char *data);
/* The same once the transaction of cx has been committed. */
void events_publish_later(Ctx *cx, UserId user, const char *name, const char *data);

#endif

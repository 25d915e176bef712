/* sentry: tells a Sentry server (or one that speaks its protocol) what went wrong, of the program
 * and of the browsers. Off without a DSN. A thread of its own sends; what cannot be sent is
 * dropped, never waited for. No patient data: routes, ids, codes; texts of browsers are cut and
 * blotted. */
#ifndef WEB_SENTRY_H
#define WEB_SENTRY_H

#include "platform/web/web.h"

typedef struct SentryConfig {
	const char *dsn;         /* "https://key@host/7"; NULL or "": off */
	const char *release;     /* "siso@0.1.0" */
	const char *environment; /* "production" */
} SentryConfig;

/* Once, before the first request. False: the DSN is malformed. */
bool sentry_start(const SentryConfig *config);
/* Send what is queued, two seconds at most. */
void sentry_stop(void);

/* A request ended with 500. Called by the router. */
void sentry_request_failed(const Req *q);
/* POST /browser-error: {"message", "source", "line", "column", "stack", "page"}. 204. */
Err sentry_browser_error(Req *q);

/* The text without what could be a person's: runs of three or more digits and words with @ become
 * "*", a query string is cut off, and it ends after max bytes. For tests. */
const char *sentry_blot(Arena *mem, const char *text, size_t max);

#endif

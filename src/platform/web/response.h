/* response: what the router keeps of one request beside the Req, and the answer on its way out. For
 * platform/web and platform/scgi only: modules use the functions of web.h. */
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include "platform/web/web.h"

enum { RESPONSE_HEADERS_MAX = 40, ROUTE_SEGMENTS_MAX = 8 };

typedef struct ResponseHeader {
	const char *name, *value;
} ResponseHeader;

typedef struct Response {
	int status; /* 0: nobody has answered yet */
	const char *content_type;
	const void *body;
	size_t size;
	ResponseHeader header[RESPONSE_HEADERS_MAX];
	size_t header_count;
	int64_t version;   /* answer_version: first part of the ETag; -1: none */
	const char *toast; /* answer_toast, not shown yet */
	const char *toast_undo;
	Buf events; /* answer_event, comma separated */
	bool keep;  /* answer_keep */
	/* The router's own. */
	Form query;
	json_t *json; /* body, parsed; NULL: it is no JSON */
	FormPair segment[ROUTE_SEGMENTS_MAX];
	size_t segment_count;
	const struct RouteEntry *entry;
	int64_t started_us;
	int refusal;     /* status that says more than the Err: 405, 415; 0: the Err's own */
	Err err;         /* how the handler ended */
	bool open;       /* router_finish ends the transaction */
	bool in_handler; /* headers from guard_header_count on are the handler's */
	size_t guard_header_count;
	const char *key; /* of an idempotent POST: the answer is stored with the commit */
} Response;

/* A fresh one in q->cx->mem, put into q. */
void response_init(Req *q);
/* Forget what a handler began to answer, cookies too: it has not happened. What was said before it,
 * of limits and of a refreshed session, stays. */
void response_reset(Req *q);
/* Set or replace a header; the value is copied without control characters. */
void response_set(Req *q, const char *name, const char *value);
/* The same for a value that lives as long as the program and has no control characters. */
void response_set_literal(Req *q, const char *name, const char *value);
const char *response_get(const Response *r, const char *name);
/* 303, or HX-Redirect for htmx; carries the toast along. */
void response_redirect(Req *q, const char *url);
/* What stands in one part of a path or query: all but letters, digits and -._~ as %XX. */
void response_put_encoded(Buf *out, const char *text);
/* "Status: 200 OK" and all header lines up to the empty one. */
void response_write_head(const Response *r, Buf *out);

#endif

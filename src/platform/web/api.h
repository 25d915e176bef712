/* api: what routes and handlers of the API share. A row says what it takes and answers in the words
 * below; its handler reads that with api_read, so the document and the check cannot differ. */
#ifndef WEB_API_H
#define WEB_API_H

#include "platform/web/web.h"

/* ROW: the answer is one row of the table, ROWS: a page of them. DONE: a POST that makes nothing
 * new. */
#define API     .flags = ROUTE_API
#define IN(t)   .in = (t), .in_count = COUNT(t)
#define ROW(t)  .out = (t), .out_count = COUNT(t)
#define ROWS(t) ROW(t), .out_list = true
#define DONE    .out_status = 200

/* Read what the route takes into the struct at in: the query of a GET or beside a file, else the
 * body. ERR_INVALID: a field is wrong. */
MUST_CHECK Err api_read(Req *q, void *in);
/* Only the fields that were sent: in is the record as it is (PATCH). */
MUST_CHECK Err api_read_some(Req *q, void *in);
/* The request made this record: Location is the path and the id. */
void api_made(Req *q, int64_t id);

/* An error with more in it: the problem (RFC 9457) stands open in q->json with what cx->err and
 * cx->bad say; put the rest, then send it. */
void problem_open(Req *q, int status, const char *type, const char *title);
Err problem_send(Req *q, int status);

#endif

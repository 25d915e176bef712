/* flow: the steps of a request that the files of this folder share. */
#ifndef WEB_FLOW_H
#define WEB_FLOW_H

#include "platform/web/response.h"
#include "platform/web/routes.h"

/* May this request reach its handler? Each writes why not into cx->err. guard.c */
MUST_CHECK Err guard_rights(Req *q); /* permission, plan feature, lapsed subscription */
MUST_CHECK Err guard_body(Req *q);   /* its kind and size; a form is parsed into q->form */
MUST_CHECK Err guard_origin(Req *q); /* CSRF */
MUST_CHECK Err guard_rate(Req *q);   /* limits and their headers */

/* Answer with err: a page, a fragment for htmx, or a problem for programs. Uses no transaction of
 * the handler. error.c */
void answer_error(Req *q, Err err);
/* Remember that status says more than err (405, 415), and return err. */
Err refuse(Req *q, int status, Err err);
bool wants_problem(const Req *q);

/* Headers that every answer carries, and ETag with 304. headers.c */
void answer_complete(Req *q);

/* Is this an Idempotency-Key seen before? *ret_done: q is answered with what was answered then. */
MUST_CHECK Err idempotency_begin(Req *q, bool *ret_done);
/* Keep the answer under the key, in the handler's transaction. */
MUST_CHECK Err idempotency_keep(Req *q);

#endif

/* Work of account outside of requests. */
#ifndef ACCOUNT_ACCOUNT_JOBS_H
#define ACCOUNT_ACCOUNT_JOBS_H

#include "core/ctx.h"

/* Each night: forget what proves nothing any more. */
Err account_sweep(Ctx *cx, const char *data);
/* Module.demo. */
Err account_demo(Ctx *cx);

#endif

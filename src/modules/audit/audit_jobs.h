/* Work of audit outside of requests. */
#ifndef AUDIT_AUDIT_JOBS_H
#define AUDIT_AUDIT_JOBS_H

#include "core/ctx.h"

/* Each hour, for each company: seal the changes whose transactions are over. */
Err audit_seal(Ctx *cx, const char *data);
/* Each day: make the partitions of the coming months. */
Err audit_months(Ctx *cx, const char *data);

#endif

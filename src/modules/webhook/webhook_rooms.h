/* What the files of the module share. Not for other modules. */
#ifndef WEBHOOK_WEBHOOK_ROOMS_H
#define WEBHOOK_WEBHOOK_ROOMS_H

#include "modules/webhook/webhook.h"
#include "modules/webhook/webhook.sql.h"

Err webhook_on_event(Ctx *cx, const char *name, int64_t id, const char *json);
/* "t=…,v1=…" for a body at a time; the secret in clear. */
char *webhook_signature(Arena *mem, const char *secret, int64_t at, const char *body);

/* Jobs: deliver one; forget deliveries older than 30 days. */
Err webhook_job(Ctx *cx, const char *data);
Err webhook_forget_job(Ctx *cx, const char *data);

#endif

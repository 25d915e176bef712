/* What the files of the module share. Not for other modules. */
#ifndef WEBHOOK_WEBHOOK_ROOMS_H
#define WEBHOOK_WEBHOOK_ROOMS_H

#include "modules/webhook/webhook.h"
#include "modules/webhook/webhook.sql.h"

/* An endpoint as people and programs type it. No events: all of them. */
typedef struct EndpointForm {
	const char *title, *url;
	Strs events;
	bool active;
} EndpointForm;
extern const Field webhook_fields[4];

/* webhook_admin.c: what a company does with its endpoints, each noted in the audit. ERR_INVALID:
 * the address is not allowed (http_is_allowed), or an event is unknown. */
MUST_CHECK Err webhook_add(Ctx *cx, const EndpointForm *in, int64_t *ret);
MUST_CHECK Err webhook_save(Ctx *cx, int64_t id, const EndpointForm *in);
/* ERR_NOT_FOUND: no such endpoint. Its log goes with it. */
MUST_CHECK Err webhook_remove(Ctx *cx, int64_t id);
/* The same body once more. ERR_NOT_FOUND: no such delivery of this endpoint. */
MUST_CHECK Err webhook_resend(Ctx *cx, int64_t id, int64_t delivery);

/* Is this event told outside at all? The chart, notes and anamneses are not. */
bool webhook_tells(const char *event);

/* api_web.c */
extern const RouteList webhook_api;

Err webhook_on_event(Ctx *cx, const char *name, int64_t id, const char *json);
Err webhook_listens(Ctx *cx, const char *name, bool *ret);
/* "t=…,v1=…" for a body at a time; the secret in clear. */
char *webhook_signature(Arena *mem, const char *secret, int64_t at, const char *body);

/* Jobs: deliver one; forget deliveries older than 30 days. */
Err webhook_job(Ctx *cx, const char *data);
Err webhook_forget_job(Ctx *cx, const char *data);

#endif

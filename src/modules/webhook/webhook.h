/* webhook: other systems are told what happened: signed POSTs, retried, with a log of deliveries.
 * Owns the schema webhook. Subscribes to the events that modules tell (module_tell). */
#ifndef WEBHOOK_WEBHOOK_H
#define WEBHOOK_WEBHOOK_H

#include "modules/module.h"

extern const Module webhook_module;

/* Deliver once to one address of the company's list, for an automation. ERR_NOT_FOUND: no such
 * webhook. */
MUST_CHECK Err webhook_deliver(Ctx *cx, int64_t webhook, const char *event, const char *json);

typedef struct WebhookChoice {
	int64_t id;
	const char *title;
} WebhookChoice;
/* The active ones, for choosing in an automation. */
MUST_CHECK Err webhook_list_choices(Ctx *cx, WebhookChoice **ret, size_t *ret_count);

#endif

/* What the pages of webhooks show. */
#ifndef WEBHOOK_WEBHOOK_VIEW_H
#define WEBHOOK_WEBHOOK_VIEW_H

#include "modules/webhook/webhook.sql.h"
#include "platform/ui/ui.h"

/* Events that a receiver may choose, with the sentence for people. */
extern const UiOption webhook_events[];
extern const size_t webhook_event_count;

typedef struct WebhooksView {
	Req *q;
	const SqlWebhookEndpoints *endpoint;
	size_t endpoint_count;
} WebhooksView;
void webhook_list_page(Html *h, const WebhooksView *v);

typedef struct WebhookView {
	Req *q;
	const SqlWebhookEndpoint *endpoint; /* NULL: a new one */
	const char *secret;                 /* in clear */
	const SqlWebhookLog *log;
	size_t log_count;
	int64_t next; /* cursor; 0: the end */
} WebhookView;
void webhook_page(Html *h, const WebhookView *v);

#endif

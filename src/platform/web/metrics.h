/* metrics: counters of this process in the text format of Prometheus. */
#ifndef WEB_METRICS_H
#define WEB_METRICS_H

#include "core/str.h"

struct RouteEntry;

/* One request answered. entry NULL: no route. */
void metrics_count(const struct RouteEntry *entry, int status, int64_t took_us, int query_count);
/* Others (lanes, events) write their lines when asked; at most 8, at start. */
void metrics_add_source(void (*write)(Buf *out));
/* All lines. */
void metrics_write(Buf *out);

#endif

/* zone: offsets of an IANA time zone, read from the system's tzdata (TZif, RFC 8536). Used by
 * clock.c alone; everybody else asks clock.h. */
#ifndef CORE_ZONE_H
#define CORE_ZONE_H

#include "core/base.h"

typedef struct Zone Zone;

/* The zone of that name, read once and kept for the life of the process; NULL: no such zone.
 * Thread-safe. */
const Zone *zone_find(const char *name);
/* Seconds to add to UTC at that moment. zone NULL is UTC. */
int32_t zone_offset(const Zone *zone, int64_t at);

#endif

/* rate: how often somebody may ask. Bounded memory; counts in this process only. */
#ifndef WEB_RATE_H
#define WEB_RATE_H

#include "core/base.h"

typedef struct Rate {
	int limit, remaining;
	int reset_s; /* until everything may be asked again */
	int retry_s; /* until one more may be asked; 0: now */
} Rate;

/* Key of what is limited: a company, somebody, and a route. Addresses of IPv6 count by their /64.
 */
uint64_t rate_key(int64_t company, const char *who, int route);
/* Take one of per_minute. False: none is left. */
bool rate_take(uint64_t key, int per_minute, int64_t now_us, Rate *ret);

#endif

/* Generic cell rate: of each key one number is kept, the moment at which its bucket is full again.
 * A moment in the past is the same as no entry, so old entries need no cleaning; in a full set the
 * one that is nearest to that makes room. */
#include "platform/web/rate.h"

#include <pthread.h>
#include <sodium.h>

enum { SETS = 4096, WAYS = 4, LOCKS = 64, MINUTE_US = 60000000 };

typedef struct Cell {
	uint64_t key;
	int64_t full_us;
} Cell;

static Cell cells[SETS][WAYS];
static pthread_mutex_t locks[LOCKS] = { [0 ... LOCKS - 1] = PTHREAD_MUTEX_INITIALIZER };

/* Cuts "2001:db8:1:2:3:4:5:6" behind its fourth group; a shortened address is short enough. */
static size_t network_length(const char *who)
{
	size_t length = strlen(who);
	int colons = 0;

	if (!strchr(who, ':'))
		return length;
	for (size_t i = 0; i < length; i++)
		if (who[i] == ':' && ++colons == 4)
			return i;
	return length;
}

uint64_t rate_key(int64_t company, const char *who, int route)
{
	static const unsigned char no_secret[crypto_shorthash_KEYBYTES] = "rate";
	unsigned char bytes[sizeof(company) + sizeof(route) + 128];
	size_t length = network_length(who);
	uint64_t key;

	if (length > 128)
		length = 128;
	memcpy(bytes, &company, sizeof(company));
	memcpy(bytes + sizeof(company), &route, sizeof(route));
	memcpy(bytes + sizeof(company) + sizeof(route), who, length);
	crypto_shorthash(
		(unsigned char *)&key, bytes, sizeof(company) + sizeof(route) + length, no_secret);
	return key | 1;
}

static Cell *cell_of(uint64_t key)
{
	Cell *set = cells[(key >> 8) % SETS], *oldest = set;

	for (size_t i = 0; i < WAYS; i++) {
		if (set[i].key == key)
			return &set[i];
		if (set[i].full_us < oldest->full_us)
			oldest = &set[i];
	}
	*oldest = (Cell){ .key = key };
	return oldest;
}

bool rate_take(uint64_t key, int per_minute, int64_t now_us, Rate *ret)
{
	int64_t one_us = MINUTE_US / per_minute, full_us;
	pthread_mutex_t *lock = &locks[((key >> 8) % SETS) % LOCKS];
	Cell *cell;
	bool taken;

	pthread_mutex_lock(lock);
	cell = cell_of(key);
	full_us = (cell->full_us > now_us ? cell->full_us : now_us) + one_us;
	taken = full_us - now_us <= one_us * per_minute;
	if (taken)
		cell->full_us = full_us;
	else
		full_us = cell->full_us;
	pthread_mutex_unlock(lock);

	ret->limit = per_minute;
	ret->remaining = (int)((one_us * per_minute - (full_us - now_us)) / one_us);
	ret->reset_s = (int)((full_us - now_us + 999999) / 1000000);
	ret->retry_s = 0;
	if (!taken) {
		ret->remaining = 0;
		ret->retry_s =
			(int)((full_us + one_us - now_us - one_us * per_minute) / 1000000) + 1;
	}
	return taken;
}

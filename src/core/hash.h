/* hash: a fast fingerprint of bytes, for telling whether something changed. No secret and no proof:
 * whoever chooses the bytes can make two of one fingerprint (core/random.h has the other kind). */
#ifndef CORE_HASH_H
#define CORE_HASH_H

#include "core/base.h"

typedef struct Fingerprint {
	uint64_t half[2];
} Fingerprint;

/* The same on every machine. Several GB a second. */
Fingerprint hash_bytes(const void *bytes, size_t size);

#endif

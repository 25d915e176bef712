/* random: unpredictable bytes and comparison in constant time (libsodium). */
#ifndef CORE_RANDOM_H
#define CORE_RANDOM_H

#include "core/arena.h"

void crypto_random(void *bytes, size_t size);
/* URL-safe text without padding of size random bytes (16 bytes: 22 characters). */
char *crypto_token(Arena *mem, size_t size);
bool crypto_equal(const void *a, const void *b, size_t size);
/* Lower-case hex of SHA-256 of bytes: how tokens are stored, and file names made. */
char *crypto_sha256_hex(Arena *mem, const void *bytes, size_t size);

#endif

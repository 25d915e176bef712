/* A thin coat over libsodium, so that nothing else names it for these three needs. */
#include <sodium.h>

#include "core/random.h"

/* Safe to call again and from any thread; a system without randomness is not one to run on. */
static void ready(void)
{
	if (sodium_init() < 0)
		abort();
}

void crypto_random(void *bytes, size_t size)
{
	ready();
	randombytes_buf(bytes, size);
}

char *crypto_token(Arena *mem, size_t size)
{
	size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	unsigned char *bytes = arena_alloc(mem, size);
	char *text = arena_alloc(mem, room);

	crypto_random(bytes, size);
	sodium_bin2base64(text, room, bytes, size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	sodium_memzero(bytes, size);
	return text;
}

bool crypto_equal(const void *a, const void *b, size_t size)
{
	return sodium_memcmp(a, b, size) == 0;
}

char *crypto_sha256_hex(Arena *mem, const void *bytes, size_t size)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	char *hex = arena_alloc(mem, sizeof hash * 2 + 1);

	crypto_hash_sha256(hash, bytes, size);
	return sodium_bin2hex(hex, sizeof hash * 2 + 1, hash, sizeof hash);
}

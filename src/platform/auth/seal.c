/* seal: see seal.h. Form: "s1:" base64url(nonce, box). */
#include "platform/auth/seal.h"

#include <sodium.h>

#include "core/str.h"
#include "platform/auth/key.h"

#define PREFIX "s1:"
enum { VARIANT = sodium_base64_VARIANT_URLSAFE_NO_PADDING };

static bool seal_key(Arena *mem, const char *use, bool previous, unsigned char *ret)
{
	return auth_key(arena_printf(mem, "seal:%s", use), previous, ret);
}

char *secret_seal(Arena *mem, const char *use, const char *plain)
{
	unsigned char key[AUTH_KEY_BYTES];
	size_t plain_size = strlen(plain);
	size_t size = crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES + plain_size;
	unsigned char *raw = arena_alloc(mem, size);
	size_t room = sodium_base64_ENCODED_LEN(size, VARIANT);
	char *text = arena_alloc(mem, room);
	bool known = seal_key(mem, use, /* previous= */ false, key);

	assert(known);
	randombytes_buf(raw, crypto_secretbox_NONCEBYTES);
	crypto_secretbox_easy(raw + crypto_secretbox_NONCEBYTES, (const unsigned char *)plain,
		plain_size, raw, key);
	sodium_memzero(key, sizeof key);
	sodium_bin2base64(text, room, raw, size, VARIANT);
	return arena_printf(mem, PREFIX "%s", text);
}

static char *open_with(Arena *mem, const unsigned char *raw, size_t size, const unsigned char *key)
{
	size_t plain_size = size - crypto_secretbox_NONCEBYTES - crypto_secretbox_MACBYTES;
	unsigned char *plain = arena_alloc(mem, plain_size + 1);

	if (crypto_secretbox_open_easy(plain, raw + crypto_secretbox_NONCEBYTES,
		    size - crypto_secretbox_NONCEBYTES, raw, key))
		return NULL;
	return (char *)plain;
}

char *secret_open(Arena *mem, const char *use, const char *sealed)
{
	unsigned char key[AUTH_KEY_BYTES];
	unsigned char *raw;
	size_t size, length;
	char *plain = NULL;

	if (!sealed || !str_starts(sealed, PREFIX))
		return NULL;
	sealed += strlen(PREFIX);
	length = strlen(sealed);
	raw = arena_alloc(mem, length + 1);
	if (sodium_base642bin(raw, length + 1, sealed, length, NULL, &size, NULL, VARIANT) ||
		size < crypto_secretbox_NONCEBYTES + crypto_secretbox_MACBYTES)
		return NULL;
	for (int previous = 0; previous < 2 && !plain; previous++)
		if (seal_key(mem, use, previous, key))
			plain = open_with(mem, raw, size, key);
	sodium_memzero(key, sizeof key);
	return plain;
}

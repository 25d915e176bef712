/* key: see key.h. Keys are BLAKE2b of the use under the secret's hash. */
#include "platform/auth/key.h"

#include <sodium.h>

typedef struct Secret {
	bool known;
	unsigned char hash[crypto_generichash_KEYBYTES];
} Secret;

/* Set once at start, read-only afterwards. */
static Secret secrets[2];

static bool set_secret(Secret *secret, const char *text)
{
	if (!text || strlen(text) < AUTH_SECRET_MIN)
		return false;
	crypto_generichash(secret->hash, sizeof secret->hash, (const unsigned char *)text,
		strlen(text), NULL, 0);
	secret->known = true;
	return true;
}

bool auth_set_secret(const char *secret, const char *previous)
{
	if (sodium_init() < 0)
		return false;
	sodium_memzero(secrets, sizeof secrets);
	if (!set_secret(&secrets[0], secret))
		return false;
	return !previous || set_secret(&secrets[1], previous);
}

bool auth_key(const char *use, bool previous, unsigned char ret[AUTH_KEY_BYTES])
{
	const Secret *secret = &secrets[previous];

	if (!secret->known)
		return false;
	crypto_generichash(ret, AUTH_KEY_BYTES, (const unsigned char *)use, strlen(use),
		secret->hash, sizeof secret->hash);
	return true;
}

char *auth_mac(Arena *mem, const char *use, const char *text)
{
	unsigned char key[AUTH_KEY_BYTES], mac[32];
	size_t room =
		sodium_base64_ENCODED_LEN(sizeof mac, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
	char *out = arena_alloc(mem, room);

	/* without a secret nothing may be signed: the program must not have started */
	bool known = auth_key(use, /* previous= */ false, key);
	assert(known);
	crypto_generichash(
		mac, sizeof mac, (const unsigned char *)text, strlen(text), key, sizeof key);
	sodium_memzero(key, sizeof key);
	return sodium_bin2base64(
		out, room, mac, sizeof mac, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

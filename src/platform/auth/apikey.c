/* apikey: see apikey.h. */
#include "platform/auth/apikey.h"

#include "core/random.h"
#include "core/str.h"

#define START "siso_"
enum { PREFIX_SIZE = 8, SECRET_SIZE = 32 };

static const char alphabet[] = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";

/* n letters of the alphabet, each equally likely. */
static char *letters(Arena *mem, size_t n)
{
	enum { LETTERS = sizeof alphabet - 1, FAIR = 256 / LETTERS * LETTERS };
	char *out = arena_alloc(mem, n + 1);

	for (size_t i = 0; i < n;) {
		unsigned char byte;

		crypto_random(&byte, 1);
		if (byte < FAIR)
			out[i++] = alphabet[byte % LETTERS];
	}
	return out;
}

ApiKey apikey_new(Arena *mem)
{
	const char *prefix = letters(mem, PREFIX_SIZE), *secret = letters(mem, SECRET_SIZE);

	return (ApiKey){ .prefix = prefix,
		.secret_hash = crypto_sha256_hex(mem, secret, SECRET_SIZE),
		.text = arena_printf(mem, START "%s_%s", prefix, secret) };
}

bool apikey_parse(Arena *mem, const char *text, ApiKey *ret)
{
	const char *prefix, *secret;

	if (!text || !str_starts(text, START))
		return false;
	prefix = text + strlen(START);
	if (strspn(prefix, alphabet) != PREFIX_SIZE || prefix[PREFIX_SIZE] != '_')
		return false;
	secret = prefix + PREFIX_SIZE + 1;
	if (strspn(secret, alphabet) != SECRET_SIZE || secret[SECRET_SIZE])
		return false;
	*ret = (ApiKey){ .prefix = arena_copy(mem, prefix, PREFIX_SIZE),
		.secret_hash = crypto_sha256_hex(mem, secret, SECRET_SIZE) };
	return true;
}

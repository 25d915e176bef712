/* See seen.h. A fixed table behind one lock, one place a digest; a newer token takes the place. */
#include "platform/auth/seen.h"

#include <pthread.h>
#include <sodium.h>

#include "platform/auth/key.h"

enum { PLACES = 1024, TEXTS = 6, TEXT_BYTES = 320 };

typedef struct Seen {
	unsigned char digest[SEEN_DIGEST];
	Token token; /* its texts stand in text, one after the other */
	char text[TEXT_BYTES];
} Seen;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Seen table[PLACES];

bool seen_digest(const char *text, unsigned char ret[SEEN_DIGEST])
{
	unsigned char key[AUTH_KEY_BYTES];

	if (!auth_key("token seen", /* previous= */ false, key))
		return false;
	crypto_generichash(
		ret, SEEN_DIGEST, (const unsigned char *)text, strlen(text), key, sizeof key);
	sodium_memzero(key, sizeof key);
	return true;
}

static Seen *place_of(const unsigned char *digest)
{
	return &table[(digest[0] | digest[1] << 8) % PLACES];
}

static void texts_of(Token *token, const char **ret[TEXTS])
{
	ret[0] = &token->use;
	ret[1] = &token->role;
	ret[2] = &token->name;
	ret[3] = &token->email;
	ret[4] = &token->nonce;
	ret[5] = &token->extra;
}

bool seen_find(Arena *mem, const unsigned char digest[SEEN_DIGEST], Token *ret)
{
	const Seen *seen = place_of(digest);
	const char **text[TEXTS];
	bool found;

	pthread_mutex_lock(&lock);
	/* all zero is an empty place, and no digest that anybody could find */
	found = sodium_memcmp(seen->digest, digest, SEEN_DIGEST) == 0 && seen->token.use;
	if (found) {
		*ret = seen->token;
		texts_of(ret, text);
		for (size_t i = 0; i < TEXTS; i++)
			*text[i] = arena_dup(mem, *text[i]);
	}
	pthread_mutex_unlock(&lock);
	return found;
}

void seen_keep(const unsigned char digest[SEEN_DIGEST], const Token *token)
{
	Seen *seen = place_of(digest);
	const char **text[TEXTS];
	size_t used = 0, total = 0;
	Token copy = *token;

	texts_of(&copy, text);
	for (size_t i = 0; i < TEXTS; i++)
		total += strlen(*text[i]) + 1;
	if (total > TEXT_BYTES)
		return;
	pthread_mutex_lock(&lock);
	memcpy(seen->digest, digest, SEEN_DIGEST);
	for (size_t i = 0; i < TEXTS; i++) {
		size_t size = strlen(*text[i]) + 1;

		memcpy(seen->text + used, *text[i], size);
		*text[i] = seen->text + used;
		used += size;
	}
	seen->token = copy;
	pthread_mutex_unlock(&lock);
}

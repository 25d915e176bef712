/* token: see token.h. libjwt does the encoding; the algorithm is pinned here. */
#include "platform/auth/token.h"

#include <jwt.h>
#include <sodium.h>

#include "core/str.h"
#include "platform/auth/key.h"
#include "platform/auth/seen.h"

enum { CLOCK_SKEW_S = 60 };

static void close_jwt(jwt_t **jwt)
{
	jwt_free(*jwt);
}

static void add_text(jwt_t *jwt, const char *claim, const char *value)
{
	if (!str_is_empty(value))
		jwt_add_grant(jwt, claim, value);
}

static void add_int(jwt_t *jwt, const char *claim, int64_t value)
{
	if (value)
		jwt_add_grant_int(jwt, claim, value);
}

char *token_sign(Arena *mem, const Token *token)
{
	CLEANUP(close_jwt) jwt_t *jwt = NULL;
	unsigned char key[AUTH_KEY_BYTES];
	char *text, *copy;
	bool known = auth_key("token", /* previous= */ false, key);

	assert(known);
	if (jwt_new(&jwt))
		abort(); /* out of memory, as in the arena */
	add_text(jwt, "use", token->use);
	/* sub is text by RFC 7519 */
	add_text(jwt, "sub", token->user ? arena_printf(mem, "%" PRId64, token->user) : NULL);
	add_int(jwt, "cid", token->company);
	add_int(jwt, "sid", token->session);
	add_int(jwt, "av", token->auth_version);
	add_text(jwt, "role", token->role);
	add_text(jwt, "name", token->name);
	add_text(jwt, "email", token->email);
	add_text(jwt, "nonce", token->nonce);
	add_text(jwt, "ext", token->extra);
	add_int(jwt, "iat", token->issued_at);
	add_int(jwt, "exp", token->expires_at);
	if (jwt_set_alg(jwt, JWT_ALG_HS256, key, sizeof key) || !(text = jwt_encode_str(jwt)))
		abort();
	sodium_memzero(key, sizeof key);
	copy = arena_dup(mem, text);
	free(text);
	return copy;
}

static const char *text_of(Arena *mem, jwt_t *jwt, const char *claim)
{
	const char *text = jwt_get_grant(jwt, claim);

	return text ? arena_dup(mem, text) : "";
}

static void fill(Arena *mem, jwt_t *jwt, Token *ret)
{
	int64_t user = 0;

	str_int64(str_of(jwt_get_grant(jwt, "sub")), &user);
	*ret = (Token){
		.use = text_of(mem, jwt, "use"),
		.user = user,
		.company = jwt_get_grant_int(jwt, "cid"),
		.session = jwt_get_grant_int(jwt, "sid"),
		.auth_version = jwt_get_grant_int(jwt, "av"),
		.role = text_of(mem, jwt, "role"),
		.name = text_of(mem, jwt, "name"),
		.email = text_of(mem, jwt, "email"),
		.nonce = text_of(mem, jwt, "nonce"),
		.extra = text_of(mem, jwt, "ext"),
		.issued_at = jwt_get_grant_int(jwt, "iat"),
		.expires_at = jwt_get_grant_int(jwt, "exp"),
	};
}

/* Decode with the current or the previous key; NULL when neither signed it. libjwt takes the
 * algorithm from the header, so anything but HS256 (none, RS256 with our key as a "public key")
 * ends here. */
static jwt_t *decode(const char *text, bool *ret_current)
{
	unsigned char key[AUTH_KEY_BYTES];
	jwt_t *jwt = NULL;

	for (int previous = 0; previous < 2 && !jwt; previous++)
		if (auth_key("token", previous, key) &&
			jwt_decode(&jwt, text, key, sizeof key) != 0)
			jwt = NULL;
		else
			*ret_current = !previous;
	sodium_memzero(key, sizeof key);
	if (jwt && jwt_get_alg(jwt) != JWT_ALG_HS256) {
		jwt_free(jwt);
		jwt = NULL;
	}
	return jwt;
}

/* What a genuine token says; false: it is none. */
static bool read_genuine(Arena *mem, const char *text, Token *ret)
{
	CLEANUP(close_jwt) jwt_t *jwt = NULL;
	unsigned char digest[SEEN_DIGEST];
	bool current = false;

	if (!seen_digest(text, digest))
		return false;
	if (seen_find(mem, digest, ret))
		return true;
	jwt = decode(text, &current);
	if (!jwt)
		return false;
	fill(mem, jwt, ret);
	if (current)
		seen_keep(digest, ret);
	return true;
}

TokenState token_read(Arena *mem, const char *text, const char *use, int64_t now, Token *ret)
{
	Token token;

	if (!text || strnlen(text, TOKEN_MAX) >= TOKEN_MAX || !read_genuine(mem, text, &token))
		return TOKEN_BAD;
	if (strcmp(token.use, use) != 0 || token.expires_at <= 0 ||
		token.issued_at > now + CLOCK_SKEW_S)
		return TOKEN_BAD;
	*ret = token;
	return token.expires_at > now ? TOKEN_FRESH : TOKEN_EXPIRED;
}

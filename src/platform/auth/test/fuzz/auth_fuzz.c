/* What strangers send to sign-in: access tokens, API keys, one-time codes, sealed texts, ID tokens
 * with their key sets. The first byte chooses the reader; a zero byte splits a token from its key
 * set. */
#include "platform/auth/apikey.h"
#include "platform/auth/key.h"
#include "platform/auth/oidc.h"
#include "platform/auth/seal.h"
#include "platform/auth/token.h"
#include "platform/auth/totp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_id_token(Ctx *cx, const char *text, size_t size)
{
	static const OidcExpect expect = { "https://id.test", "siso", "nonce" };
	size_t split = strnlen(text, size);
	OidcClaims claims;

	if (split < size)
		(void)!oidc_verify(cx, (Str){ text, split },
			(Str){ text + split + 1, size - split - 1 }, &expect, &claims);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .now = 1795348800 };
	int64_t step;
	Token token;
	ApiKey key;
	char *text;

	if (!size || !auth_set_secret("a-test-secret-of-more-than-32-characters", NULL)) {
		arena_free(mem);
		return 0;
	}
	text = arena_copy(mem, data + 1, size - 1);
	switch (data[0] % 5) {
	case 0:
		if (token_read(mem, text, "access", cx.now, &token) == TOKEN_FRESH)
			abort(); /* nobody guesses a signature */
		break;
	case 1:
		apikey_parse(mem, text, &key);
		break;
	case 2:
		totp_check("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", text, cx.now, 0, &step);
		recovery_hash(mem, text);
		break;
	case 3:
		if (secret_open(mem, "totp", text))
			abort();
		break;
	default:
		read_id_token(&cx, text, size - 1);
		break;
	}
	arena_free(mem);
	return 0;
}

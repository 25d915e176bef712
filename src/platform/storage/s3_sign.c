/* The four steps of the signature: canonical request, its hash in a string to sign, a key derived
 * from day, region and service, HMAC. Names follow Amazon's description. */
#include <sodium.h>

#include "platform/storage/s3_sign.h"

#include "core/clock.h"
#include "core/random.h"

enum { CANONICAL_MAX = 64 << 10 };

typedef struct Hmac {
	unsigned char bytes[crypto_auth_hmacsha256_BYTES];
} Hmac;

static Hmac hmac(const void *key, size_t key_size, const char *text)
{
	crypto_auth_hmacsha256_state state;
	Hmac out;

	crypto_auth_hmacsha256_init(&state, key, key_size);
	crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, strlen(text));
	crypto_auth_hmacsha256_final(&state, out.bytes);
	return out;
}

static Hmac hmac_on(const Hmac *key, const char *text)
{
	return hmac(key->bytes, sizeof key->bytes, text);
}

char *s3_date(Arena *mem, int64_t at)
{
	Clock c = time_clock(at, NULL);

	return arena_printf(mem, "%04d%02d%02dT%02d%02d%02dZ", c.year, c.month, c.day, c.hour,
		c.minute, c.second);
}

char *s3_encode(Arena *mem, const char *text, bool keep_slash)
{
	char *out = arena_alloc(mem, strlen(text) * 3 + 1), *at = out;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
			     (c >= 'a' && c <= 'z') || strchr("-._~", c) ||
			     (c == '/' && keep_slash);

		if (plain)
			*at++ = (char)c;
		else
			at += snprintf(at, 4, "%%%02X", c);
	}
	return out;
}

/* "20261122/sa-east-1/s3/aws4_request" */
static char *scope_of(Arena *mem, const S3Keys *keys, int64_t at)
{
	return arena_printf(mem, "%.8s/%s/s3/aws4_request", s3_date(mem, at), keys->region);
}

/* "host;x-amz-date" */
static const char *signed_names(Arena *mem, const S3Request *request)
{
	Buf buf;

	buf_init(&buf, mem, CANONICAL_MAX);
	for (size_t i = 0; i < request->header_count; i++) {
		buf_puts(&buf, i ? ";" : "");
		buf_puts(&buf, request->header[i].name);
	}
	return buf_text(&buf);
}

static char *signature(
	Arena *mem, const S3Keys *keys, const S3Request *request, const char *query, int64_t at)
{
	const char *date = s3_date(mem, at);
	char *hex = arena_alloc(mem, crypto_auth_hmacsha256_BYTES * 2 + 1), *secret;
	Hmac key;
	Buf canonical;

	buf_init(&canonical, mem, CANONICAL_MAX);
	buf_printf(&canonical, "%s\n%s\n%s\n", request->method, request->path, query);
	for (size_t i = 0; i < request->header_count; i++)
		buf_printf(
			&canonical, "%s:%s\n", request->header[i].name, request->header[i].value);
	buf_printf(&canonical, "\n%s\n%s", signed_names(mem, request), request->payload_hash);

	secret = arena_printf(mem, "AWS4%s", keys->secret);
	key = hmac(secret, strlen(secret), arena_printf(mem, "%.8s", date));
	sodium_memzero(secret, strlen(secret));
	key = hmac_on(&key, keys->region);
	key = hmac_on(&key, "s3");
	key = hmac_on(&key, "aws4_request");
	key = hmac_on(&key,
		arena_printf(mem, "AWS4-HMAC-SHA256\n%s\n%s\n%s", date, scope_of(mem, keys, at),
			crypto_sha256_hex(mem, buf_text(&canonical), canonical.len)));
	return sodium_bin2hex(hex, sizeof key.bytes * 2 + 1, key.bytes, sizeof key.bytes);
}

char *s3_authorization(Arena *mem, const S3Keys *keys, const S3Request *request, int64_t at)
{
	return arena_printf(mem, "AWS4-HMAC-SHA256 Credential=%s/%s,SignedHeaders=%s,Signature=%s",
		keys->key_id, scope_of(mem, keys, at), signed_names(mem, request),
		signature(mem, keys, request, "", at));
}

char *s3_signed_query(
	Arena *mem, const S3Keys *keys, const S3Request *request, int64_t at, int expires_s)
{
	/* the names are in the order that the signature wants */
	char *query = arena_printf(mem,
		"X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=%s&X-Amz-Date=%s"
		"&X-Amz-Expires=%d&X-Amz-SignedHeaders=%s",
		s3_encode(mem, arena_printf(mem, "%s/%s", keys->key_id, scope_of(mem, keys, at)),
			/* keep_slash= */ false),
		s3_date(mem, at), expires_s,
		s3_encode(mem, signed_names(mem, request), /* keep_slash= */ false));

	return arena_printf(
		mem, "%s&X-Amz-Signature=%s", query, signature(mem, keys, request, query, at));
}

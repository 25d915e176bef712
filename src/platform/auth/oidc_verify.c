/* oidc_verify: an ID token against a JWK set. The algorithm is chosen by us from the key's kind,
 * never by the token alone: a token that says HS256 could be signed with the public key as its
 * secret. */
/* OpenSSL's headers first: they use a name that core/banned.h bans. */
#include <jansson.h>
#include <jwt.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <sodium.h>

#include "core/random.h"
#include "platform/auth/oidc.h"
#include "platform/json/json.h"

enum { ID_TOKEN_MAX = 16 << 10, CLOCK_SKEW_S = 60, KEYS_MAX = 32 };

static Err refuse(Ctx *cx, const char *why)
{
	return err_tell(cx, ERR_FORBIDDEN,
		"Não foi possível confirmar sua identidade com o serviço de login. Tente de novo.",
		"id token refused: %s", why);
}

static unsigned char *base64url(Arena *mem, Str text, size_t *ret_size)
{
	unsigned char *bytes = arena_alloc(mem, text.len + 1);

	if (sodium_base642bin(bytes, text.len + 1, text.ptr, text.len, NULL, ret_size, NULL,
		    sodium_base64_VARIANT_URLSAFE_NO_PADDING))
		return NULL;
	return bytes;
}

static const char *text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text ? text : "";
}

/* ---- JWK to PEM ---- */

static void free_pkey(EVP_PKEY **key)
{
	EVP_PKEY_free(*key);
}

static void free_pkey_ctx(EVP_PKEY_CTX **key)
{
	EVP_PKEY_CTX_free(*key);
}

static void free_bld(OSSL_PARAM_BLD **bld)
{
	OSSL_PARAM_BLD_free(*bld);
}

static void free_params(OSSL_PARAM **params)
{
	OSSL_PARAM_free(*params);
}

static void free_bn(BIGNUM **bn)
{
	BN_free(*bn);
}

static void free_bio(BIO **bio)
{
	BIO_free(*bio);
}

static char *pem_of(Arena *mem, const char *kind, OSSL_PARAM_BLD *bld)
{
	CLEANUP(free_params) OSSL_PARAM *params = OSSL_PARAM_BLD_to_param(bld);
	CLEANUP(free_pkey_ctx) EVP_PKEY_CTX *maker = EVP_PKEY_CTX_new_from_name(NULL, kind, NULL);
	CLEANUP(free_pkey) EVP_PKEY *key = NULL;
	CLEANUP(free_bio) BIO *bio = BIO_new(BIO_s_mem());
	char *text;
	long size;

	if (!params || !maker || !bio || EVP_PKEY_fromdata_init(maker) <= 0 ||
		EVP_PKEY_fromdata(maker, &key, EVP_PKEY_PUBLIC_KEY, params) <= 0 ||
		!PEM_write_bio_PUBKEY(bio, key))
		return NULL;
	size = BIO_get_mem_data(bio, &text);
	return arena_copy(mem, text, (size_t)size);
}

static char *rsa_pem(Arena *mem, const json_t *jwk)
{
	CLEANUP(free_bld) OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	CLEANUP(free_bn) BIGNUM *n = NULL;
	CLEANUP(free_bn) BIGNUM *e = NULL;
	size_t n_size, e_size;
	unsigned char *n_bytes = base64url(mem, str_of(text_of(jwk, "n")), &n_size);
	unsigned char *e_bytes = base64url(mem, str_of(text_of(jwk, "e")), &e_size);

	/* 2048 to 8192 bits: smaller is no proof, larger is an attack on our processor */
	if (!bld || !n_bytes || !e_bytes || n_size < 256 || n_size > 1024 || e_size < 1 ||
		e_size > 8)
		return NULL;
	n = BN_bin2bn(n_bytes, (int)n_size, NULL);
	e = BN_bin2bn(e_bytes, (int)e_size, NULL);
	if (!n || !e || !OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_N, n) ||
		!OSSL_PARAM_BLD_push_BN(bld, OSSL_PKEY_PARAM_RSA_E, e))
		return NULL;
	return pem_of(mem, "RSA", bld);
}

static char *ec_pem(Arena *mem, const json_t *jwk)
{
	CLEANUP(free_bld) OSSL_PARAM_BLD *bld = OSSL_PARAM_BLD_new();
	size_t x_size, y_size;
	unsigned char *x = base64url(mem, str_of(text_of(jwk, "x")), &x_size);
	unsigned char *y = base64url(mem, str_of(text_of(jwk, "y")), &y_size);
	unsigned char point[65] = { 4 };

	if (!bld || !x || !y || x_size != 32 || y_size != 32 ||
		strcmp(text_of(jwk, "crv"), "P-256") != 0)
		return NULL;
	memcpy(point + 1, x, 32);
	memcpy(point + 33, y, 32);
	if (!OSSL_PARAM_BLD_push_utf8_string(bld, OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) ||
		!OSSL_PARAM_BLD_push_octet_string(
			bld, OSSL_PKEY_PARAM_PUB_KEY, point, sizeof point))
		return NULL;
	return pem_of(mem, "EC", bld);
}

/* May this key verify a token with this alg and kid? */
static bool key_fits(const json_t *jwk, const char *alg, const char *kid)
{
	const char *use = text_of(jwk, "use"), *own = text_of(jwk, "alg");
	const char *kind = strcmp(alg, "RS256") == 0 ? "RSA" : "EC";

	return strcmp(text_of(jwk, "kty"), kind) == 0 && (!*use || strcmp(use, "sig") == 0) &&
	       (!*own || strcmp(own, alg) == 0) && (!*kid || strcmp(kid, text_of(jwk, "kid")) == 0);
}

/* ---- the token ---- */

static Err read_header(Ctx *cx, Str token, const char **ret_alg, const char **ret_kid)
{
	Str rest = token, piece;
	unsigned char *bytes;
	json_t *header;
	size_t size;

	if (token.len > ID_TOKEN_MAX || !str_cut(&rest, '.', &piece) ||
		!(bytes = base64url(cx->mem, piece, &size)))
		return refuse(cx, "no header");
	if (json_parse(cx, (Str){ (char *)bytes, size }, &header) || !json_is_object(header))
		return refuse(cx, "header is no object");
	*ret_alg = text_of(header, "alg");
	*ret_kid = text_of(header, "kid");
	if (strcmp(*ret_alg, "RS256") != 0 && strcmp(*ret_alg, "ES256") != 0)
		return refuse(cx, "algorithm");
	return OK;
}

/* libjwt frees its copy; the claims are parsed again with our limits. */
static bool signature_holds(const char *token, const char *pem, const char *alg)
{
	jwt_t *jwt = NULL;
	bool holds =
		jwt_decode(&jwt, token, (const unsigned char *)pem, (int)strlen(pem)) == 0 &&
		jwt_get_alg(jwt) == (strcmp(alg, "RS256") == 0 ? JWT_ALG_RS256 : JWT_ALG_ES256);

	jwt_free(jwt);
	return holds;
}

static Err verify_signature(Ctx *cx, Str token, Str jwks)
{
	const char *alg, *kid, *text = arena_copy(cx->mem, token.ptr, token.len);
	const json_t *keys, *jwk;
	json_t *document;
	bool any = false;
	size_t i;

	TRY(read_header(cx, token, &alg, &kid));
	if (json_parse(cx, jwks, &document))
		return refuse(cx, "key set is no JSON");
	keys = json_object_get(document, "keys");
	if (json_array_size(keys) > KEYS_MAX)
		return refuse(cx, "too many keys");
	json_array_foreach(keys, i, jwk)
	{
		const char *pem;

		if (!key_fits(jwk, alg, kid))
			continue;
		any = true;
		pem = strcmp(alg, "RS256") == 0 ? rsa_pem(cx->mem, jwk) : ec_pem(cx->mem, jwk);
		if (pem && signature_holds(text, pem, alg))
			return OK;
	}
	if (!any)
		return err_set(cx, ERR_NOT_FOUND, "no key for the id token's kid");
	return refuse(cx, "signature");
}

static bool is_audience(const json_t *claims, const char *client_id)
{
	const json_t *aud = json_object_get(claims, "aud"), *one;
	const char *azp = json_string_value(json_object_get(claims, "azp"));
	bool named = false;
	size_t i;

	if (json_is_string(aud))
		return str_same(json_string_value(aud), client_id) &&
		       (!azp || str_same(azp, client_id));
	json_array_foreach(aud, i, one) if (str_same(json_string_value(one), client_id)) named =
		true;
	/* several audiences: the token must have been made for us */
	return named && (json_array_size(aud) == 1 ? !azp || str_same(azp, client_id)
						   : str_same(azp, client_id));
}

static Err check_claims(Ctx *cx, const json_t *claims, const OidcExpect *expect)
{
	int64_t exp = json_integer_value(json_object_get(claims, "exp"));
	int64_t iat = json_integer_value(json_object_get(claims, "iat"));
	const char *nonce = text_of(claims, "nonce");

	if (!str_same(text_of(claims, "iss"), expect->issuer))
		return refuse(cx, "issuer");
	if (!is_audience(claims, expect->client_id))
		return refuse(cx, "audience");
	if (exp <= cx->now - CLOCK_SKEW_S)
		return refuse(cx, "expired");
	if (iat <= 0 || iat > cx->now + CLOCK_SKEW_S)
		return refuse(cx, "issued in the future");
	if (str_is_empty(expect->nonce) || strlen(nonce) != strlen(expect->nonce) ||
		!crypto_equal(nonce, expect->nonce, strlen(nonce)))
		return refuse(cx, "nonce");
	if (!*text_of(claims, "sub") || strlen(text_of(claims, "sub")) > 255)
		return refuse(cx, "subject");
	return OK;
}

Err oidc_verify(Ctx *cx, Str token, Str jwks, const OidcExpect *expect, OidcClaims *ret)
{
	Str rest = token, header, payload;
	unsigned char *bytes;
	json_t *claims;
	size_t size;

	TRY(verify_signature(cx, token, jwks));
	if (!str_cut(&rest, '.', &header) || !str_cut(&rest, '.', &payload) ||
		!(bytes = base64url(cx->mem, payload, &size)) ||
		json_parse(cx, (Str){ (char *)bytes, size }, &claims) || !json_is_object(claims))
		return refuse(cx, "payload");
	TRY(check_claims(cx, claims, expect));
	*ret = (OidcClaims){
		.subject = arena_dup(cx->mem, text_of(claims, "sub")),
		.email = arena_dup(cx->mem, json_string_value(json_object_get(claims, "email"))),
		.name = arena_dup(cx->mem, json_string_value(json_object_get(claims, "name"))),
		.email_verified = json_is_true(json_object_get(claims, "email_verified")),
	};
	return OK;
}

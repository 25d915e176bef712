/* The proof of an ID token, with keys made here. The conversation with a real provider is tested in
 * modules/account. */
#include <jansson.h>
#include <jwt.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <sodium.h>

#include "platform/auth/oidc.h"
#include "test.h"

typedef struct Keys {
	EVP_PKEY *rsa, *ec;
	char *rsa_pem, *ec_pem, *rsa_public;
	char *jwks;
} Keys;

static const OidcExpect expect = { "https://id.test", "siso", "nonce-1" };

static char *base64(Arena *mem, const unsigned char *bytes, size_t size)
{
	size_t room = sodium_base64_ENCODED_LEN(size, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	return sodium_bin2base64(arena_alloc(mem, room), room, bytes, size,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static char *number(Arena *mem, const EVP_PKEY *key, const char *name, int least)
{
	BIGNUM *value = NULL;
	unsigned char bytes[1024];
	int size;

	CHECK(EVP_PKEY_get_bn_param(key, name, &value));
	size = BN_num_bytes(value) > least ? BN_num_bytes(value) : least;
	BN_bn2binpad(value, bytes, size);
	BN_free(value);
	return base64(mem, bytes, (size_t)size);
}

static char *pem(Arena *mem, EVP_PKEY *key, bool private)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *text, *copy;
	long size;

	if (private)
		PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL);
	else
		PEM_write_bio_PUBKEY(bio, key);
	size = BIO_get_mem_data(bio, &text);
	copy = arena_copy(mem, text, (size_t)size);
	BIO_free(bio);
	return copy;
}

static void free_key(void *key)
{
	EVP_PKEY_free(key);
}

static Keys new_keys(Ctx *cx)
{
	Keys k = { .rsa = EVP_RSA_gen(2048), .ec = EVP_EC_gen("P-256") };

	arena_defer(cx->mem, free_key, k.rsa);
	arena_defer(cx->mem, free_key, k.ec);
	k.rsa_pem = pem(cx->mem, k.rsa, true);
	k.ec_pem = pem(cx->mem, k.ec, true);
	k.rsa_public = pem(cx->mem, k.rsa, false);
	k.jwks = arena_printf(cx->mem,
		"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r1\",\"use\":\"sig\",\"alg\":\"RS256\","
		"\"n\":\"%s\","
		"\"e\":\"%s\"},{\"kty\":\"EC\",\"kid\":\"e1\",\"crv\":\"P-256\",\"x\":\"%s\",\"y\":"
		"\"%s\"}]}",
		number(cx->mem, k.rsa, OSSL_PKEY_PARAM_RSA_N, 0),
		number(cx->mem, k.rsa, OSSL_PKEY_PARAM_RSA_E, 0),
		number(cx->mem, k.ec, OSSL_PKEY_PARAM_EC_PUB_X, 32),
		number(cx->mem, k.ec, OSSL_PKEY_PARAM_EC_PUB_Y, 32));
	return k;
}

/* A token of the usual claims with some replaced: claims is a JSON object. */
static Str make(Ctx *cx, jwt_alg_t alg, const char *key, const char *kid, const char *claims)
{
	jwt_t *jwt;
	char *text, *copy;

	CHECK(jwt_new(&jwt) == 0);
	jwt_add_grants_json(jwt,
		"{\"iss\":\"https://id.test\",\"aud\":\"siso\",\"sub\":\"u1\","
		"\"nonce\":\"nonce-1\",\"email\":\"a@x.test\",\"email_verified\":true}");
	jwt_add_grant_int(jwt, "exp", TEST_NOW + 300);
	jwt_add_grant_int(jwt, "iat", TEST_NOW);
	if (claims) {
		json_t *object = json_loads(claims, 0, NULL);
		const char *name;
		json_t *value;

		json_object_foreach(object, name, value) jwt_del_grants(jwt, name);
		json_decref(object);
		CHECK(jwt_add_grants_json(jwt, claims) == 0);
	}
	if (kid)
		jwt_add_header(jwt, "kid", kid);
	CHECK(jwt_set_alg(jwt, alg, (const unsigned char *)key, (int)strlen(key)) == 0);
	text = jwt_encode_str(jwt);
	copy = arena_dup(cx->mem, text);
	free(text);
	jwt_free(jwt);
	return str_of(copy);
}

static Err verify(Ctx *cx, const Keys *k, Str token, OidcClaims *ret)
{
	return oidc_verify(cx, token, str_of(k->jwks), &expect, ret);
}

TEST(an_rs256_and_an_es256_token_are_believed)
{
	Keys k = new_keys(cx);
	OidcClaims claims;

	CHECK(verify(cx, &k, make(cx, JWT_ALG_RS256, k.rsa_pem, "r1", NULL), &claims) == OK);
	CHECK_TEXT(claims.subject, "u1");
	CHECK_TEXT(claims.email, "a@x.test");
	CHECK(claims.email_verified);
	CHECK(verify(cx, &k, make(cx, JWT_ALG_ES256, k.ec_pem, "e1", NULL), &claims) == OK);
	CHECK(verify(cx, &k, make(cx, JWT_ALG_RS256, k.rsa_pem, NULL, NULL), &claims) == OK);
}

TEST(a_token_signed_with_the_public_key_as_secret_is_refused)
{
	Keys k = new_keys(cx);
	OidcClaims claims;

	CHECK(verify(cx, &k, make(cx, JWT_ALG_HS256, k.rsa_public, "r1", NULL), &claims) ==
		ERR_FORBIDDEN);
}

TEST(a_token_of_another_key_is_refused)
{
	Keys k = new_keys(cx), other = new_keys(cx);
	OidcClaims claims;

	CHECK(verify(cx, &k, make(cx, JWT_ALG_RS256, other.rsa_pem, "r1", NULL), &claims) ==
		ERR_FORBIDDEN);
	CHECK(verify(cx, &k, make(cx, JWT_ALG_ES256, other.ec_pem, "e1", NULL), &claims) ==
		ERR_FORBIDDEN);
	/* a kid that names a key of another kind */
	CHECK(verify(cx, &k, make(cx, JWT_ALG_RS256, k.rsa_pem, "e1", NULL), &claims) ==
		ERR_NOT_FOUND);
	CHECK(verify(cx, &k, make(cx, JWT_ALG_RS256, k.rsa_pem, "r2", NULL), &claims) ==
		ERR_NOT_FOUND);
}

TEST(claims_that_do_not_fit_are_refused)
{
	static const char *const bad[] = { "{\"iss\":\"https://evil.test\"}", "{\"aud\":\"other\"}",
		"{\"aud\":[\"siso\",\"other\"]}",
		"{\"aud\":[\"siso\",\"other\"],\"azp\":\"other\"}",
		"{\"aud\":\"siso\",\"azp\":\"other\"}", "{\"aud\":[]}", "{\"aud\":7}",
		"{\"exp\":1795348700}", "{\"exp\":\"soon\"}", "{\"iat\":1795348900}",
		"{\"nonce\":\"nonce-2\"}", "{\"nonce\":\"\"}", "{\"sub\":\"\"}", "{\"sub\":5}" };
	Keys k = new_keys(cx);
	OidcClaims claims;

	for (size_t i = 0; i < COUNT(bad); i++)
		if (verify(cx, &k, make(cx, JWT_ALG_RS256, k.rsa_pem, "r1", bad[i]), &claims) !=
			ERR_FORBIDDEN)
			test_fail(__FILE__, __LINE__, "believed: %s", bad[i]);
}

TEST(several_audiences_need_us_as_the_authorized_party)
{
	Keys k = new_keys(cx);
	OidcClaims claims;

	CHECK(verify(cx, &k,
		      make(cx, JWT_ALG_RS256, k.rsa_pem, "r1",
			      "{\"aud\":[\"siso\",\"other\"],\"azp\":\"siso\"}"),
		      &claims) == OK);
	CHECK(verify(cx, &k, make(cx, JWT_ALG_RS256, k.rsa_pem, "r1", "{\"aud\":[\"siso\"]}"),
		      &claims) == OK);
}

TEST(hostile_key_sets_and_tokens_are_refused)
{
	static const char *const jwks[] = { "", "[]", "{}", "{\"keys\":{}}", "{\"keys\":[1,null]}",
		"{\"keys\":[{\"kty\":\"RSA\",\"kid\":\"r1\",\"n\":\"AQ\",\"e\":\"AQAB\"}]}",
		"{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AA\",\"y\":\"AA\"}]}" };
	static const char *const tokens[] = { "", ".", "a.b.c", "e30.e30.e30",
		"eyJhbGciOiJub25lIn0.e30." };
	Keys k = new_keys(cx);
	OidcClaims claims;

	for (size_t i = 0; i < COUNT(jwks); i++)
		CHECK(oidc_verify(cx, make(cx, JWT_ALG_RS256, k.rsa_pem, "r1", NULL),
			      str_of(jwks[i]), &expect, &claims) != OK);
	for (size_t i = 0; i < COUNT(tokens); i++)
		CHECK(verify(cx, &k, str_of(tokens[i]), &claims) == ERR_FORBIDDEN);
}

/* ---- discovery, with a network of our own ---- */

static const char *document;
static int asked;

static Err fake_fetch(Ctx *cx, const OidcRequest *request, OidcAnswer *ret)
{
	(void)request;
	asked++;
	*ret = (OidcAnswer){ 200, str_of(arena_dup(cx->mem, document)) };
	return OK;
}

static Err discover(Ctx *cx, const char *issuer, const char *text, OidcProvider *ret)
{
	oidc_forget();
	document = text;
	return oidc_discover(cx, fake_fetch, issuer, ret);
}

#define ENDPOINTS                                                                                  \
	",\"authorization_endpoint\":\"https://id.test/a?x=1\",\"token_endpoint\":\"https://"      \
	"id.test/t\","                                                                             \
	"\"jwks_uri\":\"https://id.test/k\"}"

TEST(discovery_reads_the_endpoints_once_in_ten_minutes)
{
	OidcProvider p;

	asked = 0;
	CHECK(discover(cx, "https://id.test", "{\"issuer\":\"https://id.test\"" ENDPOINTS, &p) ==
		OK);
	CHECK_TEXT(p.token_endpoint, "https://id.test/t");
	CHECK(oidc_discover(cx, fake_fetch, "https://id.test", &p) == OK);
	CHECK_INT(asked, 1);
	cx->now += 601;
	CHECK(oidc_discover(cx, fake_fetch, "https://id.test", &p) == OK);
	CHECK_INT(asked, 2);
	oidc_forget();
}

TEST(discovery_refuses_what_speaks_for_another)
{
	OidcProvider p;

	CHECK(discover(cx, "https://id.test", "{\"issuer\":\"https://evil.test\"" ENDPOINTS, &p) ==
		ERR_INVALID);
	CHECK(discover(cx, "https://id.test", "<html>", &p) == ERR_INVALID);
	CHECK(discover(cx, "https://id.test", "{\"issuer\":\"https://id.test\"}", &p) ==
		ERR_INVALID);
	CHECK(discover(cx, "https://id.test",
		      "{\"issuer\":\"https://id.test\",\"authorization_endpoint\":\"http://id.test/"
		      "a\","
		      "\"token_endpoint\":\"https://id.test/t\",\"jwks_uri\":\"https://id.test/"
		      "k\"}",
		      &p) == ERR_INVALID);
	oidc_forget();
}

TEST(only_tls_or_the_loopback_is_asked)
{
	static const char *const bad[] = { "", "http://id.test", "ftp://id.test", "https://",
		"https:///x", "http://localhost.evil.test", "http://localhost@evil.test",
		"https://id.test/ x", "javascript:alert(1)", "https://user@id.test" };

	CHECK(oidc_url_is_safe("https://id.test/realms/a"));
	CHECK(oidc_url_is_safe("http://localhost:4000"));
	CHECK(oidc_url_is_safe("http://127.0.0.1:4000/x"));
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!oidc_url_is_safe(bad[i]));
	CHECK(!oidc_url_is_safe(NULL));
}

/* RFC 7636, appendix B */
TEST(the_start_carries_pkce_state_and_nonce)
{
	OidcProvider p = { .authorization_endpoint = "https://id.test/a?x=1" };
	OidcClient client = { "si so", NULL, "https://a.test/login/oidc/callback" };

	CHECK_TEXT(oidc_start_url(cx->mem, &p, &client, "st&ate", "non",
			   "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
		"https://id.test/a?x=1&response_type=code&client_id=si%20so"
		"&redirect_uri=https%3A%2F%2Fa.test%2Flogin%2Foidc%2Fcallback"
		"&scope=openid%20email%20profile&state=st%26ate&nonce=non"
		"&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
		"&code_challenge_method=S256");
}

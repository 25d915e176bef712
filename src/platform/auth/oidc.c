/* oidc: see oidc.h. The conversation with the provider; the proof is in oidc_verify.c. */
#include "platform/auth/oidc.h"

#include <jansson.h>
#include <pthread.h>
#include <sodium.h>

#include "core/random.h"
#include "platform/json/json.h"

enum { KEPT_MAX = 16, KEPT_S = 600, KEPT_SIZE = 64 << 10 };

/* Documents of providers, kept by URL: few providers, and each sign-in needs two of them. */
typedef struct Kept {
	char *url, *body;
	size_t size;
	int64_t at;
} Kept;

static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;
static Kept kept[KEPT_MAX];

static void drop(Kept *entry)
{
	free(entry->url);
	free(entry->body);
	*entry = (Kept){ 0 };
}

void oidc_forget(void)
{
	pthread_mutex_lock(&kept_lock);
	for (size_t i = 0; i < KEPT_MAX; i++)
		drop(&kept[i]);
	pthread_mutex_unlock(&kept_lock);
}

static bool find_kept(Ctx *cx, const char *url, Str *ret)
{
	bool found = false;

	pthread_mutex_lock(&kept_lock);
	for (size_t i = 0; i < KEPT_MAX && !found; i++) {
		if (!str_same(kept[i].url, url) || kept[i].at + KEPT_S < cx->now)
			continue;
		*ret = (Str){ arena_copy(cx->mem, kept[i].body, kept[i].size), kept[i].size };
		found = true;
	}
	pthread_mutex_unlock(&kept_lock);
	return found;
}

/* In the place of the same URL, else of the oldest. Without memory nothing is kept. */
static void keep(Ctx *cx, const char *url, Str body)
{
	Kept *place = &kept[0];

	if (body.len > KEPT_SIZE)
		return;
	pthread_mutex_lock(&kept_lock);
	for (size_t i = 0; i < KEPT_MAX; i++) {
		if (str_same(kept[i].url, url)) {
			place = &kept[i];
			break;
		}
		if (kept[i].at < place->at)
			place = &kept[i];
	}
	drop(place);
	*place = (Kept){ strdup(url), malloc(body.len + 1), body.len, cx->now };
	if (place->url && place->body)
		memcpy(place->body, body.ptr, body.len);
	else
		drop(place);
	pthread_mutex_unlock(&kept_lock);
}

static Err no_answer(Ctx *cx, const char *what)
{
	return err_tell(cx, ERR_UNAVAILABLE,
		"O serviço de login não respondeu. Tente de novo em instantes ou entre com e-mail "
		"e senha.",
		"oidc: %s did not answer", what);
}

static Err bad_document(Ctx *cx, const char *why)
{
	return err_tell(cx, ERR_INVALID,
		"O endereço do serviço de login não responde como um provedor OpenID Connect.",
		"oidc: discovery: %s", why);
}

/* A document by GET, from what is kept when fresh is false. */
static Err fetch_document(Ctx *cx, OidcFetch *fetch, const char *url, bool fresh, Str *ret)
{
	OidcAnswer answer = { 0 };

	if (!fresh && find_kept(cx, url, ret))
		return OK;
	TRY(fetch(cx, &(OidcRequest){ .url = url }, &answer));
	if (answer.status != 200)
		return no_answer(cx, "document");
	keep(cx, url, answer.body);
	*ret = answer.body;
	return OK;
}

bool oidc_url_is_safe(const char *url)
{
	static const char *const loopback[] = { "http://localhost", "http://127.0.0.1",
		"http://[::1]" };

	if (!url || strlen(url) > 500 || strpbrk(url, " \t\r\n\"<>\\@#"))
		return false;
	if (str_starts(url, "https://"))
		return url[8] && url[8] != '/';
	for (size_t i = 0; i < COUNT(loopback); i++) {
		size_t size = strlen(loopback[i]);

		if (str_starts(url, loopback[i]) && (!url[size] || strchr(":/", url[size])))
			return true;
	}
	return false;
}

static const char *endpoint(Ctx *cx, const json_t *document, const char *name)
{
	const char *url = json_string_value(json_object_get(document, name));

	return oidc_url_is_safe(url) ? arena_dup(cx->mem, url) : NULL;
}

static bool offers(const json_t *document, const char *list, const char *word)
{
	const json_t *item;
	size_t i;

	json_array_foreach(json_object_get(document, list), i,
		item) if (str_same(json_string_value(item), word)) return true;
	return false;
}

Err oidc_discover(Ctx *cx, OidcFetch *fetch, const char *issuer, OidcProvider *ret)
{
	const char *slash = str_ends(issuer, "/") ? "" : "/";
	const json_t *methods;
	OidcProvider p;
	json_t *document;
	Str body;

	if (!oidc_url_is_safe(issuer))
		return bad_document(cx, "issuer's address");
	TRY(fetch_document(cx, fetch,
		arena_printf(cx->mem, "%s%s.well-known/openid-configuration", issuer, slash),
		/* fresh= */ false, &body));
	if (json_parse(cx, body, &document) || !json_is_object(document))
		return bad_document(cx, "no JSON object");
	/* the document must speak for the issuer that was asked (OIDC discovery 4.3) */
	if (!str_same(json_string_value(json_object_get(document, "issuer")), issuer))
		return bad_document(cx, "another issuer");
	p = (OidcProvider){
		.issuer = arena_dup(cx->mem, issuer),
		.authorization_endpoint = endpoint(cx, document, "authorization_endpoint"),
		.token_endpoint = endpoint(cx, document, "token_endpoint"),
		.userinfo_endpoint = endpoint(cx, document, "userinfo_endpoint"),
		.jwks_uri = endpoint(cx, document, "jwks_uri"),
	};
	if (!p.authorization_endpoint || !p.token_endpoint || !p.jwks_uri)
		return bad_document(cx, "endpoints");
	methods = json_object_get(document, "token_endpoint_auth_methods_supported");
	p.posts_secret = methods && !offers(document, "token_endpoint_auth_methods_supported",
					    "client_secret_basic");
	*ret = p;
	return OK;
}

/* ---- start ---- */

char *oidc_new_verifier(Arena *mem)
{
	return crypto_token(mem, 32);
}

static const char *challenge_of(Arena *mem, const char *verifier)
{
	unsigned char hash[crypto_hash_sha256_BYTES];
	size_t room =
		sodium_base64_ENCODED_LEN(sizeof hash, sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
	return sodium_bin2base64(arena_alloc(mem, room), room, hash, sizeof hash,
		sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static void put_escaped(Buf *buf, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if ((c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			strchr("-._~", c))
			buf_putc(buf, *text);
		else
			buf_printf(buf, "%%%02X", c);
	}
}

static void put_parameter(Buf *buf, char before, const char *name, const char *value)
{
	if (before)
		buf_putc(buf, before);
	buf_puts(buf, name);
	buf_putc(buf, '=');
	put_escaped(buf, value);
}

const char *oidc_start_url(Arena *mem, const OidcProvider *provider, const OidcClient *client,
	const char *state, const char *nonce, const char *verifier)
{
	Buf buf;

	buf_init(&buf, mem, 8192);
	buf_puts(&buf, provider->authorization_endpoint);
	put_parameter(&buf, strchr(provider->authorization_endpoint, '?') ? '&' : '?',
		"response_type", "code");
	put_parameter(&buf, '&', "client_id", client->client_id);
	put_parameter(&buf, '&', "redirect_uri", client->redirect_uri);
	put_parameter(&buf, '&', "scope", "openid email profile");
	put_parameter(&buf, '&', "state", state);
	put_parameter(&buf, '&', "nonce", nonce);
	put_parameter(&buf, '&', "code_challenge", challenge_of(mem, verifier));
	put_parameter(&buf, '&', "code_challenge_method", "S256");
	return arena_dup(mem, buf_text(&buf));
}

/* ---- finish ---- */

static const char *escaped(Arena *mem, const char *text)
{
	Buf buf;

	buf_init(&buf, mem, 4096);
	put_escaped(&buf, text);
	return arena_dup(mem, buf_text(&buf));
}

static Err exchange(Ctx *cx, OidcFetch *fetch, const OidcProvider *provider,
	const OidcClient *client, const char *code, const char *verifier, json_t **ret)
{
	OidcRequest request = { .url = provider->token_endpoint };
	bool secret = !str_is_empty(client->client_secret);
	OidcAnswer answer = { 0 };
	Buf form;

	buf_init(&form, cx->mem, 16 << 10);
	put_parameter(&form, 0, "grant_type", "authorization_code");
	put_parameter(&form, '&', "code", code);
	put_parameter(&form, '&', "redirect_uri", client->redirect_uri);
	put_parameter(&form, '&', "code_verifier", verifier);
	if (!secret || provider->posts_secret)
		put_parameter(&form, '&', "client_id", client->client_id);
	if (secret && provider->posts_secret)
		put_parameter(&form, '&', "client_secret", client->client_secret);
	if (secret && !provider->posts_secret) /* both urlencoded first: RFC 6749 2.3.1 */
		request.basic = arena_printf(cx->mem, "%s:%s", escaped(cx->mem, client->client_id),
			escaped(cx->mem, client->client_secret));
	request.form = buf_text(&form);
	TRY(fetch(cx, &request, &answer));
	if (answer.status != 200 || json_parse(cx, answer.body, ret) || !json_is_object(*ret))
		return err_tell(cx, ERR_FORBIDDEN,
			"O serviço de login recusou a entrada. Tente de novo.",
			"oidc: token endpoint answered %d", answer.status);
	return OK;
}

/* Verify with the kept keys, and once more with fresh ones when the provider has changed them. */
static Err verify(Ctx *cx, OidcFetch *fetch, const OidcProvider *provider, Str token,
	const OidcExpect *expect, OidcClaims *ret)
{
	Str jwks;
	Err err;

	TRY(fetch_document(cx, fetch, provider->jwks_uri, /* fresh= */ false, &jwks));
	err = oidc_verify(cx, token, jwks, expect, ret);
	if (err != ERR_NOT_FOUND)
		return err;
	TRY(fetch_document(cx, fetch, provider->jwks_uri, /* fresh= */ true, &jwks));
	err = oidc_verify(cx, token, jwks, expect, ret);
	return err == ERR_NOT_FOUND ? err_set(cx, ERR_FORBIDDEN, "oidc: no key for the id token")
				    : err;
}

static Err ask_userinfo(
	Ctx *cx, OidcFetch *fetch, const char *url, const char *access, OidcClaims *claims)
{
	OidcAnswer answer = { 0 };
	json_t *info;

	TRY(fetch(cx, &(OidcRequest){ .url = url, .bearer = access }, &answer));
	if (answer.status != 200 || json_parse(cx, answer.body, &info))
		return no_answer(cx, "userinfo");
	/* another subject's data must not be taken for this one's (OIDC core 5.3.2) */
	if (!str_same(json_string_value(json_object_get(info, "sub")), claims->subject))
		return err_set(cx, ERR_FORBIDDEN, "oidc: userinfo of another subject");
	claims->email = arena_dup(cx->mem, json_string_value(json_object_get(info, "email")));
	claims->email_verified = json_is_true(json_object_get(info, "email_verified"));
	if (!claims->name)
		claims->name = arena_dup(cx->mem, json_string_value(json_object_get(info, "name")));
	return OK;
}

Err oidc_finish(Ctx *cx, OidcFetch *fetch, const OidcProvider *provider, const OidcClient *client,
	const char *code, const char *verifier, const char *nonce, OidcClaims *ret)
{
	OidcExpect expect = { provider->issuer, client->client_id, nonce };
	const char *id_token, *access;
	OidcClaims claims;
	json_t *answer;

	TRY(exchange(cx, fetch, provider, client, code, verifier, &answer));
	id_token = json_string_value(json_object_get(answer, "id_token"));
	access = json_string_value(json_object_get(answer, "access_token"));
	if (!id_token)
		return err_set(cx, ERR_FORBIDDEN, "oidc: no id token in the answer");
	TRY(verify(cx, fetch, provider, str_of(id_token), &expect, &claims));
	if (!claims.email && provider->userinfo_endpoint && access)
		TRY(ask_userinfo(cx, fetch, provider->userinfo_endpoint, access, &claims));
	*ret = claims;
	return OK;
}

/* oidc: sign-in by another service (OpenID Connect Core 1.0): discovery, authorization code with
 * PKCE (RFC 7636), ID token verified by the provider's keys (RS256, ES256). Knows no user: it ends
 * with who the provider says it is. Documents are kept in the process for ten minutes. */
#ifndef AUTH_OIDC_H
#define AUTH_OIDC_H

#include "core/ctx.h"
#include "core/str.h"

/* The network, so that tests and the outgoing proxy can stand in. */
typedef struct OidcRequest {
	const char *url;
	const char *form;  /* body of a POST (urlencoded); NULL: GET */
	const char *basic; /* "user:password", both urlencoded already; NULL: none */
	const char *bearer;
} OidcRequest;

typedef struct OidcAnswer {
	int status;
	Str body; /* in cx->mem */
} OidcAnswer;

/* ERR_UNAVAILABLE: no answer within some seconds, not a public address, or too large. */
typedef Err OidcFetch(Ctx *cx, const OidcRequest *request, OidcAnswer *ret);

typedef struct OidcProvider {
	const char *issuer, *authorization_endpoint, *token_endpoint, *userinfo_endpoint, *jwks_uri;
	bool posts_secret; /* only client_secret_post is offered */
} OidcProvider;

typedef struct OidcClient {
	const char *client_id;
	const char *client_secret; /* NULL: a public client, PKCE alone */
	const char *redirect_uri;
} OidcClient;

typedef struct OidcClaims {
	const char *subject, *email, *name; /* email NULL: not told */
	bool email_verified;
} OidcClaims;

/* Read <issuer>/.well-known/openid-configuration. ERR_UNAVAILABLE: no answer. ERR_INVALID: the
 * answer is no such document, names another issuer, or has endpoints without TLS. */
MUST_CHECK Err oidc_discover(Ctx *cx, OidcFetch *fetch, const char *issuer, OidcProvider *ret);
/* An issuer that may be asked: https, or http on the loopback (development and tests). */
bool oidc_url_is_safe(const char *url);

/* A code verifier for PKCE; and the address to send the browser to. state and nonce are the
 * caller's, random, kept in the browser's signed cookie together with the verifier. */
char *oidc_new_verifier(Arena *mem);
const char *oidc_start_url(Arena *mem, const OidcProvider *provider, const OidcClient *client,
	const char *state, const char *nonce, const char *verifier);

/* Exchange the code, verify the ID token (signature, iss, aud, azp, exp, iat, nonce) and read the
 * claims; asks the userinfo endpoint when the token has no e-mail. ERR_FORBIDDEN: not proven; the
 * log says why. ERR_UNAVAILABLE: no answer. */
MUST_CHECK Err oidc_finish(Ctx *cx, OidcFetch *fetch, const OidcProvider *provider,
	const OidcClient *client, const char *code, const char *verifier, const char *nonce,
	OidcClaims *ret);

/* The parts of oidc_finish that see foreign bytes, for tests and the fuzzer: verify token against a
 * JWK set (JSON text). ERR_NOT_FOUND: no key with the token's kid (ask for newer keys). */
typedef struct OidcExpect {
	const char *issuer, *client_id, *nonce;
} OidcExpect;
MUST_CHECK Err oidc_verify(Ctx *cx, Str token, Str jwks, const OidcExpect *expect, OidcClaims *ret);

/* Forget the kept documents (tests). */
void oidc_forget(void);

#endif

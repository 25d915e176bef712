/* token: signed statements (JWT, HS256) that need no query to be believed: the access token, the
 * ticket between password and second factor, the ticket that carries a person to another company.
 */
#ifndef AUTH_TOKEN_H
#define AUTH_TOKEN_H

#include "core/arena.h"

enum { TOKEN_MAX = 4096, ACCESS_SECONDS = 15 * 60 };

/* What a token says. use tells what it is good for; a token for another use is a bad token. */
typedef struct Token {
	const char *use; /* "access", "totp", "switch", "oidc" */
	int64_t user, company, session;
	int64_t auth_version;
	const char *role; /* "" where it says nothing, as all texts */
	const char *name, *email;
	const char *nonce; /* one-time part of tickets; state of OIDC */
	const char *extra; /* where to go afterwards */
	int64_t issued_at, expires_at;
} Token;

typedef enum TokenState { TOKEN_BAD, TOKEN_EXPIRED, TOKEN_FRESH } TokenState;

char *token_sign(Arena *mem, const Token *token);
/* Verify signature, algorithm, use and time (one minute of tolerance for iat). ret is filled for
 * TOKEN_FRESH and TOKEN_EXPIRED. text may be NULL: TOKEN_BAD. */
TokenState token_read(Arena *mem, const char *text, const char *use, int64_t now, Token *ret);

#endif

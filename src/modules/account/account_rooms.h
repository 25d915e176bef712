/* What the files of this folder share. Other modules see account.h only. */
#ifndef ACCOUNT_ACCOUNT_ROOMS_H
#define ACCOUNT_ACCOUNT_ROOMS_H

#include "modules/account/account.h"
#include "platform/auth/oidc.h"
#include "platform/auth/token.h"
#include "platform/web/router.h"

/* ---- account_perm.c: roles and what they may ---- */

typedef struct Role {
	const char *name, *title, *base; /* base: the built-in role it started from, or itself */
	bool builtin;
	bool changed;    /* differs from its defaults; filled for the page of roles */
	int64_t members; /* own roles only */
} Role;

/* Title of a built-in role, or NULL. */
const char *role_builtin_title(const char *name);
/* Built-in ones first. */
MUST_CHECK Err role_list_all(Ctx *cx, Role **ret, size_t *ret_count);
/* ERR_NOT_FOUND: no such role. */
MUST_CHECK Err role_get(Ctx *cx, const char *name, Role *ret);

/* Permissions of a role as a bit set, and the role's title; from the process's cache when it is as
 * new as auth_version, else from PostgreSQL. */
typedef struct RolePerms {
	uint64_t bits[PERM_WORDS];
	const char *title;
} RolePerms;
MUST_CHECK Err perms_of_role(Ctx *cx, const char *role, int64_t auth_version, RolePerms *ret);
/* The same without the cache. */
MUST_CHECK Err perms_load(Ctx *cx, const char *role, RolePerms *ret);
bool perms_has(const uint64_t *bits, int bit);
/* Does a built-in role hold the permission until somebody changes the matrix? */
bool perms_default(const Perm *perm, const char *base);
size_t perms_count(void);
const Perm *perms_at(size_t i);
int perms_index(const char *name); /* -1: nobody declared it */
/* Set or take one cell of the matrix; equal to the default clears it. What it needs is given with
 * it, what needs it is taken with it (Perm.needs). Writes audit and touches auth. ERR_FORBIDDEN:
 * the owner's column. */
MUST_CHECK Err role_set_perm(Ctx *cx, const char *role, const char *perm, bool held);
MUST_CHECK Err role_reset(Ctx *cx, const char *role);
MUST_CHECK Err role_create(Ctx *cx, const char *title, const char *base, const char **ret_name);
/* ERR_CONFLICT: somebody has it. */
MUST_CHECK Err role_delete(Ctx *cx, const char *name);

/* ---- account_session.c: sessions and their tokens ---- */

#define COOKIE_ACCESS  "siso_access"
#define COOKIE_REFRESH "siso_refresh"

typedef struct SessionNew {
	int64_t user;
	const char *how; /* "password", "oidc", "switch", "api" */
	bool kept;
	const char *user_agent;
	const char *ticket; /* of a switch; NULL */
} SessionNew;

typedef struct SessionTokens {
	int64_t session;
	const char *access;
	const char *refresh; /* NULL: the browser has a newer one already */
	int64_t refresh_s;   /* how long the refresh token is good */
	bool kept;
} SessionTokens;

/* SessionNew.how, for people. */
const char *session_how_words(const char *how);
/* ERR_CONFLICT: the ticket was used. */
MUST_CHECK Err session_open(Ctx *cx, const SessionNew *in, SessionTokens *ret);

typedef enum RefreshState { REFRESH_REFUSED, REFRESH_REUSED, REFRESH_DONE } RefreshState;
/* Exchange a refresh token for new tokens. REFRESH_REUSED: it had been exchanged before the grace;
 * the session is over now and that is recorded. ret and ret_token only for REFRESH_DONE. */
MUST_CHECK Err session_refresh(Ctx *cx, const char *refresh, SessionTokens *ret, Token *ret_token,
	RefreshState *ret_state);
void session_set_cookies(Req *q, const SessionTokens *tokens);
void session_drop_cookies(Req *q);
/* End one session of a user here. ERR_NOT_FOUND: not open. */
MUST_CHECK Err session_close(Ctx *cx, int64_t session, int64_t user, const char *why);
/* Was the session of q opened with the person's own password (and not by the clinic's provider)?
 * Only such a session may change the identity or go to another company. */
MUST_CHECK Err session_is_own(Req *q, bool *ret);

/* ---- account_signin.c: who somebody is ---- */

typedef struct SignIn {
	const char *email, *password;
	const char *code;   /* TOTP or recovery code; NULL: ask when needed */
	const char *device; /* of a browser that signed in with this e-mail before; NULL: unknown */
} SignIn;

typedef enum SignInState {
	SIGN_IN_WRONG, /* e-mail, password or code; or no member here */
	SIGN_IN_WAIT,  /* too many failures: see wait_s */
	SIGN_IN_CODE,  /* right so far; the second factor is missing */
	SIGN_IN_DONE
} SignInState;

typedef struct SignedIn {
	SignInState state;
	int64_t user, wait_s;
} SignedIn;

/* Takes the same time for any e-mail. Counts failures: the caller commits also when it refuses. */
MUST_CHECK Err sign_in(Ctx *cx, const SignIn *in, SignedIn *ret);
/* The second factor alone, for a user whose password was right. */
MUST_CHECK Err sign_in_code(Ctx *cx, int64_t user, const char *code, SignedIn *ret);
/* "Espere 40 segundos e tente de novo." */
const char *wait_sentence(Ctx *cx, int64_t wait_s);
/* Key of failures for an address: an IPv6 peer counts as its /64. */
const char *attempt_peer_key(Arena *mem, const char *peer);

/* ERR_INVALID with cx->bad["password"]: too weak for this person. */
MUST_CHECK Err password_accept(
	Ctx *cx, const char *password, const char *name, const char *email, const char **ret_hash);
/* Mail a link to the address, if it is a member's; the answer never says. */
MUST_CHECK Err forgot_password(Ctx *cx, const char *email);
/* *ret_user 0: the link is no good (any more). */
MUST_CHECK Err reset_look(Ctx *cx, const char *token, int64_t *ret_user);
/* Set the password by the link; all sessions of the person end. ERR_NOT_FOUND: no good link. */
MUST_CHECK Err reset_password(Ctx *cx, const char *token, const char *password, int64_t *ret_user);
/* Is it the password of cx->user? ERR_INVALID with cx->bad[field] when not. Failures count: the
 * caller commits also when it refuses. */
MUST_CHECK Err password_confirm(Ctx *cx, const char *field, const char *password);
/* Change the password of cx->user; the other sessions end, session stays. */
MUST_CHECK Err password_change(Ctx *cx, int64_t session, const char *current, const char *password);

/* ---- account_factor.c: the second factor ---- */

/* Turn it on: the code must fit the seed. *ret_codes: recovery codes, to be shown once. ERR_INVALID
 * with cx->bad["code"]. */
MUST_CHECK Err totp_turn_on(Ctx *cx, const char *seed, const char *code, Strs *ret_codes);
MUST_CHECK Err totp_turn_off(Ctx *cx);
MUST_CHECK Err recovery_renew(Ctx *cx, Strs *ret_codes);

/* ---- account_people.c: members and invitations ---- */

typedef struct MemberEdit {
	const char *role, *cro;
	bool active;
	int64_t version;
} MemberEdit;

/* Rules: nobody changes his own role; only an owner makes or unmakes owners; one owner stays. */
MUST_CHECK Err member_edit(Ctx *cx, int64_t user, const MemberEdit *in);
/* A member and the version that an edit must name. */
MUST_CHECK Err member_get(Ctx *cx, int64_t user, Member *ret, int64_t *ret_version);
MUST_CHECK Err invite(Ctx *cx, const char *email, const char *name, const char *role);
MUST_CHECK Err invite_again(Ctx *cx, int64_t id);
MUST_CHECK Err invite_revoke(Ctx *cx, int64_t id);

typedef struct Invitation {
	int64_t id;
	const char *email, *name, *role, *role_title;
	bool known; /* the person has a password already and must give it */
	bool good;  /* false: no such invitation (any more) */
} Invitation;
MUST_CHECK Err invite_look(Ctx *cx, const char *token, Invitation *ret);
/* Join: with a new password, or the one the person has. ERR_INVALID: see cx->bad; ERR_TOO_MANY: too
 * many wrong passwords. */
MUST_CHECK Err invite_accept(
	Ctx *cx, const char *token, const char *name, const char *password, int64_t *ret_user);

/* ---- account_key.c: API keys ---- */

typedef struct KeyWho {
	int64_t id;
	const char *name, *scopes;
	uint64_t bits[PERM_WORDS];
} KeyWho;
/* ERR_SIGNED_OUT: no such key, wrong secret, revoked or expired. */
MUST_CHECK Err key_check(Ctx *cx, const char *text, KeyWho *ret);
/* *ret_text: the whole key, to be shown once. ERR_FORBIDDEN: a scope that the maker does not hold.
 */
MUST_CHECK Err key_create(
	Ctx *cx, const char *name, Strs scopes, int64_t expires_at, const char **ret_text);
MUST_CHECK Err key_revoke(Ctx *cx, int64_t id);

/* ---- account_oidc.c ---- */

/* The network for sign-in by the company's provider; tests put their own in its place. */
extern OidcFetch *account_oidc_fetch;

/* ---- handlers ---- */

Handler login_page, login_submit, login_code_page, login_code_submit, session_token, logout;
Handler forgot_page, forgot_submit, reset_page, reset_submit, invite_page, invite_submit;
Handler oidc_start, oidc_callback, oidc_settings_page, oidc_settings_save;
Handler switch_page, switch_go, switch_enter;
/* email_web.c: the new address gets a link; opened by the same person, it changes the e-mail in
 * every clinic. ERR_INVALID at a field; ERR_NOT_FOUND, ERR_CONFLICT: the link is no good (any
 * more). */
MUST_CHECK Err email_ask(Ctx *cx, const char *new_email, const char *password);
MUST_CHECK Err email_confirm(Ctx *cx, const char *token);
Handler profile_email, profile_email_link, profile_email_confirm;
/* profile_web.c: is the identity the person's own to change; the page of one's account. */
MUST_CHECK Err profile_need_own(Req *q);
Err profile_show(Req *q, int status);
Handler profile_page, profile_name, profile_password, profile_session_end, profile_sessions_end;
Handler factor_page, factor_on, factor_off, factor_codes;
Handler users_page, user_page, user_save, users_invite, users_invite_again, users_invite_revoke;
Handler roles_page, roles_set, roles_reset, roles_create, roles_delete;
Handler keys_page, keys_create, keys_revoke;
Handler api_token_create, api_token_refresh, api_session_end, api_me, api_users;

/* The path to go to after sign-in: next when it is a path of this site, else "/". */
const char *next_path(const char *next);
/* Open a session of this browser and go on. */
MUST_CHECK Err open_and_go(Req *q, int64_t user, const char *how, bool kept, const char *next);
/* 303 to a path of this site that came from outside; anything else goes to "/". */
Err redirect_next(Req *q, const char *next);

#endif

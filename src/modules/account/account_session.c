/* account_session: sessions, access tokens and refresh tokens. The design and its reasons:
 * docs/adr (sign-in tokens) and README.md. */
#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_rooms.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/auth/key.h"
#include "platform/db/db.h"

enum {
	REFRESH_GRACE_S = 30, /* browsers send several requests with one cookie */
	HOUR = 3600,
	DAY = 24 * HOUR,
	KEPT_IDLE_S = 30 * DAY,
	KEPT_MAX_S = 90 * DAY,
	SHORT_IDLE_S = 14 * HOUR, /* a working day of a shared computer */
	SHORT_MAX_S = 24 * HOUR,
	USER_AGENT_MAX = 400,
	PEER_MAX = 60
};

static const char *cut(Arena *mem, const char *text, size_t max)
{
	if (!text || strlen(text) <= max)
		return text;
	while (max > 0 && ((unsigned char)text[max] & 0xC0) == 0x80)
		max--;
	return arena_copy(mem, text, max);
}

static const char *hash_of(Arena *mem, const char *token)
{
	return crypto_sha256_hex(mem, token, strlen(token));
}

/* A refresh token for the session, stored as its hash. */
static Err add_refresh(
	Ctx *cx, int64_t session, bool kept, int64_t session_end, SessionTokens *tokens)
{
	int64_t end = cx->now + (kept ? KEPT_IDLE_S : SHORT_IDLE_S), rows;
	char *token = crypto_token(cx->mem, 32);

	if (end > session_end)
		end = session_end;
	TRY(sql_refresh_add(cx, hash_of(cx->mem, token), session, cx->now, end, &rows));
	tokens->refresh = token;
	tokens->refresh_s = end - cx->now;
	return OK;
}

static Token access_token(
	const Ctx *cx, int64_t session, const Member *member, int64_t auth_version)
{
	return (Token){ .use = "access",
		.user = member->user,
		.company = cx->company.v,
		.session = session,
		.auth_version = auth_version,
		.role = member->role,
		.name = member->name,
		.email = member->email,
		.issued_at = cx->now,
		.expires_at = cx->now + ACCESS_SECONDS };
}

const char *session_how_words(const char *how)
{
	if (strcmp(how, "oidc") == 0)
		return "Serviço de login";
	if (strcmp(how, "switch") == 0)
		return "Vindo de outra clínica";
	return strcmp(how, "api") == 0 ? "API" : "E-mail e senha";
}

/* Why a session ended, for the book of changes. */
static const char *end_words(const char *why)
{
	if (strcmp(why, "sign_out") == 0)
		return "saiu";
	return strcmp(why, "revoked") == 0 ? "encerrada pela própria pessoa" : why;
}

Err session_open(Ctx *cx, const SessionNew *in, SessionTokens *ret)
{
	int64_t end = cx->now + (in->kept ? KEPT_MAX_S : SHORT_MAX_S), rows;
	SessionTokens tokens = { .kept = in->kept };
	SqlAuthVersion version;
	SqlSessionAdd row;
	Member member;
	Token token;
	bool added;

	/* the version is read before the role: what changes in between makes the token old */
	TRY(sql_auth_version(cx, &version));
	TRY(account_get_member(cx, in->user, &member));
	if (!member.active)
		return err_set(cx, ERR_FORBIDDEN, "member %" PRId64 " is not active", in->user);
	TRY(sql_session_add(cx,
		&(SqlSessionAddIn){ .user = in->user,
			.how = in->how,
			.kept = in->kept,
			.user_agent = cut(cx->mem, in->user_agent, USER_AGENT_MAX),
			.peer = cut(cx->mem, cx->peer, PEER_MAX),
			.ticket = in->ticket,
			.at = cx->now,
			.expires_at = end },
		&row, &added));
	if (!added)
		return err_set(cx, ERR_CONFLICT, "ticket was used");
	tokens.session = row.id;
	TRY(add_refresh(cx, row.id, in->kept, end, &tokens));
	TRY(sql_member_seen(cx, in->user, cx->now, &rows));
	token = access_token(cx, row.id, &member, version.version);
	tokens.access = token_sign(cx->mem, &token);
	cx->user = (UserId){ in->user };
	TRY(audit_add_change(cx, &(Change){ .action = "account.sign_in",
					 .subject = "session",
					 .subject_id = row.id,
					 .reason = session_how_words(in->how) }));
	*ret = tokens;
	return OK;
}

/* ---- refresh ---- */

static Err end_for_reuse(Ctx *cx, const SqlRefreshLock *row)
{
	int64_t rows;

	cx->user = (UserId){ row->user_id };
	TRY(sql_session_end(cx, row->session_id, row->user_id, "reuse", cx->now, &rows));
	TRY(audit_add_change(cx, &(Change){ .action = "account.refresh_reuse",
					 .subject = "session",
					 .subject_id = row->session_id,
					 .reason = "um token já trocado foi apresentado de novo; a "
						   "sessão foi encerrada" }));
	TRY(company_touch_auth(cx));
	cx->user = (UserId){ 0 };
	return OK;
}

/* Was it exchanged before? A moment ago it was one of several requests of one browser: that one
 * gets no new refresh token, because another answer carries it. Later it is a copy. */
static Err rotate(Ctx *cx, const char *hash, const SqlRefreshLock *row, SessionTokens *tokens)
{
	int64_t rows;

	if (!row->used_at_null)
		return OK;
	TRY(sql_refresh_use(cx, hash, cx->now, &rows));
	TRY(add_refresh(cx, row->session_id, row->kept, row->session_expires_at, tokens));
	TRY(sql_session_saw(cx, row->session_id, cx->now, cut(cx->mem, cx->peer, PEER_MAX), &rows));
	return sql_member_seen(cx, row->user_id, cx->now, &rows);
}

Err session_refresh(
	Ctx *cx, const char *refresh, SessionTokens *ret, Token *ret_token, RefreshState *ret_state)
{
	const char *hash = hash_of(cx->mem, refresh);
	SessionTokens tokens;
	SqlRefreshLock row;
	Member member;
	bool found;

	*ret_state = REFRESH_REFUSED;
	if (strlen(refresh) > 200)
		return OK;
	TRY(sql_refresh_lock(cx, hash, &row, &found));
	if (!found || row.ended || !row.active || row.expires_at <= cx->now ||
		row.session_expires_at <= cx->now)
		return OK;
	if (!row.used_at_null && row.used_at + REFRESH_GRACE_S < cx->now) {
		*ret_state = REFRESH_REUSED;
		return end_for_reuse(cx, &row);
	}
	tokens = (SessionTokens){ .session = row.session_id, .kept = row.kept };
	TRY(rotate(cx, hash, &row, &tokens));
	member = (Member){
		.user = row.user_id, .name = row.name, .email = row.email, .role = row.role
	};
	*ret_token = access_token(cx, row.session_id, &member, row.auth_version);
	tokens.access = token_sign(cx->mem, ret_token);
	*ret = tokens;
	*ret_state = REFRESH_DONE;
	return OK;
}

void session_set_cookies(Req *q, const SessionTokens *tokens)
{
	answer_cookie(q, COOKIE_ACCESS, tokens->access, tokens->kept ? ACCESS_SECONDS : 0);
	if (tokens->refresh)
		answer_cookie(
			q, COOKIE_REFRESH, tokens->refresh, tokens->kept ? tokens->refresh_s : 0);
}

void session_drop_cookies(Req *q)
{
	answer_cookie(q, COOKIE_ACCESS, "", -1);
	answer_cookie(q, COOKIE_REFRESH, "", -1);
}

Err session_close(Ctx *cx, int64_t session, int64_t user, const char *why)
{
	int64_t rows;

	TRY(sql_session_end(cx, session, user, why, cx->now, &rows));
	if (!rows)
		return err_set(cx, ERR_NOT_FOUND, "session %" PRId64 " is not open", session);
	TRY(audit_add_change(cx, &(Change){ .action = "account.session_end",
					 .subject = "session",
					 .subject_id = session,
					 .reason = end_words(why) }));
	return company_touch_auth(cx);
}

Err session_is_own(Req *q, bool *ret)
{
	SqlSessionById row;
	bool found;

	*ret = false;
	if (!q->who || !q->who->session)
		return OK;
	TRY(sql_session_by_id(q->cx, q->who->session, &row, &found));
	*ret = found && !row.ended && strcmp(row.how, "oidc") != 0;
	return OK;
}

/* ---- who asks ---- */

static Err set_who(Req *q, const Token *token)
{
	Ctx *cx = q->cx;
	RolePerms perms;
	uint64_t *bits;
	Who *who;

	TRY(perms_of_role(cx, token->role, token->auth_version, &perms));
	bits = NEW_ARRAY(cx->mem, uint64_t, PERM_WORDS);
	memcpy(bits, perms.bits, sizeof perms.bits);
	who = NEW(cx->mem, Who);
	*who = (Who){ .session = token->session,
		.name = token->name,
		.email = token->email,
		.role = token->role,
		.role_title = perms.title };
	cx->user = (UserId){ token->user };
	cx->perms = bits;
	q->who = who;
	return OK;
}

static bool is_current(const Req *q, const Token *token)
{
	return token->company == q->site->id.v &&
	       token->auth_version >= company_auth_version(q->site->id);
}

/* The router has begun a transaction that may write, and commits it when anything was asked. */
static Err refresh_cookie(Req *q)
{
	const char *refresh = req_cookie(q, COOKIE_REFRESH);
	SessionTokens tokens;
	RefreshState state;
	Token token;

	if (str_is_empty(refresh))
		return OK;
	TRY(session_refresh(q->cx, refresh, &tokens, &token, &state));
	if (state != REFRESH_DONE) {
		session_drop_cookies(q);
		return OK;
	}
	session_set_cookies(q, &tokens);
	return set_who(q, &token);
}

static Err who_by_key(Req *q, const char *text)
{
	Ctx *cx = q->cx;
	uint64_t *bits;
	KeyWho key;
	Who *who;
	Err err;

	err = key_check(cx, text, &key);
	if (err == ERR_SIGNED_OUT)
		return OK;
	TRY(err);
	bits = NEW_ARRAY(cx->mem, uint64_t, PERM_WORDS);
	memcpy(bits, key.bits, sizeof key.bits);
	who = NEW(cx->mem, Who);
	*who = (Who){
		.name = key.name, .role = "", .role_title = "Chave de API", .scopes = key.scopes
	};
	cx->key = key.id;
	cx->key_name = key.name;
	cx->perms = bits;
	q->who = who;
	return OK;
}

static Err who_by_header(Req *q)
{
	static const char bearer[] = "Bearer ";
	const char *text;
	Token token;

	if (strncasecmp(q->authorization, bearer, sizeof bearer - 1) != 0)
		return OK;
	text = q->authorization + sizeof bearer - 1;
	while (*text == ' ')
		text++;
	if (str_starts(text, "siso_"))
		return who_by_key(q, text);
	if (token_read(q->cx->mem, text, "access", q->cx->now, &token) == TOKEN_FRESH &&
		is_current(q, &token))
		return set_who(q, &token);
	return OK;
}

Err account_who_asks(Req *q)
{
	Token token;

	if (!q->site)
		return OK;
	if (!str_is_empty(q->authorization))
		return who_by_header(q);
	if (token_read(q->cx->mem, req_cookie(q, COOKIE_ACCESS), "access", q->cx->now, &token) ==
			TOKEN_FRESH &&
		is_current(q, &token))
		return set_who(q, &token);
	return refresh_cookie(q);
}

/* ---- CSRF ---- */

#define COOKIE_CSRF "siso_csrf"

/* Signed in: made from the session, so it needs no cookie, and a token of another session (planted
 * by a neighbouring host, say) is worth nothing. Signed out: a random cookie of this browser. */
const char *account_csrf_token(Req *q)
{
	Arena *mem = q->cx->mem;
	const char *cookie;

	if (q->who && q->who->session)
		return auth_mac(mem, "csrf",
			arena_printf(mem, "%" PRId64 " %" PRId64, q->site->id.v, q->who->session));
	cookie = req_cookie(q, COOKIE_CSRF);
	if (!str_is_empty(cookie) && strlen(cookie) < 100)
		return cookie;
	if (!str_is_empty(q->html.csrf))
		return q->html.csrf;
	cookie = crypto_token(mem, 18);
	answer_cookie(q, COOKIE_CSRF, cookie, 0);
	return cookie;
}

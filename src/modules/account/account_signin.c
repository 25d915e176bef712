/* account_signin: e-mail and password, the lock after failures, the forgotten password. Nothing
 * here tells whether an e-mail is known: same words, same time, same count of failures. */
#include <arpa/inet.h>

#include "core/br.h"
#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_mail.h"
#include "modules/account/account_rooms.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/auth/password.h"
#include "platform/auth/seal.h"
#include "platform/auth/totp.h"
#include "platform/db/db.h"

enum {
	FREE_BY_EMAIL = 5, /* failures before the first wait */
	FREE_BY_PEER = 25, /* a clinic shares one address */
	FREE_BY_CODE = 5,
	FIRST_WAIT_S = 10, /* doubles with each further failure */
	LAST_WAIT_S = 900,
	FORGET_EMAIL_S = 24 * 3600,
	FORGET_PEER_S = 3600,
	RESET_S = 3600,
	RESETS_AN_HOUR = 3
};

/* ---- failures ---- */

typedef struct Lock {
	const char *key;
	int free;
	int64_t forget_s;
} Lock;

static Lock email_lock(Ctx *cx, const char *email)
{
	return (Lock){ arena_printf(cx->mem, "email:%s",
			       crypto_sha256_hex(cx->mem, email, strlen(email))),
		FREE_BY_EMAIL, FORGET_EMAIL_S };
}

const char *attempt_peer_key(Arena *mem, const char *peer)
{
	struct in6_addr six;
	char text[INET6_ADDRSTRLEN];

	if (!peer || !strchr(peer, ':') || inet_pton(AF_INET6, peer, &six) != 1)
		return arena_printf(mem, "peer:%.60s", peer ? peer : "");
	memset(six.s6_addr + 8, 0, 8); /* one customer owns a whole /64 */
	inet_ntop(AF_INET6, &six, text, sizeof text);
	return arena_printf(mem, "peer:%s/64", text);
}

static Lock peer_lock(Ctx *cx)
{
	return (Lock){ attempt_peer_key(cx->mem, cx->peer), FREE_BY_PEER, FORGET_PEER_S };
}

/* Of a browser that this person has signed in from before: strangers who guess lock the e-mail, but
 * not the person at the own desk. */
static Lock device_lock(Ctx *cx, const char *device)
{
	return (Lock){ arena_printf(cx->mem, "device:%.40s", device), FREE_BY_EMAIL,
		FORGET_EMAIL_S };
}

/* Of somebody who is signed in already and confirms with the password. */
static Lock confirm_lock(Ctx *cx, int64_t user)
{
	return (Lock){ arena_printf(cx->mem, "confirm:%" PRId64, user), FREE_BY_CODE,
		FORGET_EMAIL_S };
}

static Lock code_lock(Ctx *cx, int64_t user)
{
	return (Lock){ arena_printf(cx->mem, "code:%" PRId64, user), FREE_BY_CODE, FORGET_EMAIL_S };
}

static int64_t wait_after(int failures, int allowed)
{
	int64_t wait = FIRST_WAIT_S;

	if (failures < allowed)
		return 0;
	for (int i = allowed; i < failures && wait < LAST_WAIT_S; i++)
		wait *= 2;
	return wait < LAST_WAIT_S ? wait : LAST_WAIT_S;
}

/* Seconds to wait before the next try is looked at; 0: now. */
static Err lock_wait(Ctx *cx, const Lock *lock, int64_t *ret)
{
	SqlAttemptOf row;
	int64_t until;
	bool found;

	*ret = 0;
	TRY(sql_attempt_of(cx, lock->key, &row, &found));
	if (!found || row.last_at + lock->forget_s < cx->now)
		return OK;
	until = row.last_at + wait_after(row.failures, lock->free);
	*ret = until > cx->now ? until - cx->now : 0;
	return OK;
}

static Err lock_fail(Ctx *cx, const Lock *lock)
{
	SqlAttemptFail row;

	return sql_attempt_fail(cx, lock->key, cx->now, cx->now - lock->forget_s, &row);
}

static Err lock_clear(Ctx *cx, const Lock *lock)
{
	int64_t rows;

	return sql_attempt_clear(cx, lock->key, &rows);
}

const char *wait_sentence(Ctx *cx, int64_t wait_s)
{
	if (wait_s < 90)
		return arena_printf(cx->mem,
			"Muitas tentativas. Espere %" PRId64 " segundos e tente de novo.", wait_s);
	return arena_printf(cx->mem,
		"Muitas tentativas. Espere %" PRId64 " minutos e tente de novo.",
		(wait_s + 59) / 60);
}

/* ---- sign-in ---- */

/* A new hash when the parameters have grown since; nobody waits for it twice. */
static Err rehash(Ctx *cx, const SqlIdentityByEmail *identity, const char *password)
{
	const char *hash;
	int64_t rows;

	if (!password_is_dated(identity->password))
		return OK;
	TRY(password_hash(cx, password, &hash));
	return sql_identity_rehash(cx, identity->id, identity->password, hash, &rows);
}

static Err fail(Ctx *cx, const Lock *one, const Lock *other)
{
	TRY(lock_fail(cx, one));
	return other ? lock_fail(cx, other) : OK;
}

/* Is the password the person's, and the person one of this company? */
static Err check_password(Ctx *cx, const SignIn *in, SqlIdentityByEmail *ret, bool *ret_right)
{
	SqlMemberByEmail member;
	bool known, here;

	TRY(sql_identity_by_email(cx, in->email, ret, &known));
	TRY(sql_member_by_email(cx, in->email, &member, &here));
	*ret_right = password_matches(known ? ret->password : NULL, in->password) && here &&
		     member.active && member.user_id == ret->id;
	return OK;
}

Err sign_in_code(Ctx *cx, int64_t user, const char *code, SignedIn *ret)
{
	Lock lock = code_lock(cx, user);
	const char *seed, *recovery = recovery_hash(cx->mem, code);
	SqlIdentityTakeStep step;
	SqlRecoveryTake taken = { .taken = false };
	SqlIdentityById identity;
	int64_t at, wait_s;
	bool right = false;

	TRY(lock_wait(cx, &lock, &wait_s));
	if (wait_s) {
		*ret = (SignedIn){ .state = SIGN_IN_WAIT, .wait_s = wait_s };
		return OK;
	}
	TRY(sql_identity_by_id(cx, user, &identity));
	seed = secret_open(cx->mem, "totp", identity.totp);
	if (identity.totp && !seed)
		return err_set(cx, ERR_BUG, "totp seed of user %" PRId64 " does not open", user);
	if (seed && totp_check(seed, code, cx->now, identity.totp_step, &at)) {
		TRY(sql_identity_take_step(cx, user, at, &step));
		right = step.taken;
	} else if (seed && recovery) {
		TRY(sql_recovery_take(cx, user, recovery, cx->now, &taken));
		right = taken.taken;
	}
	*ret = (SignedIn){ .state = right ? SIGN_IN_DONE : SIGN_IN_WRONG, .user = user };
	if (!right)
		return fail(cx, &lock, NULL);
	return lock_clear(cx, &lock);
}

/* Both locks, the longer wait. */
static Err longest_wait(Ctx *cx, const Lock *one, const Lock *other, int64_t *ret)
{
	int64_t first, second;

	TRY(lock_wait(cx, one, &first));
	TRY(lock_wait(cx, other, &second));
	*ret = first > second ? first : second;
	return OK;
}

Err sign_in(Ctx *cx, const SignIn *in, SignedIn *ret)
{
	Lock email = in->device ? device_lock(cx, in->device) : email_lock(cx, in->email);
	Lock peer = peer_lock(cx);
	SqlIdentityByEmail identity;
	int64_t wait_s;
	bool right;

	TRY(longest_wait(cx, &email, &peer, &wait_s));
	if (wait_s) {
		*ret = (SignedIn){ .state = SIGN_IN_WAIT, .wait_s = wait_s };
		return OK;
	}
	TRY(check_password(cx, in, &identity, &right));
	if (!right) {
		*ret = (SignedIn){ .state = SIGN_IN_WRONG };
		return fail(cx, &email, &peer);
	}
	TRY(rehash(cx, &identity, in->password));
	TRY(lock_clear(cx, &email));
	if (identity.totp && !in->code) {
		*ret = (SignedIn){ .state = SIGN_IN_CODE, .user = identity.id };
		return OK;
	}
	if (identity.totp)
		return sign_in_code(cx, identity.id, in->code, ret);
	*ret = (SignedIn){ .state = SIGN_IN_DONE, .user = identity.id };
	return OK;
}

/* ---- passwords ---- */

Err password_accept(
	Ctx *cx, const char *password, const char *name, const char *email, const char **ret_hash)
{
	const char *personal[3] = { name, email, NULL };
	const char *weakness;
	Company company;

	TRY(company_get(cx, &company));
	personal[2] = company.name;
	weakness = password_weakness(cx->mem, password, (Strs){ personal, COUNT(personal) });
	if (weakness)
		return err_field(cx, "password", weakness);
	return password_hash(cx, password, ret_hash);
}

Err password_confirm(Ctx *cx, const char *field, const char *password)
{
	SqlIdentityById identity;
	int64_t wait_s;
	Lock lock;

	TRY(sql_identity_by_id(cx, cx->user.v, &identity));
	lock = confirm_lock(cx, cx->user.v);
	TRY(lock_wait(cx, &lock, &wait_s));
	if (wait_s)
		return err_field(cx, field, wait_sentence(cx, wait_s));
	if (password_matches(identity.password, password))
		return lock_clear(cx, &lock);
	TRY(lock_fail(cx, &lock));
	return err_field(cx, field, "A senha não confere.");
}

/* Store the password, end what is open elsewhere, and tell the person. */
static Err set_password(
	Ctx *cx, const SqlIdentityById *identity, const char *hash, const int64_t *but_session)
{
	SqlEndSessions ended;
	int64_t rows;

	TRY(sql_identity_set_password(cx, identity->id, hash, cx->now, &rows));
	TRY(sql_end_sessions(cx, identity->id, but_session, "password", cx->now, &ended));
	TRY(audit_add_change(cx, &(Change){ .action = "account.password",
					 .subject = "user",
					 .subject_id = identity->id }));
	TRY(company_touch_auth(cx));
	return mail_password_changed(cx, identity->email, identity->name);
}

Err password_change(Ctx *cx, int64_t session, const char *current, const char *password)
{
	SqlIdentityById identity;
	const char *hash;

	TRY(password_confirm(cx, "current", current));
	TRY(sql_identity_by_id(cx, cx->user.v, &identity));
	TRY(password_accept(cx, password, identity.name, identity.email, &hash));
	return set_password(cx, &identity, hash, &session);
}

/* ---- forgotten ---- */

static const char *token_hash(Ctx *cx, const char *token)
{
	return crypto_sha256_hex(cx->mem, token, strlen(token));
}

static Err send_reset(Ctx *cx, int64_t user, const char *email, const char *name)
{
	char *token = crypto_token(cx->mem, 24);
	SqlResetCount asked;
	const char *base;
	int64_t rows;

	TRY(sql_reset_count(cx, user, cx->now - RESET_S, &asked));
	if (asked.n >= RESETS_AN_HOUR)
		return OK;
	TRY(company_base_url(cx, &base));
	TRY(sql_reset_add(cx, token_hash(cx, token), user, cx->now, cx->now + RESET_S, &rows));
	return mail_reset(cx, email, name, arena_printf(cx->mem, "%s/reset/%s", base, token));
}

Err forgot_password(Ctx *cx, const char *email)
{
	SqlMemberByEmail member;
	bool here;

	TRY(sql_member_by_email(cx, email, &member, &here));
	/* hides the milliseconds that writing the link takes */
	(void)password_matches(NULL, email);
	if (!here || !member.active)
		return OK;
	return send_reset(cx, member.user_id, email, member.name);
}

Err reset_look(Ctx *cx, const char *token, int64_t *ret_user)
{
	SqlResetFind row;

	TRY(sql_reset_find(cx, token_hash(cx, token), cx->now, &row));
	*ret_user = row.user_id_null ? 0 : row.user_id;
	return OK;
}

Err reset_password(Ctx *cx, const char *token, const char *password, int64_t *ret_user)
{
	SqlIdentityById identity;
	const char *hash;
	SqlResetTake row;
	int64_t user;
	Lock lock;

	TRY(reset_look(cx, token, &user));
	if (!user)
		return err_set(cx, ERR_NOT_FOUND, "no such reset link");
	TRY(sql_identity_by_id(cx, user, &identity));
	TRY(password_accept(cx, password, identity.name, identity.email, &hash));
	TRY(sql_reset_take(cx, token_hash(cx, token), cx->now, &row));
	if (row.user_id_null)
		return err_set(cx, ERR_NOT_FOUND, "reset link was used meanwhile");
	cx->user = (UserId){ user };
	TRY(set_password(cx, &identity, hash, /* but_session= */ NULL));
	lock = email_lock(cx, identity.email);
	TRY(lock_clear(cx, &lock));
	*ret_user = user;
	return OK;
}

/* account_factor: the second factor of cx->user: authenticator app and recovery codes. The caller
 * has confirmed the password. */
#include "modules/account/account.sql.h"
#include "modules/account/account_rooms.h"
#include "modules/audit/audit.h"
#include "platform/auth/seal.h"
#include "platform/auth/totp.h"

static Err note(Ctx *cx, const char *action)
{
	return audit_add_change(
		cx, &(Change){ .action = action, .subject = "user", .subject_id = cx->user.v });
}

static Err make_codes(Ctx *cx, Strs *ret)
{
	const char **code = NEW_ARRAY(cx->mem, const char *, RECOVERY_CODES);
	const char **hash = NEW_ARRAY(cx->mem, const char *, RECOVERY_CODES);
	int64_t rows;

	for (size_t i = 0; i < RECOVERY_CODES; i++) {
		code[i] = recovery_new_code(cx->mem);
		hash[i] = recovery_hash(cx->mem, code[i]);
	}
	TRY(sql_recovery_put(cx, cx->user.v, (Strs){ hash, RECOVERY_CODES }, &rows));
	*ret = (Strs){ code, RECOVERY_CODES };
	return OK;
}

Err totp_turn_on(Ctx *cx, const char *seed, const char *code, Strs *ret_codes)
{
	int64_t step, rows;

	if (!totp_check(seed, code, cx->now, /* last_step= */ 0, &step))
		return err_field(cx, "code",
			"O código não confere. Veja se o relógio do celular está certo e use o "
			"código que aparece agora.");
	TRY(sql_identity_set_totp(cx, cx->user.v, secret_seal(cx->mem, "totp", seed), step, &rows));
	TRY(note(cx, "account.totp_on"));
	return make_codes(cx, ret_codes);
}

Err totp_turn_off(Ctx *cx)
{
	int64_t rows;

	TRY(sql_identity_set_totp(cx, cx->user.v, /* sealed= */ NULL, 0, &rows));
	return note(cx, "account.totp_off");
}

Err recovery_renew(Ctx *cx, Strs *ret_codes)
{
	TRY(note(cx, "account.recovery_renew"));
	return make_codes(cx, ret_codes);
}

/* email_web: changing one's own e-mail. The new address gets a link, the old one a notice; the link
 * is a signed statement (who, from what, to what, for a day) that is only good for the same person,
 * signed in. Whether somebody else has the new address is told to nobody but its owner. */
#include "modules/account/account.sql.h"
#include "modules/account/account_mail.h"
#include "modules/account/account_view.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/auth/token.h"
#include "platform/db/db.h"

enum { LINK_S = 24 * 3600 };

typedef struct EmailForm {
	const char *new_email, *confirm;
} EmailForm;

static const Field email_fields[] = {
	FIELD(EmailForm, new_email, FIELD_EMAIL, "Novo e-mail", 3, 254, true),
	FIELD(EmailForm, confirm, FIELD_SECRET, "Senha atual", 1, 512, true),
};

static Err send_link(Ctx *cx, const SqlIdentityById *own, const char *new_email)
{
	const Token token = { .use = "email",
		.user = cx->user.v,
		.company = cx->company.v,
		.nonce = own->email,
		.extra = new_email,
		.issued_at = cx->now,
		.expires_at = cx->now + LINK_S };
	SqlIdentityByEmail other;
	const char *base;
	bool taken;

	TRY(sql_identity_by_email(cx, new_email, &other, &taken));
	if (taken)
		return OK; /* the page says the same; who owns the address learns nothing new */
	TRY(company_base_url(cx, &base));
	return mail_email_link(cx, new_email, own->name,
		arena_printf(cx->mem, "%s/settings/account/email?token=%s", base,
			token_sign(cx->mem, &token)));
}

Err email_ask(Ctx *cx, const char *new_email, const char *password)
{
	SqlIdentityById own;

	TRY(password_confirm(cx, "confirm", password));
	TRY(sql_identity_by_id(cx, cx->user.v, &own));
	if (!strcasecmp(own.email, new_email))
		return err_field(cx, "new_email", "Este já é o seu e-mail.");
	TRY(send_link(cx, &own, new_email));
	return audit_add_change(cx, &(Change){ .action = "account.email_ask",
					    .subject = "user",
					    .subject_id = cx->user.v });
}

/* The link's statement, when it is for this person here. */
static Err read_link(Ctx *cx, const char *text, Token *ret)
{
	if (token_read(cx->mem, text, "email", cx->now, ret) == TOKEN_FRESH &&
		ret->user == cx->user.v && ret->company == cx->company.v)
		return OK;
	return err_tell(cx, ERR_NOT_FOUND,
		"Este link não vale mais ou é de outra conta. Peça a troca outra vez em Minha "
		"conta.",
		"no link for this person");
}

Err email_confirm(Ctx *cx, const char *text)
{
	SqlIdentitySetEmail row;
	SqlIdentityById own;
	Token token;
	Diff diff;

	TRY(read_link(cx, text, &token));
	TRY(sql_identity_by_id(cx, cx->user.v, &own));
	TRY(sql_identity_set_email(cx, cx->user.v, token.nonce, token.extra, &row));
	if (!row.done)
		return err_tell(cx, ERR_CONFLICT,
			"O e-mail não foi trocado: o link já foi usado ou o endereço é de outra "
			"conta.",
			"e-mail is taken or was changed before");
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "email", token.nonce, token.extra);
	TRY(audit_add_change(cx, &(Change){ .action = "account.email_change",
					 .subject = "user",
					 .subject_id = cx->user.v,
					 .diff = diff_done(&diff) }));
	TRY(company_touch_auth(cx));
	return mail_email_changed(cx, token.nonce, own.name, token.extra);
}

/* ---- pages ---- */

/* POST /settings/account/email. 303 back; 422: what is wrong stands at the field. */
Err profile_email(Req *q)
{
	EmailForm in;
	Err err = ERR_INVALID;

	TRY(profile_need_own(q));
	if (form_read(q, email_fields, COUNT(email_fields), &in))
		err = email_ask(q->cx, in.new_email, in.confirm);
	if (err == ERR_INVALID) {
		answer_keep(q);
		return profile_show(q, 422);
	}
	TRY(err);
	answer_toast(q, "Enviamos um link ao novo endereço. A troca vale depois que você o abrir.",
		NULL);
	return redirect(q, "/settings/account");
}

/* GET /settings/account/email?token=: asks once more, because mail programs open links by
 * themselves. */
Err profile_email_link(Req *q)
{
	const char *text = req_query(q, "token");
	Token token;

	TRY(profile_need_own(q));
	TRY(read_link(q->cx, text, &token));
	account_email_page(&q->html,
		&(EmailView){ .q = q, .token = text, .from = token.nonce, .to = token.extra });
	return send_html(q, 200);
}

typedef struct LinkForm {
	const char *token;
} LinkForm;

static const Field link_fields[] = {
	FIELD(LinkForm, token, FIELD_SECRET, "Link", 1, 4000, true),
};

/* POST /settings/account/email/confirm. 303 to one's account. */
Err profile_email_confirm(Req *q)
{
	LinkForm in;

	TRY(profile_need_own(q));
	if (!form_read(q, link_fields, COUNT(link_fields), &in))
		return ERR_INVALID;
	TRY(email_confirm(q->cx, in.token));
	answer_cookie(q, COOKIE_ACCESS, "", -1);
	answer_toast(q, "E-mail trocado. É com ele que você entra daqui em diante.", NULL);
	return redirect(q, "/settings/account");
}

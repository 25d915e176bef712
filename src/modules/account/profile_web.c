/* profile_web: one's own account: name, password, second factor, sessions. Whoever came by the
 * clinic's provider sees it, but changes nothing of the identity (account_oidc.c). */
#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_view.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/db/db.h"

enum { SEED_SECONDS = 1800 };

Err profile_need_own(Req *q)
{
	bool own;

	TRY(session_is_own(q, &own));
	if (own)
		return OK;
	return err_tell(q->cx, ERR_FORBIDDEN,
		"Entre com e-mail e senha para mudar isto. Você entrou pelo serviço de login da "
		"clínica.",
		"identity is not changed from a provider's session");
}

/* ---- what a browser calls itself, in words ---- */

static const char *word_in(const char *text, const char *const words[][2], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strstr(text, words[i][0]))
			return words[i][1];
	return NULL;
}

static const char *device_of(Arena *mem, const char *agent)
{
	static const char *const browsers[][2] = { { "Edg/", "Edge" }, { "OPR/", "Opera" },
		{ "SamsungBrowser", "Samsung Internet" }, { "Firefox/", "Firefox" },
		{ "Chrome/", "Chrome" }, { "Safari/", "Safari" }, { "curl/", "curl" } };
	static const char *const systems[][2] = { { "Android", "Android" }, { "iPhone", "iPhone" },
		{ "iPad", "iPad" }, { "Windows", "Windows" }, { "Mac OS", "Mac" },
		{ "CrOS", "ChromeOS" }, { "Linux", "Linux" } };
	const char *browser = word_in(agent, browsers, COUNT(browsers));
	const char *system = word_in(agent, systems, COUNT(systems));

	if (browser && system)
		return arena_printf(mem, "%s no %s", browser, system);
	if (browser || system)
		return browser ? browser : system;
	return "Outro programa";
}

/* ---- the page ---- */

static Err load_sessions(Req *q, ProfileView *view)
{
	SqlSessionList *row;
	SessionRow *session;

	TRY(sql_session_list(q->cx, q->cx->user.v, q->cx->now, &row, &view->session_count));
	session = NEW_ARRAY(q->cx->mem, SessionRow, view->session_count + 1);
	for (size_t i = 0; i < view->session_count; i++) {
		const char *agent = row[i].user_agent ? row[i].user_agent : "";

		session[i] = (SessionRow){ .id = row[i].id,
			.device = device_of(q->cx->mem, agent),
			.how = session_how_words(row[i].how),
			.peer = row[i].peer,
			.created_at = row[i].created_at,
			.seen_at = row[i].seen_at,
			.current = row[i].id == q->who->session,
			.phone = strstr(agent, "Mobile") != NULL };
	}
	view->session = session;
	return OK;
}

Err profile_show(Req *q, int status)
{
	ProfileView view = { .q = q };
	SqlIdentityById identity;
	SqlRecoveryLeft left;
	Member member;

	TRY(account_get_member(q->cx, q->cx->user.v, &member));
	TRY(sql_identity_by_id(q->cx, q->cx->user.v, &identity));
	TRY(sql_recovery_left(q->cx, q->cx->user.v, &left));
	TRY(session_is_own(q, &view.own));
	TRY(load_sessions(q, &view));
	view.member = &member;
	view.totp = identity.totp != NULL;
	view.recovery_left = left.n;
	account_profile_page(&q->html, &view);
	return send_html(q, status);
}

Err profile_page(Req *q)
{
	return profile_show(q, 200);
}

/* ---- name ---- */

typedef struct NameForm {
	const char *name;
} NameForm;

static const Field name_fields[] = {
	FIELD(NameForm, name, FIELD_TEXT, "Nome", 1, 120, true),
};

static Err rename_self(Ctx *cx, const char *name)
{
	Member before;
	int64_t rows;
	Diff diff;

	TRY(account_get_member(cx, cx->user.v, &before));
	TRY(sql_identity_set_name(cx, cx->user.v, name, &rows));
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "name", before.name, name);
	return audit_add_change(cx, &(Change){ .action = "account.rename",
					    .subject = "user",
					    .subject_id = cx->user.v,
					    .diff = diff_done(&diff) });
}

/* POST /settings/account/name. 303 back; the access token has the old name until it is refreshed,
 * so a new one is given at once. */
Err profile_name(Req *q)
{
	NameForm in;

	TRY(profile_need_own(q));
	if (!form_read(q, name_fields, COUNT(name_fields), &in))
		return profile_show(q, 422);
	TRY(rename_self(q->cx, in.name));
	answer_cookie(q, COOKIE_ACCESS, "", -1);
	answer_toast(q, "Nome salvo", NULL);
	return redirect(q, "/settings/account");
}

/* ---- password ---- */

typedef struct PasswordForm {
	const char *current, *password;
} PasswordForm;

static const Field password_fields[] = {
	FIELD(PasswordForm, current, FIELD_SECRET, "Senha atual", 1, 512, true),
	FIELD(PasswordForm, password, FIELD_SECRET, "Nova senha", 1, 512, true),
};

/* POST /settings/account/password. 303 back; 422: what is wrong stands at the field. */
Err profile_password(Req *q)
{
	PasswordForm in;
	Err err = ERR_INVALID;

	TRY(profile_need_own(q));
	if (form_read(q, password_fields, COUNT(password_fields), &in))
		err = password_change(q->cx, q->who->session, in.current, in.password);
	if (err == ERR_INVALID) {
		answer_keep(q);
		return profile_show(q, 422);
	}
	TRY(err);
	answer_toast(q, "Senha trocada. As outras sessões foram encerradas.", NULL);
	return redirect(q, "/settings/account");
}

/* ---- sessions ---- */

/* POST /settings/account/sessions/:id/end */
Err profile_session_end(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(session_close(q->cx, id, q->cx->user.v, "revoked"));
	answer_toast(q, "Sessão encerrada", NULL);
	return redirect(q, "/settings/account");
}

/* POST /settings/account/sessions/end: all but this one. */
Err profile_sessions_end(Req *q)
{
	SqlEndSessions ended;
	bool own;

	TRY(session_is_own(q, &own));
	if (own) { /* everywhere */
		TRY(sql_end_sessions(
			q->cx, q->cx->user.v, &q->who->session, "revoked", q->cx->now, &ended));
	} else {
		int64_t rows;

		TRY(sql_session_end_of(
			q->cx, q->cx->user.v, q->who->session, "revoked", q->cx->now, &rows));
	}
	TRY(audit_add_change(q->cx, &(Change){ .action = "account.sessions_end",
					    .subject = "user",
					    .subject_id = q->cx->user.v }));
	TRY(company_touch_auth(q->cx));
	answer_toast(q, "As outras sessões foram encerradas", NULL);
	return redirect(q, "/settings/account");
}

/* ---- second factor ---- */

/* The seed goes to the browser and back signed, so nothing is stored before the code has fitted. */
static Err show_factor(Req *q, int status, const char *seed, Strs codes)
{
	FactorView view = { .q = q, .codes = codes };
	SqlIdentityById identity;
	Token ticket;

	TRY(sql_identity_by_id(q->cx, q->cx->user.v, &identity));
	view.on = identity.totp != NULL;
	if (!view.on) {
		view.seed = seed ? seed : totp_new_secret(q->cx->mem);
		ticket = (Token){ .use = "seed",
			.user = q->cx->user.v,
			.nonce = view.seed,
			.issued_at = q->cx->now,
			.expires_at = q->cx->now + SEED_SECONDS };
		view.ticket = token_sign(q->cx->mem, &ticket);
		view.qr = totp_qr(
			q->cx->mem, totp_uri(q->cx->mem, view.seed, q->site->name, identity.email));
	}
	answer_header(q, "Cache-Control", "no-store");
	account_factor_page(&q->html, &view);
	return send_html(q, status);
}

Err factor_page(Req *q)
{
	TRY(profile_need_own(q));
	return show_factor(q, 200, NULL, (Strs){ 0 });
}

typedef struct FactorForm {
	const char *ticket, *code, *current;
} FactorForm;

static const Field factor_fields[] = {
	FIELD(FactorForm, ticket, FIELD_TEXT, "Chave", 1, 2000, true),
	FIELD(FactorForm, code, FIELD_TEXT, "Código", 6, 7, true),
	FIELD(FactorForm, current, FIELD_SECRET, "Senha", 1, 512, true),
};

/* POST /settings/account/totp. 200 with the recovery codes, shown once; 422. */
Err factor_on(Req *q)
{
	Strs codes = { 0 };
	Token ticket = { .nonce = NULL };
	FactorForm in;
	Err err = ERR_INVALID;

	TRY(profile_need_own(q));
	if (form_read(q, factor_fields, COUNT(factor_fields), &in)) {
		if (token_read(q->cx->mem, in.ticket, "seed", q->cx->now, &ticket) != TOKEN_FRESH ||
			ticket.user != q->cx->user.v)
			return redirect(q, "/settings/account/totp");
		err = password_confirm(q->cx, "current", in.current);
		if (err == OK)
			err = totp_turn_on(q->cx, ticket.nonce, in.code, &codes);
	}
	if (err == ERR_INVALID) {
		answer_keep(q);
		return show_factor(q, 422, ticket.nonce, codes);
	}
	TRY(err);
	return show_factor(q, 200, NULL, codes);
}

typedef struct ConfirmForm {
	const char *current;
} ConfirmForm;

static const Field confirm_fields[] = {
	FIELD(ConfirmForm, current, FIELD_SECRET, "Senha", 1, 512, true),
};

static Err confirm(Req *q)
{
	ConfirmForm in;

	TRY(profile_need_own(q));
	if (!form_read(q, confirm_fields, COUNT(confirm_fields), &in))
		return ERR_INVALID;
	return password_confirm(q->cx, "current", in.current);
}

/* POST /settings/account/totp/off. 303; 422. */
Err factor_off(Req *q)
{
	Err err = confirm(q);

	if (err == ERR_INVALID) {
		answer_keep(q);
		return show_factor(q, 422, NULL, (Strs){ 0 });
	}
	TRY(err);
	TRY(totp_turn_off(q->cx));
	answer_toast(q, "Confirmação em duas etapas desativada", NULL);
	return redirect(q, "/settings/account");
}

/* POST /settings/account/totp/codes. 200 with new codes, shown once; 422. */
Err factor_codes(Req *q)
{
	Strs codes = { 0 };
	Err err = confirm(q);

	if (err == ERR_INVALID) {
		answer_keep(q);
		return show_factor(q, 422, NULL, codes);
	}
	TRY(err);
	TRY(recovery_renew(q->cx, &codes));
	return show_factor(q, 200, NULL, codes);
}

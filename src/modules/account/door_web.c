/* door_web: the pages before the clinic: sign-in, second factor, sign-out, forgotten password,
 * invitation. Between password and second factor the browser holds a signed ticket of five minutes.
 */
#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_view.h"
#include "modules/company/company.h"
#include "platform/db/db.h"

#define COOKIE_CODE "siso_code"
enum { CODE_SECONDS = 300, NEXT_MAX = 1000 };

/* ---- the browser that was here before ---- */

#define COOKIE_DEVICE "siso_device"
enum { DEVICE_SECONDS = 180 * 24 * 3600 };

/* The mark that a sign-in with this e-mail left in this browser, or NULL. It proves nothing but
 * that, and only chooses which failures count (account_signin.c). */
static const char *device_of(Req *q, const char *email)
{
	Token token;

	if (token_read(q->cx->mem, req_cookie(q, COOKIE_DEVICE), "device", q->cx->now, &token) !=
			TOKEN_FRESH ||
		token.company != q->cx->company.v || strcmp(token.email, email) != 0)
		return NULL;
	return token.nonce;
}

static Err remember_device(Req *q, int64_t user)
{
	Member member;
	Token token;

	TRY(account_get_member(q->cx, user, &member));
	if (device_of(q, member.email))
		return OK;
	token = (Token){ .use = "device",
		.company = q->cx->company.v,
		.email = member.email,
		.nonce = crypto_token(q->cx->mem, 16),
		.issued_at = q->cx->now,
		.expires_at = q->cx->now + DEVICE_SECONDS };
	answer_cookie(q, COOKIE_DEVICE, token_sign(q->cx->mem, &token), DEVICE_SECONDS);
	return OK;
}

/* ---- where to go afterwards ---- */

static bool is_local_path(const char *path)
{
	if (!path || path[0] != '/' || path[1] == '/' || path[1] == '\\' || strlen(path) > NEXT_MAX)
		return false;
	for (const char *c = path; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || *c == '\\')
			return false;
	return true;
}

const char *next_path(const char *next)
{
	return is_local_path(next) && !str_starts(next, "/login") && !str_starts(next, "/logout")
		       ? next
		       : "/";
}

/* redirect() takes a format, so that nobody passes it what a person typed. Here exactly that is
 * meant: the path was checked, and its percent signs are doubled. */
Err redirect_next(Req *q, const char *next)
{
	Buf format;

	buf_init(&format, q->cx->mem, 4 * NEXT_MAX);
	for (const char *c = next_path(next); *c; c++) {
		buf_putc(&format, *c);
		if (*c == '%')
			buf_putc(&format, '%');
	}
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
#pragma GCC diagnostic ignored "-Wformat-security"
	return redirect(q, buf_text(&format));
#pragma GCC diagnostic pop
}

/* ---- sign-in ---- */

typedef struct LoginForm {
	const char *email, *password, *next;
	bool keep;
} LoginForm;

static const Field login_fields[] = {
	FIELD(LoginForm, email, FIELD_EMAIL, "E-mail", 1, 254, true),
	FIELD(LoginForm, password, FIELD_SECRET, "Senha", 1, 512, true),
	FIELD(LoginForm, next, FIELD_TEXT, "Destino", 0, NEXT_MAX, false),
	FIELD(LoginForm, keep, FIELD_BOOL, "Manter conectado", 0, 0, false),
};

/* What a redirect to /login may say, by a word in its address. */
static const char *login_notice(const char *why)
{
	static const struct {
		const char *word, *sentence;
	} notices[] = {
		{ "oidc", "Não foi possível entrar pelo serviço da clínica. Tente de novo ou use "
			  "e-mail e senha." },
		{ "oidc-unknown", "Sua conta desse serviço não faz parte desta clínica. Peça um "
				  "convite a quem administra." },
		{ "ticket", "A passagem entre clínicas venceu. Entre com e-mail e senha." },
		{ "code", "O tempo para confirmar o código acabou. Entre de novo." },
	};

	for (size_t i = 0; why && i < COUNT(notices); i++)
		if (strcmp(why, notices[i].word) == 0)
			return notices[i].sentence;
	return NULL;
}

static Err show_login(Req *q, int status, const char *alert)
{
	LoginView view = { .q = q, .alert = alert, .alert_tone = status == 200 ? "amber" : "red" };
	SqlOidcFind oidc;
	bool found;

	view.next =
		next_path(q->method == GET ? req_query(q, "next") : form_value(&q->form, "next"));
	TRY(sql_oidc_find(q->cx, &oidc, &found));
	if (found && oidc.active)
		view.oidc_title = oidc.title;
	account_login_page(&q->html, &view);
	return send_html(q, status);
}

Err login_page(Req *q)
{
	if (q->who)
		return redirect_next(q, req_query(q, "next"));
	return show_login(q, 200, login_notice(req_query(q, "why")));
}

Err open_and_go(Req *q, int64_t user, const char *how, bool kept, const char *next)
{
	SessionTokens tokens;

	TRY(session_open(q->cx,
		&(SessionNew){
			.user = user, .how = how, .kept = kept, .user_agent = q->user_agent },
		&tokens));
	session_set_cookies(q, &tokens);
	TRY(remember_device(q, user));
	return redirect_next(q, next);
}

/* A refusal is committed all the same: it counts. */
static Err refuse_login(Req *q, const SignedIn *result)
{
	answer_keep(q);
	if (result->state == SIGN_IN_WAIT) {
		answer_header(
			q, "Retry-After", arena_printf(q->cx->mem, "%" PRId64, result->wait_s));
		return show_login(q, 429, wait_sentence(q->cx, result->wait_s));
	}
	return show_login(q, 422, "E-mail ou senha não conferem.");
}

static Err ask_code(Req *q, int64_t user, bool keep, const char *next)
{
	Token token = { .use = "totp",
		.user = user,
		.company = q->cx->company.v,
		.role = keep ? "keep" : "",
		.extra = next_path(next),
		.issued_at = q->cx->now,
		.expires_at = q->cx->now + CODE_SECONDS };

	answer_cookie(q, COOKIE_CODE, token_sign(q->cx->mem, &token), CODE_SECONDS);
	return redirect(q, "/login/totp");
}

/* POST /login. 303 onwards; 422 with the same words for whatever is wrong; 429 after many failures.
 */
Err login_submit(Req *q)
{
	SignedIn result;
	LoginForm in;

	if (!form_read(q, login_fields, COUNT(login_fields), &in))
		return show_login(q, 422, NULL);
	TRY(sign_in(q->cx,
		&(SignIn){ .email = in.email,
			.password = in.password,
			.device = device_of(q, in.email) },
		&result));
	switch (result.state) {
	case SIGN_IN_DONE:
		return open_and_go(q, result.user, "password", in.keep, in.next);
	case SIGN_IN_CODE:
		return ask_code(q, result.user, in.keep, in.next);
	default:
		return refuse_login(q, &result);
	}
}

static bool read_code_ticket(Req *q, Token *ret)
{
	return token_read(q->cx->mem, req_cookie(q, COOKIE_CODE), "totp", q->cx->now, ret) ==
		       TOKEN_FRESH &&
	       ret->company == q->cx->company.v;
}

Err login_code_page(Req *q)
{
	Token ticket;

	if (!read_code_ticket(q, &ticket))
		return redirect(q, "/login?why=code");
	account_code_page(&q->html, &(LoginView){ .q = q });
	return send_html(q, 200);
}

/* POST /login/totp. 303 onwards; 422 wrong code; 429 after many. */
Err login_code_submit(Req *q)
{
	const char *code = form_value(&q->form, "code");
	LoginView view = { .q = q,
		.alert = "O código não confere. Use o que aparece agora no aplicativo.",
		.alert_tone = "red" };
	SignedIn result;
	Token ticket;

	if (!read_code_ticket(q, &ticket))
		return redirect(q, "/login?why=code");
	TRY(sign_in_code(q->cx, ticket.user, code ? code : "", &result));
	if (result.state == SIGN_IN_DONE) {
		answer_cookie(q, COOKIE_CODE, "", -1);
		return open_and_go(
			q, ticket.user, "password", strcmp(ticket.role, "keep") == 0, ticket.extra);
	}
	answer_keep(q);
	if (result.state == SIGN_IN_WAIT)
		view.alert = wait_sentence(q->cx, result.wait_s);
	account_code_page(&q->html, &view);
	return send_html(q, result.state == SIGN_IN_WAIT ? 429 : 422);
}

/* GET /session: for a page that is about to send a form. 200 with the CSRF token of the session
 * that is open now, which need not be the one the page was drawn in, and whose it is; 401 when none
 * is. A person who comes here has signed in for a form in another tab. */
Err session_token(Req *q)
{
	if (str_starts(q->accept, "text/html")) {
		account_signed_in_page(&q->html, q);
		return send_html(q, 200);
	}
	answer_header(q, "X-User", q->who->email);
	return send_text(q, 200, "text/plain; charset=utf-8", account_csrf_token(q));
}

/* POST /logout. 303 to the door. */
Err logout(Req *q)
{
	Err err = OK;

	if (q->who->session)
		err = session_close(q->cx, q->who->session, q->cx->user.v, "sign_out");
	if (err != ERR_NOT_FOUND)
		TRY(err);
	session_drop_cookies(q);
	return redirect(q, "/login");
}

/* ---- forgotten password ---- */

typedef struct ForgotForm {
	const char *email;
} ForgotForm;

static const Field forgot_fields[] = {
	FIELD(ForgotForm, email, FIELD_EMAIL, "E-mail", 1, 254, true),
};

Err forgot_page(Req *q)
{
	account_forgot_page(&q->html, &(ForgotView){ .q = q });
	return send_html(q, 200);
}

/* POST /forgot. 200 with the same words for any address. */
Err forgot_submit(Req *q)
{
	ForgotForm in;
	bool sent = form_read(q, forgot_fields, COUNT(forgot_fields), &in);

	if (sent)
		TRY(forgot_password(q->cx, in.email));
	account_forgot_page(&q->html, &(ForgotView){ .q = q, .sent = sent });
	return send_html(q, sent ? 200 : 422);
}

typedef struct SecretForm {
	const char *password;
} SecretForm;

static const Field secret_fields[] = {
	FIELD(SecretForm, password, FIELD_SECRET, "Senha", 1, 512, true),
};

static Err show_reset(Req *q, bool good, int status)
{
	account_reset_page(
		&q->html, &(ResetView){ .q = q, .token = good ? req_segment(q, "token") : NULL });
	return send_html(q, status);
}

Err reset_page(Req *q)
{
	int64_t user;

	TRY(reset_look(q->cx, req_segment(q, "token"), &user));
	answer_header(q, "Referrer-Policy", "no-referrer");
	return show_reset(q, user != 0, user ? 200 : 404);
}

/* POST /reset/:token. 303 to the door; 422 weak password; 404 the link is over. */
Err reset_submit(Req *q)
{
	SecretForm in;
	int64_t user;
	Err err = ERR_INVALID;

	if (form_read(q, secret_fields, COUNT(secret_fields), &in))
		err = reset_password(q->cx, req_segment(q, "token"), in.password, &user);
	if (err == ERR_INVALID)
		return show_reset(q, true, 422);
	if (err == ERR_NOT_FOUND)
		return show_reset(q, false, 404);
	TRY(err);
	session_drop_cookies(q);
	answer_toast(q, "Senha nova salva. Entre com ela.", NULL);
	return redirect(q, "/login");
}

/* ---- invitation ---- */

typedef struct InviteForm {
	const char *name, *password;
} InviteForm;

static const Field invite_fields[] = {
	FIELD(InviteForm, name, FIELD_TEXT, "Nome", 0, 120, false),
	FIELD(InviteForm, password, FIELD_SECRET, "Senha", 1, 512, true),
};

static Err show_invite(Req *q, int status)
{
	Invitation invitation;

	TRY(invite_look(q->cx, req_segment(q, "token"), &invitation));
	answer_header(q, "Referrer-Policy", "no-referrer");
	account_invite_page(&q->html,
		&(InviteView){
			.q = q, .token = req_segment(q, "token"), .invitation = &invitation });
	return send_html(q, invitation.good ? status : 404);
}

Err invite_page(Req *q)
{
	return show_invite(q, 200);
}

/* POST /invite/:token. 303: a new person is signed in, a known one goes to the door (there may be a
 * second factor). 422 with the form; 404 the invitation is over. */
Err invite_submit(Req *q)
{
	Invitation invitation;
	InviteForm in;
	int64_t user;
	Err err = ERR_INVALID;

	TRY(invite_look(q->cx, req_segment(q, "token"), &invitation));
	if (form_read(q, invite_fields, COUNT(invite_fields), &in))
		err = invite_accept(q->cx, req_segment(q, "token"), in.name, in.password, &user);
	if (err == ERR_INVALID || err == ERR_NOT_FOUND) {
		answer_keep(q);
		return show_invite(q, 422);
	}
	TRY(err);
	if (!invitation.known)
		return open_and_go(q, user, "password", /* kept= */ false, "/");
	answer_toast(q, "Convite aceito. Entre com seu e-mail e senha.", NULL);
	return redirect(q, "/login");
}

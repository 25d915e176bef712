/* account_oidc: sign-in by the company's own provider. The provider is chosen by the company, so
 * what it says counts in this company only: such a session cannot change the person's identity nor
 * go to another company (session_is_own), and an e-mail is believed only for somebody who is a
 * member. */
#include <sodium.h>

#include "core/br.h"
#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_view.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/auth/seal.h"
#include "platform/db/db.h"
#include "platform/http/http_client.h"

#define COOKIE_OIDC   "siso_oidc"
#define CALLBACK_PATH "/login/oidc/callback"
enum { OIDC_SECONDS = 600, ASK_MS = 5000, ANSWER_MAX = 256 << 10, WRITE_MS = 5000 };

static const char *base64_text(Arena *mem, const char *text)
{
	size_t room = sodium_base64_ENCODED_LEN(strlen(text), sodium_base64_VARIANT_ORIGINAL);

	return sodium_bin2base64(arena_alloc(mem, room), room, (const unsigned char *)text,
		strlen(text), sodium_base64_VARIANT_ORIGINAL);
}

/* A person waits for this one answer, so it is asked here and not by a job, briefly and with no
 * transaction open. The address was typed by the clinic: only the public internet is asked. */
static Err fetch(Ctx *cx, const OidcRequest *in, OidcAnswer *ret)
{
	HttpHeader header[3] = { { "Accept", "application/json" } };
	HttpRequest request = { .url = in->url,
		.header = header,
		.header_count = 1,
		.timeout_ms = ASK_MS,
		.answer_max = ANSWER_MAX,
		.foreign = true };
	HttpAnswer answer;
	Err err;

	if (in->basic)
		header[request.header_count++] = (HttpHeader){ "Authorization",
			arena_printf(cx->mem, "Basic %s", base64_text(cx->mem, in->basic)) };
	if (in->bearer)
		header[request.header_count++] = (HttpHeader){ "Authorization",
			arena_printf(cx->mem, "Bearer %s", in->bearer) };
	if (in->form) {
		request.body = str_of(in->form);
		header[request.header_count++] =
			(HttpHeader){ "Content-Type", "application/x-www-form-urlencoded" };
	}
	err = http_send(cx, &request, &answer);
	if (err != OK)
		return err == ERR_INVALID ? ERR_UNAVAILABLE : err;
	*ret = (OidcAnswer){ answer.status, answer.body };
	return OK;
}

OidcFetch *account_oidc_fetch = fetch;

/* ---- the conversation ---- */

typedef struct Setup {
	OidcProvider provider;
	OidcClient client;
} Setup;

/* ERR_NOT_FOUND: the company has no provider. Leaves no transaction open. */
static Err load(Req *q, Setup *ret)
{
	const char *base;
	SqlOidcFind row;
	bool found;

	TRY(sql_oidc_find(q->cx, &row, &found));
	TRY(company_base_url(q->cx, &base));
	db_rollback(q->cx);
	if (!found || !row.active)
		return err_set(q->cx, ERR_NOT_FOUND, "no sign-in provider");
	ret->client = (OidcClient){ .client_id = row.client_id,
		.client_secret = secret_open(q->cx->mem, "oidc", row.client_secret),
		.redirect_uri = arena_printf(q->cx->mem, "%s" CALLBACK_PATH, base) };
	return oidc_discover(q->cx, account_oidc_fetch, row.issuer, &ret->provider);
}

static Err back_to_door(Req *q)
{
	answer_cookie(q, COOKIE_OIDC, "", -1);
	return redirect(q, "/login?why=oidc");
}

/* GET /login/oidc/start?next=. 303 to the provider. */
Err oidc_start(Req *q)
{
	const char *state = crypto_token(q->cx->mem, 16), *nonce = crypto_token(q->cx->mem, 16);
	const char *verifier = oidc_new_verifier(q->cx->mem);
	const char *next = next_path(req_query(q, "next"));
	Setup setup;
	Token token;
	Err err = load(q, &setup);

	if (err == ERR_UNAVAILABLE || err == ERR_INVALID)
		return back_to_door(q);
	TRY(err);
	token = (Token){ .use = "oidc",
		.company = q->cx->company.v,
		.nonce = state,
		.extra = arena_printf(q->cx->mem, "%s %s %s", nonce, verifier, next),
		.issued_at = q->cx->now,
		.expires_at = q->cx->now + OIDC_SECONDS };
	answer_cookie(q, COOKIE_OIDC, token_sign(q->cx->mem, &token), OIDC_SECONDS);
	return redirect_foreign(q,
		oidc_start_url(q->cx->mem, &setup.provider, &setup.client, state, nonce, verifier));
}

typedef struct Pending {
	const char *nonce, *verifier, *next;
} Pending;

/* The answer belongs to what this browser began: state and cookie agree. */
static bool read_pending(Req *q, Pending *ret)
{
	const char *state = req_query(q, "state");
	Str rest, nonce, verifier;
	Token token;

	if (token_read(q->cx->mem, req_cookie(q, COOKIE_OIDC), "oidc", q->cx->now, &token) !=
			TOKEN_FRESH ||
		token.company != q->cx->company.v || !state ||
		strlen(state) != strlen(token.nonce) ||
		!crypto_equal(state, token.nonce, strlen(state)))
		return false;
	rest = str_of(token.extra);
	if (!str_cut(&rest, ' ', &nonce) || !str_cut(&rest, ' ', &verifier))
		return false;
	*ret = (Pending){ arena_copy(q->cx->mem, nonce.ptr, nonce.len),
		arena_copy(q->cx->mem, verifier.ptr, verifier.len),
		arena_copy(q->cx->mem, rest.ptr, rest.len) };
	return true;
}

/* The member behind the claims; 0: none. A first visit is linked by a verified e-mail, and from
 * then on only the subject counts. */
static Err find_member(Ctx *cx, const char *issuer, const OidcClaims *claims, int64_t *ret_user)
{
	SqlOidcLinkFind link;
	SqlMemberByEmail member;
	char email[255];
	int64_t rows;
	bool found;

	*ret_user = 0;
	TRY(sql_oidc_link_find(cx, issuer, claims->subject, &link, &found));
	if (found) {
		*ret_user = link.active ? link.user_id : 0;
		return OK;
	}
	if (!claims->email || !claims->email_verified || !email_parse(claims->email, email))
		return OK;
	TRY(sql_member_by_email(cx, email, &member, &found));
	if (!found || !member.active)
		return OK;
	TRY(sql_oidc_link_add(cx, issuer, claims->subject, member.user_id, &rows));
	TRY(audit_add_change(cx, &(Change){ .action = "account.oidc_link",
					 .subject = "user",
					 .subject_id = member.user_id }));
	*ret_user = member.user_id;
	return OK;
}

/* GET /login/oidc/callback?code=&state=. 303 onwards or back to the door. A provider can only come
 * back by GET, so the transaction that writes is begun here. */
Err oidc_callback(Req *q)
{
	const char *code = req_query(q, "code");
	OidcClaims claims;
	Pending pending;
	SessionTokens tokens;
	Setup setup;
	int64_t user;
	Err err;

	if (!code || !read_pending(q, &pending))
		return back_to_door(q);
	err = load(q, &setup);
	if (err == OK)
		err = oidc_finish(q->cx, account_oidc_fetch, &setup.provider, &setup.client, code,
			pending.verifier, pending.nonce, &claims);
	if (err == ERR_UNAVAILABLE || err == ERR_INVALID || err == ERR_FORBIDDEN)
		return back_to_door(q);
	TRY(err);
	db_begin(q->cx, /* read_only= */ false, WRITE_MS);
	TRY(find_member(q->cx, setup.provider.issuer, &claims, &user));
	if (!user) {
		db_rollback(q->cx);
		return redirect(q, "/login?why=oidc-unknown");
	}
	TRY(session_open(q->cx,
		&(SessionNew){ .user = user, .how = "oidc", .user_agent = q->user_agent },
		&tokens));
	TRY(db_commit(q->cx));
	answer_cookie(q, COOKIE_OIDC, "", -1);
	session_set_cookies(q, &tokens);
	return redirect_next(q, pending.next);
}

/* ---- settings ---- */

typedef struct OidcForm {
	const char *title, *issuer, *client_id, *client_secret;
	bool active;
} OidcForm;

const Field oidc_fields[] = {
	FIELD(OidcForm, title, FIELD_TEXT, "Nome no botão", 1, 40, true),
	FIELD(OidcForm, issuer, FIELD_TEXT, "Endereço do provedor", 8, 500, true),
	FIELD(OidcForm, client_id, FIELD_TEXT, "Client ID", 1, 300, true),
	FIELD(OidcForm, client_secret, FIELD_SECRET, "Client secret", 0, 500, false),
	FIELD(OidcForm, active, FIELD_BOOL, "Mostrar na entrada", 0, 0, false),
};

static Err show_settings(Req *q, int status)
{
	OidcView view = { .q = q, .active = true };
	const char *base;
	SqlOidcFind row;
	bool found;

	TRY(sql_oidc_find(q->cx, &row, &found));
	TRY(company_base_url(q->cx, &base));
	view.redirect_uri = arena_printf(q->cx->mem, "%s" CALLBACK_PATH, base);
	if (found) {
		view.title = row.title;
		view.issuer = row.issuer;
		view.client_id = row.client_id;
		view.has_secret = row.client_secret != NULL;
		view.active = row.active;
	}
	account_oidc_page(&q->html, &view);
	return send_html(q, status);
}

Err oidc_settings_page(Req *q)
{
	return show_settings(q, 200);
}

/* The provider is asked before the first query, so no transaction waits for it. */
static Err save(Ctx *cx, const OidcForm *in)
{
	OidcProvider provider;
	const char *secret;
	SqlOidcFind before;
	bool found, same;
	int64_t rows;
	Diff diff;

	if (oidc_discover(cx, account_oidc_fetch, in->issuer, &provider) != OK)
		return err_field(cx, "issuer",
			"Esse endereço não respondeu como um provedor OpenID Connect. Confira se "
			"está igual ao que o provedor informa.");
	TRY(sql_oidc_find(cx, &before, &found));
	if (!found)
		before = (SqlOidcFind){ 0 };
	/* a secret belongs to one client of one provider: it is not carried over to another */
	same = str_same(before.issuer, in->issuer) && str_same(before.client_id, in->client_id);
	secret = same ? before.client_secret : NULL;
	if (in->client_secret)
		secret = secret_seal(cx->mem, "oidc", in->client_secret);
	TRY(sql_oidc_save(cx, in->title, in->issuer, in->client_id, secret, in->active, &rows));
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "title", before.title, in->title);
	diff_text(&diff, "issuer", before.issuer, in->issuer);
	diff_text(&diff, "client_id", before.client_id, in->client_id);
	diff_text(&diff, "client_secret", NULL, in->client_secret ? "trocado" : NULL);
	diff_int(&diff, "active", before.active, in->active);
	return audit_add_change(cx, &(Change){ .action = "account.oidc",
					    .subject = "company",
					    .subject_id = cx->company.v,
					    .diff = diff_done(&diff) });
}

/* POST /settings/oidc. 303 back; 422 with the form. */
Err oidc_settings_save(Req *q)
{
	OidcForm in;
	Err err =
		form_read(q, oidc_fields, COUNT(oidc_fields), &in) ? save(q->cx, &in) : ERR_INVALID;

	if (err == ERR_INVALID)
		return show_settings(q, 422);
	TRY(err);
	answer_toast(q, "Serviço de login salvo", NULL);
	return redirect(q, "/settings/oidc");
}

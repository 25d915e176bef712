/* switch_web: one person in several companies. Each company has its own host, so its own cookies:
 * the way over is a signed ticket in the address, good for a minute, once, and for the same
 * browser. */
#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/account/account_view.h"
#include "modules/company/company.h"
#include "platform/db/db.h"

enum { TICKET_SECONDS = 60, WRITE_MS = 5000 };

static Err list_companies(Req *q, SwitchView *view)
{
	CompanyChoice *choice;
	SqlCompaniesOf *row;
	size_t count;

	TRY(sql_companies_of(q->cx, q->cx->user.v, &row, &count));
	choice = NEW_ARRAY(q->cx->mem, CompanyChoice, count + 1);
	for (size_t i = 0; i < count; i++)
		choice[i] = (CompanyChoice){ row[i].company_id, row[i].name, row[i].host,
			row[i].company_id == q->cx->company.v };
	*view = (SwitchView){ .q = q, .company = choice, .company_count = count };
	return OK;
}

/* GET /switch: a page, or the menu's inside for htmx. Somebody who came by the clinic's provider is
 * known here only, and sees this company alone. */
Err switch_page(Req *q)
{
	SwitchView view;
	bool own;

	TRY(session_is_own(q, &own));
	TRY(list_companies(q, &view));
	if (!own)
		for (size_t i = 0; i < view.company_count; i++)
			if (view.company[i].current)
				view = (SwitchView){ q, &view.company[i], 1 };
	if (q->htmx)
		account_switch_menu(&q->html, &view);
	else
		account_switch_page(&q->html, &view);
	return send_html(q, 200);
}

/* The same browser at the same address; hashed, because the ticket stands in an address bar. */
static const char *browser_of(Req *q)
{
	const char *text = arena_printf(q->cx->mem, "%s\n%s", q->cx->peer ? q->cx->peer : "",
		q->user_agent ? q->user_agent : "");

	return crypto_sha256_hex(q->cx->mem, text, strlen(text));
}

/* Scheme and port as here, the other host. */
static const char *url_of_host(Req *q, const char *base, const char *host)
{
	const char *port = strrchr(base, ':');
	bool has_port = port && port > strstr(base, "://");

	return arena_printf(q->cx->mem, "%s://%s%s", str_starts(base, "https") ? "https" : "http",
		host, has_port ? port : "");
}

/* GET /switch/:company. 303 to the other host with a ticket. */
Err switch_go(Req *q)
{
	const char *base;
	SwitchView view;
	int64_t id;
	Token token;
	bool own;

	TRY(req_id(q, "company", &id));
	TRY(session_is_own(q, &own));
	TRY(list_companies(q, &view));
	TRY(company_base_url(q->cx, &base));
	for (size_t i = 0; own && i < view.company_count; i++) {
		if (view.company[i].id != id)
			continue;
		token = (Token){ .use = "switch",
			.user = q->cx->user.v,
			.company = id,
			.nonce = crypto_token(q->cx->mem, 16),
			.extra = browser_of(q),
			.issued_at = q->cx->now,
			.expires_at = q->cx->now + TICKET_SECONDS };
		return redirect_foreign(q, arena_printf(q->cx->mem, "%s/switch/enter?ticket=%s",
						   url_of_host(q, base, view.company[i].host),
						   token_sign(q->cx->mem, &token)));
	}
	return err_set(q->cx, ERR_NOT_FOUND, "user is no member of company %" PRId64, id);
}

/* GET /switch/enter?ticket=. 303 to the start. It comes by GET from another host, so the
 * transaction that reads is ended and one that writes begun; the ticket is what POST's token would
 * be. */
Err switch_enter(Req *q)
{
	SessionTokens tokens;
	Token token;
	Err err;

	answer_header(q, "Referrer-Policy", "no-referrer");
	if (token_read(q->cx->mem, req_query(q, "ticket"), "switch", q->cx->now, &token) !=
			TOKEN_FRESH ||
		token.company != q->cx->company.v || strcmp(token.extra, browser_of(q)) != 0)
		return redirect(q, "/login?why=ticket");
	db_rollback(q->cx);
	db_begin(q->cx, /* read_only= */ false, WRITE_MS);
	err = session_open(q->cx,
		&(SessionNew){ .user = token.user,
			.how = "switch",
			.user_agent = q->user_agent,
			.ticket = token.nonce },
		&tokens);
	if (err == ERR_CONFLICT || err == ERR_FORBIDDEN || err == ERR_NOT_FOUND) {
		db_rollback(q->cx);
		return redirect(q, "/login?why=ticket");
	}
	TRY(err);
	TRY(db_commit(q->cx));
	session_set_cookies(q, &tokens);
	return redirect(q, "/");
}

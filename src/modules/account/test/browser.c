#include "browser.h"

#include <pthread.h>

#include "core/clock.h"
#include "core/log.h"
#include "core/random.h"
#include "modules/account/account.sql.h"
#include "modules/company/company.h"
#include "platform/auth/key.h"
#include "platform/auth/password.h"
#include "platform/http/http_client.h"
#include "platform/mail/mail.h"
#include "platform/ui/ui.h"
#include "platform/web/response.h"
#include "test.h"
#include "test_db.h"

/* ---- the program, once ---- */

static Perm perms[200];
static RouteRow rows[600];

static void toast(Html *h, const char *text, const char *undo)
{
	ui_toast_oob(h, &(UiToast){ .text = text, .undo = undo });
}

static void start_program(Ctx *cx)
{
	static const WebHooks hooks = { .site_of_host = company_site_of_host,
		.who_asks = account_who_asks,
		.csrf_token = account_csrf_token,
		.error_page = ui_error_page,
		.toast = toast,
		.sign_in_path = "/login" };
	size_t perm_count_all = 0, row_count = 0;

	log_set_level(LOG_ERROR);
	CHECK(auth_set_secret("a-test-secret-of-more-than-32-characters", NULL));
	http_init(&(HttpConfig){ .allow_private = true });
	for (size_t i = 0; i < module_count; i++) {
		for (size_t k = 0; k < modules[i]->perm_count; k++)
			perms[perm_count_all++] = modules[i]->perm[k];
		for (size_t k = 0; k < modules[i]->route_count; k++)
			rows[row_count++] =
				(RouteRow){ &modules[i]->route[k], modules[i]->name, NULL };
	}
	account_set_perms(perms, perm_count_all);
	CHECK(router_init(rows, row_count, perms, perm_count_all, &hooks));
	ui_setup(&(UiSetup){ .sign_out_path = "/logout", .theme_path = "/theme.css" });
	sql_as(cx, "siso_owner", 0,
		"insert into company.domain (company_id, host, main) values (1, 'a.test', true),"
		" (2, 'b.test', true) on conflict do nothing");
	sql_as(cx, "siso_owner", 0, "update company.company set users_max = 5000");
}

static void close_db(void *db)
{
	db_close(db);
}

const char *fresh_peer(Ctx *cx)
{
	uint8_t part[3];

	crypto_random(part, sizeof part);
	return arena_printf(cx->mem, "10.%u.%u.%u", part[0], part[1], part[2]);
}

Browser browser_open(Ctx *cx, const char *host)
{
	static bool started;
	Browser b = { .cx = cx,
		.host = host,
		.peer = fresh_peer(cx),
		.agent = "Mozilla/5.0 (X11; Linux) Chrome/130",
		.now = time_now() };

	if (!started)
		start_program(cx);
	started = true;
	b.db = db_open(&(DbConfig){ test_conninfo(cx, "siso_app"), "siso test browser" });
	arena_defer(cx->mem, close_db, b.db);
	return b;
}

/* ---- cookies ---- */

const char *cookie_of(const Browser *b, const char *name)
{
	for (size_t i = 0; i < COUNT(b->jar); i++)
		if (strcmp(b->jar[i].name, name) == 0)
			return b->jar[i].value;
	return "";
}

void set_cookie(Browser *b, const char *name, const char *value)
{
	Jar *place = NULL;

	for (size_t i = 0; i < COUNT(b->jar); i++)
		if (strcmp(b->jar[i].name, name) == 0)
			place = &b->jar[i];
	for (size_t i = 0; !place && i < COUNT(b->jar); i++)
		if (!b->jar[i].name[0])
			place = &b->jar[i];
	CHECK(place != NULL);
	if (!place)
		return;
	snprintf(place->name, sizeof place->name, "%s", value ? name : "");
	snprintf(place->value, sizeof place->value, "%s", value ? value : "");
}

static void take_cookie(Browser *b, Page *page, const char *header)
{
	const char *equals = strchr(header, '='), *end = strchr(header, ';');
	char *name = arena_copy(b->cx->mem, header, (size_t)(equals - header));
	char *value = arena_copy(b->cx->mem, equals + 1, (size_t)(end - equals - 1));

	CHECK(strstr(header, "HttpOnly") && strstr(header, "SameSite=Lax"));
	set_cookie(b, name, strstr(header, "Max-Age=0") ? NULL : value);
	if (*value && strcmp(name, COOKIE_ACCESS) == 0)
		page->set_access = true;
	if (*value && strcmp(name, COOKIE_REFRESH) == 0)
		page->set_refresh = true;
}

/* ---- a request ---- */

static const char *cookie_header(Browser *b)
{
	Buf buf;

	buf_init(&buf, b->cx->mem, 64 << 10);
	for (size_t i = 0; i < COUNT(b->jar); i++)
		if (b->jar[i].name[0])
			buf_printf(&buf, "%s%s=%s", buf.len ? "; " : "", b->jar[i].name,
				b->jar[i].value);
	return arena_dup(b->cx->mem, buf_text(&buf));
}

static Page read_answer(Browser *b, const Req *q)
{
	const Response *r = q->response;
	Arena *mem = b->cx->mem;
	Page page = { .status = r->status, .queries = q->cx->query_count };
	const char *token;

	page.body = r->body ? arena_copy(mem, r->body, r->size) : "";
	page.location = arena_dup(mem, response_get(r, "Location"));
	page.retry_after = arena_dup(mem, response_get(r, "Retry-After"));
	for (size_t i = 0; i < r->header_count; i++)
		if (strcmp(r->header[i].name, "Set-Cookie") == 0)
			take_cookie(b, &page, r->header[i].value);
	token = between(b->cx, page.body, "name=\"csrf\" value=\"", "\"");
	if (token)
		snprintf(b->csrf, sizeof b->csrf, "%s", token);
	return page;
}

static Page ask(Browser *b, Method method, const char *path, const char *type, const char *body)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .db = b->db, .now = b->now, .peer = b->peer };
	const char *query = strchr(path, '?');
	Req q = { .cx = &cx,
		.method = method,
		.query = query ? query + 1 : "",
		.host = b->host,
		.path = arena_copy(mem, path, query ? (size_t)(query - path) : strlen(path)),
		.cookie = b->bearer ? "" : cookie_header(b),
		.accept = "",
		.if_none_match = "",
		.if_match = "",
		.idempotency_key = "",
		.origin = "",
		.user_agent = b->agent,
		.authorization = b->bearer ? arena_printf(mem, "Bearer %s", b->bearer) : "",
		.fetch_site = b->foreign ? "cross-site" : "",
		.htmx = b->htmx,
		.https = true,
		.content_type = type,
		.body = str_of(body),
		.body_file = "",
		.file_name = "" };
	Page page;

	router_answer(&q);
	router_finish(&q);
	page = read_answer(b, &q);
	arena_free(mem);
	return page;
}

Page browse(Browser *b, Method method, const char *path, const char *body)
{
	return ask(b, method, path, "application/x-www-form-urlencoded", body ? body : "");
}

Page get(Browser *b, const char *path)
{
	return browse(b, GET, path, NULL);
}

Page post(Browser *b, const char *path, const char *form)
{
	return browse(
		b, POST, path, arena_printf(b->cx->mem, "csrf=%s&%s", b->csrf, form ? form : ""));
}

Page post_form(Browser *b, const char *path, const char *format, ...)
{
	const char *form;
	va_list args;

	va_start(args, format);
	form = arena_vprintf(b->cx->mem, format, args);
	va_end(args);
	return post(b, path, form);
}

Page post_json(Browser *b, const char *path, const char *json)
{
	return ask(b, POST, path, "application/json", json);
}

/* ---- the world around ---- */

const char *sql_as(Ctx *cx, const char *role, int64_t company, const char *sql)
{
	PGconn *conn = PQconnectdb(test_conninfo(cx, role));
	PGresult *r;
	const char *value = NULL;

	if (company)
		PQclear(PQexec(conn,
			arena_printf(cx->mem, "set app.company_id = '%" PRId64 "'", company)));
	r = PQexec(conn, sql);
	if (PQresultStatus(r) == PGRES_FATAL_ERROR)
		test_fail(__FILE__, __LINE__, "%s: %s", sql, PQresultErrorMessage(r));
	if (PQntuples(r) > 0 && !PQgetisnull(r, 0, 0))
		value = arena_dup(cx->mem, PQgetvalue(r, 0, 0));
	PQclear(r);
	PQfinish(conn);
	return value;
}

/* Argon2 takes its time: all people of the tests share one hash. */
static const char *shared_hash(Ctx *cx)
{
	static char kept[200];
	const char *hash;

	if (!kept[0]) {
		CHECK(password_hash(cx, TEST_PASSWORD, &hash) == OK);
		snprintf(kept, sizeof kept, "%s", hash);
	}
	return kept;
}

const char *new_person(Ctx *cx, int64_t company, const char *role, int64_t *ret_user)
{
	const char *tag =
		arena_copy(cx->mem, crypto_sha256_hex(cx->mem, crypto_token(cx->mem, 9), 12), 10);
	const char *email = arena_printf(cx->mem, "p%s@x.test", tag);
	const char *id = sql_as(cx, "siso_app", company,
		arena_printf(cx->mem,
			"with i as (select account.identity_add('%s', 'Pessoa %s', '%s', now()) as "
			"id)"
			" insert into account.member (company_id, user_id, name, email, role)"
			" select %" PRId64
			", i.id, 'Pessoa %s', '%s', '%s' from i returning user_id",
			email, tag, shared_hash(cx), company, tag, email, role));

	*ret_user = 0;
	str_int64(str_of(id), ret_user);
	CHECK(*ret_user > 0);
	return email;
}

Browser signed_in(Ctx *cx, const char *role, int64_t *ret_user)
{
	Browser b = browser_open(cx, "a.test");
	const char *email = new_person(cx, 1, role, ret_user);
	Page page;

	get(&b, "/login");
	page = post_form(&b, "/login", "email=%s&password=%s", email, TEST_PASSWORD);
	CHECK_INT(page.status, 303);
	get(&b, "/settings/account");
	return b;
}

const char *between(Ctx *cx, const char *text, const char *before, const char *after)
{
	const char *start = text ? strstr(text, before) : NULL, *end;

	if (!start)
		return NULL;
	start += strlen(before);
	end = strstr(start, after);
	return end ? arena_copy(cx->mem, start, (size_t)(end - start)) : NULL;
}

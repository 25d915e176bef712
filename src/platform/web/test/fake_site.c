/* See fake_site.h. */
#include "fake_site.h"

#include "core/log.h"
#include "platform/web/api.h"
#include "platform/web/form_json.h"

FakeSite fake_site;
FakeDb fake_db; /* here: with a real database there is no fake_db.c */

typedef struct Thing {
	const char *name;
	int64_t size;
} Thing;

static const Field thing_fields[] = {
	FIELD(Thing, name, FIELD_TEXT, "Nome", 1, 20, true),
	FIELD(Thing, size, FIELD_INT, "Tamanho", 0, 100, false),
};
static const OutField thing_out[] = {
	OUT(Thing, name, OUT_TEXT, "Nome"),
	OUT(Thing, size, OUT_INT, "Tamanho"),
};

static Err say(Req *q, const char *text)
{
	html_put_text(&q->html, text);
	return send_html(q, 200);
}

static Err home(Req *q)
{
	return say(q, "home");
}

static Err show(Req *q)
{
	int64_t id;

	TRY(req_id(q, "id", &id));
	if (id == 404)
		return err_set(q->cx, ERR_NOT_FOUND, "no thing");
	if (id == 500)
		return err_set(q->cx, ERR_BUG, "broken");
	html_put_int(&q->html, id);
	html_put_text(&q->html, req_query(q, "x"));
	return send_html(q, 200);
}

static Err blank(Req *q)
{
	html_put_text(&q->html, q->html.csrf);
	return send_html(q, 200);
}

static Err create(Req *q)
{
	Thing in;

	fake_site.runs++;
	if (!form_read(q, thing_fields, COUNT(thing_fields), &in)) {
		html_put_text(&q->html, bad_find(q->cx, "name"));
		return send_html(q, 422);
	}
	if (!strcmp(in.name, "keep")) {
		answer_keep(q);
		return send_html(q, 422);
	}
	if (!strcmp(in.name, "twice"))
		return err_field(q->cx, "name", "Já existe.");
	answer_toast(q, "Criado & salvo", "/things/1/undo");
	return redirect(q, "/things/%s?n=%" PRId64, in.name, in.size);
}

static Err touch(Req *q)
{
	fake_site.runs++;
	answer_toast(q, "Feito", NULL);
	answer_event(q, "things");
	answer_event(q, "counts");
	return send_nothing(q);
}

static Err forget(Req *q)
{
	(void)q;
	return OK;
}

static Err api_create(Req *q)
{
	Thing in;

	fake_site.runs++;
	TRY(api_read(q, &in));
	api_made(q, in.size);
	return send_row(q, 201, &in);
}

static Err api_show(Req *q)
{
	answer_version(q, 7);
	json_put_object(&q->json, NULL);
	json_put_int(&q->json, "id", 1);
	return send_json(q, 200);
}

static Err api_update(Req *q)
{
	TRY(req_if_match(q, 7));
	fake_site.runs++;
	return send_nothing(q);
}

static Err upload(Req *q)
{
	return send_text(q, 200, "text/plain",
		*q->file_name ? arena_printf(q->cx->mem, "%s %s", q->body_file, q->file_name)
			      : q->body_file);
}

static Err download(Req *q)
{
	return send_file(q, "/files/1/ab/ab12cd", "image/png", "raio x.png", false);
}

static Err large(Req *q)
{
	for (int i = 0; i < 2000; i++) {
		html_raw(&q->html, "<p>sor", 6);
		for (int k = 10000; k > 1; k /= 10)
			html_raw(&q->html, &"0123456789"[i * i / k % 10], 1);
	}
	return send_html(q, 200);
}

static Err picture(Req *q)
{
	answer_header(q, "Cache-Control", "public, max-age=60");
	answer_header(q, "Cross-Origin-Resource-Policy", "cross-origin");
	answer_header(q, "ETag", "\"own\"");
	return send_text(q, 200, "image/svg+xml", "<svg/>");
}

static const Route routes[] = {
	{ GET, "/", home, PERM_SIGNED_IN },
	{ GET, "/things/new", blank, "thing.write" },
	{ GET, "/things/:id", show, "thing.read", .timeout_ms = 1234 },
	{ POST, "/things", create, "thing.write" },
	{ POST, "/things/:id/touch", touch, "thing.write", .body = BODY_NONE },
	{ DELETE, "/things/:id", touch, "thing.write" },
	{ GET, "/charts/:id", show, "thing.read", ROUTE_READS_CHART },
	{ GET, "/secrets", home, "thing.secret" },
	{ GET, "/stock", home, PERM_SIGNED_IN, .feature = "stock" },
	{ POST, "/forget", forget, PERM_SIGNED_IN },
	{ POST, "/sign-out", touch, PERM_SIGNED_IN, ROUTE_WHEN_LAPSED },
	{ GET, "/capture/:token", home, PERM_ANYONE, ROUTE_PUBLIC_FORM | ROUTE_EMBED },
	{ POST, "/capture/:token", create, PERM_ANYONE, ROUTE_PUBLIC_FORM | ROUTE_EMBED },
	{ POST, "/sign-in", create, PERM_ANYONE, ROUTE_PUBLIC_FORM, .rate_per_minute = 3 },
	{ PUT, "/uploads", upload, "thing.write", .body = BODY_FILE },
	{ GET, "/files/:id", download, "thing.read" },
	{ POST, "/small", create, "thing.write", .body_max = 30 },
	{ GET, "/picture", picture, PERM_SIGNED_IN },
	{ GET, "/large", large, PERM_SIGNED_IN },
	{ GET, "/slow", home, PERM_SIGNED_IN, .lane = LANE_HEAVY },
	{ GET, "/dev", home, PERM_SIGNED_IN, ROUTE_DEV },
	{ POST, "/api/v1/things", api_create, "thing.write", API, .summary = "Cria uma coisa",
		IN(thing_fields), ROW(thing_out) },
	{ GET, "/api/v1/things/:id", api_show, "thing.read", API, .summary = "Mostra uma coisa",
		ROW(thing_out) },
	{ GET, "/api/v1/things", api_show, "thing.read", API, .summary = "Lista as coisas",
		ROWS(thing_out) },
	{ PATCH, "/api/v1/things/:id", api_update, "thing.write", API, .summary = "Muda uma coisa",
		IN(thing_fields) },
};

static const Perm perms[] = {
	{ "thing.secret", "Ver segredos", "owner" },
	{ "thing.read", "Ver coisas", "owner reception" },
	{ "thing.write", "Editar coisas", "owner reception" },
};

/* ---- hooks ---- */

static Err site_of_host(Ctx *cx, const char *host, Site *ret)
{
	if (fake_site.database_down)
		return err_set(cx, ERR_UNAVAILABLE, "no database");
	if (strcmp(host, "a.test"))
		return err_set(cx, ERR_NOT_FOUND, "nobody's host");
	*ret = (Site){ .id = { 1 },
		.name = "Clínica A",
		.host = "a.test",
		.zone = "America/Recife",
		.features = " thing crm ",
		.lapsed = fake_site.lapsed };
	return OK;
}

static Err who_asks(Req *q)
{
	static const uint64_t reads_and_writes[PERM_WORDS] = { 1 << 1 | 1 << 2 };
	static const Who who = { .session = 5, .name = "Renata", .role = "reception" };
	const char *session = req_cookie(q, "session");

	if ((!session || strcmp(session, "good")) && strcmp(q->authorization, "Bearer good"))
		return OK;
	q->who = &who;
	q->cx->user = (UserId){ 9 };
	q->cx->perms = reads_and_writes;
	return OK;
}

static const char *csrf_token(Req *q)
{
	const char *own = req_cookie(q, "csrf");

	if (own)
		return own;
	answer_cookie(q, "csrf", "made", 0);
	return "made";
}

static void error_page(Req *q, Err err)
{
	html_put_text(&q->html, "page of ");
	html_put_text(&q->html, err_type(err));
}

static void chart_read(Req *q)
{
	(void)q;
	fake_site.charts_read++;
}

static void toast(Html *h, const char *text, const char *undo)
{
	html_put_text(h, "[toast ");
	html_put_text(h, text);
	html_put_text(h, undo);
	html_put_text(h, "]");
}

void fake_site_start(void)
{
	static RouteRow row[COUNT(routes)];
	WebHooks hooks = { .site_of_host = site_of_host,
		.who_asks = who_asks,
		.csrf_token = csrf_token,
		.error_page = error_page,
		.chart_read = chart_read,
		.toast = toast,
		.sign_in_path = "/sign-in" };

	for (size_t i = 0; i < COUNT(routes); i++)
		row[i] = (RouteRow){ &routes[i], "thing",
			routes[i].feature ? routes[i].feature : "thing" };
	log_set_level((LogLevel)(LOG_ERROR + 1));
	fake_db = (FakeDb){ 0 };
	fake_site = (FakeSite){ 0 };
	if (!router_init(row, COUNT(routes), perms, COUNT(perms), &hooks))
		abort();
}

/* ---- requests ---- */

Req *fake_request(Ctx *cx, Method method, const char *path)
{
	Req *q = NEW(cx->mem, Req);
	char *query = strchr(arena_dup(cx->mem, path), '?');

	cx->company = (CompanyId){ 0 };
	cx->user = (UserId){ 0 };
	cx->db = (Db *)cx->mem; /* only passed on, to fake_db.c */
	cx->request_id = "0123456789abcdef";
	*q = (Req){ .cx = cx,
		.method = method,
		.path = query ? arena_copy(cx->mem, path, strcspn(path, "?")) : path,
		.query = query ? query + 1 : "",
		.host = "a.test",
		.cookie = "",
		.accept = "text/html",
		.if_none_match = "",
		.if_match = "",
		.idempotency_key = "",
		.authorization = "",
		.origin = "",
		.fetch_site = "",
		.user_agent = "",
		.content_type = "",
		.body_file = "",
		.file_name = "",
		.accept_encoding = "" };
	return q;
}

Req *fake_signed_in(Ctx *cx, Method method, const char *path)
{
	Req *q = fake_request(cx, method, path);

	q->cookie = "csrf=tok; session=good";
	if (method != GET) {
		q->origin = "https://a.test";
		q->fetch_site = "same-origin";
	}
	return q;
}

void fake_form(Req *q, const char *body)
{
	const char *all = arena_printf(q->cx->mem, "%s&csrf=tok", body);

	q->content_type = "application/x-www-form-urlencoded";
	q->body = str_of(all);
}

void fake_json(Req *q, const char *body)
{
	q->content_type = "application/json";
	q->body = str_of(body);
}

int fake_answer(Req *q)
{
	router_answer(q);
	router_finish(q);
	return q->response->status;
}

const char *fake_header(const Req *q, const char *name)
{
	const char *value = response_get(q->response, name);

	return value ? value : "";
}

const char *fake_body(const Req *q)
{
	return arena_copy(
		q->cx->mem, q->response->body ? q->response->body : "", q->response->size);
}

/* The checks between finding a route and running it. All of them read the route's row. */
#include "platform/web/flow.h"

#include "core/clock.h"
#include "core/random.h"
#include "platform/web/hooks.h"
#include "platform/web/rate.h"

enum { BODY_DEFAULT = 64 << 10, API_PER_MINUTE = 600 };

Err guard_rights(Req *q)
{
	const RouteEntry *entry = q->response->entry;

	if (entry->perm_bit != PERM_BIT_ANYONE && !q->who)
		return err_set(q->cx, ERR_SIGNED_OUT, "nobody is signed in");
	if (entry->perm_bit >= 0 && !req_may(q, q->route->perm))
		return err_set(q->cx, ERR_FORBIDDEN, "lacks %s", q->route->perm);
	if (entry->feature && !req_feature(q, entry->feature))
		return err_tell(q->cx, ERR_LIMIT,
			"Este recurso não faz parte do plano da clínica. Veja as opções em "
			"Configurações, Plano.",
			"plan lacks %s", entry->feature);
	/* Public forms go on: a clinic that pays late does not lose the people who write to it. */
	if (q->site->lapsed && q->method != GET && entry->perm_bit != PERM_BIT_ANYONE &&
		!(q->route->flags & ROUTE_WHEN_LAPSED))
		return err_tell(q->cx, ERR_LIMIT,
			"A assinatura da clínica venceu. Tudo continua disponível para consulta e "
			"exportação; para voltar a gravar, regularize em Configurações, Plano.",
			"subscription has lapsed");
	return OK;
}

/* ---- body ---- */

static bool type_is(const Req *q, const char *type)
{
	Str sent = str_of(q->content_type), first;

	return str_cut(&sent, ';', &first) && str_trim(first).len == strlen(type) &&
	       !strncasecmp(str_trim(first).ptr, type, strlen(type));
}

static Err guard_form(Req *q)
{
	if (!q->body.len)
		return OK;
	if (!type_is(q, "application/x-www-form-urlencoded"))
		return refuse(q, 415, err_set(q->cx, ERR_BAD_REQUEST, "body is no form"));
	return form_parse(q->cx, q->body, &q->form);
}

static Err guard_json(Req *q)
{
	if (type_is(q, "application/json"))
		return json_parse(q->cx, q->body, &q->response->json);
	return refuse(q, 415,
		err_tell(q->cx, ERR_BAD_REQUEST,
			"Envie o corpo como JSON (Content-Type: application/json).",
			"body is no JSON"));
}

/* What a browser says the file is called: for people to read, never a path. "" when it says nothing
 * that can be read. */
static const char *name_of_file(Req *q)
{
	enum { SENT_MAX = 1500, NAME_MAX_BYTES = 160 };
	const char *name, *slash;
	char *copy;
	size_t size;

	if (!q->file_name || strlen(q->file_name) > SENT_MAX)
		return "";
	name = form_decode(q->cx->mem, str_of(q->file_name));
	if (!name)
		return "";
	while ((slash = strpbrk(name, "/\\")))
		name = slash + 1;
	size = strlen(name);
	if (size > NAME_MAX_BYTES) {
		size = NAME_MAX_BYTES;
		while (((unsigned char)name[size] & 0xC0) == 0x80)
			size--;
	}
	copy = arena_copy(q->cx->mem, name, size);
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	return copy;
}

Err guard_body(Req *q)
{
	const Route *route = q->route;
	size_t most = route->body_max ? route->body_max : BODY_DEFAULT;
	BodyKind kind = route->body;

	if (q->method == GET)
		return OK;
	if (q->body.len > most)
		return err_set(q->cx, ERR_TOO_LARGE, "body of %zu bytes", q->body.len);
	if (kind == BODY_FORM && route->flags & ROUTE_API)
		kind = q->method == DELETE ? BODY_NONE : BODY_JSON;
	switch (kind) {
	case BODY_FORM:
		return guard_form(q);
	case BODY_JSON:
		return guard_json(q);
	case BODY_FILE:
		q->file_name = name_of_file(q);
		return *q->body_file ? OK
				     : err_set(q->cx, ERR_BAD_REQUEST, "no file was handed over");
	case BODY_NONE:
		/* Nothing but the token of a form that was sent without script. */
		if (type_is(q, "application/x-www-form-urlencoded"))
			return guard_form(q);
		break;
	}
	return OK;
}

/* ---- where it comes from ---- */

/* Is the page that sent this one of ours? False also when the browser does not say. */
static bool comes_from_here(const Req *q)
{
	const char *origin = q->origin;
	size_t length = strlen(q->host);

	if (!strcmp(q->fetch_site, "same-origin"))
		return true;
	if (str_starts(origin, "https://"))
		origin += 8;
	else if (str_starts(origin, "http://"))
		origin += 7;
	else
		return false;
	return !strncasecmp(origin, q->host, length) && (!origin[length] || origin[length] == ':');
}

static bool comes_from_elsewhere(const Req *q)
{
	if (!strcmp(q->fetch_site, "cross-site") || !strcmp(q->fetch_site, "same-site"))
		return true;
	return *q->origin && !comes_from_here(q);
}

/* A browser asks permission (which nobody gives) before another site may send one of these. */
static bool no_foreign_page_can_send(const Req *q)
{
	return q->htmx || q->method == PUT || q->method == PATCH || q->method == DELETE ||
	       type_is(q, "application/json");
}

static bool has_token(Req *q)
{
	const char *sent = form_value(&q->form, "csrf");
	const char *want = web_hooks.csrf_token(q);

	return sent && want && *want && strlen(sent) == strlen(want) &&
	       crypto_equal(sent, want, strlen(want));
}

/* The page shown after a POST has forms of its own, so their token is made here. */
static void take_token(Req *q)
{
	if (!(q->route->flags & (ROUTE_API | ROUTE_EMBED | ROUTE_PLAIN)))
		html_init(&q->html, q->cx, web_hooks.csrf_token(q));
}

Err guard_origin(Req *q)
{
	bool by_key = *q->authorization; /* no browser adds this by itself */

	if (q->method == GET || by_key || q->route->flags & ROUTE_EMBED)
		return OK;
	if (comes_from_elsewhere(q))
		return err_set(q->cx, ERR_FORBIDDEN, "sent by a page of another site");
	if (q->route->flags & ROUTE_PUBLIC_FORM ||
		(no_foreign_page_can_send(q) && comes_from_here(q)) || has_token(q)) {
		take_token(q);
		return OK;
	}
	return err_tell(q->cx, ERR_FORBIDDEN,
		"Esta página ficou aberta por muito tempo. Recarregue e tente de novo.",
		"no CSRF token");
}

/* ---- how often ---- */

static void rate_headers(Req *q, const Rate *rate)
{
	Arena *mem = q->cx->mem;

	response_set(q, "RateLimit-Limit", arena_printf(mem, "%d", rate->limit));
	response_set(q, "RateLimit-Remaining", arena_printf(mem, "%d", rate->remaining));
	response_set(q, "RateLimit-Reset", arena_printf(mem, "%d", rate->reset_s));
	response_set(q, "RateLimit-Policy", arena_printf(mem, "%d;w=60", rate->limit));
}

Err guard_rate(Req *q)
{
	bool api = q->route->flags & ROUTE_API;
	int per_minute = q->route->rate_per_minute;
	Rate rate;
	bool taken;

	if (!per_minute && api)
		per_minute = web_hooks.api_per_minute ? web_hooks.api_per_minute : API_PER_MINUTE;
	if (!per_minute)
		return OK;
	taken = rate_take(rate_key(q->cx->company.v, q->cx->peer ? q->cx->peer : "",
				  q->response->entry->number),
		per_minute, time_now_us(), &rate);
	if (api)
		rate_headers(q, &rate);
	if (taken)
		return OK;
	response_set(q, "Retry-After", arena_printf(q->cx->mem, "%d", rate.retry_s));
	return err_set(q->cx, ERR_TOO_MANY, "more than %d a minute", per_minute);
}

/* web: a request, the table of routes, and the ways to answer. The router does sign-in, permission,
 * plan feature, rate limit, CSRF, body limits, the transaction, the audit of chart reads, the log
 * line and every error answer, all from the route's row; a handler reads its form, calls one
 * service and answers. */
#ifndef WEB_WEB_H
#define WEB_WEB_H

#include "core/ctx.h"
#include "core/str.h"
#include "platform/html/html.h"
#include "platform/json/json.h"
#include "platform/web/form.h"

typedef struct Req Req;
typedef Err Handler(Req *q);

typedef enum Method { GET, POST, PUT, PATCH, DELETE } Method;

/* Permissions are names ("crm.write") that some module declares in its `perm` table; a route with a
 * name that nobody declared, or without one, stops the program at start. Two are built in: */
#define PERM_ANYONE    "anyone"    /* public: no session needed */
#define PERM_SIGNED_IN "signed-in" /* any user of the company */

typedef enum Lane { LANE_NORMAL, LANE_HEAVY, LANE_COUNT } Lane;

typedef enum BodyKind {
	BODY_FORM, /* urlencoded up to 64 KiB; the default of POST */
	BODY_NONE,
	BODY_JSON, /* up to 64 KiB; the default of /api/ */
	BODY_FILE, /* raw PUT in a file: q->body_file; up to route.body_max */
} BodyKind;

typedef enum RouteFlag {
	ROUTE_API = 1, /* Bearer or key; problem+json; idempotency; rate limit headers */
	ROUTE_PUBLIC_FORM =
		2, /* POST without session or CSRF token (capture form); no cookie is set */
	ROUTE_READS_CHART = 4, /* the router records who read it */
	ROUTE_DEV = 8,         /* only with SISO_ENV=development */
	ROUTE_EMBED = 16,      /* may be framed by other sites (capture form) */
	ROUTE_WHEN_LAPSED =
		32,      /* POST still allowed when the subscription has lapsed (sign-out, pay) */
	ROUTE_PLAIN = 64 /* asked by programs: an error is a problem, never a page or redirect */
} RouteFlag;

typedef struct Route {
	Method method;
	const char *path; /* "/leads/:id"; a :name matches one segment */
	Handler *run;
	const char *perm;
	int flags;
	BodyKind body;
	size_t body_max; /* bytes; 0: 64 KiB */
	Lane lane;
	int timeout_ms;      /* statement timeout; 0: 5000 (heavy: 60000) */
	int rate_per_minute; /* by peer and company; 0: none beyond nginx's */
	const char *feature; /* plan module that must be on; NULL: the module's own name */
	/* What the OpenAPI document says of an API route. */
	const char *summary;
	const Field *in;
	size_t in_count;
	const OutField *out;
	size_t out_count;
	bool out_list;
	int out_status;  /* of success; 0: 204 without out, 201 of a POST, else 200 */
	const void *arg; /* what a handler of many routes does this one with */
} Route;

typedef struct RouteList {
	const Route *v;
	size_t count;
	const struct RouteList *next; /* those of another file; NULL: none */
} RouteList;

/* What the router knows of a signed-in user; from the access token and the company's cache. */
typedef struct Who {
	int64_t session; /* 0: API key or nobody */
	const char *name;
	const char *email;
	const char *role;       /* "reception" */
	const char *role_title; /* "Recepção" */
	const char *scopes;     /* API key: space-separated permissions */
} Who;

/* What every page needs of the company; copied from the cache for this request. */
typedef struct Site {
	CompanyId id;
	int64_t version;  /* changes with every edit of the company; part of ETags and /theme.css?v=
			   */
	const char *name; /* "Odontologia Ianara Pinho" */
	const char *short_name;
	const char *host;
	const char *zone;
	const char *logo; /* file hash, NULL: initials */
	const char *favicon;
	bool lapsed;          /* subscription over: read-only */
	const char *features; /* " crm agenda " */
} Site;

struct Req {
	Ctx *cx;
	const Route *route;
	Method method;
	const char *path;
	const char *query; /* raw query string, "" when none */
	const char *host;
	const char *cookie;
	const char *accept, *accept_encoding;
	const char *if_none_match, *if_match, *idempotency_key, *authorization, *origin,
		*fetch_site;
	const char *user_agent;
	bool htmx; /* HX-Request: answer with a fragment */
	bool https;
	const char *content_type;
	Str body;
	const char *body_file; /* BODY_FILE: path; link or copy it before answering */
	const char
		*file_name; /* BODY_FILE: what the person calls it, clean UTF-8; "" when unknown */
	const Site *site;   /* NULL on hosts that are nobody's */
	const Who *who;     /* NULL: not signed in */
	bool dark;          /* theme cookie: 1 dark */
	Html html;          /* the page, fresh */
	Json json;
	Form form;                 /* what was read (form.h) */
	struct Response *response; /* the router's; use the functions below */
};

/* ---- reading ---- */

/* Segment of the path by its name in the route; "" when there is none. */
const char *req_segment(const Req *q, const char *name);
/* The segment as an id. ERR_NOT_FOUND: not a positive number (an id is never "invalid"). */
MUST_CHECK Err req_id(Req *q, const char *name, int64_t *ret);
/* Value of a query parameter, decoded, valid UTF-8; NULL when absent. */
const char *req_query(Req *q, const char *name);
int64_t req_query_int(Req *q, const char *name, int64_t otherwise);
const char *req_cookie(Req *q, const char *name);
/* Is permission perm held by the user? For hiding what may not be done; routes do the refusing. */
bool req_may(const Req *q, const char *perm);
bool req_feature(const Req *q, const char *feature);
/* Does the client change the version that it read? If-Match names an ETag that answer_version made;
 * without the header, or with "*", the answer is yes. ERR_STALE: somebody else was faster. */
MUST_CHECK Err req_if_match(Req *q, int64_t version);
/* The toast that the page before left (answer_toast, then redirect), once; NULL: none. Called by
 * the shell of the pages. ret_undo: POST path or NULL. */
const char *req_flash(Req *q, const char **ret_undo);

/* Read and check the body (form or JSON, by content type) into the struct at in, by the field
 * table. False: at least one field is wrong; cx->bad says which, and everything typed stands in
 * q->form for showing again. Strings live in cx->mem. See form.h. */
bool form_read(Req *q, const Field *field, size_t count, void *in);
/* The same, but only fields that were sent are checked and written (PATCH: in is the record as it
 * is). */
bool form_read_some(Req *q, const Field *field, size_t count, void *in);
/* The body of an API request as parsed, when no table of fields fits it; NULL: it is no JSON. */
const json_t *req_json(const Req *q);
/* As form_read for the query string of a GET (filters); unknown parameters are ignored. */
bool query_read(Req *q, const Field *field, size_t count, void *in);

/* ---- answering: each is the last thing a handler does; returns OK ----
 *
 * What a handler changed is committed only when it returns OK with a status below 400: a form shown
 * again with 422 has changed nothing. answer_keep makes the exception. */

/* What stands in q->html. An ETag is made from the bytes for 200 of a GET; 304 when it is known. */
Err send_html(Req *q, int status);
/* What stands in q->json. */
Err send_json(Req *q, int status);
/* API: one row, or a page of rows, as the route's out table describes them. A page is {"data": […],
 * "next": …}; next is what the client sends as `after` for the page behind it, 0: this was the
 * last. */
Err send_row(Req *q, int status, const void *row);
Err send_rows(Req *q, const void *rows, size_t row_size, size_t count, int64_t next);
Err send_text(Req *q, int status, const char *content_type, const char *text);
Err send_bytes(Req *q, int status, const char *content_type, const void *bytes, size_t size);
/* 303 to a path of this site; for htmx 204 with HX-Redirect, so the browser loads the page. format
 * as url_printf: %s is percent-encoded, %d %ld %lld (PRId64) are numbers. */
Err redirect(Req *q, const char *format, ...) PRINTF(2, 3);
/* The same to a path that is one already (a stored one, Nav.path). One that would leave the site
 * leads to "/". */
Err redirect_path(Req *q, const char *path);
/* 303 to another site: OIDC only. */
Err redirect_foreign(Req *q, const char *url);
/* A stored file by nginx (X-Accel-Redirect). uri: of storage_uri, an internal location.
 * content_type as storage_get says. name: for Content-Disposition, NULL: none. inline_view: show,
 * not save. */
Err send_file(
	Req *q, const char *uri, const char *content_type, const char *name, bool inline_view);
Err send_nothing(Req *q); /* 204 */

/* Commit also when the status is an error (the count of failed sign-ins). */
void answer_keep(Req *q);
/* Extra header of the answer; value must have no control characters (they are dropped). */
void answer_header(Req *q, const char *name, const char *value);
/* The version of the record shown: first part of the ETag, for req_if_match of a later change. */
void answer_version(Req *q, int64_t version);
/* HttpOnly, Secure behind TLS, SameSite=Lax, Path=/. max_age_s 0: session cookie; -1: delete. */
void answer_cookie(Req *q, const char *name, const char *value, int64_t max_age_s);
/* "Ação feita" as a toast: with the redirected page (cookie flash) or out of band for htmx.
 * undo: POST path that takes it back, or NULL. */
void answer_toast(Req *q, const char *text, const char *undo);
/* Tell the page's elements that listen with hx-trigger="name from:body". */
void answer_event(Req *q, const char *name);

/* ---- what a module declares ---- */

typedef struct Perm {
	const char *name;  /* "crm.write" */
	const char *title; /* "Criar e editar leads" */
	/* Roles that hold it until the owner changes the matrix, space-separated. owner holds all.
	 */
	const char *roles;
	/* Another without which it is nothing, held by these roles too; or NULL. */
	const char *needs;
} Perm;

typedef struct Nav {       /* an entry of the sidebar */
	const char *group; /* "Atendimento", "Comercial", "Gestão", "Configurações" */
	int order;         /* within all: agenda 10, patients 20, … */
	const char *title, *path, *icon, *perm;
	const char *keys; /* "g f" */
	bool phone;       /* also in the bottom bar */
} Nav;

/* One hit of the command palette. */
typedef struct Hit {
	const char *kind; /* "Lead" */
	const char *title, *detail, *icon;
	Url url;
} Hit;

typedef struct Hits {
	Hit hit[40];
	size_t count;
} Hits;

#endif

/* The headers that every answer carries, and the validator of what was read: an ETag made of the
 * bytes, 304 when the client has them. */
#include "platform/web/flow.h"

#include "core/hash.h"
#include "platform/web/compress.h"

/* Without nonces and without unsafe-*: no page has inline script or style. */
#define CSP_BASE                                                                                   \
	"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "          \
	"font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "              \
	"form-action 'self'; frame-ancestors "

static const char csp[] = CSP_BASE "'none'";
static const char csp_embed[] = CSP_BASE "*";

static void secure(Req *q)
{
	bool embed = q->route && q->route->flags & ROUTE_EMBED;

	response_set_literal(q, "Content-Security-Policy", embed ? csp_embed : csp);
	if (!embed)
		response_set_literal(q, "X-Frame-Options", "DENY");
	response_set_literal(q, "X-Content-Type-Options", "nosniff");
	response_set_literal(q, "Referrer-Policy", "same-origin");
	response_set_literal(q, "Permissions-Policy",
		"accelerometer=(), camera=(), geolocation=(), gyroscope=(), magnetometer=(), "
		"microphone=(self), payment=(), usb=()");
	response_set_literal(q, "Cross-Origin-Opener-Policy", "same-origin");
	/* A logo stands in e-mails too: its handler says cross-origin. */
	if (!response_get(q->response, "Cross-Origin-Resource-Policy"))
		response_set_literal(
			q, "Cross-Origin-Resource-Policy", embed ? "cross-origin" : "same-origin");
	if (q->https)
		response_set_literal(q, "Strict-Transport-Security", "max-age=31536000");
}

static const char *etag_of(Req *q)
{
	const Response *r = q->response;
	Fingerprint f = hash_bytes(r->body, r->size);

	if (r->version >= 0)
		return arena_printf(q->cx->mem, "\"%" PRId64 "-%016" PRIx64 "%016" PRIx64 "\"",
			r->version, f.half[0], f.half[1]);
	return arena_printf(q->cx->mem, "\"%016" PRIx64 "%016" PRIx64 "\"", f.half[0], f.half[1]);
}

/* nginx weakens an ETag when it compresses; for reading again the weak one is as good. */
static bool knows(const Req *q, const char *etag)
{
	Str rest = str_of(q->if_none_match), piece;

	while (str_cut(&rest, ',', &piece)) {
		piece = str_trim(piece);
		if (piece.len > 2 && !memcmp(piece.ptr, "W/", 2)) {
			piece.ptr += 2;
			piece.len -= 2;
		}
		if (piece.len && (str_is(piece, etag) || str_is(piece, "*")))
			return true;
	}
	return false;
}

static void validate(Req *q)
{
	Response *r = q->response;
	const char *etag = response_get(r, "ETag");

	if (!etag && r->size) {
		etag = etag_of(q);
		response_set(q, "ETag", etag);
	}
	if (!etag || !knows(q, etag))
		return;
	r->status = 304;
	r->content_type = NULL;
	r->body = NULL;
	r->size = 0;
}

void answer_complete(Req *q)
{
	Response *r = q->response;
	bool reads = q->method == GET && r->status == 200 && !response_get(r, "X-Accel-Redirect");

	secure(q);
	response_set(q, "X-Request-Id", q->cx->request_id);
	if (!response_get(r, "Cache-Control")) {
		response_set_literal(q, "Cache-Control", reads ? "private, no-cache" : "no-store");
		if (!response_get(r, "Vary"))
			response_set_literal(q, "Vary", "HX-Request, Cookie");
	}
	/* Numbers that change with every look are not worth a hash. */
	if (reads && !(r->entry && r->entry->inside))
		validate(q);
	else if (r->version >= 0 && r->status < 300)
		response_set(q, "ETag", etag_of(q));
	compress_answer(q);
}

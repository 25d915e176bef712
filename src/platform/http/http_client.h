/* http_client: asking other servers (webhooks, WhatsApp, payment, storage) over HTTP, within limits
 * of time and size. Redirects are not followed: a 3xx is an answer like any other. Proxies of the
 * environment are ignored. Blocking: only jobs call it, behind job_step. */
#ifndef HTTP_HTTP_CLIENT_H
#define HTTP_HTTP_CLIENT_H

#include <sys/socket.h>

#include "core/ctx.h"
#include "core/str.h"

typedef struct HttpConfig {
	bool allow_private; /* development and tests: foreign URLs may point at this machine */
	const char *
		proxy; /* "http://host:3128"; NULL: none. It must refuse private addresses itself */
	const char *ca_file; /* NULL: the system's certificates */
} HttpConfig;

typedef struct HttpHeader {
	const char *name, *value;
} HttpHeader;

typedef struct HttpRequest {
	const char *method; /* NULL: GET, or POST when there is a body */
	const char *url;    /* http:// or https:// */
	const HttpHeader *header;
	size_t header_count;
	Str body;
	int timeout_ms;    /* for all of it; 0: 10000 */
	size_t answer_max; /* bytes of the answer's body; 0: 1 MiB */
	/* The URL was typed by a clinic or came from outside. Then it may have no password in it,
	 * must be of port 80, 443 or above 1023, and every address that is connected to must be a
	 * public one: not this machine, its network or a cloud's metadata. */
	bool foreign;
} HttpRequest;

typedef struct HttpAnswer {
	int status;
	const char *content_type; /* "" when not said */
	Str body;                 /* NUL-terminated in cx->mem */
	const HttpHeader *header; /* names in lower case */
	size_t header_count;
	int64_t duration_us;
} HttpAnswer;

/* Once, before any thread. config is copied; its texts must outlive the program. */
void http_init(const HttpConfig *config);

/* Any answer of the other side, 500 too, is OK. ERR_INVALID: the URL or a header is malformed, of
 * another scheme, or (foreign) not allowed: trying again is useless. ERR_UNAVAILABLE: no
 * connection, bad certificate, or not done in time. ERR_TOO_LARGE: more than answer_max. */
MUST_CHECK Err http_send(Ctx *cx, const HttpRequest *request, HttpAnswer *ret);

/* Value of a header (lower-case name), or NULL. */
const char *http_header(const HttpAnswer *answer, const char *name);

/* Would a foreign URL be tried? For forms; the address itself is checked when connecting. */
bool http_is_allowed(const char *url);
/* An address of the internet proper: neither private, local, reserved, multicast nor a disguise of
 * one. */
bool http_is_public(const struct sockaddr *address);

/* Lower-case hex of HMAC-SHA-256: how webhooks are signed. */
char *http_hmac_hex(Arena *mem, Str key, Str message);

#endif

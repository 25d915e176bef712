/* scgi_read: one SCGI request as bytes. nginx sends "123:" then name NUL value NUL … then "," and
 * the body. Only the names below are taken, each at most once; anything that is not exactly the
 * protocol is refused, because nothing but our own nginx.conf may speak to this socket. */
#ifndef SCGI_SCGI_READ_H
#define SCGI_SCGI_READ_H

#include "core/str.h"

/* nginx.conf sets exactly these with scgi_param (CONTENT_LENGTH comes by itself, first). */
#define SCGI_NAMES(X)                                                                              \
	X(METHOD)                                                                                  \
	X(PATH)                                                                                    \
	X(QUERY)                                                                                   \
	X(HOST)                                                                                    \
	X(PEER)                                                                                    \
	X(REQUEST_ID)                                                                              \
	X(HTTPS)                                                                                   \
	X(COOKIE)                                                                                  \
	X(TYPE)                                                                                    \
	X(ACCEPT)                                                                                  \
	X(ORIGIN)                                                                                  \
	X(SITE)                                                                                    \
	X(IF_NONE_MATCH)                                                                           \
	X(IF_MATCH)                                                                                \
	X(IDEMPOTENCY_KEY)                                                                         \
	X(AUTHORIZATION)                                                                           \
	X(HX_REQUEST)                                                                              \
	X(USER_AGENT)                                                                              \
	X(BODY_FILE)                                                                               \
	X(FILE_NAME)                                                                               \
	X(ACCEPT_ENCODING)                                                                         \
	X(LAST_EVENT_ID)                                                                           \
	X(COMPANY)                                                                                 \
	X(USER)

typedef enum ScgiName {
#define X(name) SCGI_##name,
	SCGI_NAMES(X)
#undef X
		SCGI_NAME_COUNT
} ScgiName;

enum { SCGI_HEAD_MAX = 64 << 10 };

typedef struct ScgiRequest {
	const char *value[SCGI_NAME_COUNT]; /* "" when not sent */
	Str body;
} ScgiRequest;

typedef enum ScgiState { SCGI_MORE, SCGI_WHOLE, SCGI_BAD } ScgiState;

/* How much there is to come, from the bytes seen so far. SCGI_MORE: *ret_total is 0 while the
 * length is not known yet, otherwise the size of the whole request. SCGI_WHOLE: seen holds it all.
 * SCGI_BAD: not SCGI, larger than allowed, or more than one request.
 * A request with BODY_FILE has no body here: nginx announces the one that it kept in the file. */
ScgiState scgi_measure(Str seen, size_t body_max, size_t *ret_total);
/* Take a whole request apart. The values point into bytes, which must stay; the byte behind size
 * must be writable and becomes NUL. False: a name without value, a name twice, or no METHOD, PATH
 * or HOST. */
bool scgi_read(char *bytes, size_t size, ScgiRequest *ret);

#endif

/* apikey: the form of API keys, `siso_<prefix>_<secret>`. The prefix finds the row and may be
 * shown; the secret is stored as its SHA-256 only (it has 190 random bits, so nothing slower is
 * needed). */
#ifndef AUTH_APIKEY_H
#define AUTH_APIKEY_H

#include "core/arena.h"

typedef struct ApiKey {
	const char *prefix;      /* 8 characters */
	const char *secret_hash; /* hex SHA-256 */
	const char *text;        /* the whole key: shown once; NULL when parsed */
} ApiKey;

ApiKey apikey_new(Arena *mem);
/* False: not of this form. ret lives in mem. */
bool apikey_parse(Arena *mem, const char *text, ApiKey *ret);

#endif

/* password: argon2id hashes and the refusal of weak passwords. Hashing takes about a tenth of a
 * second and 64 MiB on purpose. */
#ifndef AUTH_PASSWORD_H
#define AUTH_PASSWORD_H

#include "core/ctx.h"
#include "core/str.h"

enum { PASSWORD_MIN = 10, PASSWORD_MAX = 128 };

/* ERR_UNAVAILABLE: not enough memory for a hash now. */
MUST_CHECK Err password_hash(Ctx *cx, const char *password, const char **ret);
/* hash NULL: nobody has this e-mail; the same time is spent and the answer is false. */
bool password_matches(const char *hash, const char *password);
/* Was the hash made with weaker parameters than today's? Then hash again after a sign-in. */
bool password_is_dated(const char *hash);
/* Why the password must not be taken (Portuguese, for the field), or NULL when it is good.
 * personal: name, e-mail, clinic: words that must not make up the password. Thread-safe. */
const char *password_weakness(Arena *mem, const char *password, Strs personal);

#endif

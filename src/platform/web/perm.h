/* perm: the permissions that the modules declare, each a bit of cx->perms. */
#ifndef WEB_PERM_H
#define WEB_PERM_H

#include "platform/web/web.h"

enum { PERM_WORDS = 4 }; /* 256 permissions are enough for a clinic */

/* False, with a message on stderr: too many, or one twice. Once, before any request; perm stays the
 * caller's. */
bool perm_init(const Perm *perm, size_t count);
/* Bit of a permission in cx->perms; -1 when nobody declared it. */
int perm_bit(const char *name);
size_t perm_count(void);
const Perm *perm_at(size_t i);

#endif

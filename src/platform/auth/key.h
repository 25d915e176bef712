/* key: the one secret of an installation and the keys made from it. main.c calls auth_set_secret
 * once, before any thread starts; afterwards the keys are only read. Each use has its own key, so
 * that what was signed for one purpose means nothing for another. */
#ifndef AUTH_KEY_H
#define AUTH_KEY_H

#include "core/arena.h"

enum { AUTH_KEY_BYTES = 32, AUTH_SECRET_MIN = 32 };

/* secret: text of at least AUTH_SECRET_MIN bytes from the configuration. previous: the secret
 * before the last change or NULL; what was signed or sealed with it is still accepted. False: too
 * short. */
bool auth_set_secret(const char *secret, const char *previous);
/* The key for a use ("token", "seal:totp"). False: there is no previous secret, or none at all. */
bool auth_key(const char *use, bool previous, unsigned char ret[AUTH_KEY_BYTES]);
/* Keyed hash of text for a use, URL-safe text of 43 characters, by the current key. */
char *auth_mac(Arena *mem, const char *use, const char *text);

#endif

/* seen: tokens whose signature was verified a moment ago, so that the next request of the same
 * browser need not do it again. Kept by a keyed digest, never as text; what a token says of time
 * and use is judged anew each time. For token.c only. */
#ifndef AUTH_SEEN_H
#define AUTH_SEEN_H

#include "platform/auth/token.h"

enum { SEEN_DIGEST = 32 };

/* The digest of text under the current key. False: there is no key. */
bool seen_digest(const char *text, unsigned char ret[SEEN_DIGEST]);
/* True: such a token was verified; ret has copies in mem of what it says. */
bool seen_find(Arena *mem, const unsigned char digest[SEEN_DIGEST], Token *ret);
/* Remember what was verified with the current key. One that is too long is not kept. */
void seen_keep(const unsigned char digest[SEEN_DIGEST], const Token *token);

#endif

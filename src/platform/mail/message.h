/* message: a letter as RFC 5322 bytes. */
#ifndef MAIL_MESSAGE_H
#define MAIL_MESSAGE_H

#include "core/str.h"
#include "platform/mail/mail.h"

typedef struct Envelope {
	const char *from;       /* the installation's address */
	const char *message_id; /* without <> and domain */
	int64_t at;             /* Date, UTC seconds */
} Envelope;

/* Headers and body with CRLF; everything is ASCII, no line is longer than 998 bytes. */
Str message_build(Arena *mem, const Letter *letter, const Envelope *envelope);

/* A header's text: as it is, or in encoded words of UTF-8 (RFC 2047), folded; column is where it
 * starts. phrase: a name before an address, quoted when it must be. */
const char *message_words(Arena *mem, const char *text, size_t column, bool phrase);

#endif

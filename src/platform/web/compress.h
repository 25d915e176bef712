/* compress: gzip for pages and data. Done here and not by nginx because libdeflate has the whole
 * answer at once and needs half the processor time (docs/adr/0041). */
#ifndef WEB_COMPRESS_H
#define WEB_COMPRESS_H

#include "platform/web/response.h"

/* Compress the answer's body when that is worth it and the client said that it can read it. The
 * ETag becomes a weak one. */
void compress_answer(Req *q);
/* A request is being answered, and no longer: the fewer there are, the more thoroughly answers are
 * compressed. */
void compress_begin(void);
void compress_end(void);
/* Does this Accept-Encoding allow gzip? */
bool compress_is_welcome(const char *accept_encoding);

#endif

/* flash: a toast that travels over a redirect, in a cookie of the program's own, signed and
 * short-lived. */
#ifndef WEB_FLASH_H
#define WEB_FLASH_H

#include "platform/web/web.h"

/* Put text and undo (or NULL) into the cookie of the answer. */
void flash_send(Req *q, const char *text, const char *undo);

#endif

/* cookie: one value out of a Cookie header. */
#ifndef WEB_COOKIE_H
#define WEB_COOKIE_H

#include "core/str.h"

/* The first cookie called name, without quotes around it; false when there is none. */
bool cookie_find(Str header, const char *name, Str *ret);

#endif

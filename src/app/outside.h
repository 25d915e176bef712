/* outside: the worlds around the program, as the environment configures them: files, letters, other
 * servers, error reports. */
#ifndef APP_OUTSIDE_H
#define APP_OUTSIDE_H

#include "app/app.h"

/* Once, before any thread. False: something is wrong; said on stderr or in the log. */
bool outside_init(const AppConfig *config);
/* Job of every company, each night: delete files that nobody holds. */
Err outside_sweep(Ctx *cx, const char *data);

#endif

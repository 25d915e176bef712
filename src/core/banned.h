/* banned: functions that a clinic's data should not meet. Using one is a build error.
 * Each has a safe sibling in core (str.h, time.h) or in the C library (snprintf, strtoll). */
#ifndef CORE_BANNED_H
#define CORE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* fortified headers make a macro of it under clang */
#undef sprintf
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets
#pragma GCC poison gmtime localtime ctime asctime atoi atol atoll rand srand

#endif

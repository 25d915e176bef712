/* owner: as which user everything runs. PostgreSQL refuses root, so root steps down to the owner of
 * the data folder: the user `siso` for a new one. */
#ifndef PROGRAM_OWNER_H
#define PROGRAM_OWNER_H

#include "program/home.h"

#define OWNER_NAME "siso"

/* Make home->data when it is missing, and become its owner. As root: a new folder that the owner
 * cannot reach (a checkout under /root) is made under /var/lib/siso and linked; a program that he
 * cannot reach is copied to <data>/program, and home->exe and home->static_dir point there.
 * home->data is without symbolic links afterwards. False: said why. */
MUST_CHECK bool owner_settle(Home *home);

/* No such folder counts as empty. */
bool folder_is_empty(const char *path);

#endif

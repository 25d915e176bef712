/* notice: what a user should see next to the bell: mentions, reminders, automations. Owns the
 * schema notice. */
#ifndef NOTICE_NOTICE_H
#define NOTICE_NOTICE_H

#include "modules/module.h"

extern const Module notice_module;

/* Tell one user of cx->company. url: a path of this site. key: a second notice with the same key
 * for the user is not made; NULL: always made. */
MUST_CHECK Err notice_add(Ctx *cx, int64_t user, const char *title, const char *body,
	const char *url, const char *icon, const char *key);
/* Take back what all users were told of a page and those below it ("/patients/7"). */
MUST_CHECK Err notice_forget(Ctx *cx, const char *page);
/* How many are unread (for the bell), at most 99. */
MUST_CHECK Err notice_count_unread(Ctx *cx, int64_t *ret);

#endif

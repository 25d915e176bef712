/* The letters that account writes: texts in Portuguese, with the clinic's name; sent by the queue.
 */
#ifndef ACCOUNT_ACCOUNT_MAIL_H
#define ACCOUNT_ACCOUNT_MAIL_H

#include "core/ctx.h"

MUST_CHECK Err mail_reset(Ctx *cx, const char *email, const char *name, const char *link);
MUST_CHECK Err mail_password_changed(Ctx *cx, const char *email, const char *name);
MUST_CHECK Err mail_email_link(Ctx *cx, const char *email, const char *name, const char *link);
/* To the old address. */
MUST_CHECK Err mail_email_changed(
	Ctx *cx, const char *email, const char *name, const char *new_email);
MUST_CHECK Err mail_invitation(Ctx *cx, const char *email, const char *name, const char *inviter,
	const char *role_title, const char *link);

#endif

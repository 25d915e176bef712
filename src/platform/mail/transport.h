/* transport: where letters go. */
#ifndef MAIL_TRANSPORT_H
#define MAIL_TRANSPORT_H

#include "core/str.h"
#include "platform/mail/mail.h"

typedef enum Delivery {
	DELIVERED,
	DELIVERY_LATER,  /* the server is away or asks to come again */
	DELIVERY_REFUSED /* this letter will never be taken: trying again is useless */
} Delivery;

/* Through SMTP. *ret_reply: the server's last reply code, 0: none. */
Delivery transport_smtp(
	Ctx *cx, const MailConfig *config, const char *to, Str message, long *ret_reply);
/* As folder/name.eml, whole or not at all. */
Delivery transport_file(Ctx *cx, const char *folder, const char *name, Str message);

#endif

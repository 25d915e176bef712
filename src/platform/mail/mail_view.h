/* mail_view: what the pages of /dev/mail print. */
#ifndef MAIL_MAIL_VIEW_H
#define MAIL_MAIL_VIEW_H

#include "platform/mail/mail.h"
#include "platform/ui/ui.h"

typedef struct MailListView {
	UiPublic page;
	const MailItem *item;
	size_t count;
} MailListView;

/* One line of a letter's text; url: its link, where it has one. */
typedef struct MailLine {
	const char *before, *link, *after; /* link NULL: before is all */
	Url url;
} MailLine;

typedef struct MailView {
	UiPublic page;
	const MailItem *item;
	const MailLine *line;
	size_t line_count;
} MailView;

/* "enviado", "na fila", "não enviado" */
const char *mail_state(const MailItem *item);
void mail_list_page(Html *h, const MailListView *v);
void mail_page(Html *h, const MailView *v);

#endif

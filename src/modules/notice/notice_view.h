/* What the page behind the bell shows. */
#ifndef NOTICE_NOTICE_VIEW_H
#define NOTICE_NOTICE_VIEW_H

#include "modules/notice/notice.sql.h"
#include "platform/ui/ui.h"

typedef struct NoticesView {
	Req *q;
	const SqlNoticeList *notice;
	size_t notice_count;
	int64_t unread;
	int64_t next; /* cursor; 0: the end */
} NoticesView;
void notice_page(Html *h, const NoticesView *v);
void notice_drawer(Html *h, const NoticesView *v);

#endif

/* Notices: one row a user; the bell counts the unread. */
#include "modules/notice/notice.h"

#include "modules/notice/notice.sql.h"

Err notice_add(Ctx *cx, int64_t user, const char *title, const char *body, const char *url,
	const char *icon, const char *key)
{
	int64_t rows;

	return sql_notice_insert(cx, user, title, body, url, icon ? icon : "bell", key, &rows);
}

Err notice_count_unread(Ctx *cx, int64_t *ret)
{
	SqlNoticeUnread row;

	TRY(sql_notice_unread(cx, cx->user.v, &row));
	*ret = row.n;
	return OK;
}

Err notice_forget(Ctx *cx, const char *page)
{
	int64_t rows;

	return sql_notice_forget(cx, page, &rows);
}

/* The list behind the bell. */
#include "modules/notice/notice.h"
#include "modules/notice/notice_view.h"

enum { NOTICES_PAGE = 30 };

/* GET /notices: a drawer for htmx, else a page. */
static Err list(Req *q)
{
	int64_t before = req_query_int(q, "before", 0);
	NoticesView view = { .q = q };
	SqlNoticeUnread unread;
	SqlNoticeList *row;

	TRY(sql_notice_list_send(
		q->cx, q->cx->user.v, before > 0 ? &before : NULL, NOTICES_PAGE + 1));
	TRY(sql_notice_unread_send(q->cx, q->cx->user.v));
	TRY(sql_notice_list_read(q->cx, &row, &view.notice_count));
	TRY(sql_notice_unread_read(q->cx, &unread));
	view.unread = unread.n;
	view.notice = row;
	if (view.notice_count > NOTICES_PAGE) {
		view.notice_count = NOTICES_PAGE;
		view.next = row[NOTICES_PAGE - 1].id;
	}
	if (q->htmx)
		notice_drawer(&q->html, &view);
	else
		notice_page(&q->html, &view);
	return send_html(q, 200);
}

/* POST /notices/:id: read, and on to what it speaks of. */
static Err open_one(Req *q)
{
	SqlNoticeRead row;
	int64_t id;
	bool found;

	TRY(req_id(q, "id", &id));
	TRY(sql_notice_read(q->cx, q->cx->user.v, id, &row, &found));
	if (!found)
		return err_set(q->cx, ERR_NOT_FOUND, "no notice %" PRId64, id);
	return redirect_path(q, row.url ? row.url : "/notices");
}

/* POST /notices/read: all of them. */
static Err read_all(Req *q)
{
	int64_t rows;

	TRY(sql_notice_read_all(q->cx, q->cx->user.v, &rows));
	return redirect(q, "/notices");
}

static const Route routes[] = {
	{ GET, "/notices", list, PERM_SIGNED_IN },
	{ POST, "/notices/:id", open_one, PERM_SIGNED_IN },
	{ POST, "/notices/read", read_all, PERM_SIGNED_IN },
};

const Module notice_module = {
	.name = "notice",
	.title = "Avisos",
	.always = true,
	.route = routes,
	.route_count = COUNT(routes),
};

/* mail_web: the letters of this host's company on a page, in development only: with the transport
 * `files` nobody else gets them. */
#include "platform/mail/mail_view.h"

enum { LIST_MAX = 50 };

const char *mail_state(const MailItem *item)
{
	if (strcmp(item->state, "queued") == 0)
		return "na fila";
	return strcmp(item->state, "sent") == 0 ? "enviado" : "não enviado";
}

/* 200 with the newest letters. */
static Err list(Req *q)
{
	MailListView v = { .page = { .q = q,
				   .title = "E-mails",
				   .heading = "E-mails enviados",
				   .text = "Só no modo de desenvolvimento.",
				   .bare = true } };
	MailItem *item;

	TRY(mail_list(q->cx, 0, LIST_MAX, &item, &v.count));
	v.item = item;
	mail_list_page(&q->html, &v);
	return send_html(q, 200);
}

static MailLine read_line(Arena *mem, Str text)
{
	char *line = arena_copy(mem, text.ptr, text.len);
	char *link = strstr(line, "http://");
	char *secure = strstr(line, "https://");
	size_t size;

	if (!link || (secure && secure < link))
		link = secure;
	if (!link)
		return (MailLine){ .before = line };
	size = strcspn(link, " \t\"<>)");
	return (MailLine){ .before = arena_copy(mem, line, (size_t)(link - line)),
		.link = arena_copy(mem, link, size),
		.after = link + size,
		.url = url_foreign(mem, arena_copy(mem, link, size)) };
}

/* 200 with one letter, its links to follow; 404. */
static Err show(Req *q)
{
	Arena *mem = q->cx->mem;
	MailView v = { 0 };
	MailItem item;
	MailLine *line;
	Str rest, piece;
	int64_t id;

	TRY(req_id(q, "id", &id));
	TRY(mail_get(q->cx, id, &item));
	line = NEW_ARRAY(mem, MailLine, strlen(item.text) + 1);
	rest = str_of(item.text);
	while (str_cut(&rest, '\n', &piece))
		line[v.line_count++] = read_line(mem, str_trim(piece));
	v.page = (UiPublic){ .q = q, .title = item.subject, .heading = item.subject, .bare = true };
	v.item = &item;
	v.line = line;
	mail_page(&q->html, &v);
	return send_html(q, 200);
}

const Route mail_routes[] = {
	{ GET, "/dev/mail", list, PERM_ANYONE, ROUTE_DEV },
	{ GET, "/dev/mail/:id", show, PERM_ANYONE, ROUTE_DEV },
};
const size_t mail_route_count = COUNT(mail_routes);

/* Every error a request can end with, as the one who asked can use it: a page, a toast for htmx
 * that leaves the page alone, or a problem (RFC 9457) for programs. */
#include "platform/web/flow.h"

#include "platform/db/db.h"
#include "platform/web/api.h"
#include "platform/web/hooks.h"

enum { PAGE_MS = 1000 };

Err refuse(Req *q, int status, Err err)
{
	q->response->refusal = status;
	return err;
}

bool wants_problem(const Req *q)
{
	if (q->route && q->route->flags & (ROUTE_API | ROUTE_PLAIN))
		return true;
	return str_starts(q->path, "/api/");
}

static const char *title_of(int status, Err err)
{
	if (status == 405)
		return "Este endereço não aceita este método.";
	if (status == 415)
		return "O tipo do conteúdo enviado não é aceito aqui.";
	return err_sentence(err);
}

static void answer_problem(Req *q, Err err, int status)
{
	const char *type = status == 405 ? "method" : status == 415 ? "media-type" : err_type(err);

	problem_open(q, status, type, title_of(status, err));
	(void)problem_send(q, status);
}

static void go_and_sign_in(Req *q)
{
	Buf url;

	buf_init(&url, q->cx->mem, 16 << 10);
	buf_puts(&url, web_hooks.sign_in_path);
	/* a POST is over: nobody wants to come back to it */
	if (q->method == GET && strcmp(q->path, "/")) {
		buf_puts(&url, "?next=");
		response_put_encoded(&url, q->path);
		if (*q->query) {
			buf_puts(&url, "%3F");
			response_put_encoded(&url, q->query);
		}
	}
	response_redirect(q, buf_text(&url));
}

void answer_error(Req *q, Err err)
{
	int status = q->response->refusal ? q->response->refusal : err_status(err);

	if (status == 503 && !response_get(q->response, "Retry-After"))
		response_set(q, "Retry-After", "2");
	if (wants_problem(q)) {
		if (status == 401)
			response_set(q, "WWW-Authenticate", "Bearer");
		answer_problem(q, err, status);
		return;
	}
	/* a page that hears 401 keeps what was typed and asks for the password itself */
	if (err == ERR_SIGNED_OUT && web_hooks.sign_in_path && !q->htmx) {
		go_and_sign_in(q);
		return;
	}
	/* The shell around the page may ask one thing of its own. */
	db_begin(q->cx, true, PAGE_MS);
	if (q->htmx)
		response_set(q, "HX-Reswap", "none");
	web_hooks.error_page(q, err);
	(void)send_html(q, status);
	db_rollback(q->cx);
}

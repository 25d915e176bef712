/* What handlers of the API share. */
#include "platform/web/api.h"

#include "platform/web/response.h"

Err api_read(Req *q, void *in)
{
	const Route *route = q->route;
	bool query = route->method == GET || route->body == BODY_FILE;

	return (query ? query_read : form_read)(q, route->in, route->in_count, in) ? OK
										   : ERR_INVALID;
}

Err api_read_some(Req *q, void *in)
{
	return form_read_some(q, q->route->in, q->route->in_count, in) ? OK : ERR_INVALID;
}

void api_made(Req *q, int64_t id)
{
	answer_header(q, "Location", arena_printf(q->cx->mem, "%s/%" PRId64, q->path, id));
}

void problem_open(Req *q, int status, const char *type, const char *title)
{
	const Ctx *cx = q->cx;
	Json *j = &q->json;

	json_init(j, cx->mem);
	json_put_object(j, NULL);
	json_put_text(j, "type", arena_printf(cx->mem, "/api/v1/docs#problem-%s", type));
	json_put_text(j, "title", title);
	json_put_int(j, "status", status);
	if (cx->err.sentence)
		json_put_text(j, "detail", cx->err.sentence);
	if (!cx->bad_count)
		return;
	json_put_array(j, "errors");
	for (size_t i = 0; i < cx->bad_count; i++) {
		json_put_object(j, NULL);
		json_put_text(j, "field", cx->bad[i].field);
		json_put_text(j, "detail", cx->bad[i].sentence);
		json_close(j);
	}
	json_close(j);
}

Err problem_send(Req *q, int status)
{
	json_put_text(&q->json, "request_id", q->cx->request_id);
	TRY(send_json(q, status));
	q->response->content_type = "application/problem+json";
	return OK;
}

/* The body and the query string through tables of fields. guard_body has parsed them already, so
 * here only values can be wrong. */
#include "platform/web/form_json.h"
#include "platform/web/response.h"

const json_t *req_json(const Req *q)
{
	return q->response->json;
}

static bool is_object(Req *q)
{
	if (json_is_object(q->response->json))
		return true;
	(void)err_field(q->cx, "", "Envie um objeto JSON.");
	return false;
}

bool form_read(Req *q, const Field *field, size_t count, void *in)
{
	if (!q->response->json)
		return form_fill(q->cx, &q->form, field, count, in);
	return is_object(q) && form_fill_json(q->cx, q->response->json, field, count, in);
}

bool form_read_some(Req *q, const Field *field, size_t count, void *in)
{
	if (!q->response->json)
		return form_fill_some(q->cx, &q->form, field, count, in);
	return is_object(q) && form_fill_json_some(q->cx, q->response->json, field, count, in);
}

bool query_read(Req *q, const Field *field, size_t count, void *in)
{
	return form_fill(q->cx, &q->response->query, field, count, in);
}

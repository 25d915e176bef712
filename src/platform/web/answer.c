/* The ways to answer (web.h). Nothing is sent here: an answer is collected in q->response, the
 * router adds what every answer carries, and platform/scgi writes it after the commit. */
#include "platform/web/response.h"

#include "platform/web/flash.h"
#include "platform/web/form_json.h"
#include "platform/web/hooks.h"

static const char type_html[] = "text/html; charset=utf-8";
static const char type_json[] = "application/json";

void response_init(Req *q)
{
	q->response = NEW(q->cx->mem, Response);
	q->response->version = -1;
	buf_init(&q->response->events, q->cx->mem, 4096);
}

void response_reset(Req *q)
{
	Response *r = q->response;

	if (r->in_handler)
		r->header_count = r->guard_header_count;
	r->status = 0;
	r->keep = false;
	r->content_type = NULL;
	r->body = NULL;
	r->size = 0;
	r->version = -1;
	r->toast = NULL;
	r->toast_undo = NULL;
	buf_init(&r->events, q->cx->mem, 4096);
	html_init(&q->html, q->cx, q->html.csrf);
	json_init(&q->json, q->cx->mem);
}

static const char *header_value(Arena *mem, const char *value)
{
	char *copy = arena_dup(mem, value ? value : "");
	size_t n = 0;

	for (const char *c = copy; *c; c++)
		if ((unsigned char)*c >= 0x20 && *c != 0x7f)
			copy[n++] = *c;
	copy[n] = '\0';
	return copy;
}

static void header_add(Req *q, const char *name, const char *value)
{
	Response *r = q->response;

	assert(r->header_count < RESPONSE_HEADERS_MAX);
	r->header[r->header_count++] = (ResponseHeader){ name, value };
}

void response_set_literal(Req *q, const char *name, const char *value)
{
	Response *r = q->response;

	for (size_t i = 0; i < r->header_count; i++)
		if (!strcasecmp(r->header[i].name, name)) {
			r->header[i].value = value;
			return;
		}
	header_add(q, name, value);
}

void response_set(Req *q, const char *name, const char *value)
{
	response_set_literal(q, name, header_value(q->cx->mem, value));
}

const char *response_get(const Response *r, const char *name)
{
	for (size_t i = 0; i < r->header_count; i++)
		if (!strcasecmp(r->header[i].name, name))
			return r->header[i].value;
	return NULL;
}

static const char *reason(int status)
{
	static const struct {
		int status;
		const char *text;
	} reasons[] = { { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" },
		{ 204, "No Content" }, { 303, "See Other" }, { 304, "Not Modified" },
		{ 400, "Bad Request" }, { 401, "Unauthorized" }, { 402, "Payment Required" },
		{ 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" },
		{ 409, "Conflict" }, { 412, "Precondition Failed" }, { 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" }, { 422, "Unprocessable Content" },
		{ 429, "Too Many Requests" }, { 500, "Internal Server Error" },
		{ 503, "Service Unavailable" } };

	for (size_t i = 0; i < COUNT(reasons); i++)
		if (reasons[i].status == status)
			return reasons[i].text;
	return "Answer";
}

static void write_line(Buf *out, const char *name, const char *value)
{
	buf_puts(out, name);
	buf_add(out, ": ", 2);
	buf_puts(out, value);
	buf_add(out, "\r\n", 2);
}

void response_write_head(const Response *r, Buf *out)
{
	buf_puts(out, "Status: ");
	buf_int64(out, r->status);
	buf_putc(out, ' ');
	buf_puts(out, reason(r->status));
	buf_add(out, "\r\n", 2);
	if (r->content_type)
		write_line(out, "Content-Type", r->content_type);
	for (size_t i = 0; i < r->header_count; i++)
		write_line(out, r->header[i].name, r->header[i].value);
	if (r->status != 204 && r->status != 304 && !response_get(r, "X-Accel-Redirect")) {
		buf_puts(out, "Content-Length: ");
		buf_int64(out, (int64_t)r->size);
		buf_add(out, "\r\n", 2);
	}
	buf_add(out, "\r\n", 2);
}

/* ---- pages and data ---- */

static Err send_body(Req *q, int status, const char *type, const void *body, size_t size)
{
	Response *r = q->response;

	r->status = status;
	r->content_type = type;
	r->body = body;
	r->size = size;
	return OK;
}

Err send_html(Req *q, int status)
{
	Response *r = q->response;

	/* A fragment carries its toast itself; a whole page is asked by the shell (req_flash). */
	if (q->htmx && r->toast && web_hooks.toast) {
		web_hooks.toast(&q->html, r->toast, r->toast_undo);
		r->toast = NULL;
	}
	if (q->html.buf.overflow)
		return err_set(q->cx, ERR_BUG, "page larger than %d bytes", HTML_LIMIT);
	return send_body(q, status, type_html, html_text_of(&q->html), q->html.buf.len);
}

Err send_json(Req *q, int status)
{
	const char *text = json_done(&q->json);

	if (q->json.buf.overflow)
		return err_set(q->cx, ERR_BUG, "JSON answer too large");
	return send_body(q, status, type_json, text, q->json.buf.len);
}

Err send_row(Req *q, int status, const void *row)
{
	json_put_object(&q->json, NULL);
	json_put_out(&q->json, q->route->out, q->route->out_count, row);
	return send_json(q, status);
}

Err send_rows(Req *q, const void *rows, size_t row_size, size_t count, int64_t next)
{
	Json *j = &q->json;

	json_put_object(j, NULL);
	json_put_array(j, "data");
	for (size_t i = 0; i < count; i++) {
		json_put_object(j, NULL);
		json_put_out(
			j, q->route->out, q->route->out_count, (const char *)rows + i * row_size);
		json_close(j);
	}
	json_close(j);
	json_put_text(j, "next", next ? arena_printf(q->cx->mem, "%" PRId64, next) : NULL);
	return send_json(q, 200);
}

Err send_text(Req *q, int status, const char *content_type, const char *text)
{
	return send_body(q, status, content_type, text, strlen(text));
}

Err send_bytes(Req *q, int status, const char *content_type, const void *bytes, size_t size)
{
	return send_body(q, status, content_type, bytes, size);
}

Err send_nothing(Req *q)
{
	/* 204 has no body for a toast to travel in. An answer of nothing but an out-of-band element
	 * leaves the target as it is. */
	if (q->htmx && q->response->toast && web_hooks.toast) {
		html_init(&q->html, q->cx, q->html.csrf);
		response_set(q, "HX-Reswap", "none");
		return send_html(q, 200);
	}
	return send_body(q, 204, NULL, NULL, 0);
}

/* ---- elsewhere ---- */

void response_put_encoded(Buf *out, const char *text)
{
	for (const unsigned char *c = (const unsigned char *)(text ? text : ""); *c; c++) {
		if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') ||
			(*c >= '0' && *c <= '9') || (*c && strchr("-._~", *c)))
			buf_putc(out, (char)*c);
		else
			buf_printf(out, "%%%02X", *c);
	}
}

/* As url_printf: %s is percent-encoded; %d, %ld, %lld (and so PRId64) are numbers. */
static const char *path_vprintf(Arena *mem, const char *format, va_list args)
{
	Buf out;

	buf_init(&out, mem, 8192);
	for (const char *c = format; *c; c++) {
		if (*c != '%') {
			buf_putc(&out, *c);
			continue;
		}
		c++;
		if (*c == 's') {
			response_put_encoded(&out, va_arg(args, const char *));
		} else if (*c == 'd') {
			buf_int64(&out, va_arg(args, int));
		} else if (!strncmp(c, "ld", 2)) {
			buf_int64(&out, va_arg(args, long));
			c += 1;
		} else if (!strncmp(c, "lld", 3)) {
			buf_int64(&out, va_arg(args, long long));
			c += 2;
		} else {
			assert(*c == '%');
			buf_putc(&out, '%');
		}
	}
	return buf_text(&out);
}

void response_redirect(Req *q, const char *url)
{
	Response *r = q->response;

	if (r->toast) {
		flash_send(q, r->toast, r->toast_undo);
		r->toast = NULL;
	}
	if (q->htmx) {
		/* fetch would follow a 303 unseen and swap a whole page into the target. */
		response_set(q, "HX-Redirect", url);
		(void)send_body(q, 204, NULL, NULL, 0);
		return;
	}
	response_set(q, "Location", url);
	(void)send_body(q, 303, NULL, NULL, 0);
}

Err redirect(Req *q, const char *format, ...)
{
	const char *path;
	va_list args;

	va_start(args, format);
	path = path_vprintf(q->cx->mem, format, args);
	va_end(args);
	/* "//host" would leave the site. */
	assert(path[0] == '/' && path[1] != '/' && path[1] != '\\');
	response_redirect(q, path);
	return OK;
}

Err redirect_path(Req *q, const char *path)
{
	bool local = path && path[0] == '/' && path[1] != '/' && path[1] != '\\' &&
		     !strpbrk(path, "\r\n\t ");

	response_redirect(q, local ? path : "/");
	return OK;
}

Err redirect_foreign(Req *q, const char *url)
{
	if (!str_starts(url, "https://") && !str_starts(url, "http://"))
		return err_set(q->cx, ERR_BUG, "redirect to something that is no web address");
	response_redirect(q, url);
	return OK;
}

Err send_file(Req *q, const char *uri, const char *content_type, const char *name, bool inline_view)
{
	Buf disposition;

	if (!uri || uri[0] != '/')
		return err_set(q->cx, ERR_BUG, "no internal location for a file");
	buf_init(&disposition, q->cx->mem, 2048);
	buf_puts(&disposition, inline_view ? "inline" : "attachment");
	if (name) {
		buf_puts(&disposition, "; filename*=UTF-8''");
		response_put_encoded(&disposition, name);
	}
	response_set(q, "Content-Disposition", buf_text(&disposition));
	response_set(q, "X-Accel-Redirect", uri);
	return send_body(q, 200, content_type, NULL, 0);
}

/* ---- beside the body ---- */

void answer_header(Req *q, const char *name, const char *value)
{
	response_set(q, name, value);
}

void answer_keep(Req *q)
{
	q->response->keep = true;
}

void answer_version(Req *q, int64_t version)
{
	q->response->version = version;
}

void answer_cookie(Req *q, const char *name, const char *value, int64_t max_age_s)
{
	Buf cookie;

	buf_init(&cookie, q->cx->mem, 4096);
	buf_printf(&cookie, "%s=%s; Path=/; HttpOnly; SameSite=Lax", name, value);
	if (q->https)
		buf_puts(&cookie, "; Secure");
	if (max_age_s)
		buf_printf(&cookie, "; Max-Age=%" PRId64, max_age_s > 0 ? max_age_s : 0);
	header_add(q, "Set-Cookie", header_value(q->cx->mem, buf_text(&cookie)));
}

void answer_toast(Req *q, const char *text, const char *undo)
{
	q->response->toast = arena_dup(q->cx->mem, text);
	q->response->toast_undo = arena_dup(q->cx->mem, undo);
}

void answer_event(Req *q, const char *name)
{
	Buf *events = &q->response->events;

	if (events->len)
		buf_puts(events, ", ");
	buf_puts(events, name);
	response_set(q, "HX-Trigger", buf_text(events));
}

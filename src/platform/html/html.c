/* Writing pages. Escaping scans runs of harmless bytes and copies each run at once; the page grows
 * in the request's arena from a first piece that most fragments fit in. */
#include "platform/html/html.h"

enum { FIRST_ROOM = 8 << 10 };

void html_init(Html *h, const Ctx *cx, const char *csrf)
{
	*h = (Html){ .mem = cx->mem, .cx = cx, .csrf = csrf ? csrf : "" };
	buf_init(&h->buf, cx->mem, HTML_LIMIT);
}

const char *html_text_of(Html *h)
{
	return buf_text(&h->buf);
}

static inline void put(Html *h, const char *bytes, size_t size)
{
	Buf *buf = &h->buf;

	if (size < buf->room - buf->len && buf->len + size <= HTML_LIMIT && !buf->overflow) {
		memcpy(buf->bytes + buf->len, bytes, size);
		buf->len += size;
		return;
	}
	if (!buf->bytes) {
		buf->bytes = arena_room(buf->mem, FIRST_ROOM);
		buf->room = FIRST_ROOM;
	}
	buf_add(buf, bytes, size);
}

void html_raw(Html *h, const char *literal, size_t size)
{
	put(h, literal, size);
}

/* Index into `entities` for each byte that HTML would not take as text; 6 ends the string. */
static const unsigned char hot[256] = {
	[0] = 6, ['&'] = 1, ['<'] = 2, ['>'] = 3, ['"'] = 4, ['\''] = 5
};

static const Str entities[] = { { "", 0 }, { "&amp;", 5 }, { "&lt;", 4 }, { "&gt;", 4 },
	{ "&quot;", 6 }, { "&#39;", 5 } };

void html_put_text(Html *h, const char *text)
{
	const char *run = text;

	if (!text)
		return;
	for (;; text++) {
		unsigned which = hot[(unsigned char)*text];

		if (!which)
			continue;
		if (text > run)
			put(h, run, (size_t)(text - run));
		if (!*text)
			return;
		put(h, entities[which].ptr, entities[which].len);
		run = text + 1;
	}
}

void html_put_int(Html *h, int64_t value)
{
	buf_int64(&h->buf, value);
}

void html_put_uint(Html *h, uint64_t value)
{
	if (value <= INT64_MAX) {
		buf_int64(&h->buf, (int64_t)value);
		return;
	}
	buf_int64(&h->buf, (int64_t)(value / 10));
	buf_putc(&h->buf, (char)('0' + value % 10));
}

void html_put_safe(Html *h, Safe safe)
{
	if (safe.html)
		put(h, safe.html, strlen(safe.html));
}

void html_put_json(Html *h, JsonText json)
{
	if (json.json)
		put(h, json.json, strlen(json.json));
}

void html_put_json_value(Html *h, JsonText json)
{
	html_put_text(h, json.json);
}

void html_csrf(Html *h)
{
	static const char begin[] = "<input type=\"hidden\" name=\"csrf\" value=\"";

	if (!h->csrf[0])
		return;
	put(h, begin, sizeof begin - 1);
	html_put_text(h, h->csrf);
	put(h, "\">", 2);
}

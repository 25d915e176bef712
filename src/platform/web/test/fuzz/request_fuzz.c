/* A whole request through the router, made of the fuzzer's lines: method, path, query, cookie,
 * type, conditions, body. Whatever comes, there is an answer and its head has no stray line. */
#include "platform/web/test/fake_site.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *line(Arena *mem, Str *rest)
{
	Str piece;

	if (!str_cut(rest, '\n', &piece))
		return "";
	return arena_copy(mem, piece.ptr, strnlen(piece.ptr, piece.len));
}

static Req *request_of(Ctx *cx, Str rest)
{
	const char *first = line(cx->mem, &rest);
	Req *q = fake_signed_in(cx, (Method)((unsigned)first[0] % (DELETE + 1)), "/");

	q->path = line(cx->mem, &rest);
	q->query = line(cx->mem, &rest);
	q->cookie = arena_printf(cx->mem, "csrf=tok; session=good; %s", line(cx->mem, &rest));
	q->content_type = line(cx->mem, &rest);
	q->if_none_match = q->if_match = line(cx->mem, &rest);
	q->htmx = first[0] & 0x40;
	q->body = rest.ptr ? rest : (Str){ "", 0 };
	return q;
}

static void check(Ctx *cx, const Req *q)
{
	const Response *r = q->response;
	Buf head;

	buf_init(&head, cx->mem, 1 << 20);
	response_write_head(r, &head);
	if (r->status < 200 || r->status > 599 || !str_ends(buf_text(&head), "\r\n\r\n"))
		abort();
	for (size_t i = 0; i < r->header_count; i++)
		if (strpbrk(r->header[i].value, "\r\n"))
			abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static Arena *mem;
	Ctx cx;
	Req *q;

	if (!mem) {
		mem = arena_new(ARENA_LIMIT);
		fake_site_start();
	}
	fake_db = (FakeDb){ 0 };
	cx = (Ctx){ .mem = mem, .now = 1795348800, .zone = "America/Sao_Paulo", .peer = "fuzz" };
	q = request_of(&cx, (Str){ arena_copy(mem, data, size), size });
	(void)fake_answer(q);
	check(&cx, q);
	arena_reset(mem);
	return 0;
}

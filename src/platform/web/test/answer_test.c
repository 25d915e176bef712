/* What an answer carries. */
#include "fake_site.h"
#include <libdeflate.h>

#include "platform/web/compress.h"
#include "test.h"

TEST(every_page_carries_the_strict_headers)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/");
	q->https = true;
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "Content-Security-Policy"),
		"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
		"font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; "
		"form-action 'self'; frame-ancestors 'none'");
	CHECK_TEXT(fake_header(q, "X-Frame-Options"), "DENY");
	CHECK_TEXT(fake_header(q, "X-Content-Type-Options"), "nosniff");
	CHECK_TEXT(fake_header(q, "Cross-Origin-Opener-Policy"), "same-origin");
	CHECK_TEXT(fake_header(q, "Strict-Transport-Security"), "max-age=31536000");
	CHECK_TEXT(fake_header(q, "Vary"), "HX-Request, Cookie");
	q = fake_signed_in(cx, GET, "/");
	(void)fake_answer(q);
	CHECK_TEXT(fake_header(q, "Strict-Transport-Security"), "");
}

TEST(a_page_that_did_not_change_is_not_sent_again)
{
	const char *etag;
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/things/12");
	CHECK_INT(fake_answer(q), 200);
	etag = fake_header(q, "ETag");
	CHECK_INT(strlen(etag), 34);
	CHECK_TEXT(fake_header(q, "Cache-Control"), "private, no-cache");
	q = fake_signed_in(cx, GET, "/things/12");
	q->if_none_match = arena_printf(cx->mem, "\"x\", W/%s", etag);
	CHECK_INT(fake_answer(q), 304);
	CHECK_INT(q->response->size, 0);
	CHECK_TEXT(fake_header(q, "ETag"), etag);
	q = fake_signed_in(cx, GET, "/things/13");
	q->if_none_match = etag;
	CHECK_INT(fake_answer(q), 200);
}

TEST(the_version_of_a_record_stands_in_its_etag)
{
	Req *q;

	fake_site_start();
	q = fake_request(cx, GET, "/api/v1/things/1");
	q->authorization = "Bearer good";
	CHECK_INT(fake_answer(q), 200);
	CHECK(str_starts(fake_header(q, "ETag"), "\"7-"));
}

TEST(a_toast_survives_a_redirect_once)
{
	const char *cookie, *undo, *text;
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, POST, "/things");
	fake_form(q, "name=x");
	CHECK_INT(fake_answer(q), 303);
	cookie = fake_header(q, "Set-Cookie");
	CHECK(str_starts(cookie, "toast="));
	CHECK(str_ends(cookie, "; Path=/; HttpOnly; SameSite=Lax; Max-Age=60"));

	q = fake_signed_in(cx, GET, "/");
	q->cookie = arena_printf(cx->mem, "%s; session=good; csrf=tok",
		arena_copy(cx->mem, cookie, strcspn(cookie, ";")));
	(void)fake_answer(q);
	text = req_flash(q, &undo);
	CHECK_TEXT(text, "Criado & salvo");
	CHECK_TEXT(undo, "/things/1/undo");
	CHECK(strstr(fake_header(q, "Set-Cookie"), "toast=; "));
	CHECK(strstr(fake_header(q, "Set-Cookie"), "Max-Age=0"));
}

TEST(a_toast_of_another_hand_is_not_shown)
{
	const char *undo;
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/");
	q->cookie = "toast=AAAAAAAAAAAAAAAAAAAAAEhlbGxvAA; session=good; csrf=tok";
	(void)fake_answer(q);
	CHECK(!req_flash(q, &undo));
	CHECK(!undo);
}

TEST(a_toast_for_htmx_travels_in_the_answer)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, POST, "/things/1/touch");
	q->htmx = true;
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_body(q), "[toast Feito]");
	CHECK_TEXT(fake_header(q, "HX-Reswap"), "none");
	CHECK_TEXT(fake_header(q, "HX-Trigger"), "things, counts");
	q = fake_signed_in(cx, POST, "/things");
	q->htmx = true;
	fake_form(q, "name=x");
	CHECK_INT(fake_answer(q), 204);
	CHECK_TEXT(fake_header(q, "HX-Redirect"), "/things/x?n=0");
	CHECK(str_starts(fake_header(q, "Set-Cookie"), "toast="));
}

TEST(a_way_back_leads_to_this_site_only)
{
	static const struct {
		const char *path, *location;
	} cases[] = { { "/leads?stage=2#7", "/leads?stage=2#7" }, { "//evil.example", "/" },
		{ "/\\evil.example", "/" }, { "https://evil.example", "/" }, { "", "/" },
		{ NULL, "/" }, { "/a\r\nSet-Cookie: x", "/" } };

	fake_site_start();
	for (size_t i = 0; i < COUNT(cases); i++) {
		Req *q = fake_signed_in(cx, GET, "/");

		(void)fake_answer(q);
		CHECK(redirect_path(q, cases[i].path) == OK);
		CHECK_TEXT(fake_header(q, "Location"), cases[i].location);
	}
}

TEST(a_handler_may_let_its_answer_be_kept_and_shown_elsewhere)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/picture");
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "Cache-Control"), "public, max-age=60");
	CHECK_TEXT(fake_header(q, "Vary"), "");
	CHECK_TEXT(fake_header(q, "Cross-Origin-Resource-Policy"), "cross-origin");
	CHECK_TEXT(fake_header(q, "ETag"), "\"own\"");
	q = fake_signed_in(cx, GET, "/picture");
	q->if_none_match = "\"own\"";
	CHECK_INT(fake_answer(q), 304);
}

TEST(a_long_answer_is_compressed_for_who_can_read_it)
{
	struct libdeflate_decompressor *own = libdeflate_alloc_decompressor();
	char *whole = arena_alloc(cx->mem, 1 << 20);
	size_t size = 0;
	const char *etag;
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/large");
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "Content-Encoding"), "");
	CHECK_TEXT(fake_header(q, "Vary"), "HX-Request, Cookie, Accept-Encoding");
	etag = fake_header(q, "ETag");
	q = fake_signed_in(cx, GET, "/large");
	q->accept_encoding = "br, gzip;q=0.8";
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "Content-Encoding"), "gzip");
	CHECK_TEXT(fake_header(q, "ETag"), arena_printf(cx->mem, "W/%s", etag));
	CHECK(libdeflate_gzip_decompress(own, q->response->body, q->response->size, whole, 1 << 20,
		      &size) == LIBDEFLATE_SUCCESS);
	CHECK_INT(size, 20000);
	CHECK(q->response->size < 10000);
	/* and is not sent again */
	q = fake_signed_in(cx, GET, "/large");
	q->accept_encoding = "gzip";
	q->if_none_match = arena_printf(cx->mem, "W/%s", etag);
	CHECK_INT(fake_answer(q), 304);
	CHECK_TEXT(fake_header(q, "Content-Encoding"), "");
	/* a short one is not worth it */
	q = fake_signed_in(cx, GET, "/things/12");
	q->accept_encoding = "gzip";
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "Content-Encoding"), "");
	libdeflate_free_decompressor(own);
}

static size_t size_of_large(Ctx *cx)
{
	Req *q = fake_signed_in(cx, GET, "/large");

	q->accept_encoding = "gzip";
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "Content-Encoding"), "gzip");
	return q->response->size;
}

TEST(while_many_ask_answers_are_compressed_less_thoroughly)
{
	size_t quiet, busy;

	fake_site_start();
	quiet = size_of_large(cx);
	for (int i = 0; i < 8; i++)
		compress_begin();
	busy = size_of_large(cx);
	for (int i = 0; i < 8; i++)
		compress_end();
	CHECK(quiet < busy);
	CHECK_INT(size_of_large(cx), quiet);
}

TEST(who_refuses_gzip_gets_none)
{
	CHECK(compress_is_welcome("gzip"));
	CHECK(compress_is_welcome("deflate, gzip;q=1.0, *;q=0.5"));
	CHECK(compress_is_welcome("br,gzip ; q=0.001"));
	CHECK(!compress_is_welcome("gzip;q=0"));
	CHECK(!compress_is_welcome("gzip; q=0.000"));
	CHECK(!compress_is_welcome("identity"));
	CHECK(!compress_is_welcome(""));
	CHECK(!compress_is_welcome(NULL));
}

TEST(a_file_is_sent_by_nginx)
{
	Req *q;
	Buf head;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/files/1");
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "X-Accel-Redirect"), "/files/1/ab/ab12cd");
	CHECK_TEXT(
		fake_header(q, "Content-Disposition"), "attachment; filename*=UTF-8''raio%20x.png");
	buf_init(&head, cx->mem, 4096);
	response_write_head(q->response, &head);
	CHECK(!strstr(buf_text(&head), "Content-Length"));
}

TEST(a_header_cannot_be_split)
{
	Req *q;
	Buf head;

	fake_site_start();
	q = fake_signed_in(cx, GET, "/");
	(void)fake_answer(q);
	answer_header(q, "X-Note", "a\r\nSet-Cookie: evil=1");
	CHECK_TEXT(fake_header(q, "X-Note"), "aSet-Cookie: evil=1");
	buf_init(&head, cx->mem, 8192);
	response_write_head(q->response, &head);
	CHECK(!strstr(buf_text(&head), "\nSet-Cookie: evil"));
}

/* What a request must bring before its handler runs. */
#include "fake_site.h"
#include "test.h"

static Req *form(Ctx *cx, const char *path)
{
	Req *q = fake_signed_in(cx, POST, path);

	fake_form(q, "name=x");
	return q;
}

TEST(a_form_without_the_token_is_refused)
{
	Req *q;

	fake_site_start();
	q = form(cx, "/things");
	q->body = str_of("name=x");
	CHECK_INT(fake_answer(q), 403);
	q = form(cx, "/things");
	q->body = str_of("name=x&csrf=other");
	CHECK_INT(fake_answer(q), 403);
	q = form(cx, "/things");
	q->cookie = "session=good"; /* a browser that never had a page of ours */
	q->body = str_of("name=x&csrf=");
	CHECK_INT(fake_answer(q), 403);
	CHECK_INT(fake_site.runs, 0);
	CHECK_INT(fake_answer(form(cx, "/things")), 303);
}

TEST(a_page_of_another_site_cannot_post_even_with_the_token)
{
	Req *q;

	fake_site_start();
	q = form(cx, "/things");
	q->fetch_site = "cross-site";
	CHECK_INT(fake_answer(q), 403);
	q = form(cx, "/things");
	q->fetch_site = "same-site";
	CHECK_INT(fake_answer(q), 403);
	q = form(cx, "/things");
	q->fetch_site = "";
	q->origin = "https://a.test.evil.example";
	CHECK_INT(fake_answer(q), 403);
	q = form(cx, "/things");
	q->fetch_site = "";
	q->origin = "null";
	CHECK_INT(fake_answer(q), 403);
	CHECK_INT(fake_site.runs, 0);
	q = form(cx, "/things");
	q->fetch_site = "";
	q->origin = "http://a.test:8080";
	CHECK_INT(fake_answer(q), 303);
}

TEST(what_no_foreign_page_can_send_needs_only_its_origin)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, DELETE, "/things/1");
	CHECK_INT(fake_answer(q), 204);
	q = fake_signed_in(cx, POST, "/things/1/touch");
	q->htmx = true;
	CHECK_INT(fake_answer(q), 200);
	q = fake_signed_in(cx, DELETE, "/things/1");
	q->origin = q->fetch_site = ""; /* an old browser says nothing: no */
	CHECK_INT(fake_answer(q), 403);
	q = fake_signed_in(cx, POST, "/things/1/touch");
	q->origin = q->fetch_site = "";
	q->htmx = true;
	CHECK_INT(fake_answer(q), 403);
}

TEST(a_button_works_without_script_by_its_token)
{
	Req *q;

	fake_site_start();
	q = fake_signed_in(cx, POST, "/things/1/touch");
	fake_form(q, "");
	CHECK_INT(fake_answer(q), 204);
	q = fake_signed_in(cx, POST, "/things/1/touch");
	fake_form(q, "");
	q->body = str_of("csrf=other");
	CHECK_INT(fake_answer(q), 403);
}

TEST(a_key_in_the_header_needs_no_token)
{
	Req *q;

	fake_site_start();
	q = fake_request(cx, POST, "/api/v1/things");
	q->authorization = "Bearer good";
	fake_json(q, "{\"name\":\"x\"}");
	CHECK_INT(fake_answer(q), 201);
	q = fake_request(cx, POST, "/api/v1/things");
	q->cookie = "session=good"; /* a cookie is sent by foreign pages too */
	fake_json(q, "{\"name\":\"x\"}");
	CHECK_INT(fake_answer(q), 403);
}

TEST(a_capture_form_works_anywhere_and_sets_no_cookie)
{
	Req *q;

	fake_site_start();
	q = fake_request(cx, GET, "/capture/abc");
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "Set-Cookie"), "");
	CHECK_TEXT(fake_header(q, "X-Frame-Options"), "");
	CHECK(str_ends(fake_header(q, "Content-Security-Policy"), "frame-ancestors *"));
	q = fake_request(cx, POST, "/capture/abc");
	fake_form(q, "name=");
	q->fetch_site = "cross-site";
	q->origin = "https://elsewhere.example";
	CHECK_INT(fake_answer(q), 422);
	CHECK_TEXT(fake_header(q, "Set-Cookie"), "");
}

TEST(a_body_of_another_kind_or_size_is_refused)
{
	Req *q;

	fake_site_start();
	q = form(cx, "/things");
	q->content_type = "text/plain";
	CHECK_INT(fake_answer(q), 415);
	q = form(cx, "/small");
	CHECK_INT(fake_answer(q), 303);
	q = form(cx, "/small");
	fake_form(q, "name=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	CHECK_INT(fake_answer(q), 413);
	q = form(cx, "/things");
	fake_form(q, "name=%ff");
	CHECK_INT(fake_answer(q), 400);
	q = fake_signed_in(cx, PUT, "/uploads");
	CHECK_INT(fake_answer(q), 400);
	q = fake_signed_in(cx, PUT, "/uploads");
	q->body_file = "/in/1";
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_body(q), "/in/1");
}

TEST(an_uploaded_file_is_called_as_the_person_calls_it)
{
	static const char *const cases[][2] = { { "leads%20de%20mar%C3%A7o.xlsx",
							"/in/1 leads de março.xlsx" },
		{ "C%3A%5Ctemp%5Ca.csv", "/in/1 a.csv" },
		{ "..%2F..%2Fetc%2Fpasswd", "/in/1 passwd" }, { "a%0Ab.csv", "/in/1 a b.csv" },
		{ "%FF.csv", "/in/1" }, { "a%2", "/in/1" }, { "a%00b", "/in/1" } };
	Req *q;

	fake_site_start();
	for (size_t i = 0; i < COUNT(cases); i++) {
		q = fake_signed_in(cx, PUT, "/uploads");
		q->body_file = "/in/1";
		q->file_name = cases[i][0];
		CHECK_INT(fake_answer(q), 200);
		CHECK_TEXT(fake_body(q), cases[i][1]);
	}
	q = fake_signed_in(cx, PUT, "/uploads");
	q->body_file = "/in/1";
	q->file_name = arena_printf(cx->mem, "%0200d", 7);
	CHECK_INT(fake_answer(q), 200);
	CHECK_INT(strlen(fake_body(q)), strlen("/in/1 ") + 160);
}

TEST(an_api_body_is_one_json_object)
{
	static const struct {
		const char *body;
		int status;
	} cases[] = { { "{\"name\":\"x\",\"size\":2}", 201 }, { "{\"name\":", 400 }, { "[]", 422 },
		{ "{\"name\":\"x\",\"nam\":1}", 422 }, { "{\"name\":\"x\",\"name\":\"y\"}", 400 },
		{ "{\"name\":3}", 422 }, { "", 400 } };

	fake_site_start();
	for (size_t i = 0; i < COUNT(cases); i++) {
		Req *q = fake_request(cx, POST, "/api/v1/things");

		cx->bad_count = 0;
		q->authorization = "Bearer good";
		fake_json(q, cases[i].body);
		CHECK_INT(fake_answer(q), cases[i].status);
		CHECK_TEXT(fake_header(q, "Location"),
			cases[i].status == 201 ? "/api/v1/things/2" : "");
	}
}

TEST(a_problem_names_the_field_and_the_request)
{
	Req *q;

	fake_site_start();
	q = fake_request(cx, POST, "/api/v1/things");
	q->authorization = "Bearer good";
	fake_json(q, "{\"size\":1}");
	CHECK_INT(fake_answer(q), 422);
	CHECK_TEXT(q->response->content_type, "application/problem+json");
	CHECK(strstr(fake_body(q), "\"type\":\"/api/v1/docs#problem-invalid\""));
	CHECK(strstr(fake_body(q), "\"errors\":[{\"field\":\"name\",\"detail\":"));
	CHECK(strstr(fake_body(q), "\"request_id\":\"0123456789abcdef\""));
	CHECK_TEXT(fake_header(q, "X-Request-Id"), "0123456789abcdef");
}

TEST(who_asks_too_often_waits)
{
	Req *q = NULL;
	int refused = 0;

	fake_site_start();
	cx->peer = "198.51.100.7";
	for (int i = 0; i < 5; i++) {
		q = fake_request(cx, POST, "/sign-in");
		q->fetch_site = "same-origin";
		fake_form(q, "name=");
		refused += fake_answer(q) == 429;
	}
	CHECK_INT(refused, 2);
	CHECK(strlen(fake_header(q, "Retry-After")) > 0);
	cx->peer = "198.51.100.8";
	q = fake_request(cx, POST, "/sign-in");
	q->fetch_site = "same-origin";
	fake_form(q, "name=");
	CHECK_INT(fake_answer(q), 422);
}

TEST(an_api_client_sees_how_much_is_left)
{
	Req *q;

	fake_site_start();
	cx->peer = "198.51.100.20";
	q = fake_request(cx, GET, "/api/v1/things/1");
	q->authorization = "Bearer good";
	CHECK_INT(fake_answer(q), 200);
	CHECK_TEXT(fake_header(q, "RateLimit-Limit"), "600");
	CHECK_TEXT(fake_header(q, "RateLimit-Remaining"), "599");
	CHECK_TEXT(fake_header(q, "RateLimit-Policy"), "600;w=60");
}

TEST(a_change_of_an_old_version_is_refused)
{
	static const struct {
		const char *if_match;
		int status;
	} cases[] = { { "", 204 }, { "*", 204 }, { "\"7-abc\"", 204 }, { "W/\"7-abc\"", 204 },
		{ "\"6-abc\"", 412 }, { "\"77-abc\"", 412 }, { "7", 412 },
		{ "\"1-x\", \"7-x\"", 204 } };

	fake_site_start();
	for (size_t i = 0; i < COUNT(cases); i++) {
		Req *q = fake_request(cx, PATCH, "/api/v1/things/1");

		q->authorization = "Bearer good";
		q->if_match = cases[i].if_match;
		fake_json(q, "{}");
		CHECK_INT(fake_answer(q), cases[i].status);
	}
}

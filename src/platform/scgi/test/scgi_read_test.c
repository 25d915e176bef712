/* The parser of requests: what nginx sends is read, and nothing else. */
#include "platform/scgi/scgi_read.h"
#include "test.h"

/* Name and value pairs separated by '|' (a NUL each), with the length in front and the body behind.
 */
static Str request(Ctx *cx, const char *pairs, const char *body)
{
	size_t size = strlen(pairs);
	char *all = arena_printf(cx->mem, "%zu:%s,%s", size, pairs, body);
	size_t length = strlen(all), start = length - strlen(body) - 1 - size;

	for (size_t i = start; i < start + size; i++)
		if (all[i] == '|')
			all[i] = '\0';
	return (Str){ arena_copy(cx->mem, all, length), length };
}

static ScgiState measure(Str bytes)
{
	size_t total;

	return scgi_measure(bytes, 1000, &total);
}

TEST(a_request_of_nginx_is_taken_apart)
{
	Str bytes = request(cx,
		"CONTENT_LENGTH|5|METHOD|POST|PATH|/leads|QUERY|a=1|HOST|a.localhost|COOKIE||",
		"x=1&y");
	ScgiRequest got;

	CHECK_INT(measure(bytes), SCGI_WHOLE);
	CHECK(scgi_read((char *)(uintptr_t)bytes.ptr, bytes.len, &got));
	CHECK_TEXT(got.value[SCGI_METHOD], "POST");
	CHECK_TEXT(got.value[SCGI_PATH], "/leads");
	CHECK_TEXT(got.value[SCGI_QUERY], "a=1");
	CHECK_TEXT(got.value[SCGI_COOKIE], "");
	CHECK_TEXT(got.value[SCGI_ACCEPT], "");
	CHECK_INT(got.body.len, 5);
	CHECK_TEXT(got.body.ptr, "x=1&y");
}

TEST(a_request_cut_anywhere_waits_for_more)
{
	Str bytes = request(cx, "CONTENT_LENGTH|3|METHOD|POST|PATH|/|HOST|h|", "abc");

	for (size_t i = 0; i < bytes.len; i++)
		CHECK_INT(measure((Str){ bytes.ptr, i }), SCGI_MORE);
	CHECK_INT(measure(bytes), SCGI_WHOLE);
}

TEST(bytes_behind_a_request_are_refused)
{
	CHECK_INT(measure(request(cx, "CONTENT_LENGTH|3|METHOD|POST|PATH|/|HOST|h|", "abcd")),
		SCGI_BAD);
}

TEST(a_body_kept_in_a_file_does_not_follow)
{
	Str bytes = request(cx,
		"CONTENT_LENGTH|53687091200|METHOD|PUT|PATH|/files|HOST|h|BODY_FILE|/in/1|", "");
	ScgiRequest got;

	CHECK_INT(measure(bytes), SCGI_WHOLE);
	CHECK(scgi_read((char *)(uintptr_t)bytes.ptr, bytes.len, &got));
	CHECK_TEXT(got.value[SCGI_BODY_FILE], "/in/1");
	CHECK_INT(got.body.len, 0);
}

TEST(a_value_that_looks_like_a_name_changes_nothing)
{
	Str bytes =
		request(cx, "CONTENT_LENGTH|3|METHOD|POST|PATH|/|HOST|h|COOKIE|BODY_FILE|", "abc");
	ScgiRequest got;

	CHECK_INT(measure(bytes), SCGI_WHOLE);
	CHECK(scgi_read((char *)(uintptr_t)bytes.ptr, bytes.len, &got));
	CHECK_INT(got.body.len, 3);
	CHECK_TEXT(got.value[SCGI_BODY_FILE], "");
}

TEST(what_is_not_the_protocol_is_refused)
{
	static const char *const wrong[] = { "GET / HTTP/1.1\r\n", "x", ":",
		"-1:", "007:", "12x:", "99999999:", "100000:" };

	for (size_t i = 0; i < COUNT(wrong); i++)
		CHECK_INT(measure(str_of(wrong[i])), SCGI_BAD);
	/* The first name is CONTENT_LENGTH, a small whole number. */
	CHECK_INT(measure(request(cx, "METHOD|GET|CONTENT_LENGTH|0|PATH|/|HOST|h|", "")), SCGI_BAD);
	CHECK_INT(measure(request(cx, "CONTENT_LENGTH||METHOD|GET|PATH|/|HOST|h|", "")), SCGI_BAD);
	CHECK_INT(
		measure(request(cx, "CONTENT_LENGTH|-1|METHOD|GET|PATH|/|HOST|h|", "")), SCGI_BAD);
	CHECK_INT(
		measure(request(cx, "CONTENT_LENGTH|1x|METHOD|GET|PATH|/|HOST|h|", "")), SCGI_BAD);
	CHECK_INT(measure(request(cx, "CONTENT_LENGTH|1001|METHOD|GET|PATH|/|HOST|h|", "")),
		SCGI_BAD);
	/* A name without a value; no NUL at the end. */
	CHECK_INT(measure(request(cx, "CONTENT_LENGTH|0|METHOD|", "")), SCGI_BAD);
	CHECK_INT(measure(request(cx, "CONTENT_LENGTH|0|METHOD|GET", "")), SCGI_BAD);
}

TEST(a_name_sent_twice_is_refused)
{
	Str twice = request(cx, "CONTENT_LENGTH|0|METHOD|GET|PATH|/|HOST|a|HOST|b|", "");
	Str missing = request(cx, "CONTENT_LENGTH|0|METHOD|GET|PATH|/|", "");
	ScgiRequest got;

	CHECK(!scgi_read((char *)(uintptr_t)twice.ptr, twice.len, &got));
	CHECK(!scgi_read((char *)(uintptr_t)missing.ptr, missing.len, &got));
}

TEST(names_that_we_do_not_take_are_passed_over)
{
	Str bytes = request(cx, "CONTENT_LENGTH|0|SCGI|1|METHOD|GET|PATH|/|HOST|h|X_OTHER|1|", "");
	ScgiRequest got;

	CHECK_INT(measure(bytes), SCGI_WHOLE);
	CHECK(scgi_read((char *)(uintptr_t)bytes.ptr, bytes.len, &got));
}

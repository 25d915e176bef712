/* Programs that sign in: tokens in JSON. */
#include "browser.h"

#include "test.h"

TEST(a_program_signs_in_refreshes_and_signs_out)
{
	Browser b = browser_open(cx, "a.test");
	int64_t user;
	const char *email = new_person(cx, 1, "reception", &user), *refresh;
	Page page = post_json(&b, "/api/v1/tokens",
		arena_printf(
			cx->mem, "{\"email\":\"%s\",\"password\":\"%s\"}", email, TEST_PASSWORD));

	CHECK_INT(page.status, 201);
	CHECK(!page.set_access && !page.set_refresh);
	b.bearer = between(cx, page.body, "\"access_token\":\"", "\"");
	refresh = between(cx, page.body, "\"refresh_token\":\"", "\"");
	page = get(&b, "/api/v1/me");
	CHECK_INT(page.status, 200);
	CHECK(strstr(page.body, "\"role\":\"reception\"") != NULL);
	b.now += ACCESS_SECONDS;
	CHECK_INT(get(&b, "/api/v1/me").status, 401);
	page = post_json(&b, "/api/v1/tokens/refresh",
		arena_printf(cx->mem, "{\"refresh_token\":\"%s\"}", refresh));
	CHECK_INT(page.status, 200);
	b.bearer = between(cx, page.body, "\"access_token\":\"", "\"");
	CHECK_INT(get(&b, "/api/v1/me").status, 200);
	CHECK_INT(browse(&b, DELETE, "/api/v1/session", NULL).status, 204);
	CHECK_INT(get(&b, "/api/v1/me").status, 401);
	CHECK_INT(post_json(&b, "/api/v1/tokens", "{\"email\":\"a@b.test\"}").status, 422);
	CHECK_INT(post_json(&b, "/api/v1/tokens", "{\"email\":").status, 400);
}

TEST(a_program_s_copied_refresh_token_ends_the_session_too)
{
	Browser b = browser_open(cx, "a.test");
	int64_t user;
	const char *email = new_person(cx, 1, "reception", &user), *first, *second;
	Page page = post_json(&b, "/api/v1/tokens",
		arena_printf(
			cx->mem, "{\"email\":\"%s\",\"password\":\"%s\"}", email, TEST_PASSWORD));

	first = arena_printf(cx->mem, "{\"refresh_token\":\"%s\"}",
		between(cx, page.body, "\"refresh_token\":\"", "\""));
	page = post_json(&b, "/api/v1/tokens/refresh", first);
	second = arena_printf(cx->mem, "{\"refresh_token\":\"%s\"}",
		between(cx, page.body, "\"refresh_token\":\"", "\""));
	b.now += 31;
	CHECK_INT(post_json(&b, "/api/v1/tokens/refresh", first).status, 401);
	CHECK_INT(post_json(&b, "/api/v1/tokens/refresh", second).status, 401);
}

TEST(failed_sign_ins_of_programs_count_too)
{
	Browser b = browser_open(cx, "a.test");
	int64_t user;
	const char *email = new_person(cx, 1, "reception", &user);
	const char *wrong = arena_printf(cx->mem, "{\"email\":\"%s\",\"password\":\"x\"}", email);

	for (int i = 0; i < 5; i++)
		CHECK_INT(post_json(&b, "/api/v1/tokens", wrong).status, 401);
	CHECK_INT(post_json(&b, "/api/v1/tokens", wrong).status, 429);
}

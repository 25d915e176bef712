/* Signing in, staying in, getting out: through the whole router. */
#include "browser.h"

#include <pthread.h>

#include "core/clock.h"
#include "core/random.h"
#include "platform/auth/key.h"
#include "platform/auth/totp.h"
#include "test.h"

static Page login(Browser *b, const char *email, const char *password)
{
	get(b, "/login");
	return post_form(b, "/login", "email=%s&password=%s", email, password);
}

static bool is_in(Browser *b)
{
	return get(b, "/settings/account").status == 200;
}

TEST(a_person_signs_in_and_a_fresh_token_costs_no_query)
{
	Browser b = browser_open(cx, "a.test");
	int64_t user;
	const char *email = new_person(cx, 1, "reception", &user);
	Page page;

	CHECK_INT(get(&b, "/settings/account").status, 303);
	page = login(&b, email, TEST_PASSWORD);
	CHECK_INT(page.status, 303);
	CHECK_TEXT(page.location, "/");
	CHECK(page.set_access && page.set_refresh);
	CHECK(is_in(&b));
	CHECK_INT(get(&b, "/api/v1/me").status, 200);
	page = get(&b, "/api/v1/me");
	CHECK_INT(page.queries, 0);
	CHECK(strstr(page.body, email) != NULL);
}

TEST(a_wrong_password_and_an_unknown_e_mail_look_the_same)
{
	Browser b = browser_open(cx, "a.test");
	int64_t user, start, known_us, unknown_us;
	const char *email = new_person(cx, 1, "reception", &user);
	const char *nobody = arena_dup(cx->mem, email);
	Page wrong, unknown, elsewhere;

	((char *)(uintptr_t)nobody)[0] = 'q';
	login(&b, arena_printf(cx->mem, "warm-up-%s", email), "x");
	start = time_now_us();
	wrong = login(&b, email, "errada");
	known_us = time_now_us() - start;
	start = time_now_us();
	unknown = login(&b, nobody, "errada");
	unknown_us = time_now_us() - start;
	CHECK_INT(wrong.status, 422);
	CHECK_INT(unknown.status, 422);
	CHECK_INT(strlen(wrong.body), strlen(unknown.body));
	CHECK(strstr(wrong.body, "E-mail ou senha não conferem.") != NULL);
	CHECK(!wrong.set_access && !wrong.set_refresh);
	/* both are an argon2 long; generous, because other work runs beside the tests */
	CHECK(unknown_us * 3 > known_us && known_us * 3 > unknown_us);

	new_person(cx, 2, "reception", &user);
	elsewhere = login(&b, new_person(cx, 2, "reception", &user), TEST_PASSWORD);
	CHECK_INT(elsewhere.status, 422); /* right, but of another clinic */
	CHECK_INT(strlen(elsewhere.body), strlen(wrong.body));
}

TEST(failures_make_everyone_wait_longer_and_longer)
{
	Browser b = browser_open(cx, "a.test");
	int64_t user;
	const char *email = new_person(cx, 1, "reception", &user);
	const char *nobody = arena_printf(cx->mem, "z%s", email);
	const char *both[] = { email, nobody };
	Page page;

	for (size_t k = 0; k < 2; k++) {
		b.peer = fresh_peer(cx);
		for (int i = 0; i < 5; i++)
			CHECK_INT(login(&b, both[k], "errada").status, 422);
		page = login(&b, both[k], TEST_PASSWORD);
		CHECK_INT(page.status, 429);
		CHECK_TEXT(page.retry_after, "10");
	}
	b.now += 10;
	CHECK_INT(login(&b, email, "errada").status, 422);
	page = login(&b, email, TEST_PASSWORD);
	CHECK_INT(page.status, 429);
	CHECK_TEXT(page.retry_after, "20");
	b.now += 20;
	CHECK_INT(login(&b, email, TEST_PASSWORD).status, 303);
	/* forgotten once it was right */
	set_cookie(&b, "siso_device", NULL);
	CHECK_INT(login(&b, email, "errada").status, 422);
	CHECK_INT(login(&b, email, TEST_PASSWORD).status, 303);
}

TEST(strangers_who_guess_do_not_lock_out_the_person_at_the_own_desk)
{
	int64_t user;
	Browser own = signed_in(cx, "reception", &user), stranger = browser_open(cx, "a.test");
	const char *email = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem, "select email from account.member where user_id = %" PRId64,
			user));

	CHECK(*cookie_of(&own, "siso_device"));
	CHECK_INT(post(&own, "/logout", NULL).status, 303);
	for (int i = 0; i < 5; i++)
		login(&stranger, email, "errada");
	CHECK_INT(login(&stranger, email, TEST_PASSWORD).status, 429);
	CHECK_INT(login(&own, email, TEST_PASSWORD).status, 303);
	/* failures at the own desk count there */
	get(&own, "/settings/account");
	CHECK_INT(post(&own, "/logout", NULL).status, 303);
	for (int i = 0; i < 5; i++)
		CHECK_INT(login(&own, email, "errada").status, 422);
	CHECK_INT(login(&own, email, TEST_PASSWORD).status, 429);
}

TEST(one_address_guessing_many_e_mails_waits_too)
{
	Browser b = browser_open(cx, "a.test"), other = browser_open(cx, "a.test");
	int64_t user;
	const char *email = new_person(cx, 1, "reception", &user);
	uint16_t net;

	crypto_random(&net, sizeof net);
	b.peer = arena_printf(cx->mem, "2001:db8:1:%x::1", net | 0x1000);
	sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem,
			"select account.attempt_fail('peer:2001:db8:1:%x::/64', now(), now() - "
			"interval '1 hour')"
			" from generate_series(1, 24)",
			net | 0x1000));
	CHECK_INT(login(&b, arena_printf(cx->mem, "guess-%s", email), "errada").status, 422);
	/* another address of the same customer */
	b.peer = arena_printf(cx->mem, "2001:db8:1:%x:ffff::2", net | 0x1000);
	CHECK_INT(login(&b, email, TEST_PASSWORD).status, 429);
	CHECK_INT(login(&other, email, TEST_PASSWORD).status, 303);
}

TEST(an_expired_token_is_refreshed_and_the_refresh_token_rotates)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user);
	const char *old = arena_dup(cx->mem, cookie_of(&b, COOKIE_REFRESH));
	Page page;

	b.now += ACCESS_SECONDS + 1;
	page = get(&b, "/settings/account");
	CHECK_INT(page.status, 200);
	CHECK(page.set_access && page.set_refresh);
	CHECK(strcmp(old, cookie_of(&b, COOKIE_REFRESH)) != 0);
	page = get(&b, "/settings/account");
	CHECK_INT(page.status, 200);
	CHECK(!page.set_access);
}

TEST(within_the_grace_an_exchanged_token_still_answers_but_does_not_rotate_again)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user), copy = b;
	Page page;

	b.now += ACCESS_SECONDS + 1;
	copy.now = b.now + 29;
	CHECK(is_in(&b));
	page = get(&copy, "/settings/account");
	CHECK_INT(page.status, 200);
	CHECK(page.set_access && !page.set_refresh);
}

TEST(a_copied_refresh_token_ends_the_session_for_both)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user), thief = b;
	const char *count;

	b.now += ACCESS_SECONDS + 1;
	CHECK(is_in(&b));
	thief.now = b.now + 31;
	CHECK_INT(get(&thief, "/settings/account").status, 303);
	CHECK_TEXT(cookie_of(&thief, COOKIE_REFRESH), "");
	b.now += 40;
	CHECK_INT(get(&b, "/settings/account").status, 303);
	count = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem,
			"select count(*) from audit.change where action = 'account.refresh_reuse'"
			" and user_id = %" PRId64,
			user));
	CHECK_TEXT(count, "1");
}

static void *refresh_in_thread(void *arg)
{
	Browser *b = arg;
	Page page = get(b, "/api/v1/me");

	/* the arena of the test is not shared between threads: only numbers go back */
	return (void *)(uintptr_t)(page.status * 10 + page.set_refresh);
}

TEST(parallel_requests_with_one_expired_token_all_stay_signed_in)
{
	enum { THREADS = 6 };
	int64_t user;
	Browser b = signed_in(cx, "reception", &user), many[THREADS];
	Ctx own[THREADS];
	pthread_t thread[THREADS];
	int rotated = 0;

	for (int i = 0; i < THREADS; i++) {
		own[i] = *cx;
		own[i].mem = arena_new(ARENA_LIMIT);
		many[i] = browser_open(&own[i], "a.test");
		memcpy(many[i].jar, b.jar, sizeof b.jar);
		many[i].now = b.now + ACCESS_SECONDS + 1;
	}
	for (int i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, refresh_in_thread, &many[i]);
	for (int i = 0; i < THREADS; i++) {
		void *result;

		pthread_join(thread[i], &result);
		CHECK_INT((uintptr_t)result / 10, 200);
		rotated += (uintptr_t)result % 10 == 1;
		arena_free(own[i].mem);
	}
	CHECK_INT(rotated, 1);
}

TEST(a_session_ends_after_its_time_however_often_it_is_refreshed)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user);

	for (int hour = 0; hour < 23; hour++) {
		b.now += 3600;
		CHECK(is_in(&b));
	}
	b.now += 3600;
	CHECK(!is_in(&b));
}

TEST(a_token_of_one_clinic_is_worth_nothing_in_another)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user), other = browser_open(cx, "b.test");

	memcpy(other.jar, b.jar, sizeof b.jar);
	CHECK_INT(get(&other, "/settings/account").status, 303);
	other.bearer = cookie_of(&b, COOKIE_ACCESS);
	CHECK_INT(get(&other, "/api/v1/me").status, 401);
}

TEST(a_page_drawn_in_a_session_that_is_over_gets_the_token_of_the_next_one)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user);
	const char *old, *form = "name=Nome+Novo";
	Page page = get(&b, "/session");

	CHECK_INT(page.status, 200);
	CHECK_INT(page.queries, 0);
	old = arena_dup(cx->mem, page.body);
	set_cookie(&b, COOKIE_ACCESS, "");
	set_cookie(&b, COOKIE_REFRESH, "");
	CHECK_INT(get(&b, "/session").status, 303);
	b.htmx = true;
	page = get(&b, "/session");
	CHECK_INT(page.status, 401);
	CHECK(!page.location);
	b = signed_in(cx, "reception", &user);
	page = get(&b, "/session");
	CHECK(strcmp(page.body, old) != 0);
	snprintf(b.csrf, sizeof b.csrf, "%s", old);
	CHECK_INT(post(&b, "/settings/account/name", form).status, 403);
	snprintf(b.csrf, sizeof b.csrf, "%s", page.body);
	CHECK_INT(post(&b, "/settings/account/name", form).status, 303);
}

TEST(signing_out_ends_the_token_at_once)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user), copy = b;
	Page page = post(&b, "/logout", NULL);

	CHECK_INT(page.status, 303);
	CHECK_TEXT(page.location, "/login");
	CHECK_TEXT(cookie_of(&b, COOKIE_ACCESS), "");
	CHECK(!is_in(&copy));
}

TEST(a_form_without_its_token_changes_nothing)
{
	int64_t user, other_user;
	Browser b = signed_in(cx, "reception", &user),
		other = signed_in(cx, "reception", &other_user);

	CHECK_INT(browse(&b, POST, "/settings/account/name", "name=Novo").status, 403);
	snprintf(b.csrf, sizeof b.csrf, "%s", other.csrf);
	CHECK_INT(post(&b, "/settings/account/name", "name=Novo").status, 403);
	get(&b, "/settings/account");
	b.foreign = true;
	CHECK_INT(post(&b, "/settings/account/name", "name=Novo").status, 403);
	b.foreign = false;
	CHECK_INT(post(&b, "/settings/account/name", "name=Novo").status, 303);
}

TEST(signing_in_leads_on_only_to_paths_of_this_site)
{
	static const char *const bad[] = { "https://evil.test/", "//evil.test", "/\\evil.test",
		"javascript:x", "/login?next=/x", "%0d%0aSet-Cookie:x", "/a%20b", "" };
	Browser b = browser_open(cx, "a.test");
	int64_t user;
	const char *email = new_person(cx, 1, "reception", &user);
	Page page;

	for (size_t i = 0; i < COUNT(bad); i++) {
		page = post_form(
			&b, "/login", "email=%s&password=%s&next=%s", email, TEST_PASSWORD, bad[i]);
		CHECK_INT(page.status, 303);
		CHECK_TEXT(page.location, "/");
	}
	page = post_form(&b, "/login", "email=%s&password=%s&next=%s", email, TEST_PASSWORD,
		"/leads%3Fq%3Dana%2525%26stage%3D2");
	CHECK_TEXT(page.location, "/leads?q=ana%25&stage=2");
}

/* ---- second factor ---- */

static const char *seed_of(Browser *b)
{
	Page page = get(b, "/settings/account/totp");

	return between(b->cx, page.body, "<code class=\"break-all\">", "</code>");
}

static const char *ticket_of(Browser *b, const char *body)
{
	return between(b->cx, body, "name=\"ticket\" value=\"", "\"");
}

static const char *code_at(Ctx *cx, const char *seed, int64_t now)
{
	char code[9];

	CHECK(totp_code(seed, now / TOTP_STEP_S, 6, code));
	return arena_dup(cx->mem, code);
}

/* Turn it on; the first recovery code. */
static const char *turn_on(Browser *b, const char *seed, const char *ticket)
{
	Page page = post_form(b, "/settings/account/totp", "ticket=%s&code=%s&current=%s", ticket,
		code_at(b->cx, seed, b->now), TEST_PASSWORD);

	CHECK_INT(page.status, 200);
	CHECK(strstr(page.body, "recovery-codes") != NULL);
	return between(b->cx, page.body, "<li class=\"rounded-md border px-3 py-2\">", "</li>");
}

TEST(the_second_factor_is_asked_and_each_code_is_good_once)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user), again = browser_open(cx, "a.test");
	Page page = get(&b, "/settings/account/totp");
	const char *seed = between(cx, page.body, "<code class=\"break-all\">", "</code>");
	const char *recovery = turn_on(&b, seed, ticket_of(&b, page.body));
	const char *email = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem, "select email from account.member where user_id = %" PRId64,
			user));

	CHECK_INT(strlen(recovery ? recovery : ""), 19);
	again.now = b.now;
	page = login(&again, email, TEST_PASSWORD);
	CHECK_TEXT(page.location, "/login/totp");
	CHECK(!page.set_access);
	CHECK(!is_in(&again));
	/* the code that turned it on is used up */
	CHECK_INT(post_form(&again, "/login/totp", "code=%s", code_at(cx, seed, again.now)).status,
		422);
	again.now += 30;
	page = post_form(&again, "/login/totp", "code=%s", code_at(cx, seed, again.now));
	CHECK_INT(page.status, 303);
	CHECK(is_in(&again));

	again = browser_open(cx, "a.test");
	again.now = b.now + 30;
	login(&again, email, TEST_PASSWORD);
	CHECK_INT(post_form(&again, "/login/totp", "code=%s", code_at(cx, seed, again.now)).status,
		422);
	CHECK_INT(post_form(&again, "/login/totp", "code=%s", recovery).status, 303);
	again = browser_open(cx, "a.test");
	again.now = b.now + 30;
	login(&again, email, TEST_PASSWORD);
	CHECK_INT(post_form(&again, "/login/totp", "code=%s", recovery).status, 422);
}

TEST(the_second_factor_needs_code_and_password_to_be_turned_on)
{
	int64_t user, stranger;
	Browser b = signed_in(cx, "owner", &user), other = signed_in(cx, "owner", &stranger);
	Page page = get(&b, "/settings/account/totp");
	const char *seed = between(cx, page.body, "<code class=\"break-all\">", "</code>");
	const char *ticket = ticket_of(&b, page.body);

	CHECK(seed_of(&b) &&
		strcmp(seed, seed_of(&b)) != 0); /* a new seed each time, none stored */
	CHECK_INT(post_form(&b, "/settings/account/totp", "ticket=%s&code=%s&current=%s", ticket,
			  "000000", TEST_PASSWORD)
			  .status,
		422);
	CHECK_INT(post_form(&b, "/settings/account/totp", "ticket=%s&code=%s&current=%s", ticket,
			  code_at(cx, seed, b.now), "errada")
			  .status,
		422);
	/* a ticket belongs to its person */
	CHECK_INT(post_form(&other, "/settings/account/totp", "ticket=%s&code=%s&current=%s",
			  ticket, code_at(cx, seed, b.now), TEST_PASSWORD)
			  .status,
		303);
	CHECK_TEXT(
		sql_as(cx, "siso_app", 1,
			arena_printf(cx->mem,
				"select totp from account.identity_by_id(%" PRId64 ")", stranger)),
		NULL);
	CHECK(turn_on(&b, seed, ticket) != NULL);
	/* the seed is not readable in the table */
	CHECK(!strstr(
		sql_as(cx, "siso_app", 1,
			arena_printf(cx->mem,
				"select totp from account.identity_by_id(%" PRId64 ")", user)),
		seed));
}

TEST(guessing_codes_is_slowed_down)
{
	int64_t user;
	Browser b = signed_in(cx, "owner", &user), again = browser_open(cx, "a.test");
	Page page = get(&b, "/settings/account/totp");
	const char *email = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem, "select email from account.member where user_id = %" PRId64,
			user));

	turn_on(&b, between(cx, page.body, "<code class=\"break-all\">", "</code>"),
		ticket_of(&b, page.body));
	login(&again, email, TEST_PASSWORD);
	for (int i = 0; i < 5; i++)
		CHECK_INT(post(&again, "/login/totp", "code=000000").status, 422);
	CHECK_INT(post(&again, "/login/totp", "code=000000").status, 429);
}

TEST(without_the_password_s_ticket_no_code_is_taken)
{
	Browser b = browser_open(cx, "a.test");
	Page page = post(&b, "/login/totp", "code=123456");

	CHECK_INT(page.status, 303);
	CHECK_TEXT(page.location, "/login?why=code");
	set_cookie(&b, "siso_code", "eyJhbGciOiJub25lIn0.e30.");
	CHECK_INT(post(&b, "/login/totp", "code=123456").status, 303);
}

/* ---- forgotten ---- */

static const char *last_link(Ctx *cx, const char *email, const char *path)
{
	const char *text = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem,
			"select text from siso.mail where to_email = '%s' order by id desc limit 1",
			email));

	return between(cx, text, path, "\n");
}

TEST(a_forgotten_password_is_made_anew_by_a_link_that_works_once)
{
	int64_t user;
	Browser open = signed_in(cx, "reception", &user), b = browser_open(cx, "a.test");
	const char *email = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem, "select email from account.member where user_id = %" PRId64,
			user));
	const char *token, *path;

	get(&b, "/forgot");
	CHECK_INT(post_form(&b, "/forgot", "email=%s", email).status, 200);
	token = last_link(cx, email, "/reset/");
	CHECK(token != NULL);
	path = arena_printf(cx->mem, "/reset/%s", token);
	CHECK_INT(get(&b, path).status, 200);
	CHECK_INT(post(&b, path, "password=curta").status, 422);
	CHECK_INT(post(&b, path, "password=outras palavras bem longas").status, 303);
	CHECK_INT(get(&b, path).status, 404);
	CHECK_INT(post(&b, path, "password=mais palavras bem longas").status, 404);
	CHECK(!is_in(&open));
	CHECK_INT(login(&b, email, TEST_PASSWORD).status, 422);
	CHECK_INT(login(&b, email, "outras palavras bem longas").status, 303);
}

TEST(a_forgotten_password_s_page_never_says_who_is_known)
{
	Browser b = browser_open(cx, "a.test");
	int64_t user;
	const char *here = new_person(cx, 1, "reception", &user),
		   *elsewhere = new_person(cx, 2, "owner", &user);
	Page known = post_form(&b, "/forgot", "email=%s", here);
	Page unknown = post(&b, "/forgot", "email=nobody@x.test");
	Page foreign = post_form(&b, "/forgot", "email=%s", elsewhere);

	CHECK_TEXT(unknown.body, known.body);
	CHECK_TEXT(foreign.body, known.body);
	CHECK_TEXT(last_link(cx, elsewhere, "/reset/"), NULL);
	CHECK_TEXT(last_link(cx, "nobody@x.test", "/reset/"), NULL);
}

TEST(a_reset_link_ends_after_an_hour_and_three_are_the_most)
{
	Browser b = browser_open(cx, "a.test");
	int64_t user;
	const char *email = new_person(cx, 1, "reception", &user), *token;

	for (int i = 0; i < 5; i++)
		post_form(&b, "/forgot", "email=%s", email);
	CHECK_TEXT(sql_as(cx, "siso_app", 1,
			   arena_printf(cx->mem,
				   "select count(*) from siso.mail where to_email = '%s'", email)),
		"3");
	token = last_link(cx, email, "/reset/");
	b.now += 3601;
	CHECK_INT(get(&b, arena_printf(cx->mem, "/reset/%s", token)).status, 404);
}

/* ---- several clinics ---- */

TEST(a_person_of_two_clinics_goes_over_by_a_ticket_that_works_once)
{
	int64_t user;
	Browser a = signed_in(cx, "reception", &user), b = browser_open(cx, "b.test");
	const char *path;
	Page page;

	CHECK_INT(get(&a, "/switch/2").status, 404); /* no member there */
	sql_as(cx, "siso_app", 2,
		arena_printf(cx->mem,
			"insert into account.member (company_id, user_id, name, email, role)"
			" select 2, id, name, email, 'owner' from account.identity_by_id(%" PRId64
			")",
			user));
	page = get(&a, "/switch");
	CHECK(strstr(page.body, "b.test") != NULL);
	page = get(&a, "/switch/2");
	CHECK_INT(page.status, 303);
	CHECK(str_starts(page.location, "https://b.test/switch/enter?ticket="));
	path = strstr(page.location, "/switch/enter");

	b.peer = a.peer;
	b.agent = "another browser";
	CHECK_TEXT(get(&b, path).location, "/login?why=ticket");
	b.agent = a.agent;
	b.now = a.now + 61;
	CHECK_TEXT(get(&b, path).location, "/login?why=ticket");
	b.now = a.now;
	CHECK_TEXT(get(&b, path).location, "/");
	CHECK(is_in(&b));
	b = browser_open(cx, "b.test");
	b.peer = a.peer;
	b.now = a.now;
	CHECK_TEXT(get(&b, path).location, "/login?why=ticket");
	CHECK(!is_in(&b));
}

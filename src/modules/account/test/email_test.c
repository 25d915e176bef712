/* Changing one's own e-mail: the link to the new address, the notice to the old one. */
#include "browser.h"
#include "test.h"

static const char *letter_to(Ctx *cx, const char *email)
{
	return sql_as(cx, "siso_owner", 1,
		arena_printf(cx->mem,
			"select text from siso.mail where to_email = '%s' order by id desc limit "
			"1",
			email));
}

/* Ask for the new address; the path of the link that was sent to it. */
static const char *asked(Browser *b, const char *new_email)
{
	Ctx *cx = b->cx;
	const char *letter, *token;

	get(b, "/settings/account");
	CHECK_INT(post_form(b, "/settings/account/email", "new_email=%s&confirm=%s", new_email,
			  TEST_PASSWORD)
			  .status,
		303);
	letter = letter_to(cx, new_email);
	CHECK(letter != NULL);
	token = between(cx, letter, "/settings/account/email?token=", "\n");
	CHECK(token != NULL);
	return token;
}

static const char *fresh_email(Ctx *cx, int64_t user)
{
	return arena_printf(cx->mem, "novo%" PRId64 "@x.test", user);
}

TEST(a_person_changes_the_own_e_mail_by_a_link_to_the_new_address)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user), door = browser_open(cx, "a.test");
	const char *old = sql_as(cx, "siso_owner", 1,
		arena_printf(
			cx->mem, "select email from account.identity where id = %" PRId64, user));
	const char *wanted = fresh_email(cx, user), *token = asked(&b, wanted);
	Page page = get(&b, arena_printf(cx->mem, "/settings/account/email?token=%s", token));

	CHECK_INT(page.status, 200);
	CHECK(strstr(page.body, old) && strstr(page.body, wanted));
	/* opening alone changes nothing: mail programs open links by themselves */
	CHECK_TEXT(sql_as(cx, "siso_owner", 1,
			   arena_printf(cx->mem,
				   "select email from account.identity where id = %" PRId64, user)),
		old);
	CHECK_INT(post_form(&b, "/settings/account/email/confirm", "token=%s", token).status, 303);
	CHECK_TEXT(sql_as(cx, "siso_owner", 1,
			   arena_printf(cx->mem,
				   "select email from account.identity where id = %" PRId64, user)),
		wanted);
	CHECK_TEXT(sql_as(cx, "siso_owner", 1,
			   arena_printf(cx->mem,
				   "select email from account.member where company_id = 1 and "
				   "user_id = %" PRId64,
				   user)),
		wanted);
	CHECK(strstr(letter_to(cx, old), wanted));
	get(&door, "/login");
	CHECK_INT(post_form(&door, "/login", "email=%s&password=%s", wanted, TEST_PASSWORD).status,
		303);
	get(&b, "/settings/account");
	CHECK_INT(post_form(&b, "/settings/account/email/confirm", "token=%s", token).status, 409);
}

TEST(a_link_is_good_for_its_person_alone_and_needs_the_password)
{
	int64_t user, stranger;
	Browser b = signed_in(cx, "reception", &user),
		other = signed_in(cx, "reception", &stranger);
	const char *token = asked(&b, fresh_email(cx, user));

	get(&other, "/settings/account");
	CHECK_INT(post_form(&other, "/settings/account/email/confirm", "token=%s", token).status,
		404);
	CHECK_INT(get(&other, arena_printf(cx->mem, "/settings/account/email?token=%s", token))
			  .status,
		404);
	CHECK_INT(post_form(&other, "/settings/account/email",
			  "new_email=a%" PRId64 "@x.test&confirm=errada", stranger)
			  .status,
		422);
	CHECK_INT(post_form(&other, "/settings/account/email", "new_email=nada&confirm=%s",
			  TEST_PASSWORD)
			  .status,
		422);
	b.now += 24 * 3600 + 1;
	CHECK(get(&b, arena_printf(cx->mem, "/settings/account/email?token=%s", token)).status !=
		200);
}

TEST(an_address_of_somebody_else_gets_no_link_and_nobody_is_told)
{
	int64_t user, owner;
	Browser b = signed_in(cx, "reception", &user);
	const char *taken = new_person(cx, 1, "reception", &owner);

	get(&b, "/settings/account");
	CHECK_INT(post_form(&b, "/settings/account/email", "new_email=%s&confirm=%s", taken,
			  TEST_PASSWORD)
			  .status,
		303);
	CHECK(!letter_to(cx, taken));
}

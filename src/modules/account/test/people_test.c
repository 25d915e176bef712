/* Who belongs to the clinic, what they may, and keys for programs: through the whole router. */
#include "browser.h"

#include "core/random.h"
#include "modules/company/company.h"
#include "test.h"

static const char *email_of(Ctx *cx, int64_t user)
{
	return sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem, "select email from account.member where user_id = %" PRId64,
			user));
}

static const char *version_of(Ctx *cx, int64_t user)
{
	return sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem, "select version from account.member where user_id = %" PRId64,
			user));
}

static Page save(Browser *b, int64_t user, const char *role, bool active)
{
	return post_form(b, arena_printf(b->cx->mem, "/settings/users/%" PRId64, user),
		"role=%s&cro=&version=%s%s", role, version_of(b->cx, user),
		active ? "&active=1" : "");
}

/* ---- roles take effect ---- */

TEST(a_changed_role_counts_with_the_next_request)
{
	int64_t owner, user;
	Browser boss = signed_in(cx, "owner", &owner), b = signed_in(cx, "reception", &user);

	CHECK_INT(get(&b, "/settings/users").status, 403);
	CHECK_INT(save(&boss, user, "manager", true).status, 303);
	CHECK_INT(get(&b, "/settings/users").status, 200);
	CHECK_INT(save(&boss, user, "reception", true).status, 303);
	CHECK_INT(get(&b, "/settings/users").status, 403);
}

TEST(whoever_is_deactivated_is_out_at_once_and_stays_out)
{
	int64_t owner, user;
	Browser boss = signed_in(cx, "owner", &owner), b = signed_in(cx, "reception", &user);
	const char *email = email_of(cx, user);

	CHECK_INT(save(&boss, user, "reception", false).status, 303);
	CHECK_INT(get(&b, "/settings/account").status, 303);
	CHECK_INT(
		post_form(&b, "/login", "email=%s&password=%s", email, TEST_PASSWORD).status, 422);
	CHECK_INT(save(&boss, user, "reception", true).status, 303);
	CHECK_INT(
		post_form(&b, "/login", "email=%s&password=%s", email, TEST_PASSWORD).status, 303);
}

TEST(only_owners_make_owners_and_nobody_changes_the_own_role)
{
	int64_t owner, manager, user;
	Browser boss = signed_in(cx, "owner", &owner), b = signed_in(cx, "manager", &manager);

	new_person(cx, 1, "reception", &user);
	get(&b, "/settings/users");
	CHECK_INT(save(&b, user, "owner", true).status, 403);
	CHECK_INT(save(&b, owner, "reception", true).status, 403);
	CHECK_INT(save(&b, owner, "owner", false).status, 403);
	CHECK_INT(save(&b, manager, "dentist", true).status, 403);
	CHECK_INT(save(&b, manager, "manager", false).status, 403);
	CHECK_INT(save(&b, user, "dentist", true).status, 303);
	CHECK_INT(save(&boss, user, "owner", true).status, 303);
	CHECK_INT(save(&boss, user, "nonsense", true).status, 422);
	CHECK_INT(post_form(&b, "/settings/users/invite", "email=o@x.test&role=owner").status, 403);
}

TEST(the_second_of_two_edits_is_told)
{
	int64_t owner, user;
	Browser boss = signed_in(cx, "owner", &owner);
	const char *path;

	new_person(cx, 1, "reception", &user);
	path = arena_printf(cx->mem, "/settings/users/%" PRId64, user);
	CHECK_INT(post(&boss, path, "role=dentist&cro=sp-123&active=1&version=1").status, 303);
	CHECK_INT(post(&boss, path, "role=finance&cro=&active=1&version=1").status, 409);
	CHECK_INT(post(&boss, path, "role=finance&cro=12345&active=1&version=2").status, 422);
	CHECK_TEXT(
		sql_as(cx, "siso_app", 1,
			arena_printf(cx->mem,
				"select cro from account.member where user_id = %" PRId64, user)),
		"SP 123");
}

TEST(people_of_another_clinic_are_not_found)
{
	int64_t owner, foreign;
	Browser boss = signed_in(cx, "owner", &owner);
	const char *path;

	new_person(cx, 2, "reception", &foreign);
	path = arena_printf(cx->mem, "/settings/users/%" PRId64, foreign);
	CHECK_INT(get(&boss, path).status, 404);
	CHECK_INT(post(&boss, path, "role=dentist&active=1&version=1").status, 404);
	CHECK_INT(post_form(&boss, "/settings/account/sessions/999999999/end", "x=1").status, 404);
	CHECK_INT(
		post_form(&boss, "/settings/users/invitations/999999999/again", "x=1").status, 404);
	CHECK_INT(post_form(&boss, "/settings/api-keys/999999999/revoke", "x=1").status, 404);
	CHECK_INT(get(&boss, "/settings/users/abc").status, 404);
	CHECK_INT(get(&boss, "/settings/users/99999999999999999999").status, 404);
}

/* ---- the matrix ---- */

TEST(the_matrix_gives_and_takes_at_once_and_goes_back_to_the_default)
{
	int64_t owner, user;
	Browser boss = signed_in(cx, "owner", &owner), b = signed_in(cx, "assistant", &user);
	Page page;

	CHECK_INT(get(&b, "/settings/users").status, 403);
	boss.htmx = true;
	page = post(&boss, "/settings/roles/set", "role=assistant&perm=account.people&held=1");
	CHECK_INT(page.status, 200);
	CHECK(strstr(page.body, "aria-pressed=\"true\"") != NULL);
	CHECK_INT(get(&b, "/settings/users").status, 200);
	/* what it needs is taken: so is it, and the page shows both */
	page = post(&boss, "/settings/roles/set", "role=assistant&perm=account.read&held=");
	CHECK(strstr(page.body, "id=\"may-assistant-account.people\" hx-swap-oob=\"true\"") !=
		NULL);
	CHECK(strstr(page.body, "Retiramos junto, porque dependem desta: Convidar") != NULL);
	CHECK_INT(get(&b, "/settings/users").status, 403);
	post(&boss, "/settings/roles/set", "role=assistant&perm=account.people&held=1");
	page = post(&boss, "/settings/roles/set", "role=assistant&perm=account.people&held=");
	CHECK_INT(page.status, 200);
	CHECK_INT(get(&b, "/settings/users").status, 403);
	/* as declared again: no row is left */
	CHECK_TEXT(sql_as(cx, "siso_app", 1,
			   "select count(*) from account.role_perm where role = 'assistant' and "
			   "perm = 'account.people'"),
		"0");
	boss.htmx = false;
	post(&boss, "/settings/roles/set", "role=assistant&perm=account.people&held=1");
	CHECK_INT(post(&boss, "/settings/roles/reset", "role=assistant").status, 303);
	CHECK_INT(get(&b, "/settings/users").status, 403);
}

TEST(the_owner_s_column_is_locked)
{
	int64_t owner, user;
	Browser boss = signed_in(cx, "owner", &owner), b = signed_in(cx, "manager", &user);

	CHECK_INT(post(&boss, "/settings/roles/set", "role=owner&perm=account.people&held=").status,
		403);
	CHECK_INT(
		post(&boss, "/settings/roles/set", "role=manager&perm=no.such&held=1").status, 404);
	CHECK_INT(
		post(&boss, "/settings/roles/set", "role=nobody&perm=account.people&held=1").status,
		404);
	CHECK_INT(get(&b, "/settings/roles").status, 403);
	get(&b, "/settings/users");
	CHECK_INT(post(&b, "/settings/roles/set", "role=manager&perm=account.roles&held=1").status,
		403);
}

TEST(an_own_role_starts_from_a_built_in_one)
{
	const char *title = crypto_token(cx->mem, 9), *name;
	int64_t owner, user;
	Browser boss = signed_in(cx, "owner", &owner), b = signed_in(cx, "reception", &user);

	CHECK_INT(post_form(&boss, "/settings/roles", "title=%s&base=manager", title).status, 303);
	CHECK_INT(post_form(&boss, "/settings/roles", "title=%s&base=manager", title).status, 422);
	CHECK_INT(post(&boss, "/settings/roles", "title=dentista&base=manager").status, 422);
	CHECK_INT(post(&boss, "/settings/roles", "title=Chefe&base=owner").status, 422);
	name = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem, "select name from account.role where title = '%s'", title));
	CHECK_INT(save(&boss, user, name, true).status, 303);
	CHECK_INT(get(&b, "/settings/users").status, 200);
	CHECK(strstr(get(&b, "/api/v1/me").body, title) != NULL);
	CHECK_INT(post_form(&boss, "/settings/roles/delete", "role=%s", name).status, 409);
	CHECK_INT(save(&boss, user, "reception", true).status, 303);
	CHECK_INT(post_form(&boss, "/settings/roles/delete", "role=%s", name).status, 303);
	CHECK_INT(post(&boss, "/settings/roles/delete", "role=manager").status, 403);
}

/* ---- invitations ---- */

static const char *invite_path(Ctx *cx, const char *email)
{
	const char *text = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem,
			"select text from siso.mail where to_email = '%s' order by id desc limit 1",
			email));
	const char *token = between(cx, text, "/invite/", "\n");

	CHECK(token != NULL);
	return arena_printf(cx->mem, "/invite/%s", token ? token : "");
}

static const char *fresh_email(Ctx *cx)
{
	return arena_printf(
		cx->mem, "i%.10s@x.test", crypto_sha256_hex(cx->mem, crypto_token(cx->mem, 9), 12));
}

TEST(an_invited_person_joins_with_a_new_password)
{
	int64_t owner;
	Browser boss = signed_in(cx, "owner", &owner), b = browser_open(cx, "a.test");
	const char *email = fresh_email(cx), *path;
	Page page;

	CHECK_INT(
		post_form(&boss, "/settings/users/invite", "email=%s&role=dentist&name=Caio", email)
			.status,
		303);
	CHECK_INT(post_form(&boss, "/settings/users/invite", "email=%s&role=dentist", email).status,
		422);
	path = invite_path(cx, email);
	page = get(&b, path);
	CHECK_INT(page.status, 200);
	CHECK(strstr(page.body, "Dentista") != NULL);
	CHECK_INT(post(&b, path, "name=Caio&password=senha123456").status, 422);
	CHECK_INT(post(&b, path, "name=&password=palavras bem longas mesmo").status, 422);
	page = post(&b, path, "name=Caio Freire&password=palavras bem longas mesmo");
	CHECK_INT(page.status, 303);
	CHECK(page.set_access);
	CHECK(strstr(get(&b, "/api/v1/me").body, "Caio Freire") != NULL);
	CHECK_INT(get(&b, path).status, 404);
	CHECK_INT(post(&b, path, "name=X&password=palavras bem longas mesmo").status, 404);
}

TEST(a_known_person_joins_with_the_password_already_had)
{
	int64_t owner, user;
	Browser boss = signed_in(cx, "owner", &owner), b = browser_open(cx, "a.test");
	const char *email = new_person(cx, 2, "owner", &user), *path;

	CHECK_INT(post_form(&boss, "/settings/users/invite", "email=%s&role=dentist", email).status,
		303);
	path = invite_path(cx, email);
	CHECK_INT(post(&b, path, "password=uma senha inventada agora").status, 422);
	CHECK_INT(get(&b, path).status, 200);
	CHECK_INT(post_form(&b, path, "password=%s", TEST_PASSWORD).status, 303);
	CHECK(!*cookie_of(
		&b, COOKIE_ACCESS)); /* through the door, where a second factor may stand */
	CHECK_INT(
		post_form(&b, "/login", "email=%s&password=%s", email, TEST_PASSWORD).status, 303);
}

TEST(an_invitation_can_be_sent_again_cancelled_and_ends_by_itself)
{
	int64_t owner;
	Browser boss = signed_in(cx, "owner", &owner), b = browser_open(cx, "a.test");
	const char *email = fresh_email(cx), *first, *second, *id;

	post_form(&boss, "/settings/users/invite", "email=%s&role=finance", email);
	first = invite_path(cx, email);
	id = sql_as(cx, "siso_app", 1,
		arena_printf(
			cx->mem, "select id from account.invitation where email = '%s'", email));
	CHECK_INT(post(&boss, arena_printf(cx->mem, "/settings/users/invitations/%s/again", id), "")
			  .status,
		303);
	second = invite_path(cx, email);
	CHECK(strcmp(first, second) != 0);
	CHECK_INT(get(&b, first).status, 404);
	CHECK_INT(get(&b, second).status, 200);
	b.now += 7 * 24 * 3600;
	CHECK_INT(get(&b, second).status, 404);
	b.now = boss.now;
	CHECK_INT(
		post(&boss, arena_printf(cx->mem, "/settings/users/invitations/%s/revoke", id), "")
			.status,
		303);
	CHECK_INT(get(&b, second).status, 404);
}

TEST(the_plan_limits_how_many_people_belong)
{
	int64_t owner;
	Browser boss = signed_in(cx, "owner", &owner);
	Page page;

	sql_as(cx, "siso_owner", 0, "update company.company set users_max = 1 where id = 1");
	page = post_form(&boss, "/settings/users/invite", "email=%s&role=finance", fresh_email(cx));
	sql_as(cx, "siso_owner", 0, "update company.company set users_max = 5000 where id = 1");
	CHECK_INT(page.status, 402);
	CHECK_INT(
		post_form(&boss, "/settings/users/invite", "email=%s&role=finance", fresh_email(cx))
			.status,
		303);
}

/* ---- the own account ---- */

TEST(a_new_password_ends_the_other_sessions_and_keeps_this_one)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user), other = browser_open(cx, "a.test");
	const char *email = email_of(cx, user);

	post_form(&other, "/login", "email=%s&password=%s", email, TEST_PASSWORD);
	CHECK_INT(get(&other, "/settings/account").status, 200);
	CHECK_INT(post(&b, "/settings/account/password",
			  "current=errada&password=outras palavras longas")
			  .status,
		422);
	CHECK_INT(post_form(&b, "/settings/account/password", "current=%s&password=1234567890",
			  TEST_PASSWORD)
			  .status,
		422);
	CHECK_INT(post_form(&b, "/settings/account/password", "current=%s&password=%s",
			  TEST_PASSWORD, "outras palavras longas")
			  .status,
		303);
	CHECK_INT(get(&b, "/settings/account").status, 200);
	CHECK_INT(get(&other, "/settings/account").status, 303);
	CHECK_INT(post_form(&other, "/login", "email=%s&password=%s", email, TEST_PASSWORD).status,
		422);
	CHECK_TEXT(sql_as(cx, "siso_app", 1,
			   arena_printf(cx->mem,
				   "select subject from siso.mail where to_email = '%s'", email)),
		"Sua senha foi trocada");
}

TEST(an_own_session_is_ended_from_the_list)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user), other = browser_open(cx, "a.test");
	const char *path;
	Page page;

	other.agent = "Mozilla/5.0 (iPhone) Safari/1";
	post_form(&other, "/login", "email=%s&password=%s", email_of(cx, user), TEST_PASSWORD);
	page = get(&b, "/settings/account");
	CHECK(strstr(page.body, "Safari no iPhone") != NULL);
	path = between(cx, page.body, "action=\"/settings/account/sessions/", "/end\"");
	CHECK(path != NULL);
	path = arena_printf(cx->mem, "/settings/account/sessions/%s/end", path);
	CHECK_INT(post(&b, path, "").status, 303);
	CHECK_INT(get(&other, "/settings/account").status, 303);
	CHECK_INT(get(&b, "/settings/account").status, 200);
}

TEST(nobody_ends_the_session_of_another)
{
	int64_t user, victim;
	Browser b = signed_in(cx, "reception", &user), other = signed_in(cx, "reception", &victim);
	const char *id = sql_as(cx, "siso_app", 1,
		arena_printf(cx->mem,
			"select max(id) from account.session where user_id = %" PRId64, victim));

	CHECK_INT(
		post(&b, arena_printf(cx->mem, "/settings/account/sessions/%s/end", id), "").status,
		404);
	CHECK_INT(get(&other, "/settings/account").status, 200);
}

TEST(a_name_is_changed_everywhere)
{
	int64_t user;
	Browser b = signed_in(cx, "reception", &user);

	CHECK_INT(post(&b, "/settings/account/name", "name=%3Cb%3EMaria%3C/b%3E").status, 303);
	CHECK(strstr(get(&b, "/api/v1/me").body, "<b>Maria</b>") != NULL);
	CHECK(strstr(get(&b, "/settings/account").body, "&lt;b&gt;Maria") != NULL);
	CHECK(!strstr(get(&b, "/settings/account").body, "<b>Maria"));
	CHECK_INT(post(&b, "/settings/account/name", "name=").status, 422);
}

/* ---- keys ---- */

static const char *make_key(Browser *b, const char *scopes)
{
	Page page = post_form(b, "/settings/api-keys", "name=Site&expires=&%s", scopes);

	CHECK_INT(page.status, 200);
	return between(b->cx, page.body, "id=\"api-key\">", "</code>");
}

TEST(a_key_may_what_its_scopes_say_until_it_is_revoked)
{
	int64_t owner;
	Browser boss = signed_in(cx, "owner", &owner), b = browser_open(cx, "a.test");
	const char *key = make_key(&boss, "scopes=account.read"), *prefix, *id;
	Page page;

	CHECK(key != NULL);
	CHECK(!strstr(get(&boss, "/settings/api-keys").body, key));
	b.bearer = key;
	page = get(&b, "/api/v1/users");
	CHECK_INT(page.status, 200);
	CHECK(strstr(page.body, "\"data\":[") != NULL);
	CHECK_INT(get(&b, "/api/v1/users").queries - page.queries < 0, 1); /* remembered */
	CHECK_INT(get(&b, "/settings/users").status, 403);
	CHECK_INT(browse(&b, DELETE, "/api/v1/session", NULL).status, 400);
	prefix = arena_copy(cx->mem, key + 5, 8);
	id = sql_as(cx, "siso_app", 1,
		arena_printf(
			cx->mem, "select id from account.api_key where prefix = '%s'", prefix));
	CHECK_INT(post(&boss, arena_printf(cx->mem, "/settings/api-keys/%s/revoke", id), "").status,
		303);
	CHECK_INT(get(&b, "/api/v1/users").status, 401);
}

TEST(a_key_s_secret_is_not_in_the_table_and_a_wrong_one_is_refused)
{
	int64_t owner;
	Browser boss = signed_in(cx, "owner", &owner), b = browser_open(cx, "a.test"),
		other = browser_open(cx, "b.test");
	char *key = arena_dup(cx->mem, make_key(&boss, "scopes=account.read"));

	CHECK_TEXT(sql_as(cx, "siso_app", 1,
			   arena_printf(cx->mem,
				   "select count(*) from account.api_key where secret_hash || name "
				   "like '%%%s%%'",
				   key + 14)),
		"0");
	b.bearer = key;
	other.bearer = key;
	CHECK_INT(get(&b, "/api/v1/users").status, 200);
	CHECK_INT(get(&other, "/api/v1/users").status, 401);
	key[20] = key[20] == 'a' ? 'b' : 'a';
	CHECK_INT(get(&b, "/api/v1/users").status, 401);
}

TEST(nobody_gives_a_key_more_than_the_own_rights)
{
	int64_t user;
	Browser b = signed_in(cx, "manager", &user);
	Page page = get(&b, "/settings/api-keys");

	CHECK(strstr(page.body, "value=\"account.read\"") != NULL);
	CHECK(!strstr(page.body, "value=\"account.roles\""));
	CHECK_INT(post(&b, "/settings/api-keys", "name=X&scopes=account.roles").status, 403);
	CHECK_INT(post(&b, "/settings/api-keys", "name=X&scopes=no.such").status, 422);
	CHECK_INT(post(&b, "/settings/api-keys", "name=X").status, 422);
	CHECK_INT(post(&b, "/settings/api-keys", "name=X&scopes=account.read&expires=2020-01-01")
			  .status,
		422);
}

TEST(a_key_makes_no_owner_and_no_key_beyond_its_scopes)
{
	int64_t owner, user;
	Browser boss = signed_in(cx, "owner", &owner), b = browser_open(cx, "a.test");

	new_person(cx, 1, "reception", &user);
	b.bearer = make_key(&boss, "scopes=account.people&scopes=account.keys");
	CHECK_INT(save(&b, user, "owner", true).status, 403);
	CHECK_INT(save(&b, owner, "reception", true).status, 403);
	CHECK_INT(post(&b, "/settings/users/invite", "email=k@x.test&role=owner").status, 403);
	CHECK_INT(post(&b, "/settings/api-keys", "name=X&scopes=account.roles").status, 403);
	CHECK_INT(save(&b, user, "dentist", true).status, 303);
	CHECK_INT(post_form(&b, "/settings/users/invite", "email=%s&role=dentist", fresh_email(cx))
			  .status,
		303);
	CHECK_INT(get(&b, "/settings/account").status, 404);
	CHECK_INT(get(&b, "/settings/account/totp").status, 403);
	CHECK_INT(get(&b, "/switch/2").status, 404);
}

/* ---- the doors ---- */

TEST(the_program_s_role_reaches_identities_only_through_the_doors)
{
	static const char *const tables[] = { "identity", "recovery", "reset", "login_attempt" };

	signed_in(cx, "reception", &(int64_t){ 0 });
	for (size_t i = 0; i < COUNT(tables); i++) {
		CHECK_TEXT(sql_as(cx, "siso_owner", 0,
				   arena_printf(cx->mem,
					   "select bool_or(has_table_privilege(r, 'account.%s', "
					   "p))::text"
					   " from "
					   "unnest(array['siso_app','siso_ro','siso_queue','siso_"
					   "operator']) r,"
					   " unnest(array['select','insert','update','delete']) p",
					   tables[i])),
			"false");
	}
	CHECK_TEXT(sql_as(cx, "siso_owner", 0,
			   "select count(*) from pg_proc where pronamespace = "
			   "'account'::regnamespace and"
			   " (not prosecdef or pg_get_userbyid(proowner) <> 'siso_door' or"
			   " has_function_privilege('public', oid, 'execute') or"
			   " proconfig is distinct from array['search_path=pg_catalog, pg_temp'])"),
		"0");
}

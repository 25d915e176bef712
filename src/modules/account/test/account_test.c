/* What other modules ask of account, and its jobs: in the test's transaction, rolled back. */
#include "browser.h"

#include "modules/account/account.sql.h"
#include "modules/account/account_jobs.h"
#include "test.h"
#include "test_db.h"

/* The permissions of all modules are told once, with the program. */
static void start(Ctx *cx)
{
	browser_open(cx, "a.test");
}

static int64_t add(Ctx *cx, const char *name, const char *role)
{
	UserId user = { 0 };

	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = name,
			      .email = arena_printf(cx->mem, "%s@rolled-back.test", name),
			      .role = role },
		      &user) == OK);
	return user.v;
}

static bool is_among(const Member *member, size_t count, int64_t user)
{
	for (size_t i = 0; i < count; i++)
		if (member[i].user == user)
			return true;
	return false;
}

TEST(a_person_is_added_once_and_joined_in_a_second_company)
{
	UserId first, second, again;
	MemberNew in = { .name = "Ana",
		.email = " ANA@Rolled-Back.test ",
		.role = "dentist",
		.password = "quatro palavras bem longas" };
	Member member;

	CHECK(account_add_member(cx, &in, &first) == OK);
	CHECK(account_add_member(cx, &in, &again) == ERR_CONFLICT);
	CHECK(account_get_member(cx, first.v, &member) == OK);
	CHECK_TEXT(member.email, "ana@rolled-back.test");
	CHECK_TEXT(member.role_title, "Dentista");
	CHECK(member.active);
	test_as_company(cx, 2);
	CHECK(account_get_member(cx, first.v, &member) == ERR_NOT_FOUND);
	in.name = "Outro nome";
	in.role = "owner";
	CHECK(account_add_member(cx, &in, &second) == OK);
	CHECK_INT(second.v, first.v);
	CHECK(account_get_member(cx, first.v, &member) == OK);
	CHECK_TEXT(member.name, "Ana"); /* the person's own name stays */
	CHECK_TEXT(member.role, "owner");
}

TEST(a_person_without_a_sensible_address_or_role_is_refused)
{
	UserId user;

	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = "A", .email = "nonsense", .role = "owner" },
		      &user) == ERR_INVALID);
	CHECK(bad_find(cx, "email") != NULL);
	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = "A", .email = "a@rolled-back.test", .role = "pilot" },
		      &user) == ERR_NOT_FOUND);
}

TEST(members_are_listed_by_role_and_only_active_ones)
{
	int64_t dentist = add(cx, "ana", "dentist"), finance = add(cx, "bia", "finance"), rows;
	Member *member;
	size_t count;

	CHECK(account_list_members(cx, "dentist", &member, &count) == OK);
	CHECK(is_among(member, count, dentist) && !is_among(member, count, finance));
	CHECK(sql_member_save(cx, dentist, "dentist", NULL, false, 1, &rows) == OK);
	CHECK(account_list_members(cx, NULL, &member, &count) == OK);
	CHECK(!is_among(member, count, dentist) && is_among(member, count, finance));
	CHECK(account_list_everybody(cx, &member, &count) == OK);
	CHECK(is_among(member, count, dentist));
}

TEST(holders_of_a_permission_follow_the_matrix)
{
	int64_t manager, assistant;
	Member *member;
	size_t count;

	start(cx);
	manager = add(cx, "ana", "manager");
	assistant = add(cx, "bia", "assistant");
	CHECK(account_list_holders(cx, "account.people", &member, &count) == OK);
	CHECK(is_among(member, count, manager) && !is_among(member, count, assistant));
	CHECK(role_set_perm(cx, "assistant", "account.people", true) == OK);
	CHECK(role_set_perm(cx, "manager", "account.people", false) == OK);
	CHECK(account_list_holders(cx, "account.people", &member, &count) == OK);
	CHECK(!is_among(member, count, manager) && is_among(member, count, assistant));
	CHECK(account_list_holders(cx, "no.such", &member, &count) == OK);
	CHECK_INT(count, 0);
}

static bool may(Ctx *cx, const char *role, const char *perm)
{
	RolePerms now;

	CHECK(perms_load(cx, role, &now) == OK);
	return perms_has(now.bits, perms_index(perm));
}

TEST(what_a_permission_needs_is_given_and_taken_with_it)
{
	start(cx);
	CHECK(role_set_perm(cx, "assistant", "account.read", false) == OK);
	CHECK(role_set_perm(cx, "assistant", "account.people", true) == OK);
	CHECK(may(cx, "assistant", "account.people") && may(cx, "assistant", "account.read"));
	CHECK(role_set_perm(cx, "assistant", "account.read", false) == OK);
	CHECK(!may(cx, "assistant", "account.people") && !may(cx, "assistant", "account.read"));
	CHECK(may(cx, "manager", "account.people"));
}

TEST(a_rolled_back_change_of_rights_leaves_nothing_in_the_cache)
{
	RolePerms before, after;
	SqlAuthVersion version;

	start(cx);
	CHECK(sql_auth_version(cx, &version) == OK);
	CHECK(perms_of_role(cx, "assistant", version.version, &before) == OK);
	CHECK(role_set_perm(cx, "assistant", "account.people", true) == OK);
	db_rollback(cx);
	db_begin(cx, false, 0);
	CHECK(perms_of_role(cx, "assistant", version.version, &after) == OK);
	CHECK(memcmp(before.bits, after.bits, sizeof before.bits) == 0);
}

TEST(the_nightly_sweep_forgets_what_proves_nothing_any_more)
{
	int64_t user = add(cx, "ana", "dentist"), old_now = cx->now;
	SessionTokens old, fresh;
	RefreshState state;
	SessionTokens tokens;
	Token token;

	start(cx);
	cx->now = old_now - 200 * 24 * 3600;
	CHECK(session_open(cx, &(SessionNew){ .user = user, .how = "password" }, &old) == OK);
	cx->now = old_now;
	CHECK(session_open(cx, &(SessionNew){ .user = user, .how = "password" }, &fresh) == OK);
	CHECK(account_sweep(cx, "{}") == OK);
	CHECK(session_refresh(cx, old.refresh, &tokens, &token, &state) == OK);
	CHECK(state == REFRESH_REFUSED);
	CHECK(session_close(cx, old.session, user, "revoked") == ERR_NOT_FOUND);
	CHECK(session_refresh(cx, fresh.refresh, &tokens, &token, &state) == OK);
	CHECK(state == REFRESH_DONE);
}

TEST(the_demonstration_gives_dentists_their_number)
{
	int64_t dentist = add(cx, "aaa", "dentist"), finance = add(cx, "bbb", "finance");
	Member member;

	CHECK(account_demo(cx) == OK);
	CHECK(account_get_member(cx, finance, &member) == OK);
	CHECK_TEXT(member.cro, NULL);
	/* other dentists of the test's company may come first: four get one */
	CHECK(account_get_member(cx, dentist, &member) == OK);
	CHECK(!member.cro || str_starts(member.cro, "SP "));
}

TEST(waits_are_told_in_seconds_and_minutes)
{
	CHECK_TEXT(wait_sentence(cx, 40), "Muitas tentativas. Espere 40 segundos e tente de novo.");
	CHECK_TEXT(wait_sentence(cx, 160), "Muitas tentativas. Espere 3 minutos e tente de novo.");
}

TEST(an_ipv6_neighbour_counts_as_the_same_address)
{
	CHECK_TEXT(attempt_peer_key(cx->mem, "2001:db8:1:2:3:4:5:6"), "peer:2001:db8:1:2::/64");
	CHECK_TEXT(attempt_peer_key(cx->mem, "2001:db8:1:2::1"), "peer:2001:db8:1:2::/64");
	CHECK_TEXT(attempt_peer_key(cx->mem, "203.0.113.7"), "peer:203.0.113.7");
	CHECK_TEXT(attempt_peer_key(cx->mem, NULL), "peer:");
}

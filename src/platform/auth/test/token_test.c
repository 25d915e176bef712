#include "platform/auth/token.h"

#include <jwt.h>
#include <sodium.h>

#include "platform/auth/key.h"
#include "test.h"

#define SECRET "a-test-secret-of-more-than-32-characters"
#define OTHER  "another-secret-of-more-than-32-characters"

static Token sample(void)
{
	return (Token){ .use = "access",
		.user = 7,
		.company = 3,
		.session = 99,
		.auth_version = 12,
		.role = "reception",
		.name = "Renata Azevedo",
		.email = "r@ianara.test",
		.issued_at = TEST_NOW,
		.expires_at = TEST_NOW + ACCESS_SECONDS };
}

static char *signed_sample(Ctx *cx)
{
	Token token = sample();

	CHECK(auth_set_secret(SECRET, NULL));
	return token_sign(cx->mem, &token);
}

static char *base64(Arena *mem, const char *text)
{
	size_t room =
		sodium_base64_ENCODED_LEN(strlen(text), sodium_base64_VARIANT_URLSAFE_NO_PADDING);

	return sodium_bin2base64(arena_alloc(mem, room), room, (const unsigned char *)text,
		strlen(text), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

TEST(a_token_says_what_was_signed)
{
	Token got;

	CHECK(token_read(cx->mem, signed_sample(cx), "access", TEST_NOW, &got) == TOKEN_FRESH);
	CHECK_INT(got.user, 7);
	CHECK_INT(got.company, 3);
	CHECK_INT(got.session, 99);
	CHECK_INT(got.auth_version, 12);
	CHECK_TEXT(got.role, "reception");
	CHECK_TEXT(got.name, "Renata Azevedo");
	CHECK_TEXT(got.email, "r@ianara.test");
	CHECK_INT(got.expires_at, TEST_NOW + 900);
}

TEST(a_token_expires_after_fifteen_minutes)
{
	char *text = signed_sample(cx);
	Token got;

	CHECK(token_read(cx->mem, text, "access", TEST_NOW + 899, &got) == TOKEN_FRESH);
	CHECK(token_read(cx->mem, text, "access", TEST_NOW + 900, &got) == TOKEN_EXPIRED);
	CHECK(token_read(cx->mem, text, "access", TEST_NOW - 61, &got) == TOKEN_BAD);
}

TEST(a_token_for_one_use_is_none_for_another)
{
	Token got;

	CHECK(token_read(cx->mem, signed_sample(cx), "totp", TEST_NOW, &got) == TOKEN_BAD);
}

TEST(a_token_of_another_key_is_bad)
{
	char *text = signed_sample(cx);
	Token got;

	CHECK(auth_set_secret(OTHER, NULL));
	CHECK(token_read(cx->mem, text, "access", TEST_NOW, &got) == TOKEN_BAD);
	CHECK(auth_set_secret(OTHER, SECRET));
	CHECK(token_read(cx->mem, text, "access", TEST_NOW, &got) == TOKEN_FRESH);
}

TEST(a_token_without_algorithm_is_bad)
{
	char *text = signed_sample(cx), *body = strchr(text, '.') + 1, *dot = strchr(body, '.');
	char *claims = arena_copy(cx->mem, body, (size_t)(dot - body));
	static const char *const heads[] = { "{\"alg\":\"none\"}", "{\"alg\":\"None\"}",
		"{\"alg\":\"NONE\",\"typ\":\"JWT\"}", "{}" };
	Token got;

	for (size_t i = 0; i < COUNT(heads); i++) {
		char *head = base64(cx->mem, heads[i]);

		CHECK(token_read(cx->mem, arena_printf(cx->mem, "%s.%s.", head, claims), "access",
			      TEST_NOW, &got) == TOKEN_BAD);
		CHECK(token_read(cx->mem, arena_printf(cx->mem, "%s.%s", head, claims), "access",
			      TEST_NOW, &got) == TOKEN_BAD);
		CHECK(token_read(cx->mem, arena_printf(cx->mem, "%s.%s%s", head, claims, dot),
			      "access", TEST_NOW, &got) == TOKEN_BAD);
	}
}

TEST(a_token_by_another_hmac_of_the_same_key_is_bad)
{
	unsigned char key[AUTH_KEY_BYTES];
	jwt_t *jwt;
	char *text;
	Token got;

	CHECK(auth_set_secret(SECRET, NULL));
	CHECK(auth_key("token", false, key));
	CHECK(jwt_new(&jwt) == 0);
	jwt_add_grant(jwt, "use", "access");
	jwt_add_grant_int(jwt, "exp", TEST_NOW + 900);
	jwt_set_alg(jwt, JWT_ALG_HS512, key, sizeof key);
	text = jwt_encode_str(jwt);
	CHECK(token_read(cx->mem, text, "access", TEST_NOW, &got) == TOKEN_BAD);
	free(text);
	jwt_free(jwt);
}

TEST(every_changed_character_breaks_a_token)
{
	char *text = signed_sample(cx);
	Token got;

	for (size_t i = 0; text[i + 1]; i++) {
		char *copy = arena_dup(cx->mem, text);

		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		if (token_read(cx->mem, copy, "access", TEST_NOW, &got) != TOKEN_BAD)
			test_fail(__FILE__, __LINE__, "character %zu was changed unseen", i);
	}
}

TEST(a_token_seen_before_is_judged_again_and_its_neighbours_are_not_believed)
{
	char *text = signed_sample(cx);
	Token got;

	for (int i = 0; i < 2; i++) {
		got = (Token){ 0 };
		CHECK(token_read(cx->mem, text, "access", TEST_NOW, &got) == TOKEN_FRESH);
		CHECK_INT(got.session, 99);
		CHECK_TEXT(got.name, "Renata Azevedo");
		CHECK_TEXT(got.extra, "");
	}
	CHECK(token_read(cx->mem, text, "totp", TEST_NOW, &got) == TOKEN_BAD);
	CHECK(token_read(cx->mem, text, "access", TEST_NOW + 900, &got) == TOKEN_EXPIRED);
	for (size_t i = 0; text[i + 1]; i++) {
		char *copy = arena_dup(cx->mem, text);

		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		if (token_read(cx->mem, copy, "access", TEST_NOW, &got) != TOKEN_BAD)
			test_fail(__FILE__, __LINE__, "character %zu was changed unseen", i);
	}
	CHECK(auth_set_secret(OTHER, SECRET));
	CHECK(token_read(cx->mem, text, "access", TEST_NOW, &got) == TOKEN_FRESH);
	CHECK(auth_set_secret(OTHER, NULL));
	CHECK(token_read(cx->mem, text, "access", TEST_NOW, &got) == TOKEN_BAD);
}

TEST(what_is_no_token_is_bad)
{
	static const char *const bad[] = { "", ".", "..", "a.b.c", "....", "eyJ",
		"\xff\xfe.\xff.x" };
	char *huge = arena_alloc(cx->mem, 100001);
	Token got;

	CHECK(auth_set_secret(SECRET, NULL));
	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(token_read(cx->mem, bad[i], "access", TEST_NOW, &got) == TOKEN_BAD);
	CHECK(token_read(cx->mem, NULL, "access", TEST_NOW, &got) == TOKEN_BAD);
	memset(huge, 'a', 100000);
	CHECK(token_read(cx->mem, huge, "access", TEST_NOW, &got) == TOKEN_BAD);
}

TEST(a_token_without_an_end_is_bad)
{
	Token token = sample(), got;

	CHECK(auth_set_secret(SECRET, NULL));
	token.expires_at = 0;
	CHECK(token_read(cx->mem, token_sign(cx->mem, &token), "access", TEST_NOW, &got) ==
		TOKEN_BAD);
}

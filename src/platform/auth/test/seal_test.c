#include "platform/auth/seal.h"

#include "platform/auth/key.h"
#include "test.h"

#define SECRET "a-test-secret-of-more-than-32-characters"
#define OTHER  "another-secret-of-more-than-32-characters"

TEST(what_was_sealed_opens_again)
{
	char *sealed;

	CHECK(auth_set_secret(SECRET, NULL));
	sealed = secret_seal(cx->mem, "smtp", "çã0 secret");
	CHECK(str_starts(sealed, "s1:"));
	CHECK(!strstr(sealed, "secret"));
	CHECK_TEXT(secret_open(cx->mem, "smtp", sealed), "çã0 secret");
	CHECK_TEXT(secret_open(cx->mem, "smtp", secret_seal(cx->mem, "smtp", "")), "");
}

TEST(the_same_text_is_sealed_differently_each_time)
{
	CHECK(auth_set_secret(SECRET, NULL));
	CHECK(strcmp(secret_seal(cx->mem, "smtp", "x"), secret_seal(cx->mem, "smtp", "x")) != 0);
}

TEST(a_seal_for_one_use_does_not_open_for_another)
{
	CHECK(auth_set_secret(SECRET, NULL));
	CHECK_TEXT(secret_open(cx->mem, "totp", secret_seal(cx->mem, "smtp", "x")), NULL);
}

TEST(every_changed_character_breaks_a_seal)
{
	char *sealed;

	CHECK(auth_set_secret(SECRET, NULL));
	sealed = secret_seal(cx->mem, "smtp", "attack at dawn");
	for (size_t i = 0; sealed[i + 1]; i++) { /* the last may carry unused bits */
		char *copy = arena_dup(cx->mem, sealed);

		copy[i] = copy[i] == 'A' ? 'B' : 'A';
		CHECK_TEXT(secret_open(cx->mem, "smtp", copy), NULL);
	}
	CHECK_TEXT(secret_open(cx->mem, "smtp", ""), NULL);
	CHECK_TEXT(secret_open(cx->mem, "smtp", NULL), NULL);
	CHECK_TEXT(secret_open(cx->mem, "smtp", "s1:AAAA"), NULL);
}

TEST(after_a_change_of_secret_the_previous_one_still_opens)
{
	char *sealed;

	CHECK(auth_set_secret(OTHER, NULL));
	sealed = secret_seal(cx->mem, "smtp", "x");
	CHECK(auth_set_secret(SECRET, OTHER));
	CHECK_TEXT(secret_open(cx->mem, "smtp", sealed), "x");
	CHECK(auth_set_secret(SECRET, NULL));
	CHECK_TEXT(secret_open(cx->mem, "smtp", sealed), NULL);
}

TEST(a_short_secret_is_refused)
{
	CHECK(!auth_set_secret("short", NULL));
	CHECK(!auth_set_secret(NULL, NULL));
	CHECK(!auth_set_secret(SECRET, "short"));
}

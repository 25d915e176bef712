#include "platform/auth/apikey.h"

#include "core/random.h"
#include "test.h"

TEST(a_new_key_parses_to_its_prefix_and_hash)
{
	ApiKey made = apikey_new(cx->mem), read;

	CHECK(str_starts(made.text, "siso_"));
	CHECK(apikey_parse(cx->mem, made.text, &read));
	CHECK_TEXT(read.prefix, made.prefix);
	CHECK_TEXT(read.secret_hash, made.secret_hash);
	CHECK_INT(strlen(made.text), 5 + 8 + 1 + 32);
}

TEST(two_keys_are_never_the_same)
{
	ApiKey a = apikey_new(cx->mem), b = apikey_new(cx->mem);

	CHECK(strcmp(a.text, b.text) != 0);
	CHECK(strcmp(a.prefix, b.prefix) != 0);
}

TEST(what_is_not_of_the_form_is_no_key)
{
	static const char *const bad[] = { "", "siso_", "siso_abcdefgh", "siso_abcdefgh_",
		"siso_abcdefgh_tooShort", "xiso_abcdefgh_ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh",
		"siso_abcdefg_ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh",
		"siso_abcdefgh_ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh_",
		"siso_abcd'fgh_ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh",
		"siso_abcdefgh_ABCDEFGHJKLMNPQRSTUVWXYZabcdefg0" };
	ApiKey key;

	for (size_t i = 0; i < COUNT(bad); i++)
		CHECK(!apikey_parse(cx->mem, bad[i], &key));
	CHECK(!apikey_parse(cx->mem, NULL, &key));
}

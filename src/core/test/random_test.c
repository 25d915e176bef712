#include "core/random.h"

#include "test.h"

TEST(tokens_differ_and_fit_into_a_url)
{
	char *a = crypto_token(cx->mem, 16), *b = crypto_token(cx->mem, 16);

	CHECK_INT(strlen(a), 22);
	CHECK(strcmp(a, b) != 0);
	CHECK_INT(
		strspn(a, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"), 22);
	CHECK_TEXT(crypto_token(cx->mem, 0), "");
}

TEST(random_bytes_are_not_the_same_twice)
{
	unsigned char a[32] = { 0 }, b[32] = { 0 };

	crypto_random(a, sizeof a);
	crypto_random(b, sizeof b);
	CHECK(!crypto_equal(a, b, sizeof a));
	CHECK(crypto_equal(a, a, sizeof a));
	CHECK(crypto_equal(a, b, 0));
}

TEST(sha256_is_the_known_one)
{
	CHECK_TEXT(crypto_sha256_hex(cx->mem, "abc", 3),
		"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	CHECK_TEXT(crypto_sha256_hex(cx->mem, "", 0),
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

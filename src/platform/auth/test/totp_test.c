#include "platform/auth/totp.h"

#include "test.h"

/* RFC 6238, appendix B, SHA-1: the seed is "12345678901234567890". */
#define RFC_SEED "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

TEST(the_codes_are_those_of_rfc_6238)
{
	static const struct {
		int64_t at;
		const char *code;
	} vector[] = {
		{ 59, "94287082" },
		{ 1111111109, "07081804" },
		{ 1111111111, "14050471" },
		{ 1234567890, "89005924" },
		{ 2000000000, "69279037" },
		{ 20000000000, "65353130" },
	};
	char code[9];

	for (size_t i = 0; i < COUNT(vector); i++) {
		CHECK(totp_code(RFC_SEED, vector[i].at / TOTP_STEP_S, 8, code));
		CHECK_TEXT(code, vector[i].code);
	}
}

TEST(a_code_is_good_one_step_early_and_one_late)
{
	int64_t now = 1111111111, step = 0;
	char code[9];

	CHECK(totp_code(RFC_SEED, now / 30, 6, code));
	CHECK(totp_check(RFC_SEED, code, now, 0, &step));
	CHECK_INT(step, now / 30);
	CHECK(totp_check(RFC_SEED, code, now + 30, 0, &step));
	CHECK(totp_check(RFC_SEED, code, now - 30, 0, &step));
	CHECK(!totp_check(RFC_SEED, code, now + 60, 0, &step));
	CHECK(!totp_check(RFC_SEED, code, now - 60, 0, &step));
}

TEST(a_code_is_good_once)
{
	int64_t now = 1111111111, step;
	char code[9];

	CHECK(totp_code(RFC_SEED, now / 30, 6, code));
	CHECK(totp_check(RFC_SEED, code, now, now / 30 - 1, &step));
	CHECK(!totp_check(RFC_SEED, code, now, step, &step));
	/* neither is an older one, once a newer was used */
	CHECK(totp_code(RFC_SEED, now / 30 - 1, 6, code));
	CHECK(!totp_check(RFC_SEED, code, now, now / 30, &step));
}

TEST(a_code_may_be_typed_with_a_space)
{
	int64_t now = 1111111109, step;

	CHECK(totp_check(RFC_SEED, "081 804", now, 0, &step));
	CHECK(!totp_check(RFC_SEED, "81804", now, 0, &step));
	CHECK(!totp_check(RFC_SEED, "0818040", now, 0, &step));
	CHECK(!totp_check(RFC_SEED, "", now, 0, &step));
	CHECK(!totp_check(RFC_SEED, NULL, now, 0, &step));
	CHECK(!totp_check(RFC_SEED, "08180x", now, 0, &step));
}

TEST(a_seed_that_is_no_base32_has_no_codes)
{
	char code[9];

	CHECK(!totp_code("", 1, 6, code));
	CHECK(!totp_code("0189", 1, 6, code));
	CHECK(!totp_code(RFC_SEED RFC_SEED RFC_SEED RFC_SEED RFC_SEED, 1, 6, code));
	CHECK(!totp_code(RFC_SEED, 1, 5, code));
}

TEST(a_new_seed_has_160_bits_of_base32)
{
	char *seed = totp_new_secret(cx->mem), code[9];

	CHECK_INT(strlen(seed), 32);
	CHECK(totp_code(seed, 1, 6, code));
	CHECK(strcmp(seed, totp_new_secret(cx->mem)) != 0);
}

TEST(the_uri_escapes_names)
{
	CHECK_TEXT(totp_uri(cx->mem, "ABC", "Clínica A&B", "ana@x.test"),
		"otpauth://totp/Cl%C3%ADnica%20A%26B:ana@x.test?secret=ABC"
		"&issuer=Cl%C3%ADnica%20A%26B&algorithm=SHA1&digits=6&period=30");
}

TEST(the_qr_code_is_an_svg_without_foreign_text)
{
	Safe qr = totp_qr(cx->mem, "otpauth://totp/x?secret=<script>");

	CHECK(str_starts(qr.html, "<svg class=\"qr\""));
	CHECK(str_ends(qr.html, "</svg>"));
	CHECK(!strstr(qr.html, "script"));
	CHECK(!strstr(qr.html, "style"));
}

TEST(a_recovery_code_is_found_however_it_is_typed)
{
	char *code = recovery_new_code(cx->mem);
	char *lower = arena_dup(cx->mem, code);

	CHECK_INT(strlen(code), 19);
	for (char *c = lower; *c; c++)
		*c = *c == '-' ? ' ' : (char)(*c >= 'A' && *c <= 'Z' ? *c + 32 : *c);
	CHECK_TEXT(recovery_hash(cx->mem, lower), recovery_hash(cx->mem, code));
	CHECK_TEXT(recovery_hash(cx->mem, "123456"), NULL);
	CHECK_TEXT(recovery_hash(cx->mem, NULL), NULL);
	CHECK_TEXT(recovery_hash(cx->mem, "AAAA-AAAA-AAAA-AAAA-A"), NULL);
	CHECK_TEXT(recovery_hash(cx->mem, "AAAA-AAAA-AAAA-AA1A"), NULL);
}

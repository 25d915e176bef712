#include "platform/auth/password.h"

#include "core/clock.h"
#include "test.h"

static const char *weak(Ctx *cx, const char *password)
{
	static const char *const personal[] = { "Renata Azevedo", "renata.azevedo@ianara.test",
		"Odontologia Ianara Pinho", NULL };

	return password_weakness(cx->mem, password, (Strs){ personal, COUNT(personal) });
}

TEST(a_password_fits_its_hash_only)
{
	const char *hash, *again;

	CHECK(password_hash(cx, "correto cavalo bateria", &hash) == OK);
	CHECK(password_hash(cx, "correto cavalo bateria", &again) == OK);
	CHECK(str_starts(hash, "$argon2id$"));
	CHECK(strcmp(hash, again) != 0);
	CHECK(password_matches(hash, "correto cavalo bateria"));
	CHECK(!password_matches(hash, "correto cavalo bateriA"));
	CHECK(!password_matches(hash, ""));
	CHECK(!password_is_dated(hash));
}

TEST(a_hash_with_weaker_parameters_is_dated)
{
	CHECK(password_is_dated("$argon2id$v=19$m=8192,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$"
				"9sTbSlTio3Biev89thdrlKKiCaYsjjYVJxGAL3swxpQ"));
}

TEST(nobody_s_password_takes_as_long_and_never_fits)
{
	const char *hash;
	int64_t known, unknown, start;

	CHECK(password_hash(cx, "correto cavalo bateria", &hash) == OK);
	CHECK(!password_matches(NULL, "warm up"));
	start = time_now_us();
	CHECK(!password_matches(hash, "x"));
	known = time_now_us() - start;
	start = time_now_us();
	CHECK(!password_matches(NULL, "x"));
	unknown = time_now_us() - start;
	/* generous: other work runs beside this test */
	CHECK(unknown > known / 4 && unknown < known * 4);
}

TEST(a_giant_password_is_not_hashed)
{
	char *giant = arena_alloc(cx->mem, 1000001);

	memset(giant, 'a', 1000000);
	CHECK(!password_matches(NULL, giant));
	CHECK(weak(cx, giant) != NULL);
}

TEST(weak_passwords_are_refused)
{
	static const char *const bad[] = { "", "curta", "123456789", "1234567890", "0987654321",
		"aaaaaaaaaaaa", "senha123456", "Senha@12345", "minhasenha1", "password123",
		"flamengo2026", "odontologia1", "sorriso2026!", "qwertyuiop", "abcdefghij",
		"Dentista-2026", "administrador", "renata2026", "Azevedo1234", "ianara-2026" };

	for (size_t i = 0; i < COUNT(bad); i++)
		if (!weak(cx, bad[i]))
			test_fail(__FILE__, __LINE__, "taken: %s", bad[i]);
}

TEST(good_passwords_are_taken)
{
	static const char *const good[] = { "correto cavalo bateria grampo", "sorriso-demo-2026",
		"Vr7#kq9Lm!x2", "café na varanda às seis", "renata comprou doze laranjas" };

	for (size_t i = 0; i < COUNT(good); i++) {
		const char *why = weak(cx, good[i]);

		if (why)
			test_fail(__FILE__, __LINE__, "refused: %s: %s", good[i], why);
	}
}

TEST(a_password_with_control_characters_is_refused)
{
	CHECK(weak(cx, "correto cavalo\x01 bateria") != NULL);
	CHECK(weak(cx, "correto cavalo \xff bateria") != NULL);
}

#include "core/br.h"

#include "test.h"

TEST(cpf_is_checked_by_its_digits)
{
	static const char *const good[] = { "52998224725", "529.982.247-25", "11144477735",
		"00000000191", "12345678909", "98765432100", " 529 982 247 25 ", "10000000019" };
	static const char *const bad[] = { "00000000000", "11111111111", "52998224724",
		"52998224715", "5299822472", "529982247255", "529.982.247-2a", "", "529982247/25" };
	char cpf[12];

	for (size_t i = 0; i < COUNT(good); i++)
		if (!cpf_parse(good[i], cpf))
			test_fail(__FILE__, __LINE__, "%s is refused", good[i]);
	for (size_t i = 0; i < COUNT(bad); i++)
		if (cpf_parse(bad[i], cpf))
			test_fail(__FILE__, __LINE__, "%s is taken", bad[i]);
	CHECK(cpf_parse("529.982.247-25", cpf));
	CHECK_TEXT(cpf, "52998224725");
	CHECK_TEXT(cpf_text(cx->mem, cpf), "529.982.247-25");
}

TEST(cnpj_may_have_letters)
{
	static const char *const good[][2] = { { "11222333000181", "11.222.333/0001-81" },
		{ "12abc34501de35", "12.ABC.345/01DE-35" },
		{ "A1B2C3D4E5F668", "A1.B2C.3D4/E5F6-68" },
		{ "ZZZZZZZZZZZZ62", "ZZ.ZZZ.ZZZ/ZZZZ-62" },
		{ "00.000.000/0001-91", "00.000.000/0001-91" } };
	static const char *const bad[] = { "12ABC34501DE36", "12ABC34501DEA5", "12ABC345O1DE35",
		"00000000000000", "1122233300018", "112223330001811", "", "11222333000181x" };
	char cnpj[15];

	for (size_t i = 0; i < COUNT(good); i++) {
		CHECK(cnpj_parse(good[i][0], cnpj));
		CHECK_TEXT(cnpj_text(cx->mem, cnpj), good[i][1]);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (cnpj_parse(bad[i], cnpj))
			test_fail(__FILE__, __LINE__, "%s is taken", bad[i]);
}

TEST(an_accented_letter_is_no_part_of_a_cnpj)
{
	char cnpj[15];

	CHECK(!cnpj_parse("12ÁBC34501DE35", cnpj));
	CHECK(!cnpj_parse("1ÁBC34501DE35", cnpj));
}

TEST(what_is_refused_leaves_the_result_alone)
{
	char text[17] = "before";

	CHECK(!cpf_parse("123", text));
	CHECK(!cnpj_parse("123", text));
	CHECK(!cep_parse("123", text));
	CHECK(phone_parse("123", text) == PHONE_INVALID);
	CHECK(!phone_suggest("123", text));
	CHECK_TEXT(text, "before");
}

TEST(cep_has_eight_digits)
{
	char cep[9];

	CHECK(cep_parse("69.050-020", cep));
	CHECK_TEXT(cep, "69050020");
	CHECK_TEXT(cep_text(cx->mem, cep), "69050-020");
	CHECK(!cep_parse("6905002", cep));
	CHECK(!cep_parse("690500200", cep));
	CHECK(!cep_parse("69050O20", cep));
}

TEST(phones_become_e164)
{
	static const struct {
		const char *text, *e164;
		PhoneKind kind;
	} rows[] = {
		{ "11987654321", "+5511987654321", PHONE_MOBILE },
		{ "(11) 98765-4321", "+5511987654321", PHONE_MOBILE },
		{ "5511987654321", "+5511987654321", PHONE_MOBILE },
		{ "005511987654321", "+5511987654321", PHONE_MOBILE },
		{ "+55 11 98765\xE2\x80\x91"
		  "4321",
			"+5511987654321", PHONE_MOBILE },
		{ "(11)\xC2\xA0"
		  "98765-4321",
			"+5511987654321", PHONE_MOBILE },
		{ "55987654321", "+5555987654321", PHONE_MOBILE },
		{ "5555987654321", "+5555987654321", PHONE_MOBILE },
		{ "(011) 98765-4321", "+5511987654321", PHONE_MOBILE },
		{ "1130000000", "+551130000000", PHONE_LANDLINE },
		{ "551130000000", "+551130000000", PHONE_LANDLINE },
		{ "(92) 98123-4567", "+5592981234567", PHONE_MOBILE },
		{ "+44 20 7183 8750", "+442071838750", PHONE_FOREIGN },
		{ "+1 (212) 555-0123", "+12125550123", PHONE_FOREIGN },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		char e164[17] = "";

		CHECK_INT(phone_parse(rows[i].text, e164), rows[i].kind);
		CHECK_TEXT(e164, rows[i].e164);
	}
}

TEST(numbers_that_no_phone_has_are_refused)
{
	static const char *const bad[] = { "", "20987654321", "1187654321", "11612345678",
		"11700123456", "987654321", "119876543210", "0119876543", "0800 123 4567",
		"4004-1234", "190", "11 98765-4321 ramal 2", "+55 98765-4321", "+1234567",
		"+1234567890123456", "+0123456789", "++5511987654321", "11+987654321",
		"10987654321", "\xE2\x80", "99999999999999999999999999" };
	char e164[17];

	for (size_t i = 0; i < COUNT(bad); i++)
		if (phone_parse(bad[i], e164) != PHONE_INVALID)
			test_fail(__FILE__, __LINE__, "%s gives %s", bad[i], e164);
}

TEST(every_area_code_in_use_is_known_and_no_other)
{
	int count = 0;

	for (int area = 0; area < 100; area++) {
		char e164[17];

		if (phone_parse(arena_printf(cx->mem, "%02d987654321", area), e164) == PHONE_MOBILE)
			count++;
	}
	CHECK_INT(count, 67);
}

TEST(an_old_mobile_number_gets_its_ninth_digit_offered)
{
	char e164[17];

	CHECK(phone_suggest("(11) 8765-4321", e164));
	CHECK_TEXT(e164, "+5511987654321");
	CHECK(phone_suggest("+55 92 8123-4567", e164));
	CHECK_TEXT(e164, "+5592981234567");
	CHECK(phone_suggest("551187654321", e164));
	CHECK_TEXT(e164, "+5511987654321");
	CHECK(!phone_suggest("1130000000", e164));
	CHECK(!phone_suggest("11987654321", e164));
	CHECK(!phone_suggest("2087654321", e164));
	CHECK(!phone_suggest("+442071838750", e164));
}

TEST(phones_read_as_people_say_them)
{
	CHECK_TEXT(phone_text(cx->mem, "+5511987654321"), "(11) 98765-4321");
	CHECK_TEXT(phone_text(cx->mem, "+551130000000"), "(11) 3000-0000");
	CHECK_TEXT(phone_text(cx->mem, "+442071838750"), "+44 2071838750");
	CHECK_TEXT(phone_text(cx->mem, "+12125550123"), "+1 2125550123");
	CHECK_TEXT(phone_text(cx->mem, "+351211234567"), "+351 211234567");
	CHECK_TEXT(phone_text(cx->mem, "odd"), "odd");
	CHECK_TEXT(phone_text(cx->mem, ""), "");
}

TEST(a_phone_s_key_ignores_the_ninth_digit)
{
	CHECK_TEXT(phone_key(cx->mem, "+5511987654321"), "1187654321");
	CHECK_TEXT(phone_key(cx->mem, "+551187654321"), "1187654321");
	CHECK_TEXT(phone_key(cx->mem, "+551130000000"), "1130000000");
	CHECK_TEXT(phone_key(cx->mem, "+442071838750"), "442071838750");
}

TEST(email_must_be_plausible)
{
	static const char *const bad[] = { "", "ana", "ana@", "@clinica.com", "ana@clinica",
		"ana@@clinica.com", "ana@clinica..com", "ana@-clinica.com", "a na@clinica.com",
		".ana@clinica.com", "ana.@clinica.com", "a..b@clinica.com", "ana@clinica.com.",
		"ana@10.0.0.1", "ana@clinica.c", "an\xC3\xA1@clinica.com",
		"ana@clinica.com,b@c.com", "ana@x@clinica.com", "ana\n@clinica.com",
		"<ana@clinica.com>" };
	char email[255];

	CHECK(email_parse(" Ana.Souza+crm@Clinica-Sorriso.com.BR ", email));
	CHECK_TEXT(email, "ana.souza+crm@clinica-sorriso.com.br");
	for (size_t i = 0; i < COUNT(bad); i++)
		if (email_parse(bad[i], email))
			test_fail(__FILE__, __LINE__, "%s is taken", bad[i]);
}

TEST(email_has_at_most_254_bytes)
{
	char label[51], email[255];
	const char *domain;

	memset(label, 'a', sizeof label - 1);
	label[50] = '\0';
	domain = arena_printf(cx->mem, "%s.%s.%s.%s.%s", label, label, label, label, label + 4);
	CHECK_INT(strlen(domain), 250);
	CHECK(email_parse(arena_printf(cx->mem, "abc@%s", domain), email));
	CHECK_INT(strlen(email), 254);
	CHECK(!email_parse(arena_printf(cx->mem, "abcd@%s", domain), email));
	CHECK(!email_parse(arena_printf(cx->mem, "%s%s@a.com", label, label), email));
}

TEST(states_have_two_capital_letters)
{
	CHECK(uf_is_valid("AM"));
	CHECK(uf_is_valid("SP"));
	CHECK(!uf_is_valid("sp"));
	CHECK(!uf_is_valid("XX"));
	CHECK(!uf_is_valid("L "));
	CHECK(!uf_is_valid(""));
	CHECK(!uf_is_valid("AMA"));
}

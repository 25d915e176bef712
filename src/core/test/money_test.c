#include "core/money.h"

#include "test.h"

#define NBSP "\xC2\xA0"

TEST(money_reads_as_in_brazil)
{
	CHECK_TEXT(money_text(cx->mem, 124000), "R$" NBSP "1.240,00");
	CHECK_TEXT(money_text(cx->mem, -124000), "-R$" NBSP "1.240,00");
	CHECK_TEXT(money_text(cx->mem, 0), "R$" NBSP "0,00");
	CHECK_TEXT(money_text(cx->mem, INT64_MIN), "-R$" NBSP "92.233.720.368.547.758,08");
	CHECK_TEXT(money_text_plain(cx->mem, 0), "0,00");
	CHECK_TEXT(money_text_plain(cx->mem, 5), "0,05");
	CHECK_TEXT(money_text_plain(cx->mem, 1050), "10,50");
	CHECK_TEXT(money_text_plain(cx->mem, 123456789), "1.234.567,89");
	CHECK_TEXT(money_text_plain(cx->mem, -1050), "-10,50");
	CHECK_TEXT(money_text_short(cx->mem, 123950), "R$" NBSP "1.240");
	CHECK_TEXT(money_text_short(cx->mem, 123949), "R$" NBSP "1.239");
	CHECK_TEXT(money_text_short(cx->mem, -49), "R$" NBSP "0");
	CHECK_TEXT(money_text_short(cx->mem, -50), "-R$" NBSP "1");
}

TEST(numbers_are_grouped_by_dots)
{
	CHECK_TEXT(number_text(cx->mem, 0), "0");
	CHECK_TEXT(number_text(cx->mem, 999), "999");
	CHECK_TEXT(number_text(cx->mem, 1234), "1.234");
	CHECK_TEXT(number_text(cx->mem, -1234567), "-1.234.567");
	CHECK_TEXT(number_text(cx->mem, INT64_MAX), "9.223.372.036.854.775.807");
	CHECK_TEXT(number_text_tenths(cx->mem, 125), "12,5");
	CHECK_TEXT(number_text_tenths(cx->mem, -5), "-0,5");
	CHECK_TEXT(number_text_tenths(cx->mem, 12340), "1.234,0");
}

TEST(money_is_understood_as_people_type_it)
{
	static const struct {
		const char *text;
		int64_t cents;
	} good[] = { { "R$ 1.234,56", 123456 }, { "R$" NBSP "1.234,56", 123456 },
		{ "1234,56", 123456 }, { "1234.56", 123456 }, { "1.234", 123400 },
		{ "-10,5", -1050 }, { "0", 0 }, { " 12 ", 1200 }, { "R$10", 1000 },
		{ "-R$ 10", -1000 }, { "R$ -10,00", -1000 }, { "1.234.567", 123456700 },
		{ "1.234.567,8", 123456780 }, { "0,05", 5 }, { "10.5", 1050 }, { ",50", 50 },
		{ "\xE2\x88\x92"
		  "3,00",
			-300 },
		{ "92.233.720.368.547.758,07", INT64_MAX } };
	static const char *const bad[] = { "", "R$", "-", "abc", "1,234,56", "1.23.456", "1,234",
		"12.3456", "1.2345,00", "10,", "10.", "1,2,3", "1234.567", "R$ R$ 1", "--1",
		"-R$ -1", "1 234", "1e3", ".", ",", "..", "1..234", "92.233.720.368.547.758,08",
		"99999999999999999999", "12,3a", "1,234.56" };
	int64_t cents;

	for (size_t i = 0; i < COUNT(good); i++) {
		cents = -1;
		if (!money_parse(good[i].text, &cents) || cents != good[i].cents)
			test_fail(__FILE__, __LINE__, "\"%s\" gives %" PRId64, good[i].text, cents);
	}
	for (size_t i = 0; i < COUNT(bad); i++)
		if (money_parse(bad[i], &cents))
			test_fail(__FILE__, __LINE__, "\"%s\" is taken", bad[i]);
}

TEST(what_is_written_is_understood)
{
	int64_t cents;

	for (int64_t value = 1; value < INT64_MAX / 8; value = value * 7 + 3) {
		CHECK(money_parse(money_text(cx->mem, -value), &cents));
		CHECK_INT(cents, -value);
		CHECK(money_parse(money_text_plain(cx->mem, value), &cents));
		CHECK_INT(cents, value);
	}
}

TEST(receipts_say_money_in_words)
{
	static const struct {
		int64_t cents;
		const char *words;
	} rows[] = {
		{ 123456, "mil duzentos e trinta e quatro reais e cinquenta e seis centavos" },
		{ 100000000, "um milhão de reais" },
		{ 1, "um centavo" },
		{ 200000, "dois mil reais" },
		{ 0, "zero reais" },
		{ 100, "um real" },
		{ 101, "um real e um centavo" },
		{ 1900, "dezenove reais" },
		{ 10000, "cem reais" },
		{ 10100, "cento e um reais" },
		{ 110000, "mil e cem reais" },
		{ 101000, "mil e dez reais" },
		{ 111000, "mil cento e dez reais" },
		{ 2100000, "vinte e um mil reais" },
		{ 120000000, "um milhão e duzentos mil reais" },
		{ 123400000, "um milhão duzentos e trinta e quatro mil reais" },
		{ 200000100, "dois milhões e um reais" },
		{ INT64_C(100000000000), "um bilhão de reais" },
		{ 1416, "quatorze reais e dezesseis centavos" },
		{ INT64_C(99999999999999),
			"novecentos e noventa e nove bilhões novecentos e noventa e nove milhões "
			"novecentos e noventa e nove mil novecentos e noventa e nove reais e "
			"noventa "
			"e nove centavos" },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		CHECK_TEXT(money_words(cx->mem, rows[i].cents), rows[i].words);
}

TEST(sums_beyond_words_are_told_in_figures)
{
	CHECK_TEXT(money_words(cx->mem, -100), "-R$" NBSP "1,00");
	CHECK_TEXT(
		money_words(cx->mem, INT64_C(100000000000000)), "R$" NBSP "1.000.000.000.000,00");
}

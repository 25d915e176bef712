#include "test.h"

TEST(folding_makes_names_findable_without_accents)
{
	CHECK_TEXT(str_fold(cx->mem, "  José   da CONCEIÇÃO "), "jose da conceicao");
	CHECK_TEXT(str_fold(cx->mem, "Jose\xCC\x81"), "jose");
	CHECK_TEXT(str_fold(cx->mem, "ÁÉÍÓÚÂÊÔÃÕÀÜÇÑ"), "aeiouaeoaoaucn");
	CHECK_TEXT(str_fold(cx->mem, ""), "");
	CHECK_TEXT(str_fold(cx->mem, NULL), "");
	CHECK_TEXT(str_fold(cx->mem, "日本 X"), "日本 x");
}

TEST(hostile_text_is_not_clean_utf8)
{
	CHECK(str_is_clean_utf8(str_of("Ana\nMaria\tção 😀")));
	CHECK(!str_is_clean_utf8(STR_LIT("a\0b")));
	CHECK(!str_is_clean_utf8(str_of("\xC0\x80")));
	CHECK(!str_is_clean_utf8(str_of("\xED\xA0\x80")));
	CHECK(!str_is_clean_utf8(str_of("\xE2\x80\xAE"
					"abc")));
	CHECK(!str_is_clean_utf8(str_of("abc\xC3")));
	CHECK(!str_is_clean_utf8(str_of("\x1b[31m")));
}

TEST(a_head_of_text_ends_with_a_whole_character)
{
	CHECK_TEXT(str_head(cx->mem, "ação", 3), "aç");
	CHECK_TEXT(str_head(cx->mem, "ação", 2), "a");
	CHECK_TEXT(str_head(cx->mem, "😀", 3), "");
	CHECK_TEXT(str_head(cx->mem, "Ana", 64), "Ana");
}

TEST(numbers_are_read_whole_or_not_at_all)
{
	int64_t n = 7;

	CHECK(str_int64(str_of("-9223372036854775808"), &n) && n == INT64_MIN);
	CHECK(str_int64(str_of("9223372036854775807"), &n) && n == INT64_MAX);
	CHECK(!str_int64(str_of("9223372036854775808"), &n));
	CHECK(!str_int64(str_of("12a"), &n));
	CHECK(!str_int64(str_of("1 2"), &n));
	CHECK(str_int64(str_of("-12345678901234567"), &n) && n == -12345678901234567);
	CHECK(str_int64(str_of("123456789012345678"), &n) && n == 123456789012345678);
	n = INT64_MAX;
	CHECK(!str_int64(str_of(""), &n));
	CHECK(!str_int64(str_of("-"), &n));
	CHECK(!str_int64(str_of(" 1"), &n));
	CHECK_INT(n, INT64_MAX);
}

TEST(a_buffer_is_cut_at_its_limit_and_says_so)
{
	Buf buf;

	buf_init(&buf, cx->mem, 10);
	buf_puts(&buf, "123456789");
	buf_puts(&buf, "ab");
	CHECK_TEXT(buf_text(&buf), "123456789");
	CHECK(buf.overflow);
	buf_init(&buf, cx->mem, 1000);
	buf_int64(&buf, INT64_MIN);
	buf_putc(&buf, ' ');
	buf_int64(&buf, 0);
	CHECK_TEXT(buf_text(&buf), "-9223372036854775808 0");
}

TEST(cutting_gives_every_piece_also_the_empty_ones)
{
	Str rest = str_of("a,,b,"), piece;
	int count = 0;

	while (str_cut(&rest, ',', &piece))
		count++;
	CHECK_INT(count, 4);
}

TEST(a_list_has_a_text_only_as_a_whole)
{
	const Strs list = { (const char *const[]){ "implante", "retorno" }, 2 };

	CHECK(strs_have(list, "retorno"));
	CHECK(!strs_have(list, "ret"));
	CHECK(!strs_have((Strs){ 0 }, ""));
	CHECK(str_has_word("owner dentist", str_of("dentist")));
	CHECK(!str_has_word("owner dentist", str_of("dent")));
	CHECK(!str_has_word("", str_of("owner")));
}

TEST(lengths_count_characters_not_bytes)
{
	CHECK_INT(str_utf8_length(str_of("ação")), 4);
}

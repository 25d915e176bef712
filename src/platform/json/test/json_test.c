#include "platform/json/json.h"
#include "test.h"

static Json begin(Ctx *cx)
{
	Json j;

	json_init(&j, cx->mem);
	return j;
}

TEST(a_writer_minds_commas_and_nesting)
{
	Json j = begin(cx);

	json_put_object(&j, NULL);
	json_put_int(&j, "id", INT64_MIN);
	json_put_array(&j, "tags");
	json_put_text(&j, NULL, "a");
	json_put_text(&j, NULL, "b");
	json_put_object(&j, NULL);
	json_close(&j);
	json_close(&j);
	json_put_array(&j, "none");
	json_close(&j);
	json_put_bool(&j, "active", true);
	json_put_null(&j, "owner");
	json_put_text(&j, "phone", NULL);
	CHECK_TEXT(json_done(&j),
		"{\"id\":-9223372036854775808,\"tags\":[\"a\",\"b\",{}],\"none\":[],"
		"\"active\":true,\"owner\":null,\"phone\":null}");
}

TEST(texts_and_keys_are_quoted_whatever_they_hold)
{
	Json j = begin(cx);

	json_put_object(&j, NULL);
	json_put_text(&j, "a\"b", "say \"hi\"\\\n\t\x01\x1f ção");
	CHECK_TEXT(
		json_done(&j), "{\"a\\\"b\":\"say \\\"hi\\\"\\\\\\n\\u0009\\u0001\\u001f ção\"}");
}

TEST(times_and_dates_are_written_as_iso_and_their_absence_as_null)
{
	Json j = begin(cx);

	json_put_array(&j, NULL);
	json_put_time(&j, NULL, TEST_NOW);
	json_put_time(&j, NULL, 0);
	json_put_date(&j, NULL, 0);
	json_put_date(&j, NULL, INT32_MIN);
	json_put_raw(&j, NULL, "{\"x\": 1}");
	json_put_raw(&j, NULL, NULL);
	CHECK_TEXT(json_done(&j),
		"[\"2026-11-22T12:00:00Z\",null,\"1970-01-01\",null,{\"x\": 1},null]");
}

TEST(json_for_a_script_cannot_end_the_script)
{
	Json j = begin(cx);

	json_put_array(&j, NULL);
	json_put_text(&j, NULL, "</script><!-- & \xE2\x80\xA8\xE2\x80\xA9\xE2\x80\xAA");
	CHECK_TEXT(json_for_html(&j).json, "[\"\\u003c/script\\u003e\\u003c!-- \\u0026 "
					   "\\u2028\\u2029\xE2\x80\xAA\"]");
}

TEST(what_was_written_reads_back_the_same)
{
	const char *text = "\"\\/\b\f\n\r\t çãé €\xF0\x9F\xA6\xB7<&>'";
	Json j = begin(cx);
	json_t *tree = NULL;

	json_put_array(&j, NULL);
	json_put_text(&j, NULL, text);
	CHECK(json_parse(cx, str_of(json_for_html(&j).json), &tree) == OK);
	CHECK_TEXT(json_string_value(json_array_get(tree, 0)), text);
}

TEST(keys_and_texts_of_every_length_come_back)
{
	for (size_t n = 1; n < 200; n++) {
		char *text = arena_alloc(cx->mem, n + 2);
		json_t *tree = NULL;
		Json j = begin(cx);

		memset(text, 'a', n);
		text[n] = n % 2 ? '"' : 'b';
		json_put_object(&j, NULL);
		json_put_int(&j, "first", 1);
		json_put_text(&j, text, text);
		CHECK(json_parse(cx, str_of(json_done(&j)), &tree) == OK);
		CHECK_TEXT(json_string_value(json_object_get(tree, text)), text);
	}
}

static Err parse(Ctx *cx, Str body)
{
	json_t *tree = NULL;
	Err err = json_parse(cx, body, &tree);

	CHECK((err == OK) == (tree != NULL));
	return err;
}

TEST(a_body_is_parsed_and_dies_with_the_request)
{
	json_t *tree = NULL;

	CHECK(json_parse(cx, STR_LIT("{\"name\":\"Ana\",\"n\":[1,2.5,null,true]}"), &tree) == OK);
	CHECK_TEXT(json_string_value(json_object_get(tree, "name")), "Ana");
	CHECK_INT(json_integer_value(json_array_get(json_object_get(tree, "n"), 0)), 1);
}

TEST(a_broken_body_is_refused_with_its_place_and_without_its_text)
{
	CHECK(parse(cx, STR_LIT("{\"segredo\": tru}")) == ERR_BAD_REQUEST);
	CHECK(strstr(cx->err.sentence, "linha 1") != NULL);
	CHECK(!strstr(cx->err.sentence, "segredo") && !strstr(cx->err.log, "segredo"));
	CHECK(parse(cx, STR_LIT("")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("   ")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("12")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("{\"a\":1} x")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[\"abc")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[\"abc\\")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[1,]")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[NaN]")) == ERR_BAD_REQUEST);
}

TEST(a_key_that_stands_twice_is_refused)
{
	CHECK(parse(cx, STR_LIT("{\"a\":1,\"b\":2,\"a\":3}")) == ERR_BAD_REQUEST);
	CHECK(strstr(cx->err.sentence, "repete uma chave") != NULL);
	CHECK(parse(cx, STR_LIT("{\"a\":{\"a\":1}}")) == OK);
}

TEST(a_nesting_bomb_is_refused_before_it_is_built)
{
	size_t size = 64 << 10;
	char *bomb = arena_alloc(cx->mem, size);

	memset(bomb, '[', size);
	CHECK(parse(cx, (Str){ bomb, size }) == ERR_BAD_REQUEST);
	CHECK(strstr(cx->err.sentence, "níveis") != NULL);
	memset(bomb, ']', size);
	memset(bomb, '[', 32);
	CHECK(parse(cx, (Str){ bomb, 64 }) == OK);
	bomb[32] = '[';
	CHECK(parse(cx, (Str){ bomb, 66 }) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"[\"]")) == OK);
}

TEST(more_than_ten_thousand_values_are_refused)
{
	Buf body;

	buf_init(&body, cx->mem, 1 << 20);
	buf_puts(&body, "[0");
	for (int i = 0; i < 9997; i++)
		buf_puts(&body, ",0");
	buf_puts(&body, "]");
	CHECK(parse(cx, (Str){ body.bytes, body.len }) == OK); /* 9998 numbers, one array */
	body.len--;
	buf_puts(&body, ",0,0]");
	CHECK(parse(cx, (Str){ body.bytes, body.len }) == ERR_BAD_REQUEST);
	CHECK(strstr(cx->err.sentence, "valores demais") != NULL);
}

TEST(nul_and_bytes_that_are_not_utf8_are_refused)
{
	CHECK(parse(cx, STR_LIT("[\"a\0b\"]")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[\"a\\u0000b\"]")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("{\"a\\u0000b\":1}")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[\"\xff\"]")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[\"\xc0\xaf\"]")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[\"\\ud800\"]")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[1]\0")) == ERR_BAD_REQUEST);
}

TEST(numbers_too_large_to_hold_are_refused)
{
	CHECK(parse(cx, STR_LIT("[99999999999999999999]")) == ERR_BAD_REQUEST);
	CHECK(strstr(cx->err.sentence, "número") != NULL);
	CHECK(parse(cx, STR_LIT("[1e999]")) == ERR_BAD_REQUEST);
	CHECK(parse(cx, STR_LIT("[9223372036854775807]")) == OK);
}

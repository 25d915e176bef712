/* Values: every type to PostgreSQL and back, and the parsers alone. */
#include "core/clock.h"
#include "db_fixture.h"
#include "platform/db/db_conn.h"
#include "platform/db/db_test.sql.h"
#include "test.h"

TEST(every_type_comes_back_as_it_went)
{
	static const char *const texts[] = { "a", "", "com \"aspas\", {chaves} e \\ barra", "NULL",
		"ção\n" };
	static const int64_t numbers[] = { 0, -1, INT64_MAX, INT64_MIN };
	const int64_t a = INT64_MIN, g = -62135596800 + 86400 * 365;
	const int32_t b = INT32_MIN, c = -32768, h = date_of(2026, 2, 28);
	const bool d = true;
	const double f = 0.1;
	SqlTTypes row;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_types(cx,
		      &(SqlTTypesIn){ .a = &a,
			      .b = &b,
			      .c = &c,
			      .d = &d,
			      .e = "Ana D'Ávila $1 :x \\",
			      .f = &f,
			      .g = &g,
			      .h = &h,
			      .i = "{\"a\": [1, null]}",
			      .j = { texts, COUNT(texts) },
			      .k = { numbers, COUNT(numbers) } },
		      &row) == OK);
	CHECK_INT(row.a, a);
	CHECK_INT(row.b, b);
	CHECK_INT(row.c, c);
	CHECK(row.d && row.f == f);
	CHECK_TEXT(row.e, "Ana D'Ávila $1 :x \\");
	CHECK_INT(row.g, g);
	CHECK_INT(row.h, h);
	CHECK_TEXT(row.i, "{\"a\": [1, null]}");
	CHECK_INT(row.j.count, COUNT(texts));
	for (size_t i = 0; i < row.j.count; i++)
		CHECK_TEXT(row.j.v[i], texts[i]);
	CHECK_INT(row.k.count, COUNT(numbers));
	for (size_t i = 0; i < row.k.count; i++)
		CHECK_INT(row.k.v[i], numbers[i]);
	CHECK(!row.a_null && !row.d_null && !row.h_null);
	CHECK(db_commit(cx) == OK);
}

TEST(nulls_come_back_as_nulls)
{
	SqlTTypes row;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_types(cx, &(SqlTTypesIn){ 0 }, &row) == OK);
	CHECK(row.a_null && row.b_null && row.c_null && row.d_null && row.f_null && row.g_null &&
		row.h_null);
	CHECK(row.a == 0 && row.g == 0 && !row.d);
	CHECK_INT(row.h, INT32_MIN);
	CHECK(row.e == NULL && row.i == NULL);
	CHECK(row.j.count == 0 && row.k.count == 0);
	CHECK(db_commit(cx) == OK);
}

TEST(times_are_utc_seconds)
{
	const int64_t now = TEST_NOW;
	SqlTTypes row;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_types(cx, &(SqlTTypesIn){ .g = &now }, &row) == OK);
	CHECK_INT(row.g, TEST_NOW);
	CHECK(db_commit(cx) == OK);
	CHECK_INT(db_parse_time("2026-11-22 12:00:00+00"), TEST_NOW);
	CHECK_INT(db_parse_time("2026-11-22 12:00:00.999999+00"), TEST_NOW);
	CHECK_INT(db_parse_time("2026-11-22 09:00:00-03"), TEST_NOW);
	CHECK_INT(db_parse_time("2026-11-22 17:30:00+05:30"), TEST_NOW);
	CHECK_INT(db_parse_time("1970-01-01 00:00:00+00"), 0);
	CHECK_INT(db_parse_time("infinity"), INT64_MAX);
	CHECK_INT(db_parse_time("-infinity"), INT64_MIN);
	CHECK_INT(db_parse_date("1970-01-02"), 1);
	CHECK_INT(db_parse_date("0001-01-01 BC"), date_of(0, 1, 1));
	CHECK_INT(db_parse_date("12026-01-01"), date_of(12026, 1, 1));
}

TEST(a_date_of_none_is_null)
{
	const int32_t none = INT32_MIN;
	SqlTTypes row;

	fixture_open(cx);
	db_begin(cx, true, 0);
	CHECK(sql_t_types(cx, &(SqlTTypesIn){ .h = &none }, &row) == OK);
	CHECK(row.h_null);
	CHECK(db_commit(cx) == OK);
}

TEST(arrays_are_read_with_their_quotes_and_nulls)
{
	Strs list = db_parse_strs(cx->mem, "{a,\"b,c\",NULL,\"NULL\",\"\\\"\\\\\",\"\"}");
	Int64s numbers = db_parse_int64s(cx->mem, "{1,NULL,-3}");

	CHECK_INT(list.count, 6);
	CHECK_TEXT(list.v[0], "a");
	CHECK_TEXT(list.v[1], "b,c");
	CHECK(list.v[2] == NULL);
	CHECK_TEXT(list.v[3], "NULL");
	CHECK_TEXT(list.v[4], "\"\\");
	CHECK_TEXT(list.v[5], "");
	CHECK_INT(db_parse_strs(cx->mem, "{}").count, 0);
	CHECK_TEXT(db_parse_strs(cx->mem, "[0:1]={x,y}").v[1], "y");
	CHECK_INT(numbers.count, 3);
	CHECK_INT(numbers.v[1], 0);
	CHECK_INT(numbers.v[2], -3);
}

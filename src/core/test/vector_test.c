/* The same rules against answers that other implementations gave; skipped when they are not here.
 */
#include <jansson.h>

#include "core/br.h"
#include "core/clock.h"
#include "core/money.h"
#include "test.h"

static json_t *vector(Ctx *cx, const char *name)
{
	char *text = test_vector(cx->mem, name);
	json_t *root = text ? json_loads(text, 0, NULL) : NULL;

	if (text)
		CHECK(root != NULL);
	else
		test_skip(arena_printf(cx->mem, "no vectors %s", name));
	return root;
}

/* Check each row of a list in a file, which has at least so many. */
static void each_row(Ctx *cx, const char *name, const char *list, size_t least,
	void (*check)(Ctx *cx, const json_t *row))
{
	json_t *root = vector(cx, name), *row;
	size_t i;

	if (!root)
		return;
	json_array_foreach(json_object_get(root, list), i, row)
	{
		check(cx, row);
	}
	CHECK(i >= least);
	json_decref(root);
}

static const char *text_of(const json_t *row, const char *name)
{
	return json_string_value(json_object_get(row, name));
}

static bool is_true(const json_t *row, const char *name)
{
	return json_is_true(json_object_get(row, name));
}

/* Whether it is one at all; then its digits and how it is written, where the row says so. */
static void check_id(const json_t *row, const char *digits_name, bool valid, const char *digits,
	const char *written)
{
	if (valid != is_true(row, "valid"))
		test_fail(__FILE__, __LINE__, "\"%s\"", text_of(row, "in"));
	if (valid && text_of(row, digits_name))
		CHECK_TEXT(digits, text_of(row, digits_name));
	if (valid && text_of(row, "fmt"))
		CHECK_TEXT(written, text_of(row, "fmt"));
}

static void check_cpf(Ctx *cx, const json_t *row)
{
	char cpf[12];
	bool valid = cpf_parse(text_of(row, "in"), cpf);

	check_id(row, "digits", valid, cpf, valid ? cpf_text(cx->mem, cpf) : NULL);
}

TEST(cpf_agrees_with_the_vectors)
{
	each_row(cx, "cpf_cnpj.json", "cpf", 21, check_cpf);
}

static void check_cnpj(Ctx *cx, const json_t *row)
{
	char cnpj[15];
	bool valid = cnpj_parse(text_of(row, "in"), cnpj);

	check_id(row, "norm", valid, cnpj, valid ? cnpj_text(cx->mem, cnpj) : NULL);
}

TEST(cnpj_agrees_with_the_vectors)
{
	each_row(cx, "cpf_cnpj.json", "cnpj", 21, check_cnpj);
}

/* Where the sources differ we side with the number that can be dialled: a mobile starts with 9, and
 * the trunk zero of an area code is dropped. */
static const char *wanted_phone(const json_t *row)
{
	const char *e164 = text_of(row, "e164");

	if (!e164 && !is_true(row, "service"))
		e164 = text_of(row, "lpn_e164");
	if (e164 && is_true(row, "mobile") && e164[5] != '9')
		return NULL;
	return e164;
}

static void check_phone(Ctx *cx, const json_t *row)
{
	const char *want = wanted_phone(row), *in = text_of(row, "in");
	char e164[17] = "";
	PhoneKind kind = phone_parse(in, e164);

	if ((kind != PHONE_INVALID) != (want != NULL))
		test_fail(__FILE__, __LINE__, "phone \"%s\"", in);
	if (kind == PHONE_INVALID || !want)
		return;
	CHECK_TEXT(e164, want);
	if (text_of(row, "fmt"))
		CHECK_TEXT(phone_text(cx->mem, e164), text_of(row, "fmt"));
	CHECK((kind == PHONE_LANDLINE) == is_true(row, "landline"));
}

TEST(phones_agree_with_the_vectors)
{
	each_row(cx, "phones.json", "phones", 11, check_phone);
}

static void check_state(Ctx *cx, const json_t *row)
{
	Clock c = time_clock(TEST_NOW, text_of(row, "tz"));
	int64_t wall = date_of(c.year, c.month, c.day) * INT64_C(1440) + c.hour * 60 + c.minute;

	(void)cx;
	CHECK(uf_is_valid(text_of(row, "uf")));
	CHECK_INT(wall - TEST_NOW / 60, json_integer_value(json_object_get(row, "utc_off_min")));
}

TEST(states_agree_with_the_vectors)
{
	each_row(cx, "ufs.json", "ufs", 27, check_state);
}

TEST(area_codes_agree_with_the_vectors)
{
	json_t *root = vector(cx, "ufs.json"), *row;
	bool known[100] = { false };
	size_t i;

	if (!root)
		return;
	json_array_foreach(json_object_get(root, "ddds"), i, row)
	{
		known[json_integer_value(row)] = true;
	}
	for (int area = 0; area < 100; area++) {
		char e164[17];
		const char *number = arena_printf(cx->mem, "%02d987654321", area);

		CHECK_INT(phone_parse(number, e164) == PHONE_MOBILE, known[area]);
	}
	json_decref(root);
}

static void check_zone(Ctx *cx, const json_t *row)
{
	const char *zone = text_of(row, "zone");
	int64_t utc = 0, back = 0;

	(void)cx;
	CHECK(time_zone_exists(zone));
	CHECK(time_parse(text_of(row, "utc"), NULL, &utc));
	CHECK(time_parse(text_of(row, "local"), zone, &back));
	if (utc != back)
		test_fail(__FILE__, __LINE__, "%s %s", zone, text_of(row, "local"));
}

TEST(zones_agree_with_the_vectors)
{
	each_row(cx, "timezones.json", "rows", 41, check_zone);
}

static int32_t date(const json_t *year, const char *name)
{
	int32_t ret = 0;

	CHECK(date_parse(text_of(year, name), &ret));
	return ret;
}

static void check_year(Ctx *cx, int number, const json_t *year)
{
	const json_t *list = json_object_get(year, "national"), *row;
	int national = 0;
	size_t i;
	bool optional;

	CHECK_INT(date_easter(number), date(year, "easter"));
	for (int32_t day = date_of(number, 1, 1); day < date_of(number + 1, 1, 1); day++)
		if (date_holiday(day, &optional) && !optional)
			national++;
	CHECK_INT(national, json_array_size(list));
	json_array_foreach(list, i, row)
	{
		int32_t day;

		CHECK(date_parse(arena_printf(cx->mem, "%.10s", json_string_value(row)), &day));
		CHECK(date_holiday(day, &optional) && !optional);
	}
	CHECK(date_holiday(date(year, "carnaval_mon"), &optional) && optional);
	CHECK(date_holiday(date(year, "carnaval_tue"), &optional) && optional);
	CHECK(date_holiday(date(year, "corpus_christi"), &optional) && optional);
	CHECK(date_holiday(date(year, "good_friday"), &optional) != NULL);
	CHECK(!date_holiday(date(year, "ash_wed"), &optional));
}

TEST(holidays_agree_with_the_vectors)
{
	json_t *root = vector(cx, "holidays.json"), *year;
	const char *number;
	int count = 0;

	if (!root)
		return;
	json_object_foreach(json_object_get(root, "years"), number, year)
	{
		int64_t value;

		CHECK(str_int64(str_of(number), &value));
		check_year(cx, (int)value, year);
		count++;
	}
	CHECK(count > 20);
	json_decref(root);
}

static void check_instalments(Ctx *cx, const json_t *row)
{
	const json_t *due;
	size_t i;

	json_array_foreach(json_object_get(row, "due"), i, due)
	{
		CHECK_TEXT(date_text_iso(cx->mem, date_add_months(date(row, "first"), (int)i)),
			json_string_value(due));
	}
}

TEST(instalment_dates_agree_with_the_vectors)
{
	each_row(cx, "finance.json", "installments", 1, check_instalments);
}

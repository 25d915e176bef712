/* Pure arithmetic on the proleptic Gregorian calendar. */
#include "core/date.h"

static int64_t floor_divide(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

int32_t date_of_second(int64_t second)
{
	return (int32_t)floor_divide(second, 86400);
}

/* Counts from 1 March of year 0 in eras of 400 years, so that the leap day is a year's last. */
int32_t date_of(int year, int month, int day)
{
	int64_t months = (int64_t)year * 12 + month - 1;
	int64_t y = floor_divide(months, 12), m = months - y * 12 + 1, era, of_era, of_year;

	y -= m <= 2;
	era = floor_divide(y, 400);
	of_era = y - era * 400;
	of_year = (153 * (m > 2 ? m - 3 : m + 9) + 2) / 5 + day - 1;
	return (int32_t)(era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year -
			 719468);
}

void date_split(int32_t date, int *ret_year, int *ret_month, int *ret_day)
{
	int64_t days = (int64_t)date + 719468, era = floor_divide(days, 146097);
	int64_t of_era = days - era * 146097;
	int64_t y = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
	int64_t of_year = of_era - (365 * y + y / 4 - y / 100);
	int64_t m = (5 * of_year + 2) / 153;

	*ret_day = (int)(of_year - (153 * m + 2) / 5 + 1);
	*ret_month = (int)(m < 10 ? m + 3 : m - 9);
	*ret_year = (int)(y + era * 400 + (*ret_month <= 2));
}

static int month_days(int year, int month)
{
	return date_of(year, month + 1, 1) - date_of(year, month, 1);
}

bool date_is_valid(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
	       day <= month_days(year, month);
}

int date_weekday(int32_t date)
{
	int64_t since_monday = ((int64_t)date + 3) % 7; /* 1 January 1970 was a Thursday */

	return (int)(since_monday < 0 ? since_monday + 7 : since_monday) + 1;
}

int32_t date_add_months(int32_t date, int months)
{
	int year, month, day, last;
	int64_t count;

	date_split(date, &year, &month, &day);
	count = (int64_t)year * 12 + month - 1 + months;
	year = (int)floor_divide(count, 12);
	month = (int)(count - (int64_t)year * 12) + 1;
	last = month_days(year, month);
	return date_of(year, month, day < last ? day : last);
}

int32_t date_easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100, d = b / 4, e = b % 4, f = (b + 8) / 25;
	int g = (b - f + 1) / 3, h = (19 * a + b - d - g + 15) % 30, i = c / 4, k = c % 4;
	int l = (32 + 2 * e + 2 * i - h - k) % 7, m = (a + 11 * h + 22 * l) / 451;
	int n = h + l - 7 * m + 114;

	return date_of(year, n / 31, n % 31 + 1);
}

/* ---- holidays ---- */

static const struct {
	int month, day, since;
	const char *name;
} fixed_holidays[] = {
	{ 1, 1, 0, "Confraternização Universal" },
	{ 4, 21, 0, "Tiradentes" },
	{ 5, 1, 0, "Dia do Trabalhador" },
	{ 9, 7, 0, "Independência do Brasil" },
	{ 10, 12, 0, "Nossa Senhora Aparecida" },
	{ 11, 2, 0, "Finados" },
	{ 11, 15, 0, "Proclamação da República" },
	{ 11, 20, 2024, "Consciência Negra" },
	{ 12, 25, 0, "Natal" },
};

static const struct {
	int after_easter;
	bool optional;
	const char *name;
} moving_holidays[] = {
	{ -48, true, "Carnaval" },
	{ -47, true, "Carnaval" },
	{ -2, false, "Sexta-feira Santa" },
	{ 60, true, "Corpus Christi" },
};

const char *date_holiday(int32_t date, bool *ret_optional)
{
	int year, month, day;
	int32_t easter;

	*ret_optional = false;
	date_split(date, &year, &month, &day);
	if (!date_is_valid(year, month, day))
		return NULL;
	for (size_t i = 0; i < COUNT(fixed_holidays); i++)
		if (fixed_holidays[i].month == month && fixed_holidays[i].day == day)
			return year >= fixed_holidays[i].since ? fixed_holidays[i].name : NULL;
	easter = date_easter(year);
	for (size_t i = 0; i < COUNT(moving_holidays); i++) {
		if (date == easter + moving_holidays[i].after_easter) {
			*ret_optional = moving_holidays[i].optional;
			return moving_holidays[i].name;
		}
	}
	return NULL;
}

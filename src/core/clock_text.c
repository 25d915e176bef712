/* Dates and times as people in Brazil read and type them, and as machines do (ISO 8601). */
#include "core/clock.h"

#include "core/str.h"

enum { MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

static const char *const month_names[] = { "janeiro", "fevereiro", "março", "abril", "maio",
	"junho", "julho", "agosto", "setembro", "outubro", "novembro", "dezembro" };
static const char *const month_short[] = { "jan", "fev", "mar", "abr", "mai", "jun", "jul", "ago",
	"set", "out", "nov", "dez" };
static const char *const weekday_short[] = { "seg", "ter", "qua", "qui", "sex", "sáb", "dom" };
static const char *const near_days[] = { "ontem", "hoje", "amanhã" };

/* ---- writing ---- */

/* Dates that no calendar on the wall shows (a missing date, for one) read as nothing. */
static bool split_shown(int32_t date, int *ret_year, int *ret_month, int *ret_day)
{
	date_split(date, ret_year, ret_month, ret_day);
	return date_is_valid(*ret_year, *ret_month, *ret_day);
}

char *date_text(Arena *mem, int32_t date)
{
	int year, month, day;

	if (!split_shown(date, &year, &month, &day))
		return arena_dup(mem, "");
	return arena_printf(mem, "%02d/%02d/%04d", day, month, year);
}

char *date_text_long(Arena *mem, int32_t date)
{
	int year, month, day;

	if (!split_shown(date, &year, &month, &day))
		return arena_dup(mem, "");
	return arena_printf(
		mem, "%d%s de %s de %d", day, day == 1 ? "º" : "", month_names[month - 1], year);
}

char *date_text_short(Arena *mem, int32_t date)
{
	int year, month, day;

	if (!split_shown(date, &year, &month, &day))
		return arena_dup(mem, "");
	return arena_printf(mem, "%s, %d %s", weekday_short[date_weekday(date) - 1], day,
		month_short[month - 1]);
}

/* Times and dates for machines stand by the hundred in one answer: printf would be a tenth of it.
 */
static void put_digits(char *end, int digits, int value)
{
	while (digits--) {
		*--end = (char)('0' + value % 10);
		value /= 10;
	}
}

static void put_date(char *text, int year, int month, int day)
{
	put_digits(text + 4, 4, year);
	put_digits(text + 7, 2, month);
	put_digits(text + 10, 2, day);
}

char *date_text_iso(Arena *mem, int32_t date)
{
	int year, month, day;
	char *text;

	if (!split_shown(date, &year, &month, &day))
		return arena_dup(mem, "");
	text = arena_dup(mem, "0000-00-00");
	put_date(text, year, month, day);
	return text;
}

char *time_text(Arena *mem, int64_t at, const char *zone)
{
	Clock c = time_clock(at, zone);

	return arena_printf(
		mem, "%02d/%02d/%04d %02d:%02d", c.day, c.month, c.year, c.hour, c.minute);
}

char *time_text_hm(Arena *mem, int64_t at, const char *zone)
{
	Clock c = time_clock(at, zone);

	return arena_printf(mem, "%02d:%02d", c.hour, c.minute);
}

char *time_text_iso(Arena *mem, int64_t at)
{
	Clock c = time_clock(at, NULL);
	char *text = arena_dup(mem, "0000-00-00T00:00:00Z");

	put_date(text, c.year, c.month, c.day);
	put_digits(text + 13, 2, c.hour);
	put_digits(text + 16, 2, c.minute);
	put_digits(text + 19, 2, c.second);
	return text;
}

char *time_text_field(Arena *mem, int64_t at, const char *zone)
{
	Clock c = time_clock(at, zone);
	char *text = arena_dup(mem, "0000-00-00T00:00");

	put_date(text, c.year, c.month, c.day);
	put_digits(text + 13, 2, c.hour);
	put_digits(text + 16, 2, c.minute);
	return text;
}

char *time_text_relative(Arena *mem, int64_t at, int64_t now, const char *zone)
{
	Clock c = time_clock(at, zone), today = time_clock(now, zone);
	int32_t days =
		date_of(c.year, c.month, c.day) - date_of(today.year, today.month, today.day);

	if (at > now - MINUTE_S && at < now + MINUTE_S)
		return arena_dup(mem, "agora");
	if (at <= now && at > now - HOUR_S)
		return arena_printf(mem, "há %d min", (int)((now - at) / MINUTE_S));
	if (days >= -1 && days <= 1)
		return arena_printf(mem, "%s, %02d:%02d", near_days[days + 1], c.hour, c.minute);
	if (days >= -6 && days <= 6)
		return arena_printf(
			mem, "%s, %02d:%02d", weekday_short[c.weekday - 1], c.hour, c.minute);
	if (c.year == today.year)
		return arena_printf(mem, "%02d/%02d, %02d:%02d", c.day, c.month, c.hour, c.minute);
	return arena_printf(
		mem, "%02d/%02d/%04d, %02d:%02d", c.day, c.month, c.year, c.hour, c.minute);
}

char *time_text_dated(Arena *mem, int64_t at, int64_t now, const char *zone)
{
	Clock c = time_clock(at, zone), today = time_clock(now, zone);
	int32_t days =
		date_of(c.year, c.month, c.day) - date_of(today.year, today.month, today.day);
	const char *weekday = weekday_short[c.weekday - 1];

	if (days >= -1 && days <= 1)
		return arena_printf(mem, "%s, %02d:%02d", near_days[days + 1], c.hour, c.minute);
	if (c.year == today.year)
		return arena_printf(
			mem, "%s, %02d/%02d, %02d:%02d", weekday, c.day, c.month, c.hour, c.minute);
	return arena_printf(mem, "%s, %02d/%02d/%04d, %02d:%02d", weekday, c.day, c.month, c.year,
		c.hour, c.minute);
}

/* ---- reading: each takes what it understands from the front of *at ---- */

/* least to most digits. */
static bool take_number(const char **at, int least, int most, int *ret)
{
	int value = 0, count = 0;

	while (count < most && (*at)[count] >= '0' && (*at)[count] <= '9')
		value = value * 10 + ((*at)[count++] - '0');
	if (count < least)
		return false;
	*at += count;
	*ret = value;
	return true;
}

static bool take_char(const char **at, char c)
{
	if (**at != c)
		return false;
	++*at;
	return true;
}

static void skip_blanks(const char **at)
{
	while (**at == ' ' || **at == '\t')
		++*at;
}

static bool take_date(const char **at, int32_t *ret)
{
	const char *p = *at;
	size_t digits = strspn(p, "0123456789");
	int year, month, day;

	if (digits == 4) {
		if (!take_number(&p, 4, 4, &year) || !take_char(&p, '-') ||
			!take_number(&p, 2, 2, &month) || !take_char(&p, '-') ||
			!take_number(&p, 2, 2, &day))
			return false;
	} else if (digits == 8) {
		if (!take_number(&p, 2, 2, &day) || !take_number(&p, 2, 2, &month) ||
			!take_number(&p, 4, 4, &year))
			return false;
	} else {
		size_t year_digits;

		if (!take_number(&p, 1, 2, &day) || !take_char(&p, '/') ||
			!take_number(&p, 1, 2, &month) || !take_char(&p, '/'))
			return false;
		year_digits = strspn(p, "0123456789");
		if ((year_digits != 2 && year_digits != 4) || !take_number(&p, 2, 4, &year))
			return false;
		if (year_digits == 2)
			year += year >= 50 ? 1900 : 2000;
	}
	if (!date_is_valid(year, month, day))
		return false;
	*ret = date_of(year, month, day);
	*at = p;
	return true;
}

bool date_parse(const char *text, int32_t *ret)
{
	int32_t date;

	skip_blanks(&text);
	if (!take_date(&text, &date))
		return false;
	skip_blanks(&text);
	if (*text)
		return false;
	*ret = date;
	return true;
}

static bool take_hm(const char **at, int *ret_minutes)
{
	const char *p = *at;
	int hour, minute = 0;

	if (strspn(p, "0123456789") == 4) {
		if (!take_number(&p, 2, 2, &hour) || !take_number(&p, 2, 2, &minute))
			return false;
	} else {
		if (!take_number(&p, 1, 2, &hour))
			return false;
		if (take_char(&p, ':')) {
			if (!take_number(&p, 2, 2, &minute))
				return false;
		} else if (take_char(&p, 'h') || take_char(&p, 'H')) {
			if (*p >= '0' && *p <= '9' && !take_number(&p, 2, 2, &minute))
				return false;
		} else {
			return false;
		}
	}
	if (hour > 23 || minute > 59)
		return false;
	*ret_minutes = hour * 60 + minute;
	*at = p;
	return true;
}

bool time_parse_hm(const char *text, int *ret_minutes)
{
	int minutes;

	skip_blanks(&text);
	if (!take_hm(&text, &minutes))
		return false;
	skip_blanks(&text);
	if (*text)
		return false;
	*ret_minutes = minutes;
	return true;
}

/* "Z", "-03:00", "-0300", "-03"; the seconds that the wall clock is ahead of UTC. */
static bool take_offset(const char **at, int *ret_seconds)
{
	int sign = **at == '-' ? -1 : 1, hour, minute = 0;

	if (take_char(at, 'Z') || take_char(at, 'z')) {
		*ret_seconds = 0;
		return true;
	}
	if (!take_char(at, '+') && !take_char(at, '-'))
		return false;
	if (!take_number(at, 2, 2, &hour) || hour > 23)
		return false;
	if (take_char(at, ':') || **at) {
		if (!take_number(at, 2, 2, &minute) || minute > 59)
			return false;
	}
	*ret_seconds = sign * (hour * HOUR_S + minute * MINUTE_S);
	return true;
}

/* ":SS" and a fraction, which is dropped; both may be missing. */
static bool take_seconds(const char **at, int *ret)
{
	*ret = 0;
	if (!take_char(at, ':'))
		return true;
	if (!take_number(at, 2, 2, ret) || *ret > 59)
		return false;
	if (take_char(at, '.')) {
		size_t digits = strspn(*at, "0123456789");

		if (!digits || digits > 9)
			return false;
		*at += digits;
	}
	return true;
}

bool time_parse(const char *text, const char *zone, int64_t *ret)
{
	int32_t date;
	int minutes, second, offset;
	Clock clock;

	skip_blanks(&text);
	if (!take_date(&text, &date) || (*text != 'T' && *text != ' '))
		return false;
	text++;
	skip_blanks(&text);
	if (!take_hm(&text, &minutes) || !take_seconds(&text, &second))
		return false;
	if (*text == 'Z' || *text == 'z' || *text == '+' || *text == '-') {
		if (!take_offset(&text, &offset) || *text)
			return false;
		*ret = (int64_t)date * DAY_S + minutes * MINUTE_S + second - offset;
		return true;
	}
	skip_blanks(&text);
	if (*text)
		return false;
	clock = (Clock){ .hour = minutes / 60, .minute = minutes % 60, .second = second };
	date_split(date, &clock.year, &clock.month, &clock.day);
	*ret = time_of_clock(&clock, zone);
	return true;
}

/* Whole months from birth to today. */
static int months_between(int32_t birth, int32_t today)
{
	int y, m, d, year, month, day;

	date_split(birth, &y, &m, &d);
	date_split(today, &year, &month, &day);
	int months = (year - y) * 12 + month - m;
	return date_add_months(birth, months) > today ? months - 1 : months;
}

char *age_text(Arena *mem, int32_t birth, int32_t today)
{
	if (birth == INT32_MIN || birth > today)
		return arena_printf(mem, "%s", "");
	int months = months_between(birth, today);

	if (months < 1)
		return arena_printf(mem, "%d dia%s", today - birth, today - birth == 1 ? "" : "s");
	if (months < 12)
		return arena_printf(mem, "%d %s", months, months == 1 ? "mês" : "meses");
	if (months == 12)
		return arena_printf(mem, "1 ano");
	if (months < 24)
		return arena_printf(
			mem, "1 ano e %d %s", months - 12, months == 13 ? "mês" : "meses");
	return arena_printf(mem, "%d anos", months / 12);
}

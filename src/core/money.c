/* Reais: grouped by dots, decimals behind a comma, and in words for receipts. */
#include "core/money.h"

#include "core/str.h"

#define NBSP "\xC2\xA0"

static uint64_t magnitude(int64_t value)
{
	return value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
}

/* "1.234.567" into the end of digits; returns where it starts. */
static char *group_digits(char digits[32], uint64_t value)
{
	char *at = digits + 31;
	int count = 0;

	*at = '\0';
	do {
		if (count && count % 3 == 0)
			*--at = '.';
		*--at = (char)('0' + value % 10);
		count++;
	} while (value /= 10);
	return at;
}

static char *text_of_cents(Arena *mem, int64_t cents, const char *unit)
{
	uint64_t value = magnitude(cents);
	char digits[32];

	return arena_printf(mem, "%s%s%s,%02d", cents < 0 ? "-" : "", unit,
		group_digits(digits, value / 100), (int)(value % 100));
}

char *money_text(Arena *mem, int64_t cents)
{
	return text_of_cents(mem, cents, "R$" NBSP);
}

char *money_text_plain(Arena *mem, int64_t cents)
{
	return text_of_cents(mem, cents, "");
}

char *money_text_short(Arena *mem, int64_t cents)
{
	uint64_t value = magnitude(cents), reais = value / 100 + (value % 100 >= 50);
	char digits[32];

	return arena_printf(
		mem, "%sR$" NBSP "%s", cents < 0 && reais ? "-" : "", group_digits(digits, reais));
}

char *number_text(Arena *mem, int64_t value)
{
	char digits[32];

	return arena_printf(
		mem, "%s%s", value < 0 ? "-" : "", group_digits(digits, magnitude(value)));
}

char *number_text_tenths(Arena *mem, int64_t tenths)
{
	uint64_t value = magnitude(tenths);
	char digits[32];

	return arena_printf(mem, "%s%s,%d", tenths < 0 ? "-" : "", group_digits(digits, value / 10),
		(int)(value % 10));
}

/* ---- reading ---- */

static void skip_blanks(const char **at)
{
	for (;;) {
		if (**at == ' ' || **at == '\t')
			*at += 1;
		else if (str_starts(*at, NBSP))
			*at += 2;
		else
			return;
	}
}

static bool take_sign(const char **at)
{
	if (**at == '-')
		*at += 1;
	else if (str_starts(*at, "\xE2\x88\x92")) /* U+2212, as spreadsheets paste it */
		*at += 3;
	else
		return false;
	return true;
}

/* Digits in groups of three after the first dot, or without dots at all. */
static bool read_whole(Str s, int64_t *ret)
{
	int64_t value = 0;
	size_t since_dot = 0;
	bool dotted = false;

	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.') {
			if (dotted ? since_dot != 3 : since_dot < 1 || since_dot > 3)
				return false;
			dotted = true;
			since_dot = 0;
			continue;
		}
		if (s.ptr[i] < '0' || s.ptr[i] > '9' ||
			__builtin_mul_overflow(value, (int64_t)10, &value) ||
			__builtin_add_overflow(value, (int64_t)(s.ptr[i] - '0'), &value))
			return false;
		since_dot++;
	}
	*ret = value;
	return !dotted || since_dot == 3;
}

/* One or two digits: "5" is fifty cents. */
static bool read_cents(Str s, int64_t *ret)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] < '0' || s.ptr[i] > '9')
			return false;
	if (s.len < 1 || s.len > 2)
		return false;
	*ret = (s.ptr[0] - '0') * 10 + (s.len == 2 ? s.ptr[1] - '0' : 0);
	return true;
}

static bool read_amount(Str s, int64_t *ret_cents)
{
	const char *comma = memchr(s.ptr, ',', s.len), *dot = memchr(s.ptr, '.', s.len);
	Str whole = s, part = { "0", 1 };
	int64_t reais, cents;

	if (comma) {
		whole.len = (size_t)(comma - s.ptr);
		part = (Str){ comma + 1, s.len - whole.len - 1 };
	} else if (dot && s.ptr + s.len - dot <= 3) { /* "1234.56": the one dot is a comma */
		whole.len = (size_t)(dot - s.ptr);
		part = (Str){ dot + 1, s.len - whole.len - 1 };
	}
	if (!s.len || !read_whole(whole, &reais) || !read_cents(part, &cents))
		return false;
	return !__builtin_mul_overflow(reais, (int64_t)100, &reais) &&
	       !__builtin_add_overflow(reais, cents, ret_cents);
}

bool money_parse(const char *text, int64_t *ret_cents)
{
	bool negative;
	int64_t cents;
	size_t length;

	skip_blanks(&text);
	negative = take_sign(&text);
	skip_blanks(&text);
	if (str_starts(text, "R$") || str_starts(text, "r$")) {
		text += 2;
		skip_blanks(&text);
		if (!negative)
			negative = take_sign(&text);
		skip_blanks(&text);
	}
	length = strspn(text, "0123456789.,");
	if (!read_amount((Str){ text, length }, &cents))
		return false;
	text += length;
	skip_blanks(&text);
	if (*text)
		return false;
	*ret_cents = negative ? -cents : cents;
	return true;
}

/* ---- words ---- */

static const char *const small_words[] = { "zero", "um", "dois", "três", "quatro", "cinco", "seis",
	"sete", "oito", "nove", "dez", "onze", "doze", "treze", "quatorze", "quinze", "dezesseis",
	"dezessete", "dezoito", "dezenove" };
static const char *const ten_words[] = { "", "", "vinte", "trinta", "quarenta", "cinquenta",
	"sessenta", "setenta", "oitenta", "noventa" };
static const char *const hundred_words[] = { "", "cento", "duzentos", "trezentos", "quatrocentos",
	"quinhentos", "seiscentos", "setecentos", "oitocentos", "novecentos" };

/* 1 to 999. */
static void words_of_group(Buf *buf, int n)
{
	if (n == 100) {
		buf_puts(buf, "cem");
		return;
	}
	if (n >= 100) {
		buf_puts(buf, hundred_words[n / 100]);
		n %= 100;
		if (n)
			buf_puts(buf, " e ");
	}
	if (n >= 20) {
		buf_puts(buf, ten_words[n / 10]);
		n %= 10;
		if (n)
			buf_puts(buf, " e ");
	}
	if (n)
		buf_puts(buf, small_words[n]);
}

/* "e" joins the last group when it is small or round: mil e cem, mil e dez, mil cento e dez. */
static void words_of_whole(Buf *buf, int64_t n)
{
	static const struct {
		int64_t unit;
		const char *one, *many;
	} scale[] = { { 1000000000, " bilhão", " bilhões" }, { 1000000, " milhão", " milhões" },
		{ 1000, " mil", " mil" }, { 1, "", "" } };
	bool more = false;

	for (size_t i = 0; i < COUNT(scale); i++) {
		int group = (int)(n / scale[i].unit);

		n %= scale[i].unit;
		if (!group)
			continue;
		if (more)
			buf_puts(buf, !n && (group <= 100 || group % 100 == 0) ? " e " : " ");
		if (scale[i].unit == 1000 && group == 1) {
			buf_puts(buf, "mil");
		} else {
			words_of_group(buf, group);
			buf_puts(buf, group == 1 ? scale[i].one : scale[i].many);
		}
		more = true;
	}
}

char *money_words(Arena *mem, int64_t cents)
{
	int64_t reais = cents / 100;
	int part = (int)(cents % 100);
	Buf buf;

	if (cents < 0 || reais > INT64_C(999999999999))
		return money_text(mem, cents);
	buf_init(&buf, mem, 512);
	if (reais) {
		words_of_whole(&buf, reais);
		if (reais % 1000000 == 0)
			buf_puts(&buf, " de");
		buf_puts(&buf, reais == 1 ? " real" : " reais");
	}
	if (reais && part)
		buf_puts(&buf, " e ");
	if (part) {
		words_of_group(&buf, part);
		buf_puts(&buf, part == 1 ? " centavo" : " centavos");
	}
	return reais || part ? arena_dup(mem, buf_text(&buf)) : arena_dup(mem, "zero reais");
}

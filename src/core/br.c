/* Brazilian identifiers. Rules and sources stand in br.h; every parser takes what people type and
 * refuses what it does not know rather than guess. */
#include "core/br.h"

#include "core/str.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Copy text without the separators and blanks; false when more than room - 1 characters are left.
 * A character that is neither stays and fails the caller's check. */
static bool squeeze(const char *text, const char *separators, char *ret, size_t room)
{
	size_t n = 0;

	for (; *text; text++) {
		if (*text == ' ' || *text == '\t' || strchr(separators, *text))
			continue;
		if (str_starts(text, "\xC2\xA0")) { /* U+00A0 from copied pages */
			text++;
			continue;
		}
		if (n + 1 == room)
			return false;
		ret[n++] = *text;
	}
	ret[n] = '\0';
	return true;
}

static bool all_same(const char *text)
{
	return strspn(text, (char[]){ text[0], '\0' }) == strlen(text);
}

/* Check digit of count characters (value: ASCII - 48): weights rise from 2 at the right end and
 * start again after most. */
static char check_digit(const char *text, int count, int most)
{
	int sum = 0, rest;

	for (int i = count - 1, weight = 2; i >= 0; i--) {
		sum += (text[i] - '0') * weight;
		weight = weight == most ? 2 : weight + 1;
	}
	rest = sum % 11;
	return (char)('0' + (rest < 2 ? 0 : 11 - rest));
}

bool cpf_parse(const char *text, char ret[12])
{
	char digits[12];

	if (!squeeze(text, ".-", digits, sizeof digits) || strspn(digits, "0123456789") != 11)
		return false;
	if (all_same(digits) || digits[9] != check_digit(digits, 9, 11) ||
		digits[10] != check_digit(digits, 10, 11))
		return false;
	memcpy(ret, digits, sizeof digits);
	return true;
}

bool cnpj_parse(const char *text, char ret[15])
{
	char id[15];

	if (!squeeze(text, ".-/", id, sizeof id) || strlen(id) != 14)
		return false;
	for (int i = 0; i < 14; i++) {
		if (id[i] >= 'a' && id[i] <= 'z')
			id[i] = (char)(id[i] - 32);
		if (!is_digit(id[i]) && (i >= 12 || !is_letter(id[i])))
			return false;
	}
	if (all_same(id) || id[12] != check_digit(id, 12, 9) || id[13] != check_digit(id, 13, 9))
		return false;
	memcpy(ret, id, sizeof id);
	return true;
}

bool cep_parse(const char *text, char ret[9])
{
	char digits[9];

	if (!squeeze(text, ".-", digits, sizeof digits) || strspn(digits, "0123456789") != 8)
		return false;
	memcpy(ret, digits, sizeof digits);
	return true;
}

char *cpf_text(Arena *mem, const char *cpf)
{
	if (strlen(cpf) != 11)
		return arena_dup(mem, cpf);
	return arena_printf(mem, "%.3s.%.3s.%.3s-%.2s", cpf, cpf + 3, cpf + 6, cpf + 9);
}

char *cnpj_text(Arena *mem, const char *cnpj)
{
	if (strlen(cnpj) != 14)
		return arena_dup(mem, cnpj);
	return arena_printf(
		mem, "%.2s.%.3s.%.3s/%.4s-%.2s", cnpj, cnpj + 2, cnpj + 5, cnpj + 8, cnpj + 12);
}

char *cep_text(Arena *mem, const char *cep)
{
	if (strlen(cep) != 8)
		return arena_dup(mem, cep);
	return arena_printf(mem, "%.5s-%.3s", cep, cep + 5);
}

/* ---- phones ---- */

/* Area codes in use, by their first digit. */
static const char *const area_codes[10] = { "", "123456789", "12478", "1234578", "123456789",
	"1345", "123456789", "134579", "123456789", "123456789" };

static bool is_area(const char *digits)
{
	return digits[1] && digits[1] != '0' && strchr(area_codes[digits[0] - '0'], digits[1]);
}

/* Only the digits of a typed number, and whether it began with "+". False: something that is no
 * part of a phone number, or more than 15 digits behind an international 00. */
static bool phone_digits(const char *text, char ret[20], bool *ret_plus)
{
	size_t n = 0;

	*ret_plus = false;
	for (; *text; text++) {
		if (is_digit(*text)) {
			if (n == 19)
				return false;
			ret[n++] = *text;
		} else if (*text == '+') {
			if (n || *ret_plus)
				return false;
			*ret_plus = true;
		} else if (str_starts(text, "\xC2\xA0")) {
			text += 1;
		} else if (str_starts(text, "\xE2\x80") && text[2] >= '\x90' && text[2] <= '\x95') {
			text += 2; /* U+2010 to U+2015: hyphens and dashes of copied numbers */
		} else if (!strchr(" \t()-./", *text)) {
			return false;
		}
	}
	ret[n] = '\0';
	return true;
}

/* DDD and subscriber: without country code (only when what is left can be a number: 55 is also a
 * DDD) and without the trunk zero of "(011)". */
static const char *national(const char *digits, bool plus)
{
	size_t length = strlen(digits);

	if (plus)
		return str_starts(digits, "55") ? digits + 2 : "";
	if (str_starts(digits, "0055") && (length == 14 || length == 15))
		return digits + 4;
	if (str_starts(digits, "55") && (length == 12 || length == 13))
		return digits + 2;
	if (digits[0] == '0' && (length == 11 || length == 12))
		return digits + 1;
	return digits;
}

PhoneKind phone_parse(const char *text, char ret[17])
{
	char digits[20];
	const char *number;
	PhoneKind kind;
	size_t length;
	bool plus;

	if (!phone_digits(text, digits, &plus))
		return PHONE_INVALID;
	length = strlen(digits);
	if (plus && !str_starts(digits, "55")) {
		if (length < 8 || length > 15 || digits[0] == '0')
			return PHONE_INVALID;
		snprintf(ret, 17, "+%.15s", digits);
		return PHONE_FOREIGN;
	}
	number = national(digits, plus);
	length = strlen(number);
	if (length == 11 && number[2] == '9')
		kind = PHONE_MOBILE;
	else if (length == 10 && number[2] >= '2' && number[2] <= '5')
		kind = PHONE_LANDLINE;
	else
		return PHONE_INVALID;
	if (!is_area(number))
		return PHONE_INVALID;
	snprintf(ret, 17, "+55%.11s", number);
	return kind;
}

bool phone_suggest(const char *text, char ret[17])
{
	char digits[20];
	const char *number;
	bool plus;

	if (!phone_digits(text, digits, &plus))
		return false;
	number = national(digits, plus);
	if (strlen(number) != 10 || number[2] < '6' || !is_area(number))
		return false;
	snprintf(ret, 17, "+55%.2s9%.8s", number, number + 2);
	return true;
}

/* Length of the country code that digits start with (ITU-T E.164: 1 and 7 stand alone, these have
 * two digits, all others three). */
static int country_digits(const char *digits)
{
	static const char two[] = "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 "
				  "54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 91 92 93 94 "
				  "95 98";

	if (digits[0] == '1' || digits[0] == '7')
		return 1;
	return digits[0] && digits[1] && strstr(two, (char[]){ digits[0], digits[1], '\0' }) ? 2
											     : 3;
}

char *phone_text(Arena *mem, const char *e164)
{
	size_t length = strlen(e164);
	int country;

	if (str_starts(e164, "+55") && length == 14)
		return arena_printf(mem, "(%.2s) %.5s-%.4s", e164 + 3, e164 + 5, e164 + 10);
	if (str_starts(e164, "+55") && length == 13)
		return arena_printf(mem, "(%.2s) %.4s-%.4s", e164 + 3, e164 + 5, e164 + 9);
	if (e164[0] != '+' || length < 5)
		return arena_dup(mem, e164);
	country = country_digits(e164 + 1);
	return arena_printf(mem, "+%.*s %s", country, e164 + 1, e164 + 1 + country);
}

char *phone_key(Arena *mem, const char *e164)
{
	size_t length = strlen(e164);

	if (str_starts(e164, "+55") && (length == 13 || length == 14))
		return arena_printf(mem, "%.2s%s", e164 + 3, e164 + length - 8);
	return arena_dup(mem, e164[0] == '+' ? e164 + 1 : e164);
}

/* ---- e-mail and states ---- */

static bool is_local_part(Str s)
{
	if (!s.len || s.len > 64 || s.ptr[0] == '.' || s.ptr[s.len - 1] == '.')
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (s.ptr[i] == '.' && s.ptr[i + 1] == '.')
			return false;
		if (!is_digit(s.ptr[i]) && !is_letter(s.ptr[i]) &&
			!memchr(".!#$%&'*+/=?^_`{|}~-", s.ptr[i], 20))
			return false;
	}
	return true;
}

/* At least two labels; the last begins with a letter (a top-level domain, not an address). */
static bool is_domain(Str s)
{
	Str label = { 0 };
	int count = 0;

	while (str_cut(&s, '.', &label)) {
		if (!label.len || label.len > 63 || label.ptr[0] == '-' ||
			label.ptr[label.len - 1] == '-')
			return false;
		for (size_t i = 0; i < label.len; i++)
			if (!is_digit(label.ptr[i]) && !is_letter(label.ptr[i]) &&
				label.ptr[i] != '-')
				return false;
		count++;
	}
	return count >= 2 && label.len >= 2 && is_letter(label.ptr[0]);
}

bool email_parse(const char *text, char ret[255])
{
	Str s = str_trim(str_of(text));
	const char *at = memchr(s.ptr, '@', s.len);
	Str local, domain;

	if (!at || s.len > 254)
		return false;
	local = (Str){ s.ptr, (size_t)(at - s.ptr) };
	domain = (Str){ at + 1, s.len - local.len - 1 };
	if (!is_local_part(local) || !is_domain(domain))
		return false;
	for (size_t i = 0; i < s.len; i++)
		ret[i] = (char)(s.ptr[i] >= 'A' && s.ptr[i] <= 'Z' ? s.ptr[i] + 32 : s.ptr[i]);
	ret[s.len] = '\0';
	return true;
}

bool uf_is_valid(const char *uf)
{
	static const char states[] =
		"AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO "
		"RR RS SC SE SP TO";

	return strlen(uf) == 2 && is_letter(uf[0]) && is_letter(uf[1]) && strstr(states, uf);
}

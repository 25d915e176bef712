/* What templates call inside {{ }}: values as a person in the clinic reads them. */
#include "core/br.h"
#include "core/clock.h"
#include "core/money.h"
#include "platform/html/html.h"

const char *fmt_money(Html *h, int64_t cents)
{
	return money_text(h->mem, cents);
}

const char *fmt_money_short(Html *h, int64_t cents)
{
	return money_text_short(h->mem, cents);
}

const char *fmt_number(Html *h, int64_t value)
{
	return number_text(h->mem, value);
}

const char *fmt_id(Html *h, int64_t id)
{
	return id ? arena_printf(h->mem, "%" PRId64, id) : NULL;
}

const char *fmt_percent(Html *h, int64_t tenths)
{
	return arena_printf(h->mem, "%s%%", number_text_tenths(h->mem, tenths));
}

const char *fmt_date(Html *h, int32_t date)
{
	return date_text(h->mem, date);
}

const char *fmt_when(Html *h, int64_t at)
{
	return time_text_relative(h->mem, at, h->cx->now, h->cx->zone);
}

const char *fmt_moment(Html *h, int64_t at)
{
	return time_text(h->mem, at, h->cx->zone);
}

const char *fmt_phone(Html *h, const char *e164)
{
	return str_is_empty(e164) ? NULL : phone_text(h->mem, e164);
}

const char *fmt_cpf(Html *h, const char *cpf)
{
	return str_is_empty(cpf) ? NULL : cpf_text(h->mem, cpf);
}

const char *fmt_cnpj(Html *h, const char *cnpj)
{
	return str_is_empty(cnpj) ? NULL : cnpj_text(h->mem, cnpj);
}

const char *fmt_bad(Html *h, const char *field)
{
	return bad_find(h->cx, field);
}

const char *fmt_count(Html *h, int64_t n, const char *one, const char *many)
{
	return arena_printf(
		h->mem, "%s %s", number_text(h->mem, n), n == 1 || n == -1 ? one : many);
}

/* Titles and particles that give no initial. */
static bool is_left_out(Arena *mem, Str word)
{
	static const char *const words[] = { "dr", "dr.", "dra", "dra.", "sr", "sr.", "sra", "sra.",
		"de", "da", "do", "das", "dos", "e" };
	const char *folded = str_fold(mem, arena_copy(mem, word.ptr, word.len));

	for (size_t i = 0; i < COUNT(words); i++)
		if (!strcmp(folded, words[i]))
			return true;
	return false;
}

/* The first character of word, as a capital where Latin-1 has one. */
static void put_capital(Buf *buf, Str word)
{
	unsigned char first = (unsigned char)word.ptr[0];
	size_t len = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
	char letter[4];

	if (len > word.len)
		len = word.len;
	memcpy(letter, word.ptr, len);
	if (first >= 'a' && first <= 'z')
		letter[0] = (char)(first - 32);
	else if (first == 0xC3 && len == 2 && (unsigned char)letter[1] >= 0xA0 &&
		 (unsigned char)letter[1] != 0xB7 && (unsigned char)letter[1] != 0xBF)
		letter[1] = (char)((unsigned char)letter[1] - 0x20);
	buf_add(buf, letter, len);
}

const char *fmt_initials(Html *h, const char *name)
{
	Str rest = str_of(name), word, first = { "", 0 }, last = { "", 0 };
	Buf buf;

	buf_init(&buf, h->mem, 16);
	while (str_cut(&rest, ' ', &word)) {
		word = str_trim(word);
		if (!word.len || is_left_out(h->mem, word))
			continue;
		if (!first.len)
			first = word;
		else
			last = word;
	}
	if (!first.len)
		first = str_trim(str_of(name)); /* only particles: "Da" is a name too */
	if (first.len)
		put_capital(&buf, first);
	if (last.len)
		put_capital(&buf, last);
	return buf_text(&buf);
}

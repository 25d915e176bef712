/* Questions and stored texts go through the same folding, so they always meet. */
#include "core/search.h"

const char *search_text(Arena *mem, const char *name, const char *const *more, size_t count)
{
	Buf text;

	buf_init(&text, mem, SEARCH_TEXT_MAX);
	buf_puts(&text, str_fold(mem, name));
	for (size_t i = 0; i < count; i++) {
		if (!more[i])
			continue;
		buf_putc(&text, ' ');
		buf_puts(&text, more[i] + (more[i][0] == '+'));
	}
	return buf_text(&text);
}

/* "%word%", with what LIKE takes for special escaped. */
static const char *pattern(Arena *mem, Str word)
{
	Buf text;

	buf_init(&text, mem, SEARCH_TEXT_MAX);
	buf_putc(&text, '%');
	for (size_t i = 0; i < word.len; i++) {
		if (strchr("\\%_", word.ptr[i]))
			buf_putc(&text, '\\');
		buf_putc(&text, word.ptr[i]);
	}
	buf_putc(&text, '%');
	return buf_text(&text);
}

/* The digits of a phone or document as people type it; NULL when it is anything else. */
static const char *digits_of(Arena *mem, const char *text)
{
	char *digits = arena_alloc(mem, strlen(text) + 1);
	size_t n = 0;

	for (; *text; text++) {
		if (*text >= '0' && *text <= '9')
			digits[n++] = *text;
		else if (!strchr(" ()-+./", *text))
			return NULL;
	}
	return n ? digits : NULL;
}

void search_patterns(Arena *mem, const char *question, const char *ret[SEARCH_WORDS])
{
	const char *digits;
	Str rest, word;
	size_t n = 0;

	for (size_t i = 0; i < SEARCH_WORDS; i++)
		ret[i] = NULL;
	if (str_is_empty(question))
		return;
	digits = digits_of(mem, question);
	rest = str_of(digits ? digits : str_fold(mem, question));
	while (n < SEARCH_WORDS && str_cut(&rest, ' ', &word))
		if (word.len)
			ret[n++] = pattern(mem, word);
}

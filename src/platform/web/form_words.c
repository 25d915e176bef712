/* Portuguese articles by the look of a word: good for the words that forms use, not a grammar. */
#include "platform/web/form_words.h"

/* Feminine by the ending of the singular, unless the word stands among the masculine ones. */
static const char *const feminine_endings[] = { "a", "ção", "são", "gem", "dade", "tude", "ice" };
static const char *const feminine_words[] = { "razão", "mão", "cor", "chave", "fase", "base",
	"classe", "fonte", "rede", "parte", "sede", "noite", "tarde", "foto", "ordem", "vez",
	"face", "chance", "UF", "sigla", "URL", "versão" };
static const char *const masculine_words[] = { "dia", "mapa", "sistema", "problema", "tema",
	"programa", "idioma", "esquema", "diploma", "sintoma", "dentista" };

static bool is_in(const char *word, const char *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(word, list[i]))
			return true;
	return false;
}

static bool is_feminine(const char *word)
{
	if (is_in(word, masculine_words, COUNT(masculine_words)))
		return false;
	if (is_in(word, feminine_words, COUNT(feminine_words)))
		return true;
	for (size_t i = 0; i < COUNT(feminine_endings); i++)
		if (str_ends(word, feminine_endings[i]))
			return true;
	return false;
}

/* Words like "Mês" and "País" end in s without being many. */
static bool is_plural(const char *word)
{
	static const char *const singular[] = { "ês", "ís", "ás", "ós", "ônibus", "bônus", "status",
		"lápis" };

	if (!str_ends(word, "s"))
		return false;
	for (size_t i = 0; i < COUNT(singular); i++)
		if (str_ends(word, singular[i]))
			return false;
	return true;
}

static char *singular_of(Arena *mem, const char *word)
{
	size_t length = strlen(word);

	/* "…são" is as feminine as "…ção" */
	if (str_ends(word, "ções") || str_ends(word, "sões"))
		return arena_printf(mem, "%.*s%s", (int)(length - strlen("ões")), word, "são");
	if (str_ends(word, "gens"))
		return arena_printf(mem, "%.*sm", (int)(length - 2), word);
	if (str_ends(word, "ores"))
		return arena_copy(mem, word, length - 2);
	return arena_copy(mem, word, length - 1);
}

/* Lower case at the start, but for names of capitals: CPF, UF, E-mail is an ordinary word. */
static char *in_sentence(Arena *mem, const char *title)
{
	char *text = arena_dup(mem, title);
	unsigned char *at = (unsigned char *)text;

	if (at[0] >= 'A' && at[0] <= 'Z') {
		if (!(at[1] >= 'A' && at[1] <= 'Z'))
			at[0] += 32;
	} else if (at[0] == 0xC3 && at[1] >= 0x80 && at[1] <= 0x9E && at[1] != 0x97) {
		at[1] += 32; /* À to Þ */
	}
	return text;
}

/* "O que fazer", "Quando": asked as it stands, "Informe o que fazer." */
static bool is_question(const char *text)
{
	static const char *const word[] = { "o que ", "quando", "quanto", "quanta", "qual", "quais",
		"como ", "onde", "por " };

	for (size_t i = 0; i < COUNT(word); i++)
		if (str_starts(text, word[i]))
			return true;
	return false;
}

const char *words_with_article(Arena *mem, const char *title)
{
	char *text = in_sentence(mem, title), *word = arena_copy(mem, text, strcspn(text, " (/,"));
	bool plural = is_plural(word);
	bool feminine = is_feminine(plural ? singular_of(mem, word) : word);

	if (is_question(text))
		return text;
	return arena_printf(mem, "%s%s %s", feminine ? "a" : "o", plural ? "s" : "", text);
}

#include "core/search.h"
#include "test.h"

TEST(a_question_becomes_patterns_of_folded_words)
{
	const char *word[SEARCH_WORDS];

	search_patterns(cx->mem, " José  Conceição ", word);
	CHECK_TEXT(word[0], "%jose%");
	CHECK_TEXT(word[1], "%conceicao%");
	CHECK(!word[2]);
	search_patterns(cx->mem, "(11) 98765-4321", word);
	CHECK_TEXT(word[0], "%11987654321%");
	search_patterns(cx->mem, "50%_\\", word);
	CHECK_TEXT(word[0], "%50\\%\\_\\\\%");
	search_patterns(cx->mem, "  ", word);
	CHECK(!word[0]);
}

TEST(what_is_stored_holds_name_and_contacts)
{
	const char *more[] = { "ana@x.com", NULL, "+5511987654321" };

	CHECK_TEXT(search_text(cx->mem, "Ána", more, COUNT(more)), "ana ana@x.com 5511987654321");
}

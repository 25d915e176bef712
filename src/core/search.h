/* search: one text column finds a person. Names are stored folded (str_fold), with e-mail, digits
 * of phones and documents behind; a question becomes up to three LIKE patterns, all of which must
 * match. Why LIKE and not an index of trigrams: under row-level security it is the fastest that
 * stays correct (measured; data model in ARCHITECTURE.md). */
#ifndef CORE_SEARCH_H
#define CORE_SEARCH_H

#include "core/str.h"

enum { SEARCH_WORDS = 3, SEARCH_TEXT_MAX = 600 };

/* What to store: the folded name and then each of `more` that is not NULL ("+55…" loses its plus).
 */
const char *search_text(Arena *mem, const char *name, const char *const *more, size_t count);
/* "%maria%" patterns; the rest NULL. A phone number as people type it is asked by its digits. A
 * question without a word gives only NULLs. */
void search_patterns(Arena *mem, const char *question, const char *ret[SEARCH_WORDS]);

#endif

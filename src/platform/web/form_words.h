/* form_words: a field's title inside a Portuguese sentence. */
#ifndef WEB_FORM_WORDS_H
#define WEB_FORM_WORDS_H

#include "core/str.h"

/* "Nome" -> "o nome", "Data de nascimento" -> "a data de nascimento", "CPF" -> "o CPF", "Etiquetas"
 * -> "as etiquetas". The gender is read off the first word's ending; common exceptions are listed.
 */
const char *words_with_article(Arena *mem, const char *title);

#endif

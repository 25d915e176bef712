/* Names of the books in the words of the clinic. */
#ifndef AUDIT_AUDIT_WORDS_H
#define AUDIT_AUDIT_WORDS_H

#include "modules/module.h"

/* "lead.update" → "Lead: alterado"; an action without words of its own stays as it is. */
const char *audit_action_title(Arena *mem, const char *action);
/* "lead", 7 → "Lead nº 7"; NULL without subject. */
const char *audit_subject_title(Arena *mem, const char *subject, int64_t id);
/* A column that is told of a subject, as a module declares it (Module.words): of this subject, else
 * of any other; NULL: nobody knows it. */
const Field *audit_column(const char *subject, const char *name, const Words **ret_words);
/* "crm.read" → what that permission is for; what is none stays as it is. */
const char *audit_perm_title(const char *name);
/* "name" → "Nome"; a permission by its title; the name itself without words. */
const char *audit_column_title(Arena *mem, const char *subject, const char *name);

#endif

/* Names of the books in the words of the clinic. */
#ifndef AUDIT_AUDIT_WORDS_H
#define AUDIT_AUDIT_WORDS_H

#include "core/arena.h"

/* "lead.update" → "Lead: alterado"; an action without words of its own stays as it is. */
const char *audit_action_title(Arena *mem, const char *action);
/* "lead", 7 → "Lead nº 7"; NULL without subject. */
const char *audit_subject_title(Arena *mem, const char *subject, int64_t id);
/* "name" → "Nome" */
const char *audit_field_title(const char *field);

#endif

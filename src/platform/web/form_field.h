/* form_field: one value, checked by its field's row and written. Used by form.c and form_json.c;
 * each function returns NULL when all is well, else the sentence that the person reads. */
#ifndef WEB_FORM_FIELD_H
#define WEB_FORM_FIELD_H

#include "platform/web/form.h"

/* A text as typed (or an API's string): any type but lists and FIELD_JSON. */
const char *field_set_text(Ctx *cx, const Field *field, const char *text, void *in);
/* A number that came as one: FIELD_INT, FIELD_MONEY (cents), FIELD_ID. */
const char *field_set_number(Ctx *cx, const Field *field, int64_t value, void *in);
/* Items are trimmed; empty ones are left out. */
const char *field_set_texts(Ctx *cx, const Field *field, Strs list, void *in);
const char *field_set_ids(Ctx *cx, const Field *field, Int64s list, void *in);
/* Nothing was sent, or null. */
const char *field_set_empty(Ctx *cx, const Field *field, void *in);

/* "Informe a data de nascimento." */
const char *field_missing(Ctx *cx, const Field *field);
/* "No máximo 10 itens.", or NULL when the number of items is right. */
const char *field_item_count(Ctx *cx, const Field *field, size_t count);

/* Where the member stands in the struct. */
static inline void *field_at(const Field *field, void *in)
{
	return (char *)in + field->offset;
}

#endif

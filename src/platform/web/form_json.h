/* form_json: the tables of form.h over JSON: API bodies in, rows out. */
#ifndef WEB_FORM_JSON_H
#define WEB_FORM_JSON_H

#include "platform/json/json.h"
#include "platform/web/form.h"

/* Check the object body against the table and fill in. Texts, dates and moments are strings
 * (moments with an offset or in cx->zone), money integer cents; null is the empty value. False:
 * cx->bad says which and why; a name that no field knows and a value of another type are wrong too.
 */
bool form_fill_json(Ctx *cx, json_t *body, const Field *field, size_t count, void *in);
/* The same for the members that body has; the rest of in stays (PATCH). */
bool form_fill_json_some(Ctx *cx, json_t *body, const Field *field, size_t count, void *in);

/* Write the members of row into the object that is open in j. */
void json_put_out(Json *j, const OutField *out, size_t count, const void *row);

#endif

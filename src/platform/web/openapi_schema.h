/* openapi_schema: a field or a column as JSON Schema (2020-12, as OpenAPI 3.1 takes it). */
#ifndef WEB_OPENAPI_SCHEMA_H
#define WEB_OPENAPI_SCHEMA_H

#include "platform/web/web.h"

/* Write the members of the schema into the object that is open in j. */
void schema_of_field(Json *j, const Field *field);
void schema_of_out(Json *j, const OutField *out);
/* All of a table's columns as one object. */
void schema_of_row(Json *j, const OutField *out, size_t count);
/* Must it be there? Texts say so by a least length. */
bool field_is_required(const Field *field);
/* "texto, 1 a 200 caracteres": for people. */
const char *schema_words(Arena *mem, const Field *field);
const char *schema_out_words(const OutField *out);

#endif

/* json: writing JSON into a buffer, and reading it (jansson) with limits. */
#ifndef JSON_JSON_H
#define JSON_JSON_H

#include <jansson.h>

#include "core/ctx.h"
#include "core/str.h"
#include "platform/html/html.h"

/* Writer: commas and quoting are its business. An object inside an array is
 * json_put_object(j, NULL) … json_close(j). */
typedef struct Json {
	Buf buf;
	int depth;
	bool more[32]; /* a comma is due at this depth */
	char close[32];
} Json;

void json_init(Json *j, Arena *mem);
void json_put_object(Json *j, const char *key); /* key NULL: in an array or at the top */
void json_put_array(Json *j, const char *key);
void json_close(Json *j);                                        /* closes the innermost */
void json_put_text(Json *j, const char *key, const char *value); /* NULL writes null */
void json_put_int(Json *j, const char *key, int64_t value);
void json_put_bool(Json *j, const char *key, bool value);
void json_put_null(Json *j, const char *key);
void json_put_time(
	Json *j, const char *key, int64_t at); /* "2026-11-22T12:00:00Z"; 0 writes null */
void json_put_date(Json *j, const char *key, int32_t date); /* "2026-11-22" */
void json_put_raw(
	Json *j, const char *key, const char *json); /* trusted JSON text, e.g. a jsonb column */
const char *json_done(Json *j);                      /* closes all; the text */
JsonText json_for_html(Json *j);                     /* the same with < > & and U+2028/9 escaped */

/* Parse a body from outside. ERR_BAD_REQUEST with a Portuguese sentence: broken, deeper than 32,
 * duplicate keys, more than 10 000 values, NUL or invalid UTF-8. The tree is freed with cx->mem. */
MUST_CHECK Err json_parse(Ctx *cx, Str body, json_t **ret);
/* A parsed tree as compact text; NULL: it has more than max_bytes. */
const char *json_tree_text(Arena *mem, const json_t *tree, size_t max_bytes);

#endif

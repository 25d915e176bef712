/* form: input and output as tables. The same table reads a page's form, an API body, an imported row,
 * and describes it all in the OpenAPI document. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "core/ctx.h"
#include "core/str.h"

typedef enum FieldType {
	FIELD_TEXT,     /* const char *: one line, trimmed; NULL when empty and optional */
	FIELD_LONG,     /* const char *: several lines */
	FIELD_SECRET,   /* const char *: as typed, never shown again nor logged */
	FIELD_EMAIL,    /* const char *: lower case */
	FIELD_PHONE,    /* const char *: E.164 */
	FIELD_CPF,      /* const char *: 11 digits */
	FIELD_CNPJ,     /* const char *: 14 characters */
	FIELD_COLOR,    /* const char *: "#rrggbb" */
	FIELD_CHOICE,   /* const char *: one of `choices` (space-separated) */
	FIELD_INT,      /* int64_t */
	FIELD_MONEY,    /* int64_t cents; form "1.240,00", JSON integer cents */
	FIELD_ID,       /* int64_t: a positive id; 0 when empty and optional */
	FIELD_BOOL,     /* bool: checkbox; absent is false */
	FIELD_DATE,     /* int32_t days; DATE_NONE when empty and optional */
	FIELD_TIME,     /* int64_t UTC seconds; 0 when empty and optional; form in cx->zone */
	FIELD_TEXTS,    /* Strs: repeated name, or JSON array; commas do not split */
	FIELD_IDS,      /* Int64s: repeated name, or JSON array */
	FIELD_JSON      /* const char *: JSON object text (custom fields); from forms as name.key */
} FieldType;

enum { DATE_NONE = INT32_MIN };

/* min and max: characters of texts, value of numbers, items of lists. A text with min > 0 and any
 * other field with required set must be there. */
typedef struct Field {
	const char *name;
	const char *title; /* Portuguese, for messages and the API's description */
	FieldType type;
	size_t offset;
	int64_t min, max;
	bool required;
	const char *choices;
} Field;

#define FIELD(struct_type, member, kind, label, least, most, must)                             \
	{ .name = #member, .title = (label), .type = (kind),                                   \
		.offset = offsetof(struct_type, member), .min = (least), .max = (most),        \
		.required = (must) }
#define CHOICE_FIELD(struct_type, member, label, words, must)                                  \
	{ .name = #member, .title = (label), .type = FIELD_CHOICE,                             \
		.offset = offsetof(struct_type, member), .required = (must), .choices = (words) }

/* What was sent, as sent: names and decoded values in order. */
typedef struct FormPair {
	const char *name, *value;
} FormPair;

enum { FORM_PAIRS_MAX = 1000 };

typedef struct Form {
	const FormPair *pair;
	size_t count;
} Form;

/* The last value sent under name, or NULL. Templates show typed text again with this. */
const char *form_value(const Form *form, const char *name);
/* Values of all pairs under name. */
Strs form_values(const Form *form, Arena *mem, const char *name);
/* Decode application/x-www-form-urlencoded. ERR_BAD_REQUEST: bad escapes, not UTF-8, hostile
 * characters, more than FORM_PAIRS_MAX pairs. */
MUST_CHECK Err form_parse(Ctx *cx, Str body, Form *ret);
/* Check form against the table and fill in. False: cx->bad says which and why. Names that no field
 * knows are ignored (csrf) in forms; in JSON they are refused. */
bool form_fill(Ctx *cx, const Form *form, const Field *field, size_t count, void *in);

/* Output: how a struct is written as JSON and described. */
typedef enum OutType { OUT_TEXT, OUT_INT, OUT_MONEY, OUT_ID, OUT_BOOL, OUT_DATE, OUT_TIME, OUT_TEXTS, OUT_JSON } OutType;

typedef struct OutField {
	const char *name;
	const char *title;
	OutType type;
	size_t offset;
} OutField;

#define OUT(struct_type, member, kind, label) { #member, (label), (kind), offsetof(struct_type, member) }

struct Json;

#endif

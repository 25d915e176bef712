/* form: input and output as tables. The same table reads a page's form, an API body, an imported
 * row, and describes it all in the OpenAPI document. */
#ifndef WEB_FORM_H
#define WEB_FORM_H

#include "core/ctx.h"
#include "core/str.h"

typedef enum FieldType {
	FIELD_TEXT,   /* const char *: one line, trimmed; NULL when empty and optional */
	FIELD_LONG,   /* const char *: several lines */
	FIELD_SECRET, /* const char *: as typed, never shown again nor logged */
	FIELD_EMAIL,  /* const char *: lower case */
	FIELD_PHONE,  /* const char *: E.164 */
	FIELD_CPF,    /* const char *: 11 digits */
	FIELD_CNPJ,   /* const char *: 14 characters */
	FIELD_COLOR,  /* const char *: "#rrggbb" */
	FIELD_CHOICE, /* const char *: one of `choices` (space-separated) */
	FIELD_INT,    /* int64_t */
	FIELD_MONEY,  /* int64_t cents; form "1.240,00", JSON integer cents */
	FIELD_ID,     /* int64_t: a positive id; 0 when empty and optional */
	FIELD_BOOL,   /* bool: checkbox; absent is false */
	FIELD_DATE,   /* int32_t days; DATE_NONE when empty and optional */
	FIELD_TIME,   /* int64_t UTC seconds; 0 when empty and optional; form in cx->zone */
	FIELD_TEXTS,  /* Strs: repeated name, or JSON array; commas do not split */
	FIELD_IDS,    /* Int64s: repeated name, or JSON array */
	FIELD_JSON    /* const char *: JSON object text (custom fields); from forms as name.key */
} FieldType;

enum { DATE_NONE = INT32_MIN };

/* min and max: characters of texts, value of numbers (dates: days, times: seconds), items of lists;
 * both 0: no bounds but the body's. A text with min > 0 and any other field with required set must
 * be there. An empty optional field is NULL, 0, DATE_NONE, false or an empty list. */
typedef struct Field {
	const char *name;
	const char
		*title; /* Portuguese, for messages ("Informe o nome.") and the API's description */
	FieldType type;
	size_t offset;
	int64_t min, max;
	bool required;
	const char *choices; /* of FIELD_CHOICE and, where there are some, of FIELD_TEXTS */
} Field;

enum {
	FORM_ITEM_MAX = 200,     /* characters of one item of FIELD_TEXTS */
	FORM_ITEMS_MAX = 200,    /* items of a list that says no max */
	FORM_JSON_MAX = 16 << 10 /* bytes of FIELD_JSON */
};

/* 0, and does not compile when the member's size is not that of its kind. */
#define FORM_SIZE_OF(kind)                                                                         \
	((kind) == FIELD_BOOL                                  ? sizeof(bool)                      \
		: (kind) == FIELD_DATE                         ? sizeof(int32_t)                   \
		: (kind) == FIELD_TEXTS || (kind) == FIELD_IDS ? sizeof(Strs)                      \
							       : sizeof(int64_t))
#define FORM_SAME_SIZE(struct_type, member, kind)                                                  \
	(0 * sizeof(struct {                                                                       \
		int member_has_another_size                                                        \
		    : (sizeof(((struct_type *)0)->member) == FORM_SIZE_OF(kind) ? 1 : -1);         \
	}))

#define FIELD(struct_type, member, kind, label, least, most, must)                                 \
	{                                                                                          \
		.name = #member, .title = (label), .type = (kind),                                 \
		.offset =                                                                          \
			offsetof(struct_type, member) + FORM_SAME_SIZE(struct_type, member, kind), \
		.min = (least), .max = (most), .required = (must)                                  \
	}
#define CHOICE_FIELD(struct_type, member, label, words, must)                                      \
	{                                                                                          \
		.name = #member, .title = (label), .type = FIELD_CHOICE,                           \
		.offset = offsetof(struct_type, member) +                                          \
			  FORM_SAME_SIZE(struct_type, member, FIELD_CHOICE),                       \
		.required = (must), .choices = (words)                                             \
	}

/* What was sent, as sent: names and decoded values in order. */
typedef struct FormPair {
	const char *name, *value;
} FormPair;

enum { FORM_PAIRS_MAX = 1000 };

/* One percent-encoded piece as text. NULL: a broken escape, or bytes that are no clean text. */
const char *form_decode(Arena *mem, Str piece);

typedef struct Form {
	const FormPair *pair;
	size_t count;
} Form;

/* The last value sent under name, or NULL. Templates show typed text again with this. */
const char *form_value(const Form *form, const char *name);
/* Values of all pairs under name. */
Strs form_values(const Form *form, Arena *mem, const char *name);
/* Decode application/x-www-form-urlencoded. ERR_BAD_REQUEST: bad escapes, not UTF-8, NUL and other
 * control characters, more than FORM_PAIRS_MAX pairs. Marks of writing direction (U+202A-E,
 * U+2066-9) and U+FEFF are left out: people paste them unseen with phone numbers. */
MUST_CHECK Err form_parse(Ctx *cx, Str body, Form *ret);
/* Check form against the table and fill in. False: cx->bad says which and why. Names that no field
 * knows are ignored (csrf) in forms; in JSON they are refused. */
bool form_fill(Ctx *cx, const Form *form, const Field *field, size_t count, void *in);
/* As form_fill, but checks and writes only the fields that were sent; the rest of in stays (PATCH:
 * in holds the record as it is). A field sent empty is emptied. */
bool form_fill_some(Ctx *cx, const Form *form, const Field *field, size_t count, void *in);

/* Output: how a struct is written as JSON and described. form_json.h writes it. */
typedef enum OutType {
	OUT_TEXT, /* const char *; NULL writes null */
	OUT_INT,  /* int64_t or int32_t */
	OUT_MONEY,
	OUT_ID, /* 0 writes null */
	OUT_BOOL,
	OUT_DATE, /* DATE_NONE writes null */
	OUT_TIME, /* 0 writes null */
	OUT_TEXTS,
	OUT_JSON, /* const char *: JSON text, e.g. a jsonb column */
	OUT_ROWS  /* Rows: a list of structs, each written by a table of its own (OUT_LIST) */
} OutType;

/* A list inside a row: the stages of a pipeline. */
typedef struct Rows {
	const void *v;
	size_t count;
} Rows;

typedef struct OutField {
	const char *name;
	const char *title;
	OutType type;
	size_t offset;
	size_t size;                /* of the member; 0: as its type says */
	const struct OutField *row; /* of OUT_ROWS */
	size_t row_count, row_size;
} OutField;

#define OUT(struct_type, member, kind, label)                                                      \
	{                                                                                          \
#member, (label), (kind), offsetof(struct_type, member),                           \
			sizeof(((struct_type *)0)->member)                                         \
	}
/* table: an array of OutField over row_type. */
#define OUT_LIST(struct_type, member, label, row_type, table)                                      \
	{                                                                                          \
#member, (label), OUT_ROWS, offsetof(struct_type, member), sizeof(Rows), (table),  \
			COUNT(table), sizeof(row_type)                                             \
	}

#endif

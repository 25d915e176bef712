/* err: the few ways a call can end. A function that can fail returns Err and is MUST_CHECK; it
 * writes its ret_* only on OK. The place that finds the error says so once with err_set; the
 * callers only TRY; the router alone logs and answers. */
#ifndef CORE_ERR_H
#define CORE_ERR_H

#include "core/base.h"

typedef struct Ctx Ctx;

typedef enum Err {
	OK = 0,
#define ERR(code, status, type, sentence) ERR_##code,
#include "core/err.def"
#undef ERR
	ERR_COUNT
} Err;

int err_status(Err err);           /* HTTP status; 200 for OK */
const char *err_type(Err err);     /* "not-found": the API's problem type */
const char *err_sentence(Err err); /* Portuguese, for the person */

/* Remember why, for the log, and return err. The text holds ids, never what a person typed. */
Err err_set(Ctx *cx, Err err, const char *format, ...) PRINTF(3, 4);
/* As err_set, and sentence (Portuguese, a literal or in cx->mem) is what the person reads
 * instead of the code's own. */
Err err_tell(Ctx *cx, Err err, const char *sentence, const char *format, ...) PRINTF(4, 5);
/* The value of one input field is wrong: marks the field (cx->bad) and returns ERR_INVALID.
 * For rules that only the service can check; sentence as in err_tell. */
Err err_field(Ctx *cx, const char *field, const char *sentence);

/* The compiler sees that the error named is what comes back, so after TRY it knows what was
 * written. */
#define err_set(cx, err, ...)                                                                      \
	({                                                                                         \
		Err err_named = (err);                                                             \
		(void)err_set(cx, err_named, __VA_ARGS__);                                         \
		err_named;                                                                         \
	})
#define err_tell(cx, err, sentence, ...)                                                           \
	({                                                                                         \
		Err err_named = (err);                                                             \
		(void)err_tell(cx, err_named, sentence, __VA_ARGS__);                              \
		err_named;                                                                         \
	})
#define err_field(cx, field, sentence)                                                             \
	({                                                                                         \
		(void)err_field(cx, field, sentence);                                              \
		ERR_INVALID;                                                                       \
	})

#define TRY(call)                                                                                  \
	do {                                                                                       \
		Err err_of_try = (call);                                                           \
		if (err_of_try != OK)                                                              \
			return err_of_try;                                                         \
	} while (0)

#endif

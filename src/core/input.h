/* input: a file that was sent or made, to be read. */
#ifndef CORE_INPUT_H
#define CORE_INPUT_H

#include "core/ctx.h"
#include "core/str.h"

typedef struct Input {
	int fd;
	int64_t size;
} Input;

/* Open until cx->mem ends. ERR_UNAVAILABLE: it is not there. */
MUST_CHECK Err input_open(Ctx *cx, const char *path, Input *ret);
/* All its bytes, in cx->mem, wherever fd stands. ERR_UNAVAILABLE: there are fewer than size. */
MUST_CHECK Err input_read(Ctx *cx, const Input *input, Str *ret);

#endif

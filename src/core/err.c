/* What an error means outside, and how one is remembered until the router answers. */
#include "core/ctx.h"

static const struct {
	int status;
	const char *type;
	const char *sentence;
} meanings[ERR_COUNT] = {
	[OK] = { 200, "ok", "" },
#define ERR(code, status, type, sentence) [ERR_##code] = { status, type, sentence },
#include "core/err.def"
#undef ERR
};

int err_status(Err err)
{
	return meanings[err].status;
}

const char *err_type(Err err)
{
	return meanings[err].type;
}

const char *err_sentence(Err err)
{
	return meanings[err].sentence;
}

Err(err_set)(Ctx *cx, Err err, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	cx->err.log = arena_vprintf(cx->mem, format, args);
	cx->err.sentence = NULL;
	va_end(args);
	return err;
}

Err(err_tell)(Ctx *cx, Err err, const char *sentence, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	cx->err.log = arena_vprintf(cx->mem, format, args);
	cx->err.sentence = sentence;
	va_end(args);
	return err;
}

Err(err_field)(Ctx *cx, const char *field, const char *sentence)
{
	if (cx->bad_count < BAD_FIELDS_MAX)
		cx->bad[cx->bad_count++] = (BadField){ field, sentence };
	return err_set(cx, ERR_INVALID, "field %s refused", field);
}

const char *bad_find(const Ctx *cx, const char *field)
{
	for (size_t i = 0; i < cx->bad_count; i++)
		if (!strcmp(cx->bad[i].field, field))
			return cx->bad[i].sentence;
	return NULL;
}

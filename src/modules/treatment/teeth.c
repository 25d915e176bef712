/* A list of teeth as people type it. */
#include "modules/treatment/teeth.h"

Err teeth_read(Ctx *cx, const char *text, Int64s *ret)
{
	int64_t *tooth = NEW_ARRAY(cx->mem, int64_t, 64);
	size_t count = 0;

	for (const char *p = text ? text : ""; *p;) {
		char *end;
		long number = strtol(p, &end, 10);

		if (end == p) {
			if (!strchr(" ,;e/", *p))
				return err_field(
					cx, "teeth", "Escreva os dentes por número: 16, 26.");
			p++;
			continue;
		}
		if (number < 11 || number > 89 || !tooth_is_valid((int)number))
			return err_field(cx, "teeth",
				arena_printf(cx->mem, "Não existe o dente %ld.", number));
		if (count == 64)
			return err_field(cx, "teeth", "São dentes demais.");
		bool seen = false;
		for (size_t i = 0; i < count; i++)
			seen |= tooth[i] == number;
		if (!seen)
			tooth[count++] = number;
		p = end;
	}
	*ret = (Int64s){ tooth, count };
	return OK;
}

const char *teeth_text(Arena *mem, Int64s teeth)
{
	Buf buf;

	buf_init(&buf, mem, 1000);
	for (size_t i = 0; i < teeth.count; i++)
		buf_printf(&buf, "%s%" PRId64, i ? ", " : "", teeth.v[i]);
	return buf_text(&buf);
}

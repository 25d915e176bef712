/* Rows on their way from a reader to the caller. */
#include "platform/sheet/sheet_sink.h"

void sink_open(SheetSink *sink, Ctx *cx, const SheetOptions *options, SheetEach *each, void *arg)
{
	*sink = (SheetSink){ .cx = cx, .mem = arena_new(ARENA_LIMIT), .each = each, .arg = arg };
	if (options)
		sink->options = *options;
	if (!sink->options.rows_max)
		sink->options.rows_max = SHEET_ROWS_MAX;
}

void sink_close(SheetSink *sink)
{
	arena_free(sink->mem);
}

static Err too_large(SheetSink *sink, const char *sentence)
{
	return err_tell(sink->cx, ERR_TOO_LARGE, sentence, "sheet row %" PRId64 " passes a limit",
		sink->number);
}

/* Length of the character at p: 0 when it is no clean text (broken, control, direction mark). */
static size_t clean_length(const char *p, size_t left)
{
	size_t length = 1;

	while (length < left && length < 4 && ((unsigned char)p[length] & 0xC0) == 0x80)
		length++;
	return str_is_clean_utf8((Str){ p, length }) ? length : 0;
}

/* Bytes that are no clean text are left out. */
static char *clean(Arena *mem, Str text)
{
	char *out;
	size_t n = 0;

	if (str_is_clean_utf8(text))
		return arena_copy(mem, text.ptr, text.len);
	out = arena_alloc(mem, text.len + 1);
	for (size_t i = 0; i < text.len;) {
		size_t length = clean_length(text.ptr + i, text.len - i);

		memcpy(out + n, text.ptr + i, length);
		n += length;
		i += length ? length : 1;
	}
	return out;
}

Err sink_cell(SheetSink *sink, size_t column, Str text)
{
	if (!text.len)
		return OK;
	if (column >= SHEET_COLUMNS_MAX)
		return too_large(sink,
			arena_printf(sink->cx->mem,
				"A linha %" PRId64 " tem mais de %d colunas. Apague as que sobram.",
				sink->number, SHEET_COLUMNS_MAX));
	sink->row_bytes += text.len;
	if (sink->row_bytes > SHEET_ROW_BYTES || str_utf8_length(text) > SHEET_CELL_MAX)
		return too_large(sink,
			arena_printf(sink->cx->mem,
				"A linha %" PRId64 " tem texto demais numa célula.", sink->number));
	while (sink->count <= column)
		sink->cell[sink->count++] = "";
	sink->cell[column] = clean(sink->mem, text);
	if (str_trim(str_of(sink->cell[column])).len)
		sink->filled = true;
	return OK;
}

static Err give(SheetSink *sink)
{
	SheetRow row = { sink->number, { sink->cell, sink->count } };

	if (sink->given >= sink->options.rows_max)
		return too_large(sink, arena_printf(sink->cx->mem,
					       "A planilha tem mais de %" PRId64
					       " linhas. Divida-a em partes menores.",
					       sink->options.rows_max));
	sink->given++;
	TRY(sink->each(sink->cx, &row, sink->arg));
	sink->done = sink->given == sink->options.stop_after;
	return OK;
}

Err sink_row(SheetSink *sink)
{
	Err err = sink->filled ? give(sink) : OK;

	sink->count = 0;
	sink->row_bytes = 0;
	sink->filled = false;
	arena_reset(sink->mem);
	return err;
}

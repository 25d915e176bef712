/* Spreadsheets as answers: small ones, whole. Large ones are made by a job and sent by nginx. */
#include "platform/sheet/sheet_answer.h"

#include "core/input.h"

Err send_sheet(Req *q, const char *path, SheetFormat format, const char *name)
{
	Input file;
	Str bytes;

	TRY(input_open(q->cx, path, &file));
	TRY(input_read(q->cx, &file, &bytes));
	answer_header(q, "Content-Disposition",
		arena_printf(q->cx->mem, "attachment; filename=\"%s.%s\"", name,
			format == SHEET_XLSX ? "xlsx" : "csv"));
	return send_bytes(q, 200, sheet_type(format), bytes.ptr, bytes.len);
}

/* sheet_sink: where the readers put what they find. Cleans cells, counts rows and columns against
 * the limits, and gives full rows to the caller. */
#ifndef SHEET_SHEET_SINK_H
#define SHEET_SHEET_SINK_H

#include "platform/sheet/sheet.h"

#define SHEET_DAMAGED                                                                              \
	"A planilha está danificada. Abra-a no Excel, salve de novo e tente outra vez."

enum { SHEET_CELL_BYTES = SHEET_CELL_MAX * 4, SHEET_ROW_BYTES = 4 << 20 };

typedef struct SheetSink {
	Ctx *cx;
	Arena *mem; /* of the row; reset after it */
	SheetOptions options;
	SheetEach *each;
	void *arg;
	int64_t number; /* of the row being filled */
	int64_t given;
	const char *cell[SHEET_COLUMNS_MAX];
	size_t count;
	size_t row_bytes;
	bool filled; /* some cell has a visible character */
	bool done;   /* stop_after is reached: read no further */
} SheetSink;

void sink_open(SheetSink *sink, Ctx *cx, const SheetOptions *options, SheetEach *each, void *arg);
void sink_close(SheetSink *sink);
/* Put text (UTF-8, not yet clean) into a column, counted from 0; gaps before it are empty. */
MUST_CHECK Err sink_cell(SheetSink *sink, size_t column, Str text);
/* The row is complete: give it away unless it is empty. */
MUST_CHECK Err sink_row(SheetSink *sink);

#endif

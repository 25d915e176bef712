/* sheet: tables from and for spreadsheets. Reads CSV (any of , ; tab |, quotes, UTF-8, UTF-16 with
 * BOM or Windows-1252) and XLSX row by row; writes CSV as Brazilian Excel opens it, and XLSX, row
 * by row. Files come from strangers: every size has a limit, and passing one is an error with a
 * sentence. */
#ifndef SHEET_SHEET_H
#define SHEET_SHEET_H

#include "core/ctx.h"
#include "core/str.h"

enum {
	SHEET_FILE_MAX = 32 << 20, /* bytes of the file */
	SHEET_XML_MAX = 256 << 20, /* bytes of all that is unpacked from an XLSX */
	SHEET_TEXT_MAX = 32 << 20, /* bytes of an XLSX's shared strings */
	SHEET_ROWS_MAX = 100000,
	SHEET_COLUMNS_MAX = 256,
	SHEET_CELL_MAX = 32767 /* characters, as Excel */
};

/* ---- reading ---- */

/* One row with something in it. Cells are clean UTF-8 text as a person would type it here: numbers
 * "1234,5", dates "22/11/2026" or "22/11/2026 14:30", times "14:30", truth "sim" and "não". They
 * live until the callback returns. */
typedef struct SheetRow {
	int64_t number; /* as the spreadsheet shows it: 1 is the first */
	Strs cell;
} SheetRow;

/* Any error ends the reading and is sheet_read's. cx->mem is not reset between rows. */
typedef Err SheetEach(Ctx *cx, const SheetRow *row, void *arg);

typedef struct SheetOptions {
	const char *name;   /* of the sheet in a workbook; NULL: the first that is shown */
	int64_t rows_max;   /* more is an error; 0: SHEET_ROWS_MAX */
	int64_t bytes_max;  /* of the file; 0: SHEET_FILE_MAX */
	int64_t stop_after; /* rows given, then OK (a preview); 0: all */
} SheetOptions;

/* Call each for every row of the file at path; what it is, its content says. options may be NULL.
 * ERR_TOO_LARGE: a limit. ERR_INVALID: no spreadsheet that can be read, with a sentence that names
 * the row where there is one. ERR_NOT_FOUND: no sheet of that name. Rows before the error have been
 * given. */
MUST_CHECK Err sheet_read(
	Ctx *cx, const char *path, const SheetOptions *options, SheetEach *each, void *arg);
/* Names of a workbook's sheets in their order; none for CSV. */
MUST_CHECK Err sheet_names(Ctx *cx, const char *path, Strs *ret);

/* ---- writing ---- */

typedef enum SheetFormat { SHEET_CSV, SHEET_XLSX } SheetFormat;

typedef enum SheetKind {
	SHEET_TEXT,
	SHEET_NUMBER,
	SHEET_MONEY, /* cents */
	SHEET_DATE,  /* days */
	SHEET_TIME,  /* UTC seconds, shown in cx->zone */
	SHEET_BOOL
} SheetKind;

typedef struct SheetColumn {
	const char *title;
	SheetKind kind;
	int width; /* characters; 0: usual */
} SheetColumn;

/* One cell of its column's kind: text for SHEET_TEXT, number for all others. */
typedef struct SheetCell {
	const char *text;
	int64_t number;
	bool empty;
} SheetCell;

/* A name in the system's temporary folder for sheet_open; the file goes with cx->mem.
 * ERR_UNAVAILABLE: no folder can be made there. */
MUST_CHECK Err sheet_new_path(Ctx *cx, SheetFormat format, const char **ret);
/* The format as HTTP names it. */
const char *sheet_type(SheetFormat format);

typedef struct SheetWriter SheetWriter;

/* Begin a new file at path (it must not exist) with a row of titles. name: of the sheet. column
 * lives as long as the writer. Memory does not grow with the rows. A writer that is not closed when
 * cx->mem ends takes its file away. ERR_UNAVAILABLE: the file cannot be made. */
MUST_CHECK Err sheet_open(Ctx *cx, const char *path, SheetFormat format, const char *name,
	const SheetColumn *column, size_t count, SheetWriter **ret);
/* count cells. In CSV a text that a spreadsheet would run (= + - @ in front) gets an apostrophe,
 * which sheet_read takes away again. ERR_TOO_LARGE: more rows than an XLSX holds. */
MUST_CHECK Err sheet_row(SheetWriter *writer, const SheetCell *cell);
/* ERR_UNAVAILABLE: not everything could be written (disk full); the file is gone. */
MUST_CHECK Err sheet_close(SheetWriter *writer);

#endif

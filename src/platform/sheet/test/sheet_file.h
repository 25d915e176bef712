/* sheet_file: files for the tests of this folder, gone with cx->mem. */
#ifndef SHEET_TEST_SHEET_FILE_H
#define SHEET_TEST_SHEET_FILE_H

#include "platform/sheet/sheet.h"

typedef struct Part {
	const char *path, *text;
} Part;

/* Path of a new file with these bytes. */
const char *file_of(Ctx *cx, const void *bytes, size_t size);
/* Path that does not exist yet, in a folder of its own. */
const char *file_path(Ctx *cx, const char *name);
/* An archive of these parts. */
const char *zip_of(Ctx *cx, const Part *part, size_t count);
/* A workbook with one sheet: the text inside <sheetData>, <sst> and <styleSheet>; NULL leaves a
 * part out. */
const char *book_of(Ctx *cx, const char *rows, const char *strings, const char *styles);
/* All rows as "1:a|b;3:c", or what went wrong as "!sentence". */
const char *rows_of(Ctx *cx, const char *path, const SheetOptions *options);
/* The same for text of a CSV. */
const char *csv_rows(Ctx *cx, const char *text);
/* Bytes of a file. */
Str bytes_of(Ctx *cx, const char *path);

#endif

/* xlsx_book: what the rows of a sheet need of the rest of the workbook: where its parts are, the
 * shared strings, and which cell styles mean a date. */
#ifndef SHEET_XLSX_BOOK_H
#define SHEET_XLSX_BOOK_H

#include "platform/sheet/xlsx_zip.h"

typedef enum XlsxFormat { FORMAT_PLAIN, FORMAT_DATE, FORMAT_HOUR, FORMAT_MOMENT } XlsxFormat;

enum { XLSX_SHEETS_MAX = 500, XLSX_STYLES_MAX = 65536, XLSX_STRINGS_MAX = 2000000 };

/* One sheet of the workbook. */
typedef struct XlsxTab {
	const char *name;
	const char *id; /* of its relationship */
	bool hidden;
} XlsxTab;

/* From one part to another. */
typedef struct XlsxLink {
	const char *id;
	const char *type; /* last word of the type's URI: "worksheet" */
	const char *path; /* in the archive */
} XlsxLink;

/* Strings behind each other; the one with number i ends at end[i]. On the heap: they may be many.
 */
typedef struct XlsxStrings {
	char *bytes;
	uint32_t *end;
	size_t len, room, count, room_count;
} XlsxStrings;

typedef struct XlsxBook {
	Ctx *cx;
	XlsxZip zip;
	XlsxTab tab[XLSX_SHEETS_MAX];
	size_t tab_count;
	XlsxLink link[XLSX_SHEETS_MAX + 100];
	size_t link_count;
	bool from_1904; /* days are counted from 1904, as old Macs did */
	XlsxStrings strings;
	unsigned char *style; /* XlsxFormat of each cell style */
	size_t style_count;
} XlsxBook;

/* Read the list of sheets and links. ERR_INVALID: no workbook. */
MUST_CHECK Err xlsx_book_open(XlsxBook *book, Ctx *cx, int fd, off_t size);
void xlsx_book_close(XlsxBook *book);
/* Read shared strings and styles, where there are any. */
MUST_CHECK Err xlsx_book_load(XlsxBook *book);
/* Path of the part of the sheet called name (NULL: the first that is shown). ERR_NOT_FOUND: none.
 */
MUST_CHECK Err xlsx_book_find(XlsxBook *book, const char *name, const char **ret_path);
/* Path of the first link of a type, or NULL. */
const char *xlsx_book_part(const XlsxBook *book, const char *type);

/* xlsx_text.c: the two tables. */
MUST_CHECK Err xlsx_load_strings(XlsxBook *book, const char *path);
MUST_CHECK Err xlsx_load_styles(XlsxBook *book, const char *path);
void xlsx_free_strings(XlsxStrings *strings);
/* String number i; empty when there is none. */
Str xlsx_string(const XlsxStrings *strings, int64_t i);
/* What a number with this format code shows: "dd/mm/yyyy" a date, "#,##0.00" no date. */
XlsxFormat xlsx_format_of(const char *code);

#endif

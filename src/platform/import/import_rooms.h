/* What the files of the room share. */
#ifndef IMPORT_IMPORT_ROOMS_H
#define IMPORT_IMPORT_ROOMS_H

#include "platform/import/import_view.h"

/* The first rows of a file. */
typedef struct ImportHead {
	SheetRow row[IMPORT_PREVIEW + 1];
	size_t row_count, column_count;
	int64_t rows; /* of the whole file, if that was read */
	Ctx *cx;      /* whose memory keeps the cells */
} ImportHead;

MUST_CHECK Err import_read_head(Ctx *cx, const char *path, bool whole, ImportHead *ret);
/* A copy of the row, with empty cells for what is not there. */
SheetRow import_keep_row(Arena *mem, const SheetRow *row);
/* A path under which the stored file can be read. ERR_NOT_FOUND: it was let go of. */
MUST_CHECK Err import_path(Ctx *cx, const Import *import, const char **ret);
/* The import that the address names. */
MUST_CHECK Err import_asked(Req *q, Import *ret);
/* A text of kind->field as people read it. */
const char *import_words(Ctx *cx, const Field *field, const void *record);
const Field *import_field(const ImportKind *kind, const char *name); /* NULL: none */
const ImportTarget *import_target(const ImportMap *map, const char *name);

/* import_map_web.c: the page of one whose columns are not settled. */
MUST_CHECK Err import_show_map(Req *q, const Import *import);

#endif

/* What the pages of imports show. */
#ifndef IMPORT_IMPORT_VIEW_H
#define IMPORT_IMPORT_VIEW_H

#include "platform/import/import.h"

enum { IMPORT_ERRORS_SHOWN = 50 };

typedef struct ImportListView {
	Req *q;
	const ImportKind *kind;
	const Import *import;
	size_t import_count;
} ImportListView;
void import_list_page(Html *h, const ImportListView *v);

typedef struct ImportCell {
	const char *text; /* as it was understood, or as it stands in the sheet when it was not */
	const char *bad;
} ImportCell;

typedef struct ImportColumn {
	const char *heading; /* or "Coluna C" */
	const char *sample;  /* some of its values */
} ImportColumn;

typedef struct ImportMapView {
	Req *q;
	const ImportKind *kind;
	const Import *import;
	const ImportMap *map;
	const void *choices; /* of kind->choices */
	const ImportColumn *column;
	size_t column_count;
	/* the preview: a column for each target in use */
	const ImportTarget *shown;
	size_t shown_count;
	const ImportCell *cell; /* rows × shown */
	const int64_t *line;
	const char *const *row_bad; /* what belongs to no shown column; NULL: nothing */
	size_t row_count, bad_rows;
} ImportMapView;
void import_map_page(Html *h, const ImportMapView *v);
void import_preview_part(Html *h, const ImportMapView *v);
/* The module's own part of the form. */
void import_options(Html *h, const ImportMapView *v);

typedef struct ImportView {
	Req *q;
	const ImportKind *kind;
	const Import *import;
	const ImportError *error; /* the first of them */
	size_t error_count;
} ImportView;
void import_page(Html *h, const ImportView *v);
void import_progress_part(Html *h, const ImportView *v);

/* One import's page, and what hangs on it: "preview", "undo". */
Url import_url(Arena *mem, const ImportKind *kind, int64_t id, const char *tail);
/* Is the job at it? */
bool import_is_running(const Import *import);

#endif

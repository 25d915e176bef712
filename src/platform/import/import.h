/* import: rows of a spreadsheet become records of a module, the same way for every module: upload,
 * what the columns mean, the first rows as they will be, a job that goes on where it stopped, the
 * rows to mend as CSV, taking it back. A module describes its records in an ImportKind, keeps the
 * imports in a table of its own, and stores rows; pages, job and words are here. README.md. */
#ifndef IMPORT_IMPORT_H
#define IMPORT_IMPORT_H

#include "platform/html/html.h"
#include "platform/sheet/sheet.h"
#include "platform/web/web.h"

enum {
	IMPORT_COLUMNS_MAX = 100,
	IMPORT_PREVIEW = 10, /* rows */
	IMPORT_BATCH = 200,  /* rows of one transaction */
	IMPORT_BAD_MAX = 8,  /* wrong fields of a row that are told */
	IMPORT_PAIRS_MAX = 300
};

/* ---- a row of the module's table of imports ---- */

typedef struct Import {
	int64_t id, user_id, created_at;
	const char *file; /* its hash; NULL: let go of */
	const char *file_name, *user_name;
	const char *state;   /* mapping waiting running done failed undoing undone */
	Strs target;         /* of each column; "": left out */
	bool headings;       /* the first row has titles */
	const char *options; /* JSON of kind->option */
	/* added and merged came in, bad are to be mended; the rest of done was here already. kept:
	 * not taken back, somebody had worked on them; undone_line: how far that has come. */
	int32_t row_count, done_count, added_count, merged_count, bad_count, kept_count,
		undone_line;
} Import;

/* An Import of a query's row whose columns have these names. */
#define IMPORT_OF(r)                                                                               \
	((Import){ .id = (r).id,                                                                   \
		.user_id = (r).user_id,                                                            \
		.created_at = (r).created_at,                                                      \
		.file = (r).file,                                                                  \
		.file_name = (r).file_name,                                                        \
		.user_name = (r).user_name,                                                        \
		.state = (r).state,                                                                \
		.target = (r).targets,                                                             \
		.headings = (r).headings,                                                          \
		.options = (r).options,                                                            \
		.row_count = (r).row_count,                                                        \
		.done_count = (r).done_count,                                                      \
		.added_count = (r).added_count,                                                    \
		.merged_count = (r).merged_count,                                                  \
		.bad_count = (r).bad_count,                                                        \
		.kept_count = (r).kept_count,                                                      \
		.undone_line = (r).undone_line })

/* A row of the sheet that did not come in. */
typedef struct ImportError {
	int64_t line; /* as the spreadsheet shows it */
	const char *sentence;
} ImportError;

/* The module's queries. Those with ret_rows are queries as sqlc makes them. */
typedef struct ImportTable {
	Err (*list)(Ctx *cx, Import **ret, size_t *ret_count);
	Err (*get)(Ctx *cx, int64_t id, Import *ret);
	/* File, columns, headings, options and rows of in; its state is mapping. */
	Err (*add)(Ctx *cx, const Import *in, int64_t *ret_id);
	/* The first errors, by line. */
	Err (*errors)(Ctx *cx, int64_t id, int32_t most, ImportError **ret, size_t *ret_count);
	/* One in mapping is settled, and waits. */
	Err (*settle)(Ctx *cx, int64_t id, Strs target, bool headings, const char *options,
		int32_t rows, int64_t *ret_rows);
	/* From one of these states to another. */
	Err (*turn)(Ctx *cx, int64_t id, Strs from, const char *to, int64_t *ret_rows);
	/* A batch is in. Changes a row only where done_count is still `before`. */
	Err (*step)(Ctx *cx, int64_t id, int32_t before, int32_t done, int32_t added,
		int32_t merged, int32_t bad, int64_t *ret_rows);
	Err (*add_errors)(Ctx *cx, int64_t id, Int64s line, Strs sentence, int64_t *ret_rows);
	/* Delete one in mapping. */
	Err (*drop)(Ctx *cx, int64_t id, int64_t *ret_rows);
} ImportTable;

/* ---- columns and rows ---- */

/* Where a column can go. */
typedef struct ImportTarget {
	const char *name;  /* of a field ("phone"), or the module's own ("stage") */
	const char *title; /* "Telefone" */
	const char *group; /* in the list of choices; NULL: none */
} ImportTarget;

/* What people call a target, beside its title and name: "celular|whatsapp", without capitals,
 * accents, dots and dashes. Words for a person's name, phones, e-mail, CPF, tags and source are
 * known. */
typedef struct ImportAlias {
	const char *target, *headings;
} ImportAlias;

/* The cells of a row as a form's pairs. */
typedef struct ImportPairs {
	FormPair pair[IMPORT_PAIRS_MAX];
	size_t count;
} ImportPairs;

FormPair *import_pair(ImportPairs *pairs, const char *name); /* NULL: not there */
void import_put_pair(ImportPairs *pairs, const char *name, const char *value);

/* One row, parsed: a record, or what is wrong with it. */
typedef struct ImportRow {
	int64_t line;
	void *record; /* the module's; begins with the struct that kind->field fills */
	BadField bad[IMPORT_BAD_MAX]; /* field: a target's name */
	size_t bad_count;
	bool twin; /* not stored: was here already */
} ImportRow;

typedef struct ImportCounts {
	int32_t added, merged, bad;
} ImportCounts;

/* A wrong row found late, by kind->store. */
void import_bad(ImportRow *row, const char *field, const char *sentence);

/* ---- what a module tells ---- */

struct ImportMap;
struct ImportMapView;

typedef struct ImportKind {
	const ImportTable *table;
	const char *area; /* "leads": its routes are under /leads/import */
	const char *nav;  /* entry of the sidebar to mark */
	const char *job;  /* of import_run */
	/* words */
	const char *title;      /* of the page */
	const char *home;       /* "Leads": where it came from, with home_url */
	const char *hint;       /* which titles a sheet often has */
	const char *one, *many; /* "lead novo", "leads novos" */
	const char *figure;     /* "Leads novos" */
	const char *model;      /* name of the file with the right titles: "modelo-de-leads" */
	const char *no_name;    /* no column is the name */
	const char *see;        /* "Ver os leads", with see_url */
	const char *undo_text, *undone_text;
	Url home_url, see_url;
	bool merges; /* rows may complete what is here */
	/* columns */
	const Field *field;
	size_t field_count;
	const ImportAlias *alias;
	size_t alias_count;
	Err (*targets)(Ctx *cx, ImportTarget **ret, size_t *ret_count);
	/* the form beside the columns; has a text "twins" whose first word is "skip" */
	const Field *option;
	size_t option_count, option_size;
	Err (*choices)(Ctx *cx, const void **ret); /* for draw_options; NULL: none needed */
	void (*draw_options)(Html *h, const struct ImportMapView *v);
	/* What is read once for all rows: map->plan. NULL: nothing. */
	Err (*plan)(Ctx *cx, const void *option, void **ret);
	/* Make row->record of pairs; fields that are wrong by err_field. ERR_INVALID: so is the
	 * row. Any other error ends the work. */
	Err (*parse)(Ctx *cx, const struct ImportMap *map, ImportPairs *pairs, ImportRow *row);
	/* Store rows without bad fields, in the running transaction; count added and merged. */
	Err (*store)(Ctx *cx, const struct ImportMap *map, ImportRow *row, size_t count,
		ImportCounts *counts);
	/* All is in: into the audit's books. */
	Err (*note)(Ctx *cx, const Import *import);
	/* Take it back. The state is undo_state already: "undone", or "undoing" when a job does
	 * it (import_undo_run, of undo_batch). A toast, or NULL. */
	const char *undo_state;
	Err (*undo)(Ctx *cx, const Import *import, const char **ret_toast);
	/* The next rows behind import->undone_line, which is moved along with kept_count.
	 * ERR_STALE: another worker was there. */
	Err (*undo_batch)(Ctx *cx, const Import *import, bool *ret_over);
	/* May these bytes join the stored files? Tell a user, the key keeps it from being told
	 * twice. */
	Err (*spend)(Ctx *cx, int64_t bytes);
	Err (*tell)(Ctx *cx, int64_t user, const char *title, const char *body, const char *path,
		const char *icon, const char *key);
} ImportKind;

/* ---- the job ---- */

/* Job {"id"}: bring all rows in. One that runs again after a crash goes on behind the last batch.
 */
MUST_CHECK Err import_run(Ctx *cx, const ImportKind *kind, const char *data);
/* Job {"id"}: take it back by kind->undo_batch, each a transaction. One that runs again goes on
 * behind the last. */
MUST_CHECK Err import_undo_run(Ctx *cx, const ImportKind *kind, const char *data);
/* Add a job {"id"}. */
MUST_CHECK Err import_add_job(Ctx *cx, const char *job, int64_t id);

/* ---- a mapping at work ---- */

/* What a column of an import becomes. */
typedef struct ImportMap {
	const ImportKind *kind;
	const Import *import;
	const ImportTarget *target; /* all there are */
	size_t target_count;
	Strs column;        /* target of each column; "": left out, or gone since */
	const void *option; /* as import->options says */
	void *plan;
} ImportMap;

MUST_CHECK Err import_map(Ctx *cx, const ImportKind *kind, const Import *import, ImportMap *ret);
/* The target that a heading means, not yet taken; "": none. */
const char *import_guess(Ctx *cx, const ImportMap *map, const char *heading, Strs taken);
MUST_CHECK Err import_parse(Ctx *cx, const ImportMap *map, const SheetRow *sheet, ImportRow *ret);
/* Parse and store rows, note those that stay out. */
MUST_CHECK Err import_batch(
	Ctx *cx, const ImportMap *map, const SheetRow *row, size_t count, ImportCounts *ret);

/* ---- handlers; the route's arg is the kind ---- */

/* GET …/import, PUT …/import (BODY_FILE), GET …/import/model */
Handler import_list, import_upload, import_model;
/* GET …/import/:id, POST …/import/:id, POST …/:id/preview, GET …/:id/progress, GET …/:id/errors */
Handler import_show, import_start, import_preview, import_progress, import_errors;
/* POST …/:id/resume, …/:id/discard, …/:id/undo */
Handler import_resume, import_discard, import_undo;

#endif

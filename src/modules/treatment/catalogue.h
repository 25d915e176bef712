/* catalogue: procedures, their prices and the TUSS table, for the files of treatment. */
#ifndef TREATMENT_CATALOGUE_H
#define TREATMENT_CATALOGUE_H

#include "modules/treatment/treatment_rooms.h"

enum { PROCEDURES_MAX = 2000, KIT_MAX = 30, PRICE_TABLES_MAX = 40 };

/* Fill the catalogue with the built-in list; names that are there already stay. */
MUST_CHECK Err catalogue_start_company(Ctx *cx);
/* What the column search holds of a procedure. */
const char *catalogue_search_text(
	Ctx *cx, const char *name, const char *layman, const char *code, const char *specialty);

/* ---- procedures ---- */

typedef struct ProcedureForm {
	const char *name, *code, *layman, *specialty, *area, *dentition, *paint;
	const char *kit; /* JSON list [{"name": …, "quantity": …}]; NULL: none */
	int64_t surfaces_min, surfaces_max, minutes, sessions, price_cents, cost_cents, version;
	bool needs_lab;
} ProcedureForm;

/* ERR_INVALID with the field: a name that is taken, a code that is none, faces that do not fit. */
MUST_CHECK Err catalogue_add(Ctx *cx, const ProcedureForm *in, int64_t *ret_id);
/* As catalogue_add; ERR_STALE: somebody saved since in->version. */
MUST_CHECK Err catalogue_save(Ctx *cx, int64_t id, const ProcedureForm *in);
/* Out of the pickers, or back. Never deleted: plans name it. */
MUST_CHECK Err catalogue_set_active(Ctx *cx, int64_t id, bool active);
/* The kit as JSON text; NULL: none. */
MUST_CHECK Err catalogue_kit(Ctx *cx, int64_t id, const char **ret);

typedef struct CatalogueQuery {
	const char *question, *specialty; /* NULL: all */
	bool inactive;                    /* those that were put away, instead of the others */
	int64_t price_table;              /* 0: private */
} CatalogueQuery;
/* By specialty and name, at most PROCEDURES_MAX. */
MUST_CHECK Err catalogue_list(
	Ctx *cx, const CatalogueQuery *in, Procedure **ret, size_t *ret_count);
MUST_CHECK Err catalogue_specialties(Ctx *cx, Strs *ret);
/* Once a night: how often each was planned within a year, for the picker's order. */
MUST_CHECK Err catalogue_count_uses(Ctx *cx, const char *data);

/* ---- prices (price.c) ---- */

typedef struct PriceTable {
	int64_t id;
	const char *name, *insurer;
	bool active;
	int version;
	int64_t prices; /* that differ from the private ones */
} PriceTable;
MUST_CHECK Err price_tables(Ctx *cx, PriceTable **ret, size_t *ret_count);
MUST_CHECK Err price_table_get(Ctx *cx, int64_t id, PriceTable *ret);

typedef struct PriceTableForm {
	const char *name, *insurer;
	int64_t copy_of; /* a table; 0: the private prices */
	int64_t tenths;  /* percent more or less than those, in tenths */
	int64_t version;
	bool active; /* saving only */
} PriceTableForm;
/* A new table with all prices of another. ERR_INVALID field name: taken. ERR_LIMIT. */
MUST_CHECK Err price_table_add(Ctx *cx, const PriceTableForm *in, int64_t *ret_id);
MUST_CHECK Err price_table_save(Ctx *cx, int64_t id, const PriceTableForm *in);
/* table 0: the private price. ERR_INVALID field cents. */
MUST_CHECK Err catalogue_set_price(Ctx *cx, int64_t procedure, int64_t table, int64_t cents);

/* How a whole table changes: percent in tenths, then rounded to a multiple of `step` cents. */
typedef struct PriceChange {
	int64_t tenths; /* -999 … 9999 */
	int64_t step;   /* 1, 100, 500 or 1000 */
} PriceChange;
/* Pure; half a step is rounded up. */
int64_t price_changed(int64_t cents, const PriceChange *change);
/* Every active procedure that costs something. */
MUST_CHECK Err price_change_all(
	Ctx *cx, int64_t table, const PriceChange *change, size_t *ret_count);

/* ---- the TUSS table (catalogue_tuss.c) ---- */

typedef struct TussRow {
	const char *code, *name;
} TussRow;
typedef struct TussError {
	int64_t row;
	const char *sentence;
} TussError;
typedef struct TussSheet {
	TussRow *row;
	size_t row_count;
	TussError *error; /* at most 100 */
	size_t error_count, bad_count;
} TussSheet;
enum { TUSS_ROWS_MAX = 10000, TUSS_ERRORS_MAX = 100 };

/* Read a spreadsheet whose columns are a code and a name, under any titles or none. */
MUST_CHECK Err tuss_read(Ctx *cx, const char *path, TussSheet *ret);
/* Keep an uploaded file to look at. */
MUST_CHECK Err tuss_upload(Ctx *cx, const char *path, int64_t *ret_id);
/* What is in it, as it would be taken over. ERR_CONFLICT: it was, already. */
MUST_CHECK Err tuss_look(Ctx *cx, int64_t import, TussSheet *ret);
/* Take the good rows over; codes that are known get the new name. */
MUST_CHECK Err tuss_take(Ctx *cx, int64_t import, size_t *ret_count);
/* By words or the beginning of a code; at most n. */
MUST_CHECK Err tuss_search(Ctx *cx, const char *question, int n, TussRow **ret, size_t *ret_count);
MUST_CHECK Err tuss_count(Ctx *cx, int64_t *ret);

#endif

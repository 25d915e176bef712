/* db: one connection to PostgreSQL, one transaction a request. Generated code (tools/sqlc) is the
 * only caller of db_send and db_read; the router and the worker loop begin and end transactions.
 *
 * The transaction is lazy: db_begin sends nothing. The first query carries, in the same round trip,
 * `begin [read only]`, the company setting (`set_config('app.company_id', …, true)`), the statement
 * timeout, and itself. A request that asks nothing costs nothing.
 *
 * A transaction that only reads is not begun in words: each of its round trips is one for
 * PostgreSQL, read only, with the company set anew, and sees what is committed when it begins (as
 * every statement of a longer one would). A savepoint or the native connection makes it one whole.
 */
#ifndef DB_DB_H
#define DB_DB_H

#include <libpq-fe.h>

#include "core/ctx.h"
#include "core/str.h"

/* One column or parameter as the .sql file declares it. */
typedef struct SqlColumn {
	const char *name;
	const char *type; /* PostgreSQL's name: "bigint", "text[]" */
	bool nullable;
} SqlColumn;

/* One named query. All queries of the program stand in one list (sql_queries, made by sqlc), which
 * the contract test PREPAREs against the real schema. */
typedef struct SqlQuery {
	const char *name;
	const char *text; /* :names already turned into $1… */
	const char *file;
	int line;
	const SqlColumn *param;
	int param_count;
	const SqlColumn *column;
	int column_count;
	bool reads_only; /* sqlc saw a plain select: may be sent again after a lost connection */
} SqlQuery;

typedef struct DbConfig {
	const char *conninfo;
	const char *role; /* application_name; "siso web 3" */
} DbConfig;

/* Never fails at once: connects when first used, and again after the connection was lost. */
Db *db_open(const DbConfig *config);
void db_close(Db *db); /* NULL is fine */
/* False when PostgreSQL does not answer now (readiness). */
bool db_is_up(Db *db);
/* The native connection, for COPY … TO STDOUT: platform/db, platform/sheet and tests only. Opens
 * the transaction when it is only noted; read all answers first. NULL: no connection. (COPY … FROM
 * is refused by PostgreSQL on tables with row-level security.) */
PGconn *db_native(Db *db);

/* Note how the next query of cx must begin. timeout_ms bounds each statement; 0: 5 s. A transaction
 * that was left open is rolled back first. */
void db_begin(Ctx *cx, bool read_only, int timeout_ms);
/* ERR_UNAVAILABLE: the commit's outcome is not known to be a success. No query yet: does nothing.
 * Runs what db_after_commit noted. */
MUST_CHECK Err db_commit(Ctx *cx);
void db_rollback(Ctx *cx);
/* Call after(arg) once the commit has succeeded (wake the relay, publish an event); dropped on
 * rollback. arg lives in cx->mem. */
void db_after_commit(Ctx *cx, void (*after)(void *arg), void *arg);

/* A part that may fail without losing the whole: savepoint, then release or roll back to it. */
MUST_CHECK Err db_savepoint(Ctx *cx);
MUST_CHECK Err db_release(Ctx *cx);
MUST_CHECK Err db_undo(Ctx *cx);
/* The part ended with err: release it when that is OK, else undo it. Returns err; the error of the
 * release or the undo when there was one. */
MUST_CHECK Err db_settle(Ctx *cx, Err err);
/* The same for a part that writes what must be unique: ERR_CONFLICT becomes err_field. */
MUST_CHECK Err db_settle_unique(Ctx *cx, Err err, const char *field, const char *sentence);

/* For generated code. Parameters are text format; NULL is null.
 * db_send queues query in the pipeline without waiting; db_read waits for the answers in the order
 * of sending. A PGresult is cleared with cx->mem.
 * Errors of db_read: ERR_CONFLICT unique or exclusion violation (cx->err.log holds the constraint's
 * name; db_constraint gives it), ERR_UNAVAILABLE connection lost, statement timeout, lock timeout,
 * deadlock; ERR_NOT_FOUND foreign key points at nothing (ERR_CONFLICT when a row still in use is to
 * go); ERR_BUG all else, also a result that is not as declared: other columns, null where none may
 * be. After an error the transaction answers every call with it until db_undo or its end; cx->err
 * keeps the first reason. */
MUST_CHECK Err db_send(Ctx *cx, const SqlQuery *query, const char *const *param);
MUST_CHECK Err db_read(Ctx *cx, const SqlQuery *query, PGresult **ret);
/* The next db_send is only noted: its query (a plain select) leaves together with the first one
 * that the transaction sends, whoever sends that, and its answer is kept until its db_read, in any
 * order. So what is needed at a page's end costs no round trip of its own. To be called between
 * db_begin and the first query. */
void db_note_along(Ctx *cx);
/* Was the query of this name noted, and not read yet? Then sql_x_read is enough. */
bool db_has_along(const Ctx *cx, const char *name);
/* What the kinds of sqlc ask of a result: `one` and `find` may not have more than one row
 * (ERR_BUG), `one` must have it (ERR_NOT_FOUND). */
MUST_CHECK Err db_one_row(Ctx *cx, const SqlQuery *query, const PGresult *r);
MUST_CHECK Err db_find_row(Ctx *cx, const SqlQuery *query, const PGresult *r, bool *ret_found);
/* Name of the constraint that the last ERR_CONFLICT or ERR_NOT_FOUND hit, or "". */
const char *db_constraint(const Ctx *cx);

/* The parameter of a column that may be null, where 0 is none. (A date of none is null by itself.)
 */
static inline const int64_t *db_id_or_null(const int64_t *id)
{
	return *id ? id : NULL;
}

/* Text of values, for generated code; results in mem. */
const char *db_text_int64(Arena *mem, int64_t value);
const char *db_text_bool(bool value);
const char *db_text_double(Arena *mem, double value);
const char *db_text_time(Arena *mem, int64_t at);   /* timestamptz */
const char *db_text_date(Arena *mem, int32_t date); /* date */
const char *db_text_strs(Arena *mem, Strs list);    /* text[] */
const char *db_text_int64s(Arena *mem, Int64s list);
Strs db_parse_strs(Arena *mem, const char *text); /* what db_text_strs wrote */
int64_t db_value_rows(const PGresult *r);         /* inserted, updated, deleted or selected */
/* Null reads as 0, false, DATE_NONE, NULL or an empty list; a null inside text[] as NULL, inside
 * bigint[] as 0. Texts point into r. */
int64_t db_value_int64(const PGresult *r, int row, int column);
bool db_value_bool(const PGresult *r, int row, int column);
double db_value_double(const PGresult *r, int row, int column);
int64_t db_value_time(const PGresult *r, int row, int column);
int32_t db_value_date(const PGresult *r, int row, int column);
const char *db_value_text(Arena *mem, const PGresult *r, int row, int column); /* NULL: null */
Strs db_value_strs(Arena *mem, const PGresult *r, int row, int column);
Int64s db_value_int64s(Arena *mem, const PGresult *r, int row, int column);

#endif

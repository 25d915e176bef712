/* sqlc: from .sql files of named, typed queries to C. Reading (sqlc_read.c) knows the grammar of
 * README.md, writing (sqlc_write.c) the shape of the C; sqlc.c is the command line. */
#ifndef TOOLS_SQLC_H
#define TOOLS_SQLC_H

#include "core/str.h"

enum {
	SQLC_FILE_BYTES = 1 << 20, /* largest input file */
	SQLC_ITEMS_MAX = 200,      /* parameters, or columns, of one query */
	SQLC_NAME_MAX = 60,        /* PostgreSQL cuts names of statements at 63 */
	SQLC_PARAMS_MAX = 6,       /* more are handed over in a struct SqlXIn */
	SQLC_PARTS_DEPTH = 8,      /* parts within parts */
	SQLC_ERRORS_MAX = 20
};

/* How a type of the .sql file stands in C. */
typedef struct SqlcType {
	const char *name;     /* as written: "bigint" */
	const char *c_type;   /* of a member or parameter */
	const char *to_text;  /* function that makes the parameter's text; NULL: it is text */
	bool needs_mem;       /* to_text takes cx->mem first */
	const char *value;    /* function that reads a column */
	bool value_needs_mem; /* value takes cx->mem first */
	bool is_array;
} SqlcType;

/* A parameter or a column. */
typedef struct SqlcItem {
	const char *name;
	const SqlcType *type;
	bool nullable;
	bool used;
} SqlcItem;

typedef enum SqlcKind { SQLC_ONE, SQLC_FIND, SQLC_MANY, SQLC_EXEC } SqlcKind;

typedef struct SqlcQuery {
	const char *name;
	const char *own_name; /* "SqlLeadById" */
	const char
		*struct_name; /* of its rows: own_name, or that of a `row` several queries share */
	const char *row_name; /* name, or that of the shared row */
	bool row_first;       /* writes struct and reader of its row */
	const char *note;     /* comment lines above it, without the dashes; NULL: none */
	const char *file;     /* from src/ */
	int line;
	SqlcKind kind;
	bool takes_company; /* then it is $1 */
	SqlcItem *param;
	size_t param_count;
	SqlcItem *column;
	size_t column_count;
	const char *text;
	bool reads_only;
	struct SqlcQuery *next;
} SqlcQuery;

/* What went wrong, as lines "file:line: message". */
typedef struct SqlcErrors {
	Buf text;
	int count;
} SqlcErrors;

void sqlc_error(SqlcErrors *errors, const char *file, int line, const char *format, ...)
	PRINTF(4, 5);

/* The queries of one file's text, in its order, in mem. Wrong queries are left out and said in
 * errors; file is what messages and the generated list call it. */
SqlcQuery *sqlc_read(Arena *mem, const char *file, Str text, SqlcErrors *errors);

/* Prepared statements are known by name: refuse two queries of one name in the whole list. */
bool sqlc_check_unique(const SqlcQuery *first, SqlcErrors *errors);

/* The header and the source for the queries of one file. header: the path others include. */
void sqlc_write_header(Buf *out, const char *file, const char *header, const SqlcQuery *first);
void sqlc_write_source(Buf *out, const char *file, const char *header, const SqlcQuery *first);
/* `sql_queries` and `sql_query_count` of platform/db/queries.h. */
void sqlc_write_list(Buf *out, const SqlcQuery *first);
/* Text as C string literals, one per line of it, each led by a tab. */
void sqlc_write_string(Buf *out, Str text);

/* A migration file: NNNN_what.sql. */
typedef struct SqlcMigration {
	int number;
	const char *name; /* "0005_company" */
	const char *file; /* "src/modules/company/migrations/0005_company.sql" */
	Str text;
} SqlcMigration;

/* Number and name from the file's path; says what is wrong with the name or text in errors. */
bool sqlc_read_migration(
	Arena *mem, const char *file, Str text, SqlcErrors *errors, SqlcMigration *ret);
/* Sort by number and refuse numbers used twice. */
bool sqlc_sort_migrations(SqlcMigration *list, size_t count, SqlcErrors *errors);
/* `migrations` and `migration_count` of platform/db/migrate.h. */
void sqlc_write_migrations(Buf *out, Arena *mem, const SqlcMigration *list, size_t count);

/* The path from the last "src" folder on, so that no machine's folders get into the program. */
const char *sqlc_tree_path(const char *path);

#endif

/* lint: the rules of the house, checked file by file on text alone. lint.c walks and prints,
 * lint_text.c has the rules of every text file, lint_c.c those of C, lint_layers.c the layer law,
 * lint_names.c that of functions' names, lint_tree.c those of the tree as a whole. */
#ifndef TOOLS_LINT_H
#define TOOLS_LINT_H

#include "core/str.h"

enum { LINT_FILES_MAX = 8192, LINT_LISTS_MAX = 512, LINT_NAMES_MAX = 16384 };

typedef struct LintMigration {
	const char *path; /* src/modules/crm/migrations/0060_crm.sql */
	char sum[65];     /* SHA-256 of the file, hex */
} LintMigration;

typedef struct LintName { /* of a function that other files can call */
	const char *name, *path;
	int line;
} LintName;

typedef struct LintArrow { /* one room knows another: "modules/crm" → "modules/patient" */
	const char *from, *to;
	const char *path; /* where it was first said */
	int line;
} LintArrow;

typedef struct Lint {
	Arena *mem; /* lives through the run */
	Buf out;    /* the findings, a line each */
	int errors, warnings;
	bool show_warnings;
	bool strict; /* warnings are errors */
	bool draft;  /* what is not written yet is no error: rooms, contracts */
	const char *path[LINT_FILES_MAX]; /* every file, relative to the root */
	size_t path_count;
	LintMigration migration[LINT_LISTS_MAX];
	size_t migration_count;
	LintName name[LINT_NAMES_MAX];
	size_t name_count;
	LintArrow arrow[LINT_LISTS_MAX]; /* within a layer, each pair once */
	size_t arrow_count;
	const char *modules; /* text of src/modules.def */
	const char *sums;    /* text of migrations.sum */
	Strs banned;         /* names poisoned in src/core/banned.h */
} Lint;

/* One file and two views of it, of the same length with the same line ends. */
typedef struct Source {
	const char *path;
	Str text;
	char *code;    /* C without comments and without the insides of strings */
	char *comment; /* the comments alone */
} Source;

void lint_init(Lint *l, Arena *mem);
/* An error, or one that is a warning unless strict. */
void lint_error(Lint *l, const char *path, int line, const char *rule, const char *format, ...)
	PRINTF(5, 6);
void lint_warn(Lint *l, const char *path, int line, const char *rule, const char *format, ...)
	PRINTF(5, 6);

/* An error, but for a draft: something that should be there is not. */
void lint_miss(Lint *l, const char *path, int line, const char *rule, const char *format, ...)
	PRINTF(5, 6);

/* Take the banned names from the poison lines of src/core/banned.h. */
void lint_learn_banned(Lint *l, Str banned_h);
/* All rules that hold for one file; path is relative to the root. */
void lint_file(Lint *l, const char *path, Str text);
/* After all files: modules' rooms, numbers and sums of migrations. */
void lint_tree(Lint *l);
/* What migrations.sum should hold to freeze every migration of the tree. */
const char *lint_sums(Lint *l);

/* ---- between the files ---- */

void lint_text(Lint *l, const Source *source);
void lint_c(Lint *l, const Source *source);
/* Take the file's global names (of C: its code view); then, after all files, compare. */
void lint_note_names(Lint *l, const Source *source);
void lint_check_names(Lint *l);
/* May the file include `name`? For C and for %include of templates. Then, after all files: do the
 * includes lead in a circle? */
void lint_include(Lint *l, const char *path, int line, Str name);
void lint_check_circles(Lint *l);
/* Does path lie in a folder of tests? */
bool lint_is_test(const char *path);
/* The line that stands at *rest, cut off it; false at the end. */
bool lint_next_line(Str *rest, Str *ret_line);
bool lint_is_word(char c); /* a letter, digit or _ */

#endif

/* migrate: from an empty cluster to the schema of this program. Forward only. A migration is one
 * file src/…/migrations/NNNN_what.sql; its number is unique in the whole program and orders it.
 * Once it has run somewhere it may not change: its SHA-256 is kept in siso.migration and compared.
 */
#ifndef DB_MIGRATE_H
#define DB_MIGRATE_H

#include "core/ctx.h"

typedef struct Migration {
	int number;
	const char *name;   /* "0005_company" */
	const char *file;   /* "src/modules/company/migrations/0005_company.sql" */
	const char *sha256; /* lower-case hex, of text */
	const char *text;
} Migration;

/* All migrations by number, made by `sqlc --migrations`. */
extern const Migration migrations[];
extern const size_t migration_count;

/* Called before each migration that is going to run, with how many are done of how many to do; and
 * with waiting set when one waits for a lock and will be tried again. */
typedef struct MigrateWatch {
	void (*report)(
		void *arg, const Migration *migration, size_t done, size_t count, bool waiting);
	void *arg;
} MigrateWatch;

/* Run, as siso_owner, those of the list that have not run yet, each in a transaction of its own
 * with lock_timeout 2 s, tried again with growing delay when a lock is not to be had. A file whose
 * first lines have `-- no transaction` runs statement by statement without one (create index
 * concurrently) and must be written so that it can run again. Safe to call from several processes
 * at once: they wait for one another. watch may be NULL. Errors, with the reason in cx->err.log
 * (this text may quote SQL, not rows): ERR_UNAVAILABLE no connection, or locks not to be had within
 * two minutes; ERR_CONFLICT a migration was edited after it ran, or the database is of a newer
 * program; ERR_BUG a migration failed. What ran before stays. */
MUST_CHECK Err migrate_run(Ctx *cx, const char *owner_conninfo, const Migration *list, size_t count,
	const MigrateWatch *watch);
/* How many of the list have not run yet. Errors as above. */
MUST_CHECK Err migrate_pending(Ctx *cx, const char *owner_conninfo, const Migration *list,
	size_t count, size_t *ret_pending);

/* Make roles, the database and its extensions, as a superuser (roles.sql, database.sql); what is
 * there already is left or put right. admin_conninfo: to any database, usually "postgres".
 * ERR_UNAVAILABLE no connection; ERR_BUG refused: the reason is in cx->err.log. */
MUST_CHECK Err migrate_prepare(Ctx *cx, const char *admin_conninfo, const char *database);

#endif

/* db_fixture: a database of its own for the tests of this folder, in the cluster of
 * SISO_TEST_SOCKET: they commit, drop schemas and kill connections, which the tests of modules must
 * not see. */
#ifndef DB_TEST_DB_FIXTURE_H
#define DB_TEST_DB_FIXTURE_H

#include "platform/db/db.h"

#define FIXTURE_DATABASE "siso_db_test"

/* conninfo of the folder's database, or of another one, for a role. */
const char *fixture_conninfo(Ctx *cx, const char *role, const char *database);
/* cx->db is a fresh Db of siso_app, closed with cx->mem. The first call makes the database and its
 * tables; each call empties them. */
void fixture_open(Ctx *cx);
/* A second context with a Db and an arena of its own, closed with cx->mem. */
Ctx *fixture_other(Ctx *cx);
/* Run text as the superuser in the folder's database; its first value. Fails the test on error. */
const char *fixture_sql(Ctx *cx, const char *format, ...) PRINTF(2, 3);

#endif

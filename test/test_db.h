/* test_db: a real PostgreSQL for tests. A program that links test_db_src gets cx->db: role siso_app
 * in the database siso_test of the cluster whose socket folder SISO_TEST_SOCKET names
 * (test/cluster.sh; script/test starts one). The first test of a process runs every migration of
 * the tree; companies 1 and 2 are there. Each test runs in a read-write transaction of company 1,
 * rolled back after it. */
#ifndef TEST_TEST_DB_H
#define TEST_TEST_DB_H

#include "platform/db/db.h"

/* Go on as another company, 0: none. Inside the same transaction: what the first wrote is still
 * there, behind the wall. */
void test_as_company(Ctx *cx, int64_t id);
/* conninfo of the test database for a role ("siso_owner"), in cx->mem. For tests that need a second
 * connection, or to commit. */
const char *test_conninfo(Ctx *cx, const char *role);

#endif

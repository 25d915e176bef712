/* fake_db: what the router did with the database, as words: "read commit write rollback". */
#ifndef WEB_TEST_FAKE_DB_H
#define WEB_TEST_FAKE_DB_H

#include "platform/db/db.h"

typedef struct FakeDb {
	char story[256];
	int timeout_ms; /* of the last transaction */
	bool commit_fails;
} FakeDb;

extern FakeDb fake_db; /* defined by fake_site.c, which begins each test with a new one */

#endif

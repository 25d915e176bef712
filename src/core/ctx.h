/* ctx: whose work is being done, when, and with what. First argument of every service; replaces
 * every global. One per request or job; tests set the fields they need. */
#ifndef CORE_CTX_H
#define CORE_CTX_H

#include "core/arena.h"
#include "core/err.h"

typedef struct Db Db;

typedef struct CompanyId {
	int64_t v;
} CompanyId;

typedef struct UserId {
	int64_t v;
} UserId;

/* One wrong field and what the person reads beside it. */
typedef struct BadField {
	const char *field;
	const char *sentence;
} BadField;

enum { BAD_FIELDS_MAX = 64 };

struct Ctx {
	Arena *mem;        /* dies with the request */
	Db *db;            /* the worker's connection; NULL where no query may run */
	CompanyId company; /* 0: none (sign-in pages, the operator) */
	UserId user;       /* 0: nobody signed in, an API key, or the program itself */
	int64_t key;       /* the API key that asks; 0: none. For the audit */
	const char *key_name;
	int64_t now;      /* UTC, seconds since 1970; fixed for the whole request */
	const char *zone; /* IANA name of the branch or company, "America/Sao_Paulo" */
	const char *request_id;
	const char *peer;      /* client's address, for audit and limits */
	const uint64_t *perms; /* bit set of the user's permissions (web/perm.h); NULL: none */
	struct {
		const char *log;      /* why the last error happened; ids only */
		const char *sentence; /* what the person reads; NULL: the code's own */
	} err;
	BadField bad[BAD_FIELDS_MAX];
	size_t bad_count;
	int query_count; /* round trips to PostgreSQL, for the log and tests */
};

/* The sentence for field, or NULL when it is right. */
const char *bad_find(const Ctx *cx, const char *field);

#endif

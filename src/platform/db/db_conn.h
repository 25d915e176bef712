/* db_conn: the inside of platform/db: one connection in pipeline mode and the queue of what was
 * sent and not yet answered. Nobody outside this folder (and its tests) includes it. */
#ifndef DB_DB_CONN_H
#define DB_DB_CONN_H

#include "platform/db/db.h"

enum {
	DB_TIMEOUT_MS = 5000, /* statement_timeout of a fresh connection */
	DB_GRACE_MS =
		10000, /* how much longer than the statements may take we listen for an answer */
	DB_SAVEPOINTS_MAX = 16,
	DB_ALONG_MAX = 8
};

typedef enum ItemKind {
	ITEM_PREPARE,
	ITEM_QUERY,  /* the caller's: db_read takes its answer */
	ITEM_ALONG,  /* the one that left with the first: its answer is kept until it is read */
	ITEM_INSIDE, /* ours: begin, the setting, savepoints */
	ITEM_END,    /* commit or rollback */
	ITEM_SYNC,
	ITEM_DROPPED /* of an earlier transaction: its answer interests nobody */
} ItemKind;

/* One thing that the server will answer, in this order. */
typedef struct Item {
	ItemKind kind;
	const SqlQuery *query;
	const char *const *param; /* ITEM_QUERY that may be sent again: a copy */
	bool last;                /* the Sync behind the end of a transaction: nothing is open */
} Item;

typedef enum PreparedState { PREPARED_NOT, PREPARED_SENT, PREPARED_READY } PreparedState;

typedef struct Prepared {
	const SqlQuery *query;
	PreparedState state;
} Prepared;

typedef enum TxState {
	TX_NONE,  /* db_begin was not called */
	TX_NOTED, /* nothing was sent yet */
	TX_OPEN,
	TX_FAILED /* tx_err says why; only rollback or db_undo help */
} TxState;

typedef struct After {
	struct After *next;
	void (*run)(void *arg);
	void *arg;
} After;

/* A query that leaves with the first one. */
typedef struct Along {
	const SqlQuery *query; /* NULL: was read */
	const char *const *param;
	PGresult *result; /* the arena's of cx; NULL: not answered yet */
} Along;

struct Db {
	char *conninfo;
	char *role;
	PGconn *conn; /* NULL: none yet, or lost */
	bool worn;    /* close it when the transaction has ended */

	Item *item; /* ring of item_room */
	size_t item_room, item_first, item_count;
	bool unsynced; /* something was sent behind the last Sync */

	Prepared *prepared; /* hash by query, prepared_room a power of two */
	size_t prepared_room, prepared_count;

	TxState tx;
	Err tx_err;
	Ctx *cx; /* whose transaction */
	bool read_only;
	/* Only reads, so that each round trip is a transaction of its own (no begin, no commit)
	 * until somebody needs a savepoint or the native connection. */
	bool implicit;
	int timeout_ms;
	bool note_next; /* the next db_send is noted, see db_note_along */
	Along along[DB_ALONG_MAX];
	size_t along_count;
	int grace_ms;
	bool may_retry; /* nothing was answered yet and only plain selects were sent */
	int depth;      /* savepoints */
	After **after_mark[DB_SAVEPOINTS_MAX];
	After *after, **after_last;
	char constraint[64];
	int fail_in;    /* tests: the query that fails, counted down; 0: none */
	bool fail_lost; /* tests: and the connection with it */
};

/* ---- db_conn.c ---- */

/* Connect when there is no connection. Says why not in cx->err. */
MUST_CHECK Err conn_open(Ctx *cx, Db *db);
void conn_close(Db *db);
/* Has the server hung up while we were not listening? Does not wait. */
bool conn_is_gone(Db *db);
/* Leave, or enter, pipeline mode; nothing may be outstanding when leaving. */
bool conn_set_pipeline(Db *db, bool on);
/* Queue query as an item of this kind, prepared first when the connection does not know it. False:
 * the connection is lost. */
bool conn_send(Db *db, ItemKind kind, const SqlQuery *query, const char *const *param);
/* End the round trip: the server answers all that was sent. False: lost. */
bool conn_sync(Db *db);
/* Wait for the answer to the oldest item and take it off the queue. False: the connection is lost
 * or silent; the item stays. *ret is the caller's to clear; NULL for a Sync. */
bool conn_take(Db *db, Item *ret_item, PGresult **ret);
/* Let the answers to all that is outstanding be taken and forgotten. */
void conn_drop_answers(Db *db);
/* Take and drop all that is outstanding. False: lost. */
bool conn_drain(Db *db);
/* Drain when it is not known whether a statement got prepared: its batch may have failed before. */
bool conn_settle(Db *db);

/* ---- db.c ---- */

/* May something be sent now? Opens the transaction when it is only noted. */
MUST_CHECK Err tx_go_on(Ctx *cx, const char *what);
/* The transaction cannot go on: for err, which is returned; because the connection was lost; or
 * because this is the answer to query, which is cleared. The last two say so in cx->err. */
Err tx_fail(Db *db, Err err);
Err tx_fail_lost(Ctx *cx, const char *during);
Err tx_fail_query(Ctx *cx, const SqlQuery *query, PGresult *r);

/* ---- db_begin.c ---- */

/* Connect if need be and open the transaction that was noted. ERR_UNAVAILABLE: neither. */
MUST_CHECK Err begin_open(Ctx *cx, Db *db);
/* A round trip of an implicit transaction begins: say again for whom. False: lost. */
bool begin_trip(Ctx *cx, Db *db);
/* From here on one transaction to the end, also for a reader. False: lost. */
bool begin_explicit(Ctx *cx, Db *db);

/* ---- db_error.c ---- */

/* The Err for the failed result r of query; notes cx->err and the constraint. */
Err db_error(Ctx *cx, const SqlQuery *query, const PGresult *r);
bool db_is_fine(const PGresult *r);
/* Does this result mean that the connection is over? */
bool db_is_lost(const PGresult *r);
/* Does it mean that prepared statements no longer fit the schema? */
bool db_is_worn(const PGresult *r);

/* ---- db_value.c ---- */

/* PostgreSQL's number for a type of the .sql files; 0: unknown. */
Oid db_type_oid(const char *type);
int64_t db_parse_time(const char *text);
int32_t db_parse_date(const char *text);
Int64s db_parse_int64s(Arena *mem, const char *text);

#endif

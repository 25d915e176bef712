/* Transactions over the pipeline: how they go on, fail and end. One opens with its first query
 * (db_begin.c), in the same round trip. Whatever fails, what was sent is read up to its Sync before
 * anything else is sent; then only rollback, or db_undo to a savepoint, brings it back. */
#include "platform/db/db_conn.h"

/* What the transaction itself says; prepared like every other query. */
static const SqlQuery commit = { .name = "siso_commit", .text = "commit" };
static const SqlQuery rollback = { .name = "siso_rollback", .text = "rollback" };
static const SqlQuery ping = { .name = "siso_ping", .text = "select 1" };

#define SAVEPOINT(n)                                                                               \
	{                                                                                          \
		{ .name = "siso_savepoint_" #n, .text = "savepoint s" #n },                        \
			{ .name = "siso_release_" #n, .text = "release savepoint s" #n },          \
			{ .name = "siso_undo_" #n, .text = "rollback to savepoint s" #n },         \
	}
enum { SAVE, RELEASE, UNDO };
static const SqlQuery savepoints[DB_SAVEPOINTS_MAX][3] = { SAVEPOINT(0), SAVEPOINT(1), SAVEPOINT(2),
	SAVEPOINT(3), SAVEPOINT(4), SAVEPOINT(5), SAVEPOINT(6), SAVEPOINT(7), SAVEPOINT(8),
	SAVEPOINT(9), SAVEPOINT(10), SAVEPOINT(11), SAVEPOINT(12), SAVEPOINT(13), SAVEPOINT(14),
	SAVEPOINT(15) };

Db *db_open(const DbConfig *config)
{
	Db *db = calloc(1, sizeof *db);

	if (!db || !config->conninfo)
		abort();
	db->conninfo = strdup(config->conninfo);
	db->role = config->role ? strdup(config->role) : NULL;
	db->grace_ms = DB_GRACE_MS;
	db->after_last = &db->after;
	return db;
}

void db_close(Db *db)
{
	if (!db)
		return;
	conn_close(db);
	free(db->conninfo);
	free(db->role);
	free(db->item);
	free(db->prepared);
	free(db);
}

/* ---- the state of the transaction ---- */

static void forget_transaction(Db *db)
{
	db->tx = TX_NONE;
	db->tx_err = OK;
	db->cx = NULL;
	db->depth = 0;
	db->implicit = false;
	db->note_next = false;
	db->along_count = 0;
	db->after = NULL;
	db->after_last = &db->after;
	if (db->worn)
		conn_close(db);
}

Err tx_fail(Db *db, Err err)
{
	db->tx = TX_FAILED;
	db->tx_err = err;
	return err;
}

Err tx_fail_lost(Ctx *cx, const char *during)
{
	conn_close(cx->db);
	return tx_fail(cx->db, err_set(cx, ERR_UNAVAILABLE, "connection lost during %s", during));
}

Err tx_fail_query(Ctx *cx, const SqlQuery *query, PGresult *r)
{
	Db *db = cx->db;
	Err err = db_error(cx, query, r);

	db->worn |= db_is_worn(r);
	PQclear(r);
	tx_fail(db, err);
	if (!conn_drain(db))
		conn_close(db);
	return err;
}

void db_begin(Ctx *cx, bool read_only, int timeout_ms)
{
	Db *db = cx->db;

	/* a transaction left open would lend its company to the next request */
	if (db->tx != TX_NONE)
		db_rollback(cx);
	db->tx = TX_NOTED;
	db->cx = cx;
	db->read_only = read_only;
	db->implicit = read_only;
	db->timeout_ms = timeout_ms;
	db->may_retry = true;
	db->constraint[0] = '\0';
}

Err tx_go_on(Ctx *cx, const char *what)
{
	Db *db = cx->db;

	switch (db->tx) {
	case TX_NONE:
		return err_set(cx, ERR_BUG, "query %s outside a transaction", what);
	case TX_NOTED:
		return begin_open(cx, db);
	case TX_FAILED:
		/* cx->err still says what failed first */
		return db->tx_err;
	case TX_OPEN:
		if (db->implicit && !db->unsynced && !begin_trip(cx, db))
			return tx_fail_lost(cx, what);
		break;
	}
	return OK;
}

/* The same, and in one transaction with all that follows. */
static Err go_on_explicit(Ctx *cx, const char *what)
{
	Db *db = cx->db;

	if (db->tx == TX_OPEN && db->implicit && !begin_explicit(cx, db))
		return tx_fail_lost(cx, what);
	if (db->tx == TX_NOTED)
		db->implicit = false;
	return tx_go_on(cx, what);
}

const char *db_constraint(const Ctx *cx)
{
	return cx->db->constraint;
}

/* ---- ending ---- */

void db_after_commit(Ctx *cx, void (*after)(void *arg), void *arg)
{
	After *note = NEW(cx->mem, After);

	*note = (After){ NULL, after, arg };
	*cx->db->after_last = note;
	cx->db->after_last = &note->next;
}

/* The transaction is over and well: the state first, for a note may begin the next one. */
static Err succeed(Db *db)
{
	After *after = db->after;

	forget_transaction(db);
	for (; after; after = after->next)
		after->run(after->arg);
	return OK;
}

/* Send the last word and do not wait: the answer is read before the next use. It goes behind a
 * Sync, so that a failed query that nobody read cannot make the server skip it. An implicit
 * transaction needs no word: it ended with its round trip. */
static void end_unwatched(Db *db, const SqlQuery *last_word)
{
	bool sent = db->conn && conn_sync(db) &&
		    (db->implicit || (conn_send(db, ITEM_END, last_word, NULL) && conn_sync(db))) &&
		    PQflush(db->conn) >= 0;

	if (!sent)
		conn_close(db);
	conn_drop_answers(db);
}

/* Read everything that is outstanding. A query that nobody read may have failed; then the server
 * skipped what stood behind it. */
static Err take_rest(Ctx *cx, const char *during, bool *ret_committed)
{
	Db *db = cx->db;
	Item item;
	PGresult *r;

	*ret_committed = false;
	while (db->item_count) {
		if (!conn_take(db, &item, &r))
			return tx_fail_lost(cx, during);
		if (item.kind != ITEM_SYNC && !db_is_fine(r))
			return tx_fail_query(cx, item.query, r);
		*ret_committed |= item.query == &commit && r && !strcmp(PQcmdStatus(r), "COMMIT");
		PQclear(r);
	}
	return OK;
}

static Err commit_now(Ctx *cx, Db *db)
{
	bool committed;

	cx->query_count++;
	if (!conn_send(db, ITEM_END, &commit, NULL) || !conn_sync(db))
		return tx_fail_lost(cx, "commit");
	TRY(take_rest(cx, "commit", &committed));
	return committed ? OK
			 : tx_fail(db, err_set(cx, ERR_BUG, "commit was answered with a rollback"));
}

Err db_commit(Ctx *cx)
{
	Db *db = cx->db;
	Err err;

	if (db->tx == TX_FAILED) {
		err = db->tx_err;
		db_rollback(cx);
		return err;
	}
	if (db->tx == TX_OPEN && db->read_only) {
		end_unwatched(db, &commit);
		return succeed(db);
	}
	err = db->tx == TX_OPEN ? commit_now(cx, db) : OK;
	if (err != OK) {
		db_rollback(cx);
		return err;
	}
	return succeed(db);
}

void db_rollback(Ctx *cx)
{
	Db *db = cx->db;

	if (db->tx == TX_OPEN || db->tx == TX_FAILED)
		end_unwatched(db, &rollback);
	forget_transaction(db);
}

/* ---- savepoints ---- */

Err db_savepoint(Ctx *cx)
{
	Db *db = cx->db;

	if (db->depth == DB_SAVEPOINTS_MAX)
		return err_set(cx, ERR_BUG, "more than %d savepoints", DB_SAVEPOINTS_MAX);
	TRY(go_on_explicit(cx, "savepoint"));
	db->may_retry = false;
	if (!conn_send(db, ITEM_INSIDE, &savepoints[db->depth][SAVE], NULL))
		return tx_fail_lost(cx, "savepoint");
	db->after_mark[db->depth++] = db->after_last;
	return OK;
}

Err db_release(Ctx *cx)
{
	Db *db = cx->db;

	if (!db->depth)
		return err_set(cx, ERR_BUG, "release without a savepoint");
	TRY(tx_go_on(cx, "release"));
	if (!conn_send(db, ITEM_INSIDE, &savepoints[db->depth - 1][RELEASE], NULL))
		return tx_fail_lost(cx, "release");
	db->depth--;
	return OK;
}

/* Go back to the newest savepoint and remove it, and see that it worked. */
static Err undo_now(Ctx *cx, Db *db)
{
	const SqlQuery *words = savepoints[db->depth - 1];
	bool committed;

	if (!conn_drain(db) || !conn_send(db, ITEM_INSIDE, &words[UNDO], NULL) ||
		!conn_send(db, ITEM_INSIDE, &words[RELEASE], NULL) || !conn_sync(db))
		return tx_fail_lost(cx, "undo");
	cx->query_count++;
	return take_rest(cx, "undo", &committed);
}

Err db_undo(Ctx *cx)
{
	Db *db = cx->db;

	if (!db->depth)
		return err_set(cx, ERR_BUG, "undo without a savepoint");
	if (db->tx == TX_FAILED && !db->conn)
		return db->tx_err;
	TRY(undo_now(cx, db));
	db->tx = TX_OPEN;
	db->tx_err = OK;
	db->after_last = db->after_mark[--db->depth];
	*db->after_last = NULL;
	return OK;
}

Err db_settle(Ctx *cx, Err err)
{
	if (err == OK)
		return db_release(cx);
	TRY(db_undo(cx));
	return err;
}

Err db_settle_unique(Ctx *cx, Err err, const char *field, const char *sentence)
{
	err = db_settle(cx, err);
	return err == ERR_CONFLICT ? err_field(cx, field, sentence) : err;
}

/* ---- outside transactions ---- */

static bool is_answering(Ctx *cx, Db *db)
{
	if (conn_open(cx, db) != OK)
		return false;
	if (conn_send(db, ITEM_INSIDE, &ping, NULL) && conn_drain(db))
		return true;
	conn_close(db);
	return false;
}

bool db_is_up(Db *db)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx cx = { .mem = mem, .db = db };
	bool up;

	if (db->tx == TX_OPEN || (db->tx == TX_FAILED && db->conn)) {
		up = !conn_is_gone(db);
	} else {
		/* once more: the first try may only have found out that the old connection is gone
		 */
		up = is_answering(&cx, db) || is_answering(&cx, db);
	}
	arena_free(mem);
	return up;
}

/* Everything answered, pipeline mode off. */
static bool is_native(Ctx *cx, Db *db)
{
	if (db->tx == TX_NONE && db->conn && conn_is_gone(db))
		conn_close(db);
	if (db->tx == TX_NONE ? conn_open(cx, db) != OK : go_on_explicit(cx, "native") != OK)
		return false;
	if (conn_drain(db) && conn_set_pipeline(db, false))
		return true;
	conn_close(db);
	return false;
}

PGconn *db_native(Db *db)
{
	Arena *mem = arena_new(ARENA_LIMIT);
	Ctx none = { .mem = mem, .db = db };
	bool native = db->tx != TX_FAILED && is_native(db->tx == TX_NONE ? &none : db->cx, db);

	arena_free(mem);
	db->may_retry = false;
	if (!native && db->tx == TX_OPEN)
		tx_fail(db, ERR_UNAVAILABLE);
	return native ? db->conn : NULL;
}

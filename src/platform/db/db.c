/* Transactions over the pipeline. The transaction opens with its first query, in the same round
 * trip. Whatever fails, what was sent is read up to its Sync before anything else is sent; then
 * only rollback, or db_undo to a savepoint, brings the transaction back. */
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

/* The transaction cannot go on: remember why. */
static Err fail(Db *db, Err err)
{
	db->tx = TX_FAILED;
	db->tx_err = err;
	return err;
}

static Err fail_lost(Ctx *cx, const char *during)
{
	conn_close(cx->db);
	return fail(cx->db, err_set(cx, ERR_UNAVAILABLE, "connection lost during %s", during));
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

/* May something be sent now? Opens the transaction when it is only noted. */
static Err go_on(Ctx *cx, const char *what)
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
			return fail_lost(cx, what);
		break;
	}
	return OK;
}

/* The same, and in one transaction with all that follows. */
static Err go_on_explicit(Ctx *cx, const char *what)
{
	Db *db = cx->db;

	if (db->tx == TX_OPEN && db->implicit && !begin_explicit(cx, db))
		return fail_lost(cx, what);
	if (db->tx == TX_NOTED)
		db->implicit = false;
	return go_on(cx, what);
}

/* ---- a lost connection ---- */

/* The connection died. When nothing of this transaction was answered and it only read, do it again
 * on a new connection, once; else the transaction has failed. */
static Err send_again(Ctx *cx, const char *during)
{
	Db *db = cx->db;
	size_t count = 0;
	Item *queries;

	if (!db->may_retry)
		return fail_lost(cx, during);
	db->may_retry = false;
	queries = NEW_ARRAY(cx->mem, Item, db->item_count + 1);
	for (size_t i = 0; i < db->item_count; i++) {
		const Item *item = &db->item[(db->item_first + i) % db->item_room];

		if (item->kind == ITEM_QUERY)
			queries[count++] = *item;
	}
	conn_close(db);
	TRY(begin_open(cx, db));
	for (size_t i = 0; i < count; i++)
		if (!conn_send(db, ITEM_QUERY, queries[i].query, queries[i].param))
			return fail_lost(cx, during);
	return OK;
}

/* What is needed to send a query again: its parameters may be gone by then. */
static const char *const *keep_params(Ctx *cx, const SqlQuery *query, const char *const *param)
{
	const char **copy = NEW_ARRAY(cx->mem, const char *, (size_t)query->param_count + 1);

	for (int i = 0; i < query->param_count; i++)
		copy[i] = arena_dup(cx->mem, param[i]);
	return copy;
}

/* ---- sending and reading ---- */

void db_note_along(Ctx *cx)
{
	cx->db->note_next = true;
}

/* NULL: none such. */
static Along *along_of(Db *db, const SqlQuery *query)
{
	for (size_t i = 0; i < db->along_count; i++)
		if (db->along[i].query == query)
			return &db->along[i];
	return NULL;
}

bool db_has_along(const Ctx *cx, const char *name)
{
	const Db *db = cx->db;

	for (size_t i = 0; db && i < db->along_count; i++)
		if (db->along[i].query && !strcmp(db->along[i].query->name, name))
			return true;
	return false;
}

static Err note_along(Ctx *cx, Db *db, const SqlQuery *query, const char *const *param)
{
	db->note_next = false;
	if (db->tx != TX_NOTED || db->along_count == DB_ALONG_MAX || !query->reads_only ||
		along_of(db, query))
		return err_set(cx, ERR_BUG, "query %s cannot go along", query->name);
	db->along[db->along_count++] =
		(Along){ .query = query, .param = keep_params(cx, query, param) };
	return OK;
}

Err db_send(Ctx *cx, const SqlQuery *query, const char *const *param)
{
	Db *db = cx->db;

	if (db->note_next)
		return note_along(cx, db, query, param);
	TRY(go_on(cx, query->name));
	if (db->fail_in && !--db->fail_in)
		return db->fail_lost ? fail_lost(cx, "a test")
				     : fail(db, err_set(cx, ERR_UNAVAILABLE, "a test"));
	db->may_retry = db->may_retry && query->reads_only;
	if (db->may_retry)
		param = keep_params(cx, query, param);
	if (conn_send(db, ITEM_QUERY, query, param))
		return OK;
	TRY(send_again(cx, query->name));
	if (conn_send(db, ITEM_QUERY, query, param))
		return OK;
	return fail_lost(cx, query->name);
}

/* An answer that is an error: the rest up to the Sync is read, the transaction is failed. */
static Err fail_query(Ctx *cx, const SqlQuery *query, PGresult *r)
{
	Db *db = cx->db;
	Err err = db_error(cx, query, r);

	db->worn |= db_is_worn(r);
	PQclear(r);
	fail(db, err);
	if (!conn_drain(db))
		conn_close(db);
	return err;
}

static bool is_fine(const PGresult *r)
{
	return PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK;
}

static void clear_result(void *r)
{
	PQclear(r);
}

/* Take one answer. *ret is set when it is that of a query of the caller. */
static Err take_next(Ctx *cx, const SqlQuery *query, PGresult **ret)
{
	Db *db = cx->db;
	Item item;
	PGresult *r;

	*ret = NULL;
	if (db->unsynced)
		cx->query_count++;
	if (!conn_sync(db) || !conn_take(db, &item, &r))
		return send_again(cx, query->name);
	if (item.kind != ITEM_DROPPED && item.kind != ITEM_SYNC && !is_fine(r))
		return fail_query(cx, item.query, r);
	if (item.kind == ITEM_QUERY) {
		*ret = r;
	} else if (item.kind == ITEM_ALONG) {
		along_of(db, item.query)->result = r;
		arena_defer(cx->mem, clear_result, r);
	} else {
		PQclear(r);
	}
	return OK;
}

/* Take answers until that of the next query of the caller. */
static Err take_query(Ctx *cx, const SqlQuery *query, PGresult **ret)
{
	do {
		TRY(take_next(cx, query, ret));
	} while (!*ret);
	cx->db->may_retry = false;
	return OK;
}

/* Does the result have the shape that the .sql file declares? */
static Err check_shape(Ctx *cx, const SqlQuery *query, const PGresult *r)
{
	if (query->column_count && PQnfields(r) != query->column_count)
		return err_set(cx, ERR_BUG, "query %s gave %d columns", query->name, PQnfields(r));
	for (int column = 0; column < query->column_count; column++) {
		if (query->column[column].nullable)
			continue;
		for (int row = 0; row < PQntuples(r); row++)
			if (PQgetisnull(r, row, column))
				return err_set(cx, ERR_BUG, "query %s: column %s is null",
					query->name, query->column[column].name);
	}
	return OK;
}

/* The oldest query of the caller that has no answer yet. */
static const SqlQuery *next_query(const Db *db)
{
	for (size_t i = 0; i < db->item_count; i++) {
		const Item *item = &db->item[(db->item_first + i) % db->item_room];

		if (item->kind == ITEM_QUERY)
			return item->query;
	}
	return NULL;
}

static bool is_outstanding(const Db *db, ItemKind kind, const SqlQuery *query)
{
	for (size_t i = 0; i < db->item_count; i++) {
		const Item *item = &db->item[(db->item_first + i) % db->item_room];

		if (item->kind == kind && item->query == query)
			return true;
	}
	return false;
}

/* What went along was answered before every query of the caller, or will be next. */
static Err read_along(Ctx *cx, Along *along, PGresult **ret)
{
	const SqlQuery *query = along->query;
	Db *db = cx->db;
	PGresult *none;

	TRY(go_on(cx, query->name));
	while (!along->result && is_outstanding(db, ITEM_ALONG, query))
		TRY(take_next(cx, query, &none));
	*ret = along->result;
	along->query = NULL;
	if (*ret)
		return check_shape(cx, query, *ret);
	/* a savepoint that was undone took its answer with it */
	TRY(db_send(cx, query, along->param));
	return db_read(cx, query, ret);
}

Err db_read(Ctx *cx, const SqlQuery *query, PGresult **ret)
{
	Db *db = cx->db;
	Along *along = along_of(db, query);
	PGresult *r = NULL;

	if (along)
		return read_along(cx, along, ret);
	if (db->tx == TX_FAILED)
		return db->tx_err;
	if (db->tx != TX_OPEN || next_query(db) != query)
		return err_set(cx, ERR_BUG, "query %s is read but another was sent", query->name);
	TRY(take_query(cx, query, &r));
	arena_defer(cx->mem, clear_result, r);
	TRY(check_shape(cx, query, r));
	*ret = r;
	return OK;
}

Err db_find_row(Ctx *cx, const SqlQuery *query, const PGresult *r, bool *ret_found)
{
	if (PQntuples(r) > 1)
		return err_set(cx, ERR_BUG, "query %s gave %d rows", query->name, PQntuples(r));
	*ret_found = PQntuples(r) == 1;
	return OK;
}

Err db_one_row(Ctx *cx, const SqlQuery *query, const PGresult *r)
{
	bool found = false;

	TRY(db_find_row(cx, query, r, &found));
	return found ? OK : err_set(cx, ERR_NOT_FOUND, "query %s gave no row", query->name);
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

/* Read everything up to the commit's own answer. A query that nobody read may have failed; then the
 * server skipped the commit. */
static Err await_commit(Ctx *cx, Db *db)
{
	Item item;
	PGresult *r;
	bool committed = false;

	while (db->item_count) {
		if (!conn_take(db, &item, &r))
			return fail_lost(cx, "commit");
		if (item.kind != ITEM_SYNC && !is_fine(r))
			return fail_query(cx, item.query, r);
		committed |= item.query == &commit && r && !strcmp(PQcmdStatus(r), "COMMIT");
		PQclear(r);
	}
	return committed ? OK
			 : fail(db, err_set(cx, ERR_BUG, "commit was answered with a rollback"));
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
	if (db->tx == TX_OPEN) {
		cx->query_count++;
		if (conn_send(db, ITEM_END, &commit, NULL) && conn_sync(db))
			err = await_commit(cx, db);
		else
			err = fail_lost(cx, "commit");
		if (err != OK) {
			db_rollback(cx);
			return err;
		}
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
		return fail_lost(cx, "savepoint");
	db->after_mark[db->depth++] = db->after_last;
	return OK;
}

Err db_release(Ctx *cx)
{
	Db *db = cx->db;

	if (!db->depth)
		return err_set(cx, ERR_BUG, "release without a savepoint");
	TRY(go_on(cx, "release"));
	if (!conn_send(db, ITEM_INSIDE, &savepoints[db->depth - 1][RELEASE], NULL))
		return fail_lost(cx, "release");
	db->depth--;
	return OK;
}

/* Go back to the newest savepoint and remove it, and see that it worked. */
static Err undo_now(Ctx *cx, Db *db)
{
	const SqlQuery *words = savepoints[db->depth - 1];
	Item item;
	PGresult *r;

	if (!conn_drain(db) || !conn_send(db, ITEM_INSIDE, &words[UNDO], NULL) ||
		!conn_send(db, ITEM_INSIDE, &words[RELEASE], NULL) || !conn_sync(db))
		return fail_lost(cx, "undo");
	cx->query_count++;
	while (db->item_count) {
		if (!conn_take(db, &item, &r))
			return fail_lost(cx, "undo");
		if (item.kind != ITEM_SYNC && !is_fine(r))
			return fail_query(cx, item.query, r);
		PQclear(r);
	}
	return OK;
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
		fail(db, ERR_UNAVAILABLE);
	return native ? db->conn : NULL;
}

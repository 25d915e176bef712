/* Queries inside a transaction: sent at once, read later in the same order. */
#include "platform/db/db_conn.h"

/* The connection died. When nothing of this transaction was answered and it only read, do it again
 * on a new connection, once; else the transaction has failed. */
static Err send_again(Ctx *cx, const char *during)
{
	Db *db = cx->db;
	size_t count = 0;
	Item *queries;

	if (!db->may_retry)
		return tx_fail_lost(cx, during);
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
			return tx_fail_lost(cx, during);
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
	TRY(tx_go_on(cx, query->name));
	if (db->fail_in && !--db->fail_in)
		return db->fail_lost ? tx_fail_lost(cx, "a test")
				     : tx_fail(db, err_set(cx, ERR_UNAVAILABLE, "a test"));
	db->may_retry = db->may_retry && query->reads_only;
	if (db->may_retry)
		param = keep_params(cx, query, param);
	if (conn_send(db, ITEM_QUERY, query, param))
		return OK;
	TRY(send_again(cx, query->name));
	if (conn_send(db, ITEM_QUERY, query, param))
		return OK;
	return tx_fail_lost(cx, query->name);
}

/* An answer that is an error: the rest up to the Sync is read, the transaction is failed. */
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
	if (item.kind != ITEM_DROPPED && item.kind != ITEM_SYNC && !db_is_fine(r))
		return tx_fail_query(cx, item.query, r);
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

	if (db->tx != TX_OPEN)
		TRY(tx_go_on(cx, query->name));
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

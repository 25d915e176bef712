/* How a transaction begins: what is said before its first query, in the same round trip. One that
 * writes is begun in words. One that only reads is not: to PostgreSQL each round trip up to its
 * Sync is a transaction by itself, which saves the begin, the commit and a wake-up of the server
 * for it. */
#include "platform/db/db_conn.h"

static const SqlColumn text_params[] = { { "a", "text", false }, { "b", "text", false } };

static const SqlQuery begin_write = { .name = "siso_begin", .text = "begin" };
static const SqlQuery begin_read = { .name = "siso_begin_read", .text = "begin read only" };

#define COMPANY   "set_config('app.company_id', $1, true)"
#define TIMEOUT   "set_config('statement_timeout', "
#define READ_ONLY "set_config('transaction_read_only', 'on', true)"

/* By what is to be said: [only reads, and nobody said so][company][own timeout]. */
static const SqlQuery settings[2][2][2] = {
	{ { { 0 }, { .name = "siso_timeout",
			   .text = "select " TIMEOUT "$1, true)",
			   .param = text_params,
			   .param_count = 1 } },
		{ { .name = "siso_company",
			  .text = "select " COMPANY,
			  .param = text_params,
			  .param_count = 1 },
			{ .name = "siso_company_timeout",
				.text = "select " COMPANY ", " TIMEOUT "$2, true)",
				.param = text_params,
				.param_count = 2 } } },
	{ { { .name = "siso_read", .text = "select " READ_ONLY },
		  { .name = "siso_read_timeout",
			  .text = "select " TIMEOUT "$1, true), " READ_ONLY,
			  .param = text_params,
			  .param_count = 1 } },
		{ { .name = "siso_read_company",
			  .text = "select " COMPANY ", " READ_ONLY,
			  .param = text_params,
			  .param_count = 1 },
			{ .name = "siso_read_company_timeout",
				.text = "select " COMPANY ", " TIMEOUT "$2, true), " READ_ONLY,
				.param = text_params,
				.param_count = 2 } } },
};

/* Whose company, how long, and that nothing may be written. */
static bool send_settings(Ctx *cx, Db *db)
{
	bool timeout = db->timeout_ms > 0 && db->timeout_ms != DB_TIMEOUT_MS;
	const SqlQuery *set = &settings[db->implicit][cx->company.v != 0][timeout];
	const char *param[2] = { 0 };
	int n = 0;

	if (cx->company.v)
		param[n++] = db_text_int64(cx->mem, cx->company.v);
	if (timeout)
		param[n++] = db_text_int64(cx->mem, db->timeout_ms);
	return !set->name || conn_send(db, ITEM_INSIDE, set, param);
}

bool begin_trip(Ctx *cx, Db *db)
{
	return send_settings(cx, db);
}

bool begin_explicit(Ctx *cx, Db *db)
{
	db->implicit = false;
	return conn_send(db, ITEM_INSIDE, db->read_only ? &begin_read : &begin_write, NULL) &&
	       send_settings(cx, db);
}

static bool send_all(Ctx *cx, Db *db)
{
	if (!(db->implicit ? begin_trip(cx, db) : begin_explicit(cx, db)))
		return false;
	for (size_t i = 0; i < db->along_count; i++)
		if (db->along[i].query && !db->along[i].result &&
			!conn_send(db, ITEM_ALONG, db->along[i].query, db->along[i].param))
			return false;
	return true;
}

Err begin_open(Ctx *cx, Db *db)
{
	Err err;

	if (db->conn && (conn_is_gone(db) || !conn_settle(db)))
		conn_close(db);
	for (int attempt = 0; attempt < 2; attempt++) {
		err = conn_open(cx, db);
		if (err != OK)
			break;
		if (send_all(cx, db)) {
			db->tx = TX_OPEN;
			return OK;
		}
		conn_close(db);
		err = err_set(cx, ERR_UNAVAILABLE, "connection lost during begin");
	}
	db->tx = TX_FAILED;
	db->tx_err = err;
	return err;
}

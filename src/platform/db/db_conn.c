/* One connection: always in pipeline mode and non-blocking, so that a long round trip in both
 * directions cannot lock up, and every wait has an end. A lost connection answers NULL for ever:
 * each step says so by returning false, and nobody loops on it. */
#include "platform/db/db_conn.h"

#include <errno.h>
#include <poll.h>

/* Said at connecting, so that it costs no round trip. Time zone and styles are what db_value.c
 * reads. */
static const char settings[] =
	"-c TimeZone=UTC -c DateStyle=ISO,YMD -c IntervalStyle=iso_8601 "
	"-c extra_float_digits=1 -c bytea_output=hex -c search_path=pg_catalog "
	"-c standard_conforming_strings=on -c statement_timeout=5000 -c jit=off";

static void ignore_notice(void *arg, const char *message)
{
	/* a notice may quote values: it goes nowhere */
	(void)arg;
	(void)message;
}

static void forget_all(Db *db)
{
	db->item_count = db->item_first = 0;
	db->unsynced = false;
	for (size_t i = 0; i < db->prepared_room; i++)
		db->prepared[i].state = PREPARED_NOT;
}

void conn_close(Db *db)
{
	PQfinish(db->conn);
	db->conn = NULL;
	db->worn = false;
	forget_all(db);
}

/* The conninfo's own options stay, ours come last and win. */
static PGconn *connect_with_settings(const Db *db, char **ret_complaint)
{
	enum { WORDS = 64 };
	PQconninfoOption *options = PQconninfoParse(db->conninfo, ret_complaint);
	const char *word[WORDS + 8] = { 0 }, *value[WORDS + 8] = { 0 };
	char all[1024];
	size_t n = 0;
	PGconn *conn;

	if (!options)
		return NULL;
	snprintf(all, sizeof all, "%s", settings);
	for (PQconninfoOption *o = options; o->keyword && n < WORDS; o++) {
		if (!o->val)
			continue;
		if (!strcmp(o->keyword, "options")) {
			snprintf(all, sizeof all, "%s %s", o->val, settings);
			continue;
		}
		word[n] = o->keyword;
		value[n++] = o->val;
	}
	word[n] = "options", value[n++] = all;
	word[n] = "client_encoding", value[n++] = "UTF8";
	word[n] = "application_name", value[n++] = db->role ? db->role : "siso";
	word[n] = "connect_timeout", value[n++] = "5";
	word[n] = "tcp_user_timeout", value[n++] = "15000";
	word[n] = "keepalives_idle", value[n++] = "30";
	conn = PQconnectdbParams(word, value, 0);
	PQconninfoFree(options);
	return conn;
}

/* The first line of libpq's reason; it names hosts and roles, not secrets. */
static Err say_no_connection(Ctx *cx, const char *why)
{
	return err_set(cx, ERR_UNAVAILABLE, "no connection to PostgreSQL: %.*s",
		(int)strcspn(why ? why : "", "\n"), why ? why : "");
}

Err conn_open(Ctx *cx, Db *db)
{
	char *complaint = NULL;
	Err err;

	if (db->conn)
		return OK;
	forget_all(db);
	db->conn = connect_with_settings(db, &complaint);
	if (!db->conn) {
		err = say_no_connection(cx, complaint);
		PQfreemem(complaint);
		return err;
	}
	if (PQstatus(db->conn) != CONNECTION_OK) {
		err = say_no_connection(cx, PQerrorMessage(db->conn));
		conn_close(db);
		return err;
	}
	PQsetNoticeProcessor(db->conn, ignore_notice, NULL);
	if (!conn_set_pipeline(db, true)) {
		conn_close(db);
		return err_set(cx, ERR_UNAVAILABLE, "no pipeline mode");
	}
	return OK;
}

/* Reading does not block. The first takes in what an ended transaction left, or PostgreSQL's last
 * words; the second finds that the connection was closed behind them. */
bool conn_is_gone(Db *db)
{
	for (int i = 0; i < 2; i++)
		if (PQstatus(db->conn) != CONNECTION_OK || !PQconsumeInput(db->conn))
			return true;
	return PQstatus(db->conn) != CONNECTION_OK;
}

bool conn_set_pipeline(Db *db, bool on)
{
	if ((PQpipelineStatus(db->conn) != PQ_PIPELINE_OFF) == on)
		return true;
	if (PQsetnonblocking(db->conn, on) != 0)
		return false;
	return on ? PQenterPipelineMode(db->conn) : PQexitPipelineMode(db->conn);
}

/* ---- what was sent ---- */

static void push(Db *db, Item item)
{
	if (db->item_count == db->item_room) {
		size_t room = db->item_room ? db->item_room * 2 : 16;
		Item *bigger = calloc(room, sizeof *bigger);

		if (!bigger)
			abort();
		for (size_t i = 0; i < db->item_count; i++)
			bigger[i] = db->item[(db->item_first + i) % db->item_room];
		free(db->item);
		db->item = bigger;
		db->item_room = room;
		db->item_first = 0;
	}
	db->item[(db->item_first + db->item_count++) % db->item_room] = item;
}

static size_t hash_of(const SqlQuery *query, size_t room)
{
	return ((uintptr_t)query * UINT64_C(0x9e3779b97f4a7c15) >> 20) & (room - 1);
}

static Prepared *look_up(Prepared *table, size_t room, const SqlQuery *query)
{
	size_t i = hash_of(query, room);

	while (table[i].query && table[i].query != query)
		i = (i + 1) & (room - 1);
	return &table[i];
}

/* The entry of query, made when it is not there. */
static Prepared *prepared_of(Db *db, const SqlQuery *query)
{
	Prepared *entry;

	if (db->prepared_count * 2 >= db->prepared_room) {
		size_t room = db->prepared_room ? db->prepared_room * 2 : 128;
		Prepared *bigger = calloc(room, sizeof *bigger);

		if (!bigger)
			abort();
		for (size_t i = 0; i < db->prepared_room; i++)
			if (db->prepared[i].query)
				*look_up(bigger, room, db->prepared[i].query) = db->prepared[i];
		free(db->prepared);
		db->prepared = bigger;
		db->prepared_room = room;
	}
	entry = look_up(db->prepared, db->prepared_room, query);
	db->prepared_count += !entry->query;
	entry->query = query;
	return entry;
}

static bool send_prepare(Db *db, const SqlQuery *query)
{
	Prepared *entry = prepared_of(db, query);
	Oid types[256] = { 0 };

	if (entry->state != PREPARED_NOT)
		return true;
	for (int i = 0; i < query->param_count; i++)
		types[i] = db_type_oid(query->param[i].type);
	if (!PQsendPrepare(db->conn, query->name, query->text, query->param_count, types))
		return false;
	entry->state = PREPARED_SENT;
	push(db, (Item){ .kind = ITEM_PREPARE, .query = query });
	return true;
}

bool conn_send(Db *db, ItemKind kind, const SqlQuery *query, const char *const *param)
{
	if (!db->conn || !conn_set_pipeline(db, true))
		return false;
	db->unsynced = true;
	if (!send_prepare(db, query))
		return false;
	if (!PQsendQueryPrepared(db->conn, query->name, query->param_count, param, NULL, NULL, 0))
		return false;
	push(db, (Item){ .kind = kind, .query = query, .param = param });
	return true;
}

static Item *item_at(Db *db, size_t i)
{
	return &db->item[(db->item_first + i) % db->item_room];
}

bool conn_sync(Db *db)
{
	bool last;

	if (!db->unsynced)
		return true;
	if (!db->conn || !PQpipelineSync(db->conn))
		return false;
	last = db->implicit ||
	       (db->item_count && item_at(db, db->item_count - 1)->kind == ITEM_END);
	push(db, (Item){ .kind = ITEM_SYNC, .last = last });
	db->unsynced = false;
	return true;
}

/* ---- what comes back ---- */

/* How long an answer may take: each statement outstanding may use its whole timeout. */
static int64_t patience_ms(const Db *db)
{
	int64_t timeout_ms = db->timeout_ms > 0 ? db->timeout_ms : DB_TIMEOUT_MS;

	return timeout_ms * (int64_t)(db->item_count + 1) + db->grace_ms;
}

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Wait until PQgetResult will not block. False: lost, or silent for too long. */
static bool wait_answer(Db *db)
{
	int64_t deadline = 0;

	for (;;) {
		int unsent = PQflush(db->conn);
		struct pollfd fd = { .fd = PQsocket(db->conn), .events = POLLIN };
		int64_t left;

		if (unsent < 0)
			/* there may be a reason to read; PQgetResult knows */
			return PQconsumeInput(db->conn) && !PQisBusy(db->conn);
		if (!PQisBusy(db->conn))
			return true;
		if (!deadline)
			deadline = clock_ms() + patience_ms(db);
		left = deadline - clock_ms();
		if (unsent)
			fd.events |= POLLOUT;
		if (left <= 0 || (poll(&fd, 1, (int)left) < 0 && errno != EINTR))
			return false;
		if (fd.revents && !PQconsumeInput(db->conn))
			return false;
	}
}

static bool next_result(Db *db, PGresult **ret)
{
	*ret = NULL;
	if (!db->conn || !wait_answer(db))
		return false;
	*ret = PQgetResult(db->conn);
	return true;
}

static void note_prepared(Db *db, const SqlQuery *query, const PGresult *r)
{
	prepared_of(db, query)->state =
		PQresultStatus(r) == PGRES_COMMAND_OK ? PREPARED_READY : PREPARED_NOT;
}

static void pop(Db *db)
{
	db->item_first = (db->item_first + 1) % db->item_room;
	db->item_count--;
}

bool conn_take(Db *db, Item *ret_item, PGresult **ret)
{
	Item item = db->item[db->item_first];
	PGresult *r, *more;

	if (!next_result(db, &r))
		return false;
	if (!r || db_is_lost(r) ||
		(item.kind == ITEM_SYNC) != (PQresultStatus(r) == PGRES_PIPELINE_SYNC)) {
		PQclear(r);
		return false;
	}
	*ret_item = item;
	*ret = r;
	if (item.kind == ITEM_SYNC) {
		PGTransactionStatusType state = PQtransactionStatus(db->conn);

		PQclear(r);
		*ret = NULL;
		pop(db);
		/* a connection that would go on inside an old transaction is of no use to anybody
		 */
		return !item.last || (state != PQTRANS_INTRANS && state != PQTRANS_INERROR);
	}
	/* a NULL ends the results of each statement */
	while (next_result(db, &more) && more)
		PQclear(more);
	if (item.kind == ITEM_PREPARE)
		note_prepared(db, item.query, r);
	pop(db);
	return true;
}

void conn_drop_answers(Db *db)
{
	for (size_t i = 0; i < db->item_count; i++)
		if (item_at(db, i)->kind != ITEM_PREPARE && item_at(db, i)->kind != ITEM_SYNC)
			item_at(db, i)->kind = ITEM_DROPPED;
}

bool conn_drain(Db *db)
{
	Item item;
	PGresult *r;

	while (db->conn && db->item_count) {
		if (!conn_sync(db) || !conn_take(db, &item, &r))
			return false;
		PQclear(r);
	}
	return db->conn != NULL;
}

bool conn_settle(Db *db)
{
	for (size_t i = 0; i < db->item_count; i++)
		if (item_at(db, i)->kind == ITEM_PREPARE)
			return conn_drain(db);
	return true;
}

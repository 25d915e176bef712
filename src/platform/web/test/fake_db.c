/* A database that is not there: counts what the router asks of it, for tests without PostgreSQL. */
#include "fake_db.h"

static void note(const char *word)
{
	size_t length = strlen(fake_db.story);

	snprintf(fake_db.story + length, sizeof(fake_db.story) - length, "%s%s", length ? " " : "",
		word);
}

Db *db_open(const DbConfig *config)
{
	(void)config;
	return NULL;
}

bool db_is_up(Db *db)
{
	(void)db;
	return true;
}

void db_close(Db *db)
{
	(void)db;
}

void db_begin(Ctx *cx, bool read_only, int timeout_ms)
{
	(void)cx;
	fake_db.timeout_ms = timeout_ms;
	note(read_only ? "read" : "write");
}

Err db_commit(Ctx *cx)
{
	note("commit");
	return fake_db.commit_fails ? err_set(cx, ERR_UNAVAILABLE, "connection lost") : OK;
}

void db_rollback(Ctx *cx)
{
	(void)cx;
	note("rollback");
}

void db_after_commit(Ctx *cx, void (*after)(void *arg), void *arg)
{
	(void)cx;
	note("after");
	after(arg);
}

Err db_send(Ctx *cx, const SqlQuery *query, const char *const *param)
{
	(void)param;
	return err_set(cx, ERR_UNAVAILABLE, "no database for %s", query->name);
}

Err db_read(Ctx *cx, const SqlQuery *query, PGresult **ret)
{
	(void)ret;
	return err_set(cx, ERR_UNAVAILABLE, "no database for %s", query->name);
}

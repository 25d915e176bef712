/* Migrations run on a plain connection of their own, one after the other, behind an advisory lock.
 * The lock is tried, not waited for: a session that waits inside a statement holds a snapshot, and
 * `create index concurrently` of the one that works would wait for it. */
#include "platform/db/migrate.h"

#include "core/clock.h"
#include "core/str.h"
#include "platform/db/db_conn.h"

extern const char db_roles_sql[];
extern const char db_database_sql[];

enum { LOCK_WAIT_S = 600, RETRY_S = 120 };

typedef struct Run {
	Ctx *cx;
	PGconn *conn;
	const Migration *list;
	size_t count;
	const MigrateWatch *watch;
	bool *done; /* by index of list */
	size_t done_count;
} Run;

static void finish(PGconn **conn)
{
	PQfinish(*conn);
}

static void clear(PGresult **r)
{
	PQclear(*r);
}

static bool is_state(const PGresult *r, const char *state)
{
	const char *got = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	return got && !strcmp(got, state);
}

static void ignore_notice(void *arg, const char *message)
{
	(void)arg;
	(void)message;
}

/* database NULL: the conninfo's own. */
static Err open_plain(Ctx *cx, const char *conninfo, const char *database, PGconn **ret)
{
	const char *options =
		"-c search_path= -c lock_timeout=2000 -c statement_timeout=0 -c TimeZone=UTC "
		"-c idle_in_transaction_session_timeout=0 -c client_min_messages=warning";
	const char *word[] = { "dbname", "options", "application_name", "client_encoding",
		"connect_timeout", database ? "dbname" : NULL, NULL };
	const char *value[] = { conninfo, options, "siso migrate", "UTF8", "10", database, NULL };
	PGconn *conn = PQconnectdbParams(word, value, /* expand_dbname= */ 1);

	if (PQstatus(conn) != CONNECTION_OK) {
		Err err = err_set(cx, ERR_UNAVAILABLE, "no connection to PostgreSQL: %.*s",
			(int)strcspn(PQerrorMessage(conn), "\n"), PQerrorMessage(conn));

		PQfinish(conn);
		return err;
	}
	PQsetNoticeProcessor(conn, ignore_notice, NULL);
	*ret = conn;
	return OK;
}

/* The line of text where the error of r stands; 1 when the server does not say. */
static int line_of(const PGresult *r, const char *text)
{
	const char *position = PQresultErrorField(r, PG_DIAG_STATEMENT_POSITION);
	int64_t characters = 0;
	int line = 1;

	if (!position || !str_int64(str_of(position), &characters))
		return 1;
	for (; *text && characters > 1; text++) {
		line += *text == '\n';
		/* the server counts characters, not bytes */
		characters -= (text[1] & 0xc0) != 0x80;
	}
	return line;
}

/* Where and why, in the server's words: statements of migrations hold no rows. */
static Err refuse(
	Run *run, const Migration *migration, int first_line, const char *text, const PGresult *r)
{
	const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);
	const char *context = PQresultErrorField(r, PG_DIAG_CONTEXT);
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	if (!state)
		return err_set(
			run->cx, ERR_UNAVAILABLE, "connection lost during %s", migration->file);
	return err_set(run->cx, ERR_BUG, "%s:%d: %s (SQLSTATE %s)%s%s", migration->file,
		first_line + line_of(r, text) - 1, message ? message : "", state,
		context ? "; " : "", context ? context : "");
}

static Err command(Ctx *cx, PGconn *conn, const char *text)
{
	PGresult *r CLEANUP(clear) = PQexec(conn, text);

	if (db_is_fine(r))
		return OK;
	return err_set(cx, PQstatus(conn) == CONNECTION_OK ? ERR_BUG : ERR_UNAVAILABLE, "%.*s",
		(int)strcspn(PQresultErrorMessage(r), "\n"), PQresultErrorMessage(r));
}

static void sleep_ms(int64_t ms)
{
	nanosleep(&(struct timespec){ ms / 1000, ms % 1000 * 1000000 }, NULL);
}

/* ---- who works ---- */

static Err lock(Run *run)
{
	for (int64_t from = time_now_us(); time_now_us() - from < LOCK_WAIT_S * INT64_C(1000000);) {
		PGresult *r CLEANUP(clear) = PQexec(run->conn,
			"select pg_try_advisory_lock(hashtextextended('siso migrate', 0))");

		if (!db_is_fine(r))
			return err_set(
				run->cx, ERR_UNAVAILABLE, "could not take the lock of migrations");
		if (PQgetvalue(r, 0, 0)[0] == 't')
			return OK;
		sleep_ms(100);
	}
	return err_set(
		run->cx, ERR_UNAVAILABLE, "another program migrates since %d s", LOCK_WAIT_S);
}

/* ---- what ran already ---- */

static const Migration *find(const Run *run, int64_t number)
{
	for (size_t i = 0; i < run->count; i++)
		if (run->list[i].number == number)
			return &run->list[i];
	return NULL;
}

static Err check_row(Run *run, const PGresult *r, int row)
{
	const char *name = PQgetvalue(r, row, 1);
	const Migration *migration;
	int64_t number = 0;

	str_int64(str_of(PQgetvalue(r, row, 0)), &number);
	migration = find(run, number);
	if (!migration)
		return err_set(run->cx, ERR_CONFLICT,
			"the database is of a newer program: migration %s ran and is not known "
			"here",
			name);
	if (strcmp(migration->name, name) != 0)
		return err_set(run->cx, ERR_CONFLICT,
			"migration %04d ran as %s and is now called %s", migration->number, name,
			migration->name);
	if (strcmp(migration->sha256, PQgetvalue(r, row, 2)) != 0)
		return err_set(run->cx, ERR_CONFLICT,
			"%s was edited after it ran: put it back and write a new migration",
			migration->file);
	run->done[migration - run->list] = true;
	run->done_count++;
	return OK;
}

/* Fill run->done from siso.migration; a database without it has run nothing. */
static Err read_done(Run *run)
{
	PGresult *there CLEANUP(clear) = PQexec(run->conn, "select to_regclass('siso.migration')");
	PGresult *r CLEANUP(clear) = NULL;

	run->done = NEW_ARRAY(run->cx->mem, bool, run->count + 1);
	run->done_count = 0;
	if (!db_is_fine(there))
		return err_set(run->cx, ERR_UNAVAILABLE, "could not look for siso.migration");
	if (PQgetisnull(there, 0, 0))
		return OK;
	r = PQexec(run->conn, "select number, name, sha256 from siso.migration order by number");
	if (!db_is_fine(r))
		return err_set(run->cx, ERR_BUG, "could not read siso.migration: %s",
			PQresultErrorField(r, PG_DIAG_SQLSTATE));
	for (int row = 0; row < PQntuples(r); row++)
		TRY(check_row(run, r, row));
	return OK;
}

static Err make_table(Run *run)
{
	return command(run->cx, run->conn,
		"begin; create schema if not exists siso; create table if not exists "
		"siso.migration ("
		"number int primary key, name text not null, sha256 text not null,"
		" ran_at timestamptz not null default now(), took_ms bigint not null);"
		" revoke all on siso.migration from public; commit");
}

static Err note_done(Run *run, const Migration *migration, int64_t from_us)
{
	const char *param[] = { arena_printf(run->cx->mem, "%d", migration->number),
		migration->name, migration->sha256,
		arena_printf(run->cx->mem, "%" PRId64, (time_now_us() - from_us) / 1000) };
	PGresult *r CLEANUP(clear) = PQexecParams(run->conn,
		"insert into siso.migration (number, name, sha256, took_ms) values ($1, $2, $3, "
		"$4)",
		4, NULL, param, NULL, NULL, 0);

	return db_is_fine(r) ? OK : refuse(run, migration, 1, "", r);
}

/* ---- running one ---- */

/* Is the error a lock that was not to be had? Then the migration is tried again. */
static bool must_wait(const PGresult *r)
{
	return is_state(r, "55P03") || is_state(r, "40P01");
}

static Err run_in_transaction(Run *run, const Migration *migration, bool *ret_wait)
{
	int64_t from_us = time_now_us();
	PGresult *r CLEANUP(clear) = NULL;

	TRY(command(run->cx, run->conn, "begin"));
	r = PQexec(run->conn, migration->text);
	*ret_wait = must_wait(r);
	if (!db_is_fine(r))
		return refuse(run, migration, 1, migration->text, r);
	if (PQtransactionStatus(run->conn) != PQTRANS_INTRANS)
		return err_set(run->cx, ERR_BUG, "%s: a migration may not commit", migration->file);
	TRY(note_done(run, migration, from_us));
	return command(run->cx, run->conn, "commit");
}

/* Length of the first statement of text, with its semicolon; quotes and comments are respected. */
static size_t statement_length(const char *text)
{
	const char *at = text;

	while (*at && *at != ';') {
		const char *end = NULL;

		if (*at == '\'' || *at == '"') {
			end = strchr(at + 1, *at);
		} else if (!strncmp(at, "--", 2)) {
			end = strchr(at, '\n');
		} else if (!strncmp(at, "/*", 2)) {
			end = strstr(at, "*/");
		} else if (*at == '$') {
			size_t tag = 1 + strcspn(at + 1, "$ \n;");
			char mark[66];

			snprintf(mark, sizeof mark, "%.*s", (int)tag + 1, at);
			end = at[tag] == '$' && tag < 64 ? strstr(at + tag + 1, mark) : at;
			end = end && at[tag] == '$' ? end + tag : end;
		} else {
			end = at;
		}
		at = end ? end + 1 : at + strlen(at);
	}
	return (size_t)(at - text) + (*at == ';');
}

static Err run_statements(Run *run, const Migration *migration, bool *ret_wait)
{
	int64_t from_us = time_now_us();
	const char *at = migration->text;
	int line = 1;

	while (*at) {
		size_t length = statement_length(at);
		char *statement = arena_copy(run->cx->mem, at, length);
		PGresult *r CLEANUP(clear) = PQexec(run->conn, statement);

		*ret_wait = must_wait(r);
		if (!db_is_fine(r) && PQresultStatus(r) != PGRES_EMPTY_QUERY)
			return refuse(run, migration, line, statement, r);
		for (const char *c = statement; *c; c++)
			line += *c == '\n';
		at += length;
	}
	return note_done(run, migration, from_us);
}

/* `-- no transaction` among the comment lines that the file begins with. */
static bool wants_no_transaction(const char *text)
{
	Str rest = str_of(text), line;

	while (str_cut(&rest, '\n', &line)) {
		line = str_trim(line);
		if (str_is(line, "-- no transaction"))
			return true;
		if (line.len && (line.len < 2 || memcmp(line.ptr, "--", 2) != 0))
			return false;
	}
	return false;
}

static void report(const Run *run, const Migration *migration, bool waiting)
{
	if (run->watch && run->watch->report)
		run->watch->report(
			run->watch->arg, migration, run->done_count, run->count, waiting);
}

static Err run_one(Run *run, const Migration *migration)
{
	int64_t from = time_now_us(), delay_ms = 100;
	bool wait = false;
	Err err;

	report(run, migration, false);
	for (;;) {
		if (wants_no_transaction(migration->text))
			err = run_statements(run, migration, &wait);
		else
			err = run_in_transaction(run, migration, &wait);
		if (PQtransactionStatus(run->conn) != PQTRANS_IDLE)
			PQclear(PQexec(run->conn, "rollback"));
		if (err == OK || !wait)
			return err;
		if (time_now_us() - from > RETRY_S * INT64_C(1000000))
			return err_set(run->cx, ERR_UNAVAILABLE,
				"%s waited %d s for a lock in vain", migration->file, RETRY_S);
		report(run, migration, true);
		sleep_ms(delay_ms);
		delay_ms = delay_ms < 5000 ? delay_ms * 2 : 5000;
	}
}

/* What must hold for every table is put right by a procedure of migration 0002. */
static Err put_right(Run *run)
{
	PGresult *there CLEANUP(clear) =
		PQexec(run->conn, "select to_regprocedure('siso.after_migrations()')");

	if (!db_is_fine(there) || PQgetisnull(there, 0, 0))
		return OK;
	return command(run->cx, run->conn, "call siso.after_migrations()");
}

static Err run_all(Run *run)
{
	size_t before;

	TRY(lock(run));
	TRY(make_table(run));
	TRY(read_done(run));
	before = run->done_count;
	for (size_t i = 0; i < run->count; i++) {
		if (run->done[i])
			continue;
		TRY(run_one(run, &run->list[i]));
		run->done_count++;
	}
	return run->done_count > before ? put_right(run) : OK;
}

Err migrate_run(Ctx *cx, const char *owner_conninfo, const Migration *list, size_t count,
	const MigrateWatch *watch)
{
	PGconn *conn CLEANUP(finish) = NULL;

	TRY(open_plain(cx, owner_conninfo, NULL, &conn));
	return run_all(
		&(Run){ .cx = cx, .conn = conn, .list = list, .count = count, .watch = watch });
}

Err migrate_pending(Ctx *cx, const char *owner_conninfo, const Migration *list, size_t count,
	size_t *ret_pending)
{
	PGconn *conn CLEANUP(finish) = NULL;
	Run run = { .cx = cx, .list = list, .count = count };

	TRY(open_plain(cx, owner_conninfo, NULL, &conn));
	run.conn = conn;
	TRY(read_done(&run));
	*ret_pending = count - run.done_count;
	return OK;
}

/* ---- roles and the database ---- */

static Err make_database(Ctx *cx, PGconn *conn, const char *database)
{
	char *name = PQescapeIdentifier(conn, database, strlen(database));
	const char *const param[] = { database };
	/* asked first, so that the server's log has no error in it each time */
	PGresult *there CLEANUP(clear) = PQexecParams(
		conn, "select from pg_database where datname = $1", 1, NULL, param, NULL, NULL, 0);
	PGresult *r CLEANUP(clear) =
		PQntuples(there) > 0 ? NULL
				     : PQexec(conn, arena_printf(cx->mem,
							    "create database %s owner siso_owner "
							    "template template0 encoding 'UTF8'",
							    name));

	PQfreemem(name);
	if (PQntuples(there) > 0 || db_is_fine(r) || is_state(r, "42P04")) /* made meanwhile */
		return OK;
	return err_set(cx, ERR_BUG, "could not make database %s: %s", database,
		PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY));
}

Err migrate_prepare(Ctx *cx, const char *admin_conninfo, const char *database)
{
	PGconn *admin CLEANUP(finish) = NULL, *inside CLEANUP(finish) = NULL;

	TRY(open_plain(cx, admin_conninfo, NULL, &admin));
	TRY(command(cx, admin, db_roles_sql));
	TRY(make_database(cx, admin, database));
	TRY(open_plain(cx, admin_conninfo, database, &inside));
	return command(cx, inside, db_database_sql);
}

/* Every query of the program against the real schema: it can be prepared and planned by a role that
 * may run it, and parameters and columns are what its .sql file declares. */
#include "platform/db/db_conn.h"
#include "platform/db/queries.h"
#include "test.h"
#include "test_db.h"

/* Who runs queries; most are siso_app's, and those of tables that are no company's the owner's. */
static const char *const roles[] = { "siso_app", "siso_queue", "siso_operator", "siso_owner" };

/* PostgreSQL's own numbers of types that a declared one also stands for. */
enum {
	OID_NAME = 19,
	OID_UNKNOWN = 705,
	OID_BPCHAR = 1042,
	OID_VARCHAR = 1043,
	OID_NUMERIC = 1700
};

typedef struct Session {
	const char *role;
	Db *db;
	PGconn *conn;
} Session;

static void complain(const SqlQuery *query, const char *format, ...) PRINTF(2, 3);

static void complain(const SqlQuery *query, const char *format, ...)
{
	char text[1024];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof text, format, args);
	va_end(args);
	test_fail(query->file, query->line, "query %s: %s", query->name, text);
}

static bool is_int(Oid type)
{
	return type == db_type_oid("bigint") || type == db_type_oid("int") ||
	       type == db_type_oid("smallint");
}

static bool is_text(Oid type)
{
	return type == db_type_oid("text") || type == OID_VARCHAR || type == OID_BPCHAR ||
	       type == OID_NAME;
}

/* A column's value fits the C type it is read into. */
static bool column_fits(Oid declared, Oid real)
{
	if (is_int(declared) && is_int(real))
		return declared == real || declared == db_type_oid("bigint") ||
		       real == db_type_oid("smallint");
	return declared == real || (declared == db_type_oid("text") && is_text(real));
}

/* Against what the server would make of the parameter by itself: `day >= :at` with a date for a
 * timestamptz works, and reads the whole company. Text is also its answer when it cannot know. */
static bool param_fits(Oid declared, Oid inferred)
{
	bool numeric = inferred == OID_NUMERIC || inferred == db_type_oid("double");

	return declared == inferred || inferred == OID_UNKNOWN || is_text(inferred) ||
	       (is_int(declared) && (is_int(inferred) || numeric));
}

static bool is_state(const PGresult *r, const char *state)
{
	const char *got = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	return got && !strcmp(got, state);
}

static const char *message_of(const PGresult *r)
{
	const char *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	return message ? message : "connection lost";
}

static PGresult *prepare(PGconn *conn, const SqlQuery *query, bool declared)
{
	Oid types[256] = { 0 };

	for (int i = 0; declared && i < query->param_count; i++)
		types[i] = db_type_oid(query->param[i].type);
	PQclear(PQexec(conn, "deallocate all"));
	return PQprepare(conn, "q", query->text, declared ? query->param_count : 0, types);
}

static void check_params(PGconn *conn, const SqlQuery *query)
{
	PGresult *r = prepare(conn, query, /* declared= */ false), *d;

	/* a parameter whose type the server cannot guess has only the declared one */
	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		PQclear(r);
		return;
	}
	PQclear(r);
	d = PQdescribePrepared(conn, "q");
	if (PQnparams(d) != query->param_count)
		complain(query, "takes %d parameters", PQnparams(d));
	for (int i = 0; i < query->param_count && i < PQnparams(d); i++)
		if (!param_fits(db_type_oid(query->param[i].type), PQparamtype(d, i)))
			complain(query,
				"parameter %s is declared %s, the statement compares type %u",
				query->param[i].name, query->param[i].type, PQparamtype(d, i));
	PQclear(d);
}

/* May the table's column be null, and the statement does not leave such rows out? */
static bool is_nullable(
	PGconn *conn, const SqlQuery *query, const char *name, Oid table, int column)
{
	char text[200];
	PGresult *r;
	bool nullable;

	snprintf(text, sizeof text, "%s is not null", name);
	if (strstr(query->text, text))
		return false;
	snprintf(text, sizeof text,
		"select not attnotnull from pg_attribute where attrelid = %u and attnum = %d",
		table, column);
	r = PQexec(conn, text);
	nullable = PQntuples(r) == 1 && PQgetvalue(r, 0, 0)[0] == 't';
	PQclear(r);
	return nullable;
}

/* Is the value declared here given elsewhere, where something else is declared? Names may differ (a
 * joined name is what the .sql file calls it), but two that changed places are a mistake. */
static bool is_swapped(const SqlQuery *query, const PGresult *d, int i)
{
	if (!strcmp(query->column[i].name, PQfname(d, i)))
		return false;
	for (int j = 0; j < PQnfields(d); j++)
		if (!strcmp(query->column[i].name, PQfname(d, j)) &&
			strcmp(query->column[j].name, PQfname(d, j)) != 0)
			return true;
	return false;
}

static void check_column(PGconn *conn, const SqlQuery *query, const PGresult *d, int i)
{
	const SqlColumn *column = &query->column[i];

	if (is_swapped(query, d, i))
		complain(query, "column %d is declared as %s and is called %s", i + 1, column->name,
			PQfname(d, i));
	if (!column_fits(db_type_oid(column->type), PQftype(d, i)))
		complain(query, "column %s is declared %s and is of type %u", column->name,
			column->type, PQftype(d, i));
	if (!column->nullable && PQftable(d, i) &&
		is_nullable(conn, query, PQfname(d, i), PQftable(d, i), PQftablecol(d, i)))
		complain(query,
			"column %s may be null: declare it %s?, say coalesce, or \"… is not null\"",
			column->name, column->type);
}

static void check_columns(PGconn *conn, const SqlQuery *query)
{
	PGresult *d = PQdescribePrepared(conn, "q");

	if (query->column_count && PQnfields(d) != query->column_count)
		complain(query, "returns %d columns, %d are declared", PQnfields(d),
			query->column_count);
	for (int i = 0; PQnfields(d) == query->column_count && i < query->column_count; i++)
		check_column(conn, query, d, i);
	PQclear(d);
}

/* Plan the prepared statement with the generic plan that it will have; planning also asks for
 * rights. */
static PGresult *plan(Ctx *cx, PGconn *conn, const SqlQuery *query)
{
	Buf text;

	buf_init(&text, cx->mem, 1 << 16);
	buf_puts(&text, "explain execute q");
	for (int i = 0; i < query->param_count; i++)
		buf_puts(&text, i ? ", null" : " (null");
	buf_puts(&text, query->param_count ? ")" : "");
	return PQexec(conn, buf_text(&text));
}

static void open_session(Ctx *cx, Session *session, const char *role)
{
	session->role = role;
	session->db = db_open(&(DbConfig){ test_conninfo(cx, role), "siso contract" });
	session->conn = db_native(session->db);
	PQclear(PQexec(session->conn, "set app.company_id = '1'"));
	PQclear(PQexec(session->conn, "set plan_cache_mode = force_generic_plan"));
}

static void check_query(Ctx *cx, Session *sessions, const SqlQuery *query)
{
	PGresult *r = prepare(sessions[0].conn, query, /* declared= */ true), *planned;
	const char *why = NULL;
	bool is_refused;

	if (PQresultStatus(r) != PGRES_COMMAND_OK) {
		complain(query, "%s", message_of(r));
		PQclear(r);
		return;
	}
	PQclear(r);
	check_columns(sessions[0].conn, query);
	for (size_t i = 0; i < COUNT(roles); i++) {
		r = prepare(sessions[i].conn, query, /* declared= */ true);
		planned = plan(cx, sessions[i].conn, query);
		why = PQresultStatus(planned) == PGRES_TUPLES_OK
			      ? NULL
			      : arena_dup(cx->mem, message_of(planned));
		is_refused = is_state(r, "42501") || is_state(planned, "42501");
		PQclear(r);
		PQclear(planned);
		if (!is_refused)
			break;
	}
	if (why)
		complain(query, "%s", why);
	check_params(sessions[0].conn, query);
}

TEST(every_query_fits_the_schema)
{
	Session sessions[COUNT(roles)];

	for (size_t i = 0; i < COUNT(roles); i++)
		open_session(cx, &sessions[i], roles[i]);
	CHECK(sql_query_count > 0);
	for (size_t i = 0; i < sql_query_count; i++)
		check_query(cx, sessions, &sql_queries[i]);
	for (size_t i = 0; i < COUNT(roles); i++)
		db_close(sessions[i].db);
}

/* The checks themselves must be able to fail. */
TEST(the_contract_sees_a_wrong_type_a_wrong_name_and_a_forgotten_null)
{
	CHECK(!column_fits(db_type_oid("int"), db_type_oid("bigint")));
	CHECK(column_fits(db_type_oid("bigint"), db_type_oid("int")));
	CHECK(!column_fits(db_type_oid("text"), db_type_oid("jsonb")));
	CHECK(!param_fits(db_type_oid("date"), db_type_oid("timestamptz")));
	CHECK(!param_fits(db_type_oid("text"), db_type_oid("bigint")));
	CHECK(param_fits(db_type_oid("int"), db_type_oid("bigint")));
}

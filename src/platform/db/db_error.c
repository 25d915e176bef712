/* From SQLSTATE to Err. The log gets code, query and constraint: the server's DETAIL prints the
 * row. */
#include "platform/db/db_conn.h"

static const struct {
	const char *state; /* a code, or the two letters of a class */
	Err err;
} meanings[] = {
	{ "23505", ERR_CONFLICT },    /* unique_violation */
	{ "23P01", ERR_CONFLICT },    /* exclusion_violation */
	{ "23001", ERR_CONFLICT },    /* restrict_violation */
	{ "23503", ERR_NOT_FOUND },   /* foreign_key_violation; see below */
	{ "57014", ERR_UNAVAILABLE }, /* query_canceled: statement_timeout */
	{ "55P03", ERR_UNAVAILABLE }, /* lock_not_available */
	{ "40P01", ERR_UNAVAILABLE }, /* deadlock_detected */
	{ "40001", ERR_UNAVAILABLE }, /* serialization_failure */
	{ "0A000", ERR_UNAVAILABLE }, /* cached plan must not change result type */
	{ "26000", ERR_UNAVAILABLE }, /* invalid_sql_statement_name: prepared elsewhere */
	{ "53", ERR_UNAVAILABLE },    /* insufficient resources */
	{ "57P", ERR_UNAVAILABLE },   /* operator intervention */
	{ "08", ERR_UNAVAILABLE },    /* connection exception */
};

static const char *state_of(const PGresult *r)
{
	const char *state = PQresultErrorField(r, PG_DIAG_SQLSTATE);

	return state ? state : "";
}

static bool is_error(const PGresult *r)
{
	return PQresultStatus(r) == PGRES_FATAL_ERROR;
}

bool db_is_lost(const PGresult *r)
{
	const char *state = state_of(r);

	/* without a state the error is libpq's own: the server closed the connection */
	return is_error(r) && (!*state || str_starts(state, "57P") || str_starts(state, "08") ||
				      !strcmp(state, "25P03") || !strcmp(state, "25P04"));
}

bool db_is_worn(const PGresult *r)
{
	return is_error(r) && (!strcmp(state_of(r), "0A000") || !strcmp(state_of(r), "26000"));
}

static Err meaning_of(const PGresult *r)
{
	const char *state = state_of(r), *message = PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY);

	/* one code for both ends of a foreign key: deleting what others still point at is a
	 * conflict */
	if (!strcmp(state, "23503") && message && str_starts(message, "update or delete"))
		return ERR_CONFLICT;
	for (size_t i = 0; i < COUNT(meanings); i++)
		if (str_starts(state, meanings[i].state))
			return meanings[i].err;
	return ERR_BUG;
}

Err db_error(Ctx *cx, const SqlQuery *query, const PGresult *r)
{
	const char *constraint = PQresultErrorField(r, PG_DIAG_CONSTRAINT_NAME);
	Err err = meaning_of(r);

	snprintf(cx->db->constraint, sizeof cx->db->constraint, "%s", constraint ? constraint : "");
	if (constraint)
		return err_set(cx, err, "query %s: SQLSTATE %s, constraint %s", query->name,
			state_of(r), constraint);
	return err_set(cx, err, "query %s: SQLSTATE %s", query->name, state_of(r));
}

bool db_is_fine(const PGresult *r)
{
	return PQresultStatus(r) == PGRES_TUPLES_OK || PQresultStatus(r) == PGRES_COMMAND_OK;
}

/* audit_jobs: the seal and the months. */
#include "modules/audit/audit_jobs.h"

#include "modules/audit/audit.sql.h"

enum { MONTHS_AHEAD = 3 };

Err audit_seal(Ctx *cx, const char *data)
{
	SqlAuditSeal row;

	(void)data;
	return sql_audit_seal(cx, &row);
}

Err audit_months(Ctx *cx, const char *data)
{
	SqlAuditAddMonths row;

	(void)data;
	return sql_audit_add_months(cx, MONTHS_AHEAD, &row);
}

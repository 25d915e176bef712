#include "crm_fixture.h"

#include <stdarg.h>

#include "core/random.h"
#include "modules/account/account.h"
#include "modules/audit/audit.h"
#include "modules/notice/notice.h"
#include "test.h"
#include "test_db.h"

int64_t ask(Ctx *cx, const char *format, ...)
{
	int64_t number = -1;
	va_list args;
	PGresult *r;

	va_start(args, format);
	r = PQexec(db_native(cx->db), arena_vprintf(cx->mem, format, args));
	va_end(args);
	if (PQresultStatus(r) == PGRES_TUPLES_OK && PQntuples(r) == 1)
		CHECK(PQgetisnull(r, 0, 0) || str_int64(str_of(PQgetvalue(r, 0, 0)), &number));
	else if (PQresultStatus(r) != PGRES_COMMAND_OK && PQresultStatus(r) != PGRES_TUPLES_OK)
		test_fail(__FILE__, __LINE__, "%s", PQresultErrorMessage(r));
	PQclear(r);
	return number;
}

Pipeline pipeline_of(Ctx *cx)
{
	Pipeline *list = NULL;
	size_t count = 0;

	CHECK(crm_list_pipelines(cx, &list, &count) == OK);
	return list[0];
}

int64_t member(Ctx *cx, const char *name, const char *role)
{
	UserId id = { 0 };

	CHECK(account_add_member(cx,
		      &(MemberNew){ .name = name,
			      .email = arena_printf(
				      cx->mem, "%s@exemplo.com", crypto_token(cx->mem, 8)),
			      .password = "um-segredo-bem-longo-7391",
			      .role = role },
		      &id) == OK);
	return id.v;
}

int64_t unread(Ctx *cx, int64_t user)
{
	int64_t count = -1;

	cx->user = (UserId){ user };
	CHECK(notice_count_unread(cx, &count) == OK);
	cx->user = (UserId){ 0 };
	return count;
}

int events_titled(Ctx *cx, LeadId id, const char *title)
{
	Event *event;
	size_t count;
	int n = 0;

	CHECK(audit_list_events(cx, "lead", id.v, 0, 0, 100, &event, &count) == OK);
	for (size_t i = 0; i < count; i++)
		n += !strcmp(event[i].title, title);
	return n;
}

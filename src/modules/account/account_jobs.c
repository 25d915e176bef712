/* account_jobs: the nightly sweep, and what the demonstration adds to its members. */
#include "modules/account/account_jobs.h"

#include "modules/account/account.sql.h"
#include "modules/account/account_rooms.h"

enum {
	DAY = 24 * 3600,
	KEEP_SESSIONS_S = 180 * DAY,
	KEEP_USED_S = 7 * DAY,
	KEEP_ATTEMPTS_S = 2 * DAY
};

Err account_sweep(Ctx *cx, const char *data)
{
	int64_t rows;

	(void)data;
	TRY(sql_refresh_sweep(cx, cx->now, cx->now - KEEP_USED_S, &rows));
	TRY(sql_session_sweep(cx, cx->now - KEEP_SESSIONS_S, &rows));
	/* nobody's rows: each company's sweep does it again, which costs nothing */
	return sql_account_sweep(cx, cx->now - KEEP_ATTEMPTS_S, &rows);
}

/* ---- demonstration ---- */

/* Those who sign in are made by `siso demo` (src/program/demo_logins.h). A clinic has more dentists
 * than that: these have no password, and stand in the agenda. */
static const struct {
	int64_t company;
	const char *name, *email;
} colleagues[] = {
	{ 1, "Marcelo Tavares", "marcelo@ianara.test" },
	{ 1, "Camila Brandão", "camila@ianara.test" },
	{ 2, "Diego Salles", "diego@aurora.test" },
	{ 2, "Lívia Castro", "livia@aurora.test" },
	{ 2, "Nélson Prado", "nelson@aurora.test" },
};

static Err add_colleagues(Ctx *cx)
{
	UserId user;

	for (size_t i = 0; i < COUNT(colleagues); i++)
		if (colleagues[i].company == (cx->company.v > 1 ? 2 : 1))
			TRY(account_add_member(cx,
				&(MemberNew){ .name = colleagues[i].name,
					.email = colleagues[i].email,
					.role = "dentist" },
				&user));
	return OK;
}

/* Dentists get their number at the council. */
Err account_demo(Ctx *cx)
{
	static const char *const cro[] = { "SP 48211", "SP 91734", "SP 60358", "SP 73920" };
	size_t count, n = 0;
	Member *member;

	TRY(add_colleagues(cx));
	TRY(account_list_members(cx, /* role= */ NULL, &member, &count));
	for (size_t i = 0; i < count && n < COUNT(cro); i++) {
		bool dentist = strcmp(member[i].role, "dentist") == 0 ||
			       strcmp(member[i].role, "owner") == 0;
		Member now;
		int64_t version, rows;

		if (!dentist || member[i].cro)
			continue;
		TRY(member_get(cx, member[i].user, &now, &version));
		TRY(sql_member_save(
			cx, now.user, now.role, cro[n++], now.active, (int32_t)version, &rows));
	}
	return OK;
}

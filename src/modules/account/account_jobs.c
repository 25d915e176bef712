/* account_jobs: the nightly sweep, and the people of the demonstration. */
#include "modules/account/account_jobs.h"

#include "core/str.h"
#include "modules/account/account.h"
#include "modules/account/account.sql.h"
#include "modules/company/company.h"

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

#define PASSWORD "sorriso-aberto-2026"

typedef struct Person {
	const char *site; /* first label of the company's host */
	const char *email, *name, *role, *cro;
} Person;

/* As `siso up` prints them (src/program/demo_logins.h): a test compares. */
static const Person people[] = {
	{"ianara",  "dona@ianara.test",       "Ianara Pinho",    "owner",     "SP 48211"},
	{ "ianara", "gerente@ianara.test",    "Renata Sales",    "manager",   NULL      },
	{ "ianara", "dentista@ianara.test",   "Caio Freire",     "dentist",   "SP 91734"},
	{ "ianara", "recepcao@ianara.test",   "Jéssica Lima",   "reception", NULL      },
	{ "ianara", "financeiro@ianara.test", "Paulo Brandão",  "finance",   NULL      },
	{ "ianara", "auxiliar@ianara.test",   "Bruna Rocha",     "assistant", NULL      },
	{ "aurora", "dona@aurora.test",       "Aurora Meireles", "owner",     "RJ 20456"},
	{ "aurora", "recepcao@aurora.test",   "Tiago Nunes",     "reception", NULL      },
};

static bool is_of_site(const char *base_url, const char *site)
{
	const char *host = strstr(base_url, "://");
	size_t size = strlen(site);

	host = host ? host + 3 : base_url;
	return strncmp(host, site, size) == 0 && host[size] == '.';
}

static Err add_person(Ctx *cx, const Person *person)
{
	SqlMemberByEmail known;
	int64_t rows;
	UserId user;
	bool found;

	TRY(sql_member_by_email(cx, person->email, &known, &found));
	if (found)
		return OK;
	TRY(account_add_member(cx,
		&(MemberNew){ .name = person->name,
			.email = person->email,
			.password = PASSWORD,
			.role = person->role },
		&user));
	if (!person->cro)
		return OK;
	return sql_member_save(cx, user.v, person->role, person->cro, /* active= */ true,
		/* version= */ 1, &rows);
}

Err account_demo(Ctx *cx)
{
	const char *base;

	TRY(company_base_url(cx, &base));
	for (size_t i = 0; i < COUNT(people); i++)
		if (is_of_site(base, people[i].site))
			TRY(add_person(cx, &people[i]));
	return OK;
}

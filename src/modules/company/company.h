/* company: the clinics that share this installation: name, brand, hosts, branches, plan and limits.
 * Owns the schema company. The catalogue (company.company) is the one table without company_id: its
 * id is the company. */
#ifndef COMPANY_COMPANY_H
#define COMPANY_COMPANY_H

#include "modules/module.h"

extern const Module company_module;

typedef struct BranchId {
	int64_t v;
} BranchId;

typedef struct Company {
	int64_t id;
	const char *name, *short_name, *legal_name, *cnpj, *email, *phone, *zone, *status;
	int hue, chroma, lightness, radius; /* theme; units in 0005_company.sql */
	const char *logo, *favicon;         /* file hashes, NULL: initials */
	const char *plan, *features;
	int users_max, messages_max;
	int64_t storage_max;
	int64_t version, auth_version;
} Company;

typedef struct Branch {
	int64_t id;
	const char *name, *zone, *phone, *cep, *street, *number, *complement, *district, *city, *uf;
	bool active;
	int version;
} Branch;

/* cx->company itself. */
MUST_CHECK Err company_get(Ctx *cx, Company *ret);

/* ---- what the router asks; answered from a cache in the process ---- */

/* The site of a host (lower case, without port). ERR_NOT_FOUND: nobody's. Knows a change made by
 * any process within a second (company_watch). */
MUST_CHECK Err company_site_of_host(Ctx *cx, const char *host, Site *ret);
/* The auth_version that tokens of a company must carry. */
int64_t company_auth_version(CompanyId id);
/* Poll the versions once (main calls it each second from its own thread and connection). */
MUST_CHECK Err company_watch(Ctx *cx);
/* Raise auth_version: every token of cx->company must be refreshed, from the commit on. */
MUST_CHECK Err company_touch_auth(Ctx *cx);
/* Raise version: caches and /theme.css?v= of cx->company are made anew. */
MUST_CHECK Err company_touch(Ctx *cx);

/* Companies whose schedules run, with their zones; for the worker, which has no company. */
typedef struct CompanyZone {
	int64_t id;
	const char *zone;
} CompanyZone;
MUST_CHECK Err company_list_active(Ctx *cx, CompanyZone **ret, size_t *ret_count);

/* ---- plan limits ---- */

typedef struct CompanyPlan {
	const char *name;
	int users_max, messages_max; /* messages: a month */
	int64_t storage_max;         /* bytes */
	const char *features;        /* modules, as in modules.def */
} CompanyPlan;
enum { COMPANY_PLANS = 3 };
extern const CompanyPlan company_plans[COMPANY_PLANS];
/* Give cx->company this plan: limits and modules, from the next second on. Who has more than it
 * allows keeps it and can add no more. Audited. ERR_INVALID: no such plan; the sentence lists them.
 */
MUST_CHECK Err company_set_plan(Ctx *cx, const char *name);

typedef enum Limit { LIMIT_USERS, LIMIT_STORAGE, LIMIT_MESSAGES, LIMIT_EMAILS } Limit;

/* Users: may there be `more` in all? Storage: may `more` bytes join those that are stored (0: may
 * what is stored stay)? Messages and e-mails: may `more` be sent?
 * ERR_LIMIT with a sentence that names the limit and the way out. For messages and e-mails the use
 * of the month is counted up in the same statement. */
MUST_CHECK Err company_spend(Ctx *cx, Limit limit, int64_t more);

/* The branches of cx->company, active first. */
MUST_CHECK Err company_list_branches(Ctx *cx, Branch **ret, size_t *ret_count);
/* The same in two halves, for one round trip together with the asker's own queries. */
MUST_CHECK Err company_branches_ask(Ctx *cx);
MUST_CHECK Err company_branches_read(Ctx *cx, Branch **ret, size_t *ret_count);
/* "https://host" of the main domain, for links in messages; the port too in development. */
MUST_CHECK Err company_base_url(Ctx *cx, const char **ret);

/* Every host of every company, for certificates. Runs as the owner (`siso company hosts`). */
MUST_CHECK Err company_list_hosts(Ctx *cx, const char ***ret, size_t *ret_count);

/* Create a company with its main host and one branch. Runs as the owner or operator (`siso company
 * create`, demo). ERR_CONFLICT: the host is taken. */
typedef struct CompanyNew {
	const char *name, *short_name, *host, *zone;
	int hue, chroma, lightness;
} CompanyNew;
MUST_CHECK Err company_create(Ctx *cx, const CompanyNew *in, CompanyId *ret);

#endif

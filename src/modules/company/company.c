/* Companies: the service. Rules of plans and limits, and the caches' filling. */
#include "modules/company/company.h"

#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/company/cache.h"
#include "modules/company/company.sql.h"
#include "platform/db/db.h"
#include "platform/storage/storage.h"

Err company_get(Ctx *cx, Company *ret)
{
	SqlCompanyOwn row;

	TRY(sql_company_own(cx, &row));
	*ret = (Company){
		.id = row.id,
		.name = row.name,
		.short_name = row.short_name,
		.legal_name = row.legal_name,
		.cnpj = row.cnpj,
		.email = row.email,
		.phone = row.phone,
		.zone = row.zone,
		.status = row.status,
		.hue = row.hue,
		.chroma = row.chroma,
		.lightness = row.lightness,
		.radius = row.radius,
		.logo = row.logo,
		.favicon = row.favicon,
		.plan = row.plan,
		.features = row.features,
		.users_max = row.users_max,
		.messages_max = row.messages_max,
		.storage_max = row.storage_max,
		.version = row.version,
		.auth_version = row.auth_version,
	};
	return OK;
}

/* ---- the router's questions ---- */

static Err load_site(Ctx *cx, const char *host, Site *ret)
{
	SqlCompanyIdOfHost found;
	Company company;
	bool any;

	db_begin(cx, /* read_only= */ true, /* timeout_ms= */ 2000);
	TRY(sql_company_id_of_host(cx, host, &found, &any));
	db_rollback(cx);
	if (!any || found.id_null)
		return err_set(cx, ERR_NOT_FOUND, "no company has this host");

	cx->company = (CompanyId){ found.id };
	db_begin(cx, /* read_only= */ true, /* timeout_ms= */ 2000);
	TRY(company_get(cx, &company));
	*ret = (Site){
		.id = cx->company,
		.version = company.version,
		.name = company.name,
		.short_name = company.short_name ? company.short_name : company.name,
		.host = host,
		.zone = company.zone,
		.logo = company.logo,
		.favicon = company.favicon,
		.lapsed = !strcmp(company.status, "lapsed"),
		.features = arena_printf(cx->mem, " %s ", company.features),
	};
	cache_put_site(ret, host, company.auth_version);
	return OK;
}

Err company_site_of_host(Ctx *cx, const char *host, Site *ret)
{
	Err err;

	if (cache_get_site(cx->mem, host, ret))
		return OK;
	err = load_site(cx, host, ret);
	db_rollback(cx);
	cx->company = (CompanyId){ 0 };
	return err;
}

int64_t company_auth_version(CompanyId id)
{
	return cache_auth_version(id.v);
}

Err company_watch(Ctx *cx)
{
	SqlCompanyVersions *row;
	size_t count;

	TRY(sql_company_versions(cx, &row, &count));
	for (size_t i = 0; i < count; i++)
		cache_note_version(row[i].id, row[i].version, row[i].auth_version);
	return OK;
}

Err company_list_active(Ctx *cx, CompanyZone **ret, size_t *ret_count)
{
	SqlCompanyActive *row;
	size_t count;

	TRY(sql_company_active(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, CompanyZone, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = (CompanyZone){ row[i].id, row[i].zone };
	*ret_count = count;
	return OK;
}

/* This process shall not wait for its own watch. */
static void forget(void *company)
{
	cache_drop_company(((CompanyId *)company)->v);
}

static void forget_after_commit(Ctx *cx)
{
	CompanyId *id = NEW(cx->mem, CompanyId);

	*id = cx->company;
	db_after_commit(cx, forget, id);
}

Err company_touch(Ctx *cx)
{
	int64_t rows;

	TRY(sql_company_touch(cx, &rows));
	forget_after_commit(cx);
	return OK;
}

Err company_touch_auth(Ctx *cx)
{
	int64_t rows;

	TRY(sql_company_touch_auth(cx, &rows));
	forget_after_commit(cx);
	return OK;
}

/* ---- plan limits ---- */

static Err spend_month(Ctx *cx, const char *kind, int64_t more, int64_t most, const char *sentence)
{
	int64_t rows;

	TRY(sql_company_spend_month(cx, kind, more, most, &rows));
	if (!rows)
		return err_tell(
			cx, ERR_LIMIT, sentence, "%s limit %" PRId64 " reached", kind, most);
	return OK;
}

/* E-mails are cheap: they only need a fuse against a loop. */
enum { EMAILS_A_MONTH = 100000 };

Err company_spend(Ctx *cx, Limit limit, int64_t more)
{
	Company company;

	TRY(company_get(cx, &company));
	switch (limit) {
	case LIMIT_USERS:
		if (more <= company.users_max)
			return OK;
		return err_tell(cx, ERR_LIMIT,
			arena_printf(cx->mem,
				"O plano %s permite %d usuários ativos. Desative alguém ou mude de "
				"plano em Configurações, Plano.",
				company.plan, company.users_max),
			"users limit %d", company.users_max);
	case LIMIT_STORAGE:
		return storage_check_quota(cx, more, company.storage_max);
	case LIMIT_MESSAGES:
		return spend_month(cx, "message", more, company.messages_max,
			"As mensagens do mês acabaram. Mude de plano em Configurações, Plano, ou "
			"espere o próximo mês.");
	case LIMIT_EMAILS:
		return spend_month(cx, "email", more, EMAILS_A_MONTH,
			"Muitos e-mails neste mês. Fale com o suporte.");
	}
	return err_set(cx, ERR_BUG, "unknown limit %d", (int)limit);
}

Err company_branches_ask(Ctx *cx)
{
	return sql_company_branches_send(cx);
}

Err company_list_branches(Ctx *cx, Branch **ret, size_t *ret_count)
{
	TRY(company_branches_ask(cx));
	return company_branches_read(cx, ret, ret_count);
}

Err company_branches_read(Ctx *cx, Branch **ret, size_t *ret_count)
{
	SqlCompanyBranches *row;
	size_t count;

	TRY(sql_company_branches_read(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, Branch, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = (Branch){ row[i].id, row[i].name, row[i].zone, row[i].phone, row[i].cep,
			row[i].street, row[i].number, row[i].complement, row[i].district,
			row[i].city, row[i].uf, row[i].active, row[i].version };
	*ret_count = count;
	return OK;
}

Err company_base_url(Ctx *cx, const char **ret)
{
	const char *port = getenv("SISO_PUBLIC_PORT");
	SqlCompanyMainHost row;
	bool found;

	TRY(sql_company_main_host(cx, &row, &found));
	if (!found)
		return err_set(cx, ERR_BUG, "company %" PRId64 " has no main host", cx->company.v);
	*ret = port ? arena_printf(cx->mem, "http://%s:%s", row.host, port)
		    : arena_printf(cx->mem, "https://%s", row.host);
	return OK;
}

Err company_list_hosts(Ctx *cx, const char ***ret, size_t *ret_count)
{
	SqlCompanyAllHosts *row;
	size_t count;

	TRY(sql_company_all_hosts(cx, &row, &count));
	*ret = NEW_ARRAY(cx->mem, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = row[i].host;
	*ret_count = count;
	return OK;
}

Err company_create(Ctx *cx, const CompanyNew *in, CompanyId *ret)
{
	SqlCompanyInsert row;
	int64_t rows;

	TRY(sql_company_insert(
		cx, in->name, in->short_name, in->zone, in->hue, in->chroma, in->lightness, &row));
	cx->company = (CompanyId){ row.id };
	TRY(sql_company_add_domain(cx, in->host, /* main= */ true, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Este domínio já está em uso.", "host is taken");
	TRY(sql_company_insert_branch(cx, "Unidade Centro", in->zone, &rows));
	*ret = cx->company;
	return OK;
}

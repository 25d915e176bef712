/* The plans that a clinic can have. Their numbers are copied into its row when one is chosen, so a
 * change here changes no clinic that has chosen before. */
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "modules/company/company.sql.h"

#define GIB ((int64_t)1 << 30)

const CompanyPlan company_plans[COMPANY_PLANS] = {
	{ "essencial", 5, 1000, 10 * GIB, "crm patient agenda" },
	{ "clinico", 15, 4000, 30 * GIB, "crm patient agenda treatment document" },
	{ "completo", 50, 10000, 50 * GIB,
		"crm patient agenda treatment finance stock message document report" },
};

static const CompanyPlan *plan_named(const char *name)
{
	for (size_t i = 0; i < COMPANY_PLANS; i++)
		if (!strcmp(company_plans[i].name, name))
			return &company_plans[i];
	return NULL;
}

static Err no_such_plan(Ctx *cx, const char *name)
{
	Buf list;

	buf_init(&list, cx->mem, 400);
	for (size_t i = 0; i < COMPANY_PLANS; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", company_plans[i].name);
	return err_tell(cx, ERR_INVALID,
		arena_printf(
			cx->mem, "Não há plano \"%s\". Os planos são: %s.", name, buf_text(&list)),
		"no such plan");
}

Err company_set_plan(Ctx *cx, const char *name)
{
	const CompanyPlan *plan = plan_named(name);
	Company before;
	int64_t rows;
	Diff diff;

	if (!plan)
		return no_such_plan(cx, name);
	TRY(company_get(cx, &before));
	diff_begin(&diff, cx->mem);
	diff_text(&diff, "plan", before.plan, plan->name);
	diff_int(&diff, "users_max", before.users_max, plan->users_max);
	diff_int(&diff, "messages_max", before.messages_max, plan->messages_max);
	diff_int(&diff, "storage_max", before.storage_max, plan->storage_max);
	diff_text(&diff, "features", before.features, plan->features);
	if (!diff.count)
		return OK;
	TRY(sql_company_save_plan(cx, plan->name, plan->users_max, plan->storage_max,
		plan->messages_max, plan->features, &rows));
	return audit_add_change(cx, &(Change){ .action = "company.plan",
					    .subject = "company",
					    .subject_id = cx->company.v,
					    .diff = diff_done(&diff) });
}

/* Who else a lead may be, and making one of two. */
#include "core/br.h"
#include "modules/audit/audit.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"

enum { TWINS_MAX = 10 };

static bool known(const Twin *twin, size_t count, const char *kind, int64_t id)
{
	for (size_t i = 0; i < count; i++)
		if (twin[i].id == id && !strcmp(twin[i].kind, kind))
			return true;
	return false;
}

Err crm_find_twins(Ctx *cx, const char *phone, const char *email, const char *cpf, int64_t except,
	Twin **ret, size_t *ret_count)
{
	const char *key = phone ? phone_key(cx->mem, phone) : NULL;
	Twin *twin = NEW_ARRAY(cx->mem, Twin, TWINS_MAX);
	size_t count = 0, row_count, patient_count;
	PatientTwin *patient;
	SqlCrmLeadTwins *row;

	TRY(patient_find_twins(cx, phone, email, cpf, &patient, &patient_count));
	for (size_t i = 0; i < patient_count && count < TWINS_MAX / 2; i++)
		twin[count++] = (Twin){ "patient", patient[i].id, patient[i].name, patient[i].phone,
			patient[i].email, patient[i].why, NULL };
	TRY(sql_crm_lead_twins(cx, key, email, cpf, except, &row, &row_count));
	for (size_t i = 0; i < row_count && count < TWINS_MAX; i++)
		if (!known(twin, count, "lead", row[i].id))
			twin[count++] = (Twin){ "lead", row[i].id, row[i].name, row[i].phone,
				row[i].email, row[i].why, row[i].status };
	*ret = twin;
	*ret_count = count;
	return OK;
}

Err crm_merge_leads(Ctx *cx, LeadId kept, LeadId gone)
{
	SqlCrmLockLead a, b;
	int64_t rows;

	if (kept.v == gone.v)
		return err_tell(cx, ERR_INVALID, "Escolha dois leads diferentes.",
			"lead %" PRId64 " with itself", kept.v);
	/* in id order: two people merging the same pair the other way round must not deadlock */
	TRY(sql_crm_lock_lead(cx, kept.v < gone.v ? kept.v : gone.v, &a));
	TRY(sql_crm_lock_lead(cx, kept.v < gone.v ? gone.v : kept.v, &b));
	if (a.merged_into || b.merged_into)
		return err_tell(cx, ERR_CONFLICT, "Um dos dois já foi unido a outro lead.",
			"lead %" PRId64 " or %" PRId64 " is merged already", kept.v, gone.v);
	TRY(sql_crm_merge_into(cx, kept.v, gone.v, &rows));
	TRY(sql_crm_mark_merged(cx, kept.v, gone.v, &rows));
	TRY(sql_crm_carry_tasks(cx, kept.v, gone.v, &rows));
	TRY(task_refresh_next(cx, kept.v));
	TRY(audit_join_events(cx, "lead", gone.v, "lead", kept.v));
	TRY(audit_add_change(cx,
		&(Change){ .action = "lead.merge",
			.subject = "lead",
			.subject_id = kept.v,
			.diff = arena_printf(cx->mem, "{\"gone\":[null,%" PRId64 "]}", gone.v) }));
	TRY(lead_event(cx, kept, "lead.merged", "Unido a outro cadastro da mesma pessoa", NULL));
	return lead_tell(cx, kept, "lead.merged");
}

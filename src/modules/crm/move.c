/* Where a lead goes: through the stages, lost, reopened, converted into a patient. */
#include "modules/audit/audit.h"
#include "modules/crm/crm.sql.h"
#include "modules/crm/crm_rooms.h"

/* The rank that puts a lead before another in a column, at its end (0) or its top (-1). */
static Err rank_for(Ctx *cx, int64_t stage, int64_t before, int64_t *ret)
{
	SqlCrmRanksBefore around;
	SqlCrmRankEnds ends;
	int64_t rows;
	Err err;

	for (int round = 0; before > 0 && round < 2; round++) {
		err = sql_crm_ranks_before(cx, stage, before, &around);
		if (err == ERR_NOT_FOUND)
			break; /* it has left the column meanwhile: to the end */
		TRY(err);
		if (around.prev_null) {
			*ret = around.rank - 1024;
			return OK;
		}
		if (around.rank - around.prev >= 2) {
			*ret = around.prev + (around.rank - around.prev) / 2;
			return OK;
		}
		TRY(sql_crm_spread_ranks(cx, stage, &rows));
	}
	TRY(sql_crm_rank_ends(cx, stage, &ends));
	*ret = before < 0 ? ends.first - 1024 : ends.last + 1024;
	return OK;
}

static Err note_move(
	Ctx *cx, LeadId id, const SqlCrmLockLead *old, int64_t stage, const char *status)
{
	int64_t seconds = cx->now > old->stage_since ? cx->now - old->stage_since : 0, rows;

	TRY(sql_crm_insert_move(cx,
		&(SqlCrmInsertMoveIn){ .lead_id = id.v,
			.from_stage = &old->stage_id,
			.to_stage = stage,
			.from_status = old->status,
			.to_status = status,
			.seconds = seconds,
			.user_id = db_id_or_null(&cx->user.v),
			.at = cx->now },
		&rows));
	return audit_add_change(cx,
		&(Change){ .action = "lead.move",
			.subject = "lead",
			.subject_id = id.v,
			.diff = arena_printf(cx->mem, "{\"stage_id\":[%" PRId64 ",%" PRId64 "]}",
				old->stage_id, stage) });
}

static Err lock_lead(Ctx *cx, LeadId id, SqlCrmLockLead *ret)
{
	TRY(sql_crm_lock_lead(cx, id.v, ret));
	if (ret->merged_into)
		return err_tell(cx, ERR_CONFLICT, "Este lead foi unido a outro. Abra o outro.",
			"lead %" PRId64 " was merged into %" PRId64, id.v, ret->merged_into);
	return OK;
}

/* The title of the timeline's entry for a move. */
static Err move_title(Ctx *cx, const SqlCrmLockLead *old, const char *to, const char **ret)
{
	SqlCrmStage from;
	Err err = sql_crm_stage(cx, old->stage_id, &from);

	if (err == ERR_NOT_FOUND)
		from.name = "etapa removida";
	else
		TRY(err);
	*ret = arena_printf(cx->mem, "Etapa mudou de %s para %s", from.name, to);
	return OK;
}

Err lead_put(Ctx *cx, LeadId id, int64_t stage, int64_t before, bool *ret_entered)
{
	SqlCrmLockLead old;
	SqlCrmStage to;
	int64_t rank, rows;
	const char *title, *status;
	bool same;

	TRY(lock_lead(cx, id, &old));
	TRY(sql_crm_stage(cx, stage, &to));
	status = !strcmp(to.kind, "won") ? "won" : "open";
	same = old.stage_id == stage && !strcmp(old.status, status);
	TRY(rank_for(cx, stage, before == id.v ? 0 : before, &rank));
	TRY(sql_crm_set_stage(cx, id.v, to.pipeline_id, stage, status, rank, same, &rows));
	if (!same) {
		TRY(note_move(cx, id, &old, stage, status));
		TRY(move_title(cx, &old, to.name, &title));
		TRY(lead_event(cx, id, "lead.stage", title, NULL));
	}
	*ret_entered = !same;
	return OK;
}

Err crm_lose_lead(Ctx *cx, LeadId id, int64_t reason, const char *note)
{
	SqlCrmLossReason why;
	SqlCrmLockLead old;
	int64_t rows;
	Err err;

	TRY(lock_lead(cx, id, &old));
	err = sql_crm_loss_reason(cx, reason, &why);
	if (err == ERR_NOT_FOUND)
		return err_field(cx, "loss_reason_id", "Escolha o motivo da perda.");
	TRY(err);
	TRY(sql_crm_lose(cx, id.v, reason, note, &rows));
	TRY(note_move(cx, id, &old, old.stage_id, "lost"));
	TRY(lead_event(cx, id, "lead.lost", arena_printf(cx->mem, "Perdido: %s", why.name), note));
	return lead_tell(cx, id, "lead.lost");
}

Err crm_reopen_lead(Ctx *cx, LeadId id)
{
	SqlCrmLastOpenStage last;
	SqlCrmFirstStage first;
	SqlCrmLockLead old;
	SqlCrmStage stage;
	int64_t to, rank, rows;
	bool found;

	TRY(lock_lead(cx, id, &old));
	if (!strcmp(old.status, "open"))
		return OK;
	TRY(sql_crm_last_open_stage(cx, id.v, &last, &found));
	to = last.stage_id;
	if (!found) {
		TRY(sql_crm_first_stage(cx, &first));
		to = first.id;
	}
	TRY(sql_crm_stage(cx, to, &stage));
	TRY(rank_for(cx, to, /* before= */ -1, &rank));
	TRY(sql_crm_set_stage(cx, id.v, stage.pipeline_id, to, "open", rank, false, &rows));
	TRY(note_move(cx, id, &old, to, "open"));
	TRY(lead_event(cx, id, "lead.reopened", arena_printf(cx->mem, "Reaberto em %s", stage.name),
		NULL));
	return lead_tell(cx, id, "lead.reopened");
}

/* ---- conversion ---- */

static Err win(Ctx *cx, LeadId id, const SqlCrmLockLead *old)
{
	SqlCrmWonStage won;
	int64_t to = old->stage_id, rank = old->rank, rows;
	bool found;

	if (!strcmp(old->status, "won"))
		return OK;
	TRY(sql_crm_won_stage(cx, old->pipeline_id, &won, &found));
	if (found) {
		to = won.id;
		TRY(rank_for(cx, to, /* before= */ -1, &rank));
	}
	TRY(sql_crm_set_stage(
		cx, id.v, old->pipeline_id, to, "won", rank, to == old->stage_id, &rows));
	return note_move(cx, id, old, to, "won");
}

static Err patient_from(Ctx *cx, LeadId id, PatientId *ret)
{
	Lead lead;

	TRY(crm_get_lead(cx, id, &lead));
	return patient_register(cx,
		&(PatientForm){ .name = lead.name,
			.cpf = lead.cpf,
			.phone = lead.phone,
			.phone2 = lead.phone2,
			.email = lead.email,
			.birth = DATE_NONE,
			.consent = lead.consent },
		lead.source, id.v, ret);
}

Err crm_convert_lead(Ctx *cx, LeadId id, int64_t patient, PatientId *ret)
{
	SqlCrmLockLead old;
	Patient known;
	PatientId who = { patient };
	int64_t rows;

	TRY(lock_lead(cx, id, &old));
	if (old.patient_id) { /* a second press of the button */
		*ret = (PatientId){ old.patient_id };
		return OK;
	}
	if (patient)
		TRY(patient_get(cx, who, &known));
	else
		TRY(patient_from(cx, id, &who));
	TRY(win(cx, id, &old));
	TRY(sql_crm_set_patient(cx, id.v, who.v, &rows));
	TRY(audit_join_events(cx, "lead", id.v, "patient", who.v));
	TRY(audit_add_change(cx, &(Change){ .action = "lead.convert",
					 .subject = "lead",
					 .subject_id = id.v,
					 .diff = arena_printf(cx->mem,
						 "{\"patient_id\":[null,%" PRId64 "]}", who.v) }));
	TRY(lead_event(cx, id, "lead.converted",
		patient ? "Convertido: ligado a um paciente que já existia"
			: "Convertido em paciente",
		NULL));
	TRY(lead_tell(cx, id, "lead.converted"));
	*ret = who;
	return OK;
}

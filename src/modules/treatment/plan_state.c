/* The way of a plan: made, active, discounted, approved, refused, called off, open again. */
#include "modules/treatment/plan.h"
#include "core/money.h"
#include "modules/account/account.h"
#include "modules/treatment/plan.sql.h"

Err plan_note(Ctx *cx, int64_t plan, int64_t patient, const char *action, const char *title,
	const char *body)
{
	const Change change = {
		.action = action, .subject = "plan", .subject_id = plan, .reason = body
	};

	return treatment_record(cx, patient, &change, title, body);
}

Err plan_hold(Ctx *cx, int64_t id, SqlPlanLock *ret)
{
	TRY(sql_plan_lock(cx, id, ret));
	return treatment_writable(
		cx, &(PatientHead){ .id = ret->patient_id, .restricted = ret->restricted });
}

static Err refuse(Ctx *cx, const char *sentence)
{
	return err_tell(cx, ERR_CONFLICT, sentence, "the plan's state does not allow it");
}

/* ---- made and named ---- */

static Err copy_lines(Ctx *cx, int64_t to, const PlanForm *in, int64_t patient)
{
	Plan from;
	int64_t line;

	if (!in->copy_of)
		return OK;
	TRY(plan_get(cx, in->copy_of, &from));
	if (from.patient_id != patient)
		return err_set(cx, ERR_NOT_FOUND, "plan %" PRId64 " is another patient's", from.id);
	for (size_t i = 0; i < from.line_count; i++) {
		Act act;

		if (!strcmp(from.line[i].state, "cancelled") || !strcmp(from.line[i].state, "done"))
			continue;
		TRY(act_get(cx, from.line[i].act_id, &act));
		act.kind = "planned";
		act.recorded_at = act.recorded_by = act.visit_id = 0;
		TRY(act_add(cx, &act, &act.id));
		TRY(plan_put_act(cx, to, &act, in->price_table_id, from.line[i].dentist_id, &line));
	}
	return OK;
}

Err plan_create(Ctx *cx, int64_t patient, const PlanForm *in, int64_t *ret_id)
{
	SqlPlanInsert row;
	SqlPlanActive active;
	SqlPlanCount plans;
	bool found, added;
	PatientHead head;

	TRY(treatment_writable_head(cx, patient, &head));
	TRY(sql_plan_count(cx, patient, &plans));
	if (plans.n >= PLANS_MAX)
		return err_tell(cx, ERR_LIMIT, "Este paciente já tem 50 planos.", "too many plans");
	TRY(sql_plan_active(cx, patient, &active, &found));
	TRY(sql_plan_insert(cx,
		&(SqlPlanInsertIn){ .patient = patient,
			.name = in->name,
			.active = !found,
			.price_table = in->price_table_id ? &in->price_table_id : NULL,
			.dentist = in->dentist_id ? &in->dentist_id : NULL,
			.note = in->note,
			.user_id = cx->user.v ? &cx->user.v : NULL },
		&row, &added));
	if (!added)
		return refuse(cx, "Outra pessoa acaba de criar um plano. Abra a tela de novo.");
	TRY(copy_lines(cx, row.id, in, patient));
	TRY(plan_note(cx, row.id, patient, "plan.create", NULL, NULL));
	*ret_id = row.id;
	return OK;
}

Err plan_save(Ctx *cx, int64_t id, const PlanForm *in)
{
	SqlPlanLock plan;
	int64_t rows;

	TRY(plan_hold(cx, id, &plan));
	TRY(sql_plan_save(cx, id, (int32_t)in->version, in->name,
		in->dentist_id ? &in->dentist_id : NULL, in->note,
		in->price_table_id ? &in->price_table_id : NULL, &rows));
	if (!rows)
		return err_set(cx, ERR_STALE, "plan %" PRId64 " changed meanwhile", id);
	if (in->price_table_id != plan.price_table_id)
		TRY(sql_plan_reprice(
			cx, id, in->price_table_id ? &in->price_table_id : NULL, &rows));
	return plan_note(cx, id, plan.patient_id, "plan.update", NULL, NULL);
}

Err plan_activate(Ctx *cx, int64_t id)
{
	SqlPlanLock plan;
	int64_t rows;

	TRY(plan_hold(cx, id, &plan));
	if (!strcmp(plan.state, "cancelled") || !strcmp(plan.state, "refused"))
		return refuse(cx, "Reabra o plano antes de torná-lo o ativo.");
	if (plan.active)
		return OK;
	TRY(sql_plan_clear_active(cx, plan.patient_id, &rows));
	TRY(sql_plan_set_active(cx, id, true, &rows));
	return plan_note(cx, id, plan.patient_id, "plan.activate", NULL, NULL);
}

/* ---- discount ---- */

int plan_usual_limit(const char *role)
{
	static const struct {
		const char *role;
		int percent;
	} usual[] = { { "owner", 100 }, { "manager", 15 }, { "dentist", 5 } };

	for (size_t i = 0; i < COUNT(usual); i++)
		if (!strcmp(usual[i].role, role))
			return usual[i].percent;
	return 0;
}

Err plan_allowance(Ctx *cx, bool unlimited, Allowance *ret)
{
	SqlPlanLimit row;
	Member self;
	bool found;

	*ret = (Allowance){ .percent = 0, .unlimited = unlimited };
	if (unlimited || !cx->user.v)
		return OK;
	TRY(account_get_member(cx, cx->user.v, &self));
	TRY(sql_plan_limit(cx, self.role, &row, &found));
	ret->percent = found ? row.percent : plan_usual_limit(self.role);
	return OK;
}

Err plan_set_discount(Ctx *cx, int64_t id, int64_t cents, const Allowance *allowed)
{
	int64_t most, free_cents, price, given, rows;
	SqlPlanLock lock;
	Plan plan;
	Diff diff;

	TRY(plan_hold(cx, id, &lock));
	if (plan_is_over(lock.state))
		return refuse(cx, "Este plano está encerrado.");
	TRY(plan_get(cx, id, &plan));
	plan_open_cents(&plan, &price, &given);
	free_cents = price - given;
	if (cents < 0 || cents > free_cents)
		return err_field(cx, "discount",
			arena_printf(cx->mem,
				"O desconto vai de zero a %s, o que ainda não foi aprovado.",
				money_text(cx->mem, free_cents)));
	/* Discounts of lines count towards the same limit. */
	most = price * allowed->percent / 100 - given;
	if (most < 0)
		most = 0;
	if (cents > most && cents > plan.whole_cents && !allowed->unlimited)
		return err_field(cx, "discount",
			arena_printf(cx->mem,
				"Seu limite é %d%%: ainda pode dar %s. Peça a quem pode dar mais.",
				allowed->percent, money_text(cx->mem, most)));
	TRY(sql_plan_set_whole(cx, id, cents, &rows));
	diff_begin(&diff, cx->mem);
	diff_int(&diff, "discount_cents", lock.discount_cents, cents);
	return audit_add_change(cx, &(Change){ .action = "plan.discount",
					    .subject = "plan",
					    .subject_id = id,
					    .diff = diff_done(&diff) });
}

/* ---- yes, no, and not after all ---- */

static bool is_chosen(Int64s ids, const PlanLine *line)
{
	if (strcmp(line->state, "planned") != 0 && strcmp(line->state, "presented") != 0)
		return false;
	for (size_t i = 0; i < ids.count; i++)
		if (ids.v[i] == line->id)
			return true;
	return !ids.count;
}

/* The event holds what was approved now, as it stands after it. */
static Err tell_approved(Ctx *cx, int64_t id, Int64s ids)
{
	int64_t total = 0;
	Plan plan;

	TRY(plan_get(cx, id, &plan));
	for (size_t i = 0; i < plan.line_count; i++)
		for (size_t j = 0; j < ids.count; j++)
			if (plan.line[i].id == ids.v[j])
				total += plan.line[i].total_cents;
	TRY(plan_note(cx, id, plan.patient_id, "plan.approved",
		arena_printf(cx->mem, "Plano aprovado: %s", money_text(cx->mem, total)), NULL));
	return module_tell(cx, "plan.approved", id, plan_json(cx, &plan, ids));
}

/* The lock is held, the plan may be approved. */
static Err approve(Ctx *cx, const SqlPlanLock *lock, int64_t id, const char *via,
	const Agreed *agreed, size_t count)
{
	int64_t *ids = NEW_ARRAY(cx->mem, int64_t, count + 1);
	int64_t *price = NEW_ARRAY(cx->mem, int64_t, count + 1);
	int64_t *discount = NEW_ARRAY(cx->mem, int64_t, count + 1);
	int64_t whole = lock->discount_cents, rows;

	for (size_t i = 0; i < count; i++) {
		ids[i] = agreed[i].line;
		price[i] = agreed[i].price_cents;
		discount[i] = agreed[i].discount_cents;
		whole -= agreed[i].share_cents;
	}
	TRY(sql_plan_approve_lines(cx, id, (Int64s){ ids, count }, (Int64s){ price, count },
		(Int64s){ discount, count }, cx->now, &rows));
	if (rows != (int64_t)count)
		return refuse(cx, "O plano mudou depois de apresentado. Apresente de novo.");
	TRY(sql_plan_set_approved(cx, id, via, cx->now, whole > 0 ? whole : 0, &rows));
	if (!lock->active) { /* what is approved is what is done from now on */
		TRY(sql_plan_clear_active(cx, lock->patient_id, &rows));
		TRY(sql_plan_set_active(cx, id, true, &rows));
	}
	TRY(plan_settle(cx, id));
	return tell_approved(cx, id, (Int64s){ ids, count });
}

static Err lock_for_approval(Ctx *cx, int64_t id, SqlPlanLock *ret)
{
	TRY(plan_hold(cx, id, ret));
	return strcmp(ret->state, "cancelled") != 0
		       ? OK
		       : refuse(cx, "Este plano foi cancelado. Reabra antes de aprovar.");
}

Err plan_agree(Ctx *cx, int64_t id, const char *via, const Agreed *agreed, size_t count)
{
	SqlPlanLock lock;

	TRY(lock_for_approval(cx, id, &lock));
	return approve(cx, &lock, id, via, agreed, count);
}

Err plan_approve(Ctx *cx, int64_t id, const char *via, Int64s line, size_t *ret_count)
{
	SqlPlanLock lock;
	Agreed *agreed;
	size_t n = 0;
	Plan plan;

	*ret_count = 0;
	TRY(lock_for_approval(cx, id, &lock));
	TRY(plan_get(cx, id, &plan));
	agreed = NEW_ARRAY(cx->mem, Agreed, plan.line_count + 1);
	for (size_t i = 0; i < plan.line_count; i++) {
		const PlanLine *l = &plan.line[i];

		if (is_chosen(line, l))
			agreed[n++] = (Agreed){ l->id, l->price_cents,
				l->discount_cents + l->share_cents, l->share_cents };
	}
	if (!n)
		return plan.approved_count ? OK : refuse(cx, "Não há o que aprovar neste plano.");
	*ret_count = n;
	return approve(cx, &lock, id, via, agreed, n);
}

Err plan_unapprove(Ctx *cx, int64_t id)
{
	SqlPlanLock lock;
	int64_t rows;
	Plan plan;

	TRY(plan_hold(cx, id, &lock));
	TRY(plan_get(cx, id, &plan));
	if (strcmp(plan.state, "approved") != 0)
		return refuse(cx, "O tratamento já começou: cancele só o que não será feito.");
	if (str_same(plan.approved_via, "link"))
		return refuse(
			cx, "O paciente aceitou por link: tire do plano só o que não será feito.");
	for (size_t i = 0; i < plan.line_count; i++)
		if (plan.line[i].booked_at)
			return refuse(cx, "Já há consulta marcada. Desmarque antes.");
	TRY(sql_plan_unapprove_lines(cx, id, &rows));
	TRY(sql_plan_reopen_quote(cx, id, &rows));
	TRY(sql_plan_set_open(cx, id, plan.presented_at ? "presented" : "planned", &rows));
	TRY(plan_note(
		cx, id, plan.patient_id, "plan.unapproved", "Aprovação do plano desfeita", NULL));
	return module_tell(cx, "plan.unapproved", id, plan_json(cx, &plan, (Int64s){ 0 }));
}

Err plan_refuse(Ctx *cx, int64_t id, const char *refusal, const char *text)
{
	SqlPlanLock lock;
	int64_t rows;
	Plan plan;

	TRY(plan_hold(cx, id, &lock));
	if (!strcmp(lock.state, "refused"))
		return OK;
	if (!plan_refusal_title(refusal))
		return err_field(cx, "refusal", "Escolha o motivo.");
	if (strcmp(lock.state, "planned") != 0 && strcmp(lock.state, "presented") != 0)
		return refuse(cx, "Só se recusa um plano que ainda não foi aprovado.");
	TRY(sql_plan_set_refused(cx, id, refusal, text, cx->now, &rows));
	TRY(plan_note(cx, id, lock.patient_id, "plan.refused",
		arena_printf(cx->mem, "Plano recusado: %s", plan_refusal_title(refusal)), text));
	TRY(plan_get(cx, id, &plan));
	return module_tell(cx, "plan.refused", id, plan_json(cx, &plan, (Int64s){ 0 }));
}

Err plan_cancel(Ctx *cx, int64_t id, const char *reason)
{
	SqlPlanLock lock;
	int64_t rows;
	Plan plan;

	if (str_is_empty(reason))
		return err_field(cx, "reason", "Diga por que o plano é cancelado.");
	TRY(plan_hold(cx, id, &lock));
	if (!strcmp(lock.state, "cancelled"))
		return OK;
	if (!strcmp(lock.state, "done"))
		return refuse(cx, "Um plano concluído não se cancela.");
	TRY(plan_get(cx, id, &plan));
	for (size_t i = 0; i < plan.line_count; i++)
		if (strcmp(plan.line[i].state, "done") != 0 &&
			strcmp(plan.line[i].state, "cancelled") != 0)
			TRY(plan_cancel_line(cx, plan.line[i].id, reason));
	TRY(sql_plan_set_cancelled(cx, id, reason, &rows));
	return plan_note(
		cx, id, lock.patient_id, "plan.cancelled", "Plano de tratamento cancelado", reason);
}

Err plan_reopen(Ctx *cx, int64_t id)
{
	SqlPlanLock lock;
	int64_t rows;
	Plan plan;

	TRY(plan_hold(cx, id, &lock));
	if (strcmp(lock.state, "refused") != 0 && strcmp(lock.state, "cancelled") != 0)
		return OK;
	TRY(plan_get(cx, id, &plan));
	TRY(sql_plan_set_open(cx, id, plan.presented_at ? "presented" : "planned", &rows));
	TRY(plan_settle(cx, id));
	return plan_note(cx, id, lock.patient_id, "plan.reopened", "Plano reaberto", NULL);
}

Err plan_follow(Ctx *cx, int64_t id, const char *text)
{
	SqlPlanLock lock;
	int64_t rows;

	TRY(plan_hold(cx, id, &lock));
	TRY(sql_plan_set_followed(cx, id, cx->now, text, &rows));
	return plan_note(
		cx, id, lock.patient_id, "quote.followed", "Acompanhamento do orçamento", text);
}

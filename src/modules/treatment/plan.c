/* Plans as they are read, and the way of an act into them. */
#include "modules/treatment/plan.h"
#include "modules/account/account.h"
#include "modules/treatment/plan.sql.h"

static Plan plan_of(const SqlPlanRow *r)
{
	return (Plan){ .id = r->id,
		.patient_id = r->patient_id,
		.price_table_id = r->price_table_id,
		.dentist_id = r->dentist_id,
		.name = r->name,
		.state = r->state,
		.price_table = r->price_table,
		.note = r->note,
		.dentist_name = r->dentist,
		.refusal = r->refusal,
		.refusal_note = r->refusal_note,
		.approved_via = r->approved_via,
		.follow_note = r->follow_note,
		.cancel_reason = r->cancel_reason,
		.active = r->active,
		.whole_cents = r->discount_cents,
		.presented_at = r->presented_at,
		.approved_at = r->approved_at,
		.refused_at = r->refused_at,
		.followed_at = r->followed_at,
		.created_at = r->created_at,
		.version = r->version };
}

static const char *place_of(Ctx *cx, const SqlPlanLineRow *r)
{
	ActTooth *tooth = NEW_ARRAY(cx->mem, ActTooth, r->teeth.count + 1);

	for (size_t i = 0; i < r->teeth.count; i++)
		tooth[i] = (ActTooth){ (int)r->teeth.v[i], "member" };
	return act_place(cx->mem, &(Act){ .area = r->area,
					  .tooth = r->tooth,
					  .surfaces = (unsigned)r->surfaces,
					  .region = r->region,
					  .teeth = tooth,
					  .teeth_count = r->teeth.count });
}

static PlanLine line_of(Ctx *cx, const SqlPlanLineRow *r)
{
	return (PlanLine){ .id = r->id,
		.plan_id = r->plan_id,
		.act_id = r->act_id,
		.procedure_id = r->procedure_id,
		.dentist_id = r->dentist_id,
		.appointment_id = r->appointment_id,
		.name = r->name,
		.state = r->state,
		.place = place_of(cx, r),
		.dentist_name = r->dentist,
		.price_cents = r->price_cents,
		.discount_cents = r->discount_cents,
		.done_at = r->done_at,
		.sessions = r->sessions,
		.sessions_done = r->sessions_done,
		.position = r->position,
		.version = r->version,
		.needs_lab = r->needs_lab,
		.layman = r->layman,
		.specialty = r->specialty,
		.area = r->area,
		.region = r->region,
		.cancel_reason = r->cancel_reason,
		.tooth = r->tooth,
		.total_cents = r->price_cents - r->discount_cents,
		.approved_at = r->approved_at,
		.booked_at = r->booked_at };
}

static PlanLine *lines_of(Ctx *cx, const SqlPlanLineRow *row, size_t count)
{
	PlanLine *line = NEW_ARRAY(cx->mem, PlanLine, count + 1);

	for (size_t i = 0; i < count; i++)
		line[i] = line_of(cx, &row[i]);
	return line;
}

Err plan_get(Ctx *cx, int64_t id, Plan *ret)
{
	SqlPlanLineRow *line;
	SqlPlanRow row;
	size_t count;
	Err found;

	TRY(sql_plan_by_id_send(cx, id));
	TRY(sql_plan_lines_send(cx, id));
	found = sql_plan_by_id_read(cx, &row);
	TRY(sql_plan_lines_read(cx, &line, &count));
	TRY(found);
	*ret = plan_of(&row);
	ret->line_count = count;
	ret->line = lines_of(cx, line, count);
	plan_spread(ret);
	return OK;
}

Err plan_list_ask(Ctx *cx, int64_t patient)
{
	TRY(sql_plan_of_patient_send(cx, patient));
	return sql_plan_lines_of_patient_send(cx, patient);
}

Err plan_list_read(Ctx *cx, Plan **ret, size_t *ret_count)
{
	SqlPlanLineRow *row;
	SqlPlanRow *plan;
	size_t count;
	PlanLine *line;

	TRY(sql_plan_of_patient_read(cx, &plan, ret_count));
	TRY(sql_plan_lines_of_patient_read(cx, &row, &count));
	line = lines_of(cx, row, count);
	*ret = NEW_ARRAY(cx->mem, Plan, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++) {
		Plan *p = &(*ret)[i];

		*p = plan_of(&plan[i]);
		/* Lines come by plan: each plan's are one stretch. */
		for (size_t j = 0; j < count; j++) {
			if (line[j].plan_id != p->id)
				continue;
			if (!p->line)
				p->line = &line[j];
			p->line_count++;
		}
		plan_spread(p);
	}
	return OK;
}

Err plan_line_get(Ctx *cx, int64_t id, PlanLine *ret)
{
	SqlPlanLineRow row;

	TRY(sql_plan_line_by_id(cx, id, &row));
	*ret = line_of(cx, &row);
	return OK;
}

Err plan_open_lines(Ctx *cx, int64_t patient, PlanLine **ret, size_t *ret_count)
{
	SqlPlanLineRow *row;

	TRY(sql_plan_lines_open(cx, patient, &row, ret_count));
	*ret = lines_of(cx, row, *ret_count);
	return OK;
}

/* Who a plan is by: the one who writes it, when that is a dentist; 0: to be chosen. */
static Err writing_dentist(Ctx *cx, int64_t *ret)
{
	Member self;

	*ret = 0;
	if (!cx->user.v)
		return OK;
	TRY(account_get_member(cx, cx->user.v, &self));
	if (!strcmp(self.role, "dentist") || !str_is_empty(self.cro))
		*ret = self.user;
	return OK;
}

/* The active plan, ready for one more line; a new one when there is none or it is over. */
static Err plan_for_act(Ctx *cx, int64_t patient, SqlPlanActive *ret)
{
	SqlPlanInsert made;
	SqlPlanCount plans;
	int64_t dentist, rows;
	bool found;

	TRY(sql_plan_active(cx, patient, ret, &found));
	/* One that is done without ever having been approved is only a list of what was done. */
	if (found && (!plan_is_over(ret->state) ||
			     (!strcmp(ret->state, "done") && ret->approved_at_null)))
		return OK;
	if (found)
		TRY(sql_plan_clear_active(cx, patient, &rows));
	TRY(sql_plan_count(cx, patient, &plans));
	TRY(writing_dentist(cx, &dentist));
	TRY(sql_plan_insert(cx,
		&(SqlPlanInsertIn){ .patient = patient,
			.name = plans.n ? arena_printf(cx->mem, "Plano %" PRId64, plans.n + 1)
					: "Plano de tratamento",
			.active = true,
			.dentist = dentist ? &dentist : NULL,
			.user_id = cx->user.v ? &cx->user.v : NULL },
		&made, &found));
	if (found)
		TRY(audit_add_change(cx, &(Change){ .action = "plan.create",
						 .subject = "plan",
						 .subject_id = made.id }));
	/* Also when somebody else was faster: theirs is the active one now. */
	TRY(sql_plan_active(cx, patient, ret, &found));
	return found ? OK : err_set(cx, ERR_BUG, "patient %" PRId64 " has no active plan", patient);
}

Err plan_put_act(Ctx *cx, int64_t plan_id, const Act *act, int64_t price_table, int64_t dentist,
	int64_t *ret_line)
{
	SqlPlanLineInsert line;
	SqlPlanLineCount lines;
	Procedure procedure;
	int64_t rows;

	TRY(procedure_get(cx, act->procedure_id, price_table, &procedure));
	TRY(sql_plan_line_count(cx, plan_id, &lines));
	if (lines.n >= PLAN_LINES_MAX)
		return err_tell(cx, ERR_LIMIT, "Um plano tem até 500 procedimentos. Comece outro.",
			"plan %" PRId64 " is full", plan_id);
	TRY(sql_plan_line_insert(cx,
		&(SqlPlanLineInsertIn){ .plan = plan_id,
			.act = act->id,
			.procedure = procedure.id,
			.position = lines.last + 1,
			.name = procedure.name,
			.price = procedure.price_cents,
			.sessions = procedure.sessions,
			.dentist = dentist ? &dentist : NULL },
		&line));
	TRY(sql_plan_touch(cx, plan_id, &rows));
	TRY(audit_add_change(cx, &(Change){ .action = "line.create",
					 .subject = "plan",
					 .subject_id = plan_id,
					 .diff = arena_printf(cx->mem,
						 "{\"line\": [null, %" PRId64 "]}", line.id) }));
	*ret_line = line.id;
	return OK;
}

Err plan_take_act(Ctx *cx, const Act *act, int64_t *ret_line)
{
	SqlPlanLineOfAct line;
	SqlPlanActive plan;
	bool found;

	if (!act->procedure_id)
		return err_field(cx, "procedure_id", "Escolha o procedimento.");
	TRY(sql_plan_line_of_act(cx, act->id, &line, &found));
	if (found) {
		*ret_line = line.id;
		return OK;
	}
	TRY(plan_for_act(cx, act->patient_id, &plan));
	TRY(plan_put_act(cx, plan.id, act, plan.price_table_id, plan.dentist_id, ret_line));
	return plan_settle(cx, plan.id);
}

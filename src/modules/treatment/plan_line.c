/* Lines of plans: added, priced, put in order, done session by session, cancelled, done again. */
#include "modules/treatment/plan.h"
#include "modules/treatment/quote.h"
#include "core/money.h"
#include "modules/treatment/plan.sql.h"
#include "platform/json/json.h"

/* A line and its plan, locked in that order: the plan first, always. */
typedef struct Held {
	SqlPlanLock plan;
	SqlPlanLineLock line;
} Held;

static Err hold(Ctx *cx, int64_t line, Held *ret)
{
	SqlPlanOfLine of;

	TRY(sql_plan_of_line(cx, line, &of));
	TRY(plan_hold(cx, of.plan_id, &ret->plan));
	return sql_plan_line_lock(cx, line, &ret->line);
}

static Err refuse(Ctx *cx, const char *sentence)
{
	return err_tell(cx, ERR_CONFLICT, sentence, "the line's state does not allow it");
}

static Err note(Ctx *cx, const Held *held, int64_t line, const char *action, const char *reason)
{
	return audit_add_change(
		cx, &(Change){ .action = action,
			    .subject = "plan",
			    .subject_id = held->line.plan_id,
			    .diff = arena_printf(
				    cx->mem, "{\"line\": [%" PRId64 ", %" PRId64 "]}", line, line),
			    .reason = reason });
}

Err plan_settle(Ctx *cx, int64_t plan)
{
	int64_t rows;

	return sql_plan_settle(cx, plan, &rows);
}

/* ---- adding ---- */

/* act_add marks the fields of the chart's form; here there is one for the place. */
static Err place_error(Ctx *cx, Err err)
{
	static const char *const fields[] = { "tooth", "surfaces", "region" };

	for (size_t i = 0; err == ERR_INVALID && i < COUNT(fields); i++)
		if (bad_find(cx, fields[i]))
			return err_field(cx, "where", bad_find(cx, fields[i]));
	return err;
}

Err plan_add_lines(Ctx *cx, int64_t id, const LineForm *in, size_t *ret_count)
{
	Procedure procedure;
	SqlPlanLock plan;
	int64_t line;
	Act *act;

	TRY(plan_hold(cx, id, &plan));
	if (plan_is_over(plan.state) && strcmp(plan.state, "done") != 0)
		return refuse(cx, "Este plano está encerrado. Reabra ou comece outro.");
	TRY(procedure_get(cx, in->procedure_id, plan.price_table_id, &procedure));
	if (!procedure.active)
		return err_field(cx, "procedure_id", "Este procedimento saiu do catálogo.");
	TRY(plan_read_places(cx, &procedure, in->where, in->region, &act, ret_count));
	for (size_t i = 0; i < *ret_count; i++) {
		act[i].patient_id = plan.patient_id;
		TRY(place_error(cx, act_add(cx, &act[i], &act[i].id)));
		TRY(plan_put_act(cx, id, &act[i], plan.price_table_id,
			in->dentist_id ? in->dentist_id : plan.dentist_id, &line));
	}
	return plan_settle(cx, id);
}

/* ---- price, sessions, who, order ---- */

static bool is_open(const char *state)
{
	return !strcmp(state, "planned") || !strcmp(state, "presented");
}

void plan_open_cents(const Plan *plan, int64_t *ret_price, int64_t *ret_given)
{
	*ret_price = *ret_given = 0;
	for (size_t i = 0; i < plan->line_count; i++) {
		if (!is_open(plan->line[i].state))
			continue;
		*ret_price += plan->line[i].price_cents;
		*ret_given += plan->line[i].discount_cents;
	}
}

static Err check_price(Ctx *cx, const LineEdit *in, const PlanLine *line, const Allowance *allowed)
{
	int64_t most = in->price_cents * allowed->percent / 100;

	if (in->price_cents < 0)
		return err_field(cx, "price", "O valor não pode ser negativo.");
	if (in->price_cents != line->price_cents && !allowed->unlimited)
		return err_field(cx, "price",
			"Só quem pode dar desconto sem limite muda o preço da tabela.");
	if (in->discount_cents < 0 || in->discount_cents > in->price_cents)
		return err_field(cx, "discount", "O desconto vai de zero ao valor.");
	/* What stands already may stay: somebody who may gave it. */
	if (in->discount_cents > most && in->discount_cents > line->discount_cents &&
		!allowed->unlimited)
		return err_field(cx, "discount",
			arena_printf(cx->mem, "Seu limite é %d%% (%s). Peça a quem pode dar mais.",
				allowed->percent, money_text(cx->mem, most)));
	return OK;
}

/* A limit holds for what the lines and the whole give away together. */
static Err check_sum(Ctx *cx, const LineEdit *in, const PlanLine *line, const Allowance *allowed)
{
	int64_t price, given;
	Plan plan;

	if (allowed->unlimited || in->discount_cents <= line->discount_cents)
		return OK;
	TRY(plan_get(cx, line->plan_id, &plan));
	plan_open_cents(&plan, &price, &given);
	given += plan.whole_cents + in->discount_cents - line->discount_cents;
	if (given <= price * allowed->percent / 100)
		return OK;
	return err_field(cx, "discount",
		arena_printf(cx->mem,
			"Seu limite é %d%% do plano, com o desconto do total. "
			"Peça a quem pode dar mais.",
			allowed->percent));
}

static const char *difference(Ctx *cx, const PlanLine *line, const LineEdit *in)
{
	Diff diff;

	diff_begin(&diff, cx->mem);
	diff_int(&diff, "price_cents", line->price_cents, in->price_cents);
	diff_int(&diff, "discount_cents", line->discount_cents, in->discount_cents);
	diff_int(&diff, "sessions", line->sessions, in->sessions);
	diff_int(&diff, "dentist_id", line->dentist_id, in->dentist_id);
	return diff_done(&diff);
}

Err plan_save_line(Ctx *cx, int64_t id, const LineEdit *in, const Allowance *allowed)
{
	const char *diff;
	int64_t rows;
	PlanLine line;
	Held held;

	TRY(hold(cx, id, &held));
	TRY(plan_line_get(cx, id, &line));
	if (!strcmp(line.state, "done") || !strcmp(line.state, "cancelled"))
		return refuse(cx, "Este procedimento já foi encerrado e não muda mais.");
	if (!is_open(line.state) &&
		(in->price_cents != line.price_cents || in->discount_cents != line.discount_cents))
		return err_field(cx, "discount", "Já aprovado: o valor não muda mais.");
	TRY(check_price(cx, in, &line, allowed));
	TRY(check_sum(cx, in, &line, allowed));
	if (in->sessions < 1 || in->sessions > 60 || in->sessions <= line.sessions_done)
		return err_field(
			cx, "sessions", "São de 1 a 60 sessões, mais do que as já feitas.");
	TRY(sql_plan_line_save(cx, id, (int32_t)in->version, in->price_cents, in->discount_cents,
		(int32_t)in->sessions, in->dentist_id ? &in->dentist_id : NULL, &rows));
	if (!rows)
		return err_set(cx, ERR_STALE, "line %" PRId64 " changed meanwhile", id);
	TRY(sql_plan_touch(cx, line.plan_id, &rows));
	diff = difference(cx, &line, in);
	return !diff ? OK
		     : audit_add_change(cx, &(Change){ .action = "line.update",
						    .subject = "plan_line",
						    .subject_id = id,
						    .diff = diff });
}

Err plan_order_lines(Ctx *cx, int64_t id, Int64s ids)
{
	SqlPlanLineIds *old;
	SqlPlanLock plan;
	int64_t *all, rows;
	size_t count, n;

	TRY(plan_hold(cx, id, &plan));
	TRY(sql_plan_line_ids(cx, id, &old, &count));
	all = NEW_ARRAY(cx->mem, int64_t, ids.count + count + 1);
	for (n = 0; n < ids.count; n++)
		all[n] = ids.v[n];
	for (size_t i = 0; i < count; i++) {
		bool named = false;

		for (size_t j = 0; j < ids.count; j++)
			named |= ids.v[j] == old[i].id;
		if (!named)
			all[n++] = old[i].id;
	}
	TRY(sql_plan_line_order(cx, id, (Int64s){ all, n }, &rows));
	return sql_plan_touch(cx, id, &rows);
}

Err plan_shift_line(Ctx *cx, int64_t line, int by)
{
	SqlPlanLineIds *old;
	int64_t *ids;
	size_t count;
	Held held;

	TRY(hold(cx, line, &held));
	TRY(sql_plan_line_ids(cx, held.line.plan_id, &old, &count));
	ids = NEW_ARRAY(cx->mem, int64_t, count + 1);
	for (size_t i = 0; i < count; i++)
		ids[i] = old[i].id;
	for (size_t i = 0; i < count; i++) {
		int64_t to = (int64_t)i + by;

		if (old[i].id != line || to < 0 || to >= (int64_t)count)
			continue;
		ids[i] = ids[to];
		ids[to] = line;
		break;
	}
	return plan_order_lines(cx, held.line.plan_id, (Int64s){ ids, count });
}

/* ---- done, and not after all ---- */

static Err tell_done(Ctx *cx, int64_t line, const SqlPlanLock *plan)
{
	PlanLine done;
	Json j;

	TRY(plan_line_get(cx, line, &done));
	json_init(&j, cx->mem);
	json_put_object(&j, NULL);
	json_put_int(&j, "id", line);
	json_put_int(&j, "plan_id", done.plan_id);
	json_put_int(&j, "patient_id", plan->patient_id);
	json_put_int(&j, "act_id", done.act_id);
	json_put_int(&j, "procedure_id", done.procedure_id);
	json_put_text(&j, "name", done.name);
	json_put_text(&j, "place", done.place);
	json_put_int(&j, "dentist_id", done.dentist_id);
	json_put_int(&j, "total_cents", done.total_cents);
	json_put_time(&j, "done_at", done.done_at);
	json_close(&j);
	return module_tell(cx, "line.done", line, json_done(&j));
}

static Err finish(Ctx *cx, int64_t line, const Held *held)
{
	int64_t rows;

	TRY(sql_plan_line_set_done(cx, line, cx->now, cx->user.v ? &cx->user.v : NULL, &rows));
	if (!rows)
		return OK;
	TRY(note(cx, held, line, "line.done", NULL));
	TRY(plan_settle(cx, held->line.plan_id));
	return tell_done(cx, line, &held->plan);
}

Err plan_line_session(Ctx *cx, int64_t line, int64_t visit_id)
{
	const char *state;
	int64_t rows;
	Held held;

	TRY(hold(cx, line, &held));
	state = held.line.state;
	if (strcmp(state, "approved") != 0 && strcmp(state, "in_progress") != 0 &&
		strcmp(state, "redo") != 0)
		return refuse(cx, is_open(state) ? "O paciente ainda não aprovou este procedimento."
						 : "Este procedimento já foi encerrado.");
	if (held.line.sessions_done + 1 >= held.line.sessions) {
		/* The act's end carries the line along: plan_on_event. */
		TRY(act_finish(cx, held.line.act_id, visit_id, cx->now));
		return finish(cx, line, &held);
	}
	TRY(sql_plan_line_set_sessions(
		cx, line, held.line.sessions_done + 1, "in_progress", &rows));
	TRY(note(cx, &held, line, "line.session", NULL));
	return plan_settle(cx, held.line.plan_id);
}

/* One less was done, as it turned out. */
static Err set_sessions_left(Ctx *cx, int64_t line, const Held *held, int32_t left)
{
	int64_t rows;

	return sql_plan_line_set_sessions(cx, line, left,
		left                          ? "in_progress"
		: held->line.approved_at_null ? "planned"
					      : "approved",
		&rows);
}

Err plan_undo_session(Ctx *cx, int64_t line)
{
	Held held;

	TRY(hold(cx, line, &held));
	if (!held.line.sessions_done || !strcmp(held.line.state, "cancelled"))
		return refuse(cx, "Não há sessão a desfazer.");
	TRY(set_sessions_left(cx, line, &held, held.line.sessions_done - 1));
	if (!strcmp(held.line.state, "done"))
		TRY(act_reopen(cx, held.line.act_id, "Sessão desfeita"));
	TRY(note(cx, &held, line, "line.undo", NULL));
	return plan_settle(cx, held.line.plan_id);
}

Err plan_redo_line(Ctx *cx, int64_t line, const char *reason)
{
	int64_t rows;
	Held held;

	if (str_is_empty(reason))
		return err_field(cx, "reason", "Diga por que será refeito.");
	TRY(hold(cx, line, &held));
	if (strcmp(held.line.state, "done") != 0)
		return refuse(cx, "Só se refaz o que já foi realizado.");
	TRY(sql_plan_line_set_redo(cx, line, reason, &rows));
	TRY(act_reopen(cx, held.line.act_id, reason));
	TRY(note(cx, &held, line, "line.redo", reason));
	return plan_settle(cx, held.line.plan_id);
}

Err plan_cancel_line(Ctx *cx, int64_t line, const char *reason)
{
	int64_t rows;
	Held held;

	if (str_is_empty(reason))
		return err_field(cx, "reason", "Diga por que sai do plano.");
	TRY(hold(cx, line, &held));
	if (!strcmp(held.line.state, "done"))
		return refuse(cx, "Já foi realizado: não sai do plano.");
	TRY(sql_plan_line_set_cancelled(cx, line, reason, &rows));
	if (!rows)
		return OK;
	TRY(act_void(cx, held.line.act_id, reason));
	TRY(note(cx, &held, line, "line.cancel", reason));
	return plan_settle(cx, held.line.plan_id);
}

Err plan_book_line(Ctx *cx, int64_t line, int64_t appointment)
{
	int64_t rows;
	Held held;

	TRY(hold(cx, line, &held));
	TRY(sql_plan_line_book(cx, line, appointment ? &appointment : NULL, &rows));
	return rows ? OK : refuse(cx, "Só se agenda o que foi aprovado.");
}

/* ---- what the chart did ---- */

/* The visit was booked for a line, when its form was opened from one. It stands also when the line
 * is no longer to be booked, or somebody else was chosen in the form. */
static Err booked_for(Ctx *cx, int64_t appointment, const char *json)
{
	int64_t line, patient, rows;
	json_t *visit;

	TRY(json_parse(cx, str_of(json), &visit));
	line = json_integer_value(json_object_get(visit, "line_id"));
	patient = json_integer_value(json_object_get(visit, "patient_id"));
	return line ? sql_plan_line_book_asked(cx, line, appointment, patient, &rows) : OK;
}

Err plan_visit_stands(Ctx *cx, int64_t appointment)
{
	int64_t rows;

	return sql_plan_line_rebook(cx, appointment, &rows);
}

Err plan_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	SqlPlanLineOfAct line;
	int64_t rows;
	bool found;
	Held held;

	if (!strcmp(name, "patient.anonymised"))
		return quote_forget(cx, id, "Paciente anonimizado");
	if (!strcmp(name, "appointment.booked"))
		return booked_for(cx, id, json);
	if (!strcmp(name, "appointment.cancelled") || !strcmp(name, "appointment.no_show"))
		return sql_plan_line_unbook(cx, id, &rows);
	if (strcmp(name, "act.done") != 0 && strcmp(name, "act.reopened") != 0 &&
		strcmp(name, "act.voided") != 0)
		return OK;
	TRY(sql_plan_line_of_act(cx, id, &line, &found));
	if (!found)
		return OK;
	TRY(hold(cx, line.id, &held));
	if (!strcmp(name, "act.done"))
		return finish(cx, line.id, &held);
	if (!strcmp(name, "act.voided"))
		TRY(sql_plan_line_set_cancelled(cx, line.id, "Anulado no odontograma", &rows));
	else if (!strcmp(held.line.state, "done"))
		TRY(set_sessions_left(cx, line.id, &held, held.line.sessions - 1));
	else
		return OK;
	return plan_settle(cx, held.line.plan_id);
}

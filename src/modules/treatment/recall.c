/* Recalls: rules, dates, attempts, and what visits change of them. */
#include "modules/treatment/recall.h"

#include "core/clock.h"
#include "modules/treatment/recall.sql.h"
#include "platform/db/db.h"

enum { RECALL_LIST_MAX = 300 };

const Field attempt_fields[] = {
	CHOICE_FIELD(AttemptForm, channel, "Canal", "whatsapp phone email sms counter", true),
	CHOICE_FIELD(AttemptForm, outcome, "Resultado",
		"no_answer voicemail will_think scheduled declined wrong_number", true),
	FIELD(AttemptForm, note, FIELD_TEXT, "Observação", 0, 300, false),
};
const size_t attempt_field_count = COUNT(attempt_fields);

const Field recall_fields[] = {
	FIELD(RecallForm, due_on, FIELD_DATE, "Data do retorno", 0, 0, true),
	FIELD(RecallForm, hidden_until, FIELD_DATE, "Não mostrar até", 0, 0, false),
	FIELD(RecallForm, note, FIELD_TEXT, "Observação", 0, 300, false),
	FIELD(RecallForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};
const size_t recall_field_count = COUNT(recall_fields);

const Field recall_rule_fields[] = {
	FIELD(RecallRuleForm, name, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(RecallRuleForm, words, FIELD_TEXT, "Palavras", 1, 200, true),
	FIELD(RecallRuleForm, months, FIELD_INT, "Meses", 1, 60, true),
	FIELD(RecallRuleForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
};
const size_t recall_rule_field_count = COUNT(recall_rule_fields);

static const struct {
	const char *outcome, *title, *state;
} outcomes[] = {
	{ "no_answer", "Não respondeu", "no_answer" },
	{ "voicemail", "Deixei recado", "no_answer" },
	{ "will_think", "Vai pensar", "no_answer" },
	{ "scheduled", "Vai marcar", "no_answer" },
	{ "declined", "Não quer", "declined" },
	{ "wrong_number", "Número errado", "no_answer" },
};

const char *attempt_outcome_title(const char *outcome)
{
	for (size_t i = 0; i < COUNT(outcomes); i++)
		if (outcome && !strcmp(outcomes[i].outcome, outcome))
			return outcomes[i].title;
	return "";
}

const char *recall_title(Arena *mem, const Recall *recall)
{
	if (recall->asked)
		return arena_printf(mem, "Pedido de %s", recall->dentist);
	return recall->rule ? recall->rule : "Reativação";
}

static int32_t date_or_none(int32_t date, bool null)
{
	return null ? DATE_NONE : date;
}

static Recall recall_of_row(const SqlRecallRow *r)
{
	return (Recall){ .id = r->id,
		.patient_id = r->patient_id,
		.patient = r->patient,
		.phone = r->phone,
		.rule_id = r->rule_id,
		.rule = r->rule,
		.previous_on = date_or_none(r->previous_on, r->previous_on_null),
		.due_calc = r->due_calc,
		.due_on = r->due_on,
		.state = r->state,
		.hidden_until = date_or_none(r->hidden_until, r->hidden_until_null),
		.appointment_id = r->appointment_id,
		.attempts = r->attempts,
		.note = r->note,
		.last_outcome = r->last_outcome,
		.last_at = r->last_at,
		.next_visit = r->next_visit_at,
		.asked = r->asked,
		.dentist_id = r->dentist_id,
		.dentist = r->dentist,
		.minutes = r->minutes,
		.version = r->version };
}

static Err list_of_rows(Ctx *cx, const SqlRecallRow *row, size_t count, Recall **ret)
{
	*ret = NEW_ARRAY(cx->mem, Recall, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = recall_of_row(&row[i]);
	return OK;
}

Err recall_list_due(Ctx *cx, int32_t until, int64_t rule, Recall **ret, size_t *ret_count)
{
	SqlRecallRow *row;

	TRY(sql_recall_due(cx, until, date_today(cx->now, cx->zone), rule > 0 ? &rule : NULL,
		rule == RECALL_ASKED, RECALL_LIST_MAX, &row, ret_count));
	return list_of_rows(cx, row, *ret_count, ret);
}

Err recall_list_state(Ctx *cx, const char *state, Recall **ret, size_t *ret_count)
{
	SqlRecallRow *row;

	TRY(sql_recall_in_state(cx, state, RECALL_LIST_MAX, &row, ret_count));
	return list_of_rows(cx, row, *ret_count, ret);
}

Err recall_list_of(Ctx *cx, PatientId patient, Recall **ret, size_t *ret_count)
{
	SqlRecallRow *row;

	TRY(sql_recall_of_patient(cx, patient.v, &row, ret_count));
	return list_of_rows(cx, row, *ret_count, ret);
}

Err recall_get(Ctx *cx, int64_t id, Recall *ret)
{
	SqlRecallRow row;

	TRY(sql_recall_by_id(cx, id, &row));
	*ret = recall_of_row(&row);
	return OK;
}

Err recall_list_attempts(Ctx *cx, int64_t id, RecallAttempt **ret, size_t *ret_count)
{
	SqlRecallAttempts *row;

	TRY(sql_recall_attempts(cx, id, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, RecallAttempt, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (RecallAttempt){ row[i].at, row[i].who, row[i].channel, row[i].outcome,
			row[i].note };
	return OK;
}

Err recall_count(Ctx *cx, RecallCounts *ret)
{
	int32_t today = date_today(cx->now, cx->zone);
	SqlRecallCounts row;

	TRY(sql_recall_counts(cx, today, today + 30, &row));
	*ret = (RecallCounts){ row.late, row.soon, row.scheduled };
	return OK;
}

/* ---- working the list ---- */

static Err is_over(Ctx *cx, int64_t id)
{
	return err_tell(cx, ERR_CONFLICT, "Este retorno já foi resolvido por outra pessoa.",
		"recall %" PRId64 " is over", id);
}

static Err record(
	Ctx *cx, const Recall *recall, const char *kind, const char *title, const char *body)
{
	const Change change = { .action = kind, .subject = "recall", .subject_id = recall->id };

	return treatment_record(cx, recall->patient_id, &change, title, body);
}

Err recall_try(Ctx *cx, int64_t id, const AttemptForm *in)
{
	int32_t hidden = date_today(cx->now, cx->zone) + RECALL_HIDE_DAYS;
	const char *state = "no_answer";
	PatientHead head;
	Recall recall;
	int64_t rows;

	for (size_t i = 0; i < COUNT(outcomes); i++)
		if (!strcmp(outcomes[i].outcome, in->outcome))
			state = outcomes[i].state;
	TRY(recall_get(cx, id, &recall));
	TRY(treatment_writable_head(cx, recall.patient_id, &head));
	TRY(sql_recall_tried(cx, id, state, &hidden, &rows));
	if (!rows)
		return is_over(cx, id);
	TRY(sql_recall_attempt_insert(cx, id, cx->now, cx->user.v ? &cx->user.v : NULL, in->channel,
		in->outcome, in->note, &rows));
	return record(cx, &recall, "recall.attempt",
		arena_printf(
			cx->mem, "Contato para retorno: %s", attempt_outcome_title(in->outcome)),
		in->note);
}

Err recall_move(Ctx *cx, int64_t id, const RecallForm *in)
{
	Recall recall;
	int64_t rows;

	TRY(recall_get(cx, id, &recall));
	TRY(sql_recall_move(cx, id, (int32_t)in->version, in->due_on,
		in->hidden_until == DATE_NONE ? NULL : &in->hidden_until, in->note, &rows));
	if (!rows)
		return err_set(
			cx, ERR_STALE, "recall %" PRId64 " is past %" PRId64, id, in->version);
	return record(cx, &recall, "recall.move",
		arena_printf(cx->mem, "Retorno mudou para %s", date_text(cx->mem, in->due_on)),
		in->note);
}

Err recall_cancel(Ctx *cx, int64_t id, const char *reason)
{
	Recall recall;
	int64_t rows;

	if (!reason)
		return err_field(cx, "note", "Diga por que não é mais preciso chamar.");
	TRY(recall_get(cx, id, &recall));
	TRY(sql_recall_cancel(cx, id, reason, &rows));
	return rows ? record(cx, &recall, "recall.cancel", "Retorno cancelado", reason)
		    : is_over(cx, id);
}

Err recall_ask(Ctx *cx, const Visit *visit)
{
	int32_t today = date_today(cx->now, cx->zone), due = today + visit->next_in_days;
	int near = visit->next_in_days / 2;
	int64_t rows;

	return sql_recall_ask(cx,
		&(SqlRecallAskIn){ .patient = visit->patient_id,
			.visit = visit->id,
			.today = today,
			.due = due,
			.minutes = visit->next_minutes ? &visit->next_minutes : NULL,
			.note = visit->next_note,
			.now = cx->now,
			.near = time_of_date(
				due - (near < RECALL_NEAR_DAYS ? near : RECALL_NEAR_DAYS),
				cx->zone) },
		&rows);
}

/* ---- reactivation ---- */

Err recall_list_lost(Ctx *cx, int months, LostPatient **ret, size_t *ret_count)
{
	int64_t before = cx->now - (int64_t)months * 30 * 86400;
	SqlRecallLost *row;

	TRY(sql_recall_lost(cx, before, RECALL_LIST_MAX, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, LostPatient, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (LostPatient){ .patient_id = row[i].patient_id,
			.name = row[i].name,
			.phone = row[i].phone,
			.last_visit = row[i].last_visit_at,
			.recall_id = row[i].recall_id,
			.attempts = row[i].attempts,
			.last_outcome = row[i].last_outcome };
	return OK;
}

Err recall_reactivate(Ctx *cx, PatientId patient, int64_t *ret_id)
{
	SqlRecallReactivate row;
	SqlRecallOfOpen open;
	PatientHead head;
	bool added;

	TRY(treatment_writable_head(cx, patient.v, &head));
	TRY(sql_recall_reactivate(cx, patient.v, date_today(cx->now, cx->zone), &row, &added));
	if (!added) {
		TRY(sql_recall_of_open(cx, patient.v, &open, &added));
		if (!added)
			return err_set(
				cx, ERR_NOT_FOUND, "patient %" PRId64 " has no recall", patient.v);
		row.id = open.id;
	}
	*ret_id = row.id;
	return OK;
}

/* ---- rules ---- */

Err recall_list_rules(Ctx *cx, RecallRule **ret, size_t *ret_count)
{
	SqlRecallRules *row;

	TRY(sql_recall_rules(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, RecallRule, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (RecallRule){ row[i].id, row[i].name, row[i].words, row[i].months,
			row[i].active };
	return OK;
}

Err recall_save_rule(Ctx *cx, int64_t id, const RecallRuleForm *in)
{
	static const char taken[] = "Já existe uma regra com este nome.";
	int32_t months = (int32_t)in->months;
	SqlRecallRuleInsert row;
	int64_t rows;
	bool added;

	if (!id) {
		TRY(sql_recall_rule_insert(cx, in->name, in->words, months, &row, &added));
		if (!added)
			return err_field(cx, "name", taken);
		id = row.id;
	} else {
		TRY(db_savepoint(cx));
		TRY(db_settle_unique(cx,
			sql_recall_rule_update(
				cx, id, in->name, in->words, months, in->active, &rows),
			"name", taken));
		if (!rows)
			return err_set(cx, ERR_NOT_FOUND, "no rule %" PRId64, id);
	}
	return audit_add_change(cx,
		&(Change){
			.action = "recall_rule.save", .subject = "recall_rule", .subject_id = id });
}

Err recall_start_company(Ctx *cx)
{
	static const struct {
		const char *name, *words;
		int months;
	} first[] = {
		{ "Profilaxia", "profilaxia", 6 },
		{ "Revisão de implante", "implante", 12 },
		{ "Manutenção ortodôntica", "manutenção de aparelho, manutenção ortodôntica", 1 },
		{ "Controle de canal", "endodôntico", 6 },
		{ "Manutenção periodontal", "raspagem", 4 },
	};
	SqlRecallRuleInsert row;
	bool added;

	for (size_t i = 0; i < COUNT(first); i++)
		TRY(sql_recall_rule_insert(
			cx, first[i].name, first[i].words, first[i].months, &row, &added));
	return OK;
}

/* ---- what happens elsewhere ---- */

/* Does one of the rule's phrases (between commas) stand in the procedure's folded name? */
static bool rule_speaks_of(Arena *mem, const char *words, const char *procedure)
{
	Str rest = str_of(str_fold(mem, words)), phrase;

	while (str_cut(&rest, ',', &phrase)) {
		phrase = str_trim(phrase);
		if (phrase.len &&
			strstr(procedure, arena_printf(mem, "%.*s", (int)phrase.len, phrase.ptr)))
			return true;
	}
	return false;
}

/* The procedure was done: what was waited for is done, and the next is due in so many months. */
static Err after_act(Ctx *cx, int64_t act)
{
	SqlRecallAct row;
	RecallRule *rule;
	size_t count;
	int64_t rows;
	bool found;

	TRY(sql_recall_act(cx, act, &row, &found));
	if (!found)
		return OK;
	TRY(recall_list_rules(cx, &rule, &count));
	const char *name = str_fold(cx->mem, row.name);
	int32_t day = date_today(row.done_at, cx->zone);

	for (size_t i = 0; i < count; i++) {
		if (!rule[i].active || !rule_speaks_of(cx->mem, rule[i].words, name))
			continue;
		TRY(sql_recall_finish(cx, row.patient_id, rule[i].id, day, &rows));
		TRY(sql_recall_put(cx, row.patient_id, rule[i].id, day,
			date_add_months(day, rule[i].months), &rows));
	}
	return OK;
}

Err recall_on_event(Ctx *cx, const char *name, int64_t id, const char *json)
{
	int64_t rows;

	(void)json;
	if (!strcmp(name, "act.done") || !strcmp(name, "act.added"))
		return after_act(cx, id);
	if (!strcmp(name, "appointment.booked"))
		return sql_recall_booked(cx, id, cx->zone, RECALL_NEAR_DAYS, &rows);
	if (!strcmp(name, "appointment.done"))
		return sql_recall_seen(cx, id, &rows);
	if (!strcmp(name, "appointment.cancelled") || !strcmp(name, "appointment.no_show"))
		return sql_recall_unbooked(cx, id, &rows);
	return OK;
}

/* Laboratory cases and laboratories. */
#include "modules/treatment/lab.h"

#include "core/clock.h"
#include "modules/account/account.h"
#include "modules/notice/notice.h"
#include "modules/treatment/lab.sql.h"
#include "modules/treatment/teeth.h"
#include "platform/db/db.h"

enum { LAB_LIST_MAX = 300, LAB_WARN_DAYS = 3 };

const Field lab_case_fields[] = {
	FIELD(LabCaseForm, patient_id, FIELD_ID, "Paciente", 0, 0, false),
	FIELD(LabCaseForm, laboratory_id, FIELD_ID, "Laboratório", 0, 0, true),
	FIELD(LabCaseForm, dentist_id, FIELD_ID, "Dentista", 0, 0, false),
	FIELD(LabCaseForm, plan_line_id, FIELD_ID, "Item do plano", 0, 0, false),
	FIELD(LabCaseForm, work, FIELD_TEXT, "Trabalho", 1, 120, true),
	FIELD(LabCaseForm, teeth, FIELD_TEXT, "Dentes", 0, 120, false),
	FIELD(LabCaseForm, shade, FIELD_TEXT, "Cor", 0, 40, false),
	FIELD(LabCaseForm, instructions, FIELD_LONG, "Instruções", 0, 2000, false),
	FIELD(LabCaseForm, cost_cents, FIELD_MONEY, "Custo", 0, 100000000, false),
	FIELD(LabCaseForm, expected_on, FIELD_DATE, "Prometido para", 0, 0, false),
	FIELD(LabCaseForm, version, FIELD_INT, "Versão", 0, INT32_MAX, false),
};
const size_t lab_case_field_count = COUNT(lab_case_fields);

const Field laboratory_fields[] = {
	FIELD(LaboratoryForm, name, FIELD_TEXT, "Nome", 1, 80, true),
	FIELD(LaboratoryForm, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(LaboratoryForm, email, FIELD_EMAIL, "E-mail", 0, 254, false),
	FIELD(LaboratoryForm, days, FIELD_INT, "Prazo em dias", 0, 120, false),
	FIELD(LaboratoryForm, active, FIELD_BOOL, "Em uso", 0, 0, false),
};
const size_t laboratory_field_count = COUNT(laboratory_fields);

static const struct {
	const char *title, *tone, *event;
} steps[] = {
	[LAB_WRITTEN] = { "A enviar", "slate", "lab.written" },
	[LAB_SENT] = { "No laboratório", "blue", "lab.sent" },
	[LAB_RECEIVED] = { "Chegou, falta conferir", "amber", "lab.received" },
	[LAB_CHECKED] = { "Conferido", "green", "lab.checked" },
	[LAB_CANCELLED] = { "Cancelado", "red", "lab.cancelled" },
};

const char *lab_step_title(LabStep step)
{
	return steps[step].title;
}

const char *lab_step_tone(LabStep step)
{
	return steps[step].tone;
}

static LabStep step_of(const SqlLabCaseRow *r)
{
	return !r->cancelled_at_null  ? LAB_CANCELLED
	       : !r->checked_at_null  ? LAB_CHECKED
	       : !r->received_at_null ? LAB_RECEIVED
	       : !r->sent_at_null     ? LAB_SENT
				      : LAB_WRITTEN;
}

static LabCase case_of_row(Ctx *cx, const SqlLabCaseRow *r)
{
	LabStep step = step_of(r);
	int32_t today = date_today(cx->now, cx->zone);
	bool known = !r->expected_on_null, going = step <= LAB_SENT;
	bool visit = r->next_visit_at > cx->now;

	return (LabCase){
		.id = r->id,
		.patient_id = r->patient_id,
		.patient = r->patient,
		.laboratory_id = r->laboratory_id,
		.laboratory = r->laboratory,
		.dentist_id = r->dentist_id,
		.dentist = r->dentist,
		.plan_line_id = r->plan_line_id,
		.work = r->work,
		.teeth = r->teeth,
		.shade = r->shade,
		.instructions = r->instructions,
		.cost_cents = r->cost_cents,
		.expected_on = known ? r->expected_on : DATE_NONE,
		.sent_at = r->sent_at,
		.received_at = r->received_at,
		.checked_at = r->checked_at,
		.cancelled_at = r->cancelled_at,
		.sent_back = r->sent_back,
		.reason = r->reason,
		.next_visit = visit ? r->next_visit_at : 0,
		.version = r->version,
		.step = step,
		.late = going && known &&
			(r->expected_on < today ||
				(visit && r->expected_on >= date_today(r->next_visit_at, cx->zone)))
	};
}

static void cases_of_rows(Ctx *cx, const SqlLabCaseRow *row, size_t count, LabCase **ret)
{
	*ret = NEW_ARRAY(cx->mem, LabCase, count + 1);
	for (size_t i = 0; i < count; i++)
		(*ret)[i] = case_of_row(cx, &row[i]);
}

Err lab_get(Ctx *cx, int64_t id, LabCase *ret)
{
	SqlLabCaseRow row;

	TRY(sql_lab_case_by_id(cx, id, &row));
	*ret = case_of_row(cx, &row);
	return OK;
}

Err lab_list(Ctx *cx, bool over, LabCase **ret, size_t *ret_count)
{
	SqlLabCaseRow *row;

	if (over)
		TRY(sql_lab_case_over(cx, LAB_LIST_MAX, &row, ret_count));
	else
		TRY(sql_lab_case_open(cx, LAB_LIST_MAX, &row, ret_count));
	cases_of_rows(cx, row, *ret_count, ret);
	return OK;
}

Err lab_list_of_ask(Ctx *cx, PatientId patient)
{
	return sql_lab_case_of_patient_send(cx, patient.v);
}

Err lab_list_of_read(Ctx *cx, LabCase **ret, size_t *ret_count)
{
	SqlLabCaseRow *row;

	TRY(sql_lab_case_of_patient_read(cx, &row, ret_count));
	cases_of_rows(cx, row, *ret_count, ret);
	return OK;
}

/* ---- writing ---- */

static Err check(Ctx *cx, const LabCaseForm *in, int64_t *ret_dentist, Int64s *ret_teeth)
{
	int64_t dentist = in->dentist_id ? in->dentist_id : cx->user.v;
	SqlLaboratoryById laboratory;
	Member member;
	Err err;

	TRY(teeth_read(cx, in->teeth, ret_teeth));
	err = sql_laboratory_by_id(cx, in->laboratory_id, &laboratory);
	if (err == ERR_NOT_FOUND)
		return err_field(cx, "laboratory_id", "Escolha um laboratório da lista.");
	TRY(err);
	if (account_get_member(cx, dentist, &member) != OK)
		return err_field(cx, "dentist_id", "Escolha quem pediu o trabalho.");
	*ret_dentist = dentist;
	return OK;
}

static Err record(Ctx *cx, int64_t id, int64_t patient, const char *event, const char *title,
	const char *reason)
{
	const Change change = {
		.action = event, .subject = "lab_case", .subject_id = id, .reason = reason
	};

	return treatment_record(cx, patient, &change, title, reason);
}

Err lab_add(Ctx *cx, const LabCaseForm *in, int64_t *ret_id)
{
	SqlLabCaseInsert row;
	PatientHead head;
	int64_t dentist;
	Int64s teeth;

	TRY(check(cx, in, &dentist, &teeth));
	TRY(treatment_writable_head(cx, in->patient_id, &head));
	TRY(sql_lab_case_insert(cx,
		&(SqlLabCaseInsertIn){ .patient = head.id,
			.laboratory = in->laboratory_id,
			.dentist = dentist,
			.line = in->plan_line_id ? &in->plan_line_id : NULL,
			.work = in->work,
			.teeth = teeth,
			.shade = in->shade,
			.instructions = in->instructions,
			.cost = in->cost_cents,
			.expected = &in->expected_on,
			.user_id = cx->user.v ? &cx->user.v : NULL },
		&row));
	*ret_id = row.id;
	return record(cx, row.id, head.id, "lab.written",
		arena_printf(cx->mem, "Trabalho de laboratório: %s", in->work), NULL);
}

Err lab_save(Ctx *cx, int64_t id, const LabCaseForm *in)
{
	int64_t dentist, rows;
	Int64s teeth;
	LabCase old;

	TRY(check(cx, in, &dentist, &teeth));
	TRY(lab_get(cx, id, &old));
	if (old.step >= LAB_CHECKED)
		return err_tell(cx, ERR_CONFLICT, "Este trabalho já terminou.",
			"case %" PRId64 " is over", id);
	TRY(sql_lab_case_update(cx,
		&(SqlLabCaseUpdateIn){ .id = id,
			.version = (int32_t)in->version,
			.laboratory = in->laboratory_id,
			.work = in->work,
			.teeth = teeth,
			.shade = in->shade,
			.instructions = in->instructions,
			.cost = in->cost_cents,
			.expected = &in->expected_on },
		&rows));
	if (!rows)
		return err_set(cx, ERR_STALE, "case %" PRId64 " is past %" PRId64, id, in->version);
	return audit_add_change(
		cx, &(Change){ .action = "lab.change", .subject = "lab_case", .subject_id = id });
}

static Err promised(Ctx *cx, int64_t laboratory, int32_t *ret)
{
	SqlLaboratoryById row;

	TRY(sql_laboratory_by_id(cx, laboratory, &row));
	*ret = date_today(cx->now, cx->zone) + row.days;
	return OK;
}

Err lab_step(Ctx *cx, int64_t id, LabStep to)
{
	int64_t rows = 0;
	int32_t expected;
	LabCase old;

	TRY(lab_get(cx, id, &old));
	if (to == LAB_SENT) {
		TRY(promised(cx, old.laboratory_id, &expected));
		TRY(sql_lab_case_send(cx, id, cx->now, expected, &rows));
	} else if (to == LAB_RECEIVED) {
		TRY(sql_lab_case_receive(cx, id, cx->now, &rows));
	} else if (to == LAB_CHECKED) {
		TRY(sql_lab_case_check(cx, id, cx->now, &rows));
	}
	if (!rows)
		return err_tell(cx, ERR_CONFLICT,
			arena_printf(cx->mem, "O trabalho está em “%s”. Recarregue a página.",
				lab_step_title(old.step)),
			"case %" PRId64 " is at step %d", id, old.step);
	return record(cx, id, old.patient_id, steps[to].event,
		arena_printf(cx->mem, "%s: %s", lab_step_title(to), old.work), NULL);
}

Err lab_send_back(Ctx *cx, int64_t id, const char *reason)
{
	int32_t expected;
	int64_t rows;
	LabCase old;

	if (!reason)
		return err_field(cx, "reason", "Diga o que precisa ser refeito.");
	TRY(lab_get(cx, id, &old));
	TRY(promised(cx, old.laboratory_id, &expected));
	TRY(sql_lab_case_send_back(cx, id, cx->now, expected, reason, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT,
			"Só o que chegou e não foi conferido pode voltar.",
			"case %" PRId64 " is at step %d", id, old.step);
	return record(cx, id, old.patient_id, "lab.back",
		arena_printf(cx->mem, "Voltou ao laboratório: %s", old.work), reason);
}

Err lab_cancel(Ctx *cx, int64_t id, const char *reason)
{
	int64_t rows;
	LabCase old;

	if (!reason)
		return err_field(cx, "reason", "Diga por que o trabalho foi cancelado.");
	TRY(lab_get(cx, id, &old));
	TRY(sql_lab_case_cancel(cx, id, cx->now, reason, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Este trabalho já terminou.",
			"case %" PRId64 " is over", id);
	return record(cx, id, old.patient_id, steps[LAB_CANCELLED].event,
		arena_printf(cx->mem, "Trabalho cancelado: %s", old.work), reason);
}

/* ---- laboratories ---- */

Err laboratory_list(Ctx *cx, Laboratory **ret, size_t *ret_count)
{
	SqlLaboratories *row;

	TRY(sql_laboratories(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Laboratory, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (Laboratory){ .id = row[i].id,
			.name = row[i].name,
			.phone = row[i].phone,
			.email = row[i].email,
			.days = row[i].days,
			.active = row[i].active,
			.cases = row[i].cases,
			.real_tenths =
				row[i].late_days_null ? -1 : (int)(row[i].late_days * 10 + 0.5) };
	return OK;
}

Err laboratory_save(Ctx *cx, int64_t id, const LaboratoryForm *in)
{
	static const char taken[] = "Já existe um laboratório com este nome.";
	int32_t days = (int32_t)in->days;
	SqlLaboratoryInsert row;
	int64_t rows;
	bool added;

	if (!id) {
		TRY(sql_laboratory_insert(cx, in->name, in->phone, in->email, days, &row, &added));
		if (!added)
			return err_field(cx, "name", taken);
		id = row.id;
	} else {
		TRY(db_savepoint(cx));
		TRY(db_settle_unique(cx,
			sql_laboratory_update(
				cx, id, in->name, in->phone, in->email, days, in->active, &rows),
			"name", taken));
		if (!rows)
			return err_set(cx, ERR_NOT_FOUND, "no laboratory %" PRId64, id);
	}
	return audit_add_change(cx,
		&(Change){
			.action = "laboratory.save", .subject = "laboratory", .subject_id = id });
}

/* ---- what would not be back in time ---- */

Err lab_warn(Ctx *cx, const char *data)
{
	SqlLabCaseLate *row;
	Member *member;
	size_t count, members;
	int64_t rows;

	(void)data;
	TRY(sql_lab_case_late(cx, cx->now + LAB_WARN_DAYS * 86400, date_today(cx->now, cx->zone),
		cx->zone, &row, &count));
	if (!count)
		return OK;
	TRY(account_list_holders(cx, "treatment.lab", &member, &members));
	for (size_t i = 0; i < count; i++) {
		/* the bell is read by everyone near: the work and the day, not the patient's name
		 */
		const char *body = arena_printf(cx->mem, "%s, de %s. A consulta é %s.", row[i].work,
			row[i].laboratory,
			time_text_relative(cx->mem, row[i].next_visit_at, cx->now, cx->zone));

		for (size_t j = 0; j < members; j++)
			TRY(notice_add(cx, member[j].user,
				"O laboratório não chega antes da consulta", body, "/lab",
				"package",
				arena_printf(cx->mem, "lab-%" PRId64 "-%" PRId64, row[i].id,
					row[i].visit_id)));
		TRY(sql_lab_case_warned(cx, row[i].id, row[i].visit_id, &rows));
	}
	return OK;
}

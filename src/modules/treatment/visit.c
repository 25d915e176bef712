/* Visits at the chair. */
#include "modules/treatment/visit.h"

#include "modules/treatment/plan.h"
#include "modules/treatment/recall.h"
#include "modules/treatment/treatment.sql.h"
#include "platform/json/json.h"

const Field visit_end_fields[] = {
	FIELD(VisitEnd, materials, FIELD_LONG, "Materiais usados", 0, 1000, false),
	FIELD(VisitEnd, next_in_days, FIELD_INT, "Voltar em (dias)", 0, 730, false),
	FIELD(VisitEnd, next_minutes, FIELD_INT, "Duração (minutos)", 0, 720, false),
	FIELD(VisitEnd, next_note, FIELD_TEXT, "Para fazer o quê", 0, 300, false),
	FIELD(VisitEnd, line, FIELD_IDS, "Feito hoje", 0, 100, false),
};
const size_t visit_end_field_count = COUNT(visit_end_fields);

Err visit_get(Ctx *cx, int64_t id, Visit *ret)
{
	SqlVisitRow r;

	TRY(sql_visit_by_id(cx, id, &r));
	*ret = (Visit){ .id = r.id,
		.patient_id = r.patient_id,
		.dentist_id = r.dentist_id,
		.dentist = r.dentist,
		.appointment_id = r.appointment_id,
		.materials = r.materials,
		.done = r.done,
		.next_note = r.next_note,
		.started_at = r.started_at,
		.ended_at = r.ended_at,
		.next_in_days = r.next_in_days,
		.next_minutes = r.next_minutes,
		.version = r.version };
	return OK;
}

/* The patient sits: also one who was never marked as arrived. */
static Err sit_down(Ctx *cx, PatientId patient, int64_t appointment, int64_t chair)
{
	Appointment at;

	TRY(agenda_get(cx, (AppointmentId){ appointment }, &at));
	if (at.patient_id != patient.v)
		return err_set(cx, ERR_NOT_FOUND, "appointment %" PRId64 " is another patient's",
			appointment);
	if (at.presence == PRESENCE_CANCELLED || at.presence == PRESENCE_NO_SHOW)
		return err_tell(cx, ERR_CONFLICT,
			"Esta consulta consta como cancelada ou falta. "
			"Desfaça na agenda, ou atenda sem consulta.",
			"appointment %" PRId64 " fell through", appointment);
	if (at.presence == PRESENCE_SCHEDULED || at.presence == PRESENCE_ARRIVED)
		return agenda_set_presence(
			cx, (AppointmentId){ appointment }, PRESENCE_IN_CHAIR, chair);
	return OK;
}

static Err find_begun(Ctx *cx, PatientId patient, int64_t appointment, int64_t *ret)
{
	SqlVisitOfAppointment booked;
	SqlVisitOpen open;
	bool found;

	*ret = 0;
	if (appointment) {
		TRY(sql_visit_of_appointment(cx, appointment, &booked, &found));
		*ret = found ? booked.id : 0;
		return OK;
	}
	TRY(sql_visit_open(cx, patient.v, cx->user.v, &open, &found));
	*ret = found ? open.id : 0;
	return OK;
}

static Err tell(Ctx *cx, const Visit *visit, const char *event, Int64s line)
{
	Json json;

	json_init(&json, cx->mem);
	json_put_object(&json, NULL);
	json_put_int(&json, "id", visit->id);
	json_put_int(&json, "patient_id", visit->patient_id);
	json_put_int(&json, "dentist_id", visit->dentist_id);
	json_put_int(&json, "appointment_id", visit->appointment_id);
	json_put_int(&json, "next_in_days", visit->next_in_days);
	json_put_array(&json, "lines");
	for (size_t i = 0; i < line.count; i++)
		json_put_int(&json, NULL, line.v[i]);
	json_close(&json);
	json_close(&json);
	return module_tell(cx, event, visit->id, json_done(&json));
}

Err visit_start(Ctx *cx, PatientId patient, int64_t appointment, int64_t chair, int64_t *ret_id)
{
	SqlVisitInsert row;
	PatientHead head;
	int64_t begun;
	bool added;
	Visit visit;

	TRY(treatment_writable_head(cx, patient.v, &head));
	TRY(find_begun(cx, patient, appointment, &begun));
	if (!begun) {
		if (appointment)
			TRY(sit_down(cx, patient, appointment, chair));
		TRY(sql_visit_insert(cx, patient.v, cx->user.v, appointment ? &appointment : NULL,
			cx->now, &row, &added));
		if (added) {
			TRY(audit_add_change(cx, &(Change){ .action = "visit.start",
							 .subject = "visit",
							 .subject_id = row.id }));
			TRY(visit_get(cx, row.id, &visit));
			TRY(tell(cx, &visit, "visit.started", (Int64s){ 0 }));
			begun = row.id;
		} else { /* two windows at once */
			TRY(find_begun(cx, patient, appointment, &begun));
		}
	}
	*ret_id = begun;
	return OK;
}

/* The appointment is over too, unless somebody said so already. */
static Err get_up(Ctx *cx, int64_t appointment)
{
	Appointment at;

	if (!appointment)
		return OK;
	TRY(agenda_get(cx, (AppointmentId){ appointment }, &at));
	if (at.presence == PRESENCE_IN_CHAIR || at.presence == PRESENCE_ARRIVED)
		return agenda_set_presence(cx, (AppointmentId){ appointment }, PRESENCE_DONE, 0);
	return OK;
}

static bool is_named(Int64s list, int64_t id)
{
	for (size_t i = 0; i < list.count; i++)
		if (list.v[i] == id)
			return true;
	return false;
}

static const char *session_text(Ctx *cx, const PlanLine *line)
{
	if (line->sessions == 1)
		return arena_printf(cx->mem, "%s, %s", line->name, line->place);
	return arena_printf(cx->mem, "%s, %s, sessão %d de %d", line->name, line->place,
		line->sessions_done + 1, line->sessions);
}

/* Each line has one session more; what they are called is kept as it is today. */
static Err count_sessions(Ctx *cx, const Visit *visit, Int64s asked, Strs *ret)
{
	const char **done;
	PlanLine *line;
	size_t lines, count = 0;
	int64_t *ids, rows;

	*ret = (Strs){ 0 };
	if (!asked.count)
		return OK;
	TRY(plan_open_lines(cx, visit->patient_id, &line, &lines));
	ids = NEW_ARRAY(cx->mem, int64_t, lines + 1);
	for (size_t i = 0; i < lines; i++)
		ids[i] = line[i].id;
	for (size_t i = 0; i < asked.count; i++)
		if (!is_named((Int64s){ ids, lines }, asked.v[i]))
			return err_tell(cx, ERR_CONFLICT,
				"O plano mudou: um dos procedimentos não está mais aberto. "
				"Confira e encerre de novo.",
				"line %" PRId64 " is not open", asked.v[i]);
	done = NEW_ARRAY(cx->mem, const char *, lines + 1);
	for (size_t i = 0; i < lines; i++)
		if (is_named(asked, line[i].id)) {
			TRY(plan_line_session(cx, line[i].id, visit->id));
			done[count++] = session_text(cx, &line[i]);
		}
	*ret = (Strs){ done, count };
	return sql_visit_set_done(cx, visit->id, *ret, &rows);
}

/* What the patient's timeline says of it. */
static const char *ended_text(Ctx *cx, Strs done, const char *next)
{
	Buf text;

	buf_init(&text, cx->mem, 32 << 10);
	for (size_t i = 0; i < done.count; i++)
		buf_printf(&text, "%s%s", i ? "; " : "", done.v[i]);
	if (next)
		buf_printf(&text, "%sPróxima: %s", text.len ? ". " : "", next);
	return text.len ? buf_text(&text) : NULL;
}

Err visit_end(Ctx *cx, int64_t id, const VisitEnd *in)
{
	int32_t days = (int32_t)in->next_in_days, minutes = (int32_t)in->next_minutes;
	int64_t rows;
	Visit visit;

	if (minutes && minutes < 5)
		return err_field(cx, "next_minutes", "Uma consulta dura pelo menos 5 minutos.");
	TRY(visit_get(cx, id, &visit));
	TRY(sql_visit_end(cx, id, cx->now, in->materials, days ? &days : NULL,
		minutes ? &minutes : NULL, in->next_note, &rows));
	if (!rows)
		return err_tell(cx, ERR_CONFLICT, "Este atendimento já foi encerrado.",
			"visit %" PRId64 " is over", id);
	TRY(count_sessions(cx, &visit, in->line, &visit.done));
	TRY(get_up(cx, visit.appointment_id));
	visit.next_in_days = days;
	visit.next_minutes = minutes;
	visit.next_note = in->next_note;
	if (days)
		TRY(recall_ask(cx, &visit));
	TRY(audit_add_change(
		cx, &(Change){ .action = "visit.end", .subject = "visit", .subject_id = id }));
	TRY(audit_add_event(
		cx, &(Event){ .subject = "patient",
			    .subject_id = visit.patient_id,
			    .kind = "visit.ended",
			    .title = arena_printf(cx->mem, "Atendimento com %s", visit.dentist),
			    .body = ended_text(cx, visit.done, in->next_note) }));
	return tell(cx, &visit, "visit.ended", in->line);
}

Err visit_past_ask(Ctx *cx, int64_t patient)
{
	return sql_visit_past_send(cx, patient, PAST_VISITS);
}

Err visit_past_read(Ctx *cx, PastVisit **ret, size_t *ret_count)
{
	SqlVisitPast *row;

	TRY(sql_visit_past_read(cx, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, PastVisit, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = (PastVisit){ row[i].id, row[i].started_at, row[i].dentist };
	return OK;
}

Err visit_list_acts(Ctx *cx, int64_t id, VisitAct **ret, size_t *ret_count)
{
	SqlVisitActs *row;

	TRY(sql_visit_acts(cx, id, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, VisitAct, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++) {
		const Condition *condition = chart_condition(row[i].condition);
		ActTooth end[2] = { { row[i].first, NULL }, { row[i].last, NULL } };
		Act act = { .tooth = row[i].tooth,
			.surfaces = (unsigned)row[i].surfaces,
			.region = row[i].region,
			.teeth = end,
			.teeth_count = row[i].first_null             ? 0
				       : row[i].first == row[i].last ? 1
								     : 2 };

		(*ret)[i] = (VisitAct){ row[i].id, row[i].kind,
			condition ? condition->title : row[i].title, act_place(cx->mem, &act) };
	}
	return OK;
}

/* "Resina A2 1 g, Adesivo 2 gotas" of the catalogue's JSON. */
static Err kit_text(Ctx *cx, const char *kit, const char **ret)
{
	json_t *list;
	Buf text;

	TRY(json_parse(cx, str_of(kit), &list));
	buf_init(&text, cx->mem, 8 << 10);
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *row = json_array_get(list, i);
		const char *name = json_string_value(json_object_get(row, "name"));
		const char *quantity = json_string_value(json_object_get(row, "quantity"));

		if (str_is_empty(name))
			continue;
		buf_printf(&text, "%s%s", text.len ? ", " : "", name);
		if (!str_is_empty(quantity))
			buf_printf(&text, " %s", quantity);
	}
	*ret = buf_text(&text);
	return OK;
}

Err visit_list_kits(Ctx *cx, int64_t patient, LineKit **ret, size_t *ret_count)
{
	SqlVisitKits *row;

	TRY(sql_visit_kits(cx, patient, &row, ret_count));
	*ret = NEW_ARRAY(cx->mem, LineKit, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++) {
		(*ret)[i].line_id = row[i].line_id;
		TRY(kit_text(cx, row[i].kit, &(*ret)[i].text));
	}
	return OK;
}

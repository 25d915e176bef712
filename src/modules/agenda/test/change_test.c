#include "test.h"

#include "agenda_fixture.h"
#include "core/clock.h"
#include "modules/agenda/day.sql.h"
#include "modules/audit/audit.h"
#include "platform/db/db_conn.h"
#include "test_db.h"

static AppointmentId some(Ctx *cx, const Clinic *c)
{
	return (AppointmentId){ booked(cx, c, "2026-11-24T10:00") };
}

static PatientHead head_of(Ctx *cx, int64_t patient)
{
	PatientHead head = { 0 };

	CHECK(patient_head_ask(cx, (PatientId){ patient }) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	return head;
}

TEST(a_visit_goes_from_the_waiting_room_to_the_chair_and_out)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v;

	cx->now = when("2026-11-24T09:50");
	CHECK(agenda_set_presence(cx, id, PRESENCE_ARRIVED, 0) == OK);
	cx->now = when("2026-11-24T10:05");
	CHECK(agenda_set_presence(cx, id, PRESENCE_IN_CHAIR, 0) == ERR_INVALID);
	CHECK(bad_find(cx, "chair_id"));
	CHECK(agenda_set_presence(cx, id, PRESENCE_IN_CHAIR, c.chair) == OK);
	cx->now = when("2026-11-24T10:25");
	CHECK(agenda_set_presence(cx, id, PRESENCE_DONE, 0) == OK);
	v = visit(cx, id.v);
	CHECK_TEXT(hm(cx, v.arrived_at), "09:50");
	CHECK_TEXT(hm(cx, v.seated_at), "10:05");
	CHECK_TEXT(hm(cx, v.dismissed_at), "10:25");
	CHECK_INT(v.chair_id, c.chair);
	CHECK_INT(head_of(cx, c.ana).visits, 1);
	CHECK_INT(head_of(cx, c.ana).next_visit, 0);
}

TEST(there_is_no_step_back_but_taking_back)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v;

	cx->now = when("2026-11-24T10:05");
	CHECK(agenda_set_presence(cx, id, PRESENCE_ARRIVED, 0) == OK);
	CHECK(agenda_set_presence(cx, id, PRESENCE_SCHEDULED, 0) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Para voltar atrás, use Desfazer.");
	CHECK(agenda_set_presence(cx, id, PRESENCE_CANCELLED, 0) == ERR_CONFLICT);
	CHECK(agenda_set_presence(cx, id, PRESENCE_DONE, 0) == OK);
	CHECK(agenda_set_presence(cx, id, PRESENCE_NO_SHOW, 0) == ERR_CONFLICT);
	CHECK(agenda_undo(cx, id) == OK);
	v = visit(cx, id.v);
	CHECK(v.presence == PRESENCE_ARRIVED);
	CHECK_INT(v.dismissed_at, 0);
	CHECK(agenda_undo(cx, id) == OK);
	v = visit(cx, id.v);
	CHECK(v.presence == PRESENCE_SCHEDULED);
	CHECK_INT(v.arrived_at, 0);
	CHECK(agenda_undo(cx, id) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Não há mudança para desfazer.");
}

static int64_t first_of(Ctx *cx, int64_t patient)
{
	SqlDayBrief *brief;
	size_t count;

	CHECK(sql_day_brief(cx, when("2026-11-23T00:00"), when("2026-11-30T00:00"), &brief,
		      &count) == OK);
	for (size_t i = 0; i < count; i++)
		if (brief[i].patient_id == patient)
			return brief[i].first_at;
	return -1;
}

TEST(the_first_visit_of_a_patient_is_the_earliest_that_was_not_given_up)
{
	Clinic c = clinic_start(cx);
	AppointmentId early;

	(void)booked(cx, &c, "2026-11-25T10:00");
	CHECK_INT(first_of(cx, c.ana), when("2026-11-25T10:00"));
	early = some(cx, &c);
	CHECK_INT(first_of(cx, c.ana), when("2026-11-24T10:00"));
	CHECK(agenda_cancel(cx, early, /* by_patient= */ true, "viagem", SCOPE_ONE) == OK);
	CHECK_INT(first_of(cx, c.ana), when("2026-11-25T10:00"));
	CHECK(agenda_undo(cx, early) == OK);
	CHECK_INT(first_of(cx, c.ana), when("2026-11-24T10:00"));
}

TEST(who_did_not_come_is_known_and_may_have_come_after_all)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);

	CHECK(agenda_set_presence(cx, id, PRESENCE_NO_SHOW, 0) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "A consulta ainda não começou.");
	cx->now = when("2026-11-24T10:20");
	CHECK(agenda_set_presence(cx, id, PRESENCE_NO_SHOW, 0) == OK);
	CHECK_INT(head_of(cx, c.ana).no_shows, 1);
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_INT(head_of(cx, c.ana).no_shows, 0);
}

TEST(a_mistake_cannot_be_taken_back_once_the_time_is_somebody_elses)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);

	CHECK(agenda_cancel(cx, id, true, "viagem", SCOPE_ONE) == OK);
	CHECK_TEXT(visit(cx, id.v).cancelled_by, "patient");
	CHECK_TEXT(visit(cx, id.v).cancel_reason, "viagem");
	(void)booked(cx, &c, "2026-11-24T10:15");
	CHECK(agenda_undo(cx, id) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Não dá para desfazer: o horário de antes já foi ocupado.");
	CHECK(visit(cx, id.v).presence == PRESENCE_CANCELLED);
}

TEST(a_cancelled_visit_comes_back_as_it_was)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v;

	CHECK(agenda_set_confirmation(cx, id, CONFIRMATION_CONFIRMED) == OK);
	CHECK(agenda_cancel(cx, id, false, NULL, SCOPE_ONE) == OK);
	CHECK_TEXT(visit(cx, id.v).cancelled_by, "clinic");
	CHECK(agenda_cancel(cx, id, false, NULL, SCOPE_ONE) == ERR_CONFLICT);
	CHECK(agenda_undo(cx, id) == OK);
	v = visit(cx, id.v);
	CHECK(v.presence == PRESENCE_SCHEDULED);
	CHECK(v.confirmation == CONFIRMATION_CONFIRMED);
	CHECK(!v.cancelled_by);
	CHECK_INT(head_of(cx, c.ana).next_visit, v.starts_at);
}

TEST(the_two_axes_do_not_touch_one_another)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v;

	CHECK(agenda_set_confirmation(cx, id, CONFIRMATION_SENT) == OK);
	CHECK(agenda_set_presence(cx, id, PRESENCE_ARRIVED, 0) == OK);
	CHECK(agenda_set_confirmation(cx, id, CONFIRMATION_CONFIRMED) == OK);
	v = visit(cx, id.v);
	CHECK(v.presence == PRESENCE_ARRIVED);
	CHECK(v.confirmation == CONFIRMATION_CONFIRMED);
	CHECK(agenda_undo(cx, id) == OK);
	v = visit(cx, id.v);
	CHECK(v.presence == PRESENCE_ARRIVED);
	CHECK(v.confirmation == CONFIRMATION_SENT);
}

TEST(each_change_says_who_and_when_and_whether_it_stands)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	AgendaChange *change;
	size_t count;

	cx->user = (UserId){ 0 }; /* the patient, by the link in the message */
	CHECK(agenda_set_confirmation(cx, id, CONFIRMATION_CONFIRMED) == OK);
	cx->user = (UserId){ c.marcelo };
	CHECK(agenda_undo(cx, id) == OK);
	CHECK(agenda_list_changes(cx, id, &change, &count) == OK);
	CHECK_INT(count, 3); /* newest first */
	CHECK_TEXT(change[0].reason, "Desfeito");
	CHECK_TEXT(change[0].user_name, "Marcelo Tavares");
	CHECK_TEXT(change[1].axis, "confirmation");
	CHECK_TEXT(change[1].before, "not_sent");
	CHECK_TEXT(change[1].after, "confirmed");
	CHECK(change[1].undone);
	CHECK(change[1].by_patient);
	CHECK_TEXT(change[2].axis, "made");
	CHECK(!change[2].undone);
}

/* ---- moving ---- */

TEST(a_moved_visit_leaves_its_time_free_and_asks_anew)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Booking in;

	CHECK(agenda_set_confirmation(cx, id, CONFIRMATION_CONFIRMED) == OK);
	in = (Booking){ .starts_at = when("2026-11-25T14:00"), .visit_type_id = c.type };
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	CHECK_INT(visit(cx, id.v).starts_at, when("2026-11-25T14:00"));
	CHECK_TEXT(hm(cx, visit(cx, id.v).ends_at), "14:30");
	CHECK(visit(cx, id.v).confirmation == CONFIRMATION_NOT_SENT);
	(void)booked(cx, &c, "2026-11-24T10:00");
	CHECK(agenda_undo(cx, id) == ERR_CONFLICT);
	CHECK_INT(visit(cx, id.v).starts_at, when("2026-11-25T14:00"));
}

TEST(a_move_is_taken_back_with_all_it_changed)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v = visit(cx, id.v);
	Booking in = agenda_booking_of(&v);

	CHECK(agenda_set_confirmation(cx, id, CONFIRMATION_CONFIRMED) == OK);
	in.version = 0;
	in.starts_at = when("2026-11-26T15:00");
	in.ends_at = when("2026-11-26T16:00");
	in.dentist_id = c.marcelo;
	in.chair_id = c.chair2;
	in.note = "trazer exames";
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	v = visit(cx, id.v);
	CHECK_TEXT(v.chair_name, "Sala 2");
	CHECK_TEXT(v.dentist_name, "Dra. Marcelo Tavares");
	CHECK(agenda_undo(cx, id) == OK);
	v = visit(cx, id.v);
	CHECK_INT(v.starts_at, when("2026-11-24T10:00"));
	CHECK_TEXT(hm(cx, v.busy_to), "10:30");
	CHECK_INT(v.dentist_id, c.ianara);
	CHECK_INT(v.chair_id, 0);
	CHECK_TEXT(v.note, NULL);
	CHECK(v.confirmation == CONFIRMATION_CONFIRMED);
}

TEST(who_was_asked_to_arrive_earlier_is_still_when_the_visit_moves)
{
	Clinic c = clinic_start(cx);
	Booking in = booking(&c, "2026-11-24T09:00");
	AppointmentId id;

	in.asked_at = when("2026-11-24T08:45");
	CHECK(agenda_book(cx, &in, &id) == OK);
	in = (Booking){ .starts_at = when("2026-11-25T14:00"),
		.asked_at = when("2026-11-24T08:45") };
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	CHECK_INT(visit(cx, id.v).asked_at, when("2026-11-25T13:45"));
	in.asked_at = when("2026-11-25T13:30");
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	CHECK_INT(visit(cx, id.v).asked_at, when("2026-11-25T13:30"));
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_INT(visit(cx, id.v).asked_at, when("2026-11-25T13:45"));
}

TEST(a_visit_may_grow_over_itself_but_not_over_the_next)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v = visit(cx, id.v);
	Booking in = agenda_booking_of(&v);

	(void)booked(cx, &c, "2026-11-24T11:00");
	in.ends_at = when("2026-11-24T11:00");
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	in.version = 0;
	in.starts_at = when("2026-11-24T10:15");
	in.ends_at = when("2026-11-24T11:15");
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Dra. Ianara Pinho já tem consulta das 11:00 às 11:30.");
	CHECK_TEXT(hm(cx, visit(cx, id.v).starts_at), "10:00");
}

TEST(the_slower_of_two_people_is_told)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v = visit(cx, id.v);
	Booking in = agenda_booking_of(&v);

	CHECK(agenda_set_confirmation(cx, id, CONFIRMATION_SENT) == OK);
	in.starts_at = when("2026-11-24T15:00");
	in.ends_at = 0;
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == ERR_STALE);
	in.version = visit(cx, id.v).version;
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
}

TEST(what_is_over_does_not_move)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Booking in = { .starts_at = when("2026-11-24T15:00") };

	CHECK(agenda_cancel(cx, id, false, NULL, SCOPE_ONE) == OK);
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Esta consulta não muda mais: Cancelado. Desfaça antes.");
}

TEST(an_edit_without_a_new_time_does_not_ask_for_hours)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	AgendaChange *change;
	Appointment v;
	Booking in;
	size_t count;

	clinic_sql(cx, "delete from agenda.shift");
	v = visit(cx, id.v);
	in = agenda_booking_of(&v);
	in.title = "Avaliação do siso";
	in.patient_id = c.bia;
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	CHECK_TEXT(visit(cx, id.v).patient_name, "Beatriz Almeida");
	CHECK_INT(head_of(cx, c.ana).next_visit, 0);
	CHECK_INT(head_of(cx, c.bia).next_visit, v.starts_at);
	CHECK(agenda_list_changes(cx, id, &change, &count) == OK);
	CHECK_TEXT(change[0].axis, "edited");
	CHECK_TEXT(change[0].after, "paciente, procedimento");
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_TEXT(visit(cx, id.v).patient_name, "Ana Paula Dias");
	CHECK_INT(head_of(cx, c.bia).next_visit, 0);
	/* nothing new: nothing is written */
	v = visit(cx, id.v);
	in = agenda_booking_of(&v);
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	CHECK_INT(visit(cx, id.v).version, v.version);
}

TEST(an_edit_does_not_go_into_what_is_closed_to_the_chair_or_the_type)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v = visit(cx, id.v);
	Booking in = agenda_booking_of(&v);

	clinic_sql(cx,
		"insert into agenda.block (company_id, chair_id, kind, starts_at, ends_at) values "
		"(%" PRId64 ", %" PRId64
		", 'maintenance', '2026-11-24T12:00Z', '2026-11-24T15:00Z')",
		cx->company.v, c.chair2);
	in.chair_id = c.chair2;
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "O horário está bloqueado (manutenção das 09:00 às 12:00).");
	in.outside_hours = true; /* meant */
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	v = visit(cx, id.v);
	in = agenda_booking_of(&v);
	in.title = "Siso"; /* what is there already may be written about */
	in.visit_type_id = c.long_type;
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
}

TEST(two_in_one_chair_at_a_time_is_one_too_many)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c), other;
	Booking in = booking(&c, "2026-11-24T10:15");

	in.dentist_id = c.marcelo;
	in.patient_id = c.bia;
	CHECK(agenda_book(cx, &in, &other) == OK);
	cx->now = when("2026-11-24T10:16");
	CHECK(agenda_set_presence(cx, id, PRESENCE_IN_CHAIR, c.chair) == OK);
	CHECK(agenda_set_presence(cx, other, PRESENCE_IN_CHAIR, c.chair) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence, "Esta cadeira está ocupada neste horário.");
	CHECK(agenda_set_presence(cx, other, PRESENCE_IN_CHAIR, c.chair2) == OK);
}

TEST(a_server_that_is_away_is_not_called_an_occupied_chair)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);

	cx->db->fail_in = 5; /* the write: behind the visit, its day, its row and the chair */
	CHECK(agenda_set_presence(cx, id, PRESENCE_IN_CHAIR, c.chair) == ERR_UNAVAILABLE);
	cx->db->fail_in = 0;
}

TEST(only_what_one_saw_is_taken_back)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	int seen;

	CHECK(agenda_set_presence(cx, id, PRESENCE_ARRIVED, 0) == OK);
	seen = visit(cx, id.v).version;
	CHECK(agenda_set_confirmation(cx, id, CONFIRMATION_CONFIRMED) == OK); /* somebody else */
	CHECK(agenda_undo_seen(cx, id, seen) == ERR_CONFLICT);
	CHECK_TEXT(cx->err.sentence,
		"Alguém mudou esta consulta depois. Veja o histórico antes de desfazer.");
	CHECK(visit(cx, id.v).confirmation == CONFIRMATION_CONFIRMED);
	CHECK(agenda_undo_seen(cx, id, visit(cx, id.v).version) == OK);
	CHECK(visit(cx, id.v).confirmation == CONFIRMATION_NOT_SENT);
	CHECK(visit(cx, id.v).presence == PRESENCE_ARRIVED);
}

/* ---- patients that change ---- */

TEST(a_new_name_reaches_the_visits_to_come)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Patient patient;

	CHECK(patient_get(cx, (PatientId){ c.ana }, &patient) == OK);
	CHECK(patient_save(cx, (PatientId){ c.ana },
		      &(PatientForm){ .name = "Ana Paula Dias Melo",
			      .birth = DATE_NONE,
			      .version = patient.version }) == OK);
	CHECK_TEXT(visit(cx, id.v).patient_name, "Ana Paula Dias Melo");
}

TEST(visits_follow_a_merge_and_come_back_when_it_is_parted)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	PatientId into;
	int64_t merge;

	CHECK(patient_merge(cx, (PatientId){ c.ana }, (PatientId){ c.bia }, NULL, &merge) == OK);
	CHECK_INT(visit(cx, id.v).patient_id, c.bia);
	CHECK_TEXT(visit(cx, id.v).patient_name, "Beatriz Almeida");
	CHECK_INT(head_of(cx, c.bia).next_visit, visit(cx, id.v).starts_at);
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_INT(visit(cx, id.v).patient_id, c.ana);
	CHECK_INT(head_of(cx, c.bia).next_visit, 0);
}

TEST(taking_back_does_not_give_a_visit_to_who_was_merged_away)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c), edited = { booked(cx, &c, "2026-11-24T14:00") };
	Booking in = { .starts_at = when("2026-11-25T14:00") };
	Appointment v = visit(cx, edited.v);
	PatientId into;
	int64_t merge;

	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	in = agenda_booking_of(&v);
	in.patient_id = c.caio;
	CHECK(agenda_move(cx, edited, &in, SCOPE_ONE) == OK);
	CHECK(patient_merge(cx, (PatientId){ c.ana }, (PatientId){ c.bia }, NULL, &merge) == OK);
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_INT(visit(cx, id.v).patient_id, c.bia);
	CHECK_TEXT(visit(cx, id.v).patient_name, "Beatriz Almeida");
	CHECK(agenda_undo(cx, edited) == OK);
	CHECK_INT(visit(cx, edited.v).patient_id, c.bia);
	CHECK(patient_unmerge(cx, merge, &into) == OK);
	CHECK_INT(visit(cx, id.v).patient_id, c.ana);
}

TEST(taking_back_brings_neither_an_old_name_nor_what_was_forgotten)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = some(cx, &c);
	Appointment v = visit(cx, id.v);
	Booking in = agenda_booking_of(&v);
	AgendaChange *change;
	size_t count;

	in.note = "tem medo de agulha";
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	in = (Booking){ .starts_at = when("2026-11-25T14:00"), .note = in.note };
	CHECK(agenda_move(cx, id, &in, SCOPE_ONE) == OK);
	CHECK(agenda_cancel(cx, id, /* by_patient= */ true, "internada", SCOPE_ONE) == OK);
	CHECK(patient_anonymise(cx, (PatientId){ c.ana }) == OK);
	CHECK(agenda_list_changes(cx, id, &change, &count) == OK);
	CHECK_INT(count, 4);
	for (size_t i = 0; i < count; i++)
		CHECK_TEXT(change[i].reason, NULL);
	CHECK(agenda_undo(cx, id) == OK);
	CHECK(agenda_undo(cx, id) == OK);
	CHECK_TEXT(visit(cx, id.v).patient_name, "Paciente anonimizado");
	CHECK_TEXT(visit(cx, id.v).note, NULL);
	CHECK_TEXT(visit(cx, id.v).cancel_reason, NULL);
}

TEST(what_happened_to_a_visit_is_written_down_in_few_round_trips)
{
	Clinic c = clinic_start(cx);
	AppointmentId id = { booked(cx, &c, "2026-11-24T10:00") };
	Appointment now = visit(cx, id.v);
	int before = cx->query_count;

	/* what stands there; the four books of it at once; who listens */
	CHECK(visit_note(cx, id,
		      &(Note){ .axis = "confirmation",
			      .before = "sent",
			      .after = "confirmed",
			      .event = "appointment.confirmed",
			      .title = "Consulta confirmada",
			      .old = &now }) == OK);
	CHECK_INT(cx->query_count - before, 3);
	before = cx->query_count;
	booked(cx, &c, "2026-11-24T14:00");
	CHECK_INT(cx->query_count - before, 10); /* sixteen, one after the other */
}

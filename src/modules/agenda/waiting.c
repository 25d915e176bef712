/* The waiting list: entries with their wishes, and who fits a slot. */
#include "modules/agenda/waiting.h"

#include "core/clock.h"
#include "modules/agenda/agenda_rooms.h"
#include "modules/agenda/doors_rooms.h"
#include "modules/audit/audit.h"
#include "modules/company/company.h"
#include "platform/db/db.h"
#include "platform/mail/mail.h"
#include "platform/web/events.h"

enum { WEEK_ALL = 127, SLOTS_DAYS = 90, NOTE_MOST = 1000 };

const char *priority_title(int priority)
{
	return priority == 2 ? "Urgente" : priority == 1 ? "Alta" : "Normal";
}

static const char *day_words(Arena *mem, int bits)
{
	Buf buf;

	if ((bits & WEEK_ALL) == WEEK_ALL)
		return "qualquer dia";
	if ((bits & WEEK_ALL) == 31)
		return "segunda a sexta";
	buf_init(&buf, mem, 100);
	for (int day = 1; day <= 7; day++)
		if (bits >> (day - 1) & 1)
			buf_printf(&buf, "%s%s", buf.len ? ", " : "", weekday_short(day));
	return buf_text(&buf);
}

const char *waiting_wishes(Arena *mem, const SqlWaitingRow *entry)
{
	Buf buf;

	buf_init(&buf, mem, 300);
	buf_puts(&buf, day_words(mem, entry->weekdays));
	if (entry->from_minute && entry->to_minute < 1440)
		buf_printf(&buf, ", %s às %s", minute_text(mem, entry->from_minute),
			minute_text(mem, entry->to_minute));
	else if (entry->from_minute)
		buf_printf(&buf, ", a partir das %s", minute_text(mem, entry->from_minute));
	else if (entry->to_minute < 1440)
		buf_printf(&buf, ", até as %s", minute_text(mem, entry->to_minute));
	if (!entry->from_date_null)
		buf_printf(&buf, ", desde %s", date_text(mem, entry->from_date));
	if (!entry->to_date_null)
		buf_printf(&buf, ", até %s", date_text(mem, entry->to_date));
	return buf_text(&buf);
}

/* ---- entries ---- */

Err waiting_list(
	Ctx *cx, int64_t dentist_id, int64_t visit_type_id, SqlWaitingRow **ret, size_t *ret_count)
{
	return sql_waiting_open(cx, dentist_id, visit_type_id, ret, ret_count);
}

Err waiting_get(Ctx *cx, int64_t id, SqlWaitingRow *ret)
{
	return sql_waiting_by_id(cx, id, ret);
}

static Err named(bool known, Ctx *cx, const char *field)
{
	return known ? OK : err_field(cx, field, "Escolha um item da lista.");
}

/* As long as the type takes when nothing is said; with anybody, as the type says. */
static Err check_type(Ctx *cx, WaitingForm *in)
{
	VisitType *type;
	size_t count;
	int minutes = in->minutes ? 0 : 30;

	if (in->visit_type_id) {
		TRY(agenda_list_visit_types(cx, &type, &count));
		minutes = 0;
		for (size_t i = 0; i < count; i++)
			if (type[i].id == in->visit_type_id)
				minutes = type[i].minutes;
		TRY(named(minutes > 0, cx, "visit_type_id"));
		if (in->dentist_id && agenda_minutes(cx, in->visit_type_id, in->dentist_id,
					      &minutes) == ERR_CONFLICT)
			return err_field(cx, "visit_type_id", cx->err.sentence);
	}
	if (!in->minutes)
		in->minutes = minutes;
	return OK;
}

static Err check_place(Ctx *cx, const WaitingForm *in)
{
	bool known = !in->dentist_id;
	Dentist *dentist;
	Branch *branch;
	size_t count;

	TRY(agenda_list_dentists(cx, &dentist, &count));
	for (size_t i = 0; i < count; i++)
		known = known || dentist[i].user == in->dentist_id;
	TRY(named(known, cx, "dentist_id"));
	known = !in->branch_id;
	TRY(company_list_branches(cx, &branch, &count));
	for (size_t i = 0; i < count; i++)
		known = known || branch[i].id == in->branch_id;
	return named(known, cx, "branch_id");
}

static Err check(Ctx *cx, WaitingForm *in)
{
	if (!in->weekdays)
		in->weekdays = WEEK_ALL;
	if (!in->to_minute)
		in->to_minute = 1440;
	TRY(check_place(cx, in));
	TRY(check_type(cx, in));
	if (in->to_minute - in->from_minute < in->minutes)
		return err_field(cx, "to", "Neste intervalo a consulta não cabe.");
	if (in->from_date != DATE_NONE && in->to_date != DATE_NONE && in->to_date < in->from_date)
		return err_field(cx, "to_date", "A última data é antes da primeira.");
	if (in->to_date != DATE_NONE && in->to_date < date_today(cx->now, cx->zone))
		return err_field(cx, "to_date", "Esta data já passou.");
	return OK;
}

static Err note(Ctx *cx, const char *action, int64_t id)
{
	events_publish_later(
		cx, (UserId){ 0 }, "waiting", arena_printf(cx->mem, "{\"id\":%" PRId64 "}", id));
	return audit_add_change(
		cx, &(Change){ .action = action, .subject = "waiting", .subject_id = id });
}

Err waiting_add(Ctx *cx, const WaitingForm *form, int64_t *ret)
{
	WaitingForm in = *form;
	SqlWaitingInsert row;
	Patient patient;

	TRY(patient_get(cx, (PatientId){ in.patient_id }, &patient));
	TRY(check(cx, &in));
	if (in.appointment_id) {
		Appointment visit;

		TRY(agenda_get(cx, (AppointmentId){ in.appointment_id }, &visit));
		if (visit.patient_id != in.patient_id || visit.presence != PRESENCE_SCHEDULED)
			return err_field(cx, "appointment_id", "Escolha uma consulta da lista.");
	}
	TRY(sql_waiting_insert(cx,
		&(SqlWaitingInsertIn){ .patient_id = in.patient_id,
			.dentist_id = db_id_or_null(&in.dentist_id),
			.branch_id = db_id_or_null(&in.branch_id),
			.visit_type_id = db_id_or_null(&in.visit_type_id),
			.minutes = (int32_t)in.minutes,
			.weekdays = in.weekdays,
			.from_minute = in.from_minute,
			.to_minute = in.to_minute,
			.from_date = &in.from_date,
			.to_date = &in.to_date,
			.priority = (int32_t)in.priority,
			.note = in.note,
			.appointment_id = db_id_or_null(&in.appointment_id),
			.created_by = db_id_or_null(&cx->user.v) },
		&row));
	*ret = row.id;
	TRY(audit_add_event(cx, &(Event){ .subject = "patient",
					.subject_id = in.patient_id,
					.kind = "waiting",
					.title = "Entrou na lista de espera" }));
	return note(cx, "waiting.add", row.id);
}

Err waiting_save(Ctx *cx, int64_t id, const WaitingForm *form)
{
	WaitingForm in = *form;
	int64_t rows;

	TRY(check(cx, &in));
	TRY(sql_waiting_update(cx,
		&(SqlWaitingUpdateIn){ .id = id,
			.dentist_id = db_id_or_null(&in.dentist_id),
			.branch_id = db_id_or_null(&in.branch_id),
			.visit_type_id = db_id_or_null(&in.visit_type_id),
			.minutes = (int32_t)in.minutes,
			.weekdays = in.weekdays,
			.from_minute = in.from_minute,
			.to_minute = in.to_minute,
			.from_date = &in.from_date,
			.to_date = &in.to_date,
			.priority = (int32_t)in.priority,
			.note = in.note,
			.version = (int32_t)in.version },
		&rows));
	if (!rows)
		return err_set(cx, ERR_CONFLICT, "waiting %" PRId64 " changed meanwhile", id);
	return note(cx, "waiting.update", id);
}

Err waiting_close(Ctx *cx, int64_t id)
{
	SqlWaitingLock row;
	int64_t rows;

	TRY(sql_waiting_lock(cx, id, &row));
	if (strcmp(row.state, "open") != 0)
		return OK;
	TRY(sql_waiting_finish(cx, id, "closed", NULL, &rows));
	TRY(sql_offer_withdraw(cx, id, 0, cx->now, &rows));
	return note(cx, "waiting.close", id);
}

Err waiting_reopen(Ctx *cx, int64_t id)
{
	SqlWaitingLock row;
	int64_t rows;

	TRY(sql_waiting_lock(cx, id, &row));
	TRY(sql_waiting_reopen(cx, id, &rows));
	return note(cx, "waiting.reopen", id);
}

/* ---- booking ---- */

/* What was written for the new time is of the visit that comes forward too; the entry's own note is
 * not written over the visit's. */
static Err write_along(Ctx *cx, const SqlWaitingLock *entry, const Booking *in, Booking *booking)
{
	const char *note = booking->note;

	if (!str_is_empty(in->title))
		booking->title = in->title;
	if (in->asked_at)
		booking->asked_at = in->asked_at;
	if (in->visit_type_id && in->visit_type_id != entry->visit_type_id)
		booking->visit_type_id = in->visit_type_id;
	if (str_is_empty(note))
		booking->note = in->note;
	else if (!str_is_empty(in->note) && !str_same(in->note, entry->note))
		booking->note = arena_printf(cx->mem, "%s\n%s", note, in->note);
	if (booking->note && str_utf8_length(str_of(booking->note)) > NOTE_MOST)
		return err_field(cx, "note",
			"Com o que a consulta já tem anotado, passa de 1000 caracteres.");
	return OK;
}

/* The later visit comes forward, when it still stands; a repetition is booked beside it. */
static Err move_later(Ctx *cx, const SqlWaitingLock *entry, const Booking *in, bool *ret_moved,
	AppointmentId *ret)
{
	Appointment visit;
	Booking booking;

	*ret_moved = false;
	if (entry->appointment_id_null || in->rrule)
		return OK;
	TRY(agenda_get(cx, (AppointmentId){ entry->appointment_id }, &visit));
	if (visit.presence != PRESENCE_SCHEDULED)
		return OK;
	booking = agenda_booking_of(&visit);
	booking.starts_at = in->starts_at;
	booking.ends_at = in->ends_at;
	booking.dentist_id = in->dentist_id;
	booking.branch_id = in->branch_id;
	booking.chair_id = in->chair_id;
	booking.outside_hours = in->outside_hours;
	booking.encaixe = in->encaixe;
	TRY(write_along(cx, entry, in, &booking));
	*ret = (AppointmentId){ visit.id };
	*ret_moved = true;
	return agenda_move(cx, *ret, &booking, SCOPE_ONE);
}

Err waiting_book(Ctx *cx, int64_t id, const Booking *in, AppointmentId *ret)
{
	Booking booking = *in;
	SqlWaitingLock entry;
	int64_t rows;
	bool moved;

	TRY(sql_waiting_lock(cx, id, &entry));
	if (strcmp(entry.state, "open") != 0)
		return err_tell(cx, ERR_CONFLICT, "Esta pessoa não está mais na lista de espera.",
			"waiting %" PRId64 " is %s", id, entry.state);
	booking.patient_id = entry.patient_id;
	booking.origin = "waitlist";
	if (!booking.visit_type_id)
		booking.visit_type_id = entry.visit_type_id;
	if (!booking.ends_at)
		booking.ends_at = booking.starts_at + entry.minutes * (int64_t)MINUTE_S;
	TRY(move_later(cx, &entry, &booking, &moved, ret));
	if (!moved)
		TRY(agenda_book(cx, &booking, ret));
	TRY(sql_waiting_finish(cx, id, "booked", &ret->v, &rows));
	TRY(sql_offer_withdraw(cx, id, 0, cx->now, &rows));
	return note(cx, "waiting.book", id);
}

static Err give_back(Ctx *cx, int64_t appointment, bool unbooked)
{
	SqlWaitingGiveBack *row;
	size_t count;

	TRY(sql_waiting_give_back(cx, appointment, unbooked, &row, &count));
	for (size_t i = 0; i < count; i++)
		TRY(note(cx, "waiting.reopen", row[i].id));
	return OK;
}

Err waiting_unbook(Ctx *cx, int64_t appointment)
{
	return give_back(cx, appointment, /* unbooked= */ true);
}

Err waiting_on_event(Ctx *cx, const char *name, int64_t id)
{
	return strcmp(name, "appointment.undone") ? OK : give_back(cx, id, /* unbooked= */ false);
}

/* ---- matching ---- */

Err waiting_match(Ctx *cx, const Slot *slot, SqlWaitingRow **ret, size_t *ret_count)
{
	const char *zone;
	Clock clock;

	TRY(agenda_zone(cx, slot->branch_id, &zone));
	clock = time_clock(slot->starts_at, zone);
	return sql_waiting_matches(cx,
		&(SqlWaitingMatchesIn){ .dentist_id = slot->dentist_id,
			.branch_id = slot->branch_id,
			.starts_at = slot->starts_at,
			.ends_at = slot->ends_at,
			.weekday = 1 << (clock.weekday - 1),
			.minute = clock.hour * 60 + clock.minute,
			.on_date = date_of(clock.year, clock.month, clock.day),
			.now = cx->now },
		ret, ret_count);
}

Err waiting_slots(Ctx *cx, const SqlWaitingRow *entry, size_t n, Slot **ret, size_t *ret_count)
{
	int64_t to = cx->now + SLOTS_DAYS * (int64_t)DAY_S, from = cx->now;

	if (!entry->from_date_null && time_of_date(entry->from_date, cx->zone) > from) {
		from = time_of_date(entry->from_date, cx->zone);
		to = from + SLOTS_DAYS * (int64_t)DAY_S;
	}
	if (!entry->to_date_null)
		to = time_of_date(entry->to_date + 1, cx->zone);
	if (!entry->appointment_at_null && entry->appointment_at < to)
		to = entry->appointment_at;
	*ret_count = 0;
	*ret = NULL;
	if (to <= from)
		return OK;
	if (to - from > 119 * (int64_t)DAY_S)
		to = from + 119 * (int64_t)DAY_S;
	return agenda_find_slots(cx,
		&(SlotQuery){ .from = from,
			.to = to,
			.minutes = entry->minutes,
			.dentist_id = entry->dentist_id,
			.branch_id = entry->branch_id,
			.visit_type_id = entry->visit_type_id,
			.weekdays = (uint8_t)entry->weekdays,
			.from_minute = entry->from_minute,
			.to_minute = entry->from_minute || entry->to_minute < 1440
					     ? entry->to_minute
					     : 0,
			.limit = n },
		ret, ret_count);
}

/* ---- letters ---- */

Err door_send(Ctx *cx, const DoorLetter *in)
{
	DoorLetter letter = *in;
	Company company;
	Html h;

	TRY(company_get(cx, &company));
	letter.clinic = company.name;
	html_init(&h, cx, "");
	door_mail(&h, &letter);
	return mail_send(cx,
		&(Letter){ .to = in->to,
			.to_name = in->name,
			.from_name = company.name,
			.reply_to = company.email,
			.subject = in->subject,
			.text = arena_printf(cx->mem, "Olá, %s,\n\n%s\n\n%s%s%s%s%s%s\n\n%s\n",
				in->name, in->text, in->code ? in->code : "",
				in->code ? "\n\n" : "", in->link ? in->link : "",
				in->link ? "\n\n" : "", in->after ? in->after : "",
				in->after ? "" : "Até breve.", company.name),
			.html = arena_dup(cx->mem, html_text_of(&h)) },
		/* ret_id= */ NULL);
}

/* A dentist's day: who comes, what is missing of them, who came without an appointment, and what
 * waits for a signature. The agenda's list first; all else in one round trip. */
#include "core/clock.h"
#include "modules/treatment/treatment.sql.h"
#include "modules/treatment/visit.h"

enum { ANAMNESIS_AGE = 365 * 86400 };

static Err list_visits(Ctx *cx, int64_t dentist, int64_t from, int64_t to, DentistDay *ret)
{
	const AgendaQuery query = { .from = from, .to = to, .dentist_id = dentist };
	Appointment *at;
	DayVisit *visit;

	TRY(agenda_list(cx, &query, &at, &ret->visit_count));
	visit = NEW_ARRAY(cx->mem, DayVisit, ret->visit_count + 1);
	for (size_t i = 0; i < ret->visit_count; i++) {
		visit[i] = (DayVisit){ .at = at[i], .birth = DATE_NONE };
		ret->waiting += at[i].presence == PRESENCE_ARRIVED;
		ret->done += at[i].presence == PRESENCE_DONE;
	}
	ret->visit = visit;
	return OK;
}

static Err ask_facts(Ctx *cx, const DayVisit *visit, size_t count)
{
	int64_t *patient = NEW_ARRAY(cx->mem, int64_t, count + 1);
	int64_t *appointment = NEW_ARRAY(cx->mem, int64_t, count + 1);

	for (size_t i = 0; i < count; i++) {
		patient[i] = visit[i].at.patient_id;
		appointment[i] = visit[i].at.id;
	}
	TRY(sql_day_patients_send(cx, (Int64s){ patient, count }));
	return sql_day_visits_send(cx, (Int64s){ appointment, count });
}

/* The same patient may come twice a day. */
static Err read_patients(Ctx *cx, DayVisit *visit, size_t count)
{
	SqlDayPatients *fact;
	size_t facts;

	TRY(sql_day_patients_read(cx, &fact, &facts));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < facts; j++) {
			if (fact[j].patient_id != visit[i].at.patient_id)
				continue;
			visit[i].birth = fact[j].birth;
			visit[i].phone = fact[j].phone;
			visit[i].alert_text = fact[j].alert_text;
			visit[i].planned = fact[j].planned;
			visit[i].first = !fact[j].visits;
			visit[i].anamnesis_missing = fact[j].anamnesis_at_null ||
						     fact[j].anamnesis_at < cx->now - ANAMNESIS_AGE;
			visit[i].image_missing = fact[j].planned && !fact[j].images;
			visit[i].lab_out = fact[j].lab;
		}
	return OK;
}

static Err read_begun(Ctx *cx, DayVisit *visit, size_t count)
{
	SqlDayVisits *begun;
	size_t begins;

	TRY(sql_day_visits_read(cx, &begun, &begins));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < begins; j++) {
			if (begun[j].appointment_id != visit[i].at.id)
				continue;
			visit[i].visit_id = begun[j].id;
			visit[i].over = !begun[j].ended_at_null;
			visit[i].unsigned_note = begun[j].open_notes > 0;
			visit[i].note_missing = visit[i].over && !begun[j].notes;
		}
	return OK;
}

static Err read_walk_ins(Ctx *cx, DentistDay *ret)
{
	SqlDayWalkIns *row;
	DayWalkIn *visit;

	TRY(sql_day_walk_ins_read(cx, &row, &ret->walk_in_count));
	visit = NEW_ARRAY(cx->mem, DayWalkIn, ret->walk_in_count + 1);
	for (size_t i = 0; i < ret->walk_in_count; i++)
		visit[i] = (DayWalkIn){ row[i].id, row[i].patient_id, row[i].started_at,
			row[i].ended_at_null ? 0 : row[i].ended_at, row[i].patient };
	ret->walk_in = visit;
	return OK;
}

static Err read_notes(Ctx *cx, DentistDay *ret)
{
	SqlUnsignedNotes *row;
	DayNote *note;

	TRY(sql_unsigned_notes_read(cx, &row, &ret->note_count));
	note = NEW_ARRAY(cx->mem, DayNote, ret->note_count + 1);
	for (size_t i = 0; i < ret->note_count; i++)
		note[i] = (DayNote){ row[i].id, row[i].patient_id, row[i].created_at,
			row[i].patient };
	ret->note = note;
	return OK;
}

Err visit_day(Ctx *cx, int64_t dentist, int32_t date, DentistDay *ret)
{
	int64_t from = time_of_date(date, cx->zone), to = time_of_date(date + 1, cx->zone);
	DentistDay day = { 0 };

	TRY(list_visits(cx, dentist, from, to, &day));
	TRY(ask_facts(cx, day.visit, day.visit_count));
	/* on today's list also what is still open of before */
	TRY(sql_day_walk_ins_send(cx, dentist, from, to, date == date_today(cx->now, cx->zone)));
	TRY(sql_unsigned_notes_send(cx, dentist));
	TRY(read_patients(cx, day.visit, day.visit_count));
	TRY(read_begun(cx, day.visit, day.visit_count));
	TRY(read_walk_ins(cx, &day));
	TRY(read_notes(cx, &day));
	*ret = day;
	return OK;
}

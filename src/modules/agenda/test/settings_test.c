#include "test.h"

#include "agenda_fixture.h"
#include "core/clock.h"
#include "modules/agenda/doors_rooms.h"
#include "modules/agenda/kiosk_view.h"
#include "test_db.h"

static ShiftForm shift(const Clinic *c, int weekday, int from, int to)
{
	return (ShiftForm){ .branch_id = c->branch,
		.weekday = weekday,
		.from_minute = from,
		.to_minute = to,
		.valid_from = DATE_NONE,
		.valid_to = DATE_NONE,
		.every = 1 };
}

TEST(two_shifts_of_a_dentist_never_overlap_and_the_sentence_says_which)
{
	Clinic c = clinic_start(cx);
	ShiftForm in = shift(&c, 2, 11 * 60, 14 * 60);

	CHECK(shift_save(cx, c.ianara, 0, &in) == ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "from"),
		"Encontra-se com outro horário: Terça, 08:00 às 12:00 em Centro.");
	/* half-open: it may begin where another ends */
	in.from_minute = 12 * 60;
	in.to_minute = 13 * 60;
	CHECK(shift_save(cx, c.ianara, 0, &in) == OK);
}

TEST(shifts_of_different_times_of_the_year_or_different_weeks_do_not_meet)
{
	Clinic c = clinic_start(cx);
	ShiftForm a = shift(&c, 2, 480, 720), b = a;

	CHECK(shifts_meet(&a, &b));
	a.valid_to = date_of(2026, 12, 31);
	b.valid_from = date_of(2027, 1, 1);
	CHECK(!shifts_meet(&a, &b));
	b.valid_from = date_of(2026, 12, 29); /* the last Tuesday of the year */
	CHECK(shifts_meet(&a, &b));
	a = b = shift(&c, 2, 480, 720);
	a.every = b.every = 2;
	a.valid_from = date_of(2026, 11, 24);
	b.valid_from = date_of(2026, 12, 1);
	CHECK(!shifts_meet(&a, &b));
	b.valid_from = date_of(2026, 12, 8);
	CHECK(shifts_meet(&a, &b));
}

TEST(every_other_week_is_counted_from_the_week_of_the_first_date)
{
	Clinic c = clinic_start(cx);
	ShiftForm in = shift(&c, 5, 480, 720);

	in.every = 2;
	in.valid_from = date_of(2026, 11, 24); /* a Tuesday */
	CHECK(shift_runs(&in, date_of(2026, 11, 27)));
	CHECK(!shift_runs(&in, date_of(2026, 12, 4)));
	CHECK(shift_runs(&in, date_of(2026, 12, 11)));
	CHECK(!shift_runs(&in, date_of(2026, 11, 20)));
	CHECK(!shift_runs(&in, date_of(2026, 12, 10)));
}

TEST(every_other_week_without_a_first_date_is_refused)
{
	Clinic c = clinic_start(cx);
	ShiftForm in = shift(&c, 6, 480, 720);

	in.every = 2;
	CHECK(shift_save(cx, c.ianara, 0, &in) == ERR_INVALID);
	CHECK(bad_find(cx, "valid_from") != NULL);
	in.every = 1;
	in.to_minute = 480;
	CHECK(shift_save(cx, c.ianara, 0, &in) == ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "to"), "O fim precisa ser depois do início.");
}

TEST(a_visit_that_new_hours_leave_outside_is_found)
{
	Clinic c = clinic_start(cx);
	SqlDoorVisitRow *before, *after;
	size_t before_count, after_count;
	const SqlDoorVisitRow *left;
	SqlDoorShiftRow *row;
	size_t count;
	int64_t rows;

	(void)booked(cx, &c, "2026-11-24T10:00");
	(void)booked(cx, &c, "2026-11-25T10:00");
	CHECK(visits_outside(cx, c.ianara, &before, &before_count) == OK);
	CHECK_INT(before_count, 0);
	CHECK(sql_door_shifts(cx, c.ianara, &row, &count) == OK);
	for (size_t i = 0; i < count; i++)
		if (row[i].weekday == 2 && row[i].from_minute == 480)
			CHECK(sql_door_shift_remove(cx, row[i].id, &rows) == OK);
	CHECK(visits_outside(cx, c.ianara, &after, &after_count) == OK);
	CHECK_INT(visits_new(cx->mem, before, before_count, after, after_count, &left), 1);
	CHECK_TEXT(hm(cx, left[0].starts_at), "10:00");
	CHECK_TEXT(left[0].patient_name, "Ana Paula Dias");
}

TEST(the_hours_of_a_week_are_told_in_one_line)
{
	Clinic c = clinic_start(cx);
	SqlDoorShiftRow *row;
	size_t count;

	CHECK(sql_door_shifts(cx, c.ianara, &row, &count) == OK);
	CHECK_TEXT(shifts_summary(cx->mem, row, count), "seg a sex 08:00–12:00, 13:00–18:00");
	CHECK_TEXT(shifts_summary(cx->mem, row, 0), "");
}

TEST(a_block_repeats_on_its_weekdays_until_its_last_date)
{
	Clinic c = clinic_start(cx);
	BlockForm in = { .user_id = c.ianara,
		.kind = "meeting",
		.title = "Equipe",
		.from = when("2026-11-24T09:00"),
		.to = when("2026-11-24T10:00"),
		.weekdays = 1 << 1 | 1 << 3,
		.until = date_of(2026, 12, 8) };
	SqlDoorBlockRow first;
	int64_t id, rows;
	size_t made;

	CHECK(block_add(cx, &in, &id, &made) == OK);
	CHECK_INT(made, 5); /* 24, 26 November, 1, 3, 8 December */
	CHECK(sql_door_block(cx, id, &first) == OK);
	CHECK_INT(first.series_left, 4);
	/* and nobody is booked in it */
	Booking booking_in = booking(&c, "2026-12-03T09:15");
	AppointmentId visit_id;
	CHECK(agenda_book(cx, &booking_in, &visit_id) == ERR_CONFLICT);
	CHECK(sql_door_block_remove_following(
		      cx, first.series_id, when("2026-12-01T00:00"), &rows) == OK);
	CHECK_INT(rows, 3);
	CHECK(agenda_book(cx, &booking_in, &visit_id) == OK);
}

TEST(visits_in_the_way_of_a_block_are_found_in_its_repetitions_too)
{
	Clinic c = clinic_start(cx);
	BlockForm in = { .user_id = c.ianara,
		.kind = "lunch",
		.from = when("2026-11-24T11:00"),
		.to = when("2026-11-24T12:00"),
		.weekdays = 1 << 1,
		.until = date_of(2026, 12, 8) };
	int64_t id, later = booked(cx, &c, "2026-12-08T11:30");
	SqlDoorVisitRow *visit;
	size_t made, count;

	(void)booked(cx, &c, "2026-12-08T10:30"); /* ends as it begins */
	(void)booked(cx, &c, "2026-12-03T11:30"); /* a Thursday */
	CHECK(block_add(cx, &in, &id, &made) == OK);
	CHECK(sql_door_visits_in_block(cx, id, false, cx->now, &visit, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(sql_door_visits_in_block(cx, id, true, cx->now, &visit, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_INT(visit[0].id, later);
	CHECK(sql_door_visits_in_block(cx, id, true, when("2026-12-08T12:00"), &visit, &count) ==
		OK);
	CHECK_INT(count, 0);
}

TEST(a_block_that_is_wrong_says_where)
{
	Clinic c = clinic_start(cx);
	BlockForm in = { .user_id = c.ianara,
		.kind = "absence",
		.from = when("2026-11-24T10:00"),
		.to = when("2026-11-24T09:00"),
		.until = DATE_NONE };
	int64_t id;
	size_t made;

	CHECK(block_add(cx, &in, &id, &made) == ERR_INVALID);
	CHECK(bad_find(cx, "to") != NULL);
	cx->bad_count = 0;
	in.to = when("2026-11-24T11:00");
	in.weekdays = 1;
	CHECK(block_add(cx, &in, &id, &made) == ERR_INVALID);
	CHECK(bad_find(cx, "until") != NULL);
	cx->bad_count = 0;
	in.weekdays = 0;
	in.kind = "reserved";
	CHECK(block_add(cx, &in, &id, &made) == ERR_INVALID);
	CHECK(bad_find(cx, "visit_types") != NULL);
	cx->bad_count = 0;
	in.kind = "absence";
	in.weekdays = 127;
	in.until = date_of(2027, 12, 31);
	CHECK(block_add(cx, &in, &id, &made) == ERR_INVALID);
	CHECK_TEXT(bad_find(cx, "until"), "No máximo 200 repetições de uma vez.");
}

TEST(what_another_clinic_set_is_not_there)
{
	Clinic c = clinic_start(cx);
	SqlDoorDentists *dentist;
	SqlDoorShiftRow row;
	SqlDoorShiftRow *mine;
	size_t count;

	CHECK(sql_door_shifts(cx, c.ianara, &mine, &count) == OK);
	test_as_company(cx, 2);
	CHECK(sql_door_dentists(cx, &dentist, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(sql_door_shift(cx, mine[0].id, &row) == ERR_NOT_FOUND);
}

TEST(the_kiosk_knows_somebody_by_the_beginning_of_the_name)
{
	CHECK(kiosk_is_called(cx->mem, "maria", "Maria da Silva"));
	CHECK(kiosk_is_called(cx->mem, "MARIA S", "Maria da Silva"));
	CHECK(kiosk_is_called(cx->mem, "jo", "João Conceição"));
	CHECK(kiosk_is_called(cx->mem, "joao conceicao", "João Conceição"));
	CHECK(!kiosk_is_called(cx->mem, "silva", "Maria da Silva"));
	CHECK(!kiosk_is_called(cx->mem, "m", "Maria da Silva"));
	CHECK(!kiosk_is_called(cx->mem, "maria souza", "Maria da Silva"));
	CHECK(!kiosk_is_called(cx->mem, "maria silva da", "Maria da Silva"));
	CHECK(!kiosk_is_called(cx->mem, "", "Maria"));
	CHECK(!kiosk_is_called(cx->mem, "%", "Maria"));
}

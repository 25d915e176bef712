/* How a day is laid out, without a database: columns, lanes, what is not free, how full. */
#include "test.h"

#include "agenda_fixture.h"
#include "modules/agenda/agenda_view.h"
#include "test_db.h"

enum { IANARA = 1, MARCELO = 2 };

static Dentist dentists[] = {
	{ .user = IANARA, .name = "Dra. Ianara Pinho", .tone = "teal", .active = true },
	{ .user = MARCELO, .name = "Dr. Marcelo Tavares", .tone = "violet", .active = true },
};

static Appointment from_to(int64_t dentist, const char *from, const char *to)
{
	return (Appointment){ .id = 1,
		.dentist_id = dentist,
		.patient_name = "Ana",
		.starts_at = when(from),
		.ends_at = when(to),
		.presence = PRESENCE_SCHEDULED };
}

/* Tuesday, 24 November 2026; Ianara works 8 to 12 and 13 to 18. */
static AgendaView *tuesday(Ctx *cx, Appointment *visit, size_t count)
{
	AgendaView *v = NEW_ARRAY(cx->mem, AgendaView, 1);
	Req *q = NEW_ARRAY(cx->mem, Req, 1);
	Opening *opening = NEW_ARRAY(cx->mem, Opening, 2);

	q->cx = cx;
	opening[0] = (Opening){ .dentist_id = IANARA,
		.from = when("2026-11-24T13:00"),
		.to = when("2026-11-24T18:00") };
	opening[1] = (Opening){ .dentist_id = IANARA,
		.from = when("2026-11-24T08:00"),
		.to = when("2026-11-24T12:00") };
	*v = (AgendaView){ .q = q,
		.ask = { .date = date_of(2026, 11, 24),
			.first = date_of(2026, 11, 24),
			.today = date_of(2026, 11, 22),
			.days = 1,
			.zone = "America/Sao_Paulo" },
		.dentist = dentists,
		.dentist_count = COUNT(dentists),
		.opening = opening,
		.opening_count = 2,
		.visit = visit,
		.visit_count = count,
		.rule = { .open_minute = 420, .close_minute = 1200, .step_minutes = 15 } };
	return v;
}

TEST(a_day_has_a_column_for_each_who_works)
{
	AgendaView *v = tuesday(cx, NULL, 0);

	agenda_lay_out(v);
	CHECK_INT(v->column_count, 1);
	CHECK_INT(v->column[0].id, IANARA);
	CHECK_INT(v->open_minutes, 9 * 60);
}

TEST(a_day_on_which_nobody_works_can_still_be_used)
{
	AgendaView *v = tuesday(cx, NULL, 0);

	v->opening_count = 0;
	agenda_lay_out(v);
	CHECK_INT(v->column_count, 2);
	CHECK_INT(v->column[0].percent, -1);
	CHECK_TEXT(v->column[0].shade[0].title, "Sem atendimento");
}

/* How many stretches are not free to who works in branch 1, with this block. */
static size_t shades_with(Ctx *cx, Block *block)
{
	AgendaView *v = tuesday(cx, NULL, 0);

	v->opening[0].branch_id = v->opening[1].branch_id = 1;
	v->block = block;
	v->block_count = 1;
	agenda_lay_out(v);
	return v->column[0].shade_count;
}

TEST(what_closes_one_branch_is_said_of_who_works_there)
{
	Block block = { .id = 1,
		.branch_id = 2,
		.kind = "maintenance",
		.from = when("2026-11-24T09:00"),
		.to = when("2026-11-24T10:00") };
	size_t elsewhere = shades_with(cx, &block);

	block.branch_id = 1;
	CHECK_INT(shades_with(cx, &block), elsewhere + 1);
}

TEST(the_gap_at_noon_is_lunch_and_the_ends_are_closed)
{
	AgendaView *v = tuesday(cx, NULL, 0);
	GridShade *shade;

	agenda_lay_out(v);
	shade = v->column[0].shade;
	CHECK_INT(v->column[0].shade_count, 3);
	CHECK_TEXT(shade[0].kind, "closed");
	CHECK_TEXT(shade[1].title, "Almoço");
	CHECK_INT(shade[1].from, 12 * 60);
	CHECK_INT(shade[1].to, 13 * 60);
	CHECK_TEXT(shade[2].kind, "closed");
	CHECK_INT(shade[2].to, 24 * 60);
}

TEST(a_holiday_is_named_and_says_it_alone)
{
	AgendaView *v = tuesday(cx, NULL, 0);
	Block block = { .from = when("2026-11-24T00:00"),
		.to = when("2026-11-25T00:00"),
		.kind = "holiday",
		.title = "Dia da cidade" };

	v->block = &block;
	v->block_count = 1;
	agenda_lay_out(v);
	CHECK_INT(v->column[0].shade_count, 1);
	CHECK_TEXT(v->column[0].shade[0].title, "Dia da cidade");
	CHECK_INT(v->column[0].percent, -1);
}

TEST(visits_at_the_same_time_share_the_width_and_touching_ones_do_not)
{
	Appointment visit[] = {
		from_to(IANARA, "2026-11-24T08:00", "2026-11-24T09:00"),
		from_to(IANARA, "2026-11-24T08:30", "2026-11-24T09:30"),
		from_to(IANARA, "2026-11-24T09:00", "2026-11-24T10:00"),
		from_to(IANARA, "2026-11-24T10:00", "2026-11-24T11:00"),
	};
	AgendaView *v = tuesday(cx, visit, COUNT(visit));
	GridVisit **g;

	agenda_lay_out(v);
	g = v->column[0].visit;
	CHECK_INT(g[0]->lane, 0);
	CHECK_INT(g[1]->lane, 1);
	CHECK_INT(g[2]->lane, 0);
	CHECK_INT(g[2]->lanes, 2);
	CHECK_INT(g[3]->lane, 0);
	CHECK_INT(g[3]->lanes, 1);
}

TEST(missed_visits_and_encaixes_do_not_fill_the_day)
{
	Appointment visit[] = {
		from_to(IANARA, "2026-11-24T08:00", "2026-11-24T09:00"),
		from_to(IANARA, "2026-11-24T09:00", "2026-11-24T10:00"),
		from_to(IANARA, "2026-11-24T09:00", "2026-11-24T10:00"),
	};
	AgendaView *v = tuesday(cx, visit, COUNT(visit));

	visit[1].presence = PRESENCE_NO_SHOW;
	visit[2].encaixe = true;
	agenda_lay_out(v);
	CHECK_INT(v->busy_minutes, 60);
	CHECK_INT(v->count[LOOK_NO_SHOW], 1);
	CHECK_INT(v->count[LOOK_OPEN], 2);
}

TEST(rows_reach_as_far_as_visits_do)
{
	Appointment visit = from_to(IANARA, "2026-11-24T06:30", "2026-11-24T21:10");
	AgendaView *v = tuesday(cx, &visit, 1);

	agenda_lay_out(v);
	CHECK_INT(v->open_minute, 6 * 60);
	CHECK_INT(v->close_minute, 21 * 60 + 30);
}

TEST(a_visit_over_midnight_ends_at_the_foot_of_its_day)
{
	Appointment visit = from_to(IANARA, "2026-11-24T23:00", "2026-11-25T01:00");
	AgendaView *v = tuesday(cx, &visit, 1);

	agenda_lay_out(v);
	CHECK_INT(v->column[0].visit[0]->to, 24 * 60);
	CHECK_INT(v->close_minute, 24 * 60);
}

TEST(a_visit_over_midnight_goes_on_at_the_head_of_the_next)
{
	Appointment visit = from_to(IANARA, "2026-11-23T23:00", "2026-11-24T01:30");
	AgendaView *v = tuesday(cx, &visit, 1);

	agenda_lay_out(v);
	CHECK_INT(v->column[0].visit_count, 1);
	CHECK_INT(v->column[0].visit[0]->from, 0);
	CHECK_INT(v->column[0].visit[0]->to, 90);
	CHECK_INT(v->open_minute, 0);
	CHECK_INT(v->close_minute, 1200);
	/* the list names it once, on its own day */
	v = tuesday(cx, &visit, 1);
	v->ask.mode = MODE_LIST;
	agenda_lay_out(v);
	CHECK_INT(v->grid_count, 1);
}

TEST(a_visit_that_ends_at_midnight_leaves_nothing_for_the_next_day)
{
	Appointment visit = from_to(IANARA, "2026-11-23T23:00", "2026-11-24T00:00");
	AgendaView *v = tuesday(cx, &visit, 1);

	agenda_lay_out(v);
	CHECK_INT(v->grid_count, 1);
	CHECK_INT(v->column[0].visit_count, 0);
}

TEST(a_chip_takes_a_state_away_and_the_address_says_so)
{
	AgendaView *v = tuesday(cx, NULL, 0);

	CHECK_TEXT(agenda_url_chip(cx->mem, &v->ask, LOOK_DONE).text,
		"/agenda?date=2026-11-24&off=done");
	v->ask.hidden = 1U << LOOK_DONE;
	CHECK_TEXT(agenda_url_chip(cx->mem, &v->ask, LOOK_DONE).text, "/agenda?date=2026-11-24");
	v->ask.date = v->ask.today;
	v->ask.hidden = 0;
	CHECK_TEXT(agenda_url(cx->mem, &v->ask, MODE_DAY, v->ask.today).text, "/agenda");
}

TEST(the_title_is_said_as_people_say_it)
{
	AgendaView *v = tuesday(cx, NULL, 0);

	CHECK_TEXT(agenda_title(cx->mem, &v->ask), "Terça-feira, 24 de novembro");
	v->ask.mode = MODE_MONTH;
	CHECK_TEXT(agenda_title(cx->mem, &v->ask), "Novembro de 2026");
	v->ask.mode = MODE_WEEK;
	v->ask.first = date_of(2026, 11, 30);
	v->ask.days = 7;
	CHECK_TEXT(agenda_title(cx->mem, &v->ask), "30 de novembro a 6 de dezembro");
}

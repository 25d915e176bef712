/* The figures, held against a few leads that were counted by hand. */
#include "test.h"

#include "core/clock.h"
#include "modules/crm/crm_web.h"
#include "modules/crm/figures_view.h"
#include "crm_fixture.h"
#include "test_db.h"

/* ---- periods ---- */

static Period period(Ctx *cx, const char *kind)
{
	Period p = { 0 };

	CHECK(figures_period(cx, kind, DATE_NONE, DATE_NONE, &p) == OK);
	return p;
}

static const char *days(Ctx *cx, int32_t from, int32_t to)
{
	return arena_printf(
		cx->mem, "%s %s", date_text_iso(cx->mem, from), date_text_iso(cx->mem, to));
}

TEST(a_period_is_compared_with_the_one_before)
{
	Period p = period(cx, NULL); /* 22 November 2026 */

	CHECK_TEXT(days(cx, p.from, p.to), "2026-11-01 2026-11-22");
	CHECK_TEXT(days(cx, p.before_from, p.before_to), "2026-10-01 2026-10-22");
	p = period(cx, "last_month");
	CHECK_TEXT(days(cx, p.from, p.to), "2026-10-01 2026-10-31");
	CHECK_TEXT(days(cx, p.before_from, p.before_to), "2026-09-01 2026-09-30");
	p = period(cx, "days30");
	CHECK_TEXT(days(cx, p.from, p.to), "2026-10-24 2026-11-22");
	CHECK_TEXT(days(cx, p.before_from, p.before_to), "2026-09-24 2026-10-23");
	p = period(cx, "year");
	CHECK_TEXT(days(cx, p.from, p.to), "2026-01-01 2026-11-22");
	CHECK_TEXT(days(cx, p.before_from, p.before_to), "2025-01-01 2025-11-22");
	CHECK(figures_period(cx, "custom", date_of(2026, 3, 1), date_of(2026, 3, 10), &p) == OK);
	CHECK_TEXT(days(cx, p.before_from, p.before_to), "2026-02-19 2026-02-28");
}

TEST(the_last_day_of_march_is_compared_with_that_of_february)
{
	Clock clock = { .year = 2026, .month = 3, .day = 31, .hour = 23, .minute = 30 };
	Period p;

	cx->now = time_of_clock(&clock, cx->zone);
	p = period(cx, "month");
	CHECK_TEXT(days(cx, p.from, p.to), "2026-03-01 2026-03-31");
	CHECK_TEXT(days(cx, p.before_from, p.before_to), "2026-02-01 2026-02-28");
}

TEST(dates_that_are_no_period_are_refused)
{
	Period p;

	CHECK(figures_period(cx, "custom", DATE_NONE, 20000, &p) == ERR_INVALID);
	CHECK(bad_find(cx, "from"));
	CHECK(figures_period(cx, "custom", 20000, 19999, &p) == ERR_INVALID);
	CHECK(bad_find(cx, "to"));
	CHECK(figures_period(cx, "custom", 20000, 20000 + PERIOD_DAYS_MAX, &p) == ERR_INVALID);
	CHECK(figures_period(cx, "custom", 20000, 20000 + PERIOD_DAYS_MAX - 1, &p) == OK);
}

/* ---- the leads of March 2026, seen on 10 April ---- */

typedef struct Story {
	Pipeline pipeline;
	int64_t stage[5], instagram, google, price, silence, ana, bia;
	Figures f;
} Story;

/* more: "column = value, …" of the lead. Moments are UTC; São Paulo is three hours behind. */
static int64_t lead(
	Ctx *cx, const Story *s, const char *created, int stage, int64_t source, const char *more)
{
	int64_t id = ask(cx,
		"insert into crm.lead (company_id, pipeline_id, stage_id, source_id, name, "
		"created_at) "
		"values (1, %" PRId64 ", %" PRId64 ", %" PRId64 ", 'Lead', '%s+00') returning id",
		s->pipeline.id, s->stage[stage], source, created);

	if (*more)
		ask(cx, "update crm.lead set %s where id = %" PRId64, more, id);
	return id;
}

/* from -1: created. Seconds are days. */
static void moved(Ctx *cx, const Story *s, int64_t lead_id, const char *at, int from, int to,
	const char *status, int day_count)
{
	ask(cx,
		"insert into crm.move (company_id, lead_id, at, from_stage, to_stage, from_status, "
		"to_status, seconds) values (1, %" PRId64 ", '%s+00', %s, %" PRId64
		", %s, '%s', %d)",
		lead_id, at, from < 0 ? "null" : arena_printf(cx->mem, "%" PRId64, s->stage[from]),
		s->stage[to], from < 0 ? "null" : "'open'", status, day_count * 86400);
}

static void march(Ctx *cx, const Story *s)
{
	Arena *mem = cx->mem;
	int64_t one = lead(cx, s, "2026-03-02 12:00", 4, s->instagram,
		arena_printf(mem,
			"utm_campaign = 'verao', owner_id = %" PRId64
			", value_cents = 100000, status = "
			"'won', ended_at = '2026-03-12 12:00+00', patient_id = 501",
			s->ana));
	int64_t two = lead(cx, s, "2026-03-05 12:00", 1, s->instagram,
		arena_printf(mem,
			"utm_campaign = 'verao', owner_id = %" PRId64
			", value_cents = 50000, status = "
			"'lost', ended_at = '2026-03-20 12:00+00', loss_reason_id = %" PRId64,
			s->bia, s->price));
	/* 23:30 of 31 March there: still March */
	int64_t three = lead(cx, s, "2026-04-01 02:30", 0, s->google,
		"value_cents = 70000, expected_on = '2026-04-20'");
	int64_t four = lead(cx, s, "2026-02-10 12:00", 4, s->instagram,
		arena_printf(mem,
			"owner_id = %" PRId64 ", value_cents = 200000, status = 'won', ended_at = "
			"'2026-03-03 12:00+00'",
			s->ana));
	int64_t six, seven, eight;

	lead(cx, s, "2026-02-20 12:00", 0, s->google,
		arena_printf(mem,
			"value_cents = 30000, status = 'lost', ended_at = '2026-02-25 12:00+00', "
			"loss_reason_id = %" PRId64,
			s->silence));
	six = lead(cx, s, "2026-03-01 03:30", 0, s->google,
		"value_cents = 10000, expected_on = '2026-03-15'");
	/* 23:30 of 28 February there */
	seven = lead(cx, s, "2026-03-01 02:30", 0, s->instagram, "value_cents = 40000");
	eight = lead(cx, s, "2026-03-10 12:00", 4, s->google,
		arena_printf(mem,
			"value_cents = 999999, status = 'won', ended_at = '2026-03-11 12:00+00', "
			"merged_into = %" PRId64,
			one));
	lead(cx, s, "2025-06-01 12:00", 2, s->google,
		"value_cents = 200001, expected_on = '2027-05-01'");

	moved(cx, s, one, "2026-03-02 12:00", -1, 0, "open", 0);
	moved(cx, s, one, "2026-03-04 12:00", 0, 1, "open", 2);
	moved(cx, s, one, "2026-03-12 12:00", 1, 4, "won", 8);
	moved(cx, s, two, "2026-03-05 12:00", -1, 0, "open", 0);
	moved(cx, s, two, "2026-03-09 12:00", 0, 1, "open", 4);
	moved(cx, s, two, "2026-03-20 12:00", 1, 1, "lost", 11);
	moved(cx, s, three, "2026-04-01 02:30", -1, 0, "open", 0);
	moved(cx, s, six, "2026-03-01 03:30", -1, 0, "open", 0);
	moved(cx, s, six, "2026-03-07 03:30", 0, 1, "open", 6);
	moved(cx, s, six, "2026-03-08 03:30", 1, 0, "open", 1); /* back again */
	moved(cx, s, four, "2026-02-10 12:00", -1, 0, "open", 0);
	moved(cx, s, four, "2026-03-01 12:00", 0, 3, "open", 19); /* past two stages */
	moved(cx, s, four, "2026-03-03 12:00", 3, 4, "won", 2);
	moved(cx, s, seven, "2026-03-01 02:30", -1, 0, "open", 0);
	moved(cx, s, eight, "2026-03-10 12:00", -1, 0, "open", 0);
	moved(cx, s, eight, "2026-03-11 12:00", 0, 4, "won", 1);
}

static Story *seen_in_april(Ctx *cx)
{
	Clock clock = { .year = 2026, .month = 4, .day = 10, .hour = 12 };
	SqlCrmLossReasons *reason;
	SqlCrmSources *source;
	Story *s = NEW(cx->mem, Story);
	Pipeline *list;
	Period p;
	size_t count;

	cx->user = (UserId){ 0 };
	cx->now = time_of_clock(&clock, cx->zone);
	CHECK(crm_start_company(cx) == OK);
	CHECK(crm_list_pipelines(cx, &list, &count) == OK);
	CHECK(sql_crm_sources(cx, &source, &count) == OK);
	CHECK(sql_crm_loss_reasons(cx, &reason, &count) == OK);
	s->pipeline = list[0];
	for (size_t i = 0; i < COUNT(s->stage); i++)
		s->stage[i] = list[0].stage[i].id;
	s->instagram = source[0].id;
	s->google = source[1].id;
	s->price = reason[0].id;
	s->silence = reason[1].id;
	s->ana = member(cx, "ana", "reception");
	s->bia = member(cx, "bia", "reception");
	march(cx, s);
	p = period(cx, "last_month");
	CHECK(crm_figures(cx, &s->pipeline, &p, &s->f) == OK);
	return s;
}

TEST(sums_of_the_period_and_of_the_one_before)
{
	Story *s = seen_in_april(cx);
	const FigureSum *now = &s->f.now, *before = &s->f.before;

	CHECK_INT(now->leads, 4);
	CHECK_INT(before->leads, 3);
	CHECK_INT(now->patients, 1);
	CHECK_INT(now->won, 2);
	CHECK_INT(now->won_cents, 300000);
	CHECK_INT(now->lost, 1);
	CHECK_INT(now->lost_cents, 50000);
	CHECK_INT(before->won, 0);
	CHECK_INT(before->lost, 1);
	CHECK_INT(before->lost_cents, 30000);
	CHECK_INT(now->days_tenths, 155); /* 10 and 21 days */
	CHECK_INT(before->days_tenths, -1);
	CHECK_INT(conversion_tenths(now->won, now->lost), 667);
	CHECK_INT(conversion_tenths(0, 0), -1);
	CHECK_INT(s->f.no_patient, 1);
}

TEST(weeks_of_march_with_what_was_won_and_lost_in_them)
{
	Story *s = seen_in_april(cx);

	CHECK_INT(s->f.slice_count, 6);
	CHECK_TEXT(days(cx, s->f.slice[0].from, s->f.slice[0].to), "2026-03-01 2026-03-01");
	CHECK_TEXT(days(cx, s->f.slice[1].from, s->f.slice[1].to), "2026-03-02 2026-03-08");
	CHECK_TEXT(days(cx, s->f.slice[5].from, s->f.slice[5].to), "2026-03-30 2026-03-31");
	CHECK_INT(s->f.slice[1].won_cents, 200000);
	CHECK_INT(s->f.slice[2].won_cents, 100000);
	CHECK_INT(s->f.slice[3].won_cents, 0);
	CHECK_INT(s->f.slice[3].lost, 1);
	CHECK_INT(s->f.slice[3].lost_cents, 50000);
}

static void check_stage(const FigureStage *s, int64_t reached, int64_t further, int64_t lost)
{
	CHECK_INT(s->reached, reached);
	CHECK_INT(s->further, further);
	CHECK_INT(s->lost, lost);
}

TEST(who_reached_a_stage_and_who_went_further)
{
	Story *s = seen_in_april(cx);

	CHECK_INT(s->f.stage_count, 5);
	check_stage(&s->f.stage[0], 4, 3, 0);
	check_stage(&s->f.stage[1], 3, 1, 1);
	check_stage(&s->f.stage[2], 0, 0, 0); /* passed over is not reached */
	check_stage(&s->f.stage[3], 1, 1, 0);
	CHECK_INT(s->f.stage[4].reached, 2);
}

TEST(time_in_a_stage_is_the_median_and_nine_of_ten)
{
	Story *s = seen_in_april(cx);

	CHECK_INT(s->f.stage[0].left, 4); /* 2, 4, 6 and 19 days */
	CHECK_INT(s->f.stage[0].median_s, 5 * 86400);
	CHECK_INT(s->f.stage[0].p90_s, 1304640); /* 15.1 days */
	CHECK_INT(s->f.stage[1].left, 3);        /* 1, 8 and 11 days */
	CHECK_INT(s->f.stage[1].median_s, 8 * 86400);
	CHECK_INT(s->f.stage[1].p90_s, 898560); /* 10.4 days */
	CHECK_INT(s->f.stage[2].left, 0);
	CHECK_INT(s->f.stage[3].median_s, 2 * 86400);
}

static void check_group(const FigureGroup *g, const char *name, int64_t leads, int64_t before,
	int64_t won, int64_t won_cents)
{
	CHECK_TEXT(g->name, name);
	CHECK_INT(g->leads, leads);
	CHECK_INT(g->leads_before, before);
	CHECK_INT(g->won, won);
	CHECK_INT(g->won_cents, won_cents);
}

TEST(leads_by_origin_campaign_and_owner)
{
	Story *s = seen_in_april(cx);
	const FigureGroup *g = s->f.source.row;

	CHECK_INT(s->f.source.count, 2);
	CHECK_INT(g[0].id, s->instagram);
	check_group(&g[0], g[0].name, 2, 2, 1, 100000);
	CHECK_INT(g[0].lost, 1);
	CHECK_INT(g[0].patients, 1);
	CHECK_INT(g[1].id, s->google);
	check_group(&g[1], g[1].name, 2, 1, 0, 0);
	CHECK_INT(s->f.campaign.count, 2);
	g = s->f.campaign.row;
	check_group(&g[0], NULL, 2, 3, 0, 0);
	check_group(&g[1], "verao", 2, 0, 1, 100000);
	CHECK_INT(s->f.owner.count, 3);
	g = s->f.owner.row;
	check_group(&g[0], NULL, 2, 2, 0, 0);
	check_group(&g[1], "ana", 1, 1, 1, 100000);
	check_group(&g[2], "bia", 1, 0, 0, 0);
}

TEST(reasons_of_loss_beside_the_period_before)
{
	Story *s = seen_in_april(cx);

	CHECK_INT(s->f.reason_count, 2);
	CHECK_INT(s->f.reason[0].id, s->price);
	CHECK_INT(s->f.reason[0].n, 1);
	CHECK_INT(s->f.reason[0].cents, 50000);
	CHECK_INT(s->f.reason[1].n, 0);
	CHECK_INT(s->f.reason[1].n_before, 1);
}

static const FigureMonth *month(const Figures *f, const char *label)
{
	static const FigureMonth none = { .count = -1 };

	for (size_t i = 0; i < f->month_count; i++)
		if (!strcmp(f->month[i].label, label))
			return &f->month[i];
	return &none;
}

TEST(the_forecast_weighs_open_leads_by_the_chance_of_their_stage)
{
	Story *s = seen_in_april(cx);

	CHECK_INT(month(&s->f, "Atrasada")->cents, 10000);
	CHECK_INT(month(&s->f, "Atrasada")->weighted_cents, 1000);
	CHECK_INT(month(&s->f, "abr")->count, 1);
	CHECK_INT(month(&s->f, "abr")->weighted_cents, 7000);
	CHECK_INT(month(&s->f, "mai")->count, 0);
	CHECK_INT(month(&s->f, "mar 27")->count, 0);
	CHECK_INT(month(&s->f, "Depois")->cents, 200001);
	CHECK_INT(month(&s->f, "Depois")->weighted_cents, 100000);
	CHECK_INT(month(&s->f, "Sem previsão")->weighted_cents, 4000);
}

static int64_t behind(Ctx *cx, LeadFilter filter)
{
	int64_t count = -1, value;

	CHECK(crm_count_leads(cx, &filter, &count, &value) == OK);
	return count;
}

TEST(each_figure_leads_to_as_many_leads_as_it_says)
{
	Story *s = seen_in_april(cx);
	LeadFilter filter = figure_created(&s->f, "all");

	CHECK_INT(behind(cx, filter), 4);
	filter.source_id = s->instagram;
	CHECK_INT(behind(cx, filter), 2);
	filter.status = "won";
	CHECK_INT(behind(cx, filter), 1);
	filter = figure_created(&s->f, "all");
	filter.without = "campaign";
	CHECK_INT(behind(cx, filter), 2);
	filter.without = "owner";
	CHECK_INT(behind(cx, filter), 2);
	filter.without = "source";
	CHECK_INT(behind(cx, filter), 0);
	filter.without = NULL;
	filter.patient = "yes";
	CHECK_INT(behind(cx, filter), 1);
	CHECK_INT(behind(cx, figure_ended(&s->f, "won")), 2);
	CHECK_INT(behind(cx, figure_ended(&s->f, "lost")), 1);
	CHECK_INT(behind(cx, figure_ended(&s->f, "all")), 3);
	filter = figure_ended(&s->f, "won");
	filter.patient = "no";
	CHECK_INT(behind(cx, filter), s->f.no_patient);
	for (size_t i = 0; i < s->f.stage_count; i++) {
		filter = figure_filter(&s->f, "all");
		filter.reached_id = s->stage[i];
		filter.reached_from = s->f.period.from;
		filter.reached_to = s->f.period.to;
		CHECK_INT(behind(cx, filter), s->f.stage[i].reached);
	}
	for (size_t i = 0; i < s->f.month_count; i++) {
		filter = figure_filter(&s->f, "open");
		filter.expected = s->f.month[i].expected;
		if (!filter.expected)
			filter.without = "expected";
		if (behind(cx, filter) != s->f.month[i].count)
			test_fail(__FILE__, __LINE__, "%s", s->f.month[i].label);
	}
}

TEST(another_clinic_has_figures_of_its_own)
{
	Story *s = seen_in_april(cx);
	Figures f;

	test_as_company(cx, 2);
	CHECK(crm_figures(cx, &s->pipeline, &s->f.period, &f) == OK);
	CHECK_INT(f.now.leads, 0);
	CHECK_INT(f.now.won, 0);
	CHECK_INT(f.stage[0].reached, 0);
	CHECK_INT(f.source.count, 0);
}

/* ---- words ---- */

TEST(figures_are_said_as_people_say_them)
{
	CHECK_TEXT(figure_short(cx->mem, 34000), "340");
	CHECK_TEXT(figure_short(cx->mem, 1240000), "12,4 mil");
	CHECK_TEXT(figure_short(cx->mem, 28500000), "285 mil");
	CHECK_TEXT(figure_short(cx->mem, 123456789), "1,2 mi");
	CHECK_TEXT(figure_span(cx->mem, 20), "menos de 1 min");
	CHECK_TEXT(figure_span(cx->mem, 2400), "40 min");
	CHECK_TEXT(figure_span(cx->mem, 5 * 3600), "5 h");
	CHECK_TEXT(figure_span(cx->mem, 216000), "2,5 dias");
	CHECK_TEXT(figure_span(cx->mem, 19 * 86400), "19 dias");
	CHECK_TEXT(figure_percent(cx->mem, 1, 7), "14,3%");
	CHECK_TEXT(figure_percent(cx->mem, 1, 2), "50%");
}

TEST(a_difference_says_its_direction_and_whether_it_is_good)
{
	UiStat up = figure_stat(cx->mem, "Leads", "12", 12, 10, true);
	UiStat lost = figure_stat(cx->mem, "Perdidos", "12", 12, 10, false);
	UiStat same = figure_stat(cx->mem, "Leads", "10", 10, 10, true);
	UiStat first = figure_stat(cx->mem, "Leads", "3", 3, 0, true);
	UiStat rate = figure_rate(cx->mem, "Conversão", 500, 625);

	CHECK_TEXT(up.delta, "+20%");
	CHECK_TEXT(up.delta_tone, "green");
	CHECK(up.delta_up);
	CHECK_TEXT(lost.delta_tone, "red");
	CHECK(!same.delta);
	CHECK_TEXT(same.hint, "igual ao período anterior");
	CHECK(!first.delta);
	CHECK_TEXT(rate.value, "50%");
	CHECK_TEXT(rate.delta, "−12,5 p.p.");
	CHECK_TEXT(rate.delta_tone, "red");
}

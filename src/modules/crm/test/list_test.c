/* The list's address, its pages, bulk changes and spreadsheets out. */
#include "test.h"

#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/crm/crm_web.h"
#include "modules/crm/leads_view.h"
#include "crm_fixture.h"
#include "test_db.h"

static int64_t add(Ctx *cx, const char *name, const char *phone, int64_t reais)
{
	LeadId id = { 0 };

	CHECK(crm_add_lead(cx,
		      &(LeadForm){ .name = name,
			      .phone = phone,
			      .value_cents = reais * 100,
			      .source = "Indicação",
			      .expected_on = DATE_NONE },
		      LEAD_BY_HAND, &id) == OK);
	return id.v;
}

/* A company and three leads. */
static void start(Ctx *cx, int64_t id[3])
{
	cx->user = (UserId){ 0 };
	CHECK(crm_start_company(cx) == OK);
	id[0] = add(cx, "Ana Lima", "+5511987650001", 100);
	id[1] = add(cx, "Bruno Sá", "+5511987650002", 300);
	id[2] = add(cx, "Célia Reis", NULL, 200);
}

static size_t events_of(Ctx *cx, int64_t lead)
{
	Event *event;
	size_t count;

	CHECK(audit_list_events(cx, "lead", lead, 0, 0, 50, &event, &count) == OK);
	return count;
}

TEST(a_filter_becomes_an_address_and_a_filter_again)
{
	LeadFilter filter = lead_filter_none(), back;
	const char *query;
	bool odd;

	filter.q = "maria & joão=x";
	filter.stage_id = 7;
	filter.stalled = true;
	filter.created_from = date_of(2026, 11, 1);
	filter.sort = "-value";
	filter.after = 50;
	query = lead_filter_query(cx->mem, &filter);
	CHECK(!strstr(query, "after"));
	CHECK(lead_filter_parse(cx, query, &back, &odd) == OK);
	CHECK(!odd);
	CHECK_TEXT(back.q, "maria & joão=x");
	CHECK_INT(back.stage_id, 7);
	CHECK(back.stalled && !back.overdue);
	CHECK_INT(back.created_from, filter.created_from);
	CHECK_INT(back.created_to, DATE_NONE);
	CHECK_TEXT(back.sort, "-value");
	CHECK_TEXT(lead_filter_query(cx->mem, &back), query);
}

TEST(the_plain_list_has_an_empty_address)
{
	LeadFilter filter = lead_filter_none();

	CHECK_TEXT(lead_filter_query(cx->mem, &filter), "");
	filter.status = "open";
	CHECK_TEXT(lead_filter_query(cx->mem, &filter), "");
}

TEST(what_is_wrong_in_an_address_is_left_out_and_said)
{
	LeadFilter back;
	bool odd;

	CHECK(lead_filter_parse(cx, "stage_id=abc&tag=vip&created_from=99/99/9999&sort=drop", &back,
		      &odd) == OK);
	CHECK(odd);
	CHECK_TEXT(back.tag, "vip");
	CHECK_INT(back.stage_id, 0);
	CHECK_INT(back.created_from, DATE_NONE);
	CHECK(!back.sort);
	CHECK_INT(cx->bad_count, 0);
}

TEST(columns_are_ours_and_the_clinics_and_unknown_ones_are_dropped)
{
	SqlCrmFields field = { .key = "cidade", .title = "Cidade", .active = true };
	LeadChoices choice = { .field = &field, .field_count = 1 };
	LeadColumn *column;
	size_t count;

	column = lead_columns(cx->mem, "email,custom.cidade,<script>", &choice, &count);
	CHECK_TEXT(lead_columns_text(cx->mem, column, count), "email,custom.cidade");
	column = lead_columns(cx->mem, NULL, &choice, &count);
	CHECK(!lead_columns_text(cx->mem, column, count));
	column = lead_columns(cx->mem, "none", &choice, &count);
	CHECK_TEXT(lead_columns_text(cx->mem, column, count), "none");
}

TEST(a_bulk_change_of_owner_stage_and_tag_is_on_each_timeline)
{
	Pipeline pipeline;
	BulkAction action;
	int64_t id[3];
	bool changed;
	size_t before;
	Lead lead;

	start(cx, id);
	pipeline = pipeline_of(cx);
	before = events_of(cx, id[0]);
	CHECK(bulk_parse(cx, arena_printf(cx->mem, "stage %" PRId64, pipeline.stage[1].id),
		      &action) == OK);
	CHECK(bulk_change(cx, &action, id[0], &changed) == OK && changed);
	CHECK(bulk_change(cx, &action, id[0], &changed) == OK && !changed);
	CHECK(bulk_parse(cx, "tag Campanha de verão", &action) == OK);
	CHECK(bulk_change(cx, &action, id[0], &changed) == OK && changed);
	CHECK(bulk_change(cx, &action, id[0], &changed) == OK && !changed);
	CHECK(crm_get_lead(cx, (LeadId){ id[0] }, &lead) == OK);
	CHECK_INT(lead.stage_id, pipeline.stage[1].id);
	CHECK_TEXT(lead.tags.v[0], "Campanha de verão");
	CHECK_INT(events_of(cx, id[0]), before + 2);
}

TEST(a_bulk_loss_leaves_won_and_lost_leads_as_they_are)
{
	SqlCrmLossReasons *reason;
	BulkAction action;
	int64_t id[3];
	size_t count;
	bool changed;
	Lead lead;

	start(cx, id);
	CHECK(sql_crm_loss_reasons(cx, &reason, &count) == OK);
	CHECK(crm_lose_lead(cx, (LeadId){ id[1] }, reason[1].id, "antes") == OK);
	CHECK(bulk_parse(cx, arena_printf(cx->mem, "lose %" PRId64, reason[0].id), &action) == OK);
	CHECK(bulk_change(cx, &action, id[0], &changed) == OK && changed);
	CHECK(bulk_change(cx, &action, id[1], &changed) == OK && !changed);
	CHECK(crm_get_lead(cx, (LeadId){ id[1] }, &lead) == OK);
	CHECK_TEXT(lead.loss_note, "antes");
}

TEST(a_bulk_change_skips_leads_that_are_gone_or_another_clinics)
{
	BulkAction action;
	int64_t id[3];
	bool changed;
	Lead lead;

	start(cx, id);
	CHECK(bulk_parse(cx, "tag x", &action) == OK);
	CHECK(bulk_change(cx, &action, 999999999, &changed) == OK && !changed);
	test_as_company(cx, 2);
	CHECK(bulk_change(cx, &action, id[0], &changed) == OK && !changed);
	test_as_company(cx, 1);
	CHECK(crm_get_lead(cx, (LeadId){ id[0] }, &lead) == OK);
	CHECK_INT(lead.tags.count, 0);
}

TEST(a_bulk_action_that_is_none_is_refused)
{
	static const char *const wrong[] = { "", "drop 1", "stage", "stage x", "stage -1",
		"stage 999999999", "owner 999999999", "lose 999999999", "tag", "tag  ",
		"tag 1234567890123456789012345678901234567890123456789012345678901" };
	BulkAction action;
	int64_t id[3];

	start(cx, id);
	for (size_t i = 0; i < COUNT(wrong); i++)
		CHECK(bulk_parse(cx, wrong[i], &action) == ERR_INVALID);
}

/* ---- spreadsheets ---- */

typedef struct Seen {
	Ctx *cx;
	const char *title[100], *first[100];
	size_t count;
	int64_t rows;
} Seen;

static Err see(Ctx *cx, const SheetRow *row, void *arg)
{
	Seen *seen = arg;

	(void)cx;
	if (row->number == 1)
		seen->count = row->cell.count;
	for (size_t i = 0; i < row->cell.count && row->number <= 2; i++)
		(row->number == 1 ? seen->title : seen->first)[i] =
			arena_dup(seen->cx->mem, row->cell.v[i]);
	seen->rows++;
	return OK;
}

static const char *value_under(const Seen *seen, const char *title)
{
	for (size_t i = 0; i < seen->count; i++)
		if (!strcmp(seen->title[i], title))
			return seen->first[i];
	return "no such column";
}

TEST(leads_go_out_as_csv_and_xlsx_with_portuguese_headings)
{
	int64_t id[3], count;

	start(cx, id);
	for (int xlsx = 0; xlsx < 2; xlsx++) {
		ExportAsk ask = { .filter = lead_filter_none(),
			.format = xlsx ? SHEET_XLSX : SHEET_CSV };
		Seen seen = { .cx = cx };
		const char *path;

		ask.filter.sort = "-value";
		CHECK(export_write(cx, &ask, EXPORT_NOW_MAX, &path, &count) == OK);
		CHECK_INT(count, 3);
		CHECK(sheet_read(cx, path, NULL, see, &seen) == OK);
		CHECK_INT(seen.rows, 4);
		CHECK_TEXT(value_under(&seen, "Nome"), "Bruno Sá");
		CHECK_TEXT(value_under(&seen, "Telefone"), "(11) 98765-0002");
		CHECK_TEXT(value_under(&seen, "Valor estimado"), xlsx ? "300" : "300,00");
		CHECK_TEXT(value_under(&seen, "Origem"), "Indicação");
		CHECK_TEXT(value_under(&seen, "Etapa"), "Novo contato");
		CHECK_TEXT(value_under(&seen, "Situação"), "Aberto");
		CHECK_TEXT(value_under(&seen, "source_id"), "no such column");
	}
}

TEST(only_the_ticked_leads_go_out_and_never_another_clinics)
{
	int64_t id[3], count;
	Seen seen = { .cx = cx };
	const char *path;
	ExportAsk ask = { .filter = lead_filter_none() };

	start(cx, id);
	ask.ids = (Int64s){ id, 2 };
	CHECK(export_write(cx, &ask, EXPORT_NOW_MAX, &path, &count) == OK);
	CHECK_INT(count, 2);
	test_as_company(cx, 2);
	CHECK(export_write(cx, &ask, EXPORT_NOW_MAX, &path, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(sheet_read(cx, path, NULL, see, &seen) == OK);
	CHECK_INT(seen.rows, 1);
}

TEST(a_new_field_of_the_clinic_is_exported_under_its_title)
{
	int64_t id[3], count, rows;
	Seen seen = { .cx = cx };
	const char *path;
	ExportAsk ask = { .filter = lead_filter_none() };
	LeadId lead;

	start(cx, id);
	CHECK(sql_crm_insert_field(
		      cx, "desde", "Cliente desde", "date", (Strs){ NULL, 0 }, false, &rows) == OK);
	CHECK(crm_add_lead(cx,
		      &(LeadForm){ .name = "Davi",
			      .expected_on = DATE_NONE,
			      .custom = "{\"desde\":\"2020-03-01\"}" },
		      LEAD_BY_HAND, &lead) == OK);
	ask.ids = (Int64s){ &lead.v, 1 };
	CHECK(export_write(cx, &ask, EXPORT_NOW_MAX, &path, &count) == OK);
	CHECK(sheet_read(cx, path, NULL, see, &seen) == OK);
	CHECK_TEXT(value_under(&seen, "Cliente desde"), "01/03/2020");
}

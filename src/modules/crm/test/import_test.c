/* Spreadsheets in: what columns mean, what rows become, doing it twice, taking it back. */
#include "test.h"

#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "core/clock.h"
#include "modules/audit/audit.h"
#include "modules/crm/crm_web.h"
#include "modules/crm/leads_view.h"
#include "test_db.h"

static void start(Ctx *cx)
{
	cx->user = (UserId){ 0 };
	CHECK(crm_start_company(cx) == OK);
}

/* Name, phone, e-mail, source, value. */
static const char *const five[] = { "name", "phone", "email", "source", "value_cents" };

static ImportMap map_of(Ctx *cx, Strs target, const char *twins)
{
	Import *import = NEW(cx->mem, Import);
	ImportMap map = { 0 };

	*import = (Import){ .file_name = "teste",
		.target = target,
		.options = arena_printf(cx->mem, "{\"twins\":\"%s\"}", twins),
		.user_id = 1 };
	CHECK(lead_import.table->add(cx, import, &import->id) == OK);
	CHECK(import_map(cx, &lead_import, import, &map) == OK);
	return map;
}

static ImportMap plan_of(Ctx *cx, const char *twins)
{
	return map_of(cx, (Strs){ five, COUNT(five) }, twins);
}

/* Cells are separated by |, rows by line ends. */
static ImportCounts bring(Ctx *cx, const ImportMap *plan, const char *text)
{
	SheetRow *row = NEW_ARRAY(cx->mem, SheetRow, 500);
	ImportCounts counts = { 0 };
	Str rest = str_of(text), line, cell;
	size_t count = 0;

	while (str_cut(&rest, '\n', &line)) {
		const char **cells = NEW_ARRAY(cx->mem, const char *, 10);
		size_t n = 0;

		while (str_cut(&line, '|', &cell))
			cells[n++] = arena_copy(cx->mem, cell.ptr, cell.len);
		row[count] = (SheetRow){ .number = (int64_t)count + 2, .cell = { cells, n } };
		count++;
	}
	CHECK(import_batch(cx, plan, row, count, &counts) == OK);
	return counts;
}

static size_t leads_named(Ctx *cx, const char *words, Lead **ret)
{
	LeadFilter filter = lead_filter_none();
	int64_t next;
	size_t count;

	filter.q = words;
	filter.status = "all";
	CHECK(crm_list_leads(cx, &filter, ret, &count, &next) == OK);
	return count;
}

static const char *guess_of(Ctx *cx, const ImportMap *map, const char *heading, const char *taken)
{
	return import_guess(cx, map, heading, (Strs){ &taken, 1 });
}

TEST(headings_are_recognised_as_people_write_them)
{
	static const struct {
		const char *heading, *target;
	} rows[] = {
		{ "Nome", "name" },
		{ "NOME COMPLETO", "name" },
		{ " Nome do paciente: ", "name" },
		{ "Celular", "phone" },
		{ "Telefone 1", "phone" },
		{ "WhatsApp", "phone" },
		{ "E-mail", "email" },
		{ "email", "email" },
		{ "CPF", "cpf" },
		{ "Valor estimado", "value_cents" },
		{ "Orçamento", "value_cents" },
		{ "Como conheceu?", "" },
		{ "Como conheceu", "source" },
		{ "Origem", "source" },
		{ "utm_campaign", "utm_campaign" },
		{ "Etapa", "stage" },
		{ "Responsável", "owner" },
		{ "cidade", "custom.cidade" },
		{ "Xyz", "" },
		{ "", "" },
		{ "123", "" },
	};

	ImportMap map;
	int64_t added;

	start(cx);
	CHECK(sql_crm_insert_field(
		      cx, "cidade", "Cidade", "text", (Strs){ NULL, 0 }, true, &added) == OK);
	map = plan_of(cx, "skip");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const char *target = guess_of(cx, &map, rows[i].heading, "");

		if (strcmp(target, rows[i].target) != 0)
			test_fail(__FILE__, __LINE__, "%s: %s", rows[i].heading, target);
	}
	CHECK_TEXT(guess_of(cx, &map, "Telefone 2", "phone"), "phone2");
	CHECK_TEXT(guess_of(cx, &map, "Nome", "name"), "");
	CHECK_TEXT(guess_of(cx, &map, "Sobrenome", "name"), "name");
}

TEST(every_heading_of_an_export_is_recognised_when_it_comes_back)
{
	static const char *const headings[] = { "Nome", "Telefone", "Outro telefone", "E-mail",
		"CPF", "Interesse", "Valor estimado", "Origem", "Campanha", "Responsável",
		"Etiquetas", "Previsão de fechamento", "Lead quente", "Aceita receber novidades",
		"Etapa" };

	ImportMap map;

	start(cx);
	map = plan_of(cx, "skip");
	for (size_t i = 0; i < COUNT(headings); i++)
		if (!*guess_of(cx, &map, headings[i], ""))
			test_fail(__FILE__, __LINE__, "%s", headings[i]);
}

TEST(rows_become_leads_with_search_keys_move_and_event)
{
	ImportMap plan;
	ImportCounts counts;
	SqlCrmLastOpenStage stage;
	Event *event;
	size_t count;
	bool found;
	Lead *lead;

	start(cx);
	plan = plan_of(cx, "skip");
	counts = bring(cx, &plan,
		"Ana Lima|(11) 98765-0001|ana@exemplo.com|Feira|1.250,50\n"
		"José Ébano|11987650002||Indicação|");
	CHECK_INT(counts.added, 2);
	CHECK_INT(counts.bad, 0);
	CHECK_INT(leads_named(cx, "jose ebano", &lead), 1);
	CHECK_TEXT(lead[0].source, "Indicação");
	CHECK_INT(leads_named(cx, "98765-0001", &lead), 1);
	CHECK_TEXT(lead[0].name, "Ana Lima");
	CHECK_TEXT(lead[0].phone, "+5511987650001");
	CHECK_TEXT(lead[0].source, "Feira");
	CHECK_INT(lead[0].value_cents, 125050);
	CHECK_TEXT(lead[0].stage, "Novo contato");
	CHECK(sql_crm_last_open_stage(cx, lead[0].id, &stage, &found) == OK);
	CHECK(found && stage.stage_id == lead[0].stage_id);
	CHECK(audit_list_events(cx, "lead", lead[0].id, 0, 0, 10, &event, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(event[0].title, "Lead importado de planilha");
}

TEST(a_wrong_cell_keeps_its_row_out_and_says_why)
{
	SqlCrmImportErrors *error;
	ImportMap plan;
	ImportCounts counts;
	size_t count;
	Lead *lead;

	start(cx);
	plan = plan_of(cx, "skip");
	counts = bring(cx, &plan,
		"Ana|12|não é e-mail||\n"
		"|11987650002|||\n"
		"Bruno|11987650003|||dez\n"
		"Certa|11987650004|||10\n"
		"=HYPERLINK(\"x\")<script>'; drop table crm.lead--|11987650005|||");
	CHECK_INT(counts.added, 2);
	CHECK_INT(counts.bad, 3);
	CHECK(sql_crm_import_errors(cx, plan.import->id, 10, &error, &count) == OK);
	CHECK_INT(count, 3);
	CHECK_INT(error[0].line, 2);
	CHECK(strstr(error[0].sentence, "Telefone: ") && strstr(error[0].sentence, "E-mail: "));
	CHECK_TEXT(error[1].sentence, "Nome: Informe o nome.");
	CHECK_INT(error[2].line, 4);
	CHECK(str_starts(error[2].sentence, "Valor estimado: "));
	CHECK_INT(leads_named(cx, "drop table", &lead), 1);
	CHECK_INT(cx->bad_count, 0);
}

TEST(a_phone_without_the_ninth_digit_is_mended_and_a_second_one_finds_its_place)
{
	ImportMap plan;
	Lead *lead;

	start(cx);
	plan = plan_of(cx, "skip");
	CHECK_INT(bring(cx, &plan, "Ana|11 8765-0001 / (11) 3333-4444|||").added, 1);
	CHECK_INT(leads_named(cx, "ana", &lead), 1);
	CHECK_TEXT(lead[0].phone, "+5511987650001");
	CHECK_TEXT(lead[0].phone2, "+551133334444");
}

TEST(people_who_are_here_already_are_passed_over)
{
	ImportMap plan;
	ImportCounts counts;
	PatientId patient;
	LeadId old;
	Lead *lead;

	start(cx);
	CHECK(crm_add_lead(cx,
		      &(LeadForm){ .name = "Ana Antiga",
			      .email = "ana@exemplo.com",
			      .expected_on = DATE_NONE },
		      LEAD_BY_HAND, &old) == OK);
	CHECK(patient_register(cx,
		      &(PatientForm){
			      .name = "Paciente", .phone = "+5511987650009", .birth = DATE_NONE },
		      NULL, 0, &patient) == OK);
	plan = plan_of(cx, "skip");
	counts = bring(cx, &plan,
		"Ana|11987650001|ana@exemplo.com||\n"
		"Bruno|11987650002|||\n"
		"Bruno de novo|(11) 98765-0002|||\n"
		"Paciente|11987650009|||");
	CHECK_INT(counts.added, 1);
	CHECK_INT(counts.merged, 0);
	CHECK_INT(leads_named(cx, "bruno", &lead), 1);
	CHECK_INT(leads_named(cx, "paciente", &lead), 0);
	plan = plan_of(cx, "skip");
	CHECK_INT(bring(cx, &plan, "Bruno|11987650002|||").added, 0);
}

TEST(updating_fills_only_what_is_empty_here_and_in_the_file)
{
	ImportMap plan;
	ImportCounts counts;
	LeadId old;
	Lead *lead, now;

	start(cx);
	CHECK(crm_add_lead(cx,
		      &(LeadForm){ .name = "Ana Antiga",
			      .phone = "+5511987650001",
			      .expected_on = DATE_NONE,
			      .value_cents = 700 },
		      LEAD_BY_HAND, &old) == OK);
	plan = plan_of(cx, "update");
	counts = bring(cx, &plan,
		"Ana Nova|11987650001|ana@exemplo.com|Feira|9,00\n"
		"Bruno|11987650002|||\n"
		"Bruno|11987650002|bruno@exemplo.com||5");
	CHECK_INT(counts.added, 1);
	CHECK_INT(counts.merged, 2);
	CHECK(crm_get_lead(cx, old, &now) == OK);
	CHECK_TEXT(now.name, "Ana Antiga");
	CHECK_TEXT(now.email, "ana@exemplo.com");
	CHECK_TEXT(now.source, "Feira");
	CHECK_INT(now.value_cents, 700);
	CHECK_INT(leads_named(cx, "bruno", &lead), 1);
	CHECK_TEXT(lead[0].email, "bruno@exemplo.com");
	CHECK_INT(lead[0].value_cents, 500);
	CHECK_INT(bring(cx, &plan, "Ana|11987650001|outra@exemplo.com||").merged, 0);
}

TEST(creating_anyway_makes_every_row_a_lead)
{
	ImportMap plan;
	Lead *lead;

	start(cx);
	plan = plan_of(cx, "create");
	CHECK_INT(bring(cx, &plan, "Ana|11987650001|||\nAna|11987650001|||").added, 2);
	CHECK_INT(leads_named(cx, "ana", &lead), 2);
}

TEST(stage_owner_and_fields_of_the_clinic_are_told_by_name)
{
	static const char *const target[] = { "name", "stage", "custom.cidade", "tags", "owner" };
	const SheetRow right = { 2,
		{ (const char *const[]){ "Ana", "em conversa", "São Paulo", "vip; verão", "" },
			5 } };
	const SheetRow wrong = { 3,
		{ (const char *const[]){ "Ana", "Fechado", "", "", "Ninguém" }, 5 } };
	const LeadImport *plan;
	const LeadRow *lead;
	ImportRow row;
	ImportMap map;
	int64_t rows;

	start(cx);
	CHECK(sql_crm_insert_field(
		      cx, "cidade", "Cidade", "text", (Strs){ NULL, 0 }, true, &rows) == OK);
	map = map_of(cx, (Strs){ target, COUNT(target) }, "skip");
	plan = map.plan;
	CHECK(import_parse(cx, &map, &right, &row) == OK);
	CHECK_INT(row.bad_count, 0);
	lead = row.record;
	CHECK_INT(lead->stage, plan->pipeline[0].stage[1].id);
	CHECK_INT(lead->form.tags.count, 2);
	CHECK_TEXT(lead->form.tags.v[1], "verão");
	CHECK_TEXT(lead->more.custom, "{\"cidade\":\"São Paulo\"}");
	CHECK(import_parse(cx, &map, &wrong, &row) == OK);
	CHECK_INT(row.bad_count, 2);
	CHECK_TEXT(row.bad[0].field, "stage");
	CHECK_TEXT(row.bad[1].field, "owner");
}

/* ---- taking it back ---- */

static int64_t stage_count(Ctx *cx)
{
	Pipeline *list;
	size_t count;

	CHECK(crm_list_pipelines(cx, &list, &count) == OK);
	return list[0].stage[0].lead_count;
}

static void take_back(Ctx *cx, int64_t import, int64_t *ret)
{
	SqlCrmStartRemoving on;
	SqlCrmStopRemoving off;
	int64_t tasks;

	CHECK(sql_crm_start_removing(cx, &on) == OK);
	CHECK(sql_crm_remove_imported(cx, import, ret) == OK);
	CHECK(sql_crm_remove_imported_tasks(cx, import, &tasks) == OK);
	CHECK(sql_crm_stop_removing(cx, &off) == OK);
}

TEST(an_import_taken_back_is_gone_from_every_question_but_not_from_the_table)
{
	ImportMap plan;
	int64_t removed, gone;
	Twin *twin;
	size_t count;
	Lead *lead, one;

	start(cx);
	plan = plan_of(cx, "skip");
	CHECK_INT(bring(cx, &plan, "Ana|11987650001|||\nBruno|11987650002|||\nCélia||||").added, 3);
	CHECK_INT(leads_named(cx, "ana", &lead), 1);
	gone = lead[0].id;
	CHECK_INT(stage_count(cx), 3);
	take_back(cx, plan.import->id, &removed);
	CHECK_INT(removed, 3);
	CHECK_INT(stage_count(cx), 0);
	CHECK_INT(leads_named(cx, "ana", &lead), 0);
	CHECK(crm_get_lead(cx, (LeadId){ gone }, &one) == ERR_NOT_FOUND);
	CHECK(crm_find_twins(cx, "+5511987650001", NULL, NULL, 0, &twin, &count) == OK);
	CHECK_INT(count, 0);
	/* the same list can come in again */
	CHECK_INT(bring(cx, &plan, "Ana|11987650001|||").added, 1);
	take_back(cx, plan.import->id, &removed);
	CHECK_INT(removed, 1);
}

/* One transaction is one moment; what the import made is made an hour older. */
static void age(Ctx *cx, int64_t import)
{
	PGresult *r =
		PQexec(db_native(cx->db), arena_printf(cx->mem,
						  "update crm.lead set created_at = created_at - "
						  "interval '1 hour', updated_at = "
						  "updated_at - interval '1 hour', touched_at = "
						  "touched_at - interval '1 hour' "
						  "where import_id = %" PRId64,
						  import));

	CHECK_INT(PQresultStatus(r), PGRES_COMMAND_OK);
	PQclear(r);
}

TEST(leads_that_somebody_worked_on_stay_when_their_import_is_taken_back)
{
	ImportMap plan;
	int64_t removed;
	Lead *lead;

	start(cx);
	plan = plan_of(cx, "skip");
	CHECK_INT(bring(cx, &plan, "Ana|11987650001|||\nBruno|11987650002|||\nCélia||||").added, 3);
	age(cx, plan.import->id);
	CHECK_INT(leads_named(cx, "ana", &lead), 1);
	CHECK(crm_add_activity(cx, (LeadId){ lead[0].id }, ACTIVITY_NOTE, "ligou") == OK);
	CHECK_INT(leads_named(cx, "bruno", &lead), 1);
	CHECK(crm_add_tags(cx, (LeadId){ lead[0].id }, (Strs){ (const char *const[]){ "x" }, 1 }) ==
		OK);
	take_back(cx, plan.import->id, &removed);
	CHECK_INT(removed, 1);
	CHECK_INT(stage_count(cx), 2);
	CHECK_INT(leads_named(cx, "celia", &lead), 0);
	CHECK_INT(leads_named(cx, "ana", &lead), 1);
}

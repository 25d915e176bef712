#include <stdlib.h>
#include <unistd.h>

#include "modules/treatment/catalogue.h"
#include "platform/storage/storage.h"
#include "treatment_fixture.h"

TEST(a_company_begins_with_the_usual_procedures_and_their_tuss_codes)
{
	Procedure *list;
	size_t count;

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(procedure_search(cx, "resina 2", 0, &list, &count) == OK);
	CHECK_TEXT(list[0].code, "85100200");
	CHECK_TEXT(list[0].area, "surface");
	CHECK_INT(list[0].surfaces_min, 2);
	CHECK_INT(list[0].surfaces_max, 2);
	CHECK_INT(list[0].price_cents, 42000);
}

TEST(a_procedure_is_found_by_its_code_by_words_without_accents_and_by_what_patients_call_it)
{
	Procedure *list;
	size_t count;

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(procedure_search(cx, "85200158", 0, &list, &count) == OK);
	CHECK_TEXT(list[0].name, "Tratamento endodôntico multirradicular");
	CHECK(procedure_search(cx, "ENDODONTICO multi", 0, &list, &count) == OK);
	CHECK_INT(count, 2);
	CHECK(procedure_search(cx, "dentadura", 0, &list, &count) == OK);
	CHECK_TEXT(list[0].name, "Prótese total (dentadura)");
	CHECK(procedure_search(cx, "nada assim", 0, &list, &count) == OK);
	CHECK_INT(count, 0);
}

TEST(without_a_question_the_picker_shows_the_most_used_first)
{
	Procedure *list;
	size_t count;

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(procedure_search(cx, NULL, 0, &list, &count) == OK);
	CHECK_INT(count, 50);
	CHECK_TEXT(list[0].name, "Profilaxia (limpeza)");
}

TEST(starting_twice_changes_nothing_and_another_company_sees_nothing)
{
	Procedure *list, one;
	size_t count;

	CHECK(catalogue_start_company(cx) == OK);
	CHECK(catalogue_start_company(cx) == OK);
	CHECK(procedure_search(cx, "panorâmica", 0, &list, &count) == OK);
	CHECK_INT(count, 1);
	test_as_company(cx, 2);
	CHECK(procedure_get(cx, list[0].id, 0, &one) == ERR_NOT_FOUND);
}

static ProcedureForm filling(void)
{
	return (ProcedureForm){ .name = "Restauração de teste",
		.specialty = "Dentística",
		.area = "surface",
		.dentition = "any",
		.paint = "filling",
		.surfaces_min = 1,
		.surfaces_max = 2,
		.minutes = 40,
		.sessions = 1,
		.price_cents = 12345 };
}

static int64_t one_of(Ctx *cx, const char *question)
{
	Procedure *list;
	size_t count;

	CHECK(procedure_search(cx, question, 0, &list, &count) == OK && count > 0);
	return list[0].id;
}

TEST(a_procedure_with_a_taken_name_a_short_code_or_no_faces_is_refused_at_its_field)
{
	ProcedureForm in = filling();
	int64_t id;

	cx->user = (UserId){ 0 };
	CHECK(catalogue_start_company(cx) == OK);
	in.name = "Faceta em resina";
	CHECK(catalogue_add(cx, &in, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "name") != NULL);
	cx->bad_count = 0;
	in = filling();
	in.code = "1234";
	in.surfaces_min = 3;
	in.paint = "sparkles";
	CHECK(catalogue_add(cx, &in, &id) == ERR_INVALID);
	CHECK(bad_find(cx, "code") && bad_find(cx, "surfaces_max") && bad_find(cx, "paint"));
}

TEST(a_procedure_is_edited_by_one_at_a_time_and_put_away_but_never_gone)
{
	static const char changes[] =
		"select count(*) from audit.change where action = 'procedure.update'";
	ProcedureForm in = filling();
	Procedure *list, one;
	int64_t id = 0;
	size_t count;

	cx->user = (UserId){ 0 };
	in.kit = "[{\"name\": \"Resina A2\", \"quantity\": \"1 g\"}]";
	CHECK(catalogue_add(cx, &in, &id) == OK);
	in.version = 1;
	in.layman = "Obturação";
	CHECK(catalogue_save(cx, id, &in) == OK);
	CHECK(catalogue_save(cx, id, &in) == ERR_STALE);
	in.version = 2;
	in.needs_lab = true;
	CHECK_INT(ask(cx, changes), 1);
	CHECK(catalogue_save(cx, id, &in) == OK);
	CHECK_INT(ask(cx, changes), 2); /* also what is not in the list of prices */
	CHECK(procedure_search(cx, "obturacao", 0, &list, &count) == OK);
	CHECK_INT(count, 1);
	CHECK(catalogue_set_active(cx, id, false) == OK);
	CHECK(procedure_search(cx, "obturacao", 0, &list, &count) == OK);
	CHECK_INT(count, 0);
	CHECK(procedure_get(cx, id, 0, &one) == OK);
	CHECK(!one.active);
}

TEST(a_table_begins_as_a_copy_and_its_prices_are_its_own)
{
	int64_t table = 0, other = 0, id;
	Procedure one;

	cx->user = (UserId){ 0 };
	CHECK(catalogue_start_company(cx) == OK);
	id = one_of(cx, "zircônia");
	CHECK(price_table_add(
		      cx, &(PriceTableForm){ .name = "Convênio", .tenths = -350 }, &table) == OK);
	CHECK(procedure_get(cx, id, table, &one) == OK);
	CHECK_INT(one.price_cents, 156000);
	CHECK(catalogue_set_price(cx, id, table, 150000) == OK);
	CHECK(catalogue_set_price(cx, id, 0, 250000) == OK);
	CHECK(procedure_get(cx, id, table, &one) == OK);
	CHECK_INT(one.price_cents, 150000);
	CHECK(price_table_add(cx, &(PriceTableForm){ .name = "Outro", .copy_of = table }, &other) ==
		OK);
	CHECK(procedure_get(cx, id, other, &one) == OK);
	CHECK_INT(one.price_cents, 150000);
	CHECK(price_table_add(cx, &(PriceTableForm){ .name = "Outro" }, &other) == ERR_INVALID);
	CHECK(catalogue_set_price(cx, id, 0, -1) == ERR_INVALID);
	CHECK(catalogue_set_price(cx, id, table + 1000, 5) == ERR_NOT_FOUND);
}

TEST(a_whole_table_changes_by_percent_and_rounds_halves_up)
{
	PriceChange eight = { .tenths = 80, .step = 500 }, less = { .tenths = -125, .step = 1 };
	size_t count = 0;
	Procedure one;

	CHECK_INT(price_changed(10000, &eight), 11000);
	CHECK_INT(price_changed(0, &eight), 0);
	CHECK_INT(price_changed(100, &less), 88);
	CHECK_INT(price_changed(25000, &(PriceChange){ .tenths = 10, .step = 500 }), 25500);
	cx->user = (UserId){ 0 };
	CHECK(catalogue_start_company(cx) == OK);
	CHECK(price_change_all(cx, 0, &eight, &count) == OK);
	CHECK(count > 80);
	CHECK(procedure_get(cx, one_of(cx, "zircônia"), 0, &one) == OK);
	CHECK_INT(one.price_cents, 259000);
	CHECK(price_change_all(cx, 0, &(PriceChange){ .tenths = -1000 }, &count) == ERR_INVALID);
}

static const char *sheet_file(Ctx *cx, const char *text)
{
	char *path = test_scratch(cx->mem, "siso-tuss-XXXXXX");
	int file = mkstemp(path);

	CHECK(file >= 0 && write(file, text, strlen(text)) == (ssize_t)strlen(text));
	close(file);
	return path;
}

TEST(a_tuss_sheet_is_read_in_any_order_of_columns_and_says_what_is_wrong_by_row)
{
	const char *path =
		sheet_file(cx, "Código;Termo\n81000030;Consulta odontológica\n"
			       "Consulta inicial;81.00.006-5\nsem código;x\n81000049;\n");
	TussSheet sheet;

	CHECK(tuss_read(cx, path, &sheet) == OK);
	unlink(path);
	CHECK_INT(sheet.row_count, 2);
	CHECK_TEXT(sheet.row[1].code, "81000065");
	CHECK_TEXT(sheet.row[1].name, "Consulta inicial");
	CHECK_INT(sheet.bad_count, 2);
	CHECK_INT(sheet.error[0].row, 4);
	CHECK_INT(sheet.error[1].row, 5);
}

TEST(a_tuss_sheet_is_taken_over_once_and_its_codes_are_found)
{
	char *root = test_scratch(cx->mem, "siso-tuss-files-XXXXXX");
	const char *path = sheet_file(cx, "81000030;Consulta\n81000030;Consulta "
					  "odontológica\n85100200;Restauração 2 faces\n");
	int64_t import = 0, total = 0;
	TussSheet sheet;
	TussRow *row;
	size_t count;

	cx->user = (UserId){ 0 };
	CHECK(mkdtemp(root) != NULL);
	storage_init(&(StorageConfig){ .root = arena_dup(cx->mem, root) });
	CHECK(tuss_upload(cx, path, &import) == OK);
	unlink(path);
	CHECK(tuss_take(cx, import, &count) == OK);
	CHECK_INT(count, 2);
	CHECK(tuss_look(cx, import, &sheet) == ERR_CONFLICT);
	CHECK(tuss_search(cx, "consulta", 10, &row, &count) == OK);
	CHECK_INT(count, 1);
	CHECK_TEXT(row[0].name, "Consulta odontológica");
	CHECK(tuss_count(cx, &total) == OK);
	CHECK_INT(total, 2);
}

TEST(a_kit_changed_alone_stands_in_the_book_of_changes)
{
	ProcedureForm in = filling();
	int64_t id = 0;

	cx->user = (UserId){ 0 };
	in.kit = "[{\"name\": \"Resina A2\", \"quantity\": \"1 g\"}]";
	CHECK(catalogue_add(cx, &in, &id) == OK);
	in.version = 1;
	CHECK(catalogue_save(cx, id, &in) == OK);
	CHECK_INT(
		ask(cx, "select count(*) from audit.change where action = 'procedure.update'"), 0);
	in.version = 2;
	in.kit = "[{\"name\": \"Resina A2\", \"quantity\": \"2 g\"}, {\"name\": \"Luva\", "
		 "\"quantity\": \"\"}]";
	CHECK(catalogue_save(cx, id, &in) == OK);
	CHECK_INT(ask(cx, "select count(*) from audit.change where action = 'procedure.update' and "
			  "diff = '{\"kit\": [\"Resina A2 (1 g)\", \"Resina A2 (2 g), Luva\"]}'"),
		1);
}

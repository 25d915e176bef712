#include "test.h"

#include "modules/treatment/catalogue.h"
#include "test_db.h"

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

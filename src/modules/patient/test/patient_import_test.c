/* Patients from a spreadsheet. */
#include "modules/patient/patient_import.h"

#include "test.h"

#include "test_db.h"

static Strs list(Ctx *cx, const char *a, const char *b, const char *c, const char *d)
{
	const char **v = NEW_ARRAY(cx->mem, const char *, 4);

	v[0] = a;
	v[1] = b;
	v[2] = c;
	v[3] = d;
	return (Strs){ v, 4 };
}

static PatientForm read_row(Ctx *cx, Strs cells, const char **ret_problem)
{
	PatientForm in;

	CHECK(patient_import_read(
		      cx, list(cx, "name", "birth", "sex", "tags"), cells, &in, ret_problem) == OK);
	return in;
}

TEST(headings_are_understood_as_people_write_them)
{
	CHECK_TEXT(patient_import_guess(cx->mem, "Nome do Paciente"), "name");
	CHECK_TEXT(patient_import_guess(cx->mem, "DATA_DE_NASCIMENTO:"), "birth");
	CHECK_TEXT(patient_import_guess(cx->mem, "Celular"), "phone");
	CHECK_TEXT(patient_import_guess(cx->mem, "Convênio"), "insurer");
	CHECK_TEXT(patient_import_guess(cx->mem, "versão"), "");
	CHECK_TEXT(patient_import_guess(cx->mem, "xyz"), "");
}

TEST(a_row_is_read_as_the_form_reads_it)
{
	const char *problem;
	PatientForm in = read_row(
		cx, list(cx, " Ana Prado ", "14/03/1991", "F", "criança, aparelho"), &problem);

	CHECK(!problem);
	CHECK_TEXT(in.name, "Ana Prado");
	CHECK_TEXT(in.sex, "female");
	CHECK_INT(in.tags.count, 2);
}

TEST(a_wrong_cell_says_what_is_wrong)
{
	const char *problem;

	(void)read_row(cx, list(cx, "Ana", "31/02/1991", "", ""), &problem);
	CHECK(problem != NULL);
	(void)read_row(cx, list(cx, "", "", "", ""), &problem);
	CHECK(problem != NULL);
}

TEST(two_columns_never_go_to_one_field_and_the_name_must_be_there)
{
	SqlPatientImportInsert row;
	PatientImportStart in = { .headings = true, .twins = "skip" };

	cx->user = (UserId){ 1 };
	CHECK(sql_patient_import_insert(cx,
		      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "x.csv",
		      list(cx, "name", "", "", ""), true, 3, 1, &row) == OK);
	in.targets = list(cx, "phone", "", "", "");
	CHECK(patient_import_start(cx, row.id, &in) == ERR_INVALID);
	in.targets = list(cx, "name", "phone", "phone", "");
	CHECK(patient_import_start(cx, row.id, &in) == ERR_INVALID);
	in.targets = list(cx, "name", "phone", "", "");
	CHECK(patient_import_start(cx, row.id, &in) == OK);
	CHECK(patient_import_start(cx, row.id, &in) == ERR_CONFLICT);
}

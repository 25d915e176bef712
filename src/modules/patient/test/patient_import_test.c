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

/* Lines of name, phone, CPF and convênio come in together. How many did. */
static size_t bring_in(
	Ctx *cx, bool skip_twins, const Strs *cells, PatientImportLine *line, size_t count)
{
	SqlPatientImportInsert import;
	size_t in = 0;

	cx->user = (UserId){ 1 };
	CHECK(sql_patient_import_insert(cx,
		      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "x.csv",
		      list(cx, "name", "phone", "cpf", "insurer"), true, (int32_t)count, 1,
		      &import) == OK);
	for (size_t i = 0; i < count; i++)
		CHECK(patient_import_line(cx, list(cx, "name", "phone", "cpf", "insurer"),
			      &(SheetRow){ .number = (int64_t)i + 2, .cell = cells[i] },
			      &line[i]) == OK);
	CHECK(patient_import_lines(cx, import.id, skip_twins, line, count) == OK);
	for (size_t i = 0; i < count; i++)
		in += !line[i].problem;
	return in;
}

TEST(lines_that_come_in_together_are_what_they_are_one_by_one)
{
	const Strs cells[] = {
		list(cx, "Ana Prado", "(11) 98888-0001", "529.982.247-25", "Unimed"),
		list(cx, "Bia Prado", "(11) 98888-0002", "", ""),
	};
	PatientImportLine line[2];
	Event *event;
	PatientHead head;
	size_t count;
	Patient p;

	CHECK_INT(bring_in(cx, true, cells, line, 2), 2);
	CHECK(patient_get(cx, line[0].one.id, &p) == OK);
	CHECK_TEXT(p.name, "Ana Prado");
	CHECK_TEXT(p.cpf, "52998224725");
	CHECK_TEXT(p.source, "Importação");
	CHECK_TEXT(p.whatsapp, "phone");
	CHECK(patient_head_ask(cx, line[0].one.id) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	CHECK_TEXT(head.insurance, "Unimed");
	CHECK(patient_head_ask(cx, line[1].one.id) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	CHECK(!head.insurance);
	CHECK(audit_list_events(cx, "patient", line[1].one.id.v, 0, 10, &event, &count) == OK);
	CHECK_INT(count, 1);
}

TEST(a_twin_of_a_patient_or_of_a_line_before_stays_out)
{
	const Strs cells[] = {
		list(cx, "Maria Souza", "(11) 98888-0001", "", ""), /* is here */
		list(cx, "Zé Souza", "(11) 98888-0001", "", ""),    /* her husband */
		list(cx, "Rui Braga", "(11) 98888-0003", "529.982.247-25", ""),
		list(cx, "Rui B.", "", "529.982.247-25", ""),   /* Rui again */
		list(cx, "ze  souza", "11 98888 0001", "", ""), /* the husband again */
	};
	PatientImportLine line[5];
	PatientId id;

	CHECK(patient_register(cx,
		      &(PatientForm){ .name = "María Souza",
			      .phone = "+5511988880001",
			      .birth = DATE_NONE,
			      .card_until = DATE_NONE },
		      NULL, 0, &id) == OK);
	CHECK_INT(bring_in(cx, true, cells, line, 5), 2);
	CHECK(line[0].twin && line[3].twin && line[4].twin);
	CHECK(line[1].one.id.v && line[2].one.id.v);
}

TEST(two_of_one_cpf_are_one_patient_even_when_twins_may_come_in)
{
	const Strs cells[] = {
		list(cx, "Rui Braga", "(11) 98888-0003", "529.982.247-25", ""),
		list(cx, "Rui Braga", "(11) 98888-0003", "529.982.247-25", ""),
		list(cx, "Rui Braga", "(11) 98888-0003", "", ""),
	};
	PatientImportLine line[3];

	CHECK_INT(bring_in(cx, false, cells, line, 3), 2);
	CHECK_TEXT(line[1].problem, "Outro paciente já tem este CPF.");
	CHECK(!line[1].one.id.v && line[2].one.id.v);
}

TEST(a_line_that_is_wrong_leaves_nothing_and_holds_up_nobody)
{
	const Strs targets = list(cx, "name", "guardian_phone", "card_number", "");
	PatientImportLine line;

	CHECK(patient_import_line(cx, targets,
		      &(SheetRow){ .number = 2,
			      .cell = list(cx, "Lia Prado", "(11) 98888-0009", "", "") },
		      &line) == OK);
	CHECK_TEXT(line.problem, "Informe o nome do responsável.");
	cx->bad_count = 0;
	CHECK(patient_import_line(cx, targets,
		      &(SheetRow){ .number = 3, .cell = list(cx, "Lia Prado", "", "123", "") },
		      &line) == OK);
	CHECK_TEXT(line.problem, "Informe de qual convênio é a carteirinha.");
}

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

static ImportMap map_of(Ctx *cx, Strs target, const char *twins)
{
	Import *import = NEW(cx->mem, Import);
	ImportMap map = { 0 };

	cx->user = (UserId){ 1 };
	*import = (Import){ .file_name = "x.csv",
		.target = target,
		.options = arena_printf(cx->mem, "{\"twins\":\"%s\"}", twins),
		.user_id = 1 };
	CHECK(patient_import.table->add(cx, import, &import->id) == OK);
	CHECK(import_map(cx, &patient_import, import, &map) == OK);
	return map;
}

static ImportRow read_row(Ctx *cx, Strs cells)
{
	ImportMap map = map_of(cx, list(cx, "name", "birth", "sex", "tags"), "skip");
	ImportRow row;

	CHECK(import_parse(cx, &map, &(SheetRow){ 2, cells }, &row) == OK);
	return row;
}

static const char *guess_of(Ctx *cx, const char *heading)
{
	ImportMap map = map_of(cx, (Strs){ NULL, 0 }, "skip");

	return import_guess(cx, &map, heading, (Strs){ NULL, 0 });
}

TEST(headings_are_understood_as_people_write_them)
{
	CHECK_TEXT(guess_of(cx, "Nome do Paciente"), "name");
	CHECK_TEXT(guess_of(cx, "DATA_DE_NASCIMENTO:"), "birth");
	CHECK_TEXT(guess_of(cx, "Dt. Nascimento"), "birth");
	CHECK_TEXT(guess_of(cx, "Celular"), "phone");
	CHECK_TEXT(guess_of(cx, "Número"), "number");
	CHECK_TEXT(guess_of(cx, "Convênio"), "insurer");
	CHECK_TEXT(guess_of(cx, "versão"), "");
	CHECK_TEXT(guess_of(cx, "xyz"), "");
}

TEST(a_row_is_read_as_the_form_reads_it)
{
	ImportRow row =
		read_row(cx, list(cx, " Ana Prado ", "14/03/1991", "F", "criança, aparelho"));
	const PatientImportLine *line = row.record;

	CHECK_INT(row.bad_count, 0);
	CHECK_TEXT(line->one.form.name, "Ana Prado");
	CHECK_TEXT(line->one.form.sex, "female");
	CHECK_INT(line->one.form.tags.count, 2);
}

TEST(a_wrong_cell_says_what_is_wrong)
{
	CHECK_TEXT(read_row(cx, list(cx, "Ana", "31/02/1991", "", "")).bad[0].field, "birth");
	CHECK_TEXT(read_row(cx, list(cx, "", "", "", "")).bad[0].field, "name");
}

/* Lines of name, phone, CPF and convênio come in together. How many did. */
static size_t bring_in(Ctx *cx, const char *twins, const Strs *cells, ImportRow *row, size_t count)
{
	ImportMap map = map_of(cx, list(cx, "name", "phone", "cpf", "insurer"), twins);
	ImportCounts counts = { 0 };

	for (size_t i = 0; i < count; i++)
		CHECK(import_parse(cx, &map, &(SheetRow){ (int64_t)i + 2, cells[i] }, &row[i]) ==
			OK);
	CHECK(patient_import_store(cx, &map, row, count, &counts) == OK);
	return (size_t)counts.added;
}

static PatientId id_of(const ImportRow *row)
{
	const PatientImportLine *line = row->record;

	return line->one.id;
}

TEST(lines_that_come_in_together_are_what_they_are_one_by_one)
{
	const Strs cells[] = {
		list(cx, "Ana Prado", "(11) 98888-0001", "529.982.247-25", "Unimed"),
		list(cx, "Bia Prado", "(11) 98888-0002", "", ""),
	};
	ImportRow line[2];
	Event *event;
	PatientHead head;
	size_t count;
	Patient p;

	CHECK_INT(bring_in(cx, "skip", cells, line, 2), 2);
	CHECK(patient_get(cx, id_of(&line[0]), &p) == OK);
	CHECK_TEXT(p.name, "Ana Prado");
	CHECK_TEXT(p.cpf, "52998224725");
	CHECK_TEXT(p.source, "Importação");
	CHECK_TEXT(p.whatsapp, "phone");
	CHECK(patient_head_ask(cx, id_of(&line[0])) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	CHECK_TEXT(head.insurance, "Unimed");
	CHECK(patient_head_ask(cx, id_of(&line[1])) == OK);
	CHECK(patient_head_read(cx, &head) == OK);
	CHECK(!head.insurance);
	CHECK(audit_list_events(cx, "patient", id_of(&line[1]).v, 0, 0, 10, &event, &count) == OK);
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
	ImportRow line[5];
	PatientId id;

	CHECK(patient_register(cx,
		      &(PatientForm){ .name = "María Souza",
			      .phone = "+5511988880001",
			      .birth = DATE_NONE,
			      .card_until = DATE_NONE },
		      NULL, 0, &id) == OK);
	CHECK_INT(bring_in(cx, "skip", cells, line, 5), 2);
	CHECK(line[0].twin && line[3].twin && line[4].twin);
	CHECK(id_of(&line[1]).v && id_of(&line[2]).v);
}

TEST(two_of_one_cpf_are_one_patient_even_when_twins_may_come_in)
{
	const Strs cells[] = {
		list(cx, "Rui Braga", "(11) 98888-0003", "529.982.247-25", ""),
		list(cx, "Rui Braga", "(11) 98888-0003", "529.982.247-25", ""),
		list(cx, "Rui Braga", "(11) 98888-0003", "", ""),
	};
	ImportRow line[3];

	CHECK_INT(bring_in(cx, "create", cells, line, 3), 2);
	CHECK_TEXT(line[1].bad[0].sentence, "Outro paciente já tem este CPF.");
	CHECK(!id_of(&line[1]).v && id_of(&line[2]).v);
}

TEST(a_line_that_is_wrong_leaves_nothing_and_holds_up_nobody)
{
	ImportMap map = map_of(cx, list(cx, "name", "guardian_phone", "card_number", ""), "skip");
	const SheetRow row[] = {
		{ 2, list(cx, "Lia Prado", "(11) 98888-0009", "", "") },
		{ 3, list(cx, "Lia Prado", "", "123", "") },
		{ 4, list(cx, "Lia Prado", "", "", "") },
	};
	ImportCounts counts;
	ImportError *error;
	size_t count;

	CHECK(import_batch(cx, &map, row, COUNT(row), &counts) == OK);
	CHECK_INT(counts.added, 1);
	CHECK_INT(counts.bad, 2);
	CHECK(patient_import.table->errors(cx, map.import->id, 10, &error, &count) == OK);
	CHECK_INT(count, 2);
	CHECK_INT(error[0].line, 2);
	CHECK_TEXT(error[0].sentence, "Responsável: Informe o nome do responsável.");
	CHECK_TEXT(error[1].sentence, "Convênio: Informe de qual convênio é a carteirinha.");
}

TEST(an_import_goes_from_one_state_to_the_next_and_never_twice)
{
	ImportMap map = map_of(cx, list(cx, "name", "", "", ""), "skip");
	const Strs waiting = { (const char *const[]){ "waiting" }, 1 };
	const ImportTable *table = patient_import.table;
	const int64_t id = map.import->id;
	int64_t rows;
	Import now;

	CHECK(table->settle(cx, id, list(cx, "name", "phone", "", ""), true,
		      "{\"twins\":\"create\"}", 3, &rows) == OK);
	CHECK_INT(rows, 1);
	CHECK(table->settle(cx, id, map.import->target, true, "{\"twins\":\"skip\"}", 3, &rows) ==
		OK);
	CHECK_INT(rows, 0);
	CHECK(table->drop(cx, id, &rows) == OK);
	CHECK_INT(rows, 0);
	CHECK(table->turn(cx, id, waiting, "running", &rows) == OK);
	CHECK_INT(rows, 1);
	CHECK(table->step(cx, id, 0, 2, 1, 0, 1, &rows) == OK);
	CHECK_INT(rows, 1);
	CHECK(table->step(cx, id, 0, 2, 1, 0, 1, &rows) == OK);
	CHECK_INT(rows, 0);
	CHECK(table->get(cx, id, &now) == OK);
	CHECK_INT(now.done_count, 2);
	CHECK_TEXT(now.target.v[1], "phone");
	CHECK(strstr(now.options, "create") != NULL);
}

/* ---- the way back ---- */

/* Thousands go at once, and PostgreSQL looks for each of them in every table that points at
 * patients. */
TEST(who_points_at_a_patient_is_found_by_an_index_when_patients_go)
{
	PGresult *r = PQexec(db_native(cx->db),
		"select string_agg(f.conname, ' ') from pg_constraint f"
		" where f.confrelid = 'patient.patient'::regclass and not exists"
		" (select from pg_index i where i.indrelid = f.conrelid"
		" and f.conkey <@ (i.indkey::int2[])[0:cardinality(f.conkey) - 1]"
		" and (i.indpred is null or pg_get_expr(i.indpred, i.indrelid) ~ '^.\\w+ IS NOT "
		"NULL.$'))");

	CHECK_INT(PQresultStatus(r), PGRES_TUPLES_OK);
	CHECK_TEXT(PQgetvalue(r, 0, 0), "");
	PQclear(r);
}

/* An import of 450 people, on its way back. Two of them were made a family since. */
static Import import_to_undo(Ctx *cx)
{
	ImportMap map = map_of(cx, list(cx, "name", "insurer", "", ""), "skip");
	const Strs mapping = { (const char *const[]){ "mapping" }, 1 };
	ImportRow *line = NEW_ARRAY(cx->mem, ImportRow, 450);
	ImportCounts counts = { 0 };
	int64_t kin, rows;
	Import now;

	for (int i = 0; i < 450; i++) {
		const char *name = arena_printf(cx->mem, "Rosa Desfeita %d", i);

		CHECK(import_parse(cx, &map, &(SheetRow){ i + 2, list(cx, name, "Unimed", "", "") },
			      &line[i]) == OK);
	}
	CHECK(patient_import_store(cx, &map, line, 450, &counts) == OK);
	CHECK_INT(counts.added, 450);
	CHECK(patient_add_kin(cx, id_of(&line[210]),
		      &(Kin){ .kind = "mother", .other_id = id_of(&line[440]).v }, &kin) == OK);
	CHECK(patient_import.table->turn(cx, map.import->id, mapping, "undoing", &rows) == OK);
	CHECK(patient_import.table->get(cx, map.import->id, &now) == OK);
	return now;
}

TEST(the_way_back_goes_on_behind_its_last_batch_and_counts_nobody_twice)
{
	const Import begun = import_to_undo(cx);
	Import now = begun;
	bool over = false;

	CHECK(patient_import.undo_batch(cx, &now, &over) == OK);
	CHECK(!over);
	CHECK(patient_import.undo_batch(cx, &begun, &over) == ERR_STALE);
	for (int batches = 1; !over; batches++) {
		CHECK(patient_import.table->get(cx, begun.id, &now) == OK);
		CHECK_INT(now.undone_line, 200 * batches + 1);
		CHECK(patient_import.undo_batch(cx, &now, &over) == OK);
	}
	CHECK(patient_import.table->get(cx, begun.id, &now) == OK);
	CHECK_INT(now.undone_line, 451);
	CHECK_INT(now.kept_count, 2);
}

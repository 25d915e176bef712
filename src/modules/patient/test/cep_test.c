/* The table of CEPs of all clinics: files as they are sold and given away, and what is no such
 * file. */
#include "test.h"

#include <unistd.h>

#include "modules/patient/cep.sql.h"
#include "modules/patient/patient.h"
#include "test_db.h"

static void remove_file(void *path)
{
	unlink(path);
}

static const char *file_of(Ctx *cx, const char *text)
{
	char *path = test_scratch(cx->mem, "siso-cep-XXXXXX");
	int fd = mkstemp(path);
	ssize_t size = (ssize_t)strlen(text);

	CHECK(fd >= 0 && write(fd, text, (size_t)size) == size && !close(fd));
	arena_defer(cx->mem, remove_file, path);
	return path;
}

/* The owner of the schema, in a transaction of its own. */
static Ctx *owner_of(Ctx *cx)
{
	Ctx *owner = NEW(cx->mem, Ctx);

	*owner = (Ctx){ .mem = cx->mem,
		.now = cx->now,
		.zone = cx->zone,
		.db = db_open(&(DbConfig){
			.conninfo = test_conninfo(cx, "siso_owner"), .role = "test" }) };
	db_begin(owner, /* read_only= */ false, /* timeout_ms= */ 0);
	return owner;
}

static void leave(Ctx *owner)
{
	db_rollback(owner);
	db_close(owner->db);
}

static const char *table_of(Ctx *owner)
{
	PGresult *r = PQexec(db_native(owner->db),
		"select string_agg(concat_ws('|', cep, coalesce(street, '-'), coalesce(district, "
		"'-'), "
		"city, uf), E'\n' order by cep) from patient.cep_table");
	const char *text = arena_dup(owner->mem, PQgetvalue(r, 0, 0));

	PQclear(r);
	return text;
}

static void check_table(Ctx *cx, const char *file, const char *table)
{
	Ctx *owner = owner_of(cx);
	CepLoad load = { 0 };

	CHECK(cep_load(owner, file_of(cx, file), &load) == OK);
	CHECK_INT(load.refused, 0);
	CHECK_TEXT(table_of(owner), table);
	leave(owner);
}

TEST(columns_are_known_by_their_headings_in_any_order_encoding_and_separator)
{
	const char *wanted = "01001000|Praça da Sé|Sé|São Paulo|SP";

	check_table(cx, "cep;logradouro;bairro;cidade;uf\n01001-000;Praça da Sé;Sé;São Paulo;SP\n",
		wanted);
	check_table(cx,
		"UF,Município,BAIRRO,Tipo_Logradouro,Logradouro,CEP\n"
		"sp,São Paulo,Sé,Praça,da Sé,01001000\n",
		wanted);
	check_table(cx,
		"Cidade\tUF\tRua\tBairro\tCEP\n"
		"S\xE3o Paulo\tSP\tPra\xE7"
		"a da S\xE9\tS\xE9\t01001000\n",
		wanted);
}

TEST(a_place_without_streets_has_a_city_and_nothing_else)
{
	check_table(cx, "cep,cidade,uf\n69800000,Humaitá,AM\n", "69800000|-|-|Humaitá|AM");
}

TEST(a_zero_that_a_spreadsheet_took_away_comes_back_where_only_it_can_be)
{
	check_table(cx, "cep,cidade,uf\n1001000,São Paulo,SP\n", "01001000|-|-|São Paulo|SP");
}

TEST(a_line_that_is_no_address_is_left_out_and_told_with_its_number)
{
	Ctx *owner = owner_of(cx);
	CepLoad load = { 0 };
	Buf file;

	buf_init(&file, cx->mem, 100000);
	buf_printf(&file, "cep,cidade,uf\n");
	for (int i = 0; i < 400; i++)
		buf_printf(&file, "%08d,Goiânia,GO\n", 74000000 + i);
	buf_printf(&file, "1001000,Goiânia,GO\n74000000,Outra,GO\n74999999,,GO\n74999998,X,XX\n");
	CHECK(cep_load(owner, file_of(cx, buf_text(&file)), &load) == OK);
	CHECK_INT(load.added, 400);
	CHECK_INT(load.repeated, 1);
	CHECK_INT(load.refused, 3);
	CHECK_INT(load.problem[0].line, 402);
	CHECK_TEXT(load.problem[0].why, "\"1001000\" is not a CEP");
	CHECK_INT(load.problem[1].line, 404);
	CHECK_TEXT(load.problem[1].why, "CEP 74999999 has no city");
	CHECK_TEXT(load.problem[2].why, "\"XX\" is not a state (UF)");
	leave(owner);
}

static void check_refused(Ctx *cx, const char *file, const char *words)
{
	Ctx *owner = owner_of(cx);
	CepLoad load = { 0 };

	CHECK(cep_load(owner, file_of(cx, file), &load) == ERR_INVALID);
	CHECK(owner->err.sentence && strstr(owner->err.sentence, words));
	leave(owner);
}

TEST(another_file_than_was_meant_is_refused)
{
	check_refused(cx, "nome,telefone\nAna,11987654321\n", "CEP, cidade e UF");
	check_refused(cx, "cep,cidade,uf\n", "nenhum CEP");
	check_refused(cx, "", "nenhum CEP");
	check_refused(
		cx, "cep,cidade,uf\n01001000,São Paulo,SP\nabc,São Paulo,SP\n", "1 de 2 linhas");
}

TEST(the_table_is_replaced_whole_and_asked_by_every_clinic_behind_its_own_addresses)
{
	Ctx *owner = owner_of(cx);
	CepLoad load = { 0 };
	SqlCepFind row;
	int64_t rows;
	bool found;

	CHECK(cep_load(owner, file_of(cx, "cep,cidade,uf\n74000001,Antiga,GO\n"), &load) == OK);
	load = (CepLoad){ 0 };
	CHECK(cep_load(owner,
		      file_of(cx, "cep,rua,cidade,uf\n74000002,Rua 1,Goiânia,GO\n"
				  "74000003,,Goiânia,GO\n"),
		      &load) == OK);
	CHECK(db_commit(owner) == OK);
	CHECK(sql_cep_find(cx, "74000001", &row, &found) == OK);
	CHECK(!found);
	CHECK(sql_cep_find(cx, "74000002", &row, &found) == OK);
	CHECK(found);
	CHECK_TEXT(row.street, "Rua 1");
	CHECK(sql_cep_learn(cx, "74000002", "Rua Nova", NULL, "Goiânia", "GO", &rows) == OK);
	CHECK(sql_cep_find(cx, "74000002", &row, &found) == OK);
	CHECK_TEXT(row.street, "Rua Nova");
	test_as_company(cx, 2);
	CHECK(sql_cep_find(cx, "74000002", &row, &found) == OK);
	CHECK_TEXT(row.street, "Rua 1");
	db_begin(owner, /* read_only= */ false, /* timeout_ms= */ 0);
	CHECK(sql_cep_clear(owner, &rows) == OK);
	CHECK_INT(rows, 2);
	CHECK(db_commit(owner) == OK);
	db_close(owner->db);
}

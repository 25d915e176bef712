/* Rows as a module sees them: a module of one table, kept in this file. */
#include "platform/import/import.h"

#include "test.h"

typedef struct Person {
	const char *name, *phone, *phone2;
	Strs tags;
	int32_t born;
} Person;

typedef struct Options {
	const char *twins;
} Options;

static const Field fields[] = {
	FIELD(Person, name, FIELD_TEXT, "Nome", 1, 60, true),
	FIELD(Person, phone, FIELD_PHONE, "Telefone", 0, 0, false),
	FIELD(Person, phone2, FIELD_PHONE, "Outro telefone", 0, 0, false),
	FIELD(Person, tags, FIELD_TEXTS, "Etiquetas", 0, 20, false),
	FIELD(Person, born, FIELD_DATE, "Nascimento", 0, 0, false),
};

static const Field options[] = {
	CHOICE_FIELD(Options, twins, "Quem já está aqui", "skip create", true),
};

static Err targets(Ctx *cx, ImportTarget **ret, size_t *ret_count)
{
	*ret = NEW_ARRAY(cx->mem, ImportTarget, COUNT(fields));
	for (size_t i = 0; i < COUNT(fields); i++)
		(*ret)[i] = (ImportTarget){ fields[i].name, fields[i].title, NULL };
	*ret_count = COUNT(fields);
	return OK;
}

static Err parse(Ctx *cx, const ImportMap *map, ImportPairs *pairs, ImportRow *row)
{
	(void)map;
	row->record = NEW(cx->mem, Person);
	form_fill(cx, &(Form){ pairs->pair, pairs->count }, fields, COUNT(fields), row->record);
	return import_pair(pairs, "born") && !import_pair(pairs, "phone")
		       ? err_tell(cx, ERR_INVALID, "Falta o telefone.", "no phone")
		       : OK;
}

/* Who is called Ana is here already. */
static Err store(Ctx *cx, const ImportMap *map, ImportRow *row, size_t count, ImportCounts *counts)
{
	(void)cx;
	(void)map;
	for (size_t i = 0; i < count; i++) {
		const Person *person = row[i].record;

		row[i].twin = !row[i].bad_count && !strcmp(person->name, "Ana");
		counts->added += !row[i].bad_count && !row[i].twin;
	}
	return OK;
}

static Err keep_errors(Ctx *cx, int64_t id, Int64s line, Strs sentence, int64_t *ret_rows)
{
	CHECK_INT(id, 7);
	CHECK_INT(line.count, 2);
	CHECK_INT(line.v[0], 2);
	CHECK_TEXT(sentence.v[0], "Já está cadastrado.");
	CHECK_INT(line.v[1], 4);
	CHECK_TEXT(sentence.v[1], "Linha: Falta o telefone.");
	(void)cx;
	*ret_rows = 2;
	return OK;
}

static const ImportTable table = { .add_errors = keep_errors };
static const ImportAlias aliases[] = { { "born", "aniversario|data de nascimento" } };
static const ImportKind kind = {
	.table = &table,
	.field = fields,
	.field_count = COUNT(fields),
	.alias = aliases,
	.alias_count = COUNT(aliases),
	.targets = targets,
	.option = options,
	.option_count = COUNT(options),
	.option_size = sizeof(Options),
	.parse = parse,
	.store = store,
};

/* Four columns. */
static Strs four(Ctx *cx, const char *a, const char *b, const char *c, const char *d)
{
	const char **v = NEW_ARRAY(cx->mem, const char *, 4);

	v[0] = a;
	v[1] = b;
	v[2] = c;
	v[3] = d;
	return (Strs){ v, 4 };
}

static ImportMap map_of(Ctx *cx, Strs target)
{
	Import *import = NEW(cx->mem, Import);
	ImportMap map = { 0 };

	*import = (Import){ .id = 7, .target = target, .options = "{\"twins\":\"skip\"}" };
	CHECK(import_map(cx, &kind, import, &map) == OK);
	return map;
}

TEST(a_heading_is_a_title_before_it_is_what_people_say)
{
	ImportMap map = map_of(cx, (Strs){ 0 });
	const char *taken[] = { "phone" };

	CHECK_TEXT(import_guess(cx, &map, "TELEFONE 1:", (Strs){ 0 }), "phone");
	CHECK_TEXT(import_guess(cx, &map, "Telefone 2", (Strs){ taken, 1 }), "phone2");
	CHECK_TEXT(import_guess(cx, &map, "Data_de-Nascimento", (Strs){ 0 }), "born");
	CHECK_TEXT(import_guess(cx, &map, "nascimento", (Strs){ 0 }), "born");
	CHECK_TEXT(import_guess(cx, &map, "nome", (Strs){ 0 }), "name");
	CHECK_TEXT(import_guess(cx, &map, "cpf", (Strs){ 0 }), ""); /* this module has none */
	CHECK_TEXT(import_guess(cx, &map, "12", (Strs){ 0 }), "");
}

TEST(a_row_is_read_as_people_would_type_it)
{
	ImportMap map = map_of(cx, four(cx, "name", "phone", "tags", "name"));
	ImportRow row;
	const Person *person;

	CHECK(import_parse(cx, &map,
		      &(SheetRow){ 2, four(cx, " Ana ", "11 8765-0001 / (11) 3333-4444",
					      "vip; verão,", "Lima") },
		      &row) == OK);
	CHECK_INT(row.bad_count, 0);
	person = row.record;
	CHECK_TEXT(person->name, "Ana Lima");
	CHECK_TEXT(person->phone, "+5511987650001");
	CHECK_TEXT(person->phone2, "+551133334444");
	CHECK_INT(person->tags.count, 2);
	CHECK_TEXT(person->tags.v[1], "verão");
}

TEST(what_is_wrong_with_a_row_is_not_wrong_with_the_page)
{
	ImportMap map = map_of(cx, four(cx, "name", "born", "gone since", ""));
	ImportRow row;

	(void)err_field(cx, "c0", "Outra coluna já vai para este campo.");
	CHECK(import_parse(cx, &map, &(SheetRow){ 2, four(cx, "Bia", "31/02/1991", "x", "y") },
		      &row) == OK);
	CHECK_INT(row.bad_count, 1);
	CHECK_TEXT(row.bad[0].field, "born");
	CHECK_INT(cx->bad_count, 1);
	CHECK_TEXT(cx->bad[0].field, "c0");
}

TEST(rows_that_stay_out_are_noted_with_all_their_reasons)
{
	ImportMap map = map_of(cx, four(cx, "name", "born", "", ""));
	const SheetRow rows[] = {
		{ 2, four(cx, "Ana", "", "", "") },
		{ 3, four(cx, "Bia", "", "", "") },
		{ 4, four(cx, "Caio", "01/02/1991", "", "") },
	};
	ImportCounts counts;

	CHECK(import_batch(cx, &map, rows, COUNT(rows), &counts) == OK);
	CHECK_INT(counts.added, 1);
	CHECK_INT(counts.bad, 1);
}

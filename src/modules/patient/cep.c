/* A table of CEPs, from a file of a million lines into the database in batches: memory does not
 * grow with the file, and who looks an address up meanwhile sees the old table. */
#include "modules/patient/cep.h"

#include "core/br.h"
#include "modules/patient/cep.sql.h"
#include "platform/sheet/sheet.h"

enum {
	BATCH = 5000,
	STREET_MAX = 120, /* bytes; the columns count characters */
	NAME_MAX = 80,
	ROWS_MAX = 5000000,
	REFUSED_MOST = 100 /* one line in so many */
};
#define FILE_MAX ((int64_t)1 << 30)

typedef enum Column { CEP, KIND, STREET, DISTRICT, CITY, UF, COLUMNS } Column;

/* Headings, folded, as the tables that are sold and given away have them. */
static const struct {
	const char *heading;
	Column column;
} headings[] = {
	{ "cep", CEP },
	{ "codigo postal", CEP },
	{ "tipo", KIND },
	{ "tipo logradouro", KIND },
	{ "tipo de logradouro", KIND },
	{ "logradouro", STREET },
	{ "rua", STREET },
	{ "endereco", STREET },
	{ "nome logradouro", STREET },
	{ "bairro", DISTRICT },
	{ "nome bairro", DISTRICT },
	{ "cidade", CITY },
	{ "municipio", CITY },
	{ "localidade", CITY },
	{ "nome municipio", CITY },
	{ "uf", UF },
	{ "estado", UF },
	{ "sigla uf", UF },
};

typedef struct Loader {
	Ctx *cx;
	CepLoad *load;
	bool begun;
	size_t at[COLUMNS]; /* place of the column; SIZE_MAX: it has none */
	Arena *mem;         /* of the batch */
	const char *cell[COLUMNS][BATCH];
	size_t count;
} Loader;

/* "Tipo_de-Logradouro" → "tipo de logradouro" */
static const char *plain(Arena *mem, const char *heading)
{
	char *text = str_fold(mem, heading);

	for (char *c = text; *c; c++)
		if (*c == '_' || *c == '-' || *c == '.')
			*c = ' ';
	return str_fold(mem, text);
}

static Err read_headings(Loader *l, Strs cell)
{
	for (size_t i = 0; i < COLUMNS; i++)
		l->at[i] = SIZE_MAX;
	for (size_t i = 0; i < cell.count; i++) {
		const char *heading = plain(l->mem, cell.v[i]);

		for (size_t j = 0; j < COUNT(headings); j++)
			if (!strcmp(headings[j].heading, heading) &&
				l->at[headings[j].column] == SIZE_MAX)
				l->at[headings[j].column] = i;
	}
	l->begun = true;
	if (l->at[CEP] != SIZE_MAX && l->at[CITY] != SIZE_MAX && l->at[UF] != SIZE_MAX)
		return OK;
	return err_tell(l->cx, ERR_INVALID,
		"A primeira linha precisa ter os nomes das colunas: CEP, cidade e UF, e também "
		"logradouro e bairro, se houver.",
		"no columns of a table of CEPs");
}

static const char *cell_of(Loader *l, Strs cell, Column column)
{
	size_t at = l->at[column];
	Str text = at < cell.count ? str_trim(str_of(cell.v[at])) : (Str){ 0 };

	return text.len ? arena_copy(l->mem, text.ptr, text.len) : NULL;
}

/* A spreadsheet takes the zero away that the CEPs of São Paulo begin with. */
static bool read_cep(const char *text, const char *uf, char ret[9])
{
	char whole[] = "00000000";

	if (!text)
		return false;
	if (strlen(text) != 7 || strspn(text, "0123456789") != 7 || strcmp(uf, "SP") != 0)
		return cep_parse(text, ret);
	memcpy(whole + 1, text, 7);
	return cep_parse(whole, ret);
}

static const char *upper(Arena *mem, const char *uf)
{
	char *text = arena_dup(mem, uf ? uf : "");

	for (char *c = text; *c; c++)
		if (*c >= 'a' && *c <= 'z')
			*c -= 'a' - 'A';
	return text;
}

/* "Rua" and "Direita" in two columns are one street. */
static const char *street_of(Loader *l, Strs cell)
{
	const char *kind = cell_of(l, cell, KIND), *street = cell_of(l, cell, STREET);

	if (kind && street)
		street = arena_printf(l->mem, "%s %s", kind, street);
	return street ? str_head(l->mem, street, STREET_MAX) : NULL;
}

static void refuse(Loader *l, int64_t line, const char *why)
{
	CepLoad *load = l->load;

	if (load->refused < CEP_PROBLEMS_SHOWN)
		load->problem[load->refused] =
			(CepProblem){ line, arena_dup(l->cx->mem, str_head(l->mem, why, 80)) };
	load->refused++;
}

/* Into the batch, unless it is no address. */
static void take(Loader *l, const SheetRow *row)
{
	const char *text = cell_of(l, row->cell, CEP), *city = cell_of(l, row->cell, CITY),
		   *district = cell_of(l, row->cell, DISTRICT),
		   *uf = upper(l->mem, cell_of(l, row->cell, UF));
	char cep[9];

	if (!read_cep(text, uf, cep)) {
		refuse(l, row->number,
			arena_printf(l->mem, "\"%s\" is not a CEP", text ? text : ""));
	} else if (!uf_is_valid(uf)) {
		refuse(l, row->number, arena_printf(l->mem, "\"%s\" is not a state (UF)", uf));
	} else if (!city) {
		refuse(l, row->number, arena_printf(l->mem, "CEP %s has no city", cep));
	} else {
		l->cell[CEP][l->count] = arena_dup(l->mem, cep);
		l->cell[STREET][l->count] = street_of(l, row->cell);
		l->cell[DISTRICT][l->count] =
			district ? str_head(l->mem, district, NAME_MAX) : NULL;
		l->cell[CITY][l->count] = str_head(l->mem, city, NAME_MAX);
		l->cell[UF][l->count++] = uf;
	}
}

static Strs column(const Loader *l, Column column)
{
	return (Strs){ l->cell[column], l->count };
}

static Err write_batch(Loader *l)
{
	Arena *whole = l->cx->mem;
	int64_t added = 0;
	Err err;

	l->cx->mem = l->mem; /* what the query is made of goes with the batch */
	err = sql_cep_add(l->cx, column(l, CEP), column(l, STREET), column(l, DISTRICT),
		column(l, CITY), column(l, UF), &added);
	l->cx->mem = whole;
	if (err != OK)
		return err_set(l->cx, err, "CEPs up to line %" PRId64 " cannot be written",
			l->load->lines + 1);
	l->load->added += added;
	l->load->repeated += (int64_t)l->count - added;
	l->count = 0;
	arena_reset(l->mem);
	if (l->load->progress)
		l->load->progress(l->load->lines);
	return OK;
}

static Err each(Ctx *cx, const SheetRow *row, void *arg)
{
	Loader *l = arg;

	(void)cx;
	if (!l->begun)
		return read_headings(l, row->cell);
	l->load->lines++;
	take(l, row);
	return l->load->lines % BATCH ? OK : write_batch(l);
}

static Err load_rows(Loader *l, const char *path)
{
	const SheetOptions options = { .rows_max = ROWS_MAX, .bytes_max = FILE_MAX };
	const CepLoad *load = l->load;
	int64_t rows;
	SqlCepAlone lock;

	TRY(sql_cep_alone(l->cx, &lock));
	TRY(sql_cep_clear(l->cx, &rows));
	TRY(sheet_read(l->cx, path, &options, each, l));
	TRY(write_batch(l));
	if (!load->added)
		return err_tell(l->cx, ERR_INVALID, "O arquivo não tem nenhum CEP. Nada mudou.",
			"no CEP in the file");
	if (load->refused * REFUSED_MOST > load->lines)
		return err_tell(l->cx, ERR_INVALID,
			arena_printf(l->cx->mem,
				"%" PRId64 " de %" PRId64
				" linhas não são de CEP: parece outro arquivo. Nada mudou.",
				load->refused, load->lines),
			"too many lines are refused");
	return OK;
}

Err cep_load(Ctx *cx, const char *path, CepLoad *load)
{
	Loader *l = NEW(cx->mem, Loader);
	Err err;

	*l = (Loader){ .cx = cx, .load = load, .mem = arena_new(ARENA_LIMIT) };
	err = load_rows(l, path);
	arena_free(l->mem);
	return err;
}

/* A row of cells becomes a record: read as the form of kind->field reads what a person typed. */
#include "core/br.h"
#include "core/clock.h"
#include "core/money.h"
#include "platform/import/import_rooms.h"

enum { TAGS_A_CELL = 20 };

const Field *import_field(const ImportKind *kind, const char *name)
{
	for (size_t i = 0; i < kind->field_count; i++)
		if (!strcmp(kind->field[i].name, name))
			return &kind->field[i];
	return NULL;
}

/* ---- cells to pairs ---- */

FormPair *import_pair(ImportPairs *pairs, const char *name)
{
	for (size_t i = 0; i < pairs->count; i++)
		if (!strcmp(pairs->pair[i].name, name))
			return &pairs->pair[i];
	return NULL;
}

void import_put_pair(ImportPairs *pairs, const char *name, const char *value)
{
	if (pairs->count < IMPORT_PAIRS_MAX)
		pairs->pair[pairs->count++] = (FormPair){ name, value };
}

/* Several items in one cell. */
static void put_items(Ctx *cx, ImportPairs *pairs, const char *name, const char *cell)
{
	const char *at = cell;

	for (int n = 0; *at && n < TAGS_A_CELL; n++) {
		size_t size = strcspn(at, ",;");
		Str item = str_trim((Str){ at, size });

		if (item.len)
			import_put_pair(pairs, name, arena_copy(cx->mem, item.ptr, item.len));
		at += size + (at[size] != '\0');
	}
}

/* A number without the ninth digit is mended: old lists are full of them. Of two numbers in one
 * cell the second goes where there is room. */
static const char *mended_phone(Ctx *cx, ImportPairs *pairs, const char *name, const char *cell)
{
	size_t size = strcspn(cell, "/;,|");
	char e164[17];

	if (cell[size] && !strcmp(name, "phone") && !import_pair(pairs, "phone2")) {
		const char *second = cell + size + 1;

		if (phone_parse(second, e164) != PHONE_INVALID || phone_suggest(second, e164))
			import_put_pair(pairs, "phone2", arena_dup(cx->mem, e164));
		cell = arena_copy(cx->mem, cell, size);
	}
	if (phone_parse(cell, e164) == PHONE_INVALID && phone_suggest(cell, e164))
		return arena_dup(cx->mem, e164);
	return cell;
}

/* The cell as a person would type it into the field. */
static const char *typed(Ctx *cx, ImportPairs *pairs, const Field *field, const char *cell)
{
	if (field->type == FIELD_PHONE)
		return mended_phone(cx, pairs, field->name, cell);
	if (field->type == FIELD_DATE) /* without the time that spreadsheets add */
		return arena_copy(cx->mem, cell, strcspn(cell, " "));
	return cell;
}

static void put_cell(
	Ctx *cx, const ImportKind *kind, ImportPairs *pairs, const char *target, const char *cell)
{
	const Field *field = import_field(kind, target);
	FormPair *before = import_pair(pairs, target);

	if (field && field->type == FIELD_TEXTS)
		put_items(cx, pairs, target, cell);
	else if (before && field && field->type == FIELD_TEXT)
		before->value = arena_printf(cx->mem, "%s %s", before->value, cell);
	else if (!before)
		import_put_pair(pairs, target, field ? typed(cx, pairs, field, cell) : cell);
}

/* ---- a row ---- */

void import_bad(ImportRow *row, const char *field, const char *sentence)
{
	if (row->bad_count < IMPORT_BAD_MAX)
		row->bad[row->bad_count++] = (BadField){ field, sentence };
}

Err import_parse(Ctx *cx, const ImportMap *map, const SheetRow *sheet, ImportRow *ret)
{
	ImportPairs pairs = { .count = 0 };
	BadField kept[BAD_FIELDS_MAX]; /* the page's own; each row has others */
	size_t kept_count = cx->bad_count;
	Err err;

	*ret = (ImportRow){ .line = sheet->number };
	for (size_t i = 0; i < map->column.count && i < sheet->cell.count; i++) {
		Str text = str_trim(str_of(sheet->cell.v[i]));

		if (*map->column.v[i] && text.len)
			put_cell(cx, map->kind, &pairs, map->column.v[i],
				arena_copy(cx->mem, text.ptr, text.len));
	}
	memcpy(kept, cx->bad, sizeof kept);
	cx->bad_count = 0;
	err = map->kind->parse(cx, map, &pairs, ret);
	for (size_t i = 0; i < cx->bad_count; i++)
		import_bad(ret, cx->bad[i].field, cx->bad[i].sentence);
	memcpy(cx->bad, kept, sizeof kept);
	cx->bad_count = kept_count;
	if (err != OK && err != ERR_INVALID)
		return err;
	if (err == ERR_INVALID && !ret->bad_count)
		import_bad(ret, "", cx->err.sentence ? cx->err.sentence : err_sentence(err));
	cx->err.log = cx->err.sentence = NULL;
	return OK;
}

const char *import_words(Ctx *cx, const Field *field, const void *record)
{
	const void *at = (const char *)record + field->offset;
	const Strs *list = at;
	Buf out;

	switch (field->type) {
	case FIELD_PHONE:
		return phone_text(cx->mem, *(const char *const *)at);
	case FIELD_CPF:
		return cpf_text(cx->mem, *(const char *const *)at);
	case FIELD_MONEY:
		return money_text(cx->mem, *(const int64_t *)at);
	case FIELD_DATE:
		return date_text(cx->mem, *(const int32_t *)at);
	case FIELD_BOOL:
		return *(const bool *)at ? "Sim" : "Não";
	case FIELD_TEXTS:
		buf_init(&out, cx->mem, 1000);
		for (size_t i = 0; i < list->count; i++)
			buf_printf(&out, "%s%s", i ? ", " : "", list->v[i]);
		return buf_text(&out);
	default:
		return *(const char *const *)at;
	}
}

/* ---- many rows ---- */

static const char *sentence_of(Ctx *cx, const ImportMap *map, const ImportRow *row)
{
	const char *ret = row->twin ? "Já está cadastrado." : "";

	for (size_t i = 0; i < row->bad_count; i++) {
		const ImportTarget *target = import_target(map, row->bad[i].field);

		ret = arena_printf(cx->mem, "%s%s%s: %s", ret, i ? " " : "",
			target ? target->title : "Linha", row->bad[i].sentence);
	}
	return ret;
}

/* Rows that stayed out, and why. */
static Err add_errors(
	Ctx *cx, const ImportMap *map, const ImportRow *row, size_t count, ImportCounts *counts)
{
	int64_t *line = NEW_ARRAY(cx->mem, int64_t, count + 1), rows;
	const char **sentence = NEW_ARRAY(cx->mem, const char *, count + 1);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		if (!row[i].bad_count && !row[i].twin)
			continue;
		line[n] = row[i].line;
		sentence[n++] = sentence_of(cx, map, &row[i]);
		counts->bad += row[i].bad_count > 0;
	}
	return n ? map->kind->table->add_errors(
			   cx, map->import->id, (Int64s){ line, n }, (Strs){ sentence, n }, &rows)
		 : OK;
}

Err import_batch(
	Ctx *cx, const ImportMap *map, const SheetRow *row, size_t count, ImportCounts *ret)
{
	ImportRow *parsed = NEW_ARRAY(cx->mem, ImportRow, count + 1);

	*ret = (ImportCounts){ 0 };
	for (size_t i = 0; i < count; i++)
		TRY(import_parse(cx, map, &row[i], &parsed[i]));
	TRY(map->kind->store(cx, map, parsed, count, ret));
	return add_errors(cx, map, parsed, count, ret);
}

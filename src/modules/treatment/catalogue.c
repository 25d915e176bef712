/* The clinic's procedures: found, edited, put away. Never deleted: plans name them. */
#include "modules/treatment/catalogue.h"
#include "modules/treatment/catalogue.sql.h"

#include "core/search.h"

enum { PICKED = 50 };

const char *catalogue_search_text(
	Ctx *cx, const char *name, const char *layman, const char *code, const char *specialty)
{
	const char *more[] = { layman ? str_fold(cx->mem, layman) : NULL, code,
		specialty ? str_fold(cx->mem, specialty) : NULL };

	return search_text(cx->mem, name, more, COUNT(more));
}

static Procedure procedure_of(const SqlProcedureRow *r)
{
	return (Procedure){ .id = r->id,
		.code = r->code,
		.name = r->name,
		.layman = r->layman,
		.specialty = r->specialty,
		.area = r->area,
		.dentition = r->dentition,
		.paint = r->paint,
		.surfaces_min = r->surfaces_min,
		.surfaces_max = r->surfaces_max,
		.minutes = r->minutes,
		.sessions = r->sessions,
		.price_cents = r->price_cents,
		.cost_cents = r->cost_cents,
		.needs_lab = r->needs_lab,
		.active = r->active,
		.version = r->version };
}

Err procedure_get(Ctx *cx, int64_t id, int64_t price_table, Procedure *ret)
{
	SqlProcedureRow row;

	TRY(sql_procedure_by_id(cx, id, price_table ? &price_table : NULL, &row));
	*ret = procedure_of(&row);
	return OK;
}

Err procedure_search(
	Ctx *cx, const char *question, int64_t price_table, Procedure **ret, size_t *ret_count)
{
	const char *asked = str_fold(cx->mem, question ? question : "");
	const char *word[SEARCH_WORDS];
	SqlProcedureRow *row;

	search_patterns(cx->mem, asked, word);
	TRY(sql_procedure_pick(cx,
		&(SqlProcedurePickIn){ .word1 = word[0],
			.word2 = word[1],
			.word3 = word[2],
			.head = word[0] ? word[0] + 1 : "",
			.code = asked,
			.price_table = price_table ? &price_table : NULL,
			.n = PICKED },
		&row, ret_count));
	*ret = NEW_ARRAY(cx->mem, Procedure, *ret_count + 1);
	for (size_t i = 0; i < *ret_count; i++)
		(*ret)[i] = procedure_of(&row[i]);
	return OK;
}

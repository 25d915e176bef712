/* catalogue: procedures, their prices and the TUSS table, for the files of treatment. */
#ifndef TREATMENT_CATALOGUE_H
#define TREATMENT_CATALOGUE_H

#include "modules/treatment/treatment_rooms.h"

/* Fill the catalogue with the built-in list; names that are there already stay. */
MUST_CHECK Err catalogue_start_company(Ctx *cx);
/* What the column search holds of a procedure. */
const char *catalogue_search_text(
	Ctx *cx, const char *name, const char *layman, const char *code, const char *specialty);

#endif
